"""What a number counts: money, a share, or things of a class that the tables know."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from cases.extraction import rules
from cases.extraction.lexicon import Hit, Lexicon
from cases.extraction.quantities import Quantity
from cases.extraction.text import Source, Word

_THEM: Final = frozenset(("them", "which", "whom", "these", "those"))
MONEY, PERCENT, THING, PERSON = "money", "percent", "thing", "person"

# English words that end the words between a number and what it counts.
_ENDS: Final = rules.words("ends")
_VERB_TO_BE: Final = rules.words("to be")
# What a counted group is made of comes behind it: pieces of, sets of.
_MADE_OF: Final = rules.words("made of")
# What may stand between a Chinese noun and its number.
_FILLER = re.compile(
    r"(?:[\s\"'等共计达为有各已也仅只就上数\)]|累计|总计|合计|达到|高达|多达|分别|增至|上升至|升至|数量|总数|规模|总额|"
    r"涉及|已达|总金额|金额|人民币|最多|超过|大约|近|约|逾|超|\([^()]{0,8}\)|\[[^\[\]]{0,8}\])*"
)
_BEHIND = re.compile(
    r"\s?(?:个?(?=[省市县国](?:[^家级区份市]|$))([省市县国])|(人次|家次|件次|次家|[名人位个起宗件案伙支处间家条款部台套只块张枚把发本副份篇次场类种组辆栋艘笔]))"
)
_BRACKET = re.compile(r"\([^()]{1,4}\)")
_STOP_ZH = re.compile(r"[，。；;！？、,:：()\n]")
_HAN_NUMBER = re.compile(r"[一二两三四五六七八九十百千万]+$")


@dataclass(frozen=True, slots=True)
class Counted:
    """A quantity with what it counts: the class, the unit, and from where to where the words reach."""

    quantity: Quantity
    kind: str
    unit: str
    start: int
    end: int
    head: int


class Counter:
    """Finds what the numbers of a text count."""

    def __init__(self) -> None:
        self._nouns = Lexicon(rules.nouns())
        self._verbs = Lexicon(rules.verbs())

    def counted(self, source: Source, found: list[Quantity]) -> Iterator[Counted]:
        """Give the quantities that count something."""
        nouns = self._nouns.hits(source)
        verbs = {hit.start for hit in self._verbs.hits(source)}
        reader = _Reader(source, nouns, verbs, [q.start for q in found])
        for quantity in found:
            counted = reader.read(quantity)
            if counted:
                yield counted

    def verbs(self, source: Source) -> list[Hit[frozenset[str]]]:
        """Return the words for what is done, where they stand."""
        return self._verbs.hits(source)


class _Reader:
    """One text with its nouns, verbs and numbers."""

    def __init__(self, source: Source, nouns: list[Hit[str]], verbs: set[int], numbers: list[int]) -> None:
        self._source = source
        self._folded = source.folded
        self._nouns = nouns
        self._starts = [noun.start for noun in nouns]
        self._ends = sorted(noun.end for noun in nouns)
        self._by_start = {noun.start: noun for noun in nouns}
        self._by_end = {noun.end: noun for noun in nouns}
        self._verbs = verbs
        self._numbers = numbers
        self._last: Counted | None = None

    def read(self, quantity: Quantity) -> Counted | None:
        """Return what a quantity counts, if anything; quantities are read in their order."""
        counted = self._read(quantity)
        self._last = counted if counted and counted.kind in rules.classes() else self._last
        return counted

    def _read(self, quantity: Quantity) -> Counted | None:
        return (
            self._money(quantity)
            or self._percent(quantity)
            or (self._chinese(quantity) if self._in_chinese(quantity) else self._english(quantity))
        )

    def _in_chinese(self, quantity: Quantity) -> bool:
        around = (
            self._folded[max(0, quantity.start - 2) : quantity.start] + self._folded[quantity.end : quantity.end + 3]
        )
        return any("一" <= c <= "鿿" for c in around) or self._source.chinese

    # --- money and shares ---

    def _money(self, quantity: Quantity) -> Counted | None:
        folded, end = self._folded, quantity.end
        gap = 1 if folded[end : end + 1] in (" ", "-") else 0
        rest = folded[end + gap : end + gap + 24]
        for words, unit in rules.currencies("after").items():
            if not rest.startswith(words):
                continue
            behind = rest[len(words) : len(words) + 1]
            if words[-1].isascii() and words[-1].isalpha() and behind.isascii() and behind.isalpha():
                continue
            if not unit:
                return None
            return Counted(quantity, MONEY, unit, quantity.start, end + gap + len(words), quantity.at)
        before = folded[quantity.start : quantity.at]
        spaced = before.rstrip(" ")
        for words, unit in rules.currencies("before").items():
            if spaced.endswith(words) and unit:
                start, stop = quantity.start, end
                return Counted(quantity, MONEY, unit, start, stop, quantity.at)
        return None

    def _percent(self, quantity: Quantity) -> Counted | None:
        folded, end = self._folded, quantity.end
        rest = folded[end : end + 20]
        found = re.match(r"\s?%|[\s-]?per ?cent\b|[\s-]percentage points?\b|\s?个百分点", rest)
        if found:
            return Counted(quantity, PERCENT, "percent", quantity.start, end + found.end(), quantity.at)
        if folded.endswith("百分之", 0, quantity.at):
            return Counted(quantity, PERCENT, "percent", min(quantity.start, quantity.at - 3), end, quantity.at)
        return None

    # --- Chinese ---

    def _chinese(self, quantity: Quantity) -> Counted | None:
        folded, end = self._folded, quantity.end
        behind = len(folded[end : end + 2]) - len(folded[end : end + 2].lstrip(" "))
        rest = folded[end + behind : end + behind + 6]
        if any(rest.startswith(term) for term in rules.not_counted("zh") if rest[:1] == term[:1]):
            return None
        direct = self._by_start.get(end + behind)
        if direct and len(direct.meaning) and not _BEHIND.match(folded[end : end + 4]):
            return self._made(quantity, direct.meaning, quantity.start, direct.end)
        measure = _BEHIND.match(folded, end)
        if measure is None:
            if direct:
                return self._made(quantity, direct.meaning, quantity.start, direct.end)
            noun = self._noun_before(quantity)
            closed = not rest or rest[0] in "。，；、,;)\n\r"
            if noun and closed and not quantity.words:
                return self._made(quantity, noun.meaning, noun.start, end)
            return None
        return self._with_classifier(quantity, measure[1] or measure[2], measure.end())

    def _with_classifier(self, quantity: Quantity, classifier: str, end: int) -> Counted | None:
        bracket = _BRACKET.match(self._folded, end)
        end = bracket.end() if bracket else end
        noun = self._noun_before(quantity)
        if noun and self._fits(noun.meaning, classifier):
            return self._made(quantity, noun.meaning, noun.start, end)
        behind = self._noun_behind(end, classifier)
        if behind:
            return self._made(quantity, behind.meaning, quantity.start, behind.end)
        kind = rules.classifiers().get(classifier)
        if kind is None or (quantity.words and quantity.value < 10 and kind != PERSON):
            return None
        return self._made(quantity, kind, quantity.start, end)

    def _fits(self, kind: str, classifier: str) -> bool:
        return classifier[0] in rules.classes()[kind][1]

    def _noun_before(self, quantity: Quantity) -> Hit[str] | None:
        n = bisect_left(self._ends, quantity.start + 1) - 1
        if n < 0 or quantity.start - self._ends[n] > 16:
            return None
        end = self._ends[n]
        return self._by_end[end] if _FILLER.fullmatch(self._folded, end, quantity.start) else None

    def _noun_behind(self, at: int, classifier: str) -> Hit[str] | None:
        stop = _STOP_ZH.search(self._folded, at, at + 40)
        limit = stop.start() if stop else at + 40
        n = bisect_left(self._numbers, at)
        if n < len(self._numbers):
            limit = min(limit, self._numbers[n])
        weak = None
        for noun in self._nouns[bisect_left(self._starts, at) :][:8]:
            if noun.start >= limit:
                break
            if self._fits(noun.meaning, classifier):
                if noun.meaning not in ("crime", "pinfo"):
                    return noun
                weak = weak or noun
        return weak

    # --- English ---

    def _english(self, quantity: Quantity) -> Counted | None:
        words = self._source.words
        first = bisect_left(self._source.word_starts, quantity.end)
        head: Hit[str] | None = None
        generic: Word | None = None
        place, last, free = first, quantity.end, 0
        while place < len(words) and place - first < 14:
            word = words[place]
            gap = self._folded[last : word.start]
            if gap.strip(" '\"-&/") and not (head is None and gap.strip() in (",", "(", ") ", "'s") and place > first):
                break
            if place == first and word.text in rules.not_counted("en"):
                return None
            noun = self._by_start.get(word.start)
            if noun:
                if noun.end == word.end and word.text in _MADE_OF and self._of(words, place):
                    generic = generic or word
                    last, place = words[place + 1].end, place + 2
                    continue
                if head and free == 0 and _plural(self._folded[head.start : head.end].rpartition(" ")[2]):
                    break
                head, last, free = noun, noun.end, 0
                place = bisect_left(self._source.word_starts, noun.end)
                continue
            if word.text in _MADE_OF and self._of(words, place):
                last, place = words[place + 1].end, place + 2
                continue
            if word.text in _ENDS or word.text[0].isdigit():
                break
            if word.text in ("and", "or"):
                if head or generic:
                    break
            elif head:
                free += 1
                if free > 1 or word.start in self._verbs or word.text.endswith(("ed", "ing")):
                    break
            elif word.text in rules.not_counted("en"):
                return None
            elif _plural(word.text) and not self._source.text[word.start].isupper():
                generic = word
            last, place = word.end, place + 1
        if head:
            if quantity.words and quantity.value == 1 and head.meaning not in _PERSONS:
                return None
            return self._made(quantity, head.meaning, quantity.start, head.end)
        if generic and not (quantity.words and quantity.value == 1):
            return Counted(quantity, THING, "items", quantity.start, generic.end, quantity.at)
        return self._elliptic(quantity, words, first)

    @staticmethod
    def _of(words: list[Word], place: int) -> bool:
        return place + 1 < len(words) and words[place + 1].text == "of"

    def _elliptic(self, quantity: Quantity, words: list[Word], first: int) -> Counted | None:
        """Read "12 arrested", "two had been sentenced", "over 300 were industry insiders"."""
        if first >= len(words) or self._folded[quantity.end : words[first].start].strip(" ,"):
            return None
        word = words[first]
        if word.text == "of" and first + 1 < len(words) and words[first + 1].text in _THEM and self._last:
            if self._last.end > self._source.sentence(quantity.at)[0]:
                return self._made(quantity, self._last.kind, quantity.start, words[first + 1].end)
            return None
        if word.text == "who":
            return self._made(quantity, PERSON, quantity.start, quantity.end)
        if word.text in _VERB_TO_BE and not (quantity.words and quantity.value == 1):
            _, limit = self._source.clause(word.end)
            for noun in self._nouns[bisect_left(self._starts, word.end) :][:3]:
                if noun.start < min(limit, word.end + 40) and noun.meaning in _PERSONS:
                    return self._made(quantity, noun.meaning, quantity.start, noun.end)
            return Counted(quantity, PERSON, "persons", quantity.start, word.end, quantity.at)
        if word.start in self._verbs and word.text.endswith(("ed", "ght", "eld")) and not _looks_like_year(quantity):
            return Counted(quantity, PERSON, "persons", quantity.start, word.end, quantity.at)
        return None

    def _made(self, quantity: Quantity, kind: str, start: int, end: int) -> Counted:
        return Counted(
            quantity, kind, rules.classes()[kind][0], min(start, quantity.start), max(end, quantity.end), start
        )


_PERSONS: Final = rules.words("classes of persons")


def _plural(word: str) -> bool:
    return len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is", "ous"))


def _looks_like_year(quantity: Quantity) -> bool:
    return 1900 <= quantity.value <= 2100 and quantity.end - quantity.at == 4
