"""Public tables of what stands between records: the places of cases, and the reports of releases. See `records`."""

from django.utils.translation import gettext_lazy as _

from cases.choices import PlaceLevel, PlaceRole, ReportRole
from cases.public_fields import OF_ANNOUNCEMENT, PUBLISHED_BY, Field, Table, dates

CASE_PLACES = Table(
    "case_places",
    _("Places of cases"),
    _("Each place of each case, with what it is in it. Takes the parameters of cases and holds all places of those."),
    """cases_caserow r
       join cases_caseplace x on x.case_id = r.id
       join cases_place p on p.code = x.place_id
       join cases_place top on top.code = p.path[1]
       join cases_typicalcase c on c.id = r.id
       join cases_announcement a on a.id = r.announcement_id
       join cases_publisher u on u.id = a.publisher_id""",
    (
        Field(
            "id", "integer", "x.id", "Id", "编号", _("The number of the line. Another one if the place is restated.")
        ),
        Field("case_id", "integer", "c.id", "Case id", "案例编号", _("The case.")),
        Field("case_number", "integer", "c.number", "Case number", "案例序号", _("Its number in the announcement.")),
        Field("heading", "text", "c.heading", "Heading", "案名", _("The heading of the case.")),
        Field("place", "text", "p.code", "Place", "地点", _("GB/T 2260 code.")),
        Field("place_en", "text", "p.name_en", "Place (English)", "地点(英文)", _("English name of place.")),
        Field("place_zh", "text", "p.name_zh", "Place (Chinese)", "地点(中文)", _("Chinese name of place.")),
        Field(
            "role",
            "text",
            "x.role",
            "Role",
            "角色",
            _("What the place is in the case: investigating_authority, arrest, scene, victims."),
            PlaceRole,
        ),
        Field("level", "text", "p.level", "Level", "级别", _("country, province, prefecture or county."), PlaceLevel),
        Field("province", "text", "top.slug", "Province", "省级", _("The province-level unit, by slug; or national.")),
        *OF_ANNOUNCEMENT,
        *PUBLISHED_BY,
    ),
    list_kind="cases",
    within="x.id",
)

RELEASE_REPORTS = Table(
    "release_reports",
    _("Reports of releases"),
    _(
        "Which announcement reports which release, and as what. Takes the parameters of announcements and holds all "
        "that those report."
    ),
    """cases_announcementrow r
       join cases_releasereport x on x.announcement_id = r.id
       join cases_release l on l.id = x.release_id
       join cases_announcement a on a.id = r.id
       join cases_publisher u on u.id = a.publisher_id""",
    (
        Field(
            "id", "integer", "x.id", "Id", "编号", _("The number of the line. Another one if the report is restated.")
        ),
        Field("release_id", "integer", "l.id", "Release id", "发布事件编号", _("The release.")),
        Field(
            "release_url",
            "text",
            ":site || '/releases/' || l.id || '/'",
            "Address of the release",
            "发布事件网址",
            _("Its page in the archive."),
        ),
        Field("release_name", "text", "l.name", "Name of the release", "发布事件名称", _("What it is called here.")),
        Field("authority", "text", "l.authority", "Authority", "发布机关", _("Who disclosed.")),
        *dates("disclosed", "l.disclosed", "Disclosed", "披露日期", _("When it was disclosed.")),
        Field("role", "text", "x.role", "Role", "角色", _("original, report, translation or copy."), ReportRole),
        Field(
            "fullest",
            "boolean",
            "l.fullest_id is not distinct from a.id",
            "Fullest",
            "最全",
            _("True: the report that the others are read against."),
        ),
        *OF_ANNOUNCEMENT,
        *PUBLISHED_BY,
    ),
    list_kind="announcements",
    within="x.id",
)
