"""The rules as the database knows them agree with the rules as Python knows them, on what is valid and what is not."""

import unicodedata
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from django.db import DataError, connection, transaction
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cases.intervals import QUALIFIERS, Interval, IntervalError, interval
from cases.partial_dates import PartialDateError, overlaps, parse, span
from cases.squash import GAPS, squash
from tests.test_partial_dates import dates, near_dates

pytestmark = pytest.mark.django_db

FUNCTIONS = ["claim_interval", "edtf_span", "squash"]


def select(expression: str, *params: Any) -> tuple[Any, ...]:
    """Return the row that one SELECT gives."""
    with connection.cursor() as cursor:
        cursor.execute(f"select {expression}", params)
        row: tuple[Any, ...] = cursor.fetchone()
    return row


# Dates

REFUSED = "22007"  # invalid_datetime_format


def sql_span(text: str) -> tuple[date | None, date | None] | str:
    """Return the earliest and latest day by the database, or the SQLSTATE it refused the text with."""
    try:
        with transaction.atomic():
            earliest, after, empty = select("lower(s), upper(s), isempty(s) from edtf_span(%s) s", text)
    except DataError as problem:
        return getattr(problem.__cause__, "sqlstate", "no reason")
    assert not empty
    return earliest, after and after - timedelta(days=1)


def python_span(text: str) -> tuple[date | None, date | None] | str:
    try:
        return span(text)
    except PartialDateError:
        return REFUSED


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=45)


@given(dates())
def test_a_date_means_the_same_days(text: str) -> None:
    assert sql_span(text) == span(text)


@example("")
@example("/")
@example("..")
@example("../..")
@example("2018/2017")
@example("2018//")
@example("2018/2019/")
@example("2019-02-29")
@example("1900-02-29")
@example("1899-12-31")
@example("2101")
@example("2018-00")
@example("2018-01-00")
@example("2018-04-31")
@example("2018\n")
@example("２０１８")
@example("2018" + " " * 40)
@given(st.one_of(near_dates(), TEXTS))
def test_the_same_texts_are_refused(text: str) -> None:
    assert sql_span(text) == python_span(text)


@pytest.mark.trust
@settings(max_examples=5_000, deadline=None)
@given(st.one_of(dates(), near_dates(), TEXTS))
def test_dates_agree_at_length(text: str) -> None:
    assert sql_span(text) == python_span(text)


@given(dates(), dates())
def test_dates_overlap_alike(a: str, b: str) -> None:
    assert select("edtf_span(%s) && edtf_span(%s)", a, b) == (overlaps(parse(a), parse(b)),)


# Intervals

Claim = tuple[Decimal | None, str | None, Decimal | None, Decimal | None, bool | None]


def sql_interval(claim: Claim) -> Interval | None:
    low, high, low_closed, high_closed, empty = select(
        "lower(i), upper(i), lower_inc(i), upper_inc(i), isempty(i)"
        " from claim_interval(%s::numeric, %s::text, %s::numeric, %s::numeric, %s::boolean) i",
        *claim,
    )
    assert empty is not True
    return None if empty is None else Interval(low, high, low_closed, high_closed)


def python_interval(claim: Claim) -> Interval | None:
    value, qualifier, step, high, signed = claim
    if value is None or qualifier is None:
        return None
    try:
        return interval(value, qualifier, step, high, signed=bool(signed))
    except IntervalError:
        return None


NUMBERS = st.one_of(
    st.integers(-50, 50).map(Decimal),
    st.decimals(-(10**13), 10**13, places=3),
    st.sampled_from([Decimal("NaN"), Decimal("Infinity"), Decimal("-Infinity"), Decimal("0.00"), Decimal("1E+3")]),
)
CLAIMS = st.tuples(
    st.one_of(NUMBERS, NUMBERS, st.none()),
    st.sampled_from([*QUALIFIERS, "range", "roughly", "", None]),
    st.one_of(st.integers(-2, 12).map(lambda power: Decimal(10) ** power), NUMBERS, st.none()),
    st.one_of(st.none(), st.none(), NUMBERS),
    st.sampled_from([False, True, None]),
)


@example((Decimal(22000), "more_than", Decimal(1000), None, False))
@example((Decimal(0), "less_than", Decimal(1), None, False))
@example((Decimal(0), "less_than", Decimal(1), None, True))
@example((Decimal(-30), "up_to", Decimal(10), None, True))
@example((Decimal(5), "range", None, Decimal(5), False))
@example((Decimal(5), "range", None, Decimal(4), False))
@given(CLAIMS)
def test_a_claim_has_the_same_interval(claim: Claim) -> None:
    assert sql_interval(claim) == python_interval(claim)


