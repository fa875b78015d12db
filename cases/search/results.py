"""One request for a list: the parameters, the records, the facets, and the addresses that change them.

Every format (page, CSV, JSON) asks this one object, so that the same address means the same records.
"""

from collections.abc import Iterable
from functools import cached_property
from math import ceil
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, Count, Expression, IntegerField, Q, QuerySet, Value, When
from django.db.models.expressions import OrderBy
from django.http import QueryDict
from django.utils.translation import gettext as _

from cases.fulltext import TextQuery
from cases.models.announcement import bring_first_figures
from cases.search import counting, cursors, facets, hits, suggest
from cases.search.addresses import Addresses, name_of
from cases.search.filters import FILTERS
from cases.search.kinds import KINDS, NEWEST, SORTS
from cases.search.parameters import MAX_PAGE, NONE, PAGE_SIZES, POSITION, Query, of_kind, parse
from cases.search.sets import among
from cases.search.stretches import stretch
from cases.search.surroundings import Neighbours, Option, Page
from cases.search.vocabulary import Vocabulary
from cases.search.words import in_title, rank, repairs

SUGGESTIONS = 5  # spellings that are tried, and words that are left out for a trial, where nothing was found
# Of more hits than these, so many are ranked: those in titles, the newest first, then the newest others. What is left
# follows by date.
RANKED = 1_000


