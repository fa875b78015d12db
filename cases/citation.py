"""How to cite what the archive holds: the styles of scholars, the formats of reference managers, metadata in pages.

A citation names the source (who said it, and where), the archive, the version that was read, and the day it was read.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import override

from cases import captions
from cases.captions import Record
from cases.models import Announcement, Campaign, TypicalCase
from cases.partial_dates import PartialDateError, parse

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September", "October"),
    *("November", "December"),
)
# In JSON inside of HTML: what would end the element or begin another one.
_NO_MARKUP = str.maketrans({sign: f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"})
# BibTeX counts braces, escaped or not: those of a text are written by name.
_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


@dataclass(frozen=True)
class Citation:
    """What a citation of one record is made of, in the language of the page. Texts are one line each."""

    id: str
    title: str
    author: str
    archive: str
    language: str  # of the document
    issued: tuple[int, ...]  # year, month, day, as far as they are known
    address: str  # the permanent one; of the version that was read
    source: str  # where the document itself stands, or empty
    version: str
    accessed: date

    # --- for readers ---

    @property
    def chicago(self) -> str:
        issued = f" {_american(self.issued)}." if self.issued else ""
        title = self.title.translate({ord("“"): "‘", ord("”"): "’"})
        return (
            f"{_ended(self.author)} “{_ended(title)}”{issued} {self.archive}, version {self.version}. "
            f"Accessed {_american(_day(self.accessed))}. {self.address}.{self._source}"
        )

    @property
    def apa(self) -> str:
        year, *rest = [str(part) for part in self.issued] or ["n.d."]
        issued = f"{year}, {' '.join([MONTHS[int(rest[0]) - 1], *rest[1:]])}" if rest else year
        return (
            f"{_ended(self.author)} ({issued}). {self.title} (Version {self.version}). {self.archive}. "
            f"Retrieved {_american(_day(self.accessed))}, from {self.address}{self._source and '.' + self._source}"
        )

    @property
    def gbt7714(self) -> str:
        issued = f"({_iso(self.issued)})" if self.issued else ""
        version = _("version %(n)s") % {"n": self.version}
        return (
            f"{_ended(self.author)} {self.title}[EB/OL]//{self.archive}: {version}. "
            f"{issued}[{self.accessed.isoformat()}]. {self.address}.{self._source}"
        )

    @property
    def _source(self) -> str:
        return f" {_('Source: %(address)s') % {'address': self.source}}" if self.source else ""

    # --- for reference managers ---

    @property
    def _note(self) -> str:
        """In English, whatever the page is in: the files are the same for everybody."""
        return f"Source: {self.source}" if self.source else ""

    @property
    def bibtex(self) -> str:
        fields = {
            "author": f"{{{_tex(self.author)}}}",
            "title": f"{{{_tex(self.title)}}}",
            "year": str(self.issued[0]) if self.issued else "",
            "date": _iso(self.issued),
            "howpublished": _tex(self.archive),
            "version": _tex(self.version),
            "url": self.address,
            "urldate": self.accessed.isoformat(),
            "note": _tex(self._note),
            "language": {"en": "english", "zh": "chinese"}.get(self.language, ""),
        }
        lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
        return "\n".join([f"@misc{{{self.id},", ",\n".join(lines), "}", ""])

    @property
    def ris(self) -> str:
        lines = [
            ("TY", "ELEC"),
            ("ID", self.id),
            ("AU", _organisation_in_ris(self.author)),
            ("TI", self.title),
            ("T2", self.archive),
            ("PY", str(self.issued[0]) if self.issued else ""),
            (
                "DA",
                "/".join(f"{part:02}" for part in self.issued) + "/" * (3 - len(self.issued)) if self.issued else "",
            ),
            ("ET", self.version),
            ("LA", self.language),
            ("UR", self.address),
            ("Y2", self.accessed.strftime("%Y/%m/%d/")),
            ("N1", self._note),
        ]
        return "".join(f"{tag}  - {value}\r\n" for tag, value in lines if value) + "ER  - \r\n"

    @property
    def csl(self) -> dict[str, Any]:
        item: dict[str, Any] = {
            "id": self.id,
            "type": "webpage",
            "title": self.title,
            "author": [{"literal": self.author}],
            "container-title": self.archive,
            "archive": self.archive,
            "version": self.version,
            "language": self.language,
            "URL": self.address,
            "accessed": {"date-parts": [list(_day(self.accessed))]},
        }
        if self.issued:
            item["issued"] = {"date-parts": [list(self.issued)]}
        if self.source:
            item["note"] = self._note
        return item

    # --- for machines that read pages ---

    @property
    def metadata(self) -> list[tuple[str, str]]:
        """The names and contents of meta elements: Highwire Press, as scholars' indexes read it, and Dublin Core."""
        named = [
            ("citation_title", self.title),
            ("citation_author", self.author),
            ("citation_publication_date", _slashed(self.issued).rstrip("/")),
            ("citation_publisher", self.archive),
            ("citation_language", self.language),
            ("citation_public_url", self.address),
            ("DC.title", self.title),
            ("DC.creator", self.author),
            ("DC.date", _iso(self.issued)),
            ("DC.publisher", self.archive),
            ("DC.language", self.language),
            ("DC.identifier", self.address),
            ("DC.source", self.source),
            ("DC.type", "Text"),
        ]
        return [(name, content) for name, content in named if content]

    @property
    def linked_data(self) -> SafeString:
        """The record in the words of schema.org, as JSON that can stand inside of an HTML page."""
        data: dict[str, Any] = {
            "@context": "https://schema.org",
            "@type": "CreativeWork",
            "@id": self.address,
            "url": self.address,
            "name": self.title,
            "author": {"@type": "Organization", "name": self.author},
            "inLanguage": self.language,
            "version": self.version,
            "isPartOf": {"@type": "Collection", "name": self.archive},
        }
        if self.issued:
            data["datePublished"] = _iso(self.issued)
        if self.source:
            data["isBasedOn"] = self.source
        return mark_safe(json.dumps(data, ensure_ascii=False).translate(_NO_MARKUP))  # noqa: S308  (nothing is left)


