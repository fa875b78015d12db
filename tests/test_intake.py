"""From a pasted text to a draft: only what is confirmed is saved, at once, with its place in the text."""

import contextlib
import re
import time
import zipfile
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from cases import assist, texts
from cases.extraction.suggestions import (
    CampaignMention,
    CaseSuggestion,
    CrimeMention,
    FigureSuggestion,
    PlaceMention,
    PublisherMention,
    Suggestions,
)
from cases.importing.documents import text_of
from cases.importing.files import UnreadableError
from cases.marking import Mark, numbers, pieces
from cases.models import Announcement, PastedText
from tests.factories import make_announcement
from tests.test_admin import Fields, errors

ADD = "/admin/cases/pastedtext/add/"
TEXT = """Police close "Net Net 2018" with results
They arrested more than 33,000 suspects and solved 22,000 cases. Xinhua
Case 1: Hackers of Hefei
In Hefei the police arrested 12 suspects and froze 5 million yuan. 7 remain at large.
They arrested 12 suspects in Suzhou as well.
"""


def at(phrase, nth=0):
    start = [m.start() for m in re.finditer(re.escape(phrase), TEXT)][nth]
    return phrase, start, start + len(phrase)


def claim(phrase, value, *, nth=0, measure="suspects_arrested", unit="persons", qualifier="exact", case=None):
    return FigureSuggestion(*at(phrase, nth), Decimal(value), qualifier, unit, measure, None, case, None, (), ())


@pytest.fixture(autouse=True)
def proposals(monkeypatch):
    """What the recognisers find is theirs to prove; here they find this, wherever the text still has it."""
    found = Suggestions(
        language="en",
        title='Police close "Net Net 2018" with results',
        published="2018-12-30",
        publisher=PublisherMention(*at("Xinhua"), "Xinhua"),
        campaigns=(CampaignMention(*at("Net Net 2018"), "Net Net 2018", 2018, "net-net-2018"),),
        figures=(
            claim("more than 33,000 suspects", 33000, qualifier="more_than"),
            claim("22,000 cases", 22000, measure="cases_solved", unit="cases"),
            claim("12 suspects", 12, case=0),
            claim("5 million yuan", 5000000, measure=None, unit="CNY", case=0),
            claim("12 suspects", 12, nth=1, case=0),
        ),
        cases=(CaseSuggestion(1, "Hackers of Hefei", None, TEXT.index("Case 1"), len(TEXT), True, ("340100",), ()),),
        places=(
            PlaceMention(*at("Hefei"), "340100", "Hefei", ("340100",)),
            PlaceMention(*at("Hefei", 1), "340100", "Hefei", ("340100",)),
            PlaceMention(*at("Suzhou"), "320500", "Suzhou", ("320500", "341300")),
        ),
        crime_types=(CrimeMention(*at("Hackers"), "hacking", "Hacking"),),
        dates=(),
    )
    monkeypatch.setattr(assist, "suggest", lambda text, vocabulary, published: found)


@pytest.fixture
def editor(db):
    editor = User.objects.create_user("wang", password="a long enough one", is_staff=True)
    names = [f"{action}_announcement" for action in ("view", "add", "change")]
    editor.user_permissions.set(Permission.objects.filter(codename__in=names))
    return editor


@pytest.fixture
def desk(editor):
    client = Client()
    client.force_login(editor)
    return client


@pytest.fixture
def opened(desk):
    """The screen of a pasted text: its address, and what a browser would send of it untouched."""
    url = desk.post(ADD, {"text": TEXT.replace("\n", "\r\n")}).url
    return url, values_of(desk.get(url))


def values_of(response):
    assert response.status_code == 200
    found = Fields(response.content.decode()).values
    return {name: value for name, value in found.items() if "__prefix__" not in name} | {"_continue": "1"}


def accept(values, *rows):
    return values | {f"{row}-accepted": "on" for row in rows}


def saved(response):
    assert response.status_code == 302, errors(response)
    return Announcement.objects.get(pk=re.search(r"/(\d+)/change/", response.url)[1])


