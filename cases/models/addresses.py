"""Addresses of records. Lists write hundreds, so Django is asked once for what those of a kind are made of."""

from functools import cache
from urllib.parse import quote

from django.urls import get_script_prefix, reverse

_SAFE = "/~:@!$&'()*+,;="  # what Django leaves as it is in a path
_ID = 1234567890
_SLUG = "slug-of-the-record"


def address_of(name: str, pk: int, slug: str = "") -> str:
    """Return what `reverse` does for a record's page, which is named by its id, or by that and its slug."""
    pattern = _pattern(name, get_script_prefix(), bool(slug))
    return pattern % (pk, quote(slug, safe=_SAFE)) if slug else pattern % pk


@cache
def _pattern(name: str, _prefix: str, slug: bool) -> str:
    address = reverse(name, args=[_ID, _SLUG] if slug else [_ID]).replace("%", "%%")
    return address.replace(str(_ID), "%d").replace(_SLUG, "%s")
