"""Readers' reports of errors and how they reach the editors; how often anybody may try anything."""

from datetime import timedelta

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone

from cases import limits, queue, reporting
from cases.models import Announcement, Attempt, ErrorReport
from tests.factories import make_announcement, make_figure
from tests.test_admin import Fields
from tests.test_workflow import make_user

pytestmark = pytest.mark.django_db

MESSAGE = "The document says 34,000 <script>alert(1)</script>"


@pytest.fixture
def live():
    return Announcement.objects.get(key="r027")


def opened(client, address="/report/"):
    response = client.get(address)
    assert response.status_code == 200
    return Fields(response.content.decode()).values


@pytest.mark.parametrize("kind", ["announcement", "case", "figure", "archive"])
def test_a_reader_reports_and_an_editor_answers(live, kind):
    record = {
        "announcement": live,
        "case": Announcement.objects.filter(status="published", cases__isnull=False).first().cases.first(),
        "figure": live.figures.first(),
        "archive": None,
    }[kind]
    reader = Client(enforce_csrf_checks=True)
    address = "/report/"
    if record:
        page = reader.get(record.get_absolute_url(), follow=True).content.decode()
        address = f"/report/?kind={kind}&id={record.pk}"
        assert address.replace("&", "&amp;") in page
    response = reader.get(address)
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex"
    sent = Fields(response.content.decode()).values | {"message": MESSAGE, "q": ""}
    response = reader.post("/report/send/", sent)
    assert response.status_code == 302
    assert "editors' queue" in reader.get(response.url).content.decode().replace("&#x27;", "'")
    report = ErrorReport.objects.get()
    assert (report.kind, report.record_id, report.message) == (kind, record.pk if record else None, MESSAGE)
    assert report.version == (1 if record else None)
    assert report.events.count() == 1

    desk = Client()
    desk.force_login(make_user("editor", "Editors"))
    assert f"/admin/cases/errorreport/{report.pk}/change/" in desk.get("/admin/").content.decode()
    page = desk.get(f"/admin/cases/errorreport/{report.pk}/change/")
    assert "&lt;script&gt;" in page.content.decode()
    assert "<script>alert" not in page.content.decode()
    values = Fields(page.content.decode()).values | {"state": "corrected"}
    refused = desk.post(f"/admin/cases/errorreport/{report.pk}/change/", values)
    assert "Say what was done" in refused.content.decode()
    assert (
        desk.post(f"/admin/cases/errorreport/{report.pk}/change/", values | {"answer": "So it does"}).status_code == 302
    )
    report.refresh_from_db()
    assert (report.state, report.handled_by.username, report.message) == ("corrected", "editor", MESSAGE)
    assert not [one for one in queue.waiting(report.handled_by) if one.slug == "reports" and one.count]


def test_contributors_and_strangers_do_not_read_reports():
    report = ErrorReport.objects.create(kind="archive", message="A typing error", contact="me@example.org")
    client = Client()
    assert client.get(f"/admin/cases/errorreport/{report.pk}/change/").status_code == 302
    client.force_login(make_user("contributor", "Contributors"))
    assert client.get(f"/admin/cases/errorreport/{report.pk}/change/").status_code == 403
    assert "typing error" not in client.get("/admin/").content.decode()


@pytest.mark.parametrize(
    ("query", "status", "named"),
    [
        ("kind=campaign&id=1", 400, "kind"),
        ("kind=figure", 400, "id"),
        ("id=1", 400, "kind"),
        ("kind=figure&id=x", 400, "id"),
        ("kind=figure&id=１", 400, "id"),
        ("kind=figure&id=1&version=two", 400, "version"),
        ("kind=figure&id=99999999999999999999", 400, "id"),
        ("colour=red", 400, "colour"),
        ("kind=figure&id=999999999", 404, ""),
    ],
)
def test_an_address_in_error_is_named(client, query, status, named):
    response = client.get(f"/report/?{query}")
    assert response.status_code == status
    assert not named or f"<code>{named}</code>" in response.content.decode()


def test_what_is_not_public_cannot_be_reported(client):
    draft = make_announcement(title="Zeisigvogel")
    figure = make_figure(draft)
    for query in (f"kind=announcement&id={draft.pk}", f"kind=figure&id={figure.pk}"):
        assert client.get(f"/report/?{query}").status_code == 404
    assert client.post("/report/send/", {"kind": "figure", "id": figure.pk, "message": "x"}).status_code == 404
    assert not ErrorReport.objects.exists()


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"message": ""}, "required"),
        ({"message": "  \n "}, "required"),
        ({"message": "x" * 2001}, "2000"),
        ({"message": "a\x00b"}, "Null characters"),
        ({"message": "fine", "contact": "x" * 201}, "200"),
    ],
)
def test_what_is_wrong_with_a_report_is_said_and_nothing_is_lost(client, sent, message):
    response = client.post("/report/send/", sent)
    body = response.content.decode()
    assert response.status_code == 400
    assert message in body
    assert sent["message"].strip().replace("\x00", "")[:1] in body
    assert not ErrorReport.objects.exists()


