"""The editors' desk: roles, the steps of a record, reports of errors, and tombstones that lead on in one step."""

from pathlib import Path
from typing import Any

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


SQL = Path(__file__).resolve().parent.parent / "sql"
VOCABULARIES = ("campaign", "campaignname", "crimetype", "measure", "place", "placename", "publisher", "release")
ROWS = ("campaignmention", "caseplace", "figure", "releasereport", "typicalcase")
CONTRIBUTORS = [
    *(f"{action}_announcement" for action in ("add", "change", "delete", "view")),
    *(f"view_{model}" for model in (*VOCABULARIES, *ROWS)),
    "add_publisher",
]
EDITORS = [
    *CONTRIBUTORS,
    "change_any_announcement",
    *(f"{action}_{model}" for model in VOCABULARIES for action in ("add", "change", "delete")),
    "change_errorreport",
    "view_errorreport",
]
REVIEWERS = [*EDITORS, "publish_announcement"]
ACCOUNTS = [f"{action}_{model}" for model in ("user", "group") for action in ("add", "change", "delete", "view")]
GROUPS = {
    "Contributors": CONTRIBUTORS,
    "Editors": EDITORS,
    "Reviewers": REVIEWERS,
    "Administrators": [*REVIEWERS, "publish_own_announcement", *ACCOUNTS],
}
NAMES = {
    "change_any_announcement": "Can change drafts of others",
    "publish_announcement": "Can publish announcements",
    "publish_own_announcement": "Can publish what they entered themselves",
}


def make_groups(apps: Any, schema_editor: Any) -> None:
    """Make the groups of the four roles. Their permissions, which Django makes after migrating, are needed now."""
    content_types = apps.get_model("contenttypes", "ContentType").objects
    permissions = apps.get_model("auth", "Permission").objects
    for name, codenames in GROUPS.items():
        group, _new = apps.get_model("auth", "Group").objects.get_or_create(name=name)
        for codename in dict.fromkeys(codenames):
            action, _, model = codename.rpartition("_")
            app = "auth" if model in ("user", "group") else "cases"
            content_type, _new = content_types.get_or_create(app_label=app, model=model)
            label = NAMES.get(codename) or f"Can {action} {apps.get_model(app, model)._meta.verbose_name}"
            permission, _new = permissions.get_or_create(
                content_type=content_type, codename=codename, defaults={"name": label}
            )
            group.permissions.add(permission)


