"""What a number counts in English: the noun behind, through "of the", "such", "sets of"; else what stands before."""

import re
from bisect import bisect_left
from typing import Final, Literal

from cases.extraction import rules
from cases.extraction.counting import PERSON, PERSONS, THING, Context, Counted, made
from cases.extraction.lexicon import Hit
from cases.extraction.quantities import Quantity
from cases.extraction.text import Word

_THEM: Final = frozenset(("them", "which", "whom", "these", "those"))
# Words that end the words between a number and what it counts.
_ENDS: Final = rules.words("ends")
_VERB_TO_BE: Final = rules.words("to be")
# What a counted group is made of comes behind it: pieces of, sets of.
_MADE_OF: Final = rules.words("made of")
_COPIED: Final = rules.words("not genuine")
_DETERMINERS: Final = rules.words("determiners")
_NUMBERS: Final = rules.words("numbers")
_MOST_WORDS: Final = 14
# "27-member", "500-strong": what such words count; other words behind a hyphen count nothing.
_HYPHENATED: Final = frozenset(("member", "person", "man", "strong", "people"))
_TO_PERSONS: Final = frozenset(("arrest", "detain", "prosecute", "convict", "punish", "criticise", "rescue", "admin"))
_LABEL = re.compile(r"(?:^|(?<=[\n\r•*·-])|(?<=; ))[ \t]*([a-z][a-z '/()-]{2,60}):[ \t]*$")
_NUMBER_OF = re.compile(
    r"\bnumber of ([a-z][a-z' -]{2,40}?),? (?:(?:has|had|have|is|was|were|are) )?(?:now |already )?"
    r"(?:been |being )?(?:put |estimated |to have )?"
    r"(?:at|to|reach(?:ed)?|reaching|exceed(?:ed|s)?|hit|total(?:led|ed)?|stood at|was|is|were)? ?$"
)
# "viewed 2.6 million times"
_REACH: Final = {
    **dict.fromkeys(("viewed", "played", "watched", "read", "clicked", "visited"), "view"),
    **dict.fromkeys(("forwarded", "shared", "reposted", "retweeted"), "forward"),
    "liked": "like",
    "downloaded": "download",
}
_SEEN = re.compile(rf"\b({'|'.join(_REACH)}) (?:on )?$")
_GROUP_OF = re.compile(r"\b(?:gang|group|ring|team|crew|network|band|force) of $")


def read(text: Context, quantity: Quantity) -> Counted | None:
    """Return what a quantity counts, if anything."""
    words = text.source.words
    first = bisect_left(text.source.word_starts, quantity.end)
    joined = text.folded.startswith("-", quantity.end) and first < len(words) and words[first].start == quantity.end + 1
    if joined and words[first].text not in _NUMBERS:
        one = words[first].text in _HYPHENATED
        return Counted(quantity, PERSON, "persons", quantity.start, words[first].end) if one else None
    if text.folded.startswith(" times", quantity.end):
        seen = _SEEN.search(text.folded, max(0, quantity.start - 16), quantity.start)
        return made(quantity, _REACH[seen[1]], seen.start(), quantity.end + len(" times")) if seen else None
    one = quantity.words and quantity.value == 1
    place, last = _inside(text, words, first, quantity.end)
    if one and place != first:
        return None
    found = _noun(text, quantity, words, place, last)
    if found and (isinstance(found, Word) or found.meaning in ("pinfo", "gang")) and _copied(words, place, found.start):
        return None if one else made(quantity, "goods", quantity.start, found.end)
    if isinstance(found, Hit):
        if one and (found.meaning not in PERSONS or found.meaning == "victim"):
            charge = text.folded.startswith("count of ", found.start)
            return made(quantity, found.meaning, quantity.start, found.end) if charge else None
        return made(quantity, found.meaning, quantity.start, found.end)
    if found:
        return None if one else Counted(quantity, THING, "items", quantity.start, found.end)
    if one or found is False:
        return None
    return _elliptic(text, quantity, words, first)


def _copied(words: list[Word], place: int, noun: int) -> bool:
    """Say whether a word before what is counted says that it is no genuine one: "pirated books"."""
    return any(word.text in _COPIED for word in words[place : place + _MOST_WORDS] if word.start < noun)


def _inside(text: Context, words: list[Word], first: int, end: int) -> tuple[int, int]:
    """Step over "of the", "of the 15", "such", "more": return the next word and where what was read ends."""
    place = first
    if place < len(words) and words[place].text in ("such", "more", "other", "further"):
        place += 1
    elif place + 1 < len(words) and words[place].text == "of" and words[place + 1].text in _DETERMINERS:
        place += 2
        if place < len(words) and (words[place].text[0].isdigit() or words[place].text in _NUMBERS):
            place += 1
    if place == first or place >= len(words) or text.folded[end : words[first].start].strip():
        return first, end
    return place, words[place - 1].end


