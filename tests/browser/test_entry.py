"""An editor enters a whole release in a real browser: the founding record with its ten cases and all its figures."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import log_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

S000 = json.loads((Path(__file__).resolve().parents[2] / "fixtures/collection/s000.json").read_text(encoding="utf-8"))
CAMPAIGN = "net-net-2018"


def add_rows(page, prefix, count):
    """Press "Add another" until there are as many rows as are to be filled in."""
    for _ in range(count):
        page.locator(f"#{prefix}-group .add-row a").click()


def put(page, fields):
    """Fill in fields by their names, and leave as they are those of which the record says nothing."""
    said = {name: value for name, value in fields.items() if value not in (None, "", [])}
    choices = page.evaluate(
        """names => names.filter(name => {
          const field = document.getElementsByName(name)[0], folded = field.closest('details');
          if (folded) folded.open = true;
          return field.tagName === 'SELECT';
        })""",
        list(said),
    )
    for name, value in said.items():
        text = "; ".join(value) if isinstance(value, list) else str(value)
        if name in choices:
            page.select_option(f'[name="{name}"]', text)
        else:
            page.fill(f'[name="{name}"]', text)


def enter(page, record):
    """Type a record into the screen, from top to bottom."""
    names = ("kind", "published", "language", "translation", "title", "url", "abstract", "crime_types", "places")
    put(page, {name: record[name] for name in names} | {"publisher": record["publisher"]["name"]})
    add_rows(page, "mentions", 1)
    put(page, {"mentions-0-campaign": CAMPAIGN})
    add_rows(page, "cases", len(record["cases"]))
    for i, case in enumerate(record["cases"]):
        names = ("number", "heading", "code_name", "period", "summary", "crime_types")
        values = {name: case[name] for name in names}
        for role in ("investigating_authority", "arrest", "scene", "victims"):
            values[f"places_{role}"] = [place["code"] for place in case["places"] if place["role"] == role]
        put(page, {f"cases-{i}-{name}": value for name, value in values.items()})
    add_rows(page, "figures", len(record["figures"]))
    for i, figure in enumerate(record["figures"]):
        values = {
            "phrase": figure["phrase"],
            "measure": figure["measure"],
            "qualifier": figure["qualifier"],
            "value": figure["value"],
            "unit": figure["unit"],
            "case_number": figure["case"],
            "crime_types": figure.get("crime_types") or figure["crime_type"],
            "places": figure.get("places") or figure["place"],
            "campaign": CAMPAIGN if figure["campaign"] else None,
            "period": figure["period"],
        }
        if figure["measure"] == "campaign_duration":
            values["step"] = "1"  # "one-year" is twelve months, which no word of it says
        put(page, {f"figures-{i}-{name}": value for name, value in values.items()})


def test_the_founding_record_is_entered_saved_and_found_as_it_was_typed(desk, open_window, tmp_path):
    page = open_window(desk)
    log_in(page, "li", "/admin/cases/announcement/add/")
    page.locator('[name="key"]').fill("entered")
    enter(page, S000)
    page.locator('[name="_continue"]').first.click()
    expect(page.locator(".duplicates")).to_contain_text("s000")  # it is the same document, and is said to be
    page.locator('[name="not_a_duplicate"]').check()
    page.locator('[name="_continue"]').first.click()
    expect(page.locator(".errorlist")).to_have_count(0)
    page.wait_for_url("**/change/")

    desk.manage("export_records", tmp_path, "entered")
    saved = json.loads((tmp_path / "entered.json").read_text(encoding="utf-8"))
    assert len(saved["cases"]) == len(S000["cases"]) == 10
    assert len(saved["figures"]) == len(S000["figures"]) >= 55
    told = ("number", "heading", "code_name", "summary", "crime_types", "period")
    assert [[case[name] for name in told] for case in saved["cases"]] == [
        [case[name] for name in told] for case in S000["cases"]
    ]
    for case, typed in zip(saved["cases"], S000["cases"], strict=True):
        assert {(p["code"], p["role"]) for p in case["places"]} == {(p["code"], p["role"]) for p in typed["places"]}
    claimed = ("measure", "qualifier", "value", "unit", "campaign", "crime_type", "place", "period", "case", "phrase")
    for figure, typed in zip(saved["figures"], S000["figures"], strict=True):
        assert [figure[name] for name in claimed] == [typed[name] for name in claimed]
        assert figure.get("places") == typed.get("places")
        assert figure.get("crime_types") == typed.get("crime_types")
    # A draft is nobody's but the desk's.
    page.goto("/announcements/?kind=case_list&year=2018")
    assert page.get_by_role("link", name=S000["title"]).count() == 1
