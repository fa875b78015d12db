"""How well the recognisers do on texts with annotations, and how fast they are.

An annotated text is NAME.txt with NAME.json beside it; docs/extraction.md says what the members of the JSON mean.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from cases.extraction.suggest import suggest
from cases.extraction.suggestions import Suggestions
from cases.extraction.vocabulary import shipped_vocabulary

BASE = Path(__file__).resolve().parent.parent.parent
TEXTS = BASE / "tests" / "extraction" / "annotated"
KINDS = ("figures", "places", "cases", "crime_types", "campaigns", "dates")


@dataclass
class Score:
    """What was wanted, what was proposed, and how much of it is the same."""

    wanted: int = 0
    proposed: int = 0
    right: int = 0

    def add(self, wanted: int, proposed: int, right: int) -> None:
        self.wanted += wanted
        self.proposed += proposed
        self.right += right

    @property
    def precision(self) -> float:
        return self.right / self.proposed if self.proposed else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.wanted if self.wanted else 1.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass
class Scores:
    """The scores of each kind; of the figures found, how many have the measure, and what was missed or too much."""

    kinds: dict[str, Score] = field(default_factory=lambda: {kind: Score() for kind in KINDS})
    measured: int = 0
    measure_right: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def measures(self) -> float:
        return self.measure_right / self.measured if self.measured else 1.0


@dataclass(frozen=True)
class Annotated:
    """A text with what ought to be proposed for it."""

    name: str
    text: str
    expected: dict[str, Any]


@cache
def annotated(folder: Path = TEXTS) -> tuple[Annotated, ...]:
    """Return the annotated texts of a folder, by name."""
    return tuple(
        Annotated(
            path.stem, path.with_suffix(".txt").read_bytes().decode(), json.loads(path.read_text(encoding="utf-8"))
        )
        for path in sorted(folder.rglob("*.json"))
    )


@cache
def found(item_name: str, folder: Path = TEXTS) -> Suggestions:
    """Return what is proposed for an annotated text."""
    item = next(item for item in annotated(folder) if item.name == item_name)
    return suggest(item.text, shipped_vocabulary(), item.expected["published"])


def evaluate(language: str | None = None, prefix: str = "", folder: Path = TEXTS) -> Scores:
    """Score the annotated texts of a language (or of all), those whose name begins with `prefix`."""
    scores = Scores()
    for item in annotated(folder):
        if item.name.startswith(prefix) and language in (None, item.expected["language"]):
            _score(item, found(item.name, folder), scores)
    return scores


def _score(item: Annotated, proposed: Suggestions, scores: Scores) -> None:
    expected = item.expected
    _score_figures(item, proposed, scores)
    starts = {(c["number"], c["start"], c["code_name"]) for c in expected["cases"]}
    told = {(c.number, item.text.find(c.heading, c.start), c.code_name) for c in proposed.cases}
    sets: dict[str, tuple[set[Any], set[Any]]] = {
        "cases": (starts, told),
        "places": (set(expected["places"]), {place.code for place in proposed.places}),
        "crime_types": (set(expected["crime_types"]), {crime.code for crime in proposed.crime_types}),
        "campaigns": (set(expected["campaigns"]), {campaign.slug for campaign in proposed.campaigns}),
        "dates": (set(expected["dates"]), {date.value for date in proposed.dates}),
    }
    for kind, (wanted, got) in sets.items():
        scores.kinds[kind].add(len(wanted), len(got), len(wanted & got))
        scores.faults += [f"{item.name}: {kind} - {member}" for member in sorted(wanted - got, key=str)]
        scores.faults += [f"{item.name}: {kind} + {member}" for member in sorted(got - wanted, key=str)]


def _score_figures(item: Annotated, proposed: Suggestions, scores: Scores) -> None:
    left = list(proposed.figures)
    right = 0
    for wanted in item.expected["figures"]:
        end = wanted["start"] + len(wanted["phrase"])
        match = next(
            (
                f
                for f in left
                if f.start < end
                and f.end > wanted["start"]
                and float(f.value) == wanted["value"]
                and f.qualifier == wanted["qualifier"]
                and (None if f.high is None else float(f.high)) == wanted.get("high")
            ),
            None,
        )
        if match is None:
            scores.faults.append(f"{item.name}: figures - {wanted['value']} {wanted['qualifier']} {wanted['phrase']!r}")
            continue
        left.remove(match)
        right += 1
        if wanted["measure"]:
            scores.measured += 1
            scores.measure_right += match.measure == wanted["measure"]
        if match.measure != wanted["measure"] or match.unit != wanted["unit"]:
            told, got = (wanted["measure"], wanted["unit"]), (match.measure, match.unit)
            scores.faults.append(f"{item.name}: measure {told} got {got} {match.phrase!r}")
    scores.faults += [f"{item.name}: figures + {f.value} {f.qualifier} {f.phrase!r}" for f in left]
    scores.kinds["figures"].add(len(item.expected["figures"]), len(proposed.figures), right)


def table() -> Iterator[str]:
    """Give precision, recall and F1 of each kind and language as lines of a table."""
    yield "| language | kind | annotated | precision | recall | F1 |"
    yield "|---|---|---|---|---|---|"
    for language in ("en", "zh"):
        scores = evaluate(language)
        for kind, score in scores.kinds.items():
            name = {"figures": "figures (value and qualifier)"}.get(kind, kind.replace("_", " "))
            numbers = f"{score.precision:.3f} | {score.recall:.3f} | {score.f1:.3f}"
            yield f"| {language} | {name} | {score.wanted} | {numbers} |"
        yield f"| {language} | measure, of the figures found | {scores.measured} | {scores.measures:.3f} | | |"
