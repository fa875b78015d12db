"""Five kinds of bad input, and the three doors that they come to: the desk, an import, and the database itself.

Each refuses each, and names the field. What else each of them refuses stands in its own tests.
"""

import csv
import io
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.db.backends.postgresql.psycopg_any import NumericRange
from django.urls import reverse

from cases import drafts, texts, workflow
from cases.importing import writer
from cases.importing.files import in_memory
from cases.importing.imports import Options, import_files
from cases.models import Announcement, Figure, Span, TextVersion
from cases.permissions import Action
from tests.factories import make_announcement, make_figure, mention
from tests.test_admin import change, desk, editor, errors, fields, figure_entry, in_group, new_row  # noqa: F401
from tests.test_constraints import committing

pytestmark = pytest.mark.django_db

TEXT = "From February on they arrested more than 33,000 suspects, 20 to 30 of them in Hefei."
KINDS = (
    "words that do not stand in the text",
    "a value without a unit",
    "a negative count",
    "an interval turned round",
    "a period that ends before it starts",
)
TURNED = {"phrase": "20 to 30 of them", "qualifier": "range"}


@pytest.fixture
def announcement(commit):
    """A public record with one figure, and the text in which that stands."""
    a = make_announcement(status="published", published="2018-09-07")
    make_figure(a)
    commit()
    texts.attach(a, TEXT)
    commit()
    return a


def record(a):
    return writer.to_record(writer.prefetched(Announcement.objects.filter(pk=a.pk)).get())


# --- at the desk ----------------------------------------------------------------------------------------------------

