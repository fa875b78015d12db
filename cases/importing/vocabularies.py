"""The vocabulary files into the database: crime types, measures, campaigns. Created and updated in place."""

import csv
import json
from pathlib import Path
from typing import Any

from django.db import models, transaction

from cases.models import Campaign, CampaignName, CrimeType, Measure


@transaction.atomic
def load_vocabularies(folder: Path) -> dict[str, int]:
    """Load crime_types.csv, measures.csv and campaigns.json; return how many rows of each were new or changed."""
    return {
        "crime types": _load_crime_types(folder / "crime_types.csv"),
        "measures": _load_measures(folder / "measures.csv"),
        "campaigns": _load_campaigns(folder / "campaigns.json"),
    }


def _load_crime_types(path: Path) -> int:
    rows = list(_rows(path))
    changed = set()
    for position, row in enumerate(rows, 1):
        values: dict[str, Any] = {name: row[name] for name in ("label_en", "label_zh", "statutes", "definition")}
        if _upsert(CrimeType, row["code"], values | {"position": position}):
            changed.add(row["code"])
    changed |= {row["code"] for row in rows if _upsert(CrimeType, row["code"], {"parent_id": row["parent"] or None})}
    return len(changed)


def _load_measures(path: Path) -> int:
    return sum(
        _upsert(Measure, row["code"], {name: row[name] for name in ("label_en", "label_zh", "definition")}
                | {"units": row["unit"].split("/"), "position": position})
        for position, row in enumerate(_rows(path), 1)
    )  # fmt: skip


def _load_campaigns(path: Path) -> int:
    records: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    changed = set()
    for record in records:
        values = {name: record[name] or "" for name in ("name_en", "name_zh", "authority", "description")}
        values |= {name: record[name] for name in ("year", "start", "end")}
        if _upsert(Campaign, record["slug"], values):
            changed.add(record["slug"])
    for record in records:
        if _upsert(Campaign, record["slug"], {"parent_id": record["parent"]}):
            changed.add(record["slug"])
        campaign = Campaign.objects.get(pk=record["slug"])
        others = set(record["not_to_be_confused_with"])
        if others - set(campaign.not_to_be_confused_with.values_list("pk", flat=True)):
            campaign.not_to_be_confused_with.add(*others)
        stored = {n.name: n for n in campaign.names.all()}
        for name in record["names"]:
            wanted = {"language": name["language"], "script": name["script"], "note": name.get("note") or ""}
            known = stored.get(name["name"])
            if known is None:
                CampaignName.objects.create(campaign=campaign, name=name["name"], **wanted)
            elif any(getattr(known, key) != value for key, value in wanted.items()):
                CampaignName.objects.filter(pk=known.pk).update(**wanted)
    return len(changed)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _upsert(model: type[models.Model], key: str, values: dict[str, Any]) -> bool:
    """Create or update one row by its primary key; return whether anything changed."""
    manager = model._default_manager
    stored = manager.filter(pk=key).values(*values).first()
    if stored == values:
        return False
    if stored is None:
        instance = model(pk=key, **values)
        instance.clean_fields()
        instance.save(force_insert=True)
    else:
        manager.filter(pk=key).update(**values)
    return True
