"""Page, CSV and JSON are one answer in three forms, and the codebook tells what is in them."""

import csv
import io
import re
from decimal import Decimal
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases import records
from cases.models import Tombstone
from cases.search.parameters import PARAMETERS
from cases.views import DETAIL
from tests import oracle
from tests.factories import make_announcement, make_case, make_figure
from tests.test_filters import LISTS, WORDS, few, many

pytestmark = pytest.mark.django_db


def csv_rows(client, kind, pairs=()):
    """Return the rows of a CSV as dictionaries, read as any program would."""
    response = client.get(f"/{kind}.csv?{urlencode(pairs)}")
    assert response.status_code == 200
    text = b"".join(response.streaming_content).decode("utf-8")
    rows = list(csv.DictReader(io.StringIO(text), strict=True))
    assert int(response["X-Total-Count"]) == len(rows)
    return rows


def json_pages(client, kind, pairs=()):
    """Return the records of all pages, by following `next`."""
    url, found = f"/{kind}.json?{urlencode(pairs)}", []
    while url:
        body = client.get(url).json()
        assert set(body) == {"count", "next", "results"}
        assert body["results"] or body["count"] == 0
        found += body["results"]
        url = body["next"]
        assert url is None or url.startswith(f"http://testserver/{kind}.json?")
    assert body["count"] == len(found)
    return found


def page_ids(client, kind, pairs=()):
    """Return the ids of the records on all pages, by following the link to the next."""
    url, found = f"/{kind}/?{urlencode(pairs)}", []
    while url:
        response = client.get(url)
        assert response.status_code == 200
        results = response.context["results"]
        shown = [record.pk for record in results.rows]
        addresses = re.findall(rf'href="/{kind}/([0-9]+)/', response.content.decode())
        assert set(shown) <= set(map(int, addresses))
        found += shown
        url = results.page.next_url
    return found


def check_formats(client, state, data):
    sort = ["newest", "oldest", *(["largest", "smallest", "low", "high"] if state.kind == "figures" else [])]
    words = data.draw(st.sampled_from([[], *([("q", text)] for text in WORDS)]))
    pairs = [*state.pairs(), *words, ("sort", data.draw(st.sampled_from([*sort, "relevance"] if words else sort)))]
    wanted = [int(row["id"]) for row in csv_rows(client, state.kind, pairs)]
    size = ("per_page", data.draw(st.sampled_from(["25", "50", "100"])))
    assert [record["id"] for record in json_pages(client, state.kind, [*pairs, size])] == wanted
    assert page_ids(client, state.kind, [*pairs, ("per_page", "100")]) == wanted


@LISTS
@settings(few, max_examples=12)
@given(data=st.data())
def test_csv_and_json_hold_the_same_records_in_the_same_order(client, kind, data):
    state = data.draw(oracle.states(kind))
    wanted = [int(row["id"]) for row in csv_rows(client, kind, state.pairs())]
    assert [record["id"] for record in json_pages(client, kind, [*state.pairs(), ("per_page", "100")])] == wanted
    assert len(set(wanted)) == len(wanted)


@pytest.mark.parametrize(
    ("kind", "query"),
    [
        ("announcements", [("sort", "oldest"), ("province", "none"), ("per_page", "50")]),
        ("announcements", [("q", "net OR 网络"), ("per_page", "50")]),
        ("cases", [("q", "fraud -gambling"), ("sort", "oldest"), ("per_page", "25")]),
        ("figures", [("q", "suspects"), ("unit", "persons"), ("year", "2018"), ("per_page", "50")]),
        ("announcements", [("language", "zh"), ("after", "2018"), ("per_page", "25")]),
        ("cases", [("per_page", "50")]),
        ("figures", [("unit", "CNY"), ("crime_type", "fraud"), ("sort", "largest"), ("per_page", "50")]),
        ("figures", [("year", "1999")]),
    ],
)
def test_the_pages_hold_what_the_csv_holds(client, kind, query):
    wanted = [row["id"] for row in csv_rows(client, kind, [pair for pair in query if pair[0] != "per_page"])]
    assert [str(pk) for pk in page_ids(client, kind, query)] == wanted
    assert [str(record["id"]) for record in json_pages(client, kind, query)] == wanted


