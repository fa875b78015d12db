"""Figures: each one claim of a quantity by one announcement, with the words that make it and what they mean."""

from decimal import Decimal
from typing import Any, Self

from django.contrib.postgres.fields import DecimalRangeField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.postgresql.psycopg_any import NumericRange
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from cases import intervals, wording
from cases.choices import Qualifier, Status, Unit
from cases.models.addresses import address_of
from cases.models.announcement import Announcement, Release, listed
from cases.models.campaign import Campaign
from cases.models.fields import PartialDateField, filled, is_partial_date, span_of
from cases.models.history import tracked_pairs, tracked_without
from cases.models.typical_case import TypicalCase
from cases.models.vocabulary import CrimeType, Measure, Place

MONEY = (Unit.CNY, Unit.USD, Unit.EUR, Unit.GBP)


class FigureQuerySet(models.QuerySet["Figure"]):
    def published(self) -> Self:
        """Return the figures of published announcements."""
        return self.filter(announcement__status=Status.PUBLISHED)

    def for_listing(self) -> Self:
        """Bring along what a row of a list shows."""
        return self.select_related("announcement__publisher", "measure", "case", "campaign").prefetch_related(
            *listed("crime_types", "places")
        )


@tracked_without("period_span", "as_of_span")
class Figure(models.Model):
    """One claim. Null is "not stated", 0 is zero."""

    announcement = models.ForeignKey(
        Announcement, models.CASCADE, related_name="figures", verbose_name=_("announcement")
    )
    ref = models.CharField(_("ref"), max_length=20, editable=False, help_text=_("Given once, kept for ever."))
    position = models.PositiveIntegerField(_("position"), editable=False)
    case = models.ForeignKey(
        TypicalCase, models.CASCADE, null=True, blank=True, related_name="figures", verbose_name=_("case")
    )
    release = models.ForeignKey(
        Release, models.SET_NULL, null=True, blank=True, related_name="figures", verbose_name=_("release")
    )
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, null=True, blank=True, related_name="figures", verbose_name=_("campaign")
    )
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="figures", verbose_name=_("measure"))
    crime_types = models.ManyToManyField(
        CrimeType,
        blank=True,
        related_name="figures",
        verbose_name=_("crime types"),
        help_text=_("Several mean: all of them together. Empty: not stated."),
    )
    places = models.ManyToManyField(
        Place,
        blank=True,
        related_name="figures",
        verbose_name=_("places"),
        help_text=_("Several mean: all of them together. The whole country is 000000. Empty: not stated."),
    )
    value = models.DecimalField(
        _("value"), max_digits=30, decimal_places=6, help_text=_("In whole units: 3.7万 is 37000.")
    )
    value_high = models.DecimalField(
        _("upper value"),
        max_digits=30,
        decimal_places=6,
        null=True,
        blank=True,
        help_text=_("Only of a range: its upper end."),
    )
    qualifier = models.CharField(_("qualifier"), max_length=20, choices=Qualifier, default=Qualifier.EXACT)
    step = models.DecimalField(
        _("step"),
        max_digits=30,
        decimal_places=6,
        blank=True,
        help_text=_("Place value of the last significant digit. Empty: it is read from the phrase."),
    )
    interval = DecimalRangeField(_("interval"), editable=False)
    unit = models.CharField(_("unit"), max_length=20, choices=Unit)
    period = PartialDateField(_("period"), help_text=_("The time the claim covers: 2018-02/2018-08."))
    period_span = span_of("period")
    as_of = PartialDateField(_("as of"))
    as_of_span = span_of("as_of")
    cumulative = models.BooleanField(
        _("cumulative"), null=True, blank=True, help_text=_("Counted since the campaign began. Unknown if not stated.")
    )
    phrase = models.TextField(
        _("phrase"), help_text=_("The words that make the claim, verbatim, with the number and what it counts.")
    )
    note = models.TextField(_("note"), blank=True)
    preferred = models.BooleanField(_("preferred by the editors"), default=False)
    preferred_reason = models.TextField(_("why preferred"), blank=True)
    part_of = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="parts", verbose_name=_("part of")
    )
    of_measure = models.ForeignKey(
        Measure,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("of measure"),
        help_text=_("Of a percentage: what changed, or what it is a share of."),
    )
    base_period = PartialDateField(_("compared with"), help_text=_("Of a change: the earlier period."))
    converted_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="conversions", verbose_name=_("converted from")
    )

    objects = FigureQuerySet.as_manager()

    class Meta:
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        ordering = ["announcement", "position"]
        constraints = [
            models.UniqueConstraint(fields=["announcement", "ref"], name="figure_ref_once_per_announcement"),
            models.UniqueConstraint(fields=["announcement", "id"], name="figure_of_announcement"),
            models.CheckConstraint(condition=Q(ref__regex=r"^[A-Za-z0-9._-]+$"), name="figure_ref_is_plain"),
            models.CheckConstraint(condition=Q(qualifier__in=Qualifier.values), name="figure_qualifier_known"),
            models.CheckConstraint(condition=Q(unit__in=Unit.values), name="figure_unit_known"),
            models.CheckConstraint(condition=filled("phrase"), name="figure_has_phrase"),
            models.CheckConstraint(condition=Q(step__gt=0), name="figure_step_positive"),
            models.CheckConstraint(condition=Q(value__gte=0) | Q(unit=Unit.PERCENT), name="figure_count_not_negative"),
            models.CheckConstraint(
                condition=Q(qualifier=Qualifier.RANGE, value_high__isnull=False, value_high__gte=F("value"))
                | (~Q(qualifier=Qualifier.RANGE) & Q(value_high=None)),
                name="figure_upper_value_of_a_range",
            ),
            # The interval rule itself: the database knows it too and accepts no other interval.
            models.CheckConstraint(
                condition=models.Func(
                    template='("interval" = coalesce(claim_interval("value", "qualifier", "step", "value_high", '
                    '"unit" = \'percent\'), "interval"))',
                    output_field=models.BooleanField(),
                ),
                name="figure_interval_follows_the_rule",
            ),
            models.CheckConstraint(condition=Q(interval__isempty=False), name="figure_interval_not_empty"),
            models.CheckConstraint(condition=is_partial_date("base_period"), name="figure_base_period_is_date"),
            models.CheckConstraint(
                condition=Q(preferred=False, preferred_reason="") | Q(preferred=True, preferred_reason__regex=r"\S"),
                name="figure_preferred_with_reason",
            ),
            models.CheckConstraint(condition=Q(part_of=None) | ~Q(part_of=F("id")), name="figure_not_part_of_itself"),
            models.CheckConstraint(
                condition=Q(converted_from=None) | (~Q(converted_from=F("id")) & Q(unit__in=MONEY)),
                name="figure_converted_is_money",
            ),
            models.CheckConstraint(
                condition=Q(of_measure=None, base_period=None) | Q(unit=Unit.PERCENT),
                name="figure_of_measure_is_percentage",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ref}: {self.phrase}"

    def get_absolute_url(self) -> str:
        return address_of("cases:figure-detail", self.pk)

    @cached_property
    def crime_types_list(self) -> list[CrimeType]:
        return list(self.crime_types.all())

    @cached_property
    def places_list(self) -> list[Place]:
        return list(self.places.all())

    @property
    def unit_label(self) -> str:
        return str(Unit(self.unit).label)

    @property
    def printed(self) -> str:
        """The number with its qualifier, in the page's language: "more than 22,000", "超过2.2万"."""
        return wording.stated(self.value, self.qualifier, self.value_high)

    @property
    def bounds(self) -> intervals.Interval:
        """The interval of values that the words allow."""
        stored = self.interval
        return intervals.Interval(stored.lower, stored.upper, stored.lower_inc, stored.upper_inc)

    @property
    def interval_text(self) -> str:
        return str(self.bounds)

    @property
    def low(self) -> Decimal | None:
        return self.bounds.low

    @property
    def high(self) -> Decimal | None:
        return self.bounds.high

    @property
    def low_closed(self) -> bool:
        return self.bounds.low_closed

    @property
    def high_closed(self) -> bool:
        return self.bounds.high_closed

    def derive(self) -> None:
        """Fill in step (where none is given) and interval from the value, the qualifier and the words.

        Raises ValidationError, naming the field, where the claim does not make sense.
        """
        if self.value < 0 and self.unit != Unit.PERCENT:
            raise ValidationError({"value": _("A count cannot be negative")})
        if self.step is None:
            self.step = intervals.step_for(self.phrase, Decimal(self.value))
        try:
            claim = intervals.interval(
                Decimal(self.value),
                self.qualifier,
                Decimal(self.step),
                high=self.value_high,
                phrase=self.phrase,
                signed=self.unit == Unit.PERCENT,
            )
        except intervals.IntervalError as problem:
            name, _colon, message = str(problem).partition(": ")
            raise ValidationError({{"high": "value_high"}.get(name, name): message}) from problem
        bounds = ("[" if claim.low_closed else "(") + ("]" if claim.high_closed else ")")
        self.interval = NumericRange(claim.low, claim.high, bounds)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive()
        super().save(*args, **kwargs)


@tracked_pairs
class FigureCrimeType(Figure.crime_types.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True


@tracked_pairs
class FigurePlace(Figure.places.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True
