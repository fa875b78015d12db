"""What is not published does not show: not as a record, not in a number, not by a name, not by what else changes."""

import re

import pytest

from cases.models import (
    Announcement,
    AnnouncementRow,
    Campaign,
    Figure,
    Place,
    Release,
    ReleaseReport,
    TextVersion,
    TypicalCase,
)
from tests import oracle
from tests.factories import make_announcement, make_campaign, make_case, make_figure, make_publisher, mention
from tests.test_hostile_input import LISTS, ask, endpoints

pytestmark = pytest.mark.django_db

CANARY = "Zeisigvogel"
HIDDEN = ("draft", "in_review", "withdrawn")
# What the hidden records are about; the queries and authority pages below look where they would show.
CAMPAIGN, PLACE, CRIME_TYPE = "net-net-2018", "340102", "hacking.malware"
QUERIES = (
    "",
    f"campaign={CAMPAIGN}",
    f"place={PLACE}&crime_type={CRIME_TYPE}",
    "province=anhui&year=2018",
    "year=2018&province=none&language.not=zh",
    "after=2018-05&before=2018-12&sort=oldest",
    "publisher=zeisigvogel",
    "q=Zeisigvogel",
    "q=Zeisigvogle+33,000",
    "q=净网2018+OR+hefei",
)


def public_pages(everything=False):
    """Return every kind of public address, with records and authorities that the hidden ones touch."""
    lists = [f"{path}?facets=1&{query}" for path in LISTS if path.endswith(".json") for query in QUERIES]
    lists += [f"{path}?{query}" for path in LISTS for query in (QUERIES if everything else QUERIES[1:2])]
    lists += ["/cases.json?role=arrest&province=anhui&facets=1", "/figures.json?measure=suspects_arrested&min=1"]
    campaigns = Campaign.objects.values_list("pk", flat=True) if everything else [CAMPAIGN, "net-net-series"]
    places = [PLACE, "340100", "340000", "000000"]
    if everything:
        places += Place.objects.provinces().values_list("pk", flat=True)
    types = oracle.crime_types() if everything else [CRIME_TYPE, "hacking", "fraud"]
    some = slice(None) if everything else slice(0, 2)
    return list(
        dict.fromkeys(
            [
                *endpoints().values(),
                *lists,
                *(f"/campaigns/{slug}/" for slug in campaigns),
                *(f"/places/{code}/" for code in places),
                *(f"/crime-types/{code}/" for code in types),
                *(r.get_absolute_url() for r in Release.objects.public()[some]),
                *(a.get_absolute_url() for a in Announcement.objects.published()[some]),
                *(f"/announcements/{a.pk}.json" for a in Announcement.objects.published()[some]),
                *(c.get_absolute_url() for c in TypicalCase.objects.published()[some]),
                *(f"/cases/{c.pk}.json" for c in TypicalCase.objects.published()[some]),
                *(f.get_absolute_url() for f in Figure.objects.published()[some]),
                *(f"/figures/{f.pk}.json" for f in Figure.objects.published()[some]),
            ]
        )
    )


def seen(client, path):
    """Return all that a visitor can tell apart: the status, the headers, the body."""
    response = ask(client, path)
    body = re.sub(rb'(name="csrfmiddlewaretoken" value=)"\w+"', rb"\1", response.body)  # another one each time
    return response.status_code, sorted(response.items()), body


