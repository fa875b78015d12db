"""What one measure was in one campaign year after another: what may stand side by side, and what may not.

A *line* is one measure in one unit about one thing: the same places and the same crime types, exactly. In a year a line
has an *entry* for each campaign that counted it, and an entry is a ladder: one *rung* for each time counted, by the
month it begins in and the month it ends in, the last one the result. Several reports make claims for one rung; none of
them is ever added to another. Where two entries that follow each other do not count alike, a *break* says in what.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from itertools import pairwise
from typing import Final, Literal

from cases.intervals import Interval

Number = Literal["low", "preferred", "high"]
LOW: Final = "low"
PREFERRED: Final = "preferred"
HIGH: Final = "high"
NUMBERS: Final[tuple[Number, ...]] = (PREFERRED, LOW, HIGH)

# Why two entries that follow each other are not the same thing counted again.
OTHER_CAMPAIGN: Final = "other_campaign"
OTHER_LENGTH: Final = "other_length"
UNKNOWN_LENGTH: Final = "unknown_length"
NO_FIGURE: Final = "no_figure"


@dataclass(frozen=True, slots=True)
class Claim:
    """A figure as it is compared across years. `first` and `last` are the days that its time can begin and end with.

    `is_part` says that it is part of another claim of the very same thing, which stands for the whole.
    """

    id: int
    value: Decimal
    qualifier: str
    step: Decimal
    interval: Interval
    value_high: Decimal | None = None
    period: str = ""
    as_of: str = ""
    first: date | None = None
    last: date | None = None
    cumulative: bool | None = None
    preferred: bool = False
    is_part: bool = False

    @property
    def words(self) -> tuple[object, ...]:
        """What two claims have in common that state the same."""
        return self.value, self.value_high, self.qualifier


Months = tuple[int, int]
"""A month as year and number."""


@dataclass(frozen=True, eq=False)
class Rung:
    """The claims that count one time: from the same month to the same month, as far as they say."""

    start: Months | None
    end: Months | None
    claims: tuple[Claim, ...]

    @cached_property
    def whole(self) -> tuple[Claim, ...]:
        """The claims of the whole; those of parts, where there is nothing else."""
        return tuple(claim for claim in self.claims if not claim.is_part) or self.claims

    def leading(self, number: Number = PREFERRED) -> Claim:
        """Return the claim that stands for the rung: what editors prefer or the rule picks, the lowest or the highest.

        The rule: what most of the claims can be true beside, then the most digits, then what is stated most often.
        """
        return self._leading[number]

    @cached_property
    def _leading(self) -> dict[Number, Claim]:
        chosen = [claim for claim in self.whole if claim.preferred] or self.whole
        stated: dict[tuple[object, ...], int] = {}
        for claim in self.whole:
            stated[claim.words] = stated.get(claim.words, 0) + 1
        beside = self._beside
        return {
            LOW: min(self.whole, key=lambda claim: (_low(claim), _high(claim), claim.id)),
            HIGH: max(self.whole, key=lambda claim: (_high(claim), _low(claim), -claim.id)),
            PREFERRED: min(chosen, key=lambda c: (-beside[c.id], c.step, -stated[c.words], c.id)),
        }

    @cached_property
    def _beside(self) -> dict[int, int]:
        """How many claims, itself included, have an interval that meets or touches a claim's."""
        lows, highs = sorted(map(_low, self.whole)), sorted(map(_high, self.whole))
        return {claim.id: bisect_right(lows, _high(claim)) - bisect_left(highs, _low(claim)) for claim in self.whole}

    @cached_property
    def is_decided(self) -> bool:
        """Whether one claim may stand for all: editors prefer it, or more than half of them can be true beside it."""
        some = self._beside[self.leading().id]
        return any(claim.preferred for claim in self.whole) or 2 * some > len(self.whole)

    @cached_property
    def agrees(self) -> bool:
        """Whether all claims can be true together."""
        return min(self._beside.values()) == len(self.whole)

    @property
    def months(self) -> int | None:
        """How many months are counted, first and last included; None where one of them is not stated."""
        if self.start is None or self.end is None:
            return None
        return (self.end[0] - self.start[0]) * 12 + self.end[1] - self.start[1] + 1

    @property
    def cumulative(self) -> bool:
        """Whether it is said to be counted since the beginning."""
        return any(claim.cumulative for claim in self.claims)


