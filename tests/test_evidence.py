"""Evidence in place: what of a text is shown, how it is cut, and the record's page with it."""

import re
from html import unescape
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases import texts
from cases.evidence import AROUND, CASE, FIGURE, PLACE, Stand, passages, visible
from cases.models import Span, TextVersion
from tests.factories import make_announcement, make_case, make_figure

few = settings(max_examples=80, derandomize=True, deadline=None)


def shown(text, stands=(), display="full"):
    found, _left_out = passages(text, display, stands)
    return [piece for passage in found for piece in passage.pieces]


def said(pieces):
    return "".join(piece.text for piece in pieces)


# --- cutting --------------------------------------------------------------------------------------------------------


def test_what_lies_in_another_is_cut_out_of_it():
    text = "police arrested 33,000 suspects in Hefei, Anhui today"
    outer = Stand(7, 47, FIGURE, "outer")
    inner = Stand(16, 31, FIGURE, "inner")
    where = Stand(35, 40, PLACE, "340100")
    pieces = shown(text, [outer, inner, where])
    assert [(p.text, p.figure, p.place) for p in pieces] == [
        ("police ", None, None),
        ("arrested ", "outer", None),
        ("33,000 suspects", "inner", None),
        (" in ", "outer", None),
        ("Hefei", "outer", "340100"),
        (", Anhui", "outer", None),
        (" today", None, None),
    ]


def test_what_overlaps_and_what_stands_on_the_same_words_are_each_seen_once():
    stands = [Stand(0, 6, FIGURE, 1), Stand(3, 9, FIGURE, 2), Stand(3, 9, FIGURE, 3)]
    pieces = shown("abcdefghij", stands)
    assert [(p.text, p.figure) for p in pieces] == [("abc", 1), ("def", 2), ("ghi", 2), ("j", None)]
    assert sorted(key for p in pieces for key in p.opening(FIGURE)) == [1, 2, 3]


@st.composite
def marked_texts(draw):
    text = draw(st.text(alphabet="ab 万\n<&", min_size=1, max_size=400))
    ends = st.integers(0, len(text))
    drawn = draw(st.lists(st.tuples(ends, ends, st.sampled_from([FIGURE, PLACE, CASE])), max_size=12))
    return text, [Stand(min(a, b), max(a, b), kind, n) for n, (a, b, kind) in enumerate(drawn)]


@few
@given(marked=marked_texts())
def test_a_full_text_is_all_there_in_order_and_each_thing_is_seen_once(marked):
    text, stands = marked
    found, end_left_out = passages(text, "full", stands)
    pieces = [piece for passage in found for piece in passage.pieces]
    assert not end_left_out
    assert "\n".join(said(passage.pieces) for passage in found).split() == text.split()
    seen = sorted(stand.key for piece in pieces for stand in piece.opens)
    assert len(set(seen)) == len(seen)
    with_words = {s.key for s in stands if text[s.start : s.end].strip()}
    assert with_words <= set(seen) <= {s.key for s in stands if s.start < s.end}


@few
@given(marked=marked_texts())
def test_each_piece_is_under_what_began_last(marked):
    text, stands = marked
    text = f"({text.replace(chr(10), ' ')})"  # one paragraph, which is shown to its ends
    at = 0
    for piece in shown(text, stands):
        for kind, key in ((FIGURE, piece.figure), (PLACE, piece.place), (CASE, piece.case)):
            around = [s for s in stands if s.kind == kind and s.start <= at and s.end >= at + len(piece.text)]
            around = [s for s in around if s.start < s.end]
            assert (key is None) == (not around)
            if around:
                assert next(s for s in stands if s.key == key).start == max(s.start for s in around)
        at += len(piece.text)


@few
@given(marked=marked_texts())
def test_an_excerpt_shows_nothing_far_from_a_figure(marked):
    text, stands = marked
    text = text * 3
    allowed = [False] * len(text)
    for stand in stands:
        if stand.kind == FIGURE and stand.start < stand.end:
            for at in range(max(0, stand.start - AROUND), min(len(text), stand.end + AROUND)):
                allowed[at] = True
    found, _left_out = passages(text, "excerpt", stands)
    assert sum(len(said(passage.pieces)) for passage in found) <= sum(allowed)
    figures = {s.key for s in stands if s.kind == FIGURE and text[s.start : s.end].strip()}
    assert figures <= {key for passage in found for key in passage.figures}


