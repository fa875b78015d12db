"""JSON: the same lists and records as the pages, for programs."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from cases import records
from cases.search.facets import Facet
from cases.search.results import Results


def list_response(request: HttpRequest, kind: str) -> HttpResponse:
    """Answer with one page of a list, the count of the whole of it, and (with facets=1) the counts of its facets."""
    results = Results(kind, request.GET)
    if results.errors:
        return problem_response(results)
    body: dict[str, Any] = {
        "count": results.total,
        "next": request.build_absolute_uri(results.page_url(results.number + 1, ".json"))
        if results.number < results.pages
        else None,
        "results": records.rows(records.TABLES[kind], results.ids, _site(request)),
    }
    if results.query.get("facets") == "1":
        body["facets"] = {facet.key: _facet(facet) for facet in results.facets}
    return _json(body)


def record_response(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Answer with one public record; an announcement brings its cases and figures."""
    if kind == "announcements":
        record = records.announcement_record(pk, _site(request))
    else:
        record = next(iter(records.rows(records.TABLES[kind], [pk], _site(request))), None)
    if record is None:
        raise Http404
    return _json(record)


def problem_response(results: Results) -> HttpResponse:
    """Answer 400 with a problem document (RFC 9457) that names each parameter in error."""
    body = {
        "type": "about:blank",
        "title": _("The parameters are in error"),
        "status": 400,
        "detail": "; ".join(f"{name} {message}" for name, message in results.errors),
        "errors": [{"parameter": name, "detail": message} for name, message in results.errors],
    }
    return _json(body, status=400, content_type="application/problem+json")


def _facet(facet: Facet) -> list[dict[str, Any]]:
    values = []
    for value in facet.flat():
        member: dict[str, Any] = {"value": value.value, "label": value.label, "count": value.count, "selected": value.selected}
        if facet.key in ("crime_type", "place"):
            member["parent"] = value.parent
        values.append(member)
    return values


def _site(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")


def _json(body: dict[str, Any], status: int = 200, content_type: str = "application/json") -> HttpResponse:
    return JsonResponse(body, status=status, content_type=content_type, json_dumps_params={"ensure_ascii": False})
