"""Spellings that might find something: the nearest words among the names of what the archive holds."""

import re
from collections import Counter
from collections.abc import Container, Iterable
from difflib import SequenceMatcher, get_close_matches

from django.db.models import Exists, OuterRef
from django.db.models.expressions import RawSQL

from cases.fulltext import CJK, fold
from cases.models import Announcement, CrimeType, Measure, Place, PlaceName, Publisher
from cases.search.vocabulary import Vocabulary

_ENGLISH = re.compile(r"[a-z][a-z'’]{3,}")
_PART = re.compile("[a-z]{3,}")
_CHINESE = re.compile(f"[{CJK}]{{2,}}")
MOST = 5  # unknown words of a query that are looked up
NEAR = 3  # words that each of them may have meant


def suggestions(text: str, vocabulary: Vocabulary) -> list[str]:
    """Return a query with its unknown words replaced by the nearest known ones or cut into known ones, best first."""
    names = [fold(name) for name in _names(vocabulary)]
    folded = " ".join(word if word in ("OR", "NOT") else fold(word) for word in text.split())
    near = {
        **_near_english(_ENGLISH.findall(folded), {word for name in names for word in _PART.findall(name)}),
        **_near_chinese(_CHINESE.findall(folded), Counter(run for name in names for run in _CHINESE.findall(name))),
    }
    best = folded
    for word, others in near.items():
        best = _replaced(best, word, others[0])
    candidates = [best, *(_replaced(folded, word, other) for word, others in near.items() for other in others)]
    return [candidate for candidate in dict.fromkeys(candidates) if candidate != folded]


def _near_english(words: list[str], known: set[str]) -> dict[str, list[str]]:
    unknown = [word for word in dict.fromkeys(words) if word not in known][:MOST]
    found = {}
    for word in unknown:
        parts = [(word[:i], word[i:]) for i in range(3, len(word) - 2)]
        cut = [f"{one} {other}" for one, other in parts if one in known and other in known]
        found[word] = [*cut, *get_close_matches(word, known, n=NEAR, cutoff=0.75)]
    return {word: others for word, others in found.items() if others}


def _near_chinese(runs: list[str], known: Counter[str]) -> dict[str, list[str]]:
    """Characters are many: one in two may be wrong. And words are written without spaces."""
    found = {}
    for run in [run for run in dict.fromkeys(runs) if run not in known][:MOST]:
        likeness = {other: _likeness(run, other) for other in known if set(other) & set(run)}
        similar = sorted((other for other, n in likeness.items() if n), key=lambda o: (-likeness[o], -known[o], o))
        found[run] = [*_cuts(run, known), *similar[:NEAR]]
    return {run: others for run, others in found.items() if others}


def _likeness(run: str, other: str) -> float:
    """Return how like two runs are, 0 for not at all; more so with the same characters in the same places."""
    ratio = SequenceMatcher(None, run, other).ratio()
    return ratio + sum(map(str.__eq__, run, other)) if ratio >= 0.5 else 0


def _cuts(run: str, known: Container[str]) -> list[str]:
    """Return a run with spaces around the longest known word at either end: 安徽 诈骗."""
    cuts = []
    for i in range(len(run) - 2, 1, -1):
        if run[:i] in known:
            cuts.append(f"{run[:i]} {run[i:]}")
            break
    for i in range(2, len(run) - 1):
        if run[i:] in known:
            cuts.append(f"{run[:i]} {run[i:]}")
            break
    return list(dict.fromkeys(cuts))


def _replaced(text: str, word: str, other: str) -> str:
    return re.sub(rf"(?<![a-z]){re.escape(word)}(?![a-z])", other, text)


def _names(vocabulary: Vocabulary) -> Iterable[str]:
    """Return the names of the places and crime types that public records have, of public campaigns and publishers,
    and of all measures.
    """
    used = RawSQL("select value from cases_facettotal where facet in ('place', 'crime_type') and n > 0", ())
    brought_out = Announcement.objects.published().filter(publisher=OuterRef("pk"))
    for model, names in (
        (Place.objects.filter(code__in=used), ("name_en", "name_zh")),
        (CrimeType.objects.filter(code__in=used), ("label_en", "label_zh")),
        (Measure.objects.all(), ("label_en", "label_zh")),
        (Publisher.objects.filter(Exists(brought_out)), ("name", "name_zh")),
        (PlaceName.objects.filter(place__in=used), ("name",)),
    ):
        for values in model.values_list(*names):
            yield from filter(None, values)
    yield from (name for name, _slug in vocabulary.campaign_names)
