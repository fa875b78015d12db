"""The words that the recognisers are given: places, crime types, measures, campaigns. From the files, or from anywhere.

A `Vocabulary` is plain data, so that whoever has the database builds one from it, and a test a small one by hand.
"""

import csv
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from cases.gazetteer.index import Index, shipped

FIXTURES: Final = Path(__file__).resolve().parents[2] / "fixtures"


@dataclass(frozen=True, slots=True)
class CrimeType:
    """A node of the list of crime types; `parent` is empty for those at the top."""

    code: str
    label_en: str
    label_zh: str
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """What is counted, and the units it may be counted in."""

    code: str
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign with every name it goes by, the one to show first."""

    slug: str
    year: int | None
    names: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """All four. What is built from one is kept as long as the object lives, so make one and hand it on."""

    places: Index
    crime_types: tuple[CrimeType, ...]
    measures: tuple[Measure, ...]
    campaigns: tuple[Campaign, ...]


@cache
def shipped_vocabulary() -> Vocabulary:
    """Return the vocabulary that comes with the archive, read once."""
    return Vocabulary(
        places=shipped(),
        crime_types=tuple(
            CrimeType(row["code"], row["label_en"], row["label_zh"], row["parent"])
            for row in read_table(FIXTURES / "crime_types.csv")
        ),
        measures=tuple(
            Measure(row["code"], tuple(row["unit"].split("/"))) for row in read_table(FIXTURES / "measures.csv")
        ),
        campaigns=_campaigns(FIXTURES / "campaigns.json"),
    )


def read_table(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file with a line of names."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _campaigns(path: Path) -> tuple[Campaign, ...]:
    return tuple(
        Campaign(
            record["slug"],
            record["year"],
            tuple(
                name
                for name in (record["name_en"], record["name_zh"], *(other["name"] for other in record["names"]))
                if name
            ),
        )
        for record in json.loads(path.read_text(encoding="utf-8"))
    )
