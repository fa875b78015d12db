"""Numbers in words, as the page's language says them. The words of the source stand beside them, untouched."""

from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cases.choices import Qualifier, Unit

# Units that the measure's name does not imply: "devices seized" are devices, but money may be yuan or dollars.
SAID_UNITS = frozenset(
    {
        *(Unit.CNY, Unit.USD, Unit.EUR, Unit.GBP, Unit.PERCENT),
        *(Unit.MONTHS, Unit.DAYS, Unit.PROVINCES, Unit.CITIES, Unit.COUNTRIES, Unit.ROUNDS),
    }
)


def in_chinese() -> bool:
    return (get_language() or "").startswith("zh")


def number(value: Decimal) -> str:
    """Return a number for reading: 22,000 in English, 2.2万 in Chinese, as long as nothing of it is lost."""
    if in_chinese():
        for size, sign in ((Decimal(10) ** 8, "亿"), (Decimal(10) ** 4, "万")):
            scaled = value / size
            if abs(value) >= size and scaled == round(scaled, 2):
                return f"{scaled.normalize():f}{sign}"
    return f"{int(value):,}" if value == value.to_integral_value() else f"{value.normalize():,f}"


def stated(value: Decimal, qualifier: str, high: Decimal | None = None) -> str:
    """Return a claim's number with its qualifier: "more than 22,000", "超过2.2万"."""
    shown = number(value)
    match qualifier:
        case Qualifier.MORE_THAN:
            return _("more than %(n)s") % {"n": shown}
        case Qualifier.NEARLY:
            return _("nearly %(n)s") % {"n": shown}
        case Qualifier.ABOUT:
            return _("about %(n)s") % {"n": shown}
        case Qualifier.AT_LEAST:
            return _("at least %(n)s") % {"n": shown}
        case Qualifier.UP_TO:
            return _("up to %(n)s") % {"n": shown}
        case Qualifier.LESS_THAN:
            return _("less than %(n)s") % {"n": shown}
        case Qualifier.RANGE:
            return _("%(n)s to %(high)s") % {"n": shown, "high": number(high or value)}
        case Qualifier.SEVERAL:
            return _("several (in the order of %(n)s)") % {"n": shown}
        case _exact:
            return shown
