"""Geometry of the site's pictures: where bars, tiles and intervals stand. Plain numbers, which templates write as SVG.

Lengths are in the units of the picture's own viewBox. Nothing here knows of languages, colours or records.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, sqrt
from typing import Final

# The tile map: China's 34 province-level units as equal squares, so that there is no border to dispute and Macao is as
# easy to hit as Xinjiang. Columns and rows count from 0. The code is the end of ISO 3166-2 (CN-GD), the character the
# usual one-character name.

TILE_SIZE: Final = 40
TILE_GAP: Final = 3


@dataclass(frozen=True, slots=True)
class Tile:
    """One province's square on the map."""

    slug: str
    column: int
    row: int
    code: str
    character: str

    @property
    def x(self) -> int:
        return self.column * TILE_SIZE

    @property
    def y(self) -> int:
        return self.row * TILE_SIZE


_TILES: Final = (
    Tile("heilongjiang", 8, 0, "HL", "黑"),
    Tile("inner-mongolia", 6, 1, "NM", "蒙"),
    Tile("jilin", 8, 1, "JL", "吉"),
    Tile("xinjiang", 1, 2, "XJ", "新"),
    Tile("ningxia", 4, 2, "NX", "宁"),
    Tile("beijing", 6, 2, "BJ", "京"),
    Tile("tianjin", 7, 2, "TJ", "津"),
    Tile("liaoning", 8, 2, "LN", "辽"),
    Tile("qinghai", 2, 3, "QH", "青"),
    Tile("gansu", 3, 3, "GS", "甘"),
    Tile("shaanxi", 4, 3, "SN", "陕"),
    Tile("shanxi", 5, 3, "SX", "晋"),
    Tile("hebei", 6, 3, "HE", "冀"),
    Tile("shandong", 7, 3, "SD", "鲁"),
    Tile("tibet", 1, 4, "XZ", "藏"),
    Tile("sichuan", 3, 4, "SC", "川"),
    Tile("chongqing", 4, 4, "CQ", "渝"),
    Tile("henan", 5, 4, "HA", "豫"),
    Tile("anhui", 6, 4, "AH", "皖"),
    Tile("jiangsu", 7, 4, "JS", "苏"),
    Tile("shanghai", 8, 4, "SH", "沪"),
    Tile("guizhou", 4, 5, "GZ", "贵"),
    Tile("hubei", 5, 5, "HB", "鄂"),
    Tile("jiangxi", 6, 5, "JX", "赣"),
    Tile("zhejiang", 7, 5, "ZJ", "浙"),
    Tile("yunnan", 3, 6, "YN", "云"),
    Tile("guangxi", 4, 6, "GX", "桂"),
    Tile("hunan", 5, 6, "HN", "湘"),
    Tile("guangdong", 6, 6, "GD", "粤"),
    Tile("fujian", 7, 6, "FJ", "闽"),
    Tile("taiwan", 8, 6, "TW", "台"),
    Tile("hainan", 4, 7, "HI", "琼"),
    Tile("macao", 5, 7, "MO", "澳"),
    Tile("hong-kong", 6, 7, "HK", "港"),
)


def tile_grid() -> list[Tile]:
    """Return the 34 tiles, row by row from the north-west."""
    return list(_TILES)


def tile_box() -> tuple[int, int, int, int]:
    """Return the viewBox that holds the grid, without the empty column at its left: x, y, width, height."""
    left = min(tile.x for tile in _TILES)
    right = max(tile.x for tile in _TILES) + TILE_SIZE
    bottom = max(tile.y for tile in _TILES) + TILE_SIZE
    return left, 0, right - left - TILE_GAP, bottom - TILE_GAP


def shade(count: int, largest: int, steps: int = 4) -> int:
    """Return how dark a tile is: 0 for nothing, then 1 to ``steps``.

    By the square root, since a few provinces have most of the records and the rest would all look empty.
    """
    if count <= 0 or largest <= 0:
        return 0
    return min(steps, max(1, ceil(steps * sqrt(count / largest))))


# Bars


@dataclass(frozen=True, slots=True)
class Bar:
    """One upright bar; ``y`` is its top. Zero has no bar at all, one record always has a visible one."""

    count: int
    y: float
    height: float


def year_bars(counts: Sequence[int], height: float = 100, least: float = 3) -> list[Bar]:
    """Return a bar for every count, the largest as high as the picture."""
    largest = max(counts, default=0)
    bars = []
    for count in counts:
        tall = max(least, round(height * count / largest, 2)) if count > 0 else 0.0
        bars.append(Bar(count, round(height - tall, 2), tall))
    return bars


# Intervals


@dataclass(frozen=True, slots=True)
class End:
    """One end of an interval: where it stands, whether it belongs to the interval, whether there is one at all."""

    x: float
    closed: bool
    bounded: bool


@dataclass(frozen=True, slots=True)
class IntervalBar:
    """An interval on its axis. ``point`` is set, and both ends stand on it, where the interval is one value."""

    width: float
    height: float
    low: End
    high: End
    point: float | None
    value: float | None

    @property
    def middle(self) -> float:
        return self.height / 2


