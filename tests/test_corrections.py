"""What was changed, for editors and for the public: every writer is in the history, every correction in the ledger."""

import csv
import io
import json
from html import unescape
from xml.etree import ElementTree

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases import corrections, drafts, workflow
from cases.models import Announcement, Campaign, CrimeType, Figure, Publisher
from cases.permissions import Action
from tests.factories import make_announcement, make_case, make_figure
from tests.test_workflow import interchange, make_user

pytestmark = pytest.mark.django_db

HISTORY = "/admin/cases/announcement/{}/history/"


@pytest.fixture
def reviewer():
    return make_user("reviewer", "Reviewers")


@pytest.fixture
def desk(reviewer):
    client = Client()
    client.force_login(reviewer)
    return client


@pytest.fixture
def live(commit):
    a = make_announcement(title="Printed on 7 September", published="2018-09-07")
    make_figure(a, value=33_000, note="as printed", case=make_case(a, heading="A case"))
    drafts.publish(a, by=None, reason="entered")
    commit()
    return a


def correct(live, reviewer, reason, **changed):
    """Change a public figure as it is done: on a copy, published with a reason."""
    copy = drafts.start_copy(live)
    figure = copy.figures.first()
    for name, value in changed.items():
        setattr(figure, name, value)
    figure.save()
    Announcement.objects.filter(pk=copy.pk).update(status="in_review")
    copy.refresh_from_db()
    workflow.take(Action.PUBLISH, copy, by=reviewer, reason=reason)
    connection.check_constraints()


# --- for editors ------------------------------------------------------------------------------------------------------


def test_whoever_writes_is_in_the_history_of_the_record(desk, live, reviewer, tmp_path, commit):
    figure = live.figures.get()
    correct(live, reviewer, "misread: it says 34,000", value=34_000, phrase="arrested more than 34,000 suspects")
    Figure.objects.filter(pk=figure.pk).update(note="in bulk")
    with connection.cursor() as cursor:
        cursor.execute("update cases_figure set note = 'by hand' where id = %s", [figure.pk])
    live.places.add("340100")
    figure.places.add("330700")
    live.refresh_from_db()
    path = tmp_path / "x.json"
    path.write_text(json.dumps(interchange(live) | {"abstract": "From <a> file"}), encoding="utf-8")
    call_command("import_records", path, verbosity=0)
    commit()
    body = desk.get(HISTORY.format(live.pk)).content.decode()
    for told in (
        "33,000",
        "34,000",
        "misread: it says 34,000",
        "reviewer",
        "in bulk",
        "by hand",
        "Place 340100<",
        "330700 (f1)",
    ):
        assert told in body, told
    assert "From &lt;a&gt; file" in body
    assert "import" in body
    assert "not at the desk" in body


def test_the_history_is_paged_and_costs_the_same_however_long_it_is(desk, live):
    def queries(page=1):
        with CaptureQueriesContext(connection) as captured:
            response = desk.get(HISTORY.format(live.pk) + f"?page={page}")
        assert response.status_code == 200
        return len(captured), response.content.decode()

    few, _ = queries()
    for n in range(30):
        make_figure(live, phrase=f"arrested {n} suspects", value=n, qualifier="exact")
    # One transaction is one moment: the test's own.
    many, body = queries()
    assert many <= few + 4
    assert many <= 45
    assert "arrested 29 suspects" in body


@pytest.mark.parametrize(
    ("model", "name", "changed"),
    [
        (Campaign, "campaign", {"description": "Told <b>anew</b>"}),
        (CrimeType, "crimetype", {"definition": "Told <b>anew</b>"}),
        (Publisher, "publisher", {"name_zh": "Told <b>anew</b>"}),
    ],
)
def test_vocabularies_have_theirs(desk, model, name, changed):
    record = model.objects.first()
    model.objects.filter(pk=record.pk).update(**changed)
    body = desk.get(f"/admin/cases/{name}/{record.pk}/history/").content.decode()
    assert "Told &lt;b&gt;anew&lt;/b&gt;" in body


# --- for the public ---------------------------------------------------------------------------------------------------


def ledger(client):
    response = client.get("/corrections.csv")
    text = b"".join(response.streaming_content).decode()
    return list(csv.DictReader(io.StringIO(text)))


def test_the_ledger_says_codes_in_words_of_either_language(client, live, reviewer, settings):
    correct(live, reviewer, "misread", qualifier="at_least", measure_id="cases_solved", unit="cases")
    english = client.get("/corrections/").content.decode()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    chinese = client.get("/corrections/").content.decode()
    for told, page in (
        ("Cases solved", english),
        ("at least", english),
        ("侦破(侦办)案件", chinese),
        ("至少", chinese),
    ):
        assert told in page, told
    assert "cases_solved" not in english + chinese
    assert {row["after"] for row in ledger(client)} == {"at_least", "cases_solved", "cases"}, "the file keeps the codes"


def test_nothing_is_told_of_what_was_never_changed(client):
    assert "Nothing has been changed" in client.get("/corrections/").content.decode()
    assert ledger(client) == []