def hide(status, **fields):
    """Make an announcement that is not public, full of what would show if it were."""
    name = f"{CANARY} {status}"
    a = make_announcement(
        **{
            "title": name,
            "title_zh": f"{name}净网",
            "abstract": name,
            "url": f"https://{CANARY.lower()}.example/{status}",
            "published": "2018-09-07",
            "kind": "release",
            **fields,
        }
    )
    a.places.add(PLACE, "000000")
    a.crime_types.add(CRIME_TYPE)
    mention(a, Campaign.objects.get(pk=CAMPAIGN), aliases=[name])
    case = make_case(a, heading=name, summary=name, code_name=CANARY)
    case.crime_types.add(CRIME_TYPE)
    for role in ("arrest", "victims"):
        case.case_places.create(announcement=a, place_id=PLACE, role=role)
    own = make_figure(a, phrase=f"{name} 33,000", note=name, campaign_id=CAMPAIGN, value=33_000)
    own.places.add(PLACE)
    own.crime_types.add(CRIME_TYPE)
    make_figure(a, phrase=f"{name} 88", case=case, value=88, qualifier="exact")
    TextVersion.objects.create(announcement=a, n=1, text=f"{name} 33,000", language="en", display="full")
    # One more report of a release that is public, and one more telling of a case that is.
    ReleaseReport.objects.create(announcement=a, release=Release.objects.public().order_by("pk").first())
    told = TypicalCase.objects.published().filter(same_as=None).order_by("pk").first()
    TypicalCase.objects.filter(pk=case.pk).update(same_as=told)
    Announcement.objects.filter(pk=a.pk).update(status=status)
    return a


def check_nothing_shows(client, commit, change, pages):
    before = {path: seen(client, path) for path in pages}
    change()
    commit()
    changed = []
    for path in pages:
        now = seen(client, path)
        assert path in KNOWN or CANARY.lower().encode() not in now[2].lower(), path
        if now != before[path]:
            changed.append(path)
    assert changed == []


# Answers that repeat what was asked.
ASKED = [query for query in QUERIES if CANARY.lower() in query.lower()]
KNOWN = {f"{path}?{facets}{query}" for path in LISTS for facets in ("", "facets=1&") for query in ASKED}


def hide_one_of_each():
    known = Announcement.objects.published().order_by("pk").first()
    for status in HIDDEN:
        hide(status, publisher=known.publisher)
    hide("draft", publisher=make_publisher(name=f"{CANARY} Daily", slug="zeisigvogel"))
    # A public record with a changed copy that waits for review.
    hide("in_review", publisher=known.publisher, revises=known)


def test_unpublished_records_change_nothing_that_a_visitor_sees(client, commit):
    check_nothing_shows(client, commit, hide_one_of_each, public_pages())


@pytest.mark.trust
def test_many_unpublished_records_change_nothing_on_any_page(client, commit):
    def change():
        hide_one_of_each()
        for _n in range(50):
            for status in HIDDEN:
                hide(status)

    check_nothing_shows(client, commit, change, public_pages(everything=True))


def test_published_they_would_be_seen(client, commit):
    """The check above can fail: the same records, published, change the pages."""
    for page in ("/", "/cases/", "/figures.csv?", "/announcements.json?facets=1", f"/places/{PLACE}/"):
        with pytest.raises(AssertionError):
            check_nothing_shows(client, commit, lambda: hide("published"), [page])


def test_a_campaign_that_only_drafts_name_is_no_value_of_a_list(client, commit):
    parent = make_campaign(name_en=f"{CANARY} the whole", slug="zeisigvogel", year=1987)
    part = make_campaign(name_en=f"{CANARY} a part", year=1988, parent=parent)
    for status in HIDDEN:
        mention(hide(status), part)
    commit()
    for kind in oracle.KINDS:
        for query in ("campaign=zeisigvogel", f"campaign.not={part.slug}"):
            assert client.get(f"/{kind}.json?{query}").status_code == 400
        body = client.get(f"/{kind}.json?facets=1")
        assert CANARY not in body.content.decode()
        assert {"1987", "1988"}.isdisjoint(v["value"] for v in body.json()["facets"]["year"])
        # Nor is its name a name: the words of it are words.
        plain = client.get(f"/{kind}.json?q=zeisigvogel+part").json()
        assert (plain["count"], plain["results"]) == (0, [])
    # Once something public names the part, the whole is known with it.
    mention(make_announcement(status="published"), part)
    commit()
    assert client.get("/announcements.json?campaign=zeisigvogel").json()["count"] == 1


