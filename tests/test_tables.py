"""CSV back into the archive: as it was exported nothing changes; what is edited changes, and nothing else does."""

import csv
import gzip
import io
import zlib
from base64 import b64encode

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Q
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cases.cells import marked
from cases.importing import writer
from cases.importing.csv_rows import rows
from cases.importing.files import in_memory
from cases.importing.imports import Options, import_files
from cases.models import Announcement, Figure, PublishedVersion
from tests.factories import make_announcement, make_figure
from tests.nasty import NASTY

pytestmark = pytest.mark.django_db
KINDS = ("announcements", "cases", "figures")


def exported(name, query=""):
    """Return what the site serves as a file: CSV, if nothing else is named."""
    response = Client().get(f"/{name if '.' in name else f'{name}.csv'}?{query}")
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def table(raw):
    return list(csv.DictReader(io.StringIO(raw.decode(), newline="")))


def written(found):
    out = io.StringIO(newline="")
    writing = csv.DictWriter(out, list(found[0]))
    writing.writeheader()
    writing.writerows(found)
    return out.getvalue().encode()


def run(*contents, create=False, **options):
    """Import files of CSV, or whatever is given with a name."""
    files = [content if isinstance(content, tuple) else (f"{n}.csv", content) for n, content in enumerate(contents)]
    return import_files(
        [in_memory(name, raw) for name, raw in files], Options(create=create, create_rows=create, **options)
    )


def done(report):
    assert [str(problem) for problem in report.problems] == []
    return report


def record(key):
    return writer.to_record(writer.prefetched(Announcement.objects.filter(key=key)).get())


def edited(kind, announcement, which, /, **cells):
    """Return the rows of one announcement as exported, one of them changed."""
    name = "key" if kind == "announcements" else "announcement_key"
    found = [row for row in table(exported(kind)) if row[name] == announcement]
    named_by = {"announcements": "key", "cases": "number", "figures": "ref"}[kind]
    row = next(row for row in found if row[named_by] == str(which))
    assert set(cells) <= set(row)
    row |= cells
    return found


class TestRoundTrip:
    def test_what_is_exported_changes_nothing(self):
        raw = [exported(kind) for kind in KINDS]
        versions = PublishedVersion.objects.count()
        report = done(run(*raw))
        assert (report.created, report.updated, report.notices) == ([], [], [])
        assert len(report.unchanged) == Announcement.objects.published().count()
        assert PublishedVersion.objects.count() == versions

    @pytest.mark.parametrize(
        "as_saved",
        [
            lambda raw: gzip.compress(raw),
            lambda raw: raw.decode().encode("utf-8-sig"),
            lambda raw: raw.decode().encode("gb18030"),
            lambda raw: raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"),
            lambda raw: raw.replace(b",true,", b",TRUE,"),
        ],
        ids=["gzip", "byte order mark", "GB18030", "CRLF", "a spreadsheet's TRUE"],
    )
    def test_nor_in_what_programs_make_of_it(self, as_saved):
        for kind in KINDS:
            report = done(run((f"{kind}.csv", as_saved(exported(kind, "year=2018")))))
            assert (report.created, report.updated) == ([], [])

    def test_nor_with_a_cell_that_looks_like_a_formula(self):
        Figure.objects.filter(announcement__key="r060", ref="f1").update(note="=1+1")
        Figure.objects.filter(announcement__key="r060", ref="f2").update(note="'-5")
        Figure.objects.filter(announcement__key="r060", ref="f3").update(note="'tis")
        found = edited("figures", "r060", "f1")
        assert done(run(written(found))).updated == []
        for row in found:
            row["note"] = marked(row["note"])
        assert [row["note"][:2] for row in found].count("''") == 2
        assert done(run(written(found))).updated == []
        raw = written(edited("figures", "r060", "f1", note="'＝2"))
        assert done(run(b"\xef\xbb\xbf" + raw)).updated == ["r060"]
        assert record("r060")["figures"][0]["note"] == "＝2"
        assert done(run(written(edited("figures", "r060", "f1", note="'＝3")))).updated == ["r060"]
        assert record("r060")["figures"][0]["note"] == "'＝3"


