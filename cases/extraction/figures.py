"""Figures: the quantities that count something, with what was done to it, which decides the measure."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from cases.extraction import rules
from cases.extraction.counted import Counter
from cases.extraction.counting import MONEY, PERCENT, PERSON, THING, Counted
from cases.extraction.lexicon import Hit
from cases.extraction.quantities import quantities
from cases.extraction.text import Source

_TO_BE = re.compile(
    r"\s?(?:\([^()]{0,60}\)\s?)?(?:(?:in|of) (?:[a-z]+ ){1,3})?"
    r"(?:have|has|had|were|was|are|is|be|being|been)\b|\s?(?:被|予以|受到)"
)
_BE = re.compile(r"\b(?:were|was|been|be|being|are|is) (?:[a-z]+ly )?$")
_CHANGE = re.compile(
    r"rise|rose|risen|rising|increas|grew|grow|(?<!made )(?<!make )(?<!makes )(?<!making )up|surg|jump|climb|higher|"
    r"fall|fell|fallen|drop|declin|decreas|(?<!handed )(?<!hand )down|shr[aiu]nk|slump|plung|tumbl|slid|halv|dip|"
    r"reduc|lower|year-on-year|"
    r"year on year|同比|环比|上升|增长|增加|增(?=[近约逾超]?$)|提高|提升|下降|减少|降低|增幅|降幅|回落|压降|升|降"
)
_FALL = re.compile(
    r"shr|slump|plung|tumbl|slid|halv|dip|fall|fell|drop|declin|decreas|down|reduc|lower|下降|减少|降低|降幅|回落|压降|降|减"
)
_CHANGE_BEHIND = re.compile(
    r"\s?(?:year-on-year |year on year )?(?:increase|rise|growth|jump|surge|higher|more|decrease|drop|decline|fall|"
    r"reduction|lower|less|fewer|on |year-on-year|from (?:the same|last|a year))"
)
_PRICE = re.compile(r"每|单价|售价|日薪|月薪|\s?(?:\b(?:each|apiece|per|a piece)\b|/)")
_CONVERTED = re.compile(
    r" ?\((?:about|around|or|some|approximately|约|约合|折合)? ?"
)  # 86 million yuan (12.5 million dollars)
_WHICH = re.compile(r"\b(?:that|which|who|whose)\b")
_CASH = re.compile(r" (?:in|of) cash\b| cash\b")
_STAKED = re.compile(r" (?:in|of) (?:illegal |online )?(?:bets|wagers|stakes|betting|turnover|transactions)\b")
_LINE = re.compile(r"[^\n\r]+")
_LEAD = re.compile(r"[:：]\s*$")
_BULLET = re.compile(r"\s{0,6}[·•●■◆★▪►▶◇○□▲*–-]\s?")
_EACH = re.compile(r"\b(?:each|every|per) [a-z -]{0,30}?\b(?:for|at|cost|costs) $")
_TAKES = re.compile("[将把对]")
_NEAR = 60  # characters about a percentage in which its direction is said
# What is said of a thing gives way to what was done: "froze the amount involved", 解救被骗群众.
_OVERRULES = {
    "involve": rules.actions() - {"involve"},
    "worth": frozenset(("freeze", "recover", "seize")),
    "profit": frozenset(("recover",)),
    "lose": frozenset(("recover", "freeze", "rescue", "arrest")),
}
_PEOPLE = rules.words("classes of people")
_TO_PEOPLE = rules.words("actions to people")
# What people do elsewhere in the sentence says nothing of these.
_OWN_CLAUSE = rules.words("classes told by their own clause")
_DEEDS = frozenset(("sell", "infect", "profit", "send", "lose", "worth"))  # of offenders
# What something is done for or in, by offenders, says so right before.
_ADDRESSED = frozenset(("group", "website", "platform", "app", "forum", "account", "shop", "enterprise"))
_TO_OR_IN = frozenset("为替给帮在向")
_CLOSE = 25  # characters within which "returned the money lost" is one thing done
_BACK = 10  # verbs that are looked at, nearest first, so that a sentence of any length is read in linear time


class Figure(NamedTuple):
    """A figure before it is known in which case, of what period and where."""

    start: int
    end: int
    value: Decimal
    high: Decimal | None
    qualifier: str
    unit: str
    measure: str | None


def figures(source: Source, counter: Counter, barred: list[tuple[int, int]]) -> Iterator[Figure]:
    """Give the figures of a text, from left to right; nothing in the barred stretches is one."""
    verbs = counter.verbs(source)
    found = list(counter.counted(source, quantities(source, barred), verbs))
    reader = _Reader(source, verbs)
    end, before = 0, None
    for counted in found:
        figure = reader.figure(counted, end)
        if figure:
            if before and counted.kind == MONEY and _CONVERTED.fullmatch(source.folded, end, figure.start):
                figure = figure._replace(measure=before)
            end, before = counted.end, figure.measure if counted.kind == MONEY else None
            yield figure


class _Reader:
    def __init__(self, source: Source, verbs: list[Hit[frozenset[str]]]) -> None:
        self._source = source
        self._verbs = verbs
        self._starts = [verb.start for verb in verbs]
        self._items, self._leads = _leads(source)

    def figure(self, counted: Counted, free: int) -> Figure | None:
        quantity, folded = counted.quantity, self._source.folded
        value, high = quantity.value, quantity.high
        measure: str | None
        if counted.kind == PERCENT:
            measure, falls = self._share(counted, free)
            value = -value if falls else value
            start, end = counted.start, counted.end
        else:
            if counted.kind == THING and self._are_people(counted):
                counted = counted._replace(kind=PERSON, unit="persons")
            measure = self._measure(counted)
            if counted.kind == PERSON and measure is None and counted.unit == "persons" and counted.end == quantity.end:
                return None
            start, end = self._widened(counted, free)
        start += len(folded[start:end]) - len(folded[start:end].lstrip())
        end -= len(folded[start:end]) - len(folded[start:end].rstrip())
        return Figure(start, end, value, high, quantity.qualifier, counted.unit, measure)

    def _share(self, counted: Counted, free: int) -> tuple[str, bool]:
        """Return whether a percentage is a change or a share, and whether something fell."""
        low, high = self._source.sentence(counted.quantity.at)
        folded = self._source.folded
        low = low if counted.start - free < 4 else max(low, free)  # up 12% and 15%
        before = folded[max(low, counted.start - _NEAR) : counted.start]
        behind = folded[counted.end : min(high, counted.end + _NEAR)]
        near = [
            m for m in _CHANGE.finditer(before) if not (m[0].isascii() and before[m.start() - 1 : m.start()].isalpha())
        ]
        if near and before.endswith(" from "):
            return "share_percent", False  # what it was before
        if near:
            return "change_percent", bool(_FALL.match(near[-1][0]))
        clause = re.split(r"[,，;；]", behind)[0]
        after = _CHANGE_BEHIND.match(clause)
        if after:
            return "change_percent", bool(_FALL.search(after[0]) or re.search("less|fewer", after[0]))
        return "share_percent", False

    def _measure(self, counted: Counted) -> str | None:
        table, kind = rules.measure_rules(), counted.kind
        if kind == MONEY and self._is_price(counted) and not self._is_lost(counted):
            return None
        if (kind, "*") not in table:
            return None
        if kind == MONEY and _STAKED.match(self._source.folded, counted.end):
            return "money_involved"
        weak, found, said = "", table[kind, "*"], 0
        if kind in _ADDRESSED and self._source.folded[max(0, counted.start - 1) : counted.start] in _TO_OR_IN:
            return None  # 为230余家网店刷量, 在6个业主群内散布
        low, high = self._source.clause(counted.quantity.at)
        first, _ = self._source.sentence(counted.quantity.at)
        for verb in self._nearest(counted):
            led = verb.start < first  # stands before the list
            if led:
                low = min(low, verb.start)
            if weak == "lose" and not (low <= verb.start < said <= verb.end + _CLOSE):
                break
            if weak and not low <= verb.start < high:
                break
            if weak and _WHICH.search(self._source.folded, verb.end, max(said, verb.end)):
                continue  # "froze accounts that had moved 2 million"
            if kind in _OWN_CLAUSE and not low <= verb.start < high:
                break
            if self._source.folded.startswith("的", verb.end) and "use" not in verb.meaning and "sell" in verb.meaning:
                continue  # 查获贩卖的手机卡300张
            for action, measure in _rules_of(kind, verb.meaning):
                if weak and action not in _OVERRULES[weak]:
                    continue
                behind = verb.start > counted.start and not self._was(verb)
                if measure is None and action in _DEEDS and (behind or not low <= verb.start < high):
                    continue  # "seized 40 phones used to send spam"
                if action == "use" and verb.start > counted.start:
                    continue  # "seized 40 phones that had been used"
                if action not in _OVERRULES:
                    cash = measure == "money_recovered" and _CASH.match(self._source.folded, counted.end)
                    return "money_frozen" if cash else measure
                if not weak:
                    weak, found, said = action, measure, verb.start
        return found

    def _are_people(self, counted: Counted) -> bool:
        """Say whether what no table knows are people, by what was done to them: "Nine lecturers were arrested"."""
        nearest = next(self._nearest(counted), None) if not self._source.chinese else None
        low, high = self._source.clause(counted.quantity.at)
        return (
            nearest is not None
            and bool(nearest.meaning)
            and low <= nearest.start < high
            and nearest.meaning <= _TO_PEOPLE
        )

    def _nearest(self, counted: Counted) -> Iterator[Hit[frozenset[str]]]:
        """Give the words for what was done, the likeliest first: of the passive, of the clause, of the sentence."""
        folded = self._source.folded
        clause = self._source.clause(counted.quantity.at)
        sentence = self._source.sentence(counted.quantity.at)
        n = bisect_left(self._starts, counted.start)
        first = bisect_left(self._starts, counted.end)
        behind = [verb for verb in self._verbs[first : first + 4] if verb.start < sentence[1]]
        same = [verb for verb in behind if verb.start < clause[1]]
        before = [verb for verb in self._verbs[max(0, n - _BACK) : n][::-1] if verb.start >= sentence[0]]
        passive = bool(_TO_BE.match(folded, counted.end) or self._participle(counted.end, same))
        inside = self._verbs[n:first]
        yield from (verb for verb in inside[::-1] if verb.end <= counted.quantity.start)
        if counted.kind == PERSON:
            yield from (verb for verb in inside if verb.end >= counted.end)  # "40 arrested", "three pleaded guilty"
        if before and "profit" in before[0].meaning and folded[before[0].end : counted.start] in (" of ", " "):
            yield before[0]  # "a profit of 52,000 yuan was found"
        if behind and behind[0].start == counted.end and _TAKES.search(folded, clause[0], counted.start):
            yield behind[0]  # 将孙某等4人刑事拘留
        be = _TO_BE.match(folded, counted.end)
        if be:
            yield from (verb for verb in behind if be.end() <= verb.start < be.end() + 12)
        if passive:
            yield from (verb for verb in behind if verb.start < counted.end + 60)
        if not before:  # "43 websites that spread rumours … were closed"
            later = [verb for verb in self._verbs[first : first + _BACK] if verb.start < sentence[1]]
            yield from (verb for verb in later if _BE.search(folded, max(0, verb.start - 24), verb.start))
        yield from (verb for verb in before if verb.start >= clause[0])
        yield from same
        yield from (verb for verb in before if verb.start < clause[0])
        yield from self._of_list(sentence[0])

    def _of_list(self, start: int) -> list[Hit[frozenset[str]]]:
        """Return the last word for what was done in the line that leads a list, for an item of it."""
        n = bisect_right(self._items, start) - 1
        if n < 0 or self._items[n] != start:
            return []
        low, high = self._leads[n]
        last = bisect_left(self._starts, high)
        return [verb for verb in self._verbs[max(0, last - 1) : last] if verb.start >= low]

    def _is_price(self, counted: Counted) -> bool:
        folded = self._source.folded
        return bool(
            _PRICE.search(folded, max(0, counted.start - 8), counted.start)
            or _EACH.search(folded, max(0, counted.start - 50), counted.start)
            or _PRICE.match(folded, counted.end)
        )

    def _was(self, verb: Hit[frozenset[str]]) -> bool:
        """Say whether what was done is told in the passive: "300 cards were sold"."""
        return _BE.search(self._source.folded, max(0, verb.start - 24), verb.start) is not None

    def _is_lost(self, counted: Counted) -> bool:
        """Say whether a sum for each is what each has lost."""
        n = bisect_left(self._starts, counted.start)
        low, _ = self._source.clause(counted.quantity.at)
        return n > 0 and self._verbs[n - 1].start >= low and "lose" in self._verbs[n - 1].meaning

    def _participle(self, end: int, same: list[Hit[frozenset[str]]]) -> bool:
        """Say whether what was done stands right behind: "sixty computers seized"."""
        folded = self._source.folded
        if not same or folded[end : same[0].start] != " " or "involve" in same[0].meaning:
            return False
        return not folded[same[0].start : same[0].end].partition(" ")[0].endswith("ing")  # "accounts holding 2 million"

    def _widened(self, counted: Counted, free: int) -> tuple[int, int]:
        """Take the word for what was done into the phrase where it stands right before."""
        n = bisect_right(self._starts, counted.start - 1)
        if n:
            verb = self._verbs[n - 1]
            clause = self._source.clause(counted.start)
            gap = self._source.folded[verb.end : counted.start]
            if (
                verb.start >= max(clause[0], free)
                and len(gap) <= 20
                and gap.count(" ") <= 3
                and not re.search('["0-9]', gap)
            ):
                return verb.start, counted.end
        return counted.start, counted.end


def _leads(source: Source) -> tuple[list[int], list[tuple[int, int]]]:
    """Return where the items of lists begin, and for each the line that leads its list: "Officers seized:"."""
    items: list[int] = []
    leads: list[tuple[int, int]] = []
    lead: tuple[int, int] | None = None
    for line in _LINE.finditer(source.folded):
        if line[0].isspace():
            continue
        if _LEAD.search(line[0]):
            lead = line.span()
        elif not _BULLET.match(line[0]):
            lead = None
        elif lead:
            items.append(line.start())
            leads.append(lead)
    return items, leads


@cache
def _rules_of(kind: str, actions: frozenset[str]) -> list[tuple[str, str | None]]:
    """Return what a class counts under each of some actions, in the order of the table; persons of any class count as
    such under what is done to them."""
    table = rules.measure_rules()
    own = {action: measure for (of, action), measure in table.items() if of == kind}
    if kind in _PEOPLE:
        own = {**{a: m for (of, a), m in table.items() if of == "person" and a in _TO_PEOPLE}, **own}
    return [(action, measure) for action, measure in own.items() if action in actions]
