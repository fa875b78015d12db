"""Excel workbooks of records: one sheet of typed cells, and the codebook of its fields as a second."""

from collections.abc import Iterable
from datetime import UTC, datetime
from tempfile import TemporaryFile
from typing import IO, Any

from django.utils import translation
from django.utils.translation import gettext as _
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from cases.public_fields import Field, Table

MOST_ROWS = 100_000
MOST_CHARACTERS = 32_767  # of one cell of Excel
CODEBOOK = ("field", "type", "label_en", "label_zh", "description")


class TooLargeError(Exception):
    """The records are more than a workbook can hold; the message says so in words."""


def check_rows(rows: int) -> None:
    """Raise TooLargeError for more rows than a workbook is made of."""
    if rows > MOST_ROWS:
        raise TooLargeError(
            _("A workbook holds at most %(most)s rows, and these are %(rows)s: take the CSV, or narrow the list")
            % {"most": f"{MOST_ROWS:,}", "rows": f"{rows:,}"}
        )


def written(table: Table, rows: Iterable[tuple[Any, ...]]) -> IO[bytes]:
    """Return a file with a workbook, to be read from its beginning. It is made on disk, row by row."""
    file = TemporaryFile()  # noqa: SIM115  (whoever reads it closes it)
    _write(file, table, rows)
    file.seek(0)
    return file


def _write(file: IO[bytes], table: Table, rows: Iterable[tuple[Any, ...]]) -> None:
    book = Workbook(
        file,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    # The same data are the same bytes, whenever they are written.
    book.set_properties({"created": datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)})
    sheet = book.add_worksheet(table.name[:31])
    _line(sheet, 0, table.columns)
    sheet.freeze_panes(1, 1)
    for n, row in enumerate(rows, 1):
        for column, (field, value) in enumerate(zip(table.fields, row, strict=True)):
            _cell(sheet, n, column, field, value)
    _codebook(book.add_worksheet("codebook"), table)
    book.close()


def _cell(sheet: Worksheet, row: int, column: int, field: Field, value: Any) -> None:
    if value is None or value == "":
        return
    if field.type in ("integer", "number"):
        sheet.write_number(row, column, value)
    elif field.type == "boolean":
        sheet.write_boolean(row, column, value)
    else:
        text = "; ".join(value) if field.type == "list" else str(value)
        if len(text) > MOST_CHARACTERS:
            raise TooLargeError(
                _("%(field)s of record %(n)s is longer than a cell of Excel can be: take the CSV")
                % {"field": field.name, "n": row}
            )
        sheet.write_string(row, column, text)


def _codebook(sheet: Worksheet, table: Table) -> None:
    _line(sheet, 0, CODEBOOK)
    with translation.override("en"):
        for n, f in enumerate(table.fields, 1):
            _line(sheet, n, (f.name, f.type, f.label_en, f.label_zh, str(f.description)))


def _line(sheet: Worksheet, row: int, texts: Iterable[str]) -> None:
    for column, text in enumerate(texts):
        sheet.write_string(row, column, text)
