"""What the ledger of corrections and the list of what is gone say is of a version of the data, as all that is public."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("cases", "0016_verdicts_anew")]
    operations = [migrations.RunSQL((SQL / "ledger.sql").read_text(encoding="utf-8"))]
