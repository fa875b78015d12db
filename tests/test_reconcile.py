"""Two claims compared, two reports aligned, a series climbed: the rules, without a database."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import intervals, reconcile
from cases.claims import Claim, Days
from cases.reconcile import AGREE, AGREE_ROUNDED, CONTRADICT, LATER, REVISED, Decision

HACKING = ("hacking",)
INTRUSION = ("hacking", "hacking.intrusion")
FRAUD = ("fraud",)
NET_NET = ("net-net-2018",)
HALF = Days(date(2018, 2, 1), date(2018, 8, 31))
YEAR = Days(date(2018, 2, 1), date(2018, 12, 31))
BEFORE = Days(date(2017, 1, 1), date(2017, 12, 31))


def claim(phrase: str, value: int | str, qualifier: str = "exact", **fields) -> Claim:
    """Return a claim as it stands in the archive: its step and interval come from its words."""
    number = Decimal(value)
    step = intervals.step_for(phrase, number)
    defaults = {
        "id": 1,
        "report": 1,
        "measure": "cases_solved",
        "unit": "cases",
        "period": HALF,
        "campaign": NET_NET,
        "interval": intervals.interval(number, qualifier, step, phrase=phrase),
    }
    return Claim(value=number, step=step, qualifier=qualifier, **{**defaults, **fields})


@pytest.mark.parametrize(
    ("a", "b", "verdict", "factor", "power"),
    [
        (("57,519", 57519), ("5.7万余", 57000, "more_than"), AGREE_ROUNDED, None, None),
        (("nearly 9,000", 9000, "nearly"), ("over 8,900", 8900, "more_than"), AGREE_ROUNDED, None, None),
        (("15,000", 15000), ("nearly 15,000", 15000, "nearly"), AGREE_ROUNDED, None, None),
        (("62,000", 62000), ("61,720", 61720), AGREE_ROUNDED, None, None),
        (("more than 22,000", 22000, "more_than"), ("2.2万余", 22000, "more_than"), AGREE, None, None),
        (("43", 43), ("43", 43), AGREE, None, None),
        (("188 million", 188_000_000), ("188万余", 1_880_000, "more_than"), CONTRADICT, 100, 100),
        (("1.56", "1.56"), ("1.56 million", 1_560_000, "more_than"), CONTRADICT, 1_000_000, 1_000_000),
        (("256", 256), ("nearly 400", 400, "nearly"), CONTRADICT, Decimal("1.5625"), None),
        (("3,400", 3400), ("34,600", 34600), CONTRADICT, Decimal(34600) / 3400, 10),
        (("3,400", 3400), ("34,700", 34700), CONTRADICT, Decimal(34700) / 3400, None),
        (("0", 0), ("7", 7), CONTRADICT, None, None),
        (("hundreds of billions", 10**11, "several"), ("nearly 100 billion", 10**11, "nearly"), CONTRADICT, 2, None),
    ],
)
def test_two_numbers(a, b, verdict, factor, power):
    for one, other in ((claim(*a), claim(*b)), (claim(*b), claim(*a))):
        found = reconcile.compare(one, other)
        assert (found.verdict, found.factor, found.power_of_ten) == (verdict, factor, power)


@pytest.mark.parametrize(
    ("fields", "assumed"),
    [
        ({}, ()),
        ({"period": YEAR}, ("period",)),
        ({"period": None}, ("period_not_stated",)),
        ({"period": BEFORE}, None),
        ({"measure": "cases_received"}, None),
        ({"unit": "persons"}, None),
        ({"of_measure": "cases_solved"}, None),
        ({"places": frozenset({("340000",)})}, None),
        ({"case": 7}, None),
        ({"crime_types": frozenset({INTRUSION})}, ("crime_type",)),
        ({"crime_types": frozenset()}, ("crime_type_not_stated",)),
        ({"crime_types": frozenset({FRAUD})}, None),
        ({"crime_types": frozenset({HACKING, FRAUD})}, ("crime_type",)),
        ({"campaign": ()}, ("campaign_not_stated",)),
        ({"campaign": (*NET_NET, "inside")}, ("campaign",)),
        ({"campaign": ("net-net-2019",)}, None),
    ],
)
def test_what_is_compared_and_what_that_assumes(fields, assumed):
    a = claim("40", 40, crime_types=frozenset({HACKING}))
    b = replace(a, **fields)
    assert reconcile.assumptions(a, b) == reconcile.assumptions(b, a) == assumed


@pytest.mark.parametrize(
    ("unit", "period", "assumed"),
    [
        ("months", HALF, ()),
        ("months", YEAR, None),
        ("days", YEAR, None),
        ("months", None, ("period_not_stated",)),
        ("cases", YEAR, ("period",)),
    ],
)
def test_a_length_is_compared_only_where_the_same_time_is_measured(unit, period, assumed):
    a = claim("6", 6, measure="campaign_duration", unit=unit)
    b = replace(a, period=period)
    assert reconcile.assumptions(a, b) == reconcile.assumptions(b, a) == assumed


def test_one_case_is_one_scope_wherever_it_is_placed():
    told = claim("60", 60, case=10, places=frozenset({("440000", "445100")}))
    again = replace(told, places=frozenset({("440000",)}))
    assert reconcile.assumptions(told, again) == ("place",)


def pairs(one, other, decisions=None):
    return {(pair.a.id, pair.b.id): pair.verdict for pair in reconcile.align(one, other, decisions).pairs}


def test_agreeing_claims_are_aligned_before_near_ones():
    one = [claim("8,000", 8000, id=1), claim("33,000", 33000, id=2)]
    other = [claim("33,000", 33000, id=3, report=2), claim("7,400", 7400, id=4, report=2)]
    assert pairs(one, other) == {(2, 3): AGREE, (1, 4): CONTRADICT}


def test_what_is_left_over_is_only_here():
    one = [claim("8,000", 8000, id=1), claim("9,200", 9200, id=2)]
    found = reconcile.align(one, [claim("8,000", 8000, id=3, report=2)])
    assert [left.id for left in found.only_here] == [2]


def test_what_a_report_tells_twice_is_one_claim():
    one = [claim("9,000", 9000, id=1), claim("nearly 9,000", 9000, "nearly", id=2)]
    other = [claim("over 8,900", 8900, "more_than", id=3, report=2), claim("4,400", 4400, id=4, report=2)]
    assert pairs(one, other) == {(1, 3): AGREE_ROUNDED, (2, 3): AGREE_ROUNDED}


def test_a_slip_inside_one_text_is_found():
    one = [claim("188 million", 188_000_000, id=1), claim("1.88 million", 1_880_000, id=2)]
    assert [(p.a.id, p.b.id, p.found.power_of_ten) for p in reconcile.within(one)] == [(1, 2, 100)]
    assert pairs(one, [claim("1.88 million", 1_880_000, id=3, report=2)]) == {(1, 3): CONTRADICT, (2, 3): AGREE}


def test_a_part_does_not_contradict_its_whole():
    whole = claim("83,000", 83000, id=1)
    part = claim("550", 550, id=2, report=2, crime_types=frozenset({FRAUD}))
    assert pairs([whole], [part]) == {}
    assert pairs([whole], [replace(part, **vars_of(claim("84,000", 84000)))]) == {(1, 2): CONTRADICT}
    # A slip is one whatever the scope.
    assert pairs([claim("5,500", 5500, id=1)], [part]) == {(1, 2): CONTRADICT}


@pytest.mark.parametrize(
    ("value", "part", "other", "other_part", "verdict"),
    [
        (860, True, 9700, False, None),  # of those of minors and old people
        (860, False, 9700, False, CONTRADICT),
        (9700, True, 860, False, CONTRADICT),  # more than the whole
        (861, True, 60, True, None),  # may be two parts
        (860, True, 860, False, AGREE),
        (860, True, 860, True, AGREE),
        (860, True, 8600, False, CONTRADICT),  # a slip
    ],
)
def test_what_its_text_gives_as_a_part_does_not_contradict_a_whole(value, part, other, other_part, verdict):
    a = claim(str(value), value, id=1, part=part)
    b = claim(str(other), other, id=2, report=2, part=other_part)
    assert pairs([a], [b]).get((1, 2)) == pairs([b], [a]).get((2, 1)) == verdict


def test_a_part_is_no_slip_of_its_whole_inside_one_text():
    whole, part = claim("5,000", 5000, id=1), claim("500", 500, id=2)
    assert len(list(reconcile.within([whole, part]))) == 1
    assert list(reconcile.within([whole, replace(part, part=True)])) == []


def test_a_part_is_no_rung_of_a_series():
    whole, part = claim("13,000", 13000, id=1), claim("861", 861, id=2, report=2)
    assert reconcile.succession(whole, part).verdict == REVISED
    assert reconcile.succession(whole, replace(part, part=True)) is None
    assert reconcile.succession(replace(whole, part=True), part).verdict == REVISED  # more than the whole
    again = replace(part, id=3, report=3, part=True)
    assert reconcile.succession(replace(part, part=True), again).verdict == AGREE


def vars_of(other: Claim) -> dict[str, object]:
    return {"value": other.value, "interval": other.interval, "step": other.step}


def test_editors_align_part_and_overrule():
    one, other = [claim("500", 500, id=1)], [claim("70", 70, id=3, report=2), claim("500", 500, id=4, report=2)]
    assert pairs(one, other) == {(1, 4): AGREE}
    assert pairs(one, other, {frozenset({1, 3}): Decision("align", "the same raid")}) == {(1, 3): CONTRADICT}
    assert pairs(one, other, {frozenset({1, 4}): Decision("part", "another raid")}) == {(1, 3): CONTRADICT}
    overruled = reconcile.align(one, other, {frozenset({1, 3}): Decision("agree", "a misprint")})
    assert [(pair.verdict, pair.editors) for pair in overruled.pairs] == [(AGREE, "a misprint")]
    # Whatever they say, a unit is not mixed with another.
    assert pairs(one, [replace(other[0], unit="persons")], {frozenset({1, 3}): Decision("align", "no")}) == {}


def test_a_series_grows_or_is_revised():
    first, grown = claim("22,000", 22000, id=1), claim("57,519", 57519, id=2, report=2, period=YEAR)
    assert reconcile.succession(grown, first).verdict == LATER
    assert reconcile.succession(grown, first).a is first
    fallen = claim("20,100", 20100, id=2, report=2, period=YEAR)
    assert reconcile.succession(first, fallen).verdict == REVISED
    same_day = claim("25,100", 25100, id=2, report=2)
    assert reconcile.succession(first, same_day).verdict == REVISED
    assert reconcile.succession(first, replace(grown, campaign=("net-net-2019",))) is None
    assert reconcile.succession(first, replace(grown, period=BEFORE)) is None


def test_a_ladder_has_one_rung_for_each_release():
    reports = [
        claim("22,000", 22000, id=1, report=1),
        claim("22,100", 22100, id=2, report=2),  # of the same release
        claim("37,000", 37000, id=3, report=3, period=replace(HALF, last=date(2018, 10, 31))),
        claim("57,519", 57519, id=4, report=4, period=YEAR),
    ]
    steps = list(reconcile.ladder(reports, {1: [8], 2: [8], 3: [9]}))
    assert [(step.a.id, step.b.id, step.verdict) for step in steps] == [(1, 3, LATER), (3, 4, LATER)]


# --- whatever is claimed ----------------------------------------------------------------------------------------------

PHRASES = st.one_of(
    st.tuples(st.integers(0, 10**6), st.sampled_from(["exact", "more_than", "nearly", "about", "at_least"])).filter(
        lambda pair: pair[0] > 0 or pair[1] == "exact"
    ),
)


@st.composite
def claims(draw, report: int, ids: st.SearchStrategy[int] | None = None) -> Claim:
    value, qualifier = draw(PHRASES)
    zeros = draw(st.integers(0, 3))
    value = value // 10**zeros * 10**zeros or 10
    return claim(
        f"{value}",
        value,
        qualifier,
        report=report,
        measure=draw(st.sampled_from(["cases_solved", "suspects_arrested"])),
        unit=draw(st.sampled_from(["cases", "persons"])),
        period=draw(st.sampled_from([None, HALF, YEAR, BEFORE])),
        places=draw(st.sampled_from([frozenset(), frozenset({("000000",)}), frozenset({("340000",)})])),
        crime_types=draw(st.sampled_from([frozenset(), frozenset({HACKING}), frozenset({INTRUSION})])),
        campaign=draw(st.sampled_from([(), NET_NET])),
        case=draw(st.sampled_from([None, None, 10])),
        part=draw(st.booleans()),
    )


def reports(count: int):
    """Return a strategy for some reports, whose claims all have ids of their own."""

    def numbered(told: list[list[Claim]]) -> list[list[Claim]]:
        counter = iter(range(1, 1000))
        return [[replace(c, id=next(counter)) for c in of_report] for of_report in told]

    return st.tuples(*(st.lists(claims(n), max_size=5) for n in range(1, count + 1))).map(list).map(numbered)


def said(alignment: reconcile.Alignment) -> set[tuple[frozenset[int], str, object, tuple[str, ...]]]:
    return {(frozenset({p.a.id, p.b.id}), p.verdict, p.found.factor, p.assumed) for p in alignment.pairs}


@given(reports(2))
def test_alignment_is_symmetric(told):
    one, other = told
    there, back = reconcile.align(one, other), reconcile.align(other, one)
    assert said(there) == said(back)
    assert {c.id for c in there.only_here} == {c.id for c in back.only_here}


@given(reports(2))
def test_units_measures_and_scopes_are_never_mixed(told):
    for pair in reconcile.align(*told).pairs:
        assert pair.a.counts == pair.b.counts
        assert pair.a.case == pair.b.case
        assert pair.a.case is not None or pair.a.places == pair.b.places
        assert not pair.a.period or not pair.b.period or pair.a.period.overlaps(pair.b.period)


@given(reports(2))
def test_every_claim_is_paired_or_only_here(told):
    found = reconcile.align(*told)
    paired = {c.id for pair in found.pairs for c in (pair.a, pair.b)}
    assert paired | {c.id for c in found.only_here} == {c.id for of_report in told for c in of_report}
    assert not paired & {c.id for c in found.only_here}


@given(claims(1), st.integers(0, 10**6))
def test_an_exact_value_inside_an_interval_never_contradicts_it(rounded, value):
    exact = replace(claim(f"{value}", value), id=2)
    if rounded.interval.contains(Decimal(value)):
        assert reconcile.compare(exact, rounded).verdict in (AGREE, AGREE_ROUNDED)


@given(reports(3))
def test_another_report_changes_nothing_between_two(told):
    one, other, third = told
    before = said(reconcile.align(one, other))
    reconcile.align(one, third)
    reconcile.align(third, other)
    assert said(reconcile.align(one, other)) == before
