"""Import and export: the same file comes out, nothing is written twice, all or nothing, and who is wrong is named."""

import copy
import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cases import records
from cases.importing import writer
from cases.importing.importer import Report
from cases.importing.imports import import_records
from cases.models import (
    Announcement,
    Campaign,
    Figure,
    PublishedVersion,
    Publisher,
    Release,
    ReleaseReport,
    Tombstone,
)
from cases.partial_dates import parse
from tests.database import FIXTURES

pytestmark = pytest.mark.django_db
Record = dict[str, Any]

COLLECTION = sorted((FIXTURES / "collection").glob("*.json"))


# --- small records ------------------------------------------------------------------------------------------------

REPORT = "r003"  # of the collection, a report of another record's release
MEMBERS = [
    *("key", "kind", "title", "title_zh", "publisher", "url", "archived_url", "published", "language", "translation"),
    *("abstract", "campaigns", "reports_on", "also_reports_on", "role", "release", "figures", "cases", "places"),
    "crime_types",
]
FIGURE_MEMBERS = [
    *("ref", "measure", "qualifier", "value", "high", "unit", "step", "campaign", "crime_type", "crime_types", "place"),
    *("places", "period", "as_of", "cumulative", "case", "part_of", "of_measure", "base_period", "converted_from"),
    *("phrase", "note", "preferred"),
]


def in_order(members: Record, names: list[str] = MEMBERS) -> Record:
    """Return members in the order of the format; those that it does not know come last."""
    return {name: members[name] for name in [*names, *members] if name in members}


def figure(**members: Any) -> Record:
    smallest = {
        "ref": "f1",
        "measure": "suspects_arrested",
        "qualifier": "exact",
        "value": 12,
        "unit": "persons",
        "campaign": None,
        "crime_type": None,
        "place": None,
        "period": None,
        "case": None,
        "phrase": "12 were arrested",
        "note": None,
    }
    return in_order(smallest | members, FIGURE_MEMBERS)


def case(**members: Any) -> Record:
    return {
        "number": 1,
        "heading": "A gang in Hefei",
        "code_name": None,
        "summary": "Told in the archive's own words.",
        "crime_types": [],
        "places": [],
        "period": None,
    } | members


def campaign(**members: Any) -> Record:
    return {
        "name": "Net Net 2018",
        "name_zh": "净网2018",
        "year": 2018,
        "aliases": [],
        "parent": None,
        "start": None,
        "end": None,
    } | members


def record(key: str = "x001", **members: Any) -> Record:
    smallest = {
        "key": key,
        "kind": "report",
        "title": f"What {key} reports",
        "title_zh": None,
        "publisher": {"name": "Test Daily", "kind": "news", "country": "CN"},
        "url": "https://example.org/a/page",
        "published": "2018-09-07",
        "language": "en",
        "translation": "none",
        "abstract": "In the archive's own words.",
        "campaigns": [],
        "reports_on": None,
        "figures": [],
        "cases": [],
        "places": [],
        "crime_types": [],
    }
    return in_order(smallest | members)


def full(key: str = "x001") -> Record:
    """Return a record with something in every list."""
    return record(
        key,
        campaigns=[campaign()],
        figures=[
            figure(campaign="Net Net 2018", case=1, crime_type="fraud", place="340100"),
            figure(ref="f2", value=3, phrase="including 3 insiders", part_of="f1"),
        ],
        cases=[case(crime_types=["fraud"], places=[{"code": "340100", "role": "arrest"}])],
        places=["000000", "340100"],
        crime_types=["fraud"],
    )


@pytest.fixture
def run(tmp_path):
    """Import records (or raw bytes, by file name) from a folder of their own."""

    def run(*contents: Record, files: dict[str, bytes] | None = None, **options: Any) -> Report:
        folder = tmp_path / f"import-{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        for content in contents:
            (folder / f"{content['key']}.json").write_text(writer.dumps(content), encoding="utf-8")
        for name, raw in (files or {}).items():
            (folder / name).write_bytes(raw)
        return import_records([folder], **options)

    return run


def imported(report: Report) -> Report:
    """Insist that an import was not refused."""
    assert [str(problem) for problem in report.problems] == []
    return report


def stored(key: str) -> Announcement:
    return Announcement.objects.get(key=key)


def ids_of(key: str) -> list[int]:
    """Return the ids of an announcement, its cases and its figures, in their order."""
    a = stored(key)
    return [a.pk, *a.cases.values_list("pk", flat=True), *a.figures.values_list("pk", flat=True)]


def exported(key: str) -> Record:
    return writer.to_record(writer.prefetched(Announcement.objects.filter(key=key)).get())


def rows_written() -> dict[str, int]:
    """Return how many rows each table has. Every change of a tracked row is an event, and so a row."""
    tables = [name for name in connection.introspection.table_names() if name.startswith(("cases_", "pghistory_"))]
    with connection.cursor() as cursor:
        cursor.execute(" union all ".join(f"select '{name}', count(*) from {name}" for name in tables))
        return dict(cursor.fetchall())


# --- the collection ---------------------------------------------------------------------------------------------


class TestCollection:
    def test_comes_out_byte_for_byte(self, tmp_path):
        call_command("export_records", tmp_path, verbosity=0)
        written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
        assert sorted(written) == [path.name for path in COLLECTION]
        different = [path.name for path in COLLECTION if written[path.name] != path.read_bytes()]
        assert different == []

    def test_is_left_alone_the_second_time(self):
        before = rows_written()
        report = imported(import_records([FIXTURES / "collection"]))
        assert (report.created, report.updated, len(report.unchanged)) == ([], [], 142)
        assert rows_written() == before

    def test_comes_back_as_it_was(self, tmp_path, commit):
        """What was lost is brought back by the files, ties to what stayed included."""
        lost = ["s000", "r030", "r031", "r096", "s004"]
        with connection.cursor() as cursor:
            cursor.execute("alter table cases_publishedversion disable trigger user")
        PublishedVersion.objects.filter(announcement__key__in=lost).delete()
        Announcement.objects.filter(key__in=lost).delete()
        report = imported(import_records([FIXTURES / "collection"]))
        assert sorted(report.created) == sorted(lost)
        commit()
        call_command("export_records", tmp_path, verbosity=0)
        different = [path.name for path in COLLECTION if (tmp_path / path.name).read_bytes() != path.read_bytes()]
        assert different == []

    def test_without_its_refs_finds_its_figures_again(self, tmp_path):
        """Figures are what they say: a file that leaves refs out is no reason to make them anew."""
        ids = dict(Figure.objects.values_list("id", "ref"))
        for path in COLLECTION[:60]:
            content = json.loads(path.read_text(encoding="utf-8"))
            named = {f.get(member) for f in content["figures"] for member in ("part_of", "converted_from")}
            for f in content["figures"]:
                if f["ref"] not in named:
                    del f["ref"]
            (tmp_path / path.name).write_text(json.dumps(content), encoding="utf-8")
        before = rows_written()
        report = imported(import_records([tmp_path]))
        assert (report.created, report.updated, len(report.unchanged)) == ([], [], 60)
        assert rows_written() == before
        assert dict(Figure.objects.values_list("id", "ref")) == ids


