"""Finding an entry of a vocabulary by what an editor types: a code, or a name in English, Chinese or pinyin."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from cases.gazetteer.index import fold, shipped
from cases.models import Announcement, Campaign, CasePlace, CrimeType, Figure, Measure, Place, Publisher, TypicalCase

LIMIT = 20


@dataclass(frozen=True)
class Match:
    """An entry that may be meant: its code and what it is called."""

    code: str
    label: str
    unit: str = ""  # of a measure that is counted in one unit only

    def __str__(self) -> str:
        return f"{self.code} {self.label}".strip()


def find_places(text: str) -> list[Match]:
    """Return places by code, Chinese name, English name, pinyin or any other spelling, the larger ones first."""
    squeezed = text.replace(" ", "")
    condition = Q(name_en__icontains=text) | Q(name_zh__contains=text) | Q(names__name__icontains=text)
    condition |= Q(pinyin__istartswith=text) | Q(code__startswith=text)
    if squeezed != text:
        condition |= Q(name_en__icontains=squeezed) | Q(names__name__icontains=squeezed)
    places = Place.objects.filter(condition).select_related("parent").distinct()
    order = {"country": 0, "province": 1, "prefecture": 2, "county": 3}
    wanted = fold(text)
    ranked = sorted(
        places[:200], key=lambda p: (fold(p.name_en) != wanted and p.name_zh != text, order[p.level], p.code)
    )
    return [place_match(place) for place in ranked[:LIMIT]]


def place_match(place: Place) -> Match:
    """Return what a place is called in a form: both names, and what it is part of."""
    above = f" ({place.parent.name_en})" if place.parent else ""
    return Match(place.code, f"{place.name_en} {place.name_zh}{above}")


def find_crime_types(text: str) -> list[Match]:
    """Return crime types by code or label in either language."""
    condition = Q(code__icontains=text) | Q(label_en__icontains=text) | Q(label_zh__contains=text)
    return [Match(t.code, f"{t.label_en} {t.label_zh}") for t in CrimeType.objects.filter(condition)[:LIMIT]]


def find_measures(text: str) -> list[Match]:
    """Return measures by code or label in either language."""
    condition = Q(code__icontains=text) | Q(label_en__icontains=text) | Q(label_zh__contains=text)
    measures = Measure.objects.filter(condition)[:LIMIT]
    return [Match(m.code, m.label, m.units[0] if len(m.units) == 1 else "") for m in measures]


def find_campaigns(text: str) -> list[Match]:
    """Return campaigns by year, slug or any of their names, the newest first."""
    condition = Q(name_en__icontains=text) | Q(name_zh__contains=text) | Q(names__name__icontains=text)
    condition |= Q(slug__icontains=text) | Q(year__icontains=text)
    campaigns = Campaign.objects.filter(condition).distinct().order_by("-year", "name_en")
    return [Match(c.slug, c.name) for c in campaigns[:LIMIT]]


def find_publishers(text: str) -> list[Match]:
    """Return publishers by name in either language."""
    condition = Q(name__icontains=text) | Q(name_zh__contains=text)
    return [Match("", p.name) for p in Publisher.objects.filter(condition)[:LIMIT]]


def find_announcements(text: str, visible: QuerySet[Announcement]) -> list[Match]:
    """Return announcements by key or title, of those that are visible to who asks."""
    condition = Q(key__istartswith=text) | Q(title__icontains=text) | Q(title_zh__contains=text)
    found = visible.filter(condition, revises=None).order_by("key")[:LIMIT]
    return [announcement_match(a) for a in found]


def announcement_match(announcement: Announcement) -> Match:
    """Return what an announcement is called in a form."""
    return Match(announcement.key, announcement.title[:80])


def find_cases(text: str, visible: QuerySet[Announcement]) -> list[Match]:
    """Return cases by their announcement's key, heading or code name; those that are told more fully elsewhere not."""
    condition = Q(heading__icontains=text) | Q(code_name__icontains=text)
    condition |= Q(announcement__key__istartswith=text.partition("/")[0])
    shown = visible.filter(revises=None).values("pk")
    found = TypicalCase.objects.filter(condition, same_as=None, announcement__in=shown)
    ordered = found.select_related("announcement").order_by("announcement__key", "number")[:LIMIT]
    return [Match(f"{c.announcement.key}/{c.number}", c.heading[:80]) for c in ordered]


