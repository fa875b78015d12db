"""Numbers that are no figures wherever they stand: code names, list numbers, articles, telephones, ages, times."""

import re
from collections.abc import Iterator
from typing import Final

from cases.extraction import rules
from cases.extraction.text import Source

_ZH_NUMBER: Final = "零一二两三四五六七八九十百"
# What bears a number as its name.
_NAMED: Final = (
    r"article|articles|art\.|section|sections|sec\.|page|pages|chapter|no\.|nos\.|number|title|paragraph|case|example|"
    "version|phase|part|figure|table|room|route|flight|channel|grade|item|appendix|annex|attachment|step|volume|issue|"
    "level|class|windows|block|pier|gate|suite|rule|bill|act|resolution|top"
)
_PARAGRAPH: Final = r"[0-9]{1,5}(?:\([a-z0-9]{1,3}\)){0,4}"
_CALLED: Final = (
    "call|dial|dialing|hotline|tel|telephone|phone|contact|calling|拨打|热线|致电|来电|电话为|举报电话|qq号"
)
# Each pattern with what a text must hold for it to be worth a look, if anything.
# Every repetition is bounded or over characters that nothing else in the pattern takes, so that no text is slow.
_PATTERNS: Final = tuple(
    (needles, re.compile(pattern))
    for needles, pattern in (
        # "5.22", 7·15专案: what cases are called
        ('"', r"\"\s?[0-9]{1,2}[.·][0-9]{1,2}\s?(?:\"|[a-z一-鿿 ]{0,16}(?:案|case\b|\"))"),
        # numbers of a list, of a case, of an article, a page, a hotline
        ("", r"(?m)^[ \t　]*[(\[]?[0-9]{1,3}(?:[.)\]、](?![0-9])|：)"),
        ("", rf"(?m)^[ \t　]*[(\[【]?[{_ZH_NUMBER}]{{1,3}}[)\]】、.]"),
        (
            "案例 案件 附件 图 表",
            rf"(?:案例|案件|典型案例|附件|图|表)\s?(?:之)?[0-9{_ZH_NUMBER}]{{1,3}}(?=[\s:：、】\]]|\.(?![0-9]))",
        ),
        ("第", rf"第\s?[0-9{_ZH_NUMBER}千]{{1,8}}"),
        ("", rf"\b(?:{_NAMED})\s?#?{_PARAGRAPH}(?:(?:,| and|-| to) ?{_PARAGRAPH}(?= ?(?:of|\)|\.)))?"),
        (
            "case part phase chapter step stage",
            rf"\b(?:case|part|phase|chapter|step|stage) (?:{'|'.join(sorted(rules.words('numbers')))})\b",
        ),
        ("§", r"§{1,2}\s?[0-9]{1,5}"),
        ("", rf"(?:{_CALLED})[\s:：\"']{{0,3}}(?:at |on |number |号码)?[0-9(+][0-9() -]{{2,18}}"),
        (
            "12 110 9 7726",
            (
                r"(?=[举网平热专短拨致rhpncdt])(?:举报|网址|平台|热线|专线|短信|网站|拨打|致电|reporting|hotline|platform|number|call|dial|text)"
                r"[ :：]{0,2}(?:12[0-9]{3}|9[56][0-9]{3}|1[0-9]{2}|7726)(?![0-9.,]|[万余多个条家起名人件款次部张处])"
            ),
        ),
        # addresses and times
        ("http www", r"https?://[^\s，。；]+|www\.[^\s，。；]+"),
        ("@", r"[\w.-]{1,40}@[\w.-]{1,40}"),
        # ages
        ("age", r"\b(?:aged|ages|age|age of) (?:between |from )?[0-9]{1,3}(?:(?: to | and |-| or )[0-9]{1,3})?"),
        ("", r"(?<=[a-z]), [0-9]{2},(?= (?:of|and|from|was|were|a|an|both|who|pleaded|[a-z]{3,12},)\b)"),
        # shares
        ("one in", rf"\bone in (?:every )?(?:[0-9]{{1,3}}|{'|'.join(sorted(rules.words('numbers')))})\b"),
        # names
        ("360", r"\b360(?= (?:search|total|security|browser)|搜索|公司|安全|导航|浏览器)|(?:奇虎|奇安信)360"),
        ("", r"\b(?:covid|mh|g|h|ps|web|windows|office|cve)[ -]?[0-9][0-9.-]*"),
    )
)
_DIGITS = re.compile("[0-9]+")
# Where no letter stands far and wide nothing is counted: what reaches so far into such a stretch needs no look.
_NO_LETTERS: Final = r"[0-9\s!-#&-/:-@\[-`{-~，：；！？、。]"
_BARE = re.compile(rf"(?<!{_NO_LETTERS}){_NO_LETTERS}{{400,}}")
_EDGE: Final = 130
# What begins with a number and is no figure, the longest reading first.
_AT_NUMBER = re.compile(
    "|".join(
        (
            # telephones, hotlines, addresses of computers
            r"(?:[0-9]{1,3}[ -])?\(?[0-9]{3}\)?[ -][0-9]{3,4}-[0-9]{4}(?![0-9])",
            r"[0-9]{3,4}-[0-9]{6,8}(?![0-9])",
            (
                r"(?:110|119|120|122|12[0-9]{3}|9[56][0-9]{3})"
                r"(?=[、或和及/]|举报|报警|热线|专线|平台|网站|电话|预警|劝阻|反诈|短信|客服| hotline)"
            ),
            r"[0-9]{1,3}(?:\.[0-9]{1,3}){2,}(?![0-9])",
            # code names of cases: 7·15, 5.22专案
            r"[0-9]{1,2}·[0-9]{1,2}(?![0-9])",
            r"[0-9]{1,2}\.[0-9]{1,2}(?=\"?\s(?:case|mega|task force|special|series|project)\b)",
            r"[0-9]{1,2}\.[0-9]{1,2}(?=\"?(?:专案|特大|系列|网络|案|专项))",
            # times, ages, ordinals, sizes, laws
            r"[0-9]{1,2}[:：][0-9]{2}(?::[0-9]{2})?(?:\s?[ap]\.?m\b\.?)?",
            r"[0-9]{1,2}\s?[ap]\.?m\b",
            r"24/7\b",
            r"[0-9]{1,2}\s?[x×*]\s?[0-9]{1,2}\b",
            r"[0-9]{1,3}(?:(?:-| to | and )[0-9]{1,3})?[ -]years?[ -]olds?",
            r"[0-9]{1,3}(?:[至到-][0-9]{1,3})?(?:周岁|岁)",
            r"[0-9]{1,3}(?:st|nd|rd|th|g|d|gb|mb|kb|tb|kg|km|mm|cm|ml)\b",
            r"[0-9]{1,3} u\.?\s?s\.?\s?c\b",
        )
    )
)


def barred(source: Source) -> list[tuple[int, int]]:
    """Return the stretches of a text in which no number is a figure."""
    folded = source.folded
    wanted = [
        pattern for needles, pattern in _PATTERNS if not needles or any(word in folded for word in needles.split())
    ]
    found = [match.span() for pattern in wanted for match in pattern.finditer(folded)]
    bare = [(match.start() + _EDGE, match.end() - _EDGE) for match in _BARE.finditer(folded)]
    for low, high in _between(bare, len(folded)):
        for number in _DIGITS.finditer(folded, low, high):
            at = number.start()
            if folded[at - 1 : at] not in (".", ","):
                match = _AT_NUMBER.match(folded, at)
                if match:
                    found.append(match.span())
    return [*found, *bare]


def _between(stretches: list[tuple[int, int]], length: int) -> Iterator[tuple[int, int]]:
    """Give what lies before, between and behind stretches."""
    low = 0
    for start, end in stretches:
        yield low, start
        low = end
    yield low, length


def merged(stretches: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return stretches in order, those that touch or overlap as one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(stretches):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
