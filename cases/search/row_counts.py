"""Counting a list row by row, where few rows are concerned.

One statement whose parts share what they have in common: `base` holds the rows that can count for any of them (they
fit the words, the dates and what is excluded, and at most one facet's choice fails), `matching` those of them that fit
everything. Only a facet in which something is chosen looks beyond `matching`.
"""

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db import connection
from django.db.models import Count, F, Func, Q, QuerySet, TextField, Value

from cases.search.filters import ARRAYS, RowFilters
from cases.search.parameters import NONE
from cases.search.sets import among


class Unnest(Func):
    """One row for each member of an array."""

    function = "unnest"
    set_returning = True
    output_field = TextField()


class PlacesInRoles(Unnest):
    """One row for each place, or place around it, that a case's `place_role` states in one of the roles."""

    template = "unnest(array(select distinct split_part(stated, ':', 2) from unnest(%(expressions)s)))"
    arg_joiner = ") stated where split_part(stated, ':', 1) = any("


@dataclass(frozen=True)
class _Part:
    """One part of the statement: the rows it counts, as a condition on `source`, and the values it counts by."""

    facet: str
    source: str
    condition: Q
    term: Any


def count(filters: RowFilters, facets: list[str], ids: list[int], beside: list[str]) -> list[tuple[str, str, int]]:
    """Return facet, value and number for every value that has rows among some, which the filters `beside` left."""
    without = [*(name for name in filters.filters if name not in filters.facets), *beside]
    # What a list is like with the choice in one facet lifted, its other filters aside.
    lifted = {name: filters.conditions(without=[*without, name]) for name in filters.facets if filters.chosen(name)}
    base = filters.conditions(without=[*filters.facets, *beside]) & among(ids)
    if len(lifted) > 1:
        base &= reduce(or_, lifted.values())
    rest = "matching" if lifted else "base"
    parts: list[_Part] = []
    plain: list[str] = []
    for name in facets:
        if name == "role" and not any(filters.chosen(narrowed) for narrowed in ("role", "province", "place")):
            plain.append(_roles(list(filters.vocabulary.role), rest))
        elif name == "role":
            # A place and its role must be stated of each other, so that each role narrows the places anew.
            source = "base" if filters.roles else rest
            for role in filters.vocabulary.role:
                alone = filters.conditions(without=without, instead={name: [role]})
                parts.append(_Part(name, source, alone, Value(role)))
        elif name in lifted or (name in ("province", "place") and filters.roles):
            source, condition = ("base", lifted[name]) if name in lifted else (rest, Q())
            parts += _parts(filters, name, source, condition)
        else:
            plain.append(_plain(name, rest))
    return _execute(filters, base, filters.conditions(without=without), parts, plain)


def _plain(name: str, source: str) -> str:
    """Return the part of a facet in which nothing is chosen; written by hand, since most facets are like that."""
    if name not in ARRAYS:
        return f"select '{name}', {name}, count(*) from {source} group by 2"
    return (
        f"select '{name}', unnest({name}), count(*) from {source} group by 2 union all "
        f"select '{name}', '{NONE}', count(*) from {source} where {name} = '{{}}' having count(*) > 0"
    )


def _roles(roles: list[str], source: str) -> str:
    """Return the part of the roles, which are kept beside the places that are in them."""
    known = ", ".join(f"'{role}'" for role in roles)
    return (
        f"select 'role', stated, count(*) from {source}, unnest(place_role) stated where stated in ({known}) group by 2"
    )


def _parts(filters: RowFilters, name: str, source: str, condition: Q) -> list[_Part]:
    if name in ("province", "place") and filters.roles:
        return [_Part(name, source, condition, PlacesInRoles(F("place_role"), Value(filters.roles)))]
    if name not in ARRAYS:
        return [_Part(name, source, condition, F(name))]
    return [
        _Part(name, source, condition, Unnest(F(name))),
        _Part(name, source, condition & Q(**{name: []}), Value(NONE)),
    ]


def _execute(
    filters: RowFilters, base: Q, chosen: Q, parts: list[_Part], plain: list[str]
) -> list[tuple[str, str, int]]:
    """Run the parts as one statement. The ORM writes each over the table of rows; here they get their sources."""
    rows = filters.queryset.order_by()
    columns = [f.name for f in rows.model._meta.fields if f.name != "doc"]
    shared: list[str] = []
    parameters: list[Any] = []
    for name, condition in (("base", base), ("matching", chosen)):
        if condition:
            sql, values = rows.filter(condition).values(*columns).query.sql_with_params()
            shared.append(f"{name} as materialized ({_over(filters, sql, 'base') if base and shared else sql})")
            parameters += values
    statements = []
    for part in parts:
        sql, values = _counted(rows.filter(part.condition).annotate(term=part.term), part.facet).query.sql_with_params()
        statements.append(_over(filters, sql, part.source))
        parameters += values
    statement = f"with {', '.join(shared)} " + " union all ".join(f"({sql})" for sql in [*statements, *plain])
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def _over(filters: RowFilters, sql: str, source: str) -> str:
    """Let a statement over the table of rows read from a part of it that has been made already."""
    return sql.replace(f'"{filters.table}"', f'"{source}"')


def _counted(rows: QuerySet[Any], name: str) -> QuerySet[Any]:
    facet = Value(name, output_field=TextField())
    return rows.annotate(facet=facet).values("facet", "term").annotate(n=Count("*")).values_list("facet", "term", "n")
