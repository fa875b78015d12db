"""Nothing that an editor typed is lost: not to another editor, not to a publication, not to a session that ended."""

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client

from cases.models import Announcement
from tests.factories import make_announcement, make_case, make_figure
from tests.test_admin import ADD, Fields, change, errors, fields, figure_entry, in_group, logged_in, new_row

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return in_group("li", "Editors")


@pytest.fixture
def desk(editor):
    return logged_in(editor)


@pytest.fixture
def other():
    return logged_in(in_group("wang", "Editors"))


@pytest.fixture
def draft():
    a = make_announcement(title="As it was opened", abstract="The same")
    for n in (1, 2):
        make_figure(a, case=make_case(a), note=f"note {n}")
    return a


# --- two editors ------------------------------------------------------------------------------------------------------


def test_the_second_is_told_sees_both_versions_and_keeps_what_was_typed(desk, other, draft):
    first, second = fields(desk, change(draft.pk)), fields(other, change(draft.pk))
    sent = first | {"title": "As <i>Li</i> has it", "figures-0-note": "Li's note", "_save": "1"}
    assert desk.post(change(draft.pk), sent).status_code == 302
    typed = second | {"title": "As Wang has it", "figures-1-note": "Wang's note", "_save": "1"}
    response = other.post(change(draft.pk), typed)
    assert response.status_code == 409
    assert "Somebody else has saved this record" in errors(response)[""]
    body = response.content.decode()
    assert "As &lt;i&gt;Li&lt;/i&gt; has it" in body
    assert "As Wang has it" in body
    assert "saved by li" in body
    assert "Li&#x27;s note" in body
    assert "Wang&#x27;s note" in body
    shown = Fields(body).values
    assert (shown["title"], shown["figures-1-note"]) == ("As Wang has it", "Wang's note")
    draft.refresh_from_db()
    assert (draft.title, draft.version) == ("As <i>Li</i> has it", 2), "nothing has been overwritten"

    # Having seen both, Wang takes over Li's note and saves.
    again = {**typed, **shown, "figures-0-note": "Li's note", "_save": "1"}
    assert other.post(change(draft.pk), again).status_code == 302
    draft.refresh_from_db()
    assert (draft.title, draft.version) == ("As Wang has it", 3)
    assert list(draft.figures.order_by("position").values_list("note", flat=True)) == ["Li's note", "Wang's note"]


def test_a_row_that_the_other_has_deleted_stays_as_a_new_one(desk, other, draft):
    first, second = fields(desk, change(draft.pk)), fields(other, change(draft.pk))
    assert desk.post(change(draft.pk), first | {"figures-0-DELETE": "on", "_save": "1"}).status_code == 302
    sent = second | {"figures-0-note": "typed with care", "_save": "1"}
    new_row(sent, "figures", **figure_entry(note="a new one"))
    response = other.post(change(draft.pk), sent)
    assert response.status_code == 409
    body = response.content.decode()
    assert "typed with care" in body
    assert "not there" in body
    shown = Fields(body).values
    assert draft.figures.count() == 1
    response = other.post(change(draft.pk), {k: v for k, v in shown.items() if "__prefix__" not in k} | {"_save": "1"})
    assert response.status_code == 302, errors(response)
    assert sorted(draft.figures.values_list("note", flat=True)) == ["a new one", "note 2", "typed with care"]


def test_rows_that_the_other_has_added_are_shown_and_stay(desk, other, draft):
    first, second = fields(desk, change(draft.pk)), fields(other, change(draft.pk))
    new_row(first, "figures", **figure_entry(phrase="arrested more than 33,000 others"))
    assert desk.post(change(draft.pk), first | {"_save": "1"}).status_code == 302
    response = other.post(change(draft.pk), second | {"abstract": "Mine", "_save": "1"})
    assert response.status_code == 409
    assert "it stays" in response.content.decode()
    shown = {k: v for k, v in Fields(response.content.decode()).values.items() if "__prefix__" not in k}
    assert other.post(change(draft.pk), shown | {"_save": "1"}).status_code == 302
    assert draft.figures.count() == 3
    draft.refresh_from_db()
    assert draft.abstract == "Mine"


@pytest.mark.parametrize("seen", ["", "0", "7", "-1", "x", "9" * 30, None])
def test_a_form_that_does_not_say_what_it_has_seen_saves_nothing(desk, draft, seen):
    sent = fields(desk, change(draft.pk)) | {"title": "Pushed through", "seen_version": seen, "_save": "1"}
    response = desk.post(change(draft.pk), {k: v for k, v in sent.items() if v is not None})
    assert response.status_code == 409
    draft.refresh_from_db()
    assert draft.title == "As it was opened"


def test_a_step_that_comes_second_is_told(desk, draft):
    Announcement.objects.filter(pk=draft.pk).update(status="in_review")
    Announcement.objects.claim(draft.pk, draft.version)
    response = desk.post(
        f"/admin/cases/announcement/{draft.pk}/step/return/", {"reason": "no date", "seen_version": draft.version}
    )
    assert response.status_code == 409
    body = response.content.decode()
    assert "since you opened it" in body
    assert 'value="no date"' in body


# --- a session that has ended -----------------------------------------------------------------------------------------


