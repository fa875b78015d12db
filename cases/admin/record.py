"""The pages of a record beside its form: where it stands and what comes next, its preview, the steps themselves."""

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from cases import drafts, lookups, pages, permissions, queue, workflow
from cases.admin import told
from cases.choices import Status
from cases.differences import differences
from cases.importing import writer
from cases.models import Announcement
from cases.permissions import Action

# The steps as they are offered, with what they are called. The record's page shows those that its reader may take.
OFFERED = {
    Action.SUBMIT: gettext_lazy("Hand to review"),
    Action.PUBLISH: gettext_lazy("Publish"),
    Action.RETURN: gettext_lazy("Back to draft"),
    Action.WITHDRAW: gettext_lazy("Withdraw"),
    Action.MERGE: gettext_lazy("Merge into another"),
    Action.RESTORE: gettext_lazy("Publish again"),
    Action.REOPEN: gettext_lazy("Back to draft"),
}


class NeedsFilter(admin.SimpleListFilter):
    """What is to be done, as the queue on the first page counts it."""

    title = gettext_lazy("what is to be done")
    parameter_name = "needs"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("drafts", _("drafts")),
            ("review", _("in review")),
            ("evidence", _("evidence that does not stand")),
            ("places", _("places unresolved")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        value = self.value()
        if value is None:
            return queryset
        if value not in queue.NEEDS:
            raise IncorrectLookupParameters
        return queue.needs(queryset, value)


class RecordPages(admin.ModelAdmin):
    """What an announcement's admin has beside lists and forms. Every view asks `permissions` before anything else."""

    def get_urls(self) -> list[Any]:
        def of(address: str, view: Any, name: str) -> Any:
            return path(f"<int:pk>/{address}/", self.admin_site.admin_view(view), name=f"cases_announcement_{name}")

        return [
            of("record", require_safe(self.record_view), "record"),
            of("preview", never_cache(require_safe(self.preview_view)), "preview"),
            of("copy", require_POST(self.copy_view), "copy"),
            of("compared", require_POST(self.compared_view), "compared"),
            of("step/<str:action>", require_POST(self.step_view), "step"),
            *super().get_urls(),
        ]

    def _record(self, request: HttpRequest, pk: int, action: Action = Action.VIEW) -> Announcement:
        """Return the record, if it is one that the account may see. Raises Http404 or PermissionDenied."""
        permissions.require(request.user, action)
        return get_object_or_404(permissions.visible(request.user).select_related("publisher", "revises"), pk=pk)

    def record_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show where a record stands: its state, what differs from what is public, and the steps open to the reader."""
        return self.show_record(request, self._record(request, pk))

    def show_record(
        self, request: HttpRequest, record: Announcement, *, problem: str = "", status: int = 200
    ) -> HttpResponse:
        may = {action: permissions.may(request.user, action, record) for action in permissions.STATES}
        live = record.revises
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": str(record),
            "announcement": record,
            "live": live,
            "copy": record.revisions.first() if record.is_published else None,
            "may": {action.value: allowed for action, allowed in may.items()},
            "refused": {
                _label(action): why
                for action in permissions.OF_REVIEWERS
                if record.status in permissions.STATES[action]
                and permissions.may(request.user, action)
                and (why := permissions.refusal(request.user, action, record))
            },
            "steps": [(action.value, label, _asks(action, record)) for action, label in OFFERED.items() if may[action]],
            "authors": record.authors.all(),
            "transitions": record.transitions.select_related("by", "moved_to")[:5],
            "versions": record.published_versions.select_related("published_by").order_by("-n")[:5],
            "problem": problem,
            "typed": request.POST,
        }
        if live is not None:
            context["differences"] = told.differences_of(differences(*_compared(live, record)))
            context["is_stale"] = live.version != record.revises_version
        return render(request, "admin/cases/announcement/record.html", context, status=status)

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show a record as the public will see it. For who may see the draft only, and kept nowhere."""
        record = self._record(request, pk)
        permissions.require(request.user, Action.VIEW, record)
        context = {**pages.announcement(record), "canonical": record, "is_preview": True}
        response = render(request, "cases/announcement_detail.html", context)
        response["X-Robots-Tag"] = "noindex, noarchive"
        return response

    def copy_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make a draft copy of a public record, or go to the one there is."""
        record = self._record(request, pk, Action.COPY)
        permissions.require(request.user, Action.COPY, record)
        draft = drafts.start_copy(record, by=account(request))
        if not permissions.visible(request.user).filter(pk=draft.pk).exists():
            message = _("Somebody else has a draft copy of this record already.")
            return self.show_record(request, record, problem=message, status=409)
        return redirect("admin:cases_announcement_change", draft.pk)

    def compared_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Note that a copy still says what is to be said, though its record has changed."""
        draft = self._record(request, pk, Action.CHANGE)
        permissions.require(request.user, Action.CHANGE, draft)
        seen = request.POST.get("seen_version", "")
        if draft.revises is None or seen != str(draft.revises.version):
            message = _("The record has changed again. Compare the two once more.")
            return self.show_record(request, draft, problem=message, status=409)
        drafts.compared(draft, seen=draft.revises.version)
        return redirect("admin:cases_announcement_record", draft.pk)

    def step_view(self, request: HttpRequest, pk: int, action: str) -> HttpResponse:
        """Take a step. What is refused is said on the record's page, with what was typed."""
        if action not in workflow.STEPS:
            raise PermissionDenied
        record = self._record(request, pk, Action(action))
        permissions.require(request.user, Action(action), record)
        try:
            reached = self.take(request, Action(action), record)
        except ValidationError as refused:
            record = get_object_or_404(Announcement.objects.select_related("publisher", "revises"), pk=pk)
            stale = isinstance(refused, workflow.StepError | drafts.StaleCopyError)
            problem = " ".join(refused.messages)
            return self.show_record(request, record, problem=problem, status=409 if stale else 400)
        self.message_user(request, self.reached(reached), messages.SUCCESS)
        if permissions.visible(request.user).filter(pk=reached.pk).exists():
            return redirect("admin:cases_announcement_record", reached.pk)
        return redirect("admin:cases_announcement_changelist")

    def take(self, request: HttpRequest, action: Action, record: Announcement) -> Announcement:
        """Take a step as a form asks for it. Raises PermissionDenied or ValidationError."""
        seen = request.POST.get("seen_version", "")
        into = None
        if action is Action.MERGE:
            key = lookups.code_of(request.POST.get("into", "").replace("\x00", ""))
            into = permissions.visible(request.user).filter(key=key).first()
        return workflow.take(
            action,
            record,
            by=account(request),
            reason=request.POST.get("reason", "").replace("\x00", "")[:2000],
            seen_version=int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 10 else record.version,
            into=into,
        )

    def reached(self, record: Announcement) -> str:
        """Say where a step has led."""
        if record.is_published:
            return format_html(_("Published: <a href='{}'>{}</a>"), record.get_absolute_url(), record.title)
        return _("%(key)s is now: %(state)s.") % {"key": record.key, "state": Status(record.status).label}

    # --- of many at once ------------------------------------------------------------------------------------------

    actions = ("hand_over", "publish_all")

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)  # each is deleted by itself, by who may
        needed = {"hand_over": Action.SUBMIT, "publish_all": Action.PUBLISH}
        return {
            name: action
            for name, action in actions.items()
            if name not in needed or permissions.may(request.user, needed[name])
        }

    @admin.action(description=gettext_lazy("Hand to review"), permissions=("change",))
    def hand_over(self, request: HttpRequest, queryset: Any) -> None:
        self._take_all(request, Action.SUBMIT, queryset)

    @admin.action(description=gettext_lazy("Publish"), permissions=("change",))
    def publish_all(self, request: HttpRequest, queryset: Any) -> None:
        self._take_all(request, Action.PUBLISH, queryset)

    def _take_all(self, request: HttpRequest, action: Action, queryset: Any) -> None:
        """Take a step with each record by itself: what is refused of one leaves the others as they are."""
        for record in permissions.visible(request.user).filter(pk__in=[one.pk for one in queryset]):
            try:
                reached = workflow.take(action, record, by=account(request), seen_version=record.version)
            except (PermissionDenied, ValidationError) as refused:
                why = " ".join(refused.messages) if isinstance(refused, ValidationError) else str(refused)
                self.message_user(request, f"{record.key}: {why}", messages.ERROR)
            else:
                self.message_user(request, self.reached(reached), messages.SUCCESS)


def account(request: HttpRequest) -> User:
    """Return who is signed in. The desk's addresses let nobody else in."""
    return cast(User, request.user)


def _written(announcement: Announcement) -> dict[str, Any]:
    """Return a record as its file would say it, all but its key."""
    return {**writer.to_record(writer.prefetched(Announcement.objects.filter(pk=announcement.pk)).get()), "key": ""}


def _compared(live: Announcement, copy: Announcement) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a record and its copy as they can be compared: both report the release that the record may stand for."""
    now, then = _written(live), _written(copy)
    if then["reports_on"] == live.key:
        then["reports_on"] = None
    for record in (now, then):
        record.pop("release", None)  # is not edited on a copy, but on the page of the release
    return now, then


def _label(action: Action) -> str:
    return str(OFFERED[action])


def _asks(action: Action, record: Announcement) -> str:
    """Say what a step asks for: a reason that is public, one for the editors, or none."""
    if action is Action.SUBMIT:
        return ""
    return "editors" if action in (Action.RETURN, Action.REOPEN) else "public"
