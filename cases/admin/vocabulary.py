"""The vocabularies at the editors' desk. Codes are addresses: they are given once."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from cases.admin.history import HistoryPage
from cases.desk.held import KeepsTyped
from cases.models import Campaign, CampaignName, CrimeType, Measure, Place, PlaceName, Release, ReleaseReport


class VocabularyAdmin(KeepsTyped, HistoryPage):
    """A vocabulary whose key cannot be changed once it has been given."""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return (self.opts.pk.name,) if obj and self.opts.pk.name != "id" else ()


class CampaignNameInline(admin.TabularInline):
    model = CampaignName
    extra = 0


@admin.register(Campaign)
class CampaignAdmin(VocabularyAdmin):
    list_display = ("name_en", "name_zh", "year", "authority", "parent")
    list_filter = ("year",)
    search_fields = ("name_en", "name_zh", "names__name")
    list_select_related = ("parent",)
    autocomplete_fields = ("parent", "not_to_be_confused_with")
    inlines = (CampaignNameInline,)
    fieldsets = (
        (None, {"fields": ("slug", "name_en", "name_zh", "year", ("start", "end"), "authority", "parent")}),
        (_("For readers"), {"fields": ("description", "not_to_be_confused_with")}),
    )


@admin.register(CrimeType)
class CrimeTypeAdmin(VocabularyAdmin):
    list_display = ("code", "label_en", "label_zh", "parent", "statutes")
    search_fields = ("code", "label_en", "label_zh")
    list_select_related = ("parent",)
    autocomplete_fields = ("parent",)


@admin.register(Measure)
class MeasureAdmin(VocabularyAdmin):
    list_display = ("code", "label_en", "label_zh", "units")
    search_fields = ("code", "label_en", "label_zh")


class PlaceNameInline(admin.TabularInline):
    model = PlaceName
    extra = 0


@admin.register(Place)
class PlaceAdmin(VocabularyAdmin):
    list_display = ("code", "name_en", "name_zh", "level", "parent")
    list_filter = ("level",)
    search_fields = ("code", "name_en", "name_zh", "pinyin", "names__name")
    list_select_related = ("parent",)
    autocomplete_fields = ("parent",)
    inlines = (PlaceNameInline,)


class ReleaseReportInline(admin.TabularInline):
    """Which announcements report a release: said where they are entered, so that what is public changes by a copy."""

    model = ReleaseReport
    fields = ("announcement", "role")
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    has_change_permission = has_delete_permission = has_add_permission


@admin.register(Release)
class ReleaseAdmin(KeepsTyped, HistoryPage):
    list_display = ("__str__", "authority", "disclosed")
    search_fields = ("name", "authority", "fullest__title", "fullest__key")
    list_select_related = ("fullest",)
    fields = ("name", "authority", "disclosed", "fullest")
    readonly_fields = ("fullest",)
    inlines = (ReleaseReportInline,)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # a release comes with the announcement that reports it

    def has_delete_permission(self, request: HttpRequest, obj: Release | None = None) -> bool:
        return False  # ... and goes with it
