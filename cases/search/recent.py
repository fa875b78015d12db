"""What of a result has most lately become public or changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from cases.search.results import Results

MOST = 50
FEW = 5_000  # records of a result whose announcements are looked for themselves


@dataclass(frozen=True)
class Entry:
    """A record, with when its announcement became public and when what is public of that last changed."""

    record: Any
    published: datetime
    updated: datetime


def entries(results: Results) -> Iterator[Entry]:
    """Yield the records of a result that changed last, the last one first."""
    # Versions are numbered as they become public. Of few announcements the newest version of each is looked up; among
    # many some are soon met on the way down from the newest version of all.
    of_announcement = "id" if results.kind.slug == "announcements" else "announcement_id"
    found, parameters = results.found.order_by().values("id", "announcement_id").query.sql_with_params()
    if results.total <= FEW:
        newest = f"""
            select v.* from (select distinct announcement_id from ({found}) f) found
            cross join lateral (select id, announcement_id, published_at from cases_publishedversion v
                                where v.announcement_id = found.announcement_id order by n desc limit 1) v"""
    else:
        newest = f"""
            select id, announcement_id, published_at from cases_publishedversion v
            where not exists (select from cases_publishedversion later
                              where later.announcement_id = v.announcement_id and later.n > v.n)
              and exists (select from ({found}) f where f.{of_announcement} = v.announcement_id)"""
    query = f"""
        with newest as materialized ({newest} order by id desc limit {MOST})
        select f.id, first.published_at, newest.published_at
        from newest
        join cases_publishedversion first on first.announcement_id = newest.announcement_id and first.n = 1
        join ({found}) f on f.{of_announcement} = newest.announcement_id
        order by newest.id desc, f.id limit {MOST}"""
    with connection.cursor() as cursor:
        cursor.execute(query, [*parameters, *parameters])
        rows = cursor.fetchall()
    listed = results.kind.model._default_manager.filter(pk__in=[row[0] for row in rows]).for_listing()
    records = {record.pk: record for record in listed}
    for pk, published, updated in rows:
        yield Entry(records[pk], published, updated)
