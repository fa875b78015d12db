"""The flat rows behind every list: whatever is written, they say what their views say, and of the public only."""

import json
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cases import drafts, publishing, texts, verify
from cases.importing import writer
from cases.importing.imports import import_records
from cases.models import (
    Announcement,
    AnnouncementRow,
    Campaign,
    CampaignMention,
    CampaignName,
    CasePlace,
    CaseRow,
    CrimeType,
    Figure,
    FigureRow,
    Measure,
    Place,
    PlaceName,
    Publisher,
    Span,
    TextVersion,
    TypicalCase,
)
from tests.factories import make_announcement, make_campaign, make_case, make_figure, make_publisher, mention

pytestmark = pytest.mark.django_db

ROWS = ["cases_announcementrow", "cases_caserow", "cases_figurerow"]


def query(sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters or None)
        return cursor.fetchall() if cursor.description else []


def rows_differ(announcements: list[int] | None = None) -> dict[str, list[Any]]:
    """Return, by table, the ids of rows that are not what their view says, or that one of the two has not."""
    differ = {}
    for table in ROWS:
        columns = ", ".join(name for (name,) in query(
            "select column_name::text from information_schema.columns where table_name = %s order by 1", table
        ))  # fmt: skip
        only = (
            "" if announcements is None else f"where announcement_id = any('{{{','.join(map(str, announcements))}}}')"
        )
        row, view = f"select {columns} from {table} {only}", f"select {columns} from {table}_source {only}"
        ids = query(f"select id from (({row}) except ({view}) union all ({view}) except ({row})) t order by 1")
        if ids:
            differ[table] = [pk for (pk,) in ids]
    return differ


def words_differ() -> list[Any]:
    """Return the nodes of vocabularies whose kept words are not theirs."""
    nodes = (
        "select 'place' as kind, code::text from cases_place union all select 'crime_type', code from cases_crimetype"
        " union all select 'campaign', slug from cases_campaign"
    )
    fresh = f"select kind, code, words_of_node(kind, code) from ({nodes}) n"
    kept = "select kind, code, words from cases_nodewords"
    return query(f"select kind, code from (({kept}) except ({fresh}) union all ({fresh}) except ({kept})) t")


def totals_differ() -> list[Any]:
    """Return the facet values whose kept totals are not the number of rows that have them."""
    kept = "select source, facet, value, n from cases_facettotal where n <> 0"
    parts = []
    for table in ROWS:
        (values,) = query("select facet_values(%s)", table)[0]
        values = values.replace("from changed", f"from {table}")
        parts.append(f"select '{table}', facet, value, count(*) from ({values}) t (facet, value) group by facet, value")
    counted = " union all ".join(parts)
    return query(f"select * from (({kept}) except ({counted}) union all ({counted}) except ({kept})) t")


def public_of_the_unpublished() -> list[Any]:
    return query(
        " union all ".join(
            f"select '{table}', r.id from {table} r left join cases_announcement a on a.id = r.announcement_id"
            " where a.status is distinct from 'published'"
            for table in ROWS
        )
    )


class TestCollection:
    def test_rows_are_what_their_views_say(self):
        assert rows_differ() == {}
        assert words_differ() == []
        assert totals_differ() == []

    def test_everything_published_has_its_row(self):
        assert AnnouncementRow.objects.count() == Announcement.objects.published().count() == 142
        assert CaseRow.objects.count() == TypicalCase.objects.published().count() == 103
        assert FigureRow.objects.count() == Figure.objects.published().count() == 1092

    def test_nothing_waits(self):
        assert query("select * from cases_stale") == []


# --- the rules -----------------------------------------------------------------------------------------------------


@pytest.fixture
def published(db):
    return make_announcement(status="published", published="2018-09")


def row(record: Announcement | TypicalCase | Figure) -> Any:
    model = {Announcement: AnnouncementRow, TypicalCase: CaseRow, Figure: FigureRow}[type(record)]
    return model.objects.get(pk=record.pk)


