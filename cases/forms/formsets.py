"""The rows of a screen together: what spans them is checked in memory, without a query for each."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import texts
from cases.forms.fields import Entry
from cases.forms.rows import RowForm


class RowId(forms.Field):
    """Says which stored row a form is about. The rows are all at hand: none is asked for by itself."""

    widget = forms.HiddenInput

    def __init__(self, row: Any) -> None:
        super().__init__(required=False, initial=row.pk)
        self.row = row

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False

    def clean(self, value: Any) -> Any:
        if value and value != str(self.row.pk):
            raise ValidationError(_("Somebody else has deleted this"))
        return self.row


class RowFormSet(forms.BaseInlineFormSet):
    """Rows of an announcement; what spans them is checked here, in memory."""

    once = ""
    once_message: Any = ""

    @property
    def entry(self) -> Entry:
        return cast(type[RowForm], self.form).entry

    @property
    def staying(self) -> list[Any]:
        """The forms of the rows that there will be."""
        return [
            form
            for form in self.forms
            if (form.instance.pk or form.has_changed()) and not form.cleaned_data.get("DELETE")
        ]

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["id"] = RowId(form.instance)

    def validate_unique(self) -> None:
        """Leave uniqueness to `clean` and the database: no query for each row."""

    def clean(self) -> None:
        super().clean()
        seen: set[Any] = set()
        for form in self.staying if self.once else ():
            value = form.cleaned_data.get(self.once)
            if value is not None and value in seen:
                form.add_error(self.once, self.once_message)
            seen.add(value)


class MentionFormSet(RowFormSet):
    once = "campaign"
    once_message = gettext_lazy("This campaign is named twice")

    def clean(self) -> None:
        super().clean()
        self.entry.named = {form.instance.campaign_id for form in self.staying}


class CaseFormSet(RowFormSet):
    once = "number"
    once_message = gettext_lazy("Two cases have this number")

    def clean(self) -> None:
        super().clean()
        self.entry.numbers = {form.cleaned_data["number"] for form in self.staying if "number" in form.cleaned_data}


class FigureFormSet(RowFormSet):
    """The last of the rows to be checked: they name campaigns, cases and each other."""

    def clean(self) -> None:
        super().clean()
        entry, staying = self.entry, self.staying
        refs = {form.instance.ref for form in staying}
        for form in staying:
            number, campaign = form.cleaned_data.get("case_number"), form.cleaned_data.get("campaign")
            if number is not None and number not in entry.numbers:
                known = ", ".join(map(str, sorted(entry.numbers))) or _("none")
                message = _("There is no case %(n)d on this screen; the cases are: %(known)s")
                form.add_error("case_number", message % {"n": number, "known": known})
            if campaign is not None and campaign.pk not in entry.named:
                message = _("%(campaign)s is not among the campaigns that the document names, above")
                form.add_error("campaign", message % {"campaign": campaign})
            for name in ("part_of_ref", "converted_from_ref"):
                if form.cleaned_data.get(name) and form.cleaned_data[name] not in refs:
                    form.add_error(name, _("%(ref)s is to be deleted") % {"ref": form.cleaned_data[name]})
        self._check_phrases(staying)

    def _check_phrases(self, staying: list[Any]) -> None:
        """Refuse words, newly entered, that the document does not have."""
        anew = {form: form.cleaned_data["phrase"] for form in staying if form.phrase_is_new}
        entry = self.entry
        missing = texts.nowhere(
            anew.values(), entry.announcement, title=entry.data.get("title", ""), entered=entry.text
        )
        for form, phrase in anew.items():
            if phrase in missing:
                form.add_error("phrase", _("These words do not stand in the text of the document"))
