"""The gazetteer file into the database: create and update in place; a place that is used is never removed."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction

from cases.gazetteer.index import Entry, read_gazetteer
from cases.models import Place, PlaceName

FIELDS = ["level", "parent_id", "slug", "name_en", "name_zh", "pinyin", "lat", "lon"]


@dataclass
class Loaded:
    """How many places were created, updated and left alone."""

    created: int
    updated: int
    unchanged: int


@transaction.atomic
def load_gazetteer(path: Path) -> Loaded:
    """Bring the places and their other names to what the file says. Raises ValueError for a faulty file."""
    entries = read_gazetteer(path)
    stored = {place.code: place for place in Place.objects.all()}
    new: list[Place] = []
    changed: list[Place] = []
    # Parents before children: a province's code is the lowest of its codes, a prefecture's that of its counties.
    for entry in sorted(entries, key=lambda e: e.code):
        values = _values(entry)
        place = stored.get(entry.code)
        if place is None:
            new.append(Place(code=entry.code, **values))
        elif any(getattr(place, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(place, name, value)
            changed.append(place)
    Place.objects.bulk_create(new)
    for place in changed:
        place.save(update_fields=FIELDS)
    _load_names(entries)
    return Loaded(len(new), len(changed), len(entries) - len(new) - len(changed))


def _values(entry: Entry) -> dict[str, Any]:
    return {
        "level": entry.level,
        "parent_id": entry.parent or None,
        "slug": entry.slug or None,
        "name_en": entry.name_en,
        "name_zh": entry.name_zh,
        "pinyin": entry.pinyin,
        "lat": None if entry.lat is None else round(Decimal(str(entry.lat)), 4),
        "lon": None if entry.lon is None else round(Decimal(str(entry.lon)), 4),
    }


def _load_names(entries: list[Entry]) -> None:
    wanted = {(entry.code, name) for entry in entries for name in entry.other_names}
    stored = {(n.place_id, n.name): n.pk for n in PlaceName.objects.all()}
    PlaceName.objects.filter(pk__in=[pk for key, pk in stored.items() if key not in wanted]).delete()
    order = [(entry.code, name) for entry in entries for name in dict.fromkeys(entry.other_names)]
    PlaceName.objects.bulk_create(
        PlaceName(place_id=code, name=name) for code, name in order if (code, name) not in stored
    )
