"""XML for programs: feeds of what has lately become public or changed, the search described, maps of the site."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cases import captions, data_version, sitemaps
from cases.problems import not_modified, problem_response, readable_anywhere, site_of, tagged
from cases.search import recent
from cases.search.parameters import OF_PAGES
from cases.search.results import Results

MOST_SECONDS = 10  # for one query of a feed


class Feed(Atom1Feed):
    """A feed that is as old as what it holds, not as new as the moment at which it is asked for."""

    def __init__(self, *, since: datetime, title: str, **options: Any) -> None:
        """Take what Django's feeds take. `since` is how old the feed is while it holds nothing."""
        super().__init__(title=captions.for_xml(title), language=get_language(), **options)
        self.since = since

    def latest_post_date(self) -> datetime:
        return max((item["updateddate"] for item in self.items), default=self.since)

    def add(self, *, title: str, text: str, **options: Any) -> None:
        """Add an entry. Its title and text are plain; the format has the text as HTML."""
        html = escape(captions.for_xml(text)).replace("\n", "<br>")
        self.add_item(title=captions.for_xml(captions.one_line(title)), description=html, **options)

    def response(self) -> HttpResponse:
        return HttpResponse(self.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def feed_response(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Answer with the records of a list that were last published or changed, under its filters."""
    results = Results(kind, request.GET, refuse=(*OF_PAGES, "sort"))
    if results.errors:
        return problem_response(results)
    site = site_of(request)
    with data_version.snapshot(seconds=MOST_SECONDS):
        version = data_version.current()
        tag = data_version.etag(version, site, get_language(), "atom", kind, results.pairs())
        if unchanged := not_modified(request, tag):
            return unchanged
        feed = Feed(
            title=results.title,
            link=site + results.address(results.pairs()),
            description=_("Archive of Enforcement Announcements"),
            feed_url=site + results.atom_url,
            feed_guid=site + results.atom_url,
            since=version.since,
        )
        for entry in recent.entries(results):
            _add(feed, entry, f"{site}/{kind}/{entry.record.pk}/", site)
    return readable_anywhere(tagged(feed.response(), tag))


def _add(feed: Feed, entry: recent.Entry, permanent: str, site: str) -> None:
    record = entry.record
    feed.add(
        title=captions.title(record),
        text=captions.summary(record),
        link=site + record.get_absolute_url(),
        unique_id=permanent,
        author_name=captions.for_xml(getattr(record, "announcement", record).publisher.name),
        categories=[str(crime_type.label) for crime_type in record.crime_types_list],
        pubdate=entry.published,
        updateddate=entry.updated,
    )


def opensearch(request: HttpRequest) -> HttpResponse:
    """Describe the search to browsers and other programs."""
    content_type = "application/opensearchdescription+xml; charset=utf-8"
    return render(request, "opensearch.xml", {"site": site_of(request)}, content_type=content_type)


def sitemap_index(request: HttpRequest) -> HttpResponseBase:
    """Name the parts of the map of the site."""
    return _sitemap(request, "sitemap_index.xml", lambda: {"parts": list(sitemaps.parts())})


def sitemap(request: HttpRequest, kind: str, n: int) -> HttpResponseBase:
    """Name the pages of one part. Raises Http404 if there is no such part."""
    return _sitemap(request, "sitemap.xml", lambda: {"entries": sitemaps.entries(kind, n)})


class Mapped:
    """The part of an address that names a kind of page in the map of the site."""

    regex = "|".join((sitemaps.PAGES, *sitemaps.RECORDS))

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


def _sitemap(request: HttpRequest, template: str, content: Callable[[], dict[str, list[Any]]]) -> HttpResponseBase:
    site = site_of(request)
    with data_version.snapshot(seconds=MOST_SECONDS):
        tag = data_version.etag(data_version.current(), request.build_absolute_uri())
        if unchanged := not_modified(request, tag):
            return unchanged
        context = content()
    if not any(context.values()):
        raise Http404
    response = render(request, template, {**context, "site": site}, content_type="application/xml; charset=utf-8")
    return tagged(response, tag)
