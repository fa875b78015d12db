"""What of a result has most lately become public or changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from cases.search.results import Results

MOST = 50
FEW = 5_000  # records of a result of which each is asked when it changed


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


def _events(kind: str) -> str:
    """Return a query for what changes records: of which announcement, when, and which of its records; null is all.

    A version says something anew of them; a step lets what had been public before become public again.
    """
    ids = "null::bigint[]" if kind == "announcements" else f"case when n > 1 then {kind} end"
    return f"""
        select announcement_id, published_at as at, {ids} as ids from cases_publishedversion
        union all
        select announcement_id, at, null from cases_transition back
        where target = 'published' and exists (
            select from cases_transition left_ where left_.announcement_id = back.announcement_id
                                                 and left_.id < back.id and left_.source = 'published')"""


def _few(results: Results) -> list[tuple[int, datetime]]:
    """Ask each record when it changed."""
    found, parameters = results.found.order_by().values("id", "announcement_id").query.sql_with_params()
    return _rows(
        f"""
        select f.id, changed.at
        from ({found}) f
        cross join lateral (
            select max(e.at) as at from ({_events(results.kind.slug)}) e
            where e.announcement_id = f.announcement_id and (e.ids is null or f.id = any(e.ids))) changed
        where changed.at is not null
        order by changed.at desc, f.id limit {MOST}""",
        parameters,
    )


def _many(results: Results) -> list[tuple[int, datetime]]:
    """Go down from the last change of all: among many records some are soon met."""
    found, parameters = results.found.order_by().values("id", "announcement_id").query.sql_with_params()
    own = "id" if results.kind.slug == "announcements" else "announcement_id"
    events = _events(results.kind.slug)
    return _rows(
        f"""
        select changed.id, e.at
        from ({events}) e
        cross join lateral (select f.id from ({found}) f
                            where f.{own} = e.announcement_id and (e.ids is null or f.id = any(e.ids))) changed
        where not exists (select from ({events}) later
                          where later.announcement_id = e.announcement_id and later.at > e.at
                            and (later.ids is null or changed.id = any(later.ids)))
        order by e.at desc, changed.id limit {MOST}""",
        parameters,
    )


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


def _rows(query: str, parameters: Any) -> list[tuple[int, datetime]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())
