"""Forms of the editors' desk: a whole release on one screen, without anybody having to know an id."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import intervals
from cases.choices import Qualifier, ReportRole
from cases.lookups import EntryVocabulary, code_of, tokens_of
from cases.models import Announcement, CampaignMention, CasePlace, Figure, Measure, TypicalCase

LISTS = ("crime_types", "places")

# Field name → entries by key.
Shared = dict[str, dict[str, Any]]


class LookupInput(forms.TextInput):
    """A text field that proposes entries of a vocabulary while one types; without script it takes codes and names."""

    class Media:
        js = ("admin_cases/lookup.js",)
        css = {"all": ("admin_cases/entry.css",)}

    def __init__(self, vocabulary: str, *, several: bool = False) -> None:
        attrs = {"data-lookup": vocabulary, "autocomplete": "off", "class": "vTextField lookup"}
        super().__init__({**attrs, "data-several": ""} if several else attrs)


class VocabularyField(forms.CharField):
    """One entry of a small vocabulary, typed as code or label. All rows of a form share its list: no query for each."""

    entries: Mapping[str, Any]

    def __init__(self, vocabulary: str, **kwargs: Any) -> None:
        attrs = {"list": f"vocabulary-{vocabulary}", "autocomplete": "off", "class": "vTextField"}
        super().__init__(widget=forms.TextInput(attrs), **kwargs)

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


class RowForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form that asks the database nothing while it is checked."""

    instance: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.validate_constraints = _left_to_the_database

    def validate_unique(self) -> None:
        """Leave what spans several rows to the formset and the database."""


class EntryForm(RowForm):
    """A form whose lists of places and crime types are typed as codes or names, parted by semicolons."""

    crime_types = forms.CharField(
        label=gettext_lazy("Crime types"),
        required=False,
        widget=LookupInput("crime_types", several=True),
        help_text=gettext_lazy("Codes or labels, parted by semicolons. Several mean all of them."),
    )
    vocabulary: EntryVocabulary

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in LISTS:
            if name in self.fields and self.instance.pk:
                described = getattr(self.vocabulary, name)
                codes = [entry.pk for entry in getattr(self.instance, name).all()]
                self.initial[name] = "; ".join(f"{code} {described.get(code, '')}".strip() for code in codes)

    def clean_crime_types(self) -> list[str]:
        return self._codes("crime_types", self.vocabulary.crime_type)

    def clean_places(self) -> list[str]:
        return self._codes("places", self.vocabulary.place)

    def _codes(self, name: str, resolve: Any) -> list[str]:
        codes, problems = [], []
        for token in tokens_of(self.cleaned_data.get(name, "")):
            try:
                codes.append(resolve(token))
            except ValueError as problem:
                problems.append(str(problem))
        if problems:
            raise ValidationError(problems)
        return list(dict.fromkeys(codes))

    def save_lists(self) -> None:
        """Store the places and crime types, in the order in which they were typed."""
        for name in LISTS:
            if name in self.cleaned_data:
                relation = getattr(self.instance, name)
                wanted = self.cleaned_data[name]
                if [entry.pk for entry in relation.all()] != wanted:
                    relation.set(wanted, clear=True)


class AnnouncementForm(EntryForm):
    places = forms.CharField(
        label=gettext_lazy("Places"),
        required=False,
        widget=LookupInput("places", several=True),
        help_text=gettext_lazy("Codes or names, parted by semicolons; the whole country is 000000."),
    )
    same_release_as = forms.CharField(
        label=gettext_lazy("Same release as"),
        required=False,
        widget=LookupInput("announcements"),
        help_text=gettext_lazy(
            "The key of another announcement that reports the same release; its figures are then compared with these. "
            "Empty: a release of its own."
        ),
    )
    role = forms.ChoiceField(label=gettext_lazy("As"), choices=ReportRole.choices, initial=ReportRole.REPORT, required=False)
    text = forms.CharField(
        label=gettext_lazy("Text"),
        required=False,
        strip=False,
        widget=forms.Textarea({"rows": 12, "class": "vLargeTextField"}),
        help_text=gettext_lazy(
            "Paste the text as it was read. It is stored as a new version, never changed; the public sees excerpts "
            "around the evidence only. Every phrase below is then looked for in it."
        ),
    )
    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Announcement
        exclude = ("crime_types", "places")

    def clean_same_release_as(self) -> Announcement | None:
        key = code_of(self.cleaned_data["same_release_as"])
        if not key or key == self.instance.key:
            return None
        found = Announcement.objects.filter(key=key).first()
        if found is None:
            raise ValidationError(_("There is no announcement with the key “%(key)s”") % {"key": key})
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.instance.pk:
            current = Announcement.objects.select_for_update().filter(pk=self.instance.pk).first()
            if current is None or cleaned.get("seen_version") != current.version:
                raise ValidationError(
                    _(
                        "Somebody else has saved this record since you opened it. Nothing of yours is lost: it stands "
                        "below. Open the record in another window, compare, and save again from there."
                    )
                )
        elif Announcement.objects.filter(key=cleaned.get("key", "")).exists():
            self.add_error("key", _("There is an announcement with this key already"))
        return cleaned


