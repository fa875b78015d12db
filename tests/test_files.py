"""Files: every table in every format, under any filter, the same bytes for the same data."""

import csv
import gc
import gzip
import io
import json
import re
import unicodedata
from hashlib import sha256

import pytest
from django.core.cache import cache
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from cases import cells, exports, publishing, records, sending, workbooks
from cases.models import (
    Announcement,
    Figure,
    PublishedVersion,
    Release,
    ReleaseReport,
    Tombstone,
    Transition,
)
from tests.factories import make_announcement, make_case, make_figure
from tests.nasty import NASTY

pytestmark = pytest.mark.django_db

TABLES = list(records.TABLES)
STREAMED = (".csv", ".excel.csv", ".jsonl")


@pytest.fixture(autouse=True)
def _nothing_is_kept():
    cache.clear()


def fetch(client, path, **headers):
    """Return an answer with its body."""
    response = client.get(path, **headers)
    assert response.status_code == 200, (path, response.status_code)
    response.body = b"".join(response.streaming_content) if response.streaming else response.content
    return response


def address(table, suffix, query=""):
    return f"/{records.TABLES[table].address}{suffix}{query}"


def rows_of(body, *, for_excel=False):
    """Return the rows of a CSV as a program reads it, with its mark taken off if it is one for Excel."""
    text = body.decode("utf-8-sig" if for_excel else "utf-8")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def restored(row, table):
    """Return a row of a CSV for Excel with the marks taken off its texts."""
    return {f.name: cells.unmarked(row[f.name]) if f.type in ("text", "list") else row[f.name] for f in table.fields}


# --- what is in them ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", TABLES)
def test_all_formats_hold_the_same_rows(client, table):
    query = "?year=2018&sort=oldest"
    declared = records.TABLES[table]
    plain = fetch(client, address(table, ".csv", query))
    rows = rows_of(plain.body)
    assert rows
    assert list(rows[0]) == declared.columns
    excel = rows_of(fetch(client, address(table, ".excel.csv", query)).body, for_excel=True)
    assert [restored(row, declared) for row in excel] == rows
    lines = fetch(client, address(table, ".jsonl", query)).body.decode().splitlines()
    assert [in_text(json.loads(line), declared) for line in lines] == rows
    book = load_workbook(io.BytesIO(fetch(client, address(table, ".xlsx", query)).body), read_only=True)
    sheet, codebook = (list(book[name].values) for name in book.sheetnames)
    assert [in_text(dict(zip(sheet[0], row, strict=True)), declared) for row in sheet[1:]] == rows
    assert [row[0] for row in codebook[1:]] == declared.columns
    for suffix in exports.FORMATS:
        response = fetch(client, address(table, suffix, query))
        assert response["X-Total-Count"] == str(len(rows))
        assert f"-{len(rows)}-rows{suffix}" in response["Content-Disposition"]


def in_text(record, table):
    """Return a typed record as a CSV writes it."""

    def text(field):
        value = record[field.name]
        if value is None:
            return ""
        if field.type == "number":
            return f"{value:f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
        if field.type == "boolean":
            return str(value).lower()
        return "; ".join(value) if isinstance(value, list) else str(value)

    return {field.name: text(field) for field in table.fields}


def test_json_lines_are_the_records_of_json(client):
    for kind in ("announcements", "cases", "figures"):
        lines = fetch(client, f"/{kind}.jsonl").body.decode().splitlines()
        page = client.get(f"/{kind}.json?per_page=100").json()
        assert [json.loads(line) for line in lines][:100] == page["results"]
        assert len(lines) == page["count"]


def test_places_of_cases_are_those_of_the_cases_found(client):
    cases = rows_of(fetch(client, "/cases.csv?province=anhui").body)
    places = rows_of(fetch(client, "/case-places.csv?province=anhui").body)
    assert {row["case_id"] for row in places} == {row["id"] for row in cases}
    for row in cases:
        own = [place for place in places if place["case_id"] == row["id"]]
        assert "; ".join(place["place"] for place in own) == row["places"]
        assert "; ".join(place["role"] for place in own) == row["place_roles"]