# --- what an import does -------------------------------------------------------------------------------------------


class TestImport:
    def test_creates_and_publishes(self, run, commit):
        assert imported(run(full("x001"), full("x002"))).created == ["x001", "x002"]
        commit()
        a = stored("x001")
        assert (a.status, a.version, a.publisher.name) == ("published", 1, "Test Daily")
        assert Announcement.objects.published().filter(key="x002").exists()
        assert records.announcement_record(a.pk)["figures"][0]["phrase"] == "12 were arrested"

    def test_leaves_what_is_the_same(self, run):
        imported(run(full()))
        before = rows_written()
        report = imported(run(full()))
        assert (report.created, report.updated, report.unchanged) == ([], [], ["x001"])
        assert rows_written() == before

    def test_does_not_mind_how_a_file_is_laid_out(self, run):
        imported(run(full()))
        raw = b"\xef\xbb\xbf" + json.dumps(full(), sort_keys=True).encode().replace(b": 12,", b": 12.0,")
        assert imported(run(files={"any name.json": raw})).unchanged == ["x001"]

    def test_updates_in_place(self, run, commit):
        imported(run(full()))
        commit()
        ids = ids_of("x001")
        changed = full()
        changed |= {"title": "Another title", "abstract": "Other words.", "published": "2018-09", "url": None}
        changed["cases"][0] |= {"heading": "Another heading", "period": "2018-05/2018-06"}
        changed["figures"][0] |= {"value": 13, "phrase": "13 were arrested", "qualifier": "more_than"}
        report = imported(run(changed))
        commit()
        assert (report.created, report.updated) == ([], ["x001"])
        a = stored("x001")
        assert ids == ids_of("x001")
        assert exported("x001") == changed
        assert a.version == 2
        assert str(a.figures.get(ref="f1").bounds) == "[13, 14)"
        assert Tombstone.objects.filter(record_id__in=ids).count() == 0

    def test_swaps_what_is_told_under_a_number_or_a_ref(self, run):
        """Numbers and refs are the keys, not what is told under them."""
        first = record(cases=[case(), case(number=2, heading="Another")], figures=[figure(), figure(ref="f2", value=5)])
        imported(run(first))
        ids = ids_of("x001")
        second = copy.deepcopy(first)
        for one, other in (second["cases"], second["figures"]):
            for name in ("heading", "value"):
                if name in one:
                    one[name], other[name] = other[name], one[name]
        imported(run(second))
        assert exported("x001") == second
        assert ids == ids_of("x001")

    def test_what_is_gone_leaves_a_tombstone(self, run):
        imported(run(full()))
        a = stored("x001")
        gone = [("figure", a.figures.get(ref="f2").pk), ("case", a.cases.get().pk)]
        without = full() | {"cases": [], "figures": [full()["figures"][0] | {"case": None}]}
        imported(run(without))
        assert exported("x001") == without
        assert set(gone) <= set(Tombstone.objects.values_list("kind", "record_id"))

    def test_a_figure_outlives_its_case(self, run, commit):
        imported(run(full()))
        kept = stored("x001").figures.get(ref="f1")
        without = full() | {"cases": []}
        without["figures"][0]["case"] = None
        imported(run(without))
        commit()
        assert Figure.objects.get(pk=kept.pk).case is None
        assert not Tombstone.objects.filter(kind="figure", record_id=kept.pk).exists()
        assert exported("x001") == without

    def test_a_figure_moves_to_a_new_case(self, run):
        imported(run(full()))
        kept = stored("x001").figures.get(ref="f1")
        moved = full()
        moved["cases"][0]["number"] = moved["figures"][0]["case"] = 2
        imported(run(moved))
        assert Figure.objects.get(pk=kept.pk).case.number == 2
        assert not Tombstone.objects.filter(kind="figure", record_id=kept.pk).exists()

    def test_order_is_kept_and_can_change(self, run):
        def ordered(n: int) -> Record:
            def turned(items: list[Any]) -> list[Any]:
                return items[n:] + items[:n]

            return record(
                campaigns=turned(
                    [
                        campaign(),
                        campaign(name="Net Net 2019", year=2019, name_zh=None),
                        campaign(name="Net Net 2021", year=2021),
                    ]
                ),
                figures=turned(
                    [
                        figure(crime_types=turned(["fraud", "gambling", "hacking"])),
                        figure(ref="f2", places=turned(["340000", "110000", "000000"])),
                        figure(ref="f10"),
                    ]
                ),
                cases=[
                    case(
                        crime_types=turned(["hacking", "fraud", "gambling"]),
                        places=turned(
                            [
                                {"code": "340100", "role": "scene"},
                                {"code": "110000", "role": "arrest"},
                                {"code": "340100", "role": "arrest"},
                            ]
                        ),
                    ),
                    case(number=3),
                ],
                places=turned(["340100", "000000", "110000"]),
                crime_types=turned(["hacking", "gambling", "fraud"]),
            )

        for n in (0, 1, 2, 0):
            imported(run(ordered(n)))
            assert writer.dumps(exported("x001")) == writer.dumps(ordered(n))

    @pytest.mark.parametrize(
        ("value", "written"),
        [(0, 0), (12, 12), (12.0, 12), (0.5, 0.5), (33.3, 33.3), (0.000001, 0.000001), (10**15, 10**15), (1e3, 1000)],
    )
    def test_numbers_stay_what_they_are(self, run, value, written):
        imported(run(record(figures=[figure(value=value, phrase="some")])))
        found = exported("x001")["figures"][0]["value"]
        assert (found, type(found)) == (written, type(written))

    def test_figures_without_refs_get_them(self, run):
        bare = [figure(value=n, phrase=f"{n} were arrested") for n in (1, 2, 3)]
        for members in bare:
            del members["ref"]
        imported(run(record(figures=[*bare[:2], figure(ref="f7")])))
        assert [f["ref"] for f in exported("x001")["figures"]] == ["f8", "f9", "f7"]
        imported(run(record("x002", figures=bare)))
        assert [f["ref"] for f in exported("x002")["figures"]] == ["f1", "f2", "f3"]

    def test_figures_without_refs_keep_those_they_got(self, run):
        bare = [figure(value=n, phrase=f"{n} were arrested") for n in (1, 2, 2, 3)]
        for members in bare:
            del members["ref"]
        imported(run(record(figures=bare)))
        ids = list(stored("x001").figures.values_list("ref", "pk"))
        assert imported(run(record(figures=bare))).unchanged == ["x001"]
        # One changes what is said of it, one is new, and the order is another.
        imported(
            run(record(figures=[bare[3], bare[0] | {"note": "Now with a note."}, figure_without_ref(4), *bare[1:3]]))
        )
        refs = [(f["ref"], f["value"]) for f in exported("x001")["figures"]]
        assert refs == [("f4", 3), ("f1", 1), ("f5", 4), ("f2", 2), ("f3", 2)]
        assert dict(ids).items() <= dict(stored("x001").figures.values_list("ref", "pk")).items()

    def test_a_ref_is_not_given_again(self, run):
        imported(run(record(figures=[figure(), figure(ref="f2", value=2)])))
        imported(run(record(figures=[figure()])))
        imported(run(record(figures=[figure(), figure_without_ref(9)])))
        assert [f["ref"] for f in exported("x001")["figures"]] == ["f1", "f3"]

    def test_who_and_why_are_on_record(self, run, django_user_model):
        user = django_user_model.objects.create(username="importer")
        imported(run(full(), by=user, reason="Corrected from the print edition"))
        context = stored("x001").events.latest("pgh_id").pgh_context
        assert context.metadata == {"reason": "Corrected from the print edition", "user": user.pk}
        version = PublishedVersion.objects.get(announcement__key="x001")
        assert (version.published_by, version.reason) == (user, "Corrected from the print edition")

    def test_a_publisher_is_found_by_name_and_corrected(self, run):
        imported(run(record()))
        publisher = Publisher.objects.get(name="Test Daily")
        imported(run(record("x002", publisher={"name": "Test Daily", "kind": "trade_press", "country": "HK"})))
        assert Publisher.objects.get(name="Test Daily").pk == publisher.pk
        assert exported("x001")["publisher"]["kind"] == "trade_press"

    def test_publishers_that_look_alike_in_an_address_are_two(self, run):
        imported(run(record(), record("x002", publisher={"name": "Test-Daily", "kind": "news", "country": "CN"})))
        imported(run(record("x003", publisher={"name": "测试日报", "kind": "news", "country": "CN"})))
        assert stored("x001").publisher != stored("x002").publisher
        assert stored("x003").publisher.slug == "publisher"

    def test_a_new_campaign_is_entered_never_guessed(self, run):
        new = [campaign(name="Sweep 2030", name_zh=None, year=2030), campaign(name="扫网", year=2030)]
        imported(run(record(campaigns=new), record("x002", campaigns=[campaign(name="Sweep 2030", year=2031)])))
        assert Campaign.objects.filter(name_en="Sweep 2030").count() == 2
        assert exported("x001")["campaigns"] == new
        assert exported("x002")["campaigns"][0]["year"] == 2031


