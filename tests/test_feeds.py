"""XML for programs: feeds of lists, the search described, the map of the site. It is well-formed, and it is public."""

import re
from datetime import datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from django.test import Client

from cases import publishing, sitemaps
from cases.models import Announcement, Campaign, CrimeType, Figure, PublishedVersion, Release, TypicalCase
from cases.search import recent
from tests import oracle
from tests.factories import make_announcement, make_case, make_figure

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
    Announcement.objects.filter(pk=a.pk).update(abstract="Other words")
    commit()
    publish(commit, Announcement.objects.get(pk=a.pk))
    feed = parsed(client, f"/{kind}.atom?{query}")
    version = a.published_versions.order_by("-n").first()
    own = {row["id"] for row in client.get(f"/announcements/{a.pk}.json").json().get(kind, [{"id": a.pk}])}
    assert entries(feed)[0][0] in own
    assert abs((entries(feed)[0][3] - version.published_at).total_seconds()) < 1
    assert feed.findtext(f"{ATOM}updated") == feed.find(f"{ATOM}entry").findtext(f"{ATOM}updated")


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


# The version of the data, how many records, the entries; then the records as on a page of the list, but for their first
# figures: six of announcements, four of cases and three of figures.
@pytest.mark.parametrize(("kind", "queries"), [("announcements", 8), ("cases", 7), ("figures", 6)])
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
    for path in sorted(paths - set(records))[::8]:
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
