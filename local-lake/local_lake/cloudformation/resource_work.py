"""Creates, updates and deletes one resource of a stack, with the events CloudFormation writes of it."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from local_lake.cloudformation.reasons import explain, is_gone
from local_lake.cloudformation.scheduling import Cancellation, Cancelled
from local_lake.cloudformation.stacks import Stack, StackResource, Store, now
from local_lake.front.registry import ACCOUNT
from local_lake.providers.catalogue import find_provider
from local_lake.providers.contract import Context, Properties, Provider, ResourceFailure

if TYPE_CHECKING:
    from collections.abc import Callable

    from local_lake.cloudformation.dynamic_references import DynamicReferences
    from local_lake.providers.clients import Clients

log = logging.getLogger(__name__)

REPLACING = "Requested update requires the creation of a new physical resource; hence creating one."
INITIATED = "Resource creation Initiated"
_RETAINING = ("Retain", "RetainExceptOnCreate")


class ResourceFailed(Exception):  # noqa: N818 - a status
    """A resource ended in a *_FAILED status; its event tells why."""

    def __init__(self, reason: str, *, cancelled: bool) -> None:
        super().__init__(reason)
        self.cancelled = cancelled


@dataclass(frozen=True)
class Worker:
    """Works on the resources of one stack during one operation.

    `mask` blots out secrets in what the events show. A creation takes `pace_seconds` more than it needs.
    """

    store: Store
    clients: Clients
    stack: Stack
    cancellation: Cancellation
    mask: Callable[[str], str]
    pace_seconds: float
    references: DynamicReferences

    def create(self, wanted: StackResource, *, replacing: bool = False) -> StackResource:
        """Make a resource (a new physical one when `replacing`) and return its record.

        Raises ResourceFailed; the record in the stack then has the physical id, if it got that far.
        """
        verb = "UPDATE" if replacing else "CREATE"
        shown = self.mask(json.dumps(wanted.properties))
        record = replace(wanted, physical_id=None)
        record = self._note(record, f"{verb}_IN_PROGRESS", REPLACING if replacing else None, shown)

        def announce(physical_id: str) -> None:
            nonlocal record
            if record.physical_id is None:
                named = replace(record, physical_id=physical_id)
                record = self._note(named, f"{verb}_IN_PROGRESS", INITIATED, shown)

        try:
            attributes = self._create_live(wanted, replace(self.context_of(record), announce=announce))
        except Exception as error:
            raise self._fail(record, f"{verb}_FAILED", error, "creation", shown) from error
        return self._note(replace(record, attributes=attributes), f"{verb}_COMPLETE", None, shown)

    def _create_live(self, wanted: StackResource, context: Context) -> dict[str, Any]:
        provider = find_provider(wanted.type_name)
        check_properties(provider, wanted.logical_id, wanted.properties)
        self.cancellation.check()
        properties = self.references.expand(wanted.properties)
        physical_id = provider.create(context, provider.add_tags(properties, wanted.tags))
        context.announce(physical_id)
        provider.settle(context, physical_id)
        self.cancellation.pause(self.pace_seconds)
        return _read_attributes(provider, context, physical_id)

    def update(
        self,
        standing: StackResource,
        wanted: StackResource,
        *,
        live: bool,
        undoing: bool = False,
        instead: Callable[[], None] | None = None,
    ) -> StackResource:
        """Change a resource in place and return its record; `live` is false when only its record changes.

        When `undoing` fails the record keeps the properties it had, so that another attempt finds what to do.
        `instead` changes the live resource where the provider is not the one to do it.
        """
        shown = self.mask(json.dumps(wanted.properties))
        record = replace(wanted, physical_id=standing.physical_id, attributes=standing.attributes)
        record = self._note(record, "UPDATE_IN_PROGRESS", None, shown)
        provider = find_provider(wanted.type_name)
        try:
            check_properties(provider, wanted.logical_id, wanted.properties)
            self.cancellation.check()
            if live:
                record = replace(record, attributes=self._update_live(provider, standing, record, instead))
        except Exception as error:
            failed = standing if undoing else record
            raise self._fail(failed, "UPDATE_FAILED", error, "update", shown) from error
        return self._note(record, "UPDATE_COMPLETE", None, shown)

    def refuse(self, standing: StackResource, reason: str) -> None:
        """End an update of a resource before it began. Always raises ResourceFailed."""
        self._note(standing, "UPDATE_FAILED", reason, None)
        raise ResourceFailed(reason, cancelled=False)

    def restore(self, before: StackResource) -> None:
        """Put a replaced resource's old record back: the old physical resource was never touched."""
        self._note(before, "UPDATE_COMPLETE", None, None)

    def _update_live(
        self,
        provider: Provider,
        standing: StackResource,
        record: StackResource,
        instead: Callable[[], None] | None,
    ) -> dict[str, Any]:
        physical_id = standing.physical_id or ""
        context = self.context_of(record)
        provider.read(context, physical_id)
        if instead is not None:
            instead()
            return _read_attributes(provider, context, physical_id)
        # What stands keeps its references, so that it differs from their values and these are set anew.
        before = provider.add_tags(standing.properties, standing.tags)
        after = provider.add_tags(self.references.expand(record.properties), record.tags)
        provider.update(context, physical_id, before, after)
        return _read_attributes(provider, context, physical_id)

    def delete(
        self,
        resource: StackResource,
        *,
        policy: str,
        own_record: bool = True,
        successor: Properties | None = None,
    ) -> None:
        """Delete a resource unless `policy` retains it. Raises ResourceFailed.

        With `own_record` false the stack has another record of that name by now, which stays.
        """
        note = self._note if own_record else self._note_beside
        if resource.physical_id is None:
            return
        if policy in _RETAINING:
            note(resource, "DELETE_SKIPPED", None, None)
            return
        note(resource, "DELETE_IN_PROGRESS", None, None)
        context = replace(self.context_of(resource), successor=successor)
        try:
            properties = self._expand_leniently(resource.properties)
            find_provider(resource.type_name).delete(context, resource.physical_id, properties)
        except Exception as error:
            if not is_gone(error):
                raise self._fail(
                    resource, "DELETE_FAILED", error, "deletion", None, own_record=own_record
                ) from error
        note(resource, "DELETE_COMPLETE", None, None)

    def _expand_leniently(self, properties: dict[str, Any]) -> dict[str, Any]:
        """Expand references for a deletion, which must not fail because a parameter went first."""
        try:
            return self.references.expand(properties)
        except ResourceFailure:
            return properties

    def context_of(self, record: StackResource) -> Context:
        """Give what a provider needs to work on a resource."""
        return Context(
            clients=self.clients,
            region=self.clients.region,
            account=ACCOUNT,
            stack_name=self.stack.name,
            stack_id=self.stack.stack_id,
            logical_id=record.logical_id,
            generation=record.generation,
            pause=self.cancellation.pause,
            announce=_announce_nothing,
            capabilities=self.stack.capabilities,
        )

    def _note(
        self, record: StackResource, status: str, reason: str | None, properties: str | None
    ) -> StackResource:
        noted = replace(record, status=status, reason=reason, updated=now())
        self.store.set_resource(self.stack, noted, properties)
        return noted

    def _note_beside(
        self, record: StackResource, status: str, reason: str | None, properties: str | None
    ) -> StackResource:
        noted = replace(record, status=status, reason=reason, updated=now())
        self.store.write_resource_event(self.stack, noted, properties)
        return noted

    def _fail(
        self,
        record: StackResource,
        status: str,
        error: Exception,
        verb: str,
        properties: str | None,
        *,
        own_record: bool = True,
    ) -> ResourceFailed:
        reason = self.references.mask(self.mask(explain(error, verb, record.type_name)))
        # A trace shows what was sent, secrets too.
        trace = None if self.references.hold_secrets else error
        log.info("%s of stack %s: %s: %s", record.logical_id, self.stack.name, status, reason, exc_info=trace)
        note = self._note if own_record else self._note_beside
        note(record, status, reason, properties)
        return ResourceFailed(reason, cancelled=isinstance(error, Cancelled))


def _announce_nothing(_: str) -> None:
    """Stand in where the physical id is known already."""


def _read_attributes(provider: Provider, context: Context, physical_id: str) -> dict[str, Any]:
    return dict(provider.describe_attributes(context, physical_id, provider.read(context, physical_id)))


def check_properties(provider: Provider, logical_id: str, properties: Properties) -> None:
    """Refuse properties the provider does not act on, and a resource that lacks a required one."""
    subject = f"Properties validation failed for resource {logical_id} with message"
    for name in properties:
        if name not in provider.updates:
            raise ResourceFailure(
                f"{subject}: #: extraneous key [{name}] is not permitted (or not done by the local lake)"
            )
    for name in provider.required:
        if name not in properties:
            raise ResourceFailure(f"{subject}: #: required key [{name}] not found")
