"""CSV as the archive writes it, read back: rows that differ from what is public become records that differ.

A file is known by its header. A row is found by the columns that name it; what its other columns are is said in
`patches`: content is taken over, what follows from it is not read, and what is said elsewhere must be as it is.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import connection

from cases import records
from cases.cells import unmarked
from cases.importing import patches, writer
from cases.importing.csv_rows import Row, header, rows, value_of
from cases.importing.files import File, UnreadableError
from cases.importing.importer import NOT_CREATED, Report
from cases.importing.reader import Problem, Record, Source, shape_problems
from cases.models import Announcement, Campaign, Publisher
from cases.public_fields import Table

AT_ONCE = 500
Name = tuple[Any, ...]  # the values of the columns that name a row


def read_tables(files: Iterable[File], report: Report, *, create: bool) -> list[Source]:
    """Return the records that differ from what files of CSV say. What is refused or not read is in the report."""
    opened = [_TableFile(file) for file in files]
    for file in opened:
        report.problems += file.header_problems()
    if report.problems:
        return []
    editing = _Editing(report, create=create)
    order = list(patches.CONTENT)
    for file in sorted(opened, key=lambda file: order.index(file.table.name)):
        try:
            editing.read(file)
        except ValueError as problem:
            report.problems.append(Problem(file.name, "", str(problem)))
    return editing.sources()


class _TableFile:
    """A file of CSV and the table of which it holds rows."""

    def __init__(self, file: File) -> None:
        self.file = file
        self.name = file.name

    @cached_property
    def columns(self) -> list[str]:
        return header(self.file)

    @cached_property
    def table(self) -> Table:
        fitting = [name for name, named_by in patches.NAMED_BY.items() if set(named_by) <= set(self.columns)]
        return records.TABLES[fitting[0]]

    @cached_property
    def types(self) -> dict[str, str]:
        return {field.name: field.type for field in self.table.fields}

    def header_problems(self) -> list[Problem]:
        try:
            columns = self.columns
        except (UnreadableError, csv.Error) as problem:
            return [Problem(self.name, "", str(problem))]
        if not any(set(named_by) <= set(columns) for named_by in patches.NAMED_BY.values()):
            wanted = " or ".join(" and ".join(named_by) for named_by in patches.NAMED_BY.values())
            return [Problem(self.name, "", f"the header names no table: it needs the columns {wanted}", "line 1")]
        unknown = [name for name in columns if name not in self.types]
        twice = [name for name, n in Counter(columns).items() if n > 1]
        return [
            Problem(self.name, "", message, f"line 1, column {name}")
            for names, message in ((unknown, f"is not a column of {self.table.name}"), (twice, "stands twice"))
            for name in names
        ]

    def rows(self) -> Iterator[list[Row]]:
        """Yield the rows, so many at a time."""
        found = rows(self.file, self.columns)
        while batch := list(islice(found, AT_ONCE)):
            yield batch


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

    def read(self, file: _TableFile) -> None:
        self.report.notices += filter(None, [file.file.notice])
        seen: dict[Name, int] = {}
        unread: Counter[str] = Counter()
        for batch in file.rows():
            named = {name: row for row in batch if (name := self._name(file, row, seen))}
            public = _public_cells(file.table, list(named))
            edited = [
                (name, row, public.get(name))
                for name, row in named.items()
                if self._is_edited(file, row, public.get(name), unread) or name[0] in self.records
            ]
            self._fetch({name[0] for name, _row, _cells in edited})
            for name, row, cells in edited:
                self._write(file, name, row, cells)
        self.report.notices += [
            f"{file.name}: column {column} is not read: it follows from the others, and differs in {n} rows"
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

    def _refuse(self, file: _TableFile, row: Row, column: str, message: str) -> None:
        self.report.problems.append(Problem(file.name, "", message, f"line {row.line}, column {column}"))

    def _name(self, file: _TableFile, row: Row, seen: dict[Name, int]) -> Name | None:
        """Return what names a row, unless that is wrong."""
        name: list[Any] = []
        for column in patches.NAMED_BY[file.table.name]:
            try:
                value = value_of(file.types[column], unmarked(row.cells[column]))
            except ValueError as problem:
                self._refuse(file, row, column, str(problem))
                return None
            if value is None:
                self._refuse(file, row, column, "is empty; it names the row")
                return None
            name.append(value)
        if seen.setdefault(tuple(name), row.line) != row.line:
            self._refuse(file, row, column, f"names the same as line {seen[tuple(name)]}")
            return None
        self.named[name[0]] = None
        return tuple(name)

    def _is_edited(self, file: _TableFile, row: Row, public: dict[str, str] | None, unread: Counter[str]) -> bool:
        """Say whether a row differs in its content from what is public. What may not differ is refused."""
        edited = public is None
        for column, cell in row.cells.items():
            if column in patches.NAMED_BY[file.table.name]:
                continue
            old = public[column] if public else ""
            if _same(file.types[column], cell, old) or (column == "url" and _same_page(cell, old)):
                continue
            if column in patches.CONTENT[file.table.name]:
                edited = True
            elif column not in patches.FOLLOWS[file.table.name]:
                why = f"must be “{old}” or be left out: it is not said here" if public else "must be empty: it is new"
                self._refuse(file, row, column, why)
            else:
                unread[column] += 1
        return edited

    def _fetch(self, keys: set[str]) -> None:
        """Bring along the stored records of announcements that are edited."""
        wanted = writer.prefetched(Announcement.objects.filter(key__in=keys - self.records.keys()))
        self.records |= {a.key: writer.to_record(a) for a in wanted}

    def _write(self, file: _TableFile, name: Name, row: Row, public: dict[str, str] | None) -> None:
        key, kind = name[0], file.table.name
        if key not in self.records:
            if kind != "announcements":
                self._refuse(file, row, "announcement_key", f"there is no announcement {key}")
                return
            if not self.create:
                self._refuse(file, row, "key", f"{key} is not in the archive: {NOT_CREATED}")
                return
            self.records[key] = patches.blank_record(key)
        part = self._part(kind, self.records[key], name)
        if part is None:
            self._refuse(file, row, patches.NAMED_BY[kind][1], f"{key} has no {name[1]}: {NOT_CREATED}")
            return
        self.written.setdefault(key, {})[part] = (file.name, row.line)
        try:
            cells = self._values(file, row, public)
            self._patch(kind, self.records[key], name, cells)
        except patches.CellError as problem:
            self._refuse(file, row, problem.column, str(problem))

    def _values(self, file: _TableFile, row: Row, public: dict[str, str] | None) -> dict[str, Any]:
        """Return what the content of a row says. Raises CellError."""
        values = {}
        for column in row.cells.keys() & patches.CONTENT[file.table.name].keys():
            type_, cell = file.types[column], row.cells[column]
            if public and _same(type_, cell, public[column]):
                cell = public[column]
            elif type_ == "text" and file.file.from_a_spreadsheet:
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
        parts: list[Record] = record[kind]
        known_by = "number" if kind == "cases" else "ref"
        if not any(part[known_by] == name[1] for part in parts):
            if not self.create:
                return None
            blank: Any = patches.blank_case if kind == "cases" else patches.blank_figure
            parts.append(blank(name[1]))
            if kind == "cases":
                parts.sort(key=lambda case: case["number"])
        return kind, name[1]

    def _patch(self, kind: str, record: Record, name: Name, cells: dict[str, Any]) -> None:
        if kind == "announcements":
            patches.patch_announcement(record, cells, self.publishers, self.campaigns)
        elif kind == "cases":
            patches.patch_case(next(case for case in record["cases"] if case["number"] == name[1]), cells)
        else:
            figure = next(figure for figure in record["figures"] if figure["ref"] == name[1])
            patches.patch_figure(figure, cells, record, self.campaigns)


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
            part = kind, self.record[kind][int(match[2]) - 1]["number" if kind == "cases" else "ref"]
        if part not in self.written:
            return "", "", where
        file, line = self.written[part]
        member = re.split(r"[.\[]", member)[0]
        wanted = {"crime_type": "crime_types", "place": "places", "value_high": "high"}.get(member, member)
        column = next((c for c, name in patches.CONTENT[kind].items() if name == wanted), "")
        return (file, f"line {line}, column {column}", "") if column else (file, f"line {line}", where)


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


def _same(type_: str, cell: str, old: str) -> bool:
    """Say whether two cells say the same, however they write it: line ends, numbers, marks before formulas."""
    if type_ == "text":
        return _unix(old) in (_unix(cell), _unix(unmarked(cell)))
    try:
        return value_of(type_, old) in (value_of(type_, cell), value_of(type_, unmarked(cell)))
    except ValueError:
        return False


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n")


def _same_page(cell: str, path: str) -> bool:
    """Say whether an address leads to a page of the archive, under whatever host it was read."""
    return re.sub(r"^https?://[^/]+", "", cell) == path
