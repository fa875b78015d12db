"""Exact scopes: what the claims of one campaign have to be about to be set beside each other, written as one value.

`net-net-2018~000000~hacking~personal_info` is the campaign, then every place, then every crime type that is stated,
with `~` between, which no code has. What a scope does not name is not stated in its figures either.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from cases.models import Place
from cases.search.vocabulary import Node, Vocabulary

BETWEEN = "~"


class ScopeError(ValueError):
    """A text that names no scope; the message says which part of it is wrong."""


@dataclass(frozen=True)
class Scope:
    """A campaign with the places and crime types that are stated, those that they are part of included."""

    campaign: tuple[str, ...]
    place: tuple[str, ...]
    crime_type: tuple[str, ...]

    @property
    def condition(self) -> Q:
        """What holds for the search rows of figures of this scope."""
        condition = Q(case_id=None)
        for name, codes in (("campaign", self.campaign), ("place", self.place), ("crime_type", self.crime_type)):
            held = {f"{name}__contains": list(codes), f"{name}__contained_by": list(codes)}
            condition &= Q(**held) if codes else Q(**{name: []})
        return condition


def written(campaign: str, places: Iterable[str], crime_types: Iterable[str]) -> str:
    """Return a scope as the value of a parameter; places and crime types without those that they are part of."""
    return BETWEEN.join([campaign, *sorted(places), *sorted(crime_types)])


def read(text: str, vocabulary: Vocabulary) -> Scope:
    """Return the scope that a value of the parameter names. Raise ScopeError where it names none."""
    campaign, *codes = text.split(BETWEEN)
    if campaign not in vocabulary.campaign:
        raise ScopeError(_("“%(value)s” is not a campaign") % {"value": campaign})
    named_places = [code for code in codes if re.fullmatch("[0-9]{6}", code)]
    crime_types = [code for code in codes if code not in named_places]
    found = dict(Place.objects.filter(code__in=named_places).values_list("code", "path")) if named_places else {}
    for code in codes:
        if code not in found and code not in vocabulary.crime_type:
            raise ScopeError(_("“%(value)s” is neither a place nor a crime type") % {"value": code})
    paths = [path_of(code, vocabulary.crime_type) for code in crime_types]
    return Scope(tuple(path_of(campaign, vocabulary.campaign)), _merged(found.values()), _merged(paths))


def said(text: str, vocabulary: Vocabulary) -> str:
    """Return a scope in words, as far as its parts are known."""
    campaign, *codes = text.split(BETWEEN)
    names = [vocabulary.label("campaign", campaign)]
    places = [code for code in codes if re.fullmatch("[0-9]{6}", code)]
    names += [node.label for node in vocabulary.places(places).values()]
    names += [vocabulary.label("crime_type", code) for code in codes if code not in places]
    return " · ".join(names)


def path_of(code: str, nodes: dict[str, Node]) -> list[str]:
    """Return a node of a tree with what it is part of, from the root."""
    node = nodes[code]
    return [*(path_of(node.parent, nodes) if node.parent else []), code]


def narrowest(codes: Iterable[str], nodes: dict[str, Node]) -> list[str]:
    """Return the nodes of a tree that none of the others is part of."""
    found = list(codes)
    above = {nodes[code].parent for code in found if code in nodes}
    return [code for code in found if code not in above]


def _merged(paths: Iterable[list[str]]) -> tuple[str, ...]:
    return tuple(sorted({code for path in paths for code in path}))