EDITS = [
    ("announcements", "s000", "s000", {"title": "Other words"}, {"title": "Other words"}),
    ("announcements", "s000", "s000", {"title_supplied": "true", "title": "X"}, {"title": "[X]"}),
    ("announcements", "s000", "s000", {"published": "2018-09"}, {"published": "2018-09"}),
    ("announcements", "s000", "s000", {"source_url": ""}, {"url": None}),
    ("announcements", "s000", "s000", {"archived_url": "https://example.org/a"}, {"archived_url": "https://example.org/a"}),
    ("announcements", "s000", "s000", {"places": "000000; 110000"}, {"places": ["000000", "110000"]}),
    ("announcements", "s000", "s000", {"abstract": 'Of "two"\nlines'}, {"abstract": 'Of "two"\nlines'}),
    ("cases", "s000", 1, {"heading": "Other"}, {"heading": "Other"}),
    ("cases", "s000", 1, {"code_name": "5.22"}, {"code_name": "5.22"}),
    ("cases", "s000", 1, {"period": "2018-05~"}, {"period": "2018-05~"}),
    (
        *("cases", "s000", 1),
        {"places": "110000; 340100", "place_roles": "scene; arrest"},
        {"places": [{"code": "110000", "role": "scene"}, {"code": "340100", "role": "arrest"}]},
    ),
    ("figures", "r060", "f1", {"note": "x"}, {"note": "x"}),
    ("figures", "r060", "f1", {"cumulative": "TRUE"}, {"cumulative": True}),
    ("figures", "r060", "f1", {"places": "110000; 120000"}, {"place": None, "places": ["110000", "120000"]}),
    ("figures", "r060", "f1", {"crime_types": "fraud"}, {"crime_type": "fraud"}),
    ("figures", "r060", "f1", {"campaign": ""}, {"campaign": None}),
    ("figures", "r060", "f1", {"preferred": "true", "preferred_reason": "Later"}, {"preferred": "Later"}),
    ("figures", "r060", "f1", {"qualifier": "range", "value": "8e4", "value_high": "9e4", "step": "1"},
     {"qualifier": "range", "value": 80000, "high": 90000, "step": 1}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "key", "which", "cells", "members"), EDITS)
def test_an_edited_cell_is_taken_over_once(kind, key, which, cells, members):
    before = record(key)
    raw = written(edited(kind, key, which, **cells))
    dry = done(run(raw, dry_run=True))
    assert record(key) == before
    assert dry.updated == [key]
    assert dry.differences[key]
    assert done(run(raw)).updated == [key]
    after = record(key)
    part = after if kind == "announcements" else next(
        p for p in after[kind] if p["number" if kind == "cases" else "ref"] == which
    )  # fmt: skip
    assert {name: part[name] for name in members} == members
    part |= dict.fromkeys(members)
    old = before if kind == "announcements" else before[kind][after[kind].index(part)]
    assert {name: value for name, value in part.items() if name not in members} == {
        name: value for name, value in old.items() if name not in members
    }
    assert done(run(raw)).updated == []


REFUSED = [
    ("figures", "r060", "f1", {"value": "twelve"}, "column value: “twelve” is not a number"),
    ("figures", "r060", "f1", {"value": ""}, "column value: is NoneType"),
    ("figures", "r060", "f1", {"measure": "arrests"}, "column measure: arrests is not a measure"),
    ("figures", "r060", "f1", {"places": "999999"}, "column places: 999999 is not in the gazetteer"),
    ("figures", "r060", "f1", {"case_number": "77"}, "column case_number: the record has no case 77"),
    ("figures", "r060", "f1", {"campaign": "net-net-1984"}, "column campaign: net-net-1984 is not a campaign"),
    ("figures", "r060", "f1", {"cumulative": "yes"}, "column cumulative: “yes” is neither true nor false"),
    ("figures", "r060", "f1", {"period": "2018/9/7"}, "column period: "),
    ("figures", "r060", "f1", {"announcement_title": "Other"}, "column announcement_title: must be “"),
    ("figures", "r060", "f1", {"preferred": "true"}, "column preferred_reason: a preferred figure has a reason"),
    ("figures", "r060", "f1", {"ref": "f99"}, "column ref: r060 has no f99"),
    ("figures", "r060", "f1", {"ref": ""}, "column ref: is empty; it names the row"),
    ("figures", "r060", "f1", {"id": "1"}, "column id: must be “"),
    ("cases", "s000", 1, {"place_roles": "scene"}, "column place_roles: names 1 roles of"),
    ("cases", "s000", 1, {"number": "77"}, "column number: s000 has no 77"),
    ("announcements", "r060", "r060", {"publisher": "Nobody"}, "column publisher: Nobody is not a publisher"),
    ("announcements", "r060", "r060", {"key": "r999"}, "column key: r999 is not in the archive"),
    ("announcements", "r060", "r060", {"releases": "1"}, "column releases: must be “"),
]


