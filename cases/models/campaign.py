"""Campaigns: named special actions, every name they go by, and where an announcement mentions them."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases.choices import Language, Script
from cases.models.fields import PartialDateField, check_order, filled, in_order, is_partial_date
from cases.models.history import tracked, tracked_pairs, tracked_without
from cases.models.vocabulary import localized, path_field


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def public(self) -> Self:
        """Return the campaigns that something published names, and those that they are part of."""
        # Both are values of search rows, whose totals the database keeps.
        named = RawSQL("select value from cases_facettotal where facet = 'campaign' and n > 0", [])
        return self.filter(slug__in=named)


@tracked_without("path")
class Campaign(models.Model):
    """A named special action, as the editors describe it. What a document says of it is a CampaignMention."""

    slug = models.SlugField(
        _("slug"),
        max_length=120,
        primary_key=True,
        help_text=_("Part of public addresses: it cannot be changed later."),
    )
    name_en = models.CharField(_("English name"), max_length=200)
    name_zh = models.CharField(_("Chinese name"), max_length=200, blank=True)
    year = models.PositiveSmallIntegerField(
        _("campaign year"), null=True, blank=True, help_text=_("Empty: a series of several years.")
    )
    start = PartialDateField(_("start"))
    end = PartialDateField(_("end"))
    authority = models.CharField(_("authority"), max_length=200, blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    description = models.TextField(_("description"), blank=True)
    not_to_be_confused_with = models.ManyToManyField("self", blank=True, verbose_name=_("not to be confused with"))
    path = path_field()

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["-year", "name_en"]
        constraints = [
            models.CheckConstraint(condition=filled("name_en"), name="campaign_has_name"),
            models.CheckConstraint(
                condition=Q(year=None) | Q(year__gte=1980, year__lte=2100), name="campaign_year_plausible"
            ),
            models.CheckConstraint(condition=is_partial_date("start"), name="campaign_start_is_date"),
            models.CheckConstraint(condition=is_partial_date("end"), name="campaign_end_is_date"),
            models.CheckConstraint(condition=in_order("start", "end"), name="campaign_ends_after_it_starts"),
            models.CheckConstraint(condition=~Q(parent=F("slug")), name="campaign_not_its_own_parent"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("cases:campaign-detail", args=[self.slug])

    @property
    def name(self) -> str:
        return localized(self.name_en, self.name_zh)

    def clean(self) -> None:
        """Refuse a period that is turned round, naming its end."""
        check_order(self.start, self.end)


@tracked_pairs
class CampaignConfusion(Campaign.not_to_be_confused_with.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True


@tracked
class CampaignName(models.Model):
    """Another name of a campaign, as some document prints it."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="names", verbose_name=_("campaign"))
    name = models.CharField(_("name"), max_length=200)
    language = models.CharField(_("language"), max_length=8, choices=Language)
    script = models.CharField(_("script"), max_length=4, choices=Script)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("name of a campaign")
        verbose_name_plural = _("names of campaigns")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "name"], name="campaign_name_once"),
            models.CheckConstraint(condition=filled("name"), name="campaign_name_not_empty"),
            models.CheckConstraint(
                condition=Q(language__in=Language.values, script__in=Script.values),
                name="campaign_name_language_and_script_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@tracked
class CampaignMention(models.Model):
    """What one announcement says of a campaign: the names it prints, and the dates and parent it states."""

    announcement = models.ForeignKey(
        "cases.Announcement", models.CASCADE, related_name="mentions", verbose_name=_("announcement")
    )
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="mentions", verbose_name=_("campaign"))
    aliases = ArrayField(
        models.CharField(max_length=200),
        default=list,
        blank=True,
        verbose_name=_("names as printed"),
        help_text=_("Parted by commas."),
    )
    name_zh = models.CharField(_("Chinese name as printed"), max_length=200, blank=True)
    start = PartialDateField(_("start as stated"))
    end = PartialDateField(_("end as stated"))
    parent = models.ForeignKey(
        Campaign, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("part of, as stated")
    )

    class Meta:
        verbose_name = _("mention of a campaign")
        verbose_name_plural = _("mentions of campaigns")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["announcement", "campaign"], name="campaign_mentioned_once"),
            models.CheckConstraint(condition=is_partial_date("start"), name="mention_start_is_date"),
            models.CheckConstraint(condition=is_partial_date("end"), name="mention_end_is_date"),
            models.CheckConstraint(condition=in_order("start", "end"), name="mention_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("campaign")), name="mention_not_its_own_parent"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign} · {self.announcement_id}"

    def clean(self) -> None:
        """Refuse a period that is turned round, naming its end."""
        check_order(self.start, self.end)
