"""Readers' reports of errors at the desk: read, looked into, closed with an answer."""

from typing import Any

import pghistory
from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cases.admin.history import HistoryPage
from cases.admin.record import account
from cases.choices import ReportState
from cases.desk.held import KeepsTyped
from cases.models import ErrorReport
from cases.reporting import record_of


class HandlingForm(forms.ModelForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("state") != ReportState.OPEN and not (cleaned.get("answer") or "").strip():
            self.add_error("answer", _("Say what was done, or why it is no error."))
        return cleaned


@admin.register(ErrorReport)
class ErrorReportAdmin(KeepsTyped, HistoryPage):
    form = HandlingForm
    list_display = ("__str__", "beginning", "version", "reported_at", "state")
    list_filter = ("state", "kind")
    search_fields = ("message",)
    readonly_fields = ("about", "version", "message", "reported_at", "handled_by", "handled_at")
    fieldsets = (
        (None, {"fields": ("about", "version", "reported_at", "message", "contact")}),
        (gettext_lazy("What became of it"), {"fields": ("state", "answer", "handled_by", "handled_at")}),
    )

    @admin.display(description=gettext_lazy("what is wrong"))
    def beginning(self, obj: ErrorReport) -> str:
        return obj.message[:80]

    @admin.display(description=pgettext_lazy("subject of a report", "about"))
    def about(self, obj: ErrorReport) -> str:
        record = record_of(obj)
        return format_html('<a href="{}">{}</a>', record.get_absolute_url(), record) if record else str(obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # they come from the public form

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # they are closed, with an answer

    def save_model(self, request: HttpRequest, obj: ErrorReport, form: Any, change: bool) -> None:
        closed = obj.state != ReportState.OPEN
        obj.handled_by = account(request) if closed else None
        obj.handled_at = timezone.now() if closed else None
        with pghistory.context(reason=obj.answer):
            super().save_model(request, obj, form, change)
