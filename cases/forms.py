"""Forms of the editors' desk: a whole release on one screen, without anybody having to know an id."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import flatatt
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import drafts, intervals, partial_dates
from cases.choices import PlaceRole, Qualifier, ReportRole, Unit
from cases.lookups import EntryVocabulary, announcement_match, code_of, tokens_of
from cases.models import (
    Announcement,
    Campaign,
    CampaignMention,
    CasePlace,
    Figure,
    Measure,
    Publisher,
    ReleaseReport,
    TypicalCase,
)
from cases.models.figure import MONEY

SELECTED = mark_safe(" selected")
PLACE_FIELDS = {f"places_{role}": role for role in PlaceRole}


class Entry:
    """One entry screen: what all its rows share, asked for once, and the keys by which they name each other."""

    def __init__(self, announcement: Announcement | None, data: Mapping[str, str]) -> None:
        self.announcement = announcement
        self.data = data
        self.numbers: set[int] = set()  # of the cases, once they have been checked
        self.named: set[str] = set()  # slugs of the campaigns, likewise
        self.refusal = ""  # why the database refused what the forms had let pass

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


# --- fields -----------------------------------------------------------------------------------------------------------


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


# --- forms ------------------------------------------------------------------------------------------------------------


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
    reason = forms.CharField(label=gettext_lazy("Why (public)"), required=False, max_length=300)
    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    lists = {"crime_types": "crime_type_codes", "places": "place_codes"}
    never_future = ("published",)

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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
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
        if self.instance.pk:
            current = Announcement.objects.select_for_update().filter(pk=self.instance.pk).first()
            if current is None or not drafts.is_editable(current) or cleaned.get("seen_version") != current.version:
                raise ValidationError(
                    _(
                        "Somebody else has saved this record since you opened it. Nothing of yours is lost: it stands "
                        "below. Open the record in another window, compare, and save again from there."
                    )
                )
        elif Announcement.objects.filter(key=cleaned.get("key", "")).exists():
            self.add_error("key", _("There is an announcement with this key already"))
        return cleaned


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


# --- the rows of a screen together ------------------------------------------------------------------------------------


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


def _left_to_the_database(exclude: Any = None) -> None:
    """Stand in for a model's constraint checks, each of which would be a query for each row.

    What an editor can get wrong is said by `clean`, in plainer words; the database refuses the rest.
    """
