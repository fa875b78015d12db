"""The pages: every link leads somewhere, every form sends what it shows, and nothing in them needs a script."""

import re
from collections import Counter, defaultdict
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.urls import resolve
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from cases import pages
from cases.models import Announcement, Figure, Release, Tombstone, TypicalCase
from tests import oracle
from tests.factories import make_announcement, make_campaign, make_case, make_figure, mention
from tests.test_filters import LISTS, ask, few
from tests.test_hostile_input import endpoints

pytestmark = pytest.mark.django_db

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Page(HTMLParser):
    """A page as a browser reads it: its elements with their attributes and texts, and what is not well made in it."""

    def __init__(self, response):
        super().__init__()
        self.elements = []  # (tag, attributes, ancestors)
        self.texts = defaultdict(str)  # by position in `elements`
        self.faults = []
        self._open = []
        self.feed(response.content.decode())
        self.close()
        self.faults += [f"<{self.elements[at][0]}> is not closed" for at in self._open]

    def handle_starttag(self, tag, attrs):
        names = [name for name, _value in attrs]
        self.faults += [f"<{tag}> has {name} twice" for name in set(names) if names.count(name) > 1]
        self.elements.append((tag, dict(attrs), tuple(self._open)))
        if tag not in VOID:
            self._open.append(len(self.elements) - 1)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs), tuple(self._open)))

    def handle_endtag(self, tag):
        if self._open and self.elements[self._open[-1]][0] == tag:
            self._open.pop()
        else:
            self.faults.append(f"</{tag}> closes something else")

    def handle_data(self, data):
        for at in self._open:
            self.texts[at] += data

    def all(self, *tags):
        return [(at, attributes) for at, (tag, attributes, _above) in enumerate(self.elements) if tag in tags]

    def inside(self, at, *tags):
        return [(n, a) for n, (tag, a, above) in enumerate(self.elements) if at in above and (not tags or tag in tags)]

    def text(self, at):
        return " ".join(self.texts[at].split())

    @property
    def links(self):
        return [attributes["href"] for _at, attributes in self.all("a") if "href" in attributes]


def read(client, path, status=200):
    response = client.get(path, follow=True)
    assert response.status_code == status, path
    page = Page(response)
    page.response = response
    return page


def kinds_of_pages():
    """Return one or two of every kind of page."""
    html = [path for path in endpoints().values() if "." not in path and path != "/healthz"]
    lists = [
        "/announcements/?q=net+OR+suspects&year=2018",
        "/announcements/?page=3&per_page=25&sort=oldest",
        "/announcements/?province=national&crime_type=hacking&crime_type.not=hacking.malware&place.not=440000",
        "/cases/?role=arrest&province=guangdong&place=440300",
        "/cases/?q=zebrra&year=1999",
        "/figures/?measure=suspects_arrested&measure=cases_solved&min=1%2C000&after=2018&language=zh",
    ]
    releases = [r.get_absolute_url() for r in Release.objects.public()[:2]]
    return [*html, *lists, *releases]


# --- every page -------------------------------------------------------------------------------------------------------


def well_made(page):
    """Return what is wrong with a page for those who read it by other means than the eye and the pointer."""
    wrong = list(page.faults)
    ids = [attributes["id"] for _tag, attributes, _above in page.elements if attributes.get("id")]
    wrong += [f"id {name} is given twice" for name, n in Counter(ids).items() if n > 1]
    for tag, attributes, above in page.elements:
        named = attributes.get("aria-labelledby", "") + " " + attributes.get("aria-describedby", "")
        wrong += [f"<{tag}> refers to {name}, which is not there" for name in named.split() if name not in ids]
        wrong += [f"<{tag}> has {name}" for name in attributes if name.startswith("on") or name == "style"]
        if tag == "style" or (tag == "script" and "src" not in attributes and attributes.get("type") is None):
            wrong.append(f"<{tag}> in the page")
        if tag in ("input", "select", "textarea") and attributes.get("type") not in ("hidden", "submit"):
            labelled = attributes.get("id") in {a.get("for") for _at, a in page.all("label")}
            inside = any(page.elements[at][0] == "label" for at in above)
            if not labelled and not inside and "aria-label" not in attributes:
                wrong.append(f"{attributes.get('name')} has no label")
        if tag == "img" and "alt" not in attributes:
            wrong.append(f"{attributes.get('src')} has no alternative")
        if tag == "a" and (attributes.get("href") or "").startswith("javascript:"):
            wrong.append("a link to a script")
    titles = page.all("title")
    headings = [at for at, _a in page.all("h1")]
    if len(headings) != 1 or not page.text(headings[0]):
        wrong.append(f"{len(headings)} first headings")
    if not titles or not page.text(titles[0][0]).split("·")[0].strip():
        wrong.append("no title")
    for at, attributes in page.all("a", "button"):
        hidden = any(page.elements[above][1].get("aria-hidden") for above in page.elements[at][2])
        pictures = [a.get("alt") or a.get("aria-label") for _n, a in page.inside(at, "img", "svg")]
        if not hidden and not page.text(at) and not any(pictures) and "aria-label" not in attributes:
            wrong.append(f"{attributes.get('href')} has no name")
    fragments = [href[1:] for href in page.links if href.startswith("#") and len(href) > 1]
    return wrong + [f"#{name} is not on the page" for name in fragments if name not in ids]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_is_well_made_in_both_languages(client, language):
    client.cookies["django_language"] = language
    wrong = {}
    for path in kinds_of_pages():
        page = read(client, path)
        assert dict(page.all("html"))[0]["lang"] == language, path
        if found := well_made(page):
            wrong[path] = found
    assert wrong == {}


