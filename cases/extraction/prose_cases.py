"""Typical cases that are told in running prose: "In one case, police in Hefei …", 徐州警方破获一起……案.

A case begins with a sentence that names one gang, person or case that was acted on at a place or on a day, and that
does not count all cases of an authority; it goes on to the end of its paragraph, or to the next case or total. A text
that is about one case from its title on is that case, if a place of the archive is named; else, as with the releases of
police abroad, it has none but those that it calls examples.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from cases.extraction.case_cues import Cues
from cases.extraction.case_sentence import Sentence
from cases.extraction.lines import title_line
from cases.extraction.text import Source
from cases.extraction.typical_cases import CREDIT, Told, code_name

_LINE = re.compile(r"[^\n\r\u2028\u2029]+")
_LONGEST_HEADING: Final = 160
_HEADING_END = re.compile(r"[，。；！？]|[.;!?](?=\s|$)|,\s")
_REMEMBERED: Final = 400  # characters of a case in which a name is looked for that is said again
_LONGEST_CREDIT: Final = 60
_LONGEST_TITLE: Final = 90
_MARKS: Final = ".。!！?？;；:：\"”'’)）…"
_BULLETS: Final = "·•●■◆★*—–-"
_LEAST_ITEMS: Final = 3
_MOST_TOLD: Final = 0.6  # of paragraphs in a row that tell a case, so that all do
_TOLD_BY: Final = 4  # sentences by which a paragraph has told that it is of a case
_LEAD: Final = 25  # a shorter line is no sentence of the text but a date or a credit


@dataclass(frozen=True, slots=True)
class _Open:
    """A case while it is told; `sure` once something was done about it. `where` are the places that its
    first sentence names."""

    start: int
    end: int
    sure: bool
    where: frozenset[str]


def prose_cases(source: Source, cues: Cues) -> list[Told]:
    """Return the cases of a text that has no list of cases, from first to last."""
    top = title_line(source)
    lines = [m.span() for m in _LINE.finditer(source.text, top[1]) if _is_prose(m[0])]
    paragraphs = [[cues.sentence(*each) for each in _sentences(source, cues, *line)] for line in lines]
    items = _items(paragraphs)
    found = list(_cases(source, paragraphs, items))
    least = _LEAD if source.chinese else 3 * _LEAD
    lead = next((s for paragraph in paragraphs for s in paragraph if s.act or s.end - s.start > least), None)
    title = cues.headline(*top) and not items
    begun = _begun(lead) if lead and (lead.one or lead.few) else None
    if title or (lead and begun and (begun.sure or lead.act or cues.at_home(0, len(source.text)))):
        if not cues.at_home(0, len(source.text)):
            examples = _of(found, paragraphs, lambda s: s.example or s.opener or s.start in items)
            found = examples or ([_whole(lead, paragraphs)] if lead and begun and lead.opens and not items else [])
        elif lead and _about_one(cues, top, lead, found, paragraphs, title=title):
            found = [_whole(lead, paragraphs)]
    elif not items and not _round_up(found, paragraphs) and not cues.at_home(0, len(source.text)):
        found = _of(found, paragraphs, lambda s: s.example or s.opener or s.whose is not None)
    return [_told(source, number, case) for number, case in enumerate(found, 1)]


def _about_one(
    cues: Cues,
    top: tuple[int, int],
    lead: Sentence,
    found: Sequence[_Open],
    paragraphs: Sequence[Sequence[Sentence]],
    *,
    title: bool,
) -> bool:
    """Say whether a text is about one case: by its title, or as it has no other than the one it begins with."""
    if title and not (lead.total or lead.sum or _elsewhere(found) or _by_several(found, paragraphs)):
        return True
    return len(found) == 1 and found[0].start == lead.start and cues.deed(*top)


def _of(
    found: Sequence[_Open], paragraphs: Sequence[Sequence[Sentence]], wanted: Callable[[Sentence], bool]
) -> list[_Open]:
    """Return the cases whose first sentence is as wanted."""
    starts = {s.start for paragraph in paragraphs for s in paragraph if wanted(s)}
    return [case for case in found if case.start in starts]


def _is_prose(line: str) -> bool:
    """Say whether a line is one of the text: no credit, and no heading, which ends without a mark."""
    line = line.strip()
    if not line or (len(line) < _LONGEST_CREDIT and CREDIT.match(line.lower())):
        return False
    short = len(line) < (_LONGEST_TITLE if line.isascii() else _LONGEST_TITLE / 3)
    return not short or line[-1] in _MARKS or line[0] in _BULLETS


def _sentences(source: Source, cues: Cues, low: int, high: int) -> Iterator[tuple[int, int]]:
    at = low
    while at < high:
        _, end = source.sentence(at)
        yield from cues.parts(at, min(end, high))
        at = max(end, at + 1)


def _elsewhere(found: Sequence[_Open]) -> bool:
    """Say whether one of several cases is told of a place that the first does not name."""
    return any(case.where and found[0].where.isdisjoint(case.where) for case in found)


def _by_several(found: Sequence[_Open], paragraphs: Sequence[Sequence[Sentence]]) -> bool:
    """Say whether cases begin with paragraphs of several forces."""
    starts = {case.start for case in found}
    return len({p[0].force for p in paragraphs if p and p[0].force and p[0].start in starts}) > 1


def _round_up(found: Sequence[_Open], paragraphs: Sequence[Sequence[Sentence]]) -> bool:
    """Say whether several paragraphs tell a case each from their first words on."""
    starts = {case.start for case in found}
    return sum(bool(p) and p[0].start in starts for p in paragraphs) >= _LEAST_ITEMS


def _whole(lead: Sentence, paragraphs: Sequence[Sequence[Sentence]]) -> _Open:
    """Return the text as one case from its first sentence on, without what is said in general at its end."""
    start, end = lead.start, lead.end
    for paragraph in paragraphs:
        if paragraph and not paragraph[0].general:
            end = paragraph[-1].end
    return _Open(start, end, sure=True, where=frozenset())


def _items(paragraphs: Sequence[Sequence[Sentence]]) -> frozenset[int]:
    """Return where paragraphs begin that follow each other and tell one case each, of one force after the other."""
    found: set[int] = set()
    run: list[tuple[Sentence, bool]] = []
    for paragraph in [*paragraphs, []]:
        first = paragraph[0] if paragraph else None
        weak = first and first.force and not (first.total or first.sum or first.general or first.goes_on)
        if first and weak and (not run or first.force != run[-1][0].force):
            if run or tells(paragraph):
                run.append((first, tells(paragraph) or (first.act and (first.somewhere or first.when))))
            continue
        while run and not run[-1][1]:
            run.pop()
        if len(run) >= _LEAST_ITEMS and sum(told for _, told in run) >= _MOST_TOLD * len(run):
            found.update(s.start for s, _ in run)
        run = []
    return frozenset(found)


def tells(paragraph: Sequence[Sentence]) -> bool:
    """Say whether a paragraph that stands in a list tells one case."""
    return any(
        s.act and (s.one is not None or s.few or s.strike or s.subject) and not (s.total or s.sum or s.general)
        for s in paragraph[:_TOLD_BY]
    )


def _cases(source: Source, paragraphs: Sequence[Sequence[Sentence]], items: frozenset[int]) -> Iterator[_Open]:
    case: _Open | None = None
    unsure: _Open | None = None  # goes on into the next paragraph if that begins so
    for paragraph in paragraphs:
        if paragraph and paragraph[0].start in items:
            if case and case.sure:
                yield case
            case = _Open(paragraph[0].start, paragraph[-1].end, sure=True, where=paragraph[0].where)
            continue
        led: int | None = None  # where a sentence begins that leads in the case of the next
        for n, sentence in enumerate(paragraph):
            if sentence.named:
                if case and case.sure:
                    yield case
                case = None
                yield from (_Open(*span, sure=True, where=frozenset()) for span in sentence.named)
                continue
            if case and _goes_on(source, case, sentence, first=not n):
                case = _Open(case.start, sentence.end, case.sure or sentence.act, case.where)
                continue
            if case and case.sure:
                yield case
            case = _begun(sentence)
            if case is None:
                led = sentence.start if not n and _leads_in(sentence) else None
            elif led is not None and n == 1:
                case = _Open(led, case.end, case.sure, case.where)
        if case and not case.sure and (unsure is case or not paragraph):
            case = None
        unsure = case
    if case and case.sure:
        yield case


def _leads_in(s: Sentence) -> bool:
    """Say whether the first sentence of a paragraph names or dates what the next begins to tell of."""
    return (s.one is not None or s.when) and not (
        s.total or s.sum or s.general or s.many or s.named or s.where or s.few
    )


def begins(source: Source, cues: Cues, start: int, end: int) -> bool:
    """Say whether a line, the item of a list, tells of a case."""
    parts = islice(_sentences(source, cues, start, end), _TOLD_BY)
    paragraph = [cues.sentence(*part) for part in parts]
    return bool(paragraph) and (_begun(paragraph[0]) is not None or tells(paragraph))


def _begun(s: Sentence) -> _Open | None:
    """Return the case that begins with a sentence, if one does."""
    if s.total or s.sum or s.general:
        return None
    reported = s.report and s.whose is not None and not s.many
    told = s.one is not None or s.few or s.strike or s.subject or reported
    if (
        s.opener
        or (s.example and (told or s.whose is not None))
        or (s.among and s.one and (s.act or s.one.endswith("案")))
    ):
        return _Open(s.start, s.end, sure=True, where=s.where)
    placed = (
        s.somewhere or s.when or s.force is not None or (s.opens and s.one and s.one.startswith(("another ", "另")))
    )
    if not told or not (placed or (s.opens and s.one)):
        return None
    few = (s.few and s.somewhere) if s.among else ((s.few or s.strike) and s.whose is not None)
    if placed and (s.gang or few or s.subject or (s.act and (s.one or reported))):
        return _Open(s.start, s.end, sure=s.act or s.gang, where=s.where)
    acted_on = s.opens and s.act and not s.name and not s.many and not (s.one or "").endswith("case")
    return _Open(s.start, s.end, sure=acted_on, where=s.where) if s.one or reported else None


def _goes_on(source: Source, case: _Open, s: Sentence, *, first: bool) -> bool:
    """Say whether a sentence goes on with the case before it; the first of a paragraph must say so by its words."""
    if s.total or s.general or s.example or s.opener or (s.opens and s.one and s.one.startswith("another ")):
        return False
    same = bool(s.whose) and all(any(_related(one, other) for other in case.where) for one in s.whose or ())
    if first:
        if not case.sure and s.act and s.whose is None and not s.opens:
            return True  # what the police did, after the one who was wronged
        if s.name and s.one and (same or s.whose is None) and not s.report and _told_of(source, case, s.one):
            return True
        there = s.whose is not None and len(s.whose) > 0 and s.whose <= case.where
        return (s.goes_on and (same or not s.whose)) or (case.sure and there and s.one is None)
    if same or (s.whose is None and not (s.opens and s.somewhere)):
        return True
    again = s.one is None or s.name or _told_of(source, case, s.one)
    return again and not case.sure


def _told_of(source: Source, case: _Open, words: str) -> bool:
    return words in source.folded[case.start : min(case.end, case.start + _REMEMBERED)]


def _related(one: str, other: str) -> bool:
    """Say whether two codes are those of one place, or of a province or city and what lies in it."""
    return any(one[:n] == other[:n] and "0" * (6 - n) in (one[n:], other[n:]) for n in (2, 4, 6))


def _told(source: Source, number: int, case: _Open) -> Told:
    text = source.text
    end = case.start + len(text[case.start : case.end].rstrip())
    heading = text[case.start : min(end, case.start + _LONGEST_HEADING)].partition("\n")[0]
    least = 40 if heading.isascii() else 12
    stop = next((m.start() for m in _HEADING_END.finditer(heading) if m.start() >= least), None)
    return Told(number, False, heading[:stop].strip(), code_name(source, case.start, end), case.start, end)
