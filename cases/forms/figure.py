"""The form of a figure: a claim with its words, checked against them."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import intervals
from cases.choices import Qualifier, Unit
from cases.forms.fields import CodesField, PlainSelect, VocabularyField
from cases.forms.rows import RowForm
from cases.models import (
    Figure,
    Measure,
)
from cases.models.figure import MONEY
from cases.squash import squash


class FigureForm(RowForm):
    measure = VocabularyField(
        "measures", label=gettext_lazy("Measure"), help_text=gettext_lazy("What is counted, of the archive's list.")
    )
    case_number = forms.IntegerField(
        label=gettext_lazy("Case"),
        min_value=1,
        required=False,
        help_text=gettext_lazy("Its number above. Empty: the figure is of the announcement as a whole."),
    )
    crime_types = CodesField(
        "crime_types",
        label=gettext_lazy("Crime types"),
        help_text=gettext_lazy("Of this figure alone; several mean all of them together. Empty: those of its case."),
    )
    places = CodesField(
        "places",
        label=gettext_lazy("Places"),
        help_text=gettext_lazy("Of this figure alone. Empty: those of its case, if it has one. Whole country: 000000."),
    )
    campaign = VocabularyField(
        "campaigns",
        label=gettext_lazy("Campaign"),
        required=False,
        help_text=gettext_lazy(
            "One of those named above. Without one the figure is in no comparison of campaign years."
        ),
    )
    of_measure = VocabularyField(
        "measures",
        label=gettext_lazy("Of measure"),
        required=False,
        help_text=gettext_lazy("Of a percentage only: what changed, or what it is a share of."),
    )
    part_of_ref = forms.CharField(
        label=gettext_lazy("Part of"),
        required=False,
        help_text=gettext_lazy("The ref of the figure of which this one is a subset; it is then never added to it."),
    )
    converted_from_ref = forms.CharField(
        label=gettext_lazy("Converted from"),
        required=False,
        help_text=gettext_lazy("The ref of the same sum in the currency it was stated in."),
    )

    lists = {"crime_types": "crime_type_codes", "places": "place_codes"}
    never_future = ("period", "as_of", "base_period")
    more = (
        "value_high",
        "step",
        "as_of",
        "cumulative",
        "part_of_ref",
        "converted_from_ref",
        "of_measure",
        "base_period",
        "preferred",
        "preferred_reason",
        "note",
    )

    class Meta:
        model = Figure
        fields = (
            "phrase",
            "qualifier",
            "value",
            "value_high",
            "unit",
            "step",
            "period",
            "as_of",
            "cumulative",
            "base_period",
            "preferred",
            "preferred_reason",
            "note",
        )
        widgets = {
            "phrase": forms.Textarea({"rows": 1}),
            "qualifier": PlainSelect,
            "value": forms.TextInput({"inputmode": "decimal"}),
            "value_high": forms.TextInput({"inputmode": "decimal"}),
            "unit": PlainSelect,
            "step": forms.TextInput({"inputmode": "decimal"}),
            "note": forms.TextInput,
            "preferred_reason": forms.TextInput,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The step is read from the phrase; what is stored is shown only where an editor has set another one.
        self.fields["step"].required = False
        figure = self.instance
        if figure.pk:
            self.initial = {
                **self.initial,
                "case_number": figure.case.number if figure.case else None,
                "measure": figure.measure_id,
                "of_measure": figure.of_measure_id or "",
                "campaign": figure.campaign_id or "",
                "part_of_ref": figure.part_of.ref if figure.part_of else "",
                "converted_from_ref": figure.converted_from.ref if figure.converted_from else "",
            }
            if figure.step == intervals.step_for(figure.phrase, figure.value):
                self.initial["step"] = None
            for name in ("value", "value_high", "step"):
                if self.initial.get(name) is not None:
                    self.initial[name] = Decimal(f"{self.initial[name].normalize():f}")  # 22000, not 22000.000000

    @property
    def errors_in_more(self) -> bool:
        """Whether something is wrong in what is folded away; a doubted value may be meant, and then wants its step."""
        return not self.errors.keys().isdisjoint((*self.more, "value"))

    @property
    def phrase_is_new(self) -> bool:
        """Whether other words are entered than are stored, white space and the width of characters aside."""
        stored = self.instance.pk and self.initial["phrase"]
        return bool(self.cleaned_data.get("phrase")) and squash(self.cleaned_data["phrase"]) != squash(stored or "")

    def clean_phrase(self) -> str:
        return " ".join(line.strip() for line in self.cleaned_data["phrase"].splitlines())

    def clean_part_of_ref(self) -> str:
        return self._ref("part_of_ref")

    def clean_converted_from_ref(self) -> str:
        return self._ref("converted_from_ref")

    def _ref(self, name: str) -> str:
        ref: str = self.cleaned_data[name].strip()
        if ref and (ref not in self.entry.refs or ref == self.instance.ref):
            raise ValidationError(
                _("This announcement has no other figure %(ref)s. A new figure gets its ref when it is saved.")
                % {"ref": ref}
            )
        return ref

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        figure = self.instance
        measure: Measure | None = cleaned.get("measure")
        if measure:
            figure.measure = measure
        figure.of_measure = cleaned.get("of_measure")
        figure.campaign = cleaned.get("campaign")
        unit = cleaned.get("unit")
        if measure and unit and unit not in measure.units:
            units = ", ".join(str(Unit(known).label) for known in measure.units)
            self.add_error("unit", _("%(measure)s is counted in %(units)s") % {"measure": measure, "units": units})
        for name in ("of_measure", "base_period"):
            if cleaned.get(name) and unit != Unit.PERCENT:
                self.add_error(name, _("Only a percentage has this"))
        if cleaned.get("converted_from_ref") and unit not in MONEY:
            self.add_error("converted_from_ref", _("Only money is converted"))
        if cleaned.get("preferred") != bool(cleaned.get("preferred_reason", "").strip()):
            self.add_error("preferred_reason", _("A preferred figure has a reason, and only a preferred one"))
        if cleaned.get("value") is not None and cleaned["value"] < 0 and unit != Unit.PERCENT:
            self.add_error("value", _("A count cannot be negative"))
        elif all(cleaned.get(name) not in (None, "") for name in ("phrase", "qualifier", "value")):
            self._clean_claim(cleaned)
        return cleaned

    def _clean_claim(self, cleaned: dict[str, Any]) -> None:
        """Read the claim as the archive will, so that what makes no sense is said at its field."""
        figure, phrase, value = self.instance, cleaned["phrase"], cleaned["value"]
        entered_anew = {"phrase", "value", "qualifier"} & set(self.changed_data)
        if cleaned.get("step") is None:
            cleaned["step"] = intervals.step_for(phrase, value)
            several = cleaned["qualifier"] == Qualifier.SEVERAL
            if entered_anew and not several and intervals.printed_number(phrase, value) is None:
                message = _(
                    "%(value)s is not a number of the phrase “%(phrase)s”. If it is meant all the same, give its step."
                )
                self.add_error("value", message % {"value": f"{value.normalize():f}", "phrase": phrase})
                return
        for name in ("phrase", "qualifier", "value", "value_high", "unit", "step"):
            setattr(figure, name, cleaned.get(name))
        try:
            figure.derive()
        except ValidationError as problem:
            for name, messages in problem.message_dict.items():
                self.add_error(name if name in self.fields else None, messages)
