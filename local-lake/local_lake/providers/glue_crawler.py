"""AWS::Glue::Crawler."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local_lake.providers.contract import Context, Properties, Provider, apply_tags, select, update_rules

if TYPE_CHECKING:
    from collections.abc import Mapping

_SETTINGS = (
    "Classifiers",
    "Configuration",
    "CrawlerSecurityConfiguration",
    "DatabaseName",
    "Description",
    "LakeFormationConfiguration",
    "RecrawlPolicy",
    "Role",
    "SchemaChangePolicy",
    "TablePrefix",
    "Targets",
)


class Crawler(Provider):
    """A crawler; its physical id is its name. CloudFormation makes it, people or schedules start it."""

    type_name = "AWS::Glue::Crawler"
    updates = update_rules(always="Name", never=" ".join((*_SETTINGS, "Schedule", "Tags")))
    required = ("Role", "Targets")
    tag_property = "Tags"
    tags_are_mapping = True
    name_property = "Name"

    def create(self, context: Context, properties: Properties) -> str:
        """Create the crawler."""
        name = str(properties.get("Name") or context.generate_name(255))
        context.client("glue").create_crawler(
            Name=name, **_settings(properties), **select(properties, "Tags")
        )
        return name

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        """Change its settings; what the template no longer says is emptied."""
        glue = context.client("glue")
        emptied = {name: "" for name in ("Description", "TablePrefix", "Configuration") if name in before}
        glue.update_crawler(Name=physical_id, **{**emptied, **_settings(after)})
        arn = f"arn:aws:glue:{context.region}:{context.account}:crawler/{physical_id}"
        apply_tags(
            before,
            after,
            put=lambda tags: glue.tag_resource(ResourceArn=arn, TagsToAdd=tags),
            remove=lambda keys: glue.untag_resource(ResourceArn=arn, TagsToRemove=keys),
        )

    def read(self, context: Context, physical_id: str) -> Mapping[str, Any]:
        """Return GetCrawler's Crawler."""
        crawler: dict[str, Any] = context.client("glue").get_crawler(Name=physical_id)["Crawler"]
        return crawler

    def observe(self, context: Context, physical_id: str, live: Mapping[str, Any]) -> Properties | None:
        """Give the settings, the schedule in the template's form, and the tags."""
        arn = f"arn:aws:glue:{context.region}:{context.account}:crawler/{physical_id}"
        return {
            **{name: live.get(name) for name in _SETTINGS},
            "Schedule": live.get("Schedule"),
            "Tags": context.client("glue").get_tags(ResourceArn=arn)["Tags"],
        }

    def delete(self, context: Context, physical_id: str, _: Properties) -> None:
        """Delete the crawler; Glue refuses while it runs."""
        context.client("glue").delete_crawler(Name=physical_id)


def _settings(properties: Properties) -> dict[str, Any]:
    settings = select(properties, *_SETTINGS)
    if "Schedule" in properties:
        settings["Schedule"] = properties["Schedule"].get("ScheduleExpression")
    return settings