class TestTheScreen:
    def test_the_text_stands_there_whole_with_every_proposal_marked(self, desk, opened):
        page = desk.get(opened[0])
        assert "".join(piece.text for piece in page.context["pieces"]) == TEXT
        marked = [(p.text, p.mark.kind) for p in page.context["pieces"] if p.mark]
        assert marked == [
            ("Net Net 2018", "mentions"),
            ("more than 33,000 suspects", "figures"),
            ("22,000 cases", "figures"),
            ("1", "number"),
            ("Hackers", "crime"),
            ("Hefei", "place"),
            ("Hefei", "place"),
            ("12 suspects", "figures"),
            ("5 million yuan", "figures"),
            ("7", "number"),
            ("12 suspects", "figures"),
            ("Suzhou", "place"),
        ]
        assert (page.context["waiting"], page.context["uncoded"]) == (7, 7)
        shown = page.content.decode()
        for row in ("figures-0", "cases-0", "mentions-0"):
            assert f'href="#{row}"' in shown
            assert f'id="{row}"' in shown

    def test_the_draft_is_filled_in_and_nothing_accepted(self, opened):
        _url, values = opened
        assert values["title"] == 'Police close "Net Net 2018" with results'
        assert (values["published"], values["publisher"], values["key"]) == ("2018-12-30", "Xinhua", "2018-12-30-1")
        assert values["figures-0-phrase"] == "more than 33,000 suspects"
        assert values["figures-0-measure"].startswith("suspects_arrested ")
        assert values["figures-2-case_number"] == "1"
        assert values["figures-2-campaign"].startswith("net-net-2018 ")
        assert values["cases-0-places_investigating_authority"].startswith("340100 Hefei")
        assert not [name for name in values if name.endswith("-accepted")]

    def test_what_is_complete_is_accepted_by_one_link(self, desk, opened):
        values = values_of(desk.get(f"{opened[0]}?accept=all"))
        rows = sorted(name.removesuffix("-accepted") for name in values if name.endswith("-accepted"))
        assert rows == ["cases-0", "figures-0", "figures-1", "figures-2", "figures-4", "mentions-0"]


