"""Dates and periods: "In June this year", 2018年2月以来, "from June 14th to July 15th". In EDTF, no day invented.

What a text leaves out (the year of "last June", of 5月以来) comes from the publication date; without one such words are
seen, so that their numbers are no figures, and nothing is proposed for them.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass, replace

from cases.extraction import date_patterns as patterns
from cases.extraction.text import Source
from cases.numerals import plain
from cases.partial_dates import PartialDateError, parse


@dataclass(frozen=True, slots=True)
class Dated:
    """A date where it stands; `value` is None where its year is not known."""

    start: int
    end: int
    value: str | None


@dataclass(frozen=True, slots=True)
class _Parts:
    start: int
    end: int
    year: int | None
    month: int | None
    day: int | None
    last_day: int | None = None
    last_month: int | None = None


def dates(source: Source, published: str | None) -> list[Dated]:
    """Return the dates and periods of a text, from left to right; ranges are one."""
    singles = sorted([*_english(source, published), *_chinese(source, published)], key=lambda p: (p.start, -p.end))
    found: list[Dated] = []
    place = 0
    while place < len(singles):
        first = singles[place]
        place += 1
        if found and first.start < found[-1].end:
            continue
        second = singles[place] if place < len(singles) else None
        between = source.folded[first.end : second.start] if second and second.start - first.end < 16 else None
        if second and between and patterns.TO.fullmatch(between) and _is_range(source, first, second, between):
            place += 1
            found.append(_interval(source, first, second))
        else:
            found.append(_single(source, first))
    return found


def _is_range(source: Source, first: _Parts, second: _Parts, between: str) -> bool:
    if between.strip() != "and":
        return True
    return source.folded.endswith("between ", 0, first.start)


def _edtf(parts: _Parts) -> str | None:
    if parts.year is None:
        return None
    text = f"{parts.year:04}"
    if parts.month:
        text += f"-{parts.month:02}"
        if parts.day:
            text += f"-{parts.day:02}"
    return _valid(text)


def _valid(text: str) -> str | None:
    try:
        parse(text)
    except PartialDateError:
        return None
    return text


def _interval(source: Source, first: _Parts, second: _Parts) -> Dated:
    year = first.year or second.year
    if second.year and first.year and first.month and first.year > second.year:
        year = second.year
    month = first.month
    low = _edtf(_Parts(first.start, first.end, year, month, first.day))
    same = second.month or (month if second.day else None)
    high = _edtf(_Parts(second.start, second.end, second.year or year, same, second.day))
    value = _valid(f"{low}/{high}") if low and high else None
    start = first.start
    before = patterns.FROM.search(source.folded, max(0, start - 9), start)
    return Dated(before.start() if before else start, second.end, value)


def _single(source: Source, parts: _Parts) -> Dated:
    folded, start, end = source.folded, parts.start, parts.end
    value = _edtf(parts)
    if value and parts.last_month:
        value = _valid(f"{value}/{parts.year:04}-{parts.last_month:02}")
    if value and parts.last_day:
        value = _valid(f"{value}/{value[:8]}{parts.last_day:02}") or value
        before = patterns.FROM.search(folded, max(0, start - 9), start)
        start = before.start() if before else start
    around = folded[max(0, start - 30) : start]
    if value and "/" not in value:
        since, until = patterns.SINCE_EN.search(around), patterns.UNTIL_EN.search(around)
        behind, before = patterns.SINCE_ZH.match(folded, end), patterns.UNTIL_ZH.search(around)
        from_ = patterns.SELF_ZH.search(around)
        if since:
            start, value = start - len(since[0]), f"{value}/.."
        elif behind:
            end, value = behind.end(), f"{value}/.."
        elif patterns.SINCE_THEN.search(folded, max(0, parts.start - 130), parts.start) or patterns.SINCE_DONE_ZH.match(
            folded, end
        ):
            value = f"{value}/.."
        elif folded.startswith(",", end) and folded.endswith("from ", 0, start):
            start, value = start - len("from "), f"{value}/.."  # "From December 2023, they …"
        elif from_ and patterns.LATER_ZH.search(folded, end, end + 60):
            start, value = start - len(from_[0]), f"{value}/.."
        elif until:
            start, value = start - len(until[0]), f"../{value}"
        elif before:
            start, value = start - len(before[0]), f"../{value}"
    return Dated(start, end, value)


# --- English ---


def _english(source: Source, published: str | None) -> list[_Parts]:
    found = []
    for m in patterns.EN.finditer(source.folded):
        if m["iso"] or m["isom"]:
            year, month, *day = re.split("[-/.]", m["iso"] or m["isom"])
            found.append(_Parts(m.start(), m.end(), int(year), int(month), int(day[0]) if day else None))
        elif m["mc"]:
            parts = _of_month(m, m["mc"], m["da"], m["yc"], published)
            found.append(replace(parts, last_day=int(re.sub("[a-z]", "", m["db"]))))
        elif m["m1"]:
            found.append(_of_month(m, m["m1"], m["d1"], m["y1"], published))
        elif m["m2"]:
            word = m["m2"].rstrip(".")
            if m["d2"] or m["y2"] or _capital(source, m.start(), word):
                found.append(_of_month(m, m["m2"], m["d2"], m["y2"], published))
        elif m["rel"]:
            found.append(_relative(m, published))
        elif m["nth"] or m["n"]:
            found.append(_part_of_year(m, published))
        elif not _counts(source, m):
            found.append(_Parts(m.start(), m.end(), int(m["year"]), None, None))
    return found


def _part_of_year(m: re.Match[str], published: str | None) -> _Parts:
    """Read "first half of 2023", "first nine months of this year"."""
    year = _year(m["yp"] or m["yn"], None, published)
    if m["n"]:
        last = patterns.SMALL.index(m["n"]) + 1 if m["n"] in patterns.SMALL else int(m["n"])
        return _Parts(m.start(), m.end(), year, 1, None, last_month=last)
    length = 6 if m["span"] == "half" else 3
    place = 12 // length if m["nth"] == "last" else patterns.ORDINALS[m["nth"]]
    return _Parts(m.start(), m.end(), year, (place - 1) * length + 1, None, last_month=place * length)


def _capital(source: Source, at: int, word: str) -> bool:
    """Say whether a bare word is a month: "May" may stand at the head of a sentence, "in May" is one."""
    if word not in patterns.CAPITAL_ONLY:
        return source.text[at].isupper()
    before = source.word_before(at)
    led = before and before.text in patterns.LEADING
    return bool(led) and source.text[at].isupper()


def _counts(source: Source, m: re.Match[str]) -> bool:
    """Say whether four digits that could be a year count something: "2012 online cases" behind a comma or a verb."""
    n = bisect_left(source.word_starts, m.start())
    before, behind = source.words[n - 1] if n else None, source.words[n + 1] if n + 1 < len(source.words) else None
    if before is None or behind is None or source.folded[m.end() : behind.start] != " ":
        return False
    return before.text in patterns.COUNTING


def _of_month(m: re.Match[str], month: str, day: str | None, year: str | None, published: str | None) -> _Parts:
    number = patterns.MONTHS[month.rstrip(".")]
    days = [int(re.sub("[a-z]", "", part)) for part in re.findall("[0-9]+", (day or "") + (m["d2b"] or ""))]
    return _Parts(
        m.start(),
        m.end(),
        _year(year, number, published),
        number,
        days[0] if days else None,
        days[1] if len(days) > 1 else None,
    )


def _year(said: str | None, month: int | None, published: str | None) -> int | None:
    if said and said.isdigit():
        return int(said)
    if not published:
        return None
    year = int(published[:4])
    if said and said.endswith("last year"):
        return year - 1
    if said:
        return year
    # A month that has not come yet is that of the year before.
    return year - 1 if month and len(published) >= 7 and month > int(published[5:7]) else year


def _relative(m: re.Match[str], published: str | None) -> _Parts:
    if not published:
        return _Parts(m.start(), m.end(), None, None, None)
    year = int(published[:4])
    month = int(published[5:7]) if len(published) >= 7 else None
    words = m["rel"]
    if words.endswith("month"):
        if month is None:
            return _Parts(m.start(), m.end(), None, None, None)
        if words.startswith("last"):
            year, month = (year, month - 1) if month > 1 else (year - 1, 12)
        return _Parts(m.start(), m.end(), year, month, None)
    back = {
        "this year": 0,
        "the year": 0,
        "the same year": 0,
        "last year": 1,
        "the year before last": 2,
        "the previous year": 1,
        "the year before": 1,
    }[words]
    return _Parts(m.start(), m.end(), year - back, None, None)


# --- Chinese ---


def _chinese(source: Source, published: str | None) -> list[_Parts]:
    if not source.has_chinese:
        return []
    folded = plain(source.folded)
    found: list[_Parts] = []
    # The year that was said last in the paragraph, and the month of it, with which a bare month goes on.
    told: int | None = None
    month_told: int | None = None
    at = 0
    base = published[:4] if published else None
    for m in patterns.ZH.finditer(folded):
        if told is not None and "\n" in folded[at : m.start()]:
            told = month_told = None
        at = m.end()
        if m["iso"]:
            year, month, day = re.split("[-/.]", m["iso"])
            found.append(_Parts(m.start(), m.end(), int(year), int(month), int(day)))
            continue
        if m["y"] or m["r"]:
            if m["y"]:
                told = int(m["y"].translate(patterns.ZH_DIGITS))
            elif m["r"] in ("当年", "同年"):
                pass
            elif m["r"] == "次年":
                told = told + 1 if told else None
            else:
                told = int(base) - {"去年": 1, "前年": 2}.get(m["r"], 0) if base else None
            if m["r"] and folded.startswith("同期", m.end()):
                told = None  # 较去年同期: what is told goes on in the year before it
                found.append(_Parts(m.start(), m.end(), None, None, None))
                continue
            month_told = _number(m["m"])
            if m["part"]:
                low, high = _months_of(m["part"])
                found.append(_Parts(m.start(), m.end(), told, low, None, last_month=high))
            else:
                found += _months(m, told, m["m0"], m["m"], m["d"], m["e"])
        elif m["m2"]:
            month = _number(m["m2"])
            year_ = _year(None, month, published)
            if told is not None:
                # What is told goes forward: 自2022年11月起……6月7日 is of 2023, if that has come.
                told += bool(month_told and month and month < month_told and base and told < (year_ or 0))
                year_, month_told = told, month
            if _just_before(published, month, _number(m["d2"])):
                year_ = int(base or 0)
            found += _months(m, year_, m["m3"], m["m2"], m["d2"], m["e2"])
        elif m["r2"] and published and len(published) >= 7:
            year_, month = int(published[:4]), int(published[5:7])
            if m["r2"] != "本月":
                year_, month = (year_, month - 1) if month > 1 else (year_ - 1, 12)
            found.append(_Parts(m.start(), m.end(), year_, month, _number(m["d3"])))
        else:
            last = found[-1] if found and m.start() - found[-1].end < 60 else None
            found.append(
                _Parts(m.start(), m.end(), last.year if last else None, last.month if last else None, _number(m["d4"]))
                if m["d4"]
                else _Parts(m.start(), m.end(), None, None, None)
            )
    return found


def _months_of(part: str) -> tuple[int, int]:
    """Return the first and last month of a part of a year: 上半年, 前三季度, 第二季度."""
    if part.endswith("半年"):
        return (1, 6) if part[0] == "上" else (7, 12)
    if part == "前三季度":
        return 1, 9
    if part.endswith("月"):
        return 1, min(_number(part[1:].rstrip("个月")) or 1, 12)
    place = patterns.ORDINALS[part.strip("第季度")]
    return 3 * place - 2, 3 * place


def _just_before(published: str | None, month: int | None, day: int | None) -> bool:
    """Say whether a day without a year is that of publication, or of the two weeks before it in the same month."""
    if not published or len(published) < 10 or day is None:
        return False
    return month == int(published[5:7]) and 0 <= int(published[8:10]) - day <= 14


def _months(
    m: re.Match[str], year: int | None, first: str | None, month: str | None, day: str | None, last: str | None
) -> list[_Parts]:
    """Return a month or day, or the two ends of 1至10月 and 3日至10日."""
    whole = _Parts(m.start(), m.end(), year, _number(month), _number(day), last_day=_number(last))
    if not first:
        return [whole]
    return [replace(whole, month=int(first), day=None, last_month=_number(month))]


def _number(text: str | None) -> int | None:
    """Read a month or day: 9, 十二, 二十三, 〇七."""
    if not text:
        return None
    if text.isdigit() and text.isascii():
        return int(text)
    if "十" in text:
        tens, _, ones = text.partition("十")
        digit = {c: n for n, c in enumerate("零一二三四五六七八九")}
        return 10 * (digit.get(tens, 1) if tens else 1) + (digit.get(ones, 0) if ones else 0)
    digits = text.translate(patterns.ZH_DIGITS)
    return int(digits) if digits.isdigit() else None
