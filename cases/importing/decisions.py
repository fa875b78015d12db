"""What editors decide of two figures, as a table beside the records: a decision is of two of them, so it is in neither.

Who decided is not in it: names of editors are not public. The desk's history keeps them.
"""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.cells import unmarked
from cases.choices import DecisionAction, Status
from cases.importing.csv_rows import Row, header, rows
from cases.importing.files import File
from cases.importing.importer import Report
from cases.importing.positions import stands_at
from cases.importing.reader import DECISIONS, Problem
from cases.importing.storing import messages, save
from cases.models import Decision, Figure

COLUMNS = ("a_key", "a_ref", "b_key", "b_ref", "decision", "reason", "decided_at")
NAMED_BY = COLUMNS[:4]
AS_DRAFTS = gettext_lazy(
    "differs from what is decided, and would be public at once: decide at the desk, or use import_records"
)

Named = tuple[str, str]  # an announcement's key, and the ref of one of its figures


class _CellError(ValueError):
    """A cell that says nothing that a decision can take. The column is named beside it."""

    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column = column


@dataclass(frozen=True)
class _Told:
    """One line of the table."""

    line: int
    a: Named
    b: Named
    action: str
    reason: str
    decided_at: datetime

    def __str__(self) -> str:
        told_of = {"a": "/".join(self.a), "b": "/".join(self.b), "action": self.action}
        return _("%(a)s and %(b)s: %(action)s") % told_of


def write(folder: Path) -> int:
    """Write the decisions on figures of published announcements into a folder of records; return how many they are.

    Without any there is no file. What no longer has an effect, since the figures count different things by now, is
    left out.
    """
    public = {f"{side}__announcement__status": Status.PUBLISHED for side in ("a", "b")}
    same = {"b__measure": F("a__measure"), "b__unit": F("a__unit")}
    named = ("a__announcement__key", "a__ref", "b__announcement__key", "b__ref")
    found = Decision.objects.filter(**public, **same).values_list(*named, "action", "reason", "decided_at")
    lines = sorted(
        (*sorted(((a_key, a_ref), (b_key, b_ref))), action, reason, _written(at))
        for a_key, a_ref, b_key, b_ref, action, reason, at in found
    )
    path = folder / DECISIONS
    path.unlink(missing_ok=True)
    if lines:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\r\n")
            writer.writerow(COLUMNS)
            writer.writerows((*a, *b, *rest) for a, b, *rest in lines)
    return len(lines)


def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def is_table(file: File) -> bool:
    """Say whether a file of CSV is a table of decisions, by its header. What cannot be read is none."""
    try:
        return set(NAMED_BY) <= set(header(file))
    except (ValueError, csv.Error):
        return False


def take_over(files: Iterable[File], report: Report, *, as_drafts: bool = False) -> None:
    """Make the decisions those of some tables; what no table names stays. What is refused is in the report.

    The figures are those that are stored by now. `as_drafts` refuses whatever would change something.
    """
    seen: dict[frozenset[Named], str] = {}
    for file in files:
        report.notices += filter(None, [file.notice])
        try:
            told = list(_read(file, report, seen))
        except ValueError as problem:
            report.problems.append(Problem(file.name, "", str(problem)))
            continue
        figures = _figures({key for one in told for key, _ref in (one.a, one.b)})
        kept = _kept({figure.pk for figure in figures.values()})
        for one in told:
            try:
                _take_over(one, figures, kept, report, as_drafts=as_drafts)
            except _CellError as problem:
                _refuse(report, file, one.line, problem.column, str(problem))


def _refuse(report: Report, file: File, line: int, column: str, message: str) -> None:
    report.problems.append(Problem(file.name, "", message, stands_at(line, column)))


