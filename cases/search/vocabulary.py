"""What values a facet may have, with their labels: in the language of the request."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from cases.choices import AnnouncementKind, Language, PlaceRole, Qualifier, Unit, VerdictBasis, VerdictKind
from cases.gazetteer.index import suggest_slug
from cases.models import Place
from cases.models.vocabulary import localized
from cases.partial_dates import FIRST_YEAR, LAST_YEAR
from cases.search.entries import Entries, entries
from cases.search.parameters import NONE, PARAMETERS

NATIONAL = "national"


@dataclass(frozen=True)
class Node:
    """One value of a facet. `parent` is the value it is listed under, within the same facet."""

    value: str
    label: str
    parent: str | None = None


class Vocabulary:
    """The values of every facet. One instance serves one request, in the request's language."""

    @cached_property
    def _entries(self) -> Entries:
        return entries()

    @cached_property
    def year(self) -> dict[str, Node]:
        years = {str(year) for _slug, _en, _zh, year, _parent in self._entries.campaigns if year}
        return {year: Node(year, year) for year in sorted(years, reverse=True)}

    @cached_property
    def province(self) -> dict[str, Node]:
        nodes = {slug: Node(slug, localized(*names)) for slug, _code, *names in self._entries.provinces}
        national = nodes.pop(NATIONAL)
        return {**nodes, NATIONAL: national}

    @cached_property
    def province_codes(self) -> dict[str, str]:
        return {slug: code for slug, code, _en, _zh in self._entries.provinces}

    @cached_property
    def crime_type(self) -> dict[str, Node]:
        shown = self._entries.crime_types
        return {code: Node(code, localized(english, chinese), parent) for code, english, chinese, parent in shown}

    @cached_property
    def campaign(self) -> dict[str, Node]:
        shown = self._entries.campaigns
        return {slug: Node(slug, localized(english, chinese), above) for slug, english, chinese, _year, above in shown}

    @property
    def campaign_names(self) -> list[tuple[str, str]]:
        """Every name of every campaign, with the campaign's slug."""
        return self._entries.campaign_names

    @cached_property
    def measure(self) -> dict[str, Node]:
        return {code: Node(code, localized(*labels)) for code, *labels in self._entries.measures}

    @cached_property
    def publisher(self) -> dict[str, Node]:
        return {slug: Node(slug, name) for slug, name in self._entries.publishers}

    unit = cached_property(lambda self: _choices(Unit))
    qualifier = cached_property(lambda self: _choices(Qualifier))
    kind = cached_property(lambda self: _choices(AnnouncementKind))
    language = cached_property(lambda self: _choices(Language))
    verdict = cached_property(lambda self: _choices(VerdictKind))
    basis = cached_property(lambda self: _choices(VerdictBasis))

    @cached_property
    def slip(self) -> dict[str, Node]:
        return {str(10**n): Node(str(10**n), _("%(n)s times") % {"n": f"{10**n:,}"}) for n in range(1, 7)}

    role = cached_property(lambda self: _choices(PlaceRole))

    def __init__(self) -> None:
        self._places: dict[str, Node] = {}
        self._common: list[tuple[str, str, str]] = []
        self._common_of: list[str] = []  # what they were looked up for

    def places(self, codes: Iterable[str]) -> dict[str, Node]:
        """Return the places with these codes, children of each other where they are."""
        wanted = [code for code in codes if code not in self._places]
        if wanted:
            for place in Place.objects.filter(code__in=wanted):
                self._places[place.code] = Node(place.code, place.name, place.parent_id)
        return {code: self._places[code] for code in codes if code in self._places}

    def children_of_places(self, codes: Iterable[str]) -> dict[str, Node]:
        """Return the places directly below any of these."""
        below = Place.objects.filter(parent__in=list(codes)).order_by("code")
        found = {place.code: Node(place.code, place.name, place.parent_id) for place in below}
        self._places |= found
        return found

    def nodes(self, name: str, values: Iterable[str] = ()) -> dict[str, Node]:
        """Return the known values of a facet: all of them, or (of places, which are many) those asked for."""
        if name == "place":
            return self.places(values)
        found: dict[str, Node] = getattr(self, name)
        return found

    def label(self, name: str, value: str) -> str:
        """Return what to call a value."""
        if value == NONE:
            return {"verdict": _("not compared"), "slip": _("no power of ten")}.get(name) or _("not stated")
        node = self.nodes(name, [value]).get(value)
        return node.label if node else value

    def common_words(self, table: str, written: list[str]) -> dict[str, str]:
        """Return, of what is searched for in a table of rows, that of which a set is kept, with the word it is."""
        if self._common_of != written:
            with connection.cursor() as cursor:
                cursor.execute(
                    "select w.source, text, w.lexeme from unnest(%s::text[]) text join cases_commonword w "
                    "on w.complete and quote_literal(w.lexeme) = search_phrase(text)::text",
                    [written],
                )
                self._common = cursor.fetchall()
            self._common_of = written
        return {text: lexeme for source, text, lexeme in self._common if source == table}

    def problems(self, name: str, values: list[str]) -> list[str]:
        """Return why some of these values are not values of the facet."""
        problems: list[str] = []
        has_none = PARAMETERS[name].has_none
        nodes = self.nodes(name, values) if values and name != "year" else {}
        for value in values:
            if value == NONE and has_none:
                continue
            if name == "year":
                if not re.fullmatch("[0-9]{4}", value) or not FIRST_YEAR <= int(value) <= LAST_YEAR:
                    problems.append(_("“%(value)s” is not a year such as 2018") % {"value": value})
            elif value not in nodes:
                problems.append(_HINTS.get(name, _no_hint)(value))
        return problems


def _choices(choices: Any) -> dict[str, Node]:
    return {value: Node(value, str(label)) for value, label in choices.choices}


def _no_hint(value: str) -> str:
    return _("“%(value)s” is not one of its values") % {"value": value}


def _province_hint(value: str) -> str:
    slug = suggest_slug(value)
    if slug:
        return _("“%(value)s” is not a province here; use “%(slug)s”") % {"value": value, "slug": slug}
    return _("“%(value)s” is not a province; use a name such as anhui, national or none") % {"value": value}


def _place_hint(value: str) -> str:
    return _("“%(value)s” is not a place of the gazetteer; use a six-digit GB/T 2260 code") % {"value": value}


_HINTS: dict[str, Callable[[str], str]] = {"province": _province_hint, "place": _place_hint}
