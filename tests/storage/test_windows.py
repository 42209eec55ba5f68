"""What was read of an ordered list: nothing is missing between what was read, and gaps are found."""

from storage.work.openings import Window


def window(*reads: tuple[int, list[int], int]) -> Window[str]:
    made = Window[str]()
    for behind, numbers, asked in reads:
        made.add(behind, [(number, f"row {number}") for number in numbers], asked)
    return made


def test_the_first_few_behind_a_place_that_are_left() -> None:
    found = window((0, [1, 4, 7, 9], 4))
    assert found.behind(1, 2, ()) == (["row 4", "row 7"], None)
    assert found.behind(1, 2, {"row 4"}) == (["row 7", "row 9"], None)


def test_what_was_not_read_is_asked_for() -> None:
    found = window((0, [1, 4], 2))
    assert found.behind(0, 3, ()) == (["row 1", "row 4"], 4)
    assert found.behind(6, 1, ()) == ([], 6)
    found.add(4, [(8, "row 8")], 2)
    assert found.behind(0, 3, ()) == (["row 1", "row 4", "row 8"], None)
    assert found.behind(8, 3, ()) == ([], None)


def test_two_readings_with_a_gap_between_them_are_not_one() -> None:
    found = window((0, [1, 2], 2), (10, [11, 12], 2))
    assert found.behind(0, 3, ()) == (["row 1", "row 2"], 2)
    assert found.behind(10, 2, ()) == (["row 11", "row 12"], None)
    found.add(2, [(5, "row 5"), (11, "row 11")], 2)
    assert found.behind(0, 5, ()) == (["row 1", "row 2", "row 5", "row 11", "row 12"], None)