def _read(file: File, report: Report, seen: dict[frozenset[Named], str]) -> Iterator[_Told]:
    columns = header(file)
    wrong = [
        *((name, _("is not a column of decisions")) for name in columns if name not in COLUMNS),
        *((name, _("stands twice")) for name, n in Counter(columns).items() if n > 1),
        *((name, _("is missing")) for name in COLUMNS if name not in columns),
    ]
    for name, message in wrong:
        _refuse(report, file, 1, name, message)
    if wrong:
        return
    for row in rows(file, columns):
        try:
            told = _told(row, from_a_spreadsheet=file.from_a_spreadsheet)
        except _CellError as problem:
            _refuse(report, file, row.line, problem.column, str(problem))
            continue
        here = f"{file.name}, {stands_at(row.line)}"
        first = seen.setdefault(frozenset((told.a, told.b)), here)
        if first != here:
            _refuse(report, file, row.line, "b_ref", _("names the same two figures as %(place)s") % {"place": first})
            continue
        yield told


def _told(row: Row, *, from_a_spreadsheet: bool) -> _Told:
    """Return what a line says, as far as it makes sense by itself. Raises _CellError."""
    cells = {name: unmarked(cell) if from_a_spreadsheet else cell for name, cell in row.cells.items()}
    for name, cell in cells.items():
        if "\x00" in cell:
            raise _CellError(name, _("holds a NUL character"))
        if not cell.strip():
            raise _CellError(name, _("is empty"))
    cells |= {name: cell.strip() for name, cell in cells.items() if name != "reason"}
    if cells["decision"] not in DecisionAction.values:
        known = ", ".join(DecisionAction.values)
        message = _("%(value)s is not a decision; they are: %(known)s")
        raise _CellError("decision", message % {"value": cells["decision"], "known": known})
    try:
        at = datetime.fromisoformat(cells["decided_at"])
        if timezone.is_naive(at) or not 2000 <= at.year <= timezone.now().year + 1:
            raise ValueError("without a zone, or out of all bounds")
    except ValueError as problem:
        message = _("“%(value)s” is not a moment such as 2026-03-31T09:30:00Z") % {"value": cells["decided_at"]}
        raise _CellError("decided_at", message) from problem
    a, b = (cells["a_key"], cells["a_ref"]), (cells["b_key"], cells["b_ref"])
    return _Told(row.line, a, b, cells["decision"], cells["reason"], at)


def _figures(keys: set[str]) -> dict[Named, Figure]:
    found = Figure.objects.filter(announcement__key__in=keys).select_related("announcement")
    return {(figure.announcement.key, figure.ref): figure for figure in found}


def _kept(figures: set[int]) -> dict[tuple[int, int], Decision]:
    found = Decision.objects.filter(a__in=figures, b__in=figures).order_by("pk").select_for_update()
    return {(decision.a_id, decision.b_id): decision for decision in found}


def _take_over(
    told: _Told,
    figures: dict[Named, Figure],
    kept: dict[tuple[int, int], Decision],
    report: Report,
    *,
    as_drafts: bool,
) -> None:
    """Store one decision, unless it stands there already. Raises _CellError."""
    known = {key for key, _ref in figures}
    for side, (key, ref) in (("a", told.a), ("b", told.b)):
        if (key, ref) not in figures:
            if key in known:
                raise _CellError(f"{side}_ref", _("%(key)s has no figure %(ref)s") % {"key": key, "ref": ref})
            raise _CellError(f"{side}_key", _("there is no figure of an announcement %(key)s") % {"key": key})
    a, b = sorted((figures[told.a], figures[told.b]), key=lambda figure: figure.pk)
    decision = kept.get((a.pk, b.pk)) or Decision(a=a, b=b)
    values: dict[str, Any] = {"action": told.action, "reason": told.reason, "decided_at": told.decided_at}
    if decision.pk and all(getattr(decision, name) == value for name, value in values.items()):
        report.decisions_unchanged += 1
        return
    if as_drafts:
        raise _CellError("decision", str(AS_DRAFTS))
    for name, value in values.items():
        setattr(decision, name, value)
    decision.decided_by = None  # who did is not said; it was not who decided before
    try:
        decision.clean()
        save(decision, "")
    except ValidationError as problem:
        why = " ".join(text for _name, texts in messages(problem) for text in texts)
        raise _CellError("b_ref", why) from problem
    report.decisions.append(str(told))
