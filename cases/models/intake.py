"""What comes in: texts that wait to be entered, and what stored texts are found by when they come in again."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models.fields import filled
from cases.models.text import TextVersion


class PastedText(models.Model):
    """A text that somebody has brought to the desk and not yet entered. Nothing of it is part of the archive."""

    name = models.CharField(_("name"), max_length=200)
    text = models.TextField(_("text"))
    published = models.CharField(_("published"), max_length=40, blank=True)
    url = models.URLField(_("address"), max_length=2000, blank=True)
    brought_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("brought by")
    )
    created_at = models.DateTimeField(_("brought"), auto_now_add=True)

    class Meta:
        verbose_name = _("text to be entered")
        verbose_name_plural = _("texts to be entered")
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=filled("text"), name="pasted_text_is_not_empty")]

    def __str__(self) -> str:
        return self.name


class Fingerprint(models.Model):
    """By what a stored text is found when the same words, or nearly the same, come in again; see `fingerprints`."""

    text_version = models.OneToOneField(
        TextVersion,
        models.CASCADE,
        primary_key=True,
        db_constraint=False,  # a migration makes one by which the database itself takes it along
        verbose_name=_("text version"),
    )
    folded_sha256 = models.CharField(max_length=64)
    sketch = ArrayField(models.BigIntegerField())

    class Meta:
        verbose_name = _("fingerprint of a text")
        verbose_name_plural = _("fingerprints of texts")
        indexes = [
            models.Index(fields=["folded_sha256"], name="fingerprint_same_words"),
            GinIndex(fields=["sketch"], name="fingerprint_near_words"),
        ]

    def __str__(self) -> str:
        return f"{self.text_version_id}"