class TestOnlyThePublic:
    @pytest.mark.parametrize("status", ["draft", "in_review", "withdrawn"])
    def test_has_rows(self, published, commit, status):
        make_case(published), make_figure(published)
        commit()
        assert row(published)
        Announcement.objects.filter(pk=published.pk).update(status=status)
        commit()
        for model in (AnnouncementRow, CaseRow, FigureRow):
            assert not model.objects.filter(announcement_id=published.pk).exists()
        Announcement.objects.filter(pk=published.pk).update(status="published")
        commit()
        assert CaseRow.objects.filter(announcement_id=published.pk).count() == 1

    def test_a_draft_copy_has_none(self, published, commit):
        make_figure(copy := make_announcement(revises=published))
        commit()
        assert not FigureRow.objects.filter(announcement_id=copy.pk).exists()

    def test_what_is_deleted_has_none(self, published, commit):
        figure, case = make_figure(published), make_case(published)
        commit()
        pks = (figure.pk, case.pk)
        figure.delete(), case.delete()
        commit()
        assert not FigureRow.objects.filter(pk=pks[0]).exists()
        assert not CaseRow.objects.filter(pk=pks[1]).exists()


class TestPlaces:
    def test_stand_with_all_they_are_part_of(self, published, commit):
        published.places.set(["340103", "110000"])
        commit()
        assert row(published).place == ["110000", "340000", "340100", "340103"]
        assert row(published).province == ["anhui", "beijing"]

    def test_the_whole_country_is_national_and_nobodys_parent(self, published, commit):
        published.places.set(["000000"])
        commit()
        assert (row(published).place, row(published).province) == (["000000"], ["national"])

    def test_none_is_empty(self, published, commit):
        make_case(published), make_figure(published)
        commit()
        for model in (AnnouncementRow, CaseRow, FigureRow):
            found = model.objects.get(announcement_id=published.pk)
            assert (found.place, found.province, found.crime_type, found.campaign, found.year) == ([], [], [], [], [])

    def test_of_a_case_are_its_own_in_any_role(self, published, commit):
        published.places.set(["440000"])
        case = make_case(published)
        for code, role in (("340100", "arrest"), ("340103", "scene"), ("110000", "arrest")):
            CasePlace.objects.create(announcement=published, case=case, place_id=code, role=role)
        commit()
        assert row(case).place == ["110000", "340000", "340100", "340103"]
        assert row(case).province == ["anhui", "beijing"]
        assert set(row(case).place_role) == {
            *("arrest", "arrest:110000", "arrest:340000", "arrest:340100"),
            *("scene", "scene:340000", "scene:340100", "scene:340103"),
        }

    def test_of_a_figure_are_its_own_else_its_cases_never_its_announcements(self, published, commit):
        published.places.set(["440000"])
        published.crime_types.set(["gambling"])
        case = make_case(published)
        CasePlace.objects.create(announcement=published, case=case, place_id="340100", role="arrest")
        case.crime_types.set(["hacking.intrusion"])
        own, of_case, alone = (
            make_figure(published, case=case),
            make_figure(published, case=case),
            make_figure(published),
        )
        own.places.set(["110000"])
        own.crime_types.set(["fraud"])
        commit()
        assert (row(own).province, row(own).place, row(own).crime_type) == (["beijing"], ["110000"], ["fraud"])
        assert row(of_case).place == ["340000", "340100"]
        assert row(of_case).crime_type == ["hacking", "hacking.intrusion"]
        assert (row(alone).place, row(alone).province, row(alone).crime_type) == ([], [], [])

    def test_of_a_figure_are_each_taken_for_itself(self, published, commit):
        """A figure with a place of its own still has its case's crime types, and the other way round."""
        case = make_case(published)
        CasePlace.objects.create(announcement=published, case=case, place_id="340100", role="arrest")
        case.crime_types.set(["fraud"])
        figure = make_figure(published, case=case)
        figure.places.set(["000000"])
        commit()
        assert (row(figure).place, row(figure).crime_type) == (["000000"], ["fraud"])


