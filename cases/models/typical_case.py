"""Typical cases (典型案例): what an announcement tells as an example, and the places of the telling."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from cases.choices import PlaceRole, Status
from cases.models.addresses import address_of
from cases.models.announcement import Announcement, listed
from cases.models.fields import PartialDateField, filled, span_of
from cases.models.history import tracked, tracked_pairs, tracked_without
from cases.models.vocabulary import CrimeType, Place


class TypicalCaseQuerySet(models.QuerySet["TypicalCase"]):
    def published(self) -> Self:
        """Return the cases of published announcements."""
        return self.filter(announcement__status=Status.PUBLISHED)

    def for_listing(self) -> Self:
        """Bring along what a row of a list shows."""
        return self.select_related("announcement__publisher").with_terms()

    def with_terms(self) -> Self:
        """Bring along the crime types and places."""
        places = models.Prefetch("case_places", CasePlace.objects.select_related("place"), to_attr="case_places_list")
        return self.prefetch_related(*listed("crime_types"), places)


@tracked_without("period_span")
class TypicalCase(models.Model):
    """A numbered or named case told by one announcement."""

    announcement = models.ForeignKey(Announcement, models.CASCADE, related_name="cases", verbose_name=_("announcement"))
    number = models.PositiveIntegerField(
        _("number"), help_text=_("As printed, or counted from 1. Figures and places name their case by it.")
    )
    heading = models.TextField(_("heading"))
    code_name = models.CharField(_("code name"), max_length=100, blank=True, help_text=_('Such as "5.22".'))
    summary = models.TextField(_("summary"), blank=True, help_text=_("In the archive's own words."))
    period = PartialDateField(_("period"), help_text=_("As far as stated: 2018-05 or 2018-05/2018-07-12."))
    period_span = span_of("period")
    crime_types = models.ManyToManyField(CrimeType, blank=True, related_name="cases", verbose_name=_("crime types"))
    same_as = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="other_tellings",
        verbose_name=_("same case as"),
        help_text=_("The fullest telling of the same real case in another announcement."),
    )

    objects = TypicalCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("typical case")
        verbose_name_plural = _("typical cases")
        ordering = ["announcement", "number"]
        constraints = [
            models.UniqueConstraint(fields=["announcement", "number"], name="case_number_once_per_announcement"),
            # What composite foreign keys of figures and case places point at.
            models.UniqueConstraint(fields=["announcement", "id"], name="case_of_announcement"),
            models.CheckConstraint(condition=Q(number__gte=1), name="case_number_from_one"),
            models.CheckConstraint(condition=filled("heading"), name="case_has_heading"),
            models.CheckConstraint(condition=Q(same_as=None) | ~Q(same_as=F("id")), name="case_not_same_as_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.heading}"

    def get_absolute_url(self) -> str:
        return address_of("cases:case-detail", self.pk, self.slug)

    @property
    def slug(self) -> str:
        """The readable end of the address. Decorative: the id alone finds the record."""
        return slugify(self.heading, allow_unicode=True)[:60].strip("-") or str(self.number)

    @cached_property
    def crime_types_list(self) -> list[CrimeType]:
        return list(self.crime_types.all())

    @cached_property
    def case_places_list(self) -> "list[CasePlace]":
        return list(self.case_places.select_related("place"))


@tracked_pairs
class CaseCrimeType(TypicalCase.crime_types.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True


@tracked
class CasePlace(models.Model):
    """A place of a case, and what it is in it. It names the announcement too, which must be its case's."""

    announcement = models.ForeignKey(Announcement, models.CASCADE, related_name="case_places", editable=False)
    case = models.ForeignKey(TypicalCase, models.CASCADE, related_name="case_places", verbose_name=_("case"))
    place = models.ForeignKey(Place, models.PROTECT, related_name="case_places", verbose_name=_("place"))
    role = models.CharField(_("role"), max_length=30, choices=PlaceRole)

    class Meta:
        verbose_name = _("place of a case")
        verbose_name_plural = _("places of cases")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "place", "role"], name="case_place_once_per_role"),
            models.CheckConstraint(condition=Q(role__in=PlaceRole.values), name="case_place_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.place} ({self.get_role_display()})"