def figure_without_ref(value: int) -> Record:
    members = figure(value=value, phrase=f"{value} were arrested")
    del members["ref"]
    return members


class TestDryRun:
    def test_says_what_it_would_do_and_does_nothing(self, run):
        imported(run(full("x001"), full("x002")))
        before = rows_written()
        report = imported(run(full("x001"), full("x002") | {"title": "Other"}, full("x003"), dry_run=True))
        assert (report.created, report.updated, report.unchanged) == (["x003"], ["x002"], ["x001"])
        assert rows_written() == before

    def test_the_command_says_so(self, tmp_path, capsys):
        (tmp_path / "x001.json").write_text(writer.dumps(full()), encoding="utf-8")
        call_command("import_records", tmp_path, "--dry-run")
        assert capsys.readouterr().out == (
            "created x001\n  title: — → What x001 reports\n  cases: — → 1\n  figures: — → 2\n"
            "would be: 1 created, 0 updated, 0 unchanged\n"
        )
        call_command("import_records", tmp_path)
        call_command("import_records", tmp_path)
        assert capsys.readouterr().out == ("1 created, 0 updated, 0 unchanged\n0 created, 0 updated, 1 unchanged\n")

    def test_says_what_differs(self, run):
        imported(run(full()))
        changed = full()
        changed["figures"][0]["value"] = 13
        changed["figures"][0]["phrase"] = "13 were arrested"
        del changed["figures"][1]
        changed["cases"][0]["places"] = []
        report = imported(run(changed, dry_run=True))
        assert [str(difference) for difference in report.differences["x001"]] == [
            "cases[1].places: code 340100, role arrest → —",
            "figures[f1].value: 12 → 13",
            "figures[f1].phrase: 12 were arrested → 13 were arrested",
            "figures[f2]: including 3 insiders → —",
        ]

    def test_what_is_unknown_is_refused_if_it_is_not_to_be_created(self, run):
        imported(run(full()))
        before = rows_written()
        report = run(full(), full("x002"), create=False)
        assert [problem.where for problem in report.problems] == ["key"]
        other = record("x001", publisher={"name": "New Daily", "kind": "news", "country": "CN"})
        assert "New Daily is not in the archive" in str(run(other, create=False).problems[0])
        other = record("x001", campaigns=[campaign(name="Net Net 1984")])
        assert "Net Net 1984 (2018) is not in the archive" in str(run(other, create=False).problems[0])
        assert rows_written() == before

    def test_takes_what_other_programs_write(self, run):
        raw = writer.dumps(full()).replace("A gang", "一个团伙")
        imported(run(files={"x001.json": raw.encode()}))
        for encoding in ("utf-8-sig", "gb18030"):
            report = imported(run(files={"x001.json": raw.replace("\n", "\r\n").encode(encoding)}))
            assert report.unchanged == ["x001"]
            assert ["GB18030" in notice for notice in report.notices] == [True] * (encoding == "gb18030")

    def test_finds_what_only_the_end_of_a_transaction_would(self, run):
        first = record(cases=[case(same_as="x002/1")])
        second = record("x002", cases=[case(same_as="x003/1")])
        report = run(first, second, record("x003", cases=[case()]), dry_run=True)
        assert "x001.json: line 28, column 18: cases[1].same_as: leads to a case that leads on" in str(
            report.problems[0]
        )


# --- all or nothing ------------------------------------------------------------------------------------------------


def with_figure(**members: Any) -> Record:
    return full() | {"figures": [figure(**members)]}


def with_case(**members: Any) -> Record:
    return full() | {"figures": [], "cases": [case(**members)]}


def with_campaign(**members: Any) -> Record:
    return full() | {"figures": [], "campaigns": [campaign(**members)]}


def without(name: str, part: str = "") -> Record:
    content = full()
    del (content[part][0] if part else content)[name]
    return content