class MentionForm(RowForm):
    campaign = VocabularyField("campaigns", label=gettext_lazy("Campaign"))
    aliases = forms.CharField(
        label=gettext_lazy("Names as printed"),
        required=False,
        help_text=gettext_lazy("Every name that the document uses, parted by semicolons."),
    )

    class Meta:
        model = CampaignMention
        fields = ("name_zh", "start", "end")

    shared_choices: Shared

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _share(self, self.shared_choices)
        if self.instance.pk:
            self.initial["campaign"] = self.instance.campaign_id
            self.initial["aliases"] = "; ".join(self.instance.aliases)

    def clean_aliases(self) -> list[str]:
        return tokens_of(self.cleaned_data["aliases"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.instance.campaign = cleaned.get("campaign")
        self.instance.aliases = cleaned.get("aliases", [])
        return cleaned


class CaseForm(EntryForm):
    same_as = forms.CharField(
        label=gettext_lazy("Same case as"),
        required=False,
        help_text=gettext_lazy("The fullest telling of the same real case: key/number, such as s000/10."),
    )

    class Meta:
        model = TypicalCase
        fields = ("number", "heading", "code_name", "period", "summary")
        widgets = {"heading": forms.TextInput({"class": "vLargeTextField"}), "summary": forms.Textarea({"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.instance.same_as:
            self.initial["same_as"] = f"{self.instance.same_as.announcement.key}/{self.instance.same_as.number}"

    def clean_same_as(self) -> TypicalCase | None:
        text = self.cleaned_data["same_as"].strip()
        if not text:
            return None
        key, _slash, number = text.rpartition("/")
        found = (
            TypicalCase.objects.filter(announcement__key=key, number=int(number)).first() if number.isdecimal() else None
        )
        if found is None:
            raise ValidationError(_("There is no case %(text)s; write key/number, such as s000/10") % {"text": text})
        if found.same_as_id is not None:
            raise ValidationError(_("Case %(text)s is itself told more fully elsewhere; name that one") % {"text": text})
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.instance.same_as = cleaned.get("same_as")
        return cleaned


class NumberedForm(RowForm):
    """A form for a row that names its case by the number it has on the same screen."""

    numbers: set[int] | None

    def clean_case_number(self) -> int | None:
        number: int | None = self.cleaned_data["case_number"]
        if number is not None and self.numbers is not None and number not in self.numbers:
            known = ", ".join(map(str, sorted(self.numbers))) or _("none")
            raise ValidationError(
                _("There is no case %(n)d on this screen; the cases are: %(known)s") % {"n": number, "known": known}
            )
        return number


class CasePlaceForm(NumberedForm):
    case_number = forms.IntegerField(label=gettext_lazy("Case"), min_value=1)
    place_code = forms.CharField(label=gettext_lazy("Place"), widget=LookupInput("places"))
    vocabulary: EntryVocabulary

    class Meta:
        model = CasePlace
        fields = ("role",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            code = self.instance.place_id
            self.initial |= {
                "case_number": self.instance.case.number,
                "place_code": f"{code} {self.vocabulary.places.get(code, '')}".strip(),
            }

    def clean_place_code(self) -> str:
        try:
            return self.vocabulary.place(self.cleaned_data["place_code"].strip())
        except ValueError as problem:
            raise ValidationError(str(problem)) from problem

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.instance.place_id = cleaned.get("place_code", "")
        return cleaned


class FigureForm(EntryForm, NumberedForm):
    case_number = forms.IntegerField(
        label=gettext_lazy("Case"),
        min_value=1,
        required=False,
        help_text=gettext_lazy("Its number above; empty: of the announcement as a whole."),
    )
    measure = VocabularyField("measures", label=gettext_lazy("Measure"))
    of_measure = VocabularyField("measures", label=gettext_lazy("Of measure"), required=False)
    campaign = VocabularyField("campaigns", label=gettext_lazy("Campaign"), required=False)
    places = forms.CharField(
        label=gettext_lazy("Places"),
        required=False,
        widget=LookupInput("places", several=True),
        help_text=gettext_lazy("Of this figure alone. Empty: those of its case, if it has one. Whole country: 000000."),
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
    refs: set[str]
    shared_choices: Shared

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
            "phrase": forms.TextInput({"class": "vLargeTextField"}),
            "note": forms.TextInput({"class": "vLargeTextField"}),
            "preferred_reason": forms.TextInput({"class": "vLargeTextField"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _share(self, self.shared_choices)
        # The step is read from the phrase; what is stored is shown only where an editor has set another one.
        self.fields["step"].required = False
        figure = self.instance
        if figure.pk:
            self.initial |= {
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
                    self.initial[name] = f"{Decimal(self.initial[name]).normalize():f}"

    def clean_part_of_ref(self) -> str:
        return self._ref("part_of_ref")

    def clean_converted_from_ref(self) -> str:
        return self._ref("converted_from_ref")

    def _ref(self, name: str) -> str:
        ref: str = self.cleaned_data[name].strip()
        if ref and (ref not in self.refs or ref == self.instance.ref):
            raise ValidationError(_("This announcement has no other figure %(ref)s") % {"ref": ref})
        return ref

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        figure = self.instance
        measure: Measure | None = cleaned.get("measure")
        if measure:
            figure.measure = measure
        figure.of_measure = cleaned.get("of_measure")
        figure.campaign = cleaned.get("campaign")
        unit = cleaned.get("unit")
        if measure and unit and unit not in measure.units:
            message = _("%(measure)s is counted in %(units)s") % {"measure": measure, "units": ", ".join(measure.units)}
            self.add_error("unit", message)
        if not (cleaned.get("phrase") and cleaned.get("qualifier") and cleaned.get("value") is not None):
            return cleaned
        phrase, value = cleaned["phrase"], cleaned["value"]
        entered_anew = {"phrase", "value", "qualifier"} & set(self.changed_data)
        if cleaned.get("step") is None:
            cleaned["step"] = intervals.step_for(phrase, value)
            several = cleaned["qualifier"] == Qualifier.SEVERAL
            if entered_anew and not several and intervals.printed_number(phrase, value) is None:
                message = _(
                    "%(value)s is not a number of the phrase “%(phrase)s”. If it is meant all the same, give its step."
                )
                self.add_error("value", message % {"value": f"{value.normalize():f}", "phrase": phrase})
                return cleaned
        for name in ("phrase", "qualifier", "value", "value_high", "unit", "step"):
            setattr(figure, name, cleaned.get(name))
        try:
            figure.derive()
        except ValidationError as problem:
            for name, messages in problem.message_dict.items():
                self.add_error(name if name in self.fields else None, messages)
        if cleaned.get("preferred") != bool(cleaned.get("preferred_reason", "").strip()):
            self.add_error("preferred_reason", _("A preferred figure has a reason, and only a preferred one"))
        if value < 0 and unit != "percent":
            self.add_error("value", _("A count cannot be negative"))
        return cleaned


class NumberedFormSet(forms.BaseInlineFormSet):
    """Rows of an announcement; what spans them is checked here, in memory."""

    once: tuple[str, ...] = ()
    once_message: Any = ""

    def validate_unique(self) -> None:
        """Leave uniqueness to `clean` and the database: no query for each row."""

    def clean(self) -> None:
        super().clean()
        seen: set[tuple[Any, ...]] = set()
        for form in self.forms:
            if not form.has_changed() and not form.instance.pk:
                continue
            if form.cleaned_data.get("DELETE") or not self.once:
                continue
            key = tuple(str(form.cleaned_data.get(name)) for name in self.once)
            if None not in key and key in seen:
                form.add_error(self.once[0], self.once_message)
            seen.add(key)


class CaseFormSet(NumberedFormSet):
    once = ("number",)
    once_message = gettext_lazy("Two cases have this number")


class CasePlaceFormSet(NumberedFormSet):
    once = ("case_number", "place_code", "role")
    once_message = gettext_lazy("This place is named twice in the same role")


class MentionFormSet(NumberedFormSet):
    once = ("campaign",)
    once_message = gettext_lazy("This campaign is named twice")


def _share(form: Any, vocabularies: Shared) -> None:
    for name, entries in vocabularies.items():
        if name in form.fields:
            form.fields[name].entries = entries


def _left_to_the_database(exclude: Any = None) -> None:
    """Stand in for a model's constraint checks, each of which would be a query for each row.

    What an editor can get wrong is said by `clean`, in plainer words; the database refuses the rest.
    """
