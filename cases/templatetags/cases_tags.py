"""What templates need to write dates, numbers and pictures. Few and dumb: no query starts here."""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import npgettext

from cases import captions, charts, partial_dates, verdict_words
from cases.wording import SAID_UNITS, in_chinese

register = template.Library()

_CHINESE_UNITS = ((Decimal(10**8), "亿"), (Decimal(10**4), "万"))
_LARGE_PART = re.compile(r"[-−]?\d[\d.,\s]*(?:[–-]\d[\d.,]*)?\s*(?:[万亿]+|million|billion)?%?")
_HAN = re.compile(r"[\u3400-\u9fff]")


# Words and numbers


@register.filter
def partial_date(text: str | None) -> str:
    """Write a partial date in the page's language; nothing where there is none."""
    if not text:
        return ""
    return partial_dates.display(text, "zh-hans" if in_chinese() else "en")


@register.filter
def number(value: Decimal | int | float | str | None) -> str | SafeString:
    """Write a number as the page's language does: 22,000, or 2.2万 with the exact value beside it."""
    if value is None or value == "":
        return ""
    if isinstance(value, int) and not in_chinese():  # most are, on a page with hundreds of counts
        return f"{value:,}".replace("-", "\N{MINUS SIGN}")
    exact = Decimal(str(value))
    plain = _written(exact)
    if not in_chinese():
        return plain
    for size, unit in _CHINESE_UNITS:
        grouped = exact / size
        if abs(grouped) >= 1 and grouped == round(grouped, 2):
            return format_html('<data value="{}" title="{}">{}{}</data>', f"{exact:f}", plain, _written(grouped), unit)
    return plain


@register.filter
def stated(value: Any) -> str | SafeString:
    """Write a value of any type as a ledger does: a dash for what is not stated, lists with semicolons."""
    if value is None or value in ("", []):
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return number(value) if isinstance(value, int | float) else str(value)


@register.simple_tag
def counted(count: int, kind: str) -> str:
    """Return what a number counts, as it stands after the number: "cases"."""
    if kind == "cases":
        return npgettext("after a number", "case", "cases", count)
    if kind == "figures":
        return npgettext("after a number", "figure", "figures", count)
    if kind == "discrepancies":
        return npgettext("after a number", "discrepancy", "discrepancies", count)
    return npgettext("after a number", "announcement", "announcements", count)


@register.simple_tag
def sentences(*told: str) -> str:
    """Write sentences after each other, as the page's language does."""
    return verdict_words.sentences(*told)


def _written(value: Decimal) -> str:
    """Return a number with its thousands apart and no zeros after the last digit that says something."""
    text = f"{value:,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace("-", "\N{MINUS SIGN}")


@register.filter
def said_unit(figure: Any) -> str:
    """Return the unit to write after a figure's number, where its measure does not already say it."""
    return str(figure.unit_label) if figure.unit in SAID_UNITS else ""


@register.filter
def enlarged(printed: str | None) -> str | SafeString:
    """Mark the digits of a printed number ("more than 22,000"), which the page sets larger than the words."""
    text = printed or ""
    found = _LARGE_PART.search(text)
    if not found:
        return text
    digits = found[0].rstrip()
    start, end = found.start(), found.start() + len(digits)
    before = format_html('<span class="before">{}</span> ', text[:start].rstrip()) if text[:start].strip() else ""
    return format_html('{}<span class="digits">{}</span>{}', before, digits, text[end:])


@register.filter
def small_initial(label: str) -> str:
    """Write a label as it stands inside a line: "Websites closed" → "websites closed", but "IDC rooms" as it is."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


@register.filter
def quoted(phrase: str) -> str:
    """Put a phrase in quotation marks: in other ones where it has such marks of its own, which stay as printed."""
    if not set(phrase) & set('“”"'):
        return f"“{phrase}”"
    return f"「{phrase}」" if _HAN.search(phrase) else f"‘{phrase}’"


@register.simple_tag
def title_of(announcement: Any) -> SafeString:
    """Write an announcement's title in its own language, in square brackets where the archive supplied it."""
    shown = f"[{announcement.title}]" if announcement.title_supplied else announcement.title
    return format_html('<span lang="{}">{}</span>', lang_of(announcement.title), shown)


@register.filter
def title_line(record: Any) -> str:
    """Return what a record is called where nothing else says what it belongs to."""
    return captions.title(record)


@register.filter
def lang_of(text: str | None) -> str:
    """Return the language to mark a text with: Chinese where it has Chinese characters, else English."""
    return "zh" if _HAN.search(text or "") else "en"


# Pictures


@register.simple_tag
def year_bars(values: Iterable[Any]) -> list[dict[str, Any]]:
    """Pair every year with its bar, from the earliest on, whatever the order of the list. "Not stated" has none."""
    known = sorted((value for value in values if str(value.label).isdecimal()), key=lambda value: int(value.label))
    bars = charts.year_bars([count_of(value) for value in known], height=84)  # per cent; the count stands above
    return [{"value": value, "bar": bar} for value, bar in zip(known, bars, strict=True)]


@register.simple_tag
def interval_bar(figure: Any, width: int = 160, height: int = 14) -> charts.IntervalBar | None:
    """Return the picture of a figure's interval, or None where it has no bound at all."""
    if figure.low is None and figure.high is None:
        return None
    return charts.interval_bar(
        figure.low, figure.high, figure.low_closed, figure.high_closed, width=width, height=height
    )


def count_of(value: Any) -> int:
    """Return a value's number; a list whose parameters are in error has none."""
    return int((value.announcements if hasattr(value, "announcements") else value.count) or 0)


# Lists


@register.filter
def shown_first(values: Sequence[Any], limit: int = 10) -> list[Any]:
    """Return what a long list shows before "more": the first values and every chosen one."""
    if len(values) <= limit + 2:
        return list(values)
    return [value for at, value in enumerate(values) if at < limit or _kept(value)]


@register.filter
def shown_later(values: Sequence[Any], limit: int = 10) -> list[Any]:
    """Return what a long list keeps behind "more"."""
    first = shown_first(values, limit)
    return [value for value in values if not any(value is other for other in first)]


def _kept(value: Any) -> bool:
    return bool(value.selected or value.excluded)


@register.filter
def without_inputs(hidden: Iterable[tuple[str, str]], facets: Iterable[Any]) -> list[tuple[str, str]]:
    """Return the parameters a form over all facets must carry along: those that have no input of their own in it."""
    own = {facet.key for facet in facets} | {"after", "before", "min", "max", "page"}
    return [(key, value) for key, value in hidden if key not in own]
