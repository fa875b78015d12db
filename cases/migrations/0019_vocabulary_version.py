"""A change of a vocabulary is a change of the public data, also where no record has the entry."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("cases", "0018_said_anew")]

    operations = [migrations.RunSQL((SQL / "vocabulary_version.sql").read_text(encoding="utf-8"))]