# What is wrong → the record, the member that is named, and some words of the message.
REFUSED: dict[str, tuple[Record | bytes, str, str]] = {
    # Not JSON, or not the format
    "not JSON": (b'{"key": "x001",\n  "kind": }', "", "is not JSON: line 2, column 11"),
    "cut off": (writer.dumps(full())[:-40].encode(), "", "is not JSON: line"),
    "empty": (b"", "", "is not JSON: line 1, column 1"),
    "neither UTF-8 nor GB18030": ("{}".encode("utf-16"), "", "line 1, column 1: is neither"),
    "NaN": (writer.dumps(with_figure(value=float("nan"))).encode(), "", "NaN is no number"),
    "Infinity": (writer.dumps(with_figure(value=float("inf"))).encode(), "", "Infinity is no number"),
    "a number beyond all numbers": (
        writer.dumps(with_figure()).replace('"value": 12', '"value": 1e999').encode(),
        "figures[1].value",
        "too large a number",
    ),
    "a number of 5,000 digits": (
        writer.dumps(with_figure()).replace('"value": 12', '"value": ' + "9" * 5000).encode(),
        "",
        "is not JSON",
    ),
    "nested without end": (b"[" * 100_000, "", "is not JSON"),
    "a member twice": (b'{"key": "x001", "key": "x002"}', "", "the member key stands twice"),
    "a list": (b"[]", "", "is not an object"),
    "no key": (without("key"), "key", "is missing"),
    "no figures": (without("figures"), "figures", "is missing"),
    "no value": (without("value", "figures"), "figures[1].value", "is missing"),
    "no number of a case": (without("number", "cases"), "cases[1].number", "is missing"),
    "unknown member": (full() | {"tittle": "x"}, "tittle", "is not a member of the format"),
    "unknown member of a figure": (with_figure(amount=3), "figures[1].amount", "is not a member of the format"),
    "unknown member of a publisher": (
        full() | {"publisher": {"name": "x", "kind": "news", "country": "CN", "city": "x"}},
        "publisher.city",
        "is not a member",
    ),
    "text for a number": (with_figure(value="12"), "figures[1].value", "is str, not int or float"),
    "flag for a number": (with_figure(value=True), "figures[1].value", "is bool, not int or float"),
    "number for a text": (full() | {"title": 2018}, "title", "is int, not str"),
    "null for a text": (full() | {"title": None}, "title", "is NoneType, not str"),
    "object for a list": (full() | {"places": {}}, "places", "is dict, not list"),
    "number among codes": (full() | {"places": [340100]}, "places[1]", "is not a string"),
    "figure that is no object": (full() | {"figures": ["12 arrested"]}, "figures[1]", "is not an object"),
    "half a year": (with_campaign(year=2018.5), "campaigns[1].year", "is float, not int or null"),
    "NUL": (full() | {"title": "Net\x00 2018"}, "title", "NUL character"),
    "NUL in a list": (with_campaign(aliases=["Net\x00"]), "campaigns[1].aliases[1]", "NUL character"),
    "half a character": (json.dumps(full() | {"title": "\ud83d"}).encode(), "title", "half a character"),
    "empty text for null": (full() | {"title_zh": ""}, "title_zh", "is empty: write null"),
    "empty option": (full() | {"archived_url": ""}, "archived_url", "is empty: leave it out"),
    "empty list of releases": (full() | {"also_reports_on": []}, "also_reports_on", "is empty: leave it out"),
    "a place twice": (full() | {"places": ["340100", "340100"]}, "places", "names 340100 twice"),
    "one of several": (with_figure(places=["340100"]), "figures[1].places", "takes two or more"),
    "one beside several": (
        with_figure(place="340100", places=["110000", "340000"]),
        "figures[1].place",
        "must be null beside places",
    ),
    # Unknown to the vocabularies
    "unknown place": (full() | {"places": ["999999"]}, "places", "999999 is not in the gazetteer"),
    "unknown place of a figure": (with_figure(place="340199"), "figures[1].place", "340199 is not in the gazetteer"),
    "unknown place of a case": (
        with_case(places=[{"code": "x", "role": "arrest"}]),
        "cases[1].places",
        "x is not in the gazetteer",
    ),
    "unknown crime type": (full() | {"crime_types": ["theft_of_time"]}, "crime_types", "not a crime type"),
    "unknown crime type of a figure": (with_figure(crime_type="x"), "figures[1].crime_type", "not a crime type"),
    "unknown measure": (with_figure(measure="arrests"), "figures[1].measure", "arrests is not a measure"),
    "unknown unit": (with_figure(unit="heads"), "figures[1].unit", "is counted in persons, not heads"),
    "unit of another measure": (with_figure(unit="CNY"), "figures[1].unit", "is counted in persons, not CNY"),
    "unknown campaign": (with_figure(campaign="Net 1984"), "figures[1].campaign", "not among the record's campaigns"),
    "unknown parent": (with_campaign(parent="Net 1984"), "campaigns[1].parent", "not a campaign of the archive"),
    "unknown of_measure": (
        with_figure(measure="change_percent", unit="percent", of_measure="x"),
        "figures[1].of_measure",
        "x is not a measure",
    ),
    "unknown kind": (full() | {"kind": "blog"}, "kind", "blog"),
    "unknown language": (full() | {"language": "fr"}, "language", "fr"),
    "unknown translation": (full() | {"translation": "AI"}, "translation", "AI"),
    "unknown qualifier": (with_figure(qualifier="over"), "figures[1].qualifier", "over"),
    "unknown role of a place": (
        with_case(places=[{"code": "340100", "role": "birth"}]),
        "cases[1].places.role",
        "birth",
    ),
    "unknown role in a release": (full() | {"role": "author"}, "role", "author"),
    "unknown kind of publisher": (
        full() | {"publisher": {"name": "New Daily", "kind": "blog", "country": "CN"}},
        "publisher.kind",
        "blog",
    ),
    "country in words": (
        full() | {"publisher": {"name": "New Daily", "kind": "news", "country": "China"}},
        "publisher.country",
        "at most 2",
    ),
    # Not in the record
    "two cases of one number": (full() | {"cases": [case(), case()]}, "cases", "two cases have the same number"),
    "cases out of order": (full() | {"cases": [case(number=2), case()]}, "cases", "not in the order of their numbers"),
    "two figures of one ref": (full() | {"figures": [figure(), figure()]}, "figures", "two figures have the same ref"),
    "no such case": (with_figure(case=7), "figures[1].case", "the record has no case 7"),
    "part of nothing": (with_figure(part_of="f9"), "figures[1].part_of", "no other figure f9"),
    "part of itself": (with_figure(part_of="f1"), "figures[1].part_of", "no other figure f1"),
    "part of its own part": (
        full() | {"figures": [figure(part_of="f2"), figure(ref="f2", part_of="f1")]},
        "figures[1].part_of",
        "circle",
    ),
    "converted from nothing": (with_figure(converted_from="f9"), "figures[1].converted_from", "no other figure f9"),
    "a campaign twice": (full() | {"campaigns": [campaign(), campaign()]}, "campaigns", "named twice"),
    "a place twice in a role": (
        with_case(places=[{"code": "340100", "role": "arrest"}] * 2),
        "cases[1].places",
        "named twice in the same role",
    ),
    # Not in the archive
    "reports on nothing": (full() | {"reports_on": "x999"}, "reports_on", "there is no record x999"),
    "reports on itself": (full() | {"reports_on": "x001"}, "reports_on", "the record itself"),
    "reports also on nothing": (full() | {"also_reports_on": ["x999"]}, "also_reports_on", "no record x999"),
    "reports on it twice": (
        full() | {"reports_on": "r030", "also_reports_on": ["r030"]},
        "also_reports_on",
        "reports on already",
    ),
    "reports on a report": (full() | {"reports_on": REPORT}, "reports_on", "lead to that record"),
    "describes another's release": (
        full() | {"reports_on": "r030", "release": {"name": "x", "authority": None, "disclosed": None}},
        "release",
        "described by the record that stands for it",
    ),
    "a release of nothing": (
        full() | {"release": {"name": "", "authority": None, "disclosed": None}},
        "release",
        "says nothing",
    ),
    "the default role": (full() | {"role": "report"}, "role", "leave it out"),
    "same as nothing": (with_case(same_as="s000/99"), "cases[1].same_as", "there is no case s000/99"),
    "same as no number": (with_case(same_as="s000"), "cases[1].same_as", "there is no case s000"),
    "same as itself": (with_case(same_as="x001/1"), "cases[1].same_as", "of the same record"),
    "same as its neighbour": (
        full() | {"figures": [], "cases": [case(), case(number=2, same_as="x001/1")]},
        "cases[2].same_as",
        "same record",
    ),
    # Dates and numbers
    "no date": (full() | {"published": "7 September 2018"}, "published", "7 September 2018"),
    "no such day": (full() | {"published": "2018-02-30"}, "published", "2018-02-30"),
    "no such month": (with_figure(period="2018-13"), "figures[1].period", "2018-13"),
    "reversed period": (with_case(period="2018-08/2018-02"), "cases[1].period", "2018-08/2018-02"),
    "no date of a campaign": (with_campaign(start="spring"), "campaigns[1].start", "spring"),
    "a campaign that is over before it starts": (
        with_campaign(start="2018-08", end="2018-07"),
        "campaigns[1].end",
        "2018-07 is over before 2018-08",
    ),
    "no date of a release": (
        full() | {"release": {"name": "x", "authority": None, "disclosed": "soon"}},
        "release.disclosed",
        "soon",
    ),
    "no base period": (
        with_figure(measure="change_percent", unit="percent", base_period="before"),
        "figures[1].base_period",
        "before",
    ),
    "negative count": (with_figure(value=-12), "figures[1].value", "cannot be negative"),
    "value without unit": (with_figure(unit=None), "figures[1].unit", "is NoneType, not str"),
    "value with an empty unit": (with_figure(unit=""), "figures[1].unit", "is counted in persons"),
    "reversed period of a figure": (with_figure(period="2018-08/2018-02"), "figures[1].period", "2018-08/2018-02"),
    "a number too long": (with_figure(value=10**40), "figures[1].value", "digits"),
    "a number too fine": (with_figure(value=0.1234567), "figures[1].value", "decimal places"),
    "case zero": (with_case(number=0), "cases[1]", "case_number_from_one"),
    "case of a negative number": (with_case(number=-1), "cases[1].number", "greater than or equal to 0"),
    "case of a number beyond numbers": (with_case(number=10**12), "cases[1].number", "less than or equal"),
    "a campaign in the year 20180": (with_campaign(name="New", year=20180), "campaigns", "campaign_year_plausible"),
    "a range without an end": (with_figure(qualifier="range"), "figures[1].high", "upper end"),
    "a range that falls": (with_figure(qualifier="range", high=3), "figures[1].high", "below"),
    "an upper end without a range": (with_figure(high=30), "figures[1].high", "only a range"),
    "no step": (with_figure(step=0), "figures[1].step", "not above zero"),
    "several without words": (with_figure(qualifier="several"), "figures[1].phrase", "several"),
    "less than nothing": (with_figure(qualifier="less_than", value=0), "figures[1].value", "nothing is less than 0"),
    "persons converted from persons": (
        full() | {"figures": [figure(), figure(ref="f2", converted_from="f1")]},
        "figures[2]",
        "figure_converted_is_money",
    ),
    "a count compared with a year": (with_figure(base_period="2017"), "figures", "figure_of_measure_is_percentage"),
    # Texts and addresses
    "no title": (full() | {"title": ""}, "title", "blank"),
    "a title of brackets": (full() | {"title": "[]"}, "title", "blank"),
    "a title of spaces": (full() | {"title": "  "}, "", "announcement_has_title"),
    "no heading": (with_case(heading=" "), "cases[1]", "case_has_heading"),
    "no phrase": (with_figure(phrase=""), "figures[1].phrase", "blank"),
    "a phrase of spaces": (with_figure(phrase=" "), "figures", "figure_has_phrase"),
    "preferred without a reason": (with_figure(preferred=" "), "figures", "figure_preferred_with_reason"),
    "a key with a space": (full("x 1"), "", "announcement_key_is_plain"),
    "a key too long": (full("x" * 61), "key", "at most 60"),
    "a ref with a space": (with_figure(ref="f 1"), "figures", "figure_ref_is_plain"),
    "a ref too long": (with_figure(ref="f" * 21), "figures[1].ref", "at most 20"),
    "no address": (full() | {"url": "example.org"}, "url", "valid URL"),
    "an address that runs": (full() | {"url": "javascript:alert(1)"}, "url", "valid URL"),
    "an address of files": (full() | {"archived_url": "ftp://example.org/x"}, "", "announcement_archived_url_is_http"),
}


