"""Which cases and figures a published version says anew. Columns without values and indexes built aside: nobody waits."""

import django.contrib.postgres.fields
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False  # an index is not built aside within a transaction
    dependencies = [("cases", "0017_ledger")]
    operations = [
        *(
            migrations.AddField(
                "publishedversion",
                name,
                django.contrib.postgres.fields.ArrayField(
                    base_field=models.BigIntegerField(),
                    editable=False,
                    null=True,
                    size=None,
                    verbose_name=f"{name} said anew",
                ),
            )
            for name in ("cases", "figures")
        ),
        AddIndexConcurrently(
            "publishedversion", models.Index(fields=["-published_at"], name="published_version_newest")
        ),
        AddIndexConcurrently(
            "transition",
            models.Index(condition=Q(target="published"), fields=["-at"], name="transition_into_the_public"),
        ),
    ]
