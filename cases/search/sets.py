"""Filters as calculations with the sets of ids that the database keeps of its rows (sql/counts.sql).

Most of what can be asked has a set of its own: values of facets, common words, days of publication. What has none,
other words and amounts, is looked up among the rows and made into one.
"""

import calendar
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL

from cases.fulltext import Term, TextQuery
from cases.partial_dates import FIRST_YEAR, LAST_YEAR
from cases.search.words import tsquery

PART = 60_000  # ids in a part of a set
FEW = 2_000  # rows that are put in order, or counted, one by one faster than by sets
HEADER = 4  # bytes before the bits of a set that is sent, which say how long it is
WHOLE = "kept.whole"  # the set of all rows, as SQL
NEGATIVE = "negative"
LENGTHS = [str(length) for length in range(1, 31)]
YEARS = [str(year) for year in range(FIRST_YEAR, LAST_YEAR + 1)]
_PLACES = [[bit for bit in range(8) if byte & 128 >> bit] for byte in range(256)]


class Sets:
    """The sets that the filters of a list (`RowFilters`, which are made of them) ask for."""

    def __init__(self, filters: Any) -> None:
        self.filters = filters
        self.lexemes = filters.vocabulary.common_words(filters.table, _written(filters))
        self.kept: dict[tuple[str, tuple[str, ...]], str] = {}
        self.made: dict[Any, str] = {}
        self.bits: dict[Any, list[tuple[int, bytes]]] = {}
        self.matched: dict[str, tuple[int, list[int] | None]] = {}

    @property
    def beside(self) -> list[str]:
        """The filters that no kept set answers: words, unless all are common."""
        query: TextQuery | None = self.filters.form.cleaned_data.get("q")
        return ["q"] if query and not all(self._common(term) for group in query.groups for term in group) else []

    def any_of(self, facet: str, values: Iterable[str]) -> str:
        """Return the set, as SQL, of the rows that have any of some values of a facet."""
        name = self.kept.setdefault((facet, tuple(values)), f"s{len(self.kept)}")
        return f"coalesce(kept.{name}, no_ids())"

    def looked_up(self, condition: Q) -> str:
        """Return the set, as SQL, of the rows that fit a condition, which are looked up: once, whatever asks for it."""
        return f"coalesce({self.made.setdefault(condition, f'h{len(self.made)}')}.ids, no_ids())"

    def matching(self, *, without: Iterable[str] = (), instead: dict[str, list[str]] | None = None) -> str:
        """Return the set, as SQL, of the rows that fit the parameters, some aside or with other values for some."""
        parts = [WHOLE]
        for narrowing, value, roles in self.filters.asked(without=without, instead=instead):
            part = narrowing.in_sets(self, value, roles)
            parts.append(f"~{part}" if narrowing.exclude else part)
        return " & ".join(parts)

    def place_codes(self, facet: str, values: list[str]) -> list[str]:
        """Return the codes of the places that are values of `province` or `place`."""
        return [self.filters.vocabulary.province_codes[v] for v in values] if facet == "province" else values

    def found_by(self, query: TextQuery) -> str:
        """Return the set, as SQL, of the rows that words find: from the sets of common words, others looked up.

        What must be there together is looked up together, since the index of words finds that fastest.
        """

        def group_set(group: list[Term]) -> str:
            common = [self._word_set(term) for term in group if not term.negated and self._common(term)]
            rare = [term for term in group if not term.negated and not self._common(term)]
            together = [self.looked_up(Q(doc__matches=tsquery(TextQuery([rare]))))] if rare else []
            left_out = [f"~{self._word_set(replace(term, negated=False))}" for term in group if term.negated]
            return _joined(" & ", [*common, *together, *left_out])

        return _joined(" | ", [group_set(group) for group in query.groups])

    def _common(self, term: Term) -> bool:
        """Tell whether a set is kept of whatever a term may stand for."""
        return all(written in self.lexemes for written in term.alternatives)

    def _word_set(self, term: Term) -> str:
        if not self._common(term):
            return self.looked_up(Q(doc__matches=tsquery(TextQuery([[term]]))))
        alternatives = [self.any_of("word", sorted({self.lexemes[written] for written in term.alternatives}))]
        if term.campaigns:
            alternatives.append(self.any_of("campaign", term.campaigns))
        return _joined(" | ", alternatives)

    # --- questions --------------------------------------------------------------------------------------------------

    def ask(self, contexts: dict[str, str], query: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Execute a query that reads `contexts`: for each part, the sets that are named there."""
        members = [(n, facet, value) for n, (facet, values) in enumerate(self.kept) for value in values]
        sets = "".join(f", bit_or(ids) filter (where n = {n}) as {name}" for n, name in enumerate(self.kept.values()))
        kept = (
            f"kept as (select part, bit_or(ids) filter (where facet = 'all') as whole{sets} "
            "from unnest(%s::integer[], %s::text[], %s::text[]) as member (n, facet, value) "
            "join cases_facetset using (facet, value) where source = %s group by part)"
        )
        shared = [kept]
        values: list[Any] = [*map(list, zip((-1, "all", ""), *members, strict=True)), self.filters.table]
        for condition, name in self.made.items():
            shared.append(
                f"{name} as (select part, ('x' || encode(bits, 'hex'))::bit varying as ids "
                "from unnest(%s::integer[], %s::bytea[]) found (part, bits))"
            )
            looked_up = self._look_up(condition)
            values += [[part for part, _bits in looked_up], [bits for _part, bits in looked_up]]
        columns = ", ".join(f"{sql} as {name}" for name, sql in contexts.items())
        joined = " ".join(f"left join {name} using (part)" for name in self.made.values())
        shared.append(f"contexts as materialized (select part, {columns} from kept {joined} where whole is not null)")
        with connection.cursor() as cursor:
            cursor.execute(f"with {', '.join(shared)} {query}", [*values, *parameters])
            return list(cursor.fetchall())

    def _look_up(self, condition: Q) -> list[tuple[int, bytes]]:
        """Return the parts of the set of rows that fit a condition, each with its bits."""
        if condition not in self.bits:
            rows = self.filters.queryset.order_by().filter(condition)
            sql, parameters = rows.values("id").query.sql_with_params()
            query = (
                "select part_of(id), varbit_send(id_set(array_agg(place_in_part(id)))) "
                f"from ({sql}) as found (id) group by 1"
            )
            with connection.cursor() as cursor:
                cursor.execute(query, parameters)
                self.bits[condition] = [(part, bytes(sent)[HEADER:]) for part, sent in cursor.fetchall()]
        return self.bits[condition]

    def total(self) -> int:
        """Return how many rows fit all parameters."""
        return self._matched(self.matching())[0]

    def few(self, *, without: Iterable[str] = ()) -> list[int] | None:
        """Return the ids of the rows that fit all parameters, or all but some; None if they are more than a few."""
        return self._matched(self.matching(without=without))[1]

    def _matched(self, matching: str) -> tuple[int, list[int] | None]:
        """Return how many ids a set has, and which if they are few."""
        if matching not in self.matched:
            self.matched[matching] = self._looked_up_alone(matching) or self._calculated(matching)
        return self.matched[matching]

    def _looked_up_alone(self, matching: str) -> tuple[int, list[int] | None] | None:
        """Return what `_matched` does for a set that is nothing but one that was looked up; None for any other."""
        for condition in self.made:
            if matching == f"{WHOLE} & {self.looked_up(condition)}":
                looked_up = self._look_up(condition)
                total = sum(int.from_bytes(bits).bit_count() for _part, bits in looked_up)
                return total, _all_ids(looked_up) if total <= FEW else None
        return None

    def _calculated(self, matching: str) -> tuple[int, list[int] | None]:
        query = (
            "select part, bit_count(matching), "
            "case when sum(bit_count(matching)) over () <= %s then varbit_send(matching) end "
            "from contexts where bit_count(matching) > 0"
        )
        found = self.ask({"matching": matching}, query, [FEW])
        total = sum(n for _part, n, _sent in found)
        few = total <= FEW
        return total, _all_ids([(part, bytes(sent)[HEADER:]) for part, _n, sent in found]) if few else None

    def by(self, facet: str, values: list[str]) -> dict[str, int]:
        """Return how many rows that fit all parameters have each of some values."""
        query = in_common("matching", named=True)
        found = self.ask({"matching": self.matching()}, query, [self.filters.table, [facet], values])
        return {value: int(n) for _facet, value, n in found}


def in_common(context: str, *, named: bool = False) -> str:
    """Return the query for how many ids each value of some facets has in common with a context: facet, value, number.

    Its parameters are the table and the facets; with `named`, the values too.
    """
    # Bits are counted before values are brought together (`offset 0` keeps it so): sets are far wider than numbers.
    return (
        f"select facet, value, sum(n) from (select facet, value, bit_count(s.ids & {context}) as n from "
        "cases_facetset s join contexts using (part) where source = %s and facet = any(%s) "
        f"{'and value = any(%s) ' if named else ''}offset 0) counted group by 1, 2"
    )


def _joined(operator: str, sets: list[str]) -> str:
    """Return sets, as SQL, as one: in parentheses, unless there is only one."""
    return sets[0] if len(sets) == 1 else f"({operator.join(sets)})"


def _all_ids(parts: Iterable[tuple[int, bytes]]) -> list[int]:
    return [pk for part, bits in parts for pk in _ids(part, bits)]


def _ids(part: int, bits: bytes) -> Iterator[int]:
    for byte in re.finditer(rb"[^\0]", bits):
        first = part * PART + 8 * byte.start()
        yield from (first + place for place in _PLACES[byte[0][0]])


def among(ids: list[int]) -> Q:
    """Return the condition that a row's id is one of many. They go over as one value, not as thousands."""
    return Q(pk__in=RawSQL("select unnest(%s::bigint[])", (ids,)))


def _written(filters: Any) -> list[str]:
    """Return everything that is searched for."""
    query: TextQuery | None = filters.form.cleaned_data.get("q")
    return sorted({text for group in query.groups for term in group for text in term.alternatives}) if query else []


def days_from(day: date) -> list[str]:
    """Return the years, months and days that make up the time from a day on."""
    months = [f"{day.year}-{month:02}" for month in range(day.month + 1, 13)]
    days = range(day.day, calendar.monthrange(day.year, day.month)[1] + 1)
    years = map(str, range(day.year + 1, LAST_YEAR + 1))
    return [*years, *months, *(f"{day.year}-{day.month:02}-{d:02}" for d in days), "open"]


def above(amount: Decimal) -> tuple[list[str], str]:
    """Return the magnitudes that are all greater than an amount, and its own."""
    own = _magnitude(amount)
    if own == NEGATIVE:
        return [*LENGTHS, "open"], own
    length, first = own.split(":")
    return [*LENGTHS[int(length) :], *(f"{length}:{n}" for n in _leads(length) if n > int(first)), "open"], own


def below(amount: Decimal) -> tuple[list[str], str]:
    """Return the magnitudes that are all less than an amount, and its own."""
    own = _magnitude(amount)
    if own == NEGATIVE:
        return ["open"], own
    length, first = own.split(":")
    less = (f"{length}:{n}" for n in _leads(length) if n < int(first))
    return [*LENGTHS[: int(length) - 1], *less, NEGATIVE, "open"], own


def _magnitude(amount: Decimal) -> str:
    """The Python twin of the function in sql/counts.sql."""
    digits = str(int(amount))
    return NEGATIVE if amount < 0 else f"{len(digits)}:{digits[:2]}"


def _leads(length: str) -> range:
    return range(10) if length == "1" else range(10, 100)


def days_until(day: date) -> list[str]:
    """Return the years, months and days that make up the time until a day."""
    months = [f"{day.year}-{month:02}" for month in range(1, day.month)]
    years = map(str, range(FIRST_YEAR, day.year))
    return [*years, *months, *(f"{day.year}-{day.month:02}-{d:02}" for d in range(1, day.day + 1)), "open"]