class TestAllOrNothing:
    @pytest.mark.parametrize("what", REFUSED)
    def test_one_bad_record_and_nothing_is_written(self, run, what):
        content, where, words = REFUSED[what]
        raw = content if isinstance(content, bytes) else writer.dumps(content).encode()
        before = rows_written()
        report = run(full("x000"), full("x002"), files={"bad one.json": raw})
        assert rows_written() == before
        assert report.problems, "it was accepted"
        assert {Path(problem.source).name for problem in report.problems} == {"bad one.json"}
        found = [str(problem) for problem in report.problems if problem.where == where and words in problem.message]
        assert found, [str(problem) for problem in report.problems]

    @pytest.mark.parametrize("what", ["two cases of one number", "negative count", "same as itself", "no such day"])
    def test_a_bad_update_leaves_what_was(self, run, what):
        imported(run(full()))
        before, body = rows_written(), exported("x001")
        assert run(REFUSED[what][0]).problems
        assert rows_written() == before
        assert exported("x001") == body

    def test_everything_wrong_is_named_at_once(self, run):
        bad = full() | {"places": ["999998", "999999"], "crime_types": ["x"]}
        report = run(bad, record("x002", reports_on="x002"), full("x003"))
        assert [(Path(p.source).name, p.where) for p in report.problems] == [
            ("x001.json", "places"),
            ("x001.json", "places"),
            ("x001.json", "crime_types"),
            ("x002.json", "reports_on"),
        ]

    def test_two_files_of_one_key(self, run):
        raw = writer.dumps(full()).encode()
        report = run(files={"a.json": raw, "b.json": raw})
        assert "b.json: line 2, column 10: key: x001 is also the key of" in str(report.problems[0])

    def test_two_records_that_disagree_on_a_publisher(self, run):
        other = {"name": "Test Daily", "kind": "aggregator", "country": "CN"}
        report = run(record(), record("x002", publisher=other))
        assert "x002.json: line 6, column 16: publisher: Test Daily is described otherwise in" in str(
            report.problems[0]
        )

    @pytest.mark.parametrize(("name", "words"), [("none", "does not exist"), ("", "holds no .json file")])
    def test_nothing_to_read(self, tmp_path, name, words):
        (tmp_path / "some").mkdir()
        report = import_records([tmp_path / (name or "some")])
        assert words in str(report.problems[0])

    def test_the_command_names_them_and_fails(self, tmp_path, capsys):
        (tmp_path / "x001.json").write_text(writer.dumps(full() | {"places": ["999999"]}), encoding="utf-8")
        with pytest.raises(CommandError, match="refused: 1 problems, nothing was imported"):
            call_command("import_records", tmp_path)
        assert (
            capsys.readouterr().err
            == f"{tmp_path}/x001.json: line 77, column 13: places: 999999 is not in the gazetteer\n"
        )

    def test_what_the_database_alone_finds_is_told_too(self, run, monkeypatch):
        """A check nobody foresaw ends in a message, not in a traceback, and still before anything is written."""
        monkeypatch.setattr("cases.importing.ties.check_ties", lambda record, announcement: iter(()))
        before = rows_written()
        report = run(record(cases=[case(same_as="x002/1")]), record("x002", cases=[case(same_as="x001/1")]))
        assert "case_same_as_without_chain" in str(report.problems[0])
        assert rows_written() == before


