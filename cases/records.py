"""The one list of public fields: what a record says in CSV and JSON, and how the codebook explains it.

Each field is an SQL expression over the tables of its kind, so that a CSV is one COPY in the database and a page of
JSON one query. `r` is the record's search row; `:site` stands for the address of the site.
"""

import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cases.cells import marked_sql
from cases.choices import AnnouncementKind, PlaceRole, Qualifier, Unit
from cases.public_fields import (
    OF_ANNOUNCEMENT,
    PUBLISHED_BY,
    Field,
    Table,
    coded,
    crime_types,
    dates,
    permanent_id,
    places,
)
from cases.relations import CASE_PLACES, RELEASE_REPORTS

ANNOUNCEMENTS = Table(
    "announcements",
    _("Announcements"),
    _("Documents of the archive: releases of an authority, and reports, translations and copies of them."),
    """cases_announcementrow r
       join cases_announcement a on a.id = r.id
       join cases_publisher u on u.id = a.publisher_id""",
    (
        permanent_id(_("announcement")),
        Field(
            "url", "text", ":site || '/announcements/' || r.id || '/'", "Address", "网址", _("Its page in the archive.")
        ),
        Field("key", "text", "a.key", "Key", "键", _("Names the record in imports and exports.")),
        Field("kind", "text", "a.kind", "Kind", "类别", _("release, report, feature or case_list."), AnnouncementKind),
        Field("title", "text", "a.title", "Title", "标题", _("As printed.")),
        Field(
            "title_zh", "text", "a.title_zh", "Chinese title", "中文标题", _("Where the document prints one as well.")
        ),
        Field(
            "title_supplied",
            "boolean",
            "a.title_supplied",
            "Title supplied",
            "代拟标题",
            _("True: the archive's own title."),
        ),
        *PUBLISHED_BY,
        Field(
            "archived_url", "text", "a.archived_url", "Archived address", "存档网址", _("A preserved copy elsewhere.")
        ),
        Field("abstract", "text", "a.abstract", "Abstract", "摘要", _("In the archive's own words.")),
        *coded(
            "campaigns",
            "Campaigns",
            "专项行动",
            _("Campaigns that the document names, by slug."),
            "from cases_campaignmention m join cases_campaign c on c.slug = m.campaign_id"
            " where m.announcement_id = a.id order by m.id",
            "c.slug",
            "c.name_en",
            "c.name_zh",
        ),
        Field("campaign_years", "list", "r.year", "Campaign years", "行动年度", _("Years of its campaigns.")),
        *crime_types(
            "cases_announcement_crime_types x",
            "where x.announcement_id = a.id order by x.id",
            _("What it is about, by code."),
        ),
        *places("cases_announcement_places x", "where x.announcement_id = a.id order by x.id", _("GB/T 2260 codes.")),
        Field(
            "releases",
            "list",
            "array(select release_id::text from cases_releasereport x where x.announcement_id = a.id order by x.id)",
            "Releases",
            "发布事件",
            _("Ids of the releases that it reports."),
        ),
        Field(
            "cases",
            "integer",
            "(select count(*) from cases_typicalcase c where c.announcement_id = a.id)",
            "Cases",
            "案例数",
            _("How many typical cases it tells."),
        ),
        Field(
            "figures",
            "integer",
            "(select count(*) from cases_figure f where f.announcement_id = a.id)",
            "Figures",
            "数据数",
            _("How many figures it states."),
        ),
    ),
)

CASES = Table(
    "cases",
    _("Typical cases"),
    _("Cases that an announcement tells as examples."),
    """cases_caserow r
       join cases_typicalcase c on c.id = r.id
       join cases_announcement a on a.id = r.announcement_id
       join cases_publisher u on u.id = a.publisher_id""",
    (
        permanent_id(_("case")),
        Field("url", "text", ":site || '/cases/' || r.id || '/'", "Address", "网址", _("Its page in the archive.")),
        Field("number", "integer", "c.number", "Number", "序号", _("Its number in the announcement.")),
        Field("heading", "text", "c.heading", "Heading", "案名", _("Its heading.")),
        Field("code_name", "text", "c.code_name", "Code name", "代号", _('Such as "5.22".')),
        Field("summary", "text", "c.summary", "Summary", "概述", _("In the archive's own words.")),
        *dates("period", "c.period", "Period", "时间", _("When it happened or was investigated.")),
        *crime_types("cases_typicalcase_crime_types x", "where x.typicalcase_id = c.id order by x.id", _("By code.")),
        *places("cases_caseplace x", "where x.case_id = c.id order by x.id", _("GB/T 2260 codes, in any role.")),
        Field(
            "place_roles",
            "list",
            "array(select x.role from cases_caseplace x where x.case_id = c.id order by x.id)",
            "Roles of the places",
            "地点角色",
            _("What each of the places is, in the same order: investigating_authority, arrest, scene, victims."),
            PlaceRole,
        ),
        Field(
            "campaign_years",
            "list",
            "r.year",
            "Campaign years",
            "行动年度",
            _("Years of its announcement's campaigns."),
        ),
        Field(
            "same_as",
            "integer",
            "(select s.id from cases_caserow s where s.id = c.same_as_id)",
            "Same case as",
            "同一案件",
            _("Id of the fullest telling of the same real case that is public."),
        ),
        Field(
            "figures",
            "integer",
            "(select count(*) from cases_figure f where f.case_id = c.id)",
            "Figures",
            "数据数",
            _("How many figures are stated of it."),
        ),
        *OF_ANNOUNCEMENT,
        *PUBLISHED_BY,
    ),
)

