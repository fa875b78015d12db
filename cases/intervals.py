"""The interval rule: which true values a claim allows, given its number and the words around it.

"More than 22,000 cases" does not say 22,000; it says something from 22,000 up to the next number the writer would have
printed. The rule of the archive's methodology makes that an interval, so that claims can be compared. It rests on the
*step*: the place value of the last significant digit of the stated number as it is printed (2.2万 → 1,000).

Three things stand here: ``Interval``, the step of a number in an evidence phrase (``printed_number``, ``step_for``),
and the rule itself (``interval``). Its SQL twin is ``claim_interval`` in ``cases/sql/functions.sql``.
"""

import re
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact, InvalidOperation
from typing import Final

from cases.numerals import SIMPLIFIED, Printed, printed_numbers, significant_step

QUALIFIERS: Final = (
    "exact",
    "more_than",
    "nearly",
    "about",
    "at_least",
    "up_to",
    "less_than",
    "range",
    "several",
)

# The written table of "several". One pattern: at least two of the unit, below ten of it. "上万" (ten thousand and up)
# begins at one of it. Keys are lower case and simplified; phrases are brought to that form before they are looked up.
_WORDS_ZH = ("十", "百", "千", "万", "十万", "百万", "千万", "亿", "十亿", "百亿", "千亿", "万亿")
_WORDS_EN = (
    *("ten", "hundred", "thousand", "ten thousand", "hundred thousand"),
    *("million", "ten million", "hundred million", "billion", "ten billion", "hundred billion", "trillion"),
)
_UNITS_ZH = {unit: 10**power for power, unit in enumerate(_WORDS_ZH, 1)}
_UNITS_EN = {unit: 10**power for power, unit in enumerate(_WORDS_EN, 1)}
SEVERAL: Final[dict[str, tuple[int, int]]] = {
    "数": (2, 10),
    **{f"数{unit}": (2 * n, 10 * n) for unit, n in _UNITS_ZH.items()},
    **{f"上{unit}": (n, 10 * n) for unit, n in _UNITS_ZH.items() if n > 10},
    "十几": (10, 20),
    "十几万": (100_000, 200_000),
    "十几亿": (1_000_000_000, 2_000_000_000),
    "成百上千": (100, 10_000),
    "成千上万": (1_000, 100_000),
    "several": (2, 10),
    "dozens": (20, 100),
    "scores": (20, 100),
    "several dozen": (20, 100),
    **{f"several {unit}": (2 * n, 10 * n) for unit, n in _UNITS_EN.items() if n != 10},
    **{f"{unit.replace(' ', 's of ')}s": (2 * n, 10 * n) for unit, n in _UNITS_EN.items()},
}

# The same characters may belong to another word: 总数 and 多数, 网上 and 以上, 二十几. By the words of the table, what
# must not stand before them; a bare 数 needs a measure word behind it too.
_NOT_AFTER = {"数": "总", "上": "网網线線以", "十": "二三四五六七八九数"}
_MEASURE_WORDS = "名个個起人家条條次种種款台部张張件间間户戶批伙夥天日周月年"


def _pattern(words: str) -> str:
    if words.isascii():
        return rf"\b{words}\b"
    if words == "数":
        return f"(?<![总无多少指参])数(?=[{_MEASURE_WORDS}])"
    guard = _NOT_AFTER.get(words[0])
    return f"(?<![{guard}]){words}" if guard else words


_SEVERAL_WORDS = re.compile("|".join(map(_pattern, sorted(SEVERAL, key=len, reverse=True))))

# Sums are exact or refused: sixty digits hold any count or amount of money.
_EXACT = Context(prec=60, traps=[Inexact, InvalidOperation])


