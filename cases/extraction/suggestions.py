"""What is proposed for a text: plain values that know where they stand, for an editor to accept, change or refuse.

`start` and `end` count code points of the text that was given, and ``phrase == text[start:end]`` always holds.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class Mention:
    """Words of the text."""

    phrase: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class CampaignMention(Mention):
    """A campaign where it is named. `slug` is None for a later year of a series that the vocabulary does not have."""

    name: str
    year: int | None
    slug: str | None


@dataclass(frozen=True, slots=True)
class PlaceMention(Mention):
    """A place where it is named: "Hefei, Anhui Province" is one. It may be any of `candidates`, `code` most likely."""

    code: str
    name: str
    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CrimeMention(Mention):
    """A crime type where one of its terms stands."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class DateMention(Mention):
    """A partial date or period, in EDTF. What was said against the publication date is resolved by it."""

    value: str


@dataclass(frozen=True, slots=True)
class PublisherMention(Mention):
    """Who is credited with the text."""

    name: str


@dataclass(frozen=True, slots=True)
class FigureSuggestion(Mention):
    """A claim of a quantity, in whole units. `high` is set for a range only; `case` counts from 0."""

    value: Decimal
    qualifier: str
    unit: str
    measure: str | None
    high: Decimal | None
    case: int | None
    period: str | None
    crime_types: tuple[str, ...]
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseSuggestion:
    """A typical case. Its words reach from `start` to `end`; `number` is as printed, or counted from 1."""

    number: int
    heading: str
    code_name: str | None
    start: int
    end: int
    numbered: bool
    places: tuple[str, ...]
    crime_types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Everything proposed for one text."""

    language: str
    title: str
    published: str | None
    publisher: PublisherMention | None
    campaigns: tuple[CampaignMention, ...]
    figures: tuple[FigureSuggestion, ...]
    cases: tuple[CaseSuggestion, ...]
    places: tuple[PlaceMention, ...]
    crime_types: tuple[CrimeMention, ...]
    dates: tuple[DateMention, ...]

    def to_json(self) -> dict[str, Any]:
        """Return what `json.dumps` takes: the names of the fields as keys, numbers as numbers."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(member) for member in value]
    return value
