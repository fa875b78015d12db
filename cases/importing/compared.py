"""Tables that are made from others, read back: what is in them is said elsewhere, so each cell must be as it is."""

from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from cases import records
from cases.importing.csv_rows import Row, value_of
from cases.importing.importer import Report
from cases.importing.table_files import TableFile
from cases.public_fields import Table


def compare(file: TableFile, report: Report) -> None:
    """Refuse every cell that is not as it is in the archive, and say how many rows were compared."""
    n = 0
    for batch in file.rows():
        ids = {row.line: _id(file, row) for row in batch}
        public = _public_rows(file.of, [pk for pk in ids.values() if pk is not None])
        for row in batch:
            stored = public.get(str(ids[row.line]))
            if stored is None:
                message = _("the archive has no row %(id)s, or has it no longer") % {"id": row.cells["id"][:40]}
                report.problems.append(file.problem(row, "id", message))
                continue
            for column, cell in row.cells.items():
                if not file.same(column, cell, stored[column]):
                    old = stored[column] if len(stored[column]) <= 200 else f"{stored[column][:200]}…"
                    message = _("is “%(value)s” in the archive; this table is only compared") % {"value": old}
                    report.problems.append(file.problem(row, column, message))
        n += len(batch)
    compared = {"file": file.name, "table": file.of.label, "n": n}
    report.notices.append(
        _("%(file)s: %(table)s: %(n)d rows were compared; nothing is taken over from this table") % compared
    )


def _id(file: TableFile, row: Row) -> Any:
    """Return the id of a row as the database can look it up; None if it is none."""
    try:
        value = value_of(file.types["id"], row.cells["id"])
    except ValueError:
        return None
    if isinstance(value, int):
        return value if abs(value) < 2**63 else None
    return None if value is None or "\x00" in value or not value.isprintable() else value


def _public_rows(table: Table, ids: list[Any]) -> dict[str, dict[str, str]]:
    """Return the rows of these ids as a CSV has them, by id."""
    kind = {"integer": "bigint", "text": "text"}[next(f.type for f in table.fields if f.name == "id")]
    query = f"select * from (select {records.csv_select(table)} from {table.source}) said where id = any(%s::{kind}[])"
    with connection.cursor() as cursor:
        cursor.execute(records.with_site(query, ""), [ids])
        found = [dict(zip(table.columns, row, strict=True)) for row in cursor.fetchall()]
    return {str(row["id"]): {name: "" if value is None else str(value) for name, value in row.items()} for row in found}
