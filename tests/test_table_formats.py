"""Every file of a table comes back as it went out, in every format; what is not well made is refused."""

import contextlib
import csv
import io
import json
import re
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
from django.core.management import call_command
from django.utils import translation
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cases import discrepancies, records
from cases.exports import FORMATS
from cases.importing import limits
from cases.importing.files import in_memory
from cases.importing.workbook_rows import header, rows
from cases.models import Announcement, CasePlace, PublishedVersion
from cases.packages import build, tables
from tests.test_tables import done, edited, exported, record, run, table, written

pytestmark = pytest.mark.django_db

PAGES = {table.name: table.address for table in records.TABLES.values()}
COMPARED = {records.RELEASE_REPORTS.name}


def as_workbook(found, change=lambda sheet: None):
    """Return rows as a workbook that another program writes."""
    book = openpyxl.Workbook()
    book.active.append(list(found[0]))
    for row in found:
        book.active.append(list(row.values()))
    change(book.active)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_json_lines(found):
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in found).encode()


# --- as it went out ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("name", PAGES)
def test_what_is_exported_changes_nothing(name, suffix):
    file = f"{PAGES[name]}{suffix}"
    versions = PublishedVersion.objects.count()
    report = done(run((file, exported(file))))
    assert (report.created, report.updated) == ([], [])
    assert PublishedVersion.objects.count() == versions
    if name in COMPARED:
        assert report.notices == [
            f"{file}: Reports of releases: 142 rows were compared; nothing is taken over from this table"
        ]
    else:
        assert report.notices == []
        assert len(report.unchanged) == {"announcements": 142, "cases": 49, "figures": 139, "case_places": 45}[name]


def test_nor_do_all_of_them_at_once(tmp_path, capsys):
    paths = [tmp_path / f"{address}{suffix}" for address in PAGES.values() for suffix in (".jsonl",)]
    for path in paths:
        path.write_bytes(exported(path.name))
    call_command("import_records", *paths)
    assert capsys.readouterr().out == "0 created, 0 updated, 142 unchanged\n"


def test_nor_does_what_another_program_saved():
    """All texts shared, all cells with a style, in another order of files."""
    for address in PAGES.values():
        book = openpyxl.load_workbook(io.BytesIO(exported(f"{address}.xlsx")))
        out = io.BytesIO()
        book.save(out)
        report = done(run(("saved.xlsx", out.getvalue())))
        assert (report.created, report.updated) == ([], [])


def test_nor_do_the_tables_of_a_package(settings, tmp_path):
    settings.PACKAGES_DIR = tmp_path
    package, _new = build.build("https://archive.example.org")
    with zipfile.ZipFile(package.path(package.zip)) as packed:
        found = [(f"{t.name}.csv", packed.read(f"data/{t.name}.csv")) for t in tables.TABLES if t.source]
    report = done(run(*found))
    assert (report.created, report.updated) == ([], [])
    told = {notice.partition(".csv: ")[0] for notice in report.notices}
    assert told == {t.name for t in tables.TABLES if t.source} - {"announcements", "cases", "figures", "case_places"}


# --- what is edited ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("suffix", "write"), [(".xlsx", as_workbook), (".jsonl", as_json_lines)])
def test_an_edited_cell_is_taken_over_from_every_format(suffix, write):
    found = edited("figures", "r060", "f1", note="'=1 is no formula here", value="83669")
    file = (f"figures{suffix}", write(found))
    assert done(run(file)).updated == ["r060"]
    figure = record("r060")["figures"][0]
    assert (figure["note"], figure["value"]) == ("'=1 is no formula here", 83669)
    assert done(run(file)).updated == []


@pytest.mark.parametrize(("suffix", "write"), [(".xlsx", as_workbook), (".jsonl", as_json_lines)])
def test_what_is_refused_is_named_by_line_and_column(suffix, write):
    found = edited("figures", "r060", "f1", places="999999")
    line = next(n for n, row in enumerate(found, 2 if suffix == ".xlsx" else 1) if row["places"] == "999999")
    (problem,) = run((f"figures{suffix}", write(found))).problems
    assert str(problem) == f"figures{suffix}: line {line}, column places: 999999 is not in the gazetteer"


