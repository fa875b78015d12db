"""Words of titles have indexes of their own: of very many hits, those in titles are found first.

They are built while the archive is read and written; a build that was broken off is started anew.
"""

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.contrib.postgres.search import SearchVectorField
from django.db import migrations
from django.db.models import F, Func


def titles(name: str) -> GinIndex:
    words = Func(F("doc"), template="""ts_filter(%(expressions)s, '{a}'::"char"[])""", output_field=SearchVectorField())
    return GinIndex(words, fastupdate=False, name=name)


class AddIndexAnew(AddIndexConcurrently):
    """A build that is broken off leaves an invalid index behind, which would stand in the way of the next."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        schema_editor.execute(f"drop index concurrently if exists {self.index.name}")
        super().database_forwards(app_label, schema_editor, from_state, to_state)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("cases", "0013_decided")]

    operations = [
        AddIndexAnew("announcementrow", titles("announcement_row_titles")),
        AddIndexAnew("caserow", titles("case_row_titles")),
        AddIndexAnew("figurerow", titles("figure_row_titles")),
        # How frequent words are in titles is known of an index only after this; plans would be poor until then.
        migrations.RunSQL(
            "analyze cases_announcementrow, cases_caserow, cases_figurerow", migrations.RunSQL.noop, elidable=True
        ),
    ]
