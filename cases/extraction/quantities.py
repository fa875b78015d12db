"""Numbers in running text, with the words that qualify them: "more than 1.56 million", 近9000, 300余万, 3 to 5."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final, NamedTuple

from cases.extraction import rules
from cases.extraction.text import Source
from cases.numerals import Printed, number_at, plain

_LARGEST = Decimal(10) ** 16
_ZH_DIGITS: Final = "零一二两三四五六七八九十百千万亿"
_BEGINS = re.compile(rf"[0-9{_ZH_DIGITS}]+")
_LONGEST: Final = 64  # no more than a line of a number is read, so that no text is slow
_WORDS: Final = rules.words("numbers")
_SEVERAL: Final = {
    "dozens": 10,
    "scores": 10,
    "tens": 10,
    "hundreds": 100,
    "thousands": 1000,
    "millions": 10**6,
    "billions": 10**9,
}
_RANGE = re.compile(r"(?:元|美元|欧元|\s?%|\s?per ?cent)?\s?(?:-|~|～|至|到|to|and)\s?(?:us)?[$€£¥]?\s?")
_PERCENT = re.compile(r"\s?(?:%|per ?cent)")
_MORE = re.compile(r"\s?[余多]\s?")
_FILLERS: Final = rules.words("before a number")
_GLUED_NOUNS: Final = rules.words("nouns glued to their number")
_GLUE = re.compile(r"[a-z]")
# 三四十, 七八, 十二三: two digits in a row, each the next of the other, are a range.
_NEIGHBOURS = re.compile(
    r"(?P<tens>[一二三四五六七八九]?十)?(?P<a>[一二三四五六七八两])(?P<b>[二三四五六七八九])(?P<unit>[十百千万亿]{0,3})[余多]?"
)
_ZH_VALUE: Final = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2}
_ZH_UNIT: Final = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_BETWEEN = re.compile(r"\bbetween (?:(?:us|hk)?[$€£¥] ?|(?:usd|eur|gbp|rmb|cny) )?$")
# Between two numbers of a change no range is meant: rose from 300 to 500.
_CHANGED = re.compile(
    r"\b(?:rose|risen|rising|grew|grown|increas\w*|fell|fallen|dropp\w*|declin\w*|up|down|climbed|jumped) from $"
)
# Factors that stand apart, and those of India.
_APART = re.compile(r" ?(?P<factor>mln|mio|bn|mn|tn|lakh|crore)\b| (?P<letter>[mb])\b")
_APART_VALUE: Final = {
    "mln": 10**6,
    "mio": 10**6,
    "mn": 10**6,
    "bn": 10**9,
    "tn": 10**12,
    "lakh": 10**5,
    "crore": 10**7,
}
_PART_OF = re.compile(
    r"\b(?P<half>half a|a quarter of a) (?P<word>dozen|hundred|thousand|million|billion|trillion)\b"
    r"|\ba (?P<dozen>dozen)\b"
)
_PARTS: Final = {"dozen": 12, "hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_LONGEST_QUALIFIER: Final = 14
_LAST_WORDS: Final = frozenset(words.split()[-1] for words in rules.qualifiers("en", "before"))
_QUALIFIED_ZH = re.compile(rf"({rules.any_of(rules.qualifiers('zh', 'before'))})$")
_QUALIFIED_BEHIND = re.compile(rf"[ -]({rules.any_of(rules.qualifiers('en', 'after'))})")
_CURRENCY_ENDS: Final = frozenset(words[-1] for words in rules.currencies("before"))
_CURRENCY = re.compile(rf"(?<![a-z0-9])({rules.any_of(rules.currencies('before'))}) ?$")
_ONE_OF = re.compile(r"[男女](?=[，。、,;；及和]|[0-9一二三四五六七八九十]|$)|成(?=[，。、,;；左多以\s]|$)")
_IN_ALL = re.compile(r"成百上千|成千上万|数以(?P<unit>[百千万亿十]{1,2})计")


class Quantity(NamedTuple):
    """A number with its qualifier: `start` and `end` hold both, `at` is where the number itself begins."""

    start: int
    end: int
    at: int
    value: Decimal
    qualifier: str
    high: Decimal | None = None
    words: bool = False


def quantities(source: Source, barred: list[tuple[int, int]]) -> list[Quantity]:
    """Return the numbers of a text that are not in one of the barred stretches (dates, names), from left to right."""
    found: list[Quantity] = []
    for number in _numbers(source, barred):
        before = found[-1] if found else None
        joined = before and _as_range(source.folded, before, number)
        if before and joined:
            found[-1] = joined
        else:
            found.append(number)
    return [_qualified(source, quantity) for quantity in found]


def _numbers(source: Source, barred: list[tuple[int, int]]) -> Iterator[Quantity]:
    folded = source.folded
    # A Chinese comma parts two numbers; only the other one groups digits.
    digits = plain(folded.replace("，", "；"))
    starts = [start for start, _ in barred]
    free = 0
    phrases = {m.start(): m for pattern in (_PART_OF, _IN_ALL) for m in pattern.finditer(digits)}
    for at, end, word in _candidates(source, digits, phrases):
        if at < free or _within(barred, starts, at):
            continue
        phrase = phrases.get(at)
        if word in _SEVERAL or phrase:
            quantity = _in_words(phrase) if phrase else _several(source, at)
            free = quantity.end
            yield quantity
            continue
        while at < end and not _within(barred, starts, at):
            number = number_at(digits, at, at + _LONGEST)
            if number is None:
                break
            at = free = number.start + len(number.text)
            if number.value <= _LARGEST and _stands_alone(folded, number.start, free, number):
                for quantity in _read(source, number, free):
                    free = max(free, quantity.end)
                    yield quantity


def _candidates(source: Source, digits: str, phrases: Iterable[int]) -> Iterable[tuple[int, int, str]]:
    """Give where numbers may begin, until where they may go on, and the word that begins one."""
    found = [(m.start(), m.end(), "") for m in _BEGINS.finditer(digits)]
    found = sorted([*found, *((at, at + 1, "") for at in phrases)]) if phrases else found
    words = [(w.start, w.end, w.text) for w in source.words if w.text in _WORDS or w.text in _SEVERAL]
    return sorted([*found, *words]) if words else found


def _within(barred: list[tuple[int, int]], starts: list[int], at: int) -> bool:
    n = bisect_right(starts, at) - 1
    return n >= 0 and at < barred[n][1]


def _stands_alone(folded: str, at: int, end: int, number: Printed) -> bool:
    """Say whether a number is a number of its own: not the end of a name, a version or a date, and no ordinal."""
    before = folded[at - 1] if at else ""
    behind = folded[end] if end < len(folded) else ""
    first = number.text[0]
    if first.isascii() and first.isdigit():
        if before and before in "./_#@:" and folded[at - 2 : at - 1].isalnum():
            return False
        if before.isascii() and before.isalpha():
            word = re.search(r"[a-z]{1,6}$", folded[max(0, at - 6) : at])
            known = word is not None and (word[0] in rules.currencies("before") or word[0] in _GLUED_NOUNS)
            return known and not _GLUE.match(behind)
        if before == "-" and at > 1 and folded[at - 2].isascii() and folded[at - 2].isalpha():
            return False
        if behind == "/" and folded[end + 1 : end + 2].isdigit():
            return False
        return not (behind.isascii() and behind.isalpha() and number.text[-1].isdigit())
    if first.isascii():
        return not (behind == "-" and folded[end + 1 : end + 6] in ("third", "fourt", "fifth"))
    if first == "一" and len(number.text) == 1:  # but 三男一女, 占一成
        return before != "第" and bool(_ONE_OF.match(folded, end))
    return before != "第"


def _in_words(phrase: re.Match[str]) -> Quantity:
    """Read "half a million", "a dozen", 成千上万, 数以万计."""
    start, end = phrase.span()
    if phrase.re is _PART_OF:
        value = Decimal(_PARTS[phrase["word"] or phrase["dozen"]])
        value /= {"half a": 2, "a quarter of a": 4, None: 1}[phrase["half"]]
        return Quantity(start, end, start, value, "exact", words=True)
    value = Decimal(1)
    for unit in phrase["unit"] or {"成百上千": "百", "成千上万": "千"}[phrase[0]]:
        value *= _ZH_UNIT[unit]
    return Quantity(start, end, start, value, "several", words=True)


def _several(source: Source, at: int) -> Quantity:
    """Read "tens of thousands": the order of magnitude of the largest of the words."""
    words = source.words
    n = bisect_right(source.word_starts, at) - 1
    value, end = Decimal(_SEVERAL[words[n].text]), words[n].end
    while n + 2 < len(words) and words[n + 1].text == "of" and words[n + 2].text in _SEVERAL:
        value, end, n = value * _SEVERAL[words[n + 2].text], words[n + 2].end, n + 2
    if source.folded.startswith(" of ", end):
        end += len(" of")
    return Quantity(at, end, at, value, "several", words=True)


def _read(source: Source, number: Printed, end: int) -> Iterator[Quantity]:
    """Give the quantity that a number makes with the characters about it, if it makes one."""
    folded, at = source.folded, number.start
    text = number.text
    before = folded[at - 1] if at else ""
    value, qualifier = number.value, "exact"
    unit_first = text[0] in "十百千万亿" and text[0] != "十"
    if text[0] in _ZH_DIGITS:
        neighbours = _NEIGHBOURS.fullmatch(text)
        if neighbours and _next_to(neighbours):
            yield _between_digits(neighbours, at, end)
            return
        if before and before in "数几" and folded[at - 2 : at] not in ("总数", "多数", "无数", "少数"):
            yield Quantity(at - 1, end, at, value, "several", words=True)
            return
        if before == "上" and text[0] in "百千万亿" and folded[at - 2 : at - 1] not in ("网", "线", "以", "一"):
            yield Quantity(at - 1, end, at, value, "several", words=True)
            return
        if text[0] == "十" and len(text) == 1 and folded[end : end + 1] == "几":
            more = re.match(r"几[万亿]?", folded[end:])
            factor = {"万": 10**4, "亿": 10**8}.get(folded[end + 1 : end + 2], 1)
            yield Quantity(at, end + (more.end() if more else 1), at, value * factor, "several", words=True)
            return
    inside = re.search(r"[余多]", text)
    behind = _MORE.match(folded, end)
    if inside or behind:
        qualifier = "more_than"
        end = behind.end() if behind and not inside else end
        end -= folded[end - 1].isspace()
    elif folded[end : end + 1] == "+":
        qualifier, end = "more_than", end + 1
    elif unit_first and not _near_word(folded, at):
        return  # 百日, 千万别: a word, not a number
    if number.text[0].isascii() and number.text[0].isalpha():
        dozen = re.match(r"[ -]dozen\b", folded[end : end + 7])
        if dozen:
            value, end = value * 12, end + dozen.end()
        several = source.word_before(at)
        if several and several.text in ("several", "few") and folded[several.end : at].strip(" ") == "":
            yield Quantity(several.start, end, at, value, "several", words=True)
            return
    apart = _APART.match(folded, end) if text[0].isdigit() else None
    if apart and (apart["factor"] or _currency_before(folded, at) is not None):
        value *= _APART_VALUE[apart["factor"] or {"m": "mn", "b": "bn"}[apart["letter"]]]
        end = apart.end()
    yield Quantity(at, end, at, value, qualifier, words=not text[0].isdigit())


def _next_to(digits: re.Match[str]) -> bool:
    low, high = _ZH_VALUE[digits["a"]], _ZH_VALUE[digits["b"]]
    return (high == low + 1 or (low, high) == (3, 5)) and not (digits["tens"] and "十" in digits["unit"])


def _between_digits(digits: re.Match[str], at: int, end: int) -> Quantity:
    factor = 1
    for unit in digits["unit"]:
        factor *= _ZH_UNIT[unit]
    tens = digits["tens"] or ""
    base = (_ZH_VALUE[tens[0]] if len(tens) > 1 else 1) * 10 if tens else 0
    low, high = ((base + _ZH_VALUE[digits[name]]) * factor for name in "ab")
    return Quantity(at, end, at, Decimal(low), "range", high=Decimal(high), words=True)


def _near_word(folded: str, at: int) -> bool:
    return _QUALIFIED_ZH.search(folded, max(0, at - _LONGEST_QUALIFIER), at) is not None


def _as_range(folded: str, low: Quantity, high: Quantity) -> Quantity | None:
    """Join two numbers to a range, where nothing but a word for it stands between."""
    between = folded[low.end : high.at]
    if not between or len(between) > 16 or not _RANGE.fullmatch(between) or low.qualifier != "exact" or low.high:
        return None
    if ("%" in between or "cent" in between) and not _PERCENT.match(folded, high.end):
        return None  # rose by 12% to 300
    start = low.start
    near = folded[max(0, low.start - 30) : low.start]
    if between.strip().startswith("and"):
        opened = _BETWEEN.search(near)
        if not opened:
            return None
        start -= len(opened[0])
    if between.strip() == "to" and _CHANGED.search(near):
        return None
    value = low.value
    for factor in (10**8, 10**9, 10**6, 10**4, 1000):
        # "3 to 5 million": the factor is said once.
        if value < 1000 and high.value >= factor and value * factor < high.value and high.value / factor < 1000:
            digits = folded[high.at : high.end]
            if not digits[-1:].isdigit():
                value *= factor
            break
    if value >= high.value:
        return None
    return low._replace(start=start, end=high.end, value=value, high=high.value, qualifier="range")


def _qualified(source: Source, quantity: Quantity) -> Quantity:
    """Add the qualifier that stands before or behind."""
    folded = source.folded
    if quantity.qualifier in ("range", "several"):
        return quantity
    start, qualifier = quantity.start, quantity.qualifier
    money = _currency_before(folded, start)
    start = money if money is not None else start
    spaced = start - folded.startswith(" ", max(0, start - 1), start)
    latin = folded[spaced - 1 : spaced].isascii()
    chinese = None if latin else _QUALIFIED_ZH.search(folded, max(0, spaced - _LONGEST_QUALIFIER), spaced)
    if chinese:
        meaning = rules.qualifiers("zh", "before")[chinese[1]]
        qualifier = meaning if qualifier == "exact" else qualifier
        start = chinese.start(1)
    else:
        found = _english_before(source, start)
        if found:
            start, meaning = found
            qualifier = meaning if qualifier == "exact" else qualifier
    end = quantity.end
    if qualifier == "exact":
        behind = _QUALIFIED_BEHIND.match(folded, end)
        if behind:
            qualifier, end = rules.qualifiers("en", "after")[behind[1]], behind.end()
    if start == quantity.start and end == quantity.end and qualifier == quantity.qualifier:
        return quantity
    return quantity._replace(start=start, end=end, qualifier=qualifier)


def _currency_before(folded: str, at: int) -> int | None:
    """Return where the sign or name of a currency right before a number begins."""
    last = at - 2 if folded.startswith(" ", max(0, at - 1), at) else at - 1
    if last < 0 or folded[last] not in _CURRENCY_ENDS:
        return None
    found = _CURRENCY.search(folded, max(0, at - _LONGEST_QUALIFIER), at)
    return found.start(1) if found else None


def _english_before(source: Source, start: int) -> tuple[int, str] | None:
    words = source.words
    n = bisect_right(source.word_starts, start - 1) - 1
    last = n
    while last >= 0 and n - last < 3 and words[last].text in _FILLERS:
        last -= 1
    for at in (n, last) if last < n else (n,):
        if at < 0 or words[at].text not in _LAST_WORDS:
            continue
        for length in (4, 3, 2, 1):
            first = at - length + 1
            if first < 0:
                continue
            phrase = " ".join(source.word_texts[first : at + 1])
            meaning = rules.qualifiers("en", "before").get(phrase)
            if meaning and not source.folded[words[first].start : start].strip(" abcdefghijklmnopqrstuvwxyz$'\""):
                return words[first].start, meaning
    return None
