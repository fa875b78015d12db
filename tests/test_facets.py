"""A number beside a value is what choosing it gives: against the model, and by following the site's own links."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.models import Place
from tests import oracle
from tests.factories import make_announcement, make_case
from tests.oracle import State
from tests.test_filters import LISTS, WORDS, ask, few, many

pytestmark = pytest.mark.django_db

LISTED_WHOLE = ("year", "province", "kind", "language", "role")
TREES = ("crime_type", "place")


def toggled(state, facet, value):
    """Return the parameters after a click on a value: chosen, or no longer chosen or left out."""
    pairs = state.pairs()
    without = [pair for pair in pairs if pair not in ((facet, value), (f"{facet}.not", value))]
    return sorted(without if len(without) < len(pairs) else [*pairs, (facet, value)])


def asked(url):
    return parse_qsl(urlsplit(url).query)


def check_counts(state, results):
    """Every number is the model's, and every value that would give something is listed."""
    for facet in results.facets:
        listed = {value.value: value for value in facet.flat()}
        assert len(listed) == len(facet.flat()), f"{facet.key} lists a value twice"
        expected = oracle.counts(state, facet.key)
        shown = {name: value.count for name, value in listed.items()}
        assert shown == {name: expected.get(name, 0) for name in shown}, facet.key
        chosen, excluded = state.chosen.get(facet.key, []), state.excluded.get(facet.key, [])
        assert {name for name, value in listed.items() if value.selected} == set(chosen)
        assert {name for name, value in listed.items() if value.excluded} == set(excluded)
        if facet.key not in TREES:
            assert set(expected) <= set(listed), facet.key
        if "none" in listed:
            assert facet.values[-1].value == "none"
        for value in listed.values():
            assert sorted(asked(value.url)) == toggled(state, facet.key, value.value)


def check_shape(state, results):
    """Closed facets are whole; trees show their roots, and the children of what is chosen under it."""
    facets = {facet.key: facet for facet in results.facets}
    assert list(facets) == [name for name in oracle.ORDER if name in oracle.FACETS[state.kind]]
    for name in LISTED_WHOLE:
        if name in facets:
            none = ["none"] if name in oracle.HAVE_NONE else []
            listed = [value.value for value in facets[name].values]
            assert set(listed) == {*oracle.vocabulary(state.kind, name), *none}
    years = [value.value for value in facets["year"].values]
    assert years == [*sorted(years[:-1], reverse=True), "none"]
    for value in facets["crime_type"].flat():
        open_or_above = value.selected or any(child.selected or child.excluded for child in _below(value))
        wanted = [code for code, t in oracle.crime_types().items() if t["parent"] == value.value]
        assert [child.value for child in value.children] == (wanted if open_or_above else [])
    roots = [code for code, t in oracle.crime_types().items() if not t["parent"]]
    assert [value.value for value in facets["crime_type"].values][: len(roots)] == roots
    places = {value.value: value for value in facets["place"].flat()}
    for code in [c for c in state.chosen.get("place", []) if c != "none"]:
        wanted = {c for c, place in oracle.places().items() if place["parent"] == code}
        assert {child.value for child in places[code].children} == wanted
    for slug in [slug for slug in state.chosen.get("province", []) if slug != "none"]:
        wanted = {c for c, place in oracle.places().items() if place["parent"] == oracle.provinces()[slug]}
        assert wanted <= set(places)


def _below(value):
    return [found for child in value.children for found in (child, *_below(child))]


def check_link(state, facet, value, words=()):
    """Choosing a value alone in its facet gives as many records as the number beside it says."""
    alone = ask(state.kind, [*state.alone(facet.key, value.value).pairs(), *words])
    assert alone.total == value.count, (facet.key, value.value)
    # The click itself leads there where nothing else is chosen in the facet.
    if not state.chosen.get(facet.key) and not value.excluded:
        assert ask(state.kind, QueryDict(urlsplit(value.url).query).urlencode()).total == value.count


@LISTS
@few
@given(data=st.data())
def test_every_number_is_what_choosing_the_value_gives(kind, data):
    state = data.draw(oracle.states(kind))
    results = ask(kind, state.pairs())
    assert not results.errors
    check_counts(state, results)
    check_shape(state, results)
    values = [(facet, value) for facet in results.facets for value in facet.flat()]
    telling = [pair for pair in values if pair[1].count or pair[1].selected or pair[1].excluded] or values
    for facet, value in data.draw(st.lists(st.sampled_from(telling), min_size=3, max_size=6)):
        check_link(state, facet, value)


