"""The collection as a reader finds it: whole, quotable, in the words of the vocabularies, no copy of anybody's text."""

import csv
import json
import re
from typing import Any

import pytest
from django.db.models import Count, F, Q

from cases import records
from cases.choices import Qualifier, Unit
from cases.intervals import interval, several_interval
from cases.models import (
    Announcement,
    Campaign,
    CampaignMention,
    CampaignName,
    CaseRow,
    CrimeType,
    Figure,
    FigureRow,
    Measure,
    Place,
    Publisher,
    Release,
    TypicalCase,
)
from tests import interchange_check
from tests.database import FIXTURES

pytestmark = pytest.mark.django_db

NAMES = sorted(path.stem for path in (FIXTURES / "collection").glob("*.json"))


def read(name: str) -> Any:
    return json.loads((FIXTURES / "collection" / f"{name}.json").read_text(encoding="utf-8"))


def table(name: str) -> list[dict[str, str]]:
    with (FIXTURES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def figures() -> list[tuple[str, dict[str, Any]]]:
    return [(name, figure) for name in NAMES for figure in read(name)["figures"]]


def test_the_files_keep_their_own_rules():
    assert interchange_check.check(FIXTURES) == []


def test_the_check_of_the_files_finds_something(tmp_path):
    """The line above would be worth nothing if the check were blind."""
    (tmp_path / "collection").mkdir()
    for name in ("measures.csv", "crime_types.csv", "campaigns.json"):
        (tmp_path / name).write_bytes((FIXTURES / name).read_bytes())
    spoilt = read("s000")
    spoilt["figures"][0]["unit"] = "yards"
    (tmp_path / "collection" / "s000.json").write_text(json.dumps(spoilt, ensure_ascii=False, indent=2) + "\n")
    assert any("yards" in line for line in interchange_check.check(tmp_path))


# --- how much there is ---------------------------------------------------------------------------------------------


def test_everything_is_there_and_public():
    assert len(NAMES) == 142
    assert sorted(Announcement.objects.published().values_list("key", flat=True)) == NAMES
    assert (TypicalCase.objects.count(), Figure.objects.count()) == (103, 1092)


def test_the_readme_counts_as_we_do():
    readme = (FIXTURES / "collection" / "README.md").read_text(encoding="utf-8")
    assert readme.split("\n\n")[1].startswith("142 records")
    assert "with 1,092 figures and 103 cases" in readme


# --- the founding document -----------------------------------------------------------------------------------------


class TestFoundingDocument:
    """The half-year results of Net Net 2018, as the issue of the archive begins with them."""

    @pytest.fixture
    def announcement(self) -> Announcement:
        return Announcement.objects.get(key="s000")

    def test_is_what_it_is(self, announcement):
        assert (announcement.published, announcement.language) == ("2018-09-07", "en")
        assert (announcement.kind, announcement.translation) == ("case_list", "machine")
        release = announcement.releases.get()
        assert (release.authority, release.disclosed) == ("Ministry of Public Security", "2018-09-07")
        assert [mention.campaign.name_en for mention in announcement.mentions.all()] == ["Net Net 2018"]

    def test_tells_ten_cases_in_nine_provinces(self, announcement):
        cases = announcement.cases.all()
        assert [case.number for case in cases] == list(range(1, 11))
        assert {case.number: case.code_name for case in cases if case.code_name} == {5: "5.30", 8: "5.22", 10: "3.17"}
        investigated_by = Place.objects.filter(
            case_places__case__announcement=announcement, case_places__role="investigating_authority"
        )
        provinces = set(
            Place.objects.filter(code__in=[p.path[0] for p in investigated_by]).values_list("slug", flat=True)
        )
        assert provinces == {
            *("anhui", "zhejiang", "jiangsu", "guangdong", "gansu", "henan", "sichuan", "beijing", "shandong"),
        }

    @pytest.mark.parametrize(
        ("ref", "measure", "printed", "low", "high", "phrase"),
        [
            ("f2", "cases_solved", "more than 22,000", 22_000, 23_000, "cracked more than 22,000 criminal cases"),
            ("f3", "suspects_arrested", "more than 33,000", 33_000, 34_000, "arrested more than 33,000 suspects"),
            ("f8", "info_items_deleted", "more than 1,560,000", 1_560_000, 1_570_000, "cleaned up more than 1.56"),
            ("f11", "websites_listed", "43", 43, 43, "43 websites that spread"),
            (
                "f55",
                "money_frozen",
                "more than 50,000,000",
                50_000_000,
                60_000_000,
                "freezing more than 50 million yuan",
            ),
        ],
    )
    def test_claims_what_it_claims(self, announcement, ref, measure, printed, low, high, phrase):
        figure = announcement.figures.get(ref=ref)
        assert (figure.measure_id, figure.printed, figure.low, figure.high) == (measure, printed, low, high)
        assert figure.phrase.startswith(phrase)

    def test_claims_for_the_whole_country_carry_the_whole_country(self, announcement):
        figure = announcement.figures.get(ref="f3")
        assert FigureRow.objects.get(pk=figure.pk).province == ["national"]

    def test_is_public_as_a_whole(self, announcement):
        record = records.announcement_record(announcement.pk)
        assert (len(record["cases"]), len(record["figures"])) == (10, 57)
        assert record["campaigns_zh"] == ["净网2018"]


def test_a_claim_of_a_case_stands_where_the_case_does():
    """Where a figure states no place of its own, its case's is meant; its announcement's never."""
    alone = Figure.objects.filter(places=None).select_related("announcement")
    assert alone.exclude(case=None).count() > 10
    for figure in alone:
        row = FigureRow.objects.get(pk=figure.pk)
        of_case = CaseRow.objects.get(pk=figure.case_id) if figure.case_id else None
        expected = (of_case.place, of_case.province) if of_case else ([], [])
        assert (row.place, row.province) == expected, f"{figure.announcement.key} {figure.ref}"


# --- every figure --------------------------------------------------------------------------------------------------


def test_every_figure_has_its_words():
    assert Figure.objects.filter(Q(ref="") | Q(phrase="")).count() == 0
    assert [(n, f["ref"]) for n, f in figures() if not re.search(r"\w", f["phrase"])] == []


def test_every_figure_means_what_the_rule_says():
    wrong = []
    for figure in Figure.objects.select_related("announcement"):
        expected = interval(
            figure.value,
            figure.qualifier,
            figure.step,
            high=figure.value_high,
            phrase=figure.phrase,
            signed=figure.unit == Unit.PERCENT,
        )
        if figure.bounds != expected:
            wrong.append(f"{figure.announcement.key} {figure.ref}")
    assert wrong == []


def inside(figure: Figure) -> bool:
    """Say whether an interval holds what its words say and no more, by the words and not by the rule's own code."""
    value, bounds = figure.value, figure.bounds
    match figure.qualifier:
        case Qualifier.EXACT:
            return (bounds.low, bounds.high) == (value, value) and bounds.low_closed and bounds.high_closed
        case Qualifier.MORE_THAN:
            return (
                bounds.low == value
                and bounds.low_closed
                and value < bounds.high <= 2 * value
                and not bounds.high_closed
            )
        case Qualifier.NEARLY:
            return bounds.high == value and not bounds.high_closed and 0 <= bounds.low < value
        case Qualifier.ABOUT:
            return value - bounds.low == bounds.high - value > 0
        case Qualifier.AT_LEAST:
            return bounds.low == value and bounds.low_closed and bounds.high is None
        case Qualifier.SEVERAL:
            return value <= bounds.low <= 2 * value < bounds.high and bounds == several_interval(figure.phrase)
    return False


def test_every_interval_holds_what_its_words_say():
    found = Figure.objects.exclude(unit=Unit.PERCENT).select_related("announcement")
    assert [f"{f.announcement.key} {f.ref}: {f.bounds} “{f.phrase}”" for f in found if not inside(f)] == []


def test_every_step_is_a_place_value():
    """What is rounded is rounded to a power of ten, but for the few that say otherwise."""
    odd = [f for f in Figure.objects.exclude(qualifier="exact") if not re.fullmatch(r"0?\.?0*10*\.?0*", f"{f.step:f}")]
    stated = {(name, f["ref"]) for name, f in figures() if "step" in f}
    assert {(f.announcement.key, f.ref) for f in odd} <= stated


def test_every_figure_of_a_case_is_of_a_case_of_its_own_record():
    assert not Figure.objects.exclude(case=None).exclude(case__announcement=F("announcement")).exists()


def test_parts_are_not_more_than_the_whole():
    """A subset counted in the same unit is smaller than what it is a subset of."""
    parts = Figure.objects.exclude(part_of=None).select_related("part_of", "announcement")
    assert len(parts) > 20
    greater = [
        f"{f.announcement.key} {f.ref}"
        for f in parts
        if f.unit == f.part_of.unit and f.part_of.high is not None and f.low is not None and f.low > f.part_of.high
    ]
    assert greater == []


# --- the vocabularies ----------------------------------------------------------------------------------------------


def test_units_are_the_units_of_the_archive():
    units = {unit for row in table("measures.csv") for unit in row["unit"].split("/")}
    assert units <= set(Unit.values)
    # Every unit is there for some measure; the currencies are there together.
    assert set(Unit.values) - units == set()


@pytest.mark.parametrize(
    ("model", "name", "key"),
    [(Measure, "measures.csv", "code"), (CrimeType, "crime_types.csv", "code"), (Place, "gazetteer.csv", "code")],
)
def test_vocabularies_are_their_files(model, name, key):
    assert set(model.objects.values_list(key, flat=True)) == {row[key] for row in table(name)}


def test_campaigns_resolve():
    """No record brought a campaign that the editors do not know, and every mention found the one of its year."""
    known = json.loads((FIXTURES / "campaigns.json").read_text(encoding="utf-8"))
    assert set(Campaign.objects.values_list("slug", flat=True)) == {campaign["slug"] for campaign in known}
    assert CampaignName.objects.count() == sum(len(campaign["names"]) for campaign in known)
    mentions = CampaignMention.objects.values_list("announcement__key", "campaign__name_en", "campaign__year")
    expected = [(name, c["name"], c["year"]) for name in NAMES for c in read(name)["campaigns"]]
    assert sorted(mentions, key=str) == sorted(expected, key=str)


def test_campaigns_of_one_name_are_told_apart_by_their_year():
    twice = Campaign.objects.values("name_en", "year").annotate(n=Count("slug")).filter(n__gt=1)
    assert list(twice) == []


def test_protecting_seedlings_is_part_of_its_net():
    """A campaign inside another one is found by both."""
    inside = Campaign.objects.exclude(parent=None)
    assert inside.exists()
    assert all(campaign.path[-2:] == [campaign.parent_id, campaign.slug] for campaign in inside)


def test_one_publisher_is_one():
    described = {(r["publisher"]["name"], r["publisher"]["kind"], r["publisher"]["country"]) for r in map(read, NAMES)}
    assert Publisher.objects.count() == len(described) == len({name for name, _kind, _country in described})


# --- releases ------------------------------------------------------------------------------------------------------


def test_reports_of_one_release_stand_together():
    reports = {name: read(name)["reports_on"] for name in NAMES if read(name)["reports_on"]}
    assert len(reports) > 30
    for name, fullest in reports.items():
        release = Release.objects.get(fullest__key=fullest)
        assert Announcement.objects.filter(releases=release, key=name).exists(), name


def test_every_release_has_a_fullest_report_among_its_own():
    for release in Release.objects.all():
        assert release.fullest in release.announcements.all(), release.pk


def test_tellings_of_one_case_lead_to_the_fullest():
    told_again = TypicalCase.objects.exclude(same_as=None)
    assert told_again.exists()
    assert not told_again.filter(same_as__same_as__isnull=False).exists()
    assert not told_again.filter(same_as__announcement=F("announcement")).exists()


# --- nobody else's text --------------------------------------------------------------------------------------------

# The archive holds evidence and its own words. Measured on the collection, with some room: the longest abstract has
# 387 characters, the longest summary 293, the longest phrase 90 (12 words), the longest note 96.
LONGEST = {"abstract": 450, "summary": 350, "heading": 80, "phrase": 100, "note": 120, "title": 160}
MOST_WORDS_OF_EVIDENCE = 13


def test_texts_are_short():
    long = []
    for name in NAMES:
        record = read(name)
        texts = [("abstract", record["abstract"]), ("title", record["title"])]
        texts += [(member, case[member]) for case in record["cases"] for member in ("summary", "heading")]
        texts += [(member, f[member] or "") for f in record["figures"] for member in ("phrase", "note")]
        long += [f"{name} {member}: {text}" for member, text in texts if len(text) > LONGEST[member]]
    assert long == []


def test_evidence_is_a_few_words():
    assert [
        (n, f["phrase"]) for n, f in figures() if interchange_check.words(f["phrase"]) > MOST_WORDS_OF_EVIDENCE
    ] == []


def test_evidence_is_no_way_to_rebuild_a_text():
    """All phrases of one record together stay far below the length of a document."""
    assert [name for name in NAMES if sum(len(f["phrase"]) for f in read(name)["figures"]) > 2500] == []


def test_what_the_archive_says_is_in_its_own_words():
    """Abstracts, summaries and notes are written in English; Chinese in them is a name at most."""
    chinese = re.compile(r"[\u4e00-\u9fff]")
    for name in NAMES:
        record = read(name)
        own = [
            record["abstract"],
            *(c["summary"] for c in record["cases"]),
            *(f["note"] or "" for f in record["figures"]),
        ]
        assert [text for text in own if len(chinese.findall(text)) > 8] == [], name


def test_no_text_of_a_document_is_kept():
    assert not Announcement.objects.filter(texts__isnull=False).exists()


def test_no_address_of_a_machine_or_a_person():
    raw = "".join((FIXTURES / "collection" / f"{name}.json").read_text(encoding="utf-8") for name in NAMES)
    assert re.findall(r"[\w.]+@[\w-]+\.\w+|file://\S+|localhost|127\.0\.0\.1", raw) == []
    assert re.findall(r"(?<!\d)(?:1[3-9]\d{9}|\d{17}[\dXx])(?!\d)", raw) == [], "telephone or identity numbers"


def test_counts_are_whole_but_for_the_slip_that_shows_one():
    """1.56 messages were ordered expunged, says one translation, and it is recorded as it says."""
    counts = Figure.objects.exclude(unit__in=[Unit.PERCENT, Unit.CNY, Unit.USD, Unit.EUR, Unit.GBP])
    broken = [(f.announcement.key, f.ref) for f in counts if f.value != f.value.to_integral_value()]
    assert broken == [("s002", "f7")]
