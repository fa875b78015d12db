"""The names that records are found by beside their own words: of campaigns, places, crime types and more."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cases.fulltext import Term
from cases.highlights import find
from cases.models import AnnouncementRow, CampaignMention, CaseRow, CrimeType, FigureRow, Place, PlaceName
from cases.search.vocabulary import Vocabulary

# Kind → where campaigns, places and crime types stand on a record's page.
ANCHORS = {
    "announcements": ("#campaigns", "#places", "#crime-types"),
    "cases": ("", "#places", "#crime-types"),
    "figures": ("#scope", "#scope", "#scope"),
}
ROWS = {"announcements": AnnouncementRow, "cases": CaseRow, "figures": FigureRow}


@dataclass(frozen=True)
class Names:
    """What a campaign, place, … is called in both languages and otherwise, and where it stands on a record's page."""

    label: str
    anchor: str
    english: str
    chinese: str
    others: tuple[str, ...] = ()

    def text(self, terms: list[Term]) -> str:
        """Return the two names, the reader's own first, and another spelling if only that is found."""
        names = [self.english, self.chinese]
        if (get_language() or "").startswith("zh"):
            names.reverse()
        if not any(find(terms, name) for name in names):
            names += [other for other in self.others if find(terms, other)][:1]
        return " · ".join(dict.fromkeys(name for name in names if name))


def names_of(kind: str, records: Sequence[Any], vocabulary: Vocabulary) -> dict[int, list[Names]]:
    """Return the names that each record of a page is found by."""
    rows = ROWS[kind]._default_manager.filter(pk__in=[record.pk for record in records])
    found = {pk: nodes for pk, *nodes in rows.values_list("pk", "campaign", "place", "crime_type")}
    of_campaign, of_place, of_type = ANCHORS[kind]
    campaigns = _campaigns(vocabulary, of_campaign)
    places = _places({code for _c, codes, _t in found.values() for code in codes}, of_place)
    types = CrimeType.objects.in_bulk({code for _c, _p, codes in found.values() for code in codes})
    crime_types = {code: Names(_("Crime type"), of_type, t.label_en, t.label_zh) for code, t in types.items()}
    mentions = _mentions(records) if kind == "announcements" else {}
    names: dict[int, list[Names]] = {}
    for record in records:
        own_campaigns, own_places, own_types = found.get(record.pk, [[], [], []])
        own = [
            *(campaigns[slug] for slug in own_campaigns if slug in campaigns),
            *(places[code] for code in own_places if code in places),
            *(crime_types[code] for code in own_types if code in crime_types),
        ]
        if kind == "figures":
            own.append(Names(_("Measure"), "", record.measure.label_en, record.measure.label_zh))
        if kind == "announcements":
            own += [Names(_("Campaign"), of_campaign, *both) for both in mentions.get(record.pk, [])]
            own.append(Names(_("Publisher"), "", record.publisher.name, record.publisher.name_zh))
        names[record.pk] = own
    return names


def _mentions(records: Sequence[Any]) -> dict[int, list[tuple[str, str]]]:
    """Return the names by which announcements print their campaigns, in both languages."""
    printed: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for mention in CampaignMention.objects.filter(announcement__in=[record.pk for record in records]):
        printed[mention.announcement_id].append((" · ".join(mention.aliases), mention.name_zh))
    return printed


def _campaigns(vocabulary: Vocabulary, anchor: str) -> dict[str, Names]:
    names: dict[str, list[str]] = defaultdict(list)
    for name, slug in vocabulary.campaign_names:
        names[slug].append(name)
    return {
        slug: Names(_("Campaign"), anchor, own[0], next((n for n in own if not n.isascii()), ""), tuple(own[1:]))
        for slug, own in names.items()
    }


def _places(codes: set[str], anchor: str) -> dict[str, Names]:
    others: dict[str, list[str]] = defaultdict(list)
    for code, name in PlaceName.objects.filter(place__in=codes).values_list("place_id", "name"):
        others[code].append(name)
    return {
        place.code: Names(
            _("Place"), anchor, place.name_en, place.name_zh, (*others[place.code], place.pinyin.replace(" ", ""))
        )
        for place in Place.objects.filter(code__in=codes)
    }
