"""What stands above and below a release: its title, the date it was published, who is credited with it."""

import re
from dataclasses import dataclass
from itertools import islice
from typing import Final

from cases.extraction.dates import dates
from cases.extraction.text import Source

_FIRST: Final = 8  # lines at the head of a text, and at its foot
_LAST: Final = 4
_SHORT: Final = 110
_LONG: Final = 60
_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_LABEL = re.compile(r"\s*(?:title|headline|标题)\s*[:：]\s*")
_NOT_TITLE = re.compile(
    r"\s*(?:来源|发布时间|发布日期|时间|日期|source|date|published|for immediate release|press release|\d)", re.I
)
_PUBLISHED = re.compile(
    r"发布|时间|日期|来源|news on|published|updated|date|for immediate release|电|讯|xinhua|release"
)
_AGENCIES: Final = (
    "新华社|中新社|中新网|人民网|央视网|新华网|法治日报|澎湃新闻|光明网|中国新闻网|人民日报|中国警察网|央广网"
)
_AUTHORITIES: Final = (
    r"(?:u\.s\. )?department of justice|europol|interpol|national crime agency|u\.s\. attorney's office[^\n]{0,50}|"
    "ministry of public security|公安部|公安部网络安全保卫局|office of public affairs"
)
_PUBLISHERS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?:来源|稿源|信息来源|发布机构|发布单位|转自|来自)\s?[:：]\s?(?P<name>[^\s|,，。;；()\[\]]{2,20})",
        r"\bsource\s?[:：]\s?(?P<name>[^\n|,;()\[\]]{2,40}?)(?=\s{2,}|\s?\||\s?$|[,;\n]|\s[0-9])",
        rf"(?P<name>{_AGENCIES})[^\s，。]{{0,6}}(?:[0-9]{{1,2}}月)?[0-9]{{1,2}}日[电讯]",
        r"\((?P<name>xinhua|reuters|associated press|afp)\)",
        r"\((?:本报|据)?(?P<name>[^\s()（）]{2,12}?)记者",
        r"\((?P<name>[a-z][a-z .']{2,30}?) reporter",
        rf"(?m)^\s*(?P<name>{_AUTHORITIES})\s*$",
    )
)


@dataclass(frozen=True, slots=True)
class Credited:
    """Who is credited, where it is printed."""

    start: int
    end: int


def title(source: Source) -> str:
    """Return the first line that is not a date or a credit; empty for an empty text."""
    start, end = title_line(source)
    return _LABEL.sub("", source.text[start:end].strip())


def title_line(source: Source) -> tuple[int, int]:
    """Return where the line of the title begins and ends."""
    lines = [m.span() for m in islice((m for m in _LINE.finditer(source.text) if not m[0].isspace()), _FIRST)]
    for start, end in lines:
        if not _NOT_TITLE.match(source.text, start, end) or len(source.text[start:end].strip()) > _LONG:
            return start, end
    return lines[0] if lines else (0, 0)


def published(source: Source) -> str | None:
    """Return the day that a text says it was published on: a whole date in a short line at its head or foot."""
    lines = [(m.start(), m.end()) for m in re.finditer(r"[^\n\r]+", source.text) if m[0].strip()]
    foot = lines[max(_FIRST, len(lines) - _LAST) :][::-1]
    for start, end in [*lines[:_FIRST], *foot]:
        stretch = Source(source.text[start : min(end, start + 120)])
        whole = [d for d in dates(stretch, None) if d.value and re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", d.value)]
        if not whole:
            continue
        found = whole[0]
        alone = (end - start) - (found.end - found.start) < 12
        if end - start < _SHORT and (alone or _PUBLISHED.search(stretch.folded)):
            return found.value
        if re.match(r"[^\n]{0,40}(?:电|讯|\((?:xinhua|reuters)\))", stretch.folded) and found.start < 30:
            return found.value
    return None


def publisher(source: Source) -> Credited | None:
    """Return who is credited with the text, by a line for the source, a dateline or a credit at the end."""
    length = len(source.folded)
    for pattern in _PUBLISHERS:
        for low, high in ((0, min(length, 1200)), (max(0, length - 400), length)):
            m = pattern.search(source.folded, low, high)
            if m:
                return Credited(m.start("name"), m.end("name"))
    return None
