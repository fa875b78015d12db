"""The map: announcements and cases by province under the filters of the lists, each number the list it leads to."""

import re

import pytest

pytestmark = pytest.mark.django_db

QUERIES = [
    "",
    "year=2018",
    "crime_type=hacking&year=2018&year=2021",
    "q=网络",
    "province=anhui",
    "publisher.not=xinhua",
]


@pytest.mark.parametrize("query", QUERIES)
def test_each_number_is_that_of_the_list_it_leads_to(client, query):
    page = client.get(f"/map/?{query}")
    assert page.status_code == 200
    html = page.content.decode()
    table = html[html.index("<tbody>") : html.index("</tbody>")]
    links = re.findall(r'<a href="(/(?:announcements|cases)/\?[^"]*)"[^>]*>([0-9,]+)</a>', table)
    assert links
    for address, number in links[:: 1 if query == QUERIES[2] else 7]:
        listed = client.get(address.replace("&amp;", "&").replace("/?", ".json?", 1)).json()
        assert listed["count"] == int(number.replace(",", "")), address


def test_every_province_has_a_tile_on_both_maps_and_a_line(client):
    html = client.get("/map/?year=2018").content.decode()
    assert html.count('class="tile shade-') == 3 * 34  # the facet's, and the two maps'
    assert len(re.findall(r"<tr>\s*<th scope=\"row\">", html)) == 36  # with the whole country and "not stated"


def test_a_chosen_value_is_taken_back_on_the_map(client):
    html = client.get("/map/?year=2018&province=anhui").content.decode()
    assert 'href="/map/?province=anhui"' in html
    assert 'href="/map/?year=2018"' in html


@pytest.mark.parametrize("query", ["role=arrest", "measure=suspects_arrested", "page=2", "sort=oldest", "year=x"])
def test_what_it_does_not_take_is_named_and_nothing_is_counted(client, query):
    page = client.get(f"/map/?{query}")
    assert page.status_code == 400
    html = page.content.decode()
    assert f"<code>{query.split('=')[0]}</code>" in html
    assert "two-maps" not in html


def test_lists_lead_to_the_map_under_their_filters(client):
    assert 'href="/map/?year=2018"' in client.get("/cases/?year=2018&role=arrest&sort=oldest").content.decode()
    assert "/map/?" not in client.get("/figures/?year=2018").content.decode()


# Of announcements and of cases how many there are and the counts of all facets; campaigns, provinces, crime types and
# publishers, once for both; of the province facet, which alone is narrowed, the kept counts of the whole archive.
def test_it_costs_what_two_lists_do(client, django_assert_num_queries):
    with django_assert_num_queries(8):
        client.get("/map/?year=2018&crime_type=fraud")
