"""How well the recognisers do on texts with annotations, and how fast they are.

    python -m tools.bench.extraction [FAULTS=1]

An annotated text is NAME.txt with NAME.json beside it, in a folder for its set; docs/extraction.md says what the
members of the JSON mean. The founding texts are others' and not in the repository: they are measured where their folder
(FOUNDING, or ../shared/seeds) is at hand, against what the collection has of them.
"""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import cycle, islice
from pathlib import Path
from time import process_time
from typing import Any

from cases.extraction.suggest import suggest
from cases.extraction.suggestions import Suggestions
from cases.extraction.vocabulary import shipped_vocabulary

BASE = Path(__file__).resolve().parent.parent.parent
TEXTS = BASE / "tests" / "extraction" / "annotated"
COLLECTION = BASE / "fixtures" / "collection"
FOUNDING = Path(os.environ.get("FOUNDING") or BASE.parent / "shared" / "seeds")
SETS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
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

    @property
    def found(self) -> Suggestions:
        return suggest(self.text, shipped_vocabulary(), self.expected["published"])


@cache
def annotated(of: str = "*") -> tuple[Annotated, ...]:
    """Return the annotated texts of a set, or of all, by name."""
    return tuple(
        Annotated(path.stem, path.with_suffix(".txt").read_bytes().decode(), json.loads(path.read_bytes()))
        for path in sorted(TEXTS.glob(f"{of}/*.json"))
    )


@cache
def founding() -> tuple[Annotated, ...]:
    """Return the founding texts that are at hand, with what the collection has of them."""
    found = []
    for path in sorted(FOUNDING.glob("[0-9][0-9][0-9]_*.txt")):
        record = json.loads((COLLECTION / f"s{path.name[:3]}.json").read_bytes())
        text = path.read_bytes().decode("utf-8-sig")
        figures = [figure for claim in record["figures"] if (figure := _placed(claim, text))]
        expected = {name: record[name] for name in ("language", "published", "crime_types", "places")}
        found.append(Annotated(path.stem, text, {**expected, "figures": figures}))
    return tuple(found)


def _placed(claim: dict[str, Any], text: str) -> dict[str, Any] | None:
    """Return a claim of the collection with where it may stand; a length of time is no figure to propose."""
    starts = [m.start() for m in re.finditer(re.escape(claim["phrase"]), text)]
    return {**claim, "starts": starts} if starts and claim["measure"] != "campaign_duration" else None


def evaluate(texts: tuple[Annotated, ...], language: str | None = None) -> Scores:
    """Score texts, those of a language or all."""
    scores = Scores()
    for item in texts:
        if language in (None, item.expected["language"]):
            _score(item, item.found, scores)
    return scores


def _score(item: Annotated, proposed: Suggestions, scores: Scores) -> None:
    expected = item.expected
    _score_figures(item, proposed, scores)
    sets: dict[str, tuple[set[Any], set[Any]]] = {
        "places": (set(expected["places"]), {place.code for place in proposed.places}),
        "crime_types": (set(expected["crime_types"]), {crime.code for crime in proposed.crime_types}),
    }
    if "cases" in expected:
        # Where numbers are not printed they are counted, so that one case too few would put all behind it wrong.
        printed = any(case.numbered for case in proposed.cases)
        starts = {(c["number"] if printed else 0, c["start"], c["code_name"]) for c in expected["cases"]}
        told = {(c.number if printed else 0, item.text.find(c.heading, c.start), c.code_name) for c in proposed.cases}
        sets["cases"] = starts, told
        sets["campaigns"] = set(expected["campaigns"]), {campaign.slug for campaign in proposed.campaigns}
        sets["dates"] = set(expected["dates"]), {date.value for date in proposed.dates}
    for kind, (wanted, got) in sets.items():
        scores.kinds[kind].add(len(wanted), len(got), len(wanted & got))
        scores.faults += [f"{item.name}: {kind} - {member}" for member in sorted(wanted - got, key=str)]
        scores.faults += [f"{item.name}: {kind} + {member}" for member in sorted(got - wanted, key=str)]


def _score_figures(item: Annotated, proposed: Suggestions, scores: Scores) -> None:
    left = list(proposed.figures)
    right = 0
    for wanted in item.expected["figures"]:
        starts = wanted.get("starts") or [wanted["start"]]
        length = len(wanted["phrase"])
        match = next(
            (
                figure
                for figure in left
                if any(figure.start < start + length and figure.end > start for start in starts)
                and float(figure.value) == wanted["value"]
                and figure.qualifier == wanted["qualifier"]
                and (None if figure.high is None else float(figure.high)) == wanted.get("high")
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


def table(texts: tuple[Annotated, ...]) -> Iterator[str]:
    """Give precision, recall and F1 of each kind and language as lines of a table."""
    yield "| language | kind | annotated | precision | recall | F1 |"
    yield "|---|---|---|---|---|---|"
    for language in ("en", "zh"):
        scores = evaluate(texts, language)
        for kind, score in scores.kinds.items():
            if not score.wanted:
                continue
            name = {"figures": "figures (value and qualifier)"}.get(kind, kind.replace("_", " "))
            numbers = f"{score.precision:.3f} | {score.recall:.3f} | {score.f1:.3f}"
            yield f"| {language} | {name} | {score.wanted} | {numbers} |"
        if scores.measured:
            yield f"| {language} | measure, of the figures found | {scores.measured} | {scores.measures:.3f} | | |"


def sample(language: str, characters: int) -> str:
    """Return a text that is made of the annotated ones, one behind the other."""
    texts = [item.text for item in annotated() if item.expected["language"] == language]
    return "".join(islice(cycle(texts), characters // min(map(len, texts)) + 1))[:characters]


def seconds(text: str) -> float:
    """Return how long a text takes, in seconds of the processor."""
    suggest("", shipped_vocabulary())
    begun = process_time()
    suggest(text, shipped_vocabulary(), "2022-05-01")
    return process_time() - begun


def lines() -> Iterator[str]:
    """Give everything that is measured, as text."""
    groups = {f"the {name} set": annotated(name) for name in SETS} | {"the founding texts": founding()}
    for name, texts in groups.items():
        if not texts:
            yield f"\n{name}: not at hand ({FOUNDING})"
            continue
        yield f"\n{name}: {len(texts)} texts\n"
        yield from table(texts)
        if os.environ.get("FAULTS"):
            yield from evaluate(texts).faults
    yield ""
    for language, characters in (("en", 1_000_000), ("zh", 333_333)):
        yield f"1 MB of text, {language}: {seconds(sample(language, characters)):.2f} s"
    yield f"1 MB of digits and spaces: {seconds('1 2 34 567 ' * 91_000):.2f} s"


if __name__ == "__main__":
    print("\n".join(lines()))
