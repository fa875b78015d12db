"""Announcements: the documents of the archive, who published them, and the releases they report."""

from collections.abc import Sequence
from typing import Any, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.choices import AnnouncementKind, Language, PublisherKind, ReportRole, Status, Translation
from cases.models.addresses import address_of
from cases.models.campaign import Campaign, CampaignMention
from cases.models.fields import PartialDateField, filled, span_of
from cases.models.history import tracked, tracked_pairs, tracked_without
from cases.models.vocabulary import CrimeType, Place


@tracked
class Publisher(models.Model):
    """Who brought a document out, as credited: an authority, a news agency, a site that copies."""

    slug = models.SlugField(_("slug"), max_length=120, unique=True)
    name = models.CharField(_("name"), max_length=200, unique=True)
    name_zh = models.CharField(_("Chinese name"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=PublisherKind)
    country = models.CharField(_("country"), max_length=2, help_text=_("ISO 3166-1, two letters; XX if unknown."))

    class Meta:
        verbose_name = _("publisher")
        verbose_name_plural = _("publishers")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=filled("name"), name="publisher_has_name"),
            models.CheckConstraint(condition=Q(kind__in=PublisherKind.values), name="publisher_kind_known"),
            models.CheckConstraint(condition=Q(country__regex=r"^[A-Z]{2}$"), name="publisher_country_two_letters"),
        ]

    def __str__(self) -> str:
        return self.name


class ReleaseQuerySet(models.QuerySet["Release"]):
    def public(self) -> Self:
        """Return the releases of which at least one report is published."""
        return self.filter(
            models.Exists(
                ReleaseReport.objects.filter(release=models.OuterRef("pk"), announcement__status=Status.PUBLISHED)
            )
        )


@tracked_without("disclosed_span")
class Release(models.Model):
    """One act of disclosure by an authority, printed many times."""

    name = models.CharField(_("name"), max_length=200, blank=True)
    authority = models.CharField(_("authority"), max_length=200, blank=True)
    disclosed = PartialDateField(_("disclosed"))
    disclosed_span = span_of("disclosed")
    fullest = models.ForeignKey(
        "cases.Announcement",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("fullest report"),
        help_text=_("The report that the others are read against."),
    )

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        ordering = ["-disclosed_span", "-id"]

    def __str__(self) -> str:
        return self.name or (self.fullest.title if self.fullest else f"{self.pk}")

    def get_absolute_url(self) -> str:
        return reverse("cases:release-detail", args=[self.pk])


