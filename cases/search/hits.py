"""Where a search stands in the records of a page: snippets with the words marked, leading to the place in the record.

A snippet shows no more of a text than its display rule allows anywhere else. What is found by the names of its places,
crime types or campaigns, or in a part of a text that is not shown, says so.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from itertools import starmap
from typing import Any

from django.db.models import F
from django.db.models.functions import Length, Substr
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from cases.choices import Display
from cases.evidence import visible
from cases.fulltext import Term, TextQuery
from cases.highlights import Found, Words, excerpt, marked
from cases.models import Figure, FigureRow, Span, TextVersion
from cases.search.names import Names, names_of
from cases.search.vocabulary import Vocabulary
from cases.search.words import tsquery

MOST = 3  # snippets of one record


@dataclass(frozen=True)
class Snippet:
    """A stretch of a record with the found words marked, what it is, and where it stands."""

    label: str
    html: SafeString
    url: str


@dataclass(frozen=True)
class Text:
    """A stored text, the stretches of it that may be shown, and where the evidence in it stands, by anchor."""

    text: str
    words: Words
    shown: list[tuple[int, int]]
    evidence: list[tuple[int, int, str]]

    def find(self, terms: Iterable[Term]) -> list[Found]:
        """Return the hits that may be shown."""
        hits = self.words.find(terms) if self.shown else []
        return [hit for hit in hits if any(start <= hit.start and hit.end <= end for start, end in self.shown)]

    def anchor(self, hit: Found) -> str:
        """Return the evidence nearest to a hit: the place on the record's page that tells what stands there."""
        distances = [(max(start - hit.end, hit.start - end, 0), anchor) for start, end, anchor in self.evidence]
        return min(distances, default=(0, ""))[1]


# Kind → the fields that are shown as the record's headings, by the attribute that holds them marked.
HEADINGS = {
    "announcements": {"marked_title": "title", "marked_title_zh": "title_zh"},
    "cases": {"marked_title": "heading", "marked_code_name": "code_name"},
    "figures": {"marked_title": "phrase"},
}
# Kind → the field in the archive's own words, and where it stands on the record's page.
OWN_WORDS = {"announcements": ("abstract", "#abstract"), "cases": ("summary", "#summary"), "figures": ("note", "#note")}


def attach(kind: str, records: Sequence[Any], terms: Iterable[Term], vocabulary: Vocabulary) -> None:
    """Give every record of a page its headings as marked HTML, and `snippets`, for the terms that were searched for.

    Without terms both are empty.
    """
    terms = list(terms)
    if not terms:
        for record in records:
            record.snippets = []
            for name in HEADINGS[kind]:
                setattr(record, name, "")
        return
    figures = _figures(kind, records, terms)
    texts = {"announcements": _texts, "cases": _passages}[kind](records, terms) if kind != "figures" else {}
    unseen: dict[int, list[Term]] = {}
    for record in records:
        seen: list[Words | Text] = []
        for name, field in HEADINGS[kind].items():
            words = Words(getattr(record, field))
            html = marked(getattr(record, field), words.find(terms))
            supplied = field == "title" and record.title_supplied
            setattr(record, name, _safe(f"[{html}]" if supplied else html))
            seen.append(words)
        record.snippets = list(_snippets(kind, record, figures.get(record.pk, []), texts.get(record.pk), terms, seen))
        unseen[record.pk] = [term for term in terms if not any(words.find([term]) for words in seen)]
    if any(unseen.values()):
        unexplained = [record for record in records if unseen[record.pk]]
        names = names_of(kind, unexplained, vocabulary)
        for record in unexplained:
            _explain(record, names[record.pk], texts.get(record.pk), unseen[record.pk])
    for record in records:
        record.snippets = record.snippets[:MOST]


def _snippets(
    kind: str,
    record: Any,
    figures: list[tuple[int, str]],
    text: Text | None,
    terms: list[Term],
    seen: list[Words | Text],
) -> Iterator[Snippet]:
    """Yield what is found in a record's own words, its figures and its text; `seen` gets what was looked at."""
    address = _address(record)
    field, anchor = OWN_WORDS[kind]
    words = Words(getattr(record, field))
    seen.append(words)
    if found := words.find(terms):
        label = _("Note") if kind == "figures" else _("Summary")
        yield Snippet(label, _safe(excerpt(getattr(record, field), found)), f"{address}{anchor}")
    for pk, phrase in figures:
        words = Words(phrase)
        if found := words.find(terms):
            seen.append(words)
            yield Snippet(_("Figure"), _safe(marked(phrase, found)), f"{address}#f-{pk}")
    if text is None:
        return
    seen.append(text)
    everywhere = text.find(terms)
    for start, end in text.shown:
        if found := [hit for hit in everywhere if start <= hit.start and hit.end <= end]:
            html = _safe(excerpt(text.text, found, start, end))
            yield Snippet(_("Text"), html, f"{address}{text.anchor(found[0])}")


