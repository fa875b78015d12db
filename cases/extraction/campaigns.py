"""Campaigns by any of their names. A bare name ("Net Net") is settled by the year; a new year of a series is told."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from cases.extraction.lexicon import Hit, Lexicon
from cases.extraction.text import Source
from cases.extraction.vocabulary import Campaign

_YEARED = re.compile(r"^(.*?\S)[\s-]?((?:19|20)[0-9]{2})$")
_HAS_YEAR = re.compile(r"(?:19|20)[0-9]{2}|二〇")
_YEAR_BEHIND = re.compile(r"[\s\"'·-]{0,2}((?:19|20)[0-9]{2})(?![0-9])")
_YEAR = re.compile(r"(?<![0-9])(?:20)[0-9]{2}(?![0-9,.])")
# Names that are a description could mean another year's as well.
_DESCRIBED = re.compile(r"\b(?:campaign|crackdown|operation|action|campaigns|crackdowns)\b|行动$|專項|专项")
_QUOTES: Final = "\"'“”‘’「」『』"


@dataclass(frozen=True, slots=True)
class Named:
    """A campaign where it is named; `campaign` is None for a year of a series that is not known."""

    start: int
    end: int
    name: str
    year: int | None
    campaign: Campaign | None


class Campaigns:
    """Finds the campaigns of a vocabulary."""

    def __init__(self, campaigns: tuple[Campaign, ...]) -> None:
        meant: dict[str, list[Campaign]] = {}
        series: dict[str, list[Campaign]] = {}
        for campaign in campaigns:
            for name in campaign.names:
                plain = re.sub(r"专项行动$|行动$|專項行動$|行動$", "", name.strip(_QUOTES)).strip(_QUOTES)
                for spelled in dict.fromkeys((name.strip(_QUOTES), plain)):
                    if len(spelled) > 1:
                        meant.setdefault(spelled, []).append(campaign)
                    yeared = _YEARED.match(spelled)
                    if yeared and len(yeared[1]) > 1:
                        series.setdefault(yeared[1], []).append(campaign)
        self._series = series
        terms = {name: meant.get(name, []) + series.get(name, []) for name in [*meant, *series]}
        self._lexicon = Lexicon((name, (name, tuple(dict.fromkeys(found)))) for name, found in terms.items())

    def find(self, source: Source, published: str | None) -> list[Named]:
        """Return the campaigns that a text names, from left to right."""
        hits = self._lexicon.hits(source)
        certain = {campaign for hit in hits for campaign in hit.meaning[1] if self._certain(source, hit)}
        years = {int(m[0]) for m in _YEAR.finditer(source.folded)} if hits else set()
        year = int(published[:4]) if published else None
        return [named for hit in hits for named in self._read(source, hit, certain, years, year)]

    def _certain(self, source: Source, hit: Hit[tuple[str, tuple[Campaign, ...]]]) -> bool:
        return bool(_HAS_YEAR.search(hit.meaning[0])) and not source.folded[hit.end : hit.end + 1].isdigit()

    def _read(
        self,
        source: Source,
        hit: Hit[tuple[str, tuple[Campaign, ...]]],
        certain: set[Campaign],
        years: set[int],
        published: int | None,
    ) -> Iterator[Named]:
        name, campaigns = hit.meaning
        if source.folded[hit.end : hit.end + 1].isdigit() or _HAS_YEAR.search(name):
            behind = _YEAR_BEHIND.match(source.folded, hit.end) if not _HAS_YEAR.search(name) else None
            if behind:
                yield from self._of_year(source, hit, int(behind[1]), behind.end())
            elif _HAS_YEAR.search(name) and not source.folded[hit.end : hit.end + 1].isdigit():
                yield Named(hit.start, hit.end, campaigns[0].names[0], campaigns[0].year, campaigns[0])
            return
        behind = _YEAR_BEHIND.match(source.folded, hit.end)
        if behind and name in self._series:
            yield from self._of_year(source, hit, int(behind[1]), behind.end())
            return
        if not _set_off(source, hit, name):
            return
        campaign = self._settled(name, campaigns, certain, years, published)
        if campaign:
            yield Named(hit.start, hit.end, campaign.names[0], campaign.year, campaign)

    def _of_year(
        self, source: Source, hit: Hit[tuple[str, tuple[Campaign, ...]]], year: int, end: int
    ) -> Iterator[Named]:
        name = hit.meaning[0]
        if name not in self._series:
            return
        known = next((c for c in self._series[name] if c.year == year), None)
        if known is None and len(name) < 4 and name.isascii():
            return  # "Net 2025" might be anything
        yield Named(hit.start, end, known.names[0] if known else source.text[hit.start : end], year, known)

    def _settled(
        self, name: str, campaigns: tuple[Campaign, ...], certain: set[Campaign], years: set[int], published: int | None
    ) -> Campaign | None:
        """Return the campaign that a name without a year means here, if it can be only one."""
        told = [c for c in campaigns if c in certain]
        if told:
            return told[0]
        near = years | ({published, published - 1} if published else set())
        of_year = [c for c in campaigns if c.year == published] or [c for c in campaigns if c.year in near]
        if len(of_year) == 1 or (of_year and published):
            return of_year[0]
        if len(campaigns) > 1 or name in self._series or (_described(name)):
            return None
        only = campaigns[0]
        return only if not (published and only.year and only.year > published) else None


def _described(name: str) -> bool:
    """Say whether a name only describes: one with a part in quotation marks does not."""
    return bool(_DESCRIBED.search(name)) and not any(mark in name for mark in _QUOTES)


def _set_off(source: Source, hit: Hit[tuple[str, tuple[Campaign, ...]]], name: str) -> bool:
    """Say whether a short name is used as one: in quotation marks, written large, or before a word for a campaign."""
    folded, text = source.folded, source.text
    before, behind = folded[hit.start - 1 : hit.start], folded[hit.end : hit.end + 14]
    quoted = bool(before) and before in "\"'《〈" and behind[:1] in ('"', "'", "》", "〉", ",")
    if name.isascii():
        return quoted or text[hit.start].isupper() or len(name) > 14
    return quoted or len(name) > 3 or bool(re.match(r"\"?(?:系列|专项|集中|集群)?(?:行动|战役|专项)", behind))
