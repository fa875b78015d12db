"""A release is pasted, read over and saved as a draft in a real browser: by keys, by selecting, without a script."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import log_in
from tests.browser.test_accessibility import CONTRAST, violations

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


def stored(desk, folder, key):
    desk.manage("export_records", folder, key)
    return json.loads((folder / f"{key}.json").read_text(encoding="utf-8"))


CLAIMS = (
    ("more than 27,000 suspects", "suspects_arrested", "more_than", "27000", "persons"),
    ("closed or suspended more than 2,900 websites", "websites_closed", "more_than", "2900", "websites"),
    ("called in about 6,300 companies for talks", "enterprises_interviewed", "about", "6300", "enterprises"),
)


def test_words_that_are_selected_become_figures_with_their_places(desk, open_window, tmp_path):
    page = open_window(desk)
    log_in(page, "li", ADD)
    paste(page)
    assert page.locator("#pasted-text").text_content() == TEXT
    found = violations(page)
    uncoded = page.locator("#tally-uncoded")
    before = int(uncoded.text_content())
    assert before > 50
    for phrase, measure, qualifier, value, unit in CLAIMS:
        page.evaluate(SELECT, phrase)
        with page.expect_response("**/read/*"):
            page.keyboard.press("f")
        row = page.locator("#figures-group .card:not(.empty-form)").last
        expect(row.get_by_label("Phrase")).to_have_value(phrase)
        row.get_by_label("Measure", exact=True).fill(measure)
        row.get_by_label("Qualifier").select_option(qualifier)
        row.get_by_label("Value", exact=True).fill(value)
        row.get_by_label("Unit").select_option(unit)
    page.keyboard.press("Escape")
    assert int(uncoded.text_content()) < before
    found += violations(page)
    page.emulate_media(color_scheme="dark")
    found += violations(page, CONTRAST)
    assert not found, "\n".join(found)
    page.locator('[name="publisher"]').fill("Xinhua")
    key = page.locator('[name="key"]').input_value()
    page.get_by_role("button", name="Save draft").click()
    page.wait_for_url("**/announcement/*/change/")
    phrases = [figure["phrase"] for figure in stored(desk, tmp_path, key)["figures"]]
    assert set(phrases) >= {claim[0] for claim in CLAIMS}
    (spans,) = desk.sql(
        "select count(*) from cases_span s join cases_textversion t on t.id = s.text_version_id"
        " join cases_figure f on f.id = s.figure_id join cases_announcement a on a.id = f.announcement_id"
        ' where a.key = %s and squash(substr(t.text, s.start + 1, s."end" - s.start)) = squash(f.phrase)',
        key,
    )[0]
    assert spans == len(phrases), "every figure has its place in the text"


def test_without_a_script(desk, open_window, tmp_path):
    page = open_window(desk, java_script_enabled=False)
    log_in(page, "wang", ADD)
    page.get_by_label("The text").fill("Clear Water 2018 begins\nPolice arrested 12 suspects on the first day.\n")
    page.get_by_role("button", name="See what is proposed").click()
    page.get_by_role("link", name="Begin with ten empty rows").click()
    row = page.locator("#figures-group .card:not(.empty-form)").last.get_attribute("id")
    for name, value in (("phrase", "12 suspects"), ("measure", "suspects_arrested"), ("value", "12")):
        page.locator(f'[name="{row}-{name}"]').fill(value)
    page.locator(f'[name="{row}-unit"]').select_option("persons")
    page.locator('[name="publisher"]').fill("Xinhua")
    key = page.locator('[name="key"]').input_value()
    page.get_by_role("button", name="Save draft").click()
    assert "/change/" in page.url
    assert [figure["phrase"] for figure in stored(desk, tmp_path, key)["figures"]] == ["12 suspects"]
