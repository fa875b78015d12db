"""What a search overlooks in words, and what places are found by: accents, and the full reading of a name."""

from importlib import import_module

from django.db import migrations

fulltext = import_module("cases.migrations.0003_integrity_and_search").fulltext

REFRESH = """
    update cases_nodewords set words = words_of_node(kind, code);
    select refresh_rows(id) from cases_announcement where status = 'published';
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_integrity_and_search")]
    operations = [migrations.RunSQL(fulltext()), migrations.RunSQL(REFRESH)]
