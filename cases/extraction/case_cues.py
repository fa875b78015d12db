"""What in a sentence shows that it tells of one case: one gang or person that was acted on, at a place, on a day.

The words stand in `tables/case_cues.csv`. What shows that a sentence counts all cases of an authority, or speaks in
general, is read here too.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache, cached_property
from typing import Final

from cases.extraction import case_patterns as patterns
from cases.extraction import rules
from cases.extraction.by_place import ByPlace
from cases.extraction.case_sentence import Sentence
from cases.extraction.dates import Dated
from cases.extraction.figures import Figure
from cases.extraction.lexicon import Hit, Lexicon
from cases.extraction.suggestions import PlaceMention
from cases.extraction.text import Source

_COUNTRY: Final = "000000"
_ARTICLES: Final = frozenset(("a", "an", "one", "another"))
# Words that say of the noun behind that it was told of before or is any, or that end the words about it.
_NOT_ONE: Final = rules.words("determiners") | rules.words("ends") | {"each", "every", "no", "any", "this", "that"}
_MOST: Final = frozenset(("most", "largest", "biggest", "worst", "latest"))
_BEFORE: Final = frozenset(("in", "of", "from", "at"))
_MOST_BETWEEN: Final = 8  # words between "a" and the noun
_AUTHORITY: Final = frozenset(("authority", "bare"))
_DONE: Final = frozenset(("act", "acted", "strike"))
_GONE_THROUGH: Final = frozenset(("apps", "websites", "enterprises", "inspections", "cases"))
_TITLED: Final = _DONE | {"acts"}  # in a title it is told of in the present
_THINGS: Final = frozenset(("gang", "thing", "person"))
_KNOWN: Final = _THINGS | {"persons", "authority"}
_TO_KNOWN: Final = 25  # characters between "the" and what it makes known
_OPENERS: Final = frozenset(("example", "opener", "among"))
_NEAR: Final = 8  # characters between a place and its authority, or the beginning of a sentence and what it opens with
_TO_AUTHORITY: Final = 25
_SMALL: Final = " '’abcdefghijklmnopqrstuvwxyz"
_MOST_PLACES: Final = 40  # of a sentence that are remembered
_FEW: Final = 40  # persons that can have been caught in one case without more being said of it
# Figures that are totals when more than one of them is counted.
_TOTALS: Final = rules.words("measures of totals")
_CAUGHT: Final = rules.words("measures of the caught")
_BROKEN: Final = rules.words("measures of the broken up")
_PAIR: Final = 2  # gangs that one strike can have broken up
_TO_NOUN: Final = 50  # characters between 一个 and the noun
_TO_DEED: Final = 20  # characters between a place and what its authority did
_TELLING: Final = "名位家伙款"  # what they count is a person, gang, company or app, whatever the noun
_TO_OBJECT: Final = 6  # in which a word for what was done stands before 一个
_TO_BARE_NOUN: Final = 14  # and between 一 alone and the noun


class Cues:
    """Reads the sentences of one text."""

    def __init__(
        self, source: Source, figures: Sequence[Figure], places: Sequence[PlaceMention], dates: Sequence[Dated]
    ) -> None:
        self._source = source
        self._figures, self._dates = ByPlace(figures), ByPlace(dates)
        self._places = ByPlace(place for place in places if place.code != _COUNTRY)

    @cached_property
    def _hits(self) -> ByPlace[Hit[str]]:
        return ByPlace(_lexicon().hits(self._source))

    def parts(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Give the parts of a sentence, which is parted where an example begins in it: 共侦破320起，其中徐州警方……."""
        at, said, folded = start, False, self._source.folded
        for hit in self._hits.within(start, end):
            said = said or hit.meaning in _DONE
            authority = hit.meaning in _AUTHORITY
            led = patterns.SUCH_ZH.search(folded, max(at, hit.start - 24), hit.start) if authority else None
            if led and led.start("like") - at > _NEAR:
                yield at, led.start("like")
                at = led.start("like")
            if said and hit.meaning in _OPENERS and hit.start - at > _NEAR:
                clause = self._source.clause(hit.start)[0]
                begins = max(clause, at) if hit.meaning == "example" else hit.start
                if begins - at > _NEAR:
                    yield at, begins
                    at = begins
        yield at, end

    def at_home(self, start: int, end: int) -> bool:
        """Say whether the police of the archive's country are told of between two places of the text."""
        return bool(self._places.within(start, end) or patterns.HOME.search(self._source.folded, start, end))

    def headline(self, start: int, end: int) -> bool:
        """Say whether a title tells of one case: articles are left out in it."""
        kinds = {hit.meaning for hit in self._hits.within(start, end) if not self._of_many(hit)}
        figures = self._figures.within(start, end)
        one = not kinds.isdisjoint(_THINGS) or _few(figures)
        if self._source.chinese:
            case = patterns.CASE_TITLE_ZH.search(self._source.folded, start, end)
            one = one or case is not None or self._one_zh(start, end)[1] is not None
        return one and not kinds.isdisjoint(_TITLED) and "whole" not in kinds and not _counts(figures, end)

    def deed(self, start: int, end: int) -> bool:
        """Say whether a title tells of what was done, and of no total."""
        kinds = {hit.meaning for hit in self._hits.within(start, end)}
        return not (
            kinds.isdisjoint(_TITLED) or kinds & {"whole", "sum"} or _counts(self._figures.within(start, end), end)
        )

    def _led(self, hit: Hit[str]) -> bool:
        """Say whether a word is what somebody came to do: "cooperated to crack the case"."""
        return self._source.folded.endswith(" to ", 0, hit.start)

    def _of_many(self, hit: Hit[str]) -> bool:
        """Say whether a word for a thing only says more of others behind it: "scam centres"."""
        return hit.meaning == "thing" and patterns.MANY.match(self._source.folded, hit.end) is not None

    def sentence(self, start: int, end: int) -> Sentence:
        """Return what is seen in a sentence of the text."""
        folded, text, chinese = self._source.folded, self._source.text, self._source.chinese
        opening = patterns.OPENING.match(text, start, end)
        start = opening.end() if opening else start
        hits = self._hits.within(start, end)
        dates = self._dates.within(start, end)
        figures = self._figures.within(start, end)
        places = self._places.within(start, end)
        first: dict[str, int] = {}  # where each kind of cue stands first
        for hit in hits:
            first.setdefault(hit.meaning, hit.start)
        at, one, gang = self._one_zh(start, end, places) if chinese else self._one_en(hits, places, start, end)
        opens = one is not None and at == start
        other = opens and folded.startswith("another ", start) and any(hit.meaning in _THINGS for hit in hits[:2])
        subject = self._subject(hits, figures, places, end)
        labelled = patterns.LABEL_EN.match(text, start, end) if not chinese else None
        if labelled and places and places[0].start < labelled.end() and not _counts(figures, end):
            subject = start if any(hit.meaning in _DONE for hit in hits) else end
        defendant = None if chinese else patterns.DEFENDANT_EN.match(text, start, end)
        if defendant and not one:
            at, one = start, defendant["name"]
        persons = None if chinese or at == start else patterns.FEW_EN.match(folded, start, end)
        if persons:
            at, one, opens = start, persons[0], True
        example = min(first.get("example", end), first.get("opener", end))
        early = {kind for kind, place in first.items() if place - start <= _NEAR}
        if "opening" in early:
            example = min(example, first["opening"])
        told = min(at, subject, example)
        whose = self._whose(hits, places, dates, start, end)
        done = next((hit.start for hit in hits if hit.meaning in _DONE or hit.meaning == "report"), None)
        few = _few(figures)
        force = None if done is None else patterns.force(folded if chinese else text, start, end, done)
        if defendant and done is not None:
            force = defendant["name"]
        matters = (
            at < end or few or subject < end or force or "strike" in first or "report" in first
        )  # else it does not begin, wherever and whenever
        return Sentence(
            start,
            end,
            opener="opener" in early
            or other
            or (patterns.OPENER_ZH if chinese else patterns.OPENER_EN).match(folded, start, end) is not None
            or (not chinese and patterns.OPENS_AT_END_EN.search(folded, max(start, end - 40), end) is not None),
            example=example < end,
            among="among" in early,
            report="report" in first,
            act=not _DONE.isdisjoint(first) or any(hit.meaning == "acts" and self._led(hit) for hit in hits),
            strike="strike" in first,
            one=one,
            name=one is not None and bool(patterns.NAME.fullmatch(one)),
            gang=gang,
            opens=opens,
            subject=subject < end,
            many=any(figure.unit in _GONE_THROUGH and figure.value > _FEW for figure in figures),
            few=few,
            somewhere=bool(
                places
                or whose is not None
                or (matters and (patterns.SOMEWHERE_ZH if chinese else patterns.SOMEWHERE_EN).search(text, start, end))
            ),
            where=frozenset([place.code for place in places[:_MOST_PLACES]]),
            whose=whose,
            when="recent" in first
            or any(date.value and "-" in date.value and not date.value.endswith("..") for date in dates),
            total=first.get("whole", end) < told or _counts(figures, told),
            sum=first.get("sum", end) < told,
            general="generic" in first,
            force=force,
            goes_on=(_goes_on(hits, start) and not labelled and not opens)
            or (chinese and patterns.TAKEN_UP_ZH.match(folded, start, end) is not None),
            named=self._named(start, end) if chinese else (),
        )

    def _one_zh(self, start: int, end: int, places: Sequence[PlaceMention] = ()) -> tuple[int, str | None, bool]:
        """Return where one case, gang, thing or person is told of, the words for it, and whether it is a gang."""
        folded = self._source.folded
        found = patterns.ONE_ZH.search(folded, start, end)
        at, last = found.span() if found else (end, end)
        for one in patterns.A_ZH.finditer(folded, start, at):
            limit = min(end, one.end() + (_TO_NOUN if one["counted"] else _TO_BARE_NOUN))
            done = self._hits.within(max(start, one.start() - _TO_OBJECT), one.start())
            acted = any(hit.meaning in _DONE and hit.end >= one.start() - 1 for hit in done)
            if (one["counted"] and (acted or one["counted"] in _TELLING)) or (one["few"] and not acted):
                at, last = one.start(), limit
                break
            noun = next((hit for hit in self._hits.within(one.end(), limit) if hit.meaning in _THINGS), None)
            if noun and not patterns.STOPS_ZH.search(folded, one.end(), noun.start):
                at, last = one.start(), noun.end
                break
        # A person of a place: 天津市民, 阜阳女孩.
        for hit in self._hits.within(start, min(at, start + _TO_NOUN)):
            if hit.meaning == "person" and any(0 <= hit.start - place.end <= 2 for place in places):
                at, last = hit.start, hit.end
                break
        if at == end:
            return end, None, False
        gang = any(hit.meaning == "gang" for hit in self._hits.within(at, max(last, min(end, at + _TO_NOUN))))
        return at, folded[at:last], gang

    def _one_en(
        self, hits: Sequence[Hit[str]], places: Sequence[PlaceMention], start: int, end: int
    ) -> tuple[int, str | None, bool]:
        folded, words, starts = self._source.folded, self._source.words, self._source.word_starts
        ones: list[tuple[int, str, bool]] = []
        for hit in hits:
            if hit.meaning == "one":
                ones.append((hit.start, folded[hit.start : hit.end + 3], False))
            if hit.meaning in _DONE and (object_ := patterns.OBJECT_EN.match(folded, hit.end, end)):
                ones.append((object_.start("one"), object_["one"], False))
            if hit.meaning == "person" and hit.start - start < _TO_NOUN and any(p.end + 1 == hit.start for p in places):
                ones.append((hit.start, folded[hit.start : hit.end], False))  # "Qiqihar resident Sui"
            if hit.meaning not in _THINGS or folded.startswith("-", hit.end):
                continue
            n = bisect_left(starts, hit.start)
            for word in words[max(0, n - _MOST_BETWEEN) : n][::-1]:
                if word.text in _ARTICLES and word.start >= start:
                    ones.append((word.start, folded[word.start : hit.end], hit.meaning == "gang"))
                    break
                if word.text in _MOST and folded.startswith("the ", word.start - 4):
                    ones.append((word.start - 4, folded[word.start : hit.end], hit.meaning == "gang"))
                    break
                counts = word.text[0].isdigit() and not folded.startswith("-", word.end)
                if counts or word.start < start or word.text in _NOT_ONE:
                    break
        subject = patterns.SUBJECT_EN.match(folded, start, end)
        if subject:
            ones.append((subject.start("one"), subject["one"], False))
        case = (
            patterns.CASE_EN.search(folded, start, end)
            if any(folded.startswith("case", hit.start) for hit in hits)
            else None
        )
        if case:
            ones.append((case.start(), case[0], False))
        at, one, gang = min(ones, default=(end, None, False))
        return at, one, gang or any(other for place, _, other in ones if place == at)

    def _whose(
        self,
        hits: Sequence[Hit[str]],
        places: Sequence[PlaceMention],
        dates: Sequence[Dated],
        start: int,
        end: int,
    ) -> frozenset[str] | None:
        """Return the places that a sentence begins with, or whose authority acts in it; None where there are none."""
        folded, text, latin = self._source.folded, self._source.text, not self._source.chinese
        first = next((hit for hit in hits if hit.meaning in _AUTHORITY or hit.meaning in _DONE), None)
        if first and first.meaning in _AUTHORITY:
            near = [place.code for place in places if self._belongs(place, first)]
            if near:
                return frozenset(near)
            if not latin and patterns.SOMEWHERE_ZH.search(folded, max(start, first.start - _NEAR), first.end):
                return frozenset()
            behind = patterns.OF_NAME.match(text, first.end, end) if latin else None
            if behind:
                return frozenset([place.code for place in places if first.end < place.start < behind.end() + 40])
            before = patterns.BY_NAME.search(text, max(start, first.start - 40), first.start) if latin else None
            if before and not _dated(dates, first.start):
                return frozenset()
        at = next((date.end for date in dates if date.start - start <= _NEAR), start)
        opens = next((place for place in places if place.start >= at), None)
        if opens and opens.start - at <= _NEAR and not folded[at : opens.start].strip(" ,，在"):
            return frozenset((opens.code,))
        if not latin:
            return None
        opened = patterns.OPENS_SOMEWHERE_EN.match(text, start, end) or patterns.LABEL_EN.match(text, start, end)
        if opened and not _dated(dates, opened.end() - 1):
            return frozenset([place.code for place in places[:1]])
        office = patterns.BY_OFFICE.search(text, start, end)
        if office:
            return frozenset([place.code for place in places if place.start >= office.end()][:1])
        word = patterns.FIRST_WORD.match(text, start, end)  # "Eritrea took action …"
        if word and first and first.start == word.end() and first.meaning in _DONE and word[0] != "They ":
            return frozenset()
        return None

    def _belongs(self, place: PlaceMention, authority: Hit[str]) -> bool:
        """Say whether an authority is named with its place: 徐州警方, "Zhongshan municipal public security bureau"."""
        if not 0 <= authority.start - place.end <= (_NEAR if self._source.chinese else _TO_AUTHORITY):
            return False
        return self._source.chinese or not self._source.text[place.end : authority.start].strip(_SMALL)

    def _subject(
        self, hits: Sequence[Hit[str]], figures: Sequence[Figure], places: Sequence[PlaceMention], end: int
    ) -> int:
        """Return where a place itself did it to one case; the end if none did."""
        folded = self._source.folded
        done = [hit for hit in hits if hit.meaning in _DONE]
        if not done or not places:
            return end
        if self._source.chinese:
            return next(
                (
                    place.end
                    for place in places[:2]
                    for hit in done[:2]
                    if not _counts(figures, self._source.clause(hit.start)[1])
                    if (0 <= hit.start - place.end <= _NEAR and patterns.CASE_ZH.match(folded, hit.end))
                    or (0 <= hit.start - place.end <= _TO_DEED and self._uncounted(figures, hit, end))
                ),
                end,
            )
        if _counts(figures, end):
            return end
        starts = {hit.start for hit in done}
        for place in places:
            led = folded[max(0, place.start - 6) : place.start].split(" ")[-2:-1]
            if place.end + 1 in starts and not _BEFORE.issuperset(led):
                return place.end
        return end

    def _uncounted(self, figures: Sequence[Figure], done: Hit[str], end: int) -> bool:
        """Say whether what was done was done to a gang or thing that no number counts: 端掉藏身写字楼内的“引流”公司."""
        limit = min(end, done.end + _TO_NOUN)
        hits = [hit for hit in self._hits.within(done.end, limit) if hit.meaning in ("gang", "thing", "whole")]
        noun = hits[0] if hits and hits[0].meaning != "whole" else None  # else 多起 stands before it
        folded = self._source.folded
        if not noun or folded.startswith("的", done.end) or patterns.STOPS_ZH.search(folded, done.end, noun.start):
            return False
        behind = folded[noun.end : noun.end + 1]
        many = any(f.start < noun.end and f.end > done.end and f.value > 1 for f in figures)
        return behind not in "、和等" and not many

    def _named(self, start: int, end: int) -> tuple[tuple[int, int], ...]:
        found = patterns.NAMED_ZH.search(self._source.folded, start, end)
        if not found:
            return ()
        folded, spans = self._source.folded, []
        for start, end in (m.span() for m in patterns.PARTED_ZH.finditer(folded, *found.span("cases"))):
            start -= folded.startswith('"', start - 1) and '"' in folded[start:end]  # “5·22”……案
            if patterns.PARTICULAR_ZH.search(folded, start, end):
                spans.append((start, end))
        return tuple(spans)


