"""Partial dates: what a source says about when, and never more than that.

The notation is EDTF, ISO 8601-2:2019, levels 0 and 1: ``2018``, ``2018-09``, ``2018-09-07``, each with an optional
``~`` (approximate), ``?`` (uncertain) or ``%`` (both), and intervals ``A/B`` with ``..`` for an open side and an empty
side for an unknown one. Left out of level 1: seasons, unspecified digits and years outside 1900 to 2100.

A date is kept as written. Beside it stand the earliest and the latest day it can mean, which serve to sort and to
filter. The SQL twin, ``edtf_span`` in ``cases/sql/functions.sql``, accepts the same texts and gives the same days.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

Precision = Literal["day", "month", "year", "interval"]
Language = Literal["en", "zh-hans"]

MAX_LENGTH = 40
FIRST_YEAR, LAST_YEAR = 1900, 2100

OPEN = ".."
UNKNOWN = ""

_SINGLE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?([~?%]?)")
_CHINESE = re.compile(r"([0-9]{4})年(?:([0-9]{1,2})月(?:([0-9]{1,2})日)?)?")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


# Intervals with one side: which side it is, and whether the other is open (else unknown).
_HALF_STATED: dict[str, dict[tuple[str, bool], str]] = {
    "en": {
        ("from", True): "from {} on",
        ("from", False): "from {} (end not known)",
        ("until", True): "until {}",
        ("until", False): "until {} (start not known)",
    },
    "zh-hans": {
        ("from", True): "{}起",
        ("from", False): "{}起（结束时间不详）",
        ("until", True): "截至{}",
        ("until", False): "截至{}（开始时间不详）",
    },
}


class PartialDateError(ValueError):
    """The text is not a partial date; the message names the part that is wrong."""


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date as written, with the days it can mean.

    ``earliest`` and ``latest`` are inclusive; ``None`` means that this side is open (``..``) or unknown (empty).
    """

    text: str
    earliest: date | None
    latest: date | None
    precision: Precision
    approximate: bool
    uncertain: bool


@dataclass(frozen=True, slots=True)
class _Single:
    """One year, month or day with its qualifier: a whole date, or a stated side of an interval."""

    year: int
    month: int | None
    day: int | None
    qualifier: str

    @property
    def earliest(self) -> date:
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> date:
        month = self.month or 12
        return date(self.year, month, self.day or monthrange(self.year, month)[1])

    @property
    def precision(self) -> Precision:
        return "day" if self.day else "month" if self.month else "year"

    @property
    def approximate(self) -> bool:
        return self.qualifier in ("~", "%")

    @property
    def uncertain(self) -> bool:
        return self.qualifier in ("?", "%")


_Sides = tuple[_Single | None, _Single | None]


def parse(text: str) -> PartialDate:
    """Return the partial date that ``text`` states.

    Raise ``PartialDateError`` for anything but the notation described above: other characters, white space, a month
    or day that does not exist, a year outside 1900 to 2100, an interval that ends before it begins or states no side.
    """
    read = _read(text)
    if isinstance(read, _Single):
        return PartialDate(text, read.earliest, read.latest, read.precision, read.approximate, read.uncertain)
    start, end = read
    stated = [side for side in read if side]
    return PartialDate(
        text,
        earliest=start.earliest if start else None,
        latest=end.latest if end else None,
        precision="interval",
        approximate=any(side.approximate for side in stated),
        uncertain=any(side.uncertain for side in stated),
    )


def parse_bound(text: str) -> PartialDate:
    """Return the single date a visitor typed as a bound of a search.

    Takes what ``parse`` takes except intervals, and ``2018年``, ``2018年9月``, ``2018年9月7日``; white space around it
    is ignored. The ``text`` of the result is the ISO form. Raise ``PartialDateError`` for the rest, ``2018/9/7``
    included: a slash makes an interval.
    """
    text = text.strip()
    if found := _CHINESE.fullmatch(text):
        year, *rest = found.groups()
        text = "-".join([year, *(part.zfill(2) for part in rest if part)])
    if "/" in text:
        raise PartialDateError(
            _("%(text)s is an interval; give one date, such as 2018-09-07") % {"text": _quoted(text)}
        )
    return parse(text)


def span(text: str) -> tuple[date | None, date | None]:
    """Return the earliest and the latest day of ``text``; ``None`` where a side is open or unknown.

    Raise ``PartialDateError`` as ``parse`` does.
    """
    parsed = parse(text)
    return parsed.earliest, parsed.latest


def overlaps(a: PartialDate, b: PartialDate) -> bool:
    """Say whether some day belongs to both dates. Both ends count; an open or unknown side has no limit."""
    return _not_after(a.earliest, b.latest) and _not_after(b.earliest, a.latest)


def months_between(dated: PartialDate) -> int | None:
    """Count the calendar months that the date touches: 7 for ``2018-02/2018-08``. ``None`` if a side is not stated."""
    if dated.earliest is None or dated.latest is None:
        return None
    years = dated.latest.year - dated.earliest.year
    return years * 12 + dated.latest.month - dated.earliest.month + 1


