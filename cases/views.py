"""HTML pages. A view parses nothing and queries little: it asks the layer below and chooses a template."""

import re
import sys
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import django.views.i18n
from django.db import InterfaceError, OperationalError, connection
from django.db.models import Q, QuerySet
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from cases import (
    api,
    citing,
    compare,
    coverage,
    downloads,
    feeds,
    methodology,
    pages,
    problems,
    versions,
)
from cases.choices import TombstoneKind
from cases.desk.site import desk
from cases.models import Announcement, Campaign, CrimeType, Figure, Place, Release, Tombstone, TypicalCase
from cases.search.parameters import OF_JSON, POSITION, TRACKING
from cases.search.results import Results
from cases.search.surroundings import Neighbours

DETAIL = {
    "announcements": (Announcement, TombstoneKind.ANNOUNCEMENT, "cases/announcement_detail.html"),
    "cases": (TypicalCase, TombstoneKind.CASE, "cases/case_detail.html"),
    "figures": (Figure, TombstoneKind.FIGURE, "cases/figure_detail.html"),
}
FOR_PROGRAMS = re.compile(r"\.(json|jsonl|csv|xlsx|sha256|atom|xml|bib|ris)$")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The way in: a search box, what the archive holds by year and on the map, the newest."""
    return render(request, "cases/home.html", pages.home())


# --- lists and records ----------------------------------------------------------------------------------------------


@require_safe
def record_list(request: HttpRequest, kind: str) -> HttpResponse:
    """A faceted list. Parameters in error are named, with status 400 and without any record."""
    clean = _without_tracking(request)
    if clean is not None:
        return clean
    results = Results(kind, request.GET, refuse=OF_JSON)
    return render(request, "cases/list.html", {"results": results}, status=400 if results.errors else 200)


@require_safe
def file(request: HttpRequest, name: str) -> HttpResponseBase:
    """The same list as a file in one of the formats, or the digest of that file."""
    return _without_tracking(request) or downloads.named(request, name)


@require_safe
def record_json(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The same list as JSON."""
    return _without_tracking(request) or api.list_response(request, kind)


@require_safe
def record_atom(request: HttpRequest, kind: str) -> HttpResponseBase:
    """What of the same list was last published or changed, as a feed."""
    return _without_tracking(request) or feeds.feed_response(request, kind)


@require_safe
def one_record_json(request: HttpRequest, kind: str, pk: int) -> HttpResponseBase:
    """One record as JSON."""
    return api.record_response(request, kind, pk)


@require_safe
def record_detail(request: HttpRequest, kind: str, pk: int, slug: str = "") -> HttpResponse:
    """One record. A wrong slug redirects; what is gone says so."""
    model, tombstone_kind, template = DETAIL[kind]
    queryset: QuerySet[Any] = model.objects.published()  # type: ignore[attr-defined]
    record = queryset.filter(pk=pk).first() if pk < 2**63 else None
    if record is None:
        return _gone(request, tombstone_kind, pk)
    if slug != getattr(record, "slug", ""):
        query = f"?{request.META['QUERY_STRING']}" if request.META["QUERY_STRING"] else ""
        return HttpResponsePermanentRedirect(record.get_absolute_url() + query)
    if asked := request.GET.get("version", ""):
        return _version(request, kind, record, asked)
    context = getattr(pages, kind.rstrip("s"))(record) | citing.of_record(request, kind, record)
    return render(request, template, {**context, "trail": _trail(request, kind), "canonical": record})


def _version(request: HttpRequest, kind: str, record: Any, asked: str) -> HttpResponse:
    """One record as it was public at a version of its announcement."""
    try:
        shown = versions.shown(kind, record, asked)
    except versions.UnknownVersionError as error:
        return render(request, "400.html", {"problem": f"version {error}"}, status=400)
    context = {"shown": shown, "canonical": record, **citing.of_record(request, kind, shown.record, shown.version.n)}
    return render(request, "cases/version.html", context)


@require_safe
def citation(request: HttpRequest, kind: str, pk: int, end: str) -> HttpResponseBase:
    """The citation of one record, for a reference manager."""
    return citing.record_file(request, kind, pk, end)


