"""What the readers of both languages know of a text: its numbers, what is counted, what is done."""

from typing import Final, NamedTuple

from cases.extraction import rules
from cases.extraction.lexicon import Hit
from cases.extraction.quantities import Quantity
from cases.extraction.text import Source

MONEY, PERCENT, THING, PERSON = "money", "percent", "thing", "person"
PERSONS: Final = rules.words("classes of persons")


class Counted(NamedTuple):
    """A quantity with what it counts: the class, the unit, and from where to where the words reach."""

    quantity: Quantity
    kind: str
    unit: str
    start: int
    end: int


class Context:
    """One text with its nouns, verbs and numbers, and what was counted last."""

    def __init__(
        self, source: Source, nouns: list[Hit[str]], verbs: list[Hit[frozenset[str]]], numbers: list[int]
    ) -> None:
        self.source = source
        self.folded = source.folded
        self.nouns = nouns
        self.noun_starts = [noun.start for noun in nouns]
        self.noun_at = {noun.start: noun for noun in nouns}
        self.noun_ends = {noun.end: noun for noun in nouns}
        self.verb_at = {verb.start: verb for verb in verbs}
        self.verb_ends = {verb.end: verb for verb in verbs}
        self.numbers = numbers
        self.last: Counted | None = None


def made(quantity: Quantity, kind: str, start: int, end: int) -> Counted:
    """Return a quantity of a class, its words reaching at least over the number."""
    unit = rules.classes()[kind][0]
    return Counted(quantity, kind, unit, min(start, quantity.start), max(end, quantity.end))
