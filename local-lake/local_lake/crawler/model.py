"""A crawler and its crawls, and how the Glue API shows them."""

from __future__ import annotations

import json
import statistics
import threading
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

LOG_GROUP = "/aws-glue/crawlers"

DEFAULT_SCHEMA_CHANGE_POLICY = {
    "UpdateBehavior": "UPDATE_IN_DATABASE",
    "DeleteBehavior": "DEPRECATE_IN_DATABASE",
}


@dataclass
class TableChanges:
    """The tables (by name) and partitions (by number) that one crawl added, updated and deleted."""

    tables_added: list[str] = field(default_factory=list)
    tables_updated: list[str] = field(default_factory=list)
    tables_deleted: list[str] = field(default_factory=list)
    partitions_added: int = 0
    partitions_updated: int = 0
    partitions_deleted: int = 0

    def summarise(self) -> str:
        """Return the Summary of ListCrawls: JSON in JSON, as the Glue API gives it."""
        parts = {}
        tables = {"ADD": self.tables_added, "UPDATE": self.tables_updated, "DELETE": self.tables_deleted}
        details = {
            kind: {"Count": len(names), "Details": {"names": names}}
            for kind, names in tables.items()
            if names
        }
        if details:
            parts["TABLE"] = json.dumps(details)
        partitions = {
            "ADD": self.partitions_added,
            "UPDATE": self.partitions_updated,
            "DELETE": self.partitions_deleted,
        }
        counts = {kind: {"Count": count} for kind, count in partitions.items() if count}
        if counts:
            parts["PARTITION"] = json.dumps(counts)
        return json.dumps(parts)


@dataclass
class Crawl:
    """One run of a crawler."""

    crawler: str
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    state: str = "RUNNING"
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    ended: datetime | None = None
    error: str | None = None
    changes: TableChanges = field(default_factory=TableChanges)
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def seconds(self) -> float:
        """Return the run time so far, in seconds."""
        return ((self.ended or datetime.now(UTC)) - self.started).total_seconds()

    def end(self, state: str, error: str | None) -> None:
        """Set how the crawl ended: COMPLETED, STOPPED or FAILED."""
        self.state = state
        self.error = error
        self.ended = datetime.now(UTC)

    def as_history(self) -> dict[str, Any]:
        """Return the entry of ListCrawls."""
        entry: dict[str, Any] = {
            "CrawlId": self.id,
            "State": self.state,
            "StartTime": self.started,
            "LogGroup": LOG_GROUP,
            "LogStream": self.crawler,
            "MessagePrefix": self.id,
        }
        if self.ended is not None:
            entry |= {
                "EndTime": self.ended,
                "Summary": self.changes.summarise(),
                "DPUHour": self.seconds / 3600,
            }
        if self.error is not None:
            entry["ErrorMessage"] = self.error
        return entry

    def as_last_crawl(self) -> dict[str, Any]:
        """Return the LastCrawl of GetCrawler; only for a crawl that has ended."""
        status = {"COMPLETED": "SUCCEEDED", "STOPPED": "CANCELLED"}.get(self.state, "FAILED")
        last: dict[str, Any] = {
            "Status": status,
            "LogGroup": LOG_GROUP,
            "LogStream": self.crawler,
            "MessagePrefix": self.id,
            "StartTime": self.started,
        }
        return last if self.error is None else last | {"ErrorMessage": self.error}


@dataclass
class Crawler:
    """A crawler as it was defined; ``settings`` are CreateCrawler's members but Name, Tags and Schedule."""

    name: str
    settings: dict[str, Any]
    schedule: str | None
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    updated: datetime = field(default_factory=lambda: datetime.now(UTC))
    version: int = 1
    state: str = "READY"
    crawls: list[Crawl] = field(default_factory=list)

    @property
    def database(self) -> str:
        """Return the name of the database the tables go to."""
        return str(self.settings.get("DatabaseName", ""))

    @property
    def schema_change_policy(self) -> dict[str, str]:
        """Return the policy with Glue's defaults filled in."""
        given: dict[str, str] = self.settings.get("SchemaChangePolicy", {})
        return DEFAULT_SCHEMA_CHANGE_POLICY | given

    @property
    def configuration(self) -> dict[str, Any]:
        """Return the parsed Configuration; empty when there is none."""
        text = self.settings.get("Configuration")
        return dict(json.loads(text)) if text else {}

    def as_api(self) -> dict[str, Any]:
        """Return the Crawler of GetCrawler."""
        ended = [crawl for crawl in self.crawls if crawl.ended is not None]
        running = next((crawl for crawl in self.crawls if crawl.ended is None), None)
        shown: dict[str, Any] = {
            "Classifiers": [],
            "RecrawlPolicy": {"RecrawlBehavior": "CRAWL_EVERYTHING"},
            "LineageConfiguration": {"CrawlerLineageSettings": "DISABLE"},
            "LakeFormationConfiguration": {"UseLakeFormationCredentials": False, "AccountId": ""},
        }
        shown |= self.settings
        shown |= {
            "Name": self.name,
            "SchemaChangePolicy": self.schema_change_policy,
            "State": self.state,
            "CrawlElapsedTime": int(running.seconds * 1000) if running else 0,
            "CreationTime": self.created,
            "LastUpdated": self.updated,
            "Version": self.version,
        }
        if self.schedule:
            shown["Schedule"] = {"ScheduleExpression": self.schedule, "State": "SCHEDULED"}
        if ended:
            shown["LastCrawl"] = ended[-1].as_last_crawl()
        return shown

    def as_metrics(self) -> dict[str, Any]:
        """Return the entry of GetCrawlerMetrics."""
        ended = [crawl for crawl in self.crawls if crawl.ended is not None]
        return {
            "CrawlerName": self.name,
            "TimeLeftSeconds": 0.0,
            "StillEstimating": False,
            "LastRuntimeSeconds": ended[-1].seconds if ended else 0.0,
            "MedianRuntimeSeconds": statistics.median(crawl.seconds for crawl in ended) if ended else 0.0,
            "TablesCreated": sum(len(crawl.changes.tables_added) for crawl in ended[-1:]),
            "TablesUpdated": sum(len(crawl.changes.tables_updated) for crawl in ended[-1:]),
            "TablesDeleted": sum(len(crawl.changes.tables_deleted) for crawl in ended[-1:]),
        }
