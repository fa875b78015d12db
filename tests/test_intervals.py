"""The interval rule, and the reading of numbers it rests on."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from cases.intervals import (
    QUALIFIERS,
    SEVERAL,
    Interval,
    IntervalError,
    exactly,
    interval,
    printed_number,
    several_interval,
    step_for,
    step_of,
)
from cases.numerals import number_at, plain, printed_numbers, significant_step

COLLECTION = Path(__file__).resolve().parent.parent / "fixtures" / "collection"

ROUNDED = ["exact", "more_than", "nearly", "about", "at_least", "up_to", "less_than"]
VALUES = st.decimals(0, 10**13, places=2)
STEPS = st.integers(-2, 12).map(lambda power: Decimal(10) ** power)


# Steps


@pytest.mark.parametrize(
    ("printed", "value", "step"),
    [
        ("57,519", "57519", "1"),
        ("22,000", "22000", "1000"),
        ("53 suspects", "53", "1"),
        ("10,000余", "10000", "10000"),
        ("10400余", "10400", "100"),
        ("2.2万", "22000", "1000"),
        ("2.0万", "20000", "1000"),
        ("6.2万", "62000", "1000"),
        ("5万", "50000", "10000"),
        ("14万余", "140000", "10000"),
        ("301.4萬餘", "3014000", "1000"),
        ("300余万", "3000000", "1000000"),
        ("2700余万", "27000000", "1000000"),
        ("1,000万", "10000000", "10000000"),
        ("1.10亿", "110000000", "1000000"),
        ("31.6億", "3160000000", "10000000"),
        ("1万2000", "12000", "1000"),
        ("1亿2000万", "120000000", "10000000"),
        ("2300余億", "230000000000", "10000000000"),
        ("千亿", "100000000000", "100000000000"),
        ("一万亿", "1000000000000", "1000000000000"),
        ("七億一千萬", "710000000", "10000000"),
        ("五百多萬", "5000000", "1000000"),
        ("逾一百五十萬", "1500000", "100000"),
        ("三十二", "32", "1"),
        ("一百零五", "105", "1"),
        ("一万", "10000", "10000"),
        ("两千", "2000", "1000"),
        ("十余", "10", "10"),
        ("百余", "100", "100"),
        ("二点二万", "22000", "1000"),
        ("二〇一八", "2018", "1"),
        ("伍佰", "500", "100"),
        ("２．０万", "20000", "1000"),
        ("57\uff0c519", "57519", "1"),
        ("2.2\xa0万", "22000", "1000"),
        ("10.7%", "10.7", "0.1"),
        ("10.0%", "10", "0.1"),
        ("下降42%", "-42", "1"),
        ("1.56 million", "1560000", "10000"),
        ("3.83 million", "3830000", "10000"),
        ("3.80 million", "3800000", "10000"),
        ("RMB260 million", "260000000", "10000000"),
        ("$24.5m", "24500000", "100000"),
        ("3bn", "3000000000", "1000000000"),
        ("three", "3", "1"),
        ("ten", "10", "10"),
        ("thirty", "30", "10"),
        ("Twenty-one", "21", "1"),
        ("six-month", "6", "1"),
        ("a hundred", "100", "100"),
        ("two hundred and five", "205", "1"),
        ("one million two hundred thousand", "1200000", "100000"),
        ("zero cases", "0", "1"),
    ],
)
def test_the_step_is_read_from_the_words(printed: str, value: str, step: str) -> None:
    assert step_of(printed, Decimal(value)) == Decimal(step)
    assert step_for(printed, Decimal(value)) == Decimal(step)


@pytest.mark.parametrize(
    ("phrase", "value", "printed"),
    [
        ("分别下降42%和27%", "-27", "27"),
        ("等19个省41个市", "41", "41"),
        ("“净网2018”专项行动抓获2.2万余人", "22000", "2.2万"),
        ("between ten and twenty dens", "10", "ten"),
        ("2万(2.0万)", "20000", "2.0万"),
        ("seized 10,400 of them", "10400", "10,400"),
        ("公民个人信息近１億条", "100000000", "１億"),
        ("涉案资金３００余万元", "3000000", "３００余万"),
        ("three dens in thirty-three cities", "33", "thirty-three"),
        ("查获5m个", "5000000", "5m"),
        ("one thou\u017fand", "1000", None),
        ("version 1.2.34", "34", None),
        ("1.56 million items", "1.56", None),
        ("42 suspects", "4", None),
        ("三万二", "30002", None),
        ("more than two dozen websites", "24", None),
        ("", "1", None),
    ],
)
def test_the_number_that_means_the_value_is_found(phrase: str, value: str, printed: str | None) -> None:
    assert printed_number(phrase, Decimal(value)) == printed


def test_a_number_that_is_not_there_has_no_step_in_the_words() -> None:
    with pytest.raises(IntervalError, match=r"phrase.*22,000") as problem:
        step_of("57,519", Decimal(22000))
    assert problem.value.field == "phrase"
    assert step_for("57,519", Decimal(22000)) == 1000


@pytest.mark.parametrize(
    ("value", "step"),
    [("22000", "1000"), ("57519", "1"), ("0.50", "0.1"), ("-27", "1"), ("-30", "10"), ("1E+3", "1000"), ("0", "1")],
)
def test_without_words_zeros_at_the_end_are_not_significant(value: str, step: str) -> None:
    assert significant_step(Decimal(value)) == Decimal(step)


def test_what_is_not_finite_has_no_last_digit() -> None:
    for value in ("NaN", "Infinity"):
        with pytest.raises(ValueError, match=value):
            significant_step(Decimal(value))


@given(st.integers(0, 10**12))
def test_every_integer_is_found_as_it_is_commonly_printed(n: int) -> None:
    value = Decimal(n)
    for printed in (str(n), f"{n:,}", in_chinese(n)):
        assert printed_number(f"抓获{printed}名", value) == printed, printed
        assert step_of(printed, value) == significant_step(value)


@given(st.integers(1, 10**6), st.integers(1, 4))
def test_every_decimal_behind_the_point_is_significant(hundredths: int, places: int) -> None:
    value = Decimal(hundredths).scaleb(-places)
    printed = f"{value:f}"
    assert step_of(f"{printed}万", value * 10**4) == Decimal(10) ** (4 - places)
    assert step_of(f"{printed} million", value * 10**6) == Decimal(10) ** (6 - places)


@example("10000000000000000000000000001")  # more digits than a decimal is counted with by default
@given(st.text("0123456789.,，万亿十百千零两一二三点余多几 amillionhundredb-", max_size=30))
def test_numbers_in_any_text_are_slices_of_it(text: str) -> None:
    for found in printed_numbers(text):
        assert found.text in text
        assert found.value >= 0
        assert found.step > 0
        assert number_at(plain(text), found.start, len(text)) == found._replace(text=plain(found.text))


def in_chinese(n: int) -> str:
    """Write a number from 0 below ten trillion in Chinese, as a release would."""
    if n == 0:
        return "零"
    words = ""
    for group, unit in ((n // 10**8, "亿"), (n // 10**4 % 10**4, "万"), (n % 10**4, "")):
        if not group:
            continue
        part = in_chinese(group // 10**4) + "万" if group >= 10**4 else ""
        gap = bool(part or words) and group % 10**4 < 1000
        for power, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
            digit = group % 10**4 // power % 10
            if not digit:
                gap = gap or bool(part)
                continue
            if gap:
                part += "零"
            part += "零一二三四五六七八九"[digit] + name
            gap = False
        words += part + unit
    return words


# The rule


@pytest.mark.parametrize(
    ("value", "qualifier", "phrase", "expected"),
    [
        ("57519", "exact", "57,519 cases", "[57,519, 57,519]"),
        ("22000", "more_than", "more than 22,000 cases", "[22,000, 23,000)"),
        ("22000", "more_than", "2.2万余起", "[22,000, 23,000)"),
        ("20000", "more_than", "2.0万余起", "[20,000, 21,000)"),
        ("20000", "more_than", "2万余起", "[20,000, 30,000)"),
        ("3000000", "more_than", "300余万张", "[3,000,000, 4,000,000)"),
        ("10", "more_than", "十余名", "[10, 20)"),
        ("9000", "nearly", "nearly 9,000", "(8,000, 9,000)"),
        ("15000", "nearly", "nearly 15,000", "(14,000, 15,000)"),
        ("100000000000", "nearly", "近千億條", "(0, 100,000,000,000)"),
        ("3200000", "about", "some 3.2 million", "[3,100,000, 3,300,000]"),
        ("50", "at_least", "at least 50", "[50, ∞)"),
        ("50", "up_to", "up to 50", "[0, 50]"),
        ("50", "less_than", "不足50", "[0, 50)"),
        ("10.7", "more_than", "10.7%", "[10.7, 10.8)"),
        ("100000000", "several", "涉案金额数亿元", "[200,000,000, 1,000,000,000)"),
        ("10000", "several", "上万个", "[10,000, 100,000)"),
        ("0", "exact", "zero", "[0, 0]"),
    ],
)
def test_the_rule(value: str, qualifier: str, phrase: str, expected: str) -> None:
    number = Decimal(value)
    assert str(interval(number, qualifier, step_for(phrase, number), phrase=phrase)) == expected


@pytest.mark.parametrize(
    ("value", "qualifier", "expected"),
    [
        ("-30", "exact", "[-30, -30]"),
        ("-30", "more_than", "(-40, -30]"),
        ("-30", "nearly", "(-30, -20)"),
        ("-30", "about", "[-40, -20]"),
        ("-30", "at_least", "(-∞, -30]"),
        ("-30", "up_to", "[-30, ∞)"),
        ("-30", "less_than", "(-30, ∞)"),
        ("30", "up_to", "(-∞, 30]"),
        ("30", "less_than", "(-∞, 30)"),
        ("0", "less_than", "(-∞, 0)"),
    ],
)
def test_a_change_is_read_by_its_size(value: str, qualifier: str, expected: str) -> None:
    assert str(interval(Decimal(value), qualifier, Decimal(10), signed=True)) == expected


def test_a_range_has_both_ends() -> None:
    assert str(interval(Decimal(20), "range", None, high=Decimal(30))) == "[20, 30]"
    assert interval(Decimal(20), "range", None, high=Decimal(20)) == exactly(Decimal(20))
    assert str(interval(Decimal(-30), "range", Decimal(1), high=Decimal(-20), signed=True)) == "[-30, -20]"


@pytest.mark.parametrize(
    ("field", "claim"),
    [
        ("value", {"value": "NaN"}),
        ("value", {"value": "Infinity"}),
        ("value", {"value": "0", "qualifier": "less_than"}),
        ("value", {"value": "1E+70", "qualifier": "more_than"}),
        ("qualifier", {"qualifier": "roughly"}),
        ("qualifier", {"qualifier": ""}),
        ("step", {"step": "0"}),
        ("step", {"step": "-1"}),
        ("step", {"step": "NaN"}),
        ("step", {"step": None, "qualifier": "more_than"}),
        ("step", {"step": None, "qualifier": "nearly"}),
        ("step", {"step": None, "qualifier": "about"}),
        ("high", {"high": "9"}),
        ("high", {"qualifier": "range"}),
        ("high", {"qualifier": "range", "high": "4"}),
        ("high", {"qualifier": "range", "high": "Infinity"}),
        ("phrase", {"qualifier": "several"}),
        ("phrase", {"qualifier": "several", "phrase": "five websites"}),
    ],
)
def test_a_claim_that_makes_no_sense_is_refused_by_field(field: str, claim: dict[str, Any]) -> None:
    given = {"value": "5", "qualifier": "exact", "step": "1", **claim}
    for name in ("value", "step", "high"):
        if given.get(name) is not None:
            given[name] = Decimal(given[name])
    with pytest.raises(IntervalError, match=f"^{field}: ") as problem:
        interval(**given)
    assert problem.value.field == field


@pytest.mark.parametrize(
    ("phrase", "low", "high"),
    [
        ("数名嫌疑人", 2, 10),
        ("几家网站", 2, 10),
        ("案件数起", 2, 10),
        ("犯罪嫌疑人数十名", 20, 100),
        ("几十人", 20, 100),
        ("十多人", 10, 20),
        ("十几個", 10, 20),
        ("数百", 200, 1000),
        ("數千", 2000, 10_000),
        ("数万", 20_000, 100_000),
        ("十余万", 100_000, 200_000),
        ("數十萬", 200_000, 1_000_000),
        ("数百万", 2 * 10**6, 10**7),
        ("非法获利数千万元", 2 * 10**7, 10**8),
        ("公民个人信息数亿条", 2 * 10**8, 10**9),
        ("關閉違法違規網站上萬個", 10_000, 100_000),
        ("涉案總金額上億元人民幣", 10**8, 10**9),
        ("成千上万", 1000, 100_000),
        ("several dens", 2, 10),
        ("A few websites", 2, 10),
        ("dozens of suspects", 20, 100),
        ("several dozen", 20, 100),
        ("tens of gangs", 20, 100),
        ("hundreds", 200, 1000),
        ("several hundred", 200, 1000),
        ("thousands of accounts", 2000, 10_000),
        ("tens of thousands of yuan", 20_000, 100_000),
        ("several tens of thousands", 20_000, 100_000),
        ("Hundreds of  thousands", 200_000, 1_000_000),
        ("a few hundred thousand", 200_000, 1_000_000),
        ("millions", 2 * 10**6, 10**7),
        ("Hundreds of billions of spam messages", 2 * 10**11, 10**12),
    ],
)
def test_several_has_a_written_table(phrase: str, low: int, high: int) -> None:
    assert several_interval(phrase) == Interval(Decimal(low), Decimal(high), True, False)


@pytest.mark.parametrize(
    "phrase", ["", "总数名", "多数人", "网上千余条", "十八岁以上百人", "二十几人", "severally", "5"]
)
def test_other_words_are_not_several(phrase: str) -> None:
    assert several_interval(phrase) is None


@pytest.mark.parametrize("words", SEVERAL)
def test_each_entry_of_the_table_is_found_by_its_own_words(words: str) -> None:
    low, high = SEVERAL[words]
    assert several_interval(f"{words}名" if not words.isascii() else f"{words} of") == Interval(
        Decimal(low), Decimal(high), True, False
    )


# Intervals among themselves


def of(text: str) -> Interval:
    """Read an interval from its notation, "[14, 15)"."""
    low, high = text[1:-1].split(", ")
    bound = {"-∞": None, "∞": None}
    return Interval(
        bound[low] if low in bound else Decimal(low),
        bound[high] if high in bound else Decimal(high),
        text[0] == "[",
        text[-1] == "]",
    )


@pytest.mark.parametrize(
    ("a", "b", "overlap", "touch"),
    [
        ("[8900, 9000)", "(8000, 9000)", True, False),
        ("[15000, 15000]", "(14000, 15000)", False, True),
        ("[57519, 57519]", "[57000, 58000)", True, False),
        ("[1, 2)", "[2, 3)", False, True),
        ("[1, 2]", "[2, 3)", True, False),
        ("(1, 2)", "(2, 3)", False, True),
        ("[1, 2]", "[3, 4]", False, False),
        ("(-∞, 2)", "[2, ∞)", False, True),
        ("(-∞, 2]", "[2, ∞)", True, False),
        ("(-∞, ∞)", "[5, 5]", True, False),
        ("[1, ∞)", "[7, ∞)", True, False),
    ],
)
def test_intervals_overlap_touch_or_lie_apart(a: str, b: str, overlap: bool, touch: bool) -> None:
    for first, second in ((of(a), of(b)), (of(b), of(a))):
        assert first.overlaps(second) is overlap
        assert first.touches(second) is touch


@pytest.mark.parametrize(
    "bounds", [(3, 2, True, True), (2, 2, True, False), (2, 2, False, False), (None, 2, True, True)]
)
def test_an_interval_without_numbers_cannot_be_made(bounds: tuple[Any, Any, bool, bool]) -> None:
    low, high, *closed = bounds
    with pytest.raises(ValueError, match=r"bound|no number"):
        Interval(None if low is None else Decimal(low), Decimal(high), *closed)


def intervals() -> st.SearchStrategy[Interval]:
    """Intervals with bounds close enough together to meet often."""
    bounds = st.one_of(st.none(), st.integers(-5, 5).map(Decimal))

    def make(low: Decimal | None, high: Decimal | None, low_closed: bool, high_closed: bool) -> Interval | None:
        try:
            return Interval(low, high, low_closed, high_closed)
        except ValueError:
            return None

    made = st.builds(make, bounds, bounds, st.booleans(), st.booleans())
    return made.filter(lambda found: found is not None)  # type: ignore[return-value]


HALVES = [Decimal(n) / 2 for n in range(-12, 13)]


@given(intervals(), intervals())
def test_overlap_is_a_shared_number(a: Interval, b: Interval) -> None:
    # Bounds are whole numbers from -5 to 5, so the halves from -6 to 6 meet every piece between them.
    assert a.overlaps(b) == any(a.contains(number) and b.contains(number) for number in HALVES)
    assert a.overlaps(b) == b.overlaps(a)
    assert a.touches(b) == b.touches(a)
    assert not (a.overlaps(b) and a.touches(b))
    assert a.overlaps(a)


@given(intervals(), st.sampled_from(HALVES))
def test_an_interval_contains_what_lies_between_its_bounds(found: Interval, number: Decimal) -> None:
    above = found.low is None or number > found.low or (found.low_closed and number == found.low)
    below = found.high is None or number < found.high or (found.high_closed and number == found.high)
    assert found.contains(number) == (above and below)
    assert of(str(found)) == found
    assert found.mirrored().contains(-number) == found.contains(number)
    assert found.mirrored().mirrored() == found


@given(VALUES, st.sampled_from(ROUNDED), STEPS, st.booleans())
def test_the_stated_value_belongs_to_what_does_not_exclude_it(
    value: Decimal, qualifier: str, step: Decimal, signed: bool
) -> None:
    assume(qualifier != "less_than" or value > 0)
    found = interval(value, qualifier, step, signed=signed)
    assert found.contains(value) == (qualifier not in ("nearly", "less_than"))
    assert found.contains(value) or found.touches(exactly(value))


@given(VALUES, st.sampled_from(ROUNDED), STEPS, st.booleans())
def test_ten_times_the_claim_is_ten_times_the_interval(
    value: Decimal, qualifier: str, step: Decimal, signed: bool
) -> None:
    assume(qualifier != "less_than" or value > 0)
    small = interval(value, qualifier, step, signed=signed)
    large = interval(value * 10, qualifier, step * 10, signed=signed)
    assert large == Interval(
        None if small.low is None else small.low * 10,
        None if small.high is None else small.high * 10,
        small.low_closed,
        small.high_closed,
    )


@given(VALUES.filter(bool), st.sampled_from(ROUNDED), STEPS, st.booleans())
def test_a_fall_is_the_mirror_of_a_rise(value: Decimal, qualifier: str, step: Decimal, signed: bool) -> None:
    rise = interval(value, qualifier, step, signed=signed)
    fall = interval(-value, qualifier, step, signed=signed)
    assert fall == rise.mirrored()


def check_rounding(n: int, power: int, unit: str) -> None:
    """Print ``n`` rounded down, and up, and see that both claims allow it."""
    size = {"": 1, "万": 10**4, "亿": 10**8, " million": 10**6}[unit]
    step = 10**power
    down = Decimal(n // step * step)
    up = down + step
    if down:
        phrase = f"{down / size:f}{unit}"
        assert interval(down, "more_than", step_for(phrase, down)).contains(Decimal(n)), phrase
    if n % step:
        phrase = f"{up / size:f}{unit}"
        assert interval(up, "nearly", step_for(phrase, up)).contains(Decimal(n)), phrase


ROUNDINGS = (st.integers(1, 10**12), st.integers(0, 11), st.sampled_from(["", "万", "亿", " million"]))


@given(*ROUNDINGS)
def test_what_a_writer_rounded_lies_in_the_claim(n: int, power: int, unit: str) -> None:
    check_rounding(n, power, unit)


@pytest.mark.trust
@settings(max_examples=20_000, deadline=None)
@given(*ROUNDINGS)
def test_what_a_writer_rounded_lies_in_the_claim_at_length(n: int, power: int, unit: str) -> None:
    check_rounding(n, power, unit)


def test_the_collection_follows_the_rule() -> None:
    figures = [
        figure
        for file in sorted(COLLECTION.glob("*.json"))
        for figure in json.loads(file.read_text(encoding="utf-8"), parse_float=Decimal)["figures"]
    ]
    read = 0
    for figure in figures:
        value, phrase = Decimal(figure["value"]), figure["phrase"]
        read += printed_number(phrase, value) is not None
        interval(
            value,
            figure["qualifier"],
            Decimal(figure["step"]) if "step" in figure else step_for(phrase, value),
            high=Decimal(figure["value_high"]) if figure.get("value_high") is not None else None,
            phrase=phrase,
            signed=figure["unit"] == "percent",
        )
    assert {figure["qualifier"] for figure in figures} <= set(QUALIFIERS)
    assert len(figures) > 1000
    assert read >= 0.97 * len(figures)