class TestCampaigns:
    def test_stand_with_all_they_are_part_of_but_their_own_year_only(self, published, commit):
        whole = make_campaign(year=2021)
        part = make_campaign(year=2022, parent=whole)
        mention(published, part)
        figure = make_figure(published, campaign=part)
        case = make_case(published)
        commit()
        for record in (published, figure, case):
            assert set(row(record).campaign) == {whole.pk, part.pk}
            assert row(record).year == ["2022"]

    def test_the_year_of_a_figure_is_its_own_campaigns_only(self, published, commit):
        one, other, series = make_campaign(year=2018), make_campaign(year=2019), make_campaign(year=None)
        for campaign in (one, other, series):
            mention(published, campaign)
        figures = [make_figure(published, campaign=campaign) for campaign in (one, other, series, None)]
        case = make_case(published)
        of_case = make_figure(published, case=case)
        commit()
        assert row(published).year == row(case).year == ["2018", "2019"]
        assert [row(figure).year for figure in [*figures, of_case]] == [["2018"], ["2019"], [], [], []]
        assert row(of_case).campaign == []


class TestFurtherColumns:
    def test_are_the_announcements_everywhere(self, published, commit):
        records = [published, make_case(published), make_figure(published)]
        commit()
        Publisher.objects.filter(pk=published.publisher_id).update(slug="another-slug")
        commit()
        assert {row(record).publisher for record in records} == {"another-slug"}
        Announcement.objects.filter(pk=published.pk).update(kind="feature", language="zh", published="2018-09-07")
        commit()
        for record in records:
            found = row(record)
            assert (found.publisher, found.kind, found.language) == ("another-slug", "feature", "zh")
            assert str(found.day) == "2018-09-07"
            assert found.announcement_id == published.pk

    def test_a_document_without_a_date_has_none(self, published, commit):
        Announcement.objects.filter(pk=published.pk).update(published=None)
        commit()
        assert (row(published).published, row(published).day) == (None, None)

    def test_of_a_figure_are_what_it_claims(self, published, commit):
        case = make_case(published)
        figure = make_figure(published, case=case, value=34000)
        commit()
        found = row(figure)
        assert (found.measure, found.unit, found.qualifier) == ("suspects_arrested", "persons", "more_than")
        assert (found.value, found.case_id) == (34000, case.pk)
        assert (found.interval.lower, found.interval.upper) == (34000, 35000)


# --- what changes far away -----------------------------------------------------------------------------------------


class TestVocabularies:
    def test_a_branch_of_crimes_that_is_hung_elsewhere(self, published, commit):
        CrimeType.objects.create(code="t", label_en="T", label_zh="T")
        CrimeType.objects.create(code="t.a", label_en="A", label_zh="A", parent_id="t")
        figure = make_figure(published)
        figure.crime_types.set(["t.a"])
        commit()
        CrimeType.objects.filter(pk="t").update(parent="fraud")
        commit()
        assert row(figure).crime_type == ["fraud", "t", "t.a"]

    def test_a_place_that_changes_its_prefecture(self, published, commit):
        Place.objects.create(code="349999", level="county", parent_id="340100", name_en="T", name_zh="T")
        published.places.set(["349999"])
        commit()
        Place.objects.filter(pk="349999").update(parent="110000")
        commit()
        assert (row(published).place, row(published).province) == (["110000", "349999"], ["beijing"])

    def test_the_slug_of_a_province_reaches_its_counties(self, published, commit):
        Place.objects.create(code="990000", level="province", slug="old", name_en="T", name_zh="T")
        Place.objects.create(code="990100", level="prefecture", parent_id="990000", name_en="T", name_zh="T")
        published.places.set(["990100"])
        commit()
        Place.objects.filter(pk="990000").update(slug="new")
        commit()
        assert row(published).province == ["new"]

    def test_the_year_of_a_campaign(self, published, commit):
        campaign = make_campaign(year=2018)
        mention(published, campaign)
        commit()
        Campaign.objects.filter(pk=campaign.pk).update(year=2019)
        commit()
        assert row(published).year == ["2019"]