FINDERS: dict[str, Callable[[str], list[Match]]] = {
    "campaigns": find_campaigns,
    "crime_types": find_crime_types,
    "measures": find_measures,
    "places": find_places,
    "publishers": find_publishers,
}
RECORDS: dict[str, Callable[[str, QuerySet[Announcement]], list[Match]]] = {
    "announcements": find_announcements,
    "cases": find_cases,
}


def find(vocabulary: str, text: str, visible: QuerySet[Announcement]) -> list[Match]:
    """Return what may be meant by a text: of a vocabulary, or of the records that are visible to who asks."""
    if vocabulary in RECORDS:
        return RECORDS[vocabulary](text, visible)
    return FINDERS[vocabulary](text) if vocabulary in FINDERS else []


class EntryVocabulary:
    """Crime types and places while one screen is being read or shown: loaded once, however many rows it has."""

    def __init__(self, announcement: Announcement | None, typed: Iterable[str]) -> None:
        self.crime_types = {t.code: f"{t.label_en} {t.label_zh}" for t in CrimeType.objects.all()}
        tokens = {token for text in typed for token in tokens_of(text)}
        codes = {code_of(token) for token in tokens} | {
            entry.code for token in tokens for entry in shipped().lookup(token)
        }
        if announcement:
            codes.update(announcement.places.values_list("code", flat=True))
            codes.update(CasePlace.objects.filter(announcement=announcement).values_list("place_id", flat=True))
            pairs = Figure.places.through.objects.filter(figure__announcement=announcement)
            codes.update(pairs.values_list("place_id", flat=True))
        self.places = {
            p.code: place_match(p).label for p in Place.objects.filter(code__in=codes).select_related("parent")
        }

    def place(self, token: str) -> str:
        """Return the code of the place that is meant. Raises ValueError with what to write instead."""
        if code_of(token) in self.places:
            return code_of(token)
        found = [entry.code for entry in shipped().lookup(token) if entry.code in self.places]
        if len(found) == 1:
            return found[0]
        if not found:
            raise ValueError(_("“%(name)s” is not a place of the gazetteer") % {"name": token})
        choices = ", ".join(f"{code} {self.places[code]}" for code in found[:6])
        raise ValueError(
            _("“%(name)s” is several places; write the code of one: %(choices)s") % {"name": token, "choices": choices}
        )

    def crime_type(self, token: str) -> str:
        """Return the code of the crime type that is meant. Raises ValueError with what to write instead."""
        if code_of(token) in self.crime_types:
            return code_of(token)
        wanted = token.casefold()
        found = [code for code, label in self.crime_types.items() if wanted in label.casefold()]
        if len(found) == 1:
            return found[0]
        if not found:
            raise ValueError(_("“%(name)s” is not a crime type of the archive") % {"name": token})
        raise ValueError(
            _("“%(name)s” may be several crime types; write the code of one: %(choices)s")
            % {"name": token, "choices": ", ".join(found[:6])}
        )


def tokens_of(text: str) -> list[str]:
    """Return the entries of a field that takes several, parted by semicolons or lines."""
    parts = text.replace("；", ";").replace("\n", ";").split(";")
    return [part.strip() for part in parts if part.strip()]


def code_of(token: str) -> str:
    """Return the code with which an entry begins, as the lookups write it: "340100 Hefei 合肥市"."""
    return token.split(maxsplit=1)[0] if token.strip() else ""
