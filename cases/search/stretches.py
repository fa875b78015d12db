"""Where in a long list to look for a page, so that no page is found by reading the list up to it.

A list by date is looked at year by year, one by size by the number of digits: how many of its records are in each is
known from their sets.
"""

from datetime import date
from decimal import Decimal
from itertools import accumulate
from typing import Any

from django.db.models import Q, QuerySet

from cases.search import counting
from cases.search.filters import RowFilters
from cases.search.sets import LENGTHS, NEGATIVE, YEARS, among

NEAR = 10_000  # records that are skipped faster than those of each year are counted
BY_DATE, BY_SIZE = ("first", YEARS), ("size", [NEGATIVE, *LENGTHS])
# The columns of those, and of the bounds of figures.
COLUMNS = {"first": "day", "size": "value", "low": "interval__startswith", "high": "interval__endswith"}
# What each order goes by, and whether the greatest stands first.
ORDERED = {
    "newest": (BY_DATE, True),
    "oldest": (BY_DATE, False),
    "largest": (BY_SIZE, True),
    "smallest": (BY_SIZE, False),
    "low": (("low", [NEGATIVE, *LENGTHS]), False),
    "high": (("high", [NEGATIVE, *LENGTHS]), True),
}


def stretch(filters: RowFilters, sort: str, start: int, stop: int, total: int) -> tuple[QuerySet[Any], int]:
    """Return records among which those from one position of a list to another are, without order, and how many stand
    before the first of them.
    """
    narrowed = bool(filters.conditions())
    if not total or (not narrowed and stop <= NEAR):
        return filters.qs, 0
    if narrowed and (few := filters.sets.few()) is not None:
        return filters.queryset.filter(among(few)), 0
    if sort not in ORDERED:
        return filters.qs, 0
    (facet, values), descending = ORDERED[sort]
    counts = filters.sets.by(facet, values) if narrowed else counting.totals(filters.table, [facet])[facet]
    steps = [(value, counts[value]) for value in (reversed(values) if descending else values) if value in counts]
    ends = list(accumulate((n for _value, n in steps), initial=0))
    reached = [value for (value, n), end in zip(steps, ends, strict=False) if end < stop and end + n > start]
    condition = _between(facet, reached[0], reached[-1]) if reached else Q(pk__in=[])
    if stop > ends[-1]:  # what has no day, or no such bound, stands last
        condition |= Q(**{f"{COLUMNS[facet]}__isnull": True})
    before = next((end for (value, _n), end in zip(steps, ends, strict=False) if value in reached), ends[-1])
    return filters.qs.filter(condition), before


def _between(facet: str, one: str, other: str) -> Q:
    """Return the condition of the days of some years, or of the amounts of some numbers of digits."""
    column = COLUMNS[facet]
    if facet == "first":
        first, last = sorted((int(one), int(other)))
        return Q(day__gte=date(first, 1, 1), day__lte=date(last, 12, 31))
    fewest, most = sorted(0 if length == NEGATIVE else int(length) for length in (one, other))
    below = Q(**{f"{column}__lt": Decimal(10) ** most if most else 0})
    if not fewest:
        return below
    return below & Q(**{f"{column}__gte": Decimal(10) ** (fewest - 1) if fewest > 1 else 0})
