"""The crawler operations of the Glue API."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import moto.glue.models as glue_models

from local_lake.crawler.history import filter_crawls
from local_lake.crawler.model import Crawl, Crawler
from local_lake.front.registry import Registry, ServiceError, ServiceRequest
from local_lake.storage.object_store import S3Location

_OTHER_TARGETS = (
    "JdbcTargets",
    "MongoDBTargets",
    "DynamoDBTargets",
    "CatalogTargets",
    "DeltaTargets",
    "IcebergTargets",
    "HudiTargets",
)

StartCrawl = Callable[[Crawler, Crawl, ServiceRequest], None]


class CrawlerOperations:
    """The crawlers of all regions; ``start_crawl`` runs one in the background and sets its end."""

    def __init__(self, start_crawl: StartCrawl) -> None:
        self._start_crawl = start_crawl
        self._crawlers: dict[str, dict[str, Crawler]] = {}
        self.lock = threading.RLock()

    def register(self, registry: Registry) -> None:
        """Answer the crawler operations."""
        handlers = {
            "CreateCrawler": self.create,
            "UpdateCrawler": self.update,
            "UpdateCrawlerSchedule": self.update_schedule,
            "GetCrawler": self.get,
            "GetCrawlers": self.get_all,
            "BatchGetCrawlers": self.get_batch,
            "ListCrawlers": self.list_names,
            "StartCrawler": self.start,
            "StopCrawler": self.stop,
            "DeleteCrawler": self.delete,
            "GetCrawlerMetrics": self.get_metrics,
            "ListCrawls": self.list_crawls,
        }
        for operation, handler in handlers.items():
            registry.register("glue", operation, self._locked(handler))

    def crawls(self) -> list[Crawl]:
        """Return every crawl of every region."""
        with self.lock:
            return [
                crawl for region in self._crawlers.values() for one in region.values() for crawl in one.crawls
            ]

    def create(self, request: ServiceRequest) -> dict[str, Any]:
        """CreateCrawler: AlreadyExistsException, InvalidInputException for what cannot be crawled here."""
        params = dict(request.params)
        name, tags, schedule = params.pop("Name"), params.pop("Tags", {}), params.pop("Schedule", None)
        if name in self._region(request):
            raise ServiceError("AlreadyExistsException", f"Crawler with name {name} already exists")
        _validate(params)
        self._region(request)[name] = Crawler(name, params, schedule)
        glue_models.glue_backends[request.account][request.region].tag_resource(_arn(request, name), tags)
        return {}

    def update(self, request: ServiceRequest) -> dict[str, Any]:
        """UpdateCrawler: members that are absent keep their value; CrawlerRunningException while it runs."""
        params = dict(request.params)
        crawler = self._find(request, params.pop("Name"))
        _refuse_while_running(crawler)
        schedule = params.pop("Schedule", None)
        _validate(crawler.settings | params)
        crawler.settings |= params
        crawler.schedule = schedule or crawler.schedule
        crawler.version += 1
        crawler.updated = datetime.now(UTC)
        return {}

    def update_schedule(self, request: ServiceRequest) -> dict[str, Any]:
        """UpdateCrawlerSchedule: kept and shown; nothing here starts a crawler by the clock."""
        crawler = self._find(request, request.params["CrawlerName"])
        crawler.schedule = request.params.get("Schedule")
        return {}

    def get(self, request: ServiceRequest) -> dict[str, Any]:
        """GetCrawler."""
        return {"Crawler": self._find(request, request.params["Name"]).as_api()}

    def get_all(self, request: ServiceRequest) -> dict[str, Any]:
        """GetCrawlers, in pages of MaxResults."""
        crawlers = [crawler.as_api() for crawler in self._region(request).values()]
        return _page(request, crawlers, "Crawlers")

    def get_batch(self, request: ServiceRequest) -> dict[str, Any]:
        """BatchGetCrawlers."""
        region = self._region(request)
        names = request.params["CrawlerNames"]
        return {
            "Crawlers": [region[name].as_api() for name in names if name in region],
            "CrawlersNotFound": [name for name in names if name not in region],
        }

    def list_names(self, request: ServiceRequest) -> dict[str, Any]:
        """ListCrawlers, all of them or those that carry every tag asked for."""
        wanted = request.params.get("Tags", {})
        backend = glue_models.glue_backends[request.account][request.region]
        names = [
            name
            for name in self._region(request)
            if wanted.items() <= backend.get_tags(_arn(request, name)).items()
        ]
        return _page(request, names, "CrawlerNames")

    def start(self, request: ServiceRequest) -> dict[str, Any]:
        """StartCrawler: CrawlerRunningException unless it is READY."""
        crawler = self._find(request, request.params["Name"])
        if crawler.state != "READY":
            raise ServiceError(
                "CrawlerRunningException", f"Crawler with name {crawler.name} has already started"
            )
        crawl = Crawl(crawler.name)
        crawler.crawls.append(crawl)
        crawler.state = "RUNNING"
        self._start_crawl(crawler, crawl, request)
        return {}

    def stop(self, request: ServiceRequest) -> dict[str, Any]:
        """StopCrawler: the crawl ends between two files, and the tables found so far are not written."""
        crawler = self._find(request, request.params["Name"])
        if crawler.state == "STOPPING":
            raise ServiceError("CrawlerStoppingException", f"Crawler with name {crawler.name} is stopping")
        if crawler.state != "RUNNING":
            raise ServiceError(
                "CrawlerNotRunningException", f"Crawler with name {crawler.name} isn't running"
            )
        crawler.state = "STOPPING"
        crawler.crawls[-1].stop.set()
        return {}

    def delete(self, request: ServiceRequest) -> dict[str, Any]:
        """DeleteCrawler: CrawlerRunningException unless it is READY. The tables stay."""
        crawler = self._find(request, request.params["Name"])
        _refuse_while_running(crawler)
        del self._region(request)[crawler.name]
        backend = glue_models.glue_backends[request.account][request.region]
        arn = _arn(request, crawler.name)
        backend.untag_resource(arn, list(backend.get_tags(arn)))
        return {}

    def get_metrics(self, request: ServiceRequest) -> dict[str, Any]:
        """GetCrawlerMetrics, in pages of MaxResults."""
        names = request.params.get("CrawlerNameList") or list(self._region(request))
        metrics = [self._find(request, name).as_metrics() for name in names]
        return _page(request, metrics, "CrawlerMetricsList")

    def list_crawls(self, request: ServiceRequest) -> dict[str, Any]:
        """ListCrawls, newest first, in pages of MaxResults (20 by default)."""
        crawler = self._find(request, request.params["CrawlerName"])
        crawls = filter_crawls(reversed(crawler.crawls), request.params.get("Filters", []))
        return _page(request, [crawl.as_history() for crawl in crawls], "Crawls", default=20)

    def _locked(self, handler: Callable[[ServiceRequest], dict[str, Any]]) -> Callable[..., dict[str, Any]]:
        def answer(request: ServiceRequest) -> dict[str, Any]:
            with self.lock:
                return handler(request)

        return answer

    def _region(self, request: ServiceRequest) -> dict[str, Crawler]:
        return self._crawlers.setdefault(request.region, {})

    def _find(self, request: ServiceRequest, name: str) -> Crawler:
        crawler = self._region(request).get(name)
        if crawler is None:
            raise ServiceError("EntityNotFoundException", f"Crawler entry with name {name} does not exist")
        return crawler


def target_location(target: dict[str, Any]) -> S3Location:
    """Return where an S3 target points; Glue takes paths with and without ``s3://``. Raises ValueError."""
    path = str(target.get("Path", ""))
    return S3Location.parse(path if "://" in path else f"s3://{path}")