def test_a_forged_report_is_refused():
    assert Client(enforce_csrf_checks=True).post("/report/send/", {"message": "x"}).status_code == 403


def test_the_sixth_report_from_one_address_waits(client, monkeypatch):
    for n in range(5):
        assert client.post("/report/send/", {"message": f"error {n}"}).status_code == 302
    response = client.post("/report/send/", {"message": "one more"})
    assert response.status_code == 429
    assert 1 <= int(response["Retry-After"]) <= 600
    assert "one more" in response.content.decode()
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert elsewhere.post("/report/send/", {"message": "from elsewhere"}).status_code == 302
    Attempt.objects.update(at=timezone.now() - timedelta(seconds=601))
    assert client.post("/report/send/", {"message": "one more"}).status_code == 302


# --- limits -----------------------------------------------------------------------------------------------------------


def test_attempts_are_forgotten_and_name_nobody():
    limit = limits.Limit("test", 2, 60)
    limit.note("192.0.2.1")
    assert "192.0.2.1" not in str(Attempt.objects.values_list().get())
    Attempt.objects.update(at=timezone.now() - timedelta(hours=2))
    limit.note("192.0.2.2")
    assert Attempt.objects.count() == 1
    assert limit.wait("192.0.2.2") == 0
    limit.note("192.0.2.2")
    assert 55 <= limit.wait("192.0.2.2") <= 60
    assert limit.wait("192.0.2.1") == 0


@pytest.mark.parametrize(
    ("remote", "forwarded", "behind_proxy", "counted"),
    [
        ("192.0.2.1", "203.0.113.9", False, "192.0.2.1"),
        ("127.0.0.1", "203.0.113.9, 192.0.2.1", True, "192.0.2.1"),
        ("127.0.0.1", "192.0.2.1", True, "192.0.2.1"),
        ("127.0.0.1", None, True, "127.0.0.1"),
        ("::ffff:192.0.2.1", None, False, "192.0.2.1"),
        ("", None, False, ""),
        ("x" * 900, None, False, "x" * 64),
    ],
)
def test_whom_to_count(settings, remote, forwarded, behind_proxy, counted):
    settings.BEHIND_PROXY = behind_proxy
    extra = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    assert limits.address(RequestFactory().get("/", REMOTE_ADDR=remote, **extra)) == counted


def test_one_network_of_ipv6_is_counted_as_one(settings):
    settings.BEHIND_PROXY = False
    request = RequestFactory()
    one, two, other = (
        limits.address(request.get("/", REMOTE_ADDR=ip))
        for ip in ("2001:db8::1", "2001:db8::ffff:1", "2001:db8:0:1::1")
    )
    assert one == two != other


# --- signing in -------------------------------------------------------------------------------------------------------

PASSWORD = "a long enough one"


@pytest.fixture
def editor():
    person = make_user("li", "Editors")
    person.set_password(PASSWORD)
    person.save()
    return person


def sign_in(name="li", password=PASSWORD, address="192.0.2.1"):
    return Client(REMOTE_ADDR=address).post("/admin/login/?next=/admin/", {"username": name, "password": password})


def test_after_ten_failures_even_the_right_password_waits_but_not_for_good(editor):
    for n in range(10):
        assert sign_in(password="wrong", address=f"192.0.2.{n + 10}").status_code == 200
    response = sign_in(name="LI", address="192.0.2.99")
    assert response.status_code == 429
    assert 1 <= int(response["Retry-After"]) <= 300
    assert "sessionid" not in response.cookies
    assert "session" not in response.cookies
    other = make_user("wang", "Editors")
    other.set_password(PASSWORD)
    other.save()
    assert sign_in(name="wang", address="192.0.2.98").status_code == 302
    Attempt.objects.update(at=timezone.now() - timedelta(seconds=301))
    assert sign_in().status_code == 302


def test_one_address_tries_many_names_ten_times(editor):
    for n in range(10):
        assert sign_in(name=f"guess {n}", password="wrong").status_code == 200
    assert sign_in(name="guess 10", password="wrong").status_code == 429
    assert sign_in(address="192.0.2.2").status_code == 302


def test_signing_in_is_not_counted(editor):
    for _n in range(12):
        assert sign_in().status_code == 302


def test_what_is_carried_survives_the_wait(editor):
    for _n in range(10):
        sign_in(password="wrong")
    response = Client(REMOTE_ADDR="192.0.2.1").post(
        "/admin/login/", {"username": "li", "password": PASSWORD, "held": '[["title", "typed"]]', "next": "/admin/"}
    )
    assert response.status_code == 429
    assert Fields(response.content.decode()).values["held"] == '[["title", "typed"]]'


def test_limits_of_reports_look_back_no_longer_than_attempts_are_kept():
    for limit in (reporting.OF_ONE, reporting.OF_ALL):
        assert timedelta(seconds=limit.seconds) <= limits.KEPT
