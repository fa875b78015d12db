"""What editors decide of two figures: that they are of one thing or not, or what the verdict is; with a reason."""

from typing import Any

import pghistory
from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from cases.admin.history import HistoryPage
from cases.admin.record import account
from cases.desk.held import KeepsTyped
from cases.models import Decision, Figure
from cases.templatetags.cases_tags import quoted


class FigureInput(forms.TextInput):
    """The number of a figure, with what that figure says beside it."""

    def __init__(self) -> None:
        super().__init__({"inputmode": "numeric", "size": 8})

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        field = super().render(name, value, attrs, renderer)
        known = str(value or "").isdecimal() and len(str(value)) < 18
        figure = Figure.objects.select_related("announcement").filter(pk=value).first() if known else None
        return format_html('{} <span class="of-figure">{}</span>', field, _told(figure)) if figure else field


class DecisionForm(forms.ModelForm):
    class Meta:
        model = Decision
        fields = ("a", "b", "action", "reason")
        labels = {"a": capfirst(_("first claim")), "b": capfirst(_("second claim"))}
        help_texts = dict.fromkeys(("a", "b"), _("The number of a figure, as in its address."))
        widgets = {"a": FigureInput(), "b": FigureInput(), "reason": forms.Textarea({"rows": 3})}


@admin.register(Decision)
class DecisionAdmin(KeepsTyped, HistoryPage):
    """Two figures by their ids, which the lists of verdicts fill in, and what is decided of them."""

    form = DecisionForm
    list_display = ("first", "action", "second", "reason", "who", "decided_at")
    list_filter = ("action",)
    search_fields = ("reason", "a__announcement__key", "b__announcement__key")
    list_select_related = ("a__announcement", "b__announcement", "decided_by")
    raw_id_fields = ("a", "b")  # there are too many figures to choose from
    fields = ("a", "b", "action", "reason")
    readonly_fields = ("who", "decided_at")

    class Media:
        css = {"all": ("admin_cases/desk.css",)}

    def get_fields(self, request: HttpRequest, obj: Decision | None = None) -> tuple[str, ...]:
        return (*self.fields, *self.readonly_fields) if obj else self.fields

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("widget", FigureInput())
        return db_field.formfield(**kwargs)

    @admin.display(description=_("first claim"))
    def first(self, obj: Decision) -> str:
        return _told(obj.a)

    @admin.display(description=_("second claim"))
    def second(self, obj: Decision) -> str:
        return _told(obj.b)

    @admin.display(description=_("by"), ordering="decided_by")
    def who(self, obj: Decision) -> Any:
        return obj.decided_by or "–"

    def save_model(self, request: HttpRequest, obj: Decision, form: Any, change: bool) -> None:
        obj.decided_by, obj.decided_at = account(request), timezone.now()
        with pghistory.context(reason=obj.reason):
            super().save_model(request, obj, form, change)


def _told(figure: Figure) -> str:
    a = figure.announcement
    told = '<a href="{}">{} {}</a> <b>{}</b> {}'
    return format_html(told, figure.get_absolute_url(), a.key, figure.ref, figure.printed, quoted(figure.phrase))
