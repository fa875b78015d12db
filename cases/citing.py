"""Citations over HTTP: on the page of a record, and as files for reference managers."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from cases import api, citation, data_version, versions
from cases.captions import Record
from cases.citation import FORMATS, Citation
from cases.models import Announcement, Campaign
from cases.problems import not_modified, readable_anywhere, site_of, tagged

Context = dict[str, Any]


class Form:
    """The end of an address that names a format of citations: `/cases/12.bib`."""

    regex = "|".join(form.replace(".", r"\.") for form in FORMATS)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


def of_record(request: HttpRequest, kind: str, record: Record, n: int | None = None) -> Context:
    """Return what the page of a record says of how to cite it, in its newest version or another one."""
    query = f"?version={n}" if n else ""
    address = f"cases:{kind.removesuffix('s')}-cite"
    return _context(_cite(request, record, n), lambda form: reverse(address, args=[record.pk, form]) + query)


def of_campaign(request: HttpRequest, campaign: Campaign) -> Context:
    """Return what the page of a campaign says of how to cite it."""
    n = data_version.current().n
    return _context(
        lambda: citation.of_campaign(campaign, site_of(request), timezone.localdate(), n),
        lambda form: reverse("cases:campaign-cite", args=[campaign.slug, form]),
    )


def _cite(request: HttpRequest, record: Record, n: int | None) -> Callable[[], Citation]:
    announcement = record if isinstance(record, Announcement) else record.announcement
    known, today = n or versions.last(announcement), timezone.localdate()
    return lambda: citation.of_record(record, site_of(request), today, known)


def _context(cite: Callable[[], Citation], address: Callable[[str], str]) -> Context:
    with override("en"):
        machines = cite()
    return {
        "citation": {
            "styles": citation.styles(cite),
            "files": [(form.label, address(end), form.content_type.split(";")[0]) for end, form in FORMATS.items()],
            "metadata": machines.metadata,
            "linked_data": machines.linked_data,
        }
    }


def record_file(request: HttpRequest, kind: str, pk: int, end: str) -> HttpResponseBase:
    """Answer with the citation of a public record in one of the formats, of the version that is asked for."""
    record, n = api.public_record(kind, pk), None
    if record is None:
        return api.gone(kind, pk, twin="cite", end=end)
    if asked := request.GET.get("version", ""):
        try:
            shown = versions.shown(kind, record, asked)
        except versions.UnknownVersionError as error:
            return api.unknown_version(error)
        record, n = shown.record, shown.version.n
    return _file(request, f"{kind.removesuffix('s')}-{record.pk}", end, n, _cite(request, record, n))


def campaign_file(request: HttpRequest, campaign: Campaign, end: str) -> HttpResponseBase:
    """Answer with the citation of a campaign in one of the formats."""
    site, n = site_of(request), data_version.current().n
    cite = lambda: citation.of_campaign(campaign, site, timezone.localdate(), n)  # noqa: E731
    return _file(request, f"campaign-{campaign.slug}", end, n, cite)


def _file(request: HttpRequest, name: str, end: str, n: int | None, cite: Callable[[], Citation]) -> HttpResponseBase:
    form = FORMATS[end]
    with override("en"):
        cited = cite()
    tag = data_version.etag(data_version.current(), cited, end)
    if unchanged := not_modified(request, tag):
        return unchanged
    response = HttpResponse(form.write(cited), content_type=form.content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}.{end}"'
    return readable_anywhere(tagged(response, tag))
