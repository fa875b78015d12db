"""JSON: the same lists and records as the pages, for programs."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cases import data_version, records, sending, versions
from cases.models import Tombstone
from cases.problems import json_response, not_modified, problem, problem_response, readable_anywhere, site_of, tagged
from cases.public_fields import Table
from cases.search.facets import Facet
from cases.search.kinds import KINDS
from cases.search.results import Results


def list_response(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Answer with one page of a list, the count of the whole of it, and (with facets=1) the counts of its facets."""
    with data_version.snapshot():
        return list_of(request, Results(kind, request.GET), records.TABLES[kind])


def list_of(request: HttpRequest, results: Results, table: Table) -> HttpResponseBase:
    """Answer with one page of a result."""
    if results.errors:
        return problem_response(results)

    def body() -> dict[str, Any]:
        told: dict[str, Any] = {
            "count": results.total,
            "next": request.build_absolute_uri(results.next_url(".json")) if results.next_cursor else None,
            "results": records.rows(table, results.ids, site_of(request)),
        }
        if results.query.get("facets") == "1":
            told["facets"] = {facet.key: _facet(facet) for facet in results.facets}
        return told

    return sending.json_answer(request, body, table.name, results.pairs(page=True))


def record_response(request: HttpRequest, kind: str, pk: int) -> HttpResponseBase:
    """Answer with one public record; an announcement brings its cases and figures. `version` asks for an older one."""
    if asked := request.GET.get("version", ""):
        return _version_response(request, kind, pk, asked)
    with data_version.snapshot():
        tag = data_version.etag(data_version.current(), site_of(request), kind, pk)
        if kind == "announcements":
            record = records.announcement_record(pk, site_of(request))
        else:
            record = next(iter(records.rows(records.TABLES[kind], [pk], site_of(request))), None)
    if record is None:
        return gone(kind, pk)
    return not_modified(request, tag) or tagged(json_response(record), tag)


def _version_response(request: HttpRequest, kind: str, pk: int, asked: str) -> HttpResponseBase:
    record = public_record(kind, pk)
    if record is None:
        return gone(kind, pk)
    try:
        shown = versions.shown(kind, record, asked)
    except versions.UnknownVersionError as error:
        return unknown_version(error)
    tag = data_version.etag(data_version.current(), kind, pk, shown.version.n)
    if unchanged := not_modified(request, tag):
        return unchanged
    # Of an announcement the very text that was kept, so that its SHA-256 can be compared.
    text = shown.version.body if kind == "announcements" else records.canonical_json(shown.said)
    response = HttpResponse(text, content_type="application/json")
    return readable_anywhere(tagged(response, tag))


def unknown_version(error: versions.UnknownVersionError) -> HttpResponse:
    """Answer that there is no such version."""
    errors = [{"parameter": "version", "detail": str(error)}]
    return problem(400, _("The parameters are in error"), f"version {error}", errors=errors)


def public_record(kind: str, pk: int) -> Any:
    """Return a public record, or None."""
    published = KINDS[kind].model._default_manager.published()
    return published.filter(pk=pk).first() if pk < 2**63 else None


def gone(kind: str, pk: int, *, twin: str = "detail-json", **end: str) -> HttpResponse:
    """Answer for a record that is not public: 301 to what replaced it, 410 with the reason, 404 if it never was.

    `twin` and `end` name the address that a record has in the format that was asked for.
    """
    tombstone = Tombstone.objects.filter(kind=kind.removesuffix("s"), record_id=pk).first() if pk < 2**63 else None
    if tombstone is None:
        return problem(404, _("There is nothing at this address"), _("No public record has this number."))
    if tombstone.moved_to is not None:
        return redirect(f"cases:{tombstone.kind}-{twin}", pk=tombstone.moved_to, **end, permanent=True)
    return problem(
        410, _("This record has been withdrawn"), tombstone.reason, withdrawn=tombstone.created_at.date().isoformat()
    )


def _facet(facet: Facet) -> list[dict[str, Any]]:
    values = []
    for value in facet.flat():
        member: dict[str, Any] = {
            "value": value.value,
            "label": value.label,
            "count": value.count,
            "selected": value.selected,
        }
        if facet.key in ("crime_type", "place", "campaign"):
            member["parent"] = value.parent
        values.append(member)
    return values
