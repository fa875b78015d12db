"""Excel workbooks, row by row: the first sheet, whichever program saved it (ECMA-376, SpreadsheetML).

Read as a stream and within limits, since what comes in may be made to do harm: a workbook is a packed file, of XML.
It is read here, and not by openpyxl, because nothing may be lost: openpyxl 3.1 reads "x005F_ here" as " here", leaves
what stands for a control character as it is written, and does not say that a date was shown without its day.
"""

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from posixpath import join, normpath
from xml.parsers import expat

from django.utils.translation import gettext as _

from cases.importing.csv_rows import Row, too_many
from cases.importing.files import CHUNK, File, UnreadableError
from cases.importing.limits import MOST_MEMBERS, MOST_WORKBOOK
from cases.importing.positions import on_line, stands_at

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_REFERENCE = re.compile(r"([A-Z]{1,3})[1-9][0-9]{0,6}", re.ASCII)
# How the formats that have no text of their own show a date: with its day, or the month only (ECMA-376, 18.8.30, with
# those of Chinese Excel).
_DAYS = {14, 15, 16, 22, 28, 29, 30, 31, 51, 53, 54, 58}
_MONTHS = {17, 27, 36, 50, 52, 57}

_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, OSError, RuntimeError, NotImplementedError),
    *(KeyError, IndexError, ValueError),
)

Cells = dict[int, str]  # by the number of the column, from 0


def header(file: File) -> list[str]:
    """Return the cells of the first row. Raises UnreadableError."""
    for _line, cells in _sheet(file):
        return [cells.get(n, "").strip() for n in range(max(cells, default=-1) + 1)]
    return []


def rows(file: File, columns: Sequence[str]) -> Iterator[Row]:
    """Yield the rows under the header, empty ones left out; a row's line is its number. Raises ValueError with it."""
    for n, (line, cells) in enumerate(_sheet(file)):
        if n == 0:
            continue
        beyond = [at for at in cells if at >= len(columns)]
        if beyond:
            raise ValueError(on_line(line, too_many(max(beyond) + 1, len(columns))))
        yield Row(line, {name: cells.get(at, "") for at, name in enumerate(columns)})


