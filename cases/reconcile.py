"""How two claims of the same thing stand to each other: which are compared, and what the comparison says.

Claims are compared in two ways. *Within a release* the claims of two reports are aligned one to one (`align`): each
pair agrees, agrees but for rounding, or contradicts. *In a series* the same thing is counted again by another release
(`ladder`): it has grown by a later date, or was revised. Everything here is a function of its arguments alone; what a
pair says never depends on a third report. Where the claims come from, and where verdicts are kept, is `verdicts`.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from cases.claims import Claim, Path

AGREE: Final = "agree"
AGREE_ROUNDED: Final = "agree_rounded"
CONTRADICT: Final = "contradict"
LATER: Final = "later"
REVISED: Final = "revised"
ONLY_HERE: Final = "only_here"

# A factor this close to a power of ten is taken for a slip of 万 and 千, or for a lost "million".
NEAR: Final = Decimal("0.02")
POWERS: Final = tuple(10**n for n in range(1, 7))
UNITS_OF_TIME: Final = frozenset({"months", "days"})  # of lengths: they measure their period itself


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two numbers say of each other. `how` names the part of the rule that decided."""

    verdict: str
    how: str
    factor: Decimal | None = None
    power_of_ten: int | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two claims that were compared, what was found, and what had to be assumed to compare them."""

    a: Claim
    b: Claim
    found: Comparison
    assumed: tuple[str, ...] = ()
    editors: str = ""  # the editors' reason, where they decided

    @property
    def verdict(self) -> str:
        return self.found.verdict


@dataclass(frozen=True, slots=True)
class Decision:
    """What the editors decided of two figures: `align`, `part`, or the verdict itself."""

    action: str
    reason: str


Decisions = Mapping[frozenset[int], Decision]


@dataclass(slots=True)
class Alignment:
    """Two reports compared: the pairs, and what only one of them has."""

    pairs: list[Pair] = field(default_factory=list)
    only_here: list[Claim] = field(default_factory=list)


# --- two numbers ----------------------------------------------------------------------------------------------------


def compare(a: Claim, b: Claim) -> Comparison:
    """Return how the numbers of two claims of the same thing stand to each other. Symmetric."""
    if a.interval == b.interval:
        return Comparison(AGREE, "same")
    if a.interval.overlaps(b.interval):
        return Comparison(AGREE_ROUNDED, "meet")
    if a.interval.touches(b.interval):
        return Comparison(AGREE_ROUNDED, "touch")
    if _rounds_to(a, b) or _rounds_to(b, a):
        return Comparison(AGREE_ROUNDED, "rounded")
    times = factor(a.stated, b.stated)
    return Comparison(CONTRADICT, "apart", times, power_of_ten(times))


def factor(a: Decimal, b: Decimal) -> Decimal | None:
    """Return the larger of two numbers over the smaller; None where there is no such ratio (0, or unlike signs)."""
    if a * b <= 0:
        return None
    small, large = sorted((abs(a), abs(b)))
    return large / small


def power_of_ten(times: Decimal | None) -> int | None:
    """Return the power of ten, from 10 to 1,000,000, that a factor is within 2 per cent of; else None."""
    if times is None:
        return None
    return next((power for power in POWERS if abs(times / power - 1) <= NEAR), None)


def _rounds_to(rough: Claim, other: Claim) -> bool:
    """Say whether an exact claim is the other one's number, rounded to its own step."""
    if rough.qualifier != "exact":
        return False
    steps = (other.stated / rough.step).quantize(Decimal(1), ROUND_HALF_UP)
    return steps * rough.step == rough.value


# --- two scopes -----------------------------------------------------------------------------------------------------


def assumptions(a: Claim, b: Claim) -> tuple[str, ...] | None:
    """Return what must be assumed for two claims to be of the same thing; None where they are not.

    Measure, unit and case are the same, periods overlap (of a length: are the same), places are equal (of one case: one
    within the other). Crime types and campaigns are equal, one holds the other, or one is not stated. Symmetric.
    """
    if a.counts != b.counts or a.case != b.case:
        return None
    found: list[str] = []
    for name, one, other in (("period", a.period, b.period), ("base_period", a.base_period, b.base_period)):
        if one != other:
            if one and other and (a.unit in UNITS_OF_TIME or not one.overlaps(other)):
                return None
            found.append(name if one and other else f"{name}_not_stated")
    if a.places != b.places:
        if a.case is None or not _related(a.places, b.places):
            return None
        found.append("place")
    for name, paths, others in (
        ("crime_type", a.crime_types, b.crime_types),
        ("campaign", frozenset((a.campaign,)) - {()}, frozenset((b.campaign,)) - {()}),
    ):
        if paths != others:
            if not _related(paths, others):
                return None
            found.append(name if paths and others else f"{name}_not_stated")
    return tuple(found)


