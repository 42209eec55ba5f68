"""A run of tasks is the same, however much of it was summed up before; its time is work, without the pauses between."""

import pytest

from domain.moments import MINUTE, SECOND, Moment
from domain.money.amounts import Millionths
from domain.work.assignments import SubmissionId
from domain.work.messages import GivenAnswer, Recap, Run, get_run


def answers(*told: tuple[int, int, str]) -> list[GivenAnswer]:
    """Of (minute, seconds it took, currency)."""
    return [
        GivenAnswer(
            *(SubmissionId(number), Moment(minute * MINUTE), seconds * SECOND, seconds * 500),
            *(Millionths(number), currency),
        )
        for number, (minute, seconds, currency) in enumerate(told, start=1)
    ]


GIVEN = answers(
    *((0, 20, "EUR"), (1, 30, "EUR"), (40, 60, "EUR"), (41, 30, "USD"), (42, 30, "USD"), (58, 90, "USD")),
    *((60, 600, "USD"), (61, 5, "USD")),
)
RUNS = {2: 2, 3: 1, 4: 1, 6: 3, 8: 5}  # tasks of the run that an answer ends


@pytest.mark.parametrize("last", sorted(RUNS))
def test_a_run_ends_at_a_long_break_and_another_currency(last: int) -> None:
    whole = get_run(reversed(GIVEN[:last]))
    assert isinstance(whole, Run)
    assert (whole.last, whole.tasks) == (last, RUNS[last])
    for known in range(last + 1):
        before = get_run(reversed(GIVEN[:known]))
        assert get_run(reversed(GIVEN[known:last]), before) == whole


def test_a_recap_is_of_several_tasks_that_ended_a_while_ago_at_most() -> None:
    alone, both = get_run(reversed(GIVEN[:1])), get_run(reversed(GIVEN[:2]))
    assert alone is not None
    assert both is not None
    assert alone.recap(GIVEN[0].at) is None
    assert both.recap(Moment(16 * MINUTE)) == Recap(2, 25 * SECOND, Millionths(3), "EUR")
    assert both.recap(Moment(16 * MINUTE + 1)) is None
    assert get_run([]) is None


@pytest.mark.parametrize("known", range(5))
def test_a_run_beside_a_clock_that_was_set_back_takes_no_negative_time(known: int) -> None:
    """An hour back after two answers; the two that follow are of one run with them, the last one is not."""
    given = answers((90, 30, "EUR"), (91, 30, "EUR"), (32, 30, "EUR"), (33, 60, "EUR"), (90, 30, "EUR"))
    run = get_run(reversed(given[known:4]), get_run(reversed(given[:known])))
    assert run is not None
    assert run.recap(given[3].at) == Recap(4, 75 * SECOND, Millionths(10), "EUR")
    last = get_run(reversed(given[known:]), get_run(reversed(given[:known])))
    assert last is not None
    assert last.tasks == 1
