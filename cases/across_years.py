"""The archive's figures across campaign years: read from the search rows, in the lines of `comparison`.

Only figures of announcements themselves are compared, never those of single cases, and only of campaigns that have a
year. What is asked for narrows them as it does on the list of figures.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import comparison
from cases.choices import Unit
from cases.comparison import Check, Claim, Entry, Line, Number, Rung
from cases.intervals import Interval
from cases.models import Figure, Place
from cases.search import scopes
from cases.search.addresses import Addresses
from cases.search.filters import FILTERS
from cases.search.kinds import KINDS, Kind
from cases.search.parameters import COMPARE, NONE, in_order, parse
from cases.search.vocabulary import NATIONAL, Vocabulary

COMPARISON = Kind(COMPARE, gettext_lazy("Comparison"), Figure, ())
LINES = 60  # that a page shows
CHANGES = 60  # stated changes that are checked, the newest first

_CLAIM = """lower(r.interval), upper(r.interval), lower_inc(r.interval), upper_inc(r.interval),
           f.id, f.value, f.qualifier, f.step, f.value_high, coalesce(f.period, ''), coalesce(f.as_of, ''),
           lower(f.period_span), upper(coalesce(f.as_of_span, f.period_span)) - 1, f.cumulative, f.preferred"""

# A figure that is part of another one of the very same thing is no claim of the whole.
_CLAIMS = f"""
    select r.measure, r.unit, r.place, r.crime_type, r.year[1]::int, f.campaign_id, {_CLAIM}, w.id is not null
    from ({{rows}}) wanted
    join cases_figurerow r on r.id = wanted.id
    join cases_figure f on f.id = r.id
    left join cases_figurerow w on w.id = f.part_of_id and w.measure = r.measure and w.unit = r.unit
         and w.place = r.place and w.crime_type = r.crime_type
    order by f.announcement_id, f.position
"""

_STATED = f"""
    select f.of_measure_id, r.place, r.crime_type, f.campaign_id, coalesce(f.base_period, ''),
           lower(edtf_span(f.base_period)), upper(edtf_span(f.base_period)) - 1, f.phrase, f.announcement_id, {_CLAIM}
    from ({{rows}}) wanted
    join cases_figurerow r on r.id = wanted.id
    join cases_figure f on f.id = r.id
    where f.of_measure_id is not null and (%s::text[] = '{{{{}}}}' or f.of_measure_id = any(%s))
          and f.of_measure_id <> all(%s)
    order by r.day desc nulls last, f.announcement_id desc, f.position
    limit %s
"""

_COUNTED = f"""
    select r.measure, r.unit, r.place, r.crime_type, f.campaign_id, {_CLAIM}
    from unnest(%s::text[], %s::date[], %s::date[]) wanted (measure, start, until)
    join cases_figurerow r on r.measure = wanted.measure and r.case_id is null
    join cases_figure f on f.id = r.id
         and date_trunc('month', lower(f.period_span)) = wanted.start
         and date_trunc('month', upper(coalesce(f.as_of_span, f.period_span)) - 1) = wanted.until
    order by f.announcement_id, f.position
"""

Key = tuple[str, str, tuple[str, ...], tuple[str, ...]]
"""A line: measure, unit, places, crime types."""


@dataclass(frozen=True)
class Change:
    """A change in per cent that a report states, and what the archive's figures say to it."""

    id: int
    measure: str
    places: tuple[str, ...]
    crime_types: tuple[str, ...]
    stated: Claim
    base_period: str
    phrase: str
    announcement: int
    check: Check


