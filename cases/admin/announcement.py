"""Announcements at the editors' desk: a whole release is one screen, what is public is changed on a copy."""

from typing import Any

import pghistory
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import drafts, forms, lookups, releases, texts
from cases.admin.inlines import CaseInline, CasePlaceInline, Entry, FigureInline, MentionInline
from cases.choices import AnnouncementKind
from cases.importing.refs import next_ref
from cases.models import Announcement, Figure, Publisher, TypicalCase


@admin.register(Announcement)
class AnnouncementAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = forms.AnnouncementForm
    inlines = (MentionInline, CaseInline, CasePlaceInline, FigureInline)
    change_form_template = "admin/cases/announcement/change_form.html"
    list_display = ("key", "shown_title", "publisher", "published", "status", "cases_count", "figures_count")
    list_display_links = ("key", "shown_title")
    list_filter = ("status", "kind", "language", "publisher__kind")
    list_select_related = ("publisher",)
    list_per_page = 50
    search_fields = ("key", "title", "title_zh", "abstract")
    ordering = ("-updated_at", "-id")
    autocomplete_fields = ("publisher",)
    save_on_top = True
    actions = None
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("key", "kind"),
                    "title",
                    ("title_zh", "title_supplied"),
                    ("publisher", "published"),
                    ("language", "translation"),
                    "url",
                    "archived_url",
                    "abstract",
                    "crime_types",
                    "places",
                    ("same_release_as", "role"),
                    "seen_version",
                )
            },
        ),
        (gettext_lazy("The text"), {"classes": ("collapse",), "fields": ("text",)}),
    )

    # --- the list -----------------------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Announcement]:
        queryset = super().get_queryset(request)
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

    def get_form(self, request: HttpRequest, obj: Announcement | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        return type("AnnouncementForm", (form,), {"vocabulary": Entry.of(request, obj).vocabulary})

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"language": "en", "translation": "none", "role": "report"}

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        obj = self.get_object(request, object_id)
        if obj is not None and not drafts.is_editable(obj):
            if not self.has_view_permission(request, obj):
                raise PermissionDenied
            context = {**self.admin_site.each_context(request), "announcement": obj, "opts": self.opts, "title": str(obj)}
            context["copy"] = Announcement.objects.filter(revises=obj).first()
            return render(request, "admin/cases/announcement/public.html", context)
        return super().change_view(request, object_id, form_url, extra_context)

    def has_delete_permission(self, request: HttpRequest, obj: Announcement | None = None) -> bool:
        return super().has_delete_permission(request, obj) and drafts.is_editable(obj)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
        obj = kwargs.get("obj")
        form = context["adminform"].form
        if not form.is_bound and obj is not None:
            report = obj.reports.select_related("release__fullest").first()
            form.initial["seen_version"] = obj.version
            if report:
                form.initial["role"] = report.role
                fullest = report.release.fullest
                form.initial["same_release_as"] = fullest.key if fullest and fullest != obj else ""
        entries = Entry.of(request, obj).shared_choices
        context["vocabularies"] = {"measures": entries["measure"], "campaigns": entries["campaign"]}
        context["can_publish"] = self.has_publish_permission(request)
        context["latest_text"] = obj.texts.order_by("-n").first() if obj else None
        return super().render_change_form(request, context, *args, **kwargs)

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("cases.publish_announcement")

    def save_model(self, request: HttpRequest, obj: Announcement, form: Any, change: bool) -> None:
        if change:
            obj.version += 1
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the rows in the order in which they name each other: cases, then what names a case by its number."""
        announcement = form.instance
        form.save_lists()
        by_model = {formset.model: formset for formset in formsets}
        figures = by_model.pop(Figure)
        cases = by_model.pop(TypicalCase)
        cases.save()
        _save_lists(cases)
        numbered = {case.number: case for case in announcement.cases.all()}
        for formset in by_model.values():
            for row in formset.save(commit=False):
                if "case_number" in formset.form.base_fields:
                    row.announcement = announcement
                    row.case = numbered[_cleaned(formset, row)["case_number"]]
                row.save()
            for row in formset.deleted_objects:
                row.delete()
        self._save_figures(figures, announcement, numbered)
        self._save_release(form, announcement)
        self._save_text(request, form, announcement)

    def _save_figures(self, formset: Any, announcement: Announcement, cases: dict[int, TypicalCase]) -> None:
        stored = {figure.ref: figure for figure in announcement.figures.all()}
        changed = formset.save(commit=False)
        for figure in formset.deleted_objects:
            stored.pop(figure.ref, None)
            figure.delete()
        position = max((figure.position for figure in stored.values()), default=0)
        used = set(stored) | _refs_ever(announcement)
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
        _save_lists(formset)

    def _save_release(self, form: Any, announcement: Announcement) -> None:
        fullest = form.cleaned_data.get("same_release_as")
        if fullest is None:
            # A draft copy keeps the releases of what it revises; a feature reports none unless it is told to.
            if announcement.revises_id or (announcement.kind == AnnouncementKind.FEATURE and not announcement.reports.exists()):
                return
            fullest = announcement
        role = form.cleaned_data.get("role") or releases.default_role(announcement.kind)
        releases.tie(announcement, [releases.release_of(fullest)], role)

    def _save_text(self, request: HttpRequest, form: Any, announcement: Announcement) -> None:
        if form.cleaned_data.get("text", "").strip():
            attached = texts.attach(announcement, form.cleaned_data["text"].replace("\r\n", "\n"))
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

    def response_add(self, request: HttpRequest, obj: Announcement, post_url_continue: str | None = None) -> HttpResponse:
        if "_publish" in request.POST:
            return self._publish(request, obj)
        return super().response_add(request, obj, post_url_continue)

    def _publish(self, request: HttpRequest, obj: Announcement) -> HttpResponse:
        if not self.has_publish_permission(request):
            raise PermissionDenied
        reason = request.POST.get("_reason", "").strip() or _("published")
        live = drafts.publish(obj, by=request.user, reason=reason)  # type: ignore[arg-type]
        shown = format_html(_("Published: <a href='{}'>{}</a>"), live.get_absolute_url(), live.title)
        self.message_user(request, shown, messages.SUCCESS)
        return redirect("admin:cases_announcement_changelist")

    # --- addresses ----------------------------------------------------------------------------------------------

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("lookup/<str:vocabulary>/", view(self.lookup), name="cases_lookup"),
            path("<int:pk>/copy/", view(self.copy), name="cases_announcement_copy"),
            *super().get_urls(),
        ]

    def lookup(self, request: HttpRequest, vocabulary: str) -> HttpResponse:
        """Propose entries of a vocabulary for what an editor is typing."""
        finder = lookups.FINDERS.get(vocabulary)
        text = request.GET.get("q", "").replace("\x00", "").strip()[:100]
        found = finder(text) if finder and text else []
        return JsonResponse({"results": [str(match) for match in found]})

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


def _save_lists(formset: Any) -> None:
    """Save the places and crime types of the rows that were changed and stay."""
    for row in formset.forms:
        if row.has_changed() and row.instance.pk and not row.cleaned_data.get("DELETE"):
            row.save_lists()


def _cleaned(formset: Any, row: Any) -> dict[str, Any]:
    """Return what was entered for a row."""
    form = next(form for form in formset.forms if form.instance is row)
    return dict(form.cleaned_data)


def _refs_ever(announcement: Announcement) -> set[str]:
    """Return every ref that a figure of an announcement ever had: none is given twice."""
    if announcement.pk is None:
        return set()
    event = Figure._meta.get_field("events").related_model
    return set(event._default_manager.filter(announcement_id=announcement.pk).values_list("ref", flat=True))


@admin.register(Publisher)
class PublisherAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "name_zh", "kind", "country")
    list_filter = ("kind", "country")
    search_fields = ("name", "name_zh")
    prepopulated_fields = {"slug": ("name",)}  # noqa: RUF012

