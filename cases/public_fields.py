"""How a public field is declared: its name, its SQL, its labels and what the codebook says of it. See `records`."""

from dataclasses import dataclass, field
from typing import Literal

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cases.choices import AnnouncementKind, Language, PublisherKind, Translation

Type = Literal["integer", "number", "text", "boolean", "date", "list"]
Choices = type[TextChoices]


@dataclass(frozen=True)
class Field:
    """One public field. Lists are joined with "; " in CSV and are arrays in JSON; null and "not stated" are empty."""

    name: str
    type: Type
    sql: str
    label_en: str
    label_zh: str
    description: str | Promise
    # The closed list that its values are of.
    choices: Choices | None = None


@dataclass(frozen=True)
class Table:
    """One kind of record: its fields, and where they come from."""

    name: str
    label: str | Promise
    description: str | Promise
    source: str
    fields: tuple[Field, ...] = field(repr=False)
    # The list whose filters and order it takes, and the order of what belongs to one record of that list.
    list_kind: str = ""
    within: str = ""

    @property
    def kind(self) -> str:
        """The list that it is taken from."""
        return self.list_kind or self.name

    @property
    def address(self) -> str:
        """Its name in addresses."""
        return self.name.replace("_", "-")

    @property
    def columns(self) -> list[str]:
        return [f.name for f in self.fields]


def coded(
    name: str, en: str, zh: str, description: str | Promise, source: str, code: str, name_en: str, name_zh: str
) -> list[Field]:
    """Return three fields for a relation: its codes, and their labels in both languages."""

    def listed(column: str) -> str:
        return f"array(select {column}::text {source})"

    return [
        Field(name, "list", listed(code), en, zh, description),
        Field(
            f"{name}_en",
            "list",
            listed(name_en),
            f"{en} (English)",
            f"{zh}(英文)",
            format_lazy(_("English labels of {name}."), name=name),
        ),
        Field(
            f"{name}_zh",
            "list",
            listed(name_zh),
            f"{en} (Chinese)",
            f"{zh}(中文)",
            format_lazy(_("Chinese labels of {name}."), name=name),
        ),
    ]


def places(source: str, order: str, description: str | Promise) -> list[Field]:
    """Return three fields for the places of a relation, `x`."""
    label = "(select {} from cases_place where code = x.place_id)"  # never planned as a walk through all places
    labels = label.format("name_en"), label.format("name_zh")
    return coded("places", "Places", "地点", description, f"from {source} {order}", "x.place_id", *labels)


def crime_types(source: str, order: str, description: str | Promise) -> list[Field]:
    """Return three fields for the crime types of a relation, `x`."""
    label = "(select {} from cases_crimetype where code = x.crimetype_id)"
    labels = label.format("label_en"), label.format("label_zh")
    return coded(
        "crime_types", "Crime types", "犯罪类型", description, f"from {source} {order}", "x.crimetype_id", *labels
    )


def permanent_id(what: str | Promise) -> Field:
    """Return the field of a record's own id."""
    return Field(
        "id",
        "integer",
        "r.id",
        "Id",
        "编号",
        format_lazy(_("The {what}'s number in the archive. Permanent, never given again."), what=what),
    )


def dates(name: str, column: str, en: str, zh: str, description: str | Promise) -> list[Field]:
    """Return three fields for a partial date: as written, and its first and last possible day."""
    return [
        Field(
            name,
            "text",
            column,
            en,
            zh,
            format_lazy(
                _("{description} As far as it is known, in EDTF: 2018, 2018-09, ~ about."), description=description
            ),
        ),
        Field(
            f"{name}_earliest",
            "date",
            f"lower({column}_span)",
            f"{en}, earliest",
            f"{zh}(最早)",
            format_lazy(_("First day that {name} may mean."), name=name),
        ),
        Field(
            f"{name}_latest",
            "date",
            f"upper({column}_span) - 1",
            f"{en}, latest",
            f"{zh}(最晚)",
            format_lazy(_("Last day that {name} may mean."), name=name),
        ),
    ]


PUBLISHED_BY = [
    Field("publisher", "text", "u.name", "Publisher", "发布者", _("Who brought the document out, as credited.")),
    Field(
        "publisher_kind",
        "text",
        "u.kind",
        "Kind of publisher",
        "发布者类别",
        _("authority, official_media, news, …"),
        PublisherKind,
    ),
    *dates("published", "a.published", "Published", "发布日期", _("When the document was published.")),
    Field("language", "text", "a.language", "Language", "语言", _("Language of the document: en or zh."), Language),
    Field(
        "translation",
        "text",
        "a.translation",
        "Translation",
        "译文",
        _("none, machine, human or unknown."),
        Translation,
    ),
    Field(
        "source_url",
        "text",
        "a.url",
        "Source address",
        "来源网址",
        _("Where the document was read; empty if withheld."),
    ),
]
OF_ANNOUNCEMENT = [
    Field("announcement_id", "integer", "a.id", "Announcement id", "通报编号", _("The announcement that says it.")),
    Field("announcement_key", "text", "a.key", "Announcement key", "通报键", _("Its key in imports and exports.")),
    Field("announcement_title", "text", "a.title", "Announcement title", "通报标题", _("Its title, as printed.")),
    Field(
        "kind",
        "text",
        "a.kind",
        "Kind",
        "类别",
        _("Of the announcement: release, report, feature or case_list."),
        AnnouncementKind,
    ),
]