class IntervalError(ValueError):
    """A claim that the rule cannot turn into an interval. ``field`` names the argument that is wrong."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field


@dataclass(frozen=True, slots=True)
class Interval:
    """A set of numbers between two bounds. ``None`` is no bound; each bound may belong to the set or not."""

    low: Decimal | None
    high: Decimal | None
    low_closed: bool
    high_closed: bool

    def __post_init__(self) -> None:
        if (self.low is None and self.low_closed) or (self.high is None and self.high_closed):
            raise ValueError("a side without a bound cannot be closed")
        if self.low is None or self.high is None:
            return
        closed = self.low_closed and self.high_closed
        if self.low > self.high or (self.low == self.high and not closed):
            raise ValueError(f"no number lies in {self}")

    def contains(self, value: Decimal) -> bool:
        """Say whether ``value`` is one of the numbers."""
        return self.overlaps(exactly(value))

    def overlaps(self, other: "Interval") -> bool:
        """Say whether some number lies in both."""
        return _meets(self, other) and _meets(other, self)

    def touches(self, other: "Interval") -> bool:
        """Say whether one ends where the other begins, with no number in common: [15, 15] and (14, 15)."""
        ends_meet = (self.high is not None and self.high == other.low) or (
            self.low is not None and self.low == other.high
        )
        return ends_meet and not self.overlaps(other)

    def mirrored(self) -> "Interval":
        """Return the interval of the negative numbers: [22, 23) becomes (-23, -22]."""
        low = None if self.high is None else -self.high
        high = None if self.low is None else -self.low
        return Interval(low, high, self.high_closed, self.low_closed)

    def __str__(self) -> str:
        low = "-∞" if self.low is None else _grouped(self.low)
        high = "∞" if self.high is None else _grouped(self.high)
        return f"{'[' if self.low_closed else '('}{low}, {high}{']' if self.high_closed else ')'}"


def exactly(value: Decimal) -> Interval:
    """Return the interval that holds ``value`` alone."""
    return Interval(value, value, True, True)


def interval(
    value: Decimal,
    qualifier: str,
    step: Decimal | None,
    high: Decimal | None = None,
    phrase: str = "",
    *,
    signed: bool = False,
) -> Interval:
    """Return the values that a claim allows, by the rule of the methodology.

    ``value`` is the stated number, ``step`` its place value (``step_for``), needed for more_than, nearly and about
    only. ``high`` is the upper end of a range. ``phrase`` holds the words, which decide for several. ``signed`` says
    that the measure can fall below zero, such as a change in percent; otherwise up_to and less_than begin at 0.

    exact [v, v] · more_than [v, v+s) · nearly (v-s, v) · about [v-s, v+s] · at_least [v, ∞) · up_to [0, v] ·
    less_than [0, v) · range [v, high] · several by the table ``SEVERAL``. A negative value is treated by its
    magnitude and the result mirrored.

    Raise ``IntervalError`` naming the field: a number that is not finite or too long, an unknown qualifier, a step
    that is not positive or is missing, a range without an end or with its end before its start, a ``high`` without a
    range, "several" without words of the table, and less than nothing.
    """
    if qualifier not in QUALIFIERS:
        raise IntervalError("qualifier", f"{qualifier!r} is none of {', '.join(QUALIFIERS)}")
    for name, number in (("value", value), ("step", step), ("high", high)):
        if number is not None and not number.is_finite():
            raise IntervalError(name, f"{number} is not a finite number")
    if step is not None and step <= 0:
        raise IntervalError("step", f"{_grouped(step)} is not above zero")
    if qualifier == "range":
        return _range(value, high)
    if high is not None:
        raise IntervalError("high", f"only a range has an upper end, not {qualifier!r}")
    if qualifier == "several":
        found = several_interval(phrase)
        if found is None:
            raise IntervalError("phrase", f"no words of the table of “several” in {phrase!r}")
    else:
        found = _of_magnitude(abs(value), qualifier, step, signed=signed)
    return found.mirrored() if value < 0 else found


def several_interval(phrase: str) -> Interval | None:
    """Return the interval of words such as 数十, 上万 or "tens of thousands"; ``None`` if ``phrase`` has none.

    The first such words in the phrase decide, the longest of those that begin at the same place.
    """
    words = phrase.translate(SIMPLIFIED).lower()
    words = re.sub(r"\b(?:a few|few|a handful of)\b", "several", words)
    words = re.sub(r"\bseveral\s+(?=[a-z]+s of\b)", "", words)
    words = re.sub(r"[\s-]+", " ", words)
    words = re.sub("(?<!十)几", "数", re.sub("十[余多来]", "十几", words))
    found = _SEVERAL_WORDS.search(words)
    if not found:
        return None
    low, high = SEVERAL[found[0]]
    return Interval(Decimal(low), Decimal(high), True, False)


def printed_number(phrase: str, value: Decimal) -> str | None:
    """Return the number in ``phrase`` that means ``value``, as it is printed there, or ``None``.

    Reads Arabic digits (22,000; full-width; 2.2万; 1.56 million), Chinese numerals (三十二, 七億一千萬, 百) and English
    number words. The sign is ignored: 下降42% states -42. Of several that mean the value, the most exact is returned.
    """
    found = _find(phrase, value)
    return found.text if found else None


def step_of(printed: str, value: Decimal) -> Decimal:
    """Return the place value of the last significant digit of ``value`` as printed: 2.2万 → 1,000, 2.0万 → 1,000.

    Trailing zeros are significant only behind a decimal point. Raise ``IntervalError`` if ``printed`` holds no number
    that means ``value``.
    """
    found = _find(printed, value)
    if not found:
        raise IntervalError("phrase", f"no number in {printed!r} means {_grouped(value)}")
    return found.step


def step_for(phrase: str, value: Decimal) -> Decimal:
    """Return the step of ``value``, read from ``phrase`` if the number is found there, else from its own digits."""
    found = _find(phrase, value)
    return found.step if found else significant_step(value)


# The rule


def _of_magnitude(value: Decimal, qualifier: str, step: Decimal | None, *, signed: bool) -> Interval:
    """Apply the rule to a value from zero up."""
    floor = None if signed else Decimal(0)
    match qualifier:
        case "exact":
            return exactly(value)
        case "at_least":
            return Interval(value, None, True, False)
        case "up_to":
            return Interval(floor, value, not signed, True)
        case "less_than":
            if value == 0 and not signed:
                raise IntervalError("value", "nothing is less than 0")
            return Interval(floor, value, not signed, False)
    if step is None:
        raise IntervalError("step", f"{qualifier!r} needs one")
    try:
        below, above = _EXACT.subtract(value, step), _EXACT.add(value, step)
    except (Inexact, InvalidOperation):
        raise IntervalError("value", f"{value} has too many digits for the step {step}") from None
    match qualifier:
        case "more_than":
            return Interval(value, above, True, False)
        case "nearly":
            return Interval(below, value, False, False)
    return Interval(below, above, True, True)  # about


def _range(value: Decimal, high: Decimal | None) -> Interval:
    if high is None:
        raise IntervalError("high", "a range needs its upper end")
    if high < value:
        raise IntervalError("high", f"{_grouped(high)} is below {_grouped(value)}, where the range begins")
    return Interval(value, high, True, True)


def _meets(a: Interval, b: Interval) -> bool:
    """Say whether ``a`` begins before ``b`` has ended."""
    if a.low is None or b.high is None:
        return True
    return a.low < b.high or (a.low == b.high and a.low_closed and b.high_closed)


def _grouped(number: Decimal) -> str:
    written = f"{number:,f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def _find(phrase: str, value: Decimal) -> Printed | None:
    same = (found for found in printed_numbers(phrase) if found.value == abs(value))
    return min(same, key=lambda found: found.step, default=None)
