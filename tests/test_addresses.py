"""Addresses are for ever: whatever is renamed, merged, withdrawn, restored or taken out, each of them answers."""

import csv
import io
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from django.urls import clear_script_prefix, reverse, set_script_prefix
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cases import drafts, workflow
from cases.models import Announcement, Figure, Release, TypicalCase
from cases.models.addresses import address_of
from cases.permissions import Action
from tests.factories import make_announcement, make_case, make_figure
from tests.test_workflow import make_user

pytestmark = pytest.mark.django_db

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["rename", "rename", "merge", "withdraw", "restore", "restore", "take out", "tell again"]),
        st.integers(0, 3),
        st.integers(0, 3),
    ),
    min_size=8,
    max_size=8,
)


def own(model):
    prefix = (
        "key" if model is Announcement else "reports__announcement__key" if model is Release else "announcement__key"
    )
    return {f"{prefix}__startswith": "t"}


def public_addresses():
    found = set()
    for model in (Announcement, TypicalCase, Figure, Release):
        public = model.objects.public() if model is Release else model.objects.published()
        for record in public.filter(**own(model)).distinct():
            kind, pk = record.get_absolute_url().split("/")[1:3]
            found |= {record.get_absolute_url(), f"/{kind}/{pk}/"}
            if model is not Release:
                found |= {f"/{kind}/{pk}.json", f"/{kind}/{pk}.bib"}
    return found


def take(step, one, other, reviewer):
    """Take a step where it can be taken."""
    if step == "merge" and one.is_published and other.is_published and one.pk != other.pk:
        workflow.take(Action.MERGE, one, by=reviewer, reason="told twice", into=other)
    elif step == "withdraw" and one.is_published:
        workflow.take(Action.WITHDRAW, one, by=reviewer, reason="a hoax")
    elif step == "restore" and one.status == "withdrawn":
        workflow.take(Action.RESTORE, one, by=reviewer, reason="no hoax")
    elif step in ("rename", "take out", "tell again") and one.is_published:
        copy = drafts.start_copy(one)
        if step == "rename":
            copy.title = f"{copy.title} again"
            copy.save()
            copy.cases.update(heading="Other heading")
        elif step == "take out":
            copy.figures.all().delete()
            copy.cases.all().delete()
        else:
            make_figure(copy, case=make_case(copy), ref=f"f{copy.pk}")
        drafts.publish(copy, by=None, reason=step)


def check_addresses_answer(commit, steps):
    with transaction.atomic():  # each walk begins anew
        walk(commit, steps)
        transaction.set_rollback(True)


def walk(commit, steps):
    client = Client()
    reviewer = User.objects.filter(username="walker").first() or make_user("walker", "Reviewers")
    announcements = [make_announcement(title=f"Telling {n}", published="2018-09-07") for n in range(4)]
    told = None
    for a in announcements:
        case = make_case(a, same_as=told)
        told = told or case
        make_figure(a, case=case)
        drafts.publish(a, by=None, reason="entered")
    commit()
    ever = public_addresses()
    for step, one, other in steps:
        pair = [Announcement.objects.get(pk=announcements[n].pk) for n in (one, other)]
        take(step, *pair, reviewer)
        commit()
        ever |= public_addresses()
    now = public_addresses()
    answers = {address: client.get(address) for address in sorted(ever)}
    for address, response in answers.items():
        assert response.status_code in (200, 301, 410), (address, response.status_code, steps)
        if response.status_code == 301:
            after = client.get(response.url)
            assert after.status_code in (200, 410), (address, response.url, after.status_code, steps)
        if address in now:
            assert response.status_code == (301 if address.count("/") == 3 and "/figures/" not in address
                                            and "/releases/" not in address else 200), (address, steps)  # fmt: skip
    rows = csv.DictReader(io.StringIO(client.get("/deleted.csv").getvalue().decode(), newline=""))
    gone = {urlsplit(row["url"]).path: int(row["status"]) for row in rows}
    short = {address for address in ever if address.endswith("/") and address.count("/") == 3}
    told_gone = {a for a in short if answers[a].status_code == 410 or (answers[a].status_code == 301 and a not in now)}
    assert told_gone <= set(gone)
    assert all(answers[address].status_code == gone[address] for address in told_gone)
    assert not set(gone) & now


@settings(max_examples=2, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(STEPS)
def test_no_address_ever_issued_is_lost(commit, steps):
    check_addresses_answer(commit, steps)


@pytest.mark.trust
@settings(max_examples=125, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(STEPS)
def test_no_address_is_lost_in_a_thousand_steps(commit, steps):
    check_addresses_answer(commit, steps)


def test_what_is_gone_is_listed_with_its_reason(client, commit):
    reviewer = make_user("walker", "Reviewers")
    first, second, third = (make_announcement(title=f"Telling {n}") for n in range(3))
    for a in (first, second, third):
        drafts.publish(a, by=None, reason="entered")
    workflow.take(Action.MERGE, Announcement.objects.get(pk=first.pk), by=reviewer, reason="=told twice", into=second)
    workflow.take(Action.WITHDRAW, Announcement.objects.get(pk=third.pk), by=reviewer, reason='a hoax, "it" seems')
    commit()
    response = client.get("/deleted.csv")
    told = response.getvalue().decode()
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(told, newline=""))
            if row["kind"] == "announcement"}  # fmt: skip
    merged, withdrawn = rows[str(first.pk)], rows[str(third.pk)]
    assert (merged["status"], merged["moved_to"], merged["reason"]) == ("301", str(second.pk), "'=told twice")
    assert (withdrawn["status"], withdrawn["moved_to"]) == ("410", "")
    assert withdrawn["reason"] == 'a hoax, "it" seems'
    assert withdrawn["url"] == f"http://testserver/announcements/{third.pk}/"
    assert str(second.pk) not in rows
    assert third.title not in told
    assert client.get("/deleted.csv?x=1").status_code == 400
    moved = client.get(f"/announcements/{first.pk}/?version=1")
    assert (moved.status_code, moved.url) == (301, second.get_absolute_url())
    assert client.get(f"/announcements/{third.pk}/?version=1").status_code == 410
    for twin in ("json", "bib", "csl.json"):
        moved = client.get(f"/announcements/{first.pk}.{twin}")
        assert (moved.status_code, moved.url) == (301, f"/announcements/{second.pk}.{twin}")
        assert client.get(f"/announcements/{third.pk}.{twin}").json()["withdrawn"]


SLUGS = ["a", "net-net-2018", "净网2018", "d'or", "a+b~c:@d,e;f!g$h&i*j", "100%", "ü(1)"]


@pytest.mark.parametrize("prefix", ["/", "/archive/"])
@pytest.mark.parametrize("slug", SLUGS)
def test_an_address_is_what_django_makes_of_it(prefix, slug):
    set_script_prefix(prefix)
    try:
        for name in ("announcement", "case"):
            assert address_of(f"cases:{name}-detail", 7, slug) == reverse(f"cases:{name}-detail", args=[7, slug])
        assert address_of("cases:figure-detail", 7) == reverse("cases:figure-detail", args=[7])
    finally:
        clear_script_prefix()
