"""What an announcement's form says before the same document is entered a second time."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property

from django.utils.translation import gettext as _

from cases import comparing, duplicates
from cases.duplicates import Duplicate, Incoming, Reason
from cases.lookups import code_of
from cases.models import Announcement

WHY = {
    Reason.ADDRESS: lambda percent: _("has the same address"),
    Reason.SAME_TEXT: lambda percent: _("has the same text"),
    Reason.NEAR_TEXT: lambda percent: _("has nearly the same text: %(n)d%% of its runs of words") % {"n": percent},
    Reason.FIGURES: lambda percent: _("is of the same day and states the same figures (%(n)d%%)") % {"n": percent},
}


@dataclass(frozen=True)
class Warned:
    """A record that may be the same document, with why, and the two texts side by side."""

    found: Duplicate
    text: str

    @property
    def announcement(self) -> Announcement:
        return self.found.announcement

    @property
    def why(self) -> str:
        return WHY[self.found.reason](self.found.percent)

    @cached_property
    def pieces(self) -> list[comparing.Piece]:
        """What differs between the stored text and the new one; nothing where there is nothing to compare."""
        stored = self.found.text
        return comparing.compared(stored.text, self.text) if stored and self.found.reason == Reason.NEAR_TEXT else []


def warnings(incoming: Incoming) -> list[Warned]:
    """Return the records that may be what is being entered."""
    return [Warned(found, incoming.text) for found in duplicates.find(incoming)]


def figures_typed(data: Mapping[str, str]) -> list[tuple[str, Decimal]]:
    """Return the measure and value of every figure of a form as it was sent."""
    typed = []
    total = data.get("figures-TOTAL_FORMS", "0")
    for n in range(min(int(total), 1000) if total.isdecimal() else 0):
        try:
            value = Decimal(data.get(f"figures-{n}-value", ""))
        except InvalidOperation:
            continue
        measure = code_of(data.get(f"figures-{n}-measure", ""))
        if measure and value.is_finite() and abs(value.adjusted()) < 30:
            typed.append((measure, value))
    return typed
