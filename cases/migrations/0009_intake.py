"""Texts that wait to be entered, and what finds a document that comes in again: its address, its words, its day."""

from pathlib import Path
from typing import Any

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from cases.fingerprints import folded_sha256, sketch

SQL = Path(__file__).resolve().parent.parent / "sql"


def take_fingerprints(apps: Any, editor: Any) -> None:
    """Compute what the texts stored so far are found by."""
    fingerprints = apps.get_model("cases", "Fingerprint").objects
    for pk, text in apps.get_model("cases", "TextVersion").objects.values_list("pk", "text").iterator(100):
        fingerprints.create(text_version_id=pk, folded_sha256=folded_sha256(text), sketch=sketch(text))
    # What waits for the end of the transaction forbids the indexes that are made at the end of this migration.
    editor.execute("set constraints all immediate")


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0005_words"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.RunSQL((SQL / "intake.sql").read_text(encoding="utf-8"), "drop function page_of"),
        migrations.CreateModel(
            name="Fingerprint",
            fields=[
                (
                    "text_version",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to="cases.textversion",
                        verbose_name="text version",
                    ),
                ),
                ("folded_sha256", models.CharField(max_length=64)),
                ("sketch", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
            ],
            options={
                "verbose_name": "fingerprint of a text",
                "verbose_name_plural": "fingerprints of texts",
                "indexes": [
                    models.Index(fields=["folded_sha256"], name="fingerprint_same_words"),
                    django.contrib.postgres.indexes.GinIndex(fields=["sketch"], name="fingerprint_near_words"),
                ],
            },
        ),
        migrations.RunSQL(
            "alter table cases_fingerprint add constraint cases_fingerprint_fk_text_version foreign key (text_version_id)"
            " references cases_textversion (id) on delete cascade deferrable initially deferred",
            migrations.RunSQL.noop,
        ),
        migrations.CreateModel(
            name="PastedText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("text", models.TextField(verbose_name="text")),
                ("published", models.CharField(blank=True, max_length=40, verbose_name="published")),
                ("url", models.URLField(blank=True, max_length=2000, verbose_name="address")),
                (
                    "brought_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="brought by",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="brought")),
            ],
            options={
                "verbose_name": "text to be entered",
                "verbose_name_plural": "texts to be entered",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("text__regex", r"\S")), name="pasted_text_is_not_empty")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="announcement",
            index=models.Index(models.Func(models.F("url"), function="page_of"), name="announcement_page"),
        ),
        migrations.AddIndex(
            model_name="announcement",
            index=models.Index(fields=["published"], name="announcement_published"),
        ),
        migrations.RunPython(take_fingerprints, migrations.RunPython.noop),
    ]
