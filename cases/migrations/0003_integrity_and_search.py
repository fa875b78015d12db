"""Constraints across tables, the paths of vocabularies, tombstones, and the rows that lists are made of."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_data_model")]
    operations = [
        migrations.RunSQL((SQL / "integrity.sql").read_text(encoding="utf-8")),
        migrations.RunSQL((SQL / "search.sql").read_text(encoding="utf-8")),
    ]
