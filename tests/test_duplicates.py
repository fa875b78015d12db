"""The same document a second time: found by its address, its words, its day and figures; and found fast."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from cases import duplicates, texts
from cases.comparing import compared
from cases.duplicates import Incoming, Reason
from cases.fingerprints import likeness, sketch
from cases.importing import writer
from cases.importing.files import in_memory
from cases.importing.imports import Options, import_files
from cases.models import Announcement
from tests.factories import make_announcement, make_figure
from tests.test_importing import figure, record

TEXT = (Path(__file__).parent / "releases" / "release_en.txt").read_text(encoding="utf-8")
CHINESE = (
    "公安部通报“净网2018”专项行动情况：截至8月，全国公安机关共侦破网络犯罪案件2.2万余起，抓获犯罪嫌疑人3.3万余名。" * 3
)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://www.Example.org/A/b?utm_source=x&id=3#top", "http://example.org/A/b?id=3", True),
        ("https://m.example.org/a/", "http://EXAMPLE.org:80/a?fbclid=9", True),
        ("http://example.org", "https://example.org/index.html", True),
        ("https://example.org/a?id=3", "https://example.org/a?id=4", False),
        ("https://example.org/a", "https://example.org/A", False),
        ("https://example.org/a", "https://example.com/a", False),
        ("https://example.org/utm_a=1", "https://example.org/", False),
    ],
)
@pytest.mark.django_db
def test_one_page_has_many_addresses(one, other, same):
    known = make_announcement(url=one)
    found = [(d.announcement.pk, d.reason) for d in duplicates.find(Incoming(url=other))]
    assert found == ([(known.pk, Reason.ADDRESS)] if same else [])


@pytest.mark.django_db
class TestWords:
    @pytest.mark.parametrize("text", [TEXT, CHINESE], ids=["English", "Chinese"])
    def test_the_same_words_however_they_are_set(self, text):
        known = make_announcement()
        texts.attach(known, text)
        again = "  " + text.upper().replace("\n", "\r\n\r\n").replace("，", ", ").replace("2018", "２０１８")
        (found,) = duplicates.find(Incoming(text=again))
        assert (found.announcement, found.reason) == (known, Reason.SAME_TEXT)

    def test_nearly_the_same_words_and_how_near(self):
        known = make_announcement()
        texts.attach(known, TEXT)
        changed = TEXT.replace("more than", "over").replace("Case 3", "Case 4")
        (found,) = duplicates.find(Incoming(text=changed))
        assert (found.announcement, found.reason) == (known, Reason.NEAR_TEXT)
        assert 0.5 < found.likeness < 1
        assert found.likeness == likeness(TEXT, changed)

    def test_half_of_a_text_is_found_and_another_text_is_not(self):
        known = make_announcement()
        texts.attach(known, TEXT)
        (found,) = duplicates.find(Incoming(text=TEXT[: len(TEXT) * 2 // 3]))
        assert found.announcement == known
        assert duplicates.find(Incoming(text=CHINESE)) == []
        assert duplicates.find(Incoming(text="Police in Hefei arrested 12 suspects.")) == []

    def test_what_is_itself_and_draft_copies_are_none(self):
        known = make_announcement(status="published", url="https://example.org/a")
        texts.attach(known, TEXT)
        texts.attach(make_announcement(revises=known, url="https://example.org/a"), TEXT)
        assert duplicates.find(Incoming(url="https://example.org/a", text=TEXT, own=[known.pk])) == []

    def test_a_short_text_is_found_too(self):
        known = make_announcement()
        texts.attach(known, "Twelve were arrested.")
        assert [d.announcement for d in duplicates.find(Incoming(text="TWELVE were arrested"))] == [known]


@pytest.mark.django_db
def test_the_same_figures_of_the_same_day():
    known = make_announcement(published="2018-09-07")
    for value in (3300, 2200, 17):
        make_figure(known, value=value, phrase=f"more than {value} suspects")
    figures = [("suspects_arrested", Decimal(n)) for n in (3300, 2200, 5)]
    (found,) = [
        d for d in duplicates.find(Incoming(published="2018-09-07", figures=figures)) if d.announcement == known
    ]
    assert found.reason == Reason.FIGURES
    assert found.percent == 66
    for published, some in (("2018-09-08", figures), ("2018-09-07", figures[1:]), ("2018-09-07", [])):
        assert known not in [d.announcement for d in duplicates.find(Incoming(published=published, figures=some))]


@pytest.mark.django_db
def test_an_import_says_so_before_it_is_done():
    known = Announcement.objects.exclude(url=None).order_by("pk")[0]
    new = record("x900", url=known.url, figures=[figure()])
    files = [in_memory("x900.json", writer.dumps(new).encode())]
    report = import_files(files, Options(dry_run=True))
    assert report.notices == [f"x900 may be {known.key} again, or a report of its release: the same address"]
    report_of = new | {"reports_on": known.reports.get().release.fullest.key}
    files = [in_memory("x900.json", writer.dumps(report_of).encode())]
    assert import_files(files, Options(dry_run=True)).notices == []


@pytest.mark.django_db
def test_every_search_has_its_index():
    """With many records none of the searches reads them all."""
    make_announcement(url="https://example.org/a")
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        for query, index in (
            ("select id from cases_announcement where page_of(url) = page_of('x')", "announcement_page"),
            ("select id from cases_announcement where published = '2018'", "announcement_published"),
            ("select 1 from cases_fingerprint where folded_sha256 = 'x'", "fingerprint_same_words"),
            ("select 1 from cases_fingerprint where sketch && array[1::bigint]", "fingerprint_near_words"),
        ):
            cursor.execute(f"explain {query}")
            assert index in "\n".join(row[0] for row in cursor.fetchall())


def pieces(one, other):
    return [(p.kind, p.text, p.is_number) for p in compared(one, other)]


def test_what_differs_is_shown_with_its_numbers():
    assert pieces("抓获犯罪嫌疑人2.2万余名。打掉三个。", "抓获犯罪嫌疑人22000余名。打掉三个。") == [
        ("same", "抓获犯罪嫌疑人", False),
        ("gone", "2.2万余", True),
        ("new", "22000余", True),
        ("same", "名。打掉三个。", False),
    ]
    assert ("new", "2,200", True) in pieces("They cracked 22,000 cases.", "They cracked 2,200 cases.")


@given(st.text("ab1 .\n。二", max_size=60), st.text("ab1 .\n。二", max_size=60))
def test_both_texts_are_whole_in_what_is_shown(one, other):
    found = compared(one, other)
    assert "".join(p.text for p in found if p.kind != "new") == one
    assert "".join(p.text for p in found if p.kind != "gone") == other


@given(st.text(max_size=50))
def test_a_text_is_as_near_as_can_be_to_itself(text):
    assert likeness(text, text) == 1.0
    assert sketch(text) == sorted(sketch(text))