class TestSaving:
    def test_only_what_is_accepted_is_saved(self, desk, opened):
        url, values = opened
        draft = saved(desk.post(url, accept(values, "figures-1") | {"figures-1-campaign": ""}))
        assert (draft.status, draft.cases.count(), draft.mentions.count()) == ("draft", 0, 0)
        assert [figure.phrase for figure in draft.figures.all()] == ["22,000 cases"]
        assert not draft.places.exists()

    def test_all_at_once_with_its_places_in_the_text(self, desk, opened):
        url, values = opened
        rows = ("mentions-0", "cases-0", "figures-0", "figures-1", "figures-2", "figures-3", "figures-4")
        measure = {"figures-3-measure": "money_involved", "named_places": ["340100", "341300"]}
        draft = saved(desk.post(url, accept(values, *rows) | measure | {"named_crime_types": ["hacking"]}))
        assert draft.texts.get().text == TEXT
        assert [p.code for p in draft.places.all()] == ["340100", "341300"]
        assert [t.code for t in draft.crime_types.all()] == ["hacking"]
        where = {s.figure.ref: (s.start, s.end) for s in draft.spans.exclude(figure=None)}
        assert where == {
            "f1": at("more than 33,000 suspects")[1:],
            "f2": at("22,000 cases")[1:],
            "f3": at("12 suspects")[1:],
            "f4": at("5 million yuan")[1:],
            "f5": at("12 suspects", 1)[1:],
        }
        assert draft.spans.get(case__number=1).start == TEXT.index("Case 1")
        assert sorted(draft.spans.exclude(place=None).values_list("place", "start")) == [
            ("340100", at("Hefei")[1]),
            ("340100", at("Hefei", 1)[1]),
            ("341300", at("Suzhou")[1]),
        ]
        assert draft.figures.get(ref="f3").case.number == 1
        assert not PastedText.objects.exists()

    def test_one_of_two_places_is_the_one_that_was_accepted(self, desk, opened):
        url, values = opened
        other = {"figures-4-campaign": "", "figures-4-case_number": ""}
        draft = saved(desk.post(url, accept(values, "figures-4") | other))
        assert draft.spans.get(figure__ref="f1").start == at("12 suspects", 1)[1]

    def test_what_an_editor_has_selected_is_saved_like_a_proposal(self, desk, opened):
        url, values = opened
        phrase, start, end = at("7 remain at large")
        values["figures-TOTAL_FORMS"] = "6"
        added = {
            "phrase": phrase,
            "measure": "suspects_arrested",
            "qualifier": "exact",
            "value": "7",
            "unit": "persons",
        }
        added |= {"accepted": "on", "proposed": f"{start}-{end}", "cumulative": "unknown"}
        draft = saved(desk.post(url, values | {f"figures-5-{name}": value for name, value in added.items()}))
        assert draft.spans.get(figure__phrase=phrase).start == start

    def test_what_is_wrong_is_said_and_nothing_is_lost_or_saved(self, desk, opened):
        url, values = opened
        wrong = accept(values, "figures-2", "figures-3") | {"figures-1-value": "21999", "abstract": "Typed"}
        response = desk.post(url, wrong)
        found = errors(response)
        assert set(found) == {"figures-2-case_number", "figures-2-campaign", "figures-3-measure"} | {
            "figures-3-case_number",
            "figures-3-campaign",
        }
        again = values_of(response)
        assert (again["figures-1-value"], again["abstract"]) == ("21999", "Typed")
        assert {name for name in again if name.endswith("-accepted")} == {"figures-2-accepted", "figures-3-accepted"}
        assert PastedText.objects.exists()
        assert not Announcement.objects.filter(key=values["key"]).exists()

    def test_what_no_longer_stands_in_a_changed_text_is_flagged(self, desk, opened):
        url, values = opened
        changed = accept(values, "figures-1") | {"text": TEXT.replace("22,000", "23,000"), "kind": ""}
        response = desk.post(url, changed)
        assert [one["row"] for one in response.context["gone"]] == ["figures-1"]
        assert "No longer in the text" in response.content.decode()
        assert "do not stand in the text" in errors(response)["figures-1-phrase"]

    def test_words_that_do_not_stand_where_they_are_marked_are_refused(self, desk, opened):
        url, values = opened
        elsewhere = accept(values, "mentions-0", "figures-0") | {
            "figures-0-phrase": "33,000 suspects and solved 22,000 cases"
        }
        draft = dict(elsewhere)  # it reaches into the mark: an editor has made the words longer
        wrong = elsewhere | {"figures-0-phrase": "They arrested 12 suspects", "figures-0-value": "12"}
        found = errors(desk.post(url, wrong | {"figures-0-qualifier": "exact"}))
        message = "These words do not stand where they are marked in the text; select them there instead"
        assert found == {"figures-0-phrase": message}
        stored = saved(desk.post(url, draft))
        assert stored.spans.get(figure__ref="f1").start == at("33,000 suspects")[1]

    def test_in_a_changed_text_all_places_have_moved(self, desk, opened):
        url, values = opened
        longer = f"Corrected, and a good deal longer than before.\n\n{TEXT}"
        moved = accept(values, "mentions-0", "figures-1") | {"text": longer}
        draft = saved(desk.post(url, moved))
        assert draft.spans.get(figure__ref="f1").phrase == "22,000 cases"

    def test_what_is_in_the_archive_already_is_told_first(self, desk, opened):
        known = make_announcement(key="known")
        texts.attach(known, TEXT)
        url, values = opened
        assert "has the same text" in desk.get(url).content.decode()
        answer = desk.post(url, values)
        assert "may be in the archive already" in errors(answer)[""]
        del values["_continue"]
        report = saved(desk.post(url, values | {"_report_of": "known"}))
        assert report.reports.get().release.fullest == known

    def test_it_can_be_another_document_all_the_same(self, desk, opened):
        texts.attach(make_announcement(), TEXT)
        url, values = opened
        assert saved(desk.post(url, values | {"not_a_duplicate": "on"})).texts.exists()


