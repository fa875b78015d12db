"""The OpenAPI document: every address for programs, from what parses the parameters and makes the formats.

Parameters come from `search.parameters`, their values from the vocabularies, fields from `records`, formats from
`exports`. What is written here is only what no other room needs: what an address answers, and how it may refuse.
"""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from cases import api_examples, comparison, discrepancies, openapi_schemas, sitemaps
from cases.citation import FORMATS as CITATIONS
from cases.exports import FORMATS, Format
from cases.openapi_schemas import Object, ref
from cases.public_fields import Table
from cases.records import TABLES
from cases.search.kinds import KINDS
from cases.search.parameters import (
    COMPARE,
    DISCREPANCIES,
    MAX_LENGTH,
    MAX_PAGE,
    MAX_VALUES,
    NONE,
    OF_PAGES,
    PAGE_SIZES,
    PARAMETERS,
    Parameter,
    of_kind,
)
from cases.search.vocabulary import Vocabulary

VERSION = "1.0"
HEADERS = ["ETag", "X-Total-Count", "X-Data-Version", "Content-Disposition"]  # of files
UNCOUNTED = [header for header in HEADERS if header != "X-Total-Count"]
PROBLEM = "application/problem+json"
ATOM = "application/atom+xml"
CSV = FORMATS[".csv"].content_type


def document(site: str) -> Object:
    """Return the whole document, in the language that is active, for the archive at this address."""
    vocabulary = Vocabulary()
    return {
        "openapi": "3.1.0",
        "info": {
            "title": _("Archive of Enforcement Announcements"),
            "version": VERSION,
            "summary": _("Everything public, without signing in."),
            "description": _(
                "A key given twice means one or the other; different keys must all fit; a key that ends in .not leaves "
                "its values out; an empty value is an absent key. An unknown key or a bad value is answered with a "
                "problem document that names it. The same filters give the same records in every format."
            ),
        },
        "servers": [{"url": site}],
        "tags": [
            {"name": table.name, "description": str(table.description), "x-label": str(table.label)}
            for table in (*TABLES.values(), discrepancies.TABLE)
        ]
        + [
            {
                "name": COMPARE,
                "description": _("The same measures across campaign years, with what breaks between them."),
                "x-label": _("Comparison"),
            },
            {"name": "archive", "description": _("About the archive as a whole."), "x-label": _("The archive")},
        ],
        "paths": _paths(site),
        "components": {
            "parameters": _parameters(vocabulary),
            "headers": _headers(),
            "responses": _refusals(),
            "schemas": openapi_schemas.every(),
        },
    }


def operations() -> Iterable[tuple[str, Object]]:
    """Yield each address with what it is."""
    for kind in KINDS:
        yield f"/{kind}.json", _list(TABLES[kind])
        yield f"/{kind}/{{id}}.json", _record(TABLES[kind])
        for end in CITATIONS:
            yield f"/{kind}/{{id}}.{end}", _citation(kind, str(TABLES[kind].label), end, ["id", "version"])
        yield f"/{kind}.atom", _feed(TABLES[kind])
    for table in TABLES.values():
        for form in FORMATS.values():
            yield f"/{table.address}{form.suffix}", _file(table, form)
            yield f"/{table.address}{form.suffix}.sha256", _digest_of(table, form)
    for suffix, content_type, schema in (
        ("json", "application/json", openapi_schemas.comparison_page()),
        ("csv", CSV, {"type": "string"}),
    ):
        headers, refusals = (HEADERS, ["400", "503"]) if suffix == "csv" else (["ETag"], ["400"])
        summary = _("The whole comparison")
        found = _operation(f"compare_{suffix}", COMPARE, summary, content_type, schema, headers, refusals)
        yield f"/compare.{suffix}", {**found, "parameters": _taken(COMPARE)}
    yield "/compare.csv.sha256", {**_digest("compare_csv", COMPARE), "parameters": _taken(COMPARE)}
    for suffix, what in ((".zip", _("every table as CSV")), (".sqlite", _("the same as an SQLite file"))):
        found = _operation(f"latest{suffix.replace('.', '_')}", "archive", "", "", {}, [], ["302", "404"])
        del found["responses"]["200"]
        summary = _("The newest data package: %(what)s") % {"what": what}
        yield f"/downloads/latest{suffix}", {**found, "summary": summary}
    for end in CITATIONS:
        yield f"/campaigns/{{slug}}.{end}", _citation("campaigns", _("Campaigns"), end, ["slug"])
    yield from _verdicts()
    yield (
        "/opensearch.xml",
        _plain("opensearch", _("The search, as browsers take it up"), "application/opensearchdescription+xml"),
    )
    yield "/sitemap.xml", _plain("sitemap_index", _("The map of the site, in parts"), "application/xml")
    yield "/sitemap-{kind}-{n}.xml", _sitemap()
    for name, summary, headers in (
        ("corrections", _("The ledger of corrections, one line for each member that changed"), UNCOUNTED),
        ("deleted", _("Records that are gone, with what answers there and why"), HEADERS),
    ):
        schema = {"type": "string"}
        yield f"/{name}.csv", _operation(f"{name}_csv", "archive", summary, CSV, schema, headers, ["400", "503"])
        yield f"/{name}.csv.sha256", _digest(f"{name}_csv", "archive", headers)
    yield "/corrections.atom", _plain("corrections_atom", _("The newest corrections as a feed"), ATOM)
    yield "/api/openapi.json", _plain("openapi", _("This document"), "application/json", {"type": "object"})


