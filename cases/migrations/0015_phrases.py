"""The words of a figure stand in the stored text of its document, and no campaign is over before it starts."""

from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).resolve().parent.parent / "sql"


def bound(field: str, function: str) -> models.Func:
    return models.Func(models.Func(models.F(field), function="edtf_span"), function=function)


def in_order(model: str, name: str) -> migrations.AddConstraint:
    condition = models.Func(
        bound("start", "lower"),
        bound("end", "upper"),
        arg_joiner=" < ",
        output_field=models.BooleanField(),
        template="((%(expressions)s) is not false)",
    )
    return migrations.AddConstraint(model, models.CheckConstraint(condition=condition, name=name))


class Migration(migrations.Migration):
    dependencies = [("cases", "0014_titles")]
    operations = [
        migrations.RunSQL((SQL / "phrases.sql").read_text(encoding="utf-8")),
        in_order("campaign", "campaign_ends_after_it_starts"),
        in_order("campaignmention", "mention_ends_after_it_starts"),
    ]
