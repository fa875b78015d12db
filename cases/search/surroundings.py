"""What stands around the records of a list: the sentence that says what it shows, its options, where a page stands."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

# How the parts of the sentence above a list begin, as a thing is and as it is not.
WORDS: dict[str, tuple[str | Promise, str | Promise]] = {
    "q": (pgettext_lazy("sentence", "containing"), ""),
    "year": (pgettext_lazy("sentence", "from"), pgettext_lazy("sentence", "not from")),
    "province": (pgettext_lazy("sentence", "in"), pgettext_lazy("sentence", "not in")),
    "place": (pgettext_lazy("sentence", "in"), pgettext_lazy("sentence", "not in")),
    "role": (pgettext_lazy("sentence", "as"), pgettext_lazy("sentence", "not as")),
    "crime_type": (pgettext_lazy("sentence", "about"), pgettext_lazy("sentence", "not about")),
    "campaign": (pgettext_lazy("sentence", "of"), pgettext_lazy("sentence", "not of")),
    "measure": (pgettext_lazy("sentence", "counting"), pgettext_lazy("sentence", "not counting")),
    "unit": (pgettext_lazy("sentence", "counted in"), pgettext_lazy("sentence", "not counted in")),
    "qualifier": (pgettext_lazy("sentence", "stated as"), pgettext_lazy("sentence", "not stated as")),
    "verdict": (pgettext_lazy("sentence", "standing as"), pgettext_lazy("sentence", "not standing as")),
    "basis": (pgettext_lazy("sentence", "within"), pgettext_lazy("sentence", "not within")),
    "slip": (pgettext_lazy("sentence", "apart by"), pgettext_lazy("sentence", "not apart by")),
    "publisher": (pgettext_lazy("sentence", "published by"), pgettext_lazy("sentence", "not published by")),
    "kind": (pgettext_lazy("sentence", "told in a"), pgettext_lazy("sentence", "not told in a")),
    "language": (pgettext_lazy("sentence", "written in"), pgettext_lazy("sentence", "not written in")),
    "after": (pgettext_lazy("sentence", "published from"), ""),
    "before": (pgettext_lazy("sentence", "published until"), ""),
    "min": (pgettext_lazy("sentence", "of at least"), ""),
    "scope": (pgettext_lazy("sentence", "about exactly"), ""),
    "max": (pgettext_lazy("sentence", "of at most"), ""),
}


@dataclass(frozen=True)
class Chip:
    """One chosen value, and the address without it (or with it turned)."""

    label: str
    url: str


@dataclass(frozen=True)
class Part:
    """A part of the sentence that says what is shown: "from 2018 or 2021"."""

    words: str
    chips: list[Chip]


@dataclass(frozen=True)
class Option:
    """One way to order or to page a list, or to widen it."""

    label: str
    url: str
    selected: bool = False
    count: int | None = None


@dataclass(frozen=True)
class Page:
    """Where in the list a page stands. `first` and `last` count records from 1."""

    number: int
    count: int
    first: int
    last: int
    previous_url: str | None
    next_url: str | None
    links: list[tuple[int | None, str, bool]]


@dataclass(frozen=True)
class Neighbours:
    """Where a record stands in a result, and the addresses of those before and after it and of the list."""

    number: int
    total: int
    previous_url: str | None
    next_url: str | None
    list_url: str