VALUES = (Decimal(-30), Decimal(0), Decimal(30))


@pytest.mark.parametrize("qualifier", QUALIFIERS)
def test_each_kind_of_claim_has_the_same_interval(qualifier: str) -> None:
    for value, step, high, signed in product(VALUES, (Decimal(10), None), (Decimal(50), None), (False, True)):
        claim = (value, qualifier, step, high, signed)
        assert sql_interval(claim) == python_interval(claim), claim


@pytest.mark.trust
@settings(max_examples=5_000, deadline=None)
@given(CLAIMS)
def test_claims_agree_at_length(claim: Claim) -> None:
    assert sql_interval(claim) == python_interval(claim)


@pytest.mark.parametrize("qualifier", QUALIFIERS)
@pytest.mark.parametrize("high", [Decimal(3), None])
def test_constant_arguments_do_not_raise(qualifier: str, high: Decimal | None) -> None:
    """The planner computes parts of an inlined function in advance; none of them may fail."""
    written = "null" if high is None else str(high)
    claim = f"claim_interval(5, q, 1, {written}, false)"
    assert select(f"{claim}::text from (values (%s)) v (q)", qualifier) == select(
        "claim_interval(%s::numeric, %s, %s::numeric, %s::numeric, %s)::text", Decimal(5), qualifier, 1, high, False
    )


# Phrases

# Characters that Unicode 3.2 knew: every version since normalises them alike, whichever the database has.
OLD = st.characters(exclude_categories=["Cs", "Cn"], exclude_characters="\x00").filter(
    lambda c: unicodedata.ucd_3_2_0.category(c) != "Cn"
)
PHRASES = st.text(
    st.one_of(OLD, st.sampled_from([*GAPS, *"净網２０１８（）：ｅ\u0301\u00a8\u3000\u00a0\u2003ﬁ㈱ａ"])), max_size=40
)


@example("净网\u3000２０１８ 行动\u200b")
@example("a\u00a8")
@given(PHRASES)
def test_phrases_are_squashed_alike(text: str) -> None:
    assert select("squash(%s)", text) == (squash(text),)


@given(PHRASES)
def test_a_squashed_phrase_has_no_gap_left(text: str) -> None:
    squashed = squash(text)
    assert squash(squashed) == squashed
    assert not any(character.isspace() for character in squashed)


@pytest.mark.parametrize(
    ("text", "squashed"),
    [
        ("净网\u3000２０１８", "净网2018"),
        ("a\u00a0b\u2003c\td\ne", "abcde"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("（约２．２万）", "(约2.2万)"),
        ("e \u0301", "é"),
        ("", ""),
    ],
)
def test_squash_takes_out_gaps_and_width(text: str, squashed: str) -> None:
    assert squash(text) == squashed
    assert select("squash(%s)", text) == (squashed,)


def test_both_know_the_same_gaps() -> None:
    every = [chr(code) for code in range(1, 0x3100)]
    rows = select(f"array[{', '.join(['squash(%s)'] * len(every))}]", *every)[0]
    assert [c for c, left in zip(every, rows, strict=True) if not left] == [c for c in every if not squash(c)]
    assert {c for c in every if c.isspace()} <= {c for c in every if not squash(c)}


# The functions themselves


def test_nothing_stated_is_nothing_known() -> None:
    assert select("edtf_span(null), squash(null), claim_interval(null, null, null, null, null)") == (None, None, None)


def test_the_functions_may_stand_in_columns_and_indexes() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select proname, provolatile, proparallel from pg_proc"
            " where proname = any(%s) and pronamespace = current_schema()::regnamespace order by proname",
            [FUNCTIONS],
        )
        assert cursor.fetchall() == [(name, "i", "s") for name in FUNCTIONS]


def test_the_functions_work_in_a_restore() -> None:
    """pg_restore computes generated columns and checks with an empty search_path."""
    (schema,) = select("current_schema()")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set local search_path = ''")
        cursor.execute(
            f"select {schema}.edtf_span('2018-02/2018-08')::text, {schema}.squash('a b'),"
            f" {schema}.claim_interval(22000, 'more_than', 1000, null, false)::text"
        )
        assert cursor.fetchone() == ("[2018-02-01,2018-09-01)", "ab", "[22000,23000)")
        cursor.execute("set local search_path to default")
