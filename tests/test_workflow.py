"""The steps of a record: which lead where, what each does to what the public sees, and what is refused."""

import json
from io import StringIO

import pytest
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.test import Client

from cases import drafts, records, workflow
from cases.importing import writer
from cases.models import Announcement, PublishedVersion, Release, Tombstone, Transition, TypicalCase
from cases.permissions import STATES, Action
from tests.factories import make_announcement, make_case, make_figure

pytestmark = pytest.mark.django_db

STEPS = "/admin/cases/announcement/{}/step/{}/"


def make_user(name, group):
    person = User.objects.create_user(name, is_staff=True)
    person.groups.add(Group.objects.get(name=group))
    return person


@pytest.fixture
def editor():
    return make_user("editor", "Editors")


@pytest.fixture
def reviewer():
    return make_user("reviewer", "Reviewers")


@pytest.fixture
def desk(reviewer):
    client = Client()
    client.force_login(reviewer)
    return client


@pytest.fixture
def live():
    return Announcement.objects.get(key="r027")


def interchange(announcement):
    return writer.to_record(writer.prefetched(Announcement.objects.filter(pk=announcement.pk)).get())


def imported(tmp_path, key, **changed):
    """Import a record with changes, as a file; return what the command says."""
    record = interchange(Announcement.objects.get(key=key)) | changed
    path = tmp_path / f"{key}.json"
    path.write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
    out = StringIO()
    call_command("import_records", path, stdout=out)
    return out.getvalue()


def addresses(announcement):
    records = [announcement, *announcement.cases.all(), *announcement.figures.all()]
    return [record.get_absolute_url() for record in records]


# --- the table --------------------------------------------------------------------------------------------------------


def test_the_steps_are_these_and_no_others():
    assert {
        (source, step.target, action.value) for action, step in workflow.STEPS.items() for source in step.sources
    } == {
        ("draft", "in_review", "submit"),
        ("in_review", "draft", "return"),
        ("in_review", "published", "publish"),
        ("published", "withdrawn", "withdraw"),
        ("published", "withdrawn", "merge"),
        ("withdrawn", "published", "restore"),
        ("withdrawn", "draft", "reopen"),
    }


def test_a_record_goes_its_way_and_each_step_is_on_record(editor, reviewer, commit):
    draft = make_announcement(title="A long way")
    draft.authors.add(editor)
    for action, by, reason, state in (
        (Action.SUBMIT, editor, "", "in_review"),
        (Action.RETURN, reviewer, "The date is missing", "draft"),
        (Action.SUBMIT, editor, "", "in_review"),
        (Action.PUBLISH, reviewer, "", "published"),
        (Action.WITHDRAW, reviewer, "It names a victim", "withdrawn"),
        (Action.RESTORE, reviewer, "It does not", "published"),
        (Action.WITHDRAW, reviewer, "It does after all", "withdrawn"),
        (Action.REOPEN, reviewer, "The name goes", "draft"),
        (Action.SUBMIT, editor, "", "in_review"),
        (Action.PUBLISH, reviewer, "without the name", "published"),
    ):
        workflow.take(action, draft, by=by, reason=reason)
        draft.refresh_from_db()
        assert draft.status == state
        told = Transition.objects.first()
        assert (told.announcement, told.step, told.target, told.by, told.reason.strip()) == (
            draft, action, state, by, reason,
        )  # fmt: skip
        event = draft.events.select_related("pgh_context").latest("pgh_id")
        assert event.pgh_context.metadata["user"] == by.pk
    assert not Tombstone.objects.filter(kind="announcement", record_id=draft.pk).exists()


@pytest.mark.parametrize("action", [a for a in workflow.STEPS if workflow.STEPS[a].needs_reason])
def test_what_needs_a_reason_is_not_done_without(reviewer, action):
    record = make_announcement(status=STATES[action][0])
    with pytest.raises(workflow.StepError, match="Say why"):
        workflow.take(action, record, by=reviewer, reason="  ", into=Announcement.objects.get(key="r001"))
    record.refresh_from_db()
    assert record.status == STATES[action][0]


def test_nobody_publishes_what_they_entered(reviewer):
    draft = make_announcement(status="in_review")
    draft.authors.add(reviewer)
    with pytest.raises(PermissionDenied, match="yourself"):
        workflow.take(Action.PUBLISH, draft, by=reviewer)
    live = make_announcement(status="published")
    live.authors.add(reviewer)
    with pytest.raises(PermissionDenied, match="yourself"):
        workflow.take(Action.WITHDRAW, live, by=reviewer, reason="mine")


