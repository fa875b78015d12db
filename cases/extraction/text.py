"""A text made ready to be read: its twin without differences of width, script and case, its words and its sentences.

The twin has a character for each character of the text, so that a place in one is a place in the other.
"""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final, NamedTuple

from cases.extraction import rules
from cases.fulltext import CJK, simplified

# Marks that stand for one another, each one character.
_MARKS: Final = str.maketrans("‘’‛ʼ´`“”„‟«»「」『』‐‑‒–—―−·•‧・∙⋅", '\'\'\'\'\'\'""""""""""-------······')
_WORD = re.compile(r"[0-9]+(?:[.,][0-9]+)*|[^\W\d_㐀-鿿]+(?:'[a-z]{1,2}\b)?")
# A sentence ends at its mark; in English only where white space follows and a word was longer than an initial.
_SENTENCE = re.compile(
    r"[。！？；\n\r\v\f\x1c-\x1e\x85\u2028\u2029]|[!?;](?=[\s一-鿿])|(?<=[^\W\d_][^\W\d_])[.][\"')]*(?=\s)|(?<=[0-9)%])[.](?=\s+[A-Z\"])"
)
_CLAUSE = re.compile(r"[，,：:、()\[\]]|\s-+\s|--")
_CJK = re.compile(f"[{CJK}]")
_LATIN = re.compile(r"[A-Za-z]+")
# Abbreviations that a full stop belongs to.
_ABBREVIATED: Final = rules.words("abbreviations")


@cache
def _folding() -> dict[int, int]:
    wide = {0xFF01 + n: 0x21 + n for n in range(94)}
    small = {ord(c): ord(c) + 32 for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
    spaces = dict.fromkeys((0xA0, 0x2002, 0x2003, 0x2009, 0x202F, 0x3000), 0x20)
    wide |= {0xFF21 + n: 0x61 + n for n in range(26)}
    marks = {
        ord("，"): ord("，"),
        ord("："): ord("："),
        ord("；"): ord("；"),
        ord("！"): ord("！"),
        ord("？"): ord("？"),
    }
    han = {ord(chr(c)): ord(s) for c, s in simplified().items() if len(s) == 1}
    return {**han, **_MARKS, **wide, **marks, **spaces, **small}


class Word(NamedTuple):
    """A word or number in Latin letters, in small letters."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Source:
    """A text with what all recognisers need of it."""

    text: str

    @cached_property
    def folded(self) -> str:
        """The twin: small letters, simplified characters, narrow forms."""
        return self.text.translate(_folding())

    @cached_property
    def chinese(self) -> bool:
        """Whether it is written in Chinese: a Chinese character says as much as a whole word of English."""
        han = len(_CJK.findall(self.text))
        return han > len(_LATIN.findall(self.text)) and han > 0

    @cached_property
    def has_chinese(self) -> bool:
        return _CJK.search(self.text) is not None

    @cached_property
    def words(self) -> list[Word]:
        """The words in Latin letters, and numbers."""
        return [Word(m[0], *m.span()) for m in _WORD.finditer(self.folded)]

    @cached_property
    def word_texts(self) -> list[str]:
        return [word.text for word in self.words]

    @cached_property
    def word_places(self) -> dict[str, list[int]]:
        """Where in the row of words each of them stands."""
        places: dict[str, list[int]] = {}
        for n, text in enumerate(self.word_texts):
            places.setdefault(text, []).append(n)
        return places

    @cached_property
    def word_starts(self) -> list[int]:
        return [word.start for word in self.words]

    @cached_property
    def sentence_ends(self) -> list[int]:
        """Where sentences end, the mark included."""
        ends = []
        for m in _SENTENCE.finditer(self.folded):
            if m[0][0] == ".":
                before = self.word_before(m.start())
                if before and before.end == m.start() and before.text in _ABBREVIATED:
                    continue
            ends.append(m.end())
        return ends

    @cached_property
    def clause_ends(self) -> list[int]:
        """Where clauses end, sentences included; a comma inside a number does not end one."""
        folded = self.folded
        ends = {
            m.end()
            for m in _CLAUSE.finditer(folded)
            if not (
                m[0] in ",:" and m.end() < len(folded) and folded[m.end()].isdigit() and folded[m.start() - 1].isdigit()
            )
        }
        return sorted(ends.union(self.sentence_ends))

    def word_before(self, at: int) -> Word | None:
        """Return the last word that begins before a place."""
        n = bisect_left(self.word_starts, at)
        return self.words[n - 1] if n else None

    def sentence(self, at: int) -> tuple[int, int]:
        """Return where the sentence around a place begins and ends."""
        return _around(self.sentence_ends, at, len(self.text))

    def clause(self, at: int) -> tuple[int, int]:
        """Return where the clause around a place begins and ends."""
        return _around(self.clause_ends, at, len(self.text))


def _around(ends: list[int], at: int, length: int) -> tuple[int, int]:
    n = bisect_right(ends, at)
    return (ends[n - 1] if n else 0), (ends[n] if n < len(ends) else length)
