"""Files over HTTP, whoever writes them: read from one state of the data and named by it, with the digest of each.

The entity tag is of the version of the data, of whatever else decides the bytes, in canonical order, and of the form in
which they are sent. So the same tag is the same bytes, and whoever has them is told so before anything is read.
"""

import csv
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from hashlib import sha256
from io import StringIO
from itertools import chain
from threading import BoundedSemaphore
from time import monotonic
from typing import Any, Protocol

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cases import data_version
from cases.cells import written
from cases.exports import FORMATS, Chunks, in_chunks
from cases.problems import json_response, not_modified, problem, readable_anywhere, site_of, tagged
from cases.workbooks import TooLargeError

# A reader who stalls holds a thread. However many do, half of the threads of a process are left for the pages.
SLOTS = BoundedSemaphore(2)
RETRY_AFTER = 30  # seconds
MOST_SECONDS = 900  # for one file


class BusyError(Exception):
    """All slots for files are taken."""


class TooSlowError(Exception):
    """The reader has not taken the file in time. It is broken off, which HTTP makes known to both sides."""


class File(Protocol):
    """What can be sent: how it is called, and what decides its bytes beside the data and the address of the site."""

    content_type: str
    compressible: bool

    @property
    def parts(self) -> tuple[object, ...]: ...

    @property
    def total(self) -> int | None:
        """How many rows it has, where that is known before they are written. Asked within the snapshot."""

    @property
    def name(self) -> str:
        """Asked within the snapshot, after the total."""

    def chunks(self) -> Chunks:
        """Return the bytes. Raises TooLargeError."""


class Written:
    """A table that is written here: its columns, its rows when they are wanted, how many they are if that is known."""

    content_type = FORMATS[".csv"].content_type
    compressible = True

    def __init__(
        self,
        name: str,
        columns: Sequence[str],
        rows: Callable[[], Iterable[Iterable[Any]]],
        *parts: object,
        total: Callable[[], int] | None = None,
    ) -> None:
        self.name = f"{name}.csv"
        self.columns = columns
        self.rows = rows
        self.parts = (self.name, *columns, *parts)
        self._total = total

    @property
    def total(self) -> int | None:
        return self._total() if self._total else None

    def chunks(self) -> Chunks:
        """RFC 4180, in UTF-8: what a spreadsheet would take for a formula is marked."""
        return in_chunks(self._lines())

    def _lines(self) -> Iterator[bytes]:
        buffer = StringIO()
        writer = csv.writer(buffer, lineterminator="\r\n")
        for row in chain([self.columns], self.rows()):
            writer.writerow([written(value) for value in row])
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()


def answer(request: HttpRequest, file: File, *, digest: bool = False) -> HttpResponseBase:
    """Answer with a file, or with its SHA-256, as `sha256sum --check` reads it; or with the reason why not."""
    try:
        return _digest(request, file) if digest else _file(request, file)
    except BusyError:
        return busy()
    except TooLargeError as refusal:
        return problem(400, _("This is more than the format can hold"), f"{refusal}.")


def json_answer(request: HttpRequest, body: Callable[[], dict[str, Any]], *parts: object) -> HttpResponseBase:
    """Answer with JSON that is read from one state of the data. `parts` decide it beside the data and the language."""
    with data_version.snapshot():
        tag = data_version.etag(data_version.current(), site_of(request), get_language(), *parts)
        if unchanged := not_modified(request, tag):
            return unchanged
        told = body()
    return tagged(json_response(told), tag)


def _file(request: HttpRequest, file: File) -> HttpResponseBase:
    gzip = file.compressible and _takes_gzip(request)
    tag = _Tag(request, file, gzip)
    unchanged = tag.unchanged()
    if unchanged is not None:
        return unchanged
    run = _opened(file, tag)
    total = next(run)
    chunks: Iterable[bytes] = _gzipped(run) if gzip else run
    response = StreamingHttpResponse(
        chunks if request.method != "HEAD" else _nothing(run), content_type=file.content_type
    )
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    if gzip:
        response["Content-Encoding"] = "gzip"
    return _described(response, tag, total)


def _digest(request: HttpRequest, file: File) -> HttpResponseBase:
    """Answer with the digest. It is kept as long as the data stay."""
    tag = _Tag(request, file, "sha256")
    unchanged = tag.unchanged()
    if unchanged is not None:
        return unchanged
    found: tuple[str, str, int | None] | None = cache.get(tag.text)
    if found is None:
        run = _opened(file, tag)
        total = next(run)
        digest = sha256()
        for chunk in run:
            digest.update(chunk)
        found = digest.hexdigest(), file.name, total
        cache.set(tag.text, found, timeout=None)
    told, name, total = found
    response = HttpResponse(f"{told}  {name}\n", content_type="text/plain; charset=utf-8")
    return _described(response, tag, total)


class _Tag:
    """The entity tag of an answer; it is of the data that the answer is read from."""

    def __init__(self, request: HttpRequest, file: File, variant: object) -> None:
        self.request = request
        self.parts = (site_of(request), *file.parts, variant)
        self.version = data_version.current()

    @property
    def text(self) -> str:
        return data_version.etag(self.version, *self.parts)

    def unchanged(self) -> HttpResponseBase | None:
        """Return the answer to whoever has it already."""
        return not_modified(self.request, self.text)


def _opened(file: File, tag: _Tag) -> Iterator[Any]:
    """Yield how many rows there are, then the file. What it holds is given back when it ends or is closed."""
    deadline = monotonic() + MOST_SECONDS
    with slot(), data_version.snapshot(seconds=MOST_SECONDS):
        tag.version = data_version.current()
        # Closed before the transaction is: its end would wait for a COPY that nobody reads.
        with closing(file.chunks()) as chunks:
            yield file.total
            for chunk in chunks:
                yield chunk
                if monotonic() > deadline:
                    raise TooSlowError(f"not taken within {MOST_SECONDS} seconds")


@contextmanager
def slot() -> Iterator[None]:
    """Take one of the places for readers of files while something is read. Raises BusyError."""
    slots = SLOTS
    if not slots.acquire(blocking=False):
        raise BusyError
    try:
        yield
    finally:
        slots.release()


def _nothing(run: Iterator[Any]) -> Iterator[bytes]:
    """Give back what an answer without a body holds."""
    run.close()  # type: ignore[attr-defined]
    return iter(())


def _gzipped(run: Iterator[bytes]) -> Iterator[bytes]:
    compressor = zlib.compressobj(level=5, wbits=31)  # a gzip file without name and time
    for chunk in run:
        if packed := compressor.compress(chunk):
            yield packed
    yield compressor.flush()


def _takes_gzip(request: HttpRequest) -> bool:
    accepted = request.headers.get("Accept-Encoding", "")
    return bool(re.search(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))", accepted))


def _described(response: HttpResponseBase, tag: _Tag, total: int | None) -> HttpResponseBase:
    response["ETag"] = tag.text
    if total is not None:
        response["X-Total-Count"] = str(total)
    response["X-Data-Version"] = str(tag.version.n)
    response["Cache-Control"] = "no-cache"  # it may be kept, and is asked for again
    patch_vary_headers(response, ["Accept-Encoding"])
    return readable_anywhere(response)


def busy() -> HttpResponse:
    """Answer that all places are taken, and when to come back."""
    detail = _("Others are taking files away just now. Please try again in %(n)d seconds.") % {"n": RETRY_AFTER}
    response = problem(503, _("All places for downloads are taken"), detail)
    response["Retry-After"] = str(RETRY_AFTER)
    return response
