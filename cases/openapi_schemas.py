"""The schemas of the OpenAPI document: public fields, records, pages of lists, problem documents."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from cases import comparison, discrepancies
from cases.public_fields import Field, Table
from cases.records import TABLES
from cases.search.kinds import KINDS
from cases.search.parameters import PAGE_SIZES, of_kind

Object = dict[str, Any]

_TYPES: dict[str, Object] = {
    "integer": {"type": ["integer", "null"]},
    "number": {"type": ["number", "null"]},
    "text": {"type": ["string", "null"]},
    "boolean": {"type": ["boolean", "null"]},
    "date": {"type": ["string", "null"], "format": "date"},
    "list": {"type": "array", "items": {"type": "string"}},
}
_TREES = ("place", "crime_type", "campaign")


def every() -> Object:
    found: Object = {}
    for table in TABLES.values():
        found[table.name] = _object(table.fields)
    for kind in KINDS:
        found[f"{kind}_record"] = _whole(TABLES[kind])
        found[f"{kind}_page"] = _page(TABLES[kind])
    found[discrepancies.TABLE.name] = _object(discrepancies.TABLE.fields)
    found[f"{discrepancies.TABLE.name}_page"] = _page(discrepancies.TABLE)
    return {**found, "facet_value": _facet_value(False), "facet_node": _facet_value(True), "problem": _problem()}


def _object(fields: Iterable[Field]) -> Object:
    members = {f.name: field_schema(f) for f in fields}
    return {"type": "object", "properties": members, "required": list(members), "additionalProperties": False}


def field_schema(f: Field) -> Object:
    """Return the schema of one public field: null where nothing is stated."""
    schema = {**_TYPES[f.type]}
    if f.name == "id":
        schema["type"] = f.type
    elif f.choices and f.type == "list":
        schema["items"] = {"type": "string", "enum": f.choices.values}
    elif f.choices:
        schema["enum"] = [*f.choices.values, "", None]
    return {"title": f.label_en, "description": str(f.description), **schema}


def _whole(table: Table) -> Object:
    """Return the schema of one record by itself: an announcement brings its cases and figures."""
    if table.name != "announcements":
        return ref("schemas", table.name)
    schema = _object(table.fields)
    for name in ("cases", "figures"):
        schema["properties"][name] = {"type": "array", "items": ref("schemas", name)}
    return schema


def _page(table: Table) -> Object:
    facets = {
        p.name: {"type": "array", "items": ref("schemas", "facet_node" if p.name in _TREES else "facet_value")}
        for p in of_kind(table.kind)
        if p.facet
    }
    members: Object = {
        "count": {"type": "integer", "minimum": 0, "description": _("How many records the whole result has.")},
        "next": {
            "type": ["string", "null"],
            "format": "uri",
            "description": _("The address of the next page; null on the last. It skips and repeats nothing."),
        },
        "results": {"type": "array", "maxItems": PAGE_SIZES[-1], "items": ref("schemas", table.name)},
        "facets": {
            "type": "object",
            "description": _("With facets=1: of each facet the values, with how many records choosing it would give."),
            "properties": facets,
            "additionalProperties": False,
        },
    }
    required = ["count", "next", "results"]
    return {"type": "object", "properties": members, "required": required, "additionalProperties": False}


def comparison_page() -> Object:
    members: Object = {
        "number": {"type": "string", "enum": list(comparison.NUMBERS)},
        "count": {"type": "integer", "minimum": 0},
        "lines": {"type": "array", "items": {"type": "object"}},
        "changes": {"type": "array", "items": {"type": "object"}},
    }
    return {"type": "object", "properties": members, "required": list(members), "additionalProperties": False}


def release() -> Object:
    lists = ("reports", "figures", "contradictions")
    members: Object = {
        "id": {"type": "integer"},
        **{name: {"type": "string"} for name in ("url", "name", "authority")},
        "disclosed": {"type": ["string", "null"]},
        **{name: {"type": "array", "items": {"type": "object"}} for name in lists},
    }
    return {"type": "object", "properties": members, "required": list(members), "additionalProperties": False}


def _facet_value(is_node: bool) -> Object:
    members: Object = {
        "value": {"type": "string"},
        "label": {"type": "string"},
        "count": {"type": "integer", "minimum": 0},
        "selected": {"type": "boolean"},
    }
    if is_node:
        members["parent"] = {"type": ["string", "null"]}
    return {"type": "object", "properties": members, "required": list(members), "additionalProperties": False}


def _problem() -> Object:
    error = {
        "type": "object",
        "properties": {"parameter": {"type": "string"}, "detail": {"type": "string"}},
        "required": ["parameter", "detail"],
    }
    members: Object = {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {"type": "array", "items": error, "description": _("Each parameter in error.")},
        "withdrawn": {"type": "string", "format": "date", "description": _("When the record was withdrawn.")},
    }
    return {
        "type": "object",
        "description": _("A problem document (RFC 9457)."),
        "properties": members,
        "required": ["type", "title", "status", "detail"],
    }


def ref(section: str, name: str) -> Object:
    return {"$ref": f"#/components/{section}/{name}"}
