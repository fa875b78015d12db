"""Typical cases: where each is told, its heading and code name; numbered ("Case 1", 案例一, 一、) or not.

A list is one of cases if words before it say so, or if most of its items tell of one; so are headings that tell of one.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from cases.extraction.text import Source

_ONES: Final = {c: n for n, c in enumerate("零一二三四五六七八九")}
_WORDS: Final = {
    word: n
    for n, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), 1
    )
}
_ROMAN: Final = {
    word: n for n, word in enumerate(("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"), 1)
}
_LETTERS: Final = "abcdefgh"
_RINGED: Final = "①-⑳⑴-⒇㈠-㈩"
_ZH: Final = "一二三四五六七八九十"
_LATIN: Final = rf"(?:{'|'.join([*_WORDS, *sorted(_ROMAN, key=len, reverse=True)])})(?![a-z])|[{_LETTERS}](?=\s?[:：)])"
_NUMBER: Final = rf"(?P<n>[0-9]{{1,3}}|[{_ZH}]{{1,3}}|{_LATIN})"
_BULLET: Final = "[·●■◆★▪►▶◇○□▲△※☆*-]"
# "Case 1: …", 案例一：…, 【典型案例1】…
_EXPLICIT = re.compile(
    rf"[\s#>]{{0,4}}{_BULLET}{{0,2}}\s{{0,2}}[【\[(\"]?\s?(?:typical |model |example |sample )?"
    r"(?:case(?: study)?|example|案例|典型案例|典型案件|案件|案)\s?"
    rf"(?:no\.?|number|之|#)?\s?[(]?{_NUMBER}(?![0-9{_ZH}]|起|件|名|个)\s?(?:[】\])]|\"(?=[:：.】]))?\s?[:：.、,，)\-—|]{{0,2}}\s*(?P<rest>.*)"
)
# "1. …", （一）…, 一、…, "No. 1 …", ①…, "I. …", "1 - …", 第一，…; a number that is alone on its line
_LISTED = re.compile(
    rf"[\s*#>]{{0,6}}(?:(?P<style>[(\[]?|no\.? ?|第)(?P<n>[0-9]{{1,2}}|[{_ZH}]{{1,3}}|[ivx]{{1,4}}|[{_LETTERS}])"
    r"(?:[)\]]\s?[、.:：]?|[、:：.](?![0-9]|$)|[、:：.](?=[0-9]{1,4}[年月])|[起个件案例，]|\s{0,2}[|-]{1,2}\s|"
    r"(?<=[0-9])\s*$|(?<=no\.[0-9])\s|(?<=no\. [0-9])\s)"
    rf"|(?P<ringed>[{_RINGED}])[、.]?)\s*(?P<rest>.*)"
)
# "• …": items without a number.
# A digest has items that name a force or a place in brackets: 【网安大队】7月19日……
_ITEM = re.compile(rf"\s{{0,6}}(?P<mark>{_BULLET}|【(?=[^】\n]{{2,40}}】(?:\S|\s*$)))(?P=mark)?\s{{0,4}}(?P<rest>\S.*)")
# "United States v. Smith": a case of a court by its parties.
_PARTIES = re.compile(r"\s*(?:[*#]{0,3}\s?)?(?:[a-z][\w.'&]* ){1,5}vs?\.? [a-z]")
# The line before a list of cases.
_INTRO = re.compile(
    r"典型案例|典型案件|案例(?:如下|选登|通报)|十大案例|有关案例|相关案例|案例[:：]?$|typical examples|"
    r"[0-9一二三四五六七八九十]{1,3}[大起个件](?:[^，。\n]{0,16})?(?:典型)?案[例件]|典型案事件|"
    r"\b(?:top|key|major|leading|landmark|notable) (?:ten |[0-9]{1,2} )?(?:cyber |cybercrime |criminal )?cases\b|"
    r"\bcases? (?:were|was|have been|are|is) (?:also )?"
    r"(?:made public|released|published|announced|disclosed|unveiled|as follows)|"
    r"\bcases (?:made public|released|published|announced|disclosed)|"
    r"\b(?:typical|model|representative|exemplary|selected|sample|guiding) (?:criminal |cyber |cybercrime )?cases?\b|"
    r"\b(?:publish|releas|announc|unveil|disclos|issu|publici[sz])[a-z]* (?:[a-z0-9'-]+ ){0,5}cases\b|"
    r"cases (?:are|include|follow)|case (?:examples|studies|highlights)"
)
_CASE_WORDS = re.compile(
    r"案|侦破|破获|捣毁|打掉|抓获|查处|侦办|\bcase\b|\bcracked\b|\bbusted\b|\bsolved\b|\bdestroyed\b|\bdetected\b|"
    r"\barrest|\bsmashed\b|\bgang\b|\bdismantl|\bpunish|\bfraud\b"
)
_CODE = re.compile(
    r"[\"'](?P<a>[0-9]{1,2})\s?[.·]\s?(?P<b>[0-9]{1,2})[\"']"
    r"|(?<![0-9.·])(?P<c>[0-9]{1,2})·(?P<d>[0-9]{1,2})(?![0-9])"
    r"|(?<![0-9.])(?P<e>[0-9]{1,2})\.(?P<f>[0-9]{1,2})(?=\"?\s?(?:mega|专案|特大|系列|网络|案\b|case\b))"
)
CREDIT = re.compile(
    r"\s*(?:\(?(?:来源|责任编辑|编辑|记者|作者|原标题|source|editor|reporter|by )|"
    r"\([^\n]{0,40}(?:记者|reporter)[^\n]{0,30}\)\s*$|\*{3}|###|---)"
)
_LONG_HEADING: Final = 230
_MOST_OF: Final = 0.6  # of the items of a list that tell of a case, so that it is one of cases
_HEADING: Final = 110  # characters of a line that may be a heading, so that what it heads is looked at
_FAR: Final = 5  # lines that an item without a number can have
Tells = Callable[[int, int], bool]  # says whether a line tells of a case


@dataclass(frozen=True, slots=True)
class Told:
    """A typical case where it is told."""

    number: int
    numbered: bool
    heading: str
    code_name: str | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    folded: str


@dataclass(frozen=True, slots=True)
class _Head:
    line: int
    number: int
    start: int
    heading_start: int


def typical_cases(source: Source, begins: Tells, headline: Tells) -> list[Told]:
    """Return the typical cases of a text that has a list of them, from first to last.

    `begins` says whether a line tells of a case, `headline` whether a heading does.
    """
    lines = _lines(source)
    items = _Items(lines, begins)
    heads, numbered = _explicit(lines), True
    if not heads:
        heads = _listed(lines, items)
    if not heads:
        heads, numbered = _unnumbered(lines) or items.by_mark() or _by_parties(lines), False
    if not heads:
        heads = _headed(lines, headline) or _sections(lines, items)
    return list(_told(source, lines, heads, numbered))


def _lines(source: Source) -> list[_Line]:
    return [
        _Line(m.start(), m.end(), m[0])
        for m in re.finditer(r"[^\n\r\u2028\u2029]+", source.folded)
        if not m[0].isspace()
    ]


def _value(text: str) -> int:
    if text.isdigit() and text.isascii():
        return int(text)
    if text in _WORDS or text in _ROMAN:
        return _WORDS.get(text) or _ROMAN[text]
    if text in _LETTERS:
        return _LETTERS.index(text) + 1
    if not text.isascii() and text.isnumeric() and text[0] not in _ZH:
        return int(unicodedata.numeric(text))
    tens, ten, ones = text.partition("十")
    if ten:
        return 10 * _ONES.get(tens, 1) + _ONES.get(ones, 0)
    return _ONES.get(text, 0)


def _explicit(lines: list[_Line]) -> list[_Head]:
    found = [
        _head(lines, n, _value(m["n"]), m.start("rest"))
        for n, line in enumerate(lines)
        if (m := _EXPLICIT.match(line.folded))
    ]
    return found if _counts_up(found) else []


def _head(lines: list[_Line], n: int, number: int, rest: int) -> _Head:
    """Return the head of a case in a line, where the rest of it is the heading; else the next line is it."""
    line = lines[n]
    start = line.start + len(line.folded) - len(line.folded.lstrip())
    if rest >= len(line.folded.rstrip()) and n + 1 < len(lines):
        follows = lines[n + 1]
        return _Head(n, number, start, follows.start + len(follows.folded) - len(follows.folded.lstrip()))
    return _Head(n, number, start, line.start + rest)


def _counts_up(heads: list[_Head]) -> bool:
    return bool(heads) and heads[0].number <= 2 and all(a.number < b.number for a, b in pairwise(heads))


class _Items:
    """Says of the items of a list whether they tell of cases."""

    def __init__(self, lines: list[_Line], begins: Tells) -> None:
        self._lines, self._begins = lines, begins

    def are_cases(self, heads: list[_Head]) -> bool:
        if len(heads) < 2:
            return False
        told = sum(map(self._is_case, heads))
        return told > 1 and told >= _MOST_OF * len(heads)

    def begins(self, line: _Line) -> bool:
        """Say whether a line begins to tell of a case."""
        return self._begins(line.start, line.end)

    def by_mark(self) -> list[_Head]:
        """Return the items of the first list with bullets that is one of cases."""
        run: list[_Head] = []
        mark = ""
        for n, line in enumerate([*self._lines, _Line(0, 0, "")]):
            m = _ITEM.match(line.folded)
            if run and (n == len(self._lines) or n - run[-1].line > _FAR or (m and m["mark"] != mark)):
                if self.are_cases(run):
                    return run
                run = []
            if m:
                mark = m["mark"]
                start = line.start + m.start("rest")
                run.append(_Head(n, len(run) + 1, start, start))
        return []

    def _is_case(self, head: _Head) -> bool:
        start = head.heading_start
        line = next((line for line in self._lines[head.line : head.line + 2] if line.start <= start < line.end), None)
        if line is None:
            return False
        if _is_case(line.folded[start - line.start :]):
            return True
        if self._begins(start, line.end):
            return True
        n = head.line + 1 + (start >= self._lines[head.line].end)
        if n >= len(self._lines) or len(line.folded) > _HEADING:
            return False
        start = self._lines[n].start
        return self._begins(start, self._lines[n].end)


def _listed(lines: list[_Line], items: _Items) -> list[_Head]:
    """Return the items of a list behind words for typical cases, or of a list whose items tell of cases."""
    intro = next(
        (n for n, line in reversed(list(enumerate(lines))) if _INTRO.search(line.folded) and _list_follows(lines, n)),
        None,
    )
    runs = _runs(lines, 0 if intro is None else intro)
    if intro is not None and runs and len(runs[0]) > 1:
        return runs[0]
    return next((run for run in runs if items.are_cases(run)), [])


def _is_case(folded: str) -> bool:
    heading = re.split(r"[。]|(?<=[a-z])\. ", folded)[0]
    return bool(re.search(r"案[\"。）)]?\s*$|\bcases?\b", heading))


def _list_follows(lines: list[_Line], intro: int) -> bool:
    for line in lines[intro : intro + 4]:
        m = _LISTED.match(line.folded)
        if m and _value(m["n"] or m["ringed"]) == 1:
            return True
    return False


def _runs(lines: list[_Line], first: int) -> list[list[_Head]]:
    """Return the lists that count up from 1, by the way their numbers are written."""
    runs: list[list[_Head]] = []
    open_runs: dict[tuple[str, str], list[_Head]] = {}
    for n in range(first, len(lines)):
        m = _LISTED.match(lines[n].folded)
        if not m:
            continue
        printed = m["n"] or m["ringed"]
        style, number = (m["style"] or "", _script(printed)), _value(printed)
        head = _head(lines, n, number, m.start("rest"))
        run = open_runs.get(style)
        if number == 1:
            if n == first and _INTRO.search(lines[n].folded):
                continue  # 一、典型案例 is the heading of the list itself
            open_runs[style] = [head]
            runs.append(open_runs[style])
        elif run and number == run[-1].number + 1:
            run.append(head)
    return runs


def _script(number: str) -> str:
    """Return in what a number is written, so that lists in two ways are two."""
    kinds = (("digit", number.isdigit()), ("roman", number in _ROMAN), ("letter", number.isascii()))
    return next((name for name, holds in kinds if holds), "zh" if number[0] in _ZH else "ringed")


def _by_parties(lines: list[_Line]) -> list[_Head]:
    """Return the lines that begin with the parties of a case."""
    heads = [n for n, line in enumerate(lines) if n and _PARTIES.match(line.folded)]
    return _in_lines(lines, heads) if len(heads) > 1 else []


def _headed(lines: list[_Line], headline: Tells) -> list[_Head]:
    """Return the headings that tell of one case, each before a longer line, where there are several."""
    told = [
        n
        for n, line in enumerate(lines[:-1])
        if n
        and _may_head(lines, n, 120, "。.:：！!？?，,；;")
        and (_is_case(line.folded) or headline(line.start, line.end))
    ]
    return _in_lines(lines, told) if len(told) > 1 else []


def _sections(lines: list[_Line], items: _Items) -> list[_Head]:
    """Return the headings, each before one paragraph, most of which tell of a case."""
    heads = [n for n in range(1, len(lines) - 1) if _may_head(lines, n, _HEADING, "。.:：！!，,；;")]
    while heads:
        run = [heads.pop(0)]
        while heads and heads[0] == run[-1] + 2:
            run.append(heads.pop(0))
        told = [items.begins(lines[n + 1]) for n in run]
        while told and not told[-1]:  # what stands behind the last case
            told.pop()
        run = run[: len(told)]
        if len(run) > 1 and sum(told) >= _MOST_OF * len(run):
            return _in_lines(lines, run)
    return []


def _may_head(lines: list[_Line], n: int, longest: int, ends: str) -> bool:
    """Say whether a line, as long as `longest` Latin letters, may head the next: this one is longer or a sentence, and
    the line ends with none of some marks.
    """
    line, follows = lines[n].folded, lines[n + 1].folded
    wide = 1 if line.isascii() else 2.5
    return (
        len(line.strip()) * wide < longest
        and (len(follows) > len(line) * 1.3 or follows.rstrip()[-1:] in "。.")
        and line.strip(' \t\u3000"')[-1:] not in ends
        and not CREDIT.match(line)
    )


def _in_lines(lines: list[_Line], numbers: list[int]) -> list[_Head]:
    """Return heads that are whole lines, without the marks that lead them."""
    starts = [
        lines[n].start + len(lines[n].folded) - len(lines[n].folded.lstrip("\t 　·●■◆★▪►▶◇○□▲△※☆*#-")) for n in numbers
    ]
    return [_Head(n, place, start, start) for place, (n, start) in enumerate(zip(numbers, starts, strict=True), 1)]


def _unnumbered(lines: list[_Line]) -> list[_Head]:
    """Return the headings behind words for typical cases: short lines, each before a longer one; else paragraphs."""
    intro = next(
        (n for n, line in enumerate(lines) if n and _INTRO.search(line.folded) and len(line.folded.strip()) < 90), None
    )
    if intro is None or (re.search(r"[。.]$", lines[intro].folded.strip()) and len(lines[intro].folded.strip()) > 60):
        return []
    heads = [n for n in range(intro + 1, len(lines) - 1) if _may_head(lines, n, 170, "。:：")]
    told = [n for n in heads if _CASE_WORDS.search(lines[n].folded)]
    if len(told) < 2 or 2 * len(told) < len(heads) or heads[0] > intro + 2:
        return []
    return _in_lines(lines, heads)


def _told(source: Source, lines: list[_Line], heads: list[_Head], numbered: bool) -> Iterator[Told]:
    longest = max((b.line - a.line for a, b in pairwise(heads)), default=2)
    for place, head in enumerate(heads):
        if place + 1 < len(heads):
            last = heads[place + 1].line - 1
        else:
            last = min(len(lines) - 1, head.line + longest - 1)
            while last > head.line and CREDIT.match(lines[last].folded):
                last -= 1
        line = lines[last]
        end = line.start + len(source.text[line.start : line.end].rstrip())
        named = lines[min(head.line + (head.heading_start >= lines[head.line].end), len(lines) - 1)]
        heading = _heading(source, named, head.heading_start)
        yield Told(head.number, numbered, heading, code_name(source, head.start, end), head.start, end)


def _heading(source: Source, line: _Line, start: int) -> str:
    """Return the heading: the rest of its line, or the first sentence of it where the case goes on behind."""
    text = source.text[start : line.end].strip()
    if source.text.startswith("【", start - 1):
        return text.partition("】")[0]
    if len(text) > (_LONG_HEADING if text.isascii() else 60):
        first = re.match(r".{0,400}?(?:[。！？]|\.(?=\s|$)|[】\]])", text, re.DOTALL)
        text = first[0] if first else text[:_LONG_HEADING]
    return text.strip().strip("【】[]*# ").rstrip("。.:：") if text else ""


def code_name(source: Source, start: int, end: int) -> str | None:
    """Return the code name that a case has by the day it was reported, written 5.22, if one stands at its beginning."""
    m = _CODE.search(source.folded, start, min(end, start + 600))
    if not m:
        return None
    month, day = next((m[a], m[b]) for a, b in (("a", "b"), ("c", "d"), ("e", "f")) if m[a])
    return f"{month}.{day}" if 1 <= int(month) <= 12 and 1 <= int(day) <= 31 else None
