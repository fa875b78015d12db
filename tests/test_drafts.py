"""Draft copies: a published record is changed on a copy, and publishing the copy changes the record itself."""

import pytest

from cases import drafts, texts
from cases.models import Announcement

pytestmark = pytest.mark.django_db


def live(key: str = "r013") -> Announcement:
    return Announcement.objects.get(key=key)


def test_a_copy_published_unchanged_changes_nothing_public(commit):
    announcement = live()
    before = announcement.published_versions.count()
    figures = list(announcement.figures.values_list("ref", "pk"))
    drafts.publish(drafts.start_copy(announcement), by=None, reason="nothing new")
    commit()
    announcement.refresh_from_db()
    assert list(announcement.figures.values_list("ref", "pk")) == figures
    assert announcement.published_versions.count() == before
    assert not Announcement.objects.filter(revises=announcement).exists()


def test_there_is_one_copy_at_a_time():
    assert drafts.start_copy(live()).pk == drafts.start_copy(live()).pk


def test_a_text_stored_on_the_copy_is_the_records_own_after_publishing(commit):
    announcement = live()
    figure = announcement.figures.order_by("position").first()
    draft = drafts.start_copy(announcement)
    texts.attach(draft, f"It was announced: {figure.phrase}. More followed.")
    drafts.publish(draft, by=None, reason="the text was found")
    commit()
    version = announcement.texts.get()
    assert figure.phrase in version.text
    assert figure.spans.get().text_version == version


def test_the_copy_and_the_record_report_the_same_release(commit):
    announcement = live("r014")
    before = list(announcement.reports.values_list("release_id", "role"))
    draft = drafts.start_copy(announcement)
    assert list(draft.reports.values_list("release_id", "role")) == before
    drafts.publish(draft, by=None, reason="again")
    commit()
    assert list(announcement.reports.values_list("release_id", "role")) == before


def test_what_the_copy_says_is_not_public_before_it_is_published(client, commit):
    draft = drafts.start_copy(live())
    Announcement.objects.filter(pk=draft.pk).update(title="Canary of the copy")
    commit()
    assert client.get("/announcements.json?q=canary").json()["count"] == 0
    assert client.get(f"/announcements/{draft.pk}/").status_code == 404
