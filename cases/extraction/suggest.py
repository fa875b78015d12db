"""The one way in: what can be proposed for the text of a release."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache, partial
from typing import Final, Protocol

from cases.extraction import lines, rules
from cases.extraction.barred import barred, merged
from cases.extraction.campaigns import Campaigns
from cases.extraction.case_cues import Cues
from cases.extraction.counted import Counter
from cases.extraction.crimes import Crimes
from cases.extraction.dates import Dated, dates
from cases.extraction.figures import Figure, figures
from cases.extraction.places import places_of
from cases.extraction.prose_cases import begins, prose_cases
from cases.extraction.suggestions import (
    CampaignMention,
    CaseSuggestion,
    CrimeMention,
    DateMention,
    FigureSuggestion,
    PlaceMention,
    PublisherMention,
    Suggestions,
)
from cases.extraction.text import Source
from cases.extraction.typical_cases import Told, typical_cases
from cases.extraction.vocabulary import Vocabulary
from cases.partial_dates import parse


def suggest(text: str, vocabulary: Vocabulary, published: str | None = None) -> Suggestions:
    """Return what is proposed for a text in English or Chinese. Nothing is saved, nothing but the text is read.

    `published` is the partial date of publication (EDTF), by which "in June this year" is understood; without it the
    date that the text itself gives is taken. Raise ``PartialDateError`` if it is none.
    """
    if published:
        parse(published)
    return _extractor(vocabulary).suggest(Source(text), published)


@lru_cache(maxsize=8)
def _extractor(vocabulary: Vocabulary) -> "_Extractor":
    return _Extractor(vocabulary)


@lru_cache(maxsize=1)
def _counter() -> Counter:
    return Counter()


class _Extractor:
    """All recognisers of one vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._places = places_of(vocabulary.places)
        self._campaigns = Campaigns(vocabulary.campaigns)
        self._measures = {measure.code: measure for measure in vocabulary.measures}
        self._labels = {crime.code: (crime.label_en, crime.label_zh) for crime in vocabulary.crime_types}
        labels = [
            (part, crime.code)
            for crime in vocabulary.crime_types
            for label in (crime.label_en, crime.label_zh)
            for part in [label, *label.replace("、", "(").replace(")", "(").split("(")]
            if len(part.strip()) > 2
        ]
        terms = [(term, code) for term, code in rules.crime_terms() if code == "-" or code in self._labels]
        parents = {crime.code: crime.parent for crime in vocabulary.crime_types if crime.parent}
        self._crimes = Crimes([*terms, *labels], parents, self._labels)

    def suggest(self, source: Source, published: str | None) -> Suggestions:
        day = published or lines.published(source)
        base = day.partition("/")[0].rstrip("~?%") if day and day[:4].isdigit() else None
        campaigns = self._campaigns.find(source, base)
        names = [(named.start, named.end) for named in campaigns]
        dated = [date for date in dates(source, base) if not _within(names, date.start)]
        closed = merged([*barred(source), *names, *((date.start, date.end) for date in dated)])
        places = self._mentioned_places(source)
        counted = list(figures(source, _counter(), closed))
        cues = Cues(source, counted, places, dated)
        cases = typical_cases(source, partial(begins, source, cues), cues.headline) or prose_cases(source, cues)
        crimes = self._mentioned_crimes(source, cases)
        around = _Around(source, cases, places, crimes, dated)
        credited = lines.publisher(source)
        return Suggestions(
            language="zh" if source.chinese else "en",
            title=lines.title(source),
            published=day,
            publisher=PublisherMention(*_words(source, credited), source.text[credited.start : credited.end])
            if credited
            else None,
            campaigns=tuple(
                CampaignMention(
                    *_words(source, named), named.name, named.year, named.campaign.slug if named.campaign else None
                )
                for named in campaigns
            ),
            figures=tuple(self._figure(source, figure, around) for figure in counted),
            cases=tuple(
                CaseSuggestion(
                    number=case.number,
                    heading=case.heading,
                    code_name=case.code_name,
                    start=case.start,
                    end=case.end,
                    numbered=case.numbered,
                    places=around.places_in(case),
                    crime_types=around.crimes_in(case),
                )
                for case in cases
            ),
            places=tuple(places),
            crime_types=tuple(crimes),
            dates=tuple(DateMention(*_words(source, date), date.value) for date in dated if date.value),
        )

    def _mentioned_places(self, source: Source) -> list[PlaceMention]:
        return [
            PlaceMention(
                *_words(source, place),
                place.candidates[0].code,
                place.candidates[0].name_zh if source.chinese else place.candidates[0].name_en,
                tuple(entry.code for entry in place.candidates) if len(place.candidates) > 1 else (),
            )
            for place in self._places.find(source)
        ]

    def _mentioned_crimes(self, source: Source, cases: list[Told]) -> list[CrimeMention]:
        return [
            CrimeMention(*_words(source, hit), hit.meaning, self._labels[hit.meaning][1 if source.chinese else 0])
            for hit in self._crimes.find(source, cases)
        ]

    def _figure(self, source: Source, figure: Figure, around: "_Around") -> FigureSuggestion:
        measure = self._measures.get(figure.measure or "")
        case = around.case(figure.start)
        return FigureSuggestion(
            *_words(source, figure),
            value=_plain(figure.value),
            qualifier=figure.qualifier,
            unit=figure.unit if measure is None or figure.unit in measure.units else measure.units[0],
            measure=measure.code if measure else None,
            high=None if figure.high is None else _plain(figure.high),
            case=case,
            period=around.period(figure.start),
            crime_types=around.crimes(figure.start, figure.end),
            places=around.places(figure.start),
        )


