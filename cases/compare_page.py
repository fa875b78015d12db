"""What the page of the comparison shows: the cells of its table, its charts, and the changes that are checked."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases import charts, comparison, wording
from cases.across_years import Change, Comparison
from cases.choices import Unit
from cases.comparison import Break, Claim, Entry, Line, Number, Rung
from cases.intervals import Interval

MOST_IN_A_CELL = 4  # campaigns of one year that are set beside each other, unless a year is chosen


@dataclass(frozen=True)
class ShownRung:
    """One time counted, with the claim that stands for it."""

    rung: Rung
    number: Number

    @cached_property
    def claim(self) -> Claim:
        return self.rung.leading(self.number)

    @cached_property
    def is_undecided(self) -> bool:
        """Whether no claim may stand for the others, and none is chosen."""
        return self.number == comparison.PREFERRED and not self.rung.is_decided

    @property
    def printed(self) -> str:
        if self.is_undecided:
            return self.spread
        return _stated(self.claim)

    @property
    def url(self) -> str:
        return reverse("cases:figure-detail", args=[self.claim.id])

    @property
    def count(self) -> int:
        return len(self.rung.claims)

    @property
    def length(self) -> str:
        """How long it was counted for: in months, or in days where it was less than a month."""
        months = self.rung.months
        if months is None:
            return _("length not stated")
        first, last = self.claim.first, self.claim.last
        if months == 1 and first and last and (first.day > 1 or (last + timedelta(days=1)).day > 1):
            days = (last - first).days + 1
            return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
        return ngettext("%(n)d month", "%(n)d months", months) % {"n": months}

    @property
    def as_of(self) -> str:
        """The date it is as of: as stated, else the end of its period."""
        return self.claim.as_of or self.claim.period.rpartition("/")[2].strip(".")

    @property
    def as_of_is_derived(self) -> bool:
        return not self.claim.as_of

    @property
    def spread(self) -> str:
        """From the lowest to the highest claim, where they cannot all be true."""
        if self.rung.agrees:
            return ""
        return _("%(low)s to %(high)s") % {
            "low": _stated(self.lowest),
            "high": _stated(self.highest),
        }

    @property
    def lowest(self) -> Claim:
        return self.rung.leading(comparison.LOW)

    @property
    def highest(self) -> Claim:
        return self.rung.leading(comparison.HIGH)

    @property
    def bounds(self) -> Interval:
        """What the number can be; where none is chosen, from the lowest to the highest claim."""
        if not self.is_undecided:
            return self.claim.interval
        low, high = self.lowest.interval, self.highest.interval
        return Interval(low.low, high.high, low.low_closed, high.high_closed)


def _stated(claim: Claim) -> str:
    return wording.stated(claim.value, claim.qualifier, claim.value_high)


@dataclass(frozen=True)
class ShownEntry:
    """What one campaign counted."""

    entry: Entry
    campaign: str
    last: ShownRung
    earlier: list[ShownRung]
    claims_url: str

    @property
    def campaign_url(self) -> str:
        return reverse("cases:campaign-detail", args=[self.entry.campaign])


@dataclass(frozen=True)
class ShownBreak:
    """Two entries that do not count alike, and in what."""

    before: ShownEntry
    after: ShownEntry
    reasons: list[str]


@dataclass(frozen=True)
class ShownCell:
    """A year of a line; `more` campaigns are left out, and shown at an address of their own."""

    year: int
    entries: list[ShownEntry]
    more: int
    more_url: str


@dataclass(frozen=True)
class ShownLine:
    """A line of the table, and its picture where it has more than one year."""

    name: str
    label: str
    unit: str
    scope: str
    url: str
    cells: list["ShownCell"]
    breaks: list[ShownBreak]
    picture: dict[str, Any] | None


class Shown:
    """A comparison as its page shows it."""

    def __init__(self, found: Comparison) -> None:
        self.found = found
        self.lines = [self._line(at, line) for at, line in enumerate(found.shown, 1)]
        self.pictures = [line for line in self.lines if line.picture]

    def _line(self, at: int, line: Line) -> ShownLine:
        found = self.found
        whole = Counter(entry.year for entry in line.entries)
        if "year" not in found.query.chosen:
            line = line.longest(MOST_IN_A_CELL)
        shown = {entry: self._entry(line, entry) for entry in line.entries}

        def cell(year: int) -> ShownCell:
            of_year = [shown[entry] for entry in line.entries if entry.year == year]
            return ShownCell(year, of_year, whole[year] - len(of_year), found.line_url(line, year))

        return ShownLine(
            name=f"line-{at}",
            label=found.vocabulary.label("measure", line.measure),
            unit=str(Unit(line.unit).label),
            scope=found.scope_label(line),
            url=found.line_url(line),
            cells=[cell(year) for year in found.years],
            breaks=[self._break(broken, shown) for broken in line.breaks],
            picture=self._picture(line, shown) if len(line.years) > 1 else None,
        )

    def _entry(self, line: Line, entry: Entry) -> ShownEntry:
        *earlier, last = [ShownRung(rung, self.found.number) for rung in entry.rungs]
        campaign = self.found.vocabulary.label("campaign", entry.campaign)
        return ShownEntry(entry, campaign, last, earlier, self.found.claims_url(line, entry))

    def _break(self, broken: Break, shown: dict[Entry, ShownEntry]) -> ShownBreak:
        before, after = shown[broken.before], shown[broken.after]
        return ShownBreak(before, after, [_reason(reason, before, after) for reason in broken.reasons])

    def _picture(self, line: Line, shown: dict[Entry, ShownEntry]) -> dict[str, Any]:
        """Return where a line's numbers stand: marks with their words, the steps of ladders, and what may be joined."""
        rungs = [(shown[entry], rung) for entry in line.entries for rung in (*shown[entry].earlier, shown[entry].last)]
        chart = charts.year_chart([_count(entry.entry, rung) for entry, rung in rungs])
        marks = dict(zip(((entry.entry, rung.rung) for entry, rung in rungs), chart.marks, strict=True))
        steps = [
            (marks[entry, one], marks[entry, other])
            for entry in line.entries
            for one, other in zip(entry.rungs, entry.rungs[1:], strict=False)
            if one.start == other.start
        ]
        joined = [(marks[a, a.last], marks[b, b.last]) for a, b in line.unbroken]
        return {
            "chart": chart,
            "marks": _with_labels(
                [(mark, entry, rung) for (entry, rung), mark in zip(rungs, chart.marks, strict=True)]
            ),
            "steps": steps,
            "joined": joined,
            "ticks": [(wording.number(number), y) for number, y in chart.ticks],
        }