@pytest.mark.trust
@LISTS
@settings(many, max_examples=150)
@given(data=st.data())
def test_every_format_holds_the_same_records_at_length(client, kind, data):
    check_formats(client, data.draw(oracle.states(kind)), data)


# --- CSV ------------------------------------------------------------------------------------------------------------


@LISTS
def test_a_csv_has_the_fields_of_the_codebook_as_its_header(client, kind):
    table = records.TABLES[kind]
    first = b"".join(client.get(f"/{kind}.csv").streaming_content).decode().splitlines()[0]
    assert first.split(",") == table.columns
    assert all(re.fullmatch("[a-z][a-z0-9_]*", name) for name in table.columns)
    assert len(set(table.columns)) == len(table.columns)
    assert table.columns[0] == "id"
    for coded in {name.removesuffix("_en") for name in table.columns if name.endswith("_en")}:
        assert {coded, f"{coded}_zh"} <= set(table.columns)


def test_a_csv_streams_and_says_how_many_rows_it_has(client):
    response = client.get("/figures.csv?year=2018")
    assert response.streaming
    assert response["Content-Type"].startswith("text/csv; charset=utf-8")
    assert response["X-Total-Count"] in response["Content-Disposition"]
    assert 'filename="figures-' in response["Content-Disposition"]


def test_an_empty_result_is_a_header_alone(client):
    assert csv_rows(client, "cases", [("year", "1999")]) == []
    assert json_pages(client, "cases", [("year", "1999")]) == []


@pytest.mark.parametrize("query", ["page=1", "per_page=100", "facets=1"])
def test_a_csv_is_always_the_whole_result(client, query):
    response = client.get(f"/figures.csv?{query}")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["errors"][0]["parameter"] == query.split("=")[0]
    assert len(csv_rows(client, "figures", [("page", "")])) == len(oracle.records("figures"))


def test_the_csv_of_a_page_is_linked_without_its_paging(client):
    results = client.get("/figures/?year=2018&page=2&per_page=25").context["results"]
    assert results.csv_url == "/figures.csv?year=2018"
    assert client.get(results.csv_url).status_code == 200


@LISTS
def test_csv_and_json_say_the_same_field_by_field(client, kind):
    table = records.TABLES[kind]
    rows = {int(row["id"]): row for row in csv_rows(client, kind)}
    for record in json_pages(client, kind, [("per_page", "100")]):
        assert list(record) == table.columns
        row = rows[record["id"]]
        for field in table.fields:
            value, text = record[field.name], row[field.name]
            where = (record["id"], field.name)
            if field.type == "list":
                assert isinstance(value, list), where
                assert all(isinstance(member, str) for member in value), where
                assert "; ".join(value) == text, where
            elif value is None:
                assert text == "", where
            elif field.type == "boolean":
                assert text == ("true" if value else "false"), where
                assert isinstance(value, bool), where
            elif field.type == "integer":
                assert isinstance(value, int), where
                assert not isinstance(value, bool), where
                assert text == str(value), where
            elif field.type == "number":
                assert isinstance(value, int | float), where
                assert float(text) == value, where
                assert re.fullmatch(r"-?[0-9]+(\.[0-9]*[1-9])?", text), where
            else:
                assert isinstance(value, str), where
                assert text == value, where
                if field.type == "date":
                    assert re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text), where


