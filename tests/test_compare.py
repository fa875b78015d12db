"""The comparison across campaign years: what it shows of the collection, in every format, and where it leads."""

import csv
import io
import re
from html import unescape

import pytest

from cases import comparison, side_by_side
from cases.compare import COLUMNS
from cases.models import Announcement
from cases.records import FIGURES
from tests.factories import make_announcement, make_campaign, make_case, make_figure, mention

pytestmark = pytest.mark.django_db


def compare(client, query=""):
    response = client.get(f"/compare.json?{query}")
    assert response.status_code == 200
    return response.json()


def entry(found, campaign, measure="cases_solved", crime_types=()):
    (line,) = [x for x in found["lines"] if x["measure"] == measure and x["crime_types"] == list(crime_types)]
    (one,) = [x for x in line["entries"] if x["campaign"] == campaign]
    return one


def counted(value, year=2018, campaign=None, **fields):
    """Make a published figure of the whole country."""
    announcement = make_announcement(status="published")
    campaign = campaign or make_campaign(year=year)
    mention(announcement, campaign)
    figure = make_figure(
        announcement,
        **{"campaign": campaign, "value": value, "qualifier": "exact", "phrase": f"{value} of them", **fields},
    )
    figure.places.add("000000")
    return figure


# --- the collection -------------------------------------------------------------------------------------------------


def test_net_net_2018_is_a_ladder_of_22_000_in_august_and_57_519_at_the_end(client):
    rungs = entry(compare(client), "net-net-2018")["rungs"]
    assert [(r["qualifier"], r["value"], r["as_of"], r["months"]) for r in rungs] == [
        ("more_than", 22_000, "2018-08", 7),
        ("exact", 57_519, "2018-12", 11),
    ]
    assert [r["claims"] for r in rungs] == [3, 2]
    assert all(r["claims_agree"] and not r["as_of_is_stated"] for r in rungs)


def test_claims_that_cannot_all_be_true_are_shown_as_such_and_none_is_picked(client):
    (rung,) = entry(compare(client), "summer-action-2023")["rungs"]
    assert (rung["value"], rung["figure_id"], rung["claims_agree"]) == (None, None, False)
    assert (rung["lowest"], rung["highest"]) == (25_000, 566_000)
    assert "claims differ; none is preferred" in client.get("/compare/").content.decode()


@pytest.mark.parametrize(("number", "value"), [("low", 25_000), ("high", 566_000)])
def test_the_reader_chooses_the_number(client, number, value):
    (rung,) = entry(compare(client, f"number={number}"), "summer-action-2023")["rungs"]
    assert rung["value"] == value


def test_breaks_are_written_out(client):
    html = unescape(client.get("/compare/?measure=cases_solved").content.decode())
    assert re.search(r"2018 → 2019</b>\s*another length: 11 months, then 10 months", html)
    assert re.search(r"2012 → 2015</b>[^<]*another campaign: [^<]*no figure for 2013, 2014", html)


def test_a_stated_change_is_checked_by_the_archives_own_figures(client):
    changes = [c for c in compare(client)["changes"] if c["measure"] == "cases_solved" and c["stated"] == 10.7]
    assert {c["verdict"] for c in changes} == {"confirmed"}
    assert round(changes[0]["low"], 1) == 10.7
    html = client.get("/compare/").content.decode()
    assert "fits the archive" in html
    assert "cannot be checked" in html


# --- what counts ----------------------------------------------------------------------------------------------------


def test_cases_parts_percentages_and_drafts_are_no_entries(client, commit):
    campaign = make_campaign(year=1990)
    whole = counted(500, campaign=campaign)
    announcement = whole.announcement
    part = make_figure(announcement, campaign=campaign, value=70, part_of=whole, phrase="70 of them", qualifier="exact")
    part.places.add("000000")
    of_case = make_figure(announcement, campaign=campaign, case=make_case(announcement), value=3, qualifier="exact")
    of_case.places.add("000000")
    share = make_figure(
        announcement, campaign=campaign, value=20, unit="percent", measure_id="share_percent", qualifier="exact"
    )
    share.places.add("000000")
    Announcement.objects.filter(pk=counted(9_000, campaign=campaign).announcement_id).update(status="draft")
    commit()
    found = entry(compare(client), campaign.slug, "suspects_arrested")
    assert found["claims"] == 2
    assert [r["value"] for r in found["rungs"]] == [500]
    assert found["claims_url"].endswith(f"scope={campaign.slug}~000000")
    assert client.get(found["claims_url"].replace("/?", ".json?")).json()["count"] == 2


def test_counts_of_one_rung_are_never_added_up(client, commit):
    campaign = make_campaign(year=1990)
    for value in (100, 200, 300):
        counted(value, campaign=campaign)
    commit()
    text = client.get(f"/compare/?campaign={campaign.slug}").content.decode()
    assert "600" not in re.findall(r">([0-9,]+)<", text)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "measure=cases_solved",
        "measure=suspects_arrested&crime_type=personal_info",
        "province=guangdong",
        "language=zh",
    ],
)
def test_one_click_leads_to_precisely_the_claims(client, query):
    html = client.get(f"/compare/?{query}").content.decode()
    links = re.findall(r'class="entry-claims" href="([^"]+)"[^>]*>\s*(\d+) claim', html)
    assert links
    for address, count in links[::5]:
        listed = client.get(unescape(address).replace("/?", ".json?"))
        assert listed.status_code == 200
        assert listed.json()["count"] == int(count), address


