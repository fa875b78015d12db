"""Terms looked for in a text, all of them in one pass: the longest that begins at a place, in either script.

Chinese terms are characters in a row; others are words in a row, whatever stands between them on the line.
"""

import re
from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import Final, Generic, NamedTuple, TypeVar

from cases.extraction.text import Source
from cases.fulltext import CJK

T = TypeVar("T")
_LED: Final = 8  # Latin letters that may lead a Chinese term: POS机, QQ群
_CHINESE: Final = re.compile(f"[{CJK}][^\\n]*?(?=[\\x00-\\x7f]{{{_LED + 4}}}|\\n|$)")


class Hit(NamedTuple, Generic[T]):
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
        self._endings: dict[str, list[int]] = {}
        for term in self._chinese:
            self._endings.setdefault(term[-2:], []).append(len(term))
        self._lengths = {start: sorted(set(found), reverse=True) for start, found in self._lengths.items()}
        self._endings = {end: sorted(set(found), reverse=True) for end, found in self._endings.items()}
        # The numbers of words that terms with one first word have, the longest first; and their second words.
        self._word_counts = {
            first: sorted({len(words) for words in found}, reverse=True) for first, found in self._latin.items()
        }
        self._seconds = {first: {words[1] for words in found if words[1:]} for first, found in self._latin.items()}

    def hits(self, source: Source) -> list[Hit[T]]:
        """Return the terms of a text from left to right; none overlaps another of its script."""
        chinese = self._chinese_hits(source.folded) if source.has_chinese else ()
        return sorted([*chinese, *self._latin_hits(source)], key=itemgetter(0))

    def ending_at(self, folded: str, end: int) -> Hit[T] | None:
        """Return the longest Chinese term that ends at a place of a folded text."""
        for length in self._endings.get(folded[max(0, end - 2) : end], ()):
            term = folded[end - length : end] if end >= length else ""
            if term in self._chinese:
                return Hit(end - length, end, self._chinese[term])
        return None

    def _chinese_hits(self, folded: str) -> Iterator[Hit[T]]:
        lengths, terms, free = self._lengths, self._chinese, 0
        for run in _CHINESE.finditer(folded):
            low, high = max(run.start() - _LED, free), run.end()
            for at, pair in enumerate(map(str.__add__, folded[low:high], folded[low + 1 : high]), low):
                if pair in lengths and at >= free:
                    for length in lengths[pair]:
                        term = folded[at : at + length]
                        if term in terms:
                            free = at + len(term)
                            yield Hit(at, free, terms[term])
                            break

    def _latin_hits(self, source: Source) -> Iterator[Hit[T]]:
        words, texts, counts, free = source.words, source.word_texts, self._word_counts, 0
        folded, seconds, final = source.folded, self._seconds, len(texts) - 1
        firsts = sorted(n for text in source.word_places.keys() & counts.keys() for n in source.word_places[text])
        for n in firsts:
            if n < free:
                continue
            text = texts[n]
            terms = self._latin[text]
            for count in counts[text] if n < final and texts[n + 1] in seconds[text] else (1,):
                term = tuple(texts[n : n + count]) if count > 1 else (text,)
                if len(term) < count or term not in terms:
                    continue
                last = n + count - 1
                if n == last or all(_joined(folded[words[k].end : words[k + 1].start]) for k in range(n, last)):
                    free = n + count
                    yield Hit(words[n].start, words[last].end, terms[term])
                    break


def _joined(between: str) -> bool:
    """Say whether two words are neighbours: a space, a hyphen, a quotation mark, but no other mark and no new line."""
    return between == " " or (len(between) <= 3 and not between.strip(" -'\"\t·&/"))
