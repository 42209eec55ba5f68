"""How alike shapes and drawings are."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.shapes.consensus import credit, measure_likeness, measure_merit, pair_shapes
from domain.shapes.shape import (
    Box,
    Point,
    Polygon,
    Region,
    Span,
    area,
    box_of,
    intersection_over_union,
    measure_alikeness,
    normalised,
    polygon_of,
)


def box(left, top, right, bottom, label="cat"):
    return box_of(label, (left, top, right, bottom))


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [
        (box(0, 0, 0.5, 0.5), box(0, 0, 0.5, 0.5), 1), (box(0, 0, 0.5, 0.5), box(0.25, 0, 0.75, 0.5), 1 / 3),
        (box(0, 0, 0.5, 0.5), box(0.5, 0, 1, 0.5), 0), (box(0, 0, 0.5, 0.5), box(0, 0, 0.5, 0.5, "dog"), 0),
        (Point("a", 0.5, 0.5), Point("a", 0.55, 0.5), 0.5), (Point("a", 0.5, 0.5), Point("a", 0.7, 0.5), 0),
        (Span("a", 0, 4), Span("a", 2, 6), 1 / 3), (Span("a", 0, 4), Span("a", 4, 6), 0),
        (Region("a", 0.5, 2.5), Region("a", 1.5, 2.5), 0.5),
        (polygon_of("cat", [(0, 0), (0.5, 0), (0.5, 0.5), (0, 0.5)]), box(0, 0, 0.5, 0.5), 1),
    ],
)  # fmt: skip
def test_likeness_is_the_share_that_two_have_in_common(one, other, likeness):
    assert measure_alikeness(one, other) == pytest.approx(likeness)
    assert measure_alikeness(other, one) == pytest.approx(likeness)


L = ((0.0, 0.0), (0.6, 0.0), (0.6, 0.2), (0.2, 0.2), (0.2, 0.6), (0.0, 0.6))


def test_polygons_need_not_be_convex():
    """An L and the square that fills its corner: 0.2 of 0.36 and 0.16 in common."""
    square = ((0.0, 0.0), (0.4, 0.0), (0.4, 0.4), (0.0, 0.4))
    assert abs(area(L)) == pytest.approx(0.2)
    assert intersection_over_union(L, square) == pytest.approx(0.12 / 0.24, abs=0.03)
    assert intersection_over_union(L, ((0.3, 0.3), (0.6, 0.3), (0.6, 0.6))) == 0
    assert intersection_over_union(L, normalised(L[::-1])) == pytest.approx(1)


def test_the_area_two_polygons_share_is_that_of_a_fine_grid():
    one = ((0.1, 0.15), (0.8, 0.05), (0.9, 0.7), (0.45, 0.5), (0.2, 0.9))
    other = ((0.2, 0.1), (0.95, 0.3), (0.6, 0.95), (0.05, 0.6))

    def inside(ring, x, y):
        ends = zip(ring, ring[1:] + ring[:1], strict=True)
        return sum((b > y) != (d > y) and x < a + (y - b) * (c - a) / (d - b) for (a, b), (c, d) in ends) % 2

    cells = [((at + 0.5) / 120, (to + 0.5) / 120) for at in range(120) for to in range(120)]
    both = sum(inside(one, *cell) and inside(other, *cell) for cell in cells)
    either = sum(bool(inside(one, *cell) or inside(other, *cell)) for cell in cells)
    assert intersection_over_union(one, other) == pytest.approx(both / either, abs=0.01)


def test_each_shape_has_one_pair_and_the_most_alike_go_first():
    mine = [box(0, 0, 0.5, 0.5), box(0.05, 0, 0.55, 0.5)]
    theirs = [box(0.05, 0, 0.55, 0.5), box(0.6, 0.6, 0.9, 0.9)]
    assert [(pair.own_index, pair.other_index) for pair in pair_shapes(mine, theirs)] == [(1, 0)]


def test_the_score_counts_what_is_missing_and_what_is_too_much():
    cat, dog = box(0, 0, 0.5, 0.5), box(0.5, 0.5, 1, 1, "dog")
    assert measure_likeness([cat, dog], [cat, dog]) == 1
    assert measure_likeness([cat], [cat, dog]) == measure_likeness([cat, dog], [cat]) == 0.5
    assert measure_likeness([], []) == 1
    assert measure_likeness([], [cat]) == 0
    assert measure_merit([box(0, 0, 0.5, 0.4)], [cat, dog]) == 0.5  # 0.8 alike is all of one of two


def test_credit_is_none_up_to_a_quarter_and_all_from_three_quarters():
    assert [credit(each) for each in (0, 0.25, 0.5, 0.75, 1)] == [0, 0, 0.5, 1, 1]


SIDE = st.integers(0, 20)


@settings(max_examples=40, derandomize=True)
@given(st.lists(st.tuples(SIDE, SIDE, SIDE, SIDE), max_size=4), st.lists(st.tuples(SIDE, SIDE, SIDE, SIDE), max_size=4))
def test_the_score_is_the_same_whoever_comes_first(mine, theirs):
    one, other = (
        [Box("cat", x / 50, y / 50, (w + 1) / 50, (h + 1) / 50) for x, y, w, h in each] for each in (mine, theirs)
    )
    assert measure_likeness(one, other) == pytest.approx(measure_likeness(other, one))
    assert 0 <= measure_merit(one, other) <= 1


def test_a_polygon_of_another_label_is_another_thing():
    assert measure_alikeness(Polygon("a", tuple(L)), Polygon("b", tuple(L))) == 0
