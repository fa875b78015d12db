"""Where in a long list to look for a page, so that no page is found by reading the list up to it."""

from itertools import accumulate

from django.db.models import Q

from cases.search import counting
from cases.search.filters import RowFilters
from cases.search.sets import among

SPARSE = 2_000  # records that are put in order faster than they are met along a whole list
NEAR = 10_000  # records that are skipped faster than their years are counted


def stretch(filters: RowFilters, sort: str, start: int, stop: int, total: int) -> tuple[Q, int]:
    """Return what holds for the records of a list from one position to another, and how many stand before the first
    for which it holds.
    """
    narrowed = bool(filters.conditions())
    if filters.sets.beside or not total or (not narrowed and stop <= NEAR):
        return Q(), 0
    if narrowed and total <= SPARSE:
        return among(filters.sets.ids()), 0
    if sort not in ("newest", "oldest"):
        return Q(), 0
    found = filters.sets.by_year() if narrowed else counting.totals(filters, ["first"])["first"]
    years = sorted((int(value), n) for value, n in found.items() if value.isdecimal())
    if sort == "newest":
        years.reverse()
    ends = list(accumulate((n for _year, n in years), initial=0))
    reached = [year for (year, n), end in zip(years, ends, strict=False) if end < stop and end + n > start]
    condition = Q(day__year__gte=min(reached), day__year__lte=max(reached)) if reached else Q(pk__in=[])
    if stop > ends[-1]:  # what has no day stands last
        condition |= Q(day__isnull=True)
    before = next((end for (year, _n), end in zip(years, ends, strict=False) if year in reached), ends[-1])
    return condition, before