def _paths(site: str) -> Object:
    paths: Object = {}
    for path, operation in operations():
        examples = api_examples.of(path, site)
        paths[path] = {"get": {**operation, **({"x-codeSamples": examples} if examples else {})}}
    return paths


def _verdicts() -> Iterable[tuple[str, Object]]:
    """Yield the addresses of what two figures say of each other."""
    yield "/discrepancies.json", _list(discrepancies.TABLE)
    yield "/discrepancies.csv", _file(discrepancies.TABLE, FORMATS[".csv"])
    yield "/discrepancies.csv.sha256", _digest_of(discrepancies.TABLE, FORMATS[".csv"])
    yield "/discrepancies.atom", _feed(discrepancies.TABLE)
    summary = _("The reports of one release side by side: their figures, in rows of what claims the same")
    of_release = {"parameters": [ref("parameters", "id")]}
    gone = ["301", "404", "410"]
    for name, content_type, schema, headers, refusals in (
        ("json", "application/json", openapi_schemas.release(), ["ETag"], gone),
        ("csv", CSV, {"type": "string"}, HEADERS, [*gone, "503"]),
    ):
        found = _operation(f"release_{name}", DISCREPANCIES, summary, content_type, schema, headers, refusals)
        yield f"/releases/{{id}}.{name}", {**found, **of_release}
    yield "/releases/{id}.csv.sha256", {**_digest("release_csv", DISCREPANCIES, refusals=gone), **of_release}


# --- parameters -------------------------------------------------------------------------------------------------------


def _parameters(vocabulary: Vocabulary) -> Object:
    found: Object = {}
    for p in PARAMETERS.values():
        if p.name == "sort":
            for kind in p.kinds:
                found[f"sort.{kind}"] = _parameter(p, p.name, {"enum": _orders(kind)})
        elif p.facet:
            for name in (p.name, f"{p.name}.not"):
                values = {"type": "array", "maxItems": MAX_VALUES, "items": _value(p, vocabulary)}
                found[name] = _parameter(p, name, values) | {"style": "form", "explode": True}
        else:
            found[p.name] = _parameter(p, p.name, _SINGLE.get(p.name, _TEXT))
    number = {"type": "integer", "minimum": 1, "maximum": 2**63 - 1}
    mapped = {"type": "string", "enum": [sitemaps.PAGES, *sitemaps.RECORDS]}
    campaigns = {"type": "string", "enum": list(vocabulary.nodes("campaign"))}
    return {
        **found,
        "id": _in_path("id", _("The number of the record."), number),
        "slug": _in_path("slug", _("The slug of the campaign."), campaigns),
        "version": {
            "name": "version",
            "in": "query",
            "description": _("An earlier version of the record, as it was public then; without it the newest one."),
            "allowEmptyValue": True,
            "schema": {"type": "integer", "minimum": 1},
        },
        "mapped": _in_path("kind", _("What it maps."), mapped),
        "part": _in_path("n", _("The number of the part."), number),
    }