class Results(Addresses):
    """What a list shows for its parameters. With `errors` it has no records; nothing is ever un-filtered."""

    def __init__(
        self,
        kind: str,
        data: QueryDict,
        *,
        refuse: Iterable[str] = (),
        vocabulary: Vocabulary | None = None,
        at: str = "",
    ) -> None:
        """Read the parameters of a list; `at` is the page that its links lead to, if not the list itself."""
        self.kind = KINDS[kind]
        self.at = at or self.kind.url
        self.query: Query = parse(kind, data, refuse=refuse)
        self.vocabulary = vocabulary or Vocabulary()
        self.filters = FILTERS[kind](self.query, self.vocabulary)
        self.errors = list(self.query.errors)
        if not self.filters.is_valid():
            for name, problems in self.filters.form.errors.items():
                self.errors += [(name, str(problem)) for problem in problems]
        self._check_single_values()

    def _check_single_values(self) -> None:
        sort, size, page, with_facets = (self.query.get(n) for n in ("sort", "per_page", "page", "facets"))
        if sort == "relevance" and not self.q:
            self.errors.append(("sort", _("relevance needs words to search for (q)")))
        elif sort and sort not in self.orders:
            self.errors.append(("sort", _("takes %(values)s") % {"values": ", ".join(self.orders)}))
        if size and size not in map(str, PAGE_SIZES):
            self.errors.append(("per_page", _("takes %(values)s") % {"values": ", ".join(map(str, PAGE_SIZES))}))
        if with_facets not in ("", "0", "1"):
            self.errors.append(("facets", _("takes %(values)s") % {"values": "0, 1"}))
        self.per_page = int(size) if size in map(str, PAGE_SIZES) else PAGE_SIZES[0]
        self.number = 1
        if page:
            if page.isascii() and page.isdecimal() and 1 <= int(page[:9]) <= MAX_PAGE:
                self.number = int(page[:9])
            else:
                self.errors.append(("page", _("“%(value)s” is not a page number") % {"value": page}))
        self.start: list[Any] | None = None
        if cursor := self.query.get("cursor"):
            try:
                if not sort or sort in self.orders:  # else there is no order that it could be of
                    self.start = cursors.decode(cursor, self.sort, self.order)
            except ValueError:
                self.errors.append(("cursor", _("is none of this list in this order")))
            if page:
                self.errors.append(("page", _("is not taken beside a cursor")))
        if not self.errors and self.number > 1 and self.number > max(self.pages, 1):
            self.errors.append(("page", _("the list has %(n)d pages") % {"n": max(self.pages, 1)}))

    # --- records --------------------------------------------------------------------------------------------------

    @cached_property
    def found(self) -> QuerySet[Any]:
        """The search rows of the whole result, in order."""
        return self.filters.queryset.none() if self.errors else self._ordered(self.filters.qs)

    def _ordered(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        if self.sort == "relevance" and self.words:
            ranked: Expression = rank(self.words)
            if self.total > RANKED:
                ranked = Case(When(among(self.head), then=ranked), default=Value(-1.0))
            rows = rows.annotate(rank=ranked)
        return rows.order_by(*self.order)

    @cached_property
    def head(self) -> list[int]:
        """The ids of the records that alone are ranked where there are very many."""
        titled = self.filters.qs.filter(in_title(self.words)) if self.words else self.filters.queryset.none()
        newest, _before = stretch(self.filters, "newest", 0, RANKED, self.total)
        ids = [pk for rows in (titled, newest) for pk in rows.order_by(*NEWEST).values_list("id", flat=True)[:RANKED]]
        return list(dict.fromkeys(ids))[:RANKED]

    def between(self, start: int, stop: int) -> QuerySet[Any]:
        """Return the search rows from one position of the result to another, in order."""
        if self.errors:
            return self.found
        if self.sort == "relevance" and stop <= RANKED < self.total:
            return self._ordered(self.filters.queryset.filter(among(self.head)))[start:stop]
        rows, before = stretch(self.filters, self.sort, start, stop, self.total)
        return self._ordered(rows)[start - before : stop - before]

    @property
    def order(self) -> tuple[OrderBy | str, ...]:
        """The order of the records; always a total one, ended by the id."""
        return SORTS[self.sort][1]

    @property
    def orders(self) -> tuple[str, ...]:
        """The orders that this list can have, the default first."""
        return ("relevance", *self.kind.sorts) if self.q else self.kind.sorts

    @property
    def sort(self) -> str:
        return self.query.get("sort") or self.orders[0]

    @property
    def q(self) -> str:
        return self.query.get("q")

    @cached_property
    def words(self) -> TextQuery | None:
        """The words searched for, as they were understood."""
        words: TextQuery | None = self.filters.form.cleaned_data.get("q")
        return words

    @property
    def repairs(self) -> list[str]:
        """What had to be mended in the words."""
        return repairs(self.words) if self.words else []

    @cached_property
    def total(self) -> int:
        return 0 if self.errors else counting.total(self.filters)

    @property
    def pages(self) -> int:
        return ceil(self.total / self.per_page)

    @cached_property
    def ids(self) -> list[int]:
        """The ids of the records on the page, in order."""
        return [keys[-1] for keys in self._keys[: self.per_page]]

    @property
    def next_cursor(self) -> str:
        """The cursor of the page after this one, or an empty string."""
        more = len(self._keys) > self.per_page
        return cursors.encode(self.sort, self._keys[self.per_page - 1]) if more else ""

    @cached_property
    def _keys(self) -> list[tuple[Any, ...]]:
        """What each record on the page and the one after it is sorted by; its id is the last."""
        if self.errors:
            return []
        if self.start is None:
            first = (self.number - 1) * self.per_page
            rows = self.between(first, first + self.per_page + 1)
        else:
            rows = self.found.filter(cursors.after(self.order, self.start))[: self.per_page + 1]
        return list(rows.values_list(*cursors.columns(self.order)))

    @cached_property
    def rows(self) -> list[Any]:
        """The records on the page, in order, with what a row of the list shows."""
        found = {record.pk: record for record in self.kind.model._default_manager.filter(pk__in=self.ids).for_listing()}
        rows = [found[pk] for pk in self.ids if pk in found]
        for position, row in enumerate(rows, self.page.first):
            row.trail = self.trail(position)
        hits.attach(self.kind.slug, rows, self.words.terms if self.words else [], self.vocabulary)
        if self.kind.slug != "figures":  # where words are searched for, their snippets are shown instead
            bring_first_figures([row for row in rows if not row.snippets])
        return rows

    def trail(self, position: int) -> str:
        """Return what a record's address carries so that its page can lead on within this result."""
        return f"?{urlencode([*self.pairs(without=('per_page', 'facets')), (POSITION, str(position))])}"

    def neighbours(self, position: int) -> "Neighbours | None":
        """Return what stands before and after the record at a position of the result, counted from 1."""
        if self.errors or not 1 <= position <= self.total:
            return None
        start = max(position - 2, 0)
        ids = list(self.between(start, position + 1).values_list("id", flat=True))
        records = self.kind.model._default_manager.in_bulk(ids)
        shown = {n: records[pk] for n, pk in enumerate(ids, start + 1) if pk in records}
        urls = {n: f"{record.get_absolute_url()}{self.trail(n)}" for n, record in shown.items()}
        page = self.page_url((position - 1) // self.per_page + 1)
        return Neighbours(position, self.total, urls.get(position - 1), urls.get(position + 1), page)

    @cached_property
    def suggestions(self) -> list[Option]:
        """Spellings near the words searched for that do find something, where these found nothing."""
        if self.errors or self.total or not self.q:
            return []
        found = []
        for text in suggest.suggestions(self.q, self.vocabulary)[:SUGGESTIONS]:
            pairs = [("q", text), *self.pairs(without=("q",))]
            other = Results(self.kind.slug, QueryDict(urlencode(pairs)), vocabulary=self.vocabulary)
            if other.total:
                found.append(Option(text, other.address(other.pairs()), count=other.total))
        return found

    @cached_property
    def tabs(self) -> list[Option]:
        """The same parameters on the three lists, as far as each takes them, with their counts."""
        tabs = []
        for kind in KINDS.values():
            if kind is self.kind:
                tabs.append(Option(str(kind.label), self.address(self.pairs()), True, self.total))
                continue
            known = {p.name for p in of_kind(kind.slug)} - {"sort"}
            pairs = [(key, value) for key, value in self.pairs() if key.removesuffix(".not") in known]
            other = Results(kind.slug, QueryDict(urlencode(pairs)), vocabulary=self.vocabulary)
            tabs.append(Option(str(kind.label), other.address(other.pairs()), False, other.total))
        return tabs

    # --- facets ---------------------------------------------------------------------------------------------------

    @cached_property
    def facets(self) -> list[facets.Facet]:
        places = facets.place_nodes(self.filters, self.vocabulary)
        counts = None
        if not self.errors:
            named = [*places, NONE] if places or self.query.chosen.get("place") else []
            counts = counting.count(self.filters, self.kind.slug, total=self.total, places=named)
        return facets.build(self.kind.slug, self.query, self.filters, places, counts, self._toggle)

    @cached_property
    def page(self) -> Page:
        first = (self.number - 1) * self.per_page
        shown = sorted({1, self.pages, *range(self.number - 2, self.number + 3)} & set(range(1, self.pages + 1)))
        links: list[tuple[int | None, str, bool]] = []
        for i, number in enumerate(shown):
            if i and number > shown[i - 1] + 1:
                links.append((None, "", False))
            links.append((number, self.page_url(number), number == self.number))
        return Page(
            number=self.number,
            count=self.pages,
            first=min(first + 1, self.total),
            last=min(first + self.per_page, self.total),
            previous_url=self.page_url(self.number - 1) if self.number > 1 else None,
            next_url=self.page_url(self.number + 1) if self.number < self.pages else None,
            links=links,
        )

    def next_url(self, suffix: str) -> str:
        """Return the address of the page after this one, which stays right when records come or go."""
        return self.address([*self.pairs(), ("cursor", self.next_cursor)], suffix)

    def page_url(self, number: int, suffix: str = "/") -> str:
        """Return the address of one page of this list."""
        return self.address([*self.pairs(), *([("page", str(number))] if number > 1 else [])], suffix)

    @property
    def sorts(self) -> list[Option]:
        others = self.pairs(without=("sort",))
        return [
            Option(str(SORTS[sort][0]), self.address([*others, ("sort", sort)]), sort == self.sort)
            for sort in self.orders
        ]

    @property
    def sizes(self) -> list[Option]:
        others = self.pairs(without=("per_page",))
        return [
            Option(str(size), self.address([*others, ("per_page", str(size))]), size == self.per_page)
            for size in PAGE_SIZES
        ]

    @cached_property
    def advice(self) -> list[Option]:
        """For an empty result: each filter, and each of several words, with how much there is without it."""
        if self.errors or self.total:
            return []
        trials: list[tuple[str, Q, str]] = []
        for key, words, values in self._chosen():
            labels = f" {_('or')} ".join(self._label(name_of(key), value) for value in values)
            label = f"{words} {labels}".lstrip("· ")  # as the sentence parts its parts in Chinese
            trials.append((label, self.filters.conditions(without=[key]), self.address(self.pairs(without=(key,)))))
        terms = self.words.groups[0] if self.words and len(self.words.groups) == 1 else []
        for term in terms[:SUGGESTIONS] if len(terms) > 1 else []:
            others = [other for other in terms if other is not term]
            condition = self.filters.conditions(instead={"q": TextQuery([others])})
            pairs = [("q", " ".join(other.text for other in others)), *self.pairs(without=("q",))]
            trials.append((term.text, condition, self.address(pairs)))
        counts = [
            self.filters.queryset.order_by()
            .filter(condition)
            .annotate(i=Value(i, output_field=IntegerField()))
            .values("i")
            .annotate(n=Count("*"))
            .values("i", "n")
            for i, (_label, condition, _url) in enumerate(trials)
        ]
        found = {row["i"]: row["n"] for row in counts[0].union(*counts[1:], all=True)} if counts else {}
        return [Option(label, url, count=found.get(i, 0)) for i, (label, _condition, url) in enumerate(trials)]
