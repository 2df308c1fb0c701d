"""The process: how it starts, what it says, how it ends."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from botocore.exceptions import EndpointConnectionError
from conftest import ROOT, Lake, start_lake, stop_lake


def test_health_and_log(lake: Lake) -> None:
    with urllib.request.urlopen(f"{lake.endpoint}/_local-lake/health") as answer:
        assert json.load(answer) == {"status": "ready", "version": "0.1.0"}
    lake.client("sts").get_caller_identity()
    log = (lake.state / "local-lake.log").read_text(encoding="utf-8")
    assert f"ready at {lake.endpoint}" in log
    assert "ap-northeast-1 sts:GetCallerIdentity 200" in log


def test_a_taken_port_is_one_sentence_and_exit_code_2(lake: Lake, tmp_path: Path) -> None:
    port = lake.endpoint.rpartition(":")[2]
    command = [sys.executable, "-m", "local_lake", "--port", port, "--state", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == (
        f"Port {port} on 127.0.0.1 is taken by another process; "
        "stop it or choose another with --port (0 picks a free one).\n"
    )


def test_it_ends_cleanly_in_the_middle_of_work(tmp_path: Path) -> None:
    process, lake = start_lake(tmp_path / "not" / "there" / "yet")
    template = {"Resources": {f"Data{n}": {"Type": "AWS::S3::Bucket"} for n in range(50)}}
    lake.client("cloudformation").create_stack(StackName="busy", TemplateBody=json.dumps(template))
    assert stop_lake(process) == (0, "")
    log = (lake.state / "local-lake.log").read_text(encoding="utf-8")
    assert log.rstrip().endswith("stopped")
    with pytest.raises(EndpointConnectionError):
        lake.client("sts").get_caller_identity()


def test_only_loopback_is_bound(lake: Lake) -> None:
    port = int(lake.endpoint.rpartition(":")[2])
    table = Path(f"/proc/{lake.pid}/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    bound = [line.split()[1] for line in table if line.split()[3] == "0A"]
    assert [address for address in bound if address.endswith(f":{port:04X}")] == [f"0100007F:{port:04X}"]


def test_connections_stay_open(lake: Lake) -> None:
    port = int(lake.endpoint.rpartition(":")[2])
    # A body that nothing reads must not be taken for the next request.
    request = b"POST /_local-lake/health HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nun read\r\n"
    with socket.create_connection(("127.0.0.1", port)) as connection:
        stream = connection.makefile("rb")
        for _ in range(3):
            connection.sendall(request)
            assert stream.readline() == b"HTTP/1.1 200 OK\r\n"
            headers = dict(line.split(b": ", 1) for line in iter(stream.readline, b"\r\n"))
            assert json.loads(stream.read(int(headers[b"Content-Length"])))["status"] == "ready"


def test_uploads_in_chunks_with_expect_continue(lake: Lake) -> None:
    s3 = lake.client("s3")
    s3.create_bucket(Bucket="chunks", CreateBucketConfiguration={"LocationConstraint": "ap-northeast-1"})
    port = int(lake.endpoint.rpartition(":")[2])
    head = (
        b"PUT /chunks/key HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", port)) as connection:
        stream = connection.makefile("rb")
        connection.sendall(head)
        assert stream.readline() == b"HTTP/1.1 100 Continue\r\n"
        assert stream.readline() == b"\r\n"
        connection.sendall(b"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n")
        assert stream.readline() == b"HTTP/1.1 200 OK\r\n"
    assert s3.get_object(Bucket="chunks", Key="key")["Body"].read() == b"hello world"


def test_large_uploads_arrive_whole(lake: Lake, tmp_path: Path) -> None:
    s3 = lake.client("s3")
    s3.create_bucket(Bucket="large", CreateBucketConfiguration={"LocationConstraint": "ap-northeast-1"})
    path = tmp_path / "large"
    path.write_bytes(bytes(range(256)) * 4096 * 12)
    s3.upload_file(str(path), "large", "multipart")
    with path.open("rb") as body:
        s3.put_object(Bucket="large", Key="single", Body=body)
    for key in ("multipart", "single"):
        assert s3.get_object(Bucket="large", Key=key)["Body"].read() == path.read_bytes()
