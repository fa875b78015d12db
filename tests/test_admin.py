"""The editors' desk without a browser: what it costs, who may do what, what it refuses, what it leaves on record."""

import json
from html.parser import HTMLParser
from pathlib import Path

import pghistory.models
import pytest
from django.contrib.auth.models import Group, Permission, User
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases import drafts, records
from cases.importing import writer
from cases.models import Announcement, CasePlace, Figure, PublishedVersion, Release, ReleaseReport, TypicalCase
from tests.factories import make_announcement, make_campaign, make_case, make_figure, mention

pytestmark = pytest.mark.django_db

COLLECTION = Path(__file__).resolve().parent.parent / "fixtures" / "collection"
ADD = "/admin/cases/announcement/add/"
LIST = "/admin/cases/announcement/"


class Fields(HTMLParser):
    """What a browser would send back of a form that nobody touched."""

    def __init__(self, html):
        super().__init__()
        self.values, self.select, self.textarea = {}, None, None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        name, kind = attrs.get("name"), attrs.get("type")
        if tag == "textarea":
            self.textarea, self.values[name] = name, ""
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and ("selected" in attrs or self.select not in self.values):
            self.values[self.select] = attrs["value"]
        elif tag == "input" and name and kind != "submit" and (kind != "checkbox" or "checked" in attrs):
            self.values[name] = attrs.get("value", "on" if kind == "checkbox" else "")

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.textarea = None
        elif tag == "select":
            self.select = None

    def handle_data(self, data):
        if self.textarea:
            self.values[self.textarea] += data.removeprefix("\n") if not self.values[self.textarea] else data


def change(pk):
    return reverse("admin:cases_announcement_change", args=[pk])


def fields(client, url):
    """Return what stands in a form, by name."""
    response = client.get(url)
    assert response.status_code == 200
    values = Fields(response.content.decode()).values
    return {name: value for name, value in values.items() if "__prefix__" not in name}


def new_row(values, prefix, **entered):
    """Add a row to what is sent, as the script does; return its prefix."""
    n = int(values[f"{prefix}-TOTAL_FORMS"])
    values[f"{prefix}-TOTAL_FORMS"] = str(n + 1)
    values |= {f"{prefix}-{n}-{name}": str(value) for name, value in entered.items()}
    return f"{prefix}-{n}"


def errors(response):
    """Return what is wrong by the field's name on the screen; "" is the form as a whole."""
    assert response.status_code in (200, 409), "it was saved"
    found = {}
    if response.context["adminform"].form.non_field_errors():
        found[""] = " ".join(response.context["adminform"].form.non_field_errors())
    for problem in response.context["problems"]:
        name = problem["field"].html_name if problem["field"] else problem["card"]
        found[name] = " ".join(problem["errors"])
    return found


def figure_entry(**changed):
    return {
        "phrase": "arrested more than 33,000 suspects",
        "measure": "suspects_arrested",
        "qualifier": "more_than",
        "value": "33000",
        "unit": "persons",
        "case_number": "",
        "places": "",
        "crime_types": "",
        "campaign": "",
        "period": "",
        "value_high": "",
        "step": "",
        "as_of": "",
        "cumulative": "unknown",
        "part_of_ref": "",
        "converted_from_ref": "",
        "of_measure": "",
        "base_period": "",
        "preferred_reason": "",
        "note": "",
        **changed,
    }


def user(name, *permissions):
    person = User.objects.create_user(name, password="a long enough one", is_staff=True)
    person.user_permissions.set(Permission.objects.filter(codename__in=[f"{p}_announcement" for p in permissions]))
    assert person.user_permissions.count() == len(permissions)
    return person


def in_group(name, *groups):
    person = User.objects.create_user(name, password="a long enough one", is_staff=True)
    person.groups.set(Group.objects.filter(name__in=groups))
    assert person.groups.count() == len(groups)
    return person


def logged_in(person):
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def editor():
    return in_group("editor", "Editors")


@pytest.fixture
def desk(editor):
    """The editors' desk as an editor has it who may not publish."""
    return logged_in(editor)


@pytest.fixture
def reviewer():
    return in_group("reviewer", "Administrators")