class TestWhoAndWhat:
    def test_everybody_sees_their_own_texts(self, desk, opened, client):
        other = User.objects.create_user("li", password="a long enough one", is_staff=True)
        other.user_permissions.set(Permission.objects.filter(codename="add_announcement"))
        client.force_login(other)
        assert client.get(opened[0]).status_code == 404
        assert client.post(opened[0] + "discard/").status_code == 404
        assert "Police close" not in client.get(ADD).content.decode()
        assert desk.post(opened[0] + "discard/").status_code == 302
        assert desk.get(opened[0]).status_code == 404

    def test_needs_the_permission(self, client, db):
        assert client.get(ADD).status_code == 302
        client.force_login(User.objects.create_user("zhao", password="a long enough one", is_staff=True))
        for url in (ADD, "/admin/cases/pastedtext/read/?q=12"):
            assert client.get(url).status_code == 403

    def test_several_documents_wait_for_their_turn(self, desk):
        files = [
            SimpleUploadedFile("a.txt", "一个团伙".encode("gb18030")),
            SimpleUploadedFile("b.html", b"<title>x</title><p>Twelve <b>were</b>\n arrested.<script>1</script><p>Then"),
            SimpleUploadedFile("c.docx", docx("<w:p><w:r><w:t>In Hefei</w:t></w:r></w:p><w:p/>")),
        ]
        assert desk.post(ADD, {"files": files}).url == "/admin/cases/pastedtext/"
        assert dict(PastedText.objects.values_list("name", "text")) == {
            "a.txt": "一个团伙",
            "b.html": "Twelve were arrested.\nThen\n",
            "c.docx": "In Hefei\n\n",
        }

    @pytest.mark.parametrize(
        ("sent", "message"),
        [
            ({}, "Paste a text, or choose a document."),
            ({"text": " \n"}, "Paste a text, or choose a document."),
            ({"text": "x" * 1_000_001}, "a text may have 1000000 characters"),
            ({"text": "x", "published": "soon"}, "soon"),
            ({"files": ("a.pdf", b"%PDF")}, "a.pdf is none of"),
            ({"files": ("a.docx", b"PK")}, "a.docx: is not a Word document"),
        ],
    )
    def test_other_things_are_refused(self, desk, sent, message):
        if "files" in sent:
            sent = {"files": SimpleUploadedFile(*sent["files"])}
        assert message in desk.post(ADD, sent).content.decode()
        assert not PastedText.objects.exists()

    def test_a_selection_is_read(self, desk):
        read = desk.get("/admin/cases/pastedtext/read/?q=more+than+33,000+suspects").json()
        assert read == {
            "measure": "suspects_arrested",
            "qualifier": "more_than",
            "value": "33000",
            "value_high": "",
            "unit": "persons",
        }


def docx(body, name="word/document.xml", prologue=""):
    raw = BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as packed:
        xmlns = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        packed.writestr(name, f'{prologue}<w:document xmlns:w="{xmlns}"><w:body>{body}</w:body></w:document>')
    return raw.getvalue()


def crowded():
    raw = BytesIO()
    with zipfile.ZipFile(raw, "w") as packed:
        for n in range(101):
            packed.writestr(f"{n}.xml", "x")
    return raw.getvalue()