def _related(a: frozenset[Path], b: frozenset[Path]) -> bool:
    """Say whether one side holds all of the other, or is not stated."""
    return not a or not b or _holds(a, b) or _holds(b, a)


def _holds(wide: frozenset[Path], narrow: frozenset[Path]) -> bool:
    return all(any(path[: len(above)] == above for above in wide) for path in narrow)


def _may_be_part(a: Claim, b: Claim) -> bool:
    """Say whether one of two unlike numbers may be a part of the other: its scope is narrower, or its text says so.

    550 cases of water armies do not contradict 83,000 of whatever kind, but 84,000 would. Two parts may be unlike.
    """
    narrower = {claim.id for claim in (a, b) if claim.part}
    for paths, others in (
        (a.crime_types, b.crime_types),
        (frozenset((a.campaign,)) - {()}, frozenset((b.campaign,)) - {()}),
    ):
        if paths != others:
            narrower.add(a.id if not others or (paths and _holds(others, paths)) else b.id)
    return len(narrower) > 1 or narrower == {min(a, b, key=lambda claim: claim.stated).id}


# --- two reports ----------------------------------------------------------------------------------------------------


def tellings(claims: Iterable[Claim]) -> list[list[Claim]]:
    """Put the claims of one report together that tell the same thing again: one claim with several evidences.

    The same scope and period, and numbers that agree, or, unless one is a part, a power of ten apart: a slip.
    """
    groups: list[list[Claim]] = []
    of_one_kind: dict[Hashable, list[list[Claim]]] = defaultdict(list)  # no others can be the same thing
    for claim in claims:
        alike = of_one_kind[claim.counts, claim.case]
        for group in alike:
            if all(assumptions(claim, other) == () and _retold(claim, other) for other in group):
                group.append(claim)
                break
        else:
            alike.append([claim])
            groups.append(alike[-1])
    return groups


def _retold(a: Claim, b: Claim) -> bool:
    found = compare(a, b)
    return found.verdict != CONTRADICT or (found.power_of_ten is not None and not (a.part or b.part))


def align(one: Sequence[Claim], other: Sequence[Claim], decisions: Decisions | None = None) -> Alignment:
    """Return the claims of two reports of a release, paired one to one: agreeing ones first, then the nearest in value.

    `decisions` holds what editors decided of two figures, by their ids. Symmetric but for the order within a pair.
    """
    decisions = decisions or {}
    mine, theirs = tellings(one), tellings(other)
    candidates = []
    counting: dict[Hashable, list[tuple[int, list[Claim]]]] = defaultdict(list)
    for j, against in enumerate(theirs):
        counting[against[0].counts].append((j, against))
    for i, group in enumerate(mine):
        for j, against in counting.get(group[0].counts, ()):
            pairs = [pair for a in group for b in against if (pair := _pair(a, b, decisions))]
            if pairs:
                candidates.append((min(map(_closeness, pairs)), i, j, pairs))
    result = Alignment()
    taken_mine: set[int] = set()
    taken_theirs: set[int] = set()
    for _rank, i, j, pairs in sorted(candidates, key=lambda candidate: candidate[0]):
        if i not in taken_mine and j not in taken_theirs:
            taken_mine.add(i)
            taken_theirs.add(j)
            result.pairs += pairs
    paired = {claim.id for pair in result.pairs for claim in (pair.a, pair.b)}
    result.only_here = [claim for claim in (*one, *other) if claim.id not in paired]
    return result


def _pair(a: Claim, b: Claim, decisions: Decisions) -> Pair | None:
    """Return two claims compared; None where they are not of the same thing, by the rule or by the editors."""
    decision = decisions.get(frozenset((a.id, b.id)))
    assumed = assumptions(a, b)
    if a.counts != b.counts or (decision and decision.action == "part") or (assumed is None and not decision):
        return None
    found = compare(a, b)
    if decision is None:
        if found.verdict == CONTRADICT and not found.power_of_ten and _may_be_part(a, b):
            return None
        return Pair(a, b, found, assumed or ())
    if decision.action == "align":
        return Pair(a, b, found, ("editors",), decision.reason)
    return Pair(a, b, Comparison(decision.action, "editors", found.factor, found.power_of_ten), (), decision.reason)