@pytest.mark.parametrize(("kind", "key", "which", "cells", "message"), REFUSED)
def test_what_is_refused_is_named_by_line_and_column_and_nothing_is_done(kind, key, which, cells, message):
    before = record(key)
    found = edited(kind, key, which, **cells)
    line = next(n for n, row in enumerate(found, 2) if all(row[name] == cell for name, cell in cells.items()))
    other = edited("announcements", "r061", "r061", title="Never written")
    report = run((f"{kind}.csv", written(found)), ("fine.csv", written(other)))
    assert any(str(p).startswith(f"{kind}.csv: line {line}, {message}") for p in report.problems), report.problems
    assert record(key) == before
    assert record("r061")["title"] != "Never written"


def test_lines_are_counted_as_an_editor_counts_them():
    raw = 'key,abstract\r\nr060,"one\ntwo\nthree"\r\n\r\nr999,x\r\n'
    report = run(("a.csv", raw.encode()))
    assert [str(problem) for problem in report.problems] == [
        "a.csv: line 6, column key: r999 is not in the archive: what is not there is created only if that is asked for"
    ]


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "the header names no table"),
        (b"id;key\n1;r060\n", "the header names no table"),
        (b"key,tittle\nr060,x\n", "line 1, column tittle: is not a column of announcements"),
        (b"key,title,title\nr060,x,y\n", "line 1, column title: stands twice"),
        (b"key,title\nr060\n", "line 2: there are 1 cells under 2 columns"),
        (b'key,title\nr060,"x\n', "line 2: unexpected end of data"),
        (b"key,title\nr060,x\nr060,y\n", "line 3, column key: names the same as line 2"),
        (b"key,title\nr060,\xff\xff\n", "line 2, column 6: is neither UTF-8 nor GB18030"),
        (gzip.compress(b"key\nr060\n" * 1000, mtime=0)[:-20], "cannot be read"),
        (b"key,title\nr060,a\x00b\n", "holds a NUL character"),
    ],
)
def test_a_file_that_is_no_table_is_refused(raw, message):
    (problem,) = run(("a.csv", raw)).problems
    assert message in str(problem)


def test_what_follows_from_other_columns_is_said_not_to_be_read():
    raw = written(edited("figures", "r060", "f1", low="1", measure_en="Arrests"))
    report = done(run(("figures.csv", raw)))
    assert report.updated == []
    assert sorted(report.notices) == [
        f"figures.csv: column {name} is not read: it follows from the others, and differs in 1 rows"
        for name in ("low", "measure_en")
    ]


def test_columns_and_rows_that_are_left_out_stay_as_they_are():
    before = record("s000")
    assert done(run(b"announcement_key,ref,note\ns000,f2,Other\n")).updated == ["s000"]
    next(figure for figure in before["figures"] if figure["ref"] == "f2")["note"] = "Other"
    assert record("s000") == before


def test_places_of_the_case_stay_those_of_the_case():
    """The column shows the case's places where the figure has none of its own; when they change, the file is right."""
    raw = exported("figures")
    figure = Figure.objects.filter(places=None, case__case_places__isnull=False, announcement__status="published")[0]
    key, ref = figure.announcement.key, figure.ref
    assert done(run(raw)).updated == []
    moved = edited("cases", key, figure.case.number, places="110000", place_roles="scene")
    rest = [row for row in table(raw) if row["announcement_key"] == key]
    assert done(run(written(moved), written(rest))).updated == [key]
    own = next(f for f in record(key)["figures"] if f["ref"] == ref)
    shown = next(row["places"] for row in rest if row["ref"] == ref)
    assert "; ".join([own["place"]] if own["place"] else own["places"]) == shown
    assert done(run(written(moved), written(rest))).updated == []


