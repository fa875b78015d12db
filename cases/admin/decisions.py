"""What editors decide of two figures: that they are of one thing or not, or what the verdict is; with a reason."""

from typing import Any

import pghistory
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from cases.admin.history import HistoryPage
from cases.admin.record import account
from cases.desk.held import KeepsTyped
from cases.models import Decision, Figure


@admin.register(Decision)
class DecisionAdmin(KeepsTyped, HistoryPage):
    """Two figures by their ids, which the lists of verdicts fill in, and what is decided of them."""

    list_display = ("first", "action", "second", "reason", "decided_by", "decided_at")
    list_filter = ("action",)
    search_fields = ("reason", "a__announcement__key", "b__announcement__key")
    list_select_related = ("a__announcement", "b__announcement", "decided_by")
    raw_id_fields = ("a", "b")
    fields = ("a", "first", "b", "second", "action", "reason", "decided_by", "decided_at")
    readonly_fields = ("first", "second", "decided_by", "decided_at")

    @admin.display(description=_("first claim"))
    def first(self, obj: Decision) -> str:
        return _told(obj.a) if obj.a_id else "–"

    @admin.display(description=_("second claim"))
    def second(self, obj: Decision) -> str:
        return _told(obj.b) if obj.b_id else "–"

    def save_model(self, request: HttpRequest, obj: Decision, form: Any, change: bool) -> None:
        obj.decided_by, obj.decided_at = account(request), timezone.now()
        with pghistory.context(reason=obj.reason):
            super().save_model(request, obj, form, change)


def _told(figure: Figure) -> str:
    a = figure.announcement
    return format_html('<a href="{}">{}</a>: {}', figure.get_absolute_url(), a.key, figure.phrase)
