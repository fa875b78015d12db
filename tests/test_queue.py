"""The first page of the desk: what waits, for whom, and what it costs to say so. And the manual beside it."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases import queue, texts
from cases.models import Announcement, ErrorReport
from tests.factories import make_announcement, make_case, make_figure
from tests.test_workflow import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return make_user("editor", "Editors")


@pytest.fixture
def desk(editor):
    client = Client()
    client.force_login(editor)
    return client


def counts(user):
    return {one.slug: one.count for one in queue.waiting(user)}


def test_each_kind_of_work_is_counted_and_listed(editor, desk):
    before = counts(editor)
    draft = make_announcement(title="A <i>draft</i>")
    make_announcement(status="in_review")
    found, lost = make_announcement(), make_announcement()
    for a in (found, lost):
        make_figure(a)
    texts.attach(found, "They arrested more than 33,000 suspects.")
    texts.attach(lost, "They arrested nobody.")
    make_case(draft)
    ErrorReport.objects.create(kind="archive", message="A typing error")
    after = counts(editor)
    assert {slug: after[slug] - before[slug] for slug in after} == {
        "drafts": 3,
        "review": 1,
        "evidence": 1,
        "places": 1,
        "reports": 1,
        "contradictions": 0,
    }
    body = desk.get("/admin/").content.decode()
    assert "A &lt;i&gt;draft&lt;/i&gt;" in body
    assert "A typing error" in body
    page = desk.get("/admin/cases/announcement/?needs=evidence").content.decode()
    assert f"/{lost.pk}/change/" in page
    assert f"/{found.pk}/change/" not in page
    for slug in queue.NEEDS:
        assert desk.get(f"/admin/cases/announcement/?needs={slug}").status_code == 200
    assert desk.get("/admin/cases/announcement/?needs=sleep").status_code == 302


def test_evidence_stands_or_falls_with_the_latest_text(editor):
    a = make_announcement()
    make_figure(a)
    before = counts(editor)["evidence"]
    texts.attach(a, "They arrested more than 33,000 suspects.")
    assert counts(editor)["evidence"] == before
    texts.attach(a, "They arrested more than 34,000 suspects.")
    assert counts(editor)["evidence"] == before + 1


def test_a_contributor_sees_their_own(editor):
    contributor = make_user("contributor", "Contributors")
    make_announcement()
    mine = make_announcement()
    mine.authors.add(contributor)
    assert counts(contributor)["drafts"] == 1
    assert "reports" not in counts(contributor)


def test_it_costs_the_same_however_much_waits(desk):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert desk.get("/admin/").status_code == 200
        return len(captured)

    few = queries()
    for n in range(20):
        a = make_announcement(status="in_review" if n % 2 else "draft")
        make_case(a)
        ErrorReport.objects.create(kind="archive", message="A typing error")
    assert queries() == few <= 20


def test_much_is_counted_no_further(editor, monkeypatch):
    monkeypatch.setattr(queue, "MOST", 2)
    for _n in range(5):
        make_announcement()
    drafts = next(one for one in queue.waiting(editor) if one.slug == "drafts")
    assert drafts.is_more
    assert drafts.count == 3


def test_the_manual_is_a_page_of_the_desk(desk):
    body = desk.get("/admin/manual/").content.decode()
    assert "<table>" in body
    assert 'id="6-figures"' in body
    assert "抓获犯罪嫌疑人8.3万余名" in body
    assert "<img" not in body.partition('class="manual"')[2]
    assert Client().get("/admin/manual/").status_code == 302
    assert Announcement.objects.exists()
