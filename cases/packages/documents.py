"""What stands beside the tables in a data package: its description for programs, codebook, changes, read-me."""

import json
from collections.abc import Mapping
from typing import Any

from django.utils import translation

from cases.data_version import Version
from cases.packages.changes import COLUMNS, Changes
from cases.packages.tables import TABLES, reference
from cases.public_fields import Field, Table

TITLE = "Archive of Enforcement Announcements"
LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}
_TYPES = {"text": "string", "list": "string"}


def datapackage(name: str, version: Version, site: str, files: Mapping[str, tuple[int, str]]) -> str:
    """Return datapackage.json (Frictionless Data Package). `files` has size and SHA-256 of each file of data."""
    with translation.override("en"):
        resources = [_resource(table, *files[f"data/{table.name}.csv"]) for table in TABLES]
    changes: dict[str, Any] = {
        "name": "changes",
        "title": "Rows that differ from the package before",
        "path": "changes.csv",
        "schema": {"fields": [{"name": column, "type": "string"} for column in COLUMNS], "missingValues": []},
    }
    size, digest = files["changes.csv"]
    body = {
        "profile": "tabular-data-package",
        "name": f"enforcement-announcements-{name}",
        "title": TITLE,
        "homepage": f"{site}/",
        "version": str(version.n),
        "created": version.since.isoformat(timespec="seconds"),
        "licenses": [LICENCE],
        "resources": [*resources, {**changes, **_file(size, digest)}],
    }
    return json.dumps(body, ensure_ascii=False, indent=2) + "\n"


def _file(size: int, digest: str) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": size,
        "hash": f"sha256:{digest}",
    }


def _resource(table: Table, size: int, digest: str) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [_field(f) for f in table.fields],
        "primaryKey": ["id"],
        "missingValues": [""],
    }
    foreign = [(f.name, reference(table, f.name)) for f in table.fields if reference(table, f.name)]
    if foreign:
        schema["foreignKeys"] = [
            {"fields": [name], "reference": {"resource": "" if other == table.name else other, "fields": ["id"]}}
            for name, other in foreign
        ]
    return {
        "name": table.name,
        "title": str(table.label),
        "description": str(table.description),
        "path": f"data/{table.name}.csv",
        **_file(size, digest),
        "dialect": {"delimiter": ",", "doubleQuote": True, "lineTerminator": "\r\n"},
        "schema": schema,
    }


def _field(f: Field) -> dict[str, Any]:
    told: dict[str, Any] = {"name": f.name, "type": _TYPES.get(f.type, f.type), "title": f.label_en}
    told["description"] = str(f.description) + (' Several are joined with "; ".' if f.type == "list" else "")
    if f.name == "id":
        told["constraints"] = {"required": True, "unique": True}
    elif f.choices and f.type == "text":
        told["constraints"] = {"enum": list(f.choices.values)}
    return told


def codebook() -> str:
    """Return what every table and field means, in Markdown."""
    lines = ["# Codebook", "", f"{TITLE}. An empty cell is “not stated”; 0 is zero.", ""]
    with translation.override("en"):
        for table in TABLES:
            lines += [f"## {table.name}", "", f"{table.label}. {table.description}", ""]
            lines += ["| field | type | label | 标签 | meaning |", "|---|---|---|---|---|"]
            for f in table.fields:
                meaning = str(f.description)
                if f.choices:
                    meaning += " Values: " + "; ".join(f"`{value}` {label}" for value, label in f.choices.choices) + "."
                told = (f"`{f.name}`", f.type, f.label_en, f.label_zh, meaning)
                lines.append("| " + " | ".join(part.replace("|", "\\|") for part in told) + " |")
            lines.append("")
    return "\n".join(lines)


def changelog(name: str, before: str, changes: Changes) -> str:
    """Return what has changed since the package before, in Markdown."""
    lines = [f"# Changes of {name}", ""]
    if not before:
        return "\n".join([*lines, "This is the first package.", ""])
    lines += [f"Since {before}. changes.csv names each row.", "", "| table | added | changed | removed | |"]
    lines.append("|---|--:|--:|--:|---|")
    for table in TABLES:
        counted: Mapping[str, int] = changes.counted.get(table.name, {})
        fields = changes.fields.get(table.name, "")
        numbers = " | ".join(f"{counted.get(kind, 0):,}" for kind in ("added", "changed", "removed"))
        lines.append(f"| {table.name} | {numbers} | {fields} |")
    return "\n".join([*lines, ""])


def readme(name: str, version: Version, site: str, rows: Mapping[str, int]) -> str:
    """Return what the package is, in Markdown."""
    with translation.override("en"):
        listed = [f"| data/{t.name}.csv | {rows[t.name]:,} | {t.description} |" for t in TABLES]
    return "\n".join(
        [
            f"# {TITLE}: data package {name}",
            "",
            (
                f"Everything public of {site}/ as it was on {version.since:%d %B %Y} at {version.since:%H:%M} UTC "
                f"(data version {version.n})."
            ),
            "",
            "| file | rows | |",
            "|---|--:|---|",
            *listed,
            "",
            (
                "`CODEBOOK.md` says what each field means, `datapackage.json` says so to programs, `CHANGES.md` and "
                "`changes.csv` tell what differs from the package before, `LICENSE.txt` what may be done with it. "
                "`sha256sum --check SHA256SUMS` finds what was damaged on the way."
            ),
            "",
            "Tables are joined by id. CSV is UTF-8 (RFC 4180); several values of one cell are joined with “; ”.",
            "",
        ]
    )


def datasette(name: str, site: str) -> str:
    """Return metadata.json for Datasette."""
    with translation.override("en"):
        tables = {
            t.name: {
                "title": str(t.label),
                "description": str(t.description),
                "columns": {f.name: str(f.description) for f in t.fields},
            }
            for t in TABLES
        }
    body = {
        "title": f"{TITLE}: {name}",
        "license": LICENCE["title"],
        "license_url": LICENCE["path"],
        "source": TITLE,
        "source_url": f"{site}/",
        "databases": {f"archive-{name}": {"tables": tables}},
    }
    return json.dumps(body, ensure_ascii=False, indent=2) + "\n"
