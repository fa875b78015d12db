"""XML for programs: feeds of lists, the search described, the map of the site. It is well-formed, and it is public."""

import re
from contextlib import contextmanager
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from cases import publishing, sitemaps, workflow
from cases.models import Announcement, Campaign, CrimeType, Figure, PublishedVersion, Release, TypicalCase
from cases.permissions import Action
from cases.search import recent
from tests import oracle
from tests.factories import make_announcement, make_case, make_figure, make_publisher
from tests.test_workflow import make_user

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
SEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
# What no document of XML may hold, and what would be read as markup.
NASTY = "a\x01b\ufffe \x1f\u2028]]> <b>bold</b> &amp; “净网”"


def parsed(client, path, **headers):
    response = client.get(path, **headers)
    assert response.status_code == 200, path
    return ElementTree.fromstring(response.content)  # noqa: S314  (our own)


def entries(feed):
    """Return the entries of a feed: the id of the record, its title, its text, when it was updated."""
    return [
        (
            int(urlsplit(entry.findtext(f"{ATOM}id")).path.split("/")[2]),
            entry.findtext(f"{ATOM}title"),
            entry.findtext(f"{ATOM}summary"),
            datetime.fromisoformat(entry.findtext(f"{ATOM}updated")),
        )
        for entry in feed.findall(f"{ATOM}entry")
    ]


@contextmanager
def freeze(monkeypatch, *, hours):
    """Let what is noted within be noted so many hours later."""
    later = timezone.now() + timedelta(hours=hours)
    with monkeypatch.context() as patched:
        patched.setattr(timezone, "now", lambda: later)
        yield


def publish(commit, *announcements):
    for a in announcements:
        publishing.publish(a, reason="test")
    commit()


@pytest.mark.parametrize("kind", oracle.KINDS)
@pytest.mark.parametrize("few", [5_000, 0], ids=["few", "many"])
def test_a_feed_holds_what_of_its_list_changed_last(client, commit, monkeypatch, kind, few):
    monkeypatch.setattr(recent, "FEW", few)
    query = "year=2018&province.not=anhui"
    page = client.get(f"/{kind}/?{query}&per_page=100")
    listed = {record["id"] for record in client.get(f"/{kind}.json?{query}&per_page=100").json()["results"]}
    found = entries(parsed(client, f"/{kind}.atom?{query}"))
    assert len(found) == min(recent.MOST, page.context["results"].total)
    assert page.context["results"].total > 100 or {entry[0] for entry in found} == listed
    assert [entry[3] for entry in found] == sorted((entry[3] for entry in found), reverse=True)
    # What changes comes first, and says when.
    record = page.context["results"].rows[-1]
    a = getattr(record, "announcement", record)
    name = {"announcements": "abstract", "cases": "summary", "figures": "note"}[kind]
    type(record).objects.filter(pk=record.pk).update(**{name: "Other words"})
    commit()
    publish(commit, Announcement.objects.get(pk=a.pk))
    feed = parsed(client, f"/{kind}.atom?{query}")
    version = a.published_versions.order_by("-n").first()
    assert entries(feed)[0][0] == record.pk
    assert abs((entries(feed)[0][3] - version.published_at).total_seconds()) < 1
    assert feed.findtext(f"{ATOM}updated") == feed.find(f"{ATOM}entry").findtext(f"{ATOM}updated")


def moments(client, kind, publisher):
    """Return (became public, was updated) of the entries of a publisher's feed, by id, in their order."""
    feed = parsed(client, f"/{kind}.atom?publisher={publisher.slug}")
    return {
        int(urlsplit(entry.findtext(f"{ATOM}id")).path.split("/")[2]): tuple(
            datetime.fromisoformat(entry.findtext(f"{ATOM}{name}")) for name in ("published", "updated")
        )
        for entry in feed.findall(f"{ATOM}entry")
    }


@pytest.mark.parametrize("few", [5_000, 0], ids=["few", "many"])
def test_each_record_says_when_it_itself_changed(client, commit, monkeypatch, few):
    monkeypatch.setattr(recent, "FEW", few)
    publisher = make_publisher()
    a = make_announcement(published="2018-09-07", publisher=publisher)
    cases = [make_case(a) for _n in range(3)]
    figures = [make_figure(a, case=case) for case in cases]
    other = make_announcement(published="2018-09-07", publisher=publisher)
    publish(commit, a)
    publish(commit, other)

    def again():
        a.refresh_from_db()
        publish(commit, a)

    with freeze(monkeypatch, hours=1):
        Announcement.objects.filter(pk=a.pk).update(title="Other words")  # cases and figures do not say it
        again()
    with freeze(monkeypatch, hours=2):
        TypicalCase.objects.filter(pk=cases[1].pk).update(summary="Other words")
        again()
    with freeze(monkeypatch, hours=3):
        new = make_case(a)
        Figure.objects.filter(pk=figures[0].pk).update(note="Other words")
        again()
    first, *_others, last = versions = a.published_versions.order_by("n")
    at = [version.published_at for version in versions]
    assert len(set(at)) == 4
    assert moments(client, "announcements", publisher)[a.pk] == (at[0], at[3])
    assert list(moments(client, "announcements", publisher)) == [a.pk, other.pk]
    assert moments(client, "cases", publisher) == {
        new.pk: (at[3], at[3]), cases[1].pk: (at[0], at[2]), cases[0].pk: (at[0], at[0]), cases[2].pk: (at[0], at[0]),
    }  # fmt: skip
    assert list(moments(client, "cases", publisher)) == [new.pk, cases[1].pk, cases[0].pk, cases[2].pk]
    assert moments(client, "figures", publisher) == {
        figures[0].pk: (at[0], at[3]), figures[1].pk: (at[0], at[0]), figures[2].pk: (at[0], at[0]),
    }  # fmt: skip
    assert (first.cases, last.cases, last.figures) == (None, [new.pk], [figures[0].pk])


