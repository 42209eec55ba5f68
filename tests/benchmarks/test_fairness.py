"""The fairness simulation, small: the promises hold, and one that is switched off turns its line red."""

from benchmarks.fairness.command import controlled, judged
from benchmarks.fairness.controls import CONTROLS
from benchmarks.fairness.promises import PROMISES
from benchmarks.fairness.ran import Size

FIRST = "a requester's first project waits for a human"


def test_every_promise_has_a_control_that_breaks_it() -> None:
    assert [each.name for each in PROMISES] == [each.promise for each in CONTROLS]


def test_two_days_of_thirty_workers_keep_the_promises() -> None:
    ran, lines = judged("sqlite", Size(days=2, workers=30, every=9, tasks=6, sweeps=60))
    assert ran.town.bugs == []
    assert [(each.promise.name, each.verdict.found) for each in lines if each.verdict.broken] == []
    assert sum(each.verdict.holds for each in lines) >= 7


def test_a_promise_switched_off_turns_its_line_red() -> None:
    (control,) = [each for each in CONTROLS if each.promise == FIRST]
    assert controlled("sqlite", control, Size(days=1, workers=2, tasks=6, sweeps=60)).verdict.broken
