"""Who may do what: every role, in every state of a record, their own or not, by every way that leads to it."""

from itertools import product

import pytest
from django.contrib.auth.models import AnonymousUser, Group, User
from django.db import transaction
from django.test import Client

from cases import permissions
from cases.importing.files import in_memory
from cases.importing.imports import Options, import_files
from cases.importing.writer import dumps
from cases.models import Announcement
from cases.permissions import Action
from tests.factories import make_announcement
from tests.test_workflow import interchange

pytestmark = pytest.mark.django_db

DESK = "/admin/cases/announcement/"
ROLES = ("stranger", "reader", "staff", "Contributors", "Editors", "Reviewers", "Administrators")
STATES = ("draft", "in_review", "published", "withdrawn")
# What each role may do with a record, by its state: first whether it is their own, then with those of others.
# v view, c change, d delete, k copy, s submit, b back to draft, p publish, w withdraw, r restore, o reopen, m merge
NOTHING = dict.fromkeys(STATES, ("", ""))
MAY = {
    "stranger": NOTHING,
    "reader": NOTHING,  # an account that is not one of the desk, whatever its groups
    "staff": NOTHING,  # an account of the desk in no group
    "Contributors": {
        "draft": ("vcds", ""),
        "in_review": ("vb", ""),
        "published": ("vk", "vk"),
        "withdrawn": ("v", "v"),
    },
    "Editors": {
        "draft": ("vcds", "vcds"),
        "in_review": ("vcdb", "vcdb"),
        "published": ("vk", "vk"),
        "withdrawn": ("v", "v"),
    },
    "Reviewers": {
        "draft": ("vcds", "vcds"),
        "in_review": ("vcdb", "vcdbp"),
        "published": ("vk", "vkwm"),
        "withdrawn": ("v", "vro"),
    },
    "Administrators": {
        "draft": ("vcds", "vcds"),
        "in_review": ("vcdbp", "vcdbp"),
        "published": ("vkwm", "vkwm"),
        "withdrawn": ("vro", "vro"),
    },
}
LETTERS = {
    "v": Action.VIEW,
    "c": Action.CHANGE,
    "d": Action.DELETE,
    "k": Action.COPY,
    "s": Action.SUBMIT,
    "b": Action.RETURN,
    "p": Action.PUBLISH,
    "w": Action.WITHDRAW,
    "r": Action.RESTORE,
    "o": Action.REOPEN,
    "m": Action.MERGE,
}


@pytest.fixture
def people():
    made = {"stranger": AnonymousUser()}
    for role in ROLES[1:]:
        made[role] = User.objects.create_user(f"a {role}", is_staff=role != "reader")
        if role in MAY and role not in ("staff", "stranger"):
            made[role].groups.add(Group.objects.get(name=role if role != "reader" else "Administrators"))
    return made


@pytest.fixture
def other():
    return User.objects.create_user("somebody else")


def record_of(state, author):
    record = make_announcement(status=state, title="The record in question")
    if author.pk:
        record.authors.add(author)
    return record


def test_the_table_holds_every_action_state_and_role():
    assert set(LETTERS.values()) == set(Action) - {Action.ADD} == set(permissions.STATES)
    assert set(MAY) == set(ROLES)
    assert set(permissions.NEEDED) == set(Action)
    assert set(Group.objects.values_list("name", flat=True)) == set(ROLES[3:])


def test_every_role_may_do_exactly_this(people, other, subtests):
    """Roles × states × own or not × actions: 7 × 4 × 2 × 11 = 616 cells."""
    cells = 0
    for role, state, own in product(ROLES, STATES, (True, False)):
        record = record_of(state, people[role] if own else other)
        for letter, action in LETTERS.items():
            cells += 1
            expected = letter in MAY[role][state][0 if own and role != "stranger" else 1]
            assert permissions.may(people[role], action, record) == expected, (role, state, own, action)
        shown = permissions.visible(people[role]).filter(pk=record.pk).exists()
        assert shown == ("v" in MAY[role][state][0 if own and role != "stranger" else 1]), (role, state, own)
    assert cells == 616
    assert [role for role in ROLES if permissions.may(people[role], Action.ADD)] == list(ROLES[3:])


# --- by every way that leads to it ------------------------------------------------------------------------------------

# What is asked, and the letter that it takes. `{}` is the record; a POST carries what a form would.
GETS = {
    "{}/change/": "v",
    "{}/record/": "v",
    "{}/preview/": "v",
    "{}/history/": "v",
    "{}/delete/": "d",
}
POSTS = {
    "{}/change/": ("c", {"_save": "1", "title": "Taken over"}),
    "{}/delete/": ("d", {"post": "yes"}),
    "{}/copy/": ("k", {}),
    "{}/compared/": ("c", {"seen_version": "1"}),
    **{
        f"{{}}/step/{action}/": (letter, {"reason": "because", "into": "r001"})
        for letter, action in LETTERS.items()
        if letter in "sbpwrom"
    },
    "?publish": ("p", {"action": "publish_all"}),
    "?submit": ("s", {"action": "hand_over"}),
    "?delete": ("", {"action": "delete_selected", "post": "yes"}),
}
# A form that changes nothing, or is refused with a word about it, answers these; everything else is a refusal.
SHOWN, DONE = (200,), (200, 302, 409)


