"""Forms of what comes in: the text that is brought, and the rows of the desk's form as proposals to be confirmed."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import partial_dates
from cases.forms.announcement import AnnouncementForm
from cases.forms.figure import FigureForm
from cases.forms.rows import CaseForm, MentionForm, RowForm
from cases.forms.uploads import FilesField
from cases.importing.documents import SUFFIXES, text_of, tidy
from cases.importing.files import UnreadableError
from cases.importing.limits import MOST_TEXT

Place = tuple[int, int]


class BroughtForm(forms.Form):
    """A text that is pasted, or one or several documents."""

    text = forms.CharField(
        label=gettext_lazy("The text"),
        required=False,
        strip=False,
        widget=forms.Textarea({"rows": 14}),
        help_text=gettext_lazy("Paste it as it was read, with its title."),
    )
    files = FilesField(  # type: ignore[assignment]
        label=gettext_lazy("Or documents"),
        required=False,
        suffixes=SUFFIXES,
        help_text=gettext_lazy("Text, web pages or Word documents; each is a document of its own. 10 MB at once."),
    )
    published = forms.CharField(
        label=gettext_lazy("Published"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("2018-09-07, if it is known: “in June this year” is understood by it."),
    )
    url = forms.URLField(label=gettext_lazy("Address"), required=False, max_length=2000, assume_scheme="https")

    def clean_published(self) -> str:
        published: str = self.cleaned_data["published"].strip()
        if published:
            try:
                partial_dates.parse(published)
            except partial_dates.PartialDateError as problem:
                raise ValidationError(str(problem)) from problem
        return published

    def clean(self) -> dict[str, Any]:
        """Bring along `brought`: the names and texts of everything that came."""
        cleaned = super().clean() or {}
        brought: list[tuple[str, str]] = []
        try:
            if cleaned.get("text", "").strip():
                text = tidy(cleaned["text"])
                brought.append((next(line.strip() for line in text.splitlines() if line.strip())[:200], text))
        except UnreadableError as problem:
            self.add_error("text", str(problem))
        for file in cleaned.get("files") or []:
            try:
                brought.append((str(file.name)[:200], text_of(str(file.name), file.read())))
            except UnreadableError as problem:
                self.add_error("files", f"{file.name}: {problem}")
        for name, text in brought:
            if len(text) > MOST_TEXT:
                message = _("%(name)s: a text may have %(n)d characters") % {"name": name, "n": MOST_TEXT}
                self.add_error("files" if cleaned.get("files") else "text", message)
        if not brought and not self.errors:
            raise ValidationError(_("Paste a text, or choose a document."))
        cleaned["brought"] = brought
        return cleaned


class Proposed(RowForm):
    """A row that the archive proposes: it counts only once it is accepted, and knows where in the text it stands."""

    accepted = forms.BooleanField(
        label=gettext_lazy("Accepted"),
        required=False,
        help_text=gettext_lazy("Only what is accepted is saved."),
    )
    proposed = forms.CharField(required=False, widget=forms.HiddenInput, max_length=30)
    rejected = forms.CharField(required=False, widget=forms.HiddenInput, max_length=1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.update(kwargs.get("initial") or {})

    def has_changed(self) -> bool:
        """Whether there is anything to save: what is proposed and not accepted is as good as not there."""
        if self.is_bound and self["proposed"].value() and not self["accepted"].value():
            return False
        return bool(super().has_changed())

    @property
    def place(self) -> Place | None:
        """Where in the text it is proposed."""
        match = re.fullmatch(r"(\d{1,7})-(\d{1,7})", str(self["proposed"].value() or ""))
        return (int(match[1]), int(match[2])) if match else None


class ProposedMentionForm(Proposed, MentionForm):
    pass


class ProposedCaseForm(Proposed, CaseForm):
    pass


class ProposedFigureForm(Proposed, FigureForm):
    def clean(self) -> dict[str, Any]:
        """Refuse words that do not stand where they are said to: the mark in the text would be another claim's.

        In a text that was changed since it was brought, all places have moved; there the words alone are looked for.
        """
        cleaned = super().clean()
        entry, phrase = self.entry, cleaned.get("phrase")
        if phrase and self.place and entry.text == entry.brought and not entry.haystack.at(phrase, *self.place):
            message = _("These words do not stand where they are marked in the text; select them there instead")
            self.add_error("phrase", message)
        return cleaned


class IntakeForm(AnnouncementForm):
    """The form of an announcement, with the places and crime types that its text names, to be ticked."""

    named_places = forms.MultipleChoiceField(
        label=gettext_lazy("Places that the text names"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("The text no longer names %(value)s.")},
    )
    named_crime_types = forms.MultipleChoiceField(
        label=gettext_lazy("Crime types that the text names"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("The text no longer names %(value)s.")},
    )
    named: dict[str, list[tuple[str, str]]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in self.named.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Add what is ticked to what is typed."""
        cleaned = super().clean()
        for name in ("places", "crime_types"):
            cleaned[name] = list(dict.fromkeys([*cleaned.get(name, []), *cleaned.get(f"named_{name}", [])]))
        return cleaned
