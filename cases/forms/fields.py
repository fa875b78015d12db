"""What the forms of the desk are made of: what a screen shares, and fields that take names as editors type them."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from cases.choices import PlaceRole
from cases.lookups import EntryVocabulary, code_of, tokens_of
from cases.models import (
    Announcement,
    Campaign,
    Measure,
    ReleaseReport,
)
from cases.texts import Haystack

SELECTED = mark_safe(" selected")
PLACE_FIELDS = {f"places_{role}": role for role in PlaceRole}


class Entry:
    """One entry screen: what all its rows share, asked for once, and the keys by which they name each other."""

    def __init__(self, announcement: Announcement | None, data: Mapping[str, str]) -> None:
        self.announcement = announcement
        self.data = data
        self.numbers: set[int] = set()  # of the cases, once they have been checked
        self.named: set[str] = set()  # slugs of the campaigns, likewise
        self.brought: str | None = None  # the text as it was brought, where one is being entered
        self.is_stale = False  # somebody else has saved the record while this was being typed
        self.refusal = ""  # why the database refused what the forms had let pass

    @cached_property
    def text(self) -> str:
        """The text that is being entered; empty where none is."""
        return self.data.get("text", "").replace("\r\n", "\n").replace("\x00", "")

    @cached_property
    def haystack(self) -> Haystack:
        return Haystack(self.text)

    @property
    def own_keys(self) -> set[str]:
        """The announcement's key, and that of the public record of which it is a copy."""
        own = self.announcement
        return {a.key for a in (own, own.revises if own else None) if a}

    @cached_property
    def report(self) -> ReleaseReport | None:
        """The release that the announcement reports, the first if there are several."""
        own = self.announcement
        return own.reports.select_related("release__fullest").first() if own else None

    @cached_property
    def vocabulary(self) -> EntryVocabulary:
        typed = [value for key, value in self.data.items() if "-places" in key or key == "places"]
        return EntryVocabulary(self.announcement, typed)

    @cached_property
    def measures(self) -> dict[str, Measure]:
        return {measure.pk: measure for measure in Measure.objects.all()}

    @cached_property
    def campaigns(self) -> dict[str, Campaign]:
        return {campaign.pk: campaign for campaign in Campaign.objects.all()}

    @cached_property
    def refs(self) -> set[str]:
        return set(self.announcement.figures.values_list("ref", flat=True)) if self.announcement else set()


class LookupInput(forms.TextInput):
    """A text field that proposes entries of a vocabulary while one types; without script it takes codes and names."""

    class Media:
        js = ("admin_cases/lookup.js",)

    def __init__(self, vocabulary: str) -> None:
        super().__init__({"data-lookup": vocabulary, "autocomplete": "off"})


class LookupArea(forms.Textarea):
    """The same for several entries, parted by semicolons; it grows with them."""

    def __init__(self, vocabulary: str) -> None:
        super().__init__({"data-lookup": vocabulary, "data-several": "", "autocomplete": "off", "rows": 1})


class PlainSelect(forms.Select):
    """A select written without a template for each of its options: one screen holds hundreds of them."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        chosen = "" if value is None else str(value)
        options = ((option, SELECTED if str(option) == chosen else "", label) for option, label in self.choices)
        listed = format_html_join("", '<option value="{}"{}>{}</option>', options)
        return format_html(
            "<select{}>{}</select>", flatatt(self.build_attrs(self.attrs, {"name": name, **attrs})), listed
        )


class EntryField(forms.CharField):
    """Entries of a vocabulary, typed as codes or names. All rows of a screen share them: no query for each."""

    entry: Entry

    lookup: type[LookupInput | LookupArea] = LookupInput

    def __init__(self, vocabulary: str, **kwargs: Any) -> None:
        self.vocabulary = vocabulary
        super().__init__(widget=self.lookup(vocabulary), **kwargs)


class VocabularyField(EntryField):
    """One entry of a small vocabulary: the measures, or the campaigns."""

    @property
    def entries(self) -> Mapping[str, Any]:
        entries: Mapping[str, Any] = getattr(self.entry, self.vocabulary)
        return entries

    def prepare_value(self, value: Any) -> Any:
        return f"{value} {self.entries[value]}" if value in self.entries else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return code_of(initial or "") != code_of(data or "")

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text or code_of(text) in self.entries:
            return self.entries.get(code_of(text))
        wanted = text.casefold()
        found = [entry for entry in self.entries.values() if wanted in str(entry).casefold()]
        if len(found) != 1:
            raise ValidationError(_("“%(text)s” is not an entry of this list") % {"text": text})
        return found[0]


class CodesField(EntryField):
    """Several places, or several crime types, parted by semicolons."""

    lookup = LookupArea

    def __init__(self, vocabulary: str, **kwargs: Any) -> None:
        super().__init__(vocabulary, required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        labels = getattr(self.entry.vocabulary, self.vocabulary)
        return "; ".join(f"{code} {labels.get(code, '')}".strip() for code in value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return [code_of(token) for token in tokens_of(data or "")] != (initial or [])

    def clean(self, value: Any) -> Any:
        resolve = self.entry.vocabulary.place if self.vocabulary == "places" else self.entry.vocabulary.crime_type
        codes, problems = [], []
        for token in tokens_of(super().clean(value)):
            try:
                codes.append(resolve(token))
            except ValueError as problem:
                problems.append(str(problem))
        if problems:
            raise ValidationError(problems)
        return list(dict.fromkeys(codes))


class RowField(forms.BoundField):
    """A field of a row: its help is written once for all rows, where the list begins."""

    @property
    def aria_describedby(self) -> str:
        ids = [f"help-{str(self.form.prefix).partition('-')[0]}-{self.name}"] if self.help_text else []
        return " ".join([*ids, *([f"{self.auto_id}_error"] if self.errors else [])])