AT_THE_DESK = {
    KINDS[0]: ({"phrase": "arrested 33,000 suspects"}, "phrase", "do not stand in the text"),
    KINDS[1]: ({"unit": ""}, "unit", "required"),
    KINDS[2]: ({"value": "-33000"}, "value", "cannot be negative"),
    KINDS[3]: ({**TURNED, "value": "30", "value_high": "20"}, "value_high", "below"),
    KINDS[4]: ({"period": "2018-08/2018-02"}, "period", "ends before it begins"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_desk_refuses_it_at_its_field(desk, announcement, kind):  # noqa: F811
    entered, name, message = AT_THE_DESK[kind]
    copy = drafts.start_copy(announcement, by=None)
    sent = fields(desk, change(copy.pk)) | {"_save": "1"}
    row = new_row(sent, "figures", **figure_entry(**entered))
    before = record(copy)
    found = errors(desk.post(change(copy.pk), sent))
    assert list(found) == [f"{row}-{name}"]
    assert message in found[f"{row}-{name}"]
    assert record(copy) == before


# --- an import ------------------------------------------------------------------------------------------------------

IN_A_FILE = {
    KINDS[0]: ({"phrase": "arrested 33,000 suspects"}, "phrase", "does not stand in the stored text"),
    KINDS[1]: ({"unit": None}, "unit", "not str"),
    KINDS[2]: ({"value": -33000}, "value", "cannot be negative"),
    KINDS[3]: ({**TURNED, "value": 30, "high": 20}, "high", "below"),
    KINDS[4]: ({"period": "2018-08/2018-02"}, "period", "ends before it begins"),
}


def imported(name, raw, **options):
    return import_files([in_memory(name, raw)], Options(**options))


@pytest.mark.parametrize("as_drafts", [False, True])
@pytest.mark.parametrize("new", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_an_import_of_json_refuses_it_by_its_member(announcement, kind, new, as_drafts):
    members, name, message = IN_A_FILE[kind]
    content = record(announcement)
    (first,) = content["figures"]
    bad = {key: value for key, value in (first | members).items() if new is False or key != "ref"}
    content["figures"] = [first, bad] if new else [bad]
    before = record(announcement)
    (problem,) = imported("x.json", writer.dumps(content).encode(), as_drafts=as_drafts).problems
    assert (problem.where, message in problem.message) == (f"figures[{1 + new}].{name}", True), str(problem)
    assert problem.at.startswith("line ")
    assert record(announcement) == before
    assert not Announcement.objects.filter(revises=announcement).exists()


@pytest.mark.parametrize("kind", KINDS)
def test_an_import_of_a_table_refuses_it_by_line_and_column(announcement, kind):
    members, name, message = IN_A_FILE[kind]
    cells = {{"high": "value_high"}.get(key, key): "" if value is None else value for key, value in members.items()}
    out = io.StringIO(newline="")
    csv.writer(out).writerows(
        [["announcement_key", "ref", *cells], [announcement.key, "f1", *cells.values()]],
    )
    before = record(announcement)
    (problem,) = imported("figures.csv", out.getvalue().encode()).problems
    assert problem.at == f"line 2, column {'value_high' if name == 'high' else name}"
    assert message in problem.message
    assert record(announcement) == before


# --- the database ---------------------------------------------------------------------------------------------------


def interval(low, high, bounds="[]"):
    return NumericRange(Decimal(low), Decimal(high), bounds)


PAST_ALL_FORMS = {
    KINDS[0]: [({"phrase": "arrested 33,000 suspects"}, "figure_phrase_stands_in_a_text")],
    KINDS[1]: [({"unit": ""}, "figure_unit_known"), ({"unit": None}, '"unit" of relation "cases_figure"')],
    KINDS[2]: [({"value": -33000, "interval": interval(-34000, -33000, "(]")}, "figure_count_not_negative")],
    KINDS[3]: [
        ({"qualifier": "range", "value": 30, "value_high": 20}, "figure_upper_value_of_a_range"),
        ({"interval": interval(34000, 33000)}, "range lower bound must be less than or equal"),
    ],
    KINDS[4]: [({"period": "2018-08/2018-02"}, "ends before it begins")],
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_database_refuses_it_by_name(announcement, commit, kind):
    figure = announcement.figures.get()
    before = record(announcement)
    for values, name in PAST_ALL_FORMS[kind]:
        Span.objects.filter(figure=figure).delete()  # which would have the first word on the phrase
        with pytest.raises(DatabaseError, match=name), committing(commit):
            Figure.objects.filter(pk=figure.pk).update(**values)
        row = {f.attname: getattr(figure, f.attname) for f in Figure._meta.concrete_fields if not f.generated}
        row |= {"id": None, "ref": "f2", **values}
        with pytest.raises(DatabaseError, match=name), committing(commit):
            Figure.objects.bulk_create([Figure(**row)])
    assert record(announcement) == before


def test_the_database_refuses_a_span_that_is_not_the_phrase(announcement):
    figure = announcement.figures.get()
    for start, end in ((0, 13), (TEXT.index("arrested"), len(TEXT)), (0, len(TEXT) + 1)):
        with pytest.raises(DatabaseError, match="span_is_the_phrase"), transaction.atomic():
            figure.spans.update(start=start, end=end)
        with pytest.raises(DatabaseError, match="span_is_the_phrase"), transaction.atomic():
            Span.objects.create(
                announcement=announcement, figure=figure, target="text", text_version=announcement.texts.get(),
                start=start, end=end, phrase=TEXT[start:end],
            )  # fmt: skip


# --- what is no bad input -------------------------------------------------------------------------------------------


def test_a_later_text_without_the_words_is_stored_and_told(desk, announcement, commit):  # noqa: F811
    """Texts are stored as they are found. What was entered before stays, and may be saved again."""
    texts.attach(announcement, "Corrected: they arrested nobody.")
    commit()
    copy = drafts.start_copy(announcement)
    sent = fields(desk, change(copy.pk)) | {"_save": "1", "figures-0-note": "See the first text"}
    assert desk.post(change(copy.pk), sent | {"text": "Corrected again."}).status_code == 302
    commit()
    assert texts.unplaced(copy) == [copy.figures.get()]
    drafts.publish(copy, by=None, reason="a text was found")
    commit()
    assert (record(announcement)["figures"][0]["note"], announcement.texts.count()) == ("See the first text", 3)
    content = record(announcement) | {"abstract": "Other"}
    assert imported("x.json", writer.dumps(content).encode()).problems == []


def test_the_text_that_is_entered_counts_at_once(desk, announcement, commit):  # noqa: F811
    copy = drafts.start_copy(announcement)
    sent = fields(desk, change(copy.pk)) | {"_save": "1", "text": "Of these, 500 were\r\nwomen."}
    new_row(sent, "figures", **figure_entry(phrase="500 were women", value="500", qualifier="exact"))
    assert desk.post(change(copy.pk), sent).status_code == 302
    commit()
    assert copy.spans.get().phrase == "500 were\nwomen"


def test_words_of_the_title_are_words_of_the_document(announcement):
    content = record(announcement) | {"title": "33,000 caught"}
    content["figures"][0] |= {"phrase": "33,000 caught", "qualifier": "exact"}
    assert imported("x.json", writer.dumps(content).encode()).problems == []


def test_without_a_text_any_words_are_taken(announcement, commit):
    TextVersion.objects.filter(announcement=announcement).update(text="", redacted_reason="personal data")
    content = record(announcement)
    content["figures"][0] |= {"phrase": "some 33,000 people"}
    assert imported("x.json", writer.dumps(content).encode()).problems == []
    commit()


def test_a_text_that_came_meanwhile_is_told_at_publication(announcement, commit):
    """The copy was made when there was no text to hold its words to."""
    other = make_announcement(status="published")
    commit()
    copy = drafts.start_copy(other)
    make_figure(copy, phrase="arrested 34,000 suspects", value=34000, qualifier="exact")
    texts.attach(other, TEXT)
    commit()
    reviewer = in_group("reviewer", "Administrators")
    submitted = workflow.take(Action.SUBMIT, copy, by=reviewer)
    with pytest.raises(Exception, match="Not found in the text: “arrested 34,000 suspects”"):
        workflow.take(Action.PUBLISH, submitted, by=reviewer, reason="one more")
    assert record(other)["figures"] == []


def test_a_mention_that_is_over_before_it_starts_is_refused_at_the_desk(desk, announcement):  # noqa: F811
    campaign = Announcement.objects.get(key="r060").mentions.first().campaign
    copy = drafts.start_copy(announcement)
    mention(copy, campaign)
    sent = fields(desk, change(copy.pk)) | {"_save": "1", "mentions-0-start": "2018-08", "mentions-0-end": "2018-07"}
    assert errors(desk.post(change(copy.pk), sent)) == {
        "mentions-0-end": "2018-07 is over before 2018-08, when it starts"
    }


def test_a_campaign_that_is_over_before_it_starts_is_refused_at_the_desk(desk):  # noqa: F811
    url = reverse("admin:cases_campaign_change", args=["net-net-2018"])
    sent = fields(desk, url) | {"start": "2018-08", "end": "2018-07"}
    response = desk.post(url, sent)
    assert response.status_code == 200, "it was saved"
    assert response.context["adminform"].form.errors == {"end": ["2018-07 is over before 2018-08, when it starts"]}
