"""The data packages over HTTP: their list, their files, and the way to the newest."""

from collections.abc import Iterator
from contextlib import closing
from time import monotonic

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cases import ranges, sending
from cases.packages import shelf
from cases.packages.shelf import Held, Package
from cases.packages.tables import TABLES
from cases.problems import not_modified, problem, readable_anywhere

CONTENT_TYPES = {".zip": "application/zip", ".sqlite": "application/vnd.sqlite3", ".json": "application/json"}
BLOCK = 64 * 1024


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """All packages that there are, the newest first, with what is in them."""
    labels = {table.name: table.label for table in TABLES}
    told = [(p, [(labels.get(name, ""), name, n) for name, n in p.rows.items()]) for p in shelf.packages()]
    return render(request, "cases/downloads.html", {"packages": told})


@require_safe
def latest(request: HttpRequest, suffix: str) -> HttpResponseBase:
    """Lead to the newest package. Raises Http404 if there is none yet."""
    package = shelf.latest()
    if package is None:
        raise Http404
    held = package.zip if suffix == ".zip" else package.sqlite
    response = HttpResponseRedirect(reverse("cases:package-file", args=[package.name, held.name]))
    response["Cache-Control"] = "no-cache"  # tomorrow it leads elsewhere
    return readable_anywhere(response)


@require_safe
def file(request: HttpRequest, name: str, file: str) -> HttpResponseBase:
    """One file of a package, as it has been ever since, or a part of it. Raises Http404 if there is none."""
    package = shelf.package(name)
    held = package.files.get(file) if package else None
    if package is None or held is None:
        raise Http404
    tag = f'"{held.sha256}"'
    unchanged = not_modified(request, tag)
    if unchanged is not None:
        return unchanged
    try:
        part = _part(request, tag, held.size)
    except ranges.NoSuchBytesError as error:
        response: HttpResponseBase = problem(416, _("The file has no such bytes"), f"{error}.")
        response["Content-Range"] = f"bytes */{held.size}"
        return response
    told = range(held.size) if part is None else part
    content_type = next(known for suffix, known in CONTENT_TYPES.items() if held.name.endswith(suffix))
    if request.method == "HEAD":
        response = HttpResponse(content_type=content_type)
    else:
        run = _blocks(package, held, told)
        try:
            next(run)
        except sending.BusyError:
            return sending.busy()
        response = StreamingHttpResponse(run, content_type=content_type)
    if part is not None:
        response.status_code = 206
        response["Content-Range"] = f"bytes {part[0]}-{part[-1]}/{held.size}"
    response["Content-Length"] = str(len(told))
    response["Accept-Ranges"] = "bytes"
    response["Content-Disposition"] = f'attachment; filename="{held.name}"'
    response["ETag"] = tag
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return readable_anywhere(response)


def _part(request: HttpRequest, tag: str, size: int) -> range | None:
    """Return the bytes that are asked for of the very file that the reader has a part of; None: the whole file."""
    if request.method != "GET" or request.headers.get("If-Range", tag).strip() != tag:
        return None
    return ranges.asked_for(request.headers.get("Range", ""), size)


def _blocks(package: Package, held: Held, part: range) -> Iterator[bytes]:
    """Yield nothing once there is a place for the reader, then a part of the file. At the end the place is free."""
    deadline = monotonic() + sending.MOST_SECONDS
    with sending.slot(), closing(package.path(held).open("rb")) as opened:
        yield b""
        opened.seek(part.start)
        left = len(part)
        while block := opened.read(min(BLOCK, left)):
            left -= len(block)
            yield block
            if monotonic() > deadline:
                raise sending.TooSlowError(f"not taken within {sending.MOST_SECONDS} seconds")