def test_pages_that_say_no_are_well_made_too(client):
    Tombstone.objects.create(kind="case", record_id=900_001, reason="It was told twice.")
    for path, status in (("/figures/?colour=red&min=x", 400), ("/nowhere/", 404), ("/cases/900001/", 410)):
        assert well_made(read(client, path, status)) == [], path


def test_every_link_leads_somewhere(client):
    """All links of every kind of page: one of each kind of address followed for each page they stand on."""
    paths = kinds_of_pages()
    seen, broken = set(paths), {}
    for path in paths:
        page = read(client, path)
        followed = Counter()
        for tag, attributes, _above in page.elements:
            url = attributes.get("href") or attributes.get("src") or attributes.get("action") or ""
            parts = urlsplit(url)
            if parts.scheme or parts.netloc or not parts.path.startswith("/") or url in seen or tag == "form":
                continue
            if parts.path.startswith("/static/"):
                if not finders.find(parts.path.removeprefix("/static/")):
                    broken[url] = path
                continue
            name = (resolve(parts.path).view_name, bool(parts.query))
            followed[name] += 1
            if followed[name] <= 1:
                seen.add(url)
                if client.get(url).status_code not in (200, 301, 302):
                    broken[url] = path
    assert broken == {}


@pytest.mark.trust
def test_every_link_of_the_site_leads_somewhere(client):
    """From the first page on, all of it; of the lists with parameters, those that one click leads to."""
    waiting, seen, broken = ["/"], {"/"}, {}
    while waiting:
        path = waiting.pop()
        response = client.get(path)
        if response.status_code not in (200, 301, 302):
            broken[path] = response.status_code
        if response.status_code != 200 or "html" not in response["Content-Type"] or urlsplit(path).query:
            continue
        for url in Page(response).links:
            parts = urlsplit(url)
            if not parts.netloc and parts.path.startswith("/") and not parts.path.startswith("/static/"):
                address = parts._replace(fragment="").geturl()
                if address not in seen:
                    seen.add(address)
                    waiting.append(address)
    assert broken == {}
    for kind, model in (("announcements", Announcement), ("cases", TypicalCase), ("figures", Figure)):
        assert model.objects.published().count() >= 100, kind


# --- lists ------------------------------------------------------------------------------------------------------------


def sent(page, form):
    """Return what a browser sends for a form as it stands."""
    pairs = []
    for _at, attributes in page.inside(form, "input"):
        kind = attributes.get("type", "text")
        if "name" in attributes and (kind not in ("checkbox", "radio") or "checked" in attributes):
            pairs.append((attributes["name"], attributes.get("value", "on")))
    return pairs


def forms(page, name):
    return [at for at, attributes in page.all("form") if name in attributes.get("class", "").split()]


@LISTS
@settings(few, max_examples=5)
@given(data=st.data())
def test_the_forms_of_a_list_send_what_it_shows(client, kind, data):
    state = data.draw(oracle.states(kind))
    words = data.draw(st.sampled_from([[], [("q", "net")]]))
    pairs = [*state.pairs(), *words, ("per_page", "50"), ("sort", "oldest"), ("page", "1")]
    page = read(client, f"/{kind}/?{urlencode(pairs)}")
    results = page.response.context["results"]
    (facets,), (search,) = forms(page, "facets"), forms(page, "search")
    for form in (facets, search):
        again = ask(kind, sent(page, form))
        assert not again.errors
        assert again.query.pairs() == [pair for pair in results.query.pairs() if pair[0] != "page"]


