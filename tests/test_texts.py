"""Texts and the evidence in them: every phrase where it stands, and only there."""

from hashlib import sha256
from itertools import pairwise

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from hypothesis import example, given
from hypothesis import strategies as st

from cases import texts
from cases.models import Figure, Span, TextVersion
from cases.squash import squash
from tests.factories import make_announcement, make_case, make_figure
from tests.test_constraints import committing

ENGLISH = (
    "In the first half of 2018 police across the country solved more than 22,000 cases and\n"
    "arrested more  than 33,000 suspects, 12 of them in Hefei. In Hefei 12 suspects were fined."
)
CHINESE = "２０１８年上半年，全国公安机关侦破案件２.２万余起，抓获犯罪嫌疑人\n3.3万余名。"


def sliced(text: str, phrase: str) -> list[str]:
    """Return what stands at the places where a phrase is found."""
    return [text[start:end] for start, end in texts.occurrences(phrase, text)]


class TestOccurrences:
    @pytest.mark.parametrize(
        ("text", "phrase", "found"),
        [
            (ENGLISH, "more than 22,000 cases", ["more than 22,000 cases"]),
            (ENGLISH, "arrested more than 33,000 suspects", ["arrested more  than 33,000 suspects"]),
            (ENGLISH, "cases and arrested", ["cases and\narrested"]),
            (ENGLISH, "Hefei", ["Hefei", "Hefei"]),
            (ENGLISH, "hefei", []),
            (ENGLISH, "33,000 suspect s", ["33,000 suspects"]),
            (ENGLISH, "", []),
            (ENGLISH, " \n", []),
            (CHINESE, "侦破案件2.2万余起", ["侦破案件２.２万余起"]),
            (CHINESE, "抓获犯罪嫌疑人3.3万余名", ["抓获犯罪嫌疑人\n3.3万余名"]),
            (CHINESE, "2018 年", ["２０１８年"]),
            (CHINESE, "全国公安机关 侦破", ["全国公安机关侦破"]),
            (CHINESE, "上半年,全国", ["上半年，全国"]),
            (CHINESE, "3.4万余名", []),
            ("x\u00a033\u3000000\u200b suspects", "33 000 suspects", ["33\u3000000\u200b suspects"]),
            ("𠮷野家 arrested 12 in 𠮷林", "arrested 12 in", ["arrested 12 in"]),
            ("a 👮‍♀️ b 👮‍♀️", "b", ["b"]),
            ("㎏ 5㎏", "5kg", ["5㎏"]),
            ("aaa", "aa", ["aa"]),
            ("the cafe\u0301 was closed", "caf\u00e9", ["cafe\u0301"]),
            ("the caf\u00e9 was closed", "cafe\u0301", ["caf\u00e9"]),
            ("the cafe\u0301 was closed", "the cafe", []),
            ("the cafe\u0301", "cafe", []),
        ],
    )
    def test_are_found_with_spaces_and_width_aside(self, text, phrase, found):
        assert sliced(text, phrase) == found

    def test_are_counted_in_code_points(self):
        text = "𠮷𠮷👮 12 𠮷"
        assert texts.occurrences("12", text) == [(4, 6)]
        assert texts.occurrences("𠮷", text) == [(0, 1), (1, 2), (7, 8)]

    def test_do_not_cut_a_character_in_two(self):
        """A phrase that ends within what one printed character stands for is not there."""
        assert texts.occurrences("5k", "5㎏") == []
        assert texts.occurrences("g", "㎏") == []
        assert texts.occurrences("1", "⑴") == []

    @given(st.text(max_size=30), st.data())
    @example("ｶﾞ12", None)
    @example("000000\u00b4\u00b8", None)
    def test_every_slice_is_found_again(self, text, data):
        start = data.draw(st.integers(0, len(text))) if data else 1
        end = data.draw(st.integers(start, len(text))) if data else len(text)
        phrase = text[start:end]
        found = texts.occurrences(phrase, text)
        for found_start, found_end in found:
            assert squash(text[found_start:found_end]) == squash(phrase)
        assert all(one[1] <= other[0] for one, other in pairwise(found))
        # What stands at either end must not join with its neighbour: then the slice is not those words any more.
        whole = squash(text[:start]) + squash(phrase) + squash(text[end:])
        if squash(phrase) and squash(text) == whole and squash(text) == "".join(map(squash, text)):
            assert found


@pytest.fixture
def announcement(db):
    """Make an announcement whose phrases stand in ENGLISH: once, twice and never."""
    a = make_announcement(title="Police arrested 33,000")
    make_figure(a, measure_id="cases_solved", unit="cases", value=22000, phrase="more than 22,000 cases")
    make_figure(a, phrase="arrested more than 33,000 suspects")
    make_figure(a, value=12, qualifier="exact", phrase="12")
    make_figure(a, value=500, qualifier="exact", phrase="500 websites were closed")
    return a


