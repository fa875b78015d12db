"""The tables of a data package: the public tables of the site, and the vocabularies that their codes are of."""

from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from cases import records
from cases.choices import Display, Language, PlaceLevel, PublisherKind, Script, Status
from cases.evidence import visible
from cases.models import Span, TextVersion
from cases.public_fields import Field, Table, dates

_PUBLIC_CAMPAIGNS = "select value from cases_facettotal where facet = 'campaign' and n > 0"

RELEASES = Table(
    "releases",
    _("Releases"),
    _("Acts of disclosure by an authority, of which at least one report is public."),
    """cases_release r where exists (select from cases_releasereport x join cases_announcementrow a
       on a.id = x.announcement_id where x.release_id = r.id)""",
    (
        Field("id", "integer", "r.id", "Id", "编号", _("The release's number in the archive.")),
        Field("url", "text", ":site || '/releases/' || r.id || '/'", "Address", "网址", _("Its page in the archive.")),
        Field("name", "text", "r.name", "Name", "名称", _("What it is called here.")),
        Field("authority", "text", "r.authority", "Authority", "发布机关", _("Who disclosed.")),
        *dates("disclosed", "r.disclosed", "Disclosed", "披露日期", _("When it was disclosed.")),
    ),
)
PUBLISHERS = Table(
    "publishers",
    _("Publishers"),
    _("Who brought the documents out."),
    "cases_publisher r where exists (select from cases_announcementrow a join cases_announcement x on x.id = a.id"
    " where x.publisher_id = r.id)",
    (
        Field("id", "text", "r.slug", "Slug", "代码", _("Names the publisher in addresses.")),
        Field("name", "text", "r.name", "Name", "名称", _("As credited.")),
        Field("name_zh", "text", "r.name_zh", "Chinese name", "中文名", _("The Chinese name, if another.")),
        Field("kind", "text", "r.kind", "Kind", "类别", _("authority, official_media, news, …"), PublisherKind),
        Field("country", "text", "r.country", "Country", "国家", _("ISO 3166-1, two letters; XX if unknown.")),
    ),
)
CAMPAIGNS = Table(
    "campaigns",
    _("Campaigns"),
    _("Named special actions, as the editors describe them."),
    f"cases_campaign r where r.slug in ({_PUBLIC_CAMPAIGNS})",
    (
        Field("id", "text", "r.slug", "Slug", "代码", _("Names the campaign in addresses.")),
        Field("name_en", "text", "r.name_en", "English name", "英文名", _("In English.")),
        Field("name_zh", "text", "r.name_zh", "Chinese name", "中文名", _("In Chinese.")),
        Field("year", "integer", "r.year", "Campaign year", "行动年度", _("Empty: a series of several years.")),
        Field("start", "text", 'r."start"', "Start", "开始", _("As far as it is known, in EDTF.")),
        Field("end", "text", 'r."end"', "End", "结束", _("As far as it is known, in EDTF.")),
        Field("authority", "text", "r.authority", "Authority", "发布机关", _("Who ran it.")),
        Field("parent", "text", "r.parent_id", "Part of", "上级行动", _("The campaign that it is part of, by slug.")),
        Field("description", "text", "r.description", "Description", "说明", _("In the archive's own words.")),
    ),
)
CAMPAIGN_NAMES = Table(
    "campaign_names",
    _("Names of campaigns"),
    _("Other names of campaigns, as documents print them."),
    f"cases_campaignname r where r.campaign_id in ({_PUBLIC_CAMPAIGNS})",
    (
        Field("id", "integer", "r.id", "Id", "编号", _("The number of the line.")),
        Field("campaign", "text", "r.campaign_id", "Campaign", "专项行动", _("The campaign, by slug.")),
        Field("name", "text", "r.name", "Name", "名称", _("As printed.")),
        Field("language", "text", "r.language", "Language", "语言", _("Language of the name: en or zh."), Language),
        Field("script", "text", "r.script", "Script", "文字", _("Latn, Hans or Hant."), Script),
    ),
)
PLACES = Table(
    "places",
    _("Places"),
    _("The gazetteer: every place of it, whether anything is said of it or not."),
    "cases_place r",
    (
        Field("id", "text", "r.code", "Code", "代码", _("GB/T 2260 code; 000000 is the whole country.")),
        Field("level", "text", "r.level", "Level", "级别", _("country, province, prefecture or county."), PlaceLevel),
        Field("parent", "text", "r.parent_id", "Part of", "上级", _("The place that it is part of, by code.")),
        Field("slug", "text", "r.slug", "Slug", "地址名", _("Of provinces: used in addresses.")),
        Field("name_en", "text", "r.name_en", "English name", "英文名", _("In English.")),
        Field("name_zh", "text", "r.name_zh", "Chinese name", "中文名", _("In Chinese.")),
        Field("pinyin", "text", "r.pinyin", "Pinyin", "拼音", _("The reading of the Chinese name.")),
        Field(
            "latitude", "number", "trim_scale(r.lat)", "Latitude", "纬度", _("Of a point in it; empty if not known.")
        ),
        Field(
            "longitude", "number", "trim_scale(r.lon)", "Longitude", "经度", _("Of a point in it; empty if not known.")
        ),
    ),
)
CRIME_TYPES = Table(
    "crime_types",
    _("Crime types"),
    _("The vocabulary of crime types, with the statutes that they rest on."),
    "cases_crimetype r",
    (
        Field("id", "text", "r.code", "Code", "代码", _("Names the type in addresses.")),
        Field("label_en", "text", "r.label_en", "English label", "英文", _("In English.")),
        Field("label_zh", "text", "r.label_zh", "Chinese label", "中文", _("In Chinese.")),
        Field("parent", "text", "r.parent_id", "Kind of", "上级", _("The wider type, by code.")),
        Field("statutes", "text", "r.statutes", "Statutes", "法条", _("What it rests on.")),
        Field("definition", "text", "r.definition", "Definition", "定义", _("What belongs to it.")),
    ),
)
MEASURES = Table(
    "measures",
    _("Measures"),
    _("What figures count."),
    "cases_measure r",
    (
        Field("id", "text", "r.code", "Code", "代码", _("Names the measure in addresses.")),
        Field("label_en", "text", "r.label_en", "English label", "英文", _("In English.")),
        Field("label_zh", "text", "r.label_zh", "Chinese label", "中文", _("In Chinese.")),
        Field("units", "list", "r.units", "Units", "单位", _("The units that it may be counted in.")),
        Field("definition", "text", "r.definition", "Definition", "定义", _("What is counted.")),
    ),
)
PASSAGES = Table(
    "passages",
    _("Passages of texts"),
    _(
        "What readers may see of the latest text of each announcement: all of it, the words around its figures, or "
        "nothing. A text that may not be shown has no passage here."
    ),
    "",
    (
        Field("id", "text", "", "Id", "编号", _("The number of the announcement and the first character, from 0.")),
        Field("announcement_id", "integer", "", "Announcement id", "通报编号", _("The announcement.")),
        Field("language", "text", "", "Language", "语言", _("Language of the text: en or zh."), Language),
        Field("start", "integer", "", "Start", "起点", _("The first character of the text that is shown, from 0.")),
        Field("whole", "boolean", "", "Whole", "全文", _("True: this is the whole text.")),
        Field("text", "text", "", "Text", "原文", _("The words.")),
    ),
)
TABLES = (
    *records.TABLES.values(), PASSAGES, RELEASES, PUBLISHERS, CAMPAIGNS, CAMPAIGN_NAMES, PLACES, CRIME_TYPES, MEASURES,
)  # fmt: skip