class Comparison(Addresses):
    """What is compared for some parameters. With `errors` it has no lines."""

    def __init__(self, data: QueryDict) -> None:
        self.kind = COMPARISON
        self.at = self.kind.url
        self.query = parse(COMPARE, data)
        self.vocabulary = Vocabulary()
        self.filters = FILTERS[COMPARE](self.query, self.vocabulary)
        self.errors = list(self.query.errors)
        if not self.filters.is_valid():
            for name, problems in self.filters.form.errors.items():
                self.errors += [(name, str(problem)) for problem in problems]
        if self.query.get("number") not in ("", *comparison.NUMBERS):
            self.errors.append(("number", _("takes %(values)s") % {"values": ", ".join(comparison.NUMBERS)}))

    @property
    def number(self) -> Number:
        """Which of several claims stands for all of them."""
        return self.query.get("number") or comparison.PREFERRED  # type: ignore[return-value]

    def _asks(self, *names: str) -> bool:
        return any(name in self.query.chosen or name in self.query.excluded for name in names)

    @property
    def only_national(self) -> bool:
        """Whether only claims about the whole country are compared, since no place is asked for."""
        return not self._asks("province", "place")

    @property
    def only_whole(self) -> bool:
        """Whether only claims about all kinds of crime together are compared, since nothing narrower is asked for."""
        return not self._asks("crime_type", "measure")

    def _own(self) -> Q:
        """Return what holds for the figures that are compared, beside what is asked for."""
        own = Q(case_id=None)
        if self.only_national:
            own &= Q(province=[NATIONAL])
        if self.only_whole:
            own &= Q(crime_type=[])
        return own

    # --- lines ----------------------------------------------------------------------------------------------------

    @cached_property
    def lines(self) -> list[Line]:
        """All lines: those of most years first, then in the order of the measures, the widest crime type first."""
        if self.errors:
            return []
        rows = self.filters.qs.filter(self._own()).exclude(year=[]).exclude(unit=Unit.PERCENT)
        found: dict[Key, dict[tuple[int, str], list[Claim]]] = {}
        for *key, year, campaign, claim in _claims(rows):
            measure, unit, places, crime_types = key
            line = found.setdefault((measure, unit, tuple(places), tuple(crime_types)), {})
            line.setdefault((year, campaign), []).append(claim)
        made = [
            Line(
                *key,
                comparison.entries(
                    (year, slug, self._campaign_name(slug), claims) for (year, slug), claims in of_line.items()
                ),
            )
            for key, of_line in found.items()
        ]
        measures = {code: place for place, code in enumerate(self.vocabulary.measure)}
        types = {code: place for place, code in enumerate(self.vocabulary.crime_type)}

        def place(line: Line) -> tuple[object, ...]:
            about = tuple(types.get(code, 0) for code in line.crime_types)
            return -len(line.years), measures.get(line.measure, 0), line.unit, len(about) > 0, about, line.places

        return sorted(made, key=place)

    @property
    def shown(self) -> list[Line]:
        """The lines that a page shows."""
        return self.lines[:LINES]

    @property
    def left_out(self) -> int:
        """How many lines a page does not show."""
        return max(0, len(self.lines) - LINES)

    @property
    def years(self) -> list[int]:
        return sorted({year for line in self.shown for year in line.years})

    def _campaign_name(self, slug: str) -> str:
        return self.vocabulary.label("campaign", slug)

    # --- what codes mean ------------------------------------------------------------------------------------------

    @cached_property
    def _places(self) -> dict[str, Any]:
        codes = {code for line in self.lines for code in line.places}
        codes |= {code for change in self.changes for code in change.places}
        return self.vocabulary.places(sorted(codes))

    def places_of(self, about: Line | Change) -> list[str]:
        """Return the places of a line, without those that they are part of."""
        return scopes.narrowest(about.places, self._places)

    def crime_types_of(self, about: Line | Change) -> list[str]:
        """Return the crime types of a line, without those that they are part of."""
        return scopes.narrowest(about.crime_types, self.vocabulary.crime_type)

    def scope_label(self, about: Line | Change) -> str:
        """Return what a line is about, in words; an empty string for the whole country and all kinds of crime."""
        places = [code for code in self.places_of(about) if code != Place.NATIONAL]
        names = [self._places[code].label for code in places]
        if not about.places:
            names.append(_("place not stated"))
        kinds = [self.vocabulary.label("crime_type", code) for code in self.crime_types_of(about)]
        return ", ".join([*names, *([_(" and ").join(kinds)] if kinds else [])])

    def claims_url(self, line: Line, entry: Entry) -> str:
        """Return the address of the list of precisely the figures that stand behind an entry."""
        scope = scopes.written(entry.campaign, self.places_of(line), self.crime_types_of(line))
        asked = ("publisher", "publisher.not", "kind", "kind.not", "language", "language.not")
        others = [pair for pair in self.query.pairs() if pair[0] in asked]
        pairs = [*others, ("measure", line.measure), ("unit", line.unit), ("scope", scope)]
        return f"{KINDS['figures'].url}?{urlencode(in_order(pairs))}"

    def line_url(self, line: Line, year: int | None = None) -> str:
        """Return the address of the comparison of one measure, of all years or of one."""
        chosen = [("measure", line.measure), ("unit", line.unit)]
        if year is None:
            return self.address([*self.pairs(without=("measure", "unit")), *chosen])
        if self.only_whole:
            chosen.append(("crime_type", NONE))
        return self.address([*self.pairs(without=("measure", "unit", "year")), *chosen, ("year", str(year))])

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The parameters that the page's own form does not send."""
        return self.pairs(without=("measure", "crime_type", "province", "number"))

    # --- stated changes -------------------------------------------------------------------------------------------

    @cached_property
    def changes(self) -> list[Change]:
        """The newest changes that are stated of a measure, checked by the figures of both times."""
        if self.errors:
            return []
        rows = self.filters.queryset.filter(
            self.filters.conditions(without=["measure", "measure.not", "unit", "unit.not"]),
            self._own(),
            measure="change_percent",
        )
        stated = list(_stated(rows, self.query.chosen.get("measure", []), self.query.excluded.get("measure", [])))
        counted = _counted_at(stated)
        return [
            Change(
                one.claim.id,
                one.measure,
                one.places,
                one.crime_types,
                one.claim,
                one.base_period,
                one.phrase,
                one.announcement,
                comparison.check_change(one.claim, *self._both(one, counted)),
            )
            for one in stated
        ]

    def _both(self, one: "_Stated", counted: "_Counted") -> tuple[Rung | None, Rung | None]:
        """Return what the series of a change's campaign counted before, and what the campaign itself did."""
        series = self._series(one.campaign)
        before = {
            unit: claims
            for (unit, campaign), claims in counted.get((one.about, one.before), {}).items()
            if self._series(campaign) == series
        }
        after = {
            unit: claims
            for (unit, campaign), claims in counted.get((one.about, one.after), {}).items()
            if campaign == one.campaign
        }
        unit = next((unit for unit in before if unit in after), None)
        if unit is None:
            return _rung(next(iter(before.values()), None), one.before), None if before else _rung([], one.after)
        return _rung(before[unit], one.before), _rung(after[unit], one.after)

    def _series(self, campaign: str | None) -> str:
        return comparison.series_of(self._campaign_name(campaign)) if campaign else ""