def refs(figures: list[Figure]) -> list[str]:
    return [figure.ref for figure in figures]


def spans(announcement) -> list[tuple[str, str]]:
    """Return (ref, the words that stand at its span) of an announcement's evidence, in order of the text."""
    found = Span.objects.filter(announcement=announcement, figure__isnull=False).select_related(
        "figure", "text_version"
    )
    return [
        (span.figure.ref, (span.text_version.text if span.text_version else announcement.title)[span.start : span.end])
        for span in found.order_by("text_version__n", "start", "figure__position")
    ]


class TestAttach:
    def test_locates_what_stands_once_and_names_the_rest(self, announcement, commit):
        attached = texts.attach(announcement, ENGLISH)
        commit()
        assert attached.new
        assert refs(attached.found) == ["f1", "f2"]
        assert refs(attached.ambiguous) == ["f3"]
        assert refs(attached.missing) == ["f4"]
        assert spans(announcement) == [("f1", "more than 22,000 cases"), ("f2", "arrested more  than 33,000 suspects")]

    def test_stores_the_text_as_it_was_read(self, announcement):
        version = texts.attach(announcement, "\ufeff" + ENGLISH).version
        version.refresh_from_db()
        assert (version.n, version.text, version.language, version.display) == (1, ENGLISH, "en", "excerpt")
        assert version.sha256 == sha256(ENGLISH.encode()).hexdigest()

    def test_the_same_text_again_is_no_new_version(self, announcement):
        first = texts.attach(announcement, ENGLISH)
        ids = set(announcement.spans.values_list("pk", flat=True))
        second = texts.attach(announcement, ENGLISH)
        assert (second.new, second.version) == (False, first.version)
        assert refs(second.found) == ["f1", "f2"]
        assert set(announcement.spans.values_list("pk", flat=True)) == ids

    def test_a_new_version_keeps_the_old_one_and_its_evidence(self, announcement, commit):
        texts.attach(announcement, ENGLISH)
        second = texts.attach(announcement, ENGLISH + " In all 500 websites were closed.")
        commit()
        assert (second.new, second.version.n) == (True, 2)
        assert refs(second.found) == ["f1", "f2", "f4"]
        assert announcement.texts.get(n=1).text == ENGLISH
        assert [ref for ref, _words in spans(announcement)] == ["f1", "f2", "f1", "f2", "f4"]

    def test_a_new_version_is_shown_as_the_last_was(self, announcement):
        texts.attach(announcement, ENGLISH, display="hidden")
        assert texts.attach(announcement, ENGLISH + ".").version.display == "hidden"

    def test_what_was_redacted_does_not_come_back_with_the_same_text(self, announcement):
        version = texts.attach(announcement, ENGLISH).version
        TextVersion.objects.filter(pk=version.pk).update(text="", redacted_reason="personal data")
        again = texts.attach(announcement, ENGLISH)
        assert not again.new
        assert TextVersion.objects.get(announcement=announcement).text == ""

    def test_a_case_keeps_its_passage(self, announcement, commit):
        version = texts.attach(announcement, ENGLISH).version
        passage = Span.objects.create(
            announcement=announcement,
            case=make_case(announcement),
            target="text",
            text_version=version,
            start=0,
            end=20,
        )
        texts.attach(announcement, ENGLISH)
        commit()
        assert Span.objects.filter(pk=passage.pk).exists()