def test_reports_of_releases_are_those_of_the_announcements_found(client):
    announcements = rows_of(fetch(client, "/announcements.csv?year=2018").body)
    reports = rows_of(fetch(client, "/release-reports.csv?year=2018").body)
    for row in announcements:
        own = [report["release_id"] for report in reports if report["announcement_id"] == row["id"]]
        assert "; ".join(own) == row["releases"]
    assert {row["fullest"] for row in reports} == {"true", "false"}


@pytest.mark.parametrize("table", TABLES)
def test_an_error_in_the_parameters_is_named_in_every_format(client, table):
    for suffix in exports.FORMATS:
        for end in ("", ".sha256"):
            response = client.get(address(table, suffix + end, "?colour=red"))
            assert (response.status_code, response.json()["errors"][0]["parameter"]) == (400, "colour")
            assert client.get(address(table, suffix + end, "?cursor=x")).status_code == 400


def test_lines_end_as_the_standard_says(client, commit):
    a = make_announcement(status="published", title="one\ntwo\r\nthree\rfour", abstract='"a", b')
    commit()
    body = fetch(client, f"/announcements.csv?publisher={a.publisher.slug}").body
    assert body.endswith(b"\r\n")
    assert b"\nthree" in body
    assert rows_of(body)[0]["title"] == a.title


# --- the same bytes -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", exports.FORMATS)
def test_the_same_data_are_the_same_bytes(client, suffix):
    paths = [address(table, suffix, query) for table in TABLES for query in ("?province=anhui&year=2018",)]
    for path in paths:
        first, second = (fetch(client, path) for _ in range(2))
        assert first.body == second.body
        assert first["ETag"] == second["ETag"]


def test_the_tag_is_of_the_data_the_question_and_the_format(client, commit):
    tags = [
        fetch(client, path, **headers)["ETag"]
        for path, headers in (
            ("/cases.csv", {}),
            ("/cases.csv", {"HTTP_ACCEPT_ENCODING": "gzip"}),
            ("/cases.csv", {"HTTP_HOST": "localhost"}),
            ("/cases.excel.csv", {}),
            ("/cases.jsonl", {}),
            ("/cases.csv.sha256", {}),
            ("/case-places.csv", {}),
            ("/cases.csv?year=2018", {}),
            ("/cases.csv?sort=oldest", {}),
        )
    ]
    assert len(set(tags)) == len(tags)
    same = fetch(client, "/cases.csv?year=2021&year=2018&sort=newest")["ETag"]
    assert fetch(client, "/cases.csv?year=2018&province=&year=2021")["ETag"] == same
    make_case(make_announcement(status="published"))
    commit()
    assert fetch(client, "/cases.csv")["ETag"] != tags[0]


@pytest.mark.parametrize(
    "path", ["/cases.csv", "/figures.xlsx?year=2018", "/cases.csv.sha256", "/cases.json", "/cases/{}.json"]
)
def test_who_has_it_already_is_told_so(client, commit, path):
    a = make_announcement(status="published")
    case = make_case(a)
    commit()
    path = path.format(case.pk)
    tag = fetch(client, path)["ETag"]
    unchanged = client.get(path, HTTP_IF_NONE_MATCH=f'"other", {tag}')
    assert (unchanged.status_code, unchanged.content, unchanged["ETag"]) == (304, b"", tag)
    make_figure(a, phrase="one more: 33,000")
    commit()
    assert client.get(path, HTTP_IF_NONE_MATCH=tag).status_code == 200


def test_what_is_not_public_does_not_change_the_version(client, commit):
    tag = fetch(client, "/release-reports.csv")["ETag"]
    draft = make_announcement()
    make_figure(draft, case=make_case(draft))
    ReleaseReport.objects.create(announcement=draft, release=Release.objects.public().first())
    commit()
    assert fetch(client, "/release-reports.csv")["ETag"] == tag
    Announcement.objects.published().first().releases.first()
    Release.objects.public().first()
    release = Release.objects.public().first()
    release.name = "Another name"
    release.save()
    commit()
    assert fetch(client, "/release-reports.csv")["ETag"] != tag


