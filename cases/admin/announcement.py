"""Announcements at the editors' desk: a whole release is one screen, what is public is changed on a copy."""

from collections.abc import Iterable
from typing import Any

import pghistory
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import drafts, lookups, releases, texts
from cases.admin import importing
from cases.admin.inlines import CaseInline, FigureInline, MentionInline, entry_of
from cases.choices import AnnouncementKind, Status
from cases.forms.announcement import AnnouncementForm
from cases.importing import writer
from cases.importing.refs import next_ref, refs_ever
from cases.models import Announcement, CampaignMention, Figure, Publisher, Release, TypicalCase


@admin.register(Announcement)
class AnnouncementAdmin(admin.ModelAdmin):
    form = AnnouncementForm
    inlines = (MentionInline, CaseInline, FigureInline)
    change_form_template = "admin/cases/announcement/change_form.html"
    list_display = ("key", "shown_title", "publisher", "published", "status", "cases_count", "figures_count")
    list_display_links = ("key", "shown_title")
    list_filter = ("status", "kind", "language")
    list_select_related = ("publisher",)
    list_per_page = 50
    search_fields = ("key", "title", "title_zh", "abstract")
    ordering = ("-updated_at", "-id")
    view_on_site = False
    actions = None
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
        queryset = super().get_queryset(request).annotate(**lists)
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

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the form; where the database refuses what the checks had let pass, again, with all that was typed."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except IntegrityError as refusal:
            entry_of(request, None).refusal = str(refusal).partition("\n")[0]
            return super().changeform_view(request, *args, **kwargs)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        obj = self.get_object(request, object_id)
        if obj is None or drafts.is_editable(obj):
            return super().change_view(request, object_id, form_url, extra_context)
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        context = {**self.admin_site.each_context(request), "announcement": obj, "opts": self.opts, "title": str(obj)}
        context["copy"] = Announcement.objects.filter(revises=obj).first()
        context["can_change"] = self.has_change_permission(request, obj)
        context["refused"] = request.method == "POST"
        status = 409 if context["refused"] else 200
        return render(request, "admin/cases/announcement/public.html", context, status=status)

    def has_delete_permission(self, request: HttpRequest, obj: Announcement | None = None) -> bool:
        return super().has_delete_permission(request, obj) and drafts.is_editable(obj)

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("cases.publish_announcement")

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = kwargs.get("obj")
        report = entry_of(request, obj).report
        context["release"] = report.release if report else None
        context["latest_text"] = obj.texts.order_by("-n").first() if obj else None
        context["unplaced"] = texts.unplaced(obj) if obj else []
        context["is_nav_sidebar_enabled"] = False  # the width is for what is entered
        context["can_publish"] = self.has_publish_permission(request)
        context["problems"] = list(_problems(context["adminform"].form, context["inline_admin_formsets"]))
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Announcement, form: Any, change: bool) -> None:
        if form.cleaned_data.get("reason"):
            pghistory.context(reason=form.cleaned_data["reason"])
        if "_review" in request.POST:
            obj.status = Status.IN_REVIEW
        if change:
            obj.version += 1
        super().save_model(request, obj, form, change)

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
        return self._publish(request, obj) if "_publish" in request.POST else super().response_change(request, obj)

    def response_add(
        self, request: HttpRequest, obj: Announcement, post_url_continue: str | None = None
    ) -> HttpResponse:
        if "_publish" in request.POST:
            return self._publish(request, obj)
        return super().response_add(request, obj, post_url_continue)

    def _publish(self, request: HttpRequest, obj: Announcement) -> HttpResponse:
        if not self.has_publish_permission(request):
            raise PermissionDenied
        reason = request.POST.get("reason", "").strip() or _("published")
        try:
            live = drafts.publish(obj, by=request.user, reason=reason)  # type: ignore[arg-type]
        except ValidationError as problem:
            self.message_user(request, _("Saved, but not published: %s") % " ".join(problem.messages), messages.ERROR)
            return redirect("admin:cases_announcement_change", obj.pk)
        shown = format_html(_("Published: <a href='{}'>{}</a>"), live.get_absolute_url(), live.title)
        self.message_user(request, shown, messages.SUCCESS)
        return redirect("admin:cases_announcement_changelist")

    # --- addresses ----------------------------------------------------------------------------------------------

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("lookup/<str:vocabulary>/", view(self.lookup), name="cases_lookup"),
            *importing.urls(view),
            path("<int:pk>/copy/", view(self.copy), name="cases_announcement_copy"),
            *super().get_urls(),
        ]

    def lookup(self, request: HttpRequest, vocabulary: str) -> HttpResponse:
        """Propose entries of a vocabulary for what an editor is typing."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        finder = lookups.FINDERS.get(vocabulary)
        text = request.GET.get("q", "").replace("\x00", "").strip()[:100]
        found = finder(text) if finder and text else []
        return JsonResponse({"results": [{"value": str(match), "unit": match.unit} for match in found]})

    def copy(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make a draft copy of a public record, or go to the one there is."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_change_permission(request):
            raise PermissionDenied
        live = get_object_or_404(Announcement.objects.published(), pk=pk)
        with pghistory.context(reason="draft copy"):
            draft = drafts.start_copy(live)
        return redirect(reverse("admin:cases_announcement_change", args=[draft.pk]))


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
class PublisherAdmin(admin.ModelAdmin):
    list_display = ("name", "name_zh", "kind", "country")
    list_filter = ("kind", "country")
    search_fields = ("name", "name_zh")
    prepopulated_fields = {"slug": ("name",)}