class TestMoving:
    def test_a_case_takes_its_figures_along(self, published, commit):
        other = make_announcement(status="published", language="zh")
        case = make_case(published)
        figure = make_figure(published, case=case)
        commit()
        move(case, other)
        commit()
        assert (row(case).announcement_id, row(figure).announcement_id) == (other.pk, other.pk)
        assert (row(case).language, row(figure).language) == ("zh", "zh")
        assert rows_differ([published.pk, other.pk]) == {}

    def test_to_where_it_is_not_public(self, published, commit):
        case = make_case(published)
        commit()
        move(case, make_announcement())
        commit()
        assert not CaseRow.objects.filter(pk=case.pk).exists()


def move(case: TypicalCase, to: Announcement) -> None:
    """Give a case and what belongs to it to another announcement."""
    number = 1000 + case.pk
    TypicalCase.objects.filter(pk=case.pk).update(announcement=to, number=number, same_as=None)
    CasePlace.objects.filter(case=case).update(announcement=to)
    for figure in Figure.objects.filter(case=case):
        Figure.objects.filter(pk=figure.pk).update(announcement=to, ref=f"m{figure.pk}", part_of=None)
        figure.spans.all().delete()
        Figure.objects.filter(part_of=figure).update(part_of=None)


# --- every table that a row is made of -----------------------------------------------------------------------------


@pytest.fixture
def w(published, commit):
    """Make a published record with one row in every table that search rows are made of."""
    w = SimpleNamespace(a=published, publisher=published.publisher)
    w.bare = make_announcement(status="published")
    w.campaign, w.campaign_2 = make_campaign(year=2018), make_campaign(year=2019)
    w.mention = mention(w.a, w.campaign)
    w.case = make_case(w.a, heading="Told")
    w.figure = make_figure(w.a, campaign=w.campaign, measure_id="websites_listed", unit="websites")
    CrimeType.objects.create(code="t", label_en="T", label_zh="T")  # of its own: others have much to refresh
    w.case_place = CasePlace.objects.create(announcement=w.a, case=w.case, place_id="340100", role="arrest")
    for owner in (w.a, w.figure):
        owner.places.set(["340100"])
    for owner in (w.a, w.case, w.figure):
        owner.crime_types.set(["t"])
    w.bare_case, w.bare_figure = make_case(w.a), make_figure(w.a)
    w.text = texts.attach(w.a, "arrested more than 33,000 suspects in the Hefei affair").version
    w.passage = Span.objects.create(announcement=w.a, case=w.case, target="text", text_version=w.text, start=35, end=54)
    w.campaign_name = CampaignName.objects.create(campaign=w.campaign, name="Sweep", language="en", script="Latn")
    w.place_name = PlaceName.objects.create(place_id="340100", name="Hofei")
    commit()
    return w


def pairs_of(owner: Any, relation: str) -> Any:
    field = getattr(type(owner), relation).field
    return field.remote_field.through.objects.filter(**{field.m2m_column_name(): owner.pk})


