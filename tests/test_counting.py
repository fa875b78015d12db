"""Counting by sets and counting row by row say the same, and a page found by its stretch is the page of the list."""

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import verify
from cases.models import Announcement, TypicalCase
from cases.search import common_words, results, row_counts, set_counts, sets, stretches
from cases.search.parameters import NONE, of_kind
from tests import oracle
from tests.factories import make_announcement, make_case
from tests.test_filters import LISTS, WORDS, ask

pytestmark = pytest.mark.django_db

few = settings(max_examples=15, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
many = settings(max_examples=1000, deadline=None, print_blob=True, suppress_health_check=list(HealthCheck))


def sql(query, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(query, parameters or None)
        return cursor.fetchall()


# --- sets of ids ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "places", [[0], [59_999], [31, 32, 63], list(range(0, 60_000, 7)), list(range(60_000))], ids=len
)
def test_a_set_holds_what_it_was_made_of(places):
    ((ids, length),) = sql("select varbit_send(s), length(s) from id_set(%s::int[]) s", places)
    held = [8 * at + bit for at, byte in enumerate(ids[4:]) for bit in range(8) if byte & 128 >> bit]
    assert (held, length) == (places, 60_000)


def problems():
    return [*verify.totals(), *verify.sets()]


def test_the_sets_of_the_collection_are_what_its_rows_say():
    assert problems() == []


def test_a_set_that_is_wrong_is_told():
    sql("update cases_facetset set ids = set_bit(ids, 59999, 1) where facet = 'year' and value = '2018' returning 1")
    assert "cases_caserow: the set of year 2018 is wrong" in problems()


# --- both ways ------------------------------------------------------------------------------------------------------


def check_both_ways(kind, pairs):
    """Sets, with whatever has none looked up beside them, against the rows one by one."""
    filters = ask(kind, pairs).filters
    facets = [p.name for p in of_kind(kind) if p.facet]
    rows = filters.queryset.order_by()
    ids = sorted(filters.qs.order_by().values_list("id", flat=True))
    assert (filters.sets.total(), sorted(filters.sets.few())) == (len(ids), ids)
    one_by_one = row_counts.count(filters, facets, list(rows.values_list("id", flat=True)), [])
    places = ["340000", "340100", "340103", "440000", "000000", NONE]
    if filters.roles:  # all places stated in the roles, of which those of the facet are shown
        codes = set(filters.vocabulary.province_codes.values())
        one_by_one = [counted for counted in one_by_one if counted[0] != "province" or counted[1] in codes]
    expected = {(facet, value): n for facet, value, n in one_by_one if n and (facet != "place" or value in places)}
    counted = {(facet, value): n for facet, value, n in set_counts.count(filters.sets, facets, places)}
    assert counted == expected


@LISTS
@few
@given(data=st.data())
def test_sets_count_what_the_rows_say(kind, data):
    words = data.draw(st.sampled_from([[], [("q", data.draw(st.sampled_from(WORDS)))]]))
    check_both_ways(kind, [*data.draw(oracle.states(kind, most=4)).pairs(), *words])


@pytest.mark.trust
@LISTS
@many
@given(data=st.data())
def test_sets_count_what_the_rows_say_at_length(kind, data):
    words = data.draw(st.sampled_from([[], [("q", data.draw(st.sampled_from(WORDS)))]]))
    check_both_ways(kind, [*data.draw(oracle.states(kind, most=6)).pairs(), *words])


@pytest.mark.parametrize("bound", ["2018", "2018-09", "2018-09-07", "2019-12-31", "2020-02-29", "1900", "2100"])
@pytest.mark.parametrize("name", ["after", "before"])
def test_a_date_is_made_of_years_months_and_days(name, bound, commit):
    for published in (None, "2018", "2018-09", "2018-09-07", "2018-08-30/2018-09-07", "2018-09/..", "../2018-09-06"):
        make_announcement(status="published", published=published)
    commit()
    filters = ask("announcements", f"{name}={bound}").filters
    assert sorted(filters.sets.few()) == sorted(filters.qs.values_list("id", flat=True))


# --- common words ---------------------------------------------------------------------------------------------------


@pytest.fixture
def common(monkeypatch):
    """Words that a tenth of the cases hold are common."""
    monkeypatch.setattr(common_words, "COMMON", 10)
    common_words.keep()
    return {word for (word,) in sql("select lexeme from cases_commonword where source = 'cases_caserow' and complete")}


def test_common_words_have_sets_that_follow_what_is_written(common, commit):
    assert {"case", "网络"} & common
    assert problems() == []
    case = TypicalCase.objects.published().first()
    TypicalCase.objects.filter(pk=case.pk).update(summary=f"{case.summary} suspects 网络")
    make_case(make_announcement(status="published"), summary="suspects 网络")
    commit()
    assert problems() == []
    Announcement.objects.filter(pk=case.announcement_id).update(status="withdrawn")
    commit()
    assert problems() == []
    assert case.pk not in ask("cases", "q=网络").filters.sets.few()


def test_words_that_are_common_no_more_lose_their_sets(common, monkeypatch):
    monkeypatch.setattr(common_words, "FEWEST", 10**9)
    monkeypatch.setattr(common_words, "COMMON", 10**9)
    common_words.keep()
    assert sql("select count(*) from cases_commonword") == [(0,)]
    assert sql("select count(*) from cases_facetset where facet = 'word'") == [(0,)]
    assert problems() == []


def test_how_many_hold_a_common_word():
    at = (5_000, 40_000, 100_000, 200_000, 1_000_000)
    assert [common_words.least(total) for total in at] == [10_000, 10_000, 20_000, 40_000, 50_000]


@LISTS
def test_common_words_find_what_they_found(kind, common):
    words = sorted(word for word in common if "'" not in word)[:40]
    for q in [*words, " ".join(words[:2]), f"{words[0]} OR {words[1]}", f"{words[0]} -{words[1]}"]:
        check_both_ways(kind, [("q", q), ("year", "2018")])
    assert ask("cases", [("q", words[0])]).filters.sets.beside == []


# --- pages ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sparse", [0, 50, 10_000])
@pytest.mark.parametrize("query", ["", "language=zh", "year=2018&after=2018-09", "q=police", "q=police&sort=newest"])
@pytest.mark.parametrize("sort", ["newest", "oldest"])
@LISTS
def test_every_page_is_a_part_of_the_list(kind, query, sort, sparse, monkeypatch):
    monkeypatch.setattr(sets, "FEW", sparse)
    monkeypatch.setattr(stretches, "NEAR", 0)
    list_ = ask(kind, query if "sort" in query else f"{query}&sort={sort}")
    whole = list(list_.found.values_list("id", flat=True))
    assert len(whole) == list_.total
    for start in range(0, len(whole), 37):
        assert list(list_.between(start, start + 37).values_list("id", flat=True)) == whole[start : start + 37]


@pytest.mark.parametrize("sparse", [0, 10_000])
@pytest.mark.parametrize("query", ["", "year=2018", "measure=suspects_arrested&min=10", "language=zh&max=1000"])
@pytest.mark.parametrize("sort", ["largest", "smallest", "low", "high"])
def test_every_page_by_size_is_a_part_of_the_list(query, sort, sparse, monkeypatch):
    monkeypatch.setattr(sets, "FEW", sparse)
    monkeypatch.setattr(stretches, "NEAR", 0)
    list_ = ask("figures", f"{query}&sort={sort}")
    whole = list(list_.found.values_list("id", flat=True))
    for start in range(0, len(whole), 37):
        assert list(list_.between(start, start + 37).values_list("id", flat=True)) == whole[start : start + 37]


@pytest.mark.parametrize("bound", ["-5", "0", "0.5", "9", "10", "99.5", "100", "57519", "60000", "100000000"])
@pytest.mark.parametrize("name", ["min", "max"])
def test_an_amount_is_made_of_its_digits(name, bound):
    filters = ask("figures", f"{name}={bound}").filters
    assert sorted(filters.sets.few()) == sorted(filters.qs.values_list("id", flat=True))


@LISTS
def test_of_very_many_hits_those_in_titles_and_the_newest_are_ranked_and_the_others_follow(kind, monkeypatch):
    newest = list(ask(kind, "q=police&sort=newest").found.values_list("id", flat=True))
    ranks = dict(ask(kind, "q=police").found.values_list("id", "rank"))  # in their order
    in_titles = {pk for pk, rank in ranks.items() if rank >= 4}
    monkeypatch.setattr(results, "RANKED", 50)
    list_ = ask(kind, "q=police")
    whole = list(list_.found.values_list("id", flat=True))
    head = sorted(newest, key=lambda pk: pk not in in_titles)[:50]
    if len(newest) > 50:
        assert whole == [*(pk for pk in ranks if pk in head), *(pk for pk in newest if pk not in head)]
    pages = [ask(kind, f"q=police&page={n}").ids for n in range(1, list_.pages + 1)]
    assert [pk for page in pages for pk in page] == whole


def test_few_hits_are_counted_one_by_one_and_many_by_sets(monkeypatch):
    def counts():
        return [(v.value, v.count) for f in ask("figures", "q=police&min=10&year=2018").facets for v in f.flat()]

    by_rows = counts()
    monkeypatch.setattr(sets, "FEW", -1)
    assert counts() == by_rows
