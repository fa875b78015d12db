"""What lists are filtered, counted and sorted by: one flat row for each public record.

The database keeps these tables itself (`sql/search.sql`): a row exists exactly while its announcement
is published, and is rebuilt from the views `…_row_source` in the transaction that changes anything it
is made of. Nothing else writes them; `manage.py verify` compares them with the views.

Arrays hold the codes that a parameter takes, with all their ancestors, so that a parent finds its
children; an empty array is "not stated".
"""

from django.contrib.postgres.fields import ArrayField, DateRangeField, DecimalRangeField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func


def codes() -> ArrayField:
    return ArrayField(models.TextField())


def title_words() -> Func:
    """The words of a record's title alone, the weightiest of its words."""
    return Func(F("doc"), template="""ts_filter(%(expressions)s, '{a}'::"char"[])""", output_field=SearchVectorField())


class Row(models.Model):
    """The columns every kind of record has."""

    id = models.BigIntegerField(primary_key=True)
    announcement_id = models.BigIntegerField()
    year = codes()
    province = codes()
    place = codes()
    crime_type = codes()
    campaign = codes()
    publisher = models.TextField()
    kind = models.TextField()
    language = models.TextField()
    published = DateRangeField(null=True)
    day = models.DateField(null=True)
    # The words the record is found by (sql/fulltext.sql).
    doc = SearchVectorField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.id)


class AnnouncementRow(Row):
    class Meta:
        indexes = [
            models.Index(
                F("day").desc(nulls_last=True), F("announcement_id").desc(), "id", name="announcement_row_newest"
            ),
            GinIndex(fields=["doc"], fastupdate=False, name="announcement_row_words"),  # the default order
            GinIndex(title_words(), fastupdate=False, name="announcement_row_titles"),
            GinIndex(fields=["year", "province", "place", "crime_type", "campaign"], name="announcement_row_facets"),
        ]


class CaseRow(Row):
    # Each role, and each place in it: "arrest", "arrest:340000". The two are one thing that was stated.
    place_role = codes()

    class Meta:
        indexes = [
            models.Index(fields=["announcement_id"], name="case_row_announcement"),  # the refresh
            models.Index(F("day").desc(nulls_last=True), F("announcement_id").desc(), "id", name="case_row_newest"),
            GinIndex(fields=["doc"], fastupdate=False, name="case_row_words"),
            GinIndex(title_words(), fastupdate=False, name="case_row_titles"),
            GinIndex(
                fields=["year", "province", "place", "crime_type", "campaign", "place_role"], name="case_row_facets"
            ),
        ]


class FigureRow(Row):
    case_id = models.BigIntegerField(null=True)
    measure = models.TextField()
    unit = models.TextField()
    qualifier = models.TextField()
    value = models.DecimalField(max_digits=30, decimal_places=6)
    interval = DecimalRangeField()
    # How it stands to other figures (sql/verdicts.sql).
    verdict = codes()

    class Meta:
        indexes = [
            models.Index(fields=["announcement_id"], name="figure_row_announcement"),  # the refresh
            models.Index(F("day").desc(nulls_last=True), F("announcement_id").desc(), "id", name="figure_row_newest"),
            GinIndex(fields=["doc"], fastupdate=False, name="figure_row_words"),
            GinIndex(title_words(), fastupdate=False, name="figure_row_titles"),
            GinIndex(
                fields=["year", "province", "place", "crime_type", "campaign", "verdict"], name="figure_row_facets"
            ),
        ]