def duration_days(dated: PartialDate) -> int | None:
    """Count the days from the earliest to the latest, both included. ``None`` if a side is not stated."""
    if dated.earliest is None or dated.latest is None:
        return None
    return (dated.latest - dated.earliest).days + 1


def display(text: str, language: Language = "en") -> str:
    """Return ``text`` as prose, at the precision in which it is written and no finer.

    Takes any text that ``parse`` accepts and the language, ``"en"`` or ``"zh-hans"``. Raise ``PartialDateError`` for
    a bad text and ``ValueError`` for another language.
    """
    if language not in ("en", "zh-hans"):
        raise ValueError(f"no display of dates in {language!r}")
    write, between = (_chinese, _chinese_interval) if language == "zh-hans" else (_english, _english_interval)
    read = _read(text)
    if isinstance(read, _Single):
        return write(read)
    start, end = read
    if start and end:
        return write(start) if start == end else between(start, end)
    (stated,) = (write(side) for side in read if side)
    which = ("from" if start else "until", OPEN in text)
    return _HALF_STATED[language][which].format(stated)


# Reading


def _read(text: str) -> _Single | _Sides:
    """Read and check ``text``: a single date, or the two sides of an interval with ``None`` for one not stated."""
    if len(text) > MAX_LENGTH:
        raise PartialDateError(
            _("%(text)s… is longer than %(n)d characters") % {"text": _quoted(text[:MAX_LENGTH]), "n": MAX_LENGTH}
        )
    first, *others = text.split("/")
    if not others:
        return _single(text)
    if len(others) > 1:
        raise PartialDateError(_("%(text)s has more than one “/”") % {"text": _quoted(text)})
    start, end = (None if side in (OPEN, UNKNOWN) else _single(side) for side in (first, *others))
    if start is None and end is None:
        raise PartialDateError(_("%(text)s states neither a start nor an end") % {"text": _quoted(text)})
    if start and end and start.earliest > end.latest:
        raise PartialDateError(_("%(text)s ends before it begins") % {"text": _quoted(text)})
    return start, end


def _single(text: str) -> _Single:
    found = _SINGLE.fullmatch(text)
    if not found:
        raise PartialDateError(
            _("%(text)s is not a date; write 2018, 2018-09 or 2018-09-07, with ~, ? or %% at the end if need be")
            % {"text": _quoted(text)}
        )
    year = int(found[1])
    month, day = (int(part) if part else None for part in found.group(2, 3))
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise PartialDateError(
            _("%(text)s: the year %(year)04d is not between %(first)d and %(last)d")
            % {"text": _quoted(text), "year": year, "first": FIRST_YEAR, "last": LAST_YEAR}
        )
    if month is not None and not 1 <= month <= 12:
        raise PartialDateError(_("%(text)s: there is no month %(month)02d") % {"text": _quoted(text), "month": month})
    if month is not None and day is not None and not 1 <= day <= monthrange(year, month)[1]:
        raise PartialDateError(
            _("%(text)s: %(month)s has no day %(day)02d")
            % {"text": _quoted(text), "month": display(f"{year:04}-{month:02}", _language()), "day": day}
        )
    return _Single(year, month, day, found[4])


def _language() -> Language:
    return "zh-hans" if (get_language() or "").startswith("zh") else "en"


def _quoted(text: str) -> str:
    """Quote a text for a message; characters that cannot be printed are shown as escapes."""
    return f"“{repr(text)[1:-1]}”"


def _not_after(a: date | None, b: date | None) -> bool:
    return a is None or b is None or a <= b


# Writing


def _same_year(start: _Single, end: _Single) -> bool:
    """Say whether the year need be written only once.

    Not where a side is qualified, since the reader must see what is qualified; and not for a day up to its own month.
    """
    if start.qualifier or end.qualifier or not (start.month and end.month):
        return False
    return start.year == end.year and (start.month != end.month or bool(start.day and end.day))


def _qualified(words: str, single: _Single, about: str, uncertain: str) -> str:
    return (about if single.approximate else "") + words + (uncertain if single.uncertain else "")


def _english(single: _Single) -> str:
    day = str(single.day) if single.day else ""
    month = _MONTHS[single.month - 1] if single.month else ""
    words = " ".join(filter(None, (day, month, str(single.year))))
    return _qualified(words, single, "about ", " (uncertain)")


def _english_interval(start: _Single, end: _Single) -> str:
    if not _same_year(start, end):
        return f"{_english(start)} to {_english(end)}"
    first = _english(start).removesuffix(f" {start.year}")
    if start.month == end.month:
        first = str(start.day)
    return f"{first} to {_english(end)}"


def _chinese(single: _Single) -> str:
    month = f"{single.month}月" if single.month else ""
    day = f"{single.day}日" if single.day else ""
    return _qualified(f"{single.year}年{month}{day}", single, "约", "（存疑）")


def _chinese_interval(start: _Single, end: _Single) -> str:
    last = _chinese(end)
    if _same_year(start, end):
        last = last.removeprefix(f"{end.year}年")
        if start.month == end.month:
            last = last.removeprefix(f"{end.month}月")
    return f"{_chinese(start)}至{last}"
