"""A release is pasted, read over and saved as a draft in a real browser: by keys, by selecting, without a script."""

import json
import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import log_in
from tests.browser.test_accessibility import violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

TEXT = (Path(__file__).resolve().parents[1] / "releases" / "release_en.txt").read_text(encoding="utf-8")
ADD = "/admin/cases/pastedtext/add/"
SELECT = """(words) => {
  const range = document.createRange(), panel = document.getElementById("pasted-text");
  const walker = document.createTreeWalker(panel, NodeFilter.SHOW_TEXT), nodes = [];
  for (let node, at = 0; (node = walker.nextNode()); at += node.length) nodes.push([node, at]);
  const start = panel.textContent.indexOf(words), end = start + words.length;
  const put = (offset, set) => {
    const [node, at] = nodes.findLast(([, begins]) => begins <= offset);
    set(node, offset - at);
  };
  put(start, (node, offset) => range.setStart(node, offset));
  put(end, (node, offset) => range.setEnd(node, offset));
  getSelection().removeAllRanges();
  getSelection().addRange(range);
  panel.focus();
}"""


def paste(page):
    page.get_by_label("The text").fill(TEXT)
    page.get_by_label("Published").fill("2018-10-09")
    page.get_by_role("button", name="See what is proposed").click()
    expect(page.locator("#pasted-text")).to_be_visible()
    page.wait_for_load_state()  # the cards below come later than the text


def stored(desk, folder, key):
    desk.manage("export_records", folder, key)
    return json.loads((folder / f"{key}.json").read_text(encoding="utf-8"))


def test_from_paste_to_draft(desk, open_window, tmp_path):
    page = open_window(desk)
    log_in(page, "li", ADD)
    begun = time.monotonic()
    paste(page)
    assert page.locator("#pasted-text").text_content() == TEXT
    proposed = page.locator("#figures-group .card:not(.empty-form)").count()
    assert proposed >= 40
    waiting = page.locator("#tally-waiting")
    before = int(waiting.text_content())
    page.locator("#pasted-text").focus()
    page.keyboard.press("j")
    page.keyboard.press("a")
    assert int(waiting.text_content()) < before
    page.locator("a.mark.figures:not(.accepted)").first.focus()
    page.keyboard.press("r")
    rejected = page.locator("a.mark.rejected").get_attribute("data-row")
    page.keyboard.press("Shift+A")
    assert not page.locator(f"#id_{rejected}-accepted").is_checked()
    page.evaluate(SELECT, "bundles of 5,000")
    page.keyboard.press("f")
    row = page.locator("#figures-group .card:not(.empty-form)").last
    expect(row.get_by_label("Phrase")).to_have_value("bundles of 5,000")
    for label, value in (("Measure", "personal_info_items_seized"), ("Value", "5000")):
        row.get_by_label(label, exact=True).fill(value)
    row.get_by_label("Qualifier").select_option("exact")
    row.get_by_label("Unit").select_option("items")
    took = time.monotonic() - begun
    found = violations(page)
    begun = time.monotonic()
    page.locator('[name="publisher"]').fill("Xinhua")
    key = page.locator('[name="key"]').input_value()
    page.get_by_role("button", name="Save draft").click()
    page.wait_for_url("**/announcement/*/change/")
    took += time.monotonic() - begun
    assert not found, "\n".join(found)
    draft = stored(desk, tmp_path, key)
    assert len(draft["cases"]) == 10
    phrases = [figure["phrase"] for figure in draft["figures"]]
    assert "bundles of 5,000" in phrases
    assert len(phrases) >= 30
    (spans,) = desk.sql(
        "select count(*) from cases_span s join cases_textversion t on t.id = s.text_version_id"
        " join cases_figure f on f.id = s.figure_id join cases_announcement a on a.id = f.announcement_id"
        ' where a.key = %s and squash(substr(t.text, s.start + 1, s."end" - s.start)) = squash(f.phrase)',
        key,
    )[0]
    assert spans == len(phrases), "every figure has its place in the text"
    assert took < 60


def test_without_a_script(desk, open_window, tmp_path):
    page = open_window(desk, java_script_enabled=False)
    log_in(page, "wang", ADD)
    page.get_by_label("The text").fill(TEXT.replace("Clear Current", "Clear Water"))
    page.get_by_label("Published").fill("2018-10-10")
    page.get_by_role("button", name="See what is proposed").click()
    page.get_by_role("link", name="Accept all that are complete").click()
    page.locator('[name="publisher"]').fill("Xinhua")
    key = page.locator('[name="key"]').input_value()
    if page.locator(".duplicates").count():  # the other test was first
        page.get_by_role("button", name="Save draft").click()
        page.locator('[name="not_a_duplicate"]').check()
    page.get_by_role("button", name="Save draft").click()
    expect(page).to_have_url(re.compile("/change/"))
    assert len(stored(desk, tmp_path, key)["figures"]) >= 30
