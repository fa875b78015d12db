"""Files over HTTP: the whole result of a list in any of the formats of `exports`, and the digest of each."""

import re
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from threading import BoundedSemaphore
from time import monotonic
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from cases import data_version
from cases.exports import FORMATS, Export, Format
from cases.problems import not_modified, problem, problem_response, readable_anywhere, site_of
from cases.public_fields import Table
from cases.records import TABLES
from cases.search.parameters import OF_PAGES
from cases.search.results import Results
from cases.workbooks import TooLargeError

# A reader who stalls holds a thread. However many do, half of the threads of a process are left for the pages.
SLOTS = BoundedSemaphore(2)
RETRY_AFTER = 30  # seconds
MOST_SECONDS = 900  # for one file


class BusyError(Exception):
    """All slots for files are taken."""


class TooSlowError(Exception):
    """The reader has not taken the file in time. It is broken off, which HTTP makes known to both sides."""


def file_response(request: HttpRequest, table: Table, form: Format) -> HttpResponseBase:
    """Answer with every row of a table under the parameters of its list, or with the reason why not."""
    return file_of(request, Results(table.kind, request.GET, refuse=OF_PAGES), table, form)


def file_of(request: HttpRequest, results: Results, table: Table, form: Format) -> HttpResponseBase:
    """Answer with every row of a table that a result finds."""
    if results.errors:
        return problem_response(results)
    gzip = form.compressible and _takes_gzip(request)
    tag = _Tag(request, results, table, form, gzip)
    unchanged = tag.unchanged()
    if unchanged is not None:
        return unchanged
    run = _opened(Export(results, table, site_of(request)), form, tag)
    try:
        total = next(run)
    except BusyError:
        return busy()
    except TooLargeError as refusal:
        return problem(400, _("This is more than the format can hold"), f"{refusal}.")
    chunks: Iterable[bytes] = _gzipped(run) if gzip else run
    response = StreamingHttpResponse(
        chunks if request.method != "HEAD" else _nothing(run), content_type=form.content_type
    )
    response["Content-Disposition"] = f'attachment; filename="{_name(table, form, total)}"'
    if gzip:
        response["Content-Encoding"] = "gzip"
    return _described(response, tag, total)


def digest_response(request: HttpRequest, table: Table, form: Format) -> HttpResponseBase:
    """Answer with the SHA-256 of a file, as `sha256sum --check` reads it. It is kept as long as the data stay."""
    results = Results(table.kind, request.GET, refuse=OF_PAGES)
    if results.errors:
        return problem_response(results)
    tag = _Tag(request, results, table, form, "sha256")
    unchanged = tag.unchanged()
    if unchanged is not None:
        return unchanged
    found: tuple[str, int] | None = cache.get(tag.text)
    if found is None:
        run = _opened(Export(results, table, site_of(request)), form, tag)
        try:
            total = next(run)
            digest = sha256()
            for chunk in run:
                digest.update(chunk)
        except BusyError:
            return busy()
        except TooLargeError as refusal:
            return problem(400, _("This is more than the format can hold"), f"{refusal}.")
        found = digest.hexdigest(), total
        cache.set(tag.text, found, timeout=None)
    text = f"{found[0]}  {_name(table, form, found[1])}\n"
    return _described(HttpResponse(text, content_type="text/plain; charset=utf-8"), tag, found[1])


class _Tag:
    """The entity tag of an answer; it is of the data that the answer is read from."""

    def __init__(self, request: HttpRequest, results: Results, table: Table, form: Format, variant: object) -> None:
        self.request = request
        self.parts = (
            site_of(request), table.name, table.columns, form.suffix, variant, results.sort,
            results.pairs(without=("sort",)),
        )  # fmt: skip
        self.version = data_version.current()

    @property
    def text(self) -> str:
        return data_version.etag(self.version, *self.parts)

    def unchanged(self) -> HttpResponseBase | None:
        """Return the answer to whoever has it already."""
        return not_modified(self.request, self.text)


def _opened(export: Export, form: Format, tag: _Tag) -> Iterator[Any]:
    """Yield how many rows there are, then the file. What it holds is given back when it ends or is closed."""
    deadline = monotonic() + MOST_SECONDS
    with slot(), data_version.snapshot(seconds=MOST_SECONDS):
        tag.version = data_version.current()
        # Closed before the transaction is: its end would wait for a COPY that nobody reads.
        with closing(form.write(export)) as chunks:
            yield export.total
            for chunk in chunks:
                yield chunk
                if monotonic() > deadline:
                    raise TooSlowError(f"not taken within {MOST_SECONDS} seconds")


@contextmanager
def slot() -> Iterator[None]:
    """Take one of the places for readers of files while something is read. Raises BusyError."""
    if not SLOTS.acquire(blocking=False):
        raise BusyError
    try:
        yield
    finally:
        SLOTS.release()


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


def _name(table: Table, form: Format, total: int) -> str:
    return f"{table.address}-{total}-rows{form.suffix}"


def _described(response: HttpResponseBase, tag: _Tag, total: int) -> HttpResponseBase:
    response["ETag"] = tag.text
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


class Converter:
    """The part of an address that names a file: `cases.csv`, `case-places.excel.csv.sha256`."""

    FILES = {f"{table.address}{suffix}": (table, form) for table in TABLES.values() for suffix, form in FORMATS.items()}
    regex = rf"(?:{'|'.join(re.escape(name) for name in FILES)})(?:\.sha256)?"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


def named(request: HttpRequest, name: str) -> HttpResponseBase:
    """Answer with the file, or the digest of the file, that an address names."""
    table, form = Converter.FILES[name.removesuffix(".sha256")]
    respond = digest_response if name.endswith(".sha256") else file_response
    return respond(request, table, form)