def made_from_what_is_public_now(apps: Any, schema_editor: Any) -> None:
    """Of copies that were begun before versions were noted it is not known what they were made from: the latest."""
    copies = apps.get_model("cases", "Announcement").objects.filter(revises__isnull=False)
    for copy in copies.select_related("revises"):
        copies.filter(pk=copy.pk).update(revises_version=copy.revises.version)


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("cases", "0006_counting"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AnnouncementAuthorEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("what", models.CharField(max_length=20)),
                ("who", models.CharField(max_length=64)),
                ("at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "attempt",
                "verbose_name_plural": "attempts",
            },
        ),
        migrations.CreateModel(
            name="ErrorReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("announcement", "announcement"),
                            ("case", "case"),
                            ("figure", "figure"),
                            ("archive", "the archive"),
                        ],
                        max_length=20,
                        verbose_name="about",
                    ),
                ),
                ("record_id", models.BigIntegerField(blank=True, null=True, verbose_name="id")),
                ("version", models.PositiveIntegerField(blank=True, null=True, verbose_name="version")),
                ("message", models.TextField(verbose_name="what is wrong")),
                (
                    "contact",
                    models.CharField(
                        blank=True,
                        help_text="Given freely, for an answer. It is no part of the history and can be emptied.",
                        max_length=200,
                        verbose_name="contact",
                    ),
                ),
                ("reported_at", models.DateTimeField(auto_now_add=True, verbose_name="reported")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "open"), ("corrected", "corrected"), ("not_an_error", "not an error")],
                        default="open",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("answer", models.TextField(blank=True, verbose_name="what was done")),
                ("handled_at", models.DateTimeField(blank=True, null=True, verbose_name="handled")),
            ],
            options={
                "verbose_name": "report of an error",
                "verbose_name_plural": "reports of errors",
                "ordering": ["-reported_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="ErrorReportEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("announcement", "announcement"),
                            ("case", "case"),
                            ("figure", "figure"),
                            ("archive", "the archive"),
                        ],
                        max_length=20,
                        verbose_name="about",
                    ),
                ),
                ("record_id", models.BigIntegerField(blank=True, null=True, verbose_name="id")),
                ("version", models.PositiveIntegerField(blank=True, null=True, verbose_name="version")),
                ("message", models.TextField(verbose_name="what is wrong")),
                ("reported_at", models.DateTimeField(auto_now_add=True, verbose_name="reported")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "open"), ("corrected", "corrected"), ("not_an_error", "not an error")],
                        default="open",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("answer", models.TextField(blank=True, verbose_name="what was done")),
                ("handled_at", models.DateTimeField(blank=True, null=True, verbose_name="handled")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Transition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("step", models.CharField(max_length=20, verbose_name="step")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("in_review", "in review"),
                            ("published", "published"),
                            ("withdrawn", "withdrawn"),
                        ],
                        max_length=20,
                        verbose_name="from",
                    ),
                ),
                (
                    "target",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("in_review", "in review"),
                            ("published", "published"),
                            ("withdrawn", "withdrawn"),
                        ],
                        max_length=20,
                        verbose_name="to",
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="when")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
            ],
            options={
                "verbose_name": "step",
                "verbose_name_plural": "steps",
                "ordering": ["-id"],
            },
        ),
        migrations.AddField(
            model_name="announcement",
            name="authors",
            field=models.ManyToManyField(
                blank=True,
                editable=False,
                help_text="Who typed what stands here; they do not publish it themselves.",
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="entered by",
            ),
        ),
        migrations.AlterModelOptions(
            name="announcement",
            options={
                "ordering": ["-published_span", "-id"],
                "permissions": [
                    ("change_any_announcement", "Can change drafts of others"),
                    ("publish_announcement", "Can publish announcements"),
                    ("publish_own_announcement", "Can publish what they entered themselves"),
                ],
                "verbose_name": "announcement",
                "verbose_name_plural": "announcements",
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="announcement",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="announcement",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="announcement",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="announcement",
            name="revises_version",
            field=models.PositiveIntegerField(
                blank=True,
                editable=False,
                help_text="The version of the record from which the draft copy was made.",
                null=True,
                verbose_name="version revised",
            ),
        ),
        migrations.AddField(
            model_name="announcementevent",
            name="revises_version",
            field=models.PositiveIntegerField(
                blank=True,
                editable=False,
                help_text="The version of the record from which the draft copy was made.",
                null=True,
                verbose_name="version revised",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="announcement",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "cases_announcementevent" ("abstract", "archived_url", "created_at", "id", "key", "kind", "language", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published", "publisher_id", "revises_id", "revises_version", "status", "title", "title_supplied", "title_zh", "translation", "updated_at", "url", "version") VALUES (NEW."abstract", NEW."archived_url", NEW."created_at", NEW."id", NEW."key", NEW."kind", NEW."language", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."published", NEW."publisher_id", NEW."revises_id", NEW."revises_version", NEW."status", NEW."title", NEW."title_supplied", NEW."title_zh", NEW."translation", NEW."updated_at", NEW."url", NEW."version"); RETURN NULL;',
                    hash="735a8f46b0f950424bc5957274cdd58f00eb56c8",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_79a0e",
                    table="cases_announcement",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="announcement",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."abstract" IS DISTINCT FROM (NEW."abstract") OR OLD."archived_url" IS DISTINCT FROM (NEW."archived_url") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."key" IS DISTINCT FROM (NEW."key") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."published" IS DISTINCT FROM (NEW."published") OR OLD."publisher_id" IS DISTINCT FROM (NEW."publisher_id") OR OLD."revises_id" IS DISTINCT FROM (NEW."revises_id") OR OLD."revises_version" IS DISTINCT FROM (NEW."revises_version") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."title_supplied" IS DISTINCT FROM (NEW."title_supplied") OR OLD."title_zh" IS DISTINCT FROM (NEW."title_zh") OR OLD."translation" IS DISTINCT FROM (NEW."translation") OR OLD."updated_at" IS DISTINCT FROM (NEW."updated_at") OR OLD."url" IS DISTINCT FROM (NEW."url") OR OLD."version" IS DISTINCT FROM (NEW."version"))',
                    func='INSERT INTO "cases_announcementevent" ("abstract", "archived_url", "created_at", "id", "key", "kind", "language", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published", "publisher_id", "revises_id", "revises_version", "status", "title", "title_supplied", "title_zh", "translation", "updated_at", "url", "version") VALUES (NEW."abstract", NEW."archived_url", NEW."created_at", NEW."id", NEW."key", NEW."kind", NEW."language", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."published", NEW."publisher_id", NEW."revises_id", NEW."revises_version", NEW."status", NEW."title", NEW."title_supplied", NEW."title_zh", NEW."translation", NEW."updated_at", NEW."url", NEW."version"); RETURN NULL;',
                    hash="4a830dd88c4e46427fa5a5af2c826e3f34884850",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_975db",
                    table="cases_announcement",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="announcement",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "cases_announcementevent" ("abstract", "archived_url", "created_at", "id", "key", "kind", "language", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published", "publisher_id", "revises_id", "revises_version", "status", "title", "title_supplied", "title_zh", "translation", "updated_at", "url", "version") VALUES (OLD."abstract", OLD."archived_url", OLD."created_at", OLD."id", OLD."key", OLD."kind", OLD."language", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."published", OLD."publisher_id", OLD."revises_id", OLD."revises_version", OLD."status", OLD."title", OLD."title_supplied", OLD."title_zh", OLD."translation", OLD."updated_at", OLD."url", OLD."version"); RETURN NULL;',
                    hash="5b522914f4f3ab6fee66d04398b4cd5dc6084462",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_a132a",
                    table="cases_announcement",
                    when="AFTER",
                ),
            ),
        ),
        migrations.RunPython(made_from_what_is_public_now, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="announcement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("revises", None), ("revises_version", None)),
                    models.Q(("revises__isnull", False), ("revises_version__isnull", False)),
                    _connector="OR",
                ),
                name="announcement_copy_is_of_a_version",
            ),
        ),
        migrations.AddField(
            model_name="announcementauthorevent",
            name="announcement",
            field=models.ForeignKey(
                db_constraint=False,
                db_tablespace="",
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="cases.announcement",
            ),
        ),
        migrations.AddField(
            model_name="announcementauthorevent",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        migrations.AddField(
            model_name="announcementauthorevent",
            name="user",
            field=models.ForeignKey(
                db_constraint=False,
                db_tablespace="",
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="attempt",
            index=models.Index(fields=["what", "who", "at"], name="attempt_by_whom"),
        ),
        migrations.AddIndex(
            model_name="attempt",
            index=models.Index(fields=["at"], name="attempt_by_age"),
        ),
        migrations.AddField(
            model_name="errorreport",
            name="handled_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="handled by",
            ),
        ),
        migrations.AddField(
            model_name="errorreportevent",
            name="handled_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="handled by",
            ),
        ),
        migrations.AddField(
            model_name="errorreportevent",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        migrations.AddField(
            model_name="errorreportevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="cases.errorreport",
            ),
        ),
        migrations.AddField(
            model_name="transition",
            name="announcement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="transitions",
                to="cases.announcement",
                verbose_name="announcement",
            ),
        ),
        migrations.AddField(
            model_name="transition",
            name="by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="by",
            ),
        ),
        migrations.AddField(
            model_name="transition",
            name="moved_to",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="cases.announcement",
                verbose_name="merged into",
            ),
        ),
        migrations.CreateModel(
            name="AnnouncementAuthor",
            fields=[],
            options={
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("cases.announcement_authors",),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="announcementauthorevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="19bf23ccbd02ec8b02446b04df87a5da0f02d66e",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_62081",
                    table="cases_announcementauthorevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="errorreport",
            index=models.Index(condition=models.Q(("state", "open")), fields=["reported_at"], name="error_report_open"),
        ),
        migrations.AddConstraint(
            model_name="errorreport",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["announcement", "case", "figure", "archive"])),
                name="error_report_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="errorreport",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "corrected", "not_an_error"])),
                name="error_report_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="errorreport",
            constraint=models.CheckConstraint(
                condition=models.Q(("message__regex", "\\S")), name="error_report_has_message"
            ),
        ),
        migrations.AddConstraint(
            model_name="errorreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "archive"), ("record_id", None)),
                    models.Q(models.Q(("kind", "archive"), _negated=True), ("record_id__isnull", False)),
                    _connector="OR",
                ),
                name="error_report_names_its_record",
            ),
        ),
        migrations.AddConstraint(
            model_name="errorreport",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "open"), ("answer__regex", "\\S"), _connector="OR"),
                name="error_report_closed_with_answer",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="errorreport",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "cases_errorreportevent" ("answer", "handled_at", "handled_by_id", "id", "kind", "message", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "record_id", "reported_at", "state", "version") VALUES (NEW."answer", NEW."handled_at", NEW."handled_by_id", NEW."id", NEW."kind", NEW."message", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."record_id", NEW."reported_at", NEW."state", NEW."version"); RETURN NULL;',
                    hash="e16f0669dcbd7b44e4c3d744c3737427e1d5d045",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_70c0e",
                    table="cases_errorreport",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="errorreport",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."answer" IS DISTINCT FROM (NEW."answer") OR OLD."handled_at" IS DISTINCT FROM (NEW."handled_at") OR OLD."handled_by_id" IS DISTINCT FROM (NEW."handled_by_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."message" IS DISTINCT FROM (NEW."message") OR OLD."record_id" IS DISTINCT FROM (NEW."record_id") OR OLD."reported_at" IS DISTINCT FROM (NEW."reported_at") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."version" IS DISTINCT FROM (NEW."version"))',
                    func='INSERT INTO "cases_errorreportevent" ("answer", "handled_at", "handled_by_id", "id", "kind", "message", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "record_id", "reported_at", "state", "version") VALUES (NEW."answer", NEW."handled_at", NEW."handled_by_id", NEW."id", NEW."kind", NEW."message", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."record_id", NEW."reported_at", NEW."state", NEW."version"); RETURN NULL;',
                    hash="d340ef5095899b6377240d919df22b546cadd73e",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_5cf63",
                    table="cases_errorreport",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="errorreport",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "cases_errorreportevent" ("answer", "handled_at", "handled_by_id", "id", "kind", "message", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "record_id", "reported_at", "state", "version") VALUES (OLD."answer", OLD."handled_at", OLD."handled_by_id", OLD."id", OLD."kind", OLD."message", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."record_id", OLD."reported_at", OLD."state", OLD."version"); RETURN NULL;',
                    hash="663723956721b4ef366de2753c760ed31f5de9c3",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_381e6",
                    table="cases_errorreport",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="errorreportevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="f159d6ede87a61850f58f3b5acb921095a60ea87",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_c9c8d",
                    table="cases_errorreportevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="transition",
            index=models.Index(
                condition=models.Q(("source__in", ["published", "withdrawn"])),
                fields=["-at"],
                name="transition_of_the_public",
            ),
        ),
        migrations.AddConstraint(
            model_name="transition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("source__in", ["draft", "in_review", "published", "withdrawn"]),
                    ("target__in", ["draft", "in_review", "published", "withdrawn"]),
                ),
                name="transition_states_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="transition",
            constraint=models.CheckConstraint(
                condition=models.Q(("source", models.F("target")), _negated=True), name="transition_moves"
            ),
        ),
        migrations.AddConstraint(
            model_name="transition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("source__in", ["published", "withdrawn"]), _negated=True),
                    ("reason__regex", "\\S"),
                    _connector="OR",
                ),
                name="transition_of_the_public_has_reason",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="transition",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="07c6ef9ac984beb24f020d4f9eb2b6ac22786df5",
                    operation="UPDATE",
                    pgid="pgtrigger_append_only_920ea",
                    table="cases_transition",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="announcementauthor",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "cases_announcementauthorevent" ("announcement_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "user_id") VALUES (NEW."announcement_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."user_id"); RETURN NULL;',
                    hash="bd8bddaa3659e7f4705e14e62ce57595ff16333f",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_f1c54",
                    table="cases_announcement_authors",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="announcementauthor",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "cases_announcementauthorevent" ("announcement_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "user_id") VALUES (OLD."announcement_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."user_id"); RETURN NULL;',
                    hash="ea1189aac10bf61db3f494b098fa482ebb144be4",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_fd914",
                    table="cases_announcement_authors",
                    when="AFTER",
                ),
            ),
        ),
        migrations.RunPython(make_groups, migrations.RunPython.noop),
        migrations.RunSQL((SQL / "workflow.sql").read_text(encoding="utf-8")),
    ]
