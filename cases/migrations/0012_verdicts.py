"""How figures stand to each other: what is found, what editors decide, and what keeps it in step."""

from importlib import import_module
from typing import Any

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


read = import_module("cases.migrations.0003_integrity_and_search").read

# None of the figures has been compared yet. They are, once the tables stand: `cases.apps`.
ALL_ARE_DUE = """
    insert into cases_facetset (source, facet, value, part, ids)
    select 'cases_figurerow', 'verdict', 'none', part_of(id), id_set(array_agg(place_in_part(id)))
    from cases_figurerow group by 4;
    insert into cases_facettotal (source, facet, value, n)
    select 'cases_figurerow', 'verdict', 'none', count(*) from cases_figurerow having count(*) > 0;
    insert into cases_unsettled (announcement_id, xact)
    select id, null from cases_announcement where status = 'published' order by id limit 1;
"""


def let_editors_decide(apps: Any, schema_editor: Any) -> None:
    """Give the permissions, which Django makes after migrating, to the roles that are to have them."""
    content_type, _new = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="cases", model="decision"
    )
    for action in ("add", "change", "delete", "view"):
        permission, _new = apps.get_model("auth", "Permission").objects.get_or_create(
            content_type=content_type,
            codename=f"{action}_decision",
            defaults={"name": f"Can {action} decision on two figures"},
        )
        for group in apps.get_model("auth", "Group").objects.filter(
            name__in=["Editors", "Reviewers", "Administrators", *(["Contributors"] if action == "view" else [])]
        ):
            group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0011_data_version"),
        ("pghistory", "0007_auto_20250421_0444"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("align", "align"),
                            ("part", "part"),
                            ("agree", "agrees"),
                            ("agree_rounded", "agrees but for rounding"),
                            ("contradict", "contradicts"),
                        ],
                        help_text="Align: they claim the same thing. Part: they do not. Else the verdict that is to be shown.",
                        max_length=20,
                        verbose_name="decision",
                    ),
                ),
                (
                    "reason",
                    models.TextField(help_text="Shown to the public beside the verdict.", verbose_name="reason"),
                ),
                ("decided_at", models.DateTimeField(auto_now=True, verbose_name="decided")),
            ],
            options={
                "verbose_name": "decision on two figures",
                "verbose_name_plural": "decisions on figures",
                "ordering": ["-decided_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="DecisionEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("align", "align"),
                            ("part", "part"),
                            ("agree", "agrees"),
                            ("agree_rounded", "agrees but for rounding"),
                            ("contradict", "contradicts"),
                        ],
                        help_text="Align: they claim the same thing. Part: they do not. Else the verdict that is to be shown.",
                        max_length=20,
                        verbose_name="decision",
                    ),
                ),
                (
                    "reason",
                    models.TextField(help_text="Shown to the public beside the verdict.", verbose_name="reason"),
                ),
                ("decided_at", models.DateTimeField(auto_now=True, verbose_name="decided")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SeriesClaim",
            fields=[
                ("figure_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("announcement_id", models.BigIntegerField()),
                ("series", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="Verdict",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "basis",
                    models.TextField(
                        choices=[("release", "same release"), ("report", "one report"), ("series", "series")]
                    ),
                ),
                ("series", models.TextField()),
                ("a_announcement_id", models.BigIntegerField()),
                ("b_announcement_id", models.BigIntegerField()),
                (
                    "verdict",
                    models.TextField(
                        choices=[
                            ("agree", "agrees"),
                            ("agree_rounded", "agrees but for rounding"),
                            ("contradict", "contradicts"),
                            ("only_here", "only here"),
                            ("later", "later count"),
                            ("revised", "revised"),
                        ]
                    ),
                ),
                ("how", models.TextField()),
                ("assumed", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ("editors", models.TextField()),
                ("factor", models.DecimalField(decimal_places=6, max_digits=60, null=True)),
                ("power_of_ten", models.IntegerField(null=True)),
                ("measure", models.TextField()),
                ("year", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ("publisher", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ("found_at", models.DateTimeField()),
            ],
        ),
        migrations.RemoveIndex(
            model_name="figurerow",
            name="figure_row_facets",
        ),
        migrations.AddField(
            model_name="figurerow",
            name="verdict",
            field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name="figurerow",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["year", "province", "place", "crime_type", "campaign", "verdict"], name="figure_row_facets"
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="a",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="decisions_a",
                to="cases.figure",
                verbose_name="figure",
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="b",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="decisions_b",
                to="cases.figure",
                verbose_name="other figure",
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="decisionevent",
            name="a",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="cases.figure",
                verbose_name="figure",
            ),
        ),
        migrations.AddField(
            model_name="decisionevent",
            name="b",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="cases.figure",
                verbose_name="other figure",
            ),
        ),
        migrations.AddField(
            model_name="decisionevent",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="decisionevent",
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
            model_name="decisionevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="cases.decision",
            ),
        ),
        migrations.AddIndex(
            model_name="seriesclaim",
            index=models.Index(fields=["announcement_id"], name="series_claim_announcement"),
        ),
        migrations.AddIndex(
            model_name="seriesclaim",
            index=models.Index(fields=["series"], name="series_claim_series"),
        ),
        migrations.AddField(
            model_name="verdict",
            name="a",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="cases.figure",
            ),
        ),
        migrations.AddField(
            model_name="verdict",
            name="b",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="cases.figure",
            ),
        ),
        migrations.AddField(
            model_name="verdict",
            name="release",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="cases.release",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.UniqueConstraint(fields=("a", "b"), name="decision_once_per_pair"),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(("a__lt", models.F("b"))), name="decision_pair_in_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(("action__in", ["align", "part", "agree", "agree_rounded", "contradict"])),
                name="decision_action_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(condition=models.Q(("reason__regex", "\\S")), name="decision_has_reason"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="decision",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "cases_decisionevent" ("a_id", "action", "b_id", "decided_at", "decided_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason") VALUES (NEW."a_id", NEW."action", NEW."b_id", NEW."decided_at", NEW."decided_by_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason"); RETURN NULL;',
                    hash="90b5ee64680e913dbb2948c6943148a9fdf51c91",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_5e7ef",
                    table="cases_decision",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="decision",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "cases_decisionevent" ("a_id", "action", "b_id", "decided_at", "decided_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason") VALUES (NEW."a_id", NEW."action", NEW."b_id", NEW."decided_at", NEW."decided_by_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason"); RETURN NULL;',
                    hash="9a740a47cabe170c9fdc99b826ba806f0ffbb02a",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_19250",
                    table="cases_decision",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="decision",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "cases_decisionevent" ("a_id", "action", "b_id", "decided_at", "decided_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason") VALUES (OLD."a_id", OLD."action", OLD."b_id", OLD."decided_at", OLD."decided_by_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason"); RETURN NULL;',
                    hash="4d97b1f42daa8b29a1eeac755d82223ad44a3d4c",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_ae3e6",
                    table="cases_decision",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="decisionevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="49b26c646f99277a6808078a0af95a79e5a93d1e",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_56016",
                    table="cases_decisionevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="verdict",
            index=models.Index(fields=["b"], name="verdict_b"),
        ),
        migrations.AddIndex(
            model_name="verdict",
            index=models.Index(fields=["a_announcement_id"], name="verdict_a_announcement"),
        ),
        migrations.AddIndex(
            model_name="verdict",
            index=models.Index(fields=["b_announcement_id"], name="verdict_b_announcement"),
        ),
        migrations.AddIndex(
            model_name="verdict",
            index=models.Index(condition=models.Q(("basis", "series")), fields=["series"], name="verdict_series"),
        ),
        migrations.AddIndex(
            model_name="verdict",
            index=models.Index(
                condition=models.Q(("basis", "release")), fields=["release"], name="verdict_release_pairs"
            ),
        ),
        migrations.AddIndex(
            model_name="verdict",
            index=models.Index(
                models.F("basis"),
                models.OrderBy(models.F("factor"), descending=True, nulls_last=True),
                models.F("id"),
                condition=models.Q(("verdict__in", ("contradict", "later", "revised"))),
                name="verdict_by_factor",
            ),
        ),
        migrations.AddIndex(
            model_name="verdict",
            index=models.Index(
                models.F("basis"),
                models.OrderBy(models.F("found_at"), descending=True),
                models.F("id"),
                condition=models.Q(("verdict__in", ("contradict", "later", "revised"))),
                name="verdict_by_time",
            ),
        ),
        migrations.AddIndex(
            model_name="verdict",
            index=django.contrib.postgres.indexes.GinIndex(
                condition=models.Q(("verdict__in", ("contradict", "later", "revised"))),
                fields=["year", "publisher"],
                name="verdict_facets",
            ),
        ),
        migrations.AddConstraint(
            model_name="verdict",
            constraint=models.UniqueConstraint(fields=("a", "b"), name="verdict_once_per_pair"),
        ),
        migrations.RunSQL(read("verdicts.sql")),
        migrations.RunSQL(ALL_ARE_DUE),
        migrations.RunPython(let_editors_decide),
    ]