def _closeness(pair: Pair) -> tuple[object, ...]:
    """Return what orders the candidates: editors, agreement, what is assumed, nearness; the ids make it total."""
    times = factor(pair.a.stated, pair.b.stated)
    nearness = (0, times) if times is not None else (1, abs(pair.a.stated - pair.b.stated))
    agreeing = (AGREE, AGREE_ROUNDED, CONTRADICT).index(compare(pair.a, pair.b).verdict)
    ids = sorted((pair.a.id, pair.b.id))
    if agreeing < 2:
        return not pair.editors, agreeing, len(pair.assumed), nearness, ids
    return not pair.editors, agreeing, 0, nearness, ids


def within(claims: Iterable[Claim]) -> Iterator[Pair]:
    """Yield what one report contradicts itself in: the same thing told with a power of ten between."""
    for group in tellings(claims):
        for i, a in enumerate(group):
            for b in group[i + 1 :]:
                found = compare(a, b)
                if found.verdict == CONTRADICT:
                    yield Pair(a, b, found, ("one_report",))


# --- a series -------------------------------------------------------------------------------------------------------


def succession(a: Claim, b: Claim) -> Pair | None:
    """Return how two counts of one series stand to each other, the earlier one first; None where they are none.

    `later` has grown by a later date; `revised` is another number for the same date, or has fallen.
    """
    if a.series is None or a.series != b.series:
        return None
    ends: tuple[date | None, date | None] = (a.counted_to, b.counted_to)
    assumed: tuple[str, ...] = ()
    if None in ends:
        # Of one case: counted when it was told.
        ends = (a.published.last if a.published else None, b.published.last if b.published else None)
        if a.case is None or None in ends:
            return None
        assumed = ("date_of_report",)
    if (ends[0], a.id) > (ends[1], b.id):
        a, b, ends = b, a, (ends[1], ends[0])
    found = compare(a, b)
    if found.verdict != CONTRADICT:
        return Pair(a, b, found, assumed)
    if (a.part or b.part) and _may_be_part(a, b):
        return None
    grown = ends[0] != ends[1] and b.stated > a.stated
    how = "grown" if grown else "same_date" if ends[0] == ends[1] else "fallen"
    return Pair(a, b, Comparison(LATER if grown else REVISED, how, found.factor, found.power_of_ten), assumed)


def ladder(
    claims: Iterable[Claim], releases: Mapping[int, Sequence[int]], decisions: Decisions | None = None
) -> Iterator[Pair]:
    """Yield what changed from one rung of a series to the next.

    `claims` are of one series, a release's fullest report first; `releases` says which releases a report reports. A
    rung is what one release counts, by its first report that does; they stand by date. Two of one release are no steps.
    """
    rungs: dict[int, list[Claim]] = {}
    for claim in claims:
        rung = rungs.setdefault(next(iter(releases.get(claim.report, ())), -claim.report), [])
        if not rung or rung[0].report == claim.report:
            rung.append(claim)
    ordered = sorted(rungs.values(), key=_date_of_rung)
    for upper, later in enumerate(ordered):
        for earlier in reversed(ordered[:upper]):
            if not set(releases.get(earlier[0].report, ())) & set(releases.get(later[0].report, ())):
                yield from _steps(tellings(earlier), tellings(later), decisions or {})
                break


def _steps(earlier: list[list[Claim]], later: list[list[Claim]], decisions: Decisions) -> Iterator[Pair]:
    """Pair the claims of two rungs one to one, as those of two reports, and yield the pairs that changed."""
    pairs = []
    for one in earlier:
        for other in later:
            decision = decisions.get(frozenset((one[0].id, other[0].id)))
            pair = succession(one[0], other[0])
            if pair and not (decision and decision.action == "part"):
                pairs.append(pair)
    taken: set[int] = set()
    for pair in sorted(pairs, key=_closeness):
        if not taken & {pair.a.id, pair.b.id}:
            taken |= {pair.a.id, pair.b.id}
            if pair.verdict in (LATER, REVISED):
                yield pair


def _date_of_rung(claims: list[Claim]) -> tuple[object, ...]:
    claim = claims[0]
    published = claim.published.last if claim.published else None
    return claim.counted_to or published or date.max, published or date.max, claim.report