# --- published versions -------------------------------------------------------------------------------------------


def versions(key: str) -> list[tuple[int, str]]:
    return list(PublishedVersion.objects.filter(announcement__key=key).order_by("n").values_list("n", "reason"))


class TestPublishedVersions:
    def test_the_first_publication_is_the_first_version(self, run):
        imported(run(full(), reason="first"))
        version = PublishedVersion.objects.get(announcement__key="x001")
        assert (version.n, version.reason, version.published_by) == (1, "first", None)
        assert version.sha256 == sha256(version.body.encode()).hexdigest()
        body = json.loads(version.body)
        assert (body["key"], [f["ref"] for f in body["figures"]]) == ("x001", ["f1", "f2"])
        assert version.body == records.canonical_json(records.announcement_record(stored("x001").pk))

    def test_what_the_public_sees_is_counted_on(self, run):
        imported(run(full(), reason="first"))
        imported(run(full() | {"abstract": "Other words."}, reason="second"))
        imported(run(full() | {"abstract": "Other words."}, reason="nothing new"))
        imported(run(full(), reason="third"))
        assert versions("x001") == [(1, "first"), (2, "second"), (3, "third")]
        first, second, third = PublishedVersion.objects.filter(announcement__key="x001").order_by("n")
        assert first.sha256 == third.sha256 != second.sha256

    @pytest.mark.parametrize(
        "change",
        [
            {"cases": [case(summary="Told otherwise.", crime_types=["fraud"])]},
            {"places": ["340100"]},
            {"campaigns": [campaign(), campaign(name="Net Net 2019", year=2019)]},
            {"release": {"name": "Half-year results", "authority": None, "disclosed": None}, "kind": "release"},
        ],
        ids=["case", "places", "campaigns", "kind"],
    )
    def test_every_part_counts(self, run, change):
        imported(run(full()))
        imported(run(full() | change))
        assert len(versions("x001")) == 2

    def test_what_the_public_does_not_see_is_no_version(self, run):
        imported(run(full()))
        described = {"name": "Half-year results", "authority": "Ministry of Public Security", "disclosed": "2018-09-07"}
        report = imported(run(full() | {"release": described}))
        assert report.updated == ["x001"]
        assert len(versions("x001")) == 1
        assert Release.objects.get(fullest__key="x001").name == "Half-year results"

    def test_the_collection_has_one_each(self):
        assert PublishedVersion.objects.count() == 142
        wrong = [v.pk for v in PublishedVersion.objects.all() if sha256(v.body.encode()).hexdigest() != v.sha256]
        assert wrong == []


# --- releases and tellings ----------------------------------------------------------------------------------------


def release_of(key: str) -> list[int]:
    return list(ReleaseReport.objects.filter(announcement__key=key).order_by("id").values_list("release", flat=True))


