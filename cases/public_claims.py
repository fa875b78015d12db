"""The claims of published announcements, read from the database as they are compared."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from django.db import connection
from django.db.backends.postgresql.psycopg_any import NumericRange

from cases.claims import Claim, Days, Path
from cases.intervals import Interval

# Paths of trees are joined by spaces, which no code has.
_CLAIMS = """
    select f.id, f.announcement_id, f.measure_id, f.unit, f.value, f.step, f.interval, f.qualifier,
           lower(f.period_span), upper(f.period_span) - 1, lower(f.as_of_span), upper(f.as_of_span) - 1,
           coalesce(c.same_as_id, c.id),
           array(select array_to_string(p.path, ' ') from cases_figure_places x
                 join cases_place p on p.code = x.place_id where x.figure_id = f.id),
           array(select array_to_string(t.path, ' ') from cases_figure_crime_types x
                 join cases_crimetype t on t.code = x.crimetype_id where x.figure_id = f.id),
           coalesce(array_to_string(g.path, ' '), ''), coalesce(f.of_measure_id, ''),
           lower(edtf_span(f.base_period)), upper(edtf_span(f.base_period)) - 1,
           lower(a.published_span), upper(a.published_span) - 1, f.release_id,
           w.id is not null and (w.measure_id, w.unit) = (f.measure_id, f.unit)
               and w.case_id is not distinct from f.case_id
               and array(select place_id from cases_figure_places where figure_id = w.id order by 1)
                   = array(select place_id from cases_figure_places where figure_id = f.id order by 1)
               and array(select crimetype_id from cases_figure_crime_types where figure_id = w.id order by 1)
                   = array(select crimetype_id from cases_figure_crime_types where figure_id = f.id order by 1),
           g.year::text, u.slug
    from cases_figure f
    join cases_announcement a on a.id = f.announcement_id and a.status = 'published'
    join cases_publisher u on u.id = a.publisher_id
    left join cases_figure w on w.id = f.part_of_id
    left join cases_typicalcase c on c.id = f.case_id
    left join cases_campaign g on g.slug = f.campaign_id
"""


@dataclass(frozen=True)
class Facts:
    """What discrepancies are narrowed by, of one claim."""

    year: str | None
    publisher: str


class Claims:
    """Claims of published announcements, by report, in the order of the reports."""

    def __init__(self) -> None:
        self.facts: dict[int, Facts] = {}
        self.by_report: dict[int, list[Claim]] = {}

    def read(self, condition: str, *values: Any) -> list[Claim]:
        """Read the claims that fit an SQL condition."""
        read = []
        with connection.cursor() as cursor:
            cursor.execute(f"{_CLAIMS} where {condition} order by f.announcement_id, f.position", values)
            for row in cursor.fetchall():
                claim = _claim(row)
                self.facts[claim.id] = Facts(row[23], row[24])
                read.append(claim)
        return read

    def of(self, reports: Iterable[int]) -> None:
        """Read those of some announcements, unless they have been read."""
        wanted = [report for report in reports if report not in self.by_report]
        self.by_report |= {report: [] for report in wanted}
        for claim in self.read("f.announcement_id = any(%s)", wanted) if wanted else ():
            self.by_report[claim.report].append(claim)

    def within(self, report: int, release: int) -> list[Claim]:
        """Return what a report claims of one of its releases."""
        return [claim for claim in self.by_report[report] if claim.release in (None, release)]


def _claim(row: Sequence[Any]) -> Claim:
    return Claim(
        id=row[0],
        report=row[1],
        measure=row[2],
        unit=row[3],
        value=row[4],
        step=row[5],
        interval=_interval(row[6]),
        qualifier=row[7],
        period=_days(row[8], row[9]),
        as_of=_days(row[10], row[11]),
        case=row[12],
        places=_paths(row[13]),
        crime_types=_paths(row[14]),
        campaign=tuple(row[15].split()),
        of_measure=row[16],
        base_period=_days(row[17], row[18]),
        published=_days(row[19], row[20]),
        release=row[21],
        part=row[22],
    )


def _interval(stored: NumericRange) -> Interval:
    return Interval(stored.lower, stored.upper, stored.lower_inc, stored.upper_inc)


def _days(first: date | None, last: date | None) -> Days | None:
    return Days(first, last) if first or last else None


def _paths(written: Iterable[str]) -> frozenset[Path]:
    return frozenset(tuple(path.split()) for path in written)


def series_of(claim: Claim) -> str:
    """Return the name of the series that a claim belongs to, or an empty string."""
    if claim.series is None:
        return ""

    def plain(value: Any) -> Any:
        return sorted(value) if isinstance(value, frozenset) else value.isoformat()

    return sha256(json.dumps(claim.series, default=plain).encode()).hexdigest()[:32]
