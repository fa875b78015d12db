"""Claims as they are compared: what a figure counts, of what, when, and the numbers that its words allow."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cases.intervals import Interval

Path = tuple[str, ...]
"""A node of a tree with its ancestors, from the root: ("fraud", "fraud.telecom")."""


@dataclass(frozen=True, slots=True)
class Days:
    """The days that a partial date can mean. None is no bound."""

    first: date | None
    last: date | None

    def overlaps(self, other: "Days") -> bool:
        """Say whether some day lies in both."""
        return not (
            (self.last is not None and other.first is not None and self.last < other.first)
            or (other.last is not None and self.first is not None and other.last < self.first)
        )


@dataclass(frozen=True, slots=True)
class Claim:
    """A figure as it is compared: what is counted, of what, when, and the numbers that its words allow.

    `case` names the real case, whoever tells it; the places and crime types are the figure's own.
    """

    id: int
    report: int
    measure: str
    unit: str
    value: Decimal
    step: Decimal
    interval: Interval
    qualifier: str = "exact"
    period: Days | None = None
    as_of: Days | None = None
    case: Hashable = None
    places: frozenset[Path] = frozenset()
    crime_types: frozenset[Path] = frozenset()
    campaign: Path = ()
    of_measure: str = ""
    base_period: Days | None = None
    published: Days | None = None
    release: int | None = None  # where its report tells of several
    part: bool = False  # of another number of its report with the very same scope: what makes it less is not coded

    @property
    def stated(self) -> Decimal:
        """The number to reckon with: of "several" the lower bound, since no other is stated."""
        low = self.interval.low
        return low if self.qualifier == "several" and low is not None else self.value

    @property
    def counts(self) -> tuple[str, str, str]:
        """What is counted and in what: never mixed, whatever an editor says."""
        return self.measure, self.unit, self.of_measure

    @property
    def counted_to(self) -> date | None:
        """The last day that is counted: the as-of date, else the end of the period."""
        stated = self.as_of or self.period
        return stated.last if stated else None

    @property
    def series(self) -> Hashable:
        """What a series has in common; None where a claim belongs to none."""
        if self.case is not None:
            return self.counts, self.case, self.crime_types, self.period.first if self.period else None
        if not self.campaign or self.period is None or self.period.first is None:
            return None
        return self.counts, self.places, self.crime_types, self.campaign, self.period.first
