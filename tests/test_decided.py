"""Decisions of editors as files: they go out and come in beside the records, and what names nothing is refused."""

import csv
import io
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Permission, User
from django.core.management import call_command
from django.test import Client

from cases.importing import decisions
from cases.importing.files import in_memory
from cases.importing.imports import Options, import_files, import_records
from cases.models import Announcement, Decision, Figure, Verdict
from tests import interchange_check
from tests.database import FIXTURES
from tests.factories import make_announcement, make_figure

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 31, 9, 30, 0, 250_000, tzinfo=UTC)
REASONS = {
    "align": "both mean the province",
    "part": 'persons, not "arrests";\nsee there',
    "agree": "=a misprint, 误植",
}


def contradicting():
    """Return pairs of figures of the collection that contradict each other."""
    kept = Verdict.objects.filter(basis="release", verdict="contradict").order_by("id").select_related("a", "b")
    return [(verdict.a, verdict.b) for verdict in kept]


@pytest.fixture
def decided(commit):
    """Three decisions of a person, at a known moment."""
    person = User.objects.create_user("somebody-with-a-name")
    made = [
        Decision.objects.create(a=a, b=b, action=action, reason=reason, decided_by=person, decided_at=AT)
        for (a, b), (action, reason) in zip(contradicting(), REASONS.items(), strict=False)
    ]
    assert len(made) == 3
    commit()
    return made


def named(figure):
    return figure.announcement.key, figure.ref


def stored():
    found = Decision.objects.select_related("a__announcement", "b__announcement")
    return {frozenset((named(d.a), named(d.b))): (d.action, d.reason, d.decided_at) for d in found}


def exported(folder):
    call_command("export_records", folder, verbosity=0)
    return (folder / "decisions.csv").read_bytes()


def table(*rows, columns=decisions.COLUMNS, mark=""):
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows(rows)
    return (mark + out.getvalue()).encode()


def run(raw, **options):
    return import_files([in_memory("decisions.csv", raw)], Options(**options))


def line(**cells):
    """Return a good line about two figures that can be compared, some of its cells changed."""
    (a, b), *_ = contradicting()
    told = dict(
        zip(decisions.COLUMNS, (*named(a), *named(b), "part", "another town", "2026-03-31T09:30:00Z"), strict=True)
    )
    return list((told | cells).values())


# --- out and in -----------------------------------------------------------------------------------------------------


