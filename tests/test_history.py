"""The record of changes: whoever writes and however, what was and what became of it can be told, with who and why."""

from collections.abc import Callable
from typing import Any

import pghistory
import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection, transaction
from django.db.models import Model

from cases import texts
from cases.models import (
    Announcement,
    AnnouncementAuthor,
    Campaign,
    CampaignMention,
    CampaignName,
    CasePlace,
    CrimeType,
    Decision,
    ErrorReport,
    Figure,
    FigurePlace,
    Measure,
    Place,
    PlaceName,
    Publisher,
    Release,
    ReleaseReport,
    Span,
    TextVersion,
    TypicalCase,
)
from tests.factories import (
    make_announcement,
    make_campaign,
    make_case,
    make_figure,
    make_publisher,
    mention,
)

pytestmark = pytest.mark.django_db

# What the history leaves out, and why.
NOT_TRACKED = {
    "Attempt": "is no work of the archive's, and forgotten soon",
    "AnnouncementRow": "copied by the database from what is tracked",
    "CaseRow": "copied by the database from what is tracked",
    "FigureRow": "copied by the database from what is tracked",
    "Fingerprint": "computed from a text, which is never changed",
    "PastedText": "is no part of the archive yet",
    "PublishedVersion": "is itself history: append-only",
    "Tombstone": "is itself history",
    "SeriesClaim": "computed from what is tracked",
    "Transition": "is itself history: append-only",
    "Verdict": "computed from what is tracked",
}
LEFT_OUT = {
    "Announcement": {"published_span"},  # computed from what is tracked
    "Release": {"disclosed_span"},
    "TypicalCase": {"period_span"},
    "Figure": {"period_span", "as_of_span"},
    "Campaign": {"path"},
    "CrimeType": {"path"},
    "Place": {"path"},
    "ErrorReport": {"contact"},  # a reader's address is kept no longer than it is needed
    "TextVersion": {"text"},  # a redacted text must be gone; versions are kept whole and hashed where they are
}


def editorial() -> list[type[Model]]:
    """Return every model whose rows somebody enters: proxies that track pairs stand for their tables."""
    models = list(apps.get_app_config("cases").get_models(include_auto_created=True))
    proxied = {m._meta.concrete_model for m in models if m._meta.proxy}
    return [m for m in models if not m.__name__.endswith("Event") and m not in proxied]


def event_model(model: type[Model]) -> type[Model]:
    return model.pgh_event_model  # type: ignore[attr-defined]


def tracked() -> list[Any]:
    return [pytest.param(m, id=m.__name__) for m in editorial() if m.__name__ not in NOT_TRACKED]


def history(row_or_model: Any, pk: Any = None) -> list[tuple[str, dict[str, Any]]]:
    """Return (what happened, the row as it then was) for one row, oldest first."""
    model = row_or_model if isinstance(row_or_model, type) else type(row_or_model)
    key = pk if pk is not None else row_or_model.pk
    events = event_model(model).objects.filter(**{model._meta.pk.attname: key}).order_by("pgh_id")
    names = [f.attname for f in model._meta.concrete_fields if f.attname not in LEFT_OUT.get(model.__name__, ())]
    return [(e.pgh_label, {name: getattr(e, name) for name in names}) for e in events]


def values(row: Model) -> dict[str, Any]:
    row = type(row)._base_manager.get(pk=row.pk)
    left_out = LEFT_OUT.get(type(row).__name__, set())
    return {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if f.attname not in left_out}


# --- everything is tracked, whole ---------------------------------------------------------------------------------


def test_every_model_is_tracked_or_is_known_not_to_be():
    untracked = {m.__name__ for m in editorial() if not hasattr(m, "pgh_event_model")}
    assert untracked == set(NOT_TRACKED)


@pytest.mark.parametrize("model", tracked())
def test_events_hold_every_column(model: type[Model]):
    kept = {f.attname for f in event_model(model)._meta.concrete_fields}
    columns = {f.attname for f in model._meta.concrete_fields}
    assert columns - kept == LEFT_OUT.get(model.__name__, set())


