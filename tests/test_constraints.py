"""What the database itself refuses, whoever writes: every named constraint, with rows that no form has looked at."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import DatabaseError, DataError, IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import NumericRange
from django.db.models import F, GeneratedField, Model

from cases.models import (
    Announcement,
    CampaignName,
    CasePlace,
    CrimeType,
    Decision,
    ErrorReport,
    Figure,
    Measure,
    PastedText,
    Place,
    PlaceName,
    PublishedVersion,
    Release,
    ReleaseReport,
    Span,
    TextVersion,
    Tombstone,
    Transition,
    TypicalCase,
    Verdict,
)
from tests.factories import (
    make_announcement,
    make_campaign,
    make_case,
    make_figure,
    make_publisher,
    mention,
    place,
)

pytestmark = pytest.mark.django_db

TEXT = "In 2018 police arrested more than 33,000 suspects, said the ministry; in Hefei 12."


@pytest.fixture
def w() -> SimpleNamespace:
    """Make one valid row of everything, and a second announcement beside it."""
    w = SimpleNamespace()
    w.publisher, w.publisher_2 = make_publisher(), make_publisher()
    w.a = make_announcement(publisher=w.publisher, status="published", title="Police arrested 12 in Hefei")
    w.a2 = make_announcement(publisher=w.publisher, status="published")
    w.draft = make_announcement(revises=w.a)
    w.campaign, w.campaign_2 = make_campaign(), make_campaign()
    w.mention = mention(w.a, w.campaign)
    w.campaign_name = CampaignName.objects.create(campaign=w.campaign, name="Net", language="en", script="Latn")
    w.release = Release.objects.create(fullest=w.a)
    w.report = ReleaseReport.objects.create(announcement=w.a, release=w.release)
    w.case, w.case_2, w.case_of_a2 = make_case(w.a), make_case(w.a), make_case(w.a2)
    w.case_place = CasePlace.objects.create(announcement=w.a, case=w.case, place_id="340100", role="arrest")
    w.figure, w.figure_2, w.figure_of_a2 = make_figure(w.a), make_figure(w.a), make_figure(w.a2)
    w.money = make_figure(w.a, measure_id="money_frozen", unit="CNY", value=5, qualifier="exact", phrase="5 yuan")
    w.percent = make_figure(
        w.a, measure_id="change_percent", unit="percent", value=-3, qualifier="exact", phrase="fell by 3 percent"
    )
    w.text = TextVersion.objects.create(announcement=w.a, n=1, text=TEXT, language="en")
    w.text.refresh_from_db()
    w.text_of_a2 = TextVersion.objects.create(announcement=w.a2, n=1, text=TEXT, language="en")
    start = TEXT.index("arrested")
    end = start + len(w.figure.phrase)
    w.span = Span.objects.create(
        announcement=w.a,
        figure=w.figure,
        target="text",
        text_version=w.text,
        start=start,
        end=end,
        phrase=w.figure.phrase,
    )
    w.case_span = Span.objects.create(announcement=w.a, case=w.case, target="text", text_version=w.text, start=0, end=9)
    w.place_span = Span.objects.create(
        announcement=w.a, place_id="340100", target="title", start=22, end=27, phrase="Hefei"
    )
    w.crime_type = CrimeType.objects.create(code="test", label_en="Test", label_zh="试")
    w.crime_type_below = CrimeType.objects.create(
        code="test.below", label_en="Below", label_zh="下", parent=w.crime_type
    )
    w.measure = Measure.objects.create(code="test", label_en="Test", label_zh="试", units=["persons"])
    w.place_name = PlaceName.objects.create(place_id="340100", name="Hofei")
    w.tombstone = Tombstone.objects.create(kind="figure", record_id=9_000_000, reason="entered twice")
    w.version = PublishedVersion.objects.create(announcement=w.a, n=1, body="{}", sha256="0" * 64, reason="test")
    w.person = get_user_model().objects.create(username="somebody")
    w.draft.authors.add(w.person)
    w.step = Transition.objects.create(
        announcement=w.a, step="publish", source="in_review", target="published", by=w.person
    )
    w.decision = Decision.objects.create(a=w.figure, b=w.figure_2, action="part", reason="because")
    told = {"a_announcement_id": w.a.pk, "b_announcement_id": w.a2.pk, "measure": "suspects_arrested"}
    found = {"basis": "release", "verdict": "agree", "how": "same", "assumed": [], "year": [], "publisher": []}
    w.verdict = Verdict.objects.create(a=w.money, b=w.percent, found_at=w.step.at, **told, **found)
    w.error = ErrorReport.objects.create(kind="figure", record_id=w.figure.pk, version=1, message="It is 12")
    return w


def change(row: Model, **values: Any) -> None:
    """Update a row past `save`, `clean` and every form."""
    assert type(row)._base_manager.filter(pk=row.pk).update(**values) == 1


def again(row: Model, **values: Any) -> None:
    """Insert a copy of a row, with other values, past `save`, `clean` and every form."""
    columns = {
        f.attname: getattr(row, f.attname)
        for f in row._meta.concrete_fields
        if not isinstance(f, GeneratedField) and not (f.primary_key and f.name == "id")
    }
    type(row)._base_manager.bulk_create([type(row)(**columns | values)])


def sql(statement: str, *parameters: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


@contextmanager
def committing(commit: Callable[[], None]) -> Iterator[None]:
    """Run a block as a transaction that is then committed, so that what is checked at its end is checked."""
    with transaction.atomic():
        yield
        commit()


def interval(low: float | None, high: float | None, bounds: str) -> NumericRange:
    return NumericRange(*(None if n is None else Decimal(n) for n in (low, high)), bounds)


# Constraint → what it must refuse. `w` is the fixture above.
Write = Callable[[SimpleNamespace], Any]
REFUSED: dict[str, list[Write]] = {
    # Publishers
    "publisher_has_name": [lambda w: change(w.publisher, name=""), lambda w: change(w.publisher, name=" \n\u3000")],
    "publisher_kind_known": [lambda w: change(w.publisher, kind="blog"), lambda w: change(w.publisher, kind="")],
    "publisher_country_two_letters": [
        lambda w: change(w.publisher, country="cn"),
        lambda w: change(w.publisher, country="C"),
        lambda w: change(w.publisher, country=""),
    ],
    "Publisher.slug": [lambda w: again(w.publisher, name="Another")],
    "Publisher.name": [lambda w: again(w.publisher, slug="another")],
    # Releases
    "release_reported_once": [lambda w: again(w.report, role="copy")],
    "report_role_known": [lambda w: change(w.report, role="author"), lambda w: change(w.report, role="")],
    # Announcements
    "Announcement.key": [lambda w: again(w.a)],
    "announcement_key_is_plain": [
        lambda w: again(w.a, key=""),
        lambda w: again(w.a, key="a b"),
        lambda w: again(w.a, key="a/b"),
        lambda w: again(w.a, key=".hidden"),
        lambda w: again(w.a, key="净网"),
        lambda w: again(w.a, key="r1\n"),
    ],
    "announcement_has_title": [lambda w: change(w.a, title=""), lambda w: change(w.a, title="\u3000\t ")],
    "announcement_kind_known": [lambda w: change(w.a, kind="blog"), lambda w: change(w.a, kind="Report")],
    "announcement_language_known": [lambda w: change(w.a, language="xx"), lambda w: change(w.a, language="")],
    "announcement_translation_known": [lambda w: change(w.a, translation=""), lambda w: change(w.a, translation="AI")],
    "announcement_status_known": [lambda w: change(w.a, status="public"), lambda w: change(w.a, status="")],
    "announcement_version_from_one": [lambda w: change(w.a, version=0)],
    "announcement_url_is_http": [
        lambda w: change(w.a, url=""),
        lambda w: change(w.a, url="javascript:alert(1)"),
        lambda w: change(w.a, url="ftp://example.org/"),
        lambda w: change(w.a, url="http://"),
        lambda w: change(w.a, url="https://example.org/a b"),
        lambda w: change(w.a, url="https://example.org/\nhttps://example.org/"),
    ],
    "announcement_archived_url_is_http": [
        lambda w: change(w.a, archived_url=""),
        lambda w: change(w.a, archived_url="javascript:alert(1)"),
        lambda w: change(w.a, archived_url="web.archive.org/x"),
    ],
    "announcement_copy_is_a_draft": [
        lambda w: change(w.draft, status="published"),
        lambda w: change(w.draft, status="withdrawn"),
        lambda w: change(w.draft, revises=w.draft),
    ],
    "announcement_copy_is_of_a_version": [
        lambda w: change(w.draft, revises_version=None),
        lambda w: change(w.a, revises_version=1),
    ],
    "announcement_one_copy_at_a_time": [lambda w: again(w.draft, key="second-copy")],
    "announcement.key_is_for_ever": [lambda w: change(w.a, key="another"), lambda w: change(w.draft, key="another")],
    "announcement.spans_still_stand": [
        lambda w: change(w.a, title="Police arrested 12 in Wuhan"),
        lambda w: change(w.a, title="Hefei"),
    ],
    # Cases
    "case_number_once_per_announcement": [lambda w: change(w.case_2, number=w.case.number)],
    "case_of_announcement": [lambda w: again(w.case, id=w.case.pk, number=7)],
    "case_number_from_one": [lambda w: change(w.case, number=0)],
    "case_has_heading": [lambda w: change(w.case, heading=""), lambda w: change(w.case, heading=" \n ")],
    "case_not_same_as_itself": [lambda w: change(w.case, same_as=w.case)],
    "typicalcase.same_as_without_chain": [
        lambda w: (
            change(w.case_2, same_as=w.case_of_a2),
            change(w.case_of_a2, same_as=make_case(make_announcement())),
        ),
        lambda w: (
            change(w.case_of_a2, same_as=make_case(make_announcement())),
            change(w.case_2, same_as=w.case_of_a2),
        ),
        lambda w: (change(w.case, same_as=w.case_of_a2), change(w.case_of_a2, same_as=w.case)),
        lambda w: change(w.case, same_as=w.case_2),
        lambda w: (change(w.case_2, same_as=w.case_of_a2), change(w.case_2, announcement=w.a2, number=9)),
        lambda w: (change(w.case_2, same_as=w.case_of_a2), change(w.case_of_a2, announcement=w.a, number=9)),
    ],
    "case_place_once_per_role": [lambda w: again(w.case_place)],
    "case_place_role_known": [lambda w: change(w.case_place, role="birth"), lambda w: change(w.case_place, role="")],
    "case_place_of_same_announcement": [
        lambda w: change(w.case_place, announcement=w.a2),
        lambda w: change(w.case_place, case=w.case_of_a2),
    ],
    # Figures
    "figure_ref_once_per_announcement": [lambda w: change(w.figure_2, ref=w.figure.ref)],
    "figure_of_announcement": [lambda w: again(w.figure, id=w.figure.pk, ref="f99")],
    "figure_ref_is_plain": [
        lambda w: change(w.figure, ref=""),
        lambda w: change(w.figure, ref="f 1"),
        lambda w: change(w.figure, ref="f/1"),
        lambda w: change(w.figure, ref="f1\n"),
    ],
    "figure_qualifier_known": [lambda w: change(w.figure, qualifier="over"), lambda w: change(w.figure, qualifier="")],
    "figure_unit_known": [lambda w: change(w.figure, unit="people"), lambda w: change(w.money, unit="RMB")],
    "figure_has_phrase": [lambda w: change(w.figure_2, phrase=""), lambda w: change(w.figure_2, phrase=" \n")],
    "figure_step_positive": [lambda w: change(w.figure, step=0), lambda w: change(w.figure, step=-1000)],
    "figure_count_not_negative": [
        lambda w: change(w.money, value=-5, interval=interval(-5, -5, "[]")),
        lambda w: change(w.figure, value=-33000, interval=interval(-34000, -33000, "(]")),
    ],
    "figure_numbers_are_numbers": [
        lambda w: sql("update cases_figure set value = 'NaN' where id = %s", w.money.pk),
        lambda w: sql("update cases_figure set step = 'NaN' where id = %s", w.money.pk),
        lambda w: sql("update cases_figure set qualifier = 'range', value_high = 'NaN' where id = %s", w.money.pk),
    ],
    "figure_upper_value_of_a_range": [
        lambda w: change(w.money, value_high=6),
        lambda w: change(w.money, qualifier="range"),
        lambda w: change(w.money, qualifier="range", value_high=4),
    ],
    "figure_interval_follows_the_rule": [
        lambda w: change(w.figure, value=34000),
        lambda w: change(w.figure, qualifier="nearly"),
        lambda w: change(w.figure, step=100),
        lambda w: change(w.figure, interval=interval(33000, 34000, "[]")),
        lambda w: change(w.figure, interval=interval(33000, None, "[)")),
        lambda w: change(w.percent, qualifier="up_to", interval=interval(None, -3, "(]")),
    ],
    "figure_interval_not_empty": [
        lambda w: change(w.figure, qualifier="several", interval=NumericRange(empty=True)),
        lambda w: change(w.figure, qualifier="several", interval=interval(3, 3, "()")),
    ],
    "figure_base_period_is_date": [
        lambda w: change(w.percent, base_period="last year"),
        lambda w: change(w.percent, base_period="2018-02-30"),
    ],
    "figure_preferred_with_reason": [
        lambda w: change(w.figure, preferred=True),
        lambda w: change(w.figure, preferred=True, preferred_reason="  "),
        lambda w: change(w.figure, preferred=False, preferred_reason="Printed by the ministry itself"),
    ],
    "figure_not_part_of_itself": [lambda w: change(w.figure, part_of=w.figure)],
    "figure_converted_is_money": [
        lambda w: change(w.money, converted_from=w.money),
        lambda w: change(w.figure, converted_from=w.money),
    ],
    "figure_of_measure_is_percentage": [
        lambda w: change(w.figure, of_measure_id="suspects_arrested"),
        lambda w: change(w.figure, base_period="2017"),
    ],
    "figure_case_of_same_announcement": [
        lambda w: change(w.figure_2, case=w.case_of_a2),
        lambda w: (change(w.figure_2, case=w.case_2), change(w.case_2, announcement=w.a2, number=9)),
    ],
    "figure_part_of_same_announcement": [lambda w: change(w.figure, part_of=w.figure_of_a2)],
    "figure_converted_from_same_announcement": [lambda w: change(w.money, converted_from=w.figure_of_a2)],
    "figure.part_of_without_circle": [
        lambda w: (change(w.figure, part_of=w.figure_2), change(w.figure_2, part_of=w.figure)),
        lambda w: (
            change(w.figure, part_of=w.figure_2),
            change(w.figure_2, part_of=w.money),
            change(w.money, part_of=w.figure),
        ),
    ],
    "figure.unit_of_measure": [
        lambda w: change(w.figure, unit="CNY"),
        lambda w: change(w.figure, measure_id="money_frozen"),
        lambda w: again(w.figure, ref="f99", unit="websites"),
    ],
    "measure.units_still_stand": [
        lambda w: sql("update cases_measure set units = array['cases'] where code = 'suspects_arrested'"),
    ],
    "unfounded.phrase_stands_in_a_text": [
        lambda w: (
            Span.objects.filter(pk=w.span.pk).delete(),
            change(w.figure, phrase="arrested more than 34,000 suspects"),
        ),
        lambda w: again(w.figure, ref="f99", phrase="arrested more than 34,000 suspects"),
        lambda w: change(make_figure(make_announcement(), phrase="33,001"), announcement=w.a, ref="f99"),
        # A later text without the words leaves what was written before; what is written now must stand in one.
        lambda w: (
            TextVersion.objects.create(announcement=w.a, n=2, text="Nothing of it.", language="en"),
            again(w.figure, ref="f99", phrase="arrested more than 34,000 suspects"),
        ),
    ],
    "figure.spans_still_stand": [
        lambda w: change(w.figure, phrase="arrested more than 34,000 suspects"),
        lambda w: change(w.figure, phrase="more than 33,000 suspects"),
    ],
    # Campaigns
    "campaign_has_name": [lambda w: change(w.campaign, name_en=""), lambda w: change(w.campaign, name_en=" ")],
    "campaign_year_plausible": [lambda w: change(w.campaign, year=18), lambda w: change(w.campaign, year=20180)],
    "campaign_start_is_date": [
        lambda w: change(w.campaign, start="spring"),
        lambda w: change(w.campaign, start="2018-13"),
    ],
    "campaign_end_is_date": [lambda w: change(w.campaign, end="2018-11-31"), lambda w: change(w.campaign, end="../..")],
    "campaign_ends_after_it_starts": [
        lambda w: change(w.campaign, start="2018-08", end="2018-07"),
        lambda w: change(w.campaign, start="2018-08-02/..", end="2018-08-01"),
    ],
    "campaign_not_its_own_parent": [
        lambda w: again(w.campaign, slug="own-parent", parent_id="own-parent"),
    ],
    "campaign.path": [
        lambda w: change(w.campaign, parent=w.campaign),
        lambda w: (change(w.campaign, parent=w.campaign_2), change(w.campaign_2, parent=w.campaign)),
    ],
    "campaign_name_once": [lambda w: again(w.campaign_name, note="again")],
    "campaign_name_not_empty": [lambda w: change(w.campaign_name, name=" ")],
    "campaign_name_language_and_script_known": [
        lambda w: change(w.campaign_name, language="fr"),
        lambda w: change(w.campaign_name, script="Cyrl"),
        lambda w: change(w.campaign_name, script=""),
    ],
    "campaign_mentioned_once": [lambda w: again(w.mention, start="2018")],
    "mention_start_is_date": [lambda w: change(w.mention, start="2018/2017")],
    "mention_end_is_date": [lambda w: change(w.mention, end="tomorrow")],
    "mention_ends_after_it_starts": [lambda w: change(w.mention, start="2019", end="2018-12-31~")],
    "mention_not_its_own_parent": [lambda w: change(w.mention, parent=w.campaign)],
    # Crime types, measures, places
    "crime_type_code_is_dotted_slug": [
        lambda w: again(w.crime_type, code="a b"),
        lambda w: again(w.crime_type, code="a..b"),
        lambda w: again(w.crime_type, code="Fraud"),
        lambda w: again(w.crime_type, code=""),
    ],
    "crime_type_has_labels": [
        lambda w: change(w.crime_type, label_en=" "),
        lambda w: change(w.crime_type, label_zh="\u3000"),
    ],
    "crime_type_not_its_own_parent": [lambda w: again(w.crime_type, code="own", parent_id="own")],
    "crimetype.path": [
        lambda w: change(w.crime_type, parent=w.crime_type),
        lambda w: change(w.crime_type, parent=w.crime_type_below),
    ],
    "measure_code_is_slug": [lambda w: again(w.measure, code="a.b"), lambda w: again(w.measure, code="")],
    "measure_has_labels": [lambda w: change(w.measure, label_en=""), lambda w: change(w.measure, label_zh=" ")],
    "measure_units_known": [
        lambda w: change(w.measure, units=[]),
        lambda w: change(w.measure, units=["persons", "people"]),
    ],
    "place_code_is_six_digits": [
        lambda w: again(place("340100"), code="3401"),
        lambda w: again(place("340100"), code="34010a"),
        lambda w: again(place("340100"), code="３４０１００"),
    ],
    "place_level_known": [lambda w: again(place("340100"), code="990100", level="village")],
    "place_parent_and_slug_by_level": [
        lambda w: again(place("340100"), code="990000", level="province"),
        lambda w: again(place("340100"), code="990000", level="province", parent_id=None),
        lambda w: again(place("340100"), code="990100", parent_id=None),
        lambda w: again(place("340100"), code="990100", slug="hefei"),
    ],
    "place_has_names": [
        lambda w: change(place("340100"), name_en=""),
        lambda w: change(place("340100"), name_zh=" "),
    ],
    "place_coordinates_on_earth": [
        lambda w: change(place("340100"), lat=91),
        lambda w: change(place("340100"), lon=-181),
        lambda w: change(place("340100"), lat=None),
        lambda w: sql("update cases_place set lon = 'NaN' where code = '340100'"),
    ],
    "Place.slug": [lambda w: change(place("340000"), slug="beijing")],
    "place.path": [
        lambda w: change(place("340100"), parent=F("code")),
        lambda w: change(place("340100"), parent=Place.objects.filter(parent="340100").first()),
    ],
    "place_name_once": [lambda w: again(w.place_name)],
    "place_name_not_empty": [lambda w: change(w.place_name, name="")],
    # Texts and spans
    "text_version_number_once": [lambda w: again(w.text)],
    "text_version_of_announcement": [lambda w: again(w.text, id=w.text.pk, n=7)],
    "text_version_number_from_one": [lambda w: again(w.text, n=0)],
    "text_version_sha256_is_hex": [
        # The trigger that compares the hash stands before it: only its own kind of hash gets as far.
        lambda w: (
            sql("alter table cases_textversion disable trigger user"),
            again(w.text, n=7, sha256="E3" * 32),
        ),
        lambda w: (sql("alter table cases_textversion disable trigger user"), again(w.text, n=7, sha256="e3")),
    ],
    "text_version_language_known": [lambda w: again(w.text, n=7, language="xx")],
    "text_version_display_known": [lambda w: change(w.text, display="all")],
    "pasted_text_is_not_empty": [lambda w: PastedText.objects.create(text=" \n", brought_by=w.person)],
    "text_version_empty_only_if_redacted": [
        lambda w: again(w.text, n=7, text="", sha256=""),
        lambda w: (change(w.text, text="", redacted_reason="personal data"), change(w.text, redacted_reason="")),
    ],
    "textversion.hash_is_of_the_text": [
        lambda w: again(w.text, n=7, text="other words"),
        lambda w: again(w.text, n=7, sha256="0" * 64),
    ],
    "textversion.append_only": [
        lambda w: change(w.text, text="other words"),
        lambda w: change(w.text, text=TEXT + " "),
        lambda w: change(w.text, text=""),
        lambda w: change(w.text, text="other words", redacted_reason="personal data"),
        lambda w: change(w.text, sha256="0" * 64),
        lambda w: change(w.text, n=7),
        lambda w: change(w.text, announcement=w.a2),
        lambda w: change(w.text, language="zh"),
        lambda w: change(w.text, created_at=w.text.created_at - timedelta(days=1)),
    ],
    "textversion.never_deleted": [
        lambda w: sql("delete from cases_textversion where id = %s", w.text_of_a2.pk),
        lambda w: TextVersion.objects.filter(pk=w.text_of_a2.pk).delete(),
    ],
    "span_ends_after_it_starts": [
        lambda w: change(w.span, end=F("start")),
        lambda w: change(w.case_span, start=9, end=0),
    ],
    "span_target_is_title_or_a_text": [
        lambda w: change(w.span, target="title"),
        lambda w: change(w.span, text_version=None),
        lambda w: change(w.span, target="abstract"),
    ],
    "span_is_of_one_thing": [
        lambda w: change(w.span, figure=None),
        lambda w: change(w.span, case=w.case),
        lambda w: change(w.case_span, place_id="340100"),
    ],
    "span_of_words_has_phrase": [
        lambda w: change(w.span, phrase=""),
        lambda w: change(w.place_span, phrase=" "),
    ],
    "span_figure_of_same_announcement": [lambda w: change(w.span, figure=w.figure_of_a2)],
    "span_case_of_same_announcement": [lambda w: change(w.case_span, case=w.case_of_a2)],
    "span_text_of_same_announcement": [lambda w: change(w.span, text_version=w.text_of_a2)],
    "span.is_the_phrase": [
        lambda w: change(w.span, start=F("start") + 1),
        lambda w: change(w.span, end=F("end") - 1),
        lambda w: change(w.span, end=10_000),
        lambda w: change(w.case_span, end=10_000),
        lambda w: change(w.span, phrase="arrested more than 33,000 suspect"),
        lambda w: change(w.span, start=0, end=7, phrase=TEXT[:7]),
        lambda w: change(w.place_span, start=0, end=6),
        lambda w: again(w.span, figure_id=w.money.pk),
    ],
    # What was
    "published_version_number_once": [lambda w: again(w.version)],
    "published_version_number_from_one": [lambda w: again(w.version, n=0)],
    "published_version_sha256_is_hex": [
        lambda w: again(w.version, n=2, sha256="0" * 63),
        lambda w: again(w.version, n=2, sha256="G" * 64),
    ],
    "publishedversion.append_only": [
        lambda w: change(w.version, body="{}", reason="another"),
        lambda w: change(w.version, published_by=None),
        lambda w: sql("delete from cases_publishedversion where id = %s", w.version.pk),
    ],
    "tombstone_once_per_record": [lambda w: again(w.tombstone)],
    "tombstone_kind_known": [lambda w: change(w.tombstone, kind="campaign")],
    "tombstone_not_to_itself": [lambda w: change(w.tombstone, moved_to=F("record_id"))],
    "tombstone_has_reason": [lambda w: change(w.tombstone, reason=""), lambda w: change(w.tombstone, reason=" ")],
    # Verdicts
    "verdict_once_per_pair": [lambda w: (again(w.verdict), again(w.verdict))],
    "decision_once_per_pair": [lambda w: again(w.decision, action="align")],
    "decision_pair_in_order": [lambda w: change(w.decision, a=w.figure_2, b=w.figure)],
    "decision_action_known": [lambda w: change(w.decision, action="later"), lambda w: change(w.decision, action="")],
    "decision_has_reason": [lambda w: change(w.decision, reason=""), lambda w: change(w.decision, reason=" \n")],
    "decision.is_of_one_measure": [lambda w: change(w.decision, b=w.money)],
    # The desk
    "transition_states_known": [lambda w: again(w.step, source="lost"), lambda w: again(w.step, target="lost")],
    "transition_moves": [lambda w: again(w.step, source="published", reason="again")],
    "transition_of_the_public_has_reason": [
        lambda w: again(w.step, source="published", target="withdrawn", reason=""),
        lambda w: again(w.step, source="withdrawn", target="published", reason=" "),
    ],
    "transition.append_only": [lambda w: change(w.step, reason="another"), lambda w: change(w.step, by=None)],
    "error_report_kind_known": [lambda w: change(w.error, kind="campaign")],
    "error_report_state_known": [lambda w: change(w.error, state="forgotten", answer="no")],
    "error_report_has_message": [lambda w: change(w.error, message=" \n ")],
    "error_report_names_its_record": [
        lambda w: change(w.error, record_id=None),
        lambda w: change(w.error, kind="archive"),
    ],
    "error_report_closed_with_answer": [lambda w: change(w.error, state="corrected")],
}

# What stands near to a refusal and is allowed: a constraint must not be refusing everything.
ALLOWED: dict[str, Write] = {
    "an address may be unknown": lambda w: change(w.a, url=None, archived_url=None),
    "a copy may be in review": lambda w: change(w.draft, status="in_review"),
    "numbers of cases are per announcement": lambda w: change(w.case_of_a2, number=2),
    "refs are per announcement": lambda w: change(w.figure_of_a2, ref="f2"),
    "two tellings of one case": lambda w: (
        change(w.case, same_as=w.case_of_a2),
        change(w.case_2, same_as=w.case_of_a2),
    ),
    "the fullest telling changes": lambda w: (
        change(w.case, same_as=w.case_of_a2),
        change(w.case, same_as=None),
        change(w.case_of_a2, same_as=w.case),
    ),
    "zero is a count": lambda w: change(w.money, value=0, interval=interval(0, 0, "[]")),
    "a percentage may fall": lambda w: change(w.percent, value=-4, interval=interval(-4, -4, "[]")),
    "a range of one": lambda w: change(w.money, qualifier="range", value_high=5),
    "several takes the words' interval": lambda w: change(w.money, qualifier="several", interval=interval(2, 10, "[)")),
    "a subset of a subset": lambda w: (change(w.figure, part_of=w.figure_2), change(w.figure_2, part_of=w.money)),
    "a converted amount": lambda w: (
        change(w.figure_2, measure_id="money_frozen", unit="USD"),
        change(w.figure_2, converted_from=w.money),
    ),
    "a case moves with what belongs to it": lambda w: (
        change(w.case, announcement=w.a2, number=9),
        change(w.case_place, announcement=w.a2),
        Span.objects.filter(pk=w.case_span.pk).delete(),
    ),
    "the same place in another role": lambda w: again(w.case_place, role="scene"),
    "a year's campaign without a year": lambda w: change(w.campaign, year=None, start=None, end=None),
    "a campaign of one month, of which one end is less exact": lambda w: (
        change(w.campaign, start="2018-08", end="2018"),
        change(w.campaign, start="2018", end="2018-01-01"),
        change(w.campaign, start="2018-08", end="2018-07/.."),
    ),
    "a mention with another parent": lambda w: change(w.mention, parent=w.campaign_2),
    "a measure gains a unit": lambda w: change(Measure.objects.get(pk="websites_listed"), units=["items", "websites"]),
    "a measure nobody uses changes": lambda w: change(w.measure, units=["cases"]),
    "a phrase differs in white space and width": lambda w: change(
        w.figure, phrase="arrested  more than\n３３,０００ suspects"
    ),
    "a later text has the words no more": lambda w: (
        TextVersion.objects.create(announcement=w.a, n=2, text="Nothing of it.", language="en"),
        change(w.figure, note="of the first text"),
    ),
    "the text comes after the figure": lambda w: (
        again(w.figure, ref="f99", phrase="14 more"),
        TextVersion.objects.create(announcement=w.a, n=2, text=f"{TEXT} And 14  more.", language="en"),
    ),
    "words of the title": lambda w: again(w.figure, ref="f99", phrase="arrested 12 in Hefei"),
    "words of a document without a text": lambda w: again(w.figure, announcement_id=w.draft.pk, phrase="14 more"),
    "words of a text that may not be read": lambda w: (
        change(w.text, text="", redacted_reason="personal data"),
        again(w.figure, ref="f99", phrase="14 more"),
    ),
    "a title changes elsewhere": lambda w: change(w.a, title="Police arrested 14 in Hefei"),
    "a text is shown in full": lambda w: change(w.text, display="full"),
    "a text is redacted": lambda w: change(w.text, text="", redacted_reason="personal data"),
    "a draft goes with its texts": lambda w: (
        TextVersion.objects.create(announcement=w.draft, n=1, text="words", language="en"),
        Announcement.objects.filter(pk=w.draft.pk).delete(),
    ),
    "a branch is hung elsewhere": lambda w: change(w.crime_type, parent_id="fraud"),
    "a tombstone of another kind": lambda w: again(w.tombstone, kind="case"),
}

MAINTENANCE = re.compile(
    r"(stale|keep_words|totals)_(insert|update|delete)(_old|_new)?|refresh_stale|path_of_children(_changed)?"
    r"|unsettle(_(insert|update|delete)(_old|_new)|_new)?|drop_unsettled|version(_insert|_update|_delete)?|raise_data_version"
    r"|note_unfounded|leave_tombstone|leads_on_in_one_step|those_before_lead_on"
    r"|pgtrigger_(insert_insert|update_update|delete_delete)_.*"
)


def models() -> list[type[Model]]:
    """Return the models of the app that are somebody's data: not the events that the history itself writes."""
    return [m for m in apps.get_app_config("cases").get_models() if not m.__name__.endswith("Event")]


