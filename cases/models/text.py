"""Stored texts of announcements, and the spans in them that are evidence."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.choices import Display, Language, SpanTarget
from cases.models.announcement import Announcement
from cases.models.fields import filled
from cases.models.figure import Figure
from cases.models.history import tracked, tracked_without
from cases.models.typical_case import TypicalCase
from cases.models.vocabulary import Place


@tracked_without("text")
class TextVersion(models.Model):
    """A text of an announcement as it was read. Append-only: a correction is a new version.

    How much of it the public sees is its `display`. An administrator may redact it with a reason:
    the words go, the hash and the trace of it stay.
    """

    announcement = models.ForeignKey(Announcement, models.CASCADE, related_name="texts", verbose_name=_("announcement"))
    n = models.PositiveIntegerField(_("number"))
    text = models.TextField(_("text"))
    sha256 = models.CharField(_("SHA-256"), max_length=64, editable=False)
    language = models.CharField(_("language"), max_length=8, choices=Language)
    display = models.CharField(_("shown to the public"), max_length=10, choices=Display, default=Display.EXCERPT)
    created_at = models.DateTimeField(_("stored"), auto_now_add=True)
    redacted_reason = models.TextField(_("why redacted"), blank=True)
    redacted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("redacted by")
    )

    class Meta:
        verbose_name = _("text version")
        verbose_name_plural = _("text versions")
        ordering = ["announcement", "n"]
        constraints = [
            models.UniqueConstraint(fields=["announcement", "n"], name="text_version_number_once"),
            models.UniqueConstraint(fields=["announcement", "id"], name="text_version_of_announcement"),
            models.CheckConstraint(condition=Q(n__gte=1), name="text_version_number_from_one"),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="text_version_sha256_is_hex"),
            models.CheckConstraint(condition=Q(language__in=Language.values), name="text_version_language_known"),
            models.CheckConstraint(condition=Q(display__in=Display.values), name="text_version_display_known"),
            models.CheckConstraint(
                condition=~Q(text="") | Q(redacted_reason__regex=r"\S"), name="text_version_empty_only_if_redacted"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="hash_is_of_the_text",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func="""
                    if NEW.sha256 = '' then
                        NEW.sha256 := encode(sha256(convert_to(NEW.text, 'UTF8')), 'hex');
                    elsif NEW.sha256 <> encode(sha256(convert_to(NEW.text, 'UTF8')), 'hex') then
                        raise exception 'text_version_hash_is_of_the_text: the hash is not that of the text'
                            using errcode = 'check_violation';
                    end if;
                    return NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="append_only",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                func="""
                    if (NEW.id, NEW.announcement_id, NEW.n, NEW.sha256, NEW.language, NEW.created_at)
                       is distinct from (OLD.id, OLD.announcement_id, OLD.n, OLD.sha256, OLD.language, OLD.created_at)
                       or (NEW.text <> OLD.text and not (NEW.text = '' and NEW.redacted_reason ~ '\\S')) then
                        raise exception 'text_version_append_only: a text is never changed; store a new version'
                            using errcode = 'check_violation';
                    end if;
                    return NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.announcement_id} text {self.n}"


@tracked
class Span(models.Model):
    """Where in a title or a text the evidence stands: of a figure, of a case, or of a mention of a place.

    `start` and `end` count code points. A trigger refuses a span whose slice is not the phrase
    (white space and the width of characters aside); a case's span is the passage that tells it.
    """

    announcement = models.ForeignKey(Announcement, models.CASCADE, related_name="spans", verbose_name=_("announcement"))
    figure = models.ForeignKey(
        Figure, models.CASCADE, null=True, blank=True, related_name="spans", verbose_name=_("figure")
    )
    case = models.ForeignKey(
        TypicalCase, models.CASCADE, null=True, blank=True, related_name="spans", verbose_name=_("case")
    )
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="spans", verbose_name=_("place")
    )
    target = models.CharField(_("in"), max_length=10, choices=SpanTarget)
    text_version = models.ForeignKey(
        TextVersion, models.CASCADE, null=True, blank=True, related_name="spans", verbose_name=_("text version")
    )
    start = models.PositiveIntegerField(_("start"))
    end = models.PositiveIntegerField(_("end"))
    phrase = models.TextField(_("phrase"), blank=True, help_text=_("The words as printed; empty for a case."))

    class Meta:
        verbose_name = _("span")
        verbose_name_plural = _("spans")
        ordering = ["start", "id"]
        indexes = [
            models.Index(fields=["text_version", "start"], name="span_in_order"),  # marking a text
        ]
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="span_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(target=SpanTarget.TITLE, text_version=None)
                | Q(target=SpanTarget.TEXT, text_version__isnull=False),
                name="span_target_is_title_or_a_text",
            ),
            models.CheckConstraint(
                condition=Q(figure__isnull=False, case=None, place=None)
                | Q(figure=None, case__isnull=False, place=None)
                | Q(figure=None, case=None, place__isnull=False),
                name="span_is_of_one_thing",
            ),
            models.CheckConstraint(condition=Q(case__isnull=False) | filled("phrase"), name="span_of_words_has_phrase"),
        ]

    def __str__(self) -> str:
        return f"{self.start}–{self.end}"
