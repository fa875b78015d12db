"""Texts of announcements: stored as versions, and the evidence located in them.

A phrase is looked for with white space and the width of characters aside. Where it stands several times the
occurrence is an editor's choice; only where exactly as many figures make the claim as the words occur are they
paired, in order.
"""

import re
from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import pairwise
from unicodedata import combining

from django.db import transaction
from django.db.models import Max

from cases.choices import Display, SpanTarget
from cases.fingerprints import folded_sha256, sketch
from cases.models import Announcement, Figure, Fingerprint, Span, TextVersion
from cases.squash import squash


@dataclass
class Attached:
    """What attaching a text did: the version, whether it is new, and the figures by what became of their phrase."""

    version: TextVersion
    new: bool
    found: list[Figure] = field(default_factory=list)
    ambiguous: list[Figure] = field(default_factory=list)
    missing: list[Figure] = field(default_factory=list)


def occurrences(phrase: str, text: str) -> list[tuple[int, int]]:
    """Return the (start, end) of every occurrence of a phrase, in code points, from left to right, not overlapping."""
    return Haystack(text).find(phrase)


# Characters that squashing leaves as they are. The last of a row is read with what follows, which may be an accent of
# it, unless that is known to be none.
_KEPT = "!-~㐀-䶿一-鿿、。《》“”"
_ROW = re.compile(f"[{_KEPT}]+(?=[{_KEPT} \\n\\r\\t，：；！？（）]|\\Z)")