DATES = [
    (date(2018, 9, 7), "yyyy-mm-dd", "2018-09-07"),
    (date(2018, 9, 7), "m/d/yy", "2018-09-07"),
    (date(2018, 9, 1), "mmm-yy", "2018-09"),  # what Excel makes of 2018-09
    (date(2018, 9, 1), 'yyyy"年"m"月"', "2018-09"),
    (date(2018, 1, 1), "yyyy", "2018"),
    (datetime(2018, 9, 7, 12, 30), "yyyy-mm-dd hh:mm", "2018-09-07T12:30"),  # noqa: DTZ001  (a cell has no zone)
    (2018, "General", "2018"),
    (2018.0, "0.00", "2018"),
    (0.1, "General", "0.1"),
    (1234567890123456, "0", "1234567890123456.0"),
    (True, "General", "true"),
    ("_x0041_", "General", "_x0041_"),
]


@pytest.mark.parametrize(("value", "shown", "cell"), DATES, ids=lambda value: str(value))
def test_what_a_spreadsheet_makes_of_a_cell_is_read_as_it_shows_it(value, shown, cell):
    def change(sheet):
        sheet["B2"] = value if not isinstance(value, str) else value.replace("_x", "_x005F_x")
        sheet["B2"].number_format = shown

    file = in_memory("a.xlsx", as_workbook([{"key": "r060", "published": ""}], change))
    assert header(file) == ["key", "published"]
    (row,) = rows(file, ["key", "published"])
    assert (row.line, row.cells["published"]) == (2, cell)


def test_true_and_false_are_read_as_libreoffice_saves_them():
    raw = plain()
    cell = '<c r="C2" t="b"><f aca="false">TRUE()</f><v>1</v></c>'
    raw = repacked(raw, lambda name, text: re.sub('<c r="C2".*?</c>', cell, text) if "sheet1" in name else text)
    (row,) = rows(in_memory("a.xlsx", raw), ["key", "title", "title_supplied"])
    assert row.cells == {"key": "r060", "title": "x", "title_supplied": "true"}


@pytest.mark.parametrize("day", [date(1990, 1, 1), date(2018, 9, 7)])
def test_days_are_counted_from_where_the_workbook_says(day):
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    for row in (["key", "published"], ["r060", day]):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    (row,) = rows(in_memory("a.xlsx", out.getvalue()), ["key", "published"])
    assert row.cells["published"] == day.isoformat()


# --- the places of cases ----------------------------------------------------------------------------------------------


def places_of(key="s000", number="1"):
    return [
        row for row in table(exported("case-places")) if (row["announcement_key"], row["case_number"]) == (key, number)
    ]


def stated(key="s000", number=1):
    case = next(case for case in record(key)["cases"] if case["number"] == number)
    return [(place["code"], place["role"]) for place in case["places"]]


def test_a_place_of_a_case_is_changed_once():
    found, before = places_of(), stated()
    assert found
    found[0] |= {"place": "110000", "role": "victims", "place_en": "Beijing"}
    raw = written(found)
    report = done(run(raw))
    assert report.updated == ["s000"]
    assert "column place_en is not read" in report.notices[0]
    assert stated() == [("110000", "victims"), *before[1:]]
    # The place has another number now; what the file says is there already.
    assert places_of()[0]["id"] != found[0]["id"]
    assert done(run(raw)).updated == []


def test_a_place_is_added_only_if_that_is_asked_for():
    found, before = places_of(), stated()
    found.append(found[0] | {"id": "", "place": "440300", "role": "scene"})
    raw = written(found)
    (problem,) = run(raw).problems
    assert f"line {len(found) + 1}, column place: the case has no such place" in str(problem)
    assert done(run(raw, create=True)).updated == ["s000"]
    assert stated() == [*before, ("440300", "scene")]
    assert done(run(raw, create=True)).updated == []


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"role": "bystander"}, "line 2, column role: "),
        ({"place": "999999"}, "line 2, column place: 999999 is not in the gazetteer"),
        ({"heading": "Another"}, "line 2, column heading: must be “"),
        ({"case_number": "99", "id": ""}, "line 2, column case_number: s000 has no 99"),
        ({"announcement_key": "x999", "id": ""}, "line 2, column announcement_key: there is no announcement x999"),
        ({"id": "x"}, "line 2, column id: “x” is not a number"),
        ({"id": str(10**30)}, "line 2, column id: is too large a number"),
    ],
)
def test_what_is_wrong_with_a_place_is_named(cells, message):
    before = stated()
    found = places_of()
    found[0] |= cells
    assert any(message in str(problem) for problem in run(written(found)).problems)
    assert stated() == before


