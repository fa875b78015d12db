"""When something was decided is said by whoever decides, so that an import can say when it was."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0012_verdicts")]
    operations = [
        migrations.AlterField(
            model_name=name,
            name="decided_at",
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="decided"),
        )
        for name in ("decision", "decisionevent")
    ]