def test_a_corrected_figure_is_told_before_and_since_with_the_reason(client, live, reviewer):
    correct(live, reviewer, "misread <b>", value=34_000, note="seen again", phrase="arrested more than 34,000 suspects")
    body = client.get("/corrections/").content.decode()
    assert "33,000" in body
    assert "34,000" in body
    assert "misread &lt;b&gt;" in body
    assert live.get_absolute_url() in body
    assert "as printed" not in body, "words are not said again"
    assert "seen again" not in body
    assert "reviewer" not in body, "nobody is named"
    rows = {(row["record"], row["field"]): row for row in ledger(client)}
    assert set(rows) == {("figure", "value"), ("figure", "phrase"), ("figure", "note")}
    value = rows["figure", "value"]
    assert (value["before"], value["after"], value["reason"]) == ("33000", "34000", "misread <b>")
    assert (value["event"], value["version"], value["record_key"]) == ("changed", "2", "f1")
    assert value["announcement_key"] == live.key
    assert (rows["figure", "note"]["before"], rows["figure", "note"]["after"]) == ("", "")


def test_what_comes_goes_and_comes_back_is_told(client, live, reviewer, commit):
    other = Announcement.objects.get(key="r001")
    workflow.take(Action.WITHDRAW, live, by=reviewer, reason="a hoax")
    commit()
    assert [row["event"] for row in ledger(client)] == ["withdraw"]
    assert live.title not in client.get("/corrections/").content.decode()
    live.refresh_from_db()
    workflow.take(Action.RESTORE, live, by=reviewer, reason="no hoax")
    live.refresh_from_db()
    workflow.take(Action.MERGE, live, by=reviewer, reason="entered twice", into=other)
    commit()
    rows = ledger(client)
    assert [(row["event"], row["reason"]) for row in rows] == [
        ("merge", "entered twice"),
        ("restore", "no hoax"),
        ("withdraw", "a hoax"),
    ]
    assert rows[0]["moved_to"] == str(other.pk)
    assert f"/announcements/{other.pk}/" in client.get("/corrections/").content.decode()


def test_what_was_corrected_is_not_told_once_it_is_withdrawn(client, live, reviewer, commit):
    correct(live, reviewer, "misread", value=34_000, phrase="arrested more than 34,000 suspects")
    workflow.take(Action.WITHDRAW, live, by=reviewer, reason="it names a victim")
    commit()
    body = client.get("/corrections/").content.decode()
    assert "33,000" not in body
    assert live.title not in body
    assert "it names a victim" in body
    assert [(row["event"], row["before"]) for row in ledger(client)] == [("withdraw", ""), ("changed", "")]


def test_figures_that_came_and_went_are_told(client, live, reviewer, commit):
    copy = drafts.start_copy(live)
    copy.figures.all().delete()
    make_figure(copy, ref="f2", value=12, qualifier="exact", phrase="12 were arrested")
    drafts.publish(copy, by=reviewer, reason="another one")
    commit()
    rows = [row for row in ledger(client) if row["record"] == "figure"]
    assert {(row["record_key"], row["before"], row["after"]) for row in rows} == {("f1", "33000", ""), ("f2", "", "12")}


def test_the_feed_tells_the_same(client, live, reviewer, commit):
    empty = client.get("/corrections.atom")
    assert empty["Content-Type"].startswith("application/atom+xml")
    assert client.get("/corrections.atom").content == empty.content, "until something happens"
    correct(live, reviewer, "misread <b> & more", value=34_000, phrase="arrested more than 34,000 suspects")
    feed = ElementTree.fromstring(client.get("/corrections.atom").content)  # noqa: S314  (our own)
    (entry,) = feed.findall("{*}entry")
    assert entry.findtext("{*}title") == f"{live.title}: changed"
    told = unescape(entry.findtext("{*}summary"))
    assert "misread <b> & more" in told
    assert "33000 → 34000" in told
    assert entry.findtext("{*}id").endswith(f"/corrections/#{live.pk}-changed-2")
    workflow.take(Action.WITHDRAW, live, by=reviewer, reason="a hoax")
    commit()
    assert live.title not in client.get("/corrections.atom").content.decode()


def test_no_cell_is_a_formula(client, live, reviewer):
    correct(live, reviewer, '=HYPERLINK("//evil")', value=34_000, phrase="arrested more than 34,000 suspects")
    assert {row["reason"] for row in ledger(client)} == {'\'=HYPERLINK("//evil")'}


def test_the_ledger_is_paged_and_bounded(client, live, reviewer, commit, monkeypatch):
    monkeypatch.setattr(corrections, "PER_PAGE", 5)
    for n in range(7):
        correct(live, reviewer, f"reason {n}", value=33_001 + n, step=1, phrase=f"arrested {33_001 + n:,} suspects")
    with CaptureQueriesContext(connection) as captured:
        body = client.get("/corrections/").content.decode()
    assert len(captured) <= 6
    assert body.count('class="correction"') == 5
    assert "reason 6" in body
    assert "reason 1<" not in body
    assert "reason 1<" in client.get("/corrections/?page=2").content.decode()
    assert {row["reason"] for row in ledger(client)} == {f"reason {n}" for n in range(7)}


@pytest.mark.parametrize("query", ["page=0", "page=-1", "page=x", "page=99", "page=9999999999", "year=2018", "page=１"])
def test_a_page_that_there_is_not_is_named(client, query):
    response = client.get(f"/corrections/?{query}")
    assert response.status_code == 400
    assert f"<code>{query.partition('=')[0]}</code>" in response.content.decode()
    assert client.get(f"/corrections.csv?{query}").status_code == 400
    assert client.get(f"/corrections.atom?{query}").status_code == 400
