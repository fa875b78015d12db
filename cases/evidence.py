"""A text as readers may see it, with its evidence in place: which parts are shown, and what stands where in them.

Figures, places and cases may lie in each other or overlap in any way. The text is cut wherever one begins or ends, so
that each piece is under at most one of each kind, the one that began last; pieces follow each other and never nest.
All of it takes time in proportion to the text and what is marked in it.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from string import ascii_letters, digits
from typing import Final

from cases.choices import Display

AROUND: Final = 80  # code points that "excerpt" shows on either side of a figure's words
_LATIN: Final = ascii_letters + digits
_LETTERS: Final = re.compile(f"[{_LATIN}]*")
FIGURE, PLACE, CASE = "figure", "place", "case"
KINDS: Final = (FIGURE, PLACE, CASE)


@dataclass(frozen=True, slots=True)
class Stand:
    """Where something stands in a text, in code points. `key` says what it is among others of its kind."""

    start: int
    end: int
    kind: str
    key: object


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text under the same things throughout. `opens` are those that are first seen here."""

    text: str
    figure: object = None
    place: object = None
    case: object = None
    opens: tuple[Stand, ...] = ()

    def opening(self, kind: str) -> list[object]:
        """Return the keys of what of a kind is first seen here."""
        return [stand.key for stand in self.opens if stand.kind == kind]


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch that is shown without a break. `left_out` says whether something before it is not shown."""

    left_out: bool
    pieces: list[Piece] = field(default_factory=list)

    @property
    def figures(self) -> list[object]:
        """The figures that are first seen here, in order."""
        return [key for piece in self.pieces for key in piece.opening(FIGURE)]


def visible(length: int, display: str, figures: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the stretches of a text that readers may see: all, what is around its figures, or nothing."""
    if display == Display.FULL:
        return [(0, length)]
    merged: list[tuple[int, int]] = []
    if display != Display.EXCERPT:
        return merged
    for start, end in sorted(figures):
        start, end = max(0, start - AROUND), min(length, end + AROUND)
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif start < end:
            merged.append((start, end))
    return merged


def passages(text: str, display: str, stands: Iterable[Stand]) -> tuple[list[Passage], bool]:
    """Return what of a text is shown, cut at paragraphs in which a figure begins, and whether its end is left out."""
    inside = sorted(
        (stand for stand in stands if 0 <= stand.start < stand.end <= len(text)), key=lambda s: (s.start, -s.end)
    )
    figures = [stand for stand in inside if stand.kind == FIGURE]
    stretches = visible(len(text), display, ((stand.start, stand.end) for stand in figures))
    found: list[Passage] = []
    sweep = _Sweep(text, inside)
    begins = [stand.start for stand in figures]
    end_of_last = 0
    for start, end in stretches:
        left_out = bool(text[end_of_last:start].strip())
        for first, last in _paragraphs(text, *_whole_words(text, start, end), begins):
            words = text[first:last]
            if words.strip():
                first, last = first + len(words) - len(words.lstrip()), last - (len(words) - len(words.rstrip()))
                found.append(Passage(left_out, list(sweep.pieces(first, last))))
                left_out = False
        end_of_last = end
    return found, bool(text[end_of_last:].strip())


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a stretch without the ends of words that it cuts, which stand far from any figure."""
    if start > 0 and (cut := _LETTERS.match(text, start - 1, start + AROUND // 2)):
        start = max(start, cut.end())
    if end < len(text) and _LETTERS.fullmatch(text, end, end + 1):
        tail = text[end - AROUND // 2 : end]
        end -= len(tail) - len(tail.rstrip(_LATIN))
    return start, end


def _paragraphs(text: str, start: int, end: int, begins: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the parts of a stretch: each paragraph in which something begins, and what is between two such."""
    at = start
    place = bisect_right(begins, start - 1)
    while place < len(begins) and begins[place] < end:
        first = max(text.rfind("\n", at, begins[place]) + 1, at)
        last = text.find("\n", begins[place], end)
        last = end if last < 0 else last + 1
        if first > at:
            yield at, first
        yield first, last
        at = last
        place = bisect_right(begins, last - 1, lo=place)
    if at < end:
        yield at, end


class _Sweep:
    """Goes through a text once, from left to right, and knows what stands where it is."""

    def __init__(self, text: str, stands: Sequence[Stand]) -> None:
        self.text = text
        self.stands = stands
        self.edges = sorted({edge for stand in stands for edge in (stand.start, stand.end)})
        self.next_stand = 0
        self.next_edge = 0
        self.waiting: list[Stand] = []  # begun, and not yet seen
        self.under: dict[str, list[tuple[int, int, int, Stand]]] = {kind: [] for kind in KINDS}

    def pieces(self, start: int, end: int) -> Iterator[Piece]:
        """Yield the pieces of a stretch, which begins where the last one ended or later."""
        at = start
        while at < end:
            self._begin(at)
            while self.next_edge < len(self.edges) and self.edges[self.next_edge] <= at:
                self.next_edge += 1
            until = min(end, self.edges[self.next_edge] if self.next_edge < len(self.edges) else end)
            opens = tuple(stand for stand in self.waiting if stand.end > at)
            self.waiting.clear()
            keys = {kind: self._innermost(kind, at) for kind in KINDS}
            yield Piece(self.text[at:until], keys[FIGURE], keys[PLACE], keys[CASE], opens)
            at = until

    def _begin(self, at: int) -> None:
        while self.next_stand < len(self.stands) and self.stands[self.next_stand].start <= at:
            stand = self.stands[self.next_stand]
            heappush(self.under[stand.kind], (-stand.start, stand.end, self.next_stand, stand))
            self.waiting.append(stand)
            self.next_stand += 1

    def _innermost(self, kind: str, at: int) -> object:
        """Return what of a kind began last of all that has not ended; what has ended is forgotten when it is on top."""
        heap = self.under[kind]
        while heap and heap[0][1] <= at:
            heappop(heap)
        return heap[0][3].key if heap else None
