"""What a number counts: money, a share, or things of a class that the tables know."""

import re
from collections.abc import Iterator

from cases.extraction import chinese_counts, english_counts, rules
from cases.extraction.counting import MONEY, PERCENT, Context, Counted
from cases.extraction.lexicon import Hit, Lexicon
from cases.extraction.quantities import Quantity
from cases.extraction.text import Source

_PERCENT = re.compile(r"\s?%|[\s-]?per ?cent\b|[\s-]percentage points?\b|\s?个百分点")
_TENTHS = re.compile(r"成(?P<half>半)?(?=[，。、；;,.)\s以左多是为]|$)")  # 四成, 三成半
_QUALIFIED_BEHIND = re.compile("|".join(words for words in rules.qualifiers("zh", "after") if len(words) > 1))
_CURRENCY_BEHIND = re.compile(rf"[ -]?({rules.any_of(rules.currencies('after'))})")
_CURRENCY_BEFORE = re.compile(rf"({rules.any_of(rules.currencies('before'))}) *$")


class Counter:
    """Finds what the numbers of a text count."""

    def __init__(self) -> None:
        self._nouns = Lexicon(rules.nouns())
        self._verbs = Lexicon(rules.verbs())

    def verbs(self, source: Source) -> list[Hit[frozenset[str]]]:
        """Return the words for what is done, where they stand."""
        return self._verbs.hits(source)

    def counted(self, source: Source, found: list[Quantity], verbs: list[Hit[frozenset[str]]]) -> Iterator[Counted]:
        """Give the quantities that count something."""
        text = Context(source, self._nouns.hits(source), verbs, [quantity.start for quantity in found])
        for quantity in found:
            counted = _money(text, quantity) or _percent(text, quantity) or self._things(text, quantity)
            if counted:
                counted = _with_word_behind(text, counted)
                if counted.kind in rules.classes():
                    text.last = counted
                yield counted

    def _things(self, text: Context, quantity: Quantity) -> Counted | None:
        if _in_chinese(text, quantity):
            return chinese_counts.read(text, self._nouns, quantity)
        return english_counts.read(text, quantity)


def _with_word_behind(text: Context, counted: Counted) -> Counted:
    """Take in the qualifier behind what is counted: 50人以上, 3万元左右."""
    behind = _QUALIFIED_BEHIND.match(text.folded, counted.end)
    if not behind or counted.quantity.qualifier != "exact":
        return counted
    quantity = counted.quantity._replace(qualifier=rules.qualifiers("zh", "after")[behind[0]])
    return counted._replace(quantity=quantity, end=behind.end())


def _in_chinese(text: Context, quantity: Quantity) -> bool:
    around = text.folded[max(0, quantity.start - 2) : quantity.start] + text.folded[quantity.end : quantity.end + 3]
    return any("一" <= c <= "鿿" for c in around) or text.source.chinese


def _money(text: Context, quantity: Quantity) -> Counted | None:
    behind = _CURRENCY_BEHIND.match(text.folded, quantity.end)
    before = _CURRENCY_BEFORE.search(text.folded, quantity.start, quantity.at) if quantity.start < quantity.at else None
    known = rules.currencies("before")[before[1]] if before else None
    if behind:
        unit = rules.currencies("after")[behind[1]]
        known_too = unit and known != ""  # 新台币8亿元 is of no known unit
        return Counted(quantity, MONEY, unit, quantity.start, behind.end()) if known_too else None
    return Counted(quantity, MONEY, known, quantity.start, quantity.end) if known else None


def _percent(text: Context, quantity: Quantity) -> Counted | None:
    found = _PERCENT.match(text.folded, quantity.end)
    if found:
        return Counted(quantity, PERCENT, "percent", quantity.start, found.end())
    tenths = _TENTHS.match(text.folded, quantity.end) if 1 <= quantity.value < 10 else None
    if tenths:
        value = quantity.value * 10 + (5 if tenths["half"] else 0)
        return Counted(quantity._replace(value=value), PERCENT, "percent", quantity.start, tenths.end())
    if text.folded.endswith("百分之", 0, quantity.at):
        return Counted(quantity, PERCENT, "percent", min(quantity.start, quantity.at - 3), quantity.end)
    return None