def rows(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def declared() -> Iterator[str]:
    """Yield the names of everything that refuses rows: of the models and, beyond them, of the database."""
    for model in models():
        yield from (constraint.name for constraint in model._meta.constraints)
        yield from (f"{model.__name__}.{f.name}" for f in model._meta.local_fields if f.unique and not f.primary_key)
    # Checks, foreign keys and triggers as the database knows them. Django's own have names that are made up:
    # "cases_figure_position_check", "cases_figure_case_id_0a1b2c3d_fk_cases_typicalcase_id".
    for (name,) in rows(
        "select conname from pg_constraint where contype in ('c', 'f')"
        " and conrelid::regclass::text ~ '^cases_' and conrelid::regclass::text !~ 'event$'"
    ):
        if not re.fullmatch(r"cases_\w+_(check|fk_\w+)", name):
            yield name
    for table, name in rows(
        "select substr(tgrelid::regclass::text, 7), tgname from pg_trigger"
        " where not tgisinternal and tgrelid::regclass::text ~ '^cases_' and tgrelid::regclass::text !~ 'event$'"
    ):
        if not MAINTENANCE.fullmatch(name):
            plain = re.sub("^pgtrigger_(.*)_[0-9a-f]+$", r"\1", name)
            yield f"{table}.{plain}"


def test_every_constraint_has_its_case() -> None:
    assert sorted(set(declared())) == sorted(REFUSED)


def error_of(key: str) -> str:
    """Return what the error of a refusal must name."""
    owner, _dot, name = key.partition(".")
    if not name:
        return BEFORE.get(key, key)
    if owner[0].isupper():
        return f"cases_{owner.lower()}_{name}_key"
    return {"path": "_not_its_own_ancestor"}.get(name, name)


# Where something else stands before a constraint, what it says.
BEFORE = {
    # Unique because the id alone is: these exist for the composite foreign keys that lean on them.
    "case_of_announcement": "cases_typicalcase_pkey",
    "figure_of_announcement": "cases_figure_pkey",
    "text_version_of_announcement": "cases_textversion_pkey",
    # The function that reads a date refuses it, with the reason.
    "campaign_start_is_date": "edtf_span",
    "campaign_end_is_date": "edtf_span",
    "mention_start_is_date": "edtf_span",
    "mention_end_is_date": "edtf_span",
    "figure_base_period_is_date": "edtf_span",
}


def test_each_refuses_by_name(w, commit, subtests) -> None:
    commit()
    for key, writes in REFUSED.items():
        for i, write in enumerate(writes, 1):
            with subtests.test(key, case=i):
                with pytest.raises(DatabaseError) as refusal, committing(commit):
                    write(w)
                assert error_of(key) in str(refusal.value)


def test_what_stands_near_is_allowed(w, commit, subtests) -> None:
    commit()
    for what, write in ALLOWED.items():
        with subtests.test(what), transaction.atomic():
            write(w)
            commit()
            transaction.set_rollback(True)


def test_a_date_that_is_none_is_refused(w, subtests) -> None:
    """By the column that holds the days it may mean: no named check is needed where there is one."""
    columns = [
        (model, field.expression.source_expressions[0].name)
        for model in models()
        for field in model._meta.local_fields
        if isinstance(field, GeneratedField)
    ]
    assert len(columns) >= 5
    for model, column in columns:
        table, row = model._meta.db_table, model._base_manager.first() or w.release
        for written in ["", "May 2018", "2018-13", "2018-02-29", "2018-05/2018-04", "..", "2018-1", "18"]:
            with subtests.test(f"{table}.{column}", written=written):
                refused = pytest.raises(DataError, match=r"not a partial date|no such|ends before|neither")
                with refused, transaction.atomic():
                    sql(f"update {table} set {column} = %s where id = %s", written, row.pk)


def test_nothing_is_related_twice(w, subtests) -> None:
    pairs = [field.remote_field.through for model in models() for field in model._meta.local_many_to_many]
    for through in [pair for pair in pairs if pair._meta.auto_created]:
        with subtests.test(through.__name__):
            row = through._base_manager.first()
            assert row is not None, "the collection has a pair of each kind"
            with pytest.raises(IntegrityError, match="_uniq"), transaction.atomic():
                again(row)


# --- what no constraint names but the tables hold all the same ----------------------------------------------------


@pytest.mark.parametrize(
    "vocabulary", ["Place", "CrimeType", "Campaign", "Measure", "Publisher"], ids=lambda name: f"{name} in use"
)
def test_what_is_in_use_is_not_deleted(commit, vocabulary: str) -> None:
    model = apps.get_model("cases", vocabulary)
    used = {
        "Place": "340100",
        "CrimeType": "fraud",
        "Campaign": Figure.objects.exclude(campaign=None).values_list("campaign", flat=True)[:1],
        "Measure": "suspects_arrested",
        "Publisher": Announcement.objects.values_list("publisher", flat=True)[:1],
    }[vocabulary]
    key = used if isinstance(used, str) else used[0]
    with pytest.raises(IntegrityError), committing(commit):
        sql(f"delete from {model._meta.db_table} where {model._meta.pk.column} = %s", key)


class TestPaths:
    def test_are_the_ancestors_from_the_root(self) -> None:
        assert place("340103").path == ["340000", "340100", "340103"]
        assert place("000000").path == ["000000"]
        assert CrimeType.objects.get(pk="hacking.intrusion").path == ["hacking", "hacking.intrusion"]

    def test_follow_a_branch_that_is_hung_elsewhere(self, w) -> None:
        leaf = CrimeType.objects.create(code="test.below.leaf", label_en="x", label_zh="x", parent=w.crime_type_below)
        change(w.crime_type, parent_id="fraud")
        leaf.refresh_from_db()
        assert leaf.path == ["fraud", "test", "test.below", "test.below.leaf"]
        change(w.crime_type_below, parent=None)
        leaf.refresh_from_db()
        assert leaf.path == ["test.below", "test.below.leaf"]

    def test_come_out_right_when_children_are_entered_before_their_parents(self, commit) -> None:
        sql(
            "insert into cases_crimetype (code, label_en, label_zh, statutes, definition, position, parent_id) values"
            " ('n.a.b', 'x', 'x', '', '', 0, 'n.a'), ('n', 'x', 'x', '', '', 0, null),"
            " ('n.a', 'x', 'x', '', '', 0, 'n')"
        )
        commit()
        assert CrimeType.objects.get(pk="n.a.b").path == ["n", "n.a", "n.a.b"]

    def test_cannot_be_written(self, w) -> None:
        change(w.crime_type_below, path=["fraud"])
        w.crime_type_below.refresh_from_db()
        assert w.crime_type_below.path == ["test", "test.below"]


class TestTombstones:
    """An id that was public answers for ever: deleting leaves what to answer with."""

    def test_of_everything_that_was_public(self, commit) -> None:
        a = make_announcement(status="published", key="gone")
        case, figure = make_case(a, heading="A case"), make_figure(a, ref="f7")
        release = Release.objects.create(name="A release")
        commit()
        made = [("announcement", a.pk, "gone"), ("case", case.pk, "A case"), ("figure", figure.pk, "f7")]
        a.delete()
        made.append(("release", release.pk, "A release"))
        release.delete()
        for kind, pk, label in made:
            stone = Tombstone.objects.get(kind=kind, record_id=pk)
            assert (stone.label, stone.moved_to, stone.reason) == (label, None, "deleted")

    def test_of_what_was_withdrawn(self) -> None:
        figure = make_figure(make_announcement(status="withdrawn"))
        sql("delete from cases_figure where id = %s", figure.pk)
        assert Tombstone.objects.filter(kind="figure", record_id=figure.pk).exists()

    @pytest.mark.parametrize("status", ["draft", "in_review"])
    def test_none_of_what_never_was(self, status: str) -> None:
        a = make_announcement(status=status)
        make_case(a)
        make_figure(a)
        before = Tombstone.objects.count()
        TypicalCase.objects.filter(announcement=a).delete()
        a.delete()
        assert Tombstone.objects.count() == before

    def test_one_that_says_where_it_went_stays(self) -> None:
        a = make_announcement(status="published")
        figure, other = make_figure(a), make_figure(a)
        Tombstone.objects.create(kind="figure", record_id=figure.pk, moved_to=other.pk, reason="merged")
        pk = figure.pk
        figure.delete()
        assert Tombstone.objects.get(kind="figure", record_id=pk).moved_to == other.pk
