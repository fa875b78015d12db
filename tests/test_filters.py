"""What a list finds is what the rules say: random states against a model that reads the same files by itself."""

from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.models import Announcement, Figure, TypicalCase
from cases.search.kinds import KINDS
from cases.search.parameters import PARAMETERS
from cases.search.results import Results
from tests import oracle
from tests.factories import make_announcement, make_campaign, make_case, make_figure, mention
from tests.oracle import State

pytestmark = pytest.mark.django_db

LISTS = pytest.mark.parametrize("kind", oracle.KINDS)
few = settings(max_examples=25, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
many = settings(max_examples=2000, deadline=None, print_blob=True, suppress_health_check=list(HealthCheck))


def ask(kind, pairs):
    """Return what a list shows for these parameters."""
    return Results(kind, QueryDict(urlencode(pairs) if isinstance(pairs, list) else pairs))


@pytest.fixture
def names():
    """Return, for each list, the name that the interchange has for each id."""
    return {
        "announcements": {pk: (key,) for pk, key in Announcement.objects.values_list("pk", "key")},
        "cases": {row[0]: row[1:] for row in TypicalCase.objects.values_list("pk", "announcement__key", "number")},
        "figures": {row[0]: row[1:] for row in Figure.objects.values_list("pk", "announcement__key", "ref")},
    }


def found(kind, pairs, names):
    results = ask(kind, pairs)
    assert not results.errors
    ids = list(results.found.values_list("id", flat=True))
    assert len(ids) == results.total
    return {names[kind][pk] for pk in ids}


def check_state(kind, state, names):
    assert found(kind, state.pairs(), names) == oracle.found(state)


@LISTS
def test_the_model_and_the_archive_hold_the_same_records(kind, names):
    assert found(kind, [], names) == {record.identity for record in oracle.records(kind)}


@LISTS
@few
@given(data=st.data())
def test_a_list_finds_what_the_rules_say(kind, names, data):
    check_state(kind, data.draw(oracle.states(kind)), names)


@pytest.mark.trust
@LISTS
@many
@given(data=st.data())
def test_a_list_finds_what_the_rules_say_at_length(kind, names, data):
    check_state(kind, data.draw(oracle.states(kind, most=6)), names)


@LISTS
@few
@given(data=st.data())
def test_order_repetition_and_empty_values_change_nothing(kind, data):
    state = data.draw(oracle.states(kind))
    pairs = state.pairs()
    noise = [(name, " " * n) for n, (name, _value) in enumerate(pairs)]
    facets = [pair for pair in pairs if PARAMETERS[pair[0].removesuffix(".not")].facet]
    shuffled = data.draw(st.permutations([*pairs, *noise, *facets, ("page", ""), ("sort", "")]))
    plain, noisy = ask(kind, pairs), ask(kind, shuffled)
    assert noisy.ids == plain.ids
    assert noisy.total == plain.total
    assert noisy.json_url == plain.json_url


WORDS = ("net", "网络", "suspects -fraud", "fraud OR gambling", '"personal information"', "净网2018", "5.7万", "anhui")


@LISTS
@few
@given(data=st.data())
def test_words_narrow_a_list_like_any_other_parameter(kind, names, data):
    state = data.draw(oracle.states(kind))
    words = ("q", data.draw(st.sampled_from(WORDS)))
    assert found(kind, [*state.pairs(), words], names) == found(kind, [words], names) & oracle.found(state)


# --- the rules one by one -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "query"),
    [
        ("announcements", "year=2018&year=2021"),
        ("announcements", "year=none"),
        ("announcements", "province=national"),
        ("announcements", "place=340000"),
        ("announcements", "province=none&crime_type=none"),
        ("announcements", "campaign=net-net-2021"),
        ("announcements", "after=2018-09&before=2018-09"),
        ("cases", "role=arrest&province=guangdong"),
        ("cases", "role=arrest&role=victims&place=340000&place=none"),
        ("cases", "role=arrest&province.not=guangdong"),
        ("cases", "role.not=investigating_authority"),
        ("cases", "province=none&role=arrest"),
        ("figures", "year=none"),
        ("figures", "year.not=none&year.not=2018"),
        ("figures", "place=000000&unit=CNY"),
        ("figures", "place=none&crime_type=fraud"),
        ("figures", "min=22000&max=22000"),
        ("figures", "min=0&max=0"),
        ("figures", "qualifier=several&min=100"),
    ],
)
def test_a_rule_that_random_states_seldom_meet(kind, query, names):
    state = State(kind)
    for name, value in parse_qsl(query):
        facet = name.removesuffix(".not")
        if not PARAMETERS[facet].facet:
            state.single[name] = value
        else:
            (state.excluded if facet != name else state.chosen).setdefault(facet, []).append(value)
    check_state(kind, state, names)


