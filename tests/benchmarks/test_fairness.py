"""The fairness simulation, small: the promises hold, and one that is switched off turns its line red."""

import re

from benchmarks.fairness.command import controlled, judged
from benchmarks.fairness.controls import CONTROLS
from benchmarks.fairness.promises import PROMISES
from benchmarks.fairness.ran import Size
from benchmarks.fairness.report import SIMULATION
from benchmarks.fairness.requesters import CHARACTERS
from benchmarks.tables import RESULTS

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


def test_no_requester_has_so_much_of_the_work_that_no_jury_of_three_can_be_drawn() -> None:
    """A pool in which one requester has half of the work is refused: it could be that requester's own."""
    for rejecting in [each for each in CHARACTERS if each.rejects]:
        tasks = [each.order.tasks for each in CHARACTERS if each is not rejecting]
        assert max(tasks) / sum(tasks) < 0.45


def test_juries_of_three_judged_appeals_of_the_published_run() -> None:
    (judged_by_three,) = re.findall(r"\((\d+) judged by three\)", (RESULTS / f"{SIMULATION}.md").read_text("utf-8"))
    assert int(judged_by_three) > 0