def test_what_the_files_say_comes_out_of_the_csv_unchanged(client):
    rows = {(row["announcement_key"], row["ref"]): row for row in csv_rows(client, "figures")}
    for announcement in oracle.collection():
        for f in announcement["figures"]:
            row = rows[announcement["key"], f["ref"]]
            assert row["phrase"] == f["phrase"]
            assert row["note"] == (f["note"] or "")
            assert float(row["value"]) == f["value"]
            assert row["period"] == (f["period"] or "")
            assert row["announcement_title"] == announcement["title"].removeprefix("[").removesuffix("]")
            places = [f["place"]] if f["place"] else f.get("places", [])
            if places:
                assert row["places"] == "; ".join(places)
                assert row["places_zh"] == "; ".join(oracle.places()[code]["name_zh"] for code in places)


def test_awkward_texts_survive_the_csv(client, commit):
    awkward = '"Net", 净网；\r\n一百,  “引号” ; = +1\t\U00020000 e\u0301 None null'
    a = make_announcement(status="published", title=awkward, abstract=" \n", title_zh="净网2018")
    make_case(a, heading=awkward)
    make_figure(a, phrase=awkward, value=Decimal("0.1"), qualifier="exact", unit="percent", measure_id="change_percent")
    commit()
    own = [("publisher", a.publisher.slug)]
    (row,) = csv_rows(client, "announcements", own)
    assert (row["title"], row["abstract"], row["title_zh"]) == (awkward, " \n", "净网2018")
    assert csv_rows(client, "cases", own)[0]["heading"] == awkward
    (figure,) = json_pages(client, "figures", own)
    assert (figure["phrase"], figure["value"]) == (awkward, 0.1)


def test_zero_is_zero_and_not_stated_is_empty(client, commit):
    a = make_announcement(status="published", published=None)
    make_figure(a, value=0, qualifier="exact", phrase="no one was hurt: 0")
    commit()
    own = [("publisher", a.publisher.slug)]
    (row,) = csv_rows(client, "figures", own)
    assert (row["value"], row["low"], row["high"], row["low_included"]) == ("0", "0", "0", "true")
    assert (row["published"], row["case_id"], row["cumulative"], row["places"]) == ("", "", "", "")
    (record,) = json_pages(client, "figures", own)
    assert (record["value"], record["published"], record["cumulative"], record["places"]) == (0, None, None, [])


# --- JSON -----------------------------------------------------------------------------------------------------------


@LISTS
def test_facets_in_json_are_those_of_the_page(client, kind):
    query = "crime_type=hacking&province=guangdong&place=440300&year=none&year=2021"
    results = client.get(f"/{kind}/?{query}").context["results"]
    body = client.get(f"/{kind}.json?{query}&facets=1").json()
    assert list(body) == ["count", "next", "results", "facets"]
    assert list(body["facets"]) == [facet.key for facet in results.facets]
    for facet in results.facets:
        values = body["facets"][facet.key]
        assert [v["value"] for v in values] == [v.value for v in facet.flat()]
        for value, shown in zip(values, facet.flat(), strict=True):
            assert isinstance(value["value"], str)
            assert isinstance(value["label"], str)
            assert type(value["count"]) is int
            assert (value["count"], value["selected"]) == (shown.count, shown.selected)
            assert ("parent" in value) == (facet.key in ("crime_type", "place", "campaign"))
        if "none" in [v["value"] for v in values]:
            assert values[-1]["value"] == "none"
    parents = {v["value"]: v["parent"] for v in body["facets"]["crime_type"]}
    assert parents["hacking"] is None
    assert parents["hacking.malware"] == "hacking"
    assert {v["parent"] for v in body["facets"]["place"] if v["value"] != "440300"} == {"440000", "440300"}


def test_facets_are_left_out_unless_asked_for(client):
    assert "facets" not in client.get("/cases.json?facets=0").json()
    assert "facets" not in client.get("/cases.json").json()


@LISTS
def test_a_campaign_inside_another_says_so(client, kind):
    values = client.get(f"/{kind}.json?facets=1").json()["facets"]["campaign"]
    for value in values[:-1]:
        assert value["parent"] == oracle.campaigns()[value["value"]]["parent"]