_OWN_OR_CASE = _("own if the figure has its own, else the case's")
FIGURES = Table(
    "figures",
    _("Figures"),
    _("Claims of a quantity, each by one announcement, with the words that make it."),
    """cases_figurerow r
       join cases_figure f on f.id = r.id
       join cases_measure m on m.code = f.measure_id
       join cases_announcement a on a.id = r.announcement_id
       join cases_publisher u on u.id = a.publisher_id
       left join cases_typicalcase c on c.id = f.case_id
       left join cases_campaign g on g.slug = f.campaign_id""",
    (
        permanent_id(_("figure")),
        Field("url", "text", ":site || '/figures/' || r.id || '/'", "Address", "网址", _("Its page in the archive.")),
        Field("ref", "text", "f.ref", "Ref", "引用号", _("Names the figure within its announcement.")),
        Field("measure", "text", "f.measure_id", "Measure", "指标", _("What is counted, by code.")),
        Field("measure_en", "text", "m.label_en", "Measure (English)", "指标(英文)", _("English label of measure.")),
        Field("measure_zh", "text", "m.label_zh", "Measure (Chinese)", "指标(中文)", _("Chinese label of measure.")),
        Field(
            "qualifier",
            "text",
            "f.qualifier",
            "Qualifier",
            "限定",
            _("exact, more_than, nearly, about, at_least, …"),
            Qualifier,
        ),
        Field("value", "number", "trim_scale(f.value)", "Value", "数值", _("As stated, in whole units.")),
        Field(
            "value_high",
            "number",
            "trim_scale(f.value_high)",
            "Upper value",
            "上限值",
            _("Of a range: its stated upper end."),
        ),
        Field("unit", "text", "f.unit", "Unit", "单位", _("What the value counts; money by ISO 4217."), Unit),
        Field(
            "step",
            "number",
            "trim_scale(f.step)",
            "Step",
            "精度",
            _("Place value of the last significant digit stated."),
        ),
        Field(
            "low",
            "number",
            "trim_scale(lower(f.interval))",
            "Low",
            "下界",
            _("Lower bound of what the words mean; empty: none."),
        ),
        Field(
            "high",
            "number",
            "trim_scale(upper(f.interval))",
            "High",
            "上界",
            _("Upper bound of what the words mean; empty: none."),
        ),
        Field(
            "low_included",
            "boolean",
            "lower_inc(f.interval)",
            "Low included",
            "含下界",
            _("Whether low itself is meant."),
        ),
        Field(
            "high_included",
            "boolean",
            "upper_inc(f.interval)",
            "High included",
            "含上界",
            _("Whether high itself is meant."),
        ),
        Field("phrase", "text", "f.phrase", "Phrase", "原文", _("The words that make the claim, verbatim.")),
        Field("note", "text", "f.note", "Note", "备注", _("In the archive's own words.")),
        Field(
            "case_id", "integer", "f.case_id", "Case id", "案例编号", _("The typical case that it is about, if any.")
        ),
        Field(
            "case_number",
            "integer",
            "c.number",
            "Case number",
            "案例序号",
            _("That case's number in the announcement."),
        ),
        Field(
            "release_id",
            "integer",
            "f.release_id",
            "Release id",
            "发布事件编号",
            _("Where one report tells of several."),
        ),
        Field("campaign", "text", "f.campaign_id", "Campaign", "专项行动", _("The campaign it belongs to, by slug.")),
        Field(
            "campaign_en", "text", "g.name_en", "Campaign (English)", "专项行动(英文)", _("English name of campaign.")
        ),
        Field(
            "campaign_zh", "text", "g.name_zh", "Campaign (Chinese)", "专项行动(中文)", _("Chinese name of campaign.")
        ),
        Field("campaign_year", "integer", "g.year", "Campaign year", "行动年度", _("Year of campaign.")),
        *crime_types(
            "(select 1 as rank, ft.id, ft.crimetype_id from cases_figure_crime_types ft where ft.figure_id = f.id"
            " union all select 2, ct.id, ct.crimetype_id from cases_typicalcase_crime_types ct"
            " where ct.typicalcase_id = f.case_id"
            " and not exists (select from cases_figure_crime_types o where o.figure_id = f.id)) x",
            "order by x.id",
            format_lazy(_("By code: {rule}. Several mean all of them together."), rule=_OWN_OR_CASE),
        ),
        *places(
            "(select min(y.id) as id, y.place_id from (select fp.id, fp.place_id from cases_figure_places fp"
            " where fp.figure_id = f.id"
            " union all select cp.id, cp.place_id from cases_caseplace cp where cp.case_id = f.case_id"
            " and not exists (select from cases_figure_places o where o.figure_id = f.id)) y group by y.place_id) x",
            "order by x.id",
            format_lazy(_("GB/T 2260 codes: {rule}. 000000 is the whole country."), rule=_OWN_OR_CASE),
        ),
        *dates("period", "f.period", "Period", "时段", _("The time that the claim covers.")),
        Field("as_of", "text", "f.as_of", "As of", "截至", _("The day up to which was counted, where it is stated.")),
        Field(
            "cumulative",
            "boolean",
            "f.cumulative",
            "Cumulative",
            "累计",
            _("Counted since the campaign began; empty: unknown."),
        ),
        Field(
            "part_of",
            "integer",
            "f.part_of_id",
            "Part of",
            "其中",
            _("Id of the figure of the same announcement of which it is a subset."),
        ),
        Field(
            "of_measure",
            "text",
            "f.of_measure_id",
            "Of measure",
            "所指指标",
            _("Of a percentage: what changed or is shared."),
        ),
        Field("base_period", "text", "f.base_period", "Compared with", "比较期", _("Of a change: the earlier period.")),
        Field(
            "converted_from",
            "integer",
            "f.converted_from_id",
            "Converted from",
            "换算自",
            _("Id of the original currency's figure."),
        ),
        Field(
            "preferred", "boolean", "f.preferred", "Preferred", "采信", _("True: the claim that the editors prefer.")
        ),
        Field("preferred_reason", "text", "f.preferred_reason", "Why preferred", "采信理由", _("The editors' reason.")),
        *OF_ANNOUNCEMENT,
        *PUBLISHED_BY,
    ),
)