# Table → a write to it alone, which shows in some row.
WRITES: dict[str, list[Callable[[Any], Any]]] = {
    "cases_announcement": [
        lambda w: make_announcement(status="published", publisher=w.publisher),
        lambda w: Announcement.objects.filter(pk=w.a.pk).update(title="Another title"),
        lambda w: Announcement.objects.filter(pk=w.bare.pk)._raw_delete("default"),
    ],
    "cases_typicalcase": [
        lambda w: make_case(w.a),
        lambda w: TypicalCase.objects.filter(pk=w.case.pk).update(heading="Told otherwise"),
        lambda w: TypicalCase.objects.filter(pk=w.bare_case.pk)._raw_delete("default"),
    ],
    "cases_figure": [
        lambda w: make_figure(w.a),
        lambda w: Figure.objects.filter(pk=w.figure.pk).update(note="Counted anew"),
        lambda w: Figure.objects.filter(pk=w.bare_figure.pk)._raw_delete("default"),
    ],
    "cases_campaignmention": [
        lambda w: mention(w.a, w.campaign_2),
        lambda w: CampaignMention.objects.filter(pk=w.mention.pk).update(aliases=["Sweep"]),
        lambda w: CampaignMention.objects.filter(pk=w.mention.pk)._raw_delete("default"),
    ],
    "cases_caseplace": [
        lambda w: CasePlace.objects.create(announcement=w.a, case=w.case, place_id="110000", role="arrest"),
        lambda w: CasePlace.objects.filter(pk=w.case_place.pk).update(role="scene"),
        lambda w: CasePlace.objects.filter(pk=w.case_place.pk)._raw_delete("default"),
    ],
    "cases_announcement_places": [
        lambda w: w.a.places.add("110000"),
        lambda w: pairs_of(w.a, "places").update(place="110000"),
        lambda w: w.a.places.clear(),
    ],
    "cases_announcement_crime_types": [
        lambda w: w.a.crime_types.add("gambling"),
        lambda w: pairs_of(w.a, "crime_types").update(crimetype="gambling"),
        lambda w: w.a.crime_types.clear(),
    ],
    "cases_typicalcase_crime_types": [
        lambda w: w.case.crime_types.add("gambling"),
        lambda w: pairs_of(w.case, "crime_types").update(crimetype="gambling"),
        lambda w: w.case.crime_types.clear(),
    ],
    "cases_figure_places": [
        lambda w: w.figure.places.add("110000"),
        lambda w: pairs_of(w.figure, "places").update(place="110000"),
        lambda w: w.figure.places.clear(),
    ],
    "cases_figure_crime_types": [
        lambda w: w.figure.crime_types.add("gambling"),
        lambda w: pairs_of(w.figure, "crime_types").update(crimetype="gambling"),
        lambda w: w.figure.crime_types.clear(),
    ],
    "cases_textversion": [
        lambda w: TextVersion.objects.create(announcement=w.a, n=2, text="other words", language="en"),
        lambda w: TextVersion.objects.filter(pk=w.text.pk).update(display="hidden"),
    ],
    "cases_span": [
        lambda w: Span.objects.create(
            announcement=w.a, case=w.bare_case, target="text", text_version=w.text, start=35, end=54
        ),
        lambda w: Span.objects.filter(pk=w.passage.pk).update(start=0),
        lambda w: Span.objects.filter(pk=w.passage.pk)._raw_delete("default"),
    ],
    "cases_publisher": [lambda w: Publisher.objects.filter(pk=w.publisher.pk).update(name="Another Gazette")],
    "cases_measure": [lambda w: Measure.objects.filter(pk="websites_listed").update(label_en="Named")],
    "cases_campaign": [
        lambda w: Campaign.objects.filter(pk=w.campaign.pk).update(year=2020),
        lambda w: Campaign.objects.filter(pk=w.campaign.pk).update(parent=w.campaign_2),
    ],
    "cases_campaignname": [
        lambda w: CampaignName.objects.create(campaign=w.campaign, name="Broom", language="en", script="Latn"),
        lambda w: CampaignName.objects.filter(pk=w.campaign_name.pk).update(name="Broom"),
        lambda w: CampaignName.objects.filter(pk=w.campaign_name.pk)._raw_delete("default"),
    ],
    "cases_crimetype": [lambda w: CrimeType.objects.filter(pk="t").update(label_en="Deceit")],
    "cases_place": [
        lambda w: Place.objects.filter(pk="340100").update(name_en="Luzhou"),
        lambda w: Place.objects.filter(pk="340000").update(slug="wan"),
    ],
    "cases_placename": [
        lambda w: PlaceName.objects.create(place_id="340000", name="Wan"),
        lambda w: PlaceName.objects.filter(pk=w.place_name.pk).update(name="Luzhou fu"),
        lambda w: PlaceName.objects.filter(pk=w.place_name.pk)._raw_delete("default"),
    ],
}


def test_the_table_above_knows_every_source():
    marked = query("select distinct tgrelid::regclass::text from pg_trigger where tgname like 'stale\\_%'")
    assert {name for (name,) in marked} == set(WRITES)


