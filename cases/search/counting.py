"""Counting: the one room in which records are counted, for whatever the parameters ask.

The whole archive is not counted here at all: the database keeps its totals (`cases_facettotal`, sql/counts.sql). Lists
are counted by the sets of ids that it keeps, which takes the same time for any filters; but where an unusual word or an
amount leaves few rows, those few are counted one by one.
"""

from collections import defaultdict

from django.db import connection

from cases.search import row_counts, set_counts, sets
from cases.search.filters import RowFilters
from cases.search.parameters import of_kind

Counts = dict[str, dict[str, int]]
WHOLE = "all"  # in the table of totals: how many records there are


def total(filters: RowFilters) -> int:
    """Return how many records fit the parameters."""
    if not filters.conditions():
        return totals(filters, [WHOLE])[WHOLE].get("", 0)
    return filters.sets.total()


def totals(filters: RowFilters, facets: list[str]) -> Counts:
    """Return how many records of the whole archive there are with each value of some facets."""
    counts: Counts = defaultdict(dict)
    with connection.cursor() as cursor:
        query = "select facet, value, n from cases_facettotal where source = %s and facet = any(%s) and n > 0"
        cursor.execute(query, [filters.table, facets])
        for facet, value, n in cursor.fetchall():
            counts[facet][value] = n
    return counts


def count(filters: RowFilters, kind: str, *, total: int, places: list[str]) -> Counts:
    """Return, for every facet of a list of `total` records, how many each value would give, alone in its facet.

    Values without records are absent. Places are many: only those named are sure to be counted.
    """
    facets = [p.name for p in of_kind(kind) if p.facet and (places or p.name != "place")]
    whole = [name for name in facets if not filters.conditions(without=[name] if filters.chosen(name) else [])]
    counts = totals(filters, whole) if whole else defaultdict(dict)
    asked = [name for name in facets if name not in whole]
    if asked:
        slugs = {code: slug for slug, code in filters.vocabulary.province_codes.items()} if filters.roles else {}
        for name, value, n in _counted(filters, asked, total, places):
            counts[name][slugs.get(value, value) if name == "province" else value] = n
    return counts


def _counted(filters: RowFilters, facets: list[str], total: int, places: list[str]) -> list[tuple[str, str, int]]:
    beside = filters.sets.beside
    if beside and total <= sets.FEW:
        others = [name for name in filters.filters if name not in beside]
        few = filters.sets.few(without=others)
        if few is not None:
            return row_counts.count(filters, facets, few, beside)
    return set_counts.count(filters.sets, facets, places)