def test_a_campaign_that_only_drafts_name_has_no_page(client, commit):
    def change():
        campaign = make_campaign(name_en=f"{CANARY} action", slug="zeisigvogel", year=1987)
        campaign.names.create(name=CANARY, language="en", script="Latn")
        campaign.not_to_be_confused_with.add(CAMPAIGN)
        mention(hide("draft"), campaign)

    check_nothing_shows(client, commit, change, ["/", "/campaigns/", f"/campaigns/{CAMPAIGN}/"])
    assert client.get("/campaigns/zeisigvogel/").status_code == 404


def check_public_alone(client, path):
    response = ask(client, path)
    assert response.status_code == 200
    assert CANARY.encode() not in response.body


@pytest.fixture
def told_in_a_draft(commit):
    """A public case that a draft tells most fully."""
    draft = hide("draft")
    fullest = make_case(draft, heading=f"{CANARY} told in full")
    case = make_case(make_announcement(status="published", title="A public report"), same_as=fullest)
    commit()
    return case


def test_a_case_does_not_name_its_telling_in_a_draft(client, told_in_a_draft):
    case = told_in_a_draft
    assert client.get(f"/cases/{case.pk}.json").json()["same_as"] is None
    check_public_alone(client, f"/cases/{case.pk}.json")
    check_public_alone(client, f"/cases.csv?{own(case.announcement)}")
    check_public_alone(client, case.announcement.get_absolute_url())


def test_the_page_of_a_case_does_not_name_its_telling_in_a_draft(client, told_in_a_draft):
    check_public_alone(client, told_in_a_draft.get_absolute_url())


def test_a_release_does_not_name_a_report_that_is_a_draft(client, commit):
    draft, public = hide("draft"), make_announcement(status="published", title="A public report")
    release = Release.objects.create(fullest=draft)
    for report in (draft, public):
        ReleaseReport.objects.create(announcement=report, release=release)
    commit()
    for path in (release.get_absolute_url(), public.get_absolute_url(), f"/announcements/{public.pk}.json"):
        check_public_alone(client, path)


def own(announcement):
    return f"publisher={announcement.publisher.slug}"


@pytest.mark.parametrize("status", HIDDEN)
def test_the_addresses_of_unpublished_records_tell_nothing(client, commit, status):
    a = hide(status)
    commit()
    release = Release.objects.create(name=CANARY)
    ReleaseReport.objects.create(announcement=a, release=release)
    records = [a, a.cases.get(), *a.figures.all(), release]
    paths = [record.get_absolute_url() for record in records]
    paths += [f"/announcements/{a.pk}/", f"/cases/{a.cases.get().pk}/"]
    paths += [f"/announcements/{a.pk}.json", f"/cases/{a.cases.get().pk}.json", f"/figures/{a.figures.first().pk}.json"]
    for path in paths:
        response = ask(client, path)
        assert response.status_code in ((404, 410) if status == "withdrawn" else (404,)), path
        assert CANARY.lower().encode() not in response.body.lower().replace(path.lower().encode(), b""), path


def test_withdrawing_takes_a_record_off_every_list_at_once(client, commit):
    a = hide("published")
    commit()
    assert client.get(f"/announcements.json?{own(a)}").json()["count"] == 1
    assert AnnouncementRow.objects.filter(pk=a.pk).exists()
    for status in ("withdrawn", "draft"):
        Announcement.objects.filter(pk=a.pk).update(status=status)
        commit()
        for kind in oracle.KINDS:
            assert CANARY not in client.get(f"/{kind}.json?facets=1&campaign={CAMPAIGN}").content.decode()
            assert client.get(f"/{kind}.json?{own(a)}").status_code == 400  # nobody publishes as them any more
