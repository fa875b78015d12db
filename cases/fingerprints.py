"""How near two texts are: by the runs of words that they share, and by a sketch of these that a database can search.

A sketch holds the smallest of the hashes of all runs. Of two texts that share a part of their runs about the same
part of their sketches is equal, so the few texts worth comparing are found by an index.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from hashlib import blake2b, sha256
from heapq import nsmallest
from struct import unpack

SKETCH = 64
_TOKEN = re.compile(r"[㐀-鿿豈-﫿]|[^\W_㐀-鿿豈-﫿]+")
_HAN = re.compile(r"[㐀-鿿豈-﫿]")
# As long as that two releases of one kind share hardly any, and short enough that one changed word costs few.
CHARACTERS_OF_A_RUN, WORDS_OF_A_RUN = 8, 4


def tokens(text: str) -> list[str]:
    """Return the Chinese characters and the words of a text, width, case, white space and punctuation aside."""
    return _TOKEN.findall(unicodedata.normalize("NFKC", text).casefold())


def folded_sha256(text: str) -> str:
    """Return the hash of a text that is the same for all texts of the same words."""
    return sha256(" ".join(tokens(text)).encode()).hexdigest()


def runs(text: str) -> set[str]:
    """Return all runs of words, or of characters if the text is Chinese."""
    words = tokens(text)
    chinese = sum(1 for word in words if _HAN.match(word)) * 2 > len(words)
    length = CHARACTERS_OF_A_RUN if chinese else WORDS_OF_A_RUN
    return set(_runs(words, length))


def _runs(words: Sequence[str], length: int) -> Iterator[str]:
    for at in range(max(1, len(words) - length + 1) if words else 0):
        yield " ".join(words[at : at + length])


def sketch(text: str) -> list[int]:
    """Return the smallest hashes of the runs of a text, in order, as the database keeps them."""
    digests = [blake2b(run.encode(), digest_size=8).digest() for run in runs(text)]
    return nsmallest(SKETCH, unpack(f">{len(digests)}q", b"".join(digests)))


def likeness(one: str, other: str) -> float:
    """Return which part of all runs of two texts stands in both: 1.0 for the same words, about 0 for others."""
    first, second = runs(one), runs(other)
    return len(first & second) / len(first | second) if first or second else 1.0
