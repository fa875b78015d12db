"""The rule by which figures are compared has changed: verdicts that were kept before are found anew (`cases.apps`)."""

from django.db import migrations

ALL_ARE_DUE = """
    insert into cases_unsettled (announcement_id, xact)
    select id, null from cases_announcement where status = 'published' order by id limit 1;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0015_phrases")]
    operations = [migrations.RunSQL(ALL_ARE_DUE, migrations.RunSQL.noop)]
