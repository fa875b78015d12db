"""What of a result has most lately become public or changed."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from heapq import merge
from itertools import islice
from typing import Any, NamedTuple

from django.db import connection

from cases.search.results import Results

MOST = 50
FEW = 5_000  # records of a result of which each is asked when it changed
MOST_AT_ONCE = 2_000  # events


@dataclass(frozen=True)
class Entry:
    """A record, with when it became public and when what is public of it last changed or came back."""

    record: Any
    published: datetime
    updated: datetime


def entries(results: Results) -> Iterator[Entry]:
    """Yield the records of a result that changed last, the last one first."""
    updated = dict(_few(results) if results.total <= FEW else _many(results))
    published = _published(results, list(updated))
    listed = results.kind.model._default_manager.filter(pk__in=updated).for_listing()
    records = {record.pk: record for record in listed}
    for pk, at in updated.items():
        yield Entry(records[pk], published.get(pk, at), at)


class _Event(NamedTuple):
    """What changes records: of which announcement, when, and which of its records; None is all."""

    announcement_id: int
    at: datetime
    ids: list[int] | None
    id: int


def _events(kind: str) -> tuple[str, str]:
    """Return queries for the two kinds of events, as _Event has them.

    A version says something anew of records; a step lets what had been public before become public again.
    """
    ids = "null::bigint[]" if kind == "announcements" else f"case when n > 1 then {kind} end"
    says_something = "true" if kind == "announcements" else f"({kind} is null or {kind} <> '{{}}')"
    return (
        f"""select announcement_id, published_at as at, {ids} as ids, id from cases_publishedversion
            where {says_something}""",
        """select announcement_id, at, null::bigint[] as ids, id from cases_transition back
           where target = 'published' and exists (
               select from cases_transition left_ where left_.announcement_id = back.announcement_id
                                                    and left_.id < back.id and left_.source = 'published')""",
    )


def _few(results: Results) -> list[tuple[int, datetime]]:
    """Ask each record when it changed."""
    found, parameters = results.found.order_by().values("id", "announcement_id").query.sql_with_params()
    return _rows(
        f"""
        select f.id, changed.at
        from ({found}) f
        cross join lateral (
            select max(e.at) as at from ({" union all ".join(_events(results.kind.slug))}) e
            where e.announcement_id = f.announcement_id and (e.ids is null or f.id = any(e.ids))) changed
        where changed.at is not null
        order by changed.at desc, f.id limit {MOST}""",
        parameters,
    )


def _many(results: Results) -> list[tuple[int, datetime]]:
    """Go down from the last change of all: among many records some are soon met, each first where it changed last."""
    own = "id" if results.kind.slug == "announcements" else "announcement_id"
    found = results.found.order_by()
    updated: dict[int, datetime] = {}
    events = _downwards(results.kind.slug)
    size = MOST
    while len(updated) < MOST and (met := list(islice(events, size))):
        of_announcement = defaultdict(list)
        concerned = {event.announcement_id for event in met}
        for pk, announcement_id in found.filter(**{f"{own}__in": concerned}).values_list("id", own).order_by("id"):
            of_announcement[announcement_id].append(pk)
        for event in met:
            said = None if event.ids is None else set(event.ids)
            for pk in of_announcement[event.announcement_id]:
                if said is None or pk in said:
                    updated.setdefault(pk, event.at)
        size = min(2 * size, MOST_AT_ONCE)
    return list(updated.items())[:MOST]


def _downwards(kind: str) -> Iterator[_Event]:
    """Yield all events, the last one first."""
    versions, steps = (_of_one_kind(query) for query in _events(kind))
    return merge(versions, steps, key=lambda event: event.at, reverse=True)


def _of_one_kind(query: str) -> Iterator[_Event]:
    """Yield events of a query as an index gives them, some at a time."""
    size, last = MOST, _Event(0, datetime.max.replace(tzinfo=UTC), None, 2**63 - 1)
    while True:
        at_once = f"""
            select * from ({query}) event where at <= %s and (at < %s or id < %s)
            order by at desc, id desc limit {size}"""
        found = [_Event(*row) for row in _rows(at_once, [last.at, last.at, last.id])]
        yield from found
        if len(found) < size:
            return
        size, last = min(2 * size, MOST_AT_ONCE), found[-1]


def _published(results: Results, ids: list[int]) -> dict[int, datetime]:
    """Return when records first became public: with the first version of their announcement that holds them."""
    kind = results.kind.slug
    if kind == "announcements":
        first = "select announcement_id, published_at from cases_publishedversion where n = 1"
        return dict(_rows(f"{first} and announcement_id = any(%s)", [ids]))
    query = f"""
        select (said ->> 'id')::bigint, min(v.published_at)
        from cases_publishedversion v cross join lateral jsonb_array_elements(v.body::jsonb -> '{kind}') said
        where v.announcement_id = any(select announcement_id from {results.filters.table} where id = any(%s))
          and (v.n = 1 or v.{kind} is null or v.{kind} && %s::bigint[]) and (said ->> 'id')::bigint = any(%s)
        group by 1"""
    return dict(_rows(query, [ids, ids, ids]))


def _rows(query: str, parameters: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())
