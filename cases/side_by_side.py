"""The reports of one release side by side: rows are claims, columns reports; and what two claims say of each other."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from cases import verdict_words, wording
from cases.choices import Status, Unit, VerdictBasis, VerdictKind
from cases.models import Figure, Release, ReleaseReport, Verdict

IN_REPORTS = (VerdictBasis.RELEASE, VerdictBasis.REPORT)


@dataclass
class Cell:
    """What one report claims; several figures where it says the same thing again."""

    report: ReleaseReport
    figures: list[Any] = field(default_factory=list)


@dataclass
class Row:
    """One claim, as far as the reports make it."""

    cells: list[Cell]
    contradictions: list[Any] = field(default_factory=list)

    @property
    def first(self) -> Any:
        """The figure that says what the row is about: that of the first report that has one."""
        return next(figure for cell in self.cells for figure in cell.figures)

    @cached_property
    def told(self) -> list[Any]:
        """The contradictions, those that are said alike once."""
        return once(self.contradictions)

    @property
    def told_by(self) -> int:
        return sum(bool(cell.figures) for cell in self.cells)


@dataclass
class SideBySide:
    """The published reports of a release, the fullest first, their claims in rows, and what contradicts what."""

    release: Release
    reports: list[ReleaseReport]
    rows: list[Row]
    contradictions: list[Any]

    @property
    def told(self) -> int:
        """How many contradictions there are to read."""
        return sum(len(row.told) for row in self.rows)


def of_release(release: Release) -> SideBySide:
    """Return the reports of a release side by side."""
    reports = sorted(
        release.reports.filter(announcement__status=Status.PUBLISHED).select_related("announcement__publisher"),
        key=lambda report: (report.announcement_id != release.fullest_id, report.pk),
    )
    columns = {report.announcement_id: n for n, report in enumerate(reports)}
    found = Figure.objects.filter(announcement__in=columns).filter(Q(release=None) | Q(release=release))
    figures: dict[int, Any] = {f.pk: f for f in found.for_listing()}
    kept = Verdict.objects.filter(basis__in=IN_REPORTS, a__in=figures, b__in=figures).order_by("-factor", "id")
    verdicts = with_figures(list(kept), figures)
    contradictions = [verdict for verdict in verdicts if verdict.verdict == VerdictKind.CONTRADICT]
    for verdict in contradictions:
        for one, other in (verdict.figures, reversed(verdict.figures)):
            one.contradicted_by = [*getattr(one, "contradicted_by", []), other]
    for figure in figures.values():
        figure.contradicted_as = list(dict.fromkeys(other.printed for other in getattr(figure, "contradicted_by", ())))
    rows = []
    for group in _groups(figures, verdicts):
        cells = [Cell(report) for report in reports]
        for pk in group:
            cells[columns[figures[pk].announcement_id]].figures.append(figures[pk])
        for cell in cells:
            cell.figures.sort(key=lambda f: f.position)
        rows.append(Row(cells, [v for v in contradictions if v.a_id in group]))
    rows.sort(key=lambda row: _place(row.first, columns))
    return SideBySide(release, list(reports), rows, contradictions)


def _place(figure: Any, columns: dict[int, int]) -> tuple[Any, ...]:
    """Claims of the release itself come first, then those of its cases; each by what is counted."""
    return (
        *(
            figure.case_id is not None,
            (figure.case_id and (columns[figure.announcement_id], figure.case.number)) or (0, 0),
        ),
        *(figure.measure.position, columns[figure.announcement_id], figure.position),
    )


def _groups(figures: Iterable[int], verdicts: Iterable[Any]) -> list[set[int]]:
    """Put figures together that are compared with each other, whichever way round."""
    group_of = {pk: {pk} for pk in figures}
    for verdict in verdicts:
        one, other = group_of[verdict.a_id], group_of[verdict.b_id]
        if one is not other:
            one |= other
            for pk in other:
                group_of[pk] = one
    return list({id(group): group for group in group_of.values()}.values())


def with_figures(found: list[Any], figures: dict[int, Any] | None = None) -> list[Any]:
    """Return verdicts with both their figures as a page shows them, the sentence about the two, and why."""
    if figures is None:
        ids = {pk for verdict in found for pk in (verdict.a_id, verdict.b_id)}
        figures = {f.pk: f for f in Figure.objects.filter(pk__in=ids).for_listing()}
    for verdict in found:
        verdict.figures = [figures[verdict.a_id], figures[verdict.b_id]]
        verdict.because = verdict_words.reason(verdict.how, verdict.assumed, verdict.editors)
        verdict.sentence = sentence(verdict)
    return found


def once(verdicts: Iterable[Any]) -> list[Any]:
    """Return verdicts without those that would be said alike; each has the ids of these as `also`.

    A report that tells the same thing twice contradicts another one twice.
    """
    said: dict[tuple[Any, ...], Any] = {}
    for verdict in verdicts:
        first = said.setdefault((verdict.measure, verdict.sentence, verdict.because), verdict)
        if first is verdict:
            verdict.also = []
        else:
            first.also.append(verdict.pk)
    return list(said.values())


def sentence(verdict: Any) -> str:
    """Return one plain sentence about two figures that differ; the smaller first, or in a series the earlier."""
    ordered = (
        verdict.figures if verdict.basis == VerdictBasis.SERIES else sorted(verdict.figures, key=lambda f: f.value)
    )
    names = [figure.announcement.publisher.name for figure in ordered]
    if names[0] == names[1]:
        names = [f"{name} ({f.announcement.key})" for name, f in zip(names, ordered, strict=True)]
    words = {"first": names[0], "a": _counted(ordered[0]), "second": names[1], "b": _counted(ordered[1])}
    if verdict.basis == VerdictBasis.REPORT:
        told = _("%(first)s has %(a)s, and elsewhere in the same text %(b)s") % words
    elif verdict.basis == VerdictBasis.SERIES:
        told = _("%(first)s has %(a)s, later %(second)s has %(b)s") % words
    else:
        told = _("%(first)s has %(a)s, %(second)s has %(b)s") % words
    if verdict.basis == VerdictBasis.SERIES or verdict.factor is None:
        return _("%(told)s.") % {"told": told}
    times = _("%(told)s: %(times)s times as much.") % {"told": told, "times": times_as_much(verdict.factor)}
    if verdict.power_of_ten is None:
        return times
    return verdict_words.sentences(times, _("That is a power of ten: a slip of a unit is likely."))


def times_as_much(factor: Decimal) -> str:
    """Return a factor as it is said: 1.5, 100."""
    return wording.number(round(factor, 2 if factor < 10 else 0))


def _counted(figure: Any) -> str:
    """Return a number with its unit, in Chinese only where the measure does not say what is counted."""
    if figure.unit == Unit.ITEMS or str(figure.printed).endswith("%"):
        return str(figure.printed)
    if wording.in_chinese():
        return f"{figure.printed}{figure.unit_label if figure.unit in wording.SAID_UNITS else ''}"
    return f"{figure.printed} {figure.unit_label}"


def standing(announcement_id: int) -> dict[str, Any]:
    """Return how an announcement stands to the other reports of its releases: counts, and what it contradicts."""
    own = Q(a_announcement_id=announcement_id) | Q(b_announcement_id=announcement_id)
    kept = list(Verdict.objects.filter(own, basis__in=IN_REPORTS).order_by("-factor", "id"))
    figures: dict[str, set[int]] = defaultdict(set)
    for verdict in kept:
        for pk, report in ((verdict.a_id, verdict.a_announcement_id), (verdict.b_id, verdict.b_announcement_id)):
            if report == announcement_id:
                figures[verdict.verdict].add(pk)
    agreeing = figures[VerdictKind.AGREE] | figures[VerdictKind.AGREE_ROUNDED]
    return {
        "agreeing": len(agreeing),
        "contradicting": len(figures[VerdictKind.CONTRADICT]),
        "contradictions": once(with_figures([v for v in kept if v.verdict == VerdictKind.CONTRADICT])),
        "contradicted": figures[VerdictKind.CONTRADICT],
    }


# --- for programs -----------------------------------------------------------------------------------------------------

COLUMNS = (
    *("row", "measure", "unit", "case_number", "figure_id", "announcement_id", "announcement_key", "publisher"),
    *("published", "language", "translation", "role", "ref", "qualifier", "value", "value_high", "low", "high"),
    *("low_included", "high_included", "phrase", "period", "campaign", "preferred", "preferred_reason", "contradicts"),
)


def lines(found: SideBySide) -> list[dict[str, Any]]:
    """Return one line for each figure: which row it stands in, what it says, and the figures it contradicts."""
    told = []
    for number, row in enumerate(found.rows, 1):
        for cell in row.cells:
            for f in cell.figures:
                a = cell.report.announcement
                bounds = f.bounds
                values = (
                    *(number, f.measure_id, f.unit, f.case.number if f.case else None, f.pk, a.pk, a.key),
                    *(a.publisher.name, a.published, a.language, a.translation, cell.report.role, f.ref, f.qualifier),
                    *(plain(f.value), plain(f.value_high), plain(bounds.low), plain(bounds.high), bounds.low_closed),
                    *(bounds.high_closed, f.phrase, f.period, f.campaign_id, f.preferred, f.preferred_reason),
                    sorted(other.pk for other in getattr(f, "contradicted_by", ())),
                )
                told.append(dict(zip(COLUMNS, values, strict=True)))
    return told


def plain(value: Decimal | None) -> int | float | None:
    """Return a number as JSON takes it."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
