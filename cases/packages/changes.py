"""What differs between two data packages: their tables, read side by side in the order of ids."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import TextIOWrapper
from pathlib import Path
from typing import IO, Any
from zipfile import ZipFile

from cases.packages.tables import TABLES
from cases.public_fields import Table

COLUMNS = ("table", "id", "change", "fields")
ADDED, CHANGED, REMOVED = "added", "changed", "removed"


@dataclass
class Changes:
    """How many rows of each table came, changed and went, and the fields that did."""

    counted: dict[str, Counter[str]] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any(self.counted.values()) or bool(self.fields)


def written(path: Path, folder: Path, before: Path | None) -> Changes:
    """Write each row that differs between the package `before`, a zip, and the CSV in a folder; return how many do.

    Without a package before, nothing has changed.
    """
    found = Changes()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(COLUMNS)
        if before is not None:
            with ZipFile(before) as package:
                for table in TABLES:
                    writer.writerows(_of_table(table, package, folder, found))
    return found


def _of_table(table: Table, package: ZipFile, folder: Path, found: Changes) -> Iterator[tuple[str, str, str, str]]:
    counted = found.counted.setdefault(table.name, Counter())
    name = f"data/{table.name}.csv"
    if name not in package.namelist():
        found.fields[table.name] = "a new table"
        return
    with package.open(name) as binary, (folder / f"{table.name}.csv").open(encoding="utf-8", newline="") as after:
        old, new = _rows(TextIOWrapper(binary, encoding="utf-8", newline="")), _rows(after)
        columns, columns_now = next(old), next(new)
        if columns != columns_now:
            came = [name for name in columns_now if name not in columns]
            went = [name for name in columns if name not in columns_now]
            found.fields[table.name] = f"new fields: {', '.join(came) or 'none'}; gone: {', '.join(went) or 'none'}"
        shared = [name for name in columns_now if name in columns]
        for change, pk, names in _differences(table, columns, old, columns_now, new, shared):
            counted[change] += 1
            yield table.name, pk, change, names


def _differences(
    table: Table, columns: list[str], old: Any, columns_now: list[str], new: Any, shared: list[str]
) -> Iterator[tuple[str, str, str]]:
    numbered = next(f.type for f in table.fields if f.name == "id") == "integer"
    before, after = columns.index("id"), columns_now.index("id")
    pairs = [(name, columns.index(name), columns_now.index(name)) for name in shared]

    def key(row: list[str], at: int) -> Any:
        return int(row[at]) if numbered else row[at]

    a, b = next(old, None), next(new, None)
    while a is not None or b is not None:
        if b is None or (a is not None and key(a, before) < key(b, after)):
            yield REMOVED, a[before], ""  # type: ignore[index]
            a = next(old, None)
        elif a is None or key(b, after) < key(a, before):
            yield ADDED, b[after], ""
            b = next(new, None)
        else:
            names = [name for name, i, j in pairs if a[i] != b[j]]
            if names:
                yield CHANGED, b[after], "; ".join(names)
            a, b = next(old, None), next(new, None)


def _rows(file: Iterable[str] | IO[str]) -> Iterator[list[str]]:
    return csv.reader(file, strict=True)
