"""Who may do what with a record, in which state. The one place that is asked: by the desk, its forms and actions alike.

The permissions come with the groups that a migration makes: contributors (their own drafts), editors (all drafts),
reviewers (what is public, but not what they entered themselves) and administrators.
"""

from enum import StrEnum

from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from cases.choices import Status
from cases.models import Announcement

Account = User | AnonymousUser
EDITABLE = (Status.DRAFT, Status.IN_REVIEW)


class Action(StrEnum):
    """What can be done at the desk. The last seven are the steps of `workflow.STEPS`."""

    ADD = "add"
    VIEW = "view"
    CHANGE = "change"
    DELETE = "delete"
    COPY = "copy"
    SUBMIT = "submit"
    RETURN = "return"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"
    RESTORE = "restore"
    REOPEN = "reopen"
    MERGE = "merge"


# In which states there is anything to do.
STATES: dict[Action, tuple[Status, ...]] = {
    Action.VIEW: tuple(Status),
    Action.CHANGE: EDITABLE,
    Action.DELETE: EDITABLE,
    Action.COPY: (Status.PUBLISHED,),
    Action.SUBMIT: (Status.DRAFT,),
    Action.RETURN: (Status.IN_REVIEW,),
    Action.PUBLISH: (Status.IN_REVIEW,),
    Action.WITHDRAW: (Status.PUBLISHED,),
    Action.RESTORE: (Status.WITHDRAWN,),
    Action.REOPEN: (Status.WITHDRAWN,),
    Action.MERGE: (Status.PUBLISHED,),
}
# What a reviewer does, and nobody to what they entered themselves.
OF_REVIEWERS = (Action.PUBLISH, Action.WITHDRAW, Action.RESTORE, Action.REOPEN, Action.MERGE)
NEEDED = {
    Action.ADD: "add_announcement",
    Action.VIEW: "view_announcement",
    Action.DELETE: "delete_announcement",
    **dict.fromkeys((Action.CHANGE, Action.COPY, Action.SUBMIT, Action.RETURN), "change_announcement"),
    **dict.fromkeys(OF_REVIEWERS, "publish_announcement"),
}


def has(user: Account | None, codename: str) -> bool:
    """Say whether an account, if it is one of the desk, has a permission."""
    return bool(user and user.is_active and user.is_staff and user.has_perm(f"cases.{codename}"))


def visible(user: Account) -> QuerySet[Announcement]:
    """Return the records that somebody may see at the desk: of drafts, a contributor only sees their own."""
    records = Announcement.objects.all()
    if not has(user, "view_announcement"):
        return records.none()
    if has(user, "change_any_announcement") or not has(user, "add_announcement"):
        return records  # who enters nothing, but may look, looks at everything
    own = Announcement.authors.through.objects.filter(user_id=user.pk or 0).values("announcement_id")
    return records.filter(~Q(status__in=EDITABLE) | Q(pk__in=own))


def is_author(user: Account, announcement: Announcement) -> bool:
    """Say whether somebody has entered something of a record."""
    return announcement.authors.filter(pk=user.pk or 0).exists()


def refusal(user: Account, action: Action, announcement: Announcement | None = None) -> str:
    """Return why somebody may not do this, in words for them; empty if they may.

    Without a record the question is whether the account may do such a thing at all.
    """
    if not has(user, NEEDED[action]):
        return _("Your account does not have the right to this.")
    if announcement is None:
        return ""
    if announcement.status not in STATES[action]:
        return _("This cannot be done while the record is: %(state)s.") % {"state": announcement.get_status_display()}
    if action in OF_REVIEWERS:
        if is_author(user, announcement) and not has(user, "publish_own_announcement"):
            return _("You have entered some of this yourself: somebody else has to do it.")
        return ""
    if announcement.status not in EDITABLE or has(user, "change_any_announcement"):
        return _of_state(action, announcement)
    if action is Action.VIEW and not has(user, "add_announcement"):
        return ""
    if not is_author(user, announcement):
        return _("This is somebody else's draft.")
    if announcement.status == Status.IN_REVIEW and action in (Action.CHANGE, Action.DELETE):
        return _("You have handed this over. Take it back to change it.")
    return _of_state(action, announcement)


def _of_state(action: Action, announcement: Announcement) -> str:
    if action is Action.DELETE and announcement.published_versions.exists():
        return _("This was public once: its address is kept, so it is not deleted.")
    return ""


def may(user: Account, action: Action, announcement: Announcement | None = None) -> bool:
    """Say whether somebody may do this, with this record or at all."""
    return not refusal(user, action, announcement)


def require(user: Account, action: Action, announcement: Announcement | None = None) -> None:
    """Raise PermissionDenied, with the reason, unless somebody may do this."""
    reason = refusal(user, action, announcement)
    if reason:
        raise PermissionDenied(reason)
