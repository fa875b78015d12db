"""What a verdict rests on, in words: a sentence for each part of the rule, and for each thing assumed."""

from collections.abc import Iterable

from django.utils import translation
from django.utils.translation import gettext, gettext_noop

CHINESE_ENDS = ("。", "！", "？", "；")
HOW = {
    "same": gettext_noop("Both allow the same numbers."),
    "meet": gettext_noop("What one allows overlaps what the other allows."),
    "touch": gettext_noop("One ends where the other begins."),
    "rounded": gettext_noop("One is the other, rounded to its own last digit."),
    "apart": gettext_noop("No number fits both."),
    "editors": gettext_noop("Decided by the editors."),
    "grown": gettext_noop("Counted up to a later day, and more."),
    "same_date": gettext_noop("Counted up to the same day, and another number."),
    "fallen": gettext_noop("Counted up to a later day, and less."),
}
ASSUMED = {
    "period": gettext_noop("that both mean the same time, though one period is longer"),
    "period_not_stated": gettext_noop("that both mean the same time, which one does not state"),
    "base_period": gettext_noop("that both compare with the same time"),
    "base_period_not_stated": gettext_noop("that both compare with the same time, which one does not state"),
    "place": gettext_noop("that both mean the same place, though one names a larger one"),
    "crime_type": gettext_noop("that both mean the same kind of crime, though one names a wider one"),
    "crime_type_not_stated": gettext_noop("that both mean the same kind of crime, which one does not state"),
    "campaign": gettext_noop("that both mean the same campaign, though one names a part of it"),
    "campaign_not_stated": gettext_noop("that both mean the same campaign, which one does not state"),
    "editors": gettext_noop("what the editors decided: that both claim the same"),
    "one_report": gettext_noop("that one text tells the same thing twice"),
    "date_of_report": gettext_noop("that each counts up to the day of its report"),
}


def sentences(*told: str) -> str:
    """Return sentences after each other. A Chinese one is followed by no space."""
    found = ""
    for part in filter(None, told):
        found += part if not found or found.endswith(CHINESE_ENDS) else f" {part}"
    return found


def reason(how: str, assumed: Iterable[str], editors: str = "") -> str:
    """Return why a verdict is what it is, in the page's language; last the editors' own words, where they decided."""
    what = gettext("; ").join(translation.gettext(ASSUMED[name]) for name in assumed)
    assumption = gettext("Assumed: %(what)s.") % {"what": what} if what else ""
    return sentences(translation.gettext(HOW[how]), assumption, editors)


def reason_sql(row: str) -> str:
    """Return the SQL of the same in English, of the verdict that stands as `row`."""

    def cases(words: dict[str, str], column: str) -> str:
        whens = " ".join(f"when '{name}' then '{text}'" for name, text in words.items())
        return f"case {column} {whens} end"

    assumed = (
        f"(select 'Assumed: ' || string_agg({cases(ASSUMED, 'name')}, '; ' order by n) || '.'"
        f" from unnest({row}.assumed) with ordinality as a (name, n))"
    )
    return f"concat_ws(' ', {cases(HOW, f'{row}.how')}, {assumed}, nullif({row}.editors, ''))"