# What a field of this name refers to: the ids of a table. `parent` refers to its own.
REFERENCES = {
    "announcement_id": "announcements",
    "case_id": "cases",
    "same_as": "cases",
    "release_id": "releases",
    "part_of": "figures",
    "converted_from": "figures",
    "measure": "measures",
    "of_measure": "measures",
    "campaign": "campaigns",
    "place": "places",
}


def reference(table: Table, name: str) -> str:
    """Return the table whose ids a field names, or an empty string."""
    return table.name if name == "parent" else REFERENCES.get(name, "")


def rows(table: Table, site: str) -> Iterator[tuple[Any, ...]]:
    """Yield all rows of a table in the order of their ids, with the types of their fields."""
    if table is PASSAGES:
        yield from _passages()
        return
    (own,) = (f.sql for f in table.fields if f.name == "id")
    collated = ' collate "C"' if next(f.type for f in table.fields if f.name == "id") == "text" else ""
    query = f"select {records.typed_select(table)} from {table.source} order by {own}{collated}"
    with connection.chunked_cursor() as cursor:
        cursor.execute(records.with_site(query, site).replace("%%", "%"))
        while found := cursor.fetchmany(1000):
            yield from found


def _passages() -> Iterator[tuple[Any, ...]]:
    latest = TextVersion.objects.filter(announcement__status=Status.PUBLISHED).order_by("announcement_id", "-n")
    found = latest.distinct("announcement_id").values_list("announcement_id", "id")
    # In the order of the ids as texts: "-" stands before every digit.
    for announcement_id, pk in sorted(found, key=lambda pair: f"{pair[0]}-"):
        version = TextVersion.objects.get(pk=pk)
        if version.redacted_reason or version.display == Display.HIDDEN:
            continue
        spans = Span.objects.filter(text_version=version, figure__isnull=False).values_list("start", "end")
        lines = []
        for start, end in visible(len(version.text), version.display, spans):
            whole = (start, end) == (0, len(version.text))
            head = f"{announcement_id}-{start}", announcement_id, version.language
            lines.append((*head, start, whole, version.text[start:end]))
        yield from sorted(lines)
