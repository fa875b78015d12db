"""Facets and maps as HTML. A page has hundreds of their values; Python writes them ten times faster than a template."""

from collections.abc import Iterable
from html import escape  # Django's own looks at each text for whether it is a translation yet to be made
from typing import Any

from django import template
from django.template.defaultfilters import capfirst
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from cases import charts
from cases.search.facets import FacetValue
from cases.search.parameters import NONE
from cases.templatetags.cases_tags import count_of, counted, in_chinese, number, year_bars

register = template.Library()


@register.simple_tag
def facet_values(values: Iterable[FacetValue], key: str, kind: str) -> SafeString:
    """Write values of the facet `key` as items of a list: a box to tick, the label, how many records of a kind."""
    return _html(_facet_value(value, key, kind) for value in values)


def _facet_value(value: FacetValue, key: str, kind: str) -> str:
    label = escape(capfirst(value.label) if value.value == NONE else value.label)
    zero = ' class="is-zero"' if value.count == 0 else ""
    checked = " checked" if value.selected else ""
    excluded = f' <span class="excluded">{escape(_("left out"))}</span>' if value.excluded else ""
    count = below = ""
    if value.count is not None:
        said = f'<span class="visually-hidden"> {escape(counted(value.count, kind))}</span>'
        comma = '<span class="visually-hidden">, </span>'
        count = f' <span class="value-count">{comma}{number(value.count)}{said}</span>'
    if value.children:
        below = f'<ul class="facet-values facet-children">{facet_values(value.children, key, kind)}</ul>'
    box = f'<input type="checkbox" name="{key}" value="{escape(value.value)}"{checked}>'
    return f'<li{zero}><label>{box} <span class="value-label">{label}{excluded}</span>{count}</label>{below}</li>\n'


@register.simple_tag
def facet_bars(values: Iterable[FacetValue]) -> SafeString:
    """Write the years of a facet as bars that lead where their boxes would."""
    return _html(_bar(item["value"], item["bar"]) for item in year_bars(values))


def _bar(value: FacetValue, bar: charts.Bar) -> str:
    chosen = " is-chosen" if value.selected else ""
    count = _plain(value)
    return (
        f'<a class="bar{chosen}" href="{escape(value.url)}" rel="nofollow" tabindex="-1" '
        f'title="{escape(value.label)}: {count}">'
        f'<span class="bar-column"><span class="bar-count">{count}</span>'
        f'<svg width="100%" height="{bar.height}%" focusable="false"><rect width="100%" height="100%" /></svg></span>'
        f'<span class="bar-label">{escape(value.value[-2:])}</span></a>\n'
    )


@register.simple_tag
def tile_map(values: Iterable[Any], label_id: str = "") -> SafeString:
    """Write provinces, each with its number and address, as a map of tiles, named by the element `label_id`.

    Without it the map is a shortcut for the pointer: what stands beside it says and does the same, so it is neither
    read out nor a tab stop.
    """
    by_slug = {getattr(value, "slug", None) or value.value: value for value in values}
    placed = [(tile, by_slug[tile.slug]) for tile in charts.tile_grid() if tile.slug in by_slug]
    largest = max((count_of(value) for _place, value in placed), default=0)
    box = " ".join(map(str, charts.tile_box()))
    role = f'role="group" aria-labelledby="{label_id}"' if label_id else 'aria-hidden="true" focusable="false"'
    drawn = _html(_tile(tile, value, largest, tab_stop=bool(label_id)) for tile, value in placed)
    return _html([f'<svg class="tiles" viewBox="{box}" {role}>\n', drawn, "</svg>"])


def _tile(tile: charts.Tile, value: Any, largest: int, *, tab_stop: bool) -> str:
    x, y, side = tile.x, tile.y, charts.TILE_SIZE - charts.TILE_GAP
    middle = x + side / 2
    shade = charts.shade(count_of(value), largest)
    chosen = mark = ""
    if getattr(value, "selected", False):
        chosen, mark = " is-chosen", f'<path class="tile-mark" d="M{x} {y}h11l-11 11z" />'
    skipped = "" if tab_stop else ' tabindex="-1"'
    count = _plain(value)
    return (
        f'<a class="tile shade-{shade}{chosen}" href="{escape(value.url)}" rel="nofollow"{skipped}>'
        f"<title>{escape(value.label)}: {count}</title>"
        f'<rect x="{x}" y="{y}" width="{side}" height="{side}" rx="2" />'
        f'<text aria-hidden="true" class="tile-name" x="{middle}" y="{y + 15}">'
        f"{tile.character if in_chinese() else tile.code}</text>"
        f'<text aria-hidden="true" class="tile-count" x="{middle}" y="{y + 30}">{count}</text>{mark}</a>\n'
    )


def _plain(value: Any) -> str:
    """Return a value's number as digits; nothing where a list in error has none."""
    return "" if value.count is None else str(value.count)


def _html(parts: Iterable[str]) -> SafeString:
    return mark_safe("".join(parts))  # noqa: S308  (in the parts everything is escaped but what this module writes)
