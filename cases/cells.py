"""Texts in a CSV for Excel: what a spreadsheet would take for a formula is marked, and the mark can be taken off again.

The mark is one apostrophe before the text. A text that begins with an apostrophe of its own gets one too, so that
whoever reads the file back takes exactly one off and has the text as it was. What a person types there is read alike.
"""

import re
from typing import Any

MARK = "'"

# White space, controls and characters without width: what may stand before a sign without making it harmless.
_UNSEEN = (
    r"\u0001-\u0020\u007f-\u00a0\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u1680\u180e\u2000-\u200f"
    r"\u2028-\u202f\u205f-\u206f\u3000\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f"
    r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f"
)
# Tab, line ends, ' + - = @ and what looks like them: small, wide, raised and lowered forms, the minus sign.
_SIGNS = (
    r"\u0009\u000a\u000d\u0027\u002b\u002d\u003d\u0040\u207a-\u207c\u208a-\u208c\u2212\u2a75\u2a76\ufb29"
    r"\ufe62\ufe63\ufe66\ufe6b\uff07\uff0b\uff0d\uff1d\uff20"
)
# Read alike by Python and by PostgreSQL.
LIKE_A_FORMULA = f"^[{_UNSEEN}]*[{_SIGNS}]"
_LIKE_A_FORMULA = re.compile(LIKE_A_FORMULA)


def marked(text: str) -> str:
    """Return a text as a cell for Excel holds it."""
    return MARK + text if _LIKE_A_FORMULA.match(text) else text


def unmarked(cell: str) -> str:
    """Return the text of a cell for Excel: `marked` undone."""
    text = cell.removeprefix(MARK)
    return text if _LIKE_A_FORMULA.match(text) else cell


def written(value: Any) -> Any:
    """Return a value as a cell of a table that Python writes: lists with "; " between, texts marked."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        value = "; ".join(map(str, value))
    return marked(value) if isinstance(value, str) else value


def marked_sql(expression: str) -> str:
    """Return an SQL expression that marks the text of another one."""
    return f"regexp_replace({expression}, '^(?={LIKE_A_FORMULA[1:]})', '''')"
