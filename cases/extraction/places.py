"""Places by their names: "Hefei, Anhui Province" is one mention; a name of several is settled by what is near."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from cases.extraction import rules
from cases.extraction.lexicon import Hit, Lexicon
from cases.extraction.text import Source
from cases.gazetteer.index import COUNTRY, COUNTY, LEVELS, Entry, Index

_KIND = re.compile(
    r" (?:autonomous (?:region|prefecture|county|banner)|special administrative region|province|prefecture|"
    r"municipality|city|county|district|banner|league|new area)\b"
)
# What stands between a small place and the larger one behind it.
_SMALL_FIRST = re.compile(
    r"(?:'s)?(?:, | in | of |,|, in |"
    r"(?: (?:people's|public|security|police|court|procuratorate|branch|bureau|authorities)){1,4} (?:in|of) )"
)
_LARGE_FIRST = re.compile(r" ?(?:'s )?|·")
# What shows that a bare name of a county means the place.
_OFFICES_EN = re.compile(r" (?:public security|police|branch|procuratorate|court|cyber police|prosecutors)\b")
_OFFICES_ZH = re.compile(
    r"(?:市|县|区)?(?:公安|警方|警察|网警|网安|分局|检察|法院|民警|刑警|派出所|刑侦|人民|经侦|反诈)"
)
_CHINA = re.compile(r"\b(?:china|chinese|yuan|rmb|ministry of public security|public security)\b")
_DATELINE = re.compile(
    r"\s?,? ?(?:[a-z]{3,9}\.? [0-9]{1,2}[,\s].{0,12})?\((?:xinhua|reuters|ap|afp|cns|ecns)\)"
    r"|[0-9]{1,2}月[0-9]{1,2}日[电讯]"
)
_CAPITALS = re.compile(r"\s?(?:--?|—)\s")  # behind a place written large at the beginning of a line: "BEIJING -- "
_LONGEST_GAP: Final = 60
_ZH_KINDS: Final = "省市区县州旗盟"


@dataclass(frozen=True, slots=True)
class Place:
    """A mention of a place; the first of the candidates is the likeliest."""

    start: int
    end: int
    candidates: tuple[Entry, ...]
    sure: bool = False


class Places:
    """Finds the places of a gazetteer."""

    def __init__(self, index: Index) -> None:
        self._index = index
        names: dict[str, dict[str, Entry]] = {}
        for name, entry in index.spellings():
            names.setdefault(name, {})[entry.code] = entry
        stops: list[tuple[str, tuple[Entry, ...]]] = [(words, ()) for words in rules.not_places("whole")]
        self._lexicon = Lexicon([*stops, *((name, tuple(found.values())) for name, found in names.items())])
        self._bare: dict[str, list[Entry]] = {}
        for name, found in names.items():
            for entry in found.values():
                if entry.level == COUNTY and entry.name_zh == name and len(name) > 2 and name[-1] in "市区县":
                    self._bare.setdefault(name[:-1], []).append(entry)
        for word in rules.words("bare names that are words"):
            self._bare.pop(word, None)
        behind = sorted(rules.not_places("behind"), key=len, reverse=True)
        self._not_behind = re.compile("|".join(f" {w}\\b" if w.isascii() else w for w in behind))

    def find(self, source: Source) -> list[Place]:
        """Return the places that a text names, from left to right."""
        read = [self._read(source, hit) for hit in self._lexicon.hits(source) if hit.meaning]
        chained = [self._with_district(source, place) for place in self._chain(source, read)]
        free, kept = 0, []
        for place in chained:
            if place.start >= free:
                kept.append(place)
                free = place.end
        return list(self._settled(source, kept, self._country(source, kept)))

    def _with_district(self, source: Source, place: Place) -> Place:
        """Take in the bare name of a district right behind its city: 台州路桥, 重庆江北."""
        if place.candidates[0].level in (COUNTRY, COUNTY) or source.text[place.end - 1].isascii():
            return place
        for length in (4, 3, 2):
            name = source.folded[place.end : place.end + length]
            found = self._bare.get(name)
            inside = found and self._inside(tuple(found), place.candidates)
            if inside:
                return Place(place.start, place.end + len(name), inside, sure=True)
        return place

    def _country(self, source: Source, places: list[Place]) -> bool:
        """Say whether "nationwide" can mean China here: it does in Chinese, and beside anything of China."""
        return (
            source.chinese
            or bool(_CHINA.search(source.folded))
            or any(place.candidates[0].level != COUNTRY for place in places)
        )

    def _read(self, source: Source, hit: Hit[tuple[Entry, ...]]) -> Place:
        """Take the word for the kind of place into the mention: it narrows what is meant."""
        kind = _KIND.match(source.folded, hit.end)
        if kind and source.text[hit.start].isupper():
            narrowed = self._index.lookup(source.folded[hit.start : kind.end()])
            if narrowed:
                return Place(hit.start, kind.end(), tuple(narrowed), sure=True)
        first = hit.meaning[0]
        text = source.text[hit.start : hit.end]
        sure = not text.isascii() and text[-1] in "省市区區县縣州旗盟" and len(text) > 2
        return Place(hit.start, hit.end, hit.meaning, sure=sure or first.level == COUNTRY)

    def _chain(self, source: Source, places: list[Place]) -> list[Place]:
        """Join names that together are one place."""
        joined: list[Place] = []
        for place in places:
            before = joined[-1] if joined else None
            one = before and self._joined(source, before, place)
            if one:
                joined[-1] = one
            elif _written(source, place):
                joined.append(place)
        return joined

    def _joined(self, source: Source, first: Place, second: Place) -> Place | None:
        gap = source.folded[first.end : second.start]
        if len(gap) > _LONGEST_GAP:
            return None
        if _LARGE_FIRST.fullmatch(gap):
            inside = self._inside(second.candidates, first.candidates)
            if inside:
                return Place(first.start, second.end, inside, sure=True)
        if gap and _SMALL_FIRST.fullmatch(gap):
            inside = self._inside(first.candidates, second.candidates)
            if inside:
                return Place(first.start, second.end, inside, sure=True)
        return None

    def _inside(self, small: tuple[Entry, ...], large: tuple[Entry, ...]) -> tuple[Entry, ...]:
        codes = {entry.code for entry in large if entry.level != COUNTRY}
        return tuple(
            e for e in small if any(a.code in codes and a.code != e.code for a in self._index.ancestors(e.code))
        )

    def _settled(self, source: Source, places: list[Place], country: bool) -> Iterator[Place]:
        """Leave out what is no place here, and choose among places of one name by those named before."""
        named = self._provinces(source, places)
        for place in places:
            own = source.folded[place.start : place.end]
            provinces = frozenset(code for code, names in named.items() if len(names) > 1 or own not in names)
            if _dateline(source, place):
                continue
            if self._not_behind.match(source.folded, place.end) or _DATELINE.match(source.folded, place.end):
                continue
            if place.candidates[0].level == COUNTRY and not country:
                continue
            chosen = self._chosen(self._with_bare(source, place, provinces), provinces)
            if chosen[0].level == COUNTY and not place.sure and not self._shown(source, place, chosen[0], provinces):
                continue
            yield replace(place, candidates=chosen)

    def _with_bare(self, source: Source, place: Place, provinces: frozenset[str]) -> Place:
        """Add the districts of a name that a city has too, where one of their province was named: 朝阳 in Beijing."""
        bare = self._bare.get(source.folded[place.start : place.end])
        if not bare or place.sure or place.candidates[0].code[:2] in provinces:
            return place
        near = tuple(entry for entry in bare if entry.code[:2] in provinces and entry not in place.candidates)
        return replace(place, candidates=(*place.candidates, *near)) if near else place

    def _provinces(self, source: Source, places: list[Place]) -> dict[str, set[str]]:
        """Return the provinces of the places that can be only one, with the words that name a place of each."""
        found: dict[str, set[str]] = {}
        for place in places:
            codes = {e.code[:2] for e in place.candidates if e.level == place.candidates[0].level}
            first = place.candidates[0]
            if len(codes) == 1 and first.level != COUNTRY and (place.sure or first.level != COUNTY):
                found.setdefault(codes.pop(), set()).add(source.folded[place.start : place.end])
        return found

    def _chosen(self, place: Place, provinces: frozenset[str]) -> tuple[Entry, ...]:
        ranked = sorted(place.candidates, key=lambda e: LEVELS.index(e.level))
        if len(ranked) == 1:
            return (ranked[0],)
        top = [e for e in ranked if e.level == ranked[0].level]
        if ranked[0].code[:2] not in provinces and len({e.code[:2] for e in ranked if e.code[:2] in provinces}) == 1:
            top = [e for e in ranked if e.code[:2] in provinces]  # Chaoyang, where Beijing was named before
        if len(top) == 1:
            return (top[0],)
        near = [e for e in top if e.code[:2] in provinces]
        if len(near) == 1:
            return (near[0],)
        return tuple(near or top)

    def _shown(self, source: Source, place: Place, entry: Entry, provinces: frozenset[str]) -> bool:
        """Say whether a bare name, which might be any word, is that of a county: its office, or its province near."""
        latin = source.text[place.start].isascii()
        if entry.code[:2] in provinces and place.end - place.start > (5 if latin else 1):
            return True
        if latin:
            return len(place.candidates) == 1 and bool(_OFFICES_EN.match(source.folded, place.end))
        return bool(_OFFICES_ZH.match(source.folded, place.end))


def _dateline(source: Source, place: Place) -> bool:
    """Say whether a place only says where a report was written."""
    name = source.text[place.start : place.end]
    at_line = place.start == 0 or source.text[place.start - 1] in "\n\r"
    return at_line and name.isupper() and name.isascii() and bool(_CAPITALS.match(source.folded, place.end))


def _written(source: Source, place: Place) -> bool:
    """Say whether a name in Latin letters is written as a name is."""
    first = source.text[place.start]
    return not first.isascii() or first.isupper() or place.candidates[0].level == COUNTRY


@lru_cache(maxsize=4)
def places_of(index: Index) -> Places:
    """Return the finder of a gazetteer, made once."""
    return Places(index)
