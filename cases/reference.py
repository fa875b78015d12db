"""The description of the addresses for programs: as an OpenAPI document, and as the page /api/ made of it."""

import json
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from cases import api_examples, data_version, openapi
from cases.problems import json_response, not_modified, site_of, tagged


@require_safe
def document(request: HttpRequest) -> HttpResponseBase:
    """The OpenAPI document, in English."""
    with data_version.snapshot(), translation.override("en"):
        version = data_version.current()
        body = openapi.document(site_of(request))
    tag = data_version.etag(version, json.dumps(body))
    unchanged = not_modified(request, tag)
    if unchanged is not None:
        return unchanged
    return tagged(json_response(body), tag)


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The same for readers: what each address gives, what it takes, and examples to copy."""
    with data_version.snapshot():
        told = openapi.document(site_of(request))
    return render(
        request, "cases/api.html", {"document": told, "sections": _sections(told), "examples": _examples(told)}
    )


@dataclass
class Section:
    """The addresses of one kind of record, and the parameters that they take."""

    name: str
    label: str
    description: str
    addresses: list[dict[str, Any]]
    parameters: list[dict[str, Any]]


def _sections(told: dict[str, Any]) -> list[Section]:
    found = []
    for tag in told["tags"]:
        addresses = [
            {
                "path": path,
                "summary": item["get"]["summary"],
                "types": [
                    content.partition(";")[0] for content in item["get"]["responses"].get("200", {}).get("content", [])
                ],
            }
            for path, item in told["paths"].items()
            if tag["name"] in item["get"]["tags"]
        ]
        names: dict[str, None] = {}
        for address in addresses:
            taken = told["paths"][address["path"]]["get"].get("parameters", [])
            names |= dict.fromkeys(reference["$ref"].rpartition("/")[2] for reference in taken)
        parameters = [told["components"]["parameters"][name] for name in names if not name.endswith(".not")]
        found.append(Section(tag["name"], tag["x-label"], tag["description"], addresses, parameters))
    return found


def _examples(told: dict[str, Any]) -> list[dict[str, Any]]:
    found: dict[str, list[dict[str, str]]] = {}
    for item in told["paths"].values():
        for sample in item["get"].get("x-codeSamples", []):
            found.setdefault(sample["title"], []).append(sample)
    return [{"title": str(e.title), "samples": found[str(e.title)]} for e in api_examples.EXAMPLES]