class TestDocuments:
    @pytest.mark.parametrize(
        ("name", "content", "text"),
        [
            ("a.txt", "\ufeff一\r\n二\r三".encode(), "一\n二\n三"),
            ("a.htm", '<meta charset="gb2312"><p>团伙</p>'.encode("gb18030"), "团伙\n"),
            ("a.html", b"a<br>b<ul><li>c<li>d</ul><style>x</style><table><tr><td>1<td>2</table>&lt;&#19968;", None),
            ("a.html", b"<p>never <!-- <script>x</script> --> closed <b>at <i>all", "never closed at all\n"),
            ("a.docx", docx("<w:p><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t></w:r></w:p>"), "a\tb\nc\n"),
            (
                "a.docx",
                docx("<w:p><w:del><w:r><w:delText>x</w:delText></w:r></w:del><w:r><w:t>y</w:t></w:r></w:p>"),
                "y\n",
            ),
        ],
    )
    def test_is_read_as_it_shows_itself(self, name, content, text):
        assert text_of(name, content) == (text or "a\nb\n\nc\nd\n\n\t1\t2\n<一\n")

    @pytest.mark.parametrize(
        ("name", "content", "message"),
        [
            ("bomb.docx", docx("<w:t>" + " " * 60_000_000 + "</w:t>"), "more than 50 MB"),
            ("crowd.docx", crowded(), "more than 100 files"),
            ("other.docx", docx("", name="word/other.xml"), "is not a Word document"),
            ("laughs.docx", docx("&a;", prologue='<!DOCTYPE a [<!ENTITY a "ha">]>'), "declares a document type"),
            ("half.docx", docx("<w:p><w:t>")[:-30], "is not a Word document"),
            ("torn.docx", docx("<w:p>"), "is not a whole Word document"),
            ("empty.docx", docx(""), "holds no text"),
            ("none.html", b"<script>x</script>", "holds no text"),
            ("nul.txt", b"a\x00b", "NUL"),
            ("what.txt", b"\xff\xfe\xff\xff", "neither UTF-8 nor GB18030"),
        ],
        ids=lambda value: value if isinstance(value, str) and "." in value else "",
    )
    def test_what_is_no_document_is_refused(self, name, content, message):
        with pytest.raises(UnreadableError, match=message):
            text_of(name, content)


@given(
    st.text("ab1 \n", max_size=30),
    st.lists(st.tuples(st.integers(-2, 32), st.integers(-2, 32)), max_size=6),
    st.lists(st.integers(0, 32), max_size=3),
)
def test_the_text_is_whole_whatever_is_marked(text, spans, starts):
    marks = [Mark(start, end, "x") for start, end in spans]
    found = list(pieces(text, marks, [Mark(start, 99, "case") for start in starts]))
    assert "".join(piece.text for piece in found) == text
    assert sum(1 for piece in found if piece.case) == len({start for start in starts if start < len(text)})


def test_numbers_within_other_things_are_none():
    text = "In 2018, 3,400 people in 12 cities; 三百余人"
    found = [text[n.start : n.end] for n in numbers(text, [(3, 7)])]
    assert found == ["3,400", "12", "三百"]


@pytest.mark.django_db
def test_many_proposals_cost_no_more_queries(desk, monkeypatch):
    text = (Path(__file__).parent / "releases" / "release_en.txt").read_text(encoding="utf-8")
    figures = [
        FigureSuggestion(
            *(m[0], m.start(), m.end(), Decimal(m[0].replace(",", "")), "exact", "persons", "suspects_arrested"),
            *(None, None, None, (), ("340100",)),
        )
        for m in re.finditer(r"\d[\d,]*\d", text)
    ]
    assert len(figures) > 50
    counts = []
    for n in (1, len(figures)):
        found = Suggestions("en", "x", None, None, (), tuple(figures[:n]), (), (), (), ())
        monkeypatch.setattr(assist, "suggest", lambda *_, found=found: found)
        url = desk.post(ADD, {"text": text}).url
        desk.get(url)  # whatever a process reads once
        with CaptureQueriesContext(connection) as queries:
            page = desk.get(url)
        counts.append(len(queries))
        assert page.context["uncoded"] >= len(figures)
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    "open_", ["<", "<a ", "<!--", "</", "<![CDATA[", "<?", "<script>", "&", "<a '", "<svg>x</a>", "<p"]
)
def test_what_is_left_open_takes_no_longer_than_what_is_closed(open_):
    page = (f"<p>{open_ * 300_000}").encode()
    begun = time.monotonic()
    with contextlib.suppress(UnreadableError):
        text_of("a.html", page)
    assert time.monotonic() - begun < 5
