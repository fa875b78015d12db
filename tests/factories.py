"""Plain functions that make the smallest valid records. Keyword arguments override any field."""

from itertools import count
from typing import Any

from cases.models import Announcement, Campaign, CampaignMention, Figure, Measure, Place, Publisher, TypicalCase

_number = count(1)


def make_publisher(**fields: Any) -> Publisher:
    n = next(_number)
    return Publisher.objects.create(
        **{"name": f"Test Gazette {n}", "slug": f"test-gazette-{n}", "kind": "news", "country": "CN", **fields}
    )


def make_announcement(**fields: Any) -> Announcement:
    """Make a draft; pass status="published" for a public one."""
    n = next(_number)
    if "publisher" not in fields:
        fields["publisher"] = make_publisher()
    if fields.get("revises"):
        fields.setdefault("revises_version", fields["revises"].version)
    defaults = {"key": f"t{n:03}", "kind": "report", "title": f"Test announcement {n}", "language": "en"}
    return Announcement.objects.create(**{**defaults, **fields})


def make_case(announcement: Announcement, **fields: Any) -> TypicalCase:
    number = announcement.cases.count() + 1
    return TypicalCase.objects.create(
        **{"announcement": announcement, "number": number, "heading": f"Test case {number}", **fields}
    )


def make_figure(announcement: Announcement, **fields: Any) -> Figure:
    position = announcement.figures.count() + 1
    defaults = {
        "announcement": announcement,
        "ref": f"f{position}",
        "position": position,
        "measure_id": "suspects_arrested",
        "unit": "persons",
        "value": 33000,
        "qualifier": "more_than",
        "phrase": "arrested more than 33,000 suspects",
    }
    return Figure.objects.create(**{**defaults, **fields})


def make_campaign(**fields: Any) -> Campaign:
    n = next(_number)
    return Campaign.objects.create(
        **{"slug": f"test-campaign-{n}", "name_en": f"Test Campaign {n}", "year": 2018, **fields}
    )


def mention(announcement: Announcement, campaign: Campaign, **fields: Any) -> CampaignMention:
    return CampaignMention.objects.create(announcement=announcement, campaign=campaign, **fields)


def measure(code: str) -> Measure:
    return Measure.objects.get(code=code)


def place(code: str) -> Place:
    return Place.objects.get(code=code)
