"""The desk in a real browser: two editors at once, a session that ends, review by keyboard, screens of any width."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PASSWORD, log_in
from tests.browser.test_accessibility import violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.fixture
def draft(desk):
    """A draft with a figure, of nobody's; return its id."""
    (pk,) = desk.sql(
        "insert into cases_announcement (key, kind, title, title_zh, title_supplied, publisher_id, published, language,"
        " translation, abstract, status, version, created_at, updated_at) select 'b-' || count(*), 'report',"
        " 'As it was', '', false, (select min(id) from cases_publisher), '2018-09', 'en', 'none', '', 'draft', 1,"
        " now(), now() from cases_announcement returning id"
    )[0]
    return pk


def change(pk):
    return f"/admin/cases/announcement/{pk}/change/"


def stored(desk, pk):
    return desk.sql("select title, version from cases_announcement where id = %s", pk)[0]


def test_two_editors_at_once(desk, open_window, draft):
    li, wang = open_window(desk), open_window(desk, java_script_enabled=False)
    for page, name in ((li, "li"), (wang, "wang")):
        log_in(page, name, change(draft))
        expect(page.locator('[name="title"]')).to_have_value("As it was")
    li.locator('[name="title"]').fill("As Li has it")
    li.get_by_role("button", name="Save draft").click()
    expect(li.locator(".messagelist")).to_contain_text("changed successfully")

    wang.locator('[name="title"]').fill("As Wang has it")
    wang.locator('[name="abstract"]').fill("Wang's abstract")
    wang.get_by_role("button", name="Save draft").click()
    told = wang.get_by_role("region", name="Two versions")
    expect(told).to_contain_text("saved by li")
    expect(told.get_by_role("row", name="Title As Li has it As Wang has it")).to_be_visible()
    expect(wang.locator('[name="title"]')).to_have_value("As Wang has it")
    assert stored(desk, draft) == ("As Li has it", 2)

    wang.locator('[name="title"]').fill("As both have it")
    wang.get_by_role("button", name="Save draft").click()
    expect(wang.locator(".messagelist")).to_contain_text("changed successfully")
    assert stored(desk, draft) == ("As both have it", 3)


def test_a_session_that_ends_loses_nothing(desk, open_window, draft):
    page = open_window(desk)
    log_in(page, "li", change(draft))
    page.locator('[name="title"]').fill("Typed for an hour “with care”")
    desk.sql("delete from django_session")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".errornote")).to_contain_text("Nothing of what you typed is lost")
    page.get_by_label("Username").fill("li")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("button", name="Show what I typed").click()
    expect(page.locator('[name="title"]')).to_have_value("Typed for an hour “with care”")
    assert stored(desk, draft) == ("As it was", 1)
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".messagelist")).to_contain_text("changed successfully")
    assert stored(desk, draft)[0] == "Typed for an hour “with care”"


def test_a_record_is_reviewed_withdrawn_and_restored_by_keyboard_alone(desk, open_window, draft):
    page = open_window(desk, viewport={"width": 390, "height": 844})
    log_in(page, "li", f"/admin/cases/announcement/{draft}/record/")

    def press(name, reason=""):
        if reason:
            page.locator(f"form:has(input[value='{name}']) [name='reason']").focus()
            page.keyboard.type(reason)
            page.keyboard.press("Tab")
        else:
            page.get_by_role("button", name=name, exact=True).focus()
        expect(page.get_by_role("button", name=name, exact=True)).to_be_focused()
        page.keyboard.press("Enter")

    press("Hand to review")
    expect(page.locator("h1")).to_contain_text("in review")
    press("Back to draft", "The date is missing")
    expect(page.locator("h1")).to_contain_text("draft")
    press("Hand to review")
    press("Publish", "Read and compared")
    expect(page.locator("h1")).to_contain_text("published")
    press("Withdraw", "It names a victim")
    expect(page.locator("h1")).to_contain_text("withdrawn")
    answer = page.goto(f"/announcements/{draft}/")
    assert answer.status == 410
    expect(page.locator("blockquote")).to_have_text("It names a victim")
    page.goto(f"/admin/cases/announcement/{draft}/record/")
    press("Publish again", "It names nobody")
    expect(page.locator("h1")).to_contain_text("published")
    page.goto("/corrections/")
    expect(page.locator(".correction").first).to_contain_text("It names nobody")


def test_what_a_reader_reports_is_in_the_queue(desk, open_window):
    reader = open_window(desk, java_script_enabled=False)
    (figure,) = desk.sql("select min(id) from cases_figurerow")[0]
    reader.goto(f"/figures/{figure}/")
    reader.get_by_role("link", name="Report an error").click()
    reader.get_by_label("What is wrong").fill("The document says nine thousand")
    reader.get_by_role("button", name="Send the report").click()
    expect(reader.locator("h1")).to_have_text("Thank you")
    editor = open_window(desk)
    log_in(editor, "wang")
    told = editor.get_by_role("region", name=re.compile("Reports of errors"))
    expect(told).to_contain_text("The document says nine thousand")


@pytest.mark.parametrize("width", [390, 1280])
def test_the_screens_fit_and_hinder_nobody(desk, open_window, draft, width):
    page = open_window(desk, viewport={"width": width, "height": 900})
    log_in(page, "li")
    (live,) = desk.sql("select id from cases_announcement where key = 's000'")[0]
    found = []
    for path in (
        "/admin/",
        "/admin/manual/",
        f"/admin/cases/announcement/{draft}/record/",
        f"/admin/cases/announcement/{live}/record/",
        f"/admin/cases/announcement/{live}/history/",
        f"/admin/cases/announcement/{draft}/preview/",
        "/corrections/",
        "/report/",
    ):
        page.goto(path)
        found += violations(page)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            found.append(f"{path} is {wide} pixels too wide")
    assert not found, "\n".join(found)