@tracked
class ReleaseReport(models.Model):
    """That an announcement reports a release, and as what."""

    announcement = models.ForeignKey(
        "cases.Announcement", models.CASCADE, related_name="reports", verbose_name=_("announcement")
    )
    release = models.ForeignKey(Release, models.CASCADE, related_name="reports", verbose_name=_("release"))
    role = models.CharField(_("role"), max_length=20, choices=ReportRole, default=ReportRole.REPORT)

    class Meta:
        verbose_name = _("report of a release")
        verbose_name_plural = _("reports of releases")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["announcement", "release"], name="release_reported_once"),
            models.CheckConstraint(condition=Q(role__in=ReportRole.values), name="report_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.announcement_id} {self.role} {self.release_id}"


def listed(*names: str) -> "list[models.Prefetch[Any]]":
    """Return prefetches of what a row of a list names, into the record's `…_list`."""
    return [models.Prefetch(name, to_attr=f"{name}_list") for name in names]


def bring_first_figures(records: Sequence[models.Model], n: int = 2) -> None:
    """Give announcements or cases the first figures that a row of a list shows, as `first_figures`."""
    if not records:
        return
    figures: Any = records[0]._meta.get_field("figures").related_model
    queryset = figures._default_manager.select_related("measure").order_by("position")[:n]
    models.prefetch_related_objects(records, models.Prefetch("figures", queryset, to_attr="first_figures"))


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    def published(self) -> Self:
        """Return what the public may see. Every page, export and feed starts here."""
        return self.filter(status=Status.PUBLISHED)

    def for_listing(self) -> Self:
        """Bring along what a row of a list shows."""
        return self.select_related("publisher").prefetch_related(*listed("places", "crime_types"))

    def claim(self, pk: int, version: int) -> bool:
        """Begin to save a draft as it was read: count one version more, unless somebody has done so since.

        Whoever claims it keeps the row until the transaction ends; whoever comes second then gets False.
        """
        claimed = self.filter(pk=pk, version=version, status__in=[Status.DRAFT, Status.IN_REVIEW])
        return bool(claimed.update(version=F("version") + 1))


@tracked_without("published_span")
class Announcement(models.Model):
    """One document: the release itself, a report, a translation or a copy of it."""

    key = models.CharField(
        _("key"),
        max_length=60,
        unique=True,
        help_text=_("Names the record in imports and exports. It cannot be changed later."),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=AnnouncementKind)
    title = models.TextField(_("title"), help_text=_("As printed, in the document's own language."))
    title_zh = models.TextField(_("Chinese title"), blank=True)
    title_supplied = models.BooleanField(
        _("title supplied by the archive"),
        default=False,
        help_text=_("The document was read without its headline; the title is shown in square brackets."),
    )
    publisher = models.ForeignKey(Publisher, models.PROTECT, related_name="announcements", verbose_name=_("publisher"))
    published = PartialDateField(
        pgettext_lazy("date", "published"),
        help_text=_("As far as it is known: 2018, 2018-09 or 2018-09-07; ~ after it means about, ? uncertain."),
    )
    published_span = span_of("published")
    url = models.URLField(_("address"), max_length=2000, null=True, blank=True)
    archived_url = models.URLField(_("archived address"), max_length=2000, null=True, blank=True)
    language = models.CharField(_("language"), max_length=8, choices=Language)
    translation = models.CharField(_("translation"), max_length=20, choices=Translation, default=Translation.NONE)
    abstract = models.TextField(
        _("abstract"), blank=True, help_text=_("In the archive's own words; it is shown as such.")
    )
    crime_types = models.ManyToManyField(
        CrimeType, blank=True, related_name="announcements", verbose_name=_("crime types")
    )
    places = models.ManyToManyField(Place, blank=True, related_name="announcements", verbose_name=_("places"))
    campaigns = models.ManyToManyField(
        Campaign,
        through=CampaignMention,
        through_fields=("announcement", "campaign"),
        related_name="announcements",
        verbose_name=_("campaigns"),
    )
    releases = models.ManyToManyField(
        Release, through=ReleaseReport, related_name="announcements", verbose_name=_("releases")
    )
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.DRAFT, editable=False)
    version = models.PositiveIntegerField(
        _("version"),
        default=1,
        editable=False,
        help_text=_("Counts the saves: two editors cannot overwrite each other."),
    )
    revises = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="revisions",
        verbose_name=_("draft copy of"),
    )
    revises_version = models.PositiveIntegerField(
        _("version revised"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("The version of the record from which the draft copy was made."),
    )
    authors = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("entered by"),
        help_text=_("Who typed what stands here; they do not publish it themselves."),
    )
    created_at = models.DateTimeField(_("entered"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        permissions = [
            ("change_any_announcement", _("Can change drafts of others")),
            ("publish_announcement", _("Can publish announcements")),
            ("publish_own_announcement", _("Can publish what they entered themselves")),
        ]
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        ordering = ["-published_span", "-id"]
        indexes = [
            models.Index(fields=["status", "key"], name="announcement_status"),  # the editors' list by status
            models.Index(models.Func(F("url"), function="page_of"), name="announcement_page"),  # duplicates by address
            models.Index(fields=["published"], name="announcement_published"),  # duplicates by day and figures
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(key__regex=r"^[A-Za-z0-9][A-Za-z0-9._~-]*$"), name="announcement_key_is_plain"
            ),
            models.CheckConstraint(condition=filled("title"), name="announcement_has_title"),
            models.CheckConstraint(condition=Q(kind__in=AnnouncementKind.values), name="announcement_kind_known"),
            models.CheckConstraint(condition=Q(language__in=Language.values), name="announcement_language_known"),
            models.CheckConstraint(
                condition=Q(translation__in=Translation.values), name="announcement_translation_known"
            ),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="announcement_status_known"),
            models.CheckConstraint(condition=Q(version__gte=1), name="announcement_version_from_one"),
            models.CheckConstraint(
                condition=Q(url=None) | Q(url__regex=r"^https?://\S+$"), name="announcement_url_is_http"
            ),
            models.CheckConstraint(
                condition=Q(archived_url=None) | Q(archived_url__regex=r"^https?://\S+$"),
                name="announcement_archived_url_is_http",
            ),
            models.CheckConstraint(
                condition=Q(revises=None) | (~Q(revises=F("id")) & Q(status__in=[Status.DRAFT, Status.IN_REVIEW])),
                name="announcement_copy_is_a_draft",
            ),
            models.CheckConstraint(
                condition=Q(revises=None, revises_version=None)
                | Q(revises__isnull=False, revises_version__isnull=False),
                name="announcement_copy_is_of_a_version",
            ),
            models.UniqueConstraint(
                fields=["revises"], condition=Q(revises__isnull=False), name="announcement_one_copy_at_a_time"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="key_is_for_ever",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__key__df=pgtrigger.F("new__key")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.title}"

    def get_absolute_url(self) -> str:
        return address_of("cases:announcement-detail", self.pk, self.slug)

    @property
    def slug(self) -> str:
        """The readable end of the address. Decorative: the id alone finds the record."""
        return slugify(self.title, allow_unicode=True)[:60].strip("-") or self.key

    @property
    def is_published(self) -> bool:
        return self.status == Status.PUBLISHED

    @cached_property
    def places_list(self) -> list[Place]:
        return list(self.places.all())

    @cached_property
    def crime_types_list(self) -> list[CrimeType]:
        return list(self.crime_types.all())


@tracked_pairs
class AnnouncementCrimeType(Announcement.crime_types.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True


@tracked_pairs
class AnnouncementPlace(Announcement.places.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True


@tracked_pairs
class AnnouncementAuthor(Announcement.authors.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True
