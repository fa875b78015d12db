"""Two texts side by side: what stands in both, what in one only, and which of it are numbers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

# Sentences are compared first, and words only within those that differ, so that long texts take little time.
_BETWEEN_SENTENCES = re.compile(r"(?<=[.!?])(?=\s)|(?<=[。！？；\n])")
_WORD = re.compile(
    r"\d[\d,.]*(?:[万亿千百十余多]+|%)?|[零一二两三四五六七八九十百千万亿]+[余多]?|[^\W\d_㐀-鿿]+|\s+|.", re.DOTALL
)
_NUMBER = re.compile(r"\d|[零一二两三四五六七八九十百千万亿]{2,}")
MOST_WORDS, MOST_CHARACTERS = 2000, 50_000

Kind = Literal["same", "gone", "new"]


@dataclass(frozen=True)
class Piece:
    """A part of two texts: in both, in the first only (gone), or in the second only (new)."""

    kind: Kind
    text: str
    is_number: bool = False


def compared(one: str, other: str) -> list[Piece]:
    """Return the pieces of two texts, from left to right; numbers that differ are pieces of their own.

    Of very long texts only the beginnings are compared.
    """
    return list(_joined(_pieces(one[:MOST_CHARACTERS], other[:MOST_CHARACTERS])))


def _pieces(one: str, other: str) -> Iterator[Piece]:
    first, second = _BETWEEN_SENTENCES.split(one), _BETWEEN_SENTENCES.split(other)
    for tag, a, b, c, d in SequenceMatcher(None, first, second).get_opcodes():
        gone, new = "".join(first[a:b]), "".join(second[c:d])
        if tag == "equal":
            yield Piece("same", gone)
            continue
        words, others = _WORD.findall(gone), _WORD.findall(new)
        if len(words) > MOST_WORDS or len(others) > MOST_WORDS:
            yield from _told("gone", words)
            yield from _told("new", others)
            continue
        for tag_, e, f, g, h in SequenceMatcher(None, words, others).get_opcodes():
            if tag_ == "equal":
                yield Piece("same", "".join(words[e:f]))
            else:
                yield from _told("gone", words[e:f])
                yield from _told("new", others[g:h])


def _told(kind: Kind, words: list[str]) -> Iterator[Piece]:
    for word in words:
        yield Piece(kind, word, bool(_NUMBER.search(word)))


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Put neighbours of one kind together."""
    last: Piece | None = None
    for piece in pieces:
        if not piece.text:
            continue
        if last and (last.kind, last.is_number) == (piece.kind, piece.is_number):
            last = Piece(last.kind, last.text + piece.text, last.is_number)
        else:
            if last:
                yield last
            last = piece
    if last:
        yield last
