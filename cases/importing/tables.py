"""Tables as the archive writes them, read back: rows that differ from what is public become records that differ.

A file is known by its header. A row is found by the columns that name it; what its other columns are is said in
`patches`: content is taken over, what follows from it is not read, and what is said elsewhere must be as it is. Of
tables that are made from others all of it must be as it is (`compared`).
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from cases import records
from cases.cells import unmarked
from cases.importing import compared, patches, writer
from cases.importing.csv_rows import Row, value_of
from cases.importing.files import File
from cases.importing.importer import Report
from cases.importing.positions import stands_at
from cases.importing.reader import NOT_CREATED, Problem, Record, Source, not_there, shape_problems, unstorable
from cases.importing.table_files import TableFile
from cases.models import Announcement, Campaign, Publisher
from cases.public_fields import Table

Name = tuple[Any, ...]  # the values of the columns that name a row
# The members of a record that hold its parts, and what a part is known by.
PARTS = {"cases": "number", "case_places": "number", "figures": "ref"}


def read_tables(files: Iterable[File], report: Report, *, create: bool) -> list[Source]:
    """Return the records that differ from what files of tables say. What is refused or not read is in the report."""
    opened = [TableFile(file) for file in files]
    for file in opened:
        report.problems += file.header_problems()
    if report.problems:
        return []
    editing = _Editing(report, create=create)
    order = list(patches.CONTENT)
    edited = [file for file in opened if not file.is_compared]
    for file in sorted(edited, key=lambda file: order.index(file.of.name)):
        with _reading(file, report):
            editing.read(file)
    for file in opened:
        if file.is_compared:
            with _reading(file, report):
                compared.compare(file, report)
    return editing.sources()


@contextmanager
def _reading(file: TableFile, report: Report) -> Iterator[None]:
    report.notices += filter(None, [file.notice])
    try:
        yield
    except ValueError as problem:
        report.problems.append(Problem(file.name, "", str(problem)))


class _Editing:
    """The records that rows are written into, and where each part of them was written last."""

    def __init__(self, report: Report, *, create: bool) -> None:
        self.report = report
        self.create = create
        self.records: dict[str, Record] = {}
        self.written: dict[str, dict[Any, tuple[str, int]]] = {}  # key → part → file and line
        self.named: dict[str, None] = {}
        self.publishers = {
            p.name: {"name": p.name, "kind": p.kind, "country": p.country} for p in Publisher.objects.all()
        }
        self.campaigns = {c.slug: {"name": c.name_en, "year": c.year} for c in Campaign.objects.all()}

    def read(self, file: TableFile) -> None:
        seen: dict[Name, int] = {}
        unread: Counter[str] = Counter()
        for batch in file.rows():
            named = {name: row for row in batch if (name := self._name(file, row, seen))}
            public = _public_cells(file.of, list(named))
            # Beside what is edited, a row of the same record says again what it said; but for the places of a case,
            # which its own row says as well.
            again = self.records if file.of.name != "case_places" else {}
            edited = [
                (name, row, public.get(name))
                for name, row in named.items()
                if self._is_edited(file, row, public.get(name), unread) or name[0] in again
            ]
            self._fetch({name[0] for name, _row, _cells in edited})
            for name, row, cells in edited:
                self._write(file, name, row, cells)
        self.report.notices += [
            _("%(file)s: column %(column)s is not read: it follows from the others, and differs in %(n)d rows")
            % {"file": file.name, "column": column, "n": n}
            for column, n in unread.items()
        ]

    def sources(self) -> list[Source]:
        """Return the edited records, if they are of the right shape."""
        found = [
            Source(Path(next(iter(self.written[key].values()))[0]), record, _Locator(record, self.written[key]))
            for key, record in self.records.items()
            if key in self.written
        ]
        for source in found:
            self.report.problems += [source.problem(*problem) for problem in shape_problems(source.record)]
        self.report.unchanged += [key for key in self.named if key not in self.records]
        return found

    def _refuse(self, file: TableFile, row: Row, column: str, message: str) -> None:
        self.report.problems.append(file.problem(row, column, message))

    def _name(self, file: TableFile, row: Row, seen: dict[Name, int]) -> Name | None:
        """Return what names a row, unless that is wrong."""
        name: list[Any] = []
        for column in patches.NAMED_BY[file.of.name]:
            try:
                value = value_of(file.types[column], unmarked(row.cells.get(column, "")))
            except ValueError as problem:
                self._refuse(file, row, column, str(problem))
                return None
            # A place that is new to its case has no id yet.
            problem_told = _("is empty; it names the row") if value is None and column != "id" else _unaskable(value)
            if problem_told:
                self._refuse(file, row, column, problem_told)
                return None
            name.append(value)
        if name[-1] is None:
            name[-1] = -row.line  # no row has it, and no other row of the file
        if seen.setdefault(tuple(name), row.line) != row.line:
            self._refuse(file, row, column, _("names the same as line %(n)d") % {"n": seen[tuple(name)]})
            return None
        self.named[name[0]] = None
        return tuple(name)

    def _is_edited(self, file: TableFile, row: Row, public: dict[str, str] | None, unread: Counter[str]) -> bool:
        """Say whether a row differs in its content from what is public. What may not differ is refused."""
        edited = public is None
        if public is None and file.of.name == "case_places":
            return True  # all else that it says is said by the other rows of the case
        for column, cell in row.cells.items():
            if column in patches.NAMED_BY[file.of.name]:
                continue
            old = public[column] if public else ""
            if file.same(column, cell, old):
                continue
            if column in patches.CONTENT[file.of.name]:
                edited = True
            elif column not in patches.FOLLOWS[file.of.name]:
                self._refuse(file, row, column, _must_be(old) if public else _("must be empty: it is new"))
            else:
                unread[column] += 1
        return edited

    def _fetch(self, keys: set[str]) -> None:
        """Bring along the stored records of announcements that are edited."""
        wanted = writer.prefetched(Announcement.objects.filter(key__in=keys - self.records.keys()))
        self.records |= {a.key: writer.to_record(a) for a in wanted}

    def _write(self, file: TableFile, name: Name, row: Row, public: dict[str, str] | None) -> None:
        key, kind = name[0], file.of.name
        if key not in self.records:
            if kind != "announcements":
                self._refuse(file, row, "announcement_key", _("there is no announcement %(key)s") % {"key": key})
                return
            if not self.create:
                self._refuse(file, row, "key", not_there(key))
                return
            self.records[key] = patches.blank_record(key)
        part = self._part(kind, self.records[key], name)
        if part is None:
            missing = _("%(key)s has no %(part)s: %(why)s") % {"key": key, "part": name[1], "why": NOT_CREATED}
            self._refuse(file, row, patches.NAMED_BY[kind][1], missing)
            return
        self.written.setdefault(key, {})[part] = (file.name, row.line)
        try:
            cells = self._values(file, row, public)
            self._patch(file, self.records[key], name, cells, public)
        except patches.CellError as problem:
            self._refuse(file, row, problem.column, str(problem))

    def _values(self, file: TableFile, row: Row, public: dict[str, str] | None) -> dict[str, Any]:
        """Return what the content of a row says. Raises CellError."""
        values = {}
        for column in row.cells.keys() & patches.CONTENT[file.of.name].keys():
            type_, cell = file.types[column], row.cells[column]
            if public and file.same(column, cell, public[column]):
                cell = public[column]
            elif type_ == "text" and file.is_marked:
                cell = unmarked(cell)
            try:
                values[column] = value_of(type_, cell)
            except ValueError as problem:
                raise patches.CellError(column, str(problem)) from problem
        return values

    def _part(self, kind: str, record: Record, name: Name) -> Any:
        """Return what a row is about, made if it is not there and that is asked for; None if not."""
        if kind == "announcements":
            return ""
        parts: list[Record] = record["cases" if kind == "case_places" else kind]
        if not any(part[PARTS[kind]] == name[1] for part in parts):
            if not self.create or kind == "case_places":
                return None
            blank: Any = patches.blank_case if kind == "cases" else patches.blank_figure
            parts.append(blank(name[1]))
            if kind == "cases":
                parts.sort(key=lambda case: case["number"])
        return kind, name[1]

    def _patch(
        self, file: TableFile, record: Record, name: Name, cells: dict[str, Any], public: dict[str, str] | None
    ) -> None:
        kind = file.of.name
        if kind == "announcements":
            patches.patch_announcement(record, cells, self.publishers, self.campaigns)
            return
        part = next(p for p in record["cases" if kind == "case_places" else kind] if p[PARTS[kind]] == name[1])
        if kind == "cases":
            patches.patch_case(part, cells)
        elif kind == "case_places":
            stored = {"code": public["place"], "role": public["role"]} if public else None
            patches.patch_case_place(part, cells, stored, create=self.create)
        else:
            patches.patch_figure(part, cells, record, self.campaigns)


class _Locator:
    """Finds the cell that a member of a record was read from."""

    def __init__(self, record: Record, written: dict[Any, tuple[str, int]]) -> None:
        self.record = record
        self.written = written

    def __call__(self, where: str) -> tuple[str, str, str]:
        match = re.match(r"(cases|figures)\[(\d+)\]\.?", where)
        kind, member = "announcements", where
        part: Any = ""
        if match:
            kind, member = match[1], where[match.end() :]
            part = kind, self.record[kind][int(match[2]) - 1][PARTS[kind]]
            if part not in self.written and member.startswith("places"):
                kind = "case_places"
                part = kind, part[1]
        if part not in self.written:
            return "", "", where
        file, line = self.written[part]
        member = re.split(r"[.\[]", member)[0]
        wanted = {"crime_type": "crime_types", "place": "places", "value_high": "high"}.get(member, member)
        column = next((c for c, name in patches.CONTENT[kind].items() if name == wanted), "")
        if kind == "case_places" and where.endswith("role"):
            column = "role"
        return (file, stands_at(line, column), "") if column else (file, stands_at(line), where)


def _public_cells(table: Table, names: Sequence[Name]) -> dict[Name, dict[str, str]]:
    """Return the cells of public rows as a CSV has them, by what names the rows."""
    if not names:
        return {}
    named_by = patches.NAMED_BY[table.name]
    sql = {field.name: field.sql for field in table.fields}
    types = {"text": "text", "integer": "bigint"}
    of_type = {field.name: types[field.type] for field in table.fields if field.name in named_by}
    columns = ", ".join(f"%s::{of_type[column]}[]" for column in named_by)
    query = (
        f"select {records.csv_select(table)} from {table.source} join unnest({columns}) as wanted"
        f"({', '.join(f'n{i}' for i in range(len(named_by)))}) on "
        + " and ".join(f"{sql[column]} = wanted.n{i}" for i, column in enumerate(named_by))
    )
    with connection.cursor() as cursor:
        cursor.execute(records.with_site(query, ""), [list(values) for values in zip(*names, strict=True)])
        found = {}
        for row in cursor.fetchall():
            values = dict(zip(table.columns, row, strict=True))
            found[tuple(values[column] for column in named_by)] = {
                name: "" if value is None else str(value) for name, value in values.items()
            }
    return found


def _unaskable(value: Any) -> str:
    """Return why a value cannot be looked up in the database, or an empty string."""
    if isinstance(value, int):
        return "" if abs(value) < 2**63 else _("is too large a number")
    return next((message for _where, message in unstorable("", value)), "")


def _must_be(old: str) -> str:
    shown = old if len(old) <= 200 else f"{old[:200]}…"
    return _("must be “%(value)s” or be left out: it is not said here") % {"value": shown}
