"""What readers come for, done in a real browser: find, open, compare, take away; with script and without."""

import csv
import json
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ROOT, log_in
from tests.browser.pages import all_pages

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

S000 = json.loads((ROOT / "fixtures" / "collection" / "s000.json").read_text())
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def reader(request, open_window, site):
    """Return a function that opens a window, with script and, in a second run, without."""
    return lambda **options: open_window(site, java_script_enabled=request.param, **options)


def query(page):
    return parse_qs(urlsplit(page.url).query)


def ids_on(page):
    links = page.locator(".results .row-title a").evaluate_all("links => links.map(a => a.getAttribute('href'))")
    return [int(re.match(r"/\w+/(\d+)/", link)[1]) for link in links]


def box(page, facet, label):
    """Return the checkbox of a value in a facet; if it is among those folded away, they are opened."""
    group = page.get_by_role("group", name=facet, exact=True)
    more = group.locator("details.more:not([open])", has=page.locator(".value-label", has_text=label))
    if more.count():
        more.locator("summary").click()
    return group.get_by_role("checkbox", name=re.compile(rf"^{re.escape(label)}\b"))


# --- the main job -----------------------------------------------------------------------------------------------------


def test_from_the_home_page_to_the_words_and_away_with_the_data(reader):
    page = reader()
    page.goto("/")
    page.get_by_role("link", name=re.compile(r"typical cases$")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Cases")

    page.locator("a.bar[title^='2018']").click()
    expect(page.locator(".chip")).to_have_count(1)
    page.locator("svg.tiles a", has=page.locator("title", has_text=re.compile("^Anhui:"))).click()
    expect(page.locator(".chip")).to_have_count(2)
    box(page, "Crime type", "Hacking").check()
    page.get_by_role("button", name="Apply filters").click()
    expect(page.locator(".chip")).to_have_count(3)
    assert query(page) == {"year": ["2018"], "province": ["anhui"], "crime_type": ["hacking"]}

    # The same records in every format.
    shown = ids_on(page)
    assert shown
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV", exact=True).click()
    assert download.value.suggested_filename.endswith(".csv")
    with Path(download.value.path()).open(encoding="utf-8-sig", newline="") as file:
        assert [int(row["id"]) for row in csv.DictReader(file)] == shown
    found = page.request.get(page.get_by_role("link", name="JSON", exact=True).get_attribute("href")).json()
    assert [record["id"] for record in found["results"]] == shown
    assert found["count"] == len(shown)

    # A case: its figures, each with the words that make it.
    page.get_by_role("link", name="Tampering with a physician register in Anhui").first.click()
    expect(page).to_have_url(re.compile(r"/cases/\d+/"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tampering with a physician register in Anhui")
    words = page.locator(".figure-card blockquote").evaluate_all("quotes => quotes.map(q => q.textContent)")
    phrases = [figure["phrase"] for figure in S000["figures"] if figure["case"] == 1]
    assert [phrase for phrase in phrases if not any(phrase in said for said in words)] == []
    assert len(words) == len(phrases) > 0

    # Where it was told, which release that reports, and of which campaign.
    case = page.url.partition("?")[0]
    page.get_by_role("link", name=re.compile("^The Ministry of Public Security’s .Net 2018.")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Baidu, Sina Weibo and other websites were fined")
    expect(page.locator(".figure-card")).to_have_count(sum(figure["case"] is None for figure in S000["figures"]))
    announcement = page.url
    page.get_by_role("link", name="Half-year results of Net Net 2018").first.click()
    expect(page).to_have_url(re.compile(r"/releases/\d+/$"))
    expect(page.get_by_role("table").first).to_contain_text("33,000")
    page.goto(announcement)
    page.get_by_role("main").get_by_role("link", name="Net Net 2018", exact=True).first.click()
    expect(page).to_have_url(re.compile("/campaigns/net-net-2018/$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Net Net 2018")
    page.goto(re.sub(r"/cases/(\d+)/.*", r"/cases/\1/wrong-words/", case))
    assert page.url == case


def test_search_words_stay_with_the_filters(reader):
    page = reader()
    page.goto("/")
    page.get_by_role("searchbox").fill("净网")
    page.get_by_role("searchbox").press("Enter")
    expect(page.locator(".chip")).to_have_count(1)
    assert ids_on(page)
    box(page, "Campaign year", "2018").check()
    page.get_by_role("button", name="Apply filters").click()
    expect(page.locator(".chip")).to_have_count(2)
    assert (query(page)["q"], query(page)["year"]) == (["净网"], ["2018"])
    expect(page.get_by_role("searchbox").first).to_have_value("净网")


def test_a_chip_takes_one_value_back(reader):
    page = reader()
    page.goto("/cases/?year=2018&province=anhui&province=zhejiang&crime_type=hacking")
    expect(page.locator(".chip")).to_have_count(4)
    page.locator(".chip", has_text="Zhejiang").click()
    expect(page.locator(".chip")).to_have_count(3)
    assert query(page) == {"year": ["2018"], "province": ["anhui"], "crime_type": ["hacking"]}
    assert box(page, "Province", "Anhui").is_checked()
    assert not box(page, "Province", "Zhejiang").is_checked()
    page.get_by_role("link", name="Clear all").first.click()
    expect(page.locator(".chip")).to_have_count(0)


def test_a_mistake_is_named_and_the_form_stays_filled_in(reader):
    page = reader()
    answer = page.goto("/cases/?year=twelve&crime_type=gambling&after=2018-13&before=2019")
    assert answer.status == 400
    alert = page.get_by_role("alert")
    for name in ("year", "after"):
        expect(alert.get_by_role("listitem").filter(has=page.get_by_text(name, exact=True))).to_have_count(1)
    assert ids_on(page) == []
    assert box(page, "Crime type", "Online gambling").is_checked()
    expect(page.get_by_label("From", exact=True)).to_have_value("2018-13")
    expect(page.get_by_label("To", exact=True)).to_have_value("2019")
    page.get_by_label("From", exact=True).fill("2018-12")
    page.get_by_role("button", name="Apply filters").click()
    expect(page.get_by_role("alert")).not_to_contain_text("after")


# --- on a telephone, in Chinese, in the dark, by keyboard -------------------------------------------------------------


def test_filters_on_a_telephone(reader):
    page = reader(**PHONE)
    page.goto("/cases/")
    apply = page.get_by_role("button", name="Apply filters")
    expect(apply).to_be_hidden()
    page.locator("#filters > summary").tap()
    expect(apply).to_be_visible()
    box(page, "Campaign year", "2018").check()
    apply.tap()
    expect(page.locator(".chip")).to_have_count(1)
    expect(page.locator(".chip")).to_be_visible()
    expect(apply).to_be_hidden()
    assert ids_on(page)
    page.locator("#filters > summary").tap()
    assert box(page, "Campaign year", "2018").is_checked()


def test_no_page_is_wider_than_a_telephone(open_window, site):
    page = open_window(site, **PHONE)
    wide = {}
    for path in all_pages(site):
        page.goto(path)
        excess = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if excess > 0:
            wide[path] = excess
    assert wide == {}


def test_the_interface_in_chinese_stays(reader):
    page = reader()
    page.goto("/cases/?year=2018")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("button", name="简体中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    assert query(page) == {"year": ["2018"]}, "one stays where one was"
    page.get_by_role("navigation").first.get_by_role("link").nth(2).click()
    expect(page).to_have_url(re.compile("/figures/$"))
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    assert re.search("[\u4e00-\u9fff]", page.get_by_role("heading", level=1).inner_text())
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


# Red, green and blue of the page's background and of its text, added up.
BRIGHTNESS = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const { backgroundColor, color } = getComputedStyle(document.body);
  return [backgroundColor, color].map((drawn) => {
    canvas.fillStyle = drawn;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue] = canvas.getImageData(0, 0, 1, 1).data;
    return red + green + blue;
  });
}"""
SHOWS_FOCUS = """() => {
  const focused = document.activeElement, style = getComputedStyle(focused);
  const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  return focused !== document.body && (outlined || style.boxShadow !== "none");
}"""


def test_dark_theme(open_window, site):
    for scheme, darker in (("light", 1), ("dark", 0)):
        page = open_window(site, color_scheme=scheme)
        page.goto("/")
        both = page.evaluate(BRIGHTNESS)
        assert both[darker] < both[1 - darker], scheme


def test_filters_by_keyboard_alone(page):
    page.goto("/cases/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")

    def tab_to(wanted):
        """Tab on to an element; every one on the way shows that it has the focus."""
        for _ in range(150):
            page.keyboard.press("Tab")
            assert page.evaluate(SHOWS_FOCUS), page.evaluate("document.activeElement.outerHTML")
            if wanted.evaluate("element => element === document.activeElement"):
                return
        raise AssertionError("the keyboard does not lead there")

    tab_to(box(page, "Campaign year", "2018"))
    page.keyboard.press("Space")
    province = page.get_by_role("group", name="Province", exact=True).get_by_role("checkbox").first
    tab_to(province)
    page.keyboard.press("Space")
    tab_to(page.get_by_role("button", name="Apply filters"))
    page.keyboard.press("Enter")
    expect(page.locator(".chip")).to_have_count(2)
    assert query(page) == {"year": ["2018"], "province": [province.get_attribute("value")]}


# --- nothing that no page may do --------------------------------------------------------------------------------------


def test_no_page_breaks_the_policy_or_leaves_the_site(page, site):
    """The window is watched: see `Watch`."""
    for path in all_pages(site):
        page.goto(path)
        assert page.title().strip()


def test_no_page_of_the_editors_desk_does_either(page, site):
    log_in(page, "reader")
    (draft,) = site.sql(
        "insert into cases_announcement (key, kind, title, title_zh, title_supplied, publisher_id,"
        " language, translation, abstract, status, version, created_at, updated_at) select 'd1', 'report', 'A draft',"
        " '', false, id, 'en', 'none', '', 'draft', 1, now(), now() from cases_publisher limit 1 returning id"
    )[0]
    (public,) = site.sql("select id from cases_announcement where key = 's000'")[0]
    (release,) = site.sql("select id from cases_release limit 1")[0]
    records = "/admin/cases/announcement/"
    models = ("announcement", "campaign", "crimetype", "measure", "place", "publisher", "release")
    for path in (
        "/admin/",
        *(f"/admin/cases/{model}/" for model in models),
        *(f"/admin/cases/{model}/add/" for model in models if model != "release"),
        f"{records}{draft}/change/",
        f"{records}{draft}/history/",
        f"{records}{draft}/delete/",
        f"{records}{public}/change/",
        f"/admin/cases/release/{release}/change/",
        "/admin/cases/campaign/net-net-2018/change/",
        "/admin/cases/place/340100/change/",
        "/admin/password_change/",
    ):
        assert page.goto(path).status == 200, path
