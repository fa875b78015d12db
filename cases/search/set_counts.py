"""Counting a list by the sets that the database keeps: a value has as many rows as its set shares with the filters."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from cases.search.sets import Sets, in_common


def count(sets: Sets, facets: list[str], places: list[str]) -> list[tuple[str, str, int]]:
    """Return facet, value and number for every value of some facets that has rows, of places for those that are named.

    Each facet is counted in a context: all filters, or all but its own choice.
    """
    filters = sets.filters
    contexts = {"matching": sets.matching()}
    for name in facets:
        if filters.chosen(name):
            contexts[f"without_{name}"] = sets.matching(without=[name])
    parts: list[tuple[str, Sequence[Any]]] = []
    together: dict[str, list[str]] = defaultdict(list)
    for name in facets:
        context = f"without_{name}" if filters.chosen(name) else "matching"
        if name == "role" and (filters.chosen("province") or filters.chosen("place")):
            # A place and its role must be stated of each other, so that each role narrows the places anew.
            for role in filters.vocabulary.role:
                contexts[f"as_{role}"] = sets.matching(instead={"role": [role]})
                parts.append((f"select 'role', %s, sum(bit_count(as_{role})) from contexts", [role]))
        elif name in ("province", "place") and filters.roles:
            values = places if name == "place" else list(filters.vocabulary.province)
            codes = sets.place_codes(name, values)
            parts.append((_IN_ROLES.format(context=context), [name, filters.table, _stated(filters.roles, codes)]))
        elif name == "place":
            parts.append((in_common(context, named=True), [filters.table, [name], places]))
        else:
            together[context].append(name)
    parts += [(in_common(context), [filters.table, names]) for context, names in together.items()]
    query = " union all ".join(f"({sql})" for sql, _parameters in parts)
    found = sets.ask(contexts, query, [value for _sql, parameters in parts for value in parameters])
    return [(facet, value, int(n)) for facet, value, n in found if n]


# A record may state a place in several roles, and counts once.
_IN_ROLES = (
    "select %s, code, sum(bit_count(ids & {context})) from (select part, split_part(value, ':', 2) as code, "
    "bit_or(ids) as ids from cases_facetset where source = %s and facet = 'place_role' and value = any(%s) "
    "group by 1, 2) stated join contexts using (part) group by code"
)


def _stated(roles: list[str], codes: list[str]) -> list[str]:
    return [f"{role}:{code}" for role in roles for code in codes]
