"""Where a search stands in the records of a page: snippets with the words marked, leading to the place in the record.

A snippet shows no more of a text than its display rule allows anywhere else. What is found by the names of its places,
crime types or campaigns, or in a part of a text that is not shown, says so.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from cases.choices import Display
from cases.evidence import visible
from cases.fulltext import Found, Term, Words, excerpt, marked
from cases.models import Figure, Span, TextVersion
from cases.search.names import Names, names_of
from cases.search.vocabulary import Vocabulary

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
    shown: list[tuple[int, int]]
    evidence: list[tuple[int, int, str]]

    @cached_property
    def words(self) -> Words:
        return Words(self.text)

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
    """Give every record of a page its headings as marked HTML, and `snippets`, for the terms that were searched for."""
    terms = list(terms)
    figures = _figures(kind, records)
    texts = {"announcements": _texts, "cases": _passages}[kind](records) if kind != "figures" else {}
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


def _figures(kind: str, records: Sequence[Any]) -> dict[int, list[tuple[int, str]]]:
    """Return the figures of the announcements or cases of a page, by record: their numbers and phrases."""
    if kind == "figures":
        return {}
    owner = "announcement_id" if kind == "announcements" else "case_id"
    figures = Figure.objects.filter(**{f"{owner}__in": [r.pk for r in records]}).order_by("position")
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for record, pk, phrase in figures.values_list(owner, "pk", "phrase"):
        found[record].append((pk, phrase))
    return found


def _texts(records: Sequence[Any]) -> dict[int, Text]:
    """Return the latest texts of announcements with the stretches of them that may be shown."""
    latest = TextVersion.objects.filter(announcement__in=[r.pk for r in records]).order_by("announcement_id", "-n")
    versions = [v for v in latest.distinct("announcement_id") if v.display != Display.HIDDEN]
    return {version.announcement_id: _shown(version, evidence) for version, evidence in _with_evidence(versions)}


def _passages(records: Sequence[Any]) -> dict[int, Text]:
    """Return the texts that tell cases with the stretches of each passage that may be shown."""
    spans = Span.objects.filter(case__in=[r.pk for r in records]).exclude(text_version__display=Display.HIDDEN)
    spans = spans.select_related("text_version").order_by("case_id", "-text_version__n", "start").distinct("case_id")
    told = [(span, span.text_version) for span in spans if span.text_version]
    texts = {version.pk: _shown(version, ev) for version, ev in _with_evidence([version for _span, version in told])}
    return {span.case_id or 0: _cut(texts[version.pk], span.start, span.end) for span, version in told}


def _cut(text: Text, start: int, end: int) -> Text:
    """Return a passage of a text as a text of its own."""

    def within(a: int, b: int) -> tuple[int, int]:
        return max(a, start) - start, min(b, end) - start

    return Text(
        text.text[start:end],
        [within(a, b) for a, b in text.shown if a < end and b > start],
        [(*within(a, b), anchor) for a, b, anchor in text.evidence if a < end and b > start],
    )


def _with_evidence(versions: list[TextVersion]) -> Iterable[tuple[TextVersion, list[tuple[int, int, str]]]]:
    """Return texts with where the figures stand in them."""
    evidence: dict[int, list[tuple[int, int, str]]] = defaultdict(list)
    spans = Span.objects.filter(text_version__in=versions, figure__isnull=False).order_by("start")
    for version, start, end, figure in spans.values_list("text_version_id", "start", "end", "figure_id"):
        evidence[version or 0].append((start, end, f"#f-{figure}"))
    return [(version, evidence[version.pk]) for version in versions]


def _shown(version: TextVersion, evidence: list[tuple[int, int, str]]) -> Text:
    """Return a text with the stretches of it that may be shown: all of it, or what is around the evidence."""
    stretches = visible(len(version.text), version.display, [(start, end) for start, end, _anchor in evidence])
    return Text(version.text, stretches, evidence)


def _safe(html: str) -> SafeString:
    return mark_safe(html)  # noqa: S308  (`fulltext.marked` escapes everything but its own <mark>)
