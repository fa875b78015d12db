"""Every kind of page that a reader can come to by following links, each once."""

from functools import cache
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit
from urllib.request import urlopen

from django.urls import Resolver404, resolve

# What no link leads to: answers that are refusals, an empty list, a long list, the login.
OTHERS = (
    "/announcements/?year=twelve",
    "/announcements/?q=nothing+of+the+kind+anywhere",
    "/cases/?year=2018&province=anhui&crime_type=hacking&crime_type=gambling",
    "/figures/?measure=suspects_arrested&per_page=100&sort=oldest",
    "/announcements/999999999/",
    "/cases/9000001/",
    "/no/such/page/",
    "/admin/login/",
)


class Links(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag == "a" and dict(attrs).get("href"):
            self.found.append(dict(attrs)["href"])


def fetch(url):
    """Return the type and the text of what is at an address."""
    with urlopen(url) as answer:  # noqa: S310  (the site's own)
        return answer.headers.get_content_type(), answer.read().decode()


def kind_of(path):
    try:
        found = resolve(path)
    except Resolver404:
        return None
    return found.view_name, found.kwargs.get("kind")


def all_pages(site):
    """Return one address of every kind of page: from the home page, by links."""
    return [*_linked(site.url), *OTHERS]


@cache
def _linked(address):
    """Return the pages of a site that is only read."""
    waiting, seen, pages = ["/"], {kind_of("/")}, []
    while waiting:
        path = waiting.pop(0)
        content_type, text = fetch(address + path)
        if content_type != "text/html":
            continue
        pages.append(path)
        for href in Links(text).found:
            url = urlsplit(urljoin(address + path, href))
            kind = kind_of(url.path) if url.netloc == urlsplit(address).netloc else None
            if kind and kind not in seen and not url.path.startswith(("/admin/", "/static/")):
                seen.add(kind)
                waiting.append(url.path)
    return pages
