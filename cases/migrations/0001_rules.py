"""The archive's rules about dates, intervals and phrases as database functions: columns and constraints use them."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [
        migrations.RunSQL(
            (SQL / "functions.sql").read_text(encoding="utf-8"),
            (SQL / "drop_functions.sql").read_text(encoding="utf-8"),
        )
    ]
