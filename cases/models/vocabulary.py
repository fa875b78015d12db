"""The archive's controlled vocabularies: crime types, measures and places. Codes are keys and never change."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cases.choices import PlaceLevel, Unit
from cases.models.fields import filled
from cases.models.history import tracked, tracked_without


def localized(english: str, chinese: str) -> str:
    """Return the Chinese form where the page is Chinese and there is one, else the English form."""
    return chinese if chinese and (get_language() or "").startswith("zh") else english or chinese


def path_field() -> ArrayField:
    """Return the column with a node's ancestors and itself, from the root, kept by a trigger."""
    return ArrayField(models.TextField(), default=list, db_default=[], editable=False, verbose_name=_("path"))


@tracked_without("path")
class CrimeType(models.Model):
    """A node of the hierarchical vocabulary of crimes, with the statutes it rests on."""

    code = models.CharField(
        _("code"),
        max_length=60,
        primary_key=True,
        help_text=_("Part of public addresses: it cannot be changed later."),
    )
    label_en = models.CharField(_("English label"), max_length=120)
    label_zh = models.CharField(_("Chinese label"), max_length=120)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    statutes = models.TextField(_("statutes"), blank=True)
    definition = models.TextField(_("definition"), blank=True)
    position = models.PositiveIntegerField(_("position in the list"), default=0)
    path = path_field()

    class Meta:
        verbose_name = _("crime type")
        verbose_name_plural = _("crime types")
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(code__regex=r"^[a-z0-9_]+(\.[a-z0-9_]+)*$"), name="crime_type_code_is_dotted_slug"
            ),
            models.CheckConstraint(condition=filled("label_en") & filled("label_zh"), name="crime_type_has_labels"),
            models.CheckConstraint(condition=~Q(parent=F("code")), name="crime_type_not_its_own_parent"),
        ]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("cases:crime-type-detail", args=[self.code])

    @property
    def label(self) -> str:
        return localized(self.label_en, self.label_zh)


@tracked
class Measure(models.Model):
    """What a figure counts, and the units it may be counted in."""

    code = models.CharField(_("code"), max_length=60, primary_key=True)
    label_en = models.CharField(_("English label"), max_length=120)
    label_zh = models.CharField(_("Chinese label"), max_length=120)
    units = ArrayField(models.CharField(max_length=20, choices=Unit), verbose_name=_("units"))
    definition = models.TextField(_("definition"), blank=True)
    position = models.PositiveIntegerField(_("position in the list"), default=0)

    class Meta:
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=r"^[a-z0-9_]+$"), name="measure_code_is_slug"),
            models.CheckConstraint(condition=filled("label_en") & filled("label_zh"), name="measure_has_labels"),
            models.CheckConstraint(
                condition=Q(units__len__gte=1) & Q(units__contained_by=Unit.values), name="measure_units_known"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return localized(self.label_en, self.label_zh)


class PlaceQuerySet(models.QuerySet["Place"]):
    def provinces(self) -> Self:
        """Return the 34 province-level units, in the order of their codes."""
        return self.filter(level=PlaceLevel.PROVINCE).order_by("code")


@tracked_without("path")
class Place(models.Model):
    """A node of the gazetteer (GB/T 2260). `000000` is the whole country; it is nobody's parent."""

    NATIONAL = "000000"

    code = models.CharField(_("code"), max_length=6, primary_key=True)
    level = models.CharField(_("level"), max_length=20, choices=PlaceLevel)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    slug = models.SlugField(
        _("slug"), max_length=40, null=True, blank=True, unique=True, help_text=_("Of provinces: used in addresses.")
    )
    name_en = models.CharField(_("English name"), max_length=120)
    name_zh = models.CharField(_("Chinese name"), max_length=120)
    pinyin = models.CharField(_("pinyin"), max_length=200, blank=True)
    lat = models.DecimalField(_("latitude"), max_digits=7, decimal_places=4, null=True, blank=True)
    lon = models.DecimalField(_("longitude"), max_digits=7, decimal_places=4, null=True, blank=True)
    path = path_field()

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["code"]
        indexes = [GinIndex(fields=["path"], name="place_path")]  # everything below a place
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=r"^[0-9]{6}$"), name="place_code_is_six_digits"),
            models.CheckConstraint(condition=Q(level__in=PlaceLevel.values), name="place_level_known"),
            models.CheckConstraint(
                condition=Q(level__in=["country", "province"], parent=None, slug__isnull=False)
                | Q(level__in=["prefecture", "county"], parent__isnull=False, slug=None),
                name="place_parent_and_slug_by_level",
            ),
            models.CheckConstraint(condition=filled("name_en") & filled("name_zh"), name="place_has_names"),
            models.CheckConstraint(
                condition=Q(lat=None, lon=None)
                | Q(lat__isnull=False, lat__gte=-90, lat__lte=90, lon__isnull=False, lon__gte=-180, lon__lte=180),
                name="place_coordinates_on_earth",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("cases:place-detail", args=[self.code])

    @property
    def name(self) -> str:
        return localized(self.name_en, self.name_zh)


@tracked
class PlaceName(models.Model):
    """Another spelling of a place: "Taian", "Xizang", 廣東."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="names", verbose_name=_("place"))
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        verbose_name = _("other name of a place")
        verbose_name_plural = _("other names of places")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["place", "name"], name="place_name_once"),
            models.CheckConstraint(condition=filled("name"), name="place_name_not_empty"),
        ]

    def __str__(self) -> str:
        return self.name
