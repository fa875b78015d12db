"""Differences in the words of the desk: which record, which member, what it was and what it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.differences import Difference
from cases.models import Announcement, CampaignMention, Figure, TypicalCase

# Members of the interchange that are called otherwise than the fields they are stored in.
OTHER_NAMES: dict[str, Any] = {
    "also_reports_on": gettext_lazy("also reports on"),
    "base_period": gettext_lazy("compared with"),
    "case": gettext_lazy("case"),
    "crime_type": gettext_lazy("crime types"),
    "crime_types": gettext_lazy("crime types"),
    "high": gettext_lazy("upper value"),
    "parent": gettext_lazy("part of, as stated"),
    "place": gettext_lazy("places"),
    "places": gettext_lazy("places"),
    "preferred": gettext_lazy("preferred"),
    "publisher": gettext_lazy("publisher"),
    "release": gettext_lazy("release"),
    "reports_on": gettext_lazy("same release as"),
    "role": gettext_lazy("reported as"),
    "same_as": gettext_lazy("same case as"),
}
MODELS = {"": Announcement, "campaigns": CampaignMention, "cases": TypicalCase, "figures": Figure}


@dataclass(frozen=True)
class Told:
    """One difference as an editor reads it."""

    what: str  # the figure, case or campaign; empty for the announcement itself
    name: str
    before: str
    after: str


def differences_of(found: Iterable[Difference]) -> list[Told]:
    """Return differences in words."""
    return [Told(what_of(d), name_of(d.kind, d.name), said(d.before, d), said(d.after, d)) for d in found]


def what_of(d: Difference) -> str:
    """Return what a difference is of: "Figure f3 “arrested 12 suspects”"."""
    if d.kind == "figures":
        return _("Figure %(ref)s “%(phrase)s”") % {"ref": d.key, "phrase": d.record.get("phrase", "")}
    if d.kind == "cases":
        return _("Case %(number)s “%(heading)s”") % {"number": d.key, "heading": d.record.get("heading", "")}
    return _("Campaign %(name)s") % {"name": d.key} if d.kind else ""


def name_of(kind: str, name: str) -> str:
    """Return what a member is called at the desk."""
    if not name:
        return ""
    if name in OTHER_NAMES:
        return str(capfirst(OTHER_NAMES[name]))
    fields = {field.name: field for field in MODELS[kind]._meta.fields}
    return str(capfirst(fields[name].verbose_name)) if name in fields else name


def said(value: Any, d: Difference | None = None) -> str:
    """Return a value as words: lists parted by semicolons, what is not stated as a dash."""
    if d is not None and not d.name:
        return _("none") if value is None else _summary(d)
    if value is None or value == "" or value == []:
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return "; ".join(said(one) for one in value)
    if isinstance(value, dict):
        return " ".join(said(one) for one in value.values() if one not in (None, ""))
    if isinstance(value, int | float):
        return f"{value:,}"
    return str(value)


def _summary(d: Difference) -> str:
    if d.kind == "figures":
        parts = ("measure", "qualifier", "value", "unit")
        return " ".join(said(d.record[name]) for name in parts if name in d.record)
    return str(d.record.get("heading") or d.record.get("name") or "")


def last_saved(announcement: Announcement) -> str:
    """Return who saved a record last, and when; empty if nobody is known."""
    event = announcement.events.select_related("pgh_context").order_by("-pgh_id").first()  # type: ignore[attr-defined]
    user = event.pgh_context.metadata.get("user") if event and event.pgh_context else None
    name = User.objects.filter(pk=user).values_list("username", flat=True).first() if user else None
    when = date_format(timezone.localtime(event.pgh_created_at), "Y-m-d H:i") if event else ""
    return f"{name}, {when}" if name else when
