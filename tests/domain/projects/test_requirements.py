"""Requirements on one qualification, taken together."""

import pytest

from domain.projects.projects import can_be_met, parse_requirement


@pytest.mark.parametrize(
    ("asked", "is_possible"),
    [
        (("1 >= 80", "1 < 80"), False),
        (("1 >= 80", "1 <= 80"), True),
        (("1 > 3", "1 < 5"), True),
        (("1 exists", "1 missing"), False),
        (("1 missing",), True),
        (("1 != 0", "1 in 0|7"), True),
        (("1 = 3", "1 not in 3|4"), False),
    ],
)
def test_requirements_on_one_qualification_may_exclude_each_other(asked: tuple[str, ...], is_possible: bool):
    assert can_be_met([parse_requirement(each) for each in asked]) is is_possible
