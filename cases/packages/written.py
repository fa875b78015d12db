"""The files of a data package, written row by row: each table as CSV, and all of them as one SQLite file."""

import csv
import json
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from cases.packages.tables import TABLES, reference, rows
from cases.public_fields import Field, Table

BATCH = 1000
# Columns that readers filter by beside what refers to another table, and the texts that they search.
INDEXED = {
    "announcements": ("published_earliest", "kind", "publisher"),
    "cases": ("period_earliest", "published_earliest"),
    "figures": ("value", "unit", "campaign_year"),
    "places": ("slug",),
}
SEARCHED = {
    "announcements": ("title", "title_zh", "abstract"),
    "cases": ("heading", "summary"),
    "figures": ("phrase", "note"),
    "passages": ("text",),
}
_TYPES = {"integer": "integer", "boolean": "integer", "number": "numeric"}


def data(folder: Path, database: Path, site: str) -> dict[str, int]:
    """Write all tables as CSV into a folder and into an SQLite file, both from the same rows; return how many each has.

    The same rows give the same bytes.
    """
    counted = {}
    # Nothing reads the file before it is finished, and an unfinished one is thrown away: no journal is needed.
    with sqlite3.connect(database, isolation_level=None) as target:
        target.executescript("pragma journal_mode = off; pragma synchronous = off; pragma page_size = 4096;")
        target.execute("begin")
        for table in TABLES:
            target.execute(_create(table))
            counted[table.name] = _table(table, folder / f"{table.name}.csv", target, site)
        for table in TABLES:
            _indexes(target, table)
        target.execute("commit")
        target.execute("analyze")
    target.close()
    return counted


def _table(table: Table, path: Path, target: sqlite3.Connection, site: str) -> int:
    insert = f"insert into {_quoted(table.name)} values ({', '.join('?' * len(table.fields))})"
    total = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(table.columns)
        for batch in _batches(rows(table, site)):
            writer.writerows([[cell(value) for value in row] for row in batch])
            target.executemany(insert, [[_stored(value) for value in row] for row in batch])
            total += len(batch)
    return total


def _batches(found: Iterator[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    batch = []
    for row in found:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def cell(value: Any) -> str:
    """Return a value as the CSV of the site writes it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "; ".join(map(str, value))
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else str(value)


def _stored(value: Any) -> Any:
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() and abs(value) < 2**63 else float(value)
    return value.isoformat() if isinstance(value, date) else value


def _create(table: Table) -> str:
    def column(f: Field) -> str:
        kind = _TYPES.get(f.type, "text")
        key = " primary key" if f.name == "id" else ""
        other = reference(table, f.name)
        return f"{_quoted(f.name)} {kind}{key}{f' references {_quoted(other)} (id)' if other else ''}"

    return f"create table {_quoted(table.name)} (\n  {', '.join(map(column, table.fields))}\n)"


def _indexes(target: sqlite3.Connection, table: Table) -> None:
    referring = [f.name for f in table.fields if reference(table, f.name)]
    for name in (*referring, *INDEXED.get(table.name, ())):
        target.execute(f"create index {_quoted(f'{table.name}_{name}')} on {_quoted(table.name)} ({_quoted(name)})")
    searched: Sequence[str] = SEARCHED.get(table.name, ())
    if searched:
        index = f"{table.name}_fts"
        columns = ", ".join(map(_quoted, searched))
        # Three letters or characters that follow each other: Chinese has no spaces between words.
        rowid = ', content_rowid="id"' if table.name != "passages" else ""
        target.execute(
            f'create virtual table {index} using fts5 ({columns}, content="{table.name}"{rowid}, tokenize="trigram")'
        )
        target.execute(f"insert into {index} ({index}) values ('rebuild')")


def _quoted(name: str) -> str:
    return f'"{name}"'
