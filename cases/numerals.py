"""Numbers as releases print them: 22,000, 2.2万, 1.56 million, 七億一千萬, twenty-one.

Every number is read with its *step*, the place value of its last significant digit. Zeros behind a decimal point are
significant (2.0万 → 1,000), other zeros at the end are not (22,000 → 1,000; 300余万 → 1,000,000).
"""

import re
from collections.abc import Iterator
from decimal import Context, Decimal, localcontext
from itertools import pairwise
from typing import NamedTuple

# Characters are exchanged one for one, so that a place in the result is the same place in the phrase.
SIMPLIFIED = str.maketrans(
    "數萬億兩幾餘來點〇壹貳贰叁參肆伍陸陆柒捌玖拾佰仟",
    "数万亿两几余来点零一二二三三四五六六七八九十百千",
)
_PLAIN = {
    **SIMPLIFIED,
    **{0xFF10 + n: 0x30 + n for n in range(10)},
    **str.maketrans("\uff0c\uff0e\xa0\u2009\u202f\u3000", ",.    "),
}

_DIGIT_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEEN_WORDS = (
    *("ten", "eleven", "twelve", "thirteen", "fourteen"),
    *("fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TEN_WORDS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ONES_EN = {word: n for n, word in enumerate(_DIGIT_WORDS)}
_TEENS_EN = {word: n for n, word in enumerate(_TEEN_WORDS, 10)}
_TENS_EN = {word: 10 * n for n, word in enumerate(_TEN_WORDS, 2)}
_SMALL_EN = {"a": 1, "an": 1, **_ONES_EN, **_TEENS_EN, **_TENS_EN}
_SCALE_EN = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SUFFIX_EN = {
    "k": 10**3,
    "m": 10**6,
    "mn": 10**6,
    "b": 10**9,
    "bn": 10**9,
    "tn": 10**12,
}
_FACTOR_EN = {"hundred": 100, **_SCALE_EN, **_SUFFIX_EN}

_DIGIT_ZH = {"两": 2, **{digit: n for n, digit in enumerate("零一二三四五六七八九")}}
_ARABIC_DIGITS = str.maketrans({**{digit: str(n) for digit, n in _DIGIT_ZH.items()}, "点": "."})
_NO_SEPARATORS = str.maketrans("", "", ", ")
_UNIT_ZH = {"十": 10, "百": 100, "千": 1000}
_GROUP_ZH = {"万": 10**4, "亿": 10**8}
_FACTOR_ZH = {**_UNIT_ZH, **_GROUP_ZH}


def _any(words: dict[str, int]) -> str:
    return f"(?:{'|'.join(words)})"


_ARABIC = r"(?<![0-9])(?<![0-9]\.)(?:[0-9]{1,3}(?:(?:,[0-9]{3})+|(?: [0-9]{3})+)|[0-9]+)(?:\.[0-9]+)?(?![0-9])"
_SCALED = rf"(?P<number>{_ARABIC})(?:[\s-]?(?P<word>hundred|{_any(_SCALE_EN)})|(?P<suffix>{_any(_SUFFIX_EN)}))\b"

_SMALL = rf"(?:{_any(_TENS_EN)}(?:[ -]{_any(_ONES_EN)})?|{_any(_TEENS_EN)}|{_any(_ONES_EN)})\b"
_HUNDREDS = rf"(?:(?:{_SMALL}|an?)[ -])?hundred\b(?:(?:[ -]and)?[ -]{_SMALL})?"
_GROUP = rf"(?:{_HUNDREDS}|{_SMALL})"
_WORDS = (
    rf"\b(?:(?:(?:{_GROUP}|an?)[ -])?{_any(_SCALE_EN)}\b(?:[ -]{_GROUP}[ -]{_any(_SCALE_EN)}\b)*"
    rf"(?:(?:[ -]and)?[ -]{_GROUP})?|{_GROUP})"
)

_DIGITS = f"[{''.join(_DIGIT_ZH)}]"
_POINT = f"{_DIGITS}{{1,9}}点{_DIGITS}+"  # bounded, so that a long row of digits is read once
_UNIT = f"[{''.join(_FACTOR_ZH)}]"
_STATED = f"(?:{_POINT}|{_ARABIC}|{_DIGITS})"
_CHINESE = rf"(?:{_STATED}|{_UNIT})(?:\s?[余多来]?\s?{_UNIT}|{_STATED})*"

_NUMBER = re.compile(rf"{_SCALED}|(?P<words>{_WORDS})|(?P<chinese>{_CHINESE})", re.IGNORECASE | re.ASCII)
# Most numbers are whole, in digits, and nothing behind goes on with them: these need no closer look.
_GOES_ON = f"0-9余多来点{''.join(_DIGIT_ZH)}{''.join(_FACTOR_ZH)}"
_WHOLE = re.compile(
    r"(?<![0-9])(?<![0-9]\.)(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)"
    rf"(?=[^a-z.,\s{_GOES_ON}-]|[.,](?![0-9])|[\s-](?![hmbt\s{_GOES_ON}])|\Z)",
    re.IGNORECASE | re.ASCII,
)
_CHINESE_TOKEN = re.compile(f"{_STATED}|{_UNIT}")


class Printed(NamedTuple):
    """A number found in a phrase: the characters that print it, what it means, its step, and where it begins."""

    text: str
    value: Decimal
    step: Decimal
    start: int


def printed_numbers(phrase: str) -> Iterator[Printed]:
    """Yield the numbers in ``phrase``, in order.

    Reads Arabic digits, full-width ones too, with separators of thousands (commas or spaces), decimals and a factor
    (万, 亿, million, bn); Chinese numerals, simplified or traditional, with 余 or 多 inside; English number words. A
    unit alone counts once: 百余 holds 100. Signs and percent signs are not part of a number.
    """
    for found in _NUMBER.finditer(plain(phrase)):
        if number := _read(phrase, found):
            yield number


def plain(text: str) -> str:
    """Return a text as ``number_at`` reads it: simplified and narrow, each character in its place."""
    return text.translate(_PLAIN)


# Decimals are counted with 28 digits unless told otherwise; of more, the last would be lost.
_EXACT = Context(prec=200)


def number_at(text: str, at: int, end: int) -> Printed | None:
    """Return the number that begins at one place of a text that was made ``plain``, and is read up to ``end``."""
    whole = _WHOLE.match(text, at, end)
    if whole:
        digits = whole[0].replace(",", "")
        significant = len(digits.rstrip("0"))
        return Printed(whole[0], Decimal(digits), Decimal(10) ** (len(digits) - significant if significant else 0), at)
    found = _NUMBER.match(text, at, end)
    return _read(text, found) if found else None


def _read(phrase: str, found: re.Match[str]) -> Printed | None:
    with localcontext(_EXACT):
        return _read_exactly(phrase, found)


def _read_exactly(phrase: str, found: re.Match[str]) -> Printed | None:
    text, start = phrase[found.start() : found.end()], found.start()
    if found["number"]:
        factor = _FACTOR_EN[(found["word"] or found["suffix"]).lower()]
        return Printed(text, *_scaled(found["number"], factor), start)
    if found["words"]:
        value = Decimal(_english(found["words"].lower()))
        return Printed(text, value, significant_step(value), start)
    number, *units = _CHINESE_TOKEN.findall(found["chinese"])
    if "." in _arabic(number) and all(unit in _FACTOR_ZH for unit in units):
        return Printed(text, *_scaled(_arabic(number), _chinese(["1", *units]) or 1), start)
    if (chinese := _chinese([number, *units])) is not None:
        return Printed(text, chinese, significant_step(chinese), start)
    return None


def _scaled(number: str, factor: Decimal | int) -> tuple[Decimal, Decimal]:
    """Read a number with a factor behind it, such as 2.2 and 万, and its step. Zeros behind a point are significant."""
    value = Decimal(number.translate(_NO_SEPARATORS))
    _, _, decimals = number.partition(".")
    step = Decimal(10) ** -len(decimals) if decimals else significant_step(value)
    return value * factor, step * factor


def _english(words: str) -> int:
    """Return the value of number words: "two hundred and five thousand" → 205,000."""
    total = group = 0
    for word in re.findall("[a-z]+", words):
        if word in _SMALL_EN:
            group += _SMALL_EN[word]
        elif word == "hundred":
            group = (group or 1) * 100
        elif word in _SCALE_EN:
            total, group = total + (group or 1) * _SCALE_EN[word], 0
    return total + group


def _chinese(tokens: list[str]) -> Decimal | None:
    """Return the value of a Chinese numeral, Arabic digits among its units included; ``None`` if it is not one."""
    if len(tokens) > 1 and tokens[-1] in _DIGIT_ZH and tokens[-2] in "百千万亿":
        return None  # 三万二 is spoken for 32,000; no release writes so
    total, section, largest = Decimal(0), Decimal(0), 0
    number: Decimal | None = None
    for before, token in pairwise(["", *tokens]):
        if token in _UNIT_ZH:
            section += _UNIT_ZH[token] * (1 if number is None else number)
            number = None
        elif token in _GROUP_ZH:
            group = _GROUP_ZH[token]
            part = section + (number or 0)
            if group > largest:  # 一万亿: all that was read so far counts in this unit
                total = (total + part or Decimal(1)) * group
            else:
                total += part * group
            largest, section, number = max(group, largest), Decimal(0), None
        elif number is None:
            number = Decimal(_arabic(token).translate(_NO_SEPARATORS))
        elif before in _DIGIT_ZH and token in _DIGIT_ZH:  # 二〇一八 and the digit behind 零
            number = number * 10 + _DIGIT_ZH[token]
        else:
            return None
    return total + section + (number or 0)


def _arabic(number: str) -> str:
    """Write Chinese digits as Arabic ones: 二点二 → 2.2."""
    return number.translate(_ARABIC_DIGITS)


def significant_step(value: Decimal) -> Decimal:
    """Return the place value of the last digit of ``value`` that is not zero: 22,000 → 1,000, 0.50 → 0.1; 0 → 1."""
    if not value.is_finite():
        raise ValueError(f"{value} has no last digit")
    digits = "".join(map(str, value.as_tuple().digits)).rstrip("0")
    return Decimal(10) ** (value.adjusted() - len(digits) + 1) if digits else Decimal(1)


# How large numbers are printed: the word behind the digits, its power of ten, the decimals and the size they go up to.
_SCALES = (
    *(("亿", 8, 4, 10**6), ("万", 4, 4, 10**5), ("千", 3, 0, 10)),
    *((" thousand", 3, 1, 10**3), (" million", 6, 3, 10**4), (" billion", 9, 3, 10**4), (" trillion", 12, 3, 10**4)),
)


def spellings(value: Decimal) -> list[str]:
    """Return how a number is printed in digits, the plain one first: 57000, 5.7万, 57 thousand."""
    found = [f"{value.normalize():f}"]
    for word, power, decimals, most in _SCALES:
        scaled = value.scaleb(-power).normalize()
        if 1 <= scaled < most and scaled == round(scaled, decimals):
            found.append(f"{scaled:f}{word}")
    return found
