"""What was: the change history, published versions and the addresses of what is gone.

The history is written by database triggers (django-pghistory), so that no writer escapes it:
every row of a tracked model before and after, with who, when and why in its context.
"""

from collections.abc import Callable
from typing import TypeVar

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.choices import TombstoneKind

Model = TypeVar("Model", bound=type[models.Model])


def tracked_without(*fields: str) -> Callable[[Model], Model]:
    """Return the tracking decorator for a model with columns that the history leaves out."""
    return pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        append_only=True,
        exclude=list(fields),
    )


def tracked(model: Model) -> Model:
    """Put every change of the model's rows on record."""
    return tracked_without()(model)


def tracked_pairs(model: Model) -> Model:
    """Put the pairs of a many-to-many relation on record: they come and go, they do not change."""
    return pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent(), append_only=True, obj_field=None)(model)


class PublishedVersion(models.Model):
    """What was public of an announcement from one publication to the next. Append-only."""

    announcement = models.ForeignKey(
        "cases.Announcement", models.PROTECT, related_name="published_versions", verbose_name=_("announcement")
    )
    n = models.PositiveIntegerField(_("number"))
    body = models.TextField(
        _("public record"), help_text=_("The announcement with its cases and figures, as public JSON.")
    )
    sha256 = models.CharField(_("SHA-256 of the public record"), max_length=64)
    published_at = models.DateTimeField(_("published at"), auto_now_add=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    reason = models.TextField(_("reason"))
    # Ids of the cases and figures of which it says what the version before did not. Null is all: of a first version,
    # and of those kept before this was noted.
    cases = ArrayField(models.BigIntegerField(), null=True, editable=False, verbose_name=_("cases said anew"))
    figures = ArrayField(models.BigIntegerField(), null=True, editable=False, verbose_name=_("figures said anew"))

    class Meta:
        verbose_name = _("published version")
        verbose_name_plural = _("published versions")
        ordering = ["announcement", "n"]
        indexes = [models.Index(fields=["-published_at"], name="published_version_newest")]  # feeds
        constraints = [
            models.UniqueConstraint(fields=["announcement", "n"], name="published_version_number_once"),
            models.CheckConstraint(condition=Q(n__gte=1), name="published_version_number_from_one"),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="published_version_sha256_is_hex"
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.announcement_id} v{self.n}"


class Tombstone(models.Model):
    """What answers at an address whose record is gone: where it went (301), or why it went (410).

    Deleting an announcement, case, figure or release that was public leaves one, by trigger.
    """

    kind = models.CharField(_("kind"), max_length=20, choices=TombstoneKind)
    record_id = models.BigIntegerField(_("id"))
    label = models.TextField(_("what it was"), blank=True)
    moved_to = models.BigIntegerField(
        _("id of what replaced it"), null=True, blank=True, help_text=_("Empty: it is gone for good.")
    )
    reason = models.TextField(_("reason"))
    created_at = models.DateTimeField(_("since"), db_default=models.functions.Now())

    class Meta:
        verbose_name = _("tombstone")
        verbose_name_plural = _("tombstones")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "record_id"], name="tombstone_once_per_record"),
            models.CheckConstraint(condition=Q(kind__in=TombstoneKind.values), name="tombstone_kind_known"),
            models.CheckConstraint(condition=~Q(moved_to=models.F("record_id")), name="tombstone_not_to_itself"),
            models.CheckConstraint(condition=Q(reason__regex=r"\S"), name="tombstone_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.record_id}"
