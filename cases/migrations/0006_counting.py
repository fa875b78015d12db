"""Which rows have each value of each facet, as sets of ids; a refresh writes only what differs."""

from importlib import import_module

from django.db import migrations

read = import_module("cases.migrations.0003_integrity_and_search").read

RECOUNT = (
    "select recount(source) from unnest(array['cases_announcementrow', 'cases_caserow', 'cases_figurerow']) source"
)


class Migration(migrations.Migration):
    dependencies = [("cases", "0009_intake")]
    operations = [
        migrations.RunSQL(read("counts.sql")),
        migrations.RunSQL(read("refresh.sql")),
        migrations.RunSQL(RECOUNT),
    ]
