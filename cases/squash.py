"""Compare texts without regard to white space and width: 「净网 2018」 and 「净网２０１８」 are the same words."""

import unicodedata

# What white space and zero-width characters remain after NFKC, which turns the other spaces (U+00A0, U+3000 …) into
# U+0020. The SQL twin, ``squash`` in ``cases/sql/functions.sql``, holds the same list.
GAPS = "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xad\u1680\u180e\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u2060\ufeff"

_WITHOUT_GAPS = dict.fromkeys(map(ord, GAPS))


def squash(text: str) -> str:
    """Return ``text`` in NFKC without white space and zero-width characters.

    Normalised twice, since taking a gap out can bring two characters together that compose.
    """
    return _nfkc(_nfkc(text).translate(_WITHOUT_GAPS))


def _nfkc(text: str) -> str:
    return unicodedata.normalize("NFKC", text)