@pytest.mark.parametrize("few", [5_000, 0], ids=["few", "many"])
@pytest.mark.parametrize("steps", [("restore",), ("reopen", "submit", "publish")], ids=["restored", "reopened"])
def test_what_is_public_again_comes_first(client, commit, monkeypatch, few, steps):
    monkeypatch.setattr(recent, "FEW", few)
    publisher, reviewer = make_publisher(), make_user("walker", "Administrators")
    told = [make_announcement(published="2018-09-07", publisher=publisher) for _n in range(2)]
    records = {"announcements": told, "cases": [make_case(a) for a in told], "figures": [make_figure(a) for a in told]}
    for a in told:
        publish(commit, a)
    workflow.take(Action.WITHDRAW, told[0], by=reviewer, reason="a hoax")
    commit()
    for kind, (_gone, stayed) in records.items():
        assert list(moments(client, kind, publisher)) == [stayed.pk]
    with freeze(monkeypatch, hours=1):
        for step in steps:
            a = Announcement.objects.get(pk=told[0].pk)
            workflow.take(Action(step), a, by=reviewer, reason="no hoax")
        commit()
    at = told[0].transitions.first().at
    assert told[0].published_versions.count() == 1
    for kind, (back, stayed) in records.items():
        found = moments(client, kind, publisher)
        assert list(found) == [back.pk, stayed.pk]
        assert found[back.pk] == (told[0].published_versions.get().published_at, at)
        assert found[stayed.pk][1] < at


def test_the_title_says_the_filters_in_words(client):
    query = "year=2018&year=2021&province=anhui&crime_type.not=fraud&q=net"
    title = parsed(client, f"/cases.atom?{query}").findtext(f"{ATOM}title")
    assert title == "Cases containing net from 2018 or 2021 in Anhui not about Fraud"
    title = parsed(client, f"/cases.atom?{query}", HTTP_ACCEPT_LANGUAGE="zh-hans").findtext(f"{ATOM}title")
    assert title.startswith("案例 · 含 net · 行动年度 2018 或 2021 · 地点 安徽")
    page = client.get(f"/cases/?{query}&sort=oldest").content.decode()
    assert 'type="application/atom+xml" href="/cases.atom?q=net&amp;year=2018' in page
    assert parsed(client, "/figures.atom").findtext(f"{ATOM}title") == "Figures"


