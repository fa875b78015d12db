"""The version of the public data."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("cases", "0010_workflow")]
    operations = [migrations.RunSQL((SQL / "data_version.sql").read_text(encoding="utf-8"))]
