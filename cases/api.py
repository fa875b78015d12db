"""JSON: the same lists and records as the pages, for programs."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cases import records
from cases.models import Tombstone
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
    return _gone(kind, pk) if record is None else _json(record)


def _gone(kind: str, pk: int) -> HttpResponse:
    """Answer for a record that is not public: 301 to what replaced it, 410 with the reason, 404 if it never was."""
    tombstone = Tombstone.objects.filter(kind=kind.removesuffix("s"), record_id=pk).first() if pk < 2**63 else None
    if tombstone is None:
        return _problem(404, _("There is nothing at this address"), _("No public record has this number."))
    if tombstone.moved_to is not None:
        return redirect(f"cases:{tombstone.kind}-detail-json", tombstone.moved_to, permanent=True)
    return _problem(410, _("This record has been withdrawn"), tombstone.reason)


def problem_response(results: Results) -> HttpResponse:
    """Answer 400 and name each parameter in error."""
    detail = "; ".join(f"{name} {message}" for name, message in results.errors)
    errors = [{"parameter": name, "detail": message} for name, message in results.errors]
    return _problem(400, _("The parameters are in error"), detail, errors=errors)


def _problem(status: int, title: str, detail: str, **members: Any) -> HttpResponse:
    """Answer with a problem document (RFC 9457)."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **members}
    return _json(body, status=status, content_type="application/problem+json")


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


def _site(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")


def _json(body: dict[str, Any], status: int = 200, content_type: str = "application/json") -> HttpResponse:
    return JsonResponse(body, status=status, content_type=content_type, json_dumps_params={"ensure_ascii": False})
