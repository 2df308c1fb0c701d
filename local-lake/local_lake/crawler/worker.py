"""Runs crawls in the background, and logs them where Glue logs them."""

from __future__ import annotations

import logging
import threading
import time
from functools import lru_cache
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from local_lake.crawler.catalog_writer import CatalogWriter
from local_lake.crawler.classify import UnsupportedFormatError, classify
from local_lake.crawler.discovery import FoundTable, discover_tables
from local_lake.crawler.exclusions import compile_exclusions
from local_lake.crawler.model import LOG_GROUP, Crawl, Crawler
from local_lake.crawler.operations import CrawlerOperations, target_location
from local_lake.loopback import Loopback
from local_lake.storage.object_store import NoSuchBucketError, ObjectStore, StoredObject

if TYPE_CHECKING:
    from local_lake.crawler.schema import FileSchema
    from local_lake.front.registry import Registry, ServiceRequest

_log = logging.getLogger(__name__)


class CrawlStoppedError(Exception):
    """StopCrawler was called."""


class CrawlerWorker:
    """Registers the crawler operations and runs the crawls, each in its own thread."""

    def __init__(self, registry: Registry, endpoint: str) -> None:
        self._loopback = Loopback(endpoint, "glue.amazonaws.com")
        self._operations = CrawlerOperations(self._start)
        self._operations.register(registry)
        self._pause = 0.4 if registry.latency == "fast" else 0.0

    def close(self) -> None:
        """Stop the running crawls between two files."""
        for crawl in self._operations.crawls():
            crawl.stop.set()

    def _start(self, crawler: Crawler, crawl: Crawl, request: ServiceRequest) -> None:
        arguments = (crawler, crawl, request.account, request.region)
        threading.Thread(target=self._run, args=arguments, name=f"crawl-{crawler.name}", daemon=True).start()

    def _run(self, crawler: Crawler, crawl: Crawl, account: str, region: str) -> None:
        state, error = "COMPLETED", None
        journal = _Journal(self._loopback, region, crawl)
        try:
            self._crawl(crawler, crawl, account, region, journal)
        except CrawlStoppedError:
            state = "STOPPED"
        except (NoSuchBucketError, UnsupportedFormatError) as problem:
            state, error = "FAILED", str(problem)
        except ClientError as problem:
            state, error = "FAILED", str(problem.response["Error"].get("Message", problem))
        except Exception as problem:
            _log.exception("crawl %s of %s broke", crawl.id, crawler.name)
            state, error = "FAILED", f"Internal Service Exception: {problem}"
        if error is not None:
            journal.write("ERROR", error)
        journal.write("BENCHMARK", "Crawler has finished running and is in state READY")
        journal.flush()
        with self._operations.lock:
            crawl.end(state, error)
            crawler.state = "READY"

    def _crawl(self, crawler: Crawler, crawl: Crawl, account: str, region: str, journal: _Journal) -> None:
        journal.write("BENCHMARK", f"Running Start Crawl for Crawler {crawler.name}")
        store = ObjectStore(account)

        def classify_unless_stopped(stored: StoredObject) -> FileSchema:
            if crawl.stop.is_set():
                raise CrawlStoppedError
            return _classify_once(stored)

        found: list[FoundTable] = []
        targets = []
        for target in crawler.settings["Targets"]["S3Targets"]:
            location = target_location(target)
            excluded = compile_exclusions(target.get("Exclusions", []))
            objects = [
                stored
                for stored in store.list_objects(location)
                if not (excluded and excluded.fullmatch(stored.key.removeprefix(location.key).lstrip("/")))
            ]
            found += discover_tables(location, objects, classify_unless_stopped)
            targets.append(location.uri)
        crawl.stop.wait(self._pause)
        if crawl.stop.is_set():
            raise CrawlStoppedError
        journal.write("BENCHMARK", f"Classification complete, writing results to database {crawler.database}")
        journal.write("INFO", f"Crawler configured with SchemaChangePolicy {crawler.schema_change_policy}.")
        writer = CatalogWriter(self._loopback.client("glue", region), account, crawler, journal.write)
        crawl.changes = writer.changes
        writer.write(found, targets)
        journal.write("BENCHMARK", "Finished writing to Catalog")


class _Journal:
    """The lines of one crawl in CloudWatch Logs: group /aws-glue/crawlers, a stream a crawler."""

    def __init__(self, loopback: Loopback, region: str, crawl: Crawl) -> None:
        self._loopback = loopback
        self._region = region
        self._crawl = crawl
        self._events: list[dict[str, object]] = []

    def write(self, level: str, message: str) -> None:
        """Keep one line; ``flush`` sends them in one call."""
        line = f"[{self._crawl.id}] {level} : {message}"
        _log.info("%s %s", self._crawl.crawler, line)
        self._events.append({"timestamp": int(time.time() * 1000), "message": line})

    def flush(self) -> None:
        """Send the lines; a failure to log is no failure of the crawl."""
        try:
            logs = self._loopback.client("logs", self._region)
            for create, names in (
                (logs.create_log_group, {"logGroupName": LOG_GROUP}),
                (logs.create_log_stream, {"logGroupName": LOG_GROUP, "logStreamName": self._crawl.crawler}),
            ):
                try:
                    create(**names)
                except logs.exceptions.ResourceAlreadyExistsException:
                    continue
            logs.put_log_events(
                logGroupName=LOG_GROUP, logStreamName=self._crawl.crawler, logEvents=self._events
            )
        except Exception:
            _log.exception("the log of crawl %s could not be written", self._crawl.id)


@lru_cache(maxsize=10_000)
def _classify_once(stored: StoredObject) -> FileSchema:
    """Classify an object version once: its body never changes."""
    return classify(stored)