def _orders(kind: str) -> list[str]:
    return list(discrepancies.KIND.sorts) if kind == DISCREPANCIES else ["relevance", *KINDS[kind].sorts]


def _in_path(name: str, description: str, schema: Object) -> Object:
    return {"name": name, "in": "path", "required": True, "description": description, "schema": schema}


def _parameter(p: Parameter, name: str, schema: Object) -> Object:
    description = str(p.description)
    if name != p.name:
        description = _("Leaves these values out. %(description)s") % {"description": description}
    return {
        "name": name,
        "in": "query",
        "description": f"{description} ({p.values})",
        "allowEmptyValue": True,
        "schema": schema,
    }


_TEXT: Object = {"type": "string", "maxLength": MAX_LENGTH}
_SINGLE: dict[str, Object] = {
    "after": _TEXT | {"examples": ["2018", "2018-09", "2018-09-07"]},
    "before": _TEXT | {"examples": ["2018", "2018-09", "2018-09-07"]},
    "min": _TEXT | {"examples": ["1000"]},
    "max": _TEXT | {"examples": ["1000"]},
    "page": {"type": "integer", "minimum": 1, "maximum": MAX_PAGE},
    "per_page": {"type": "integer", "enum": list(PAGE_SIZES), "default": PAGE_SIZES[0]},
    "number": {"type": "string", "enum": list(comparison.NUMBERS)},
    "facets": {"type": "integer", "enum": [0, 1], "default": 0},
}


def _value(p: Parameter, vocabulary: Vocabulary) -> Object:
    """Return the schema of one value of a facet: every value there is, or (of years and places) how one is written."""
    none = [NONE] if p.has_none else []
    if p.name == "place":
        return {"type": "string", "pattern": f"^([0-9]{{6}}|{NONE})$"}
    if p.name == "year":
        return {"type": "string", "pattern": f"^([0-9]{{4}}|{NONE})$", "examples": ["2018"]}
    return {"type": "string", "enum": [*vocabulary.nodes(p.name), *none]}


def _taken(kind: str, *, refuse: Iterable[str] = ()) -> list[Object]:
    """Return references to the parameters that an address takes."""
    names = []
    for p in of_kind(kind):
        if p.name not in refuse:
            names += [f"sort.{kind}"] if p.name == "sort" else [p.name, f"{p.name}.not"] if p.facet else [p.name]
    return [{"$ref": f"#/components/parameters/{name}"} for name in names]


# --- addresses --------------------------------------------------------------------------------------------------------


def _list(table: Table) -> Object:
    summary = _("%(records)s: a page of the list, with the count of the whole of it") % {"records": table.label}
    schema = ref("schemas", f"{table.name}_page")
    return {
        **_operation(f"{table.name}_json", table.name, summary, "application/json", schema, ["ETag"], ["400"]),
        "parameters": _taken(table.kind),
    }


def _record(table: Table) -> Object:
    summary = _("%(records)s: one of them, with all its fields") % {"records": table.label}
    schema = ref("schemas", f"{table.name}_record")
    refusals = ["301", "400", "404", "410"]
    name = f"{table.name}_one_json"
    found = _operation(name, table.name, summary, "application/json", schema, ["ETag"], refusals)
    return {**found, "parameters": [ref("parameters", "id"), ref("parameters", "version")]}


def _citation(name: str, label: str, end: str, parameters: list[str]) -> Object:
    form = CITATIONS[end]
    summary = _("%(records)s: how to cite one of them, as %(format)s") % {"records": label, "format": form.label}
    refusals = ["301", "400", "404", "410"] if "id" in parameters else ["404"]
    schema = {"type": "array", "items": {"type": "object"}} if end == "csl.json" else {"type": "string"}
    tag = name if "id" in parameters else "archive"
    operation = f"{name}_one_{end.replace('.', '_')}"
    found = _operation(operation, tag, summary, form.content_type, schema, ["ETag"], refusals)
    return {**found, "parameters": [ref("parameters", parameter) for parameter in parameters]}