def test_the_digest_is_of_the_file_and_kept(client, monkeypatch):
    for path in ("/case-places.csv?year=2018", "/figures.excel.csv?year=2018", "/cases.jsonl"):
        file = fetch(client, path)
        base, _, query = path.partition("?")
        digest = fetch(client, f"{base}.sha256?{query}").body.decode()
        name = re.search('filename="([^"]+)"', file["Content-Disposition"])[1]
        assert digest == f"{sha256(file.body).hexdigest()}  {name}\n"
    monkeypatch.setattr(sending, "_opened", None)
    assert fetch(client, "/cases.jsonl.sha256").body.decode() == digest


def test_gzip_when_asked(client):
    plain = fetch(client, "/cases.csv")
    packed = fetch(client, "/cases.csv", HTTP_ACCEPT_ENCODING="br, gzip;q=0.8")
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert packed.body == fetch(client, "/cases.csv", HTTP_ACCEPT_ENCODING="gzip").body
    assert "Accept-Encoding" in packed["Vary"]
    for accepted in ("", "identity", "gzip;q=0", "br, gzip; q=0.0"):
        assert "Content-Encoding" not in fetch(client, "/cases.csv", HTTP_ACCEPT_ENCODING=accepted)
    assert "Content-Encoding" not in fetch(client, "/case-places.xlsx?year=2018", HTTP_ACCEPT_ENCODING="gzip")


# --- tables that are no lists ---------------------------------------------------------------------------------------

NO_LISTS = ["/compare.csv", "/corrections.csv", "/deleted.csv", "/discrepancies.csv", "/releases/{}.csv"]
UNCOUNTED = "/corrections.csv"  # it would have to be written to be counted


@pytest.fixture
def corrected(commit):
    """A public record that was corrected, and one that is gone; return the path of a release for its number."""
    a = make_announcement(status="published", published="2018-09-07")
    figure = make_figure(a, phrase="arrested 12, it says", value=12, qualifier="exact")
    release = Release.objects.create(fullest=a, name="=of one day")
    ReleaseReport.objects.create(announcement=a, release=release)
    commit()
    publishing.publish(a, reason="first")
    figure.note = "=told"
    figure.save()
    publishing.publish(a, reason="'noted")
    Figure.objects.filter(pk=make_figure(a).pk).delete()
    Tombstone.objects.create(kind="case", record_id=9_000_000, reason="=told twice")
    commit()
    return a, release


@pytest.mark.parametrize("path", NO_LISTS)
def test_other_tables_are_sent_as_lists_are(client, corrected, path):
    path = path.format(corrected[1].pk)
    file = fetch(client, path)
    assert file["Content-Type"] == "text/csv; charset=utf-8; header=present"
    assert (file["Cache-Control"], file["Access-Control-Allow-Origin"]) == ("no-cache", "*")
    assert file["X-Data-Version"].isdecimal()
    rows = list(csv.reader(io.StringIO(file.body.decode(), newline="")))
    assert len(rows) > 1
    assert ("X-Total-Count" in file) is (path != UNCOUNTED)
    assert path == UNCOUNTED or file["X-Total-Count"] == str(len(rows) - 1)
    name = re.search('filename="([^"]+)"', file["Content-Disposition"])[1]
    digest = fetch(client, f"{path}.sha256")
    assert digest.body.decode() == f"{sha256(file.body).hexdigest()}  {name}\n"
    packed = fetch(client, path, HTTP_ACCEPT_ENCODING="gzip")
    assert gzip.decompress(packed.body) == file.body
    assert len({file["ETag"], digest["ETag"], packed["ETag"]}) == 3
    for answer in (file, digest):
        again = client.get(answer.request["PATH_INFO"], HTTP_IF_NONE_MATCH=answer["ETag"])
        assert (again.status_code, again["ETag"]) == (304, answer["ETag"])
    held = [client.get("/cases.csv") for _ in range(2)]
    assert client.get(path).status_code == 503
    for one in held:
        b"".join(one.streaming_content)