TABLES = {table.name: table for table in (ANNOUNCEMENTS, CASES, FIGURES, CASE_PLACES, RELEASE_REPORTS)}


def csv_select(table: Table, *, for_excel: bool = False) -> str:
    """Return the columns of a CSV, as the select list of a query over the table's source."""

    def column(f: Field) -> str:
        written = {"list": f"array_to_string({f.sql}, '; ')", "boolean": f"({f.sql})::text"}  # true, not PostgreSQL's t
        sql = written.get(f.type, f.sql)
        return marked_sql(sql) if for_excel and f.type in ("text", "list") else sql

    return ", ".join(f"{column(f)} as {f.name}" for f in table.fields)


def json_select(table: Table) -> str:
    """Return one column: the record as the text of a JSON object, in a query over the table's source."""
    return f"(select row_to_json(record)::text from (select {typed_select(table)}) record)"


def typed_select(table: Table) -> str:
    """Return the columns with the types of their fields, in a query over the table's source."""
    return ", ".join(f"{f.sql} as {f.name}" for f in table.fields)


def with_site(sql: str, site: str) -> str:
    """Fill in the site's address, as an SQL literal."""
    return sql.replace(":site", "'" + site.replace("'", "''").replace("%", "%%") + "'")


def rows(table: Table, ids: Sequence[int], site: str = "") -> list[dict[str, Any]]:
    """Return the public records with these ids, in their order, as JSON takes them; others are left out."""
    ids = [pk for pk in ids if pk < 2**63]
    order = "array_position(%s::bigint[], r.id)"
    query = f"select {typed_select(table)} from {table.source} where r.id = any(%s) order by {order}"
    return list(_rows(table, with_site(query, site), [ids, ids]))


def _rows(table: Table, query: str, parameters: list[Any]) -> Iterator[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        for row in cursor.fetchall():
            yield {f.name: _plain(value) for f, value in zip(table.fields, row, strict=True)}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def announcement_record(announcement_id: int, site: str = "") -> dict[str, Any] | None:
    """Return everything public of one announcement: its fields, its cases and its figures; None if it is not public."""
    found = rows(ANNOUNCEMENTS, [announcement_id], site)
    if not found:
        return None
    record = found[0]
    for table, order in ((CASES, "c.number"), (FIGURES, "f.position")):
        with connection.cursor() as cursor:
            cursor.execute(f"select r.id from {table.source} where a.id = %s order by {order}", [announcement_id])
            ids = [row[0] for row in cursor.fetchall()]
        record[table.name] = rows(table, ids, site)
    return record


def canonical_json(record: dict[str, Any]) -> str:
    """Return a record as the one text that is hashed and kept."""
    return json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