def _noun(
    text: Context, quantity: Quantity, words: list[Word], place: int, last: int
) -> Hit[str] | Word | Literal[False] | None:
    """Return the noun that is counted, or a word that must be one; False where the number is no figure."""
    head: Hit[str] | None = None
    generic: Word | None = None
    first, free, inside, uncounted = place, 0, False, rules.not_counted("en")
    while place < len(words) and place - first < _MOST_WORDS:
        word = words[place]
        gap = text.folded[last : word.start]
        aside = head is None and generic is None and gap.strip() in (",", "(", ")", "'s") and place > first
        if gap.strip(" '\"-&/") and not aside:
            break
        noun = text.noun_at.get(word.start)
        if word.text in uncounted and not (noun and noun.end > word.end) and head is None:
            if generic:
                break
            return False
        made_of = word.text in _MADE_OF and place + 1 < len(words) and words[place + 1].text == "of"
        if made_of and (noun is None or noun.end == word.end):
            generic, inside = generic or (word if noun else None), True
            last, place = words[place + 1].end, place + 2
            continue
        if noun and text.folded[noun.end : noun.end + 1] == "-":
            # "network-related cases": part of a word that says more of the noun behind
            place = bisect_left(text.source.word_starts, noun.end) + 1
            last = words[place - 1].end if place <= len(words) else noun.end
            continue
        if noun:
            if head and free == 0 and _plural(text.folded[head.start : head.end].rpartition(" ")[2]):
                break
            head, last, free = noun, noun.end, 0
            place = bisect_left(text.source.word_starts, noun.end)
            continue
        if word.text in _ENDS or word.text[0].isdigit():
            break
        if word.text in ("and", "or", "a", "an", "the", "each", "every", "per", "plus"):
            if head or (generic and not inside) or word.text not in ("and", "or"):
                break
        elif head:
            free += 1
            many = _plural(text.folded[head.start : head.end].rpartition(" ")[2]) or quantity.value == 1
            if not many and _plural(word.text) and _common(text.source.text[word.start : word.end]):
                return word  # "5 million phone owners"
            if free > (1 if many else 2) or (many and word.start in text.verb_at) or word.text.endswith(("ed", "ing")):
                break
        elif _plural(word.text) and _common(text.source.text[word.start : word.end]):
            generic = word
        last, place = word.end, place + 1
    return head or generic


def _elliptic(text: Context, quantity: Quantity, words: list[Word], first: int) -> Counted | None:
    """Read numbers with no noun behind: "12 arrested", "six of them", "a gang of 29", "Computers seized: 40"."""
    labelled = _before(text, quantity)
    if labelled:
        return labelled
    if first >= len(words) or text.folded[quantity.end : words[first].start].strip(" ,"):
        return _object(text, quantity)
    word, start = words[first], quantity.start
    if text.folded[quantity.end : word.start].strip():
        return _object(text, quantity)
    following = words[first + 1].text if first + 1 < len(words) else ""
    same = text.last if text.last and text.last.end > text.source.sentence(quantity.at)[0] else None
    if word.text == "of" and following in _THEM:
        if following == "those" and first + 2 < len(words) and words[first + 2].start in text.verb_at:
            return Counted(quantity, PERSON, "persons", start, words[first + 2].end)
        return made(quantity, same.kind, start, words[first + 1].end) if same else None
    if word.text in ("others", "more", "other"):
        return made(quantity, same.kind if same else PERSON, start, word.end)
    if word.text == "who":
        return made(quantity, PERSON, start, quantity.end)
    if word.text in _VERB_TO_BE:
        _, limit = text.source.clause(word.end)
        n = bisect_left(text.noun_starts, word.end)
        for noun in text.nouns[n : n + 3]:
            if noun.start < min(limit, word.end + 40) and noun.meaning in PERSONS:
                return made(quantity, noun.meaning, start, noun.end)
        return Counted(quantity, PERSON, "persons", start, word.end)
    done = word.start in text.verb_at and word.text.endswith(("ed", "ght", "eld"))
    if done and not _looks_like_year(quantity):
        return Counted(quantity, PERSON, "persons", start, word.end)
    return _object(text, quantity)


def _before(text: Context, quantity: Quantity) -> Counted | None:
    """Read "Suspects arrested: 40", "the number of victims was 40" and "a gang of 40"."""
    low = max(0, quantity.start - 110)
    near = text.folded[low : quantity.start]
    found = _LABEL.search(near) or _NUMBER_OF.search(near)
    if found:
        n = bisect_left(text.noun_starts, low + found.start(1))
        inside = [noun for noun in text.nouns[n : n + 4] if noun.end <= low + found.end(1)]
        return made(quantity, inside[0].meaning, inside[0].start, quantity.end) if inside else None
    if _GROUP_OF.search(near):
        return Counted(quantity, PERSON, "persons", quantity.start, quantity.end)
    return None


def _object(text: Context, quantity: Quantity) -> Counted | None:
    """Read "Police arrest 40 for fraud": what is done to persons stands right before the number."""
    verb = text.verb_ends.get(quantity.start - text.folded.startswith(" ", quantity.start - 1))
    if verb and verb.meaning & _TO_PERSONS and not _looks_like_year(quantity):
        return Counted(quantity, PERSON, "persons", verb.start, quantity.end)
    return None


def _plural(word: str) -> bool:
    return len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is", "ous"))


def _common(printed: str) -> bool:
    """Say whether a word is no name: written small, or all in capitals but for the s of its plural (PINs)."""
    return not printed[0].isupper() or (printed[:-1].isupper() and printed[-1] == "s")


def _looks_like_year(quantity: Quantity) -> bool:
    return 1900 <= quantity.value <= 2100 and quantity.end - quantity.at == 4
