"""What two figures say of each other, over HTTP: the discrepancies and the reports of a release, in every format."""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cases import api, data_version, discrepancies, downloads, sending, side_by_side
from cases.choices import VerdictKind
from cases.discrepancies import Discrepancies
from cases.exports import FORMATS
from cases.feeds import MOST_SECONDS, Feed
from cases.models import Release, Verdict
from cases.problems import not_modified, problem_response, readable_anywhere, site_of, tagged
from cases.search.parameters import OF_JSON, OF_PAGES

IN_FEED = 50


def list_page(request: HttpRequest) -> HttpResponse:
    """The discrepancies, with their facets. Parameters in error are named, with status 400 and without any row."""
    results = Discrepancies(request.GET, refuse=OF_JSON)
    context = {"results": results, "series": VerdictKind.LATER}
    return render(request, "cases/discrepancies.html", context, status=400 if results.errors else 200)


def list_csv(request: HttpRequest, *, digest: bool = False) -> HttpResponseBase:
    """The whole list as CSV, or the digest of it."""
    found = Discrepancies(request.GET, refuse=OF_PAGES)
    return downloads.answer(request, found, discrepancies.TABLE, FORMATS[".csv"], digest=digest)


def list_json(request: HttpRequest) -> HttpResponseBase:
    """A page of the list as JSON."""
    return api.list_of(request, Discrepancies(request.GET), discrepancies.TABLE)


def list_atom(request: HttpRequest) -> HttpResponseBase:
    """What was found last, as a feed under the filters of the list."""
    results = Discrepancies(request.GET, refuse=(*OF_PAGES, "sort"))
    if results.errors:
        return problem_response(results)
    site = site_of(request)
    with data_version.snapshot(seconds=MOST_SECONDS):
        version = data_version.current()
        tag = data_version.etag(version, site, get_language(), "atom", "discrepancies", results.pairs())
        if unchanged := not_modified(request, tag):
            return unchanged
        page, own = results.address(results.pairs()), results.address(results.pairs(), ".atom")
        feed = Feed(
            title=_("Discrepancies"),
            link=site + page,
            description=_("Figures that contradict each other, and figures that were counted again."),
            feed_url=site + own,
            feed_guid=site + own,
            since=version.since,
        )
        newest: list[Any] = list(results.found.order_by("-found_at", "-id")[:IN_FEED])
        for verdict in side_by_side.with_figures(newest):
            feed.add(
                title=f"{verdict.figures[0].measure.label}: {verdict.get_verdict_display()}",
                text="\n".join([verdict.sentence, *(f.phrase for f in verdict.figures), verdict.because]),
                link=site + _place_of(verdict),
                unique_id=f"{site}{reverse('cases:discrepancy-list')}#d-{verdict.pk}",
                pubdate=verdict.found_at,
                updateddate=verdict.found_at,
            )
    return readable_anywhere(tagged(feed.response(), tag))


def _place_of(verdict: Verdict) -> str:
    """Return the page where two figures are seen together, or that of the second one."""
    if verdict.release_id is not None:
        return f"{reverse('cases:release-detail', args=[verdict.release_id])}#f-{verdict.a_id}"
    return str(verdict.figures[1].get_absolute_url())  # type: ignore[attr-defined]


# --- one release ------------------------------------------------------------------------------------------------------


def release_page(request: HttpRequest, release: Release) -> HttpResponse:
    """The reports of a release side by side."""
    found = side_by_side.of_release(release)
    return render(request, "cases/release_detail.html", {"release": release, "found": found, "reports": found.reports})


def release_csv(request: HttpRequest, release: Release, *, digest: bool = False) -> HttpResponseBase:
    """The same as a table, one line for each figure, or the digest of it."""
    lines = cache(lambda: side_by_side.lines(side_by_side.of_release(release)))
    file = sending.Written(
        f"release-{release.pk}",
        side_by_side.COLUMNS,
        lambda: (line.values() for line in lines()),
        total=lambda: len(lines()),
    )
    return sending.answer(request, file, digest=digest)


def release_json(request: HttpRequest, release: Release) -> HttpResponseBase:
    """The same for programs: the release, its reports, its figures by row, and what contradicts what."""
    return sending.json_answer(request, lambda: _told(release, site_of(request)), "release", release.pk)


def _told(release: Release, site: str) -> dict[str, Any]:
    found = side_by_side.of_release(release)
    return {
        "id": release.pk,
        "url": f"{site}{release.get_absolute_url()}",
        "name": release.name,
        "authority": release.authority,
        "disclosed": release.disclosed,
        "reports": [
            {
                "announcement_id": report.announcement_id,
                "key": report.announcement.key,
                "role": report.role,
                "publisher": report.announcement.publisher.name,
                "published": report.announcement.published,
                "language": report.announcement.language,
                "translation": report.announcement.translation,
                "fullest": report.announcement_id == release.fullest_id,
            }
            for report in found.reports
        ],
        "figures": side_by_side.lines(found),
        "contradictions": [
            {
                "a_id": verdict.a_id,
                "b_id": verdict.b_id,
                "basis": verdict.basis,
                "factor": side_by_side.plain(verdict.factor),
                "power_of_ten": verdict.power_of_ten,
                "sentence": verdict.sentence,
                "reason": verdict.because,
            }
            for verdict in found.contradictions
        ],
    }
