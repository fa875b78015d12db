"""The rows of an announcement's form: campaigns, cases, places of cases, figures."""

from functools import cached_property
from typing import Any, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from cases import forms
from cases.lookups import EntryVocabulary
from cases.models import Announcement, Campaign, CampaignMention, CasePlace, Figure, Measure, TypicalCase


class Entry:
    """What all rows of one request share: the vocabularies, and the numbers and refs on the screen."""

    def __init__(self, request: HttpRequest, announcement: Announcement | None) -> None:
        self.request = request
        self.announcement = announcement

    @classmethod
    def of(cls, request: HttpRequest, announcement: Announcement | None) -> "Entry":
        entry = getattr(request, "entry", None)
        if entry is None:
            entry = cls(request, announcement)
            request.entry = entry  # type: ignore[attr-defined]
        return cast(Entry, entry)

    @cached_property
    def vocabulary(self) -> EntryVocabulary:
        texts = [value for key, value in self.request.POST.items() if key.endswith(("places", "place_code"))]
        if self.announcement:
            texts += self.announcement.places.values_list("code", flat=True)
            texts += CasePlace.objects.filter(announcement=self.announcement).values_list("place_id", flat=True)
            pairs = Figure.places.through.objects.filter(figure__announcement=self.announcement)
            texts += pairs.values_list("place_id", flat=True)
        return EntryVocabulary(str(text) for text in texts)

    @cached_property
    def shared_choices(self) -> forms.Shared:
        measures = {measure.pk: measure for measure in Measure.objects.all()}
        campaigns = {campaign.pk: campaign for campaign in Campaign.objects.order_by("-year", "name_en")}
        return {"measure": measures, "of_measure": measures, "campaign": campaigns}

    @property
    def numbers(self) -> set[int] | None:
        """The numbers of the cases on the screen, those marked for deletion left out; None before anything is sent."""
        if self.request.method != "POST":
            return None
        found = set()
        for key, value in self.request.POST.items():
            prefix, _dash, name = key.rpartition("-")
            if prefix.startswith("cases-") and name == "number" and value.strip().isdecimal():
                if not self.request.POST.get(f"{prefix}-DELETE"):
                    found.add(int(value))
        return found

    @cached_property
    def refs(self) -> set[str]:
        if self.announcement is None:
            return set()
        return set(self.announcement.figures.values_list("ref", flat=True))


class EntryInline(admin.StackedInline):  # type: ignore[type-arg]
    """An inline whose forms get what they share from the request, and that shows nothing but what is entered."""

    extra = 0
    show_change_link = False
    shared: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    prefetched: tuple[str, ...] = ()

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        entry = Entry.of(request, obj)
        bound = {name: getattr(entry, name) for name in self.shared}
        kwargs["form"] = type(self.form.__name__, (self.form,), bound)
        return super().get_formset(request, obj, **kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related(*self.related).prefetch_related(*self.prefetched)


class MentionInline(EntryInline):
    model = CampaignMention
    fk_name = "announcement"
    form = forms.MentionForm
    formset = forms.MentionFormSet
    shared = ("shared_choices",)
    related = ("campaign",)
    verbose_name_plural = _("Campaigns that the document names")
    fields = (("campaign", "name_zh", "aliases"), ("start", "end"))


class CaseInline(EntryInline):
    model = TypicalCase
    form = forms.CaseForm
    formset = forms.CaseFormSet
    shared = ("vocabulary",)
    related = ("same_as__announcement",)
    prefetched = ("crime_types",)
    verbose_name_plural = _("Typical cases")
    fields = (("number", "heading"), ("code_name", "period", "same_as"), "crime_types", "summary")


class CasePlaceInline(EntryInline):
    model = CasePlace
    form = forms.CasePlaceForm
    formset = forms.CasePlaceFormSet
    shared = ("vocabulary", "numbers")
    related = ("case", "place")
    verbose_name_plural = _("Places of the cases")
    fields = (("case_number", "place_code", "role"),)


class FigureInline(EntryInline):
    model = Figure
    form = forms.FigureForm
    formset = forms.NumberedFormSet
    shared = ("vocabulary", "numbers", "refs", "shared_choices")
    related = ("case", "part_of", "converted_from")
    prefetched = ("crime_types", "places")
    verbose_name_plural = _("Figures")
    ordering = ("position",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "phrase",
                    ("measure", "qualifier", "value", "unit", "case_number"),
                    ("crime_types", "places"),
                    ("campaign", "period"),
                )
            },
        ),
        (
            _("More about this figure"),
            {
                "classes": ("collapse",),
                "fields": (
                    ("value_high", "step", "as_of", "cumulative"),
                    ("part_of_ref", "of_measure", "base_period", "converted_from_ref"),
                    ("preferred", "preferred_reason"),
                    "note",
                ),
            },
        ),
    )
