"""Worked examples of taking data away, for the shell, Python and R. `{site}` stands for the address of the archive.

Those for Python need nothing beside Python. The tests run what stands here as it is shown.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Example:
    """One thing to do with an address, in as many languages as it is worth telling."""

    path: str
    title: str | Promise
    curl: str
    python: str = ""
    r: str = ""

    def samples(self, site: str) -> list[dict[str, str]]:
        """Return it as OpenAPI documents hold examples (x-codeSamples)."""
        told = (("Shell", "curl", self.curl), ("Python", "Python", self.python), ("R", "R", self.r))
        return [
            {"lang": lang, "label": label, "title": str(self.title), "source": source.replace("{site}", site).strip()}
            for lang, label, source in told
            if source
        ]


EXAMPLES = (
    Example(
        "/figures.csv",
        _("A whole result as a table"),
        """
curl --fail --silent --show-error --output figures.csv \\
    '{site}/figures.csv?measure=suspects_arrested&year=2018'
""",
        """
import csv
from urllib.request import urlopen

with urlopen("{site}/figures.csv?measure=suspects_arrested&year=2018") as answer:
    figures = list(csv.DictReader(line.decode() for line in answer))
    assert len(figures) == int(answer.headers["X-Total-Count"])  # else it was cut on the way

for figure in figures[:3]:
    print(figure["as_of"], figure["qualifier"], figure["value"], figure["url"])
""",
        """
figures <- read.csv("{site}/figures.csv?measure=suspects_arrested&year=2018",
                    encoding = "UTF-8", na.strings = "", colClasses = c(places = "character"))
figures[1:3, c("as_of", "qualifier", "value", "url")]
""",
    ),
    Example(
        "/cases.json",
        _("A list page by page, and the counts beside it"),
        """
curl --fail --silent --show-error '{site}/cases.json?province=anhui&per_page=25&facets=1'
""",
        """
import json
from urllib.request import urlopen

cases = []
address = "{site}/cases.json?per_page=25"
while address:
    with urlopen(address) as answer:
        page = json.load(answer)
    cases += page["results"]
    address = page["next"]

assert len(cases) == page["count"]
print(len(cases), "cases, the newest:", cases[0]["heading"])
""",
        """
library(jsonlite)

cases <- list()
address <- "{site}/cases.json?per_page=100"
while (!is.null(address)) {
  page <- fromJSON(address)
  cases <- c(cases, list(page$results))
  address <- page$`next`
}
cases <- rbind_pages(cases)
""",
    ),
    Example(
        "/cases.jsonl",
        _("Every record, one at a time, however many there are"),
        """
curl --fail --silent --show-error --compressed --output cases.jsonl '{site}/cases.jsonl?crime_type=fraud'
""",
        """
import json
from collections import Counter
from urllib.request import urlopen

types = Counter()
with urlopen("{site}/cases.jsonl") as answer:
    for line in answer:
        types.update(json.loads(line)["crime_types"])

print(types.most_common(3))
""",
        """
library(jsonlite)
cases <- stream_in(url("{site}/cases.jsonl"), verbose = FALSE)
""",
    ),
    Example(
        "/cases.csv.sha256",
        _("Whether a file arrived whole"),
        """
curl --fail --silent --show-error --remote-name --remote-header-name '{site}/cases.csv'
curl --fail --silent --show-error '{site}/cases.csv.sha256' | sha256sum --check
""",
        """
from hashlib import sha256
from urllib.request import urlopen

file = urlopen("{site}/cases.csv").read()
digest, name = urlopen("{site}/cases.csv.sha256").read().decode().split()
assert sha256(file).hexdigest() == digest
print(name, "is whole")
""",
    ),
    Example(
        "/announcements.csv",
        _("Only if something has changed since the last time"),
        """
curl --fail --silent --show-error --etag-save tag --etag-compare tag \\
    --output announcements.csv '{site}/announcements.csv'
""",
        """
from urllib.error import HTTPError
from urllib.request import Request, urlopen

address = "{site}/announcements.csv"
with urlopen(address) as answer:
    tag = answer.headers["ETag"]  # keep it beside the file

try:
    urlopen(Request(address, headers={"If-None-Match": tag}))
    print("there is something new")
except HTTPError as answer:
    assert answer.code == 304
    print("nothing has changed")
""",
    ),
)


def of(path: str, site: str) -> list[dict[str, str]]:
    """Return the examples of an address, in every language."""
    return [sample for example in EXAMPLES if example.path == path for sample in example.samples(site)]
