"""Where the words of a search stand in a text, as the index of the database would find them, and marked there."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from html import escape
from itertools import chain

import snowballstemmer

from cases.fulltext import CHINESE, LETTER, MAY_BE_SILENT, POINT, SILENT, STOP_WORDS, WORDS, Term, fold

_stemmer = snowballstemmer.stemmer("english")


@dataclass(frozen=True)
class Found:
    """Where a term stands in a text, in code points."""

    start: int
    end: int


class Words:
    """The words of a text, for several searches."""

    def __init__(self, text: str) -> None:
        self._letters, self._origin = _letters(text)

    @cached_property
    def _words(self) -> list[tuple[int, int, str]]:
        return [(m.start(), m.end(), _stem(m[0])) for m in WORDS.finditer(self._letters)]

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        """Where each word stands among the words; those of Chinese are under the empty string."""
        places: dict[str, list[int]] = {}
        for i, (_start, _end, word) in enumerate(self._words):
            places.setdefault("" if CHINESE.match(word) else word, []).append(i)
        return places

    def find(self, terms: Iterable[Term]) -> list[Found]:
        """Return where any of the terms stands, from left to right, without overlaps."""
        found = [
            Found(self._origin[start], self._origin[end - 1] + 1)
            for term in terms
            for alternative in term.alternatives
            if (wanted := _wanted(alternative))
            for start, end in self._stretches(wanted)
        ]
        merged: list[Found] = []
        for hit in sorted(found, key=lambda f: (f.start, -f.end)):
            if merged and hit.start < merged[-1].end:
                merged[-1] = Found(merged[-1].start, max(merged[-1].end, hit.end))
            else:
                merged.append(hit)
        return merged

    def _stretches(self, wanted: tuple[str | None, ...]) -> Iterator[tuple[int, int]]:
        """Yield where words stand. What stands about a word is asked only of neighbours, and where the first is met."""
        first = wanted[0] or ""
        number = first[0].isdecimal()
        if len(wanted) == 1 and not number:
            yield from self._alone(first)
        elif number or next(self._alone(first), None):
            yield from _neighbours(wanted, self._words, self._places)

    def _alone(self, word: str) -> Iterator[tuple[int, int]]:
        """Yield where a word stands: Chinese as characters, any other in all its forms."""
        if CHINESE.match(word):
            found = self._letters.find(word)
            while found >= 0:
                yield found, found + len(word)
                found = self._letters.find(word, found + 1)
            return
        beginning = _beginning(word)
        if beginning in self._letters:
            yield from (m.span() for m in _beginning_with(beginning).finditer(self._letters) if _stem(m[0]) == word)


def find(terms: Iterable[Term], text: str) -> list[Found]:
    """Return where any of the terms stands in a text, from left to right, without overlaps."""
    return Words(text).find(terms)


@lru_cache(maxsize=1_000)
def _wanted(alternative: str) -> tuple[str | None, ...]:
    """Return the words of what is searched for, from the first to the last that counts; a stop word is None."""
    wanted = [None if m[0] in STOP_WORDS else _stem(m[0]) for m in WORDS.finditer(alternative)]
    while wanted and wanted[-1] is None:
        wanted.pop()
    while wanted and wanted[0] is None:
        wanted.pop(0)
    return tuple(wanted)


def _neighbours(
    wanted: Sequence[str | None], words: list[tuple[int, int, str]], places: dict[str, list[int]]
) -> Iterator[tuple[int, int]]:
    """Yield where neighbours stand among the words of a text. A stop word among them stands for any word."""
    first, last = wanted[0] or "", wanted[-1] or ""
    from_chinese, to_chinese = CHINESE.match(first), CHINESE.match(last)
    begins = places.get("" if from_chinese else first, [])
    # Chinese at either end may be part of a longer run there, which its neighbour ends.
    for i in begins:
        if i + len(wanted) > len(words):
            break
        ends = words[i + len(wanted) - 1]
        if (
            (not from_chinese or words[i][2].endswith(first))
            and (ends[2].startswith(last) if to_chinese else ends[2] == last)
            and all(word in (None, words[i + n][2]) for n, word in enumerate(wanted[1:-1], 1))
        ):
            yield (
                words[i][1] - len(first) if from_chinese else words[i][0],
                ends[0] + len(last) if to_chinese else ends[1],
            )


def _beginning(stem: str) -> str:
    """Return how all words of a stem begin: they differ from it in its last two letters at most, but for dying, skies
    and the like, of which one letter is left.
    """
    return stem[:-2] if len(stem) >= 5 else stem[:1]


@lru_cache(maxsize=1_000)
def _beginning_with(letters: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!{LETTER}){re.escape(letters)}{LETTER}*")


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    return str(_stemmer.stemWord(word)) if word.isascii() else word


@lru_cache(maxsize=20_000)
def _letter(character: str) -> str:
    return fold(character)


def _letters(text: str) -> tuple[str, Sequence[int]]:
    """Return a text folded, and for each of its letters the place in the text that it comes from."""
    origin: Sequence[int]
    if text.isascii():
        joined, origin = text.lower(), range(len(text))
    else:
        folded = [_letter(character) for character in text]
        joined = "".join(folded)
        origin = [i for i, letters in enumerate(folded) for _letter_of in letters]
    silent = [m.span() for m in SILENT.finditer(joined)] if MAY_BE_SILENT.search(joined) else []
    if silent:
        bounds = [0, *chain.from_iterable(silent), len(joined)]
        heard = [slice(*pair) for pair in zip(bounds[::2], bounds[1::2], strict=True)]
        origin = [place for part in heard for place in origin[part]]
        joined = "".join(joined[part] for part in heard)
    return POINT.sub(".", joined), origin


def marked(text: str, found: Iterable[Found], start: int = 0, end: int | None = None) -> str:
    """Return a stretch of a text as safe HTML with what was found in <mark>."""
    end = len(text) if end is None else end
    parts: list[str] = []
    at = start
    for hit in found:
        if hit.end <= start or hit.start >= end:
            continue
        left, right = max(hit.start, start), min(hit.end, end)
        parts += [escape(text[at:left]), "<mark>", escape(text[left:right]), "</mark>"]
        at = right
    parts.append(escape(text[at:end]))
    return "".join(parts)


def excerpt(text: str, found: list[Found], first: int = 0, last: int | None = None, around: int = 90) -> str:
    """Return safe HTML of the stretch of a text around the first hits, cut at spaces where there are any.

    Nothing before `first` and from `last` on is shown.
    """
    if not found:
        return ""
    last = len(text) if last is None else last
    start, end = max(first, found[0].start - around), min(last, found[0].end + around)
    if start and (space := text.find(" ", start, found[0].start)) >= 0:
        start = space + 1
    if end < len(text) and (space := text.rfind(" ", found[0].end, end)) >= 0:
        end = space
    return f"{'…' if start else ''}{marked(text, found, start, end)}{'…' if end < len(text) else ''}"