def test_the_places_of_a_case_are_said_in_one_file():
    cases = edited("cases", "s000", "1", places="110000", place_roles="scene")
    found = places_of()
    assert done(run(written(cases), written(found))).updated == ["s000"]  # those of the case itself: it was edited
    assert stated() == [("110000", "scene")]
    cases = edited("cases", "s000", "1", places="120000", place_roles="scene")
    found = places_of()
    found[0] |= {"place": "440300"}
    (problem,) = run(written(cases), written(found)).problems
    assert "column place: the places of this case are changed elsewhere in the files as well" in str(problem)


# --- tables that are made from others ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["release-reports", "discrepancies"])
def test_a_table_that_is_made_from_others_must_be_as_it_is(name):
    found = table(exported(name))
    assert len(found) > 20
    assert done(run(written(found))).notices[0].endswith("nothing is taken over from this table")
    found[3] |= {"release_id": "77777"}
    found[5] |= {"id": "0"}
    one, other = run((f"{name}.csv", written(found))).problems
    assert str(one).startswith(f"{name}.csv: line 5, column release_id: is “")
    assert str(one).endswith("” in the archive; this table is only compared")
    assert str(other) == f"{name}.csv: line 7, column id: the archive has no row 0, or has it no longer"


@pytest.mark.parametrize("pk", ["", "x", "9" * 40, "1.5", "a\x00b"])
def test_an_id_that_is_none_is_refused(pk):
    found = table(exported("release-reports"))[:1]
    found[0]["id"] = pk
    (problem,) = run(written(found)).problems
    assert "line 2, column id: the archive has no row" in str(problem)


def test_every_table_that_is_only_compared_is_known_by_its_header():
    known = [frozenset(t.columns) for t in (*tables.TABLES, discrepancies.TABLE)]
    assert len(set(known)) == len(known)


# --- what is not well made --------------------------------------------------------------------------------------------


