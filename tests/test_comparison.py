"""Across campaign years, without a database: ladders, which claim stands for others, breaks, stated changes."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases import comparison, intervals, partial_dates
from cases.comparison import Claim, Rung, check_change, entries, rungs
from cases.intervals import Interval

few = settings(max_examples=60, derandomize=True, deadline=None)


def claim(pk, value, qualifier="exact", period="2018-02/2018-12", step=None, **fields):
    value = Decimal(value)
    step = Decimal(step) if step else intervals.step_for(str(value), value)
    allowed = intervals.interval(abs(value), qualifier, step)
    allowed = allowed.mirrored() if value < 0 else allowed
    first, last = partial_dates.span(period) if period else (None, None)
    return Claim(pk, value, qualifier, step, allowed, period=period, first=first, last=last, **fields)


def line(*found):
    """Return a line of entries, each given as year, name and claims."""
    made = entries((year, f"{name}-{year}", f"{name} {year}", claims) for year, name, claims in found)
    return comparison.Line("cases_solved", "cases", ("000000",), (), made)


# --- ladders --------------------------------------------------------------------------------------------------------


def test_counts_of_one_campaign_at_two_dates_are_two_rungs_and_the_last_is_the_result():
    ladder = rungs([claim(1, 57_519), claim(2, 22_000, "more_than", "2018-02/2018-08"), claim(3, 57_000, "more_than")])
    assert [(rung.end, len(rung.claims)) for rung in ladder] == [((2018, 8), 1), ((2018, 12), 2)]
    assert ladder[-1].leading().value == 57_519
    assert [rung.months for rung in ladder] == [7, 11]


def test_counts_up_to_days_of_one_month_stand_on_one_rung():
    ladder = rungs([claim(1, 37_000, period="2021-01/2021-10-14"), claim(2, 37_000, period="2021-01/2021-10~")])
    assert len(ladder) == 1


def test_a_part_of_the_same_thing_never_stands_for_the_whole():
    (rung,) = rungs([claim(1, 900, is_part=True), claim(2, 22_000, "more_than")])
    assert rung.leading().id == rung.leading("low").id == 2
    ladder = rungs([claim(1, 900, period="2018-02/2019-12", is_part=True), claim(2, 22_000)])
    assert ladder[-1].leading().id == 2


def test_what_states_no_time_comes_first_and_has_no_length():
    ladder = rungs([claim(1, 5, period=""), claim(2, 4)])
    assert [rung.months for rung in ladder] == [None, 11]


# --- which claim stands for others ----------------------------------------------------------------------------------


def rung(*claims):
    (found,) = rungs(claims)
    return found


def test_what_most_claims_can_be_true_beside_comes_before_digits():
    found = rung(claim(1, 33_000, "more_than"), claim(2, 33_000, "more_than"), claim(3, 33_000), claim(4, 7_001))
    assert found.leading().id == 1
    assert not found.agrees
    assert found.is_decided


def test_digits_come_before_what_is_stated_more_often():
    found = rung(claim(1, 57_000, "more_than"), claim(2, 57_000, "more_than"), claim(3, 57_519))
    assert (found.leading().id, found.agrees) == (3, True)


def test_where_no_claim_has_more_than_half_beside_it_none_is_chosen():
    assert not rung(claim(1, 566_000), claim(2, 55_000), claim(3, 25_000)).is_decided
    assert rung(claim(1, 566_000), claim(2, 55_000, preferred=True), claim(3, 25_000)).is_decided


def test_the_editors_preference_comes_first():
    found = rung(claim(1, 33_000, "more_than"), claim(2, 33_000, "more_than"), claim(3, 7_000, preferred=True))
    assert found.leading().id == 3


def test_the_lowest_and_the_highest_are_those_of_the_bounds():
    found = rung(claim(1, 33_000, "more_than"), claim(2, 34_000), claim(3, 33_000, "about"))
    assert (found.leading("low").id, found.leading("high").id) == (3, 2)
    assert rung(claim(1, 9, "at_least"), claim(2, 1_000)).leading("high").id == 1


NUMBERS = st.lists(
    st.tuples(st.integers(1, 60).map(lambda n: n * 1_000), st.sampled_from(["exact", "more_than", "nearly", "about"])),
    min_size=1,
    max_size=7,
)


@few
@given(numbers=NUMBERS, data=st.data())
def test_the_choice_is_one_of_the_claims_whatever_their_order(numbers, data):
    claims = [claim(pk, *number) for pk, number in enumerate(numbers)]
    found = rung(*claims)
    again = rung(*data.draw(st.permutations(claims)))
    for number in comparison.NUMBERS:
        assert found.leading(number) in claims
        assert found.leading(number) == again.leading(number)
    assert found.leading("low").interval.low <= found.leading().interval.low
    assert found.leading("high").interval.high >= found.leading().interval.high


@few
@given(numbers=NUMBERS)
def test_claims_agree_just_if_every_two_of_them_meet_or_touch(numbers):
    claims = [claim(pk, *number) for pk, number in enumerate(numbers)]
    every_two = all(a.interval.overlaps(b.interval) or a.interval.touches(b.interval) for a in claims for b in claims)
    assert rung(*claims).agrees == every_two


# --- breaks ---------------------------------------------------------------------------------------------------------

YEAR = "{0}-01/{0}-12"


def reasons(found):
    return [(broken.before.year, broken.after.year, broken.reasons) for broken in found.breaks]


def joined(found):
    return [(a.year, b.year) for a, b in found.unbroken]


def counted(*years, name="Net Net", period=YEAR):
    return [(year, name, [claim(year, 1_000, period=period.format(year))]) for year in years]


def test_one_series_over_as_many_months_year_after_year_is_unbroken():
    found = line(*counted(2020, 2021, 2022))
    assert (reasons(found), joined(found)) == ([], [(2020, 2021), (2021, 2022)])


def test_a_year_without_a_figure_is_a_break_and_joins_nothing():
    found = line(*counted(2020, 2022))
    assert (reasons(found), joined(found)) == ([(2020, 2022, ("no_figure",))], [])


def test_another_campaign_or_length_is_a_break():
    found = line(*counted(2020), *counted(2021, name="Other"), *counted(2022, name="Other", period="{0}-03/{0}-12"))
    assert reasons(found) == [(2020, 2021, ("other_campaign",)), (2021, 2022, ("other_length",))]
    assert joined(found) == []


def test_a_length_that_is_not_known_is_not_taken_for_the_same():
    found = line((2020, "Net Net", [claim(1, 5, period="")]), (2021, "Net Net", [claim(2, 5, period="")]))
    assert reasons(found) == [(2020, 2021, ("unknown_length",))]


def test_a_series_goes_on_beside_other_campaigns_of_the_year():
    found = line(*counted(2020, 2021), *counted(2021, name="Summer action", period="{0}-06/{0}-08"))
    assert (reasons(found), joined(found)) == ([], [(2020, 2021)])


@few
@given(years=st.lists(st.integers(2010, 2025), min_size=1, max_size=8, unique=True))
def test_no_line_ever_crosses_a_gap(years):
    assert all(after - before == 1 for before, after in joined(line(*counted(*years))))


@pytest.mark.parametrize(
    ("name", "series"),
    [
        ("Net Net 2018", "Net Net"),
        ("Clean-up of the online black market 2011-2012", "Clean-up of the online black market"),
        ("净网 2018", "净网"),
        ("Break the Cards", "Break the Cards"),
    ],
)
def test_a_series_is_a_name_without_its_year(name, series):
    assert comparison.series_of(name) == series


# --- stated changes -------------------------------------------------------------------------------------------------


def percent(value, qualifier="exact", step="0.1"):
    value, step = Decimal(value), Decimal(step)
    allowed = intervals.interval(value, qualifier, step, signed=True)
    return Claim(99, value, qualifier, step, allowed)


def at(*claims):
    return Rung((2020, 1), (2020, 12), claims)


def test_a_change_that_the_figures_allow_is_confirmed_with_its_bounds():
    check = check_change(percent("10.7"), at(claim(1, 56_000)), at(claim(2, 62_000, "more_than")))
    assert check.verdict == "confirmed"
    assert (round(check.low, 1), round(check.high, 1)) == (Decimal("10.7"), Decimal("12.5"))


def test_a_change_that_they_exclude_is_refuted():
    check = check_change(percent("25.0"), at(claim(1, 56_000)), at(claim(2, 62_000, "more_than")))
    assert check.verdict == "refuted"
    assert (check.base.id, check.result.id) == (1, 2)


def test_any_claims_of_both_times_may_confirm_it():
    base = at(claim(1, 56_000), claim(3, 50_000))
    check = check_change(percent("24.0"), base, at(claim(2, 62_000)))
    assert (check.verdict, check.base.id) == ("confirmed", 3)


@pytest.mark.parametrize(
    ("base", "result", "verdict"), [(None, at(claim(1, 5)), "no_base"), (at(claim(1, 5)), None, "no_result")]
)
def test_without_a_figure_of_one_time_nothing_is_said(base, result, verdict):
    assert check_change(percent("10.7"), base, result).verdict == verdict


def test_a_fall_and_bounds_that_are_missing():
    assert check_change(percent("-50", step="10"), at(claim(1, 200)), at(claim(2, 100))).verdict == "confirmed"
    assert comparison.change(intervals.exactly(Decimal(0)), intervals.exactly(Decimal(5))) == (-100, None)
    assert comparison.change(Interval(Decimal(5), None, True, False), intervals.exactly(Decimal(5))) == (-100, 0)


@few
@given(base=st.integers(1, 10**6), result=st.integers(0, 10**6))
def test_a_change_reckoned_from_two_exact_numbers_is_never_refuted(base, result):
    exact = (Decimal(result) / base - 1) * 100
    stated = percent(exact.quantize(Decimal("0.1"), "ROUND_HALF_UP"))
    check = check_change(stated, at(claim(1, base, step=1)), at(claim(2, result, step=1)))
    assert check.verdict == "confirmed"


def test_the_months_of_a_day():
    assert comparison.month_of(date(2018, 9, 7)) == (2018, 9)
    assert comparison.years_without([2012, 2015, 2016]) == [2013, 2014]