def interval_bar(
    low: Decimal | None,
    high: Decimal | None,
    low_closed: bool = True,
    high_closed: bool = True,
    *,
    value: Decimal | None = None,
    domain: tuple[Decimal, Decimal] | None = None,
    width: float = 160,
    height: float = 16,
) -> IntervalBar:
    """Return where an interval is drawn on an axis ``width`` long.

    A side that is None has no bound: it runs to the edge of the picture. Pictures that are compared are given the same
    ``domain``; alone, an interval fills the middle half of its axis, and a single value stands at the middle.
    """
    start, end = domain or _own_domain(low, high)
    inset = height / 2  # room for the round ends

    def place(number: Decimal) -> float:
        if end == start:
            return round(width / 2, 2)
        share = float((number - start) / (end - start))
        return round(inset + min(1.0, max(0.0, share)) * (width - 2 * inset), 2)

    left = End(place(low), low_closed, True) if low is not None else End(0, False, False)
    right = End(place(high), high_closed, True) if high is not None else End(width, False, False)
    return IntervalBar(
        width=width,
        height=height,
        low=left,
        high=right,
        point=left.x if low is not None and low == high else None,
        value=place(value) if value is not None else None,
    )


def _own_domain(low: Decimal | None, high: Decimal | None) -> tuple[Decimal, Decimal]:
    """Return the axis of an interval that is drawn alone. One without a bound on a side has its bound at a quarter."""
    if low is not None and high is None:
        reach = abs(low) or Decimal(1)
        return low - reach, low + 3 * reach
    if low is None and high is not None:
        reach = abs(high) or Decimal(1)
        return high - 3 * reach, high + reach
    if low is None or high is None:
        raise ValueError("an interval without any bound cannot be drawn")
    margin = (high - low) / 2
    return low - margin, high + margin


# Years side by side

YEAR_WIDTH: Final = 84
_TICKS: Final = tuple(Decimal(n) for n in ("1", "2", "2.5", "5", "10"))


@dataclass(frozen=True, slots=True)
class Count:
    """A number to be drawn: when it was counted, as a year and the share of it that had passed, and what it can be."""

    year: int
    share: float
    value: Decimal
    low: Decimal | None
    high: Decimal | None
    low_closed: bool
    high_closed: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a number stands. A side without a bound (`low` or `high` is None) runs to the edge of the picture."""

    x: float
    y: float
    low: float | None
    high: float | None
    low_closed: bool
    high_closed: bool
    is_point: bool
    label_y: float
    low_y: float
    high_y: float


@dataclass(frozen=True, slots=True)
class YearChart:
    """Numbers over the years, from zero up. `marks` stand in the order of the numbers."""

    width: float
    height: float
    left: float
    base: float
    top: float
    marks: list[Mark]
    ticks: list[tuple[Decimal, float]]
    years: list[tuple[int, float]]


def year_chart(counts: Sequence[Count], height: float = 240, left: float = 92) -> YearChart:
    """Return where numbers stand over the years from the first to the last; a year without a number keeps its room."""
    first, last = min(count.year for count in counts), max(count.year for count in counts)
    top, base = 26.0, height - 24
    largest = max(count.value if count.high is None else max(count.value, count.high) for count in counts)
    step = _tick(largest)
    ceiling = step * ceil(largest / step)

    def x(year: int, share: float) -> float:
        return round(left + (year - first + 0.1 + 0.8 * min(1.0, max(0.0, share))) * YEAR_WIDTH, 1)

    def y(number: Decimal) -> float:
        return round(base - (base - top) * float(max(Decimal(0), number) / ceiling), 1)

    marks = [
        Mark(
            x=x(count.year, count.share),
            y=y(count.value),
            low=None if count.low is None else y(count.low),
            high=None if count.high is None else y(count.high),
            low_closed=count.low_closed,
            high_closed=count.high_closed,
            is_point=count.low is not None and count.low == count.high,
            low_y=base if count.low is None else y(count.low),
            high_y=top - 12 if count.high is None else y(count.high),
            label_y=round(y(count.value if count.high is None else max(count.value, count.high)) - 9, 1),
        )
        for count in counts
    ]
    return YearChart(
        width=left + (last - first + 1) * YEAR_WIDTH + 24,
        height=height,
        left=left,
        base=base,
        top=top,
        marks=marks,
        ticks=[(step * n, y(step * n)) for n in range(int(ceiling / step) + 1)],
        years=[(year, round(left + (year - first + 0.5) * YEAR_WIDTH, 1)) for year in range(first, last + 1)],
    )


def _tick(largest: Decimal) -> Decimal:
    """Return a round number that goes three to five times, or a little more, into the largest."""
    if largest <= 0:
        return Decimal(1)
    rough = largest / 4
    power = Decimal(10) ** rough.adjusted()
    return next(power * n for n in _TICKS if power * n >= rough)