class Haystack:
    """A text made ready for many searches."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._letters: list[str] = []
        self.begins = array("q")
        self.ends = array("q")
        self._squashed: dict[str, str] = {}
        done = 0
        for row in _ROW.finditer(text):
            self._read(done, row.start())
            self._letters.append(row[0])
            self.begins.extend(range(row.start(), row.end()))
            self.ends.extend(range(row.start() + 1, row.end() + 1))
            done = row.end()
        self._read(done, len(text))
        self.letters = "".join(self._letters)

    def _read(self, low: int, high: int) -> None:
        """Read a stretch character by character, each with the accents that follow it.

        A letter and its accents are squashed together: "e" and U+0301 are the "é" of a phrase.
        """
        part = self.text[low:high]
        if part.isascii() and part.isspace():
            return
        starts = [low + i for i, character in enumerate(part) if i == 0 or not combining(character)]
        for start, end in pairwise([*starts, high]):
            printed = self.text[start:end]
            letters = self._squashed.get(printed)
            if letters is None:
                letters = self._squashed[printed] = squash(printed)
            self._letters.append(letters)
            self.begins.extend([start] * len(letters))
            self.ends.extend([end] * len(letters))

    def find(self, phrase: str) -> list[tuple[int, int]]:
        """Return the (start, end) of every occurrence of a phrase."""
        needle = squash(phrase)
        spans: list[tuple[int, int]] = []
        at = self.letters.find(needle) if needle else -1
        while at >= 0:
            start, end = self.begins[at], self.ends[at + len(needle) - 1]
            if squash(self.text[start:end]) == needle:
                spans.append((start, end))
            at = self.letters.find(needle, at + len(needle))
        return spans

    def at(self, phrase: str, start: int, end: int) -> list[tuple[int, int]]:
        """Return the (start, end) of every occurrence of a phrase within a place, else of those that reach into it."""
        within = [(start + a, start + b) for a, b in occurrences(phrase, self.text[start:end])]
        return within or [(a, b) for a, b in self.find(phrase) if a < end and start < b]


def nowhere(
    phrases: Iterable[str], announcement: Announcement | None, *, title: str = "", entered: str = ""
) -> set[str]:
    """Return those phrases that stand in no text of an announcement, nor in its title; without a text none.

    The texts are all its versions, those of the record that it revises, and the one that is being `entered`. Whoever
    writes a phrase is held to this, by the database too (`sql/phrases.sql`); a later text without the words is not
    refused: the figure then has no evidence in it.
    """
    wanted = set(phrases)
    own = [pk for pk in (announcement.pk, announcement.revises_id) if pk] if announcement and wanted else []
    stored = TextVersion.objects.filter(announcement__in=own).exclude(text="").values_list("text", flat=True)
    held = [text for text in (entered, *stored) if text]
    if not held:
        return set()
    letters = [squash(text) for text in (*held, title)]
    return {phrase for phrase in wanted if not any(squash(phrase) in text for text in letters)}


@transaction.atomic
def attach(
    announcement: Announcement,
    text: str,
    *,
    display: str = Display.EXCERPT,
    chosen: Mapping[int, tuple[int, int]] | None = None,
) -> Attached:
    """Store a text as a new version, unless it is the latest one already, and locate the evidence in it.

    `chosen` says of figures, by id, where in this text an editor has found them; it counts if their words stand there.
    """
    text = text.removeprefix("\ufeff")
    digest = sha256(text.encode()).hexdigest()
    latest = announcement.texts.order_by("-n").first()
    version = latest
    if version is None or version.sha256 != digest:
        n = (announcement.texts.aggregate(n=Max("n"))["n"] or 0) + 1
        version = TextVersion(
            announcement=announcement,
            n=n,
            text=text,
            sha256=digest,
            language=announcement.language,
            display=latest.display if latest else display,
        )
        version.full_clean(exclude=["announcement", "redacted_by"], validate_constraints=False)
        version.save()
        Fingerprint.objects.create(text_version=version, folded_sha256=folded_sha256(text), sketch=sketch(text))
    attached = Attached(version, new=version is not latest)
    _choose(announcement, version, chosen or {})
    _locate(announcement, version, attached)
    return attached


@transaction.atomic
def relocate(announcement: Announcement) -> None:
    """Bring the evidence up to date with changed phrases and a changed title: in the latest text, and nowhere else.

    Spans that are no longer the words, in older texts and in the title, go; the history keeps them.
    """
    for span in announcement.spans.filter(case=None).select_related("figure"):
        words = squash(span.phrase)
        moved = span.target == SpanTarget.TITLE and squash(announcement.title[span.start : span.end]) != words
        if moved or (span.figure and squash(span.figure.phrase) != words):
            span.delete()
    version = announcement.texts.order_by("-n").first()
    if version is not None:
        _locate(announcement, version, Attached(version, new=False))


def unplaced(announcement: Announcement) -> list[Figure]:
    """Return the figures whose words stand nowhere in the latest text, or nowhere that an editor has chosen yet."""
    version = announcement.texts.order_by("-n").first()
    if version is None:
        return []
    return list(announcement.figures.exclude(spans__text_version=version).order_by("position"))


def _choose(announcement: Announcement, version: TextVersion, chosen: Mapping[int, tuple[int, int]]) -> None:
    """Mark figures where an editor has found them, if their words stand there, and once."""
    haystack = Haystack(version.text) if chosen else None
    for figure in announcement.figures.filter(pk__in=chosen):
        found = haystack.at(figure.phrase, *chosen[figure.pk]) if haystack else []
        if len(found) == 1:
            version.spans.filter(figure=figure).delete()
            _span(figure, version, *found[0]).save()


def _span(figure: Figure, version: TextVersion, start: int, end: int) -> Span:
    return Span(
        announcement_id=figure.announcement_id,
        figure=figure,
        target=SpanTarget.TEXT,
        text_version=version,
        start=start,
        end=end,
        phrase=version.text[start:end],
    )


def _locate(announcement: Announcement, version: TextVersion, attached: Attached) -> None:
    haystack = Haystack(version.text)
    same_words: dict[str, list[Figure]] = defaultdict(list)
    for figure in announcement.figures.all().order_by("position"):
        same_words[squash(figure.phrase)].append(figure)
    chosen: dict[int | None, list[Span]] = defaultdict(list)
    for span in version.spans.filter(figure__isnull=False):
        chosen[span.figure_id].append(span)
    marks: list[Span] = []
    for words, figures in same_words.items():
        places = haystack.find(figures[0].phrase)
        free, waiting = list(places), list[Figure]()
        for figure in figures:
            standing = False
            for span in chosen[figure.pk]:
                if (span.start, span.end) in places and squash(span.phrase) == words:
                    standing = True
                    free = [place for place in free if place != (span.start, span.end)]
                else:
                    span.delete()
            (attached.found if standing else waiting).append(figure)
        if len(free) == len(waiting):
            marks += [_span(figure, version, *place) for figure, place in zip(waiting, free, strict=True)]
            attached.found += waiting
        else:
            (attached.ambiguous if places else attached.missing).extend(waiting)
    Span.objects.bulk_create(marks)