def test_a_place_counts_in_a_role_only_if_both_were_stated_of_each_other(commit):
    case = make_case(make_announcement(status="published"))
    case.case_places.create(announcement=case.announcement, place_id="340100", role="arrest")
    case.case_places.create(announcement=case.announcement, place_id="440100", role="victims")
    commit()

    def finds(query):
        return case.pk in ask("cases", query).ids

    assert finds("province=anhui&role=arrest&sort=newest")
    assert finds("place=340000&role=arrest")
    assert finds("province=guangdong")
    assert not finds("province=guangdong&role=arrest")
    assert not finds("place=440100&role=arrest")
    # What is left out is left out whatever its role.
    assert not finds("province.not=guangdong&role=arrest")


def test_a_figure_has_its_own_place_or_its_cases_and_never_its_announcements(commit):
    announcement = make_announcement(status="published")
    announcement.places.add("110000")
    case = make_case(announcement)
    case.case_places.create(announcement=announcement, place_id="340100", role="scene")
    own, inherited, bare = make_figure(announcement, case=case), make_figure(announcement, case=case), None
    bare = make_figure(announcement)
    own.places.add("440300")
    commit()

    def found_in(query):
        return {own.pk, inherited.pk, bare.pk} & set(ask("figures", query).found.values_list("id", flat=True))

    assert found_in("province=guangdong") == {own.pk}
    assert found_in("province=anhui") == {inherited.pk}
    assert found_in("province=beijing") == set()
    assert found_in("province=none") == {bare.pk}


def test_a_year_is_the_campaigns_and_not_its_parents(commit):
    parent = make_campaign(year=2015)
    announcement = make_announcement(status="published", published="2019")
    mention(announcement, make_campaign(year=2016, parent=parent))
    figure = make_figure(announcement)
    commit()
    assert announcement.pk in ask("announcements", f"year=2016&campaign={parent.slug}").ids
    assert ask("announcements", f"year=2015&campaign={parent.slug}").total == 0
    assert ask("announcements", f"year=2019&campaign={parent.slug}").total == 0
    # Of a figure it is its own campaign's: none here, whatever its announcement is about.
    assert figure.pk in ask("figures", f"year=none&publisher={announcement.publisher.slug}").ids


# --- errors: named, and never the whole archive ---------------------------------------------------------------------