class TestRepeatedWords:
    TEXT = "Hefei: 12 arrested. Wuhan: 12 arrested. Jinan: 12 arrested."

    def announcement(self, n: int):
        a = make_announcement()
        for _ in range(n):
            make_figure(a, value=12, qualifier="exact", phrase="12 arrested")
        return a

    def choose(self, figure: Figure, version: TextVersion, occurrence: int) -> Span:
        """Do what an editor does who says which occurrence is meant."""
        start, end = texts.occurrences(figure.phrase, version.text)[occurrence]
        return Span.objects.create(
            announcement=figure.announcement,
            figure=figure,
            target="text",
            text_version=version,
            start=start,
            end=end,
            phrase=version.text[start:end],
        )

    def test_as_many_claims_as_occurrences_are_paired_in_order(self, db):
        a = self.announcement(3)
        attached = texts.attach(a, self.TEXT)
        assert refs(attached.found) == ["f1", "f2", "f3"]
        assert [(s.figure.ref, s.start) for s in a.spans.order_by("start")] == [("f1", 7), ("f2", 27), ("f3", 47)]

    def test_the_order_is_that_of_the_record_not_of_entry(self, db):
        a = self.announcement(3)
        Figure.objects.filter(announcement=a, ref="f1").update(position=9)
        texts.attach(a, self.TEXT)
        assert [s.figure.ref for s in a.spans.order_by("start")] == ["f2", "f3", "f1"]

    @pytest.mark.parametrize("n", [1, 2, 4])
    def test_otherwise_the_choice_is_an_editors(self, db, n):
        a = self.announcement(n)
        attached = texts.attach(a, self.TEXT)
        assert len(attached.ambiguous) == n
        assert not a.spans.exists()

    def test_claims_written_alike_are_the_same_words(self, db):
        a = self.announcement(2)
        make_figure(a, value=12, qualifier="exact", phrase="１２  arrested")
        assert len(texts.attach(a, self.TEXT).found) == 3

    def test_an_editors_choice_stays(self, db, commit):
        a = self.announcement(1)
        version = texts.attach(a, self.TEXT).version
        chosen = self.choose(a.figures.get(), version, 1)
        again = texts.attach(a, self.TEXT)
        texts.relocate(a)
        commit()
        assert refs(again.found) == ["f1"]
        assert Span.objects.get(figure__announcement=a).pk == chosen.pk

    def test_what_an_editor_left_over_is_paired(self, db):
        """An occurrence that is taken is not given to a second claim."""
        a = self.announcement(2)
        version = texts.attach(a, self.TEXT).version
        self.choose(a.figures.get(ref="f1"), version, 2)
        make_figure(a, value=12, qualifier="exact", phrase="12 arrested")
        texts.relocate(a)
        assert [(s.figure.ref, s.start) for s in a.spans.order_by("start")] == [("f2", 7), ("f3", 27), ("f1", 47)]


class TestSpans:
    @pytest.fixture
    def span(self, announcement) -> Span:
        texts.attach(announcement, ENGLISH)
        return announcement.spans.get(figure__ref="f1")

    @pytest.mark.parametrize(("start", "end"), [(1, 0), (0, -1), (-1, -1), (0, 500)])
    def test_a_wrong_slice_is_refused(self, span, start, end):
        with pytest.raises(IntegrityError, match="span_is_the_phrase"), transaction.atomic():
            Span.objects.filter(pk=span.pk).update(start=span.start + start, end=span.end + end)

    def test_a_slice_that_differs_in_space_is_accepted(self, span):
        Span.objects.filter(pk=span.pk).update(start=span.start - 1, end=span.end + 1)

    def test_a_span_counts_code_points_as_the_database_does(self, db, commit):
        a = make_announcement()
        figure = make_figure(a, value=12, qualifier="exact", phrase="12 名")
        attached = texts.attach(a, "𠮷林👮‍♀️抓获１２名")
        commit()
        assert refs(attached.found) == ["f1"]
        assert (figure.spans.get().start, figure.spans.get().phrase) == (8, "１２名")


class TestRelocate:
    def change(self, announcement, ref: str, phrase: str) -> None:
        figure = announcement.figures.get(ref=ref)
        figure.phrase = phrase
        figure.save()

    def test_a_changed_phrase_is_found_where_it_now_stands(self, announcement, commit):
        texts.attach(announcement, ENGLISH)
        self.change(announcement, "f2", "33,000 suspects, 12 of them")
        texts.relocate(announcement)
        commit()
        assert spans(announcement) == [("f1", "more than 22,000 cases"), ("f2", "33,000 suspects, 12 of them")]

    def test_a_phrase_that_stands_in_no_text_is_refused(self, announcement, commit):
        texts.attach(announcement, ENGLISH)
        commit()
        with pytest.raises(IntegrityError, match="figure_phrase_stands_in_a_text"), committing(commit):
            self.change(announcement, "f4", "34,000 suspects")
        assert spans(announcement) == [("f1", "more than 22,000 cases"), ("f2", "arrested more  than 33,000 suspects")]

    def test_a_phrase_of_an_older_text_alone_has_no_evidence(self, announcement, commit):
        """A later text that has the words no more refuses nothing: the figure is flagged."""
        texts.attach(announcement, ENGLISH)
        second = texts.attach(announcement, "It was more than 22,000 cases.")
        commit()
        assert refs(second.missing) == ["f2", "f3", "f4"]
        self.change(announcement, "f2", "33,000 suspects")
        texts.relocate(announcement)
        commit()
        assert refs(texts.unplaced(announcement)) == ["f2", "f3", "f4"]

    def test_a_phrase_that_was_missing_is_found(self, announcement, commit):
        texts.attach(announcement, ENGLISH)
        self.change(announcement, "f4", "in Hefei. In Hefei")
        texts.relocate(announcement)
        commit()
        assert ("f4", "in Hefei. In Hefei") in spans(announcement)

    def test_evidence_in_older_versions_goes_with_the_words(self, announcement, commit):
        """An older version is evidence for what was claimed then; the history keeps it."""
        texts.attach(announcement, ENGLISH)
        texts.attach(announcement, "Corrected. " + ENGLISH)
        commit()
        self.change(announcement, "f2", "33,000 suspects")
        texts.relocate(announcement)
        commit()
        assert [ref for ref, words in spans(announcement) if ref == "f2"] == ["f2"]

    @pytest.mark.parametrize("what", ["phrase", "title"])
    def test_evidence_in_the_title_goes_with_the_words(self, announcement, commit, what):
        figure = make_figure(announcement, value=33000, qualifier="exact", phrase="33,000")
        Span.objects.create(announcement=announcement, figure=figure, target="title", start=16, end=22, phrase="33,000")
        commit()
        if what == "phrase":
            self.change(announcement, figure.ref, "some 33,000 or more")
        else:
            announcement.title = "Police arrested 34,000"
            announcement.save()
        texts.relocate(announcement)
        commit()
        assert not figure.spans.exists()

    def test_evidence_in_the_title_stays_where_the_words_do(self, announcement, commit):
        figure = make_figure(announcement, value=33000, qualifier="exact", phrase="33,000")
        Span.objects.create(announcement=announcement, figure=figure, target="title", start=16, end=22, phrase="33,000")
        announcement.title = "Police arrested 33,000 in 2018"
        announcement.save()
        texts.relocate(announcement)
        commit()
        assert figure.spans.count() == 1