@pytest.fixture
def review(reviewer):
    """The same as somebody has it who may also publish what they entered themselves."""
    return logged_in(reviewer)


@pytest.fixture
def live():
    """A public report, with a case and figures, of the release for which r030 stands."""
    return Announcement.objects.get(key="r027")


@pytest.fixture
def largest():
    return drafts.start_copy(Announcement.objects.get(key="s000"))


@pytest.fixture
def draft():
    """A draft with two cases and two figures."""
    a = make_announcement()
    for n in (1, 2):
        case = make_case(a)
        CasePlace.objects.create(announcement=a, case=case, place_id="340100", role="arrest")
        make_figure(a, case=case if n == 2 else None)
    return a


def public(announcement):
    return records.canonical_json(records.announcement_record(announcement.pk))


def interchange(announcement):
    return writer.to_record(writer.prefetched(Announcement.objects.filter(pk=announcement.pk)).get())


# --- what it costs ----------------------------------------------------------------------------------------------------


def large(figures):
    """Make a draft of many rows of every kind, each with places and crime types of its own."""
    a = make_announcement()
    campaigns = [make_campaign() for _ in range(figures // 5)]
    for campaign in campaigns:
        mention(a, campaign)
    cases = [make_case(a, same_as=TypicalCase.objects.published().filter(same_as=None)[n]) for n in range(figures // 3)]
    for case in cases:
        case.crime_types.set(["gambling", "fraud"])
        CasePlace.objects.create(announcement=a, case=case, place_id="340100", role="scene")
    whole = None
    for n in range(figures):
        figure = make_figure(a, case=cases[n % len(cases)], campaign=campaigns[0], part_of=whole)
        figure.places.set(["330700", "440100"])
        figure.crime_types.set(["gambling", "fraud"])
        whole = whole or figure
    return a


def queries(act):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        response = act()
    return len(captured), response


def test_queries_do_not_grow_with_the_rows(desk):
    counted = []
    for n in (5, 60):
        a = large(n)
        url = change(a.pk)
        desk.get(url)
        shown, response = queries(lambda url=url: desk.get(url))
        assert response.content.count(b'class="inline-related card has_original"') == n + n // 3 + n // 5
        values = fields(desk, url)
        before = interchange(a)
        saved, response = queries(lambda url=url, values=values: desk.post(url, {**values, "_continue": "1"}))
        assert response.status_code == 302
        assert interchange(a) == before
        counted.append((shown, saved))
    assert counted[0] == counted[1]
    assert counted[1][0] <= 35
    assert counted[1][1] <= 60


def test_the_largest_record_is_a_light_screen_and_saved_untouched_no_row_changes(desk, largest):
    before = interchange(largest)
    figure_events = Figure._meta.get_field("events").related_model.objects.count()
    assert len(desk.get(change(largest.pk)).content) < 1_000_000
    sent = {**fields(desk, change(largest.pk)), "_save": "1"}
    assert desk.post(change(largest.pk), sent).status_code == 302
    assert interchange(largest) == before
    assert Figure._meta.get_field("events").related_model.objects.count() == figure_events


KEYS = sorted(path.stem for path in COLLECTION.glob("*.json"))
FEW = ("r002", "r019", "r091", "r136", "s003")


@pytest.mark.parametrize("key", [key if key in FEW else pytest.param(key, marks=pytest.mark.trust) for key in KEYS])
def test_every_record_passes_the_desk_unchanged(review, key):
    """Copied, saved untouched and published again, a record is what it was, and nothing is said to have changed."""
    live = Announcement.objects.get(key=key)
    before = interchange(live), public(live)
    copy = drafts.start_copy(live)
    sent = {**fields(review, change(copy.pk)), "reason": "nothing", "_publish": "1"}
    response = review.post(change(copy.pk), sent)
    assert response.status_code == 302, errors(response)
    live.refresh_from_db()
    assert (interchange(live), public(live)) == before
    assert not Announcement.objects.filter(pk=copy.pk).exists()


# --- who may do what --------------------------------------------------------------------------------------------------


def addresses(a):
    return [LIST, ADD, change(a.pk), f"{LIST}{a.pk}/delete/", f"{LIST}{a.pk}/history/", f"{LIST}lookup/announcements/"]


def test_strangers_are_sent_to_the_login(client, draft, live):
    for url in [*addresses(draft), f"{LIST}lookup/places/?q=Hefei"]:
        response = client.get(url)
        assert response.status_code == 302, url
        assert response.url.startswith("/admin/login/?next=")
    response = client.post(f"{LIST}{live.pk}/copy/")
    assert response.status_code == 302
    assert not Announcement.objects.filter(revises=live).exists()


def test_staff_without_rights_are_refused(draft, live):
    client = logged_in(user("intern"))
    for url in [*addresses(draft), change(live.pk), f"{LIST}lookup/places/?q=Hefei"]:
        assert client.get(url).status_code == 403, url
        assert client.post(url).status_code in (403, 405), url
    assert client.post(f"{LIST}{live.pk}/copy/").status_code == 403
    assert not Announcement.objects.filter(revises=live).exists()


def test_viewers_see_a_draft_and_change_nothing(draft):
    client = logged_in(user("reader", "view"))
    response = client.get(change(draft.pk))
    assert response.status_code == 200
    assert b'name="_save"' not in response.content
    assert b"<h3>" in response.content
    before = interchange(draft)
    assert client.post(change(draft.pk), {"title": "taken over", "_save": "1"}).status_code == 403
    assert interchange(draft) == before


def test_copying_asks_for_a_post(desk, live):
    assert desk.get(f"{LIST}{live.pk}/copy/").status_code == 405


def test_publishing_needs_the_permission(desk, review, draft):
    assert b'name="_publish"' not in desk.get(change(draft.pk)).content
    assert b'name="_publish"' in review.get(change(draft.pk)).content
    sent = {**fields(desk, change(draft.pk)), "title": "Pushed through", "_publish": "1"}
    assert desk.post(change(draft.pk), sent).status_code == 403
    draft.refresh_from_db()
    assert (draft.status, draft.title == "Pushed through") == ("draft", False)
    assert not draft.published_versions.exists()


def test_an_editor_hands_over_and_a_reviewer_publishes(desk, review, reviewer, draft):
    response = desk.post(change(draft.pk), {**fields(desk, change(draft.pk)), "_review": "1"})
    assert response.status_code == 302
    draft.refresh_from_db()
    assert draft.status == "in_review"
    assert draft not in Announcement.objects.published()
    assert draft.key in review.get(f"{LIST}?status__exact=in_review").content.decode()
    review.post(change(draft.pk), {**fields(review, change(draft.pk)), "reason": "read and compared", "_publish": "1"})
    draft.refresh_from_db()
    version = draft.published_versions.get()
    assert (draft.status, version.published_by, version.reason) == ("published", reviewer, "read and compared")


# --- what is public stays as it is ------------------------------------------------------------------------------------


def test_no_post_changes_a_public_record(review, live):
    copy = drafts.start_copy(live)
    sent = fields(review, change(copy.pk)) | {"title": "Overwritten", "seen_version": live.version, "reason": "because"}
    before, interchanged = public(live), interchange(live)
    versions = PublishedVersion.objects.count()
    for button in ("_save", "_continue", "_publish", "_review", "_saveasnew", "_addanother"):
        response = review.post(change(live.pk), {**sent, button: "1"})
        assert response.status_code == 409
        assert "Nothing was saved" in response.content.decode()
    confirmed = {"post": "yes", "action": "delete_selected", "_selected_action": live.pk}
    assert review.post(f"{LIST}{live.pk}/delete/", confirmed).status_code == 403
    for url in (LIST, f"{LIST}{live.pk}/history/", f"{LIST}{live.pk}/copy/"):
        review.post(url, confirmed | sent)
    assert (public(live), interchange(live)) == (before, interchanged)
    assert PublishedVersion.objects.count() == versions


def test_the_page_of_a_release_does_not_move_public_reports(live):
    root = logged_in(User.objects.create_superuser("root"))
    report = ReleaseReport.objects.filter(announcement=live).get()
    url = reverse("admin:cases_release_change", args=[report.release_id])
    sent = fields(root, url) | {
        "name": "Half a year of Net Net 2018",
        "reports-TOTAL_FORMS": 1,
        "reports-INITIAL_FORMS": 1,
        "reports-0-id": report.pk,
        "reports-0-release": report.release_id,
        "reports-0-announcement": Announcement.objects.get(key="r001").pk,
        "reports-0-role": "copy",
        "reports-0-DELETE": "on",
    }
    assert root.post(url, sent).status_code == 302
    report.refresh_from_db()
    assert (report.announcement, report.role, report.release.name) == (live, "report", sent["name"])
    assert root.post(url.replace("change", "delete"), {"post": "yes"}).status_code == 403
    assert root.get(reverse("admin:cases_release_add")).status_code == 403


def test_a_record_that_became_public_meanwhile_is_not_overwritten(desk, draft):
    sent = fields(desk, change(draft.pk)) | {"title": "Typed in the meantime", "_save": "1"}
    drafts.publish(draft, by=None, reason="meanwhile")
    assert desk.post(change(draft.pk), sent).status_code == 409
    draft.refresh_from_db()
    assert draft.title != "Typed in the meantime"


def test_a_copy_keeps_ids_and_is_gone_once_published(review, live):
    ids = dict(live.figures.values_list("ref", "pk")), dict(live.cases.values_list("number", "pk"))
    review.post(f"{LIST}{live.pk}/copy/")
    copy = live.revisions.get()
    assert review.post(f"{LIST}{live.pk}/copy/").url == change(copy.pk), "there is one copy at a time"
    values = fields(review, change(copy.pk))
    sent = {**values, "figures-0-note": "Read again.", "_publish": "1"}
    assert errors(review.post(change(copy.pk), sent)) == {
        "reason": "What is public changes: say why. The reason is public too."
    }
    assert review.post(change(copy.pk), {**sent, "reason": "a note was missing"}).status_code == 302
    live.refresh_from_db()
    assert live.figures.earliest("position").note == "Read again."
    assert (dict(live.figures.values_list("ref", "pk")), dict(live.cases.values_list("number", "pk"))) == ids
    assert not live.revisions.exists()
    assert live.published_versions.order_by("-n").first().reason == "a note was missing"


def test_a_copy_can_be_discarded(desk, live):
    before = public(live)
    copy = drafts.start_copy(live)
    url = f"{LIST}{copy.pk}/delete/"
    assert desk.get(url).status_code == 200
    assert desk.post(url, {"post": "yes"}).status_code == 302
    assert not Announcement.objects.filter(pk=copy.pk).exists()
    assert public(live) == before


# --- what it refuses --------------------------------------------------------------------------------------------------

WRONG = {
    "no phrase": ({"phrase": "  "}, "phrase", "required"),
    "no measure": ({"measure": ""}, "measure", "required"),
    "unknown measure": ({"measure": "moonbeams"}, "measure", "“moonbeams” is not an entry"),
    "no value": ({"value": ""}, "value", "required"),
    "no number": ({"value": "many"}, "value", "Enter a number"),
    "not a number": ({"value": "NaN"}, "value", "Enter a number"),
    "endless": ({"value": "Infinity"}, "value", "Enter a number"),
    "more digits than there are": ({"value": "9" * 40}, "value", "digits"),
    "value without unit": ({"unit": ""}, "unit", "required"),
    "unit of another measure": ({"unit": "websites"}, "unit", "is counted in persons"),
    "unknown unit": ({"unit": "parsecs"}, "unit", "Select a valid choice"),
    "unknown qualifier": ({"qualifier": "roughly"}, "qualifier", "Select a valid choice"),
    "negative count": ({"value": "-33000"}, "value", "cannot be negative"),
    "value that is not in the phrase": ({"value": "34000"}, "value", "34000 is not a number of the phrase"),
    "negative step": ({"step": "-1"}, "step", ""),
    "range without upper value": ({"qualifier": "range"}, "value_high", ""),
    "range turned round": (
        {"phrase": "33,000 to 20,000 people", "qualifier": "range", "value_high": "20000"},
        "value_high",
        "",
    ),
    "upper value without range": ({"value_high": "40000"}, "value_high", ""),
    "unknown case": ({"case_number": "7"}, "case_number", "There is no case 7 on this screen; the cases are: 1, 2"),
    "case nought": ({"case_number": "0"}, "case_number", "greater than or equal to 1"),
    "unknown place": ({"places": "Atlantis"}, "places", "“Atlantis” is not a place of the gazetteer"),
    "one unknown among several": ({"places": "Hefei; 999999"}, "places", "“999999” is not a place"),
    "place of two names": ({"places": "Suzhou"}, "places", "320500 Suzhou 苏州市 (Jiangsu), 341300 Suzhou 宿州市"),
    "unknown crime type": ({"crime_types": "heresy"}, "crime_types", "“heresy” is not a crime type"),
    "unknown campaign": ({"campaign": "Net Net 1918"}, "campaign", "is not an entry"),
    "campaign that is not named": ({"campaign": "net-net-2018"}, "campaign", "not among the campaigns"),
    "no date": ({"period": "last summer"}, "period", "last summer"),
    "no such month": ({"period": "2018-13"}, "period", "2018-13"),
    "period that ends before it starts": ({"period": "2018-08/2018-02"}, "period", "ends before it begins"),
    "period still to come": ({"period": "2099"}, "period", "2099 is still to come"),
    "as of a day to come": ({"as_of": "2099-01-01"}, "as_of", "still to come"),
    "part of nothing": ({"part_of_ref": "f99"}, "part_of_ref", "no other figure f99"),
    "converted people": ({"converted_from_ref": "f1"}, "converted_from_ref", "Only money"),
    "share of people": ({"of_measure": "cases_solved"}, "of_measure", "Only a percentage"),
    "base of a count": ({"base_period": "2017"}, "base_period", "Only a percentage"),
    "preferred without reason": ({"preferred": "on"}, "preferred_reason", "has a reason"),
    "reason without preference": ({"preferred_reason": "it is rounder"}, "preferred_reason", "only a preferred one"),
}


def test_every_wrong_figure_is_refused_at_its_field(desk, draft):
    sent = fields(desk, change(draft.pk)) | {"_save": "1"}
    expected = {}
    for entered, name, message in WRONG.values():
        row = new_row(sent, "figures", **figure_entry(**entered))
        expected[f"{row}-{name}"] = message
    before = interchange(draft)
    response = desk.post(change(draft.pk), sent)
    found = errors(response)
    assert list(found) == list(expected)
    for name, message in expected.items():
        assert message in found[name], name
        assert f'href="#id_{name}"' in response.content.decode()
    assert interchange(draft) == before
    shown = Fields(response.content.decode()).values
    lost = {name for name, value in sent.items() if name in shown and not shown[name].startswith(value)}
    lists = {name for name in sent if name.endswith(("-unit", "-qualifier"))}
    assert lost - lists == {"csrfmiddlewaretoken"}, "a list shows only what is in it"


WRONG_ABOVE = {
    "published still to come": ({"published": "2099-05"}, "published", "still to come"),
    "no such day": ({"published": "2018-02-30"}, "published", "2018-02-30"),
    "no title": ({"title": ""}, "title", "required"),
    "no address": ({"url": "javascript:alert(1)"}, "url", "valid URL"),
    "unknown publisher": ({"publisher": "The Onion"}, "publisher", "There is no publisher “The Onion”; add it first."),
    "unknown place": ({"places": "Atlantis"}, "places", "“Atlantis”"),
    "release of nobody": ({"same_release_as": "x999"}, "same_release_as", "no announcement with the key “x999”"),
    "two cases of one number": ({"cases-1-number": "1"}, "cases-1-number", "Two cases have this number"),
    "case nought": ({"cases-1-number": "-1"}, "cases-1-number", "greater than or equal to"),
    "case without heading": ({"cases-0-heading": ""}, "cases-0-heading", "required"),
    "case in no place": ({"cases-0-places_arrest": "Atlantis"}, "cases-0-places_arrest", "“Atlantis”"),
    "case in two places": ({"cases-0-places_scene": "苏州; Suzhou"}, "cases-0-places_scene", "341300 Suzhou"),
    "case still to come": ({"cases-0-period": "2099/2100"}, "cases-0-period", "still to come"),
    "same as nothing": ({"cases-0-same_as": "s000/99"}, "cases-0-same_as", "There is no case s000/99"),
    "same as no number": ({"cases-0-same_as": "s000/²"}, "cases-0-same_as", "There is no case s000/²"),
}


@pytest.mark.parametrize("case", WRONG_ABOVE)
def test_a_wrong_announcement_is_refused_at_its_field(desk, draft, case):
    entered, name, message = WRONG_ABOVE[case]
    sent = fields(desk, change(draft.pk)) | entered | {"_save": "1"}
    before = interchange(draft)
    found = errors(desk.post(change(draft.pk), sent))
    assert message in found.pop(name)
    assert set(found) <= {"figures-1-case_number"}, "the figure of a case that is wrong"
    assert interchange(draft) == before


def test_a_key_is_given_once(desk):
    sent = fields(desk, ADD) | {
        "key": "s000",
        "kind": "report",
        "title": "Again",
        "publisher": "The Paper",
        "_save": "1",
    }
    assert errors(desk.post(ADD, sent)) == {"key": "There is an announcement with this key already"}
    assert errors(desk.post(ADD, sent | {"key": "no key"}))


def test_a_case_that_a_figure_names_stays(desk, draft):
    sent = fields(desk, change(draft.pk)) | {"cases-1-DELETE": "on", "_save": "1"}
    assert errors(desk.post(change(draft.pk), sent)) == {
        "figures-1-case_number": "There is no case 2 on this screen; the cases are: 1"
    }
    assert desk.post(change(draft.pk), sent | {"figures-1-DELETE": "on"}).status_code == 302
    assert [case["number"] for case in interchange(draft)["cases"]] == [1]


def test_a_figure_that_others_are_part_of_stays(desk, draft):
    first, second = draft.figures.order_by("position")
    second.part_of = first
    second.save()
    sent = fields(desk, change(draft.pk)) | {"figures-0-DELETE": "on", "_save": "1"}
    assert errors(desk.post(change(draft.pk), sent)) == {"figures-1-part_of_ref": "f1 is to be deleted"}


def test_what_only_the_database_refuses_is_said_and_nothing_is_lost(desk, draft):
    """Each a part of the other: no row alone is wrong."""
    sent = fields(desk, change(draft.pk)) | {"figures-0-part_of_ref": "f2", "figures-1-part_of_ref": "f1"}
    sent |= {"title": "Typed with care", "_save": "1"}
    response = desk.post(change(draft.pk), sent)
    found = errors(response)
    assert list(found) == [""]
    assert "a part of its own part" in found[""]
    assert Fields(response.content.decode()).values["title"] == "Typed with care"
    draft.refresh_from_db()
    assert draft.title != "Typed with care"


# --- what it does -----------------------------------------------------------------------------------------------------


def test_places_and_crime_types_may_be_typed_by_any_name(desk, draft):
    sent = fields(desk, change(draft.pk)) | {
        "places": "合肥; wenzhou\n西安市；340000",
        "crime_types": "gambling; 诈骗",
        "cases-0-places_scene": "Hefei City",
        "cases-0-places_arrest": "",
        "_save": "1",
    }
    response = desk.post(change(draft.pk), sent | {"crime_types": "gambling; fraud"})
    assert response.status_code == 302, errors(response)
    record = interchange(draft)
    assert record["places"] == ["340100", "330300", "610100", "340000"]
    assert record["crime_types"] == ["gambling", "fraud"]
    assert record["cases"][0]["places"] == [{"code": "340100", "role": "scene"}]


def test_a_phrase_is_one_line(desk, draft):
    sent = fields(desk, change(draft.pk)) | {"_save": "1"}
    new_row(sent, "figures", **figure_entry(phrase="arrested more than\r\n 33,000 suspects "))
    assert desk.post(change(draft.pk), sent).status_code == 302
    assert draft.figures.last().phrase == "arrested more than 33,000 suspects"


def test_a_ref_is_never_given_again(desk, draft):
    sent = fields(desk, change(draft.pk)) | {"figures-1-DELETE": "on", "_save": "1"}
    desk.post(change(draft.pk), sent)
    sent = fields(desk, change(draft.pk)) | {"_save": "1"}
    new_row(sent, "figures", **figure_entry())
    assert desk.post(change(draft.pk), sent).status_code == 302
    assert list(draft.figures.order_by("position").values_list("ref", flat=True)) == ["f1", "f3"]


def test_a_release_is_named_by_any_of_its_reports(desk, live):
    sent = fields(desk, ADD) | {"key": "n1", "kind": "report", "title": "One more", "publisher": "The Paper"}
    desk.post(ADD, sent | {"same_release_as": live.key, "_save": "1"})
    new = Announcement.objects.get(key="n1")
    assert list(new.releases.all()) == [live.releases.get()]
    desk.post(ADD, sent | {"key": "n2", "kind": "release", "_save": "1"})
    own = Announcement.objects.get(key="n2").reports.get()
    assert (own.role, own.release.fullest.key) == ("original", "n2")
    desk.post(ADD, sent | {"key": "n3", "kind": "feature", "_save": "1"})
    assert not Announcement.objects.get(key="n3").reports.exists()


def test_a_feature_keeps_its_several_releases(review):
    feature = Announcement.objects.filter(reports__isnull=False).annotate(n=Count("reports")).filter(n__gt=1).first()
    before = interchange(feature)
    assert before["also_reports_on"]
    copy = drafts.start_copy(feature)
    sent = fields(review, change(copy.pk)) | {"abstract": "Told again", "reason": "a better abstract", "_publish": "1"}
    assert review.post(change(copy.pk), sent).status_code == 302
    assert interchange(feature) == before | {"abstract": "Told again"}


def test_a_copy_that_leaves_its_release_takes_nothing_public_along(review, live):
    copy = drafts.start_copy(live)
    values = fields(review, change(copy.pk))
    assert values["same_release_as"].startswith("r030 ")
    before = interchange(live)
    review.post(change(copy.pk), values | {"same_release_as": "", "_continue": "1"})
    assert interchange(live) == before
    sent = fields(review, change(copy.pk)) | {"reason": "it reports another one", "_publish": "1"}
    assert review.post(change(copy.pk), sent).status_code == 302
    assert interchange(live)["reports_on"] is None
    assert Release.objects.get(reports__announcement=live).fullest == live


def test_history_says_who_and_why(review, reviewer, live):
    copy = drafts.start_copy(live)
    values = fields(review, change(copy.pk))
    sent = values | {"figures-0-note": "Seen.", "reason": "checked against the print", "_publish": "1"}
    assert review.post(change(copy.pk), sent).status_code == 302
    event = live.figures.earliest("position").events.select_related("pgh_context").order_by("-pgh_id").first()
    assert event.note == "Seen."
    assert event.pgh_context.metadata["user"] == reviewer.pk
    assert event.pgh_context.metadata["reason"] == "checked against the print"
    assert pghistory.models.Events.objects.tracks(live).exists()


def test_lookups(desk):
    def found(vocabulary, q):
        response = desk.get(f"{LIST}lookup/{vocabulary}/", {"q": q})
        return [result["value"] for result in json.loads(response.content)["results"]]

    hefei = "340100 Hefei 合肥市 (Anhui)"
    for q in ("340100", "合肥", "Hefei", "hefei", "He fei"):
        assert found("places", q)[0] == hefei, q
    assert {value.split()[0] for value in found("places", "Suzhou")} >= {"320500", "341300"}
    assert found("crime_types", "赌博")[0].startswith("gambling ")
    assert found("campaigns", "净网2018") == ["net-net-2018 Net Net 2018"]
    assert "suspects_arrested Suspects arrested or detained" in found("measures", "arrested")
    assert found("measures", "查处") or found("measures", "抓获")
    assert found("publishers", "the pap") == ["The Paper"]
    assert found("announcements", "s000")[0].startswith("s000 The Ministry")
    assert found("cases", "s000/")[0] == "s000/1 Tampering with a physician register in Anhui"
    for q in ("", " ", "\x00", "%", "x" * 3000):
        assert isinstance(found("places", q), list)
    assert found("nothing", "Hefei") == []
