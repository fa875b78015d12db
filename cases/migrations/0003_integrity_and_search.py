"""Constraints across tables, the paths of vocabularies, tombstones, and the rows that lists are made of."""

import json
from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


def read(name: str) -> str:
    return (SQL / name).read_text(encoding="utf-8")


def fulltext() -> str:
    """Return the functions of the full-text search, with the table of traditional characters filled in."""
    characters = dict(line.split("\t") for line in read("traditional.tsv").splitlines())
    return read("fulltext.sql").replace("':traditional'", f"'{json.dumps(characters, ensure_ascii=False)}'")


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_data_model")]
    operations = [
        migrations.RunSQL(read("integrity.sql")),
        migrations.RunSQL(fulltext()),
        migrations.RunSQL(read("refresh.sql")),
        migrations.RunSQL(read("search.sql")),
        migrations.RunSQL(read("totals.sql")),
    ]
