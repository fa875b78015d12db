"""What the editors' desk keeps of its own work: the steps of a record, reports of errors, and who knocks too often."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.choices import ReportedKind, ReportState, Status
from cases.models.announcement import Announcement
from cases.models.fields import filled
from cases.models.history import tracked_without


class Transition(models.Model):
    """One step of a record from one state to another: who took it, when and why. Append-only."""

    announcement = models.ForeignKey(
        Announcement, models.CASCADE, related_name="transitions", verbose_name=_("announcement")
    )
    step = models.CharField(_("step"), max_length=20)
    source = models.CharField(_("from"), max_length=20, choices=Status)
    target = models.CharField(_("to"), max_length=20, choices=Status)
    moved_to = models.ForeignKey(
        Announcement, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("merged into")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("when"), auto_now_add=True)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["-id"]
        indexes = [
            models.Index(  # the public ledger of corrections: what left the public, and what came back
                fields=["-at"],
                name="transition_of_the_public",
                condition=Q(source__in=[Status.PUBLISHED, Status.WITHDRAWN]),
            ),
            models.Index(  # feeds: what is public again
                fields=["-at"],
                name="transition_into_the_public",
                condition=Q(target=Status.PUBLISHED),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(source__in=Status.values, target__in=Status.values), name="transition_states_known"
            ),
            models.CheckConstraint(condition=~Q(source=models.F("target")), name="transition_moves"),
            models.CheckConstraint(
                condition=~Q(source__in=[Status.PUBLISHED, Status.WITHDRAWN]) | filled("reason"),
                name="transition_of_the_public_has_reason",
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.announcement_id} {self.source} → {self.target}"


@tracked_without("contact")
class ErrorReport(models.Model):
    """What a reader holds to be wrong, in the reader's words, and what the editors made of it."""

    kind = models.CharField(pgettext_lazy("subject of a report", "about"), max_length=20, choices=ReportedKind)
    record_id = models.BigIntegerField(_("id"), null=True, blank=True)
    version = models.PositiveIntegerField(_("version"), null=True, blank=True)
    message = models.TextField(_("what is wrong"))
    contact = models.CharField(
        pgettext_lazy("of a reader", "contact"),
        max_length=200,
        blank=True,
        help_text=_("Given freely, for an answer. It is no part of the history and can be emptied."),
    )
    reported_at = models.DateTimeField(_("reported"), auto_now_add=True)
    state = models.CharField(_("state"), max_length=20, choices=ReportState, default=ReportState.OPEN)
    answer = models.TextField(_("what was done"), blank=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("handled by")
    )
    handled_at = models.DateTimeField(_("handled"), null=True, blank=True)

    class Meta:
        verbose_name = _("report of an error")
        verbose_name_plural = _("reports of errors")
        ordering = ["-reported_at", "-id"]
        indexes = [
            models.Index(  # the editors' queue
                fields=["reported_at"], name="error_report_open", condition=Q(state=ReportState.OPEN)
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ReportedKind.values), name="error_report_kind_known"),
            models.CheckConstraint(condition=Q(state__in=ReportState.values), name="error_report_state_known"),
            models.CheckConstraint(condition=filled("message"), name="error_report_has_message"),
            models.CheckConstraint(
                condition=Q(kind=ReportedKind.ARCHIVE, record_id=None)
                | (~Q(kind=ReportedKind.ARCHIVE) & Q(record_id__isnull=False)),
                name="error_report_names_its_record",
            ),
            models.CheckConstraint(
                condition=Q(state=ReportState.OPEN) | filled("answer"), name="error_report_closed_with_answer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.record_id or ''}".strip()


class Attempt(models.Model):
    """One attempt at something that is limited, by a keyed hash of who made it. Forgotten after its time."""

    what = models.CharField(max_length=20)
    who = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        indexes = [
            models.Index(fields=["what", "who", "at"], name="attempt_by_whom"),  # counting those of one
            models.Index(fields=["at"], name="attempt_by_age"),  # forgetting the old ones
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.at}"
