"""Facets: the values that a list can be narrowed by, each with its count and the address that chooses it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, partial

from django.utils.functional import Promise

from cases.search.counting import Counts
from cases.search.filters import RowFilters
from cases.search.parameters import NONE, Parameter, Query, of_kind
from cases.search.vocabulary import Node, Vocabulary

# Facets whose values are listed whole, also those that would give nothing.
CLOSED = ("year", "province", "kind", "language", "role", "verdict", "basis", "slip")


@dataclass
class FacetValue:
    """One value of a facet, ready to be shown."""

    value: str
    label: str
    count: int | None  # None: not counted, since the parameters are in error
    selected: bool
    toggle: Callable[[], str]
    excluded: bool = False
    parent: str | None = None
    children: list["FacetValue"] = field(default_factory=list)

    @cached_property
    def url(self) -> str:
        """The address that chooses the value, or takes the choice back."""
        return self.toggle()


@dataclass
class Facet:
    """One facet with its values, in the order in which they are shown."""

    key: str
    label: str | Promise
    layout: str
    values: list[FacetValue]

    @property
    def selected_count(self) -> int:
        return sum(value.selected for value in self.flat())

    def flat(self) -> list[FacetValue]:
        """Return all values, children after their parent."""

        def walk(values: list[FacetValue]) -> list[FacetValue]:
            return [found for value in values for found in (value, *walk(value.children))]

        return walk(self.values)


def place_nodes(filters: RowFilters, vocabulary: Vocabulary) -> dict[str, Node]:
    """Return the places to list: those chosen, and those directly below chosen places and provinces."""
    cleaned = filters.form.cleaned_data
    chosen = [code for code in cleaned.get("place") or [] if code != NONE]
    provinces = [vocabulary.province_codes[slug] for slug in cleaned.get("province") or [] if slug != NONE]
    found = vocabulary.children_of_places([*provinces, *chosen]) if chosen or provinces else {}
    return {**vocabulary.places(chosen), **found}


def build(
    kind: str,
    query: Query,
    filters: RowFilters,
    places: dict[str, Node],
    counts: Counts | None,
    toggle: Callable[[str, str], str],
) -> list[Facet]:
    """Return the facets of a list, with the places to list. `toggle(name, value)` gives the address that chooses a
    value or drops it.
    """
    vocabulary = filters.vocabulary
    built: dict[str, Facet] = {}
    for parameter in of_kind(kind):
        if not parameter.facet:
            continue
        name = parameter.name
        nodes = places if name == "place" else vocabulary.nodes(name)
        chosen, excluded = query.chosen.get(name, []), query.excluded.get(name, [])
        counted = (counts or {}).get(name, {})
        values = {}
        for value in _shown(parameter, nodes, [*chosen, *excluded], counted):
            node = nodes.get(value)
            values[value] = FacetValue(
                value=value,
                label=vocabulary.label(name, value),
                count=None if counts is None else counted.get(value, 0),
                selected=value in chosen,
                excluded=value in excluded,
                toggle=partial(toggle, name, value),
                parent=node.parent if node else None,
            )
        built[name] = Facet(name, parameter.label, parameter.layout, _nested(name, values, chosen))
    return list(built.values())


def _shown(parameter: Parameter, nodes: dict[str, Node], asked: list[str], counted: dict[str, int]) -> list[str]:
    """Return the values to list, `none` last: closed facets whole, of others what finds something or was asked for."""
    name = parameter.name
    if name in (*CLOSED, "place", "crime_type"):
        values = list(nodes)
    else:
        values = sorted(nodes, key=lambda value: (-counted.get(value, 0), nodes[value].label))
        values = [value for value in values if counted.get(value) or value in asked]
    values += [value for value in asked if value not in values and value != NONE]
    if parameter.has_none and (name != "place" or NONE in asked):
        values.append(NONE)
    return values


def _nested(name: str, values: dict[str, FacetValue], chosen: list[str]) -> list[FacetValue]:
    """Put children under their parents; those of a crime type that is not chosen (nor any of them) stay closed."""
    if name not in ("crime_type", "place"):
        return list(values.values())
    roots: list[FacetValue] = []
    for value in values.values():
        parent = values.get(value.parent or "")
        if parent is None:
            roots.append(value)
        else:
            parent.children.append(value)
    if name == "crime_type":
        for value in values.values():
            if not value.selected and not any(child.selected or child.excluded for child in _below(value)):
                value.children = []
    return roots


def _below(value: FacetValue) -> list[FacetValue]:
    return [found for child in value.children for found in (child, *_below(child))]