def test_a_feed_is_the_same_until_something_public_changes(client, commit):
    path = "/figures.atom?publisher.not=none&year=2018".replace("publisher.not=none&", "")
    first = client.get(path)
    assert client.get(path).content == first.content
    assert client.get(path, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304
    assert client.get(path, HTTP_IF_NONE_MATCH=first["ETag"], HTTP_ACCEPT_LANGUAGE="zh-hans").status_code == 200
    assert first["Access-Control-Allow-Origin"] == "*"
    make_figure(make_announcement())
    commit()
    assert client.get(path)["ETag"] == first["ETag"]
    empty = "/cases.atom?year=2018&q=nothingwhatever"
    assert not entries(parsed(client, empty))
    assert client.get(empty).content == client.get(empty).content
    publish(commit, make_announcement(published="2018-09-07"))
    assert client.get(path, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 200


def test_any_text_makes_a_well_formed_feed(client, commit):
    a = make_announcement(title=f"One\nline {NASTY}", abstract=f"Two\nlines {NASTY}", published="2018-09-07")
    make_figure(a, phrase=NASTY, case=make_case(a, heading=NASTY, summary=NASTY))
    publish(commit, a)
    clean = NASTY.replace("\x01", "�").replace("\ufffe", "�")
    for kind in oracle.KINDS:
        _pk, title, text, _updated = entries(parsed(client, f"/{kind}.atom?publisher={a.publisher.slug}"))[0]
        assert "<b>bold</b> &amp; “净网”" in title
        assert "\n" not in title
        assert "&lt;b&gt;bold&lt;/b&gt; &amp;amp; “净网”" in text
        assert clean[:4] in text
    assert parsed(client, "/announcements.atom?q=%EF%BF%BE%3Cb%3E%26").findtext(f"{ATOM}title").endswith("�<b>&")
    assert "�" in parsed(client, "/announcements.atom").find(f"{ATOM}entry").findtext(f"{ATOM}title")


def test_the_ledgers_feed_is_well_formed_and_holds_no_markup(client, commit):
    a = make_announcement(published="2018-09-07")
    publish(commit, a)
    Announcement.objects.filter(pk=a.pk).update(title=NASTY)
    publishing.publish(Announcement.objects.get(pk=a.pk), reason=NASTY)
    entry = parsed(client, "/corrections.atom").find(f"{ATOM}entry")
    assert "<b>bold</b>" in entry.findtext(f"{ATOM}title")
    assert "&lt;b&gt;bold&lt;/b&gt; &amp;amp; “净网”" in entry.findtext(f"{ATOM}summary")


@pytest.mark.parametrize("query", ["colour=red", "sort=oldest", "page=2", "cursor=x", "year=red"])
def test_an_error_is_named(client, query):
    response = client.get(f"/cases.atom?{query}")
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    assert response.json()["errors"][0]["parameter"] == query.partition("=")[0]


# The version of the data, how many records, the entries, when each became public; then the records as on a page of the
# list, but for their first figures: three of each kind.
@pytest.mark.parametrize(("kind", "queries"), [("announcements", 7), ("cases", 7), ("figures", 7)])
def test_a_feed_costs_a_fixed_number_of_queries(client, django_assert_num_queries, kind, queries):
    with django_assert_num_queries(queries):
        client.get(f"/{kind}.atom")


def test_the_search_is_described(client):
    described = parsed(client, "/opensearch.xml")
    assert len(described.findtext(f"{SEARCH}ShortName")) <= 16
    assert described.findtext(f"{SEARCH}LongName") == "Archive of Enforcement Announcements"
    for url in described.findall(f"{SEARCH}Url"):
        address = urlsplit(url.get("template").replace("{searchTerms}", "net"))
        response = client.get(f"{address.path}?{address.query}")
        assert response.status_code == 200
        assert response["Content-Type"].startswith(url.get("type"))
    for page in ("/", "/cases/", "/about/"):
        link = re.search(r'<link rel="search" href="([^"]+)" type="([^"]+)"', client.get(page).content.decode())
        assert link.groups() == ("/opensearch.xml", "application/opensearchdescription+xml")


def mapped(client, path):
    return [element.findtext(f"{MAP}loc") for element in parsed(client, path)]


@pytest.mark.parametrize("ids", [10_000, 30])
def test_the_map_of_the_site_names_every_public_page_once(client, monkeypatch, ids):
    monkeypatch.setattr(sitemaps, "IDS", ids)
    parts = mapped(client, re.search("Sitemap: http://testserver(.+)", client.get("/robots.txt").content.decode())[1])
    assert len(parts) == len(set(parts))
    assert len(parts) >= (5 if ids == 10_000 else 20)
    pages = [mapped(client, urlsplit(part).path) for part in parts]
    assert max(map(len, pages[1:])) <= ids
    found = [address for page in pages for address in page]
    assert len(found) == len(set(found))
    paths = {urlsplit(address).path for address in found}
    for public in (
        *(model.objects.published() for model in (Announcement, TypicalCase, Figure)),
        *(Campaign.objects.public(), Release.objects.public(), CrimeType.objects.all()),
    ):
        assert {urlsplit(one.get_absolute_url()).path for one in public} <= paths
    prefixes = ("announcements", "cases", "figures", "releases")
    records = [path for path in paths if re.match(f"/({'|'.join(prefixes)})/[0-9]", path)]
    assert len(records) == sum(
        public.count()
        for public in (
            *(model.objects.published() for model in (Announcement, TypicalCase, Figure)),
            Release.objects.public(),
        )
    )
    for path in sorted(paths - set(records))[::8] if ids == 10_000 else ():  # the other map has the same
        assert Client().get(path).status_code == 200, path


def test_a_part_says_when_a_page_last_changed(client, commit):
    a = make_announcement(published="2018-09-07")
    case = make_case(a)
    publish(commit, a)
    at = PublishedVersion.objects.get(announcement=a).published_at
    for kind, record in (("announcements", a), ("cases", case)):
        part = parsed(client, f"/sitemap-{kind}-{(record.pk - 1) // sitemaps.IDS + 1}.xml")
        own = next(e for e in part if urlsplit(e.findtext(f"{MAP}loc")).path.split("/")[2] == str(record.pk))
        assert datetime.fromisoformat(own.findtext(f"{MAP}lastmod")) == at


@pytest.mark.parametrize("path", ["/sitemap-cases-999.xml", "/sitemap-cases-0.xml", f"/sitemap-cases-{'9' * 40}.xml",
                                  "/sitemap-pages-2.xml", "/sitemap-drafts-1.xml"])  # fmt: skip
def test_there_are_no_other_parts(client, path):
    assert client.get(path).status_code == 404