def test_an_exact_scope_is_neither_above_nor_below_nor_beside(client, commit):
    campaign = make_campaign(year=1990)
    wanted = counted(1, campaign=campaign)
    wanted.crime_types.add("hacking")
    counted(2, campaign=campaign)
    counted(3, campaign=campaign).crime_types.add("hacking.malware")
    counted(4, campaign=campaign).crime_types.add("hacking", "fraud")
    counted(5, campaign=make_campaign(year=1990, parent=campaign)).crime_types.add("hacking")
    counted(6, campaign=campaign).places.set(["340000"])
    commit()
    found = client.get(f"/figures.json?scope={campaign.slug}~000000~hacking").json()
    assert [figure["id"] for figure in found["results"]] == [wanted.pk]
    page = client.get(f"/figures/?scope={campaign.slug}~000000~hacking&facets=1").content.decode()
    assert f"{campaign.name_en} · Whole country · Hacking" in page


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("number=middle", "number"),
        ("measure=nothing", "measure"),
        ("colour=red", "colour"),
        ("page=2", "page"),
        ("sort=newest", "sort"),
        ("min=5", "min"),
        ("q=net", "q"),
        ("number=low&number=high", "number"),
    ],
)
def test_what_cannot_be_meant_is_named_and_nothing_is_compared(client, query, name):
    for suffix in (".json", ".csv"):
        response = client.get(f"/compare{suffix}?{query}")
        assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
        assert [error["parameter"] for error in response.json()["errors"]] == [name]
    page = client.get(f"/compare/?{query}")
    assert page.status_code == 400
    assert f"<code>{name}</code>" in page.content.decode()
    assert '<table class="compare"' not in page.content.decode()


@pytest.mark.parametrize("scope", ["nothing", "net-net-2018~999999", "net-net-2018~nothing", "net-net-2018~", "~"])
def test_a_scope_that_names_nothing_is_an_error(client, scope):
    response = client.get(f"/figures.json?scope={scope}")
    assert response.status_code == 400
    assert response.json()["errors"][0]["parameter"] == "scope"


# --- formats --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["", "measure=suspects_arrested&number=low", "province=guangdong&year=2016"])
def test_csv_and_json_hold_the_same_rungs(client, query):
    rows = list(csv.DictReader(io.StringIO(client.get(f"/compare.csv?{query}").getvalue().decode())))
    lines = compare(client, query)["lines"]
    told = [
        (line["measure"], entry["campaign"], rung["value"], rung["claims"], entry["claims_url"])
        for line in lines
        for entry in line["entries"]
        for rung in entry["rungs"]
    ]
    written = [
        (r["measure"], r["campaign"], float(r["value"]) if r["value"] else None, int(r["claims"]), r["claims_url"])
        for r in rows
    ]
    assert written == told
    assert written


def test_open_bounds_are_drawn_open(client, commit):
    campaign, other = make_campaign(year=1990), make_campaign(year=1991)
    counted(500, campaign=campaign, qualifier="at_least", phrase="at least 500")
    counted(600, campaign=other, qualifier="more_than", phrase="more than 600")
    commit()
    html = client.get(f"/compare/?campaign={campaign.slug}&campaign={other.slug}").content.decode()
    assert html.count('class="years-arrow"') == 1
    assert html.count('class="is-open"') == 1
    assert 'class="years-joined"' not in html  # not the same campaign
    assert "style=" not in html


def test_the_same_page_in_chinese(client):
    client.cookies["django_language"] = "zh-hans"
    html = client.get("/compare/").content.decode()
    assert "5.75" not in html
    assert "净网" in html


# 1 campaigns, 2 crime types and 3 measures and 4 provinces for the form and labels, 5 the claims, 6 the stated changes,
# 7 the figures they are checked by, 8 the places.
@pytest.mark.parametrize("query", ["", "measure=cases_solved", "measure=cases_solved&number=low&crime_type=fraud"])
def test_it_costs_a_fixed_number_of_queries(client, django_assert_max_num_queries, query):
    with django_assert_max_num_queries(8):
        assert client.get(f"/compare/?{query}").status_code == 200


def test_what_is_left_out_is_said(client, commit, monkeypatch):
    monkeypatch.setattr("cases.across_years.LINES", 2)
    html = client.get("/compare/").content.decode()
    assert "more lines are not shown here" in html
    assert html.count('role="rowheader"') == 2


def test_numbers_are_those_that_the_parameter_takes():
    assert set(comparison.NUMBERS) == {"preferred", "low", "high"}


def test_of_many_campaigns_in_a_year_the_longest_stand_in_the_table_and_the_others_are_one_click_away(client, commit):
    for month in range(1, 8):
        counted(month, campaign=make_campaign(year=1990), period=f"1990-01/1990-{month:02}")
    commit()
    html = client.get("/compare/?measure=suspects_arrested&year=1990").content.decode()
    assert html.count('class="entry-campaign"') == 7
    html = client.get("/compare/").content.decode()
    (more,) = re.findall(r'href="([^"]+)"[^>]*>3 more campaigns', html)
    assert client.get(unescape(more)).content.decode().count('class="entry-campaign"') == 7


@pytest.mark.parametrize("columns", [COLUMNS, side_by_side.COLUMNS])
def test_an_interval_has_the_same_columns_in_every_file(columns):
    of_figures = [field.name for field in FIGURES.fields]
    first = of_figures.index("low")
    assert of_figures[first : first + 4] == list(columns[columns.index("low") : columns.index("low") + 4])
