"""Words of a search: how they are folded, and how a query is read. `highlights.py` tells where it stands in a text.

The SQL twin of both is sql/fulltext.sql.

A query is words; "quoted words" are neighbours in that order; -word (or NOT word) is not; OR between words is either. A
word without spaces is itself neighbours, so 网络诈骗 finds the four characters together. A number is found in every way
that digits print it. What cannot be read is repaired, and said.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

from cases.numerals import printed_numbers, spellings

CJK = "〇㐀-鿿\U00020000-\U0002fffd"
MAX_TERMS = 24
TRADITIONAL = Path(__file__).resolve().parent / "sql" / "traditional.tsv"

CHINESE = re.compile(f"[{CJK}]")
LETTER = rf"[^\W\d_{CJK}]"
WORDS = re.compile(rf"[{CJK}]+|[0-9]+(?:\.[0-9]+)?|{LETTER}+")
# 57,519 is 57519, Xi'an is Xian, the police's is of the police; and 5·22 is 5.22.
SILENT = re.compile(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))|(?<=[a-z])['’‘ʼ](?:s(?![a-z])|(?=[a-z]))")
MAY_BE_SILENT = re.compile("[,'’‘ʼ]")
POINT = re.compile(r"(?<=[0-9])[·•‧・](?=[0-9])")
# Letters that the two languages' functions for small letters treat differently.
_SMALL = str.maketrans("İΣ", "iσ")
# Letters with marks: Ürümqi is Urumqi.
_ACCENTED = re.compile("[À-ɏḀ-ỿ]")
_MARKS = re.compile("[\u0300-\u036f]")
_TOKENS = re.compile(r'(?P<minus>[-−－](?=\S)|NOT\s+(?=\S))?(?:"(?P<quoted>[^"]*)"|(?P<word>[^\s"]+))')
_SIGNS = re.compile("[()（）*＊|｜]")
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»「」『』＂", '"'))

# What the database's English dictionary leaves out.
_LEFT_OUT = (
    "i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she her hers "
    "herself it its itself they them their theirs themselves what which who whom this that these those am is are "
    "was were be been being have has had having do does did doing a an the and but if or because as until while of "
    "at by for with about against between into through during before after above below to from up down in out on "
    "off over under again further then once here there when where why how all any both each few more most other "
    "some such no nor not only own same so than too very s t can will just don should now"
)
STOP_WORDS = frozenset(_LEFT_OUT.split())


@cache
def simplified() -> dict[int, str]:
    """Return the translation of traditional characters into simplified ones (OpenCC's table of characters)."""
    lines = TRADITIONAL.read_text(encoding="utf-8").splitlines()
    return {ord(line[0]): line[2] for line in lines}


def fold(text: str) -> str:
    """Return a text without what a search overlooks: width, case, accents, old forms, separators in numbers."""
    if text.isascii():  # as most names are
        small = text.lower()
        return SILENT.sub("", small) if MAY_BE_SILENT.search(small) else small
    small = unicodedata.normalize("NFKC", text).translate(_SMALL).lower()
    if _ACCENTED.search(small):
        small = unicodedata.normalize("NFKC", _MARKS.sub("", unicodedata.normalize("NFKD", small)))
    return POINT.sub(".", SILENT.sub("", small)).translate(simplified())


@dataclass(frozen=True)
class Term:
    """One thing to be found: any of its alternatives, each a sequence of neighbours. `text`: as a query writes it."""

    text: str
    alternatives: tuple[str, ...]
    negated: bool = False
    campaigns: tuple[str, ...] = ()


@dataclass
class TextQuery:
    """A query as it was understood: groups of terms, one group of which must hold whole; and what was repaired."""

    groups: list[list[Term]] = field(default_factory=list)
    repairs: list[str] = field(default_factory=list)

    @property
    def terms(self) -> list[Term]:
        """The terms that are to be found, for highlighting."""
        return [term for group in self.groups for term in group if not term.negated]


QUOTES, SIGNS, OPERATORS, LENGTH = "quotes", "signs", "operators", "length"


def parse(text: str, campaigns: Iterable[tuple[str, str]] = ()) -> TextQuery:
    """Read a query. `campaigns` are the (name, slug) of campaigns: any name of one stands for all its names.

    `repairs` holds which of QUOTES (one was open), SIGNS (that have no meaning), OPERATORS (OR, NOT or - with
    nothing to join) and LENGTH (words beyond MAX_TERMS) had to be mended.
    """
    query = TextQuery()
    text = text.translate(_QUOTES)
    if text.count('"') % 2:
        query.repairs.append(QUOTES)
        text += '"'
    if _SIGNS.search(text):
        query.repairs.append(SIGNS)
        text = _SIGNS.sub(" ", text)
    names = _names(tuple(campaigns))
    group: list[Term] = []
    for token in _joined(list(_tokens(text, names)), names):
        words = WORDS.findall(fold(token.words))
        if token == _Token("OR"):
            if group:
                query.groups.append(group)
                group = []
            else:
                query.repairs.append(OPERATORS)
        elif not words or token == _Token("NOT"):
            query.repairs.append(OPERATORS)
        elif STOP_WORDS.issuperset(words):
            continue
        elif len(query.terms) + len(group) >= MAX_TERMS:
            query.repairs.append(LENGTH)
            break
        else:
            group.append(_term(token, names))
    if group:
        query.groups.append(group)
    elif query.groups:
        query.repairs.append(OPERATORS)  # it ended with OR
    query.repairs = list(dict.fromkeys(query.repairs))
    return query


@dataclass(frozen=True)
class _Token:
    words: str
    quoted: bool = False
    negated: bool = False


class _Names:
    """The names of campaigns. How their words are parted does not matter: Net-Net 2018, 净网 2018."""

    def __init__(self, campaigns: Iterable[tuple[str, str]]) -> None:
        self.longest = 2  # words of a name, as they are parted by spaces
        self._slugs: dict[str, set[str]] = {}
        self._names: dict[str, list[str]] = {}
        chinese: set[str] = set()
        for name, slug in campaigns:
            folded = fold(name)
            words = WORDS.findall(folded)
            if not words:
                continue
            self.longest = max(self.longest, len(words))
            self._slugs.setdefault("".join(words), set()).add(slug)
            self._names.setdefault(slug, []).append(folded)
            if re.search(f"[{CJK}]", folded):
                chinese.add(r"[\W_]*".join(map(re.escape, words)) + r"(?![0-9])" * words[-1][-1].isdigit())
        self._chinese = re.compile(f"({'|'.join(sorted(chinese, key=len, reverse=True))})") if chinese else None

    def slugs(self, words: str) -> set[str]:
        """Return the campaigns that go by a name."""
        return self._slugs.get("".join(WORDS.findall(fold(words))), set())

    def of(self, slugs: Iterable[str]) -> list[str]:
        """Return every name of these campaigns, folded."""
        return [name for slug in sorted(slugs) for name in self._names[slug]]

    def cut(self, words: str) -> list[str]:
        """Return words with every Chinese name of a campaign in them apart: 净网2018诈骗, but not 切断源头 (断源)."""
        parts = self._chinese.split(fold(words)) if self._chinese else []
        parts = [part for part in parts if WORDS.search(part)] if len(parts) > 1 else []
        return parts if parts and all(len(part) > 1 for part in parts) else [words]


@lru_cache(maxsize=8)
def _names(campaigns: tuple[tuple[str, str], ...]) -> _Names:
    """Return the names of campaigns as they are looked up; to read them takes longer than most searches."""
    return _Names(campaigns)


def _tokens(text: str, names: _Names) -> Iterator[_Token]:
    """Yield the words and quotations of a query; a Chinese campaign name is cut out of what it is written with."""
    for match in _TOKENS.finditer(text):
        negated = match["minus"] is not None
        if match["quoted"] is not None:
            yield _Token(match["quoted"].strip(), True, negated)
        elif negated or names.slugs(match["word"]):
            yield _Token(match["word"], False, negated)
        else:
            yield from map(_Token, names.cut(match["word"]))


def _joined(tokens: list[_Token], names: _Names) -> Iterator[_Token]:
    """Yield the tokens, those put together that are one thing: "Net Net 2018", "1.56 million"."""
    at = 0
    while at < len(tokens):
        for end in range(min(at + names.longest, len(tokens)), at + 1, -1):
            run = tokens[at:end]
            words = " ".join(token.words for token in run)
            plain = not any(token.quoted or token.negated for token in run[1:]) and not run[0].quoted
            if plain and (names.slugs(words) or (len(run) == 2 and _is_number(words))):
                yield _Token(words, True, run[0].negated)
                at = end
                break
        else:
            yield tokens[at]
            at += 1


def _term(token: _Token, names: _Names) -> Term:
    slugs = names.slugs(token.words)
    others = names.of(slugs) if slugs else _with_numbers(token.words)
    quoted = f'"{token.words}"' if token.quoted else token.words
    written = f"-{quoted}" if token.negated else quoted
    return Term(written, tuple(dict.fromkeys([fold(token.words), *others])), token.negated, tuple(sorted(slugs)))


def _is_number(words: str) -> bool:
    return any(fold(number.text).strip() == fold(words).strip() for number in printed_numbers(words))


def _with_numbers(words: str) -> list[str]:
    """Return words with the one number in them in every way that digits print it: 57000余名 for 5.7万余名.

    A number without digits must be all there is (三万七千, and not 统一行动), and a large one: 一 is more often a word.
    """
    numbers = list(printed_numbers(words))
    if len(numbers) != 1:
        return []
    before, printed, after = fold(words).partition(fold(numbers[0].text))
    digits = bool(re.search("[0-9]", printed))
    if not digits and ((before + after).strip() or len(printed) < 2 or numbers[0].value < 1_000):
        return []
    return [f"{before}{spelling}{after}" for spelling in spellings(numbers[0].value)]
