"""The evidence of an announcement where it stands: its latest text as far as readers may see it, and its title."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from cases import evidence
from cases.choices import Display, SpanTarget
from cases.evidence import Passage, Piece, Stand
from cases.models import TextVersion


class Mark(NamedTuple):
    """Something that stands in a text for the nth time; the first time bears its name."""

    id: Any
    n: int

    @property
    def name(self) -> str:
        return f"{self.id}" if self.n == 1 else f"{self.id}-{self.n}"


@dataclass(frozen=True)
class Shown:
    """A passage of a text with the figures that begin in it."""

    passage: Passage
    figures: list[Any]


@dataclass(frozen=True)
class InPlace:
    """What a record's page shows of its text. Without `version` nothing of a text may be shown."""

    version: TextVersion | None
    passages: list[Shown]
    end_left_out: bool
    title: list[Piece]

    @property
    def is_excerpt(self) -> bool:
        return self.version is not None and self.version.display == Display.EXCERPT


def locate(a: Any, figures: Sequence[Any], cases: Sequence[Any]) -> InPlace:
    """Return the text and title of an announcement with what stands in them.

    Say of each figure whether it is marked there (`is_marked`), or stood in an earlier text and no longer stands in the
    latest (`stood_in`, the number of that text).
    """
    latest = a.texts.defer("text").order_by("-n").first()
    spans = list(a.spans.select_related("text_version").defer("text_version__text").order_by("start", "id"))
    may_be_shown = latest is not None and latest.display != Display.HIDDEN and not latest.redacted_reason
    numbers = {case.pk: case.number for case in cases}
    known = {figure.pk: figure for figure in figures}
    met: dict[tuple[str, Any], int] = defaultdict(int)

    def stands(chosen: list[Any]) -> list[Stand]:
        found = []
        for span in chosen:
            kind, key = _what(span, numbers)
            if key is not None:
                met[kind, key] += 1
                found.append(Stand(span.start, span.end, kind, Mark(key, met[kind, key])))
        return found

    in_text = stands([span for span in spans if may_be_shown and span.text_version_id == latest.pk])
    in_title = stands([span for span in spans if span.target == SpanTarget.TITLE])
    text = TextVersion.objects.values_list("text", flat=True).get(pk=latest.pk) if may_be_shown else ""
    passages, end_left_out = evidence.passages(text, latest.display, in_text) if may_be_shown else ([], False)
    title, _end = evidence.passages(a.title, Display.FULL, in_title) if in_title else ([], False)

    in_latest = {span.figure_id for span in spans if latest and span.text_version_id == latest.pk}
    earlier = {span.figure_id: span.text_version.n for span in spans if span.text_version}
    marked = {stand.key.id for stand in (*in_text, *in_title) if stand.kind == evidence.FIGURE}  # type: ignore[attr-defined]
    for figure in figures:
        figure.is_marked = figure.pk in marked
        figure.stood_in = earlier.get(figure.pk) if figure.pk not in in_latest else None
    return InPlace(
        latest if passages else None,
        [Shown(passage, [known[mark.id] for mark in passage.figures if mark.n == 1]) for passage in passages],  # type: ignore[attr-defined]
        end_left_out,
        [piece for passage in title for piece in passage.pieces],
    )


def _what(span: Any, numbers: dict[int, int]) -> tuple[str, Any]:
    if span.figure_id is not None:
        return evidence.FIGURE, span.figure_id
    if span.case_id is not None:
        return evidence.CASE, numbers.get(span.case_id)
    return evidence.PLACE, span.place_id
