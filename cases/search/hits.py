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
from cases.fulltext import Found, Term, excerpt, find, marked
from cases.models import Figure, Span, TextVersion

MOST = 3  # snippets of one record
AROUND_EVIDENCE = 80  # code points that "excerpt" shows on either side of a phrase


@dataclass(frozen=True)
class Snippet:
    """A stretch of a record with the found words marked, what it is, and where it stands."""

    label: str
    html: SafeString
    url: str
    language: str = ""


def attach(kind: str, records: Sequence[Any], terms: Iterable[Term]) -> None:
    """Give every record of a page `marked_title` and `snippets`, for the terms that were searched for."""
    terms = list(terms)
    figures = _figures(kind, records)
    texts = _texts(records) if kind == "announcements" else {}
    for record in records:
        title = {"announcements": "title", "cases": "heading", "figures": "phrase"}[kind]
        text = getattr(record, title)
        record.marked_title = _safe(marked(text, find(terms, text)))
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


def _texts(records: Sequence[Any]) -> dict[int, tuple[TextVersion, list[tuple[int, int]]]]:
    """Return the latest texts of announcements with the stretches of them that may be shown."""
    latest = TextVersion.objects.filter(announcement__in=[r.pk for r in records]).order_by("announcement_id", "-n")
    versions = {
        version.pk: version for version in latest.distinct("announcement_id") if version.display != Display.HIDDEN
    }
    shown: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for span in Span.objects.filter(text_version__in=versions, figure__isnull=False).order_by("start"):
        shown[span.text_version_id or 0].append((span.start - AROUND_EVIDENCE, span.end + AROUND_EVIDENCE))
    return {
        version.announcement_id: (
            version,
            [(0, len(version.text))] if version.display == Display.FULL else _merged(shown[pk], len(version.text)),
        )
        for pk, version in versions.items()
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


def _in_text(record: Any, text: tuple[TextVersion, list[tuple[int, int]]], terms: list[Term]) -> Iterable[Snippet]:
    version, shown = text
    for start, end in shown:
        stretch = version.text[start:end]
        found: list[Found] = find(terms, stretch)
        if found:
            yield Snippet(_("Text"), _safe(excerpt(stretch, found)), record.get_absolute_url(), version.language)


def _safe(html: str) -> SafeString:
    return mark_safe(html)  # noqa: S308  (`fulltext.marked` escapes everything but its own <mark>)
