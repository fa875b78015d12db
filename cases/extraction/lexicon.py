"""Terms looked for in a text, all of them in one pass: the longest that begins at a place, in either script.

Chinese terms are characters in a row; others are words in a row, whatever stands between them on the line.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from cases.extraction.text import Source

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Hit(Generic[T]):
    """A term where it stands, and what it means."""

    start: int
    end: int
    meaning: T


class Lexicon(Generic[T]):
    """Terms and what they mean. A term given twice keeps the first meaning."""

    def __init__(self, terms: Iterable[tuple[str, T]]) -> None:
        self._chinese: dict[str, T] = {}
        self._lengths: dict[str, list[int]] = {}
        self._latin: dict[str, dict[tuple[str, ...], T]] = {}
        for term, meaning in terms:
            source = Source(term.strip())
            folded = source.folded
            if folded.isascii():
                words = tuple(word.text for word in source.words)
                if words:
                    self._latin.setdefault(words[0], {}).setdefault(words, meaning)
            elif len(folded) > 1:
                self._chinese.setdefault(folded, meaning)
                self._lengths.setdefault(folded[:2], []).append(len(folded))
        self._lengths = {start: sorted(set(found), reverse=True) for start, found in self._lengths.items()}
        self._by_length = {
            first: sorted(found.items(), key=lambda item: -len(item[0])) for first, found in self._latin.items()
        }

    def hits(self, source: Source) -> list[Hit[T]]:
        """Return the terms of a text from left to right; none overlaps another of its script."""
        return sorted([*self._chinese_hits(source.folded), *self._latin_hits(source)], key=lambda hit: hit.start)

    def _chinese_hits(self, folded: str) -> Iterator[Hit[T]]:
        if folded.isascii() or not self._chinese:
            return
        lengths, terms, free = self._lengths, self._chinese, 0
        for at, pair in enumerate(map(str.__add__, folded, folded[1:])):
            if pair in lengths and at >= free:
                for length in lengths[pair]:
                    term = folded[at : at + length]
                    if term in terms:
                        free = at + length
                        yield Hit(at, free, terms[term])
                        break

    def _latin_hits(self, source: Source) -> Iterator[Hit[T]]:
        words, by_length, n = source.words, self._by_length, 0
        folded = source.folded
        while n < len(words):
            step = 1
            for term, meaning in by_length.get(words[n].text, ()):
                last = n + len(term) - 1
                if last >= len(words) or any(words[n + k].text != part for k, part in enumerate(term) if k):
                    continue
                if all(_joined(folded[words[k].end : words[k + 1].start]) for k in range(n, last)):
                    yield Hit(words[n].start, words[last].end, meaning)
                    step = len(term)
                    break
            n += step


def _joined(between: str) -> bool:
    """Say whether two words are neighbours: a space, a hyphen, a quotation mark, but no other mark and no new line."""
    return len(between) <= 3 and not between.strip(" -'\"\t·&/")