@dataclass(frozen=True, eq=False)
class Entry:
    """What one campaign of a year counted, from the first rung to the last."""

    year: int
    campaign: str
    series: str
    rungs: tuple[Rung, ...]

    @property
    def last(self) -> Rung:
        return self.rungs[-1]

    @property
    def earlier(self) -> tuple[Rung, ...]:
        return self.rungs[:-1]

    @property
    def count(self) -> int:
        return sum(len(rung.claims) for rung in self.rungs)


@dataclass(frozen=True, eq=False)
class Break:
    """Two entries of a line that follow each other, and why they do not count the same."""

    before: Entry
    after: Entry
    reasons: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Line:
    """One measure about one thing, across the years. Entries stand by year, then by when they begin."""

    measure: str
    unit: str
    places: tuple[str, ...]
    crime_types: tuple[str, ...]
    entries: tuple[Entry, ...]

    @property
    def years(self) -> list[int]:
        return sorted({entry.year for entry in self.entries})

    @property
    def count(self) -> int:
        return sum(entry.count for entry in self.entries)

    def longest(self, most: int) -> "Line":
        """Return the line with the campaigns alone that count longest in their year, of equal ones the most claims."""
        by_year: dict[int, list[Entry]] = {}
        for entry in self.entries:
            by_year.setdefault(entry.year, []).append(entry)
        kept = {
            entry
            for of_year in by_year.values()
            for entry in sorted(of_year, key=lambda e: (-(e.last.months or 0), -e.count, e.campaign))[:most]
        }
        return replace(self, entries=tuple(entry for entry in self.entries if entry in kept))

    @property
    def breaks(self) -> list[Break]:
        """Where the line does not count on as before, from each entry to the next of its series, else to the next."""
        found = []
        for before, after in _successions(self.entries):
            reasons = tuple(_reasons(before, after))
            if reasons:
                found.append(Break(before, after, reasons))
        return found

    @property
    def unbroken(self) -> list[tuple[Entry, Entry]]:
        """The entries that may be joined: the same series in two years running, over as many months."""
        return [(before, after) for before, after in _successions(self.entries) if not list(_reasons(before, after))]


def rungs(claims: Iterable[Claim]) -> tuple[Rung, ...]:
    """Put the claims of one campaign on their rungs: undated ones first, then by their ends, of one end the shortest.

    Counts up to the same month stand on one rung, since most reports do not say the day.
    """
    found: dict[tuple[Months | None, Months | None], list[Claim]] = {}
    for claim in claims:
        found.setdefault((month_of(claim.first), month_of(claim.last)), []).append(claim)
    made = [Rung(start, end, tuple(sorted(on, key=lambda c: c.id))) for (start, end), on in found.items()]

    def place(rung: Rung) -> tuple[object, ...]:
        start = rung.start or (9999, 0)
        # What is part of another claim never stands for the result, whenever it was counted.
        return not all(c.is_part for c in rung.claims), rung.end or (0, 0), (-start[0], -start[1])

    return tuple(sorted(made, key=place))


def series_of(name: str) -> str:
    """Return what a campaign is called without its year: Net Net 2018 and Net Net 2019 are one series."""
    return " ".join(re.sub(r"\b(?:19|20)\d\d\b(?:[-–]\d+)?", " ", name).split())


def entries(found: Iterable[tuple[int, str, str, Sequence[Claim]]]) -> tuple[Entry, ...]:
    """Return the entries of a line in order; of each its year, its campaign's slug and name, and its claims."""
    made = [Entry(year, slug, series_of(name), rungs(claims)) for year, slug, name, claims in found]
    return tuple(sorted(made, key=lambda e: (e.year, e.last.start or (9999, 0), e.last.end or (0, 0), e.campaign)))