def _explain(record: Any, names: list[Names], text: Text | None, unseen: list[Term]) -> None:
    """Say of the terms that nothing shows why the record is found: by a name, or in a part that is not shown."""
    reasons = []
    for node in names:
        shown = node.text(unseen)
        if found := Words(shown).find(unseen):
            reasons.append(Snippet(node.label, _safe(marked(shown, found)), f"{_address(record)}{node.anchor}"))
            unseen = [term for term in unseen if not Words(shown).find([term])]
    if text is not None and text.words.find(unseen):
        reason = _("The words stand in a part of the text that can be searched but is not shown.")
        reasons.append(Snippet(_("Text"), _safe(escape(reason)), _address(record)))
    record.snippets[max(MOST - len(reasons), 1) :] = reasons


def _address(record: Any) -> str:
    return f"{record.get_absolute_url()}{record.trail}"


def _figures(kind: str, records: Sequence[Any], terms: list[Term]) -> dict[int, list[tuple[int, str]]]:
    """Return the figures of the announcements or cases of a page that hold any of the terms, by record: their numbers
    and phrases. The database looks for them, among all their words.
    """
    if kind == "figures":
        return {}
    owner = "announcement_id" if kind == "announcements" else "case_id"
    any_term = tsquery(TextQuery([[replace(term, campaigns=())] for term in terms]))
    holding = FigureRow.objects.filter(doc__matches=any_term)
    figures = Figure.objects.filter(**{f"{owner}__in": [r.pk for r in records]}, pk__in=holding.values("pk"))
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for record, pk, phrase in figures.order_by("position").values_list(owner, "pk", "phrase"):
        found[record].append((pk, phrase))
    return found


@dataclass(frozen=True)
class _Stretch:
    """A stretch of a stored text that tells of a record: all of the text, or a passage of it."""

    record: int
    version: int
    display: str
    length: int  # of the whole text
    start: int
    text: str

    @cached_property
    def words(self) -> Words:
        return Words(self.text)

    def within(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return what another stretch of the same text has in common with this one, counted from where it starts."""
        common = max(start - self.start, 0), min(end - self.start, len(self.text))
        return [common] if common[0] < common[1] else []


def _texts(records: Sequence[Any], terms: list[Term]) -> dict[int, Text]:
    """Return the latest texts of announcements that hold any of the terms, with what of them may be shown."""
    texts = TextVersion.objects.filter(announcement__in=[r.pk for r in records]).order_by("announcement_id", "-n")
    latest = texts.distinct("announcement_id").values_list("announcement_id", "pk", "display", "text")
    return _holding((_Stretch(record, pk, display, len(text), 0, text) for record, pk, display, text in latest), terms)


def _passages(records: Sequence[Any], terms: list[Term]) -> dict[int, Text]:
    """Return the passages of texts that tell cases and hold any of the terms, with what of them may be shown."""
    spans = Span.objects.filter(case__in=[r.pk for r in records]).exclude(text_version__display=Display.HIDDEN)
    spans = spans.exclude(text_version=None).order_by("case_id", "-text_version__n", "start").distinct("case_id")
    passage = Substr("text_version__text", F("start") + 1, F("end") - F("start"))
    told = spans.values_list(
        "case_id", "text_version_id", "text_version__display", Length("text_version__text"), "start", passage
    )
    return _holding(starmap(_Stretch, told), terms)


def _holding(told: Iterable[_Stretch], terms: list[Term]) -> dict[int, Text]:
    """Return the stretches that hold any of the terms, by record: of these alone it is asked what may be shown."""
    holding = [part for part in told if part.display != Display.HIDDEN and part.words.find(terms)]
    evidence: dict[int, list[tuple[int, int, int | None]]] = defaultdict(list)
    spans = Span.objects.filter(text_version__in={part.version for part in holding}, figure__isnull=False)
    for version, start, end, figure in spans.order_by("start").values_list(
        "text_version_id", "start", "end", "figure_id"
    ):
        evidence[version or 0].append((start, end, figure))
    texts = {}
    for part in holding:
        stands = evidence[part.version]
        shown = visible(part.length, part.display, [(start, end) for start, end, _figure in stands])
        texts[part.record] = Text(
            part.text,
            part.words,
            [common for stretch in shown for common in part.within(*stretch)],
            [(*common, f"#f-{figure}") for start, end, figure in stands for common in part.within(start, end)],
        )
    return texts


def _safe(html: str) -> SafeString:
    return mark_safe(html)  # noqa: S308  (`highlights.marked` escapes everything but its own <mark>)