def test_json_that_is_no_list_is_tagged_too(client, corrected):
    for path in (f"/releases/{corrected[1].pk}.json", "/compare.json", "/compare.json?measure=cases_solved"):
        tag = fetch(client, path)["ETag"]
        assert client.get(path, HTTP_IF_NONE_MATCH=tag).status_code == 304
        assert client.get(path, HTTP_IF_NONE_MATCH=tag, HTTP_ACCEPT_LANGUAGE="zh-hans").status_code == 200
    plain, empty = (fetch(client, f"/compare.json{query}")["ETag"] for query in ("", "?year=&measure="))
    assert plain == empty, "an empty value is an absent key"


def test_what_changes_a_table_changes_its_tag(client, corrected, commit):
    a, release = corrected
    paths = {path: path.format(release.pk) for path in NO_LISTS}

    def tags():
        return {path: fetch(client, address)["ETag"] for path, address in paths.items()}

    def nothing():
        Transition.objects.create(announcement=a, step="submit", source="draft", target="in_review")
        make_figure(make_announcement())

    def version():
        PublishedVersion.objects.create(
            announcement=a, n=3, body='{"figures": []}', sha256="0" * 64, reason="told anew"
        )

    def step():
        Transition.objects.create(
            announcement=a, step="withdraw", source="published", target="withdrawn", reason="entered twice"
        )

    def gone():
        Tombstone.objects.create(kind="case", record_id=9_000_001, reason="told twice")

    def led_on():
        Tombstone.objects.filter(record_id=9_000_001).update(moved_to=1)

    def back():
        Tombstone.objects.filter(record_id=9_000_001).delete()

    before = tags()
    for change, changes in (
        (nothing, False),
        (version, True),
        (step, True),
        (gone, True),
        (led_on, True),
        (back, True),
    ):
        change()
        commit()
        after = tags()
        assert (after != before) is changes, change.__name__
        before = after


def test_parameters_that_a_table_does_not_take_are_named(client):
    for path in ("/corrections.csv", "/deleted.csv", "/corrections.atom", "/corrections.csv.sha256"):
        refused = client.get(f"{path}?colour=red&x=1")
        assert (refused.status_code, refused["Content-Type"]) == (400, "application/problem+json")
        assert [error["parameter"] for error in refused.json()["errors"]] == ["colour", "x"]


def test_a_release_that_is_gone_says_so_in_the_format_that_was_asked_for(client, corrected):
    live, gone, merged = corrected[1].pk, 9_000_000, 9_000_001
    Tombstone.objects.create(kind="release", record_id=gone, reason="entered twice")
    Tombstone.objects.create(kind="release", record_id=merged, moved_to=live, reason="the same")
    for end in ("json", "csv", "csv.sha256"):
        answer = client.get(f"/releases/{gone}.{end}")
        assert (answer.status_code, answer.json()["detail"]) == (410, "entered twice")
        moved = client.get(f"/releases/{merged}.{end}")
        assert (moved.status_code, moved["Location"]) == (301, f"/releases/{live}.{end}")
        assert client.get(f"/releases/{10**9}.{end}").json()["status"] == 404


# --- limits ---------------------------------------------------------------------------------------------------------


def test_all_places_taken_is_said_and_places_are_given_back(client):
    held = [client.get("/cases.csv") for _ in range(2)]
    refused = client.get("/figures.csv")
    assert (refused.status_code, refused["Content-Type"]) == (503, "application/problem+json")
    assert int(refused["Retry-After"]) > 0
    assert client.get("/cases.csv.sha256").status_code == 503
    assert client.get("/cases.json").status_code == 200
    b"".join(held.pop().streaming_content)
    assert client.get("/cases.csv").status_code == 200  # one was read to its end
    held.clear()
    gc.collect()  # the test's client and an answer hold each other
    for _ in range(5):
        assert client.head("/cases.csv").status_code == 200
        assert client.get("/cases.csv?colour=red").status_code == 400
    fetch(client, "/cases.csv")  # one was never read


