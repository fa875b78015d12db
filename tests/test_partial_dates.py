"""Partial dates: what is accepted, which days are meant, how it reads."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.partial_dates import (
    PartialDateError,
    display,
    duration_days,
    months_between,
    overlaps,
    parse,
    parse_bound,
    span,
)

DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
QUALIFIERS = st.sampled_from(["", "", "~", "?", "%"])


@st.composite
def singles(draw: st.DrawFn) -> str:
    """A year, month or day, perhaps qualified."""
    return draw(DAYS).isoformat()[: draw(st.sampled_from([4, 7, 10]))] + draw(QUALIFIERS)


@st.composite
def dates(draw: st.DrawFn) -> str:
    """Any text that is a partial date."""
    sides = [draw(singles()), draw(singles())]
    if span(sides[0])[0] > span(sides[1])[1]:  # type: ignore[operator]
        sides.reverse()
    first, last = sides
    forms = [first, f"{first}/{last}", f"{first}/..", f"../{last}", f"{first}/", f"/{last}"]
    return forms[draw(st.integers(0, 5))]


@st.composite
def near_dates(draw: st.DrawFn) -> str:
    """A partial date with one character put in, taken out or exchanged: often wrong, sometimes not."""
    text: str = draw(dates())
    at = draw(st.integers(0, len(text)))
    put_in: str = draw(st.sampled_from(["", *"0129-/.~?% \n年Ⅴ２"]))
    return text[:at] + put_in + text[at + draw(st.integers(0, 1)) :]


@pytest.mark.parametrize(
    ("text", "earliest", "latest", "precision"),
    [
        ("2018", "2018-01-01", "2018-12-31", "year"),
        ("2018-09", "2018-09-01", "2018-09-30", "month"),
        ("2018-09-07", "2018-09-07", "2018-09-07", "day"),
        ("2020-02", "2020-02-01", "2020-02-29", "month"),
        ("1900-02", "1900-02-01", "1900-02-28", "month"),
        ("2020-02-29", "2020-02-29", "2020-02-29", "day"),
        ("1900", "1900-01-01", "1900-12-31", "year"),
        ("2100-12", "2100-12-01", "2100-12-31", "month"),
        ("2018-02/2018-08", "2018-02-01", "2018-08-31", "interval"),
        ("2018-02/2018-08-30", "2018-02-01", "2018-08-30", "interval"),
        ("2017/2017-09", "2017-01-01", "2017-09-30", "interval"),
        ("2016-06-12/2016-06", "2016-06-12", "2016-06-30", "interval"),
        ("../2019-12", None, "2019-12-31", "interval"),
        ("/2019-12", None, "2019-12-31", "interval"),
        ("2022-11/..", "2022-11-01", None, "interval"),
        ("2022-11/", "2022-11-01", None, "interval"),
    ],
)
def test_a_date_means_these_days(text: str, earliest: str | None, latest: str | None, precision: str) -> None:
    parsed = parse(text)
    assert span(text) == (parsed.earliest, parsed.latest)
    assert parsed.earliest == (date.fromisoformat(earliest) if earliest else None)
    assert parsed.latest == (date.fromisoformat(latest) if latest else None)
    assert parsed.precision == precision


@pytest.mark.parametrize(
    ("text", "approximate", "uncertain"),
    [
        ("2018", False, False),
        ("2018~", True, False),
        ("2018-09?", False, True),
        ("2018-09-07%", True, True),
        ("2021-01/2021-10~", True, False),
        ("2018?/2019~", True, True),
        ("2018-01%/..", True, True),
    ],
)
def test_qualifiers_are_kept_apart_from_the_days(text: str, approximate: bool, uncertain: bool) -> None:
    parsed = parse(text)
    assert (parsed.approximate, parsed.uncertain) == (approximate, uncertain)
    plain = text.translate({ord(c): None for c in "~?%"})
    assert span(text) == span(plain)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "“”"),
        ("yesterday", "“yesterday”"),
        ("2018-13", "no month 13"),
        ("2018-00", "no month 00"),
        ("2018-09-31", "September 2018 has no day 31"),
        ("2018-09-00", "no day 00"),
        ("2019-02-29", "February 2019 has no day 29"),
        ("1900-02-29", "February 1900 has no day 29"),
        ("1899", "1899"),
        ("2101-01", "2101"),
        ("0000", "0000"),
        ("2018-9", "“2018-9”"),
        ("18-09-07", "“18-09-07”"),
        ("20180907", "“20180907”"),
        ("201X", "“201X”"),
        ("2018-21", "no month 21"),
        ("~2018", "“~2018”"),
        ("2018~?", "“2018~\\?”"),
        ("2018~-09", "“2018~-09”"),
        (" 2018", "“ 2018”"),
        ("2018\n", r"“2018\\n”"),
        ("2018\x00", r"“2018\\x00”"),
        ("２０１８", "“２０１８”"),
        ("٢٠١٨", "is not a date"),
        ("2018-02/08", "“08”"),
        ("2018-02/2018-13", "“2018-13”: there is no month 13"),
        ("2018/2019/2020", "more than one"),
        ("2019/2018", "ends before it begins"),
        ("2018-09-08/2018-09-07", "ends before it begins"),
        ("/", "neither a start nor an end"),
        ("../..", "neither a start nor an end"),
        ("..", "“..”"),
        ("2018/...", "“...”"),
        ("2018-02-01T00:00", "“2018-02-01T00:00”"),
        ("2018" * 11, "longer than 40"),
    ],
)
def test_a_text_that_is_no_date_is_refused_with_the_part_named(text: str, named: str) -> None:
    with pytest.raises(PartialDateError, match=named):
        parse(text)


@pytest.mark.parametrize(
    ("text", "english", "chinese"),
    [
        ("2018", "2018", "2018年"),
        ("2018-09", "September 2018", "2018年9月"),
        ("2018-09-07", "7 September 2018", "2018年9月7日"),
        ("2018~", "about 2018", "约2018年"),
        ("2018-09-07~", "about 7 September 2018", "约2018年9月7日"),
        ("2018-09-07?", "7 September 2018 (uncertain)", "2018年9月7日（存疑）"),
        ("2018-09%", "about September 2018 (uncertain)", "约2018年9月（存疑）"),
        ("2018-02/2018-08", "February to August 2018", "2018年2月至8月"),
        ("2018-06-14/2018-07-15", "14 June to 15 July 2018", "2018年6月14日至7月15日"),
        ("2019-04-18/2019-04-19", "18 to 19 April 2019", "2019年4月18日至19日"),
        ("2018-02/2018-05-04", "February to 4 May 2018", "2018年2月至5月4日"),
        ("2016-06-12/2016-06", "12 June 2016 to June 2016", "2016年6月12日至2016年6月"),
        ("2011-11/2012-02", "November 2011 to February 2012", "2011年11月至2012年2月"),
        ("2017/2017-09", "2017 to September 2017", "2017年至2017年9月"),
        ("2021-01/2021-10~", "January 2021 to about October 2021", "2021年1月至约2021年10月"),
        ("2018/2018", "2018", "2018年"),
        ("2020/..", "from 2020 on", "2020年起"),
        ("../2019-12", "until December 2019", "截至2019年12月"),
        ("2020/", "from 2020 (end not known)", "2020年起（结束时间不详）"),
        ("/2019-12", "until December 2019 (start not known)", "截至2019年12月（开始时间不详）"),
    ],
)
def test_a_date_reads_as_prose(text: str, english: str, chinese: str) -> None:
    assert display(text, "en") == english
    assert display(text, "zh-hans") == chinese


def test_display_refuses_another_language() -> None:
    with pytest.raises(ValueError, match="'de'"):
        display("2018", "de")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("2018", "2018"),
        (" 2018-09 ", "2018-09"),
        ("2018-09-07", "2018-09-07"),
        ("2018年", "2018"),
        ("2018年9月", "2018-09"),
        ("2018年09月", "2018-09"),
        ("2018年9月7日", "2018-09-07"),
        ("2018年12月31日", "2018-12-31"),
    ],
)
def test_a_bound_may_be_typed_in_chinese(typed: str, text: str) -> None:
    assert parse_bound(typed) == parse(text)


@pytest.mark.parametrize(
    "typed",
    ["", "2018/2019", "2018/9/7", "2018/..", "2018年13月", "2018年2月30日", "2018年7日", "9月", "1800年", "abc"],
)
def test_a_bound_is_one_existing_date(typed: str) -> None:
    with pytest.raises(PartialDateError):
        parse_bound(typed)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("2018", "2018-09-07", True),
        ("2018-09", "2018-10", False),
        ("2018-02/2018-08", "2018-08-31", True),
        ("2018-02/2018-08", "2018-09-01", False),
        ("../2017", "2017-12-31", True),
        ("../2017", "2018", False),
        ("2018/..", "2017/2018-01-01", True),
        ("2018/", "2017", False),
        ("2018/..", "../2018-01-01", True),
        ("2018/..", "../2017", False),
    ],
)
def test_overlap_counts_both_ends(a: str, b: str, expected: bool) -> None:
    assert overlaps(parse(a), parse(b)) is expected


@pytest.mark.parametrize(
    ("text", "months", "days"),
    [
        ("2018-02/2018-08", 7, 212),
        ("2018-09-07", 1, 1),
        ("2018", 12, 365),
        ("2020", 12, 366),
        ("2018-06-14/2018-07-15", 2, 32),
        ("2011-11-14/2012-02-14", 4, 93),
        ("2018/..", None, None),
        ("/2018", None, None),
    ],
)
def test_length_in_calendar_months_and_days(text: str, months: int | None, days: int | None) -> None:
    assert months_between(parse(text)) == months
    assert duration_days(parse(text)) == days


# Properties


@given(DAYS, st.sampled_from([4, 7, 10]), QUALIFIERS)
def test_a_single_date_means_all_days_that_begin_like_it(day: date, length: int, qualifier: str) -> None:
    text = day.isoformat()[:length]
    earliest, latest = span(text + qualifier)
    assert earliest is not None
    assert latest is not None
    assert earliest <= day <= latest
    one = timedelta(days=1)
    meant = [other.isoformat().startswith(text) for other in (earliest - one, earliest, latest, latest + one)]
    assert meant == [False, True, True, False]


@given(dates())
def test_every_date_is_kept_as_written_and_in_order(text: str) -> None:
    parsed = parse(text)
    assert parsed.text == text
    assert parsed.earliest is None or parsed.latest is None or parsed.earliest <= parsed.latest
    assert (parsed.earliest is None) == text.startswith(("/", "../"))
    assert (parsed.latest is None) == text.endswith(("/", "/.."))


@given(dates(), st.sampled_from(["en", "zh-hans"]))
def test_prose_names_no_number_that_is_not_written(text: str, language: str) -> None:
    numbers = {int(number) for number in text.translate({ord(c): " " for c in "-/~?%."}).split()}
    prose = display(text, language)  # type: ignore[arg-type]
    digits = "".join(c if c in "0123456789" else " " for c in prose)
    assert {int(number) for number in digits.split()} <= numbers


@given(dates(), dates())
def test_overlap_is_mutual_and_holds_where_a_day_is_shared(a: str, b: str) -> None:
    first, second = parse(a), parse(b)
    assert overlaps(first, second) == overlaps(second, first)
    lowest, highest = date.min, date.max
    shared = max(first.earliest or lowest, second.earliest or lowest) <= min(
        first.latest or highest, second.latest or highest
    )
    assert overlaps(first, second) == shared


@given(st.one_of(near_dates(), st.text(max_size=45)))
def test_any_text_is_read_or_refused(text: str) -> None:
    check_read_or_refused(text)


@pytest.mark.trust
@settings(max_examples=20_000, deadline=None)
@given(st.one_of(near_dates(), st.text(max_size=45)))
def test_any_text_is_read_or_refused_at_length(text: str) -> None:
    check_read_or_refused(text)


def check_read_or_refused(text: str) -> None:
    message = ""
    try:
        parsed = parse(text)
    except PartialDateError as problem:
        message = str(problem)
    if message:
        assert message.isprintable()
        return
    assert set(text) <= set("0123456789-/.~?%")
    assert len(text) <= 40
    assert all(day is None or 1900 <= day.year <= 2100 for day in (parsed.earliest, parsed.latest))
    assert display(text, "en")
    assert display(text, "zh-hans")