def _feed(table: Table) -> Object:
    summary = _("%(records)s: what was last published or changed, as a feed") % {"records": table.label}
    found = _operation(f"{table.name}_atom", table.name, summary, ATOM, {"type": "string"}, ["ETag"], ["400"])
    return {**found, "parameters": _taken(table.kind, refuse=(*OF_PAGES, "sort"))}


def _sitemap() -> Object:
    summary = _("One part of the map of the site")
    found = _operation("sitemap", "archive", summary, "application/xml", {"type": "string"}, ["ETag"], ["404"])
    return {**found, "parameters": [ref("parameters", "mapped"), ref("parameters", "part")]}


def _file(table: Table, form: Format) -> Object:
    summary = _("%(records)s: the whole result as %(format)s") % {"records": table.label, "format": form.label}
    name = f"{table.name}{form.suffix.replace('.', '_')}"
    schema: Object = {"type": "string", "contentSchema": ref("schemas", table.name)}
    if form.suffix == ".xlsx":
        schema = {"type": "string", "format": "binary"}
    return {
        **_operation(name, table.name, summary, form.content_type, schema, HEADERS, ["400", "503"]),
        "parameters": _taken(table.kind, refuse=OF_PAGES),
    }


def _digest_of(table: Table, form: Format) -> Object:
    found = _digest(f"{table.name}{form.suffix.replace('.', '_')}", table.name)
    return {**found, "parameters": _taken(table.kind, refuse=OF_PAGES)}


def _digest(name: str, tag: str, headers: Sequence[str] = HEADERS, refusals: Sequence[str] = ("400",)) -> Object:
    """Return what answers with the digest of the file of this name, whose headers are given."""
    summary = _("The SHA-256 of that file, as sha256sum --check reads it")
    schema = {"type": "string", "pattern": "^[0-9a-f]{64}  "}
    told = [header for header in headers if header != "Content-Disposition"]
    return _operation(f"{name}_sha256", tag, summary, "text/plain; charset=utf-8", schema, told, [*refusals, "503"])


def _plain(name: str, summary: str, content_type: str, schema: Object | None = None) -> Object:
    """Return an address that takes no parameters."""
    return _operation(name, "archive", summary, content_type, schema or {"type": "string"}, [], [])


def _operation(
    name: str, tag: str, summary: str, content_type: str, schema: Object, headers: list[str], refusals: list[str]
) -> Object:
    answer = {
        "description": summary,
        "headers": {header: ref("headers", header) for header in headers},
        "content": {content_type: {"schema": schema}},
    }
    also = ["304", *refusals] if headers else refusals
    return {
        "operationId": name,
        "tags": [tag],
        "summary": summary,
        "responses": {"200": answer, **{status: ref("responses", status) for status in also}},
    }


def _headers() -> Object:
    told = {
        "ETag": (
            _("Names these bytes. Sent back as If-None-Match, it is answered with 304 until they change."),
            "string",
        ),
        "X-Total-Count": (_("How many rows the file has: one that has fewer was cut on the way."), "integer"),
        "X-Data-Version": (_("The version of the public data. The same version is the same bytes."), "integer"),
        "Content-Disposition": (_("The name of the file, which says how many rows it has."), "string"),
    }
    return {
        name: {"description": description, "required": True, "schema": {"type": kind}}
        for name, (description, kind) in told.items()
    }


def _refusals() -> Object:
    def refusal(description: str) -> Object:
        return {"description": description, "content": {PROBLEM: {"schema": ref("schemas", "problem")}}}

    return {
        "301": {"description": _("The record is part of another one now, at the address that Location names.")},
        "302": {"description": _("It is at the address that Location names.")},
        "304": {"description": _("What If-None-Match names is still what there is.")},
        "400": refusal(_("Parameters are in error; each is named.")),
        "404": refusal(_("No public record has this number.")),
        "410": refusal(_("The record has been withdrawn; the reason and the day are given.")),
        "503": refusal(_("All places for downloads are taken; Retry-After says when to come back.")),
    }
