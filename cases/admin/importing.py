"""Importing at the desk: files are looked at first, and what is then confirmed is what was shown.

Nothing of it becomes public: new records are drafts, and public ones are changed on draft copies.
"""

import json
import zlib
from base64 import b64decode, b64encode
from hashlib import sha256
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import permissions
from cases.forms.uploads import FilesField
from cases.importing.files import File, in_memory
from cases.importing.importer import Report
from cases.importing.imports import Options, import_files
from cases.importing.limits import MOST_FILES, MOST_UNPACKED
from cases.models import Announcement
from cases.permissions import Action

MOST_CARRIED = 9_000_000  # characters of the form that carries the files from the first page to the second


class ImportForm(forms.Form):
    files = FilesField(  # type: ignore[assignment]
        label=gettext_lazy("Files"),
        suffixes=(".json", ".csv", ".csv.gz", ".jsonl", ".jsonl.gz", ".xlsx"),
        help_text=gettext_lazy(
            "Records as JSON, one to a file, or tables with the columns of the archive's own downloads, as CSV, JSON "
            "Lines or Excel workbook."
        ),
    )
    create = forms.BooleanField(
        label=gettext_lazy("Create what the archive does not know"),
        required=False,
        help_text=gettext_lazy(
            "Otherwise a key, a case or a figure that is not there is refused: it is mostly a slip."
        ),
    )


class CarriedForm(forms.Form):
    """What is confirmed: the files again, and the outcome that was shown for them."""

    carried = forms.CharField(strip=False)
    create = forms.BooleanField(required=False)
    shown = forms.CharField(required=False)

    def clean_carried(self) -> list[File]:
        try:
            return _unpacked(self.cleaned_data["carried"])
        except (ValueError, zlib.error, TypeError, RecursionError) as problem:
            raise ValidationError(_("The files have not come back whole: choose them again.")) from problem


class _ChangedError(Exception):
    """What would be done is no longer what was shown."""


def view(request: HttpRequest) -> HttpResponse:
    """Show the form; show what files would do; do it."""
    for action in (Action.ADD, Action.CHANGE):
        permissions.require(request.user, action)
    user: Any = request.user
    form = ImportForm()
    context: dict[str, Any] = {}
    if "carried" in request.POST:
        again = CarriedForm(request.POST)
        if again.is_valid():
            files, create = again.cleaned_data["carried"], again.cleaned_data["create"]
            report = _import(request, files, create=create, shown=again.cleaned_data["shown"])
            if report is None:
                return redirect("admin:cases_announcement_changelist")
            context = _outcome(files, create, report) | {"changed": True}
        else:
            messages.error(request, " ".join(map(str, again.errors["carried"])))
    elif request.method == "POST":
        form = ImportForm(request.POST, request.FILES)
        if form.is_valid():
            files = [in_memory(f.name, f.read(), MOST_UNPACKED) for f in form.cleaned_data["files"]]
            create = form.cleaned_data["create"]
            context = _outcome(files, create, import_files(files, _options(create, dry_run=True), by=user))
            if len(context["carried"]) > MOST_CARRIED:
                form.add_error("files", _("This is too much for the desk: use import_records."))
                context = {}
    context |= {**admin.site.each_context(request), "form": form, "opts": Announcement._meta, "title": _("Import")}
    return render(request, "admin/cases/announcement/import.html", context)


def urls(wrap: Any) -> list[Any]:
    """Return the addresses, behind the desk's door."""
    return [path("import/", wrap(view), name="cases_import")]


def _options(create: bool, *, dry_run: bool) -> Options:
    return Options(create=create, create_rows=create, as_drafts=True, dry_run=dry_run)


def _import(request: HttpRequest, files: list[File], *, create: bool, shown: str) -> Report | None:
    """Import as shown and return None; or, with nothing done, what would now be done."""
    user: Any = request.user
    report = Report()
    try:
        with transaction.atomic():
            report = import_files(files, _options(create, dry_run=False), by=user, reason="import at the desk")
            if report.problems or _digest(report) != shown:
                raise _ChangedError
    except _ChangedError:
        return report
    counts = {"created": len(report.created), "updated": len(report.updated)}
    messages.success(request, _("Imported: %(created)d new drafts, %(updated)d changed.") % counts)
    return None


def _outcome(files: list[File], create: bool, report: Report) -> dict[str, Any]:
    """Return what the page shows of what would be done, and what the next request needs to do it."""
    outcomes = ((_("New drafts"), report.created), (_("Changed, on a draft"), report.updated))
    return {
        "report": report,
        "groups": [
            (label, [(key, report.differences.get(key, [])) for key in keys]) for label, keys in outcomes if keys
        ],
        "carried": "" if report.problems else _packed(files),
        "create": create,
        "shown": _digest(report),
    }


def _digest(report: Report) -> str:
    told = [report.created, report.updated, [[str(d) for d in ds] for ds in report.differences.values()]]
    return sha256(json.dumps(told).encode()).hexdigest()


def _packed(files: list[File]) -> str:
    """Return files as one text that a form can carry."""
    contents = []
    for file in files:
        with file.source() as raw:
            contents.append((file.name, raw.read()))
    names = json.dumps([[name, len(raw)] for name, raw in contents]).encode()
    return b64encode(zlib.compress(names + b"\n" + b"".join(raw for _name, raw in contents))).decode()


def _unpacked(carried: str) -> list[File]:
    """Return the files that a text carries. Raises ValueError or zlib.error if it does not."""
    unpacking = zlib.decompressobj()
    everything = unpacking.decompress(b64decode(carried, validate=True), MOST_UNPACKED)
    if not unpacking.eof:
        raise ValueError("too much, or cut off")
    head, _newline, rest = everything.partition(b"\n")
    files, at = [], 0
    for name, size in json.loads(head)[:MOST_FILES]:
        files.append(in_memory(str(name), rest[at : at + size], MOST_UNPACKED))
        at += size
    return files
