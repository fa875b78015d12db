"""Announcements at the editors' desk: a whole release is one screen, what is public is changed on a copy."""

from collections.abc import Iterable
from typing import Any

import pghistory
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import lookups, permissions, releases, texts, workflow
from cases.admin import desk_verdicts, importing, told
from cases.admin.history import HistoryPage
from cases.admin.inlines import CaseInline, FigureInline, MentionInline, entry_of, renew_entry
from cases.admin.record import NeedsFilter, RecordPages, account
from cases.choices import AnnouncementKind, Status
from cases.desk.held import KeepsTyped
from cases.forms import stale
from cases.forms.announcement import AnnouncementForm
from cases.importing import writer
from cases.importing.refs import next_ref, refs_ever
from cases.models import Announcement, CampaignMention, Figure, Publisher, Release, TypicalCase
from cases.permissions import Action


class StaleError(Exception):
    """Somebody else has saved the record since it was opened here."""


@admin.register(Announcement)
class AnnouncementAdmin(KeepsTyped, HistoryPage, RecordPages):
    form = AnnouncementForm
    inlines = (MentionInline, CaseInline, FigureInline)
    change_form_template = "admin/cases/announcement/change_form.html"
    list_display = ("key", "shown_title", "publisher", "published", "status", "cases_count", "figures_count")
    list_display_links = ("key", "shown_title")
    list_filter = ("status", NeedsFilter, "kind", "language")
    list_select_related = ("publisher",)
    list_per_page = 50
    search_fields = ("key", "title", "title_zh", "abstract")
    ordering = ("-updated_at", "-id")
    view_on_site = False
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "key",
                    "kind",
                    "published",
                    "language",
                    "translation",
                    "title",
                    "title_supplied",
                    "title_zh",
                    "publisher",
                    "url",
                    "archived_url",
                    "same_release_as",
                    "role",
                    "crime_types",
                    "places",
                    "abstract",
                    "seen_version",
                )
            },
        ),
        (gettext_lazy("The text"), {"fields": ("text",)}),
    )

    # --- the list -----------------------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Announcement]:
        lists = {annotation: writer.codes(Announcement, name) for name, annotation in self.form.lists.items()}
        queryset = permissions.visible(request.user).order_by(*self.ordering).annotate(**lists)
        return queryset.annotate(n_cases=Count("cases", distinct=True), n_figures=Count("figures", distinct=True))

    @admin.display(description=gettext_lazy("title"), ordering="title")
    def shown_title(self, obj: Announcement) -> str:
        return f"[{obj.title}]" if obj.title_supplied else obj.title

    @admin.display(description=gettext_lazy("cases"), ordering="n_cases")
    def cases_count(self, obj: Any) -> int:
        return int(obj.n_cases)

    @admin.display(description=gettext_lazy("figures"), ordering="n_figures")
    def figures_count(self, obj: Any) -> int:
        return int(obj.n_figures)

    # --- the form -----------------------------------------------------------------------------------------------

    def get_readonly_fields(self, request: HttpRequest, obj: Announcement | None = None) -> tuple[str, ...]:
        return ("key",) if obj else ()

    def get_exclude(self, request: HttpRequest, obj: Announcement | None = None) -> list[str]:
        return list(self.form.lists)  # the form reads and stores these itself

    def get_form(
        self, request: HttpRequest, obj: Announcement | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        return type("AnnouncementForm", (form,), {"entry": entry_of(request, obj)})

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"language": "en", "translation": "none"}

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show the form; what cannot be stored as it was typed is shown again, with all that was typed."""
        if "_publish" in request.POST:
            permissions.require(request.user, Action.PUBLISH)
        stored = self.get_object(request, object_id) if object_id and request.method == "POST" else None
        try:
            if (
                stored is not None
                and permissions.may(request.user, Action.CHANGE, stored)
                and request.POST.get("seen_version") != str(stored.version)
            ):
                raise StaleError
            return super().changeform_view(request, object_id, form_url, extra_context)
        except StaleError:
            return self._beside_each_other(request, object_id, form_url, extra_context)
        except IntegrityError as refusal:
            entry_of(request, None).refusal = str(refusal).partition("\n")[0]
            return super().changeform_view(request, object_id, form_url, extra_context)

    def _beside_each_other(self, request: HttpRequest, object_id: str | None, *args: Any) -> HttpResponse:
        """Show what was typed beside what somebody else has saved meanwhile. Saved again, it is stored."""
        stored = self.get_object(request, object_id or "")
        if stored is None or not permissions.may(request.user, Action.CHANGE, stored):
            return self.change_view(request, object_id or "")
        rows = {
            inline.prefix: {
                str(pk) for pk in inline.model._default_manager.filter(announcement=stored).values_list("pk", flat=True)
            }
            for inline in self.inlines
        }
        request.POST = stale.rebased(request.POST, rows, stored.version)  # type: ignore[assignment]
        renew_entry(request, stored).is_stale = True
        response = super().changeform_view(request, object_id, *args)
        response.status_code = 409
        return response

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        permissions.require(request.user, Action.VIEW)
        obj = self.get_object(request, object_id)
        if (
            obj is None
            or permissions.may(request.user, Action.CHANGE, obj)
            or not permissions.may(request.user, Action.CHANGE)
        ):
            return super().change_view(request, object_id, form_url, extra_context)
        if request.method == "POST":
            return self.show_record(request, obj, problem=_not_saved(request.user, obj), status=409)
        return self.show_record(request, obj)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        permissions.require(request.user, Action.DELETE)
        return super().delete_view(request, object_id, extra_context)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        permissions.require(request.user, Action.VIEW)
        return super().history_view(request, object_id, extra_context)

    def has_view_permission(self, request: HttpRequest, obj: Announcement | None = None) -> bool:
        return permissions.may(request.user, Action.VIEW, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return permissions.may(request.user, Action.ADD)

    def has_change_permission(self, request: HttpRequest, obj: Announcement | None = None) -> bool:
        return permissions.may(request.user, Action.CHANGE, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Announcement | None = None) -> bool:
        return permissions.may(request.user, Action.DELETE, obj)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = kwargs.get("obj")
        report = entry_of(request, obj).report
        context["release"] = report.release if report else None
        context["latest_text"] = obj.texts.order_by("-n").first() if obj else None
        context["unplaced"] = texts.unplaced(obj) if obj else []
        context |= desk_verdicts.told(obj, request.user) if obj else {}
        context["is_nav_sidebar_enabled"] = False  # the width is for what is entered
        context["can_publish"] = permissions.may(request.user, Action.PUBLISH)
        if obj is not None and entry_of(request, obj).is_stale:
            formsets = [inline.formset for inline in context["inline_admin_formsets"]]
            context["both"] = list(stale.both_versions(context["adminform"].form, formsets))
            context["saved_by"] = told.last_saved(obj)
        context["problems"] = list(_problems(context["adminform"].form, context["inline_admin_formsets"]))
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Announcement, form: Any, change: bool) -> None:
        if form.cleaned_data.get("reason"):
            pghistory.context(reason=form.cleaned_data["reason"])
        if not change:
            super().save_model(request, obj, form, change)
            return
        if not Announcement.objects.claim(obj.pk, form.cleaned_data["seen_version"]):
            raise StaleError
        obj.version = form.cleaned_data["seen_version"] + 1
        obj.save(update_fields=[*form.stored, "updated_at"])

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the rows in the order in which they name each other: cases, then what names a case by its number."""
        announcement = form.instance
        form.save_m2m()
        by_model = {formset.model: formset for formset in formsets}
        by_model[CampaignMention].save()
        by_model[TypicalCase].save()
        self._save_figures(by_model[Figure], announcement)
        self._save_release(form, announcement)
        self._save_text(request, form, announcement)
        if not change or form.has_changed() or any(formset.has_changed() for formset in formsets):
            announcement.authors.add(account(request))
        connection.check_constraints()  # what is checked at the end of a transaction is refused here, not after it

    def _save_figures(self, formset: Any, announcement: Announcement) -> None:
        cases = {case.number: case for case in announcement.cases.all()}
        stored = {figure.ref: figure for figure in announcement.figures.all()}
        changed = formset.save(commit=False)
        for figure in formset.deleted_objects:
            stored.pop(figure.ref, None)
            figure.delete()
        position = max((figure.position for figure in stored.values()), default=0)
        used = set(stored) | refs_ever(announcement)
        for figure in changed:
            cleaned = _cleaned(formset, figure)
            if figure.pk is None:
                position += 1
                figure.position = position
                figure.ref = next_ref(used)
                used.add(figure.ref)
            figure.case = cases[cleaned["case_number"]] if cleaned["case_number"] is not None else None
            figure.part_of = stored.get(cleaned["part_of_ref"])
            figure.converted_from = stored.get(cleaned["converted_from_ref"])
            figure.save()
        formset.save_m2m()

    def _save_release(self, form: Any, announcement: Announcement) -> None:
        """Tie the announcement to the release it is said to report; what is not touched stays as it is."""
        tied = [report.release for report in announcement.reports.select_related("release")]
        if tied and not {"same_release_as", "role"} & set(form.changed_data):
            return
        named: Announcement | None = form.cleaned_data.get("same_release_as")
        if "same_release_as" in form.changed_data or not tied:
            if named is None and announcement.kind == AnnouncementKind.FEATURE and not tied:
                return  # a feature reports no release unless it is told to
            tied = [_release_of(named) if named else _own_release(announcement.revises or announcement)]
        releases.tie(announcement, tied, form.cleaned_data.get("role") or releases.default_role(announcement.kind))

    def chosen_places(self, request: HttpRequest) -> dict[int, tuple[int, int]]:
        """Return where in the text an editor has found figures, by their ids."""
        return {}

    def _save_text(self, request: HttpRequest, form: Any, announcement: Announcement) -> None:
        if form.cleaned_data.get("text", "").strip():
            text = form.cleaned_data["text"].replace("\r\n", "\n")
            attached = texts.attach(announcement, text, chosen=self.chosen_places(request))
            for label, figures in (
                (_("Not found in the text: %(words)s"), attached.missing),
                (_("Several places in the text: %(words)s"), attached.ambiguous),
            ):
                if figures:
                    words = "; ".join(f"{figure.ref} “{figure.phrase}”" for figure in figures)
                    self.message_user(request, label % {"words": words}, messages.WARNING)
        else:
            texts.relocate(announcement)

    def response_change(self, request: HttpRequest, obj: Announcement) -> HttpResponse:
        return self._step(request, obj) or super().response_change(request, obj)

    def response_add(
        self, request: HttpRequest, obj: Announcement, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self._step(request, obj) or super().response_add(request, obj, post_url_continue)

    def _step(self, request: HttpRequest, obj: Announcement) -> HttpResponse | None:
        """Take the step that the button names, now that everything is saved; None if it names none."""
        if not {"_review", "_publish"} & set(request.POST):
            return None
        reason, reached = request.POST.get("reason", "").strip(), obj
        try:
            if obj.status == Status.DRAFT:
                reached = workflow.take(Action.SUBMIT, obj, by=account(request))
            if "_publish" in request.POST:
                reached = workflow.take(Action.PUBLISH, reached, by=account(request), reason=reason)
        except (PermissionDenied, ValidationError) as problem:
            why = " ".join(problem.messages) if isinstance(problem, ValidationError) else str(problem)
            wanted = (
                _("Saved, but not published: %s") if "_publish" in request.POST else _("Saved, but not handed over: %s")
            )
            self.message_user(request, wanted % why, messages.ERROR)
            return redirect("admin:cases_announcement_change", obj.pk)
        self.message_user(request, self.reached(reached), messages.SUCCESS)
        return redirect("admin:cases_announcement_changelist")

    # --- addresses ----------------------------------------------------------------------------------------------

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        lookup = path("lookup/<str:vocabulary>/", view(self.lookup), name="cases_lookup")
        return [lookup, *importing.urls(view), *super().get_urls()]

    def lookup(self, request: HttpRequest, vocabulary: str) -> HttpResponse:
        """Propose entries of a vocabulary for what an editor is typing."""
        permissions.require(request.user, Action.VIEW)
        text = request.GET.get("q", "").replace("\x00", "").strip()[:100]
        found = lookups.find(vocabulary, text, permissions.visible(request.user)) if text else []
        return JsonResponse({"results": [{"value": str(match), "unit": match.unit} for match in found]})


def _not_saved(user: Any, announcement: Announcement) -> str:
    """Say why nothing was saved, and where what was typed still is."""
    why = permissions.refusal(user, Action.CHANGE, announcement)
    return _("Nothing was saved: %(why)s What you typed is still there if you go back in your browser.") % {"why": why}


def _release_of(announcement: Announcement) -> Release:
    """Return the release that an announcement stands for or reports."""
    report = announcement.reports.order_by("id").first()
    return Release.objects.filter(fullest=announcement).first() or (
        report.release if report else releases.release_of(announcement)
    )


def _own_release(announcement: Announcement) -> Release:
    """Return the release that an announcement stands for; the announcement itself stays as it is."""
    return Release.objects.filter(fullest=announcement).first() or Release.objects.create(fullest=announcement)


def _problems(form: Any, formsets: Any) -> Iterable[dict[str, Any]]:
    """Yield what is wrong on the screen, field by field, with where it stands."""
    rows = [("", form)]
    for formset in formsets:
        name = formset.opts.verbose_name.capitalize()
        for n, row in enumerate(formset.formset.forms, 1):
            if row.errors and not row.cleaned_data.get("DELETE"):
                rows.append((f"{name} {getattr(row.instance, 'ref', '') or n}", row))
    for where, row in rows:
        for name, errors in row.errors.items():
            field = row[name] if name in row.fields else None
            if field or where:
                yield {"where": where, "field": field, "card": row.prefix, "errors": errors}


def _cleaned(formset: Any, row: Any) -> dict[str, Any]:
    """Return what was entered for a row."""
    return next(form.cleaned_data for form in formset.forms if form.instance is row)


@admin.register(Publisher)
class PublisherAdmin(KeepsTyped, HistoryPage):
    list_display = ("name", "name_zh", "kind", "country")
    list_filter = ("kind", "country")
    search_fields = ("name", "name_zh")
    prepopulated_fields = {"slug": ("name",)}