def test_an_excerpt_cuts_no_word_and_says_that_something_is_left_out():
    text = f"{'unseen ' * 40}33,000 suspects{' hidden' * 40}"
    start = text.index("33,000")
    found, end_left_out = passages(text, "excerpt", [Stand(start, start + 15, FIGURE, 1)])
    assert set(said(found[0].pieces).split()) == {"unseen", "33,000", "suspects", "hidden"}
    assert (found[0].left_out, end_left_out) == (True, True)
    assert len(said(found[0].pieces)) <= 15 + 2 * AROUND


def test_a_case_opens_no_excerpt():
    assert passages("a long story", "excerpt", [Stand(0, 12, CASE, 1)]) == ([], True)


@pytest.mark.parametrize("display", ["hidden", "", "anything"])
def test_what_is_hidden_has_no_part_that_is_shown(display):
    assert visible(100, display, [(10, 20)]) == []
    assert passages("a" * 100, display, [Stand(10, 20, FIGURE, 1)])[0] == []


def test_spans_outside_the_text_are_no_marks():
    assert [
        p.figure for p in shown("abc", [Stand(2, 9, FIGURE, 1), Stand(1, 1, FIGURE, 2), Stand(9, 12, CASE, 1)])
    ] == [None]


def test_a_megabyte_with_thousands_of_nested_marks_is_cut_in_linear_time():
    paragraph = "公安机关抓获犯罪嫌疑人33000名，" * 40 + "\n"
    text = paragraph * (1_000_000 // len(paragraph))

    def seconds(part, n):
        stands = [Stand(i * 7, len(part) - i * 7, FIGURE, i) for i in range(n)]  # each in the one before
        stands += [Stand(i * 40, i * 40 + 60, PLACE, i) for i in range(n)]
        started = perf_counter()
        assert len(said(shown(part, stands))) >= len(part) - part.count("\n")
        return perf_counter() - started

    small, large = seconds(text[:100_000], 1_000), seconds(text, 10_000)
    assert large < 40 * small + 0.5  # ten times the text and the marks; a square would be a hundred
    assert large < 5


# --- the page -------------------------------------------------------------------------------------------------------

TEXT = (
    "SECRET OPENING. "
    + "Nothing here is evidence. " * 20
    + "\nPolice arrested more than 33,000 suspects <b>quickly</b> and "
    "solved 22,000 cases.\n" + "More without any evidence. " * 20 + "SECRET END."
)


def page(client, announcement):
    response = client.get(announcement.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


def marked(html):
    return [re.sub(r"<[^>]+>", "", mark) for mark in re.findall(r'<mark class="is-figure.*?</mark>', html, re.DOTALL)]


@pytest.fixture
def record(db):
    announcement = make_announcement(status="published")
    arrested = make_figure(announcement)
    arrested.phrase = "arrested more than 33,000 suspects"
    arrested.save()
    make_figure(
        announcement,
        measure_id="cases_solved",
        unit="cases",
        value=22000,
        qualifier="exact",
        phrase="solved 22,000 cases",
    )
    return announcement


def attach(announcement, text=TEXT, display="full"):
    return texts.attach(announcement, text, display=display)


def test_every_figure_is_marked_on_its_words_and_its_card_is_beside(client, record, commit):
    attach(record)
    commit()
    html = page(client, record)
    assert marked(html) == ["arrested more than 33,000 suspects", "solved 22,000 cases"]
    for figure in record.figures.all():
        assert html.count(f'id="f-{figure.pk}"') == 1
        assert html.count(f'id="f-{figure.pk}-card"') == 1
        assert f'href="#f-{figure.pk}-card"' in html
    assert "SECRET OPENING" in html
    assert "&lt;b&gt;quickly&lt;/b&gt;" in html


def test_an_excerpt_shows_the_evidence_and_what_is_around_it(client, record, commit):
    attach(record, display="excerpt")
    commit()
    html = page(client, record)
    assert len(marked(html)) == 2
    assert "SECRET" not in html
    assert "[left out]" in html


def test_a_hidden_or_redacted_text_shows_the_phrase_alone(client, record, commit, admin_user):
    version = attach(record, display="hidden").version
    commit()
    html = page(client, record)
    assert "evidence in place" not in html
    assert "SECRET" not in html
    assert "quickly" not in html
    figure = record.figures.first()
    assert f'id="f-{figure.pk}"' in html
    assert f"“{figure.phrase}”" in html
    TextVersion.objects.filter(pk=version.pk).update(
        display="full", text="", redacted_reason="as the court ordered", redacted_by=admin_user
    )
    assert "evidence in place" not in page(client, record)


def test_a_hidden_new_version_hides_the_older_one_too(client, record, commit):
    attach(record)
    newer = attach(record, TEXT + " Changed.").version
    TextVersion.objects.filter(pk=newer.pk).update(display="hidden")
    commit()
    assert "SECRET" not in page(client, record)


def test_a_new_version_shows_which_evidence_no_longer_stands(client, record, commit):
    attach(record)
    attach(record, TEXT.replace("22,000", "21,000"))
    commit()
    html = unescape(page(client, record))
    assert marked(html) == ["arrested more than 33,000 suspects"]
    assert html.count("These words stood in version 1 of the text; in the latest version they no longer do.") == 1
    lost = record.figures.get(value=22000)
    assert f'id="f-{lost.pk}"' in html


def test_places_and_cases_are_marked_and_words_told_twice_have_names_of_their_own(client, record, commit):
    text = "Case one. Hefei police arrested more than 33,000 suspects; again arrested more than 33,000 suspects."
    version = attach(record, text).version
    figure, case = record.figures.first(), make_case(record)
    Span.objects.filter(text_version=version).delete()
    stand = {"announcement": record, "target": "text", "text_version": version}
    for start in (m.start() for m in re.finditer("arrested", text)):
        Span.objects.create(**stand, figure=figure, start=start, end=start + 34, phrase=text[start : start + 34])
    Span.objects.create(**stand, place_id="340100", start=10, end=15, phrase="Hefei")
    Span.objects.create(**stand, case=case, start=0, end=len(text))
    commit()
    html = page(client, record)
    assert len(marked(html)) == 2
    assert html.count(f'id="f-{figure.pk}"') == html.count(f'id="f-{figure.pk}-2"') == 1
    assert html.count(f'id="f-{figure.pk}-card"') == 1
    assert re.search(r'<a class="is-place in-case" href="/places/340100/">Hefei</a>', html)
    assert f'href="#c-{case.number}"' in html
    names = re.findall(r' id="([^"]+)"', html)
    assert len(names) == len(set(names))


def test_evidence_in_the_title_is_marked_there(client, commit):
    announcement = make_announcement(status="published", title="33,000 suspects <arrested>")
    figure = make_figure(announcement, phrase="33,000 suspects", qualifier="exact")
    Span.objects.create(
        announcement=announcement, figure=figure, target="title", start=0, end=15, phrase="33,000 suspects"
    )
    commit()
    html = page(client, announcement)
    assert marked(html) == ["33,000 suspects"]
    assert "&lt;arrested&gt;" in re.search(r"<h1>.*?</h1>", html, re.DOTALL)[0]
    assert html.count(f'id="f-{figure.pk}"') == html.count(f'id="f-{figure.pk}-card"') == 1


# Of the text: which is the latest, all spans, its words; whatever there is of each.
def test_more_evidence_costs_no_more_queries(client, record, commit, django_assert_num_queries):
    attach(record)
    commit()
    address = record.get_absolute_url()
    with django_assert_num_queries(15) as counted:
        client.get(address)
    for n in range(6):
        make_figure(record, value=700 + n, qualifier="exact", phrase=f"{700 + n} more")
    attach(record, TEXT + " ".join(f"{700 + n} more" for n in range(6)))
    commit()
    with django_assert_num_queries(len(counted)):
        client.get(address)
