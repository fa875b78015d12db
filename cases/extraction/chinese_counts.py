"""What a number counts in Chinese: the noun before (案件320起), behind (320起案件), or what the measure word tells."""

import re
from bisect import bisect_left
from typing import Final

from cases.extraction import rules
from cases.extraction.counting import MONEY, PERSON, PERSONS, THING, Context, Counted, made
from cases.extraction.lexicon import Hit, Lexicon
from cases.extraction.quantities import Quantity

# What may stand between a noun and its number, and how much of it.
_FILLERS: Final = tuple(sorted(rules.words("chinese fillers"), key=len, reverse=True)) + tuple(" \"'：:)")
_MOST_FILLERS: Final = 6
_BRACKETED = re.compile(r"[(\[][^()\[\]]{0,8}[)\]]$")
_MEASURE_WORD = re.compile(
    r"\s?(?:个?(?=[省市县国](?:[^家级区份市]|$))([省市县国])"
    r"|(人次|家次|间次|处次|户次|件次|次家|[名人位个起宗件案伙支处间家条款团部台套只块张枚把发本副份篇次场类种组辆栋艘笔幅箱批瓶桶吨盒根架座段例道波册双包袋罐]|单(?!位)))"
)
_SEXES = re.compile(r"[男女](?=[，。、,;；及和]|[0-9一二三四五六七八九十]|$)")  # 151男63女
_BRACKET = re.compile(r"\([^()]{1,4}\)")
# 8.8万名客户的资料 counts what is known of them.
_OF_PERSONS = re.compile(r"[一-鿿]{0,4}?的?(?:个人|身份|联系|详细|隐私)?(?:信息|资料|数据|名单)")
_STOP = re.compile(r"[，。；;！？、,:：()\n]")
# Where an unknown noun behind a measure word ends at the latest.
_NOUN_ENDS = re.compile(r"[^一-鿿a-z]|[被因在将已为以从对向与和及等是有到并后前中内也均都还的了于由、]")
_LONGEST_NOUN: Final = 8
_NOT_COUNTED = re.compile(rules.any_of(rules.not_counted("zh")))
_CLOSED: Final = "。，；、,;)\n\r！!？? "


def read(text: Context, nouns: Lexicon[str], quantity: Quantity) -> Counted | None:
    """Return what a quantity counts, if anything."""
    folded, end = text.folded, quantity.end
    at = end + (folded[end : end + 1] == " ")
    if _SEXES.match(folded, at):
        return Counted(quantity, PERSON, "persons", quantity.start, at + 1)
    direct = text.noun_at.get(at)
    rest = folded[at : at + 6]
    if direct is None and _NOT_COUNTED.match(rest):
        return None
    word = _MEASURE_WORD.match(folded, end)
    if direct and (word is None or direct.end > word.end() + 1):
        return made(quantity, direct.meaning, quantity.start, direct.end)
    before = _noun_before(text, nouns, quantity)
    if word:
        return _with_measure_word(text, quantity, before, word[1] or word[2], word.end())
    if rest and rest[0] not in _CLOSED:
        return None
    if before and (not quantity.words or quantity.value >= 10):
        return made(quantity, before.meaning, before.start, end)
    return _bare_money(text, quantity)


def _with_measure_word(
    text: Context, quantity: Quantity, before: Hit[str] | None, word: str, end: int
) -> Counted | None:
    bracket = _BRACKET.match(text.folded, end)
    end = bracket.end() if bracket else end
    close = text.noun_at.get(end)
    # 公布专项行动8起典型案例, 案件涉及23个省份: the noun behind, however well the one before would fit.
    apart = before is not None and before.end < quantity.start
    if close and (close.meaning == "modelcase" or (apart and _fits(close.meaning, word))):
        return made(quantity, close.meaning, quantity.start, close.end)
    if before and _fits(before.meaning, word):
        return made(quantity, before.meaning, before.start, end)
    behind = _noun_behind(text, end, word)
    whose = behind.end if behind and behind.meaning in PERSONS else end
    known = _OF_PERSONS.match(text.folded, whose) if word in ("名", "位", "人") else None
    if known:
        return made(quantity, "pinfo", quantity.start, known.end())
    if behind:
        return made(quantity, behind.meaning, quantity.start, behind.end)
    small = quantity.words and quantity.value < 10
    if before and word in "个次条件份部" and not small:
        return made(quantity, before.meaning, before.start, end)
    kind = rules.classifiers().get(word)
    if kind is None and quantity.value < 10 and (quantity.words or word in "次类种组场"):
        return None
    if small and kind != PERSON and not (kind == "province" and quantity.value > 2):
        return None
    unknown = _NOUN_ENDS.search(text.folded, end, end + _LONGEST_NOUN)
    end = unknown.start() if unknown else min(end + _LONGEST_NOUN, len(text.folded))
    verb = min((at for at in range(word_end(quantity, end), end) if at in text.verb_at), default=end)
    return made(quantity, kind or THING, quantity.start, max(verb, quantity.end))


def word_end(quantity: Quantity, end: int) -> int:
    """Return where what stands behind the number begins."""
    return min(quantity.end + 1, end)


def _fits(kind: str, word: str) -> bool:
    return word[0] in rules.classes()[kind][1]


def _noun_before(text: Context, nouns: Lexicon[str], quantity: Quantity) -> Hit[str] | None:
    """Return the noun that ends before a number, whatever the longer words about it are: 聊天 + 群组 + 390余万个."""
    folded, end = text.folded, quantity.start
    for _ in range(_MOST_FILLERS):
        noun = nouns.ending_at(folded, end) or text.noun_ends.get(end)
        if noun:
            return noun
        bracket = _BRACKETED.search(folded, max(0, end - 10), end)
        if bracket:
            end = bracket.start()
        elif folded.endswith(_FILLERS, 0, end):
            end -= next(len(filler) for filler in _FILLERS if folded.endswith(filler, 0, end))
        else:
            return None
    return None


def _noun_behind(text: Context, at: int, word: str) -> Hit[str] | None:
    stop = _STOP.search(text.folded, at, at + 40)
    limit = stop.start() if stop else at + 40
    n = bisect_left(text.numbers, at)
    if n < len(text.numbers):
        limit = min(limit, text.numbers[n])
    weak = None
    first = bisect_left(text.noun_starts, at)
    for noun in text.nouns[first : first + 8]:
        if noun.start >= limit:
            break
        if _fits(noun.meaning, word):
            if noun.meaning not in ("crime", "pinfo"):
                return noun
            weak = weak or noun
    return weak


def _bare_money(text: Context, quantity: Quantity) -> Counted | None:
    """Read 涉案资金逾80亿: a number in 万 or 亿 right behind a word for money is one of yuan."""
    number = text.folded[quantity.at : quantity.end].rstrip("余多 ")
    if not number.endswith(("万", "亿", "萬", "億")):
        return None
    end = quantity.start
    for _ in range(_MOST_FILLERS):
        if text.folded.endswith(tuple(rules.words("words for money")), 0, end):
            return Counted(quantity, MONEY, "CNY", quantity.start, quantity.end)
        if not text.folded.endswith(_FILLERS, 0, end):
            return None
        end -= next(len(filler) for filler in _FILLERS if text.folded.endswith(filler, 0, end))
    return None
