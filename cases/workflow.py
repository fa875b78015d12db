"""The life of a record: which steps lead from which state to which, and what each does.

    draft → in review → published → withdrawn

A step is taken once: whoever comes second finds the record in another state, or in another version, and is told.
"""

from dataclasses import dataclass

import pghistory
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cases import drafts, permissions, tombstones
from cases.choices import Status
from cases.models import Announcement, Transition
from cases.permissions import Action


@dataclass(frozen=True)
class Step:
    """One way from a state to another. The reasons of what touches the public are public themselves."""

    sources: tuple[Status, ...]
    target: Status
    needs_reason: bool = False


STEPS: dict[Action, Step] = {
    action: Step(permissions.STATES[action], target, needs_reason)
    for action, target, needs_reason in (
        (Action.SUBMIT, Status.IN_REVIEW, False),
        (Action.RETURN, Status.DRAFT, True),
        (Action.PUBLISH, Status.PUBLISHED, False),
        (Action.WITHDRAW, Status.WITHDRAWN, True),
        (Action.RESTORE, Status.PUBLISHED, True),
        (Action.REOPEN, Status.DRAFT, True),
        (Action.MERGE, Status.WITHDRAWN, True),
    )
}


class StepError(ValidationError):
    """The record is not, or no longer, where this step begins. Says so in words for an editor."""


@transaction.atomic
def take(
    action: Action,
    announcement: Announcement,
    *,
    by: User,
    reason: str = "",
    seen_version: int | None = None,
    into: Announcement | None = None,
) -> Announcement:
    """Take a step and return the record that it led to: the public one, where a draft copy was published.

    `seen_version` is the version that `by` has read; with it, what somebody saved since is not passed over. Raises
    PermissionDenied, and StepError (or a ValidationError of what publishing refuses) with nothing changed.
    """
    step, reason = STEPS[action], reason.strip()
    record = Announcement.objects.select_for_update(of=("self",)).filter(pk=announcement.pk).first()
    if record is None or (record.status != announcement.status and record.status not in step.sources):
        raise StepError(_("Somebody else was faster: the record is no longer in the state that you saw."))
    permissions.require(by, action, record)
    if seen_version is not None and record.version != seen_version:
        raise StepError(_("Somebody has saved this record since you opened it. Read it again first."))
    if step.needs_reason and not reason:
        raise StepError(_("Say why."))
    if record.revises_id and action is Action.PUBLISH and not reason:
        raise StepError(_("What is public changes: say why. The reason is public too."))
    with pghistory.context(reason=reason or action.value, user=by.pk):
        return _taken(action, record, by=by, reason=reason, into=into)


def _taken(action: Action, record: Announcement, *, by: User, reason: str, into: Announcement | None) -> Announcement:
    source, target = record.status, STEPS[action].target
    if action is Action.REOPEN and record.revisions.exists():
        raise StepError(_("There is a draft copy of this record. Discard it first."))
    if target == Status.PUBLISHED:
        is_copy = record.revises_id is not None
        record = drafts.publish(record, by=by, reason=reason or _("published"))
        if is_copy:
            return record  # the public record has taken no step: it has a new version
    else:
        Announcement.objects.filter(pk=record.pk).update(status=target)
        record.status = target
    if action is Action.WITHDRAW:
        tombstones.put_up(record, reason)
    elif action is Action.MERGE:
        tombstones.lead_on(record, _target_of_merge(record, into), reason)
    Transition.objects.create(
        announcement=record, step=action, source=source, target=target, by=by, reason=reason, moved_to=into
    )
    return record


def _target_of_merge(record: Announcement, into: Announcement | None) -> Announcement:
    if into is None or not into.is_published or into.pk == record.pk:
        raise StepError(_("Name another public announcement: this one is to lead there."))
    return into
