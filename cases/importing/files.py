"""Files as they come in: packed or not, in UTF-8 or GB18030, with a byte order mark or without, in any line ends."""

import gzip
import zlib
from codecs import BOM_UTF8, getincrementaldecoder
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import IO, Any, cast

from django.utils.translation import gettext as _

ENCODINGS = ("utf-8-sig", "gb18030")
CHUNK = 1 << 16


class UnreadableError(ValueError):
    """A file that is no text, or holds more than it may."""


@dataclass(frozen=True)
class File:
    """A file: what it is called, and how its bytes are come by. `limit` is how much it may unpack to."""

    name: str
    source: Callable[[], IO[bytes]]
    limit: int | None = None

    @property
    def suffix(self) -> str:
        """What it is by the end of its name, packed or not: `.csv`, `.jsonl`, `.xlsx`, `.json`; or empty."""
        return Path(self.name.lower().removesuffix(".gz")).suffix

    def open(self) -> IO[bytes]:
        """Return the file's bytes to read, unpacked if it is packed by gzip."""
        raw = self.source()
        packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        if not packed:
            return raw
        unpacked = gzip.GzipFile(fileobj=raw)
        unpacked.myfileobj = cast(Any, raw)  # closed with it
        return cast(IO[bytes], unpacked)

    @cached_property
    def encoding(self) -> str:
        """The encoding in which the whole file makes sense. Raises UnreadableError with where it does not."""
        for encoding in ENCODINGS:
            at = self._first_fault(encoding)
            if at is None:
                return encoding
            if encoding == ENCODINGS[0]:
                line, column = at
        raise UnreadableError(
            _("line %(line)d, column %(column)d: is neither UTF-8 nor GB18030") % {"line": line, "column": column}
        )

    def _first_fault(self, encoding: str) -> tuple[int, int] | None:
        """Return the line and column of what is not of this encoding; None if all is."""
        decoder = getincrementaldecoder(encoding)()
        line, column, size = 1, 1, 0
        try:
            with self.open() as raw:
                while True:
                    chunk = raw.read(CHUNK)
                    size += len(chunk)
                    if self.limit is not None and size > self.limit:
                        raise UnreadableError(_("holds more than %(n)d MB") % {"n": self.limit // 1_000_000})
                    fault = False
                    try:
                        text = decoder.decode(chunk, final=not chunk)
                    except UnicodeDecodeError as problem:
                        text, fault = problem.object[: problem.start].decode(encoding, "ignore"), True
                    if "\n" in text:
                        line, column = line + text.count("\n"), 1
                    column += len(text) - text.rfind("\n") - 1
                    if fault or not chunk:
                        return (line, column) if fault else None
        except (OSError, EOFError, zlib.error) as problem:
            raise UnreadableError(_("cannot be read: %(problem)s") % {"problem": problem}) from problem

    @cached_property
    def from_a_spreadsheet(self) -> bool:
        """Whether it is as spreadsheets take and save it: with a byte order mark, or not in Unicode at all."""
        with self.open() as raw:
            return self.encoding != ENCODINGS[0] or raw.read(3) == BOM_UTF8

    @property
    def notice(self) -> str:
        """What whoever sent the file should know of how it was read; mostly nothing."""
        return "" if self.encoding == ENCODINGS[0] else _("%(file)s: read as GB18030") % {"file": self.name}

    def text(self) -> TextIOWrapper:
        """Return the file to read as text, line ends as they are. Raises UnreadableError."""
        return TextIOWrapper(cast(BytesIO, self.open()), encoding=self.encoding, newline="")

    def read(self) -> str:
        """Return the whole text. Raises UnreadableError."""
        with self.text() as text:
            return text.read()


def on_disk(path: Path) -> File:
    """Return a file of the file system."""
    return File(str(path), lambda: path.open("rb"))


def in_memory(name: str, content: bytes, limit: int | None = None) -> File:
    """Return a file whose bytes are at hand."""
    return File(name, lambda: BytesIO(content), limit)
