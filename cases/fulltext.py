"""Words of a search: how a query is read, and where it stands in a text. The SQL twin is sql/fulltext.sql.

A query is words; "quoted words" are neighbours in that order; -word is not; OR between words is either. A word
without spaces is itself neighbours, so 网络诈骗 finds the four characters together. What cannot be read is repaired,
and said.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from html import escape
from pathlib import Path

import snowballstemmer

from cases.numerals import printed_numbers

# Folded name → the slugs of the campaigns that go by it.
Names = dict[str, set[str]]

CJK = "〇㐀-鿿\U00020000-\U0002fffd"
MAX_TERMS = 24
TRADITIONAL = Path(__file__).resolve().parent / "sql" / "traditional.tsv"

_RUNS = re.compile(f"[{CJK}]+|[^\\W_{CJK}]+", re.UNICODE)
_THOUSANDS = re.compile(r"(?<=[0-9]),(?=[0-9]{3})")
_TOKENS = re.compile(r'(?P<minus>[-−－](?=\S))?(?:"(?P<quoted>[^"]*)"|(?P<word>[^\s"]+))')
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»「」『』＂", '"'))
_stemmer = snowballstemmer.stemmer("english")


@cache
def simplified() -> dict[int, str]:
    """Return the translation of traditional characters into simplified ones (OpenCC's table of characters)."""
    lines = TRADITIONAL.read_text(encoding="utf-8").splitlines()
    return {ord(line[0]): line[2] for line in lines}


def fold(text: str) -> str:
    """Return a text without the differences that a search overlooks: width, case, old forms, thousands separators."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return _THOUSANDS.sub("", folded).translate(simplified())


@dataclass(frozen=True)
class Term:
    """One thing to be found: any of its alternatives, each a sequence of neighbours."""

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


QUOTES, PARENTHESES, OPERATORS, LENGTH = "quotes", "parentheses", "operators", "length"


def parse(text: str, campaigns: Iterable[tuple[str, str]] = ()) -> TextQuery:
    """Read a query. `campaigns` are the (name, slug) of campaigns: any name of one stands for all its names.

    `repairs` holds which of QUOTES (one was open), PARENTHESES (they have no meaning), OPERATORS (OR or - with
    nothing to join) and LENGTH (words beyond MAX_TERMS) had to be mended.
    """
    query = TextQuery()
    text = text.translate(_QUOTES)
    if text.count('"') % 2:
        query.repairs.append(QUOTES)
        text += '"'
    if re.search(r"[()（）]", text):
        query.repairs.append(PARENTHESES)
        text = re.sub(r"[()（）]", " ", text)
    names: Names = {}
    for name, slug in campaigns:
        names.setdefault(fold(name), set()).add(slug)
    group: list[Term] = []
    for token in _joined(list(_tokens(text, names)), names):
        if token.words == "OR" and not token.quoted:
            if group:
                query.groups.append(group)
                group = []
            else:
                query.repairs.append(OPERATORS)
        elif not _RUNS.search(fold(token.words)):
            query.repairs.append(OPERATORS)
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
    quoted: bool
    negated: bool


def _tokens(text: str, names: Names) -> Iterator[_Token]:
    """Yield the words and quotations of a query; a Chinese campaign name is cut out of what it is written with."""
    inside = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True) if re.search(f"[{CJK}]", name))
    for match in _TOKENS.finditer(text):
        quoted = match["quoted"] is not None
        words = (match["quoted"] if quoted else match["word"]).strip()
        negated = match["minus"] is not None
        folded = fold(words)
        if not quoted and not negated and inside and folded not in names and re.search(inside, folded):
            parts = [part for part in re.split(f"({inside})", folded) if _RUNS.search(part)]
            yield from (_Token(part, False, False) for part in parts)
        elif words:
            yield _Token(words, quoted, negated)


def _joined(tokens: list[_Token], names: Names) -> Iterator[_Token]:
    """Yield the tokens, those put together that are one thing: "Net Net 2018", "1.56 million"."""
    at = 0
    while at < len(tokens):
        for end in range(min(at + 8, len(tokens)), at + 1, -1):
            run = tokens[at:end]
            words = " ".join(token.words for token in run)
            plain = not any(token.quoted or token.negated for token in run[1:]) and not run[0].quoted
            if plain and (fold(words) in names or (len(run) == 2 and _values(words))):
                yield _Token(words, True, run[0].negated)
                at = end
                break
        else:
            yield tokens[at]
            at += 1


def _term(token: _Token, names: Names) -> Term:
    folded = fold(token.words)
    slugs = names.get(folded, set())
    others = [name for name, of in names.items() if of & slugs] if slugs else _values(token.words)
    return Term(token.words, tuple(dict.fromkeys([folded, *others])), token.negated, tuple(sorted(slugs)))


def _values(words: str) -> list[str]:
    """Return what words that are nothing but a number are worth: 57000 for 5.7万, and nothing for 5.7万余起."""
    whole = fold(words).strip()
    return [f"{number.value.normalize():f}" for number in printed_numbers(words) if fold(number.text).strip() == whole]


# --- highlights -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Found:
    """Where a term stands in a text, in code points."""

    start: int
    end: int


def find(terms: Iterable[Term], text: str) -> list[Found]:
    """Return where any of the terms stands in a text, from left to right, without overlaps."""
    letters, origin = _letters(text)
    words = [(m.start(), m.end(), _stem(m[0])) for m in _RUNS.finditer(letters)]
    found: list[Found] = []
    for term in terms:
        for alternative in term.alternatives:
            found += _find(alternative, letters, words, origin)
    merged: list[Found] = []
    for hit in sorted(found, key=lambda f: (f.start, -f.end)):
        if merged and hit.start < merged[-1].end:
            merged[-1] = Found(merged[-1].start, max(merged[-1].end, hit.end))
        else:
            merged.append(hit)
    return merged


def _find(alternative: str, letters: str, words: list[tuple[int, int, str]], origin: list[int]) -> Iterator[Found]:
    if re.search(f"[{CJK}]", alternative):
        for match in re.finditer(re.escape(alternative), letters):
            yield Found(origin[match.start()], origin[match.end() - 1] + 1)
        return
    wanted = [_stem(m[0]) for m in _RUNS.finditer(alternative)]
    for i in range(len(words) - len(wanted) + 1):
        if wanted and [word[2] for word in words[i : i + len(wanted)]] == wanted:
            yield Found(origin[words[i][0]], origin[words[i + len(wanted) - 1][1] - 1] + 1)


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    return str(_stemmer.stemWord(word)) if word.isascii() else word


@lru_cache(maxsize=20_000)
def _letter(character: str) -> str:
    return fold(character)


def _letters(text: str) -> tuple[str, list[int]]:
    """Return a text folded, and for each of its letters the place in the text that it comes from."""
    letters: list[str] = []
    origin: list[int] = []
    for i, character in enumerate(text):
        for letter in _letter(character):
            letters.append(letter)
            origin.append(i)
    joined = "".join(letters)
    separators = {m.start() for m in _THOUSANDS.finditer(joined)}
    if separators:
        origin = [place for n, place in enumerate(origin) if n not in separators]
        joined = "".join(letter for n, letter in enumerate(joined) if n not in separators)
    return joined, origin


def marked(text: str, found: Iterable[Found], start: int = 0, end: int | None = None) -> str:
    """Return a stretch of a text as safe HTML with what was found in <mark>."""
    end = len(text) if end is None else end
    parts: list[str] = []
    at = start
    for hit in found:
        if hit.end <= start or hit.start >= end:
            continue
        left, right = max(hit.start, start), min(hit.end, end)
        parts += [escape(text[at:left]), "<mark>", escape(text[left:right]), "</mark>"]
        at = right
    parts.append(escape(text[at:end]))
    return "".join(parts)


def excerpt(text: str, found: list[Found], around: int = 90) -> str:
    """Return safe HTML of the stretch of a text around the first hits, cut at spaces where there are any."""
    if not found:
        return ""
    start, end = max(0, found[0].start - around), min(len(text), found[0].end + around)
    if start and (space := text.find(" ", start, found[0].start)) >= 0:
        start = space + 1
    if end < len(text) and (space := text.rfind(" ", found[0].end, end)) >= 0:
        end = space
    return f"{'…' if start else ''}{marked(text, found, start, end)}{'…' if end < len(text) else ''}"
