"""Draft copies: how a published record is changed without being edited in place.

A copy is an announcement of its own that `revises` the published one. Publishing it writes its content into the
live rows by their keys (cases by number, figures by ref), so that ids and addresses stay, and the copy goes.
"""

from pathlib import Path

import pghistory
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cases import publishing, releases, texts
from cases.choices import Status
from cases.importing import writer
from cases.importing.importer import Importer, Report
from cases.importing.reader import Record, Source
from cases.models import Announcement, Release, TypicalCase
from cases.squash import squash


class StaleCopyError(ValidationError):
    """What a draft copy revises is no longer what it was made from."""


@transaction.atomic
def start_copy(live: Announcement, by: User | None = None) -> Announcement:
    """Return the draft copy of a published announcement; make it if there is none, as the draft of whoever asks."""
    live = Announcement.objects.select_for_update(of=("self",)).get(pk=live.pk)
    existing = Announcement.objects.filter(revises=live).first()
    if existing is not None:
        return existing
    record = _record(live) | {"key": f"{live.key}~draft"}
    copy = _save(record, None)
    copy.revises, copy.revises_version = live, live.version
    copy.save(update_fields=["revises", "revises_version"])
    _tie_like(live, copy)
    if by is not None:
        copy.authors.add(by)
    return copy


@transaction.atomic
def publish(draft: Announcement, *, by: User | None, reason: str) -> Announcement:
    """Publish a draft, or write a draft copy into what it revises; return the announcement that is now public.

    Raises StaleCopyError, with nothing written, if the record has changed since the copy was made.
    """
    if draft.revises_id is None:
        publishing.publish(draft, by=by, reason=reason)
        return draft
    live = Announcement.objects.select_for_update(of=("self",)).get(pk=draft.revises_id)
    if live.status != Status.PUBLISHED:
        raise StaleCopyError(_("The record that this copy revises has been withdrawn. Restore it first."))
    if live.version != draft.revises_version:
        raise StaleCopyError(_("The record has changed since this copy was made. Compare the two first."))
    _check_phrases(draft, live)
    authors = list(draft.authors.all())
    with pghistory.context(reason=reason):
        live = _save(_record(draft) | {"key": live.key}, live)
        _tie_like(draft, live)
        for version in draft.texts.order_by("n"):
            texts.attach(live, version.text, display=version.display)
        draft.delete()
        Release.objects.filter(reports=None).delete()
        publishing.publish(live, by=by, reason=reason)
        live.authors.add(*authors)
    return live


def _check_phrases(draft: Announcement, live: Announcement) -> None:
    """Refuse words of a copy that stand in no text: one may have been stored since they were entered."""
    stored = {ref: squash(phrase) for ref, phrase in live.figures.values_list("ref", "phrase")}
    anew = [p for ref, p in draft.figures.values_list("ref", "phrase") if stored.get(ref) != squash(p)]
    if missing := texts.nowhere(anew, draft, title=draft.title):
        words = "; ".join(f"“{phrase}”" for phrase in sorted(missing))
        raise ValidationError(_("Not found in the text: %(words)s") % {"words": words})


def compared(draft: Announcement, *, seen: int) -> None:
    """Note that a copy has been compared with this version of the record, and still says what is to be said."""
    Announcement.objects.filter(pk=draft.pk).update(revises_version=seen)


def _record(announcement: Announcement) -> Record:
    return writer.to_record(writer.prefetched(Announcement.objects.filter(pk=announcement.pk)).get())


def _save(record: Record, announcement: Announcement | None) -> Announcement:
    """Store a record under its key, all but what ties it to others: see `_tie_like`."""
    record = record | {"reports_on": None}
    report = Report()
    saved = Importer(report).save(Source(Path(record["key"]), record), announcement)
    if saved is None:
        raise ValidationError([str(problem) for problem in report.problems])
    return saved


def _tie_like(source: Announcement, target: Announcement) -> None:
    """Give an announcement the releases, and its cases the other tellings, that its counterpart has."""
    reports = list(source.reports.select_related("release"))
    if reports:
        releases.tie(target, [report.release for report in reports], reports[0].role)
    same_as = dict(source.cases.values_list("number", "same_as_id"))
    for case in TypicalCase.objects.filter(announcement=target):
        if case.same_as_id != same_as.get(case.number):
            case.same_as_id = same_as.get(case.number)
            case.save(update_fields=["same_as"])