def _successions(ordered: Sequence[Entry]) -> Iterator[tuple[Entry, Entry]]:
    """Yield the entries to set beside each other: each with the next of its series, and of one year and the next that
    has any the two that count longest.
    """
    longest: dict[int, Entry] = {}
    for entry in ordered:
        other = longest.get(entry.year)
        if other is None or (entry.last.months or 0) > (other.last.months or 0):
            longest[entry.year] = entry
    following = dict(pairwise(longest))
    for at, before in enumerate(ordered):
        later = [entry for entry in ordered[at + 1 :] if entry.year > before.year]
        same = next((entry for entry in later if entry.series == before.series), None)
        if same:
            yield before, same
        if longest[before.year] is before and before.year in following:
            next_one = longest[following[before.year]]
            if next_one is not same:
                yield before, next_one


def _reasons(before: Entry, after: Entry) -> Iterator[str]:
    if before.series != after.series:
        yield OTHER_CAMPAIGN
    lengths = before.last.months, after.last.months
    if None in lengths:
        yield UNKNOWN_LENGTH
    elif lengths[0] != lengths[1]:
        yield OTHER_LENGTH
    if after.year - before.year > 1:
        yield NO_FIGURE


def month_of(day: date | None) -> Months | None:
    """Return the month of a day."""
    return (day.year, day.month) if day else None


def _low(claim: Claim) -> Decimal:
    return Decimal("-Infinity") if claim.interval.low is None else claim.interval.low


def _high(claim: Claim) -> Decimal:
    return Decimal("Infinity") if claim.interval.high is None else claim.interval.high


# --- stated changes -------------------------------------------------------------------------------------------------

CONFIRMED: Final = "confirmed"
REFUTED: Final = "refuted"
NO_BASE: Final = "no_base"
NO_RESULT: Final = "no_result"


@dataclass(frozen=True)
class Check:
    """A stated change beside the archive's own figures: from `base` to `result` it is `low` to `high` per cent.

    Without one of the two nothing can be said, and the bounds are None; `high` also where the change has none.
    """

    verdict: str
    base: Claim | None = None
    result: Claim | None = None
    low: Decimal | None = None
    high: Decimal | None = None


def check_change(stated: Claim, base: Rung | None, result: Rung | None) -> Check:
    """Set a stated change in per cent beside what the archive's figures of both times allow.

    It is confirmed where some claim of the one time and some claim of the other allow it, rounded to its own digits;
    of those that do, the pair with the narrowest bounds is shown, else the two that stand for their times.
    """
    if base is None:
        return Check(NO_BASE)
    if result is None:
        return Check(NO_RESULT)
    leading = base.leading(), result.leading()
    fitting = []
    for one in _distinct(base.whole):
        for other in _distinct(result.whole):
            low, high = change(one.interval, other.interval)
            if _allows(stated, low, high):
                width = (high if high is not None else Decimal("Infinity")) - low
                fitting.append(
                    ((one, other) != leading, width, one.id, other.id, Check(CONFIRMED, one, other, low, high))
                )
    if fitting:
        return min(fitting, key=lambda found: found[:4])[4]
    low, high = change(leading[0].interval, leading[1].interval)
    return Check(REFUTED, *leading, low, high)


def change(base: Interval, result: Interval) -> tuple[Decimal, Decimal | None]:
    """Return the least and the greatest change in per cent from one count to another; None is without bound."""
    low = Decimal(-100)
    if result.low is not None and base.high is not None and base.high > 0:
        low = (result.low / base.high - 1) * 100
    high = None
    if result.high is not None and base.low is not None and base.low > 0:
        high = (result.high / base.low - 1) * 100
    return low, high


def _allows(stated: Claim, low: Decimal, high: Decimal | None) -> bool:
    """Say whether a change between two bounds can have been written as stated."""
    step = stated.step
    written = (low / step).quantize(Decimal(1), ROUND_HALF_UP) * step
    if high is None:
        return stated.interval.high is None or written <= stated.interval.high
    upper = (high / step).quantize(Decimal(1), ROUND_HALF_UP) * step
    return stated.interval.overlaps(Interval(written, upper, True, True))


def _distinct(claims: Iterable[Claim]) -> list[Claim]:
    """Return one claim for each interval that is stated, at most as many as can be tried."""
    found: dict[Interval, Claim] = {}
    for claim in claims:
        found.setdefault(claim.interval, claim)
    return list(found.values())[:50]


def years_without(years: Sequence[int]) -> list[int]:
    """Return the years between the first and the last of some that are not among them."""
    return [year for one, other in pairwise(years) for year in range(one + 1, other)]