@LISTS
@settings(few, max_examples=10)
@given(data=st.data())
def test_every_number_beside_words_is_what_choosing_the_value_gives(kind, data):
    state, words = data.draw(oracle.states(kind, most=2)), [("q", data.draw(st.sampled_from(WORDS)))]
    values = [(facet, value) for facet in ask(kind, [*state.pairs(), *words]).facets for value in facet.flat()]
    for facet, value in data.draw(st.lists(st.sampled_from(values), min_size=4, max_size=8)):
        check_link(state, facet, value, words)


@pytest.mark.trust
@LISTS
@settings(many, max_examples=1_000)
@given(data=st.data())
def test_every_number_is_what_choosing_the_value_gives_at_length(kind, data):
    state = data.draw(oracle.states(kind, most=6))
    results = ask(kind, state.pairs())
    check_counts(state, results)
    check_shape(state, results)
    values = [(facet, value) for facet in results.facets for value in facet.flat()]
    for facet, value in data.draw(st.lists(st.sampled_from(values), min_size=5, max_size=15)):
        check_link(state, facet, value)


@pytest.mark.trust
@LISTS
def test_every_link_of_a_plain_list_leads_where_its_number_says(kind):
    guangdong = State(kind, chosen={"province": ["guangdong"]})
    for state in (State(kind), guangdong, State(kind, excluded={"year": ["none"]})):
        results = ask(kind, state.pairs())
        for facet in results.facets:
            for value in facet.flat():
                check_link(state, facet, value)


# --- the rules one by one -------------------------------------------------------------------------------------------


@LISTS
def test_a_list_without_parameters_counts_the_whole_archive(kind):
    state = State(kind)
    results = ask(kind, [])
    check_counts(state, results)
    check_shape(state, results)


@pytest.mark.parametrize(
    "chosen",
    [
        {"place": ["none"]},
        {"place": ["none"], "role": ["arrest"]},
        {"place": ["340000", "none"], "year": ["2018", "none"]},
        {"province": ["none"]},
        {"province": ["national", "none"], "crime_type": ["none"]},
        {"campaign": ["none"], "publisher": ["xinhua"]},
    ],
    ids=str,
)
@LISTS
def test_not_stated_is_counted_like_a_value(kind, chosen):
    if kind == "cases" or "role" not in chosen:
        state = State(kind, chosen)
        check_counts(state, ask(kind, state.pairs()))


def facet(results, key):
    return next(facet for facet in results.facets if facet.key == key)


@pytest.mark.parametrize(
    ("kind", "key", "value"),
    [
        ("announcements", "year", "1999"),
        ("announcements", "province", "tibet"),
        ("announcements", "place", "540100"),
        ("announcements", "crime_type", "hacking.malware"),
        ("announcements", "campaign", "net-net-2018"),
        ("announcements", "publisher", "xinhua"),
        ("announcements", "kind", "case_list"),
        ("announcements", "place", "none"),
        ("cases", "role", "victims"),
        ("figures", "measure", "weapons_seized"),
        ("figures", "unit", "GBP"),
        ("figures", "qualifier", "up_to"),
    ],
)
@pytest.mark.parametrize("suffix", ["", ".not"])
def test_a_chosen_value_never_disappears(kind, key, value, suffix):
    results = ask(kind, f"{key}{suffix}={value}&after=2026&before=2010")  # nothing is left
    assert results.total == 0
    shown = next(v for v in facet(results, key).flat() if v.value == value)
    assert shown.selected == (suffix == "")
    assert shown.excluded == (suffix == ".not")
    assert shown.count == 0
    assert value != "none" or facet(results, key).values[-1] is shown
    assert (f"{key}{suffix}", value) not in asked(shown.url)


def test_zeros_are_listed_where_a_facet_is_closed_and_only_there():
    results = ask("announcements", "campaign=net-net-2018&year=1999")
    provinces = facet(results, "province").values
    assert len(provinces) == 34 + 2  # national and none
    assert [value.value for value in provinces][-2:] == ["national", "none"]
    assert all(value.count == 0 for value in provinces)
    assert [value.value for value in facet(results, "publisher").values] == []
    assert [value.value for value in facet(results, "campaign").values] == ["net-net-2018", "none"]