@dataclass(frozen=True)
class Format:
    """One format of reference managers: what it is called, and how a citation is written in it."""

    label: str
    content_type: str
    write: Callable[[Citation], str]


# By the end of the address that gives it.
FORMATS = {
    "bib": Format("BibTeX", "application/x-bibtex; charset=utf-8", lambda c: c.bibtex),
    "ris": Format("RIS", "application/x-research-info-systems; charset=utf-8", lambda c: c.ris),
    "csl.json": Format(
        "CSL-JSON",
        "application/vnd.citationstyles.csl+json; charset=utf-8",
        lambda c: json.dumps([c.csl], ensure_ascii=False, indent=1) + "\n",
    ),
}


def of_record(record: Record, site: str, today: date, n: int | None) -> Citation:
    """Return the citation of a version of a record: of what its announcement says, and of where in it.

    `n` is None of what became public before versions were kept.
    """
    announcement = record if isinstance(record, Announcement) else record.announcement
    kind = {Announcement: "announcement", TypicalCase: "case"}.get(type(record), "figure")
    return Citation(
        id=f"{kind}-{record.pk}",
        title=_plain(captions.title(record)),
        author=_plain(announcement.publisher.name),
        archive=_("Archive of Enforcement Announcements"),
        language=announcement.language,
        issued=_issued(announcement.published),
        address=f"{site}/{kind}s/{record.pk}/{f'?version={n}' if n else ''}",
        source=_address(announcement.url or ""),
        version=str(n or 1),
        accessed=today,
    )


def of_campaign(campaign: Campaign, site: str, today: date, data_version: int) -> Citation:
    """Return the citation of what the archive itself says of a campaign."""
    archive = _("Archive of Enforcement Announcements")
    names = [campaign.name_en, campaign.name_zh]
    return Citation(
        id=f"campaign-{campaign.slug}",
        title=_plain(" / ".join(name for name in dict.fromkeys(names) if name)),
        author=archive,
        archive=archive,
        language="en",
        issued=(),
        address=f"{site}/campaigns/{campaign.slug}/",
        source="",
        version=str(data_version),
        accessed=today,
    )


def styles(cite: Callable[[], Citation]) -> Mapping[str, str]:
    """Return a citation as it stands in lists of references: English ones in English, GB/T 7714 as the page is."""
    with override("en"):
        english = cite()
        found = {"Chicago": english.chicago, "APA": english.apa}
    return {**found, "GB/T 7714": cite().gbt7714}


def _plain(text: str) -> str:
    return captions.for_xml(captions.one_line(text))


def _address(url: str) -> str:
    """Return an address with nothing in it that a format could take for its own."""
    return quote(url, safe="/:?#[]@!$&'()*+,;=%-._~")


def _issued(written: str | None) -> tuple[int, ...]:
    """Return of a date what all days that it may mean have in common."""
    try:
        parsed = parse(written or "")
    except PartialDateError:
        return ()
    if parsed.earliest is None or parsed.latest is None:
        return ()
    common: list[int] = []
    for first, last in zip(_day(parsed.earliest), _day(parsed.latest), strict=True):
        if first != last:
            break
        common.append(first)
    return tuple(common)


def _day(day: date) -> tuple[int, int, int]:
    return day.year, day.month, day.day


def _american(parts: tuple[int, ...]) -> str:
    year, *rest = parts
    if not rest:
        return str(year)
    return f"{MONTHS[rest[0] - 1]} {rest[1]}, {year}" if len(rest) == 2 else f"{MONTHS[rest[0] - 1]} {year}"


def _iso(parts: tuple[int, ...]) -> str:
    return "-".join(f"{part:02}" for part in parts)


def _slashed(parts: tuple[int, ...]) -> str:
    """Return a date as RIS has it: what is not known is left out, its slash stays."""
    return "/".join([f"{part:02}" for part in parts] + [""] * (3 - len(parts))) if parts else ""


def _organisation_in_ris(name: str) -> str:
    """Return the name of an organisation as an author of RIS, which is "Lastname, Firstname, Suffix": as a last name.

    Where the format is read, a comma ends the last name and nothing protects it (Zotero splits there, whatever follows
    the second comma is lost), and a name without one may be taken for "Firstname Lastname" (EndNote asks for a comma
    after names of organisations). So a comma of the name is written as the full-width one, and one stands at the end.
    """
    return f"{re.sub(', ?', '，', name)},"


def _ended(text: str) -> str:
    return text if text[-1:] in tuple(".?!。？！") else f"{text}."


def _tex(text: str) -> str:
    return re.sub(r"[\\{}&%$#_~^]", lambda sign: _TEX.get(sign[0], "\\" + sign[0]), text)
