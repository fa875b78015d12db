"""The form of an announcement, and what it has in common with the forms of its rows."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import partial_dates
from cases.choices import ReportRole
from cases.duplicates import Incoming
from cases.forms.duplicates import Warned, figures_typed, warnings
from cases.forms.fields import CodesField, Entry, EntryField, LookupInput
from cases.lookups import announcement_match, code_of
from cases.models import (
    Announcement,
    Publisher,
)


class EntryForm(forms.ModelForm):
    """A form that asks the database nothing of its own for each row."""

    entry: Entry
    instance: Any
    lists: dict[str, str] = {}  # the field, and the annotation with its codes in the order in which they were entered
    never_future: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.validate_constraints = _left_to_the_database
        for field in self.fields.values():
            if isinstance(field, EntryField):
                field.entry = self.entry
        for name, annotation in self.lists.items():
            self.initial[name] = getattr(self.instance, annotation, [])

    def validate_unique(self) -> None:
        """Leave what spans several rows to the formset and the database."""

    def _get_validation_exclusions(self) -> set[str]:
        """Leave out what the fields have looked up already: each would be looked up again for each row."""
        relations = {field.name for field in self._meta.model._meta.fields if field.is_relation}
        return super()._get_validation_exclusions() | relations  # type: ignore[misc]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        tomorrow = timezone.localdate() + timedelta(days=1)
        for name in self.never_future:
            with suppress(partial_dates.PartialDateError):  # the model's field says what is wrong with it
                earliest = partial_dates.parse(cleaned[name]).earliest if cleaned.get(name) else None
                if earliest and earliest > tomorrow:
                    self.add_error(name, _("%(date)s is still to come") % {"date": cleaned[name]})
        return cleaned

    def _save_m2m(self) -> None:
        """Store the places and crime types, in the order in which they were typed."""
        for name in self.lists:
            if self.cleaned_data[name] != self.initial[name]:
                relation = getattr(self.instance, name)
                relation.clear()
                owner, entry = f"{relation.source_field_name}_id", f"{relation.target_field_name}_id"
                relation.through.objects.bulk_create(
                    relation.through(**{owner: self.instance.pk, entry: code}) for code in self.cleaned_data[name]
                )


def _address(label: Any) -> forms.URLField:
    return forms.URLField(label=label, required=False, max_length=2000, empty_value=None, assume_scheme="https")


class AnnouncementForm(EntryForm):
    publisher = forms.ModelChoiceField(
        Publisher.objects,
        label=gettext_lazy("Publisher"),
        to_field_name="name",
        widget=LookupInput("publishers"),
        error_messages={"invalid_choice": gettext_lazy("There is no publisher “%(value)s”; add it first.")},
    )
    url = _address(gettext_lazy("Address"))
    archived_url = _address(gettext_lazy("Archived address"))
    crime_types = CodesField(
        "crime_types",
        label=gettext_lazy("Crime types"),
        help_text=gettext_lazy("Codes or labels, parted by semicolons. Readers find the announcement by these."),
    )
    places = CodesField(
        "places",
        label=gettext_lazy("Places"),
        help_text=gettext_lazy("Codes or names, parted by semicolons; the whole country is 000000."),
    )
    same_release_as = forms.CharField(
        label=gettext_lazy("Same release as"),
        required=False,
        widget=LookupInput("announcements"),
        help_text=gettext_lazy(
            "The fullest announcement of the same release: its figures are then compared with these. "
            "Empty: a release of its own."
        ),
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Reported here as"),
        choices=[("", gettext_lazy("as its kind says")), *ReportRole.choices],
        required=False,
    )
    text = forms.CharField(
        label=gettext_lazy("Text"),
        required=False,
        strip=False,
        widget=forms.Textarea({"rows": 12}),
        help_text=gettext_lazy(
            "Paste the text as it was read. It is stored as a new version, never changed; the public sees excerpts "
            "around the evidence only. Every phrase below is then looked for in it."
        ),
    )
    not_a_duplicate = forms.BooleanField(
        label=gettext_lazy("It is another document: save it all the same"), required=False
    )
    reason = forms.CharField(label=gettext_lazy("Why (public)"), required=False, max_length=300)
    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    lists = {"crime_types": "crime_type_codes", "places": "place_codes"}
    never_future = ("published",)

    @property
    def stored(self) -> list[str]:
        """The columns of the announcement that are entered here, and the version that counts the saves."""
        return [*(name for name in AnnouncementForm.Meta.fields if name != "key"), "publisher", "version"]

    class Meta:
        model = Announcement
        fields = (
            "key",
            "kind",
            "title",
            "title_zh",
            "title_supplied",
            "published",
            "url",
            "archived_url",
            "language",
            "translation",
            "abstract",
        )
        widgets = {
            "title": forms.TextInput,
            "title_zh": forms.TextInput({"lang": "zh"}),
            "abstract": forms.Textarea({"rows": 2}),
        }

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        if data and data.get("_report_of"):  # the button beside a record that is of the same release
            data = data.copy()
            data["same_release_as"] = data["_report_of"]
        super().__init__(data, *args, **kwargs)
        self.duplicates: list[Warned] = []
        if self.instance.pk:
            self.initial["publisher"] = self.instance.publisher.name
            self.initial["seen_version"] = self.instance.version
        if report := self.entry.report:
            fullest = report.release.fullest
            self.initial["role"] = report.role
            if fullest and fullest.key not in self.entry.own_keys:
                self.initial["same_release_as"] = str(announcement_match(fullest))
        elsewhere = reverse("admin:cases_publisher_add")
        help_text = format_html('<a href="{}" target="_blank">{}</a>', elsewhere, _("Add one that is missing"))
        self.fields["publisher"].help_text = help_text

    def _warn_of_duplicates(self, cleaned: dict[str, Any]) -> None:
        """Refuse what may be in the archive already, until it is said to be another document, or a report of it."""
        own, text = self.instance, cleaned.get("text", "").replace("\r\n", "\n")
        if cleaned.get("not_a_duplicate") or cleaned.get("same_release_as") or own.revises_id:
            return
        anew = own.pk is None
        incoming = Incoming(
            url=(cleaned.get("url") or "") if anew or "url" in self.changed_data else "",
            text=text,
            published=(cleaned.get("published") or "") if anew else "",
            figures=figures_typed(self.entry.data) if anew else (),
            own=[own.pk] if own.pk else [],
        )
        self.duplicates = warnings(incoming)
        if self.duplicates:
            self.add_error(None, _("This may be in the archive already; say below what it is, and save again."))

    def clean_same_release_as(self) -> Announcement | None:
        key = code_of(self.cleaned_data["same_release_as"])
        if not key or key in self.entry.own_keys:
            return None
        found = Announcement.objects.filter(key=key).first()
        if found is None:
            raise ValidationError(_("There is no announcement with the key “%(key)s”") % {"key": key})
        return found

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"]
        if not reason and "_publish" in self.data and self.instance.revises_id:
            raise ValidationError(_("What is public changes: say why. The reason is public too."))
        return reason

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.entry.refusal:
            refused = _("Nothing has been saved, and nothing of yours is lost. The database refused it: %(why)s")
            raise ValidationError(refused % {"why": self.entry.refusal})
        if self.entry.is_stale:
            raise ValidationError(
                _(
                    "Somebody else has saved this record since you opened it. Nothing of yours is lost: it stands in "
                    "the form. Where it is not what is stored now, both are shown here. Saved again, the form is "
                    "stored as it then stands."
                )
            )
        if self.instance.pk is None and Announcement.objects.filter(key=cleaned.get("key", "")).exists():
            self.add_error("key", _("There is an announcement with this key already"))
        self._warn_of_duplicates(cleaned)
        return cleaned


def _left_to_the_database(exclude: Any = None) -> None:
    """Stand in for a model's constraint checks, each of which would be a query for each row.

    What an editor can get wrong is said by `clean`, in plainer words; the database refuses the rest.
    """
