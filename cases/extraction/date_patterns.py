"""How dates and periods are written, in English and Chinese."""

import re
from typing import Final

from cases.extraction import rules

MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            *("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul"),
            *("august aug", "september sept sep", "october oct", "november nov", "december dec"),
        ),
        1,
    )
    for name in names.split()
}
SMALL: Final = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven")
MONTH: Final = rf"(?:{'|'.join(sorted(MONTHS, key=len, reverse=True))})\b\.?"
YEAR: Final = r"(?:19|20)[0-9]{2}"
DAY: Final = r"(?:3[01]|[12][0-9]|0?[1-9])(?:st|nd|rd|th)?"
REL: Final = r"(?:of )?(?:this|last|the same|that) year"
# One date in English: a day may stand before or behind its month; a year, or words for one, at the end.
EN = re.compile(
    rf"\b(?=[0-9adfjlmnost])(?:(?P<iso>{YEAR}[-/.][01]?[0-9][-/.][0-3]?[0-9])(?![0-9])"
    rf"|(?P<isom>{YEAR}-[01][0-9])(?![0-9-])"
    rf"|(?P<da>{DAY}) ?(?:-|to|and) ?(?P<db>{DAY}) (?P<mc>{MONTH})(?:,? (?P<yc>{YEAR}|{REL})\b)?"
    rf"|(?P<d1>{DAY})(?: of)? (?P<m1>{MONTH})(?:,? (?P<y1>{YEAR}|{REL})\b)?"
    rf"|(?P<m2>{MONTH})(?: (?P<d2>{DAY})(?P<d2b> ?(?:-|to|and) ?{DAY}(?![0-9a-z]))?"
    r"(?![0-9a-z%]|,[0-9]|[.][0-9]| [0-9]{3}\b))?"
    rf"(?:,? (?P<y2>{YEAR}|{REL})(?![0-9,.]*[0-9])\b)?"
    rf"|(?P<rel>(?:this|last|the same|the previous) year|(?<=start of )the year|(?<=beginning of )the year|"
    r"this month|last month|the year before last|(?<!on )(?<!from )(?<!than )the year before)\b"
    rf"|(?P<nth>first|second|third|fourth|last) (?P<span>half|quarter) of (?P<yp>{YEAR}|(?:this|last|the) year)"
    rf"|first (?P<n>{'|'.join(SMALL)}|1?[0-9]) months of (?P<yn>{YEAR}|(?:this|last|the) year)"
    rf"|(?<![0-9.,$€£-])(?<![0-9] )(?P<year>{YEAR})(?:/[0-9]{{2}}|s)?(?![0-9,.]*[0-9])(?![-–][0-9a-z])"
    r"(?!\)[一-鿿]{1,8}[0-9])\b)"
)
ZH_NUM: Final = "0-9零一二三四五六七八九十"
# Parts of a year, with their first and last month.
ZH_PART: Final = "上半年|下半年|首季度?|前三季度|第?[一二三四1-4]季度|[首前头][0-9一二三四五六七八九十]{1,2}个?月"
ORDINALS: Final = {
    name: n
    for n, names in enumerate(("first 一 1 首", "second 二 2", "third 三 3", "fourth last 四 4"), 1)
    for name in names.split()
}
ZH = re.compile(
    r"(?P<iso>(?:19|20)[0-9]{2}[-/.][01]?[0-9][-/.][0-3]?[0-9])(?![0-9])"
    rf"|(?:(?P<y>(?:19|20)[0-9]{{2}}|[二][零〇一二三四五六七八九]{{3}})\s?年(?:度)?|(?P<r>今年|去年|前年|当年|同年|次年|本年)(?:度)?)"
    rf"\s?(?:(?:(?P<m0>[0-9]{{1,2}})\s?月?\s?[至到-]\s?)?(?P<m>[0-9]{{1,2}}|十[一二]?|[一二三四五六七八九])\s?月(?:份|[初底中下上]旬?)?(?:\s?(?P<d>[{ZH_NUM}]{{1,3}})\s?[日号](?:\s?[至到-]\s?(?P<e>[{ZH_NUM}]{{1,3}})\s?[日号])?)?|\s?的?(?P<part>{ZH_PART}))?"
    rf"|(?<![{ZH_NUM}.个])(?:(?P<m3>[0-9]{{1,2}})\s?月?\s?[至到-]\s?)?(?P<m2>[0-9]{{1,2}}|十[一二]?|[一二三四五六七八九])\s?月(?:份|[初底中下上]旬?)?(?:\s?(?P<d2>[{ZH_NUM}]{{1,3}})\s?[日号](?:\s?[至到-]\s?(?P<e2>[{ZH_NUM}]{{1,3}})\s?[日号])?)?"
    rf"|(?P<r2>本月|上月|上个月)(?:(?P<d3>[0-9]{{1,2}})[日号])?"
    rf"|(?<![0-9.第])(?P<d4>[0-9]{{1,2}})日(?=[，,上下晚凌上从起讯电至到、获在]|记者|公安|发[表布]|通报|召开|宣布|表示|介绍|公布|对外|消息)"
)
TO = re.compile(r"\s?(?:to|until|till|through|-|~|至|到|and)\s?(?:the end of )?")
FROM = re.compile(r"(?:from|between|自|从|since)\s?$")
SINCE_EN = re.compile(r"\bsince (?:the (?:beginning|start) of |early |mid-|late )?$")
UNTIL_EN = re.compile(r"\b(?:until|as of|by|up to|till|through) (?:the end of |the end |late )?$")
SINCE_ZH = re.compile(r"\s?(?:以来|起至今|至今|以后|起(?!诉)|开始)")
UNTIL_ZH = re.compile(r"(?:截至|截止到|截止|截至目前|截至到)\s?$")
SELF_ZH = re.compile(r"(?:自从?|从)$")
LATER_ZH = re.compile(r"以来|至今|[开部]展|启动")
# "since a campaign was launched in July", 9月1日《数据安全法》施行以来
SINCE_THEN = re.compile(
    r"\bsince the [^.;,\n]{3,90} (?:in|on) $|"
    r"\bsince\b[^.;\n]{3,90}\b(?:launch\w*|began|begins?|beginning|start\w*|kick\w*|initiat\w*|deploy\w*|"
    r"roll\w* out|came into force|took effect)"
    r"(?: off)? (?:in|on|from|at the (?:beginning|start|end) of|early|late|in early|in late|this) $"
)
SINCE_DONE_ZH = re.compile(r"[^，。；,;()年月\n]{2,30}以来")
ZH_DIGITS: Final = str.maketrans("零〇一二三四五六七八九", "00123456789")
LEADING: Final = rules.words("before a month")
COUNTING: Final = rules.words("before a count")
CAPITAL_ONLY: Final = frozenset(("may", "march", "mar", "sep", "dec", "jan"))