def repacked(raw, change, *, drop=()):
    """Return a workbook with the text of its members changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as packed, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in packed.namelist():
            if name not in drop:
                target.writestr(name, change(name, packed.read(name).decode()))
    return out.getvalue()


def in_sheet(old, new):
    return lambda name, text: text.replace(old, new, 1) if "worksheets/sheet1" in name else text


def in_b2(attributes, content):
    """Put another cell in the place of B2."""
    cell = f'<c r="B2" {attributes}>{content}</c>'
    return lambda name, text: re.sub('<c r="B2".*?</c>', cell, text) if "worksheets/sheet1" in name else text


def plain():
    return as_workbook([{"key": "r060", "title": "x", "title_supplied": "false"}])


BROKEN = [
    (lambda raw: b"", "is not an Excel workbook"),
    (lambda raw: b"PK\x03\x04", "is not an Excel workbook"),
    (lambda raw: raw[: len(raw) // 2], "is not an Excel workbook"),
    (lambda raw: repacked(raw, lambda name, text: text, drop=["xl/workbook.xml"]), "is not an Excel workbook"),
    (lambda raw: repacked(raw, lambda name, text: text, drop=["xl/worksheets/sheet1.xml"]), "is not an Excel workbook"),
    (lambda raw: repacked(raw, in_sheet("</sheetData>", "</sheet>")), "is not an Excel workbook"),
    (lambda raw: repacked(raw, in_sheet('r="B2"', 'r="ZZZZ2"')), "“ZZZZ2” is no cell"),
    (lambda raw: repacked(raw, in_sheet('r="B2"', 'r="XFD2"')), "line 2: there are 16384 cells under 3 columns"),
    (lambda raw: repacked(raw, in_sheet('r="2"', 'r="two"')), "is not an Excel workbook"),
    (lambda raw: repacked(raw, in_b2('t="s"', "<v>44</v>")), "B2: “44” is not of its type"),
    (lambda raw: repacked(raw, in_b2('t="str"', "<f>A1</f><v>r060</v>")), "B2: is a formula: put its value there"),
    (lambda raw: repacked(raw, in_b2('t="e"', "<v>#REF!</v>")), "B2: is the error #REF!"),
    (lambda raw: repacked(raw, in_b2("", "<v>x</v>")), "B2: “x” is not of its type"),
    (
        lambda raw: repacked(raw, in_sheet("<worksheet", '<!DOCTYPE a [<!ENTITY b "c">]><worksheet')),
        "declares a document type",
    ),
]


@pytest.mark.parametrize(("broken", "message"), BROKEN)
def test_a_workbook_that_is_not_well_made_is_refused(broken, message):
    assert done(run(("a.xlsx", plain()))).updated == ["r060"]
    (problem,) = run(("a.xlsx", broken(plain()))).problems
    assert message in str(problem)


def test_a_workbook_that_unpacks_to_too_much_is_not_unpacked(monkeypatch):
    bomb = repacked(plain(), in_sheet("<sheetData>", f"<sheetData>{' ' * 60_000_000}"))
    assert len(bomb) < 100_000
    file = in_memory("a.xlsx", bomb, limits.MOST_UNPACKED)
    with pytest.raises(ValueError, match="holds more than 50 MB"):
        header(file)
    monkeypatch.setattr("cases.importing.workbook_rows.MOST_WORKBOOK", 1_000_000)
    assert "holds more than 1 MB" in str(run(("a.xlsx", bomb)).problems[0])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for n in range(limits.MOST_MEMBERS + 1):
            packed.writestr(f"{n}.xml", "")
    assert "holds more than 100 files" in str(run(("a.xlsx", out.getvalue())).problems[0])


@settings(max_examples=60, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=4))
def test_no_workbook_is_run_into(at, put):
    """Whatever bytes stand in it, and in its packed parts, it is read or refused."""

    def spoilt(name, text):
        place = at % (len(text) + 1)
        return text[:place] + put.decode("latin-1") + text[place + len(put) :]

    raw = plain()
    place = at % len(raw)
    for broken in (raw[:place] + put + raw[place + len(put) :], repacked(raw, spoilt)):
        file = in_memory("a.xlsx", broken, limits.MOST_UNPACKED)
        with contextlib.suppress(ValueError):
            list(rows(file, header(file)))


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "the header names no table"),
        (b"[1]\n", "line 1: is not an object"),
        (b'{"key": "r060", "title": "x"}\n{"key": \n', "line 2: is not JSON: line 1, column"),
        (b'{"key": "r060", "title": "x"}\n\n{"key": "r061"}\n', "line 3: has other members than the first line: title"),
        (b'{"key": "r060", "title": {"a": 1}}\n', "line 1: a table holds no object"),
        (b'{"key": "r060", "title": [1]}\n', "line 1: a table holds no list"),
        (b'{"key": "r060", "key": "x"}\n', "line 1: is not JSON: the member key stands twice"),
        (b'{"key": "r060", "title": NaN}\n', "line 1: is not JSON: NaN is no number"),
        (b'{"key": "r060", "title": ' + b"9" * 5000 + b"}\n", "line 1: is not JSON: "),
        (b'{"key": ' + b"[" * 100_000, "line 1: is not JSON: "),
        (b'{"key": "a\\u0000b", "title": "x"}\n', "line 1, column key: holds a NUL character"),
        (b'{"key": "a\\ud800b", "title": "x"}\n', "line 1, column key: holds half a character"),
        (b'{"key": "r060", "tittle": "x"}\n', "line 1, column tittle: is not a column of announcements"),
        (
            b'{"announcement_key": "r060", "ref": "f1", "value": 1e99999}\n',
            "line 1, column value: “1E+99999” is not a number",
        ),
    ],
)
def test_lines_that_are_no_rows_are_refused(raw, message):
    (problem,) = run(("a.jsonl", raw)).problems
    assert message in str(problem)
    assert Announcement.objects.get(key="r060").title != "x"


def test_refusals_are_in_the_language_of_the_desk():
    found = edited("figures", "r060", "f1", places="999999", value="twelve")
    with translation.override("zh-hans"):
        told = [str(problem) for problem in run(("数据.xlsx", as_workbook(found))).problems]
    line = next(n for n, row in enumerate(found, 2) if row["places"] == "999999")
    assert told == [f"数据.xlsx：第 {line} 行，value 列：“twelve”不是数字（应如 22000 或 0.5）"]
    with translation.override("zh-hans"):
        report = run(("a.json", b'{"key": 1}'))
    assert report.problems
    assert all(re.search("[一-鿿]", problem.message) for problem in report.problems)


def test_the_columns_of_a_workbook_of_places_are_those_of_the_page():
    """The tests above look at what they mean to look at."""
    assert CasePlace.objects.filter(case__announcement__key="s000", case__number=1).count() == len(places_of()) > 0
    assert set(places_of()[0]) == set(csv.DictReader(io.StringIO(exported("case-places").decode())).fieldnames)
