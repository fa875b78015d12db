"""Addresses of a list: the state it is in, as parameters and as a sentence, and the states one step away."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from cases.search import scopes
from cases.search.kinds import Kind
from cases.search.parameters import PARAMETERS, Query, in_order, of_kind
from cases.search.surroundings import WORDS, Chip, Part
from cases.search.vocabulary import Vocabulary


def name_of(key: str) -> str:
    """Return the parameter that a key names: province for province.not."""
    return key.removesuffix(".not")


class Addresses:
    """What of a list its parameters alone decide. `at` is the page that its links lead to."""

    kind: Kind
    query: Query
    vocabulary: Vocabulary
    at: str
    errors: list[tuple[str, str]]

    def address(self, pairs: Sequence[tuple[str, str]], suffix: str = "/") -> str:
        """Return the address of the list with these parameters, as a page or (".csv") in another format."""
        path = self.at if suffix == "/" else self.kind.url.rstrip("/") + suffix
        return f"{path}?{urlencode(in_order(pairs))}" if pairs else path

    def list_with(self, name: str, value: str) -> str:
        """Return the address of the list with a facet's choice replaced by one value."""
        return f"{self.kind.url}?{urlencode(in_order([*self.pairs(without=(name,)), (name, value)]))}"

    def pairs(self, *, without: Iterable[str] = (), page: bool = False) -> list[tuple[str, str]]:
        """Return the canonical parameters, without some; a page number belongs to one state of the list only."""
        dropped = {*without, *(() if page else ("page", "cursor"))}
        return [(name, value) for name, value in self.query.pairs() if name not in dropped]

    def _toggle(self, name: str, value: str) -> str:
        pairs = self.pairs()
        changed = [pair for pair in pairs if pair != (name, value) and pair != (f"{name}.not", value)]
        return self.address(changed if (name, value) in pairs or len(changed) < len(pairs) else [*pairs, (name, value)])

    def _chosen(self) -> Iterator[tuple[str, str, list[str]]]:
        """Yield what is asked for, in the order of the sentence: the parameter, how it is said, its values."""
        for p in of_kind(self.kind.slug):
            if p.name not in WORDS:
                continue
            single = [self.query.get(p.name)] if self.query.get(p.name) else []
            for key, values, words in (
                (p.name, self.query.chosen.get(p.name, single), WORDS[p.name][0]),
                (f"{p.name}.not", self.query.excluded.get(p.name, []), WORDS[p.name][1]),
            ):
                if values:
                    yield key, str(words), values

    @cached_property
    def sentence(self) -> list[Part]:
        """What is shown, in words; each chosen value can be taken out."""
        return [
            Part(words, [Chip(self._label(name_of(key), value), self._without(key, value)) for value in values])
            for key, words, values in self._chosen()
        ]

    @property
    def title(self) -> str:
        """What is shown, in one line of text."""
        either = f" {_('or')} "
        parts = [f"{part.words} {either.join(chip.label for chip in part.chips)}" for part in self.sentence]
        return " ".join([str(self.kind.label), *parts])

    @cached_property
    def turns(self) -> list[Part]:
        """The chosen values that can be left out instead, and those left out that can be chosen."""
        if self.errors:
            return []  # what is no value cannot be left out either
        turned: dict[str, list[Chip]] = {_("Leave out instead:"): [], _("Show only:"): []}
        for key, _words, values in self._chosen():
            name = name_of(key)
            if PARAMETERS[name].facet:
                other = name if key != name else f"{name}.not"
                said = turned[_("Show only:") if key != name else _("Leave out instead:")]
                for value in values:
                    pairs = [pair for pair in self.pairs() if pair != (key, value)]
                    said.append(Chip(self._label(name, value), self.address([*pairs, (other, value)])))
        return [Part(words, chips) for words, chips in turned.items() if chips]

    def _label(self, name: str, value: str) -> str:
        if name == "scope":
            return scopes.said(value, self.vocabulary)
        return self.vocabulary.label(name, value) if PARAMETERS[name].facet else value

    def _without(self, key: str, value: str) -> str:
        return self.address([pair for pair in self.pairs() if pair != (key, value)])

    @property
    def csv_url(self) -> str:
        return self.address(self.pairs(without=("per_page", "facets")), ".csv")

    @property
    def json_url(self) -> str:
        return self.address(self.pairs(), ".json")

    @property
    def atom_url(self) -> str:
        return self.address(self.pairs(without=("sort", "per_page", "facets")), ".atom")

    @property
    def map_url(self) -> str:
        """The address of the map under the same filters; none of figures, whose parameters it does not take."""
        pairs = in_order(self.pairs(without=("role", "role.not", "sort", "per_page", "facets")))
        return f"{reverse('cases:map')}{'?' if pairs else ''}{urlencode(pairs)}" if self.kind.slug != "figures" else ""

    @property
    def clear_url(self) -> str:
        return self.at

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """The current parameters, for forms that change others."""
        return self.pairs()

    @property
    def hidden_except(self) -> dict[str, list[tuple[str, str]]]:
        """The current parameters without those that a form is about to send itself."""
        apart: dict[str, list[tuple[str, str]]] = {
            p.name: self.pairs(without=(p.name,)) for p in of_kind(self.kind.slug)
        }
        apart["after"] = self.pairs(without=("after", "before"))
        apart["min"] = self.pairs(without=("min", "max"))
        apart["facets"] = self.pairs(without=[p.name for p in of_kind(self.kind.slug) if p.facet])
        return apart

    @property
    def after(self) -> str:
        return self.query.get("after")

    @property
    def before(self) -> str:
        return self.query.get("before")

    @property
    def min(self) -> str:
        return self.query.get("min")

    @property
    def max(self) -> str:
        return self.query.get("max")