def _arn(request: ServiceRequest, name: str) -> str:
    return f"arn:aws:glue:{request.region}:{request.account}:crawler/{name}"


def _refuse_while_running(crawler: Crawler) -> None:
    if crawler.state != "READY":
        raise ServiceError("CrawlerRunningException", f"Crawler with name {crawler.name} is running")


def _validate(settings: dict[str, Any]) -> None:
    targets = settings.get("Targets") or {}
    others = [kind for kind in _OTHER_TARGETS if targets.get(kind)]
    if others:
        raise ServiceError("InvalidInputException", f"The local lake crawls S3Targets only, not {others[0]}.")
    if not targets.get("S3Targets"):
        raise ServiceError("InvalidInputException", "Crawler cannot be created without targets.")
    for target in targets["S3Targets"]:
        try:
            S3Location.parse(
                target.get("Path", "") if "://" in target.get("Path", "") else f"s3://{target['Path']}"
            )
        except (ValueError, KeyError) as error:
            raise ServiceError("InvalidInputException", str(error)) from error
    if settings.get("Classifiers"):
        raise ServiceError("InvalidInputException", "The local lake has Glue's built-in classifiers only.")
    recrawl = settings.get("RecrawlPolicy", {}).get("RecrawlBehavior", "CRAWL_EVERYTHING")
    if recrawl != "CRAWL_EVERYTHING":
        raise ServiceError(
            "InvalidInputException", f"The local lake does not implement RecrawlBehavior {recrawl}."
        )
    try:
        json.loads(settings.get("Configuration") or "{}")
    except ValueError as error:
        raise ServiceError("InvalidInputException", f"Configuration is not JSON: {error}") from error


def _page(request: ServiceRequest, items: list[Any], member: str, default: int = 100) -> dict[str, Any]:
    begin = int(request.params.get("NextToken") or 0)
    end = begin + int(request.params.get("MaxResults") or default)
    page: dict[str, Any] = {member: items[begin:end]}
    return page | {"NextToken": str(end)} if end < len(items) else page