def _trail(request: HttpRequest, kind: str) -> Neighbours | None:
    """Return what stands before and after a record in the list that its reader comes from, if from one."""
    position = request.GET.get(POSITION, "")
    if not (position.isascii() and position.isdecimal() and len(position) < 10):
        return None
    data = request.GET.copy()
    del data[POSITION]
    return Results(kind, data, refuse=OF_JSON).neighbours(int(position))


@require_safe
def province_map(request: HttpRequest) -> HttpResponse:
    """Announcements and cases by province, under the filters of the lists."""
    clean = _without_tracking(request)
    if clean is not None:
        return clean
    context = coverage.province_map(request.GET)
    return render(request, "cases/map.html", context, status=400 if context["results"].errors else 200)


@require_safe
def compare_page(request: HttpRequest) -> HttpResponse:
    """Measures across campaign years. Parameters in error are named, with status 400 and without any number."""
    return _without_tracking(request) or compare.page_of(request)


@require_safe
def compare_csv(request: HttpRequest, *, digest: bool = False) -> HttpResponseBase:
    """The same comparison as CSV, or the digest of it."""
    return _without_tracking(request) or compare.csv_of(request, digest=digest)


@require_safe
def compare_json(request: HttpRequest) -> HttpResponseBase:
    """The same comparison as JSON."""
    return _without_tracking(request) or compare.json_of(request)


@require_safe
def coverage_table(request: HttpRequest) -> HttpResponse:
    """Where the archive has found announcements and where not: campaign year by province, for each kind."""
    clean = _without_tracking(request)
    if clean is not None:
        return clean
    problem = coverage.problem(request.GET)
    if problem:
        return render(request, "400.html", {"problem": problem}, status=400)
    return render(request, "cases/coverage.html", coverage.table(request.GET.get("kind", "")))


@require_safe
def one_release(request: HttpRequest, pk: int, answer: Callable[..., HttpResponseBase]) -> HttpResponseBase:
    """The reports of one release side by side, in one of the formats."""
    release = Release.objects.public().filter(pk=pk).first() if pk < 2**63 else None
    if release is None and FOR_PROGRAMS.search(request.path):
        return api.gone("releases", pk, twin=request.path.partition(".")[2].replace(".", "-"))
    return _gone(request, TombstoneKind.RELEASE, pk) if release is None else answer(request, release)


@require_safe
def discrepancies(request: HttpRequest, answer: Callable[..., HttpResponseBase]) -> HttpResponseBase:
    """Contradictions within releases and, apart, what changed in a series, in one of the formats."""
    return _without_tracking(request) or answer(request)


