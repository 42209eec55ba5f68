"""Refits and evidence of many answers are computed in a process of their own, with the same results."""

import asyncio
import os
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from random import Random

import pytest

from domain.moments import Moment
from domain.quality.crowd import AnswerColumns
from domain.quality.figures import learn_with_figures
from domain.quality.learners import AnswerSpec
from formats.tables.forked import NICENESS
from jobs import computing, computing_child, evidence, refits
from jobs.computing import ComputingEnded, ComputingProcess, compute
from storage.database import Database
from tests.services.quality.calls import claims, divide, end_it, end_once, number_of_process, refuse
from tests.services.quality.test_refits import answered, learnt

OPTIONS = ("cat", "dog")
FOUND = "SELECT worker, suspicion, nats, answers, gold, expected, observed FROM evidence ORDER BY worker, suspicion"


@pytest.fixture
def process() -> Iterator[ComputingProcess]:
    made = ComputingProcess()
    yield made
    made.end()


def given(tasks: int = 60, people: int = 9) -> AnswerColumns:
    dice, found = Random(5), AnswerColumns()
    for task in range(tasks):
        for worker in range(people):
            found.add(task, worker, OPTIONS[(task + (dice.random() < 0.2)) % 2])
    return found


def test_what_is_learnt_apart_is_what_is_learnt_here(process: ComputingProcess):
    gold = {task: (OPTIONS[task % 2],) for task in range(0, 60, 10)}
    call = partial(learn_with_figures, AnswerSpec("choice", OPTIONS, {}), given(), gold, True)
    assert process.ask(1, call) == call()


async def test_a_refit_and_evidence_apart_write_the_same_rows(
    database: Database, now: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = await answered(database, now)
    project = await database.transact(lambda unit: unit.projects.get(house.project), now)
    found = []
    for many in (computing.MIN_ANSWERS_APART, 1):
        monkeypatch.setattr(computing, "MIN_ANSWERS_APART", many)
        await refits.refit(database, project, lambda: now)
        await evidence.examine(database, project, lambda: now)
        rows = await database.transact(lambda unit: [tuple(row) for row in unit.connection.all(FOUND)], now)
        found.append((await database.transact(learnt, now), rows))
    assert found[0] == found[1]
    assert found[0][1]


def test_one_process_serves_many_calls(process: ComputingProcess):
    first = process.ask(1, number_of_process)
    assert first != os.getpid()
    assert process.ask(1, number_of_process) == first


def test_after_a_large_call_its_memory_is_given_back(process: ComputingProcess):
    first = process.ask(computing.ANSWERS_BEFORE_RESTART, number_of_process)
    assert process.process is None
    assert process.ask(1, number_of_process) != first


def test_a_process_that_ended_meanwhile_is_replaced(process: ComputingProcess):
    process.ask(1, number_of_process)
    assert process.process is not None
    process.process.kill()
    process.process.wait()
    assert process.ask(1, number_of_process) > 0


def test_a_process_that_ends_as_it_is_asked_is_replaced(process: ComputingProcess, tmp_path: Path):
    """It ends by itself when nobody has asked for a while, which may be just then."""
    first = process.ask(1, number_of_process)
    assert process.ask(1, partial(end_once, tmp_path / "ended")) not in (0, first)


def test_a_process_that_ends_while_it_computes_is_told_of(process: ComputingProcess):
    with pytest.raises(ComputingEnded):
        process.ask(1, end_it)
    assert process.ask(1, number_of_process) > 0


def test_what_a_call_raises_is_raised_with_its_trace(process: ComputingProcess):
    with pytest.raises(ZeroDivisionError) as raised:
        process.ask(1, partial(divide, 0))
    assert "in divide" in raised.value.__notes__[0]
    with pytest.raises(RuntimeError, match="in refuse"):
        process.ask(1, refuse)
    assert process.ask(1, partial(divide, 2)) == 0.5


def test_it_has_less_claim_to_the_machine_than_answers(process: ComputingProcess):
    ours = os.getpriority(os.PRIO_PROCESS, 0)
    assert process.ask(1, claims) == (min(19, ours + NICENESS), "1000")


def test_it_knows_no_setting(process: ComputingProcess, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("BOT_TOKEN", "1:secret")
    assert process.ask(1, partial(os.getenv, "BOT_TOKEN")) is None


def test_it_ends_with_its_parent(process: ComputingProcess):
    process.ask(1, number_of_process)
    assert process.process is not None
    assert process.process.stdin is not None
    process.process.stdin.close()  # as the system does for a parent that was killed
    assert process.process.wait(30) == 0


async def test_few_answers_and_too_many_are_computed_here():
    for answers in (computing.MIN_ANSWERS_APART - 1, computing.MAX_ANSWERS_APART):
        assert await compute(answers, number_of_process) == os.getpid()
    assert await compute(computing.MAX_ANSWERS_APART - 1, number_of_process) != os.getpid()


async def test_a_call_that_is_cancelled_holds_up_no_other():
    computing._process.end()
    waiting = asyncio.create_task(compute(computing.MIN_ANSWERS_APART, time.sleep, 600))
    while computing._process.process is None:  # noqa: ASYNC110 (a thread starts it)
        await asyncio.sleep(0.01)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert await compute(computing.MIN_ANSWERS_APART, divide, 2) == 0.5


def test_it_ends_when_nobody_asks(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(computing_child, "IDLE_SECONDS", 0.01)
    read, write = os.pipe()
    assert not computing_child.is_call_waiting(read)
    os.write(write, b"?")
    assert computing_child.is_call_waiting(read)
    os.close(read)
    os.close(write)
