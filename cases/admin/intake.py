"""Texts that are brought to the desk, and the screen on which one becomes a draft: the text and what is proposed of it.

The screen is the desk's own form of an announcement, filled in with proposals that count once they are accepted.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases import assist, permissions
from cases.admin.announcement import AnnouncementAdmin
from cases.admin.inlines import CaseInline, FigureInline, MentionInline, entry_of
from cases.choices import SpanTarget
from cases.desk.held import HELD, KeepsTyped
from cases.duplicates import Incoming
from cases.extraction.suggestions import Suggestions
from cases.forms.duplicates import warnings
from cases.forms.fields import Entry
from cases.forms.intake import (
    BroughtForm,
    IntakeForm,
    Proposed,
    ProposedCaseForm,
    ProposedFigureForm,
    ProposedMentionForm,
)
from cases.marking import Mark, numbers, pieces
from cases.models import Announcement, Figure, PastedText, Place, Span, TextVersion, TypicalCase
from cases.permissions import Action
from cases.texts import occurrences

MOST_ROWS = 500
MOST_EMPTY_ROWS = 20


@dataclass
class Intake:
    """One text on its way in: what was brought, what of it stands in the form now, what is proposed for that."""

    pasted: PastedText
    text: str
    published: str
    formsets: list[Any] = field(default_factory=list)

    @cached_property
    def found(self) -> Suggestions:
        return assist.suggestions(self.text, self.published)

    @cached_property
    def draft(self) -> assist.Draft:
        return assist.drafted(self.found)

    def rows(self, prefix: str) -> list[assist.Row]:
        """Return the proposed rows of one of the form's lists, as many as a form can carry."""
        proposed = {"mentions": self.draft.campaigns, "cases": self.draft.cases, "figures": self.draft.figures}
        return proposed[prefix][:MOST_ROWS]

    @property
    def left_out(self) -> int:
        """How many proposals there are beyond that."""
        return sum(max(0, len(rows) - MOST_ROWS) for rows in (self.draft.cases, self.draft.figures))


def intake_of(request: HttpRequest) -> Intake:
    return cast(Intake, cast(Any, request).intake)


class ProposedInline(admin.StackedInline):
    """Rows as proposals. Those added by hand are accepted as they are."""

    prefix = ""

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        if request.method == "POST":
            return 0
        empty = request.GET.get("rows", "")[:3]
        wanted = min(int(empty), MOST_EMPTY_ROWS) if empty.isdecimal() and self.prefix == "figures" else 0
        return len(intake_of(request).rows(self.prefix)) + wanted


_PROPOSED = ("accepted", "proposed", "rejected")


class ProposedMentionInline(ProposedInline, MentionInline):
    prefix = "mentions"
    form = ProposedMentionForm
    fields = (*_PROPOSED, *MentionInline.fields)  # type: ignore[assignment]


class ProposedCaseInline(ProposedInline, CaseInline):
    prefix = "cases"
    form = ProposedCaseForm
    fields = (*_PROPOSED, *CaseInline.fields)


class ProposedFigureInline(ProposedInline, FigureInline):
    prefix = "figures"
    form = ProposedFigureForm
    fieldsets = (
        (None, {"fields": (*_PROPOSED, *FigureInline.fieldsets[0][1]["fields"])}),
        FigureInline.fieldsets[1],
    )


