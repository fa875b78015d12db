"""What in a sentence shows that it tells of one case: one gang or person that was acted on, at a place, on a day.

The words stand in `tables/case_cues.csv`. What shows that a sentence counts all cases of an authority, or speaks in
general, is read here too.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Final, Generic, NamedTuple, Protocol, TypeVar

from cases.extraction import rules
from cases.extraction.dates import Dated
from cases.extraction.figures import Figure
from cases.extraction.lexicon import Hit, Lexicon
from cases.extraction.suggestions import PlaceMention
from cases.extraction.text import Source

_COUNTRY: Final = "000000"
_ARTICLES: Final = frozenset(("a", "an", "one", "another"))
# Words that say of the noun behind that it was told of before or is any, or that end the words about it.
_NOT_ONE: Final = rules.words("determiners") | rules.words("ends") | {"each", "every", "no", "any", "this", "that"}
_BEFORE: Final = frozenset(("in", "of", "from", "at"))
_MOST_BETWEEN: Final = 8  # words between "a" and the noun
_AUTHORITY: Final = frozenset(("authority", "bare"))
_DONE: Final = frozenset(("act", "acted", "strike"))
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
_SURNAMES: Final = "".join(rules.words("surnames"))
_CLAUSE: Final = "[^，。；！？\n]"
_NAME_ZH: Final = (
    rf"(?<!记者)(?<!记者 )(?<!通讯员)(?<!通讯员 )"
    rf"(?:[{_SURNAMES}](?:某某?|先生|女士|姓|老?伯|大[爷妈娘]|阿姨|奶奶)|小[{_SURNAMES}](?![区学组]))(?![市县区省地镇村])"
)
_NAME: Final = re.compile(rf"{_NAME_ZH}|surnamed .*|identified as .*")
# One in Chinese: 一起……案, 首例……案, “5·22”案, 特大……案, 网民周某, 王某等人; 一个, 一家 before a gang, thing or person.
_ONE_ZH = re.compile(
    rf"(?<![每第])一(?:起|宗|桩|件){_CLAUSE}{{0,60}}?(?:案|诈骗|盗窃|赌博|敲诈|洗钱|事件)"
    rf"|(?:首(?:起|例|宗|个)|特大|最大){_CLAUSE}{{0,40}}?(?:案|团伙|集团)"
    rf"|[0-9]{{1,2}}[·.][0-9]{{1,2}}\"?{_CLAUSE}{{0,30}}?案"
    rf"|网[民友]\"|[一-鿿]{{1,3}}\(化名\)|{_NAME_ZH}|[一-鿿]{{2,3}}等[0-9一二三四五六七八九十]{{0,2}}人{_CLAUSE}{{0,30}}?案"
)
_A_ZH = re.compile(
    r"(?<![每第同统唯十])一(?:(?P<counted>[个伙家处条款名位])|(?![是要边年月日周天季半度级样些批次步定起体线律直举旦方致案]|系列|般))"
)
_STOPS_ZH = re.compile(r"[，。；！？\n]")
_OPENER_EN = re.compile(
    r"(?:in |among them,? )?the (?:first|second|third|fourth|fifth|sixth|last|other|latest)(?: case| one| example)?"
    r"(?:,| (?:involve[sd]|was|concern(?:s|ed)|happened|came|occurred)\b)"
)
_FEW_EN = re.compile(
    r"(?:two|three|four|five) (?!(?:[a-z-]+ ){0,3}(?:of|more|others?|people|persons|suspects|cases?|gangs?|arrests)\b)"
    r"[a-z][\w-]+"
)
_OPENER_ZH = re.compile(rf"在?(?:一起|某){_CLAUSE}{{0,40}}?案(?:件|例)?(?:中|里)")
_SUCH_ZH = re.compile(r"[，：,:](?P<like>[如像])(?![果何此下上同期有今])[^，,]*$")
_SOMEWHERE_ZH = re.compile(r"[一-鿿]{2}(?:市(?![民场面值级区])|县(?![级区]))")
_TO_NOUN: Final = 50  # characters between 一个 and the noun
_TO_DEED: Final = 20  # characters between a place and what its authority did
_TELLING: Final = "名位家伙款"  # what they count is a person, gang, company or app, whatever the noun
_TO_OBJECT: Final = 6  # in which a word for what was done stands before 一个
_TO_BARE_NOUN: Final = 14  # and between 一 alone and the noun
# And in English, beside "a" and "one" before such a word: "the country's first case", the "5.22" case.
_CASE_EN = re.compile(
    r"\b(?:first|largest|biggest) (?:[a-z'\"-]+ ){0,4}case\b|\"[0-9]{1,2}\.[0-9]{1,2}\" (?:[a-z'\"-]+ ){0,6}case\b"
)
# What was done to a thing that is not told of before; a sentence that begins with one.
_OBJECT_EN = re.compile(
    r" (?:up |down |out |off )?(?P<one>(?:an?|another|one) (?!(?:total|number|series|batch|few|lot|range|variety|dozen|half|third|quarter|hundred|thousand|million|"
    r"record|combined|further|joint|special|nationwide|campaign|crackdown|operation|sweep|drive|month|week|year)\b)[\w'-]+)"
)
_SUBJECT_EN = re.compile(
    r"(?:(?:in|at|on|near|last|early|earlier|late|this)\b[^,.\n]{2,40}, (?:[a-z' ]{3,30}, ){0,2})?(?P<one>(?:an?|another|one) "
    r"(?!(?:total|number|series|batch|few|dozen|half|third|quarter|hundred|thousand|million|typical|single|average|case|similar|joint|special|further|spokes\w*|senior|"
    r"campaign|crackdown|operation|sweep|statement|report|notice|survey|study|law|rumou?r)\b)"
    r"(?![\w' -]{0,40}\b(?:spokes\w*|official|officer|expert|lawyer|lawmaker|professor|analyst|minister|said)\b)[\w'-]+)"
)
_SOMEWHERE_EN = re.compile(r"\b(?:[Ii]n|from|of|at) (?:the )?[A-Z][a-z]{2,}")
_CASE_ZH = re.compile(rf"{_CLAUSE}{{2,40}}?案(?![件值0-9近约逾余共])")
_OPENS_SOMEWHERE_EN = re.compile(r"[Ii]n (?:the )?(?:[a-z]+ ){0,4}[A-Z][\w'’-]+")
_BY_NAME = re.compile(
    r"\b(?!(?:The|These|Those|This|That|Local|Most|Some|Many|All|Several|Other|Both|Chinese|Cyber|National)\b)"
    r"[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)*(?: [a-z]+)? $"
)
_OF_NAME = re.compile(
    r"(?: [a-z]+){0,3} (?:in|of) (?:(?:the )?[A-Z]|(?:one|another) (?:[a-z]+ )?(?:country|province|city|state)\b)"
)
_MANY = re.compile(r" [a-z]+[^s\W]s\b")
_LABEL_EN = re.compile(r"(?:The )?[A-Z][\w'’-]+(?: [A-Z][\w'’-]+){0,3}: ")
_FIRST_WORD = re.compile(r"[A-Z][\w'’-]+ ")
# Cases that are only named: 侦破泸州杨某等人……案、“5·22”案等案件196起.
_NAMED_ZH = re.compile(rf"(?:侦破|破获|侦办|查办|办理|查处)了?(?P<cases>{_CLAUSE}{{2,200}}?案\"?)等")
_PARTED_ZH = re.compile(r"[^、和及\"].{1,120}?案(?=\"?(?:[、和及\"]|$))")
_PARTICULAR_ZH = re.compile(rf"{_NAME_ZH}|等[0-9一二三四五六七八九十]{{0,2}}人|\"")
_HOME = re.compile(r"\bchinese (?:[a-z]+ )?(?:police|authorities)\b|\bchina's\b|\bpolice in china\b|公安")
_OPENING = re.compile(r"[\s”’»)）】·•‧・●■◆★▪►▶◇○□▲*—–-]*")


class _Placed(Protocol):
    @property
    def start(self) -> int: ...


P = TypeVar("P", bound=_Placed)


class _Row(Generic[P]):
    """What stands in a text, from left to right."""

    def __init__(self, found: Iterable[P]) -> None:
        self._found = list(found)
        self._starts = [each.start for each in self._found]

    def within(self, low: int, high: int) -> list[P]:
        return self._found[bisect_left(self._starts, low) : bisect_left(self._starts, high)]


class Sentence(NamedTuple):
    """A sentence of the text, or a part of one in which an example begins, with the cues in it."""

    start: int  # its first letter
    end: int
    opener: bool  # opens with words for a case: "In one case"
    example: bool  # says that an example comes
    among: bool  # says that a part of what was told comes
    report: bool  # somebody reported it, or it was found
    act: bool  # something was done by those who investigate
    strike: bool  # and that was a round-up
    one: str | None  # words for one case, gang, thing or person that was not told of before
    name: bool  # and they are no more than a name
    gang: bool  # that one is a gang
    opens: bool  # it begins with that one
    subject: bool  # a place itself did it to one case: "Xuzhou cracked …", 徐州侦破……案
    few: bool  # counts persons that were caught, no more than one case can have
    somewhere: bool
    where: frozenset[str]  # the codes of the places that it names
    whose: frozenset[str] | None  # begins with a place, or an authority of a place: with the codes where they are known
    when: bool
    total: bool  # counts what was done everywhere
    sum: bool  # adds up
    general: bool  # tells of no one case
    goes_on: bool  # begins as one that goes on with what was told
    named: tuple[tuple[int, int], ...]  # where cases stand that it only names, among those that it counts


class Cues:
    """Reads the sentences of one text."""

    def __init__(
        self, source: Source, figures: Sequence[Figure], places: Sequence[PlaceMention], dates: Sequence[Dated]
    ) -> None:
        self._source = source
        self._figures, self._dates = _Row(figures), _Row(dates)
        self._places = _Row(place for place in places if place.code != _COUNTRY)
        self._hits = _Row(_lexicon().hits(source))

    def parts(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Give the parts of a sentence, which is parted where an example begins in it: 共侦破320起，其中徐州警方……."""
        at, said, folded = start, False, self._source.folded
        for hit in self._hits.within(start, end):
            said = said or hit.meaning in _DONE
            if hit.meaning in _AUTHORITY and (led := _SUCH_ZH.search(folded, max(at, hit.start - 24), hit.start)):
                if led.start("like") - at > _NEAR:
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
        return bool(self._places.within(start, end) or _HOME.search(self._source.folded, start, end))

    def headline(self, start: int, end: int) -> bool:
        """Say whether a title tells of one case: articles are left out in it."""
        kinds = {hit.meaning for hit in self._hits.within(start, end) if not self._of_many(hit)}
        figures = self._figures.within(start, end)
        one = not kinds.isdisjoint(_THINGS) or _few(figures)
        one = one or (self._source.chinese and self._one_zh(start, end)[1] is not None)
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
        return hit.meaning == "thing" and _MANY.match(self._source.folded, hit.end) is not None

    def sentence(self, start: int, end: int) -> Sentence:
        """Return what is seen in a sentence of the text."""
        folded, text, chinese = self._source.folded, self._source.text, self._source.chinese
        opening = _OPENING.match(text, start, end)
        start = opening.end() if opening else start
        hits = self._hits.within(start, end)
        dates = self._dates.within(start, end)
        figures = self._figures.within(start, end)
        places = self._places.within(start, end)
        first: dict[str, int] = {}  # where each kind of cue stands first
        for hit in hits:
            first.setdefault(hit.meaning, hit.start)
        at, one, gang = self._one_zh(start, end, places) if chinese else self._one_en(hits, start, end)
        opens = one is not None and at == start
        subject = self._subject(hits, figures, places, end)
        labelled = _LABEL_EN.match(text, start, end) if not chinese else None
        if labelled and places and places[0].start < labelled.end() and not _counts(figures, end):
            subject = start if any(hit.meaning in _DONE for hit in hits) else end
        if at > start and (few := _FEW_EN.match(folded, start, end)) and not chinese:
            at, one = start, few[0]
        example = min(first.get("example", end), first.get("opener", end))
        early = {kind for kind, place in first.items() if place - start <= _NEAR}
        if "opening" in early:
            example = min(example, first["opening"])
        told = min(at, subject, example)
        whose = self._whose(hits, places, dates, start, end)
        few = _few(figures)
        matters = (
            at < end or few or subject < end or "strike" in first or "report" in first
        )  # else it does not begin, wherever and whenever
        return Sentence(
            start,
            end,
            opener="opener" in early or (_OPENER_ZH if chinese else _OPENER_EN).match(folded, start, end) is not None,
            example=example < end,
            among="among" in early,
            report="report" in first,
            act=not _DONE.isdisjoint(first) or any(hit.meaning == "acts" and self._led(hit) for hit in hits),
            strike="strike" in first,
            one=one,
            name=one is not None and bool(_NAME.fullmatch(one)),
            gang=gang,
            opens=opens,
            subject=subject < end,
            few=few,
            somewhere=bool(
                places
                or whose is not None
                or (matters and (_SOMEWHERE_ZH if chinese else _SOMEWHERE_EN).search(text, start, end))
            ),
            where=frozenset([place.code for place in places[:_MOST_PLACES]]),
            whose=whose,
            when="recent" in first
            or any(date.value and "-" in date.value and not date.value.endswith("..") for date in dates),
            total=first.get("whole", end) < told or _counts(figures, told),
            sum=first.get("sum", end) < told,
            general="generic" in first,
            goes_on=_goes_on(hits, start) and not labelled,
            named=self._named(start, end) if chinese else (),
        )

    def _one_zh(self, start: int, end: int, places: Sequence[PlaceMention] = ()) -> tuple[int, str | None, bool]:
        """Return where one case, gang, thing or person is told of, the words for it, and whether it is a gang."""
        folded = self._source.folded
        found = _ONE_ZH.search(folded, start, end)
        at, last = found.span() if found else (end, end)
        for one in _A_ZH.finditer(folded, start, at):
            limit = min(end, one.end() + (_TO_NOUN if one["counted"] else _TO_BARE_NOUN))
            done = self._hits.within(max(start, one.start() - _TO_OBJECT), one.start())
            acted = any(hit.meaning in _DONE and hit.end >= one.start() - 1 for hit in done)
            if one["counted"] and (acted or one["counted"] in _TELLING):
                at, last = one.start(), limit
                break
            noun = next((hit for hit in self._hits.within(one.end(), limit) if hit.meaning in _THINGS), None)
            if noun and not _STOPS_ZH.search(folded, one.end(), noun.start):
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

    def _one_en(self, hits: Sequence[Hit[str]], start: int, end: int) -> tuple[int, str | None, bool]:
        folded, words, starts = self._source.folded, self._source.words, self._source.word_starts
        ones: list[tuple[int, str, bool]] = []
        for hit in hits:
            if hit.meaning == "one":
                ones.append((hit.start, folded[hit.start : hit.end + 3], False))
            if hit.meaning in _DONE and (object_ := _OBJECT_EN.match(folded, hit.end, end)):
                ones.append((object_.start("one"), object_["one"], False))
            if hit.meaning not in _THINGS or folded.startswith("-", hit.end):
                continue
            n = bisect_left(starts, hit.start)
            for word in words[max(0, n - _MOST_BETWEEN) : n][::-1]:
                if word.text in _ARTICLES and word.start >= start:
                    ones.append((word.start, folded[word.start : hit.end], hit.meaning == "gang"))
                    break
                counts = word.text[0].isdigit() and not folded.startswith("-", word.end)
                if counts or word.start < start or word.text in _NOT_ONE:
                    break
        subject = _SUBJECT_EN.match(folded, start, end)
        if subject:
            ones.append((subject.start("one"), subject["one"], False))
        case = (
            _CASE_EN.search(folded, start, end) if any(folded.startswith("case", hit.start) for hit in hits) else None
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
            if not latin and _SOMEWHERE_ZH.search(folded, max(start, first.start - _NEAR), first.start):
                return frozenset()
            behind = _OF_NAME.match(text, first.end, end) if latin else None
            if behind:
                return frozenset([place.code for place in places if first.end < place.start < behind.end() + 40])
            before = _BY_NAME.search(text, max(start, first.start - 40), first.start) if latin else None
            if before and not _dated(dates, first.start):
                return frozenset()
        at = next((date.end for date in dates if date.start - start <= _NEAR), start)
        opens = next((place for place in places if place.start >= at), None)
        if opens and opens.start - at <= _NEAR and not folded[at : opens.start].strip(" ,，在"):
            return frozenset((opens.code,))
        if not latin:
            return None
        opened = _OPENS_SOMEWHERE_EN.match(text, start, end) or _LABEL_EN.match(text, start, end)
        if opened and not _dated(dates, opened.end() - 1):
            return frozenset([place.code for place in places[:1]])
        word = _FIRST_WORD.match(text, start, end)  # "Eritrea took action …"
        if word and first and first.start == word.end() and first.meaning in _DONE and word[0] != "They ":
            return frozenset()
        return None

    def _belongs(self, place: PlaceMention, authority: Hit[str]) -> bool:
        """Say whether an authority is named with its place: 徐州警方, "Zhongshan municipal public security bureau"."""
        between = self._source.text[place.end : max(authority.start, place.end)]
        far = _NEAR if self._source.chinese else _TO_AUTHORITY
        return place.end <= authority.start and len(between) <= far and (self._source.chinese or not between.strip(_SMALL))

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
                    if (0 <= hit.start - place.end <= _NEAR and _CASE_ZH.match(folded, hit.end))
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
        if not noun or folded.startswith("的", done.end) or _STOPS_ZH.search(folded, done.end, noun.start):
            return False
        behind = folded[noun.end : noun.end + 1]
        many = any(f.start < noun.end and f.end > done.end and f.value > 1 for f in figures)
        return behind not in "、和等" and not many

    def _named(self, start: int, end: int) -> tuple[tuple[int, int], ...]:
        found = _NAMED_ZH.search(self._source.folded, start, end)
        if not found:
            return ()
        folded, spans = self._source.folded, []
        for start, end in (m.span() for m in _PARTED_ZH.finditer(folded, *found.span("cases"))):
            start -= folded.startswith('"', start - 1) and '"' in folded[start:end]  # “5·22”……案
            if _PARTICULAR_ZH.search(folded, start, end):
                spans.append((start, end))
        return tuple(spans)


def _counts(figures: Sequence[Figure], before: int) -> bool:
    """Say whether figures that stand before a place of the text are totals."""
    return any(
        figure.measure in _TOTALS and (figure.value > 1 or figure.qualifier != "exact") and figure.start < before
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
