"""A spelling that would find something: the nearest words among the names of the archive's own vocabularies."""

import re
from difflib import get_close_matches

from django.db.models.functions import Lower

from cases.models import Campaign, CampaignName, CrimeType, Measure, Place, PlaceName, Publisher

_WORD = re.compile(r"[a-z][a-z']{3,}")
SOURCES = (
    (Place, "name_en"),
    (PlaceName, "name"),
    (Campaign, "name_en"),
    (CampaignName, "name"),
    (CrimeType, "label_en"),
    (Measure, "label_en"),
    (Publisher, "name"),
)


def suggestions(text: str) -> list[str]:
    """Return the query with its unknown English words replaced by the nearest known ones, the best first."""
    known = _words()
    unknown = [word for word in dict.fromkeys(_WORD.findall(text.lower())) if word not in known]
    candidates: list[str] = []
    for word in unknown:
        near = get_close_matches(word, known, n=3, cutoff=0.75)
        candidates += [_replaced(text, word, other) for other in near]
    if len(unknown) > 1:
        best = text
        for word in unknown:
            for other in get_close_matches(word, known, n=1, cutoff=0.75):
                best = _replaced(best, word, other)
        candidates.insert(0, best)
    return [candidate for candidate in dict.fromkeys(candidates) if candidate != text]


def _replaced(text: str, word: str, other: str) -> str:
    return re.sub(rf"\b{re.escape(word)}\b", other, text, flags=re.IGNORECASE)


def _words() -> set[str]:
    """Return every English word of every name in the vocabularies."""
    words: set[str] = set()
    for model, name in SOURCES:
        for text in model._default_manager.values_list(Lower(name), flat=True):
            words.update(_WORD.findall(text))
    return words
