"""The rules by which the archive reads and compares numbers, with worked examples.

Every example is put before the code that decides, so that what a page says of a rule cannot differ from what the
archive does. The claims are those of the collection; one that this archive does not hold or show is left out.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

from django.db.models import Q

from cases import comparison, intervals, reconcile, verdict_words
from cases.choices import Qualifier, VerdictKind
from cases.claims import Claim
from cases.comparison import Check, Entry, Line, Rung
from cases.intervals import Interval
from cases.models import Figure
from cases.public_claims import Claims
from cases.reconcile import Comparison

Name = tuple[str, str]
"""A figure: the key of its announcement and its ref."""
Two = tuple[Name, Name]

# A claim of each qualifier that the collection has.
READ: Final[dict[str, Name]] = {
    "exact": ("r060", "f2"),
    "more_than": ("s000", "f2"),
    "nearly": ("r044", "f4"),
    "about": ("r093", "f1"),
    "at_least": ("r125", "f4"),
    "several": ("s000", "f43"),
}
# Any number, to show the rule in general: the value, its step, and where a range ends.
VALUE, STEP, HIGH = Decimal(500), Decimal(100), Decimal(700)

# Two reports of one release: each way to agree, then two contradictions.
WITHIN: Final[tuple[Two, ...]] = (
    (("r007", "f1"), ("r008", "f1")),
    (("r060", "f2"), ("r061", "f1")),
    (("r034", "f1"), ("r035", "f1")),
    (("r018", "f3"), ("s003", "f1")),
    (("r014", "f4"), ("r015", "f3")),
    (("s000", "f5"), ("s002", "f4")),
)
# What is compared although it is not stated alike, and what is not compared.
SCOPES: Final[tuple[Two, ...]] = (
    (("r055", "f4"), ("r056", "f6")),
    (("r083", "f7"), ("s001", "f7")),
    (("s000", "f30"), ("s002", "f25")),
    (("r060", "f2"), ("r061", "f6")),
    (("r075", "f2"), ("r078", "f4")),
    (("s000", "f2"), ("s002", "f3")),
)
# The same thing counted again by another release.
SERIES: Final[tuple[Two, ...]] = (
    (("s000", "f2"), ("r060", "f2")),
    (("s004", "f8"), ("r103", "f1")),
)
LADDER: Final[tuple[Name, ...]] = (("s000", "f2"), ("r056", "f1"), ("r057", "f2"), ("r060", "f2"), ("r061", "f1"))
SPLIT: Final[tuple[Name, ...]] = (("s004", "f4"), ("r100", "f1"), ("r100", "f2"))
BROKEN: Final[tuple[Name, ...]] = (("r060", "f2"), ("r067", "f1"), ("r080", "f1"), ("r087", "f1"))
CHANGE: Final[tuple[Name, Name, Name]] = (("r088", "f2"), ("r080", "f1"), ("r087", "f1"))  # stated, before, after


@dataclass(frozen=True)
class Reading:
    """A qualifier: the rule for any value, and a claim of the collection."""

    qualifier: Qualifier
    general: Interval | None
    figure: Any | None


@dataclass(frozen=True)
class Pair:
    """Two figures put before the rule. Without `found` they are not compared, or `only_here`."""

    a: Any
    b: Any
    found: Comparison | None
    assumed: tuple[str, ...]

    @property
    def figures(self) -> tuple[Any, Any]:
        return self.a, self.b

    @property
    def label(self) -> str:
        return str(VerdictKind(self.found.verdict).label) if self.found else ""

    @property
    def because(self) -> str:
        return verdict_words.reason(self.found.how, self.assumed) if self.found else ""


class Examples:
    """The worked examples that this archive has."""

    @cached_property
    def _figures(self) -> dict[Name, Any]:
        pairs = (*WITHIN, *SCOPES, *SERIES, CHANGE)
        names = {*READ.values(), *LADDER, *SPLIT, *BROKEN, *(name for pair in pairs for name in pair)}
        wanted = Q()
        for key, ref in sorted(names):
            wanted |= Q(announcement__key=key, ref=ref)
        found = Figure.objects.published().filter(wanted).for_listing()
        return {(figure.announcement.key, figure.ref): figure for figure in found}

    @cached_property
    def _claims(self) -> dict[int, Claim]:
        ids = [figure.pk for figure in self._figures.values()]
        return {claim.id: claim for claim in Claims().read("f.id = any(%s)", ids)}

    def _held(self, pairs: Iterable[Two]) -> list[tuple[Any, Any]]:
        return [(self._figures[a], self._figures[b]) for a, b in pairs if a in self._figures and b in self._figures]

    @property
    def readings(self) -> list[Reading]:
        """Each qualifier, with the rule and a claim."""
        read = []
        for qualifier in Qualifier:
            general = None
            if qualifier != Qualifier.SEVERAL:
                high = HIGH if qualifier == Qualifier.RANGE else None
                general = intervals.interval(VALUE, qualifier, STEP, high=high)
            read.append(Reading(qualifier, general, self._figures.get(READ.get(qualifier, ("", "")))))
        return read

    @property
    def several(self) -> list[tuple[list[str], Interval]]:
        """The words of "several", by the interval that they are read as, the smallest first."""
        found: dict[tuple[int, int], list[str]] = {}
        for words, bounds in intervals.SEVERAL.items():
            found.setdefault(bounds, []).append(words)
        return [
            (words, Interval(Decimal(low), Decimal(high), True, False)) for (low, high), words in sorted(found.items())
        ]

    @property
    def within(self) -> list[Pair]:
        """Claims of two reports of one release."""
        return [self._aligned(a, b) for a, b in self._held(WITHIN)]

    @property
    def scopes(self) -> list[Pair]:
        """Claims whose scopes are not stated alike."""
        return [self._aligned(a, b) for a, b in self._held(SCOPES)]

    def _aligned(self, a: Any, b: Any) -> Pair:
        aligned = reconcile.align([self._claims[a.pk]], [self._claims[b.pk]])
        if not aligned.pairs:
            return Pair(a, b, None, ())
        return Pair(a, b, aligned.pairs[0].found, aligned.pairs[0].assumed)

    @property
    def series(self) -> list[Pair]:
        """Counts of one series by two releases."""
        found = []
        for a, b in self._held(SERIES):
            pair = reconcile.succession(self._claims[a.pk], self._claims[b.pk])
            if pair:
                first, second = (a, b) if pair.a.id == a.pk else (b, a)
                found.append(Pair(first, second, pair.found, pair.assumed))
        return found

    # --- across the years -----------------------------------------------------------------------------------------

    def _named(self, names: Iterable[Name]) -> list[Any]:
        return [self._figures[name] for name in names if name in self._figures]

    @property
    def ladder(self) -> list[tuple[Rung, Any]]:
        """One campaign counted twice, with the figure that stands for each rung."""
        return [(rung, self._leading(rung)) for rung in comparison.rungs(map(_across, self._named(LADDER)))]

    @property
    def split(self) -> list[Any]:
        """Claims of one rung none of which may stand for the others, from the lowest."""
        figures = self._named(SPLIT)
        undecided = [rung for rung in comparison.rungs(map(_across, figures)) if not rung.is_decided]
        return sorted(figures, key=lambda figure: figure.value) if undecided else []

    @property
    def broken(self) -> tuple[list[tuple[Entry, Any]], Line] | None:
        """A line of four years with its breaks, and the figure of each year."""
        figures = [figure for figure in self._named(BROKEN) if figure.campaign]
        if not figures:
            return None
        line = Line(
            *(figures[0].measure_id, figures[0].unit, (), ()),
            comparison.entries((f.campaign.year, f.campaign_id, f.campaign.name_en, [_across(f)]) for f in figures),
        )
        return [(entry, self._leading(entry.last)) for entry in line.entries], line

    @property
    def change(self) -> tuple[Any, Any, Any, Check] | None:
        """A stated change, the figures of both times, and what they say to it."""
        held = self._named(CHANGE)
        if len(held) < 3:
            return None
        stated, base, result = map(_across, held)
        check = comparison.check_change(stated, Rung(None, None, (base,)), Rung(None, None, (result,)))
        return *held, check

    def _leading(self, rung: Rung) -> Any:
        return next(figure for figure in self._figures.values() if figure.pk == rung.leading().id)


def _across(figure: Any) -> comparison.Claim:
    """Return a figure as it is compared across years."""
    counted, as_of = figure.period_span, figure.as_of_span or figure.period_span
    return comparison.Claim(
        id=figure.pk,
        value=figure.value,
        qualifier=figure.qualifier,
        step=figure.step,
        interval=figure.bounds,
        value_high=figure.value_high,
        period=figure.period or "",
        as_of=figure.as_of or "",
        first=counted.lower if counted else None,
        last=as_of.upper - timedelta(days=1) if as_of and as_of.upper else None,
        cumulative=figure.cumulative,
        preferred=figure.preferred,
    )
