"""The vocabularies are kept between requests, and are never older than the data that is shown with them."""

import pytest
from django.core.cache import cache

from cases.models import Campaign, CampaignName, CrimeType, Measure, Place, Publisher
from cases.search import entries
from tests.factories import make_announcement, make_campaign, make_publisher, mention

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(monkeypatch, commit):
    """Keep them as outside of a test, whose transaction is otherwise taken for that of somebody who writes."""
    monkeypatch.setattr(entries, "in_snapshot", lambda: True)
    monkeypatch.setattr(entries, "_kept", None)
    commit()


def etag(client):
    return client.get("/cases.json?facets=1")["ETag"]


def test_they_are_read_once(client, kept, django_assert_num_queries):
    client.get("/cases/")
    cache.clear()
    # The version of the data; how many there are, the counts, the ids; the cases with their publishers, their crime
    # types, places with roles; the first figures with their measures.
    with django_assert_num_queries(8):
        assert client.get("/cases/").status_code == 200


def test_whoever_writes_sees_what_is_written(commit):
    commit()
    assert entries.entries() is not entries.entries()


RENAMED = {
    "crime type": (CrimeType, {"label_en": "Renamed"}, "crime_types"),
    "measure": (Measure, {"label_en": "Renamed"}, "measures"),
    "province": (Place, {"name_en": "Renamed"}, "provinces"),
    "campaign": (Campaign, {"name_en": "Renamed"}, "campaigns"),
    "publisher": (Publisher, {"name": "Renamed"}, "publishers"),
    "name of a campaign": (CampaignName, {"name": "Renamed"}, "campaign_names"),
}


@pytest.mark.parametrize("what", RENAMED)
def test_a_new_name_shows_at_once(client, kept, commit, what):
    model, change, table = RENAMED[what]
    announcement = make_announcement(status="published")
    named = make_campaign()
    CampaignName.objects.create(campaign=named, name="First named", language="en", script="Latn")
    mention(announcement, named)
    CrimeType.objects.create(code="of_no_record", label_en="Of no record", label_zh="无")
    Measure.objects.create(code="of_no_record", label_en="Of no record", label_zh="无", units=["items"])
    commit()
    rows = {
        Place: Place.objects.filter(slug="taiwan"),  # of no record either
        Campaign: Campaign.objects.filter(pk=named.pk),
        Publisher: Publisher.objects.filter(pk=announcement.publisher_id),
        CampaignName: CampaignName.objects.filter(campaign=named),
        CrimeType: CrimeType.objects.filter(code="of_no_record"),
        Measure: Measure.objects.filter(code="of_no_record"),
    }[model]
    before = etag(client)
    assert "Renamed" not in str(getattr(entries.entries(), table))
    assert rows.update(**change) == 1
    commit()
    assert "Renamed" in str(getattr(entries.entries(), table))
    assert etag(client) != before


def test_what_stays_as_it_was_or_is_not_public_changes_no_version(client, commit):
    commit()
    before = etag(client)
    for entry in (CrimeType.objects.last(), Measure.objects.last(), Place.objects.get(slug="taiwan")):
        entry.save()
    unnamed = make_campaign()
    CampaignName.objects.create(campaign=unnamed, name="Of nothing that is public", language="en", script="Latn")
    make_announcement(publisher=make_publisher())
    commit()
    assert etag(client) == before
