"""Counting: the one room in which records are counted, for whatever the parameters ask.

The whole archive is not counted here at all: the database keeps its totals (`cases_facettotal`, sql/counts.sql), and
the pages of places, campaigns and crime types read them. Lists are counted by the sets of ids that it keeps, which
takes the same time for any filters; but where an unusual word or an amount leaves few rows, those few are counted one
by one.
"""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.db import connection

from cases.search import row_counts, set_counts, sets
from cases.search.filters import RowFilters
from cases.search.parameters import of_kind

Counts = dict[str, dict[str, int]]
WHOLE = "all"  # in the table of totals: how many records there are


def total(filters: RowFilters) -> int:
    """Return how many records fit the parameters."""
    if not filters.conditions():
        return whole(filters.table)
    return filters.sets.total()


def whole(table: str) -> int:
    """Return how many records a table of search rows has."""
    return totals(table, [WHOLE])[WHOLE].get("", 0)


def totals(table: str, facets: list[str], values: Collection[str] | None = None) -> Counts:
    """Return how many records of a whole table of search rows have each value, or some values, of some facets."""
    counts: Counts = defaultdict(dict)
    query = "select facet, value, n from cases_facettotal where source = %s and facet = any(%s) and n > 0"
    parameters: list[Any] = [table, facets]
    if values is not None:
        query += " and value = any(%s)"
        parameters.append(list(values))
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        for facet, value, n in cursor.fetchall():
            counts[facet][value] = n
    return counts


def count(filters: RowFilters, kind: str, *, total: int, places: list[str]) -> Counts:
    """Return, for every facet of a list of `total` records, how many each value would give, alone in its facet.

    Values without records are absent. Places are many: only those named are sure to be counted.
    """
    facets = [p.name for p in of_kind(kind) if p.facet and (places or p.name != "place")]
    kept = [name for name in facets if not filters.conditions(without=[name] if filters.chosen(name) else [])]
    counts = totals(filters.table, kept) if kept else defaultdict(dict)
    asked = [name for name in facets if name not in kept]
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