class _Stretch(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


def _words(source: Source, at: _Stretch) -> tuple[str, int, int]:
    return source.text[at.start : at.end], at.start, at.end


def _plain(value: Decimal) -> Decimal:
    """Return a number without a point where it has no need of one: 1.2 million is 1200000."""
    whole = value.to_integral_value()
    return whole if whole == value else value


def _within(stretches: list[tuple[int, int]], at: int) -> bool:
    n = bisect_right(stretches, at, key=lambda stretch: stretch[0]) - 1
    return n >= 0 and at < stretches[n][1]


_MOST: Final = 40


class _Codes:
    """The codes of mentions, by where they stand."""

    def __init__(self, mentions: Sequence[PlaceMention] | Sequence[CrimeMention]) -> None:
        self._starts = [mention.start for mention in mentions]
        self._codes = [mention.code for mention in mentions]

    def between(self, low: int, high: int) -> tuple[str, ...]:
        first, last = bisect_left(self._starts, low), bisect_left(self._starts, high)
        return tuple(dict.fromkeys(self._codes[first:last]))

    def before(self, low: int, high: int) -> tuple[str, ...]:
        """Return the codes of the last mentions, no more than a clause has, so that one without end is no matter."""
        last = bisect_left(self._starts, high)
        return tuple(dict.fromkeys(self._codes[max(bisect_left(self._starts, low), last - _MOST) : last]))


class _Around:
    """What stands about a figure: its case, and the dates, places and crime types of its clause and sentence."""

    def __init__(
        self,
        source: Source,
        cases: list[Told],
        places: list[PlaceMention],
        crimes: list[CrimeMention],
        dated: list[Dated],
    ) -> None:
        self._source = source
        self._cases = cases
        self._case_starts = [case.start for case in cases]
        self._places = _Codes(places)
        self._crimes = _Codes(crimes)
        self._dates = [date for date in dated if date.value]
        self._date_starts = [date.start for date in self._dates]

    def case(self, at: int) -> int | None:
        """Return the place in the list of the case that is told here."""
        n = bisect_right(self._case_starts, at) - 1
        return n if n >= 0 and at < self._cases[n].end else None

    def places_in(self, case: Told) -> tuple[str, ...]:
        return self._places.between(case.start, case.end)

    def crimes_in(self, case: Told) -> tuple[str, ...]:
        return self._crimes.between(case.start, case.end)

    def period(self, at: int) -> str | None:
        """Return the last date said before in the sentence; else the first one behind."""
        low, high = self._source.sentence(at)
        n = bisect_right(self._date_starts, at) - 1
        if n >= 0 and self._dates[n].start >= low:
            return self._dates[n].value
        if n + 1 < len(self._dates) and self._dates[n + 1].start < high:
            return self._dates[n + 1].value
        return None

    def crimes(self, start: int, end: int) -> tuple[str, ...]:
        """Return the crime types that the clause names up to the end of the figure."""
        low, _ = self._source.clause(start)
        return self._crimes.before(low, end)

    def places(self, at: int) -> tuple[str, ...]:
        """Return the places that the clause names before the figure."""
        low, _ = self._source.clause(at)
        return self._places.before(low, at)