@LISTS
def test_a_box_says_its_number_and_is_the_parameter(client, kind):
    page = read(client, f"/{kind}/?crime_type=hacking&province=guangdong&year=2018&year=none")
    results = page.response.context["results"]
    (form,) = forms(page, "facets")
    boxes = {}
    for at, attributes in page.inside(form, "input"):
        if attributes.get("type") == "checkbox":
            (label,) = [above for above in page.elements[at][2] if page.elements[above][0] == "label"]
            boxes[attributes["name"], attributes["value"]] = (page.text(label), "checked" in attributes)
    shown = {(facet.key, value.value): value for facet in results.facets for value in facet.flat()}
    assert set(boxes) == set(shown)
    for key, value in shown.items():
        text, checked = boxes[key]
        assert checked == value.selected, key
        assert re.search(rf", {value.count:,} ?(announcement|case|figure)s?$", text), (key, text)


def test_what_is_left_out_can_be_taken_back_in(client):
    page = read(client, "/announcements/?year.not=2018&province.not=none")
    links = {tuple(sorted(parse_qsl(urlsplit(url).query))) for url in page.links if url.startswith("/announcements/?")}
    assert {(("year.not", "2018"),), (("province.not", "none"),)} <= links


@pytest.mark.parametrize("query", ["year=1999", "q=zebrra", "measure=suspects_arrested&after=2024&before=2011"])
def test_an_empty_list_is_a_page_that_helps(client, query):
    page = read(client, f"/figures/?{query}")
    results = page.response.context["results"]
    assert results.total == 0
    for option in [*(advice for advice in results.advice if advice.count), *results.suggestions]:
        assert option.url in page.links
        assert client.get(option.url).context["results"].total == option.count > 0
    assert "/figures/" in page.links


def test_filtered_lists_are_not_for_search_engines(client):
    def robots(path):
        return [a.get("content") for _at, a in read(client, path).all("meta") if a.get("name") == "robots"]

    assert robots("/cases/") == []
    for query in ("year=2018", "q=net", "year.not=2018&page=2"):
        assert robots(f"/cases/?{query}") == ["noindex, follow"]


# --- records ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", [Announcement, TypicalCase])
def test_a_wrong_slug_leads_to_the_right_one_in_one_step(client, model):
    record = model.objects.published().first()
    address = record.get_absolute_url()
    short = "/".join(address.split("/")[:3])
    for wrong in (f"{short}/", f"{short}/something-else/", f"{short}/净网/"):
        response = client.get(wrong)
        assert (response.status_code, response["Location"]) == (301, address), wrong
        assert client.get(f"{wrong}?position=1&year=2018")["Location"] == f"{address}?position=1&year=2018"
    assert client.get(address).status_code == 200


def test_other_names_of_a_province_lead_to_its_code(client):
    assert client.get("/places/anhui/")["Location"] == "/places/340000/"
    assert client.get("/places/national/")["Location"] == "/places/000000/"


@pytest.mark.parametrize(
    ("kind", "path"), [("announcement", "announcements"), ("case", "cases"), ("figure", "figures")]
)
def test_what_is_gone_says_why_or_where(client, kind, path):
    model = {"announcement": Announcement, "case": TypicalCase, "figure": Figure}[kind]
    record = model.objects.published().first()
    Tombstone.objects.create(kind=kind, record_id=900_001, reason="told twice", moved_to=record.pk)
    Tombstone.objects.create(kind=kind, record_id=900_002, reason="It was a <forgery>.")
    moved = client.get(f"/{path}/900001/", follow=True)
    assert moved.redirect_chain[0][1] == 301
    assert moved.redirect_chain[-1][0] == record.get_absolute_url()
    gone = client.get(f"/{path}/900002/")
    assert gone.status_code == 410
    assert "It was a &lt;forgery&gt;." in gone.content.decode()
    assert client.get(f"/{path}/900003/").status_code == 404


def test_a_record_shows_every_figure_and_case_it_has(client):
    for key in ("s000", "r003", "r096"):
        announcement = Announcement.objects.get(key=key)
        page = read(client, announcement.get_absolute_url())
        text = page.text(page.all("main")[0][0])
        for case in announcement.cases.all():
            assert " ".join(case.heading.split()) in text, (key, case.number)
        for figure in announcement.figures.all():
            assert " ".join(figure.phrase.split()) in text, (key, figure.ref)


def test_markup_in_a_record_is_text(client, commit):
    """Whatever is written into a record comes out as it was written."""
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>&amp;{{ 7 }}"
    a = make_announcement(
        status="published",
        title=evil,
        title_zh=evil,
        abstract=evil,
        url='https://x.example/"><script>alert(3)</script>',
    )
    figure = make_figure(a, phrase=evil, note=evil, value=5, qualifier="exact")
    case = a.cases.create(number=1, heading=evil, summary=evil, code_name=evil)
    a.publisher.name = evil
    a.publisher.save()
    commit()
    own = f"publisher={a.publisher.slug}"
    for path in (a, case, figure):
        check_text_only(read(client, path.get_absolute_url()), evil)
    for path in (
        f"/announcements/?{own}",
        f"/cases/?{own}&q=script",
        f"/figures/?{own}&q=alert",
        "/announcements/?" + own,
    ):
        check_text_only(read(client, path), evil)