def test_a_file_not_taken_in_time_is_broken_off(client, monkeypatch):
    monkeypatch.setattr(sending, "MOST_SECONDS", 0)
    response = client.get("/figures.csv")
    with pytest.raises(sending.TooSlowError), transaction.atomic():
        b"".join(response.streaming_content)
    monkeypatch.undo()
    fetch(client, "/figures.csv")


def test_a_workbook_has_its_limits_and_says_so(client, commit, monkeypatch):
    a = make_announcement(status="published", abstract="long " * 7_000)
    commit()
    refused = client.get(f"/announcements.xlsx?publisher={a.publisher.slug}")
    assert (refused.status_code, "abstract" in refused.json()["detail"]) == (400, True)
    monkeypatch.setattr(workbooks, "MOST_ROWS", 10)
    for path in ("/figures.xlsx", "/figures.xlsx.sha256"):
        refused = client.get(path)
        assert refused.status_code == 400
        assert "CSV" in refused.json()["detail"]
    assert client.get("/figures.csv").status_code == 200


# --- cells ----------------------------------------------------------------------------------------------------------


def is_like_a_formula(text):
    """Say so by the rule, not by the pattern: what is unseen is taken away, and what looks alike made one."""
    rest = text.lstrip("".join(c for c in set(text) if c.isspace() or unicodedata.category(c) in ("Cf", "Cc")))
    seen = text[: len(text) - len(rest)]
    return bool(set(seen) & set("\t\r\n")) or unicodedata.normalize("NFKC", rest)[:1] in set("=+-@−'") - {""}


def test_every_character_that_looks_like_a_sign_is_marked():
    for code in range(1, 0x110000):
        c = chr(code)
        if not 0xD800 <= code <= 0xDFFF and is_like_a_formula(c + "x"):
            assert cells.marked(c + "1") == f"'{c}1", hex(code)
            assert cells.marked(f" \u200b\ufeff{c}1") == f"' \u200b\ufeff{c}1"
    for plain in ("1+1", "a=b", "净网=1", "33,000", "", " ", "“=”", "·-1", "#", "(=1)"):
        assert cells.marked(plain) == plain


@settings(max_examples=300, deadline=None)
@given(NASTY)
def test_marks_are_taken_off_again(text):
    assert cells.unmarked(cells.marked(text)) == text
    assert not is_like_a_formula(cells.marked(text)) or cells.marked(text).startswith("'")


def check_nasty_texts_survive(client, commit, texts):
    a = make_announcement(status="published")
    figures = [make_figure(a, phrase=text if text.strip() else f"x{text}", note=text) for text in texts]
    commit()
    query = f"?publisher={a.publisher.slug}"
    wanted = {str(f.pk): (f.phrase, f.note) for f in figures}
    table = records.FIGURES
    plain = rows_of(fetch(client, f"/figures.csv{query}").body)
    assert {row["id"]: (row["phrase"], row["note"]) for row in plain} == wanted
    marked = rows_of(fetch(client, f"/figures.excel.csv{query}").body, for_excel=True)
    for row in marked:
        for field in table.fields:
            cell = row[field.name]
            numeric = re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", cell)
            assert not is_like_a_formula(cell) or cell.startswith("'") or numeric, (field.name, cell)
    assert [restored(row, table) for row in marked] == plain
    lines = [json.loads(line) for line in fetch(client, f"/figures.jsonl{query}").body.decode().split("\n") if line]
    assert {str(record["id"]): (record["phrase"], record["note"]) for record in lines} == wanted


@settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(NASTY, min_size=100, max_size=100))
def test_nasty_texts_survive_every_format(client, commit, texts):
    check_nasty_texts_survive(client, commit, texts)


@pytest.mark.trust
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(NASTY, min_size=500, max_size=500))
def test_twenty_thousand_nasty_texts_survive_every_format(client, commit, texts):
    check_nasty_texts_survive(client, commit, texts)