def test_new_rows_are_made_only_if_that_is_asked_for():
    rows_ = (
        b"key,kind,title,publisher,published,language\nx900,report,A new one,Xinhua,2018-09-07,en\n",
        b"announcement_key,number,heading\nx900,1,A case\n",
        b"announcement_key,ref,measure,value,unit,phrase,case_number\nx900,f1,suspects_arrested,12,persons,12 held,1\n",
    )
    assert "x900 is not in the archive" in str(run(*rows_).problems[0])
    assert not Announcement.objects.filter(key="x900").exists()
    assert done(run(*rows_, create=True)).created == ["x900"]
    assert record("x900")["figures"][0]["value"] == 12
    assert done(run(*rows_, create=True)).unchanged == ["x900"]


class TestDrafts:
    """What is imported at the desk is not public: new records are drafts, public ones are changed on a copy."""

    def test_a_public_record_is_changed_on_its_copy(self):
        before = record("r060")
        raw = written(edited("figures", "r060", "f1", note="Other"))
        assert done(run(raw, as_drafts=True)).updated == ["r060"]
        assert record("r060") == before
        copy = Announcement.objects.get(revises__key="r060")
        assert copy.figures.get(ref="f1").note == "Other"
        assert done(run(raw, as_drafts=True)).unchanged == ["r060"]
        other = run(written(edited("figures", "r060", "f1", note="Another")), as_drafts=True)
        assert "r060 has a draft copy" in str(other.problems[0])

    def test_a_new_record_is_a_draft(self):
        raw = b"key,kind,title,publisher,published,language\nx900,report,A new one,Xinhua,2018-09-07,en\n"
        assert done(run(raw, as_drafts=True, create=True)).created == ["x900"]
        assert Announcement.objects.get(key="x900").status == "draft"
        assert done(run(raw, as_drafts=True, create=True)).unchanged == ["x900"]


def test_the_command_shows_what_it_would_do(tmp_path, capsys):
    (tmp_path / "figures.csv").write_bytes(written(edited("figures", "r060", "f1", note="Other")))
    call_command("import_records", tmp_path / "figures.csv", "--dry-run")
    assert capsys.readouterr().out == (
        "updated r060\n  figures[f1].note: — → Other\nwould be: 0 created, 1 updated, 0 unchanged\n"
    )
    (tmp_path / "new.csv").write_text("key,title\nx900,x\n")
    with pytest.raises(CommandError, match="refused: 1 problems"):
        call_command("import_records", tmp_path / "new.csv")
    with pytest.raises(CommandError, match="refused"):
        call_command("import_records", tmp_path / "new.csv", "--create")  # it has no kind, no publisher
    assert "line 2, column kind: is" in capsys.readouterr().err


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")))
def test_any_text_is_read_as_it_stands(text):
    out = io.StringIO(newline="")
    csv.writer(out).writerows([["key", "title"], ["x", text]])
    (row,) = rows(in_memory("a.csv", out.getvalue().encode()), ["key", "title"])
    assert row.cells["title"] == text


def check_nasty_texts_come_back(commit, texts):
    with transaction.atomic():  # each lot begins anew
        come_back(commit, texts)
        transaction.set_rollback(True)


def come_back(commit, texts):
    a = make_announcement(status="published", published="2018-09-07", abstract=texts[0])
    for text in texts:
        make_figure(a, phrase=text if text.strip() else f"x{text}", note=text)
    commit()
    before = record(a.key)

    def check(*files):
        assert done(run(*files)).updated == []
        Figure.objects.filter(announcement=a).update(note="-", phrase="x")
        Announcement.objects.filter(pk=a.pk).update(abstract="Other")
        commit()
        assert done(run(*files)).updated == [a.key]
        assert record(a.key) == before

    check((f"{a.key}.json", writer.dumps(before).encode()))
    for end in (".csv", ".excel.csv", ".xlsx", ".jsonl"):
        names = (f"announcements{end}", f"figures{end}")
        files = [(name, exported(name, f"publisher={a.publisher.slug}")) for name in names]
        if end != ".xlsx":
            assert done(run(*((name, gzip.compress(raw)) for name, raw in files))).updated == []
        check(*files)


