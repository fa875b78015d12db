"""How figures stand to each other: what the archive finds, and what the editors decide of it."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.choices import DecisionAction, VerdictBasis, VerdictKind
from cases.models.announcement import Release
from cases.models.fields import filled
from cases.models.figure import Figure
from cases.models.history import tracked


class Verdict(models.Model):
    """What is found of two figures. Kept, like the search rows, only for what is public.

    `verdicts.settle` writes it in the transaction that changes a claim; what is out of date when a transaction ends is
    gone (`sql/verdicts.sql`), and `manage.py verify` finds all of it anew. A pair keeps its id while it is compared.
    """

    basis = models.TextField(choices=VerdictBasis)
    release = models.ForeignKey(Release, models.DO_NOTHING, null=True, db_constraint=False, related_name="+")
    series = models.TextField()
    a = models.ForeignKey(Figure, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")
    b = models.ForeignKey(Figure, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")
    a_announcement_id = models.BigIntegerField()
    b_announcement_id = models.BigIntegerField()
    verdict = models.TextField(choices=VerdictKind)
    how = models.TextField()
    assumed = ArrayField(models.TextField())
    editors = models.TextField()
    factor = models.DecimalField(max_digits=60, decimal_places=6, null=True)
    power_of_ten = models.IntegerField(null=True)
    # What discrepancies are narrowed by.
    measure = models.TextField()
    year = ArrayField(models.TextField())
    publisher = ArrayField(models.TextField())
    found_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["a", "b"], name="verdict_once_per_pair")]
        indexes = [
            models.Index(fields=["b"], name="verdict_b"),
            models.Index(fields=["a_announcement_id"], name="verdict_a_announcement"),
            models.Index(fields=["b_announcement_id"], name="verdict_b_announcement"),
            models.Index(fields=["series"], name="verdict_series", condition=Q(basis="series")),
            models.Index(fields=["release"], name="verdict_release_pairs", condition=Q(basis="release")),
            # The list of discrepancies in its orders, and what narrows it.
            models.Index(
                "basis",
                F("factor").desc(nulls_last=True),
                "id",
                name="verdict_by_factor",
                condition=Q(verdict__in=("contradict", "later", "revised")),
            ),
            models.Index(
                "basis",
                F("found_at").desc(),
                "id",
                name="verdict_by_time",
                condition=Q(verdict__in=("contradict", "later", "revised")),
            ),
            GinIndex(
                fields=["year", "publisher"],
                name="verdict_facets",
                condition=Q(verdict__in=("contradict", "later", "revised")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.a_id} {self.verdict} {self.b_id}"


class SeriesClaim(models.Model):
    """Which series a public figure belongs to, if to one. Written by `verdicts.settle` alone."""

    figure_id = models.BigIntegerField(primary_key=True)
    announcement_id = models.BigIntegerField()
    series = models.TextField()

    class Meta:
        indexes = [
            models.Index(fields=["announcement_id"], name="series_claim_announcement"),
            models.Index(fields=["series"], name="series_claim_series"),
        ]

    def __str__(self) -> str:
        return f"{self.figure_id} {self.series}"


@tracked
class Decision(models.Model):
    """What an editor decides of two figures against the rule: that they are of one thing or not, or the verdict."""

    a = models.ForeignKey(Figure, models.CASCADE, related_name="decisions_a", verbose_name=_("figure"))
    b = models.ForeignKey(Figure, models.CASCADE, related_name="decisions_b", verbose_name=_("other figure"))
    action = models.CharField(
        _("decision"),
        max_length=20,
        choices=DecisionAction,
        help_text=_("Align: they claim the same thing. Part: they do not. Else the verdict that is to be shown."),
    )
    reason = models.TextField(_("reason"), help_text=_("Shown to the public beside the verdict."))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    decided_at = models.DateTimeField(_("decided"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("decision on two figures")
        verbose_name_plural = _("decisions on figures")
        ordering = ["-decided_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["a", "b"], name="decision_once_per_pair"),
            models.CheckConstraint(condition=Q(a__lt=F("b")), name="decision_pair_in_order"),
            models.CheckConstraint(condition=Q(action__in=DecisionAction.values), name="decision_action_known"),
            models.CheckConstraint(condition=filled("reason"), name="decision_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()}: {self.a_id}, {self.b_id}"

    def clean(self) -> None:
        """Refuse two figures that can never be compared, naming the field."""
        if self.a_id is None or self.b_id is None:
            return
        if self.a_id == self.b_id:
            raise ValidationError({"b": _("A figure is not compared with itself.")})
        if (self.a.measure_id, self.a.unit) != (self.b.measure_id, self.b.unit):
            raise ValidationError({"b": _("The two figures do not count the same thing in the same unit.")})

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.a_id > self.b_id:
            self.a, self.b = self.b, self.a
        super().save(*args, **kwargs)