BAD = [
    ("announcements", "colour=red", "colour"),
    ("announcements", "measure=suspects_arrested", "measure"),
    ("announcements", "role=arrest", "role"),
    ("cases", "min=5", "min"),
    ("announcements", "after.not=2018", "after.not"),
    ("announcements", "page.not=2", "page.not"),
    ("announcements", "Year=2018", "Year"),
    ("announcements", "year=18", "year"),
    ("announcements", "year=02018", "year"),
    ("announcements", "year=2018.0", "year"),
    ("announcements", "year=２０１８", "year"),
    ("announcements", "year=1899", "year"),
    ("announcements", "year=0", "year"),
    ("announcements", "year=99999", "year"),
    ("announcements", "year=2018&year=abc", "year"),
    ("announcements", "year.not=abc", "year.not"),
    ("announcements", "province=atlantis", "province"),
    ("announcements", "place=999999", "place"),
    ("announcements", "place=anhui", "place"),
    ("announcements", "crime_type=hack", "crime_type"),
    ("announcements", "campaign=net-net-1999", "campaign"),
    ("announcements", "publisher=nobody", "publisher"),
    ("announcements", "publisher=none", "publisher"),
    ("announcements", "kind=letter", "kind"),
    ("announcements", "language=fr", "language"),
    ("cases", "role=none", "role"),
    ("cases", "role=suspect", "role"),
    ("figures", "measure=arrests", "measure"),
    ("figures", "unit=yuan", "unit"),
    ("figures", "qualifier=roughly", "qualifier"),
    ("announcements", "after=2018-02-30", "after"),
    ("announcements", "after=0000-00-00", "after"),
    ("announcements", "before=99999-01-01", "before"),
    ("announcements", "before=7 September 2018", "before"),
    ("announcements", "after=2018&after=2019", "after"),
    ("figures", "min=many", "min"),
    ("figures", "min=NaN", "min"),
    ("figures", "min=-Infinity", "min"),
    ("figures", "max=1e999", "max"),
    ("figures", "min=1e-20000", "min"),
    ("figures", "min=1_000", "min"),
    ("figures", "min=１２", "min"),
    ("figures", "max=--", "max"),
    ("figures", "max=1" + "0" * 24, "max"),
    ("announcements", "q=()", "q"),
    ("announcements", "q=-+OR+·", "q"),
    ("announcements", "q=" + "a" * 201, "q"),
    ("announcements", "q.not=net", "q.not"),
    ("announcements", "sort=relevance", "sort"),
    ("announcements", "sort=largest", "sort"),
    ("announcements", "sort=__class__", "sort"),
    ("announcements", "page=0", "page"),
    ("announcements", "page=-1", "page"),
    ("announcements", "page=1e3", "page"),
    ("announcements", "page=１２", "page"),
    ("announcements", "page=1" + "0" * 30, "page"),
    ("announcements", "page=1&page=2", "page"),
    ("announcements", "per_page=10", "per_page"),
    ("announcements", "per_page=025", "per_page"),
    ("announcements", "facets=yes", "facets"),
    ("announcements", "kind=" + "a" * 201, "kind"),
    ("announcements", "&".join(f"place={n:06}" for n in range(101)), "place"),
    ("announcements", "campaign=%00", "campaign"),
    ("announcements", "campaign=%ff", "campaign"),
    ("announcements", "%00=1", "�"),
    ("announcements", ".not=2018", ".not"),
    ("announcements", "year.not.not=2018", "year.not.not"),
]
IDS = [f"{kind}?{query[:40]}" for kind, query, _name in BAD]


@pytest.mark.parametrize(("kind", "query", "name"), BAD, ids=IDS)
def test_what_cannot_be_meant_is_named_and_finds_nothing(kind, query, name, client):
    response = client.get(f"/{kind}.json?{query}")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert {error["parameter"] for error in problem["errors"]} == {name}
    assert problem["status"] == 400
    assert problem["type"]
    assert problem["title"]
    assert name in problem["detail"]
    assert "results" not in problem


@pytest.mark.parametrize("suffix", [".csv", ".json"])
def test_every_fault_of_a_request_is_named_at_once(client, suffix):
    response = client.get(f"/figures{suffix}?colour=red&min=x&year=2018&after=soon")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert {error["parameter"] for error in response.json()["errors"]} == {"colour", "min", "after"}


@pytest.mark.parametrize(
    ("query", "name"),
    [("min=1&year=abc", "year"), ("colour=red&min=1", "colour"), ("min=much", "min"), ("page=999&min=1", "page")],
)
def test_a_page_in_error_has_no_rows_and_its_form_filled_in(client, query, name):
    response = client.get(f"/figures/?measure=suspects_arrested&after=2018&{query}")
    results = response.context["results"]
    assert response.status_code == 400
    assert name in {key for key, _message in results.errors}
    assert results.rows == []
    page = response.content.decode()
    assert 'class="rows"' not in page
    assert f"{name} " in page or f"<code>{name}</code>" in page
    assert 'name="after" value="2018"' in page
    assert f'name="min" value="{results.min}"' in page
    assert results.min in ("1", "much")
    assert next(v for f in results.facets for v in f.flat() if v.value == "suspects_arrested").selected


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("canton", "guangdong"),
        ("陕西", "shaanxi"),
        ("陕西省", "shaanxi"),
        ("山西", "shanxi"),
        ("Anhui", "anhui"),
        ("guangdnog", "guangdong"),
        ("xizang", "tibet"),
        ("neimenggu", "inner-mongolia"),
    ],
)
def test_a_province_by_another_name_is_refused_with_the_right_one(client, wrong, right):
    response = client.get("/announcements.json", {"province": wrong})
    assert response.status_code == 400
    assert f"“{right}”" in response.json()["detail"]