def state_of(record):
    """Return all that a way could have changed of a record."""
    found = Announcement.objects.filter(pk=record.pk).values("status", "title", "version", "revises_version").first()
    return found, Announcement.objects.filter(revises=record).exists()


def ask(client, record, way, data=None):
    if way.startswith("?"):
        return client.post(DESK, {**data, "_selected_action": record.pk})
    path = DESK + way.format(record.pk)
    return client.get(path) if data is None else client.post(path, data)


def check_cells(people, other, roles, states):
    """Try every way with every record; return how many cells that were."""
    cells, wrong = 0, []
    for role in roles:
        client = Client()
        if role != "stranger":
            client.force_login(people[role])
        for state, own in product(states, (True, False)):
            if own and role == "stranger":
                continue
            record = record_of(state, people[role] if own else other)
            letters = MAY[role][state][0 if own else 1]
            for way, letter in GETS.items():
                cells += 1
                status = ask(client, record, way).status_code
                if (status in SHOWN) != (letter in letters):
                    wrong.append((role, state, own, "GET", way, status))
            for way, (letter, data) in POSTS.items():
                cells += 1
                before = state_of(record)
                with transaction.atomic():
                    status = ask(client, record, way, data).status_code
                    after = state_of(record)
                    transaction.set_rollback(True)
                allowed = letter != "" and letter in letters
                # Refused: not signed in, no such right, no such record, not in this state. And nothing is changed.
                if (after != before and not allowed) or (allowed and status not in DONE):
                    wrong.append((role, state, own, "POST", way, status))
                if allowed and letter not in "c" and after == before:
                    wrong.append((role, state, own, "POST", way, "nothing done"))
    assert wrong == []
    return cells


def test_the_ways_of_who_has_no_business_here(people, other):
    assert check_cells(people, other, ROLES[:3], ("draft", "published")) == 190


def test_the_ways_of_contributors_and_reviewers(people, other):
    assert check_cells(people, other, ("Contributors", "Reviewers"), ("draft", "in_review", "published")) == 228


@pytest.mark.trust
def test_every_way_of_every_role(people, other):
    """(6 roles × 2 + strangers) × 4 states × 19 ways = 988 cells."""
    assert check_cells(people, other, ROLES, STATES) == 988


# --- what is shown beside the records themselves ----------------------------------------------------------------------


def test_drafts_of_others_are_nowhere_to_be_seen(people, other):
    """Lists, their search, their counts, and what is proposed while one types."""
    record = record_of("draft", other)
    record.title = "Zeisigvogel"
    record.save()
    record.cases.create(number=1, heading="Zeisigvogel")
    ways = [
        f"{DESK}?q=Zeisigvogel",
        f"{DESK}?status__exact=draft",
        f"{DESK}lookup/announcements/?q=Zeisig",
        f"{DESK}lookup/cases/?q=Zeisig",
        f"{DESK}lookup/announcements/?q={record.key}",
    ]
    for role, sees in (("Contributors", False), ("Editors", True)):
        client = Client()
        client.force_login(people[role])
        for way in ways:
            answer = client.get(way).content.decode()
            assert (f"/{record.pk}/change/" in answer or f'"{record.key}' in answer) == sees, (role, way)


def test_a_contributor_cannot_name_a_draft_of_others(people, other):
    record, theirs = record_of("draft", people["Contributors"]), record_of("draft", other)
    client = Client()
    client.force_login(people["Contributors"])
    copy = client.post(f"{DESK}{make_announcement(status='published').pk}/copy/")
    assert copy.status_code == 302
    page = client.get(f"{DESK}{record.pk}/change/").content.decode()
    assert theirs.key not in page


def test_a_copy_that_somebody_else_has_begun_is_not_shown(people, other):
    live = Announcement.objects.get(key="r027")
    client = Client()
    client.force_login(people["Editors"])
    client.post(f"{DESK}{live.pk}/copy/")
    client.force_login(people["Contributors"])
    response = client.post(f"{DESK}{live.pk}/copy/")
    assert response.status_code == 409
    assert "Somebody else has a draft copy" in response.content.decode()


def test_an_account_that_is_switched_off_is_out_at_once(people):
    client = Client()
    client.force_login(people["Administrators"])
    assert client.get(DESK).status_code == 200
    User.objects.filter(pk=people["Administrators"].pk).update(is_active=False)
    assert client.get(DESK).status_code == 302


def test_an_import_at_the_desk_changes_no_draft_of_others(people, other):
    theirs, mine = record_of("draft", other), record_of("draft", people["Contributors"])
    public = Announcement.objects.get(key="r027")
    for record, imported in ((theirs, False), (mine, True), (public, True)):
        changed = {**interchange(record), "abstract": "Taken over"}
        file = in_memory(f"{record.key}.json", dumps(changed).encode(), 1_000_000)
        report = import_files([file], Options(as_drafts=True), by=people["Contributors"])
        assert (report.problems == []) == imported, report.problems
    theirs.refresh_from_db()
    assert theirs.abstract == ""
    assert list(public.revisions.get().authors.all()) == [people["Contributors"]]
