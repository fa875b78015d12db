"""Parts of a file over HTTP: which bytes a reader asks for who has the others already (RFC 9110, 14)."""

import re

_ONE_RANGE = re.compile(r"bytes=[ \t]*(\d{0,18})-(\d{0,18})[ \t]*", re.ASCII | re.IGNORECASE)


class NoSuchBytesError(ValueError):
    """The file ends before what is asked for."""


def asked_for(header: str, size: int) -> range | None:
    """Return the bytes of a file of `size` bytes that the field Range asks for; None if it is to be sent whole.

    What is no range of bytes, and several ranges at once, ask for the whole file, as RFC 9110 allows. Raises
    NoSuchBytesError.
    """
    match = _ONE_RANGE.fullmatch(header)
    if match is None or match[1] == match[2] == "":
        return None
    if match[1] == "":  # so many of the last ones
        first, last = max(0, size - int(match[2])), size - 1
    else:
        first, last = int(match[1]), min(int(match[2] or size), size - 1)
        if match[2] and int(match[2]) < first:
            return None
    if first > last:
        raise NoSuchBytesError(f"there are {size} bytes")
    return range(first, last + 1)