@pytest.mark.parametrize("key", ["utm_source", "utm_id", "fbclid", "gclid"])
@pytest.mark.parametrize("suffix", ["/", ".csv", ".json"])
def test_tracking_keys_are_dropped_by_redirect(client, key, suffix):
    response = client.get(f"/announcements{suffix}?year=2018&{key}=letter&year=2021&province=none")
    assert response.status_code == 302
    assert response["Location"] == f"/announcements{suffix}?year=2018&year=2021&province=none"
    alone = client.get(f"/announcements{suffix}?{key}=letter")
    assert alone["Location"] == f"/announcements{suffix}"


# --- pages and order ------------------------------------------------------------------------------------------------


def test_a_page_beyond_the_end_says_how_many_there_are(client):
    last = ask("announcements", "per_page=50").pages
    assert client.get(f"/announcements.json?per_page=50&page={last}").status_code == 200
    response = client.get(f"/announcements.json?per_page=50&page={last + 1}")
    assert response.status_code == 400
    assert str(last) in response.json()["detail"]
    # An empty result has its first page all the same: that page helps.
    assert client.get("/announcements/?year=1999&page=1").status_code == 200
    assert client.get("/announcements/?year=1999&page=2").status_code == 400


@pytest.mark.parametrize("size", [25, 50, 100])
def test_per_page_is_how_many_records_a_page_has(client, size):
    assert len(client.get(f"/figures.json?per_page={size}").json()["results"]) == size


@pytest.mark.parametrize(("kind", "sort"), [(k.slug, sort) for k in KINDS.values() for sort in k.sorts])
def test_every_order_is_total_and_the_first_is_the_default(kind, sort):
    results = ask(kind, f"sort={sort}")
    names = {
        **dict.fromkeys(("newest", "oldest"), ("day", "announcement_id")),
        "low": ("interval__startswith", "id"),
        "high": ("interval__endswith", "id"),
    }.get(sort, ("value", "id"))
    rows = list(results.found.values_list(*names, "id"))
    assert len(set(rows)) == len(rows) == results.total
    if sort in ("newest", "oldest"):
        # The undated come last either way; what one announcement tells stays in its own order.
        sign = -1 if sort == "newest" else 1
        days = {row[0]: row[0].toordinal() if row[0] else 0 for row in rows}
        expected = sorted(rows, key=lambda row: (row[0] is None, sign * days[row[0]], sign * row[1], row[2]))
    elif sort in ("low", "high"):
        # What has no such bound comes last either way.
        sign = -1 if sort == "high" else 1
        expected = sorted(rows, key=lambda row: (row[0] is None, sign * (row[0] or 0), row[1]))
    else:
        sign = -1 if sort == "largest" else 1
        expected = sorted(rows, key=lambda row: (sign * row[0], sign * row[1]))
    assert rows == expected
    if sort == results.kind.sorts[0]:
        assert ask(kind, "").ids == results.ids


# --- addresses ------------------------------------------------------------------------------------------------------


def keys(url):
    return [name for name, _value in parse_qsl(urlsplit(url).query)]


@LISTS
@settings(few, max_examples=10)
@given(data=st.data())
def test_every_link_keeps_the_one_order_of_parameters(kind, data):
    state = data.draw(oracle.states(kind))
    words = data.draw(st.sampled_from([[], [("q", "net 网络")]]))
    pairs = data.draw(st.permutations([*state.pairs(), *words, ("per_page", "50"), ("sort", "oldest")]))
    results = ask(kind, pairs)
    values = [value for facet in results.facets for value in facet.flat()]
    links = [
        *(value.url for value in values),
        *(chip.url for part in results.sentence for chip in part.chips),
        *(option.url for option in [*results.sorts, *results.sizes, *results.tabs, *results.advice]),
        *(url for _number, url, _current in results.page.links if url),
        results.json_url,
        results.csv_url,
    ]
    positions = {name: i for i, name in enumerate(n + s for n in oracle.ORDER for s in ("", ".not"))}
    for url in links:
        order = [positions[name] for name in keys(url)]
        assert order == sorted(order), url
    by_state = {}
    for url in links:
        by_state.setdefault((urlsplit(url).path, frozenset(parse_qsl(urlsplit(url).query))), set()).add(url)
    assert [urls for urls in by_state.values() if len(urls) > 1] == []  # the same state has the same address
