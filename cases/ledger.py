"""The ledger of corrections as a page, as CSV and as a feed."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cases import corrections
from cases.cells import written
from cases.corrections import Entry
from cases.feeds import Feed
from cases.models import Tombstone
from cases.problems import readable_anywhere, site_of

COLUMNS = (
    *("at", "event", "announcement_id", "announcement_key", "version", "reason", "moved_to"),
    *("record", "record_id", "record_key", "field", "before", "after"),
)
IN_FEED = 50


class _Entries:
    """The ledger as a paginator takes it."""

    ordered = True

    def count(self) -> int:
        return corrections.total()

    def __getitem__(self, part: slice) -> list[Entry]:
        return corrections.entries(part.start, part.stop)


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """What has been changed since it was published, the newest first. A page that there is not is an error."""
    pages: Paginator[Any] = Paginator(_Entries(), corrections.PER_PAGE)  # type: ignore[arg-type]
    wanted = request.GET.get("page") or "1"
    errors = [(name, _("is not a parameter of this page")) for name in request.GET if name != "page"]
    if not (wanted.isascii() and wanted.isdecimal() and len(wanted) < 8 and 1 <= int(wanted) <= pages.num_pages):
        errors.append(("page", _("is not one of the pages")))
    context: dict[str, Any] = {"errors": errors, "total": pages.count}
    if not errors:
        context["page"] = pages.page(int(wanted))
    return render(request, "cases/corrections.html", context, status=400 if errors else 200)


@require_safe
def as_csv(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """The whole ledger, one line for each member that changed, and for each step."""
    if request.GET:
        return _no_parameters(request)
    response = StreamingHttpResponse(_lines(), content_type="text/csv; charset=utf-8; header=present")
    response["Content-Disposition"] = 'attachment; filename="corrections.csv"'
    response["X-Total-Count"] = str(corrections.total())
    return response


@require_safe
def as_atom(request: HttpRequest) -> HttpResponse:
    """The newest part of the ledger as a feed."""
    if request.GET:
        return _no_parameters(request)
    page = request.build_absolute_uri(reverse("cases:corrections"))
    feed = Feed(
        title=_("Corrections"),
        link=page,
        description=_("What has been changed since it was published."),
        feed_url=request.build_absolute_uri(),
        feed_guid=page,
        since=datetime(1970, 1, 1, tzinfo=UTC),
    )
    for entry in corrections.entries(0, IN_FEED):
        a = entry.announcement
        name = a.title if a.is_published else _("Announcement %(id)d") % {"id": a.pk}
        told = [
            f"{change.label}: {change.before_said} → {change.after_said}"
            for change in entry.changes
            if not change.is_words
        ]
        feed.add(
            title=f"{name}: {entry.label}",
            link=f"{page}#{entry.name}",
            unique_id=f"{page}#{entry.name}",
            text="\n".join([entry.reason, *told]),
            pubdate=entry.at,
            updateddate=entry.at,
        )
    return feed.response()


@require_safe
def deleted(request: HttpRequest) -> HttpResponse:
    """Every address that answers for a record that is gone: with what, since when, and why."""
    if request.GET:
        return _no_parameters(request)
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(("kind", "id", "url", "status", "moved_to", "since", "reason"))
    site = site_of(request)
    gone = Tombstone.objects.order_by("kind", "record_id")
    for stone in gone.values_list("kind", "record_id", "moved_to", "created_at", "reason").iterator():
        kind, pk, moved_to, since, reason = stone
        status = 410 if moved_to is None else 301
        writer.writerow(
            (kind, pk, f"{site}/{kind}s/{pk}/", status, moved_to, since.date().isoformat(), written(reason))
        )
    response = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8; header=present")
    response["Content-Disposition"] = 'attachment; filename="deleted.csv"'
    return readable_anywhere(response)


def _no_parameters(request: HttpRequest) -> HttpResponse:
    names = ", ".join(sorted(request.GET))[:200]
    return HttpResponse(f"{names}: no parameter is taken here\n", status=400, content_type="text/plain")


def _lines() -> Iterator[str]:
    buffer = StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for entry in corrections.every_entry():
        for row in _rows(entry):
            writer.writerow([written(value) for value in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def _rows(entry: Entry) -> Iterator[tuple[Any, ...]]:
    a = entry.announcement
    head = (entry.at.isoformat(), entry.event, a.pk, a.key, entry.version, entry.reason, entry.moved_to)
    for change in entry.changes:
        yield (*head, change.kind, change.id, change.key, change.name, change.before, change.after)
    if not entry.changes:
        yield (*head, *[None] * 6)
