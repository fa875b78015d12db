"""A text as it is shown beside what is drafted from it: cut into pieces, each with what stands there."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

# Digits with their commas and points, and Chinese numerals of two and more; one alone is mostly no number.
_NUMBER = re.compile(r"\d+(?:[,.]\d+)*[万亿千百]*|[零一二两三四五六七八九十百千万亿]{2,}")


@dataclass(frozen=True)
class Mark:
    """What stands somewhere in a text: its kind (figure, campaign, place …) and the row that it belongs to, if any."""

    start: int
    end: int
    kind: str
    row: str = ""
    accepted: bool = False


@dataclass(frozen=True)
class Piece:
    """A part of the text under one mark, or under none."""

    text: str
    mark: Mark | None = None
    case: Mark | None = None  # that begins right here


def pieces(text: str, marks: Iterable[Mark], cases: Iterable[Mark]) -> Iterator[Piece]:
    """Yield the whole text in pieces. Of marks that overlap the first given is kept; cases mark where they begin."""
    kept: list[Mark] = []
    taken = bytearray(len(text))
    for mark in marks:
        if 0 <= mark.start < mark.end <= len(text) and not any(taken[mark.start : mark.end]):
            taken[mark.start : mark.end] = b"\x01" * (mark.end - mark.start)
            kept.append(mark)
    begins = {case.start: case for case in cases if 0 <= case.start < len(text)}
    edges = {0, len(text), *begins}
    for mark in kept:
        edges |= {mark.start, mark.end}
    by_start = {mark.start: mark for mark in kept}
    inside: Mark | None = None
    ordered = sorted(edges)
    for start, end in pairwise(ordered):
        if inside is not None and start >= inside.end:
            inside = None
        inside = by_start.get(start, inside)
        yield Piece(text[start:end], inside, begins.get(start))


def numbers(text: str, apart_from: Iterable[tuple[int, int]]) -> list[Mark]:
    """Return the numbers of a text that do not stand within other things: dates, marks."""
    taken = bytearray(len(text))
    for start, end in apart_from:
        taken[max(0, start) : end] = b"\x01" * max(0, min(end, len(text)) - max(0, start))
    return [
        Mark(match.start(), match.end(), "number")
        for match in _NUMBER.finditer(text)
        if not any(taken[match.start() : match.end()])
    ]
