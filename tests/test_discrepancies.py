"""The pages of verdicts: what contradicts what, why, in every format, and nothing of what is not public."""

import csv
import io

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.utils import translation
from django.utils.html import escape

from cases import releases, side_by_side
from cases.admin import desk_verdicts
from cases.choices import ReportRole
from cases.models import Decision, Verdict
from tests.factories import make_announcement, make_figure

pytestmark = pytest.mark.django_db

FORMATS = (
    "/discrepancies/?sort=latest",
    "/discrepancies.csv",
    "/discrepancies.json?sort=latest",
    "/discrepancies.atom",
)


@pytest.fixture
def told_twice(commit):
    """One release told by two public reports: 3,412 suspects by one, 34,120 by the other."""
    first, second = (make_announcement(status="published", title=f"Told <{n}>") for n in (1, 2))
    release = releases.release_of(first)
    releases.tie(second, [release], ReportRole.REPORT)
    figures = [
        make_figure(report, value=value, phrase=f"arrested {value} suspects", qualifier="exact")
        for report, value in ((first, 3412), (second, 34120))
    ]
    commit()
    return release, first, second, *figures


def body(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return b"".join(response).decode()


def rows(client, address):
    return list(csv.DictReader(io.StringIO(body(client, address))))


def test_a_contradiction_is_listed_with_both_claims_its_slip_and_its_reason(client, told_twice):
    _release, first, second, a, b = told_twice
    (row,) = [row for row in rows(client, "/discrepancies.csv") if row["a_id"] == str(a.pk)]
    assert (row["a_value"], row["a_phrase"], row["a_key"]) == ("3412", "arrested 3412 suspects", first.key)
    assert (row["b_id"], row["b_value"], row["b_key"]) == (str(b.pk), "34120", second.key)
    assert (row["measure"], row["unit"], row["verdict"]) == (a.measure_id, a.unit, "contradict")
    assert (float(row["factor"]), row["power_of_ten"]) == (10, "10")
    assert row["reason"] == "No number fits both."
    told = client.get("/discrepancies.json", {"slip": "10", "basis": "release"}).json()
    assert [r["a_id"] for r in told["results"] if r["a_key"] == first.key] == [a.pk]
    assert all(r["power_of_ten"] == 10 for r in told["results"])


def test_the_page_the_files_and_the_counts_are_of_the_same_filters(client):
    for query in ("year=2018", "measure=websites_closed", "basis=series", "slip=10", "year=2018&basis=release"):
        told = client.get(f"/discrepancies.json?{query}&facets=1").json()
        assert len(rows(client, f"/discrepancies.csv?{query}")) == told["count"] > 0, query
    for value in client.get("/discrepancies.json?facets=1&year=2018").json()["facets"]["basis"]:
        chosen = client.get(f"/discrepancies.json?year=2018&basis={value['value']}").json()
        assert chosen["count"] == value["count"]


@pytest.mark.parametrize("query", ["basis=nowhere", "slip=7", "sort=newest&page=0", "verdicts=agree", "year=%00"])
def test_a_bad_parameter_is_named(client, query):
    assert client.get(f"/discrepancies/?{query}").status_code == 400
    assert client.get(f"/discrepancies.csv?{query}").status_code == 400


@pytest.mark.parametrize("status", ["draft", "in_review", "withdrawn"])
def test_what_is_not_public_is_in_none_of_them(client, told_twice, commit, status):
    release, first, second, a, _b = told_twice
    pages = [*FORMATS, f"/releases/{release.pk}/", f"/releases/{release.pk}.csv", f"/releases/{release.pk}.json"]
    for page in pages:
        text = body(client, page)
        assert "34120" in text or "34,120" in text, page
    second.status = status
    second.save()
    commit()
    for page in [*pages, first.get_absolute_url(), f"/figures/{a.pk}/"]:
        text = body(client, page)
        assert "34120" not in text, page
        assert "34,120" not in text, page


def test_the_reports_of_a_release_stand_side_by_side(client, told_twice):
    release, first, second, *_ = told_twice
    page = body(client, f"/releases/{release.pk}/")
    phrases = ("arrested 3412 suspects", "arrested 34120 suspects")
    for told in (*phrases, "≠", "10 times as much", "a slip of a unit is likely"):
        assert told in page, told
    assert "Told <1>" not in page, "titles are escaped"
    table = rows(client, f"/releases/{release.pk}.csv")
    assert {row["announcement_key"] for row in table} == {first.key, second.key}
    for report, other in ((first, "34,120"), (second, "3,412")):
        assert other in body(client, report.get_absolute_url()), "each report says how it stands to the other"


def test_no_words_of_a_release_are_a_formula_in_a_spreadsheet(client, told_twice, commit):
    release, first, *_ = told_twice
    make_figure(first, value=7, phrase="+7 suspects, as quoted", qualifier="exact")
    commit()
    assert "'+7 suspects, as quoted" in {row["phrase"] for row in rows(client, f"/releases/{release.pk}.csv")}


def test_what_the_editors_decide_is_shown_with_their_reason(client, told_twice, commit):
    release, _first, _second, a, b = told_twice
    Decision.objects.create(a=a, b=b, action="part", reason="one counts persons, the other arrests")
    commit()
    assert str(a.pk) not in {row["a_id"] for row in rows(client, "/discrepancies.csv")}
    Decision.objects.all().delete()
    Decision.objects.create(a=a, b=b, action="contradict", reason="seen <in> print")
    commit()
    (row,) = [row for row in rows(client, "/discrepancies.csv") if row["a_id"] == str(a.pk)]
    assert row["reason"] == "Decided by the editors. seen <in> print"
    assert "seen &lt;in&gt; print" in body(client, f"/releases/{release.pk}/")


@pytest.mark.parametrize("path", ["/discrepancies", "/cases", "/figures"])
def test_a_cursor_beside_an_order_that_there_is_not_is_an_error_and_no_more(client, path):
    response = client.get(f"{path}.json?sort=null&cursor=x")
    assert response.status_code == 400
    assert [error["parameter"] for error in response.json()["errors"]] == ["sort"]


def test_what_would_be_said_alike_is_said_once(client, told_twice, commit):
    """A report that tells a number twice contradicts another one twice; each pair keeps its place on the page."""
    release, first, _second, a, b = told_twice
    again = make_figure(first, value=a.value, phrase="once more 3412 suspects", qualifier="exact")
    commit()
    kept = Verdict.objects.filter(verdict="contradict", a__in=(a, again, b), b__in=(a, again, b))
    assert kept.count() == 2
    page = body(client, f"/releases/{release.pk}/")
    sentence = side_by_side.with_figures(list(kept))[0].sentence
    assert page.count(escape(sentence)) == 1
    assert all(f'id="d-{verdict.pk}"' in page for verdict in kept)
    assert body(client, first.get_absolute_url()).count(escape(sentence)) <= 1


def test_sentences_stand_after_each_other_as_the_language_wants(told_twice):
    verdict = side_by_side.with_figures(list(Verdict.objects.filter(a=told_twice[3])))[0]
    assert verdict.sentence.endswith("10 times as much. That is a power of ten: a slip of a unit is likely.")
    with translation.override("zh-hans"):
        said = side_by_side.sentence(verdict)
    assert "相差10倍。这是" in said
    assert "3,412，" in said, "what is counted is said by the measure"


# --- at the desk ------------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(db):
    person = User.objects.create_superuser("wang")
    client = Client()
    client.force_login(person)
    return client


def test_contradictions_come_first_however_many_agree(desk, told_twice, monkeypatch):
    _release, first, second, _a, _b = told_twice
    monkeypatch.setattr(desk_verdicts, "MOST", 1)
    for report in (first, second):
        make_figure(report, measure_id="cases_solved", unit="cases", value=7, phrase="7 cases", qualifier="exact")
    connection.check_constraints()
    told = desk_verdicts.told(first, User.objects.get(username="wang"))
    assert [verdict.verdict for verdict in told["verdicts"]] == ["contradict"]
    assert told["agreeing"] == []
    assert told["verdicts"][0].decide_url.startswith("/admin/cases/decision/add/?")


def test_the_form_of_a_decision_shows_what_the_figures_say(desk, told_twice, commit):
    *_, a, b = told_twice
    page = desk.get(f"/admin/cases/decision/add/?a={a.pk}&b={b.pk}").content.decode()
    assert escape(f"“{a.phrase}”") in page
    assert escape(f"“{b.phrase}”") in page
    sent = {"a": a.pk, "b": b.pk, "action": "agree", "reason": "a misprint"}
    assert desk.post("/admin/cases/decision/add/", sent).status_code == 302
    commit()
    (decision,) = Decision.objects.all()
    assert decision.decided_by.username == "wang"
    assert "a misprint" in desk.get("/admin/cases/decision/").content.decode()
    for wrong in ("x", "9" * 30, "999999999"):
        refused = desk.post(f"/admin/cases/decision/{decision.pk}/change/", sent | {"b": wrong})
        assert refused.context["adminform"].form.errors["b"]