class TestReleases:
    def test_reports_of_one_release_stand_together_whatever_comes_first(self, run):
        imported(run(record("x001", reports_on="x002"), record("x002", kind="release"), record("x003")))
        assert release_of("x001") == release_of("x002") != release_of("x003")
        roles = ReleaseReport.objects.filter(announcement__key__startswith="x00").order_by("announcement__key")
        assert list(roles.values_list("role", flat=True)) == ["report", "original", "report"]

    def test_one_that_joins_another_leads_there(self, run):
        imported(run(record("x001"), record("x002")))
        alone, other = release_of("x001"), release_of("x002")
        imported(run(record("x001", reports_on="x002")))
        assert release_of("x001") == other
        assert not Release.objects.filter(pk__in=alone).exists()
        stone = Tombstone.objects.get(kind="release", record_id=alone[0])
        assert (stone.moved_to, stone.reason) == (other[0], "merged: it is the same release")

    def test_one_that_parts_stands_alone(self, run):
        imported(run(record("x001", reports_on="x002"), record("x002")))
        together = release_of("x002")
        imported(run(record("x001")))
        assert release_of("x002") == together != release_of("x001")
        assert exported("x001")["reports_on"] is None
        assert Release.objects.get(pk=release_of("x001")[0]).fullest.key == "x001"

    def test_the_fullest_report_can_change(self, run):
        imported(run(record("x001"), record("x002", reports_on="x001"), record("x003", reports_on="x001")))
        now = [record("x001", reports_on="x002"), record("x002"), record("x003", reports_on="x002")]
        imported(run(*now))
        assert release_of("x001") == release_of("x002") == release_of("x003")
        assert [exported(r["key"]) for r in now] == now

    def test_nobody_is_left_behind_when_it_changes(self, run):
        imported(run(record("x001"), record("x002"), record("x003", reports_on="x001")))
        report = run(record("x001", reports_on="x002"))
        assert "x001.json: line 17, column 17: reports_on: x003 reports on this record" in str(report.problems[0])
        assert release_of("x001") == release_of("x003") != release_of("x002")

    def test_a_feature_reports_none_unless_something_says_so(self, run):
        imported(run(record("x001", kind="feature"), record("x002", kind="feature", reports_on="r030")))
        assert release_of("x001") == []
        assert release_of("x002") == release_of("r030")

    def test_a_feature_that_others_report_on_stays_in_its_release(self, run):
        feature = record("x001", kind="feature")
        imported(run(feature, record("x002", reports_on="x001")))
        assert release_of("x001") == release_of("x002") != []
        imported(run(feature | {"abstract": "Other words."}))
        assert release_of("x001") == release_of("x002") != []
        assert exported("x001") == feature | {"abstract": "Other words."}

    def test_several_releases_in_order(self, run):
        for also in (["r030", "s000"], ["s000", "r030"], ["r030"], ["s000"]):
            several = record("x001", reports_on="r096", also_reports_on=also)
            imported(run(several))
            assert writer.dumps(exported("x001")) == writer.dumps(in_order(several))
        turned = record("x001", reports_on="s000", also_reports_on=["r096"])
        imported(run(turned))
        assert exported("x001") == turned

    def test_the_role_is_kept(self, run):
        for role in ("copy", "translation", "original"):
            written = record("x001", reports_on="r030", role=role)
            imported(run(written))
            assert exported("x001") == in_order(written)


class TestTellings:
    def test_lead_to_the_fullest_whatever_comes_first(self, run):
        first, second = record("x001", cases=[case(same_as="x002/3")]), record("x002", cases=[case(number=3)])
        imported(run(first, second))
        assert stored("x001").cases.get().same_as == stored("x002").cases.get()
        assert (exported("x001"), exported("x002")) == (first, second)

    def test_the_fullest_can_change(self, run, commit):
        imported(run(record("x001", cases=[case(same_as="x002/1")]), record("x002", cases=[case()])))
        imported(run(record("x001", cases=[case()]), record("x002", cases=[case(same_as="x001/1")])))
        commit()
        assert stored("x002").cases.get().same_as == stored("x001").cases.get()

    def test_nobody_is_left_behind_when_it_changes(self, run):
        imported(run(record("x001", cases=[case(same_as="x002/1")]), record("x002", cases=[case()])))
        report = run(record("x002", cases=[case(same_as="s000/1")]))
        assert "cases[1].same_as: other cases lead to this one" in str(report.problems[0])


# --- any record whatever -------------------------------------------------------------------------------------------

words = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=6)
spaced = st.lists(words, min_size=1, max_size=3).map(" ".join)
titles = spaced.filter(lambda text: not (text.startswith("[") and text.endswith("]")))
years = st.integers(1980, 2030).map(str)
months = st.tuples(years, st.integers(1, 12)).map(lambda ym: f"{ym[0]}-{ym[1]:02}")
days = st.dates().filter(lambda day: 1980 <= day.year <= 2030).map(str)
one_date = st.tuples(years | months | days, st.sampled_from(["", "~", "?", "%"])).map("".join)
periods = one_date | st.tuples(st.integers(1980, 2000), st.integers(2001, 2030)).map(lambda y: f"{y[0]}/{y[1]}")
open_periods = periods | months.map(lambda month: f"{month}/..") | months.map(lambda month: f"../{month}")
starts_and_ends = st.tuples(st.none() | one_date, st.none() | one_date).map(
    lambda pair: pair[::-1] if all(pair) and parse(pair[1]).latest < parse(pair[0]).earliest else pair
)
codes = st.sampled_from(["000000", "110000", "340000", "340100", "340103", "810000", "460300"])
crimes = st.sampled_from(["fraud", "gambling", "hacking", "hacking.intrusion", "water_army.paid_deletion", "theft"])
numbers = st.integers(0, 10**12) | st.integers(0, 10**9).map(lambda n: plain(n / 1000))
MONEY = ["CNY", "USD", "EUR", "GBP"]


def plain(number: float) -> int | float:
    """Return a number as the format writes it: whole ones without a point."""
    return int(number) if number == int(number) else number