def test_what_was_saved_since_it_was_read_is_not_published(reviewer):
    draft = make_announcement(status="in_review")
    Announcement.objects.claim(draft.pk, 1)
    with pytest.raises(workflow.StepError, match="since you opened it"):
        workflow.take(Action.PUBLISH, draft, by=reviewer, seen_version=1)
    draft.refresh_from_db()
    assert draft.status == "in_review"


# --- withdrawing, and what answers then -------------------------------------------------------------------------------


def test_a_withdrawn_record_says_so_at_all_its_addresses(client, desk, live, commit):
    paths = addresses(live)
    assert len(paths) > 3
    response = desk.post(
        STEPS.format(live.pk, "withdraw"), {"reason": "It was <b>misread</b>", "seen_version": live.version}
    )
    assert response.status_code == 302
    commit()
    for path in paths:
        response = client.get(path)
        assert response.status_code == 410, path
        body = response.content.decode()
        assert "It was &lt;b&gt;misread&lt;/b&gt;" in body
        assert live.title not in body
    assert client.get(f"/announcements/{live.pk}.json").status_code == 410
    assert client.get("/announcements.json?q=key").status_code == 200
    assert not PublishedVersion.objects.filter(announcement=live, reason__contains="misread").exists()

    desk.post(STEPS.format(live.pk, "restore"), {"reason": "It was not"})
    commit()
    for path in paths:
        assert client.get(path).status_code == 200, path


def test_the_release_of_a_withdrawn_record_says_so_once_nothing_of_it_is_public(client, reviewer, commit):
    alone = Release.objects.filter(reports__announcement__status="published").extra(
        where=["(select count(*) from cases_releasereport x where x.release_id = cases_release.id) = 1"]
    )[0]
    report = alone.reports.get().announcement
    assert client.get(alone.get_absolute_url()).status_code == 200
    workflow.take(Action.WITHDRAW, report, by=reviewer, reason="a hoax")
    commit()
    assert client.get(alone.get_absolute_url()).status_code == 410
    workflow.take(Action.RESTORE, report, by=reviewer, reason="no hoax")
    commit()
    assert client.get(alone.get_absolute_url()).status_code == 200


def test_an_import_brings_nothing_back(client, reviewer, live, tmp_path, commit):
    workflow.take(Action.WITHDRAW, live, by=reviewer, reason="misread")
    said = imported(tmp_path, "r027", abstract="Told otherwise in the file")
    commit()
    live.refresh_from_db()
    assert (live.status, live.abstract) == ("withdrawn", "Told otherwise in the file")
    assert "r027 stays withdrawn" in said
    assert client.get(f"/announcements/{live.pk}/").status_code == 410


def test_a_copy_of_a_withdrawn_record_does_not_bring_it_back(reviewer, live):
    copy = drafts.start_copy(live)
    workflow.take(Action.SUBMIT, copy, by=reviewer)
    workflow.take(Action.WITHDRAW, live, by=reviewer, reason="misread")
    with pytest.raises(ValidationError, match="Restore it first"):
        workflow.take(Action.PUBLISH, copy, by=reviewer, reason="better")
    live.refresh_from_db()
    assert live.status == "withdrawn"
    with pytest.raises(workflow.StepError, match="Discard it first"):
        workflow.take(Action.REOPEN, live, by=reviewer, reason="to mend it")


# --- merging ----------------------------------------------------------------------------------------------------------


def test_a_record_entered_twice_leads_to_the_other_in_one_step(client, desk, commit):
    first, second, third = (make_announcement(status="published", title=f"Telling {n}") for n in (1, 2, 3))
    told = [make_case(a) for a in (first, second, third)]
    TypicalCase.objects.filter(pk__in=[told[0].pk, told[1].pk]).update(same_as=told[2])
    figure = make_figure(first)
    for a in (first, second, third):
        drafts.publish(a, by=None, reason="entered")
    commit()
    for gone, into in ((first, third), (third, second)):
        if gone == third:  # the case of the second then tells it most fully
            TypicalCase.objects.filter(pk=told[1].pk).update(same_as=None)
            TypicalCase.objects.filter(pk__in=[told[0].pk, told[2].pk]).update(same_as=told[1])
        sent = {"reason": "the same document", "into": f"{into.key} {into.title}", "seen_version": gone.version}
        assert desk.post(STEPS.format(gone.pk, "merge"), sent).status_code == 302
        commit()
    for old, new in ((first, second), (third, second), (told[0], told[1]), (told[2], told[1])):
        response = client.get(old.get_absolute_url())
        assert response.status_code == 301
        assert response.url == new.get_absolute_url(), "in one step"
        assert client.get(response.url).status_code == 200
    assert client.get(figure.get_absolute_url()).status_code == 410


