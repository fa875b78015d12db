"""Reports of errors: a plain form on every public record, which reaches the editors' queue."""

from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST, require_safe

from cases.choices import ReportedKind
from cases.forms.report import ReportForm
from cases.limits import Limit, address
from cases.models import Announcement, ErrorReport, Figure, TypicalCase

OF_ONE = Limit("report", 5, 600)
OF_ALL = Limit("report of anybody", 300, 3600)
MODELS: dict[str, Any] = {
    ReportedKind.ANNOUNCEMENT: Announcement,
    ReportedKind.CASE: TypicalCase,
    ReportedKind.FIGURE: Figure,
}
KEYS = ("kind", "id", "version")


class _About:
    """What a report is about: a public record and its version, or the archive."""

    def __init__(self, data: QueryDict) -> None:
        self.errors: list[tuple[str, str]] = []
        self.kind = data.get("kind") or ReportedKind.ARCHIVE
        self.record: Any = None
        self.version: int | None = None
        if self.kind not in ReportedKind.values:
            self._wrong("kind", _("is not a kind of record"))
        elif self.kind == ReportedKind.ARCHIVE:
            if data.get("id"):
                self._wrong("kind", _("is missing: of what is this the id?"))
        else:
            self._find(data.get("id", ""), data.get("version", ""))

    def _wrong(self, name: str, message: str) -> None:
        self.errors.append((name, message))

    def _find(self, pk: str, version: str) -> None:
        for name, value in (("id", pk), ("version", version)):
            if value and not (value.isascii() and value.isdecimal() and len(value) < 19):
                self._wrong(name, _("is not a whole number"))
        if self.errors or not pk:
            if not pk:
                self._wrong("id", _("is missing"))
            return
        self.record = MODELS[self.kind].objects.published().filter(pk=int(pk)).first()
        if self.record is None:
            raise Http404
        announcement = self.record if self.kind == ReportedKind.ANNOUNCEMENT else self.record.announcement
        last = announcement.published_versions.order_by("-n").values_list("n", flat=True).first() or 0
        self.version = min(int(version), last) if version else last

    @property
    def context(self) -> dict[str, Any]:
        return {"kind": self.kind, "record": self.record, "version": self.version, "errors": self.errors}


@require_safe
@csrf_protect
def report(request: HttpRequest) -> HttpResponse:
    """The form, with the record that it is about. A kind, id or version in error is named."""
    about = _About(request.GET)
    for name in request.GET:
        if name not in KEYS:
            about.errors.append((name, _("is not a parameter of this page")))
    return _page(request, about, ReportForm(), 400 if about.errors else 200)


@require_POST
@csrf_protect
def send(request: HttpRequest) -> HttpResponse:
    """Take a report, or say what is wrong with it; with too many from one address, say when to come back."""
    about, form = _About(request.POST), ReportForm(request.POST)
    if about.errors or not form.is_valid():
        return _page(request, about, form, 400)
    who = address(request)
    wait = OF_ONE.wait(who) or OF_ALL.wait()
    if wait:
        response = _page(request, about, form, 429, wait=(wait + 59) // 60)
        response["Retry-After"] = str(wait)
        return response
    with transaction.atomic():
        OF_ONE.note(who)
        OF_ALL.note()
        form.instance.kind = about.kind
        form.instance.record_id = about.record.pk if about.record else None
        form.instance.version = about.version or None
        form.save()
    return redirect("cases:report-sent")


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """What becomes of a report."""
    return render(request, "cases/report_sent.html")


def _page(request: HttpRequest, about: _About, form: ReportForm, status: int, **context: Any) -> HttpResponse:
    response = render(request, "cases/report.html", {"form": form, **about.context, **context}, status=status)
    response["Cache-Control"] = "no-store, private"
    response["X-Robots-Tag"] = "noindex"
    return response


def record_of(report: ErrorReport) -> Any:
    """Return the record that a report is about, public or not; None if it is about the archive, or gone."""
    model = MODELS.get(report.kind)
    return model.objects.filter(pk=report.record_id).first() if model else None