@dataclass(frozen=True)
class ShownMark:
    """A number in the picture, with its words if there is room for them."""

    at: charts.Mark
    entry: ShownEntry
    rung: ShownRung
    label: str

    @property
    def is_last(self) -> bool:
        return self.rung is self.entry.last


def _with_labels(marks: list[tuple[charts.Mark, ShownEntry, ShownRung]]) -> list[ShownMark]:
    """Give each number its words unless they would stand on those of another one; results come before their ladders."""
    words: list[tuple[float, float]] = []
    labels: dict[int, str] = {}
    for at in sorted(range(len(marks)), key=lambda at: marks[at][2] is not marks[at][1].last):
        mark, _entry, rung = marks[at]
        x, y = mark.x, mark.label_y - 4  # the middle of the words
        on_a_dot = any(abs(x - dot.x) < 28 and abs(y - dot.y) < 8 for dot, _entry, _rung in marks)
        if not on_a_dot and all(abs(x - other_x) > 56 or abs(y - other_y) > 13 for other_x, other_y in words):
            words.append((x, y))
            labels[at] = rung.spread if rung.is_undecided else wording.number(rung.claim.value)
    return [ShownMark(*mark, labels.get(at, "")) for at, mark in enumerate(marks)]


def _count(entry: Entry, shown: ShownRung) -> charts.Count:
    end, bounds = shown.rung.end, shown.bounds
    share = 0.5 if end is None else end[0] - entry.year + (end[1] - 0.5) / 12
    value = shown.highest.value if shown.is_undecided else shown.claim.value
    return charts.Count(entry.year, share, value, bounds.low, bounds.high, bounds.low_closed, bounds.high_closed)


def _reason(reason: str, before: ShownEntry, after: ShownEntry) -> str:
    match reason:
        case comparison.OTHER_CAMPAIGN:
            return _("another campaign: %(one)s, then %(other)s") % {"one": before.campaign, "other": after.campaign}
        case comparison.OTHER_LENGTH:
            return _("another length: %(one)s, then %(other)s") % {
                "one": before.last.length,
                "other": after.last.length,
            }
        case comparison.UNKNOWN_LENGTH:
            return _("not known to be of one length: one of the two does not state its period")
        case _no_figure:
            missing = [str(year) for year in comparison.years_without([before.entry.year, after.entry.year])]
            return _("no figure for %(years)s") % {"years": ", ".join(missing)}


@dataclass(frozen=True)
class ShownChange:
    """A stated change with its check."""

    change: Change
    measure: str
    scope: str

    @property
    def printed(self) -> str:
        stated = self.change.stated
        sign = "+" if stated.value > 0 else ""
        words = wording.stated(abs(stated.value), stated.qualifier) if stated.qualifier != "exact" else ""
        number = wording.number(stated.value).replace("-", "\N{MINUS SIGN}")
        return f"{words} ({sign}{number}%)" if words else f"{sign}{number}%"

    @property
    def url(self) -> str:
        return reverse("cases:figure-detail", args=[self.change.stated.id])

    @property
    def sides(self) -> list[tuple[Claim, str, str]]:
        """The two claims that it was checked by, with their numbers in words and their addresses."""
        return [
            (
                claim,
                _stated(claim),
                reverse("cases:figure-detail", args=[claim.id]),
            )
            for claim in (self.change.check.base, self.change.check.result)
            if claim
        ]

    @property
    def bounds(self) -> str:
        low, high = self.change.check.low, self.change.check.high
        if low is None:
            return ""
        if high is None:
            return _("%(low)s or more") % {"low": _percent(low)}
        if _percent(low) == _percent(high):
            return _percent(low)
        return _("%(low)s to %(high)s") % {"low": _percent(low), "high": _percent(high)}

    @property
    def is_confirmed(self) -> bool:
        return self.change.check.verdict == comparison.CONFIRMED

    @property
    def is_refuted(self) -> bool:
        return self.change.check.verdict == comparison.REFUTED

    @property
    def why_unchecked(self) -> str:
        if not self.change.base_period:
            return _("what it is compared with is not stated")
        if self.change.check.verdict == comparison.NO_BASE:
            return _("the archive has no figure of the earlier time")
        return _("the archive has no figure of the later time")


def _percent(number: Decimal) -> str:
    rounded = number.quantize(Decimal("0.1"))
    return f"{rounded:+,f}%".replace("-", "\N{MINUS SIGN}")
