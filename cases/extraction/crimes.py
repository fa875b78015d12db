"""Crime types: the terms that tell of one, not those that only name a unit, warn, or say less than a narrower type."""

import re
from bisect import bisect_right
from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final

from cases.extraction import rules
from cases.extraction.lexicon import Hit, Lexicon
from cases.extraction.text import Source
from cases.extraction.typical_cases import Told

# "Cyber Fraud Unit", 反诈骗专线: a name, or what helps against a crime.
_NAMED: Final = re.compile(
    r"[ -](?:unit|units|squad|team|bureau|hotline|helpline|department|division|office|centre|center|command|law|"
    r"task ?force|prevention|awareness|complaint|centres)\b|(?:热线|专线|咨询|预警|劝阻|中心|宣传|防范)"
)
_AGAINST: Final = re.compile(r"(?:反|防|防范|识破|\banti-|\baction |\bcounter-)$")
# From here on to the end of the paragraph it is warned, with the items of a list behind it, and after a line of its own
# to the end of the text.
_WARNS_ZH: Final = re.compile(
    r"提醒|呼吁|温馨提示|(?:警方|网警|民警|公安|法官|检察官|中心)提示|忠告|谨记|请牢记|切勿|如何防范|市民如有|群众如"
)
_WARNS_EN: Final = re.compile(
    r"\b(?=[aimpruwc])(?:(?:reminds?|reminded|advises?|advised|urges?|urged|warns?) (?:all |the )?(?:public|residents|"
    r"people|citizens|parents|users|netizens|everyone|customers|internet users)\b|"
    r"if you (?:have|think|believe|are|receive|suspect)\b|members of the public\b|"
    r"anyone (?:who|with)\b[^.\n]{0,120}\b(?:should|can|may|must|please|contact|call|is (?:asked|urged|advised))\b|"
    r"(?:public|residents|people|citizens) (?:is|are) (?:advised|asked|urged|reminded)\b)"
)
_ITEMS: Final = re.compile(r"(?:\s{1,4}[·•●■◆*–-] ?[^\n\r]*)+")
_BREAK: Final = re.compile(r"[\n\r\u2028\u2029]")
_SHORT: Final = 24  # a line that is no more than the heading of a warning
# What makes a fraud one by telephone or over the Internet, and aid one with cards.
_AT_A_DISTANCE: Final = re.compile(
    r"网络|网上|线上|网购|电话|短信|链接|微信|社交|直播|客服|程式|app|屏幕共享|刷单|引流|机房|话务|帐户|账户|转账|goip|虚拟币|平台"
)
_CARDS: Final = re.compile(r"\b(?:bank|phone|sim) cards?\b|银行卡|电话卡|手机卡|账户")
# What is traded on hidden sites, if no information is.
_OTHER_GOODS: Final = re.compile(
    r"\A(?!.*(?:\b(?:data|information|credentials|identities|identity|cards?|records|passwords|logins?|passports)\b|信息|数据|资料|身份证|账号|护照|简历|名单))",
    re.DOTALL,
)
_BY_TELEPHONE: Final = re.compile(r"\bgoip\b|\bmodem pools?\b|\bsim box|\bcall cent(?:re|er)")
_NEAR: Final = 60  # characters of Chinese about a term in which that is said
_BEHIND: Final = re.compile(r" (?:groups?|gangs?|money|funds|proceeds|victims?|suspects?|cash|tools|software)\b")
_PASSING: Final = rules.words("said in passing")