@pytest.mark.parametrize("kind", ["cases", "figures"])
def test_a_record_has_a_json_twin_like_its_row_in_the_list(client, kind):
    for record in client.get(f"/{kind}.json").json()["results"][:5]:
        assert client.get(f"/{kind}/{record['id']}.json").json() == record
        assert record["url"] == f"http://testserver/{kind}/{record['id']}/"
        assert client.get(record["url"]).status_code in (200, 301)


def test_an_announcement_as_json_brings_its_cases_and_figures(client):
    by_key = {a["key"]: a for a in oracle.collection()}
    listed = {record["key"]: record for record in json_pages(client, "announcements", [("per_page", "100")])}
    for key in ("s000", "s002", "r003", "r096"):
        record = client.get(f"/announcements/{listed[key]['id']}.json").json()
        cases, figures = record.pop("cases"), record.pop("figures")
        assert record == {name: value for name, value in listed[key].items() if name not in ("cases", "figures")}
        assert [case["number"] for case in cases] == sorted(case["number"] for case in by_key[key]["cases"])
        assert [figure["ref"] for figure in figures] == [f["ref"] for f in by_key[key]["figures"]]


@pytest.mark.parametrize("kind", oracle.KINDS)
def test_a_record_that_is_gone_says_so_in_json_too(client, kind):
    first, second = DETAIL[kind][0].objects.order_by("pk")[:2]
    Tombstone.objects.create(kind=kind.removesuffix("s"), record_id=900_001, reason="told twice", moved_to=first.pk)
    Tombstone.objects.create(kind=kind.removesuffix("s"), record_id=900_002, reason="a forgery")
    moved = client.get(f"/{kind}/900001.json")
    assert (moved.status_code, moved["Location"]) == (301, f"/{kind}/{first.pk}.json")
    for pk, status, detail in ((900_002, 410, "a forgery"), (900_003, 404, "")):
        response = client.get(f"/{kind}/{pk}.json")
        assert response.status_code == response.json()["status"] == status
        assert response["Content-Type"] == "application/problem+json"
        assert detail in response.json()["detail"]
    assert client.get(f"/{kind}/{second.pk}.json").status_code == 200


def test_chinese_is_written_as_chinese(client):
    response = client.get("/announcements.json?language=zh")
    assert response["Content-Type"] == "application/json"
    assert re.search("[\u4e00-\u9fff]", response.content.decode("utf-8"))


# --- the codebook ---------------------------------------------------------------------------------------------------


def test_the_codebook_lists_every_field_and_every_parameter_and_nothing_else(client):
    page = client.get("/codebook/").content.decode()
    fields = re.findall(r'<tr id="((?:announcements|cases|figures)\.[^"]+)"', page)
    assert fields == [f"{kind}.{row}" for kind in oracle.KINDS for row in csv_header(client, kind)]
    parameters = re.findall(r'<tr id="parameter-([^"]+)"', page)
    assert parameters == list(PARAMETERS)
    # What it lists is taken, and what it does not list is not.
    for name in parameters:
        kind = PARAMETERS[name].kinds[0]
        assert client.get(f"/{kind}.json?{name}=").status_code == 200
    assert client.get("/figures.json?anything=").status_code == 400


def csv_header(client, kind):
    return b"".join(client.get(f"/{kind}.csv?year=1999").streaming_content).decode().strip().split(",")


def test_the_codebook_names_every_code(client):
    page = client.get("/codebook/").content.decode()
    listed = set(re.findall(r"<code>([^<]+)</code>", page))
    for facet in ("crime_type", "measure", "unit", "qualifier", "kind", "language", "role"):
        kind = "cases" if facet == "role" else "figures"
        assert set(oracle.vocabulary(kind, facet)) <= listed, facet


def test_every_field_is_labelled_in_both_languages_and_explained():
    for table in records.TABLES.values():
        for field in table.fields:
            assert field.label_en
            assert re.search("[\u4e00-\u9fff]", field.label_zh), field.name
            assert field.description
