"""A spelling that would find something: the nearest words among the names of the archive's own vocabularies."""

import re
from difflib import get_close_matches

from django.db.models import Exists, OuterRef

from cases.models import Announcement, CrimeType, Measure, Place, PlaceName, Publisher
from cases.search.vocabulary import Vocabulary

_WORD = re.compile(r"[a-z][a-z']{3,}")
MOST = 5  # unknown words of a query that are looked up


def suggestions(text: str) -> list[str]:
    """Return the query with its unknown English words replaced by the nearest known ones, the best first."""
    known = _words()
    unknown = [word for word in dict.fromkeys(_WORD.findall(text.lower())) if word not in known][:MOST]
    near = {word: get_close_matches(word, known, n=3, cutoff=0.75) for word in unknown}
    best = text
    for word, others in near.items():
        best = _replaced(best, word, others[0]) if others else best
    candidates = [best, *(_replaced(text, word, other) for word, others in near.items() for other in others)]
    return [candidate for candidate in dict.fromkeys(candidates) if candidate != text]


def _replaced(text: str, word: str, other: str) -> str:
    return re.sub(rf"\b{re.escape(word)}\b", other, text, flags=re.IGNORECASE)


def _words() -> set[str]:
    """Return every English word of the names in the vocabularies; of campaigns and publishers those that are public."""
    brought_out = Announcement.objects.published().filter(publisher=OuterRef("pk"))
    names = [
        *Place.objects.values_list("name_en", flat=True),
        *PlaceName.objects.values_list("name", flat=True),
        *CrimeType.objects.values_list("label_en", flat=True),
        *Measure.objects.values_list("label_en", flat=True),
        *Publisher.objects.filter(Exists(brought_out)).values_list("name", flat=True),
        *(name for name, _slug in Vocabulary().campaign_names),
    ]
    return {word for name in names for word in _WORD.findall(name.lower())}