def sign_in(client, page, name="li", password="a long enough one"):  # noqa: S107
    """Fill in the login that a page is; return what comes next."""
    sent = Fields(page.content.decode()).values | {"username": name, "password": password}
    return client.post("/admin/login/", sent)


def test_what_was_typed_is_there_again_after_signing_in(desk, draft):
    title = "A title with “quotes”, <tags> & 中文\u3000字"
    sent = fields(desk, change(draft.pk)) | {"title": title, "abstract": "two\r\nlines", "_save": "1"}
    client = Client()  # whose session is no more
    page = client.post(change(draft.pk), sent)
    assert page.status_code == 403
    assert "Nothing of what you typed is lost" in page.content.decode()

    refused = sign_in(client, page, password="a wrong one")
    assert refused.status_code == 200
    kept = sign_in(client, refused)
    assert kept.status_code == 200
    draft.refresh_from_db()
    assert draft.title == "As it was opened", "nothing is saved before it has been seen"
    values = Fields(kept.content.decode()).values
    form = client.post(change(draft.pk), values)
    assert "Nothing of it is saved yet" in errors(form)[""]
    shown = {k: v for k, v in Fields(form.content.decode()).values.items() if "__prefix__" not in k}
    assert (shown["title"], shown["abstract"].split()) == (title, ["two", "lines"])
    draft.refresh_from_db()
    assert draft.title == "As it was opened"
    assert client.post(change(draft.pk), shown | {"_save": "1"}).status_code == 302
    draft.refresh_from_db()
    assert draft.title == title


def test_a_new_record_is_there_again_too(desk, editor):
    sent = fields(desk, ADD) | {"key": "new1", "kind": "report", "title": "New", "publisher": "The Paper", "_save": "1"}
    new_row(sent, "figures", **figure_entry())
    client = Client()
    kept = sign_in(client, client.post(ADD, sent))
    form = client.post(ADD, Fields(kept.content.decode()).values)
    shown = {k: v for k, v in Fields(form.content.decode()).values.items() if "__prefix__" not in k}
    assert client.post(ADD, shown | {"_save": "1"}).status_code == 302
    assert Announcement.objects.get(key="new1").figures.get().phrase == "arrested more than 33,000 suspects"


def test_a_form_that_another_tab_has_outlived_is_there_again(editor, draft):
    """Signing in again changes the token: what a tab still has open comes with the old one."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    sent = fields(client, change(draft.pk)) | {"title": "Typed before", "_save": "1"}
    client.cookies.pop("csrf")
    page = client.post(change(draft.pk), sent)
    assert page.status_code == 403
    values = Fields(page.content.decode()).values
    form = client.post(change(draft.pk), values)
    assert form.status_code == 200
    assert Fields(form.content.decode()).values["title"] == "Typed before"
    draft.refresh_from_db()
    assert draft.title == "As it was opened", "a forged form saves nothing, whoever presses the button"


def test_a_stranger_is_shown_nothing(editor, draft):
    page = Client().post(change(draft.pk), {"title": "x"})
    assert draft.title not in page.content.decode()
    client = Client(enforce_csrf_checks=True)
    assert b"Show what I typed" not in client.post("/admin/auth/user/add/", {"username": "x"}).content


@pytest.mark.parametrize("carried", ["", "{", "[]", "null", "[1]", '[["a"]]', '[["a", 1]]', '{"a": "b"}', "[" * 9000])
def test_what_is_carried_may_be_anything(editor, carried):
    client = Client()
    response = client.post(
        "/admin/login/", {"username": "li", "password": "a long enough one", "held": carried, "next": "//evil.example"}
    )
    assert response.status_code in (200, 302)
    assert "evil.example" not in response.get("Location", "") + response.content.decode()


# --- races ------------------------------------------------------------------------------------------------------------


def race(blocker, rounds):
    """Let editors, a reviewer and an import race on a database of their own; return what became of it."""
    source = connection.settings_dict["NAME"]
    copy = f"{source}_races"
    with blocker.unblock():
        connection.close()  # nobody may be connected to what is copied
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'drop database if exists "{copy}" with (force)')
            cursor.execute(f'create database "{copy}" template "{source}"')
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{copy}").geturl()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "tests.races", str(rounds)],
            env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"},
            capture_output=True,
            text=True,
            timeout=3000,
            check=False,
            cwd=Path(__file__).resolve().parent.parent,
        )
    finally:
        with blocker.unblock(), connection._nodb_cursor() as cursor:
            cursor.execute(f'drop database "{copy}" with (force)')
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


class TestRaces:
    @pytest.fixture
    def _django_db_helper(self, django_db_setup):
        """Open no transaction: these do nothing in this process's own database."""

    @pytest.mark.parametrize("rounds", [12, pytest.param(1000, marks=pytest.mark.trust)])
    def test_no_update_is_lost(self, django_db_setup, django_db_blocker, rounds):
        told = race(django_db_blocker, rounds)
        assert told["races"] == rounds
        assert (told["lost"], told["odd"], told["verdicts"]) == (0, [], []), told
        assert told["accepted"] >= rounds
        assert told["refused"] >= rounds * 2 // 3, "they have not met"
