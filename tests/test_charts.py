from decimal import Decimal

import pytest

from cases.charts import TILE_GAP, TILE_SIZE, interval_bar, shade, tile_box, tile_grid, year_bars

SLUGS = """
    anhui beijing chongqing fujian gansu guangdong guangxi guizhou hainan hebei heilongjiang henan hong-kong hubei
    hunan inner-mongolia jiangsu jiangxi jilin liaoning macao ningxia qinghai shaanxi shandong shanghai shanxi
    sichuan taiwan tianjin tibet xinjiang yunnan zhejiang
"""


# The tile map


def test_the_map_has_every_province_once() -> None:
    assert sorted(tile.slug for tile in tile_grid()) == SLUGS.split()


def test_no_two_provinces_share_a_place_a_code_or_a_character() -> None:
    tiles = tile_grid()
    assert len({(tile.column, tile.row) for tile in tiles}) == 34
    assert len({tile.code for tile in tiles}) == 34
    assert len({tile.character for tile in tiles}) == 34


@pytest.mark.parametrize(
    ("slug", "column", "row"),
    [("heilongjiang", 8, 0), ("xinjiang", 1, 2), ("henan", 5, 4), ("taiwan", 8, 6), ("hong-kong", 6, 7)],
)
def test_provinces_stand_where_readers_look_for_them(slug: str, column: int, row: int) -> None:
    (tile,) = [tile for tile in tile_grid() if tile.slug == slug]
    assert (tile.column, tile.row) == (column, row)


def test_the_box_holds_every_tile_and_nothing_beside() -> None:
    left, top, width, height = tile_box()
    side = TILE_SIZE - TILE_GAP
    assert min(tile.x for tile in tile_grid()) == left
    assert min(tile.y for tile in tile_grid()) == top
    assert max(tile.x + side for tile in tile_grid()) == left + width
    assert max(tile.y + side for tile in tile_grid()) == top + height


def test_shades_go_from_nothing_to_the_largest() -> None:
    assert [shade(count, 100) for count in (0, 1, 10, 40, 100)] == [0, 1, 2, 3, 4]


def test_nothing_is_shaded_where_nothing_is_found() -> None:
    assert shade(0, 0) == 0


# Bars


def test_bars_are_as_high_as_their_share_of_the_largest() -> None:
    assert [(bar.y, bar.height) for bar in year_bars([10, 20, 5])] == [(50, 50), (0, 100), (75, 25)]


def test_one_record_can_be_seen_and_none_cannot() -> None:
    one, none, _ = year_bars([1, 0, 1000])
    assert one.height == 3
    assert none.height == 0


def test_years_without_any_record_have_no_bars() -> None:
    assert [bar.height for bar in year_bars([0, 0])] == [0, 0]
    assert year_bars([]) == []


# Intervals


def test_a_half_open_interval_fills_the_middle_of_its_axis() -> None:
    bar = interval_bar(Decimal(22000), Decimal(23000), True, False, width=116, height=16)
    assert (bar.low.x, bar.low.closed) == (33, True)
    assert (bar.high.x, bar.high.closed) == (83, False)
    assert bar.point is None


def test_an_exact_claim_is_a_point_in_the_middle() -> None:
    bar = interval_bar(Decimal(110), Decimal(110), width=160)
    assert bar.point == 80
    assert bar.low.x == bar.high.x == 80


def test_an_interval_without_an_upper_bound_runs_to_the_edge() -> None:
    bar = interval_bar(Decimal(500), None, True, False, width=160)
    assert bar.low.bounded
    assert not bar.high.bounded
    assert bar.high.x == 160
    assert 0 < bar.low.x < 80


def test_an_interval_without_a_lower_bound_begins_at_the_edge() -> None:
    bar = interval_bar(None, Decimal(-40), False, False, width=160)
    assert (bar.low.x, bar.low.bounded) == (0, False)
    assert 80 < bar.high.x < 160


def test_zero_alone_can_be_the_only_bound() -> None:
    assert interval_bar(Decimal(0), None).low.bounded


def test_intervals_on_the_same_axis_can_be_compared() -> None:
    axis = (Decimal(0), Decimal(40000))
    first = interval_bar(Decimal(22000), Decimal(23000), domain=axis, width=216, height=16)
    second = interval_bar(Decimal(33000), Decimal(33000), domain=axis, width=216, height=16)
    assert first.low.x == 118
    assert second.point == 173


def test_what_lies_outside_the_axis_stays_in_the_picture() -> None:
    bar = interval_bar(Decimal(5), Decimal(500), domain=(Decimal(10), Decimal(100)), width=116, height=16)
    assert (bar.low.x, bar.high.x) == (8, 108)


def test_the_stated_value_is_marked() -> None:
    bar = interval_bar(Decimal(12), Decimal(13), False, False, value=Decimal(13), width=116, height=16)
    assert bar.value == bar.high.x


def test_an_interval_must_have_a_bound() -> None:
    with pytest.raises(ValueError, match="without any bound"):
        interval_bar(None, None)