@pytest.mark.parametrize("name", WRITES)
def test_a_write_to_one_table_alone_shows(w, commit, subtests, name):
    ids = f"'{{{w.a.pk},{w.bare.pk}}}'"
    every_row = " union all ".join(
        f"select t::text from {table} t where announcement_id = any({ids})" for table in ROWS
    )
    every_row += f" union all select t::text from cases_announcementrow t where publisher = '{w.publisher.slug}'"
    for i, write in enumerate(WRITES[name], 1):
        with subtests.test(name, write=i), transaction.atomic():
            before = sorted(query(every_row))
            write(w)
            commit()
            assert sorted(query(every_row)) != before
            assert rows_differ([w.a.pk, w.bare.pk]) == {}
            transaction.set_rollback(True)


# --- whatever is written -------------------------------------------------------------------------------------------


class World:
    """A few records and vocabularies of their own, and everything that may happen to them."""

    def __init__(self, draw: Any) -> None:
        self.draw = draw
        self.publishers = [make_publisher(), make_publisher()]
        for code, level, parent in (
            ("990000", "province", None),
            ("980000", "province", None),
            ("990100", "prefecture", "990000"),
            ("980100", "prefecture", "980000"),
            ("990101", "county", "990100"),
        ):
            slug = f"test-{code}" if parent is None else None
            Place.objects.create(code=code, level=level, parent_id=parent, slug=slug, name_en=code, name_zh="地方")
        self.places = ["000000", "990000", "980000", "990100", "980100", "990101"]
        for code in ("t", "t.a", "u"):
            CrimeType.objects.create(code=code, label_en=code, label_zh="罪", parent_id="t" if code == "t.a" else None)
        self.crimes = ["t", "t.a", "u"]
        self.campaigns = [make_campaign(year=year) for year in (2018, 2019, None)]
        Measure.objects.create(code="test", label_en="Test", label_zh="试", units=["persons"])
        self.announcements = [
            make_announcement(publisher=self.publishers[0], status=status)
            for status in ("published", "published", "draft")
        ]
        self.ids = [a.pk for a in self.announcements]
        for a in self.announcements:
            case = make_case(a)
            for figure in (make_figure(a), make_figure(a, case=case)):
                figure.places.set(self.some(self.places))

    def one(self, of: Any) -> Any:
        return self.draw(st.sampled_from(list(of)))

    def some(self, of: Any) -> list[Any]:
        return self.draw(st.lists(st.sampled_from(list(of)), unique=True, max_size=3))

    def announcement(self) -> Announcement | None:
        found = Announcement.objects.filter(pk__in=self.ids).order_by("pk")
        return self.one(found) if found else None

    def case(self) -> TypicalCase | None:
        found = TypicalCase.objects.filter(announcement__in=self.ids).order_by("pk")
        return self.one(found) if found else None

    def figure(self) -> Figure | None:
        found = Figure.objects.filter(announcement__in=self.ids).order_by("pk")
        return self.one(found) if found else None

    # Each returns nothing and may find nothing to do.

    def enter(self) -> None:
        a = make_announcement(publisher=self.one(self.publishers), status=self.one(["draft", "published"]))
        self.ids.append(a.pk)
        self.announcements.append(a)

    def edit(self) -> None:
        a = self.announcement()
        if a:
            a.title = self.one(["One title", "另一个标题"])
            a.kind, a.language = self.one(["report", "feature"]), self.one(["en", "zh"])
            a.published = self.one([None, "2018", "2018-09-07", "2019-01/2019-03"])
            a.publisher = self.one(self.publishers)
            a.save()

    def publish_or_not(self) -> None:
        status = self.one(["published", "draft", "in_review", "withdrawn"])
        which = Announcement.objects.filter(pk__in=self.ids)
        if self.draw(st.booleans()) and (a := self.announcement()):
            which = which.filter(pk=a.pk)
        which.update(status=status)

    def delete(self) -> None:
        found = self.one([self.announcement, self.case, self.figure])()
        if isinstance(found, Announcement) and found.published_versions.exists():
            return  # what was public is kept
        if found:
            found.delete()

    def add(self) -> None:
        a = self.announcement()
        if a and self.draw(st.booleans()):
            number = max([0, *a.cases.values_list("number", flat=True)]) + 1
            make_case(a, number=number, heading="Test")
        elif a:
            make_figure(
                a, ref=f"n{Figure.objects.order_by('-pk').first().pk}", campaign=self.one([None, *self.campaigns])
            )

    def scope(self) -> None:
        found = self.one([self.announcement, self.case, self.figure])()
        if isinstance(found, TypicalCase):
            CasePlace.objects.filter(case=found).delete()
            CasePlace.objects.bulk_create(
                CasePlace(
                    announcement_id=found.announcement_id, case=found, place_id=code, role=self.one(["arrest", "scene"])
                )
                for code in self.some(self.places)
            )
        elif found:
            found.places.set(self.some(self.places))
        if found:
            found.crime_types.set(self.some(self.crimes))

    def mention(self) -> None:
        a = self.announcement()
        if a:
            CampaignMention.objects.filter(announcement=a).delete()
            for campaign in self.some(self.campaigns):
                mention(a, campaign, aliases=["Net", "净网"])

    def claim(self) -> None:
        figure = self.figure()
        if figure:
            figure.case = self.one(
                [None, *TypicalCase.objects.filter(announcement=figure.announcement_id).order_by("pk")]
            )
            figure.campaign = self.one([None, *self.campaigns])
            figure.measure_id = self.one(["suspects_arrested", "test"])
            figure.value, figure.note = self.one([33000, 7]), self.one(["", "A note."])
            figure.save()

    def move(self) -> None:
        case, to = self.case(), self.announcement()
        if case and to and case.announcement_id != to.pk:
            move(case, to)

    def attach(self) -> None:
        a = self.announcement()
        if a:
            texts.attach(a, self.one(["arrested more than 33,000 suspects", "逮捕多人。"]))
        which = TextVersion.objects.filter(announcement__in=self.ids)
        self.one(
            [
                lambda: None,
                lambda: which.update(display=self.one(["hidden", "excerpt", "full"])),
                lambda: which.update(text="", redacted_reason="personal data"),
            ]
        )()

    def hang_elsewhere(self) -> None:
        self.one(
            [
                lambda: Place.objects.filter(pk="990101").update(parent=self.one(["990100", "980100", "980000"])),
                lambda: Place.objects.filter(pk="990100").update(parent=self.one(["990000", "980000"])),
                lambda: CrimeType.objects.filter(pk="t.a").update(parent=self.one([None, "t", "u"])),
                lambda: CrimeType.objects.filter(pk="t").update(parent=self.one([None, "u"])),
                lambda: Campaign.objects.filter(pk=self.campaigns[0].pk).update(
                    parent=self.one([None, self.campaigns[1]])
                ),
                lambda: Campaign.objects.filter(pk=self.campaigns[1].pk).update(
                    parent=self.one([None, self.campaigns[2]])
                ),
            ]
        )()

    def rename(self) -> None:
        self.one(
            [
                lambda: Place.objects.filter(pk="990000").update(slug=self.one(["test-990000", "renamed"])),
                lambda: Place.objects.filter(pk="990100").update(name_en=self.one(["Tianxia", "Putian"])),
                lambda: PlaceName.objects.create(place_id="990000", name=f"Name {PlaceName.objects.count()}"),
                lambda: PlaceName.objects.filter(place__in=self.places).delete(),
                lambda: CrimeType.objects.filter(pk="t").update(label_en=self.one(["Theft", "Fraud"])),
                lambda: Campaign.objects.filter(pk=self.campaigns[0].pk).update(year=self.one([None, 2018, 2020])),
                lambda: Campaign.objects.filter(pk=self.campaigns[1].pk).update(name_zh=self.one(["净网", "护苗"])),
                lambda: CampaignName.objects.create(
                    campaign=self.campaigns[2], name=f"N{CampaignName.objects.count()}", language="en", script="Latn"
                ),
                lambda: CampaignName.objects.filter(campaign__in=self.campaigns).delete(),
                lambda: Publisher.objects.filter(pk=self.publishers[0].pk).update(slug=self.one(["pub-a", "pub-b"])),
                lambda: Publisher.objects.filter(pk=self.publishers[0].pk).update(
                    name=self.one(["Gazette", "Courier"])
                ),
                lambda: Measure.objects.filter(pk="test").update(label_en=self.one(["Counted", "Tried"])),
            ]
        )()

    def publish(self) -> None:
        """As the desk does it: with a version of what is public, kept."""
        a = self.announcement()
        if a and a.revises_id is None:
            publishing.publish(a, by=None, reason="test")

    def named(self, a: Announcement) -> Announcement:
        """Let a record name the campaigns that its figures belong to, as every record of an interchange does."""
        lacking = Figure.objects.filter(announcement=a, campaign__isnull=False).exclude(campaign__in=a.campaigns.all())
        for slug in lacking.values_list("campaign", flat=True).distinct():
            mention(a, Campaign.objects.get(pk=slug))
        return a

    def revise(self) -> None:
        live = Announcement.objects.filter(pk__in=self.ids, status="published", revises=None).order_by("pk").first()
        if live and self.named(live):
            copy = drafts.start_copy(live)
            copy.title = self.one(["Revised title", "修订后的标题"])
            copy.save()
            copy.places.set(self.some(self.places))
            connection.check_constraints()
            drafts.publish(copy, by=None, reason="test")

    def import_(self) -> None:
        """The records of an announcement, changed or under another key, all written by one import."""
        a = self.announcement()
        if a and self.named(a):
            record = writer.to_record(writer.prefetched(Announcement.objects.filter(pk=a.pk)).get())
            record["key"] = self.one([a.key, f"{a.key}i"])
            record["title"] = self.one(["Imported title", "导入的标题"])
            record["figures"] = record["figures"][: self.one([0, 1, 9])]
            for figure in record["figures"]:
                figure["case"] = None
            record["cases"], record["reports_on"] = self.one([[], record["cases"]]), None
            with TemporaryDirectory() as folder:
                (Path(folder) / f"{record['key']}.json").write_text(json.dumps(record), encoding="utf-8")
                report = import_records([Path(folder)])
            assert not report.problems
            self.ids += (
                Announcement.objects.filter(key=record["key"]).exclude(pk__in=self.ids).values_list("pk", flat=True)
            )

    def act(self) -> None:
        operation = self.one(OPERATIONS)
        operation(self)


