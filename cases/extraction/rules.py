"""The tables of rules: which words mean what. They stand in `tables/`, to be extended without any code."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from cases.extraction.vocabulary import read_table

TABLES: Final = Path(__file__).resolve().parent / "tables"
# English verbs whose forms are not made by rule.
_IRREGULAR: Final = {
    "go": ("goes", "went", "gone", "going"),
    "catch": ("catches", "caught", "catching"),
    "hold": ("holds", "held", "holding"),
    "break": ("breaks", "broke", "broken", "breaking"),
    "take": ("takes", "took", "taken", "taking"),
    "shut": ("shuts", "shut", "shutting"),
    "shoot": ("shoots", "shot", "shooting"),
    "steal": ("steals", "stole", "stolen", "stealing"),
    "lose": ("loses", "lost", "losing"),
    "find": ("finds", "found", "finding"),
    "send": ("sends", "sent", "sending"),
    "bring": ("brings", "brought", "bringing"),
    "give": ("gives", "gave", "given", "giving"),
    "sell": ("sells", "sold", "selling"),
    "buy": ("buys", "bought", "buying"),
    "make": ("makes", "made", "making"),
    "freeze": ("freezes", "froze", "frozen", "freezing"),
    "free": ("frees", "freed", "freeing"),
    "put": ("puts", "put", "putting"),
    "deal": ("deals", "dealt", "dealing"),
    "spread": ("spreads", "spread", "spreading"),
    "ban": ("bans", "banned", "banning"),
    "nab": ("nabs", "nabbed", "nabbing"),
    "net": ("nets", "netted", "netting"),
    "scam": ("scams", "scammed", "scamming"),
    "con": ("cons", "conned", "conning"),
    "rob": ("robs", "robbed", "robbing"),
    "pay": ("pays", "paid", "paying"),
    "clear": ("clears", "cleared", "clearing"),
    "get": ("gets", "got", "getting"),
    "bet": ("bets", "bet", "betting"),
    "cancel": ("cancels", "cancelled", "canceled", "cancelling", "canceling"),
    "axe": ("axes", "axed", "axing"),
    "dispose": ("disposes", "disposed", "disposing"),
    "issue": ("issues", "issued", "issuing"),
    "transfer": ("transfers", "transferred", "transferring"),
    "plead": ("pleads", "pleaded", "pled", "pleading"),
    "slap": ("slaps", "slapped", "slapping"),
    "trap": ("traps", "trapped", "trapping"),
    "stop": ("stops", "stopped", "stopping"),
    "traffic": ("traffics", "trafficked", "trafficking"),
    "crack": ("cracks", "cracked", "cracking"),
    "knock": ("knocks", "knocked", "knocking"),
    "wash": ("washes", "washed", "washing"),
    "boast": ("boasts", "boasted", "boasting"),
    "have": ("has", "had", "having"),
    "reap": ("reaps", "reaped", "reaping"),
}
_PLURALS: Final = {
    "man": "men",
    "woman": "women",
    "child": "children",
    "person": "persons",
    "policeman": "policemen",
    "people": "people",
    "knife": "knives",
    "wife": "wives",
    "teenager": "teenagers",
    "merchandise": "merchandise",
    "equipment": "equipment",
    "hardware": "hardware",
    "cash": "cash",
    "malware": "malware",
    "data": "data",
    "pieces": "pieces",
    "aircraft": "aircraft",
    "series": "series",
    "police": "police",
    "personnel": "personnel",
    "staff": "staff",
}


@cache
def classes() -> dict[str, tuple[str, str]]:
    """Return each class of counted things with its unit and the Chinese measure words that count it."""
    return {row["class"]: (row["unit"], row["classifiers"]) for row in read_table(TABLES / "classes.csv")}


@cache
def classifiers() -> dict[str, str]:
    """Return the Chinese measure words that tell by themselves what is counted."""
    return {row["classifier"]: row["class"] for row in read_table(TABLES / "classifiers.csv")}


@cache
def measure_rules() -> dict[tuple[str, str], str | None]:
    """Return what a class counts under an action, `*` for any other; None where the archive has no measure for it."""
    return {
        (row["class"], row["action"]): None if row["measure"] == "-" else row["measure"]
        for row in read_table(TABLES / "measure_rules.csv")
    }


def nouns() -> Iterator[tuple[str, str]]:
    """Give the nouns that are counted, in singular and plural, with their class."""
    for row in read_table(TABLES / "nouns.csv"):
        yield row["term"], row["class"]
        if row["language"] == "en":
            yield plural(row["term"]), row["class"]


def verbs() -> Iterator[tuple[str, frozenset[str]]]:
    """Give the words for what is done, in every form, with the actions that they can stand for."""
    seen: dict[str, frozenset[str]] = {}
    for row in read_table(TABLES / "verbs.csv"):
        actions = frozenset(row["actions"].split())
        english = row["language"] == "en"
        for form in (*_forms(row["term"]), plural(row["term"])) if english else (row["term"],):
            seen[form] = seen.get(form, frozenset()) | actions
    yield from seen.items()


def crime_terms() -> Iterator[tuple[str, str]]:
    """Give the terms for crime types with their codes."""
    for row in read_table(TABLES / "crime_terms.csv"):
        yield row["term"], row["code"]
        if row["language"] == "en":
            yield plural(row["term"]), row["code"]


class Combination(NamedTuple):
    """A crime type that is told by words of several groups in one sentence, where none of another stands."""

    code: str
    groups: frozenset[str]
    without: str


def crime_combinations() -> list[Combination]:
    """Return the combinations of groups of words that tell of a crime type."""
    rows = read_table(TABLES / "crime_combinations.csv")
    return [Combination(row["code"], frozenset(row["groups"].split(";")), row["not"]) for row in rows]


def crime_words() -> dict[str, frozenset[str]]:
    """Return the words that combinations are made of, each with its groups."""
    groups: dict[str, set[str]] = defaultdict(set)
    for row in read_table(TABLES / "crime_words.csv"):
        for word in row["words"].split(";"):
            groups[word].add(row["group"])
    return {word: frozenset(of) for word, of in groups.items()}


@cache
def qualifiers(language: str, side: str) -> dict[str, str]:
    """Return the words before or behind a number, with the qualifier that they are, the longest first."""
    rows = [r for r in read_table(TABLES / "qualifiers.csv") if (r["language"], r["side"]) == (language, side)]
    return {r["words"]: r["qualifier"] for r in sorted(rows, key=lambda r: -len(r["words"]))}


@cache
def currencies(side: str) -> dict[str, str]:
    """Return the words and signs before or behind a number, with the currency; empty for one that has no unit."""
    rows = [r for r in read_table(TABLES / "currencies.csv") if r["side"] == side]
    return {r["words"]: r["unit"] for r in sorted(rows, key=lambda r: -len(r["words"]))}


def any_of(terms: Iterable[str]) -> str:
    """Return a pattern for any of some words, the longest first; Latin letters are not cut off from others behind."""
    ordered = sorted(terms, key=len, reverse=True)
    return "|".join(re.escape(t) + ("(?![a-z])" if t[-1].isascii() and t[-1].isalpha() else "") for t in ordered)


@cache
def words(name: str) -> frozenset[str]:
    """Return one of the lists of words."""
    return frozenset(next(r["words"] for r in read_table(TABLES / "word_lists.csv") if r["list"] == name).split())


@cache
def actions() -> frozenset[str]:
    """Return everything that the words for what is done can stand for."""
    return frozenset(action for row in read_table(TABLES / "verbs.csv") for action in row["actions"].split())


@cache
def not_places(side: str) -> tuple[str, ...]:
    """Return words that hold the name of a place and are none (`whole`), or that make one of it (`behind`)."""
    return tuple(row["words"] for row in read_table(TABLES / "not_places.csv") if row["side"] == side)


@cache
def not_counted(language: str) -> frozenset[str]:
    """Return what follows a number that is no figure: years, metres, times."""
    terms = [row["term"] for row in read_table(TABLES / "not_counted.csv") if row["language"] == language]
    return frozenset([*terms, *map(plural, terms)] if language == "en" else terms)


def plural(noun: str) -> str:
    """Return the plural of an English noun, made on its last word; "piece of information" has it on the first."""
    head, of, rest = noun.partition(" of ")
    *before, last = head.split(" ")
    if last in _PLURALS:
        last = _PLURALS[last]
    elif last.endswith(("s", "x", "ch", "sh")):
        last += "es"
    elif last.endswith("y") and last[-2:-1] not in "aeiou":
        last = last[:-1] + "ies"
    else:
        last += "s"
    return " ".join([*before, last]) + of + rest


def _forms(verb: str) -> Iterator[str]:
    first, space, rest = verb.partition(" ")
    yield verb
    if first in _IRREGULAR:
        inflected: tuple[str, ...] = _IRREGULAR[first]
    elif first.endswith("e"):
        inflected = (first + "s", first + "d", first[:-1] + "ing")
    elif first.endswith("y") and first[-2] not in "aeiou":
        inflected = (first[:-1] + "ies", first[:-1] + "ied", first + "ing")
    elif first.endswith(("s", "x", "ch", "sh")):
        inflected = (first + "es", first + "ed", first + "ing")
    else:
        inflected = (first + "s", first + "ed", first + "ing")
    for form in inflected:
        yield form + space + rest


def _past_is_same(verb: str) -> bool:
    return verb in _IRREGULAR.get(verb, ())


@cache
def case_cues(language: str, cue: str) -> tuple[str, ...]:
    """Return the words in a language that are a cue of one kind to a case that is told in prose."""
    rows = read_table(TABLES / "case_cues.csv")
    return tuple(row["words"] for row in rows if (row["language"], row["cue"]) == (language, cue))


def case_cue_forms() -> Iterator[tuple[str, str]]:
    """Give all cues with their kind; what is done to people in a case tells of one too.

    Of what was done in English only the forms that tell of the past are acts; those of the present are in titles.
    """
    for row in read_table(TABLES / "case_cues.csv"):
        yield from _cues(row["language"], row["words"], row["cue"])
    for row in read_table(TABLES / "verbs.csv"):
        if not words("actions in a case").isdisjoint(row["actions"].split()):
            yield from _cues(row["language"], row["term"], "act")


def _cues(language: str, term: str, cue: str) -> Iterator[tuple[str, str]]:
    if language == "en" and cue in ("act", "report"):
        for form in _forms(term):
            first = form.partition(" ")[0]
            if not first.endswith(("s", "ing")) and (cue == "report" or form != term or _past_is_same(first)):
                yield form, cue
            elif cue == "act" and not first.endswith("ing"):
                yield form, "acts"
        return
    yield term, cue
    if language == "en" and cue in ("gang", "thing", "person"):
        yield f"{term}'s", cue
        if cue == "person":
            yield plural(term), "persons"