@dataclass(frozen=True)
class _Stated:
    """A stated change before it is checked."""

    measure: str
    places: tuple[str, ...]
    crime_types: tuple[str, ...]
    campaign: str | None
    claim: Claim
    base_period: str
    base: tuple[date | None, date | None]
    phrase: str
    announcement: int

    @property
    def about(self) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
        return self.measure, self.places, self.crime_types

    @property
    def before(self) -> "_Time":
        return comparison.month_of(self.base[0]), comparison.month_of(self.base[1])

    @property
    def after(self) -> "_Time":
        return comparison.month_of(self.claim.first), comparison.month_of(self.claim.last)


_Time = tuple[comparison.Months | None, comparison.Months | None]
_About = tuple[str, tuple[str, ...], tuple[str, ...]]
_Counted = dict[tuple[_About, _Time], dict[tuple[str, str | None], list[Claim]]]


def _rung(claims: list[Claim] | None, time: _Time) -> Rung | None:
    return Rung(*time, tuple(claims)) if claims else None


def _claims(rows: QuerySet[Any]) -> Iterator[tuple[Any, ...]]:
    """Yield, of the figures of some search rows, measure, unit, places, crime types, year, campaign and the claim."""
    inner, parameters = rows.order_by().values("id").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_CLAIMS.format(rows=inner), parameters)
        for row in cursor.fetchall():
            yield *row[:6], _claim(row[6:])


def _claim(row: tuple[Any, ...]) -> Claim:
    low, high, low_closed, high_closed, pk, value, qualifier, step, *others = row
    return Claim(pk, value, qualifier, step, Interval(low, high, low_closed, high_closed), *others)


def _stated(rows: QuerySet[Any], only: list[str], without: list[str]) -> Iterator[_Stated]:
    inner, parameters = rows.order_by().values("id").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_STATED.format(rows=inner), [*parameters, only, only, without, CHANGES])
        for row in cursor.fetchall():
            yield _Stated(row[0], tuple(row[1]), tuple(row[2]), row[3], _claim(row[9:]), row[4], row[5:7], *row[7:9])


def _counted_at(stated: list[_Stated]) -> _Counted:
    """Return what is counted at the times that changes compare, by what it is about and when."""
    times = {(one.measure, time) for one in stated for time in (one.before, one.after) if None not in time}
    if not times:
        return {}
    listed = [(measure, date(*start, 1), date(*end, 1)) for measure, (start, end) in times if start and end]
    found: _Counted = {}
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, [list(column) for column in zip(*listed, strict=True)])
        for measure, unit, places, crime_types, campaign, *row in cursor.fetchall():
            claim = _claim(tuple(row))
            time = comparison.month_of(claim.first), comparison.month_of(claim.last)
            of = found.setdefault(((measure, tuple(places), tuple(crime_types)), time), {})
            of.setdefault((unit, campaign), []).append(claim)
    return found
