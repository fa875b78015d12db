"""How many queries a list costs: a fixed number, whatever its length and however many values its facets have.

The comment before each test lists the queries that are expected. In a test's transaction the vocabularies are read
anew; outside of one they are kept for each version of the data (test_entries.py).
"""

import pytest
from django.core.cache import cache

from tests import oracle
from tests.factories import make_announcement, make_campaign, make_case, make_figure, mention

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


def check(client, path, status=200):
    response = client.get(path)
    assert response.status_code == status
    if response.streaming:
        assert b"".join(response.streaming_content)
    return response


# Of every page of a list:
#  1 how many records there are
#  2 the counts of all facets, as one union
#  3 campaigns, for the labels of campaigns and years     4 provinces     5 crime types     6 publishers
#  7 the ids of the page, from the search rows
# Of announcements: 8 the records with their publishers, 9 places, 10 crime types, 11 the first figures with their
# measures.
@pytest.mark.parametrize("query", ["", "?per_page=100", "?page=2", "?sort=oldest"])
def test_a_page_of_announcements(client, django_assert_num_queries, query):
    with django_assert_num_queries(11):
        check(client, f"/announcements/{query}")


# 1-7 as above; 8 the cases with announcement and publisher, 9 crime types, 10 their places with roles, 11 the first
# figures with their measures.
@pytest.mark.parametrize("query", ["", "?per_page=100", "?page=2", "?sort=oldest"])
def test_a_page_of_cases(client, django_assert_num_queries, query):
    with django_assert_num_queries(11):
        check(client, f"/cases/{query}")


# 1-7 as above, and measures; 9 the figures with announcement, publisher, measure, case and campaign, 10 crime types,
# 11 places.
@pytest.mark.parametrize("query", ["", "?per_page=100", "?page=2", "?sort=largest"])
def test_a_page_of_figures(client, django_assert_num_queries, query):
    with django_assert_num_queries(11):
        check(client, f"/figures/{query}")


EVERYTHING = "&".join(
    [
        *(f"year={year}" for year in oracle.years()),
        *(f"province={slug}" for slug in oracle.provinces()),
        *(f"crime_type={code}" for code in oracle.crime_types()),
        *(f"campaign={slug}" for slug in oracle.campaigns()),
    ]
)


# The vocabularies that check the values are those that label them; more values add nothing. Beside the eleven of
# figures: the places directly below the chosen provinces and places, and the chosen places themselves. Where a single
# facet is narrowed, its own counts are those of the whole archive, which are kept: one more. Which ids a narrowed list
# has, if they are few, is told with how many they are.
def test_every_value_of_every_facet_costs_what_one_does(client, django_assert_num_queries):
    with django_assert_num_queries(13):
        check(client, "/figures/?province=guangdong")
    with django_assert_num_queries(12):
        check(client, "/figures/?province=guangdong&crime_type=fraud")
    with django_assert_num_queries(12):
        check(client, f"/figures/?{EVERYTHING}&year=none&province=none&crime_type=none&campaign=none")
    for places in ("340000", "340000&place=440000&place=440300&place=440305"):
        with django_assert_num_queries(14):
            check(client, f"/figures/?place={places}")


# The eleven of cases, the places below the province, and without a role the kept counts of provinces; the
# counts by role are in the same union.
def test_a_role_costs_no_query(client, django_assert_num_queries):
    with django_assert_num_queries(13):
        check(client, "/cases/?province=guangdong")
    with django_assert_num_queries(12):
        check(client, "/cases/?province=guangdong&role=arrest&role=investigating_authority")


# The 11 of announcements; the other names of campaigns; on each list whether the words are common ones, and which
# records hold them, which says how many; for an OR both sides, and how many hold either. The figures and texts of the
# page that hold them, for the snippets. Where something is found by a name only: the nodes of the records concerned,
# the names of these places (two) and crime types, and what is printed for campaigns.
@pytest.mark.parametrize(("query", "queries"), [("q=网络", 17), ("q=net+OR+suspects&per_page=100", 28)])
def test_a_search_for_words(client, django_assert_num_queries, query, queries):
    with django_assert_num_queries(queries):
        check(client, f"/announcements/?{query}")


# 1 the version of the data, 2 how many records there are, 3 the ids of the page, 4 the records with all their fields.
@pytest.mark.parametrize("kind", oracle.KINDS)
@pytest.mark.parametrize("query", ["", "?per_page=100", "?page=2&sort=oldest"])
def test_a_page_of_json(client, django_assert_num_queries, kind, query):
    with django_assert_num_queries(4):
        check(client, f"/{kind}.json{query}")


# Those four, the counts of all facets, campaigns, provinces, crime types and publishers; of figures also measures.
@pytest.mark.parametrize(("kind", "queries"), [("announcements", 9), ("cases", 9), ("figures", 10)])
def test_facets_in_json(client, django_assert_num_queries, kind, queries):
    with django_assert_num_queries(queries):
        check(client, f"/{kind}.json?facets=1")


# The version of the data, before it is known whether the reader has it and in the snapshot that is read from; how many
# records there are; beside them one COPY, which the driver sends by itself and Django does not count.
# A vocabulary is read for each facet that is asked for: here campaigns (for both) and provinces.
@pytest.mark.parametrize("kind", oracle.KINDS)
def test_a_csv(client, django_assert_num_queries, kind):
    with django_assert_num_queries(3):
        check(client, f"/{kind}.csv")
    with django_assert_num_queries(5):
        check(client, f"/{kind}.csv?year=2018&campaign=net-net-2018&province=anhui&province=guangdong")


# The values of provinces, crime types, campaigns, measures and publishers; before the document the version of the data.
@pytest.mark.parametrize(("path", "queries"), [("/api/", 5), ("/api/openapi.json", 6)])
def test_the_description_for_programs(client, django_assert_num_queries, path, queries):
    with django_assert_num_queries(queries):
        check(client, path)


# The version; of the record, its cases and its figures the fields, and before the last two their ids.
def test_one_announcement_as_json(client, django_assert_num_queries, commit):
    small, large = make_announcement(status="published"), make_announcement(status="published")
    for _n in range(12):
        make_figure(large, case=make_case(large))
    commit()
    for announcement in (small, large):
        with django_assert_num_queries(6):
            check(client, f"/announcements/{announcement.pk}.json")


# A list in error counts and reads nothing: campaigns, provinces, crime types, measures and publishers for its form.
def test_a_page_in_error(client, django_assert_num_queries):
    with django_assert_num_queries(5):
        check(client, "/figures/?colour=red", 400)
    with django_assert_num_queries(0):
        check(client, "/figures.json?colour=red", 400)


def test_more_records_and_more_values_cost_no_more_queries(client, commit, django_assert_num_queries):
    """As in the tests above, with a collection that has grown by records with values of their own."""
    for n in range(30):
        announcement = make_announcement(status="published", published="2025-12-31")
        announcement.places.add("340100", "440300")
        announcement.crime_types.add("hacking", "fraud")
        for _m in range(3):
            mention(announcement, make_campaign(year=1990 + n))
        case = make_case(announcement)
        case.case_places.create(announcement=announcement, place_id="340102", role="arrest")
        for _m in range(4):
            make_figure(announcement, case=case)
    commit()
    for kind, queries in (("announcements", 11), ("cases", 11), ("figures", 11)):
        with django_assert_num_queries(queries):
            check(client, f"/{kind}/")
        with django_assert_num_queries(4):
            check(client, f"/{kind}.json")
