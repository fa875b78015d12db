"""Typical cases: where each is told, its heading and code name; numbered ("Case 1", 案例一, 一、) or not."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from cases.extraction.text import Source

_ONES: Final = {c: n for n, c in enumerate("零一二三四五六七八九")}
_WORDS: Final = {
    word: n for n, word in enumerate(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine"), 1)
}
_ZH: Final = "一二三四五六七八九十"
_NUMBER: Final = rf"(?P<n>[0-9]{{1,3}}|[{_ZH}]{{1,3}}|{'|'.join(_WORDS)})"
# "Case 1: …", 案例一：…, 【典型案例1】…
_EXPLICIT = re.compile(
    rf"[\s*#>·•●■◆★-]{{0,6}}[【\[(\"]?\s?(?:typical |model |example )?(?:case|example|案例|典型案例|案件|案)\s?"
    rf"(?:no\.?|number|之|#)?\s?{_NUMBER}(?![0-9{_ZH}]|起|件|名|个)\s?[】\])\"]?\s?[:：.、,，)\-—|]{{0,2}}\s*(?P<rest>.*)"
)
# "1. …", （一）…, 一、…
_LISTED = re.compile(
    rf"[\s*#>]{{0,6}}(?P<style>[(]?)(?P<n>[0-9]{{1,2}}|[{_ZH}]{{1,3}})"
    r"(?:[)]\s?[、.]?|[、:：](?![0-9])|\.(?![0-9]))\s*(?P<rest>.*)"
)
# The line before a list of cases.
_INTRO = re.compile(
    r"典型案例|典型案件|案例(?:如下|选登|通报)|十大案例|有关案例|相关案例|案例[:：]?$|typical examples|"
    r"[0-9一二三四五六七八九十]{1,3}[大起个件](?:[^，。\n]{0,16})?(?:典型)?案[例件]|典型案事件|"
    r"\b(?:top|key|major|leading|landmark|notable) (?:ten |[0-9]{1,2} )?(?:cyber |cybercrime |criminal )?cases\b|"
    r"\bcases? (?:were|was|have been|are|is) (?:also )?"
    r"(?:made public|released|published|announced|disclosed|unveiled|as follows)|"
    r"\bcases (?:made public|released|published|announced|disclosed)|"
    r"\b(?:typical|model|representative|exemplary|selected|sample) (?:criminal |cyber |cybercrime )?cases?\b|"
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


def typical_cases(source: Source) -> list[Told]:
    """Return the typical cases of a text, from first to last."""
    lines = _lines(source)
    heads, numbered = _explicit(lines), True
    if not heads:
        heads = _listed(lines)
    if not heads:
        heads, numbered = _unnumbered(lines), False
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
    if text in _WORDS:
        return _WORDS[text]
    tens, ten, ones = text.partition("十")
    if ten:
        return 10 * _ONES.get(tens, 1) + _ONES.get(ones, 0)
    return _ONES.get(text, 0)


def _explicit(lines: list[_Line]) -> list[_Head]:
    found = [
        _Head(
            n, _value(m["n"]), line.start + len(line.folded) - len(line.folded.lstrip()), line.start + m.start("rest")
        )
        for n, line in enumerate(lines)
        if (m := _EXPLICIT.match(line.folded))
    ]
    return found if _counts_up(found) else []


def _counts_up(heads: list[_Head]) -> bool:
    return bool(heads) and heads[0].number <= 2 and all(a.number < b.number for a, b in pairwise(heads))


def _listed(lines: list[_Line]) -> list[_Head]:
    """Return the items of a list behind words for typical cases, or of a list that is one of cases by its headings."""
    intro = next(
        (n for n, line in reversed(list(enumerate(lines))) if _INTRO.search(line.folded) and _list_follows(lines, n)),
        None,
    )
    runs = _runs(lines, 0 if intro is None else intro)
    if intro is not None:
        return runs[0] if runs and (len(runs[0]) > 1) else []
    for run in runs:
        if len(run) > 1 and all(_is_case(lines[head.line].folded) for head in run):
            return run
    return []


def _is_case(folded: str) -> bool:
    heading = re.split(r"[。]|(?<=[a-z])\. ", folded)[0]
    return bool(re.search(r"案[\"。）)]?\s*$|\bcases?\b", heading))


def _list_follows(lines: list[_Line], intro: int) -> bool:
    for line in lines[intro : intro + 4]:
        m = _LISTED.match(line.folded)
        if m and _value(m["n"]) == 1:
            return True
    return False


def _runs(lines: list[_Line], first: int) -> list[list[_Head]]:
    """Return the lists that count up from 1, by the way their numbers are written."""
    runs: list[list[_Head]] = []
    open_runs: dict[tuple[str, bool], list[_Head]] = {}
    for n in range(first, len(lines)):
        m = _LISTED.match(lines[n].folded)
        if not m:
            continue
        style, number = (m["style"], m["n"].isascii()), _value(m["n"])
        lead = len(lines[n].folded) - len(lines[n].folded.lstrip())
        head = _Head(n, number, lines[n].start + lead, lines[n].start + m.start("rest"))
        run = open_runs.get(style)
        if number == 1:
            if n == first and _INTRO.search(lines[n].folded):
                continue  # 一、典型案例 is the heading of the list itself
            open_runs[style] = [head]
            runs.append(open_runs[style])
        elif run and number == run[-1].number + 1:
            run.append(head)
    return runs


def _unnumbered(lines: list[_Line]) -> list[_Head]:
    """Return the headings behind words for typical cases: short lines, each before a longer one; else paragraphs."""
    intro = next(
        (n for n, line in enumerate(lines) if n and _INTRO.search(line.folded) and len(line.folded.strip()) < 90), None
    )
    if intro is None or (re.search(r"[。.]$", lines[intro].folded.strip()) and len(lines[intro].folded.strip()) > 60):
        return []
    after = range(intro + 1, len(lines))
    wide = 1 if lines[intro].folded.isascii() else 2.5
    heads = [
        n
        for n in after
        if n + 1 < len(lines)
        and len(lines[n].folded.strip()) * wide < 170
        and len(lines[n + 1].folded) > len(lines[n].folded) * 1.3
        and not CREDIT.match(lines[n].folded)
        and not re.search(r"[。:：]\s*$", lines[n].folded)
    ]
    told = [n for n in heads if _CASE_WORDS.search(lines[n].folded)]
    if len(told) < 2 or 2 * len(told) < len(heads) or heads[0] > intro + 2:
        heads = [n for n in after if len(lines[n].folded) * wide > 90 and _CASE_WORDS.search(lines[n].folded)]
        if len(heads) < 2:
            return []
    return [
        _Head(n, number, lines[n].start + lead, lines[n].start + lead)
        for number, n in enumerate(heads, 1)
        for lead in (len(lines[n].folded) - len(lines[n].folded.lstrip()),)
    ]


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
        heading = _heading(source, lines[head.line], head.heading_start)
        yield Told(head.number, numbered, heading, code_name(source, head.start, end), head.start, end)


def _heading(source: Source, line: _Line, start: int) -> str:
    """Return the heading: the rest of its line, or the first sentence of it where the case goes on behind."""
    text = source.text[start : line.end].strip()
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
