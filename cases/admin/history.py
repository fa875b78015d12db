"""The history page of every record at the desk: who changed what, when, why, from what to what."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from cases.admin.told import said
from cases.changes import PER_PAGE, Change, History


@dataclass(frozen=True)
class Line:
    """One change as it is read."""

    what: str
    before: str
    after: str


class HistoryPage(admin.ModelAdmin):
    """An admin whose history is that of the database, not only of what was saved at the desk."""

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        record = self.get_object(request, object_id)
        if record is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        pages: Paginator[Any] = Paginator(History(record), PER_PAGE)  # type: ignore[arg-type]
        page = pages.get_page(request.GET.get("page"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("History: %s") % record,
            "opts": self.opts,
            "object": record,
            "page": page,
            "moments": [(moment, [line(change) for change in moment.changes]) for moment in page],
        }
        return render(request, "admin/history.html", context)


def line(change: Change) -> Line:
    """Return a change in words."""
    row = str(capfirst(_called(change.model))) if change.what or not change.name else ""
    name = str(change.model._meta.get_field(change.name).verbose_name) if change.name else ""  # type: ignore[union-attr]
    what = " ".join(part for part in (row, change.what) if part)
    label = f"{what}: {name}" if what and name else what or str(capfirst(name))
    if change.name:
        return Line(label, said(_plain(change.before)), said(_plain(change.after)))
    there, gone = _("there"), _("not there")
    return Line(label, gone if change.way == "insert" else there, there if change.way == "insert" else gone)


def _called(model: Any) -> str:
    """Return what a row of a table is called: of a pair what is added to the record, a place or a crime type."""
    if model._meta.proxy:
        return str(model._meta.fields[-1].related_model._meta.verbose_name)
    return str(model._meta.verbose_name)


def _plain(value: Any) -> Any:
    """Return a stored value as `said` takes it: numbers without the zeros that say nothing."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value if isinstance(value, bool | list | str) or value is None else str(value)
