"""Where a search stands in the records of a page: snippets with the words marked, leading to the place in the record.

A snippet shows no more of a text than its display rule allows anywhere else.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from cases.choices import Display
from cases.fulltext import Term, excerpt, find, marked
from cases.models import Figure, Span, TextVersion

MOST = 3  # snippets of one record
AROUND_EVIDENCE = 80  # code points that "excerpt" shows on either side of a phrase


@dataclass(frozen=True)
class Snippet:
    """A stretch of a record with the found words marked, what it is, and where it stands."""

    label: str
    html: SafeString
    url: str


@dataclass(frozen=True)
class Text:
    """A stored text, and the stretches of it that may be shown."""

    text: str
    shown: list[tuple[int, int]]


def attach(kind: str, records: Sequence[Any], terms: Iterable[Term]) -> None:
    """Give every record of a page `marked_title` and `snippets`, for the terms that were searched for."""
    terms = list(terms)
    figures = _figures(kind, records)
    texts = {"announcements": _texts, "cases": _passages}[kind](records) if kind != "figures" else {}
    for record in records:
        title = {"announcements": "title", "cases": "heading", "figures": "phrase"}[kind]
        text = getattr(record, title)
        html = marked(text, find(terms, text))
        record.marked_title = _safe(f"[{html}]" if getattr(record, "title_supplied", False) else html)
        snippets = list(_in_fields(kind, record, terms))
        for figure in figures.get(record.pk, []):
            found = find(terms, figure.phrase)
            if found:
                address = f"{record.get_absolute_url()}#f-{figure.pk}"
                snippets.append(Snippet(_("Figure"), _safe(marked(figure.phrase, found)), address))
        if len(snippets) < MOST and record.pk in texts:
            snippets += _in_text(record, texts[record.pk], terms)
        record.snippets = snippets[:MOST]


def _in_fields(kind: str, record: Any, terms: list[Term]) -> Iterable[Snippet]:
    fields = {
        "announcements": [(_("Summary"), record.abstract)] if kind == "announcements" else [],
        "cases": [(_("Summary"), record.summary)] if kind == "cases" else [],
        "figures": [(_("Note"), record.note)] if kind == "figures" else [],
    }[kind]
    for label, text in fields:
        found = find(terms, text)
        if found:
            yield Snippet(label, _safe(excerpt(text, found)), record.get_absolute_url())


def _figures(kind: str, records: Sequence[Any]) -> dict[int, list[Figure]]:
    """Return the figures of the announcements or cases of a page, by record."""
    if kind == "figures":
        return {}
    owner = "announcement_id" if kind == "announcements" else "case_id"
    found: dict[int, list[Figure]] = defaultdict(list)
    for figure in Figure.objects.filter(**{f"{owner}__in": [r.pk for r in records]}).order_by("position"):
        found[getattr(figure, owner)].append(figure)
    return found


def _texts(records: Sequence[Any]) -> dict[int, Text]:
    """Return the latest texts of announcements with the stretches of them that may be shown."""
    latest = TextVersion.objects.filter(announcement__in=[r.pk for r in records]).order_by("announcement_id", "-n")
    versions = [v for v in latest.distinct("announcement_id") if v.display != Display.HIDDEN]
    shown = _shown(versions)
    return {version.announcement_id: Text(version.text, shown[version.pk]) for version in versions}


def _passages(records: Sequence[Any]) -> dict[int, Text]:
    """Return the texts that tell cases with the stretches of each passage that may be shown."""
    spans = Span.objects.filter(case__in=[r.pk for r in records]).exclude(text_version__display=Display.HIDDEN)
    spans = spans.select_related("text_version").order_by("case_id", "-text_version__n", "start").distinct("case_id")
    told = [(span, span.text_version) for span in spans if span.text_version]
    shown = _shown([version for _span, version in told])
    return {
        span.case_id or 0: Text(
            version.text,
            [(max(a, span.start), min(b, span.end)) for a, b in shown[version.pk] if a < span.end and b > span.start],
        )
        for span, version in told
    }


def _shown(versions: Iterable[TextVersion]) -> dict[int, list[tuple[int, int]]]:
    """Return the stretches of each text that may be shown: all of it, or what is around the evidence."""
    by_id = {version.pk: version for version in versions}
    around: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for span in Span.objects.filter(text_version__in=by_id, figure__isnull=False).order_by("start"):
        around[span.text_version_id or 0].append((span.start - AROUND_EVIDENCE, span.end + AROUND_EVIDENCE))
    return {
        pk: [(0, len(version.text))] if version.display == Display.FULL else _merged(around[pk], len(version.text))
        for pk, version in by_id.items()
    }


def _merged(stretches: list[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in stretches:
        start, end = max(0, start), min(length, end)
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _in_text(record: Any, text: Text, terms: list[Term]) -> Iterable[Snippet]:
    everywhere = find(terms, text.text) if text.shown else []
    for start, end in text.shown:
        found = [hit for hit in everywhere if start <= hit.start and hit.end <= end]
        if found:
            yield Snippet(_("Text"), _safe(excerpt(text.text, found, start, end)), record.get_absolute_url())


def _safe(html: str) -> SafeString:
    return mark_safe(html)  # noqa: S308  (`fulltext.marked` escapes everything but its own <mark>)