def _counts(figures: Sequence[Figure], before: int) -> bool:
    """Say whether figures that stand before a place of the text are totals."""
    return any(
        figure.measure in _TOTALS
        and (figure.value > (_PAIR if figure.measure == "gangs_dismantled" else 1) or figure.qualifier != "exact")
        and figure.start < before
        for figure in figures
    )


def _few(figures: Sequence[Figure]) -> bool:
    if any(figure.measure in _BROKEN and figure.value == 1 and figure.qualifier == "exact" for figure in figures):
        return not _counts(figures, figures[-1].end)
    caught = [figure for figure in figures if figure.measure in _CAUGHT]
    return bool(caught) and all(figure.value <= _FEW and figure.qualifier != "several" for figure in caught)


def _dated(dates: Sequence[Dated], at: int) -> bool:
    """Say whether a date stands here: a month is written like a name."""
    return any(date.start <= at <= date.end + 2 for date in dates)


def _goes_on(hits: Sequence[Hit[str]], start: int) -> bool:
    if not hits or hits[0].start != start:
        return False
    if hits[0].meaning == "known":  # "The ring's leader …"
        return any(hit.start - start < _TO_KNOWN and hit.meaning in _KNOWN for hit in hits[1:3])
    return hits[0].meaning in ("goes on", "bare")


@cache
def _lexicon() -> Lexicon[str]:
    return Lexicon(rules.case_cue_forms())