@pytest.mark.parametrize("into", ["", "nowhere", "itself", "a draft"])
def test_nothing_is_merged_into_what_is_not_public(desk, live, into):
    keys = {"itself": live.key, "a draft": make_announcement().key}
    response = desk.post(STEPS.format(live.pk, "merge"), {"reason": "twice", "into": keys.get(into, into)})
    assert response.status_code == 409
    assert "Name another public announcement" in response.content.decode()
    live.refresh_from_db()
    assert live.status == "published"


def test_a_case_that_is_taken_out_leads_to_the_same_case(client, reviewer, commit):
    there = make_case(make_announcement(status="published"))
    live = make_announcement(status="published")
    case, other = make_case(live, same_as=there), make_case(live)
    drafts.publish(live, by=None, reason="entered")
    copy = drafts.start_copy(live)
    copy.cases.all().delete()
    drafts.publish(copy, by=None, reason="told elsewhere")
    commit()
    assert client.get(case.get_absolute_url()).url == there.get_absolute_url()
    assert client.get(other.get_absolute_url()).status_code == 410


# --- draft copies -----------------------------------------------------------------------------------------------------


def test_a_copy_does_not_overwrite_what_was_imported_meanwhile(desk, reviewer, live, tmp_path, commit):
    copy = drafts.start_copy(live)
    Announcement.objects.filter(pk=copy.pk).update(abstract="Written on the copy", status="in_review")
    imported(tmp_path, "r027", abstract="Corrected in the file")
    before = records.announcement_record(live.pk)
    response = desk.post(STEPS.format(copy.pk, "publish"), {"reason": "better", "seen_version": copy.version})
    assert response.status_code == 409
    body = response.content.decode()
    assert "has changed since this copy was made" in body
    assert "Corrected in the file" in body
    assert "Written on the copy" in body
    assert records.announcement_record(live.pk) == before
    assert Announcement.objects.filter(pk=copy.pk).exists()

    live.refresh_from_db()
    compared = f"/admin/cases/announcement/{copy.pk}/compared/"
    assert desk.post(compared, {"seen_version": live.version - 1}).status_code == 409
    assert desk.post(compared, {"seen_version": live.version}).status_code == 302
    assert desk.post(STEPS.format(copy.pk, "publish"), {"reason": "both read"}).status_code == 302
    live.refresh_from_db()
    assert live.abstract == "Written on the copy"


def test_who_typed_a_copy_is_author_of_what_became_of_it(editor, reviewer, live):
    copy = drafts.start_copy(live, by=editor)
    workflow.take(Action.SUBMIT, copy, by=editor)
    workflow.take(Action.PUBLISH, copy, by=reviewer, reason="read")
    assert list(live.authors.all()) == [editor]


# --- what a reader at the desk is shown -------------------------------------------------------------------------------


def test_the_page_of_a_copy_says_what_would_change(desk, live):
    copy = drafts.start_copy(live)
    figure = copy.figures.first()
    figure.note, figure.value = "An <i>odd</i> number", figure.value + 1000
    figure.save()
    body = desk.get(f"/admin/cases/announcement/{copy.pk}/record/").content.decode()
    assert f"{figure.value - 1000:,.0f}" in body
    assert f"{figure.value:,.0f}" in body
    assert "An &lt;i&gt;odd&lt;/i&gt; number" in body
    assert figure.phrase in body


def test_a_preview_is_the_public_page_with_a_banner_and_kept_nowhere(client, desk, commit):
    draft = make_announcement(title="Not yet public")
    make_figure(draft, case=make_case(draft))
    path = f"/admin/cases/announcement/{draft.pk}/preview/"
    response = desk.get(path)
    body = response.content.decode()
    assert response.status_code == 200
    assert "Not yet public" in body
    assert "Preview." in body
    assert "33,000" in body
    assert "no-store" in response["Cache-Control"]
    assert "noindex" in response["X-Robots-Tag"]
    assert client.get(path).status_code == 302
    assert client.get(f"/announcements/{draft.pk}/").status_code == 404


def test_many_are_handed_over_and_published_each_by_itself(desk, reviewer, editor):
    good, own, copied = (make_announcement(status="in_review") for _ in range(3))
    own.authors.add(reviewer)
    live = Announcement.objects.get(key="r027")
    copy = drafts.start_copy(live)
    chosen = [good.pk, own.pk, copy.pk, copied.pk]
    Announcement.objects.filter(pk=copy.pk).update(status="in_review")
    response = desk.post(
        "/admin/cases/announcement/", {"action": "publish_all", "_selected_action": chosen}, follow=True
    )
    said = response.content.decode()
    assert "somebody else has to do it" in said
    assert "The reason is public too" in said
    states = dict(Announcement.objects.filter(pk__in=chosen).values_list("pk", "status"))
    assert states == {
        good.pk: "published",
        own.pk: "in_review",
        copy.pk: "in_review",
        copied.pk: "published",
    }