def check_text_only(page, evil):
    assert page.faults == []
    assert all(attributes.get("src") != "x" for _tag, attributes, _above in page.elements)
    code = [page.texts[at] for at, attributes in page.all("script") if attributes.get("type") != "application/ld+json"]
    assert not [text for text in code if "alert" in text]
    assert " ".join(evil.split()) in page.text(0)


@pytest.mark.parametrize("path", ["/announcements/?year=2018&province=none", "/cases/?role=arrest", "/places/340000/"])
def test_both_languages_show_the_same_records_and_numbers(client, path):
    found = []
    for language in ("en", "zh-hans"):
        client.cookies["django_language"] = language
        with translation.override(language):
            page = read(client, path)
        records = [url for url in page.links if re.match("/(announcements|cases|figures)/[0-9]+/", url)]
        results = page.response.context.get("results")
        numbers = results and [(f.key, [(v.value, v.count) for v in f.flat()]) for f in sorted_facets(results)]
        found.append((records, numbers))
    assert found[0] == found[1]


def sorted_facets(results):
    """Values of equal number are in the order of their labels, which differs: here they are in that of their names."""
    for facet in results.facets:
        facet.values.sort(key=lambda value: value.value)
    return results.facets


# --- numbers on authority pages -------------------------------------------------------------------------------------


def counted_slowly(rows, column):
    """Return how many rows there are for each value of a column of codes, by reading all of them."""
    return Counter(value for values in rows.objects.values_list(column, flat=True) for value in values or ["none"])


def check_numbers_of_pages():
    slow = {
        (kind, column): counted_slowly(rows, column)
        for kind, rows in pages.ROWS.items()
        for column in ("year", "province", "place", "campaign", "crime_type")
    }

    def of(column, value):
        return {kind: slow[kind, column][value] for kind in pages.ROWS}

    home = pages.home()
    assert home["totals"] == {
        **{kind: rows.objects.count() for kind, rows in pages.ROWS.items()},
        "releases": Release.objects.public().count(),
    }
    by_year, by_province = slow["announcements", "year"], slow["announcements", "province"]
    assert {y.year: y.announcements for y in home["years"]} == {y.year: by_year[y.year] for y in home["years"]}
    assert {t.slug: t.count for t in home["tiles"]} == {
        slug: by_province[slug] for slug in oracle.provinces() if slug != "national"
    }
    assert (home["national_count"], home["not_stated_count"]) == (by_province["national"], by_province["none"])
    for _year, campaigns in pages.campaign_list()["years"]:
        for c in campaigns:
            assert c.announcements_count == slow["announcements", "campaign"][c.slug]
            assert pages.campaign(c)["counts"] == of("campaign", c.slug)
    listed = pages.place_list()
    for line in [*listed["provinces"], listed["national"]]:
        slug = line["place"].slug
        assert {"announcements": line["announcements"], "cases": line["cases"]}.items() <= of("province", slug).items()
        shown = pages.place(line["place"])
        assert shown["counts"] == of("place", line["place"].code)
        for child in shown["children"]:
            assert child.announcements_count == slow["announcements", "place"][child.code]
    waiting = pages.crime_type_list()["nodes"]
    while waiting:
        node = waiting.pop()
        waiting += node.children
        wanted = of("crime_type", node.crime_type.code)
        assert (node.announcements, node.cases) == (wanted["announcements"], wanted["cases"])
        assert pages.crime_type(node.crime_type)["counts"] == wanted


def test_pages_say_what_counting_all_rows_would(commit):
    check_numbers_of_pages()
    a = make_announcement(status="published")
    mention(a, make_campaign(year=1990))
    case = make_case(a)
    case.case_places.create(announcement=a, place_id="340102", role="arrest")
    case.crime_types.add("fraud")
    make_figure(a, case=case).places.add("440300")
    Announcement.objects.filter(key="s000").update(status="withdrawn")
    commit()
    check_numbers_of_pages()


@pytest.mark.parametrize("path", ["/", "/places/", "/places/340000/", "/campaigns/", "/campaigns/net-net-2018/",
                                  "/crime-types/", "/crime-types/fraud/"])  # fmt: skip
def test_no_page_counts_rows(client, path, django_assert_max_num_queries):
    with django_assert_max_num_queries(30) as asked:
        read(client, path)
    assert [q["sql"] for q in asked.captured_queries if re.search(r"count\(.*_(\w+)row\b", q["sql"], re.I)] == []