def _gone(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Answer for a record that is not public: 301 to what replaced it, 410 with the reason, 404 if it never was."""
    tombstone = Tombstone.objects.filter(kind=kind, record_id=pk).first() if pk < 2**63 else None
    if tombstone is None:
        raise Http404
    if tombstone.moved_to is not None:
        return redirect(_address(kind, tombstone.moved_to), permanent=True)
    return render(request, "410.html", {"reason": tombstone.reason, "since": tombstone.created_at}, status=410)


def _address(kind: str, pk: int) -> str:
    """Return the address of a record, slug and all, so that one step leads there."""
    model: dict[Any, Any] = {of: model for model, of, _template in DETAIL.values()} | {TombstoneKind.RELEASE: Release}
    record = model[kind]._default_manager.filter(pk=pk).first()
    name = f"{kind}-short" if kind in (TombstoneKind.ANNOUNCEMENT, TombstoneKind.CASE) else f"{kind}-detail"
    announcement = getattr(record, "announcement", record)
    if record is None or not getattr(announcement, "is_published", False):
        return reverse(f"cases:{name}", args=[pk])
    return str(record.get_absolute_url())


# --- authority pages ------------------------------------------------------------------------------------------------


@require_safe
def campaign_list(request: HttpRequest) -> HttpResponse:
    """All campaigns, by year."""
    return render(request, "cases/campaign_list.html", pages.campaign_list())


@require_safe
def campaign_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One campaign: its names, its announcements, what it is not."""
    campaign = get_object_or_404(Campaign.objects.public(), slug=slug)
    context = pages.campaign(campaign) | citing.of_campaign(request, campaign)
    return render(request, "cases/campaign_detail.html", context)


@require_safe
def campaign_citation(request: HttpRequest, slug: str, end: str) -> HttpResponseBase:
    """The citation of one campaign, for a reference manager."""
    return citing.campaign_file(request, get_object_or_404(Campaign.objects.public(), slug=slug), end)


@require_safe
def place_list(request: HttpRequest) -> HttpResponse:
    """The provinces, with what the archive holds of each."""
    return render(request, "cases/place_list.html", pages.place_list())


@require_safe
def place_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One place: what it is part of, what is in it, what happened there. A province's slug leads to its code."""
    place = get_object_or_404(Place, Q(code=_text(code)) | Q(slug=code))
    if place.code != code:
        return redirect(place, permanent=True)
    return render(request, "cases/place_detail.html", pages.place(place))


@require_safe
def crime_type_list(request: HttpRequest) -> HttpResponse:
    """The tree of crime types."""
    return render(request, "cases/crime_type_list.html", pages.crime_type_list())


@require_safe
def crime_type_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One crime type: statutes, definition, what is below it, what is about it."""
    return render(
        request, "cases/crime_type_detail.html", pages.crime_type(get_object_or_404(CrimeType, code=_text(code)))
    )


def _text(part: str) -> str:
    """Return a part of an address; one with a NUL, which the database takes for no text at all, names nothing."""
    if "\x00" in part:
        raise Http404
    return part


# --- about the archive ----------------------------------------------------------------------------------------------


@require_safe
def codebook(request: HttpRequest) -> HttpResponse:
    """Every field, parameter and vocabulary, from the definitions that the formats themselves use."""
    return render(request, "cases/codebook.html", pages.codebook())


@require_safe
def methodology_page(request: HttpRequest) -> HttpResponse:
    """The rules by which numbers are read and compared, with examples that the rules themselves decide."""
    return render(request, "cases/methodology.html", {"examples": methodology.Examples()})


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What the archive is, how it is made, and where it ends."""
    return render(request, "cases/about.html")


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Whether the site can answer: it asks the database something."""
    with connection.cursor() as cursor:
        cursor.execute("select 1")
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def opensearch(request: HttpRequest) -> HttpResponse:
    """The search, as browsers take it up among theirs."""
    return feeds.opensearch(request)


@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponseBase:
    """The map of the site for search engines, in parts."""
    return feeds.sitemap_index(request)


@require_safe
def sitemap(request: HttpRequest, kind: str, n: int) -> HttpResponseBase:
    """One part of the map of the site."""
    return feeds.sitemap(request, kind, n)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers should leave alone: the editors' desk and the endless combinations of filters."""
    sitemap = request.build_absolute_uri(reverse("cases:sitemap-index"))
    lines = ("User-agent: *", "Disallow: /admin/", "Disallow: /*?", f"Sitemap: {sitemap}", "")
    return HttpResponse("\n".join(lines), content_type="text/plain")


@csrf_exempt
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Remember the language of the pages in a cookie. It changes nothing else, so it needs no CSRF cookie."""
    return django.views.i18n.set_language(request)


# --- errors ---------------------------------------------------------------------------------------------------------


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: sent from elsewhere, kept open for too long, or with cookies switched off."""
    kept = desk().show_typed(request)
    if kept is not None:
        return kept
    return render(request, "403_form.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """There is nothing at this address; one for programs is answered as programs read it."""
    if FOR_PROGRAMS.search(request.path):
        return problems.problem(404, _("There is nothing at this address"), _("Nothing public is here."))
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """An error that nobody foresaw; but a database that is away or too slow is a 503 that says when to come back."""
    problem = sys.exc_info()[1]
    if isinstance(problem, OperationalError | InterfaceError):
        response = render(None, "503.html", status=503)
        response["Retry-After"] = "10"
        return response
    return render(None, "500.html", status=500)


def _without_tracking(request: HttpRequest) -> HttpResponse | None:
    """Redirect to the same address without the keys that advertisers append."""
    if not any(key in TRACKING for key in request.GET):
        return None
    kept = [(key, value) for key, values in request.GET.lists() if key not in TRACKING for value in values]
    return HttpResponseRedirect(f"{request.path}?{urlencode(kept)}" if kept else request.path)