@settings(max_examples=2, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(st.lists(NASTY, min_size=25, max_size=25))
def test_nasty_texts_come_back_from_every_format(commit, texts):
    check_nasty_texts_come_back(commit, texts)


@pytest.mark.trust
@settings(max_examples=40, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(st.lists(NASTY, min_size=500, max_size=500))
def test_twenty_thousand_nasty_texts_come_back_from_every_format(commit, texts):
    check_nasty_texts_come_back(commit, texts)


class TestAtTheDesk:
    """Files are looked at first; what is then confirmed is what was shown, or nothing is done."""

    URL = "/admin/cases/announcement/import/"

    @pytest.fixture
    def desk(self):
        editor = User.objects.create_user("wang", password="a long enough one", is_staff=True)
        names = [f"{action}_announcement" for action in ("view", "add", "change")]
        editor.user_permissions.set(Permission.objects.filter(codename__in=names))
        client = Client()
        client.force_login(editor)
        return client

    def look(self, desk, *files, **options):
        uploads = [SimpleUploadedFile(name, raw) for name, raw in files]
        return desk.post(self.URL, {"files": uploads, **options})

    def confirm(self, desk, shown):
        values = {name: shown.context[name] for name in ("carried", "shown")}
        return desk.post(self.URL, values | ({"create": "on"} if shown.context["create"] else {}))

    def test_what_is_shown_is_done_and_stays_a_draft(self, desk):
        before = record("r060")
        raw = written(edited("figures", "r060", "f1", note="Other <b>words</b>"))
        new = writer.dumps(record("r060") | {"key": "x900", "figures": []}).encode()
        shown = self.look(desk, ("figures.csv.gz", gzip.compress(raw)), ("x900.json", new), create="on")
        page = shown.content.decode()
        assert "figures[f1].note" in page
        assert "Other &lt;b&gt;words&lt;/b&gt;" in page
        assert not Announcement.objects.filter(Q(revises__key="r060") | Q(key="x900")).exists()
        assert self.confirm(desk, shown).status_code == 302
        assert record("r060") == before
        assert Announcement.objects.get(revises__key="r060").figures.get(ref="f1").note == "Other <b>words</b>"
        assert Announcement.objects.get(key="x900").status == "draft"
        again = self.look(desk, ("figures.csv", raw), ("x900.json", new), create="on")
        assert again.context["report"].unchanged == ["x900", "r060"]
        assert not again.context["groups"]

    def test_what_is_no_longer_so_is_shown_again(self, desk):
        shown = self.look(desk, ("figures.csv", written(edited("figures", "r060", "f1", note="Other"))))
        Figure.objects.filter(announcement__key="r060", ref="f1").update(note="Meanwhile")
        again = self.confirm(desk, shown)
        assert "the archive has changed since you looked" in again.content.decode()
        assert not Announcement.objects.filter(revises__key="r060").exists()
        assert self.confirm(desk, again).status_code == 302

    def test_refusals_are_shown_and_cannot_be_confirmed(self, desk):
        shown = self.look(desk, ("x.json", b'{"key":\n "x", "title": }'), ("a.csv", b"key,title\nx900,x\n"))
        assert "x.json: is not JSON: line 2, column 16" in shown.content.decode()
        assert not shown.context["carried"]

    @pytest.mark.parametrize("carried", ["", "x", "eA==", b64encode(zlib.compress(b"[]")).decode(), "A" * 1000])
    def test_what_does_not_come_back_whole_is_refused(self, desk, carried):
        answer = desk.post(self.URL, {"carried": carried, "shown": ""})
        assert answer.status_code == 200
        assert not answer.context.get("groups")

    def test_other_files_and_too_much_are_refused(self, desk):
        assert "is none of: .json, .csv, .csv.gz" in self.look(desk, ("a.ods", b"PK")).content.decode()
        assert "is not an Excel workbook" in self.look(desk, ("a.xlsx", b"PK")).content.decode()
        bomb = gzip.compress(b"key,title\n" + b"x" * 60_000_000)
        assert "holds more than 50 MB" in self.look(desk, ("a.csv.gz", bomb)).content.decode()
        assert self.look(desk, ("a.csv", b"x" * 10_000_001)).status_code == 400

    def test_needs_the_permissions(self, client):
        assert client.get(self.URL).status_code == 302
        viewer = User.objects.create_user("zhao", password="a long enough one", is_staff=True)
        viewer.user_permissions.set(Permission.objects.filter(codename="view_announcement"))
        client.force_login(viewer)
        assert client.get(self.URL).status_code == 403