OPERATIONS = [
    *(World.enter, World.edit, World.publish_or_not, World.delete, World.add, World.scope, World.mention, World.claim),
    *(World.move, World.attach, World.hang_elsewhere, World.rename, World.publish, World.revise, World.import_),
]


@contextmanager
def undone():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def check_whatever_is_written(data: Any, problems: Callable[[], list[str]] = list) -> None:
    """Let some things happen, commit, and so on; the records concerned must have the right rows each time.

    `problems` says what else does not hold after each commit.
    """
    world = World(data.draw)
    for writes in data.draw(st.lists(st.integers(1, 4), min_size=1, max_size=4)):
        for _ in range(writes):
            world.act()
        connection.check_constraints()  # as a commit does
        assert rows_differ(world.ids) == {}
        assert public_of_the_unpublished() == []
        assert query("select * from cases_stale") == []
        assert problems() == []
    assert totals_differ() == []


LONG = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


def recounted() -> list[str]:
    """Return what `manage.py verify` says of search: the whole archive, counted anew the slow way."""
    checks = (verify.search_rows, verify.node_words, verify.totals, verify.nothing_stale)
    return [problem for check in checks for problem in check()]


@settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=LONG, phases=[Phase.generate])
@given(data=st.data())
def test_whatever_is_written_rows_follow(data):
    with undone():
        check_whatever_is_written(data)


@settings(max_examples=2, deadline=None, derandomize=True, suppress_health_check=LONG, phases=[Phase.generate])
@given(data=st.data())
def test_whatever_is_written_the_archive_recounts_the_same(data):
    with undone():
        check_whatever_is_written(data)
        assert recounted() == []


@pytest.mark.trust
@settings(max_examples=40, deadline=None, suppress_health_check=LONG)
@given(data=st.data())
def test_whatever_is_written_rows_follow_at_length(data):
    """And nothing else in the archive has changed by it."""
    with undone():
        check_whatever_is_written(data, recounted)
        assert rows_differ() == {}
        assert words_differ() == []