def test_they_stand_beside_the_records_which_are_as_they_were(decided, tmp_path):
    exported(tmp_path)
    collection = sorted((FIXTURES / "collection").glob("*.json"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["decisions.csv", *(path.name for path in collection)]
    assert [path.name for path in collection if (tmp_path / path.name).read_bytes() != path.read_bytes()] == []
    rows = list(csv.DictReader(io.StringIO((tmp_path / "decisions.csv").read_text(encoding="utf-8"), newline="")))
    assert [tuple(row[name] for name in decisions.NAMED_BY) for row in rows] == sorted(
        tuple(part for side in sorted(map(named, (d.a, d.b))) for part in side) for d in decided
    )
    assert {row["decision"]: row["reason"] for row in rows} == REASONS
    assert {row["decided_at"] for row in rows} == {"2026-03-31T09:30:00.250000Z"}


def test_without_any_there_is_no_file(tmp_path):
    (tmp_path / "decisions.csv").write_text("of an export before this one")
    call_command("export_records", tmp_path, verbosity=0)
    assert not (tmp_path / "decisions.csv").exists()


def test_an_export_of_some_records_leaves_the_file_of_all_alone(decided, tmp_path):
    before = exported(tmp_path)
    call_command("export_records", tmp_path, decided[0].a.announcement.key, verbosity=0)
    assert (tmp_path / "decisions.csv").read_bytes() == before


def test_who_decided_is_not_told(decided, tmp_path):
    assert b"somebody" not in exported(tmp_path)


def test_imported_again_they_change_nothing(decided, tmp_path, capsys):
    exported(tmp_path)
    event = Decision.events.rel.related_model
    before = event.objects.count(), list(Decision.objects.order_by("pk").values())
    call_command("import_records", tmp_path)
    assert "0 updated, 142 unchanged; 0 decisions taken over, 3 unchanged\n" in capsys.readouterr().out
    assert (event.objects.count(), list(Decision.objects.order_by("pk").values())) == before


def test_what_was_lost_comes_back_with_its_verdicts(decided, commit, tmp_path):
    raw, before = exported(tmp_path), stored()
    verdicts = set(Verdict.objects.values_list("a", "b", "verdict", "editors"))
    Decision.objects.all().delete()
    commit()
    assert set(Verdict.objects.values_list("a", "b", "verdict", "editors")) != verdicts
    report = import_records([tmp_path])
    assert (report.problems, len(report.decisions), report.updated) == ([], 3, [])
    commit()
    assert stored() == before
    assert set(Verdict.objects.values_list("a", "b", "verdict", "editors")) == verdicts
    assert exported(tmp_path) == raw
    assert set(Decision.objects.values_list("decided_by", flat=True)) == {None}


def test_they_follow_the_keys_where_the_ids_are_others(decided, commit, tmp_path):
    """In another archive the record with the later key may have come first."""
    raw, before = exported(tmp_path), stored()
    key = decided[0].a.announcement.key
    Figure.objects.filter(announcement__key=key).delete()
    commit()
    assert import_records([tmp_path]).updated == [key]
    commit()
    assert Figure.objects.filter(announcement__key=key).latest("pk").pk > max(d.b_id for d in decided)
    assert stored() == before
    assert exported(tmp_path) == raw


def test_what_is_edited_is_taken_over_and_the_rest_stays(decided, commit):
    person = decided[0].decided_by
    (a, b), moment = (decided[0].a, decided[0].b), "2026-04-01T10:00:00+02:00"
    raw = table([*named(b), *named(a), "contradict", "seen in print", moment])
    assert run(raw, dry_run=True).decisions == [f"{'/'.join(named(b))} and {'/'.join(named(a))}: contradict"]
    assert stored()[frozenset((named(a), named(b)))][0] == "align"
    assert run(raw).problems == []
    commit()
    kept = Decision.objects.get(pk=decided[0].pk)
    assert (kept.action, kept.reason, kept.decided_by) == ("contradict", "seen in print", None)
    assert kept.decided_at == datetime(2026, 4, 1, 8, tzinfo=UTC)
    assert Verdict.objects.get(a__in=(a, b), b__in=(a, b)).editors == "seen in print"
    assert Decision.objects.get(pk=decided[1].pk).decided_by == person


def test_a_spreadsheet_may_have_had_it(decided, tmp_path):
    rows = list(csv.reader(io.StringIO(exported(tmp_path).decode(), newline="")))[1:]
    marked = [[f"'{cell}" if cell.startswith("=") else cell for cell in row] for row in rows]
    assert marked != rows
    report = run(table(*marked, mark="\ufeff"))
    assert (report.problems, report.decisions, report.decisions_unchanged) == ([], [], 3)


def test_what_is_not_public_or_no_longer_counts_the_same_is_not_told(commit, tmp_path):
    draft, live = make_announcement(), make_announcement(status="published")
    a, b, c = make_figure(draft), make_figure(live), make_figure(live)
    Decision.objects.create(a=a, b=b, action="part", reason="of a draft")
    Decision.objects.create(a=b, b=c, action="part", reason="of two measures, since one was corrected")
    Figure.objects.filter(pk=c.pk).update(measure_id="fugitives_caught")
    commit()
    assert decisions.write(tmp_path) == 0


# --- what is refused ------------------------------------------------------------------------------------------------

REFUSED = {
    "no such announcement": ({"a_key": "r999"}, "a_key", "no figure of an announcement r999"),
    "no such other announcement": ({"b_key": "r999"}, "b_key", "no figure of an announcement r999"),
    "no such figure": ({"a_ref": "f999"}, "a_ref", "has no figure f999"),
    "no such other figure": ({"b_ref": "f999"}, "b_ref", "has no figure f999"),
    "no decision": ({"decision": "later"}, "decision", "later is not a decision; they are: align, part"),
    "an empty decision": ({"decision": ""}, "decision", "is empty"),
    "no reason": ({"reason": " \n"}, "reason", "is empty"),
    "a reason of zeros": ({"reason": "a\x00b"}, "reason", "NUL"),
    "no moment": ({"decided_at": "in March"}, "decided_at", "“in March” is not a moment"),
    "a moment of no zone": ({"decided_at": "2026-03-31T09:30:00"}, "decided_at", "is not a moment"),
    "a moment before all": ({"decided_at": "0001-01-01T00:00:00+14:00"}, "decided_at", "is not a moment"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_makes_no_sense_is_refused_by_line_and_column(what):
    cells, column, message = REFUSED[what]
    report = run(table(line(), line(**cells)))
    (problem,) = [p for p in report.problems if "names the same" not in p.message]
    assert str(problem).startswith(f"decisions.csv: line 3, column {column}: ")
    assert message in problem.message
    assert not Decision.objects.exists(), "the good line was taken over"


def test_two_lines_on_the_same_figures_are_refused():
    one = line()
    (problem,) = run(table(one, [*one[2:4], *one[:2], *one[4:]])).problems
    assert str(problem) == "decisions.csv: line 3, column b_ref: names the same two figures as decisions.csv, line 2"


def test_figures_that_are_never_compared_are_refused():
    (a, _b), *_ = contradicting()
    other = Figure.objects.exclude(measure=a.measure).filter(announcement__status="published").first()
    for b, message in ((a, "not compared with itself"), (other, "do not count the same thing")):
        (problem,) = run(table([*named(a), *named(b), *line()[4:]])).problems
        assert (problem.at, message in problem.message) == ("line 2, column b_ref", True)


@pytest.mark.parametrize(
    ("columns", "column", "message"),
    [
        ([*decisions.COLUMNS, "by"], "by", "is not a column of decisions"),
        ([*decisions.COLUMNS, "reason"], "reason", "stands twice"),
        (decisions.COLUMNS[:-1], "decided_at", "is missing"),
    ],
)
def test_a_header_that_is_not_the_tables_is_refused(columns, column, message):
    (problem,) = run(table(columns=columns)).problems
    assert str(problem) == f"decisions.csv: line 1, column {column}: {message}"


def test_with_a_bad_line_no_record_is_imported_either(tmp_path):
    record = (
        (FIXTURES / "collection" / "r060.json").read_text(encoding="utf-8").replace("83,668 suspects", "83 suspects")
    )
    (tmp_path / "r060.json").write_text(record, encoding="utf-8")
    (tmp_path / "decisions.csv").write_bytes(table(line(a_key="r999")))
    before = Announcement.objects.get(key="r060").version
    report = import_records([tmp_path])
    assert [problem.at for problem in report.problems] == ["line 2, column a_key"]
    assert Announcement.objects.get(key="r060").version == before


def test_an_import_at_the_desk_decides_nothing(decided, tmp_path):
    """What is imported there is not public; a decision would be."""
    raw = exported(tmp_path)
    assert run(raw, as_drafts=True).problems == []
    (problem,) = run(raw.replace(b"both mean the province", b"both mean the town"), as_drafts=True).problems
    assert "would be public at once" in problem.message


def test_at_the_desk_a_decision_is_made_when_it_is_saved(decided):
    person = User.objects.create_user("decider", is_staff=True)
    person.user_permissions.set(Permission.objects.filter(codename__endswith="_decision"))
    client = Client()
    client.force_login(person)
    kept = decided[0]
    sent = {"a": kept.a_id, "b": kept.b_id, "action": "part", "reason": "two towns"}
    assert client.post(f"/admin/cases/decision/{kept.pk}/change/", sent).status_code == 302
    kept.refresh_from_db()
    assert (kept.action, kept.decided_by) == ("part", person)
    assert kept.decided_at > AT


def test_the_check_without_a_database_knows_them(decided, tmp_path):
    for name in ("measures.csv", "crime_types.csv", "campaigns.json"):
        (tmp_path / name).write_bytes((FIXTURES / name).read_bytes())
    raw = exported(tmp_path / "collection")
    assert interchange_check.check(tmp_path) == []
    for right, wrong, told in (
        (b",align,", b",later,", "later is no decision"),
        (decided[0].a.announcement.key.encode(), b"r999", "there is no figure r999/"),
        (b"09:30", b"half past nine", "is no moment"),
    ):
        (tmp_path / "collection" / "decisions.csv").write_bytes(raw.replace(right, wrong))
        assert any(told in line for line in interchange_check.check(tmp_path)), told
