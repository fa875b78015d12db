"""The ledger of corrections as a page, as CSV and as a feed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cases import corrections, sending
from cases.corrections import Entry
from cases.feeds import Feed
from cases.models import Tombstone
from cases.problems import problem_response, site_of

COLUMNS = (
    *("at", "event", "announcement_id", "announcement_key", "version", "reason", "moved_to"),
    *("record", "record_id", "record_key", "field", "before", "after"),
)
DELETED = ("kind", "id", "url", "status", "moved_to", "since", "reason")
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
def as_csv(request: HttpRequest, *, digest: bool = False) -> HttpResponseBase:
    """The whole ledger, one line for each member that changed, and for each step; or the digest of it."""
    if request.GET:
        return _no_parameters(request)
    return sending.answer(request, sending.Written("corrections", COLUMNS, _lines), digest=digest)


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
def deleted(request: HttpRequest, *, digest: bool = False) -> HttpResponseBase:
    """Every address that answers for a record that is gone: with what, since when, and why; or the digest of it."""
    if request.GET:
        return _no_parameters(request)
    site = site_of(request)
    file = sending.Written("deleted", DELETED, lambda: _gone(site), total=Tombstone.objects.count)
    return sending.answer(request, file, digest=digest)


def _gone(site: str) -> Iterator[tuple[Any, ...]]:
    gone = Tombstone.objects.order_by("kind", "record_id")
    for kind, pk, moved_to, since, reason in gone.values_list(
        "kind", "record_id", "moved_to", "created_at", "reason"
    ).iterator():
        status = 410 if moved_to is None else 301
        yield kind, pk, f"{site}/{kind}s/{pk}/", status, moved_to, since.date().isoformat(), reason


def _no_parameters(request: HttpRequest) -> HttpResponse:
    said = _("is not a parameter of this list")
    return problem_response(_Refused([(name[:100], said) for name in sorted(request.GET)]))


@dataclass
class _Refused:
    errors: list[tuple[str, str]]


def _lines() -> Iterator[tuple[Any, ...]]:
    for entry in corrections.every_entry():
        yield from _rows(entry)


def _rows(entry: Entry) -> Iterator[tuple[Any, ...]]:
    a = entry.announcement
    head = (entry.at.isoformat(), entry.event, a.pk, a.key, entry.version, entry.reason, entry.moved_to)
    for change in entry.changes:
        yield (*head, change.kind, change.id, change.key, change.name, change.before, change.after)
    if not entry.changes:
        yield (*head, *[None] * 6)
