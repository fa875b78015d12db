"""Announcements as records of the interchange format: the exact opposite of `importer`."""

import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Model, OuterRef, Prefetch, QuerySet

from cases import intervals, releases
from cases.importing.reader import Record
from cases.models import Announcement, CampaignMention, Figure, TypicalCase


def prefetched(announcements: QuerySet[Announcement]) -> QuerySet[Announcement]:
    """Return the queryset with everything a record is made of, in a fixed number of queries."""
    cases = TypicalCase.objects.select_related("same_as__announcement").prefetch_related("case_places")
    figures = Figure.objects.select_related("case", "campaign", "part_of", "converted_from")
    return (
        announcements.select_related("publisher")
        .annotate(place_codes=codes(Announcement, "places"), crime_type_codes=codes(Announcement, "crime_types"))
        .prefetch_related(
            "mentions__campaign",
            "mentions__parent",
            "reports__release__fullest",
            Prefetch("cases", cases.annotate(crime_type_codes=codes(TypicalCase, "crime_types"))),
            Prefetch(
                "figures",
                figures.annotate(place_codes=codes(Figure, "places"), crime_type_codes=codes(Figure, "crime_types")),
            ),
        )
    )


def codes(model: type[Model], relation: str) -> ArraySubquery:
    """Return an expression for the codes of a many-to-many relation, in the order in which they were entered."""
    field = getattr(model, relation).field
    pairs = getattr(model, relation).through.objects.filter(**{f"{field.m2m_column_name()}": OuterRef("pk")})
    return ArraySubquery(pairs.order_by("id").values(field.m2m_reverse_name()))


def to_record(announcement: Any) -> Record:
    """Return an announcement from `prefetched` as a record, members in the order of the format."""
    a = announcement
    record: Record = {
        "key": a.key,
        "kind": a.kind,
        "title": f"[{a.title}]" if a.title_supplied else a.title,
        "title_zh": a.title_zh or None,
        "publisher": {"name": a.publisher.name, "kind": a.publisher.kind, "country": a.publisher.country},
        "url": a.url,
    }
    if a.archived_url:
        record["archived_url"] = a.archived_url
    record |= {
        "published": a.published,
        "language": a.language,
        "translation": a.translation,
        "abstract": a.abstract,
        "campaigns": [_campaign(mention) for mention in a.mentions.all()],
    }
    record |= _releases(a)
    record |= {
        "figures": [_figure(figure) for figure in a.figures.all()],
        "cases": [_case(case) for case in a.cases.all()],
        "places": a.place_codes,
        "crime_types": a.crime_type_codes,
    }
    return record


def dumps(record: Record) -> str:
    """Return a record as the text of its file."""
    return json.dumps(record, ensure_ascii=False, indent=2) + "\n"


def write(announcements: Iterable[Announcement], folder: Path) -> Iterator[Path]:
    """Write each announcement (from `prefetched`) to `<key>.json` in the folder and yield the path."""
    folder.mkdir(parents=True, exist_ok=True)
    for announcement in announcements:
        path = folder / f"{announcement.key}.json"
        path.write_text(dumps(to_record(announcement)), encoding="utf-8")
        yield path


def number(value: Decimal) -> int | float:
    """Return a stored number as JSON writes it: whole numbers without a point."""
    return int(value) if value == value.to_integral_value() else float(value)


def _releases(a: Announcement) -> Record:
    reports = list(a.reports.all())
    if not reports:
        return {"reports_on": None}
    first, *others = reports
    release = first.release
    fullest = release.fullest
    members: Record = {"reports_on": fullest.key if fullest and fullest.pk != a.pk else None}
    if others:
        members["also_reports_on"] = [r.release.fullest.key for r in others if r.release.fullest]
    if first.role != releases.default_role(a.kind):
        members["role"] = first.role
    if members["reports_on"] is None and (release.name or release.authority or release.disclosed):
        members["release"] = {
            "name": release.name,
            "authority": release.authority or None,
            "disclosed": release.disclosed,
        }
    return members


def _campaign(mention: CampaignMention) -> Record:
    return {
        "name": mention.campaign.name_en,
        "name_zh": mention.name_zh or None,
        "year": mention.campaign.year,
        "aliases": mention.aliases,
        "parent": mention.parent.name_en if mention.parent else None,
        "start": mention.start,
        "end": mention.end,
    }


def _case(case: Any) -> Record:
    record: Record = {
        "number": case.number,
        "heading": case.heading,
        "code_name": case.code_name or None,
        "summary": case.summary,
        "crime_types": case.crime_type_codes,
        "places": [{"code": p.place_id, "role": p.role} for p in case.case_places.all()],
        "period": case.period,
    }
    if case.same_as:
        record["same_as"] = f"{case.same_as.announcement.key}/{case.same_as.number}"
    return record


def _figure(figure: Any) -> Record:
    f = figure
    crime_types, places = f.crime_type_codes, f.place_codes
    record: Record = {"ref": f.ref, "measure": f.measure_id, "qualifier": f.qualifier, "value": number(f.value)}
    if f.value_high is not None:
        record["high"] = number(f.value_high)
    record["unit"] = f.unit
    if f.step != intervals.step_for(f.phrase, f.value):
        record["step"] = number(f.step)
    record["campaign"] = f.campaign.name_en if f.campaign else None
    record["crime_type"] = crime_types[0] if len(crime_types) == 1 else None
    if len(crime_types) > 1:
        record["crime_types"] = crime_types
    record["place"] = places[0] if len(places) == 1 else None
    if len(places) > 1:
        record["places"] = places
    record["period"] = f.period
    if f.as_of:
        record["as_of"] = f.as_of
    if f.cumulative is not None:
        record["cumulative"] = f.cumulative
    record["case"] = f.case.number if f.case else None
    if f.part_of:
        record["part_of"] = f.part_of.ref
    if f.of_measure_id:
        record["of_measure"] = f.of_measure_id
    if f.base_period:
        record["base_period"] = f.base_period
    if f.converted_from:
        record["converted_from"] = f.converted_from.ref
    record |= {"phrase": f.phrase, "note": f.note or None}
    if f.preferred:
        record["preferred"] = f.preferred_reason
    return record
