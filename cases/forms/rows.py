"""The rows of an announcement that are no figures: mentions of campaigns, and cases with their places."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.choices import PlaceRole
from cases.forms.announcement import EntryForm
from cases.forms.fields import PLACE_FIELDS, CodesField, LookupInput, RowField, VocabularyField
from cases.lookups import code_of, tokens_of
from cases.models import (
    CampaignMention,
    CasePlace,
    TypicalCase,
)


class RowForm(EntryForm):
    bound_field_class = RowField


class MentionForm(RowForm):
    campaign = VocabularyField(
        "campaigns",
        label=gettext_lazy("Campaign"),
        help_text=gettext_lazy("Of the archive's list. Readers find the announcement under its year."),
    )
    parent = VocabularyField(
        "campaigns",
        label=gettext_lazy("Part of, as stated"),
        required=False,
        help_text=gettext_lazy("The campaign of which the document says that this one is a part."),
    )
    aliases = forms.CharField(
        label=gettext_lazy("Names as printed"),
        required=False,
        help_text=gettext_lazy("Every name that the document uses, parted by semicolons."),
    )

    class Meta:
        model = CampaignMention
        fields = ("name_zh", "start", "end")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["campaign"] = self.instance.campaign_id
            self.initial["parent"] = self.instance.parent_id or ""
            self.initial["aliases"] = "; ".join(self.instance.aliases)

    def clean_aliases(self) -> list[str]:
        return tokens_of(self.cleaned_data["aliases"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.instance.campaign = cleaned.get("campaign")
        self.instance.parent = cleaned.get("parent")
        self.instance.aliases = cleaned.get("aliases", [])
        if self.instance.parent and self.instance.parent == self.instance.campaign:
            self.add_error("parent", _("A campaign is no part of itself"))
        return cleaned


def _places_of_case(role: PlaceRole, help_text: Any) -> CodesField:
    return CodesField("places", label=capfirst(role.label), help_text=help_text)


class CaseForm(RowForm):
    crime_types = CodesField(
        "crime_types",
        label=gettext_lazy("Crime types"),
        help_text=gettext_lazy("Codes or labels, parted by semicolons. Several mean all of them."),
    )
    places_investigating_authority = _places_of_case(
        PlaceRole.INVESTIGATING_AUTHORITY, gettext_lazy("Where the police who told of the case belong.")
    )
    places_arrest = _places_of_case(PlaceRole.ARREST, gettext_lazy("Where the suspects were taken."))
    places_scene = _places_of_case(PlaceRole.SCENE, gettext_lazy("Where the offence was committed."))
    places_victims = _places_of_case(PlaceRole.VICTIMS, gettext_lazy("Where the victims were."))
    same_as = forms.CharField(
        label=gettext_lazy("Same case as"),
        required=False,
        widget=LookupInput("cases"),
        help_text=gettext_lazy(
            "The fullest telling of the same real case: key/number, such as s000/10. The case is then counted once."
        ),
    )

    lists = {"crime_types": "crime_type_codes"}
    never_future = ("period",)

    class Meta:
        model = TypicalCase
        fields = ("number", "heading", "code_name", "period", "summary")
        widgets = {"heading": forms.TextInput, "summary": forms.Textarea({"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        case = self.instance
        if case.pk:
            self.initial["same_as"] = f"{case.same_as.announcement.key}/{case.same_as.number}" if case.same_as else ""
            for name, role in PLACE_FIELDS.items():
                self.initial[name] = [place.place_id for place in case.case_places.all() if place.role == role]

    def clean_same_as(self) -> TypicalCase | None:
        text = code_of(self.cleaned_data["same_as"])
        if not text or "same_as" not in self.changed_data:
            return self.instance.same_as if text else None
        key, _slash, number = text.rpartition("/")
        wanted = int(number) if number.isdecimal() and len(number) < 6 else 0
        found = TypicalCase.objects.filter(announcement__key=key, number=wanted).first()
        if found is None:
            raise ValidationError(_("There is no case %(text)s; write key/number, such as s000/10") % {"text": text})
        if found.same_as_id is not None:
            raise ValidationError(
                _("Case %(text)s is itself told more fully elsewhere; name that one") % {"text": text}
            )
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.instance.same_as = cleaned.get("same_as")
        return cleaned

    def _save_m2m(self) -> None:
        super()._save_m2m()
        case = self.instance
        stored = {(place.place_id, place.role): place for place in case.case_places.all()}
        wanted = [(code, role) for name, role in PLACE_FIELDS.items() for code in self.cleaned_data[name]]
        for key in stored.keys() - wanted:
            stored[key].delete()
        CasePlace.objects.bulk_create(
            CasePlace(announcement_id=case.announcement_id, case=case, place_id=code, role=role)
            for code, role in wanted
            if (code, role) not in stored
        )
