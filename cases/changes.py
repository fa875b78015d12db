"""The history of a record as people read it: moment by moment, who changed what from what to what, and why.

It is read off the events that the database's triggers write, so that imports, bulk updates and consoles are in it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import models
from django.db.models import OuterRef, Q, QuerySet, Subquery
from pghistory.models import Context

from cases.models import (
    Announcement,
    AnnouncementCrimeType,
    AnnouncementPlace,
    CampaignMention,
    CaseCrimeType,
    CasePlace,
    Figure,
    FigureCrimeType,
    FigurePlace,
    ReleaseReport,
    TextVersion,
    TypicalCase,
)

PER_PAGE = 20
# Columns that follow from others, count saves, or say again whose row it is.
SILENT = {
    *("id", "announcement_id", "version", "created_at", "updated_at", "revises_version", "position", "interval"),
    *("sha256", "handled_at", "reported_at"),
}


@dataclass(frozen=True)
class Change:
    """One column of one row, from what to what; without a name the row itself came or went."""

    model: type[models.Model]
    what: str  # what the row is called, empty for the record itself
    name: str
    before: Any
    after: Any
    way: str = "update"


@dataclass
class Moment:
    """What was done together."""

    at: datetime
    who: str
    why: str
    changes: list[Change] = field(default_factory=list)


class History:
    """The moments in which something of a record changed, the newest first, as a paginator takes them."""

    ordered = True

    def __init__(self, record: models.Model) -> None:
        self.record = record
        self.sources = list(_sources(record))

    @property
    def _moments(self) -> QuerySet[Any]:
        found = [events.order_by().values_list("pgh_created_at", "pgh_context_id") for events in self.sources]
        first, *others = found
        return first.union(*others).order_by("-pgh_created_at", "-pgh_context_id")

    def count(self) -> int:
        return self._moments.count()

    def __getitem__(self, part: slice) -> list[Moment]:
        keys = list(self._moments[part])
        contexts = _contexts([context for _at, context in keys if context])
        moments = {key: Moment(key[0], *contexts.get(key[1], ("", ""))) for key in keys}
        found = [
            event
            for events in self.sources
            for event in _with_before(events.filter(pgh_created_at__in={at for at, _context in keys}))
            if (event.pgh_created_at, event.pgh_context_id) in moments
        ]
        owners = _owners(found)
        for event in found:
            changes = _changes(event, owners, is_own=event.pgh_tracked_model is type(self.record))
            moments[event.pgh_created_at, event.pgh_context_id].changes += changes
        _name_relations([change for moment in moments.values() for change in moment.changes], moments)
        return [moments[key] for key in keys]


def _sources(record: models.Model) -> Iterator[QuerySet[Any]]:
    """Yield the events of a record, and of all rows that belong to it or ever did."""

    def events(model: Any) -> QuerySet[Any]:
        return model.pgh_event_model._default_manager

    yield events(type(record)).filter(**{type(record)._meta.pk.attname: record.pk})
    if not isinstance(record, Announcement):
        return
    own = Q(announcement_id=record.pk)
    for model in (
        *(AnnouncementPlace, AnnouncementCrimeType, CampaignMention, ReleaseReport, TypicalCase, CasePlace),
        *(Figure, TextVersion),
    ):
        yield events(model).filter(own)
    yield events(CaseCrimeType).filter(typicalcase_id__in=events(TypicalCase).filter(own).values("id"))
    for pair in (FigurePlace, FigureCrimeType):
        yield events(pair).filter(figure_id__in=events(Figure).filter(own).values("id"))


def _with_before(events: QuerySet[Any]) -> list[Any]:
    """Return events, each update with the event before it of the same row as `before`."""
    model = events.model
    tracked: Any = model
    key = tracked.pgh_tracked_model._meta.pk.attname
    if "pgh_obj" not in {f.name for f in model._meta.fields}:
        return list(events.order_by("pgh_id"))  # pairs come and go only
    same = model._default_manager.filter(**{key: OuterRef(key)}, pgh_id__lt=OuterRef("pgh_id"))
    found = list(events.annotate(before_id=Subquery(same.order_by("-pgh_id").values("pgh_id")[:1])).order_by("pgh_id"))
    before = model._default_manager.in_bulk([e.before_id for e in found if e.pgh_label == "update" and e.before_id])
    for event in found:
        event.before = before.get(event.before_id)
    return found


def _contexts(ids: Sequence[Any]) -> dict[Any, tuple[str, str]]:
    """Return who and why, by context."""
    found = {context.pk: context.metadata for context in Context.objects.filter(pk__in=ids)}
    accounts = User.objects.filter(pk__in={m.get("user") for m in found.values()} - {None})
    users = dict(accounts.values_list("pk", "username"))
    return {pk: (users.get(m.get("user"), ""), m.get("reason", "")) for pk, m in found.items()}


def _columns(event: Any) -> list[Any]:
    return [f for f in event._meta.fields if not f.name.startswith("pgh_") and f.attname not in SILENT]


def _owners(events: Sequence[Any]) -> dict[tuple[str, int], str]:
    """Return what the figures and cases are called whose places and crime types are told of."""
    names: dict[tuple[str, int], str] = {}
    for model, column, name in ((Figure, "figure_id", "ref"), (TypicalCase, "typicalcase_id", "number")):
        ids = {getattr(e, own) for e in events for own in (column, "case_id") if _is_pair(e) and hasattr(e, own)}
        source: Any = model
        rows = source.pgh_event_model._default_manager.filter(id__in=ids).values_list("id", name)
        names |= {(column, pk): str(value) for pk, value in rows}
    return names


def _is_pair(event: Any) -> bool:
    return event.pgh_tracked_model in (CasePlace, CaseCrimeType, FigurePlace, FigureCrimeType)


def _changes(event: Any, owners: dict[tuple[str, int], str], *, is_own: bool) -> Iterator[Change]:
    model = event.pgh_tracked_model
    what = "" if is_own else called(event)
    if _is_pair(event):
        column = "figure_id" if hasattr(event, "figure_id") else "typicalcase_id"
        owner = owners.get((column, getattr(event, column, 0) or getattr(event, "case_id", 0)), "")
        what = f"{what} ({owner})"
    if event.pgh_label != "update":
        came = event.pgh_label == "insert"
        yield Change(model, what, "", None if came else what, what if came else None, event.pgh_label)
        return
    before = getattr(event, "before", None)
    for column in _columns(event) if before else ():
        was, now = getattr(before, column.attname), getattr(event, column.attname)
        if was != now:
            yield Change(model, what, column.name, was, now)


def called(event: Any) -> str:
    """Return what a row is called by what its event holds of it."""
    values = {f.attname: getattr(event, f.attname) for f in event._meta.fields}
    if "ref" in values:
        return f"{values['ref']} “{values['phrase']}”"
    if "heading" in values:
        return f"{values['number']} “{values['heading']}”"
    names = ("campaign_id", "place_id", "crimetype_id", "release_id", "role", "n")
    return " ".join(str(values[name]) for name in names if values.get(name) is not None)


def _name_relations(changes: Sequence[Change], moments: dict[Any, Moment]) -> None:
    """Say numbers that stand for other rows by what those are called: one query for each kind of row."""
    wanted: dict[Any, set[Any]] = {}
    for change in changes:
        relation = _related(change)
        if relation is not None:
            wanted.setdefault(relation, set()).update({change.before, change.after} - {None})
    names = {m: {pk: str(row) for pk, row in m._default_manager.in_bulk(ids).items()} for m, ids in wanted.items()}
    for moment in moments.values():
        moment.changes = [_named(change, names) for change in moment.changes]


def _related(change: Change) -> Any:
    """Return the model that a column points to by a number; None if its value says something by itself."""
    if not change.name:
        return None
    column: Any = change.model._meta.get_field(change.name)
    target = column.related_model if column.is_relation else None
    return target if target and isinstance(target._meta.pk, models.AutoField) else None


def _named(change: Change, names: dict[Any, dict[Any, str]]) -> Change:
    relation = _related(change)
    if relation is None:
        return change
    own = names.get(relation, {})
    before, after = (own.get(value, value) for value in (change.before, change.after))
    return Change(change.model, change.what, change.name, before, after, change.way)