def _sheet(file: File) -> Iterator[tuple[int, Cells]]:
    """Yield the rows of the first sheet that hold anything, each with its number. Raises ValueError."""
    with _refusing(), file.source() as raw, zipfile.ZipFile(raw) as packed:
        members = packed.infolist()
        if len(members) > MOST_MEMBERS:
            raise UnreadableError(_("holds more than %(n)d files") % {"n": MOST_MEMBERS})
        limit = MOST_WORKBOOK if file.limit is None else file.limit
        if sum(member.file_size for member in members) > limit:  # more than is declared is never unpacked
            raise UnreadableError(_("holds more than %(n)d MB") % {"n": limit // 1_000_000})
        book = _Book()
        _read(packed, "xl/workbook.xml", book)
        related = _Relations()
        _read(packed, "xl/_rels/workbook.xml.rels", related)
        names = set(packed.namelist())
        styles, shared = _Styles(), _SharedStrings()
        for kind, part in (("styles", styles), ("sharedStrings", shared)):
            path = related.by_kind.get(kind, "")
            if path in names:
                _read(packed, path, part)
        sheet = _Sheet(shared.texts, styles.precisions, date(1904, 1, 1) if book.from_1904 else date(1899, 12, 30))
        for _chunk in _parsing(packed, related.by_id[book.first], sheet):
            yield from sheet.taken()


@contextmanager
def _refusing() -> Iterator[None]:
    """Turn whatever a broken or hostile file makes the readers raise into a refusal."""
    try:
        yield
    except UnreadableError:
        raise
    except _BROKEN as problem:
        raise UnreadableError(_("is not an Excel workbook (.xlsx): %(problem)s") % {"problem": problem}) from problem


# --- the parts of a workbook ------------------------------------------------------------------------------------------


class _Part:
    """What reads one part of XML: it is told of elements, without their namespaces, and of texts."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element."""

    def end(self, name: str) -> None:
        """Take the end of an element."""

    def text(self, data: str) -> None:
        """Take a piece of text."""


def _parsing(packed: zipfile.ZipFile, path: str, part: _Part) -> Iterator[None]:
    """Read a part, and say so after each piece of it."""

    def local(name: str) -> str:
        return name.rpartition(" ")[2]

    def refuse(*_declared: object) -> None:
        raise UnreadableError(_("declares a document type, as no Excel workbook does"))

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = lambda name, found: part.start(local(name), {local(n): v for n, v in found.items()})
    parser.EndElementHandler = lambda name: part.end(local(name))
    parser.CharacterDataHandler = part.text
    parser.StartDoctypeDeclHandler = refuse
    with packed.open(path) as opened:
        while chunk := opened.read(CHUNK):
            parser.Parse(chunk, False)
            yield
    parser.Parse(b"", True)
    yield


def _read(packed: zipfile.ZipFile, path: str, part: _Part) -> None:
    for _chunk in _parsing(packed, path, part):
        pass


class _Book(_Part):
    """Which sheet is the first, and from which day dates are counted."""

    def __init__(self) -> None:
        self.first = ""
        self.from_1904 = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheet" and not self.first:
            self.first = attributes["id"]
        elif name == "workbookPr":
            self.from_1904 = attributes.get("date1904") in ("1", "true")


class _Relations(_Part):
    """Where the other parts are."""

    def __init__(self) -> None:
        self.by_id: dict[str, str] = {}
        self.by_kind: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship":
            path = normpath(join("/xl", attributes["Target"])).lstrip("/")
            self.by_id[attributes["Id"]] = path
            self.by_kind.setdefault(attributes["Type"].rpartition("/")[2], path)


class _Styles(_Part):
    """How precisely each style of cells shows a date: `precisions` has 10 or 7 characters of it, or 0 if it is none."""

    def __init__(self) -> None:
        self.precisions: list[int] = []
        self._own: dict[str, int] = {}
        self._in_cells = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt":
            self._own[attributes["numFmtId"]] = _precision(attributes["formatCode"])
        elif name == "cellXfs":
            self._in_cells = True
        elif name == "xf" and self._in_cells:
            number = attributes.get("numFmtId", "0")
            built_in = {**dict.fromkeys(_DAYS, 10), **dict.fromkeys(_MONTHS, 7)}
            self.precisions.append(self._own.get(number, built_in.get(int(number), 0)))

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._in_cells = False


def _unescaped(text: str) -> str:
    """Return a text with the characters that XML cannot hold, or not as they are (22.9.2.19)."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


def _precision(code: str) -> int:
    """Return how many characters of an ISO date a format of numbers shows; 0 if it shows no date."""
    shown = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.', "", code).lower()
    if "d" in shown:
        return 10
    if "y" not in shown:
        return 0
    return 7 if "m" in shown else 4


class _SharedStrings(_Part):
    """The texts that cells share, in their order."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._text = _Text()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._text.start(name, attributes)

    def end(self, name: str) -> None:
        self._text.end(name)
        if name == "si":
            self.texts.append(self._text.taken())

    def text(self, data: str) -> None:
        self._text.text(data)


class _Text(_Part):
    """A text in its runs; how it is pronounced is left out."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._in_text = self._in_reading = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "rPh":
            self._in_reading = True
        elif name == "t":
            self._in_text = not self._in_reading

    def end(self, name: str) -> None:
        if name == "rPh":
            self._in_reading = False
        elif name == "t":
            self._in_text = False

    def text(self, data: str) -> None:
        if self._in_text:
            self._parts.append(data)

    def taken(self) -> str:
        text = "".join(self._parts)
        self._parts.clear()
        return _unescaped(text)


@dataclass
class _Sheet(_Part):
    """The cells of a sheet as the texts that a CSV would have."""

    shared: Sequence[str]
    precisions: Sequence[int]
    first_day: date
    _rows: list[tuple[int, Cells]] = field(default_factory=list)
    _line: int = 0
    _cells: Cells = field(default_factory=dict)
    _reference: str = ""
    _at: int = -1
    _type: str = "n"
    _style: int = 0
    _value: list[str] = field(default_factory=list)
    _in_value: bool = False
    _formula: list[str] | None = None
    _text: _Text = field(default_factory=_Text)

    def taken(self) -> list[tuple[int, Cells]]:
        """Return the rows that have been read whole, once."""
        rows, self._rows = self._rows, []
        return rows

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            self._line = int(attributes.get("r", self._line + 1))
            self._cells, self._at = {}, -1
        elif name == "c":
            self._reference = attributes.get("r", "")
            self._at = _column(self._reference) if self._reference else self._at + 1
            self._type, self._style = attributes.get("t", "n"), int(attributes.get("s", 0))
            self._value.clear()
        elif name == "v":
            self._in_value = True
        elif name == "f":
            self._formula = []
        else:
            self._text.start(name, attributes)

    def end(self, name: str) -> None:
        if name == "v":
            self._in_value = False
        elif name == "f":
            # LibreOffice saves true and false as these; nothing else is taken for what somebody wrote there.
            if "".join(self._formula or []).strip().upper() not in ("TRUE()", "FALSE()"):
                raise self._problem(_("is a formula: put its value there"))
            self._formula = None
        elif name == "c":
            cell = self._cell()
            if cell:
                self._cells[self._at] = cell
        elif name == "row":
            if self._cells:
                self._rows.append((self._line, self._cells))
        else:
            self._text.end(name)

    def text(self, data: str) -> None:
        if self._in_value:
            self._value.append(data)
        elif self._formula is not None:
            self._formula.append(data)
        else:
            self._text.text(data)

    def _cell(self) -> str:
        inline, value = self._text.taken(), "".join(self._value)
        if self._type == "inlineStr":
            return inline
        if value == "":
            return ""
        try:
            return _READERS.get(self._type, _Sheet._number)(self, value)
        except (ValueError, IndexError, OverflowError) as problem:
            if isinstance(problem, UnreadableError):
                raise
            raise self._problem(_("“%(value)s” is not of its type") % {"value": value[:40]}) from problem

    def _problem(self, message: str) -> UnreadableError:
        return UnreadableError(_(": ").join((self._reference or stands_at(self._line), message)))

    def _shared(self, value: str) -> str:
        return self.shared[int(value)]

    def _error(self, value: str) -> str:
        raise self._problem(_("is the error %(value)s") % {"value": value[:40]})

    def _number(self, value: str) -> str:
        number = float(value)
        if self.precisions and (precision := self.precisions[self._style]):
            return self._day(number, precision)
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)

    def _day(self, days: float, precision: int) -> str:
        at = datetime.combine(self.first_day, time.min) + timedelta(days=days)
        if precision == 10 and not days.is_integer():
            return at.isoformat(timespec="minutes")
        return at.date().isoformat()[:precision]


def _column(reference: str) -> int:
    """Return the number of a column, from 0: of B2 it is 1. Raises UnreadableError."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise UnreadableError(_("“%(reference)s” is no cell") % {"reference": reference[:40]})
    number = 0
    for letter in match[1]:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


_READERS: dict[str, Callable[[_Sheet, str], str]] = {
    "s": _Sheet._shared,
    "str": lambda sheet, value: _unescaped(value),
    "b": lambda sheet, value: "true" if int(value) else "false",
    "d": lambda sheet, value: value,
    "e": _Sheet._error,
}
