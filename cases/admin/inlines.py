"""The rows of an announcement's form: campaigns, cases, figures."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from cases.forms import fields, figure, formsets, rows
from cases.importing import writer
from cases.models import Announcement, CampaignMention, Figure, TypicalCase


def entry_of(request: HttpRequest, announcement: Announcement | None) -> fields.Entry:
    """Return what all forms of one request share."""
    shared = cast(Any, request)
    if not hasattr(shared, "entry"):
        shared.entry = fields.Entry(announcement, request.POST)
    return cast(fields.Entry, shared.entry)


def renew_entry(request: HttpRequest, announcement: Announcement) -> fields.Entry:
    """Forget what the forms of a request have shared: they are made anew."""
    cast(Any, request).entry = fields.Entry(announcement, request.POST)
    return entry_of(request, announcement)


class EntryInline(admin.StackedInline):
    """An inline whose forms get what they share from the request, and that shows nothing but what is entered."""

    template = "admin/cases/announcement/cards.html"
    form: type[rows.RowForm]
    extra = 0
    related: tuple[str, ...] = ()
    prefix: str  # what the names of its fields begin with

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request) or request.user.has_perm("cases.view_announcement")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may enter announcements may enter what belongs to them."""
        return any(request.user.has_perm(f"cases.{action}_announcement") for action in ("add", "change"))

    has_add_permission = has_delete_permission = has_change_permission

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return list(self.form.lists)  # the form reads and stores these itself

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        kwargs["form"] = type(self.form.__name__, (self.form,), {"entry": entry_of(request, obj)})
        return super().get_formset(request, obj, **kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        lists = {annotation: writer.codes(self.model, name) for name, annotation in self.form.lists.items()}
        return super().get_queryset(request).annotate(**lists).select_related(*self.related)


class MentionInline(EntryInline):
    prefix = "mentions"
    model = CampaignMention
    fk_name = "announcement"
    form = rows.MentionForm
    formset = formsets.MentionFormSet
    verbose_name = _("campaign")
    verbose_name_plural = _("Campaigns that the document names")
    fields = ("campaign", "parent", "name_zh", "aliases", "start", "end")


class CaseInline(EntryInline):
    prefix = "cases"
    model = TypicalCase
    form = rows.CaseForm
    formset = formsets.CaseFormSet
    related = ("same_as__announcement",)
    verbose_name = _("case")
    verbose_name_plural = _("Typical cases")
    fields = ("number", "heading", "code_name", "period", "crime_types", *fields.PLACE_FIELDS, "same_as", "summary")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("case_places")


class FigureInline(EntryInline):
    prefix = "figures"
    model = Figure
    form = figure.FigureForm
    formset = formsets.FigureFormSet
    related = ("case", "part_of", "converted_from")
    verbose_name_plural = _("Figures")
    ordering = ("position",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "phrase",
                    "measure",
                    "qualifier",
                    "value",
                    "unit",
                    "case_number",
                    "places",
                    "crime_types",
                    "campaign",
                    "period",
                )
            },
        ),
        (_("More"), {"fields": figure.FigureForm.more}),
    )