class IntakeEntry(AnnouncementAdmin):
    """The form of an announcement for a text that was brought."""

    form = IntakeForm
    inlines = (ProposedMentionInline, ProposedCaseInline, ProposedFigureInline)
    change_form_template = "admin/cases/announcement/intake.html"

    def enter(self, request: HttpRequest, pasted: PastedText) -> HttpResponse:
        """Show or save the form for a text."""
        text = request.POST.get("text", "").replace("\r\n", "\n").replace("\x00", "") or pasted.text
        cast(Any, request).intake = Intake(pasted, text, pasted.published)
        if request.method != "POST":
            # What the proposals name is asked for once, as what is typed is.
            rows = [row for prefix in ("cases", "figures") for row in intake_of(request).rows(prefix)]
            codes = [code for row in rows for name, value in row.items() if name.startswith("places") for code in value]
            cast(Any, request).entry = Entry(None, {"x-places": "; ".join(dict.fromkeys(codes))})
        entry_of(request, None).brought = pasted.text
        return self.add_view(request)

    def get_fieldsets(self, request: HttpRequest, obj: Announcement | None = None) -> Any:
        (name, options), *rest = super().get_fieldsets(request, obj)
        return [(name, {"fields": (*options["fields"], "named_places", "named_crime_types")}), *rest]

    def get_form(
        self, request: HttpRequest, obj: Announcement | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        return type("IntakeForm", (form,), {"named": _named(intake_of(request).found)})

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        intake = intake_of(request)
        given = {"published": intake.pasted.published, "url": intake.pasted.url, "text": intake.text}
        proposed = {name: value for name, value in intake.draft.fields.items() if value}
        return {
            **super().get_changeform_initial_data(request),
            **proposed,
            **{name: value for name, value in given.items() if value},
            "key": _free_key(str(given["published"] or proposed.get("published") or "")),
            "kind": "report",
            "same_release_as": request.GET.get("same_release_as", "")[:60],
        }

    def get_formset_kwargs(self, request: HttpRequest, obj: Any, inline: Any, prefix: str) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_formset_kwargs(request, obj, inline, prefix)
        if request.method != "POST":
            accepted = {"accepted": True} if request.GET.get("accept") == "all" else {}
            kwargs["initial"] = [row | (accepted if _is_whole(row) else {}) for row in intake_of(request).rows(prefix)]
        return kwargs

    # --- what is shown ------------------------------------------------------------------------------------------

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        intake = intake_of(request)
        rows = [form for inline in context["inline_admin_formsets"] for form in inline.formset.forms]
        marks, cases, gone = [], [], []
        for row in rows:
            place, kind = row.place, row.prefix.partition("-")[0]
            if place is None:
                continue
            mark = Mark(place[0], place[1], kind, row.prefix, bool(row["accepted"].value()))
            if kind == "cases":
                cases.append(mark)
                continue
            marks.append(mark)
            phrase = row["phrase"].value() if kind == "figures" else ""
            if phrase and not occurrences(phrase, intake.text[place[0] : place[1]]):
                gone.append({"row": row.prefix, "phrase": phrase})
        marks.sort(key=lambda mark: (mark.kind != "figures", not mark.accepted))
        others = [Mark(p.start, p.end, "place") for p in intake.found.places]
        others += [Mark(c.start, c.end, "crime") for c in intake.found.crime_types]
        figures = [(mark.start, mark.end) for mark in marks if mark.kind == "figures"]
        dates = [(date.start, date.end) for date in intake.found.dates]
        uncoded = numbers(intake.text, [*figures, *dates, *((m.start, m.end) for m in marks)])
        shown = list(pieces(intake.text, [*marks, *uncoded, *others], cases))
        form = context["adminform"].form
        if not form.is_bound and "same_release_as" not in request.GET:
            form.duplicates = warnings(_incoming(intake))
        context |= {
            "intake": intake,
            "pieces": shown,
            "gone": gone,
            "uncoded": len({piece.mark for piece in shown if piece.mark and _is_open(piece.mark)}),
            "waiting": sum(
                1 for row in rows if row.place and not row["accepted"].value() and not row["rejected"].value()
            ),
        }
        return super().render_change_form(request, context, *args, **kwargs)

    # --- what is saved ------------------------------------------------------------------------------------------

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save what is accepted, mark in the text where it stands, and be done with what was brought."""
        intake = intake_of(request)
        intake.formsets = formsets
        super().save_related(request, form, formsets, change)
        version = form.instance.texts.order_by("-n").first()
        if version is not None:
            Span.objects.bulk_create(_spans(form, version, intake, self._accepted(request, TypicalCase)))
        left = sum(1 for formset in formsets for row in formset.forms if row.place and not row["accepted"].value())
        if left:
            told = ngettext("%(n)d proposal was not accepted.", "%(n)d proposals were not accepted.", left)
            self.message_user(request, told % {"n": left}, messages.INFO)
        intake.pasted.delete()

    def response_add(
        self, request: HttpRequest, obj: Announcement, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Go on with the draft after the button that makes it a report of another's release, too."""
        if "_report_of" in request.POST:
            self.message_user(request, _("Saved as a draft: %s") % obj, messages.SUCCESS)
            return redirect("admin:cases_announcement_change", obj.pk)
        return super().response_add(request, obj, post_url_continue)

    def chosen_places(self, request: HttpRequest) -> dict[int, tuple[int, int]]:
        return {form.instance.pk: form.place for form in self._accepted(request, Figure)}

    def _accepted(self, request: HttpRequest, model: Any) -> list[Any]:
        """Return the rows of a model that were saved and stand somewhere in the text."""
        return [
            form
            for formset in intake_of(request).formsets
            if formset.model is model
            for form in formset.forms
            if isinstance(form, Proposed) and form.place and form.instance.pk
        ]


def _named(found: Suggestions) -> dict[str, list[tuple[str, str]]]:
    """Return the places and crime types that a text names, each once, with what they may be."""
    codes = [code for mention in found.places for code in (mention.candidates or (mention.code,))]
    places = {p.code: p for p in Place.objects.filter(code__in=codes).select_related("parent")}
    named: dict[str, list[str]] = {}
    for mention in found.places:
        for code in dict.fromkeys((mention.code, *mention.candidates)):
            phrases = named.setdefault(code, [])
            if mention.phrase not in phrases:
                phrases.append(mention.phrase)
    return {
        "named_places": [
            (code, f"{', '.join(phrases)}: {code} {places[code].name_en} {places[code].name_zh}")
            for code, phrases in named.items()
            if code in places
        ],
        "named_crime_types": list({c.code: f"{c.code} {c.label}" for c in found.crime_types}.items()),
    }


def _incoming(intake: Intake) -> Incoming:
    """Return what is known of a document before anything of it is confirmed."""
    figures = [(row["measure"], row["value"]) for row in intake.draft.figures if row["measure"]]
    published = intake.published or str(intake.draft.fields["published"])
    return Incoming(intake.pasted.url, intake.text, published, figures)


def _spans(form: Any, version: TextVersion, intake: Intake, cases: list[Any]) -> list[Span]:
    """Return where the accepted cases are told, and where the ticked places are named."""
    common: dict[str, Any] = {
        "announcement": form.instance,
        "target": SpanTarget.TEXT,
        "text_version": version,
    }
    spans = [Span(**common, case=case.instance, start=case.place[0], end=case.place[1]) for case in cases]
    spans += [
        Span(**common, place_id=code, start=mention.start, end=mention.end, phrase=mention.phrase)
        for mention in intake.found.places
        for code in form.cleaned_data["named_places"]
        if code in (mention.code, *mention.candidates)
    ]
    return [span for span in spans if span.end <= len(version.text)]


def _is_whole(row: assist.Row) -> bool:
    """Say whether a proposal can be accepted as it is."""
    return bool(row.get("measure", True)) and bool(row.get("unit", True))


def _is_open(mark: Mark) -> bool:
    """Say whether a mark is a number that no figure states yet."""
    return mark.kind == "number" or (mark.kind == "figures" and not mark.accepted)


def _free_key(published: str) -> str:
    """Return a key that no record has: the date, if it is known, and a number."""
    base = published.partition("/")[0].rstrip("~?%") or "text"
    taken = set(Announcement.objects.filter(key__startswith=f"{base}-").values_list("key", flat=True))
    return next(key for n in range(1, len(taken) + 2) if (key := f"{base}-{n}") not in taken)


@admin.register(PastedText)
class PastedTextAdmin(KeepsTyped):
    """The texts that somebody has brought and not yet entered: everybody sees their own."""

    kept_views = ("bring", "enter")

    def get_queryset(self, request: HttpRequest) -> QuerySet[PastedText]:
        return super().get_queryset(request).filter(brought_by=cast(Any, request.user))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return permissions.may(request.user, Action.ADD)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_add_permission(request)

    has_change_permission = has_delete_permission = has_view_permission

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("", view(self.bring), name="cases_pastedtext_changelist"),
            path("add/", view(self.bring), name="cases_pastedtext_add"),
            path("read/", view(self.read), name="cases_pastedtext_read"),
            path("<int:pk>/", view(self.enter), name="cases_pastedtext_change"),
            path("<int:pk>/discard/", view(self.discard), name="cases_pastedtext_discard"),
        ]

    def bring(self, request: HttpRequest) -> HttpResponse:
        """Take texts, and list those that wait."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = BroughtForm(request.POST, request.FILES) if request.method == "POST" else BroughtForm()
        if HELD not in request.POST and form.is_valid():
            given = {name: form.cleaned_data[name] for name in ("published", "url")}
            brought = [
                PastedText.objects.create(name=name, text=text, brought_by=cast(Any, request.user), **given)
                for name, text in form.cleaned_data["brought"]
            ]
            if len(brought) == 1:
                return redirect("admin:cases_pastedtext_change", brought[0].pk)
            return redirect("admin:cases_pastedtext_changelist")
        context = {
            **self.admin_site.each_context(request),
            "title": _("Paste a release"),
            "form": form,
            "waiting": self.get_queryset(request).defer("text"),
            "opts": self.opts,
        }
        return render(request, "admin/cases/announcement/bring.html", context)

    def enter(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Enter one of them."""
        pasted = get_object_or_404(self.get_queryset(request), pk=pk)
        return IntakeEntry(Announcement, self.admin_site).enter(request, pasted)

    def discard(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Give one of them up."""
        if request.method == "POST":
            get_object_or_404(self.get_queryset(request), pk=pk).delete()
        return redirect("admin:cases_pastedtext_changelist")

    def read(self, request: HttpRequest) -> HttpResponse:
        """Read a figure from the words that an editor has selected."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        text = request.GET.get("q", "").replace("\x00", "")[:500]
        rows = assist.drafted(assist.suggestions(text)).figures
        names = ("measure", "qualifier", "value", "value_high", "unit")
        row = {name: rows[0][name] for name in names} if rows else {}
        return JsonResponse({name: "" if value is None else str(value) for name, value in row.items()})