class Crimes:
    """The terms for crime types, of which `codes` are known; `parents` are the broader types of the narrower ones."""

    def __init__(self, terms: Iterable[tuple[str, str]], parents: dict[str, str], codes: Container[str]) -> None:
        self._terms = Lexicon(terms)
        self._words = Lexicon(rules.crime_words().items())
        self._parents = parents
        self._codes = {*parents, *parents.values()}
        self._combinations = [one for one in rules.crime_combinations() if one.code in codes]

    def find(self, source: Source, cases: Sequence[Told]) -> list[Hit[str]]:
        """Return the terms that tell of a crime type, from left to right."""
        folded = source.folded
        warned = _warnings(source)
        combined = set(self._combined(source))
        found = [
            self._narrowed(source, hit)
            for hit in sorted([*self._terms.hits(source), *combined])
            if hit.meaning != "-"  # words that hold a term and are no crime
            and not _within(warned, hit.start)
            and not _NAMED.match(folded, hit.end)
            and not _AGAINST.search(folded, max(0, hit.start - 8), hit.start)
        ]
        starts = [case.start for case in cases]
        at = [_case(starts, cases, hit.start) for hit in found]
        narrower = {self._parents[hit.meaning] for hit in found if hit.meaning in self._parents}
        told = {(case, self._parents.get(hit.meaning)) for case, hit in zip(at, found, strict=True) if case is not None}
        beside = {
            (source.sentence(hit.start), self._parents[hit.meaning]) for hit in found if hit.meaning in self._parents
        }
        return [
            hit
            for case, hit in zip(at, found, strict=True)
            if (case, hit.meaning) not in told
            and not (hit.meaning in narrower and _in_passing(folded, hit))
            and not (hit in combined and (source.sentence(hit.start), hit.meaning) in beside)
        ]

    def _combined(self, source: Source) -> Iterator[Hit[str]]:
        """Give the crime types that are told by what was done in a sentence, each where the last word for it stands."""
        for _, hits in groupby(self._words.hits(source), lambda hit: source.sentence(hit.start)):
            seen: set[str] = set()
            told: dict[rules.Combination, Hit[str]] = {}
            for hit in hits:
                if not hit.meaning <= seen:
                    seen |= hit.meaning
                    for one in self._combinations:
                        if one.groups <= seen:
                            told.setdefault(one, Hit(hit.start, hit.end, one.code))
            yield from (hit for one, hit in told.items() if one.without not in seen)

    def _narrowed(self, source: Source, hit: Hit[str]) -> Hit[str]:
        """Return a broad type as the narrower one that the words about it say."""
        if hit.meaning == "fraud":
            narrower, words = "fraud.telecom", _AT_A_DISTANCE if source.chinese else _BY_TELEPHONE
        elif hit.meaning == "aiding_cybercrime":
            narrower, words = "black_cards", _CARDS
        elif hit.meaning == "personal_info.darkweb":
            narrower, words = "black_market", _OTHER_GOODS
        else:
            return hit
        if narrower not in self._codes:
            return hit
        far = _NEAR if source.chinese else _NEAR * 3
        near = max(0, hit.start - far), min(len(source.folded), hit.end + far)
        return hit._replace(meaning=narrower) if words.search(source.folded[near[0] : near[1]]) else hit


def _in_passing(folded: str, hit: Hit[str]) -> bool:
    """Say whether a term only names persons or proceeds of a crime."""
    return folded[hit.start : hit.end] in _PASSING or _BEHIND.match(folded, hit.end) is not None


def _case(starts: Sequence[int], cases: Sequence[Told], at: int) -> int | None:
    n = bisect_right(starts, at) - 1
    return n if n >= 0 and at < cases[n].end else None


def _warnings(source: Source) -> list[tuple[int, int]]:
    """Return where a text warns, from left to right."""
    found: list[tuple[int, int]] = []
    for cue in (_WARNS_ZH if source.chinese else _WARNS_EN).finditer(source.folded):
        if found and cue.start() < found[-1][1]:
            continue
        stop = _BREAK.search(source.folded, cue.end())
        end = stop.start() if stop else len(source.folded)
        alone = end - cue.end() < 4 and cue.start() - source.folded.rfind("\n", 0, cue.start()) < _SHORT
        items = _ITEMS.match(source.folded, end)
        end = items.end() if items else end
        found.append((cue.start(), len(source.folded) if alone else end))
    return found


def _within(stretches: Sequence[tuple[int, int]], at: int) -> bool:
    n = bisect_right(stretches, at, key=lambda stretch: stretch[0]) - 1
    return n >= 0 and at < stretches[n][1]
