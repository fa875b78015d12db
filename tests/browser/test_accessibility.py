"""axe-core finds nothing on any kind of page: in the light and in the dark, filtered, empty, refused, entered."""

import re
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import log_in
from tests.browser.pages import all_pages

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
PARTS = 4  # so that processes can share the pages
CONTRAST = {"runOnly": ["color-contrast"]}


def violations(page, options=None):
    """Return what axe-core finds wrong on a page: rule, words and the elements."""
    page.evaluate("Promise.allSettled(document.getAnimations().map((fading) => fading.finished)).then(() => null)")
    page.evaluate(AXE)
    # Nothing is preloaded: axe-core would write a style element for it, which the policy forbids.
    found = page.evaluate("(options) => axe.run(options)", {"preload": False, **(options or {})})
    return [
        f"{page.url} {rule['id']}: {rule['help']}: {' | '.join(node['html'][:160] for node in rule['nodes'][:3])}"
        for rule in found["violations"]
    ]


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_in_the_light_and_in_the_dark(page, site, part):
    found = []
    for path in all_pages(site)[part::PARTS]:
        page.emulate_media(color_scheme="light")
        page.goto(path)
        found += violations(page)
        page.emulate_media(color_scheme="dark")
        found += violations(page, CONTRAST)
    assert not found, "\n".join(found)


def test_in_chinese_and_on_a_telephone_with_the_filters_open(open_window, site):
    page = open_window(site, viewport={"width": 390, "height": 844}, locale="zh-CN")
    found = []
    for path in ("/", "/figures/?year=2018&measure=suspects_arrested"):
        page.goto(path)
        expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
        if page.locator("#filters").count():
            page.locator("#filters > summary").click()
            expect(page.locator("#filters .apply button")).to_be_visible()
        found += violations(page)
    assert not found, "\n".join(found)


def test_a_count_is_part_of_the_name_of_its_box(page):
    for path in ("/announcements/", "/cases/", "/figures/"):
        page.goto(path)
        boxes = page.locator("form.facets").get_by_role("checkbox")
        named = page.locator("form.facets").get_by_role("checkbox", name=re.compile(r", [\d,]+ \w+$"))
        assert named.count() == boxes.count() > 20, path


def test_the_entry_screen(page, site):
    (record,) = site.sql("select id from cases_announcement where key = 'r027'")[0]
    log_in(page, "reader", f"/admin/cases/announcement/{record}/change/")
    page.get_by_role("button", name="Make a draft copy").click()
    expect(page.get_by_label("Phrase")).not_to_have_count(0)
    found = violations(page)
    page.locator("#figures-group details.more").first.locator("summary").click()
    page.locator("#figures-group .meanings summary").click()
    page.locator("#figures-0").get_by_label("Places", exact=True).fill("")
    page.locator("#figures-0").get_by_label("Places", exact=True).press_sequentially("000000; Hefei")
    page.locator(".proposals li").first.wait_for()
    found += violations(page)
    page.emulate_media(color_scheme="dark")
    found += violations(page, CONTRAST)
    page.keyboard.press("Escape")
    page.locator("#figures-0").get_by_label("Value", exact=True).fill("-1")
    page.get_by_role("button", name="Add another Figure").click()
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".problems")).to_be_visible()
    found += violations(page)
    page.emulate_media(color_scheme="light")
    found += violations(page, CONTRAST)
    assert not found, "\n".join(found)