def or_null(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def several(strategy: st.SearchStrategy[str], least: int = 0) -> st.SearchStrategy[list[str]]:
    return st.lists(strategy, unique=True, min_size=least, max_size=4)


@st.composite
def figures_of(draw: Any, numbers_of_cases: list[int], campaigns: list[str]) -> list[Record]:
    figures: list[Record] = []
    for ref in draw(st.lists(st.from_regex(r"[a-z][a-z0-9_.-]{0,8}", fullmatch=True), unique=True, max_size=5)):
        kind = draw(st.sampled_from(["count", "money", "change", "share"]))
        measure, unit = {
            "count": ("suspects_arrested", "persons"),
            "money": ("money_frozen", draw(st.sampled_from(MONEY))),
            "change": ("change_percent", "percent"),
            "share": ("share_percent", "percent"),
        }[kind]
        value = draw(numbers) * (draw(st.sampled_from([1, -1])) if kind == "change" else 1)
        qualifier = draw(st.sampled_from(["exact", "more_than", "nearly", "about", "at_least", "up_to", "range"]))
        members = {
            "ref": ref,
            "measure": measure,
            "qualifier": qualifier,
            "value": value,
            "unit": unit,
            "campaign": draw(st.sampled_from([None, *campaigns])),
            "period": draw(or_null(open_periods)),
            "case": draw(st.sampled_from([None, *numbers_of_cases])),
            "phrase": draw(spaced),
            "note": draw(or_null(spaced)),
        }
        for one, many, strategy in (("crime_type", "crime_types", crimes), ("place", "places", codes)):
            found = draw(several(strategy))
            members[one] = found[0] if len(found) == 1 else None
            if len(found) > 1:
                members[many] = found
        if qualifier == "range":
            members["high"] = plain(round(value + draw(st.integers(0, 1000)), 3))
        # Optional members, each set or not.
        options: dict[str, st.SearchStrategy[Any]] = {
            "step": st.sampled_from([0.25, 12, 24, 3000]),
            "as_of": one_date,
            "cumulative": st.booleans(),
            "preferred": spaced,
        }
        if figures:
            options["part_of"] = st.sampled_from([f["ref"] for f in figures])
        if kind in ("change", "share"):
            options["of_measure"] = st.sampled_from(["cases_solved", "money_frozen"])
        if kind == "change":
            options["base_period"] = periods
        if kind == "money" and any(f["unit"] in MONEY for f in figures):
            options["converted_from"] = st.sampled_from([f["ref"] for f in figures if f["unit"] in MONEY])
        for name, strategy in options.items():
            if draw(st.booleans()):
                members[name] = draw(strategy)
        figures.append(in_order(members, FIGURE_MEMBERS))
    return draw(st.permutations(figures))


@st.composite
def any_record(draw: Any, key: str) -> Record:
    campaigns = draw(
        st.lists(st.sampled_from([("Net Net 2018", 2018), ("Net Net 2019", 2019), ("New One", None)]), unique=True)
    )
    numbers_of_cases = sorted(draw(st.sets(st.integers(1, 40), max_size=3)))
    kind = draw(st.sampled_from(["release", "report", "case_list"]))
    reports_on = draw(st.sampled_from([None, "s000", "r030"]))
    members: Record = {
        "key": key,
        "kind": kind,
        "title": draw(titles | titles.map(lambda title: f"[{title}]")),
        "title_zh": draw(or_null(spaced)),
        "publisher": {
            "name": draw(spaced),
            "kind": draw(st.sampled_from(["authority", "official_media", "news", "trade_press", "aggregator"])),
            "country": draw(st.sampled_from(["CN", "HK", "US", "XX"])),
        },
        "url": draw(or_null(st.just("https://example.org/a?b=c&d=%20#e"))),
        "published": draw(or_null(one_date)),
        "language": draw(st.sampled_from(["en", "zh"])),
        "translation": draw(st.sampled_from(["none", "machine", "human", "unknown"])),
        "abstract": draw(spaced),
        "campaigns": [
            {
                "name": name,
                "name_zh": draw(or_null(words)),
                "year": year,
                "aliases": draw(several(words)),
                "parent": draw(st.sampled_from([None, "Net Net 2021"])),
                "start": start,
                "end": end,
            }
            for name, year in campaigns
            for start, end in [draw(starts_and_ends)]
        ],
        "reports_on": reports_on,
        "figures": draw(figures_of(numbers_of_cases, [name for name, _year in campaigns])),
        "cases": [
            {
                "number": number,
                "heading": draw(spaced),
                "code_name": draw(or_null(words)),
                "summary": draw(spaced),
                "crime_types": draw(several(crimes)),
                "places": [
                    {"code": code, "role": role}
                    for code, role in draw(
                        st.lists(
                            st.tuples(codes, st.sampled_from(["arrest", "scene", "victims"])), unique=True, max_size=3
                        )
                    )
                ],
                "period": draw(or_null(open_periods)),
                **({"same_as": f"s000/{draw(st.integers(1, 10))}"} if draw(st.booleans()) else {}),
            }
            for number in numbers_of_cases
        ],
        "places": draw(several(codes)),
        "crime_types": draw(several(crimes)),
    }
    if draw(st.booleans()):
        members["archived_url"] = "https://web.archive.org/web/2018/https://example.org/"
    if draw(st.booleans()):
        members["also_reports_on"] = draw(st.permutations(["r096", "r044"]))[: draw(st.integers(1, 2))]
    if draw(st.booleans()):
        members["role"] = draw(st.sampled_from(["copy", "translation", "report" if kind == "release" else "original"]))
    if reports_on is None and draw(st.booleans()):
        members["release"] = {
            "name": draw(spaced),
            "authority": draw(or_null(spaced)),
            "disclosed": draw(or_null(open_periods)),
        }
    return in_order(members)


def check_round_trip(folder: Path, first: Record, second: Record) -> None:
    """Import a record, then another of the same key over it: each comes out as it went in."""
    path = folder / "any.json"
    with transaction.atomic():
        for content in (first, second):
            written = writer.dumps(content)
            path.write_text(written, encoding="utf-8")
            imported(import_records([path]))
            assert writer.dumps(exported(content["key"])) == written
            assert imported(import_records([path])).unchanged == [content["key"]]
        transaction.set_rollback(True)


# A failing import takes minutes to shrink; `make trust` takes them.
WITHOUT_SHRINKING = [Phase.explicit, Phase.reuse, Phase.generate]
LONG = [
    HealthCheck.function_scoped_fixture,
    HealthCheck.too_slow,
    HealthCheck.data_too_large,
    HealthCheck.filter_too_much,
]


@settings(max_examples=8, deadline=None, suppress_health_check=LONG, phases=WITHOUT_SHRINKING)
@given(first=any_record("any"), second=any_record("any"))
def test_any_record_comes_out_as_it_went_in(tmp_path, first, second):
    check_round_trip(tmp_path, first, second)


@pytest.mark.trust
@settings(max_examples=300, deadline=None, suppress_health_check=LONG)
@given(first=any_record("any"), second=any_record("any"))
def test_any_record_comes_out_as_it_went_in_at_length(tmp_path, first, second):
    check_round_trip(tmp_path, first, second)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@st.composite
def spoilt(draw: Any) -> Record:
    """Return a good record of which one member, at any depth, has become something else."""
    content = draw(any_record("any"))
    at: Any = content
    while True:
        step = draw(st.sampled_from(sorted(at) if isinstance(at, dict) else range(len(at))))
        if isinstance(at[step], dict | list) and at[step] and draw(st.booleans()):
            at = at[step]
            continue
        at[step] = draw(json_values)
        return content


def check_spoilt(folder: Path, content: Record) -> None:
    """Whatever stands in a record: it is imported and known again, or it is refused by file, and nothing is left."""
    path = folder / "any.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    before = rows_written()
    with transaction.atomic():
        report = import_records([path])
        if report.problems:
            assert {problem.source for problem in report.problems} == {str(path)}
            assert rows_written() == before
        else:
            [key] = report.created or report.updated or report.unchanged
            assert imported(import_records([path])).unchanged == [key]
        transaction.set_rollback(True)


@settings(max_examples=25, deadline=None, suppress_health_check=LONG, phases=WITHOUT_SHRINKING)
@given(content=spoilt())
def test_a_spoilt_record_is_refused_or_kept_whole(tmp_path, content):
    check_spoilt(tmp_path, content)


@pytest.mark.trust
@settings(max_examples=800, deadline=None, suppress_health_check=LONG)
@given(content=spoilt())
def test_a_spoilt_record_is_refused_or_kept_whole_at_length(tmp_path, content):
    check_spoilt(tmp_path, content)