class TestCommand:
    def test_says_what_it_found(self, announcement, tmp_path, capsys):
        file = tmp_path / "text.txt"
        file.write_bytes(b"\xef\xbb\xbf" + ENGLISH.encode())
        call_command("attach_text", announcement.key, file)
        assert capsys.readouterr().out == (
            f"{announcement.key}: text 1 stored, 2 phrases found\n"
            "  several places, an editor chooses: f3 “12”\n"
            "  not found: f4 “500 websites were closed”\n"
        )
        call_command("attach_text", announcement.key, file)
        assert "text 1 is there already, 2 phrases found" in capsys.readouterr().out
        assert announcement.texts.get().text == ENGLISH

    @pytest.mark.parametrize(
        ("key", "raw", "words"),
        [
            ("nobody", b"text", "no announcement nobody"),
            (None, b"\xff\xfe\x00", "cannot be read"),
            (None, b" \n", "is empty"),
            (None, None, "cannot be read"),
            (None, b"a\x00b", "NUL"),
        ],
    )
    def test_refuses_what_is_no_text(self, announcement, tmp_path, key, raw, words):
        file = tmp_path / "text.txt"
        if raw is not None:
            file.write_bytes(raw)
        with pytest.raises(CommandError, match=words):
            call_command("attach_text", key or announcement.key, file)
        assert not announcement.texts.exists()


def test_a_record_written_from_its_text_is_found_whole(db, commit):
    """A small release as it might be printed, with every figure that a record would take from it."""
    text = """【净网2018】公安部９月７日通报：今年２月以来，全国公安机关共侦破网络犯罪案件
    ２２０００余起，抓获犯罪嫌疑人33,000余名，行政处罚互联网企业及联网单位34000余家次，
    清理违法犯罪信息429万余条。其中，安徽合肥抓获12人，冻结资金1.2亿元；浙江金华抓获３人。"""
    a = make_announcement(language="zh", title="公安部通报“净网2018”专项行动")
    for measure, unit, value, phrase in [
        ("cases_solved", "cases", 22000, "侦破网络犯罪案件22000余起"),
        ("suspects_arrested", "persons", 33000, "抓获犯罪嫌疑人33,000余名"),
        ("websites_closed", "websites", 34000, "行政处罚互联网企业及联网单位34000余家次"),
        ("suspects_arrested", "persons", 12, "安徽合肥抓获12人"),
        ("money_frozen", "CNY", 120_000_000, "冻结资金1.2亿元"),
        ("suspects_arrested", "persons", 3, "浙江金华抓获3人"),
    ]:
        make_figure(a, measure_id=measure, unit=unit, value=value, qualifier="exact", phrase=phrase)
    attached = texts.attach(a, text)
    commit()
    assert refs(attached.found) == ["f1", "f2", "f3", "f4", "f5", "f6"]
    for span in a.spans.select_related("figure", "text_version"):
        assert squash(span.text_version.text[span.start : span.end]) == squash(span.figure.phrase)
