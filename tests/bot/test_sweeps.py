"""Sweeps run by elapsed time, each on its own, and outlive their failures."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import pytest

from bot.clock import wall_clock
from bot.sweeps import SWEEPS, AsyncSweep, Sweep, SweepRunner, phase_of
from domain.moments import DAY, Moment, later
from services.work import submit, sweeps
from storage.database import Database
from storage.drivers.connection import Unavailable
from storage.unit import UnitOfWork
from tests.house import a_project, furnish, settle_tasks
from tests.letters import say


async def swept(database: Database, seconds: float, *sweeps: Sweep | AsyncSweep) -> SweepRunner:
    """What is left after so many seconds and a stop."""
    sweeping = SweepRunner(database, sweeps, wall_clock)
    with suppress(TimeoutError):
        await asyncio.wait_for(sweeping.run(), seconds)
    return sweeping


async def test_a_sweep_that_takes_long_neither_overlaps_itself_nor_holds_others_up(database: Database):
    running, most, others = 0, 0, 0

    async def slow(*_: object) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.12)
        running -= 1

    def quick(_: object) -> None:
        nonlocal others
        others += 1

    await swept(database, 1, AsyncSweep("slow", 0.05, slow), Sweep("quick", 0.05, quick))
    assert most == 1
    assert others >= 8


async def test_a_failure_is_counted_and_the_sweep_goes_on(database: Database):
    turns = 0

    def fails(_: object) -> None:
        nonlocal turns
        turns += 1
        raise ZeroDivisionError

    left = await swept(database, 1, Sweep("fails", 0.05, fails))
    assert left.failures["fails"] in {turns, turns - 1}
    assert turns > 5


async def test_a_database_that_is_away_is_no_defect_of_a_sweep(database: Database, caplog: pytest.LogCaptureFixture):
    def fails(_: object) -> None:
        raise Unavailable("the server ended the connection")

    left = await swept(database, 0.3, Sweep("fails", 0.05, fails))
    assert left.failures["fails"] > 0
    assert {(each.levelname, each.exc_info) for each in caplog.records if each.name == "bot.sweeps"} == {
        ("WARNING", None)
    }


async def test_nothing_runs_after_the_stop(database: Database):
    turns = 0

    def counts(_: object) -> None:
        nonlocal turns
        turns += 1

    await swept(database, 0.3, Sweep("counts", 0.05, counts))
    await asyncio.sleep(0.1)  # one that the writer had begun ends
    stopped = turns
    await asyncio.sleep(0.3)
    assert 0 < stopped <= 6
    assert turns == stopped


async def test_turns_that_were_missed_are_run_once(database: Database):
    turns: list[float] = []

    async def counts(*_: object) -> None:
        turns.append(asyncio.get_running_loop().time())
        if len(turns) == 1:
            await asyncio.sleep(0.55)

    await swept(database, 0.95, AsyncSweep("counts", 0.1, counts))
    assert len(turns) <= 5  # at 0.1, then from 0.7 on; not the five that were missed


def test_sweeps_of_one_interval_have_their_turns_at_different_moments():
    """Some thirty came at the same moment every ten seconds, and an answer waited for all of them."""
    turns = sorted(
        sweep.seconds * (turn - phase_of(place))
        for place, sweep in enumerate(SWEEPS)
        for turn in range(1, 1 + int(120 / sweep.seconds))
    )
    together = max(sum(at <= other < at + 0.05 for other in turns) for at in turns)
    assert together <= 6


async def test_answers_pass_between_two_steps_of_a_sweep_that_goes_on_while_it_finds_something(
    database: Database,
) -> None:
    done: list[str] = []
    others = list[asyncio.Task[None]]()
    loop = asyncio.get_running_loop()

    def answer() -> None:
        others.append(asyncio.ensure_future(database.transact(lambda _: done.append("answer"), wall_clock())))

    def pushes(_: object) -> bool:
        done.append("step")
        if len(done) == 1:
            loop.call_soon_threadsafe(answer)
        return done.count("step") < 3

    sweeping = SweepRunner(database, (), wall_clock)
    await sweeping.run_once(Sweep("push", 1, pushes, steps=10))
    await asyncio.gather(*others)
    assert done == ["step", "answer", "step", "step"]
    await sweeping.run_once(Sweep("push", 1, pushes, steps=10))
    assert done[4:] == ["step"], "nothing was left"


async def test_a_sweep_has_so_many_steps_at_most(database: Database) -> None:
    done: list[bool] = []

    def finds(_: object) -> bool:
        done.append(True)
        return True

    await SweepRunner(database, (), wall_clock).run_once(Sweep("finds", 1, finds, steps=3))
    assert done == [True] * 3


def letters(unit: UnitOfWork) -> None:
    person = unit.people.upsert(1, None, "Ann", "en", unit.now).id
    for number in range(7):
        say(unit, person, "plain", text=f"{number}")
    unit.outbox_queue.drop_all(person, "over")


def drafts(unit: UnitOfWork) -> None:
    requester = furnish(unit).requester
    for _ in range(7):
        settle_tasks(unit, unit.projects.add(a_project(requester, unit.now)), requester, 1, 0)


def answers(unit: UnitOfWork) -> None:
    house = furnish(unit, workers=1, tasks=7, accept="review")
    submit.show_work(unit, unit.people.get(house.workers[0]))
    while (in_hand := unit.assignments.active_for(house.workers[0])) is not None:
        submit.submit_answer(unit, unit.people.get(house.workers[0]), in_hand.id, "0", None)


@pytest.mark.parametrize(
    ("name", "begin", "left"),
    [
        ("prune", letters, "SELECT count(*) FROM outbox"),
        ("old drafts", drafts, "SELECT count(*) FROM projects WHERE state = 'draft' AND arriving = 0"),
        ("release", answers, "SELECT count(*) FROM submissions WHERE held_until IS NOT NULL"),
    ],
)
async def test_a_turn_ends_what_is_due_however_much_it_is(
    database: Database, now: Moment, monkeypatch, name: str, begin: Callable[[UnitOfWork], None], left: str
) -> None:
    monkeypatch.setattr(sweeps, "ROWS_PER_PRUNE", 2)
    monkeypatch.setattr(sweeps, "ROWS_PER_SWEEP", 2)
    await database.transact(begin, now)
    sweep = next(each for each in SWEEPS if each.name == name)
    counted = [row[0] async for row in database.rows(left)]
    await SweepRunner(database, (), lambda: later(now, 40 * DAY)).run_once(sweep)
    counted += [row[0] async for row in database.rows(left)]
    assert counted == [7, 0]