def test_the_children_of_a_chosen_province_are_listed_as_places():
    places = facet(ask("cases", "province=anhui"), "place").flat()
    assert {value.value for value in places} == set(Place.objects.filter(parent="340000").values_list("pk", flat=True))
    assert facet(ask("cases", ""), "place").flat() == []


def test_the_children_of_chosen_places_are_listed_under_them():
    (hefei,) = facet(ask("cases", "place=340100"), "place").values
    assert hefei.selected
    assert {child.parent for child in hefei.children} == {"340100"}
    assert "340102" in {child.value for child in hefei.children}


def test_a_tree_opens_where_something_below_is_chosen_or_left_out():
    for query in ("crime_type=hacking", "crime_type=hacking.malware", "crime_type.not=hacking.malware"):
        shown = {value.value: value for value in facet(ask("cases", query), "crime_type").values}
        assert "hacking.intrusion" in {child.value for child in shown["hacking"].children}
        assert shown["fraud"].children == []


def test_numbers_follow_a_role_and_a_place_stated_of_each_other(commit):
    case = make_case(make_announcement(status="published"))
    for code, role in (("340100", "arrest"), ("340102", "scene"), ("440100", "victims"), ("440100", "arrest")):
        case.case_places.create(announcement=case.announcement, place_id=code, role=role)
    commit()
    own = f"publisher={case.announcement.publisher.slug}"

    def count(query, key):
        return {v.value: v.count for v in facet(ask("cases", f"{own}&{query}"), key).flat() if v.count}

    assert count("", "role") == {"arrest": 1, "scene": 1, "victims": 1}
    assert count("province=anhui", "role") == {"arrest": 1, "scene": 1}
    assert count("place=340102", "role") == {"scene": 1}
    assert count("role=scene", "province") == {"anhui": 1}
    assert count("role=arrest&role=victims", "province") == {"anhui": 1, "guangdong": 1}
    assert count("role=victims&province=anhui", "province") == {"guangdong": 1}
    assert count("role=arrest&province=anhui", "place") == {"340100": 1}


def test_a_role_with_every_province_and_a_hundred_places_is_counted_like_any_other():
    provinces = [("province", slug) for slug in oracle.provinces()]
    large = Place.objects.filter(level="prefecture", code__gte="130000").values_list("pk", flat=True)[:100]
    chosen = {"role": ["arrest"], "province": [slug for _name, slug in provinces], "place": list(large)}
    state = State("cases", chosen)
    check_counts(state, ask("cases", state.pairs()))


def test_in_error_nothing_is_counted_and_nothing_chosen_is_lost():
    results = ask("figures", "measure=suspects_arrested&year=2018&crime_type=fraud&colour=red")
    assert results.errors
    for key, value in (("measure", "suspects_arrested"), ("year", "2018"), ("crime_type", "fraud")):
        assert next(v for v in facet(results, key).flat() if v.value == value).selected
    assert {value.count for f in results.facets for value in f.flat()} == {None}


def test_the_sentence_names_every_choice_and_each_can_be_taken_back():
    state = State("cases", {"year": ["2018", "2021"], "role": ["arrest"]}, {"province": ["none"]}, {"after": "2018"})
    pairs = state.pairs()
    chips = [chip for part in ask("cases", pairs).sentence for chip in part.chips]
    assert len(chips) == len(pairs)
    left = [sorted(asked(chip.url)) for chip in chips]
    assert sorted(left) == sorted(sorted(pair for pair in pairs if pair != gone) for gone in pairs)


@pytest.mark.parametrize(
    ("query", "helpful"),
    [
        ("measure=suspects_arrested&year=1999&min=0&province.not=none", [("year", "1999")]),
        ("measure=suspects_arrested&min=100&max=0", [("max", "0")]),
        ("year=1999&language=zh&before=2005", []),
        ("q=zebra&year=2018", [("q", "zebra")]),
    ],
)
def test_an_empty_result_says_of_each_filter_what_there_is_without_it(query, helpful):
    results = ask("figures", query)
    assert results.total == 0
    advised = {tuple(asked(option.url)): option.count for option in results.advice}
    parts = oracle_order(query)
    assert set(advised) == {tuple(pair for pair in parts if pair != part) for part in parts}
    for pairs, count in advised.items():
        assert ask("figures", list(pairs)).total == count
        (left_out,) = set(parts) - set(pairs)
        assert (left_out in helpful) == (count > 0)


def oracle_order(query):
    return sorted(parse_qsl(query), key=lambda pair: oracle.ORDER.index(pair[0].removesuffix(".not")))