@pytest.mark.parametrize("model", tracked())
def test_the_database_itself_writes_them(model: type[Model]):
    """Triggers stand on the table for every way a row can change; pairs come and go only."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select tgname from pg_trigger where tgrelid = %s::regclass and tgenabled = 'O'", [model._meta.db_table]
        )
        names = {name.rsplit("_", 1)[0] for (name,) in cursor.fetchall()}
    ways = {"insert_insert", "delete_delete"} | (set() if model._meta.proxy else {"update_update"})
    assert {f"pgtrigger_{way}" for way in ways} <= names


@pytest.mark.parametrize("model", tracked())
@pytest.mark.parametrize("way", ["update", "delete"])
def test_events_are_append_only(model: type[Model], way: str, commit):
    events = event_model(model)
    if not events.objects.exists():
        make_one(model)
    sql = {
        "update": f"update {events._meta.db_table} set pgh_label = 'x' where pgh_id = %s",
        "delete": f"delete from {events._meta.db_table} where pgh_id = %s",
    }[way]
    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, [events.objects.first().pk])


def make_one(model: type[Model]) -> Model:
    """Make a row of the models that the collection has none of."""
    if model is ErrorReport:
        return ErrorReport.objects.create(kind="archive", message="A typing error")
    if model is Decision:
        return make_decision()
    a = make_announcement()
    if model is AnnouncementAuthor:
        a.authors.add(get_user_model().objects.create(username="author"))
        return AnnouncementAuthor.objects.get(announcement=a)
    version = texts.attach(a, "12 in Hefei").version
    if model is TextVersion:
        return version
    assert model is Span
    return Span.objects.create(
        announcement=a, place_id="340100", target="text", text_version=version, start=6, end=11, phrase="Hefei"
    )


def test_the_collection_has_its_history_from_the_first_row():
    for model in (Announcement, TypicalCase, Figure, Campaign, Place, CrimeType, Measure, FigurePlace):
        inserted = set(
            event_model(model).objects.filter(pgh_label="insert").values_list(model._meta.pk.name, flat=True)
        )
        assert inserted >= set(model._base_manager.values_list("pk", flat=True)), model.__name__


# --- no writer escapes --------------------------------------------------------------------------------------------


def sql(statement: str, *parameters: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def by_save(row: Figure) -> None:
    row.note = "changed"
    row.save()


def by_update_or_create(row: Figure) -> None:
    Figure.objects.update_or_create(pk=row.pk, defaults={"note": "changed"})


def by_bulk_update(row: Figure) -> None:
    row.note = "changed"
    Figure.objects.bulk_update([row], ["note"])


CHANGES: dict[str, Callable[[Figure], Any]] = {
    "save": by_save,
    "QuerySet.update": lambda row: Figure.objects.filter(pk=row.pk).update(note="changed"),
    "bulk_update": by_bulk_update,
    "update_or_create": by_update_or_create,
    "raw SQL": lambda row: sql("update cases_figure set note = 'changed' where id = %s", row.pk),
    "SQL on several": lambda row: sql(
        "update cases_figure set note = 'changed' where announcement_id = %s", row.announcement_id
    ),
}
DELETIONS: dict[str, Callable[[Figure], Any]] = {
    "delete": lambda row: row.delete(),
    "QuerySet.delete": lambda row: Figure.objects.filter(pk=row.pk).delete(),
    "_raw_delete": lambda row: Figure.objects.filter(pk=row.pk)._raw_delete("default"),
    "raw SQL": lambda row: sql("delete from cases_figure where id = %s", row.pk),
    "cascade": lambda row: row.announcement.delete(),
}
CREATIONS: dict[str, Callable[[Announcement], Any]] = {
    "save": make_figure,
    "bulk_create": lambda a: Figure.objects.bulk_create([unsaved(a)]),
    "raw SQL": lambda a: sql(
        "insert into cases_figure (announcement_id, ref, position, measure_id, value, step, qualifier, interval, unit,"
        " phrase, note, preferred, preferred_reason) values (%s, 'f1', 1, 'suspects_arrested', 1, 1, 'exact', '[1,1]',"
        " 'persons', 'one was arrested', '', false, '')",
        a.pk,
    ),
}


def unsaved(a: Announcement) -> Figure:
    figure = Figure(
        announcement=a, ref="f1", position=1, measure_id="suspects_arrested", unit="persons", value=1, phrase="1 was"
    )
    figure.derive()
    return figure


class TestFigures:
    @pytest.mark.parametrize("way", CREATIONS)
    def test_creation(self, way):
        a = make_announcement()
        CREATIONS[way](a)
        figure = Figure.objects.get(announcement=a)
        assert history(figure) == [("insert", values(figure))]

    @pytest.mark.parametrize("way", CHANGES)
    def test_change(self, way):
        figure = make_figure(make_announcement())
        before = values(figure)
        CHANGES[way](figure)
        assert history(figure) == [("insert", before), ("update", before | {"note": "changed"})]

    @pytest.mark.parametrize("way", DELETIONS)
    def test_deletion(self, way):
        figure = make_figure(make_announcement())
        pk, before = figure.pk, values(figure)
        DELETIONS[way](figure)
        assert not Figure.objects.filter(pk=pk).exists()
        assert history(Figure, pk) == [("insert", before), ("delete", before)]

    def test_a_save_that_changes_nothing_is_no_event(self):
        figure = make_figure(make_announcement())
        figure.save()
        Figure.objects.filter(pk=figure.pk).update(note=figure.note)
        assert len(history(figure)) == 1

    def test_what_is_rolled_back_never_happened(self):
        figure = make_figure(make_announcement())
        with transaction.atomic():
            Figure.objects.filter(pk=figure.pk).update(note="changed")
            transaction.set_rollback(True)
        assert len(history(figure)) == 1

    def test_many_rows_by_one_statement_are_one_event_each(self):
        a = make_announcement()
        figures = [make_figure(a) for _ in range(3)]
        Figure.objects.filter(announcement=a).update(note="changed")
        assert [label for figure in figures for label, _row in history(figure)] == ["insert", "update"] * 3


# Model → a row of it, and a column with another value.
def make_decision():
    report = make_announcement()
    return Decision.objects.create(a=make_figure(report), b=make_figure(report), action="part", reason="because")


OTHERS: dict[type[Model], tuple[Callable[[], Model], dict[str, Any]]] = {
    Publisher: (make_publisher, {"name_zh": "测试"}),
    Announcement: (make_announcement, {"abstract": "changed"}),
    Release: (lambda: Release.objects.create(name="A"), {"disclosed": "2018-09"}),
    ReleaseReport: (
        lambda: ReleaseReport.objects.create(announcement=make_announcement(), release=Release.objects.create()),
        {"role": "copy"},
    ),
    TypicalCase: (lambda: make_case(make_announcement()), {"summary": "changed"}),
    CasePlace: (
        lambda: CasePlace.objects.create(
            case=(case := make_case(make_announcement())),
            announcement=case.announcement,
            place_id="340100",
            role="arrest",
        ),
        {"role": "scene"},
    ),
    Campaign: (make_campaign, {"description": "changed"}),
    Decision: (make_decision, {"reason": "changed"}),
    CampaignName: (
        lambda: CampaignName.objects.create(campaign=make_campaign(), name="A", language="en", script="Latn"),
        {"note": "changed"},
    ),
    CampaignMention: (lambda: mention(make_announcement(), make_campaign()), {"start": "2018"}),
    CrimeType: (lambda: CrimeType.objects.create(code="t", label_en="T", label_zh="T"), {"definition": "changed"}),
    Measure: (
        lambda: Measure.objects.create(code="t", label_en="T", label_zh="T", units=["items"]),
        {"units": ["items", "days"]},
    ),
    Place: (
        lambda: Place.objects.create(code="119999", level="county", parent_id="110000", name_en="T", name_zh="T"),
        {"pinyin": "changed"},
    ),
    PlaceName: (lambda: PlaceName.objects.create(place_id="340100", name="Hofei"), {"name": "Luzhou fu"}),
    TextVersion: (lambda: make_one(TextVersion), {"display": "full"}),
    Span: (lambda: make_one(Span), {"phrase": "Hefei "}),
    ErrorReport: (
        lambda: ErrorReport.objects.create(kind="archive", message="A typing error"),
        {"state": "corrected", "answer": "mended"},
    ),
}


@pytest.mark.parametrize("model", [pytest.param(m, id=m.__name__) for m in OTHERS])
def test_every_model_tells_its_whole_life(model: type[Model], commit):
    make, changed = OTHERS[model]
    row = make()
    before = values(row)
    model._base_manager.filter(pk=row.pk).update(**changed)
    commit()
    pk, after = row.pk, values(row)
    assert after == before | changed
    sql(f"delete from {model._meta.db_table} where {model._meta.pk.column} = %s", pk)
    assert history(model, pk) == [("insert", before), ("update", after), ("delete", after)]
    if model is TextVersion:
        row.announcement.delete()  # a text goes only with it


def test_the_table_above_knows_every_model():
    plain = {m for m in editorial() if m.__name__ not in NOT_TRACKED and not m._meta.proxy}
    assert set(OTHERS) | {Figure} == plain


@pytest.mark.parametrize(
    ("owner", "relation", "codes"),
    [
        (make_announcement, "places", ["340100", "110000"]),
        (make_announcement, "crime_types", ["fraud", "gambling"]),
        (lambda: make_case(make_announcement()), "crime_types", ["fraud", "gambling"]),
        (lambda: make_figure(make_announcement()), "places", ["340100", "110000"]),
        (lambda: make_figure(make_announcement()), "crime_types", ["fraud", "gambling"]),
    ],
    ids=["announcement places", "announcement crime types", "case crime types", "figure places", "figure crime types"],
)
def test_pairs_come_and_go(owner, relation, codes):
    row = owner()
    field = getattr(type(row), relation).field
    getattr(row, relation).add(codes[0])
    getattr(row, relation).set([codes[1]])
    getattr(row, relation).clear()
    proxy = next(m for m in editorial() if m._meta.proxy and m._meta.concrete_model is field.remote_field.through)
    events = event_model(proxy).objects.filter(**{field.m2m_column_name(): row.pk}).order_by("pgh_id")
    told = [(event.pgh_label, getattr(event, field.m2m_reverse_name())) for event in events]
    assert told == [("insert", codes[0]), ("delete", codes[0]), ("insert", codes[1]), ("delete", codes[1])]


def test_campaigns_confused_with_each_other_are_told():
    one, other = make_campaign(), make_campaign()
    one.not_to_be_confused_with.add(other)
    proxy = next(m for m in editorial() if m.__name__ == "CampaignConfusion")
    assert event_model(proxy).objects.filter(from_campaign_id__in=[one.pk, other.pk]).count() == 2


# --- who and why --------------------------------------------------------------------------------------------------


class TestContext:
    def test_who_and_why_stand_beside_what(self, django_user_model):
        user = django_user_model.objects.create(username="editor")
        with pghistory.context(user=user.pk, reason="The print edition says so"):
            figure = make_figure(make_announcement())
            Figure.objects.filter(pk=figure.pk).update(note="changed")
            sql("update cases_figure set note = 'again' where id = %s", figure.pk)
        contexts = [event.pgh_context for event in figure.events.order_by("pgh_id")]
        assert [c.metadata for c in contexts] == [{"user": user.pk, "reason": "The print edition says so"}] * 3
        assert len({c.pk for c in contexts}) == 1, "what was done together is told together"

    def test_a_request_brings_its_user(self, client, django_user_model):
        """Whoever saves in the admin is on record by the middleware, whatever the view does."""
        user = django_user_model.objects.create_superuser(username="editor")
        client.force_login(user)
        publisher = make_publisher()
        address = f"/admin/cases/publisher/{publisher.pk}/change/"
        page = client.get(address)
        form = page.context["adminform"].form
        data = {name: form.initial.get(name) or "" for name in form.fields} | {"name_zh": "测试"}
        assert client.post(address, data).status_code == 302
        event = publisher.events.latest("pgh_id")
        assert (event.pgh_label, event.name_zh) == ("update", "测试")
        assert event.pgh_context.metadata["user"] == user.pk

    def test_the_collection_says_that_it_was_imported(self):
        event = Announcement.objects.get(key="s000").events.earliest("pgh_id")
        assert event.pgh_context.metadata == {"reason": "import"}

    def test_when_is_the_time_of_the_transaction_in_which_it_happened(self):
        a = make_announcement()
        with connection.cursor() as cursor:
            cursor.execute("select now()")
            (now,) = cursor.fetchone()
        assert a.events.get().pgh_created_at == now


# --- what must not be kept ----------------------------------------------------------------------------------------


def tables_that_hold(words: str) -> set[str]:
    """Return the tables of which some row, as text, holds some words."""
    tables = [name for name in connection.introspection.table_names() if not name.startswith(("auth_", "django_"))]
    query = " union all ".join(
        f"(select '{name}' from {name} t where to_jsonb(t)::text like %s limit 1)" for name in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [f"%{words}%"] * len(tables))
        return {name for (name,) in cursor.fetchall()}


class TestRedaction:
    SECRET = "the identity number of Zhang San"

    @pytest.fixture
    def version(self) -> TextVersion:
        a = make_announcement()
        make_figure(a)
        return texts.attach(a, f"Police arrested more than 33,000 suspects. Printed here was {self.SECRET}.").version

    def test_the_words_are_in_one_place_only(self, version):
        """Neither changing nor showing a text copies it into the history."""
        TextVersion.objects.filter(pk=version.pk).update(display="full")
        assert tables_that_hold(self.SECRET) == {"cases_textversion"}

    def test_no_words_are_left(self, version, django_user_model, commit):
        user = django_user_model.objects.create(username="administrator")
        TextVersion.objects.filter(pk=version.pk).update(text="", redacted_reason="personal data", redacted_by=user)
        texts.attach(version.announcement, "Police arrested more than 33,000 suspects.")
        commit()
        assert tables_that_hold(self.SECRET) == set()

    def test_hash_and_trace_stay(self, version, django_user_model):
        user = django_user_model.objects.create(username="administrator")
        before = values(version)
        TextVersion.objects.filter(pk=version.pk).update(text="", redacted_reason="personal data", redacted_by=user)
        after = before | {"redacted_reason": "personal data", "redacted_by_id": user.pk}
        assert history(version) == [("insert", before), ("update", after)]
        assert TextVersion.objects.get(pk=version.pk).sha256 == before["sha256"]
