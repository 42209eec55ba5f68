"""Bots with one guarantee broken each, which the campaign must detect. `python -m faults.bots NAME`.

A guard of the program is taken away, and with it the key or floor of the database that stands behind it
(faults/dropped_constraints.py). `answers_again` keeps the key: it shows that the key alone is enough.
"""

import asyncio
import time
from collections.abc import Callable
from itertools import count
from typing import Any

from telegram import Bot
from telegram.ext import Updater

from bot.intake.polling import ALLOWED, HELD, Polling
from domain.money.amounts import Millionths
from domain.money.ledger import Transfer, available_account, budget_account, fees_account, requester_account
from domain.people.accounts import Person
from domain.projects.projects import Project
from domain.projects.tasks import TaskId
from domain.refusals import AlreadyAnswered, NotYours
from domain.work.assignments import Assignment, AssignmentId, AssignmentState
from domain.work.messages import Submitted
from services.money import transfers
from services.work import places
from services.work import submit as work
from storage.boxes.receiving import Receiving
from storage.drivers.postgresql import PostgreSQL
from storage.unit import UnitOfWork
from storage.work.openings import Openings

FREE = "SELECT free FROM openings WHERE task = :task"
GONE = "DELETE FROM openings WHERE task = :task"
SET_FREE = "UPDATE openings SET free = :left WHERE task = :task"
SUBMISSION = "SELECT id FROM submissions WHERE assignment = :assignment"


def confirms_before_it_stores() -> None:
    """As stock polling does: the offset moves while fetched updates wait in memory."""
    waiting: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def stores_in_turn(self: Polling) -> None:
        while True:
            await self.receive([await waiting.get()])
            await asyncio.sleep(0.02)

    async def once(self: Polling) -> None:
        if not hasattr(Polling, "storing"):
            Polling.storing = asyncio.create_task(stores_in_turn(self))  # type: ignore[attr-defined]
        updates = await self.api(
            "getUpdates", wait=HELD, timeout=HELD, limit=100, offset=self.offset, allowed_updates=ALLOWED
        )
        for update in updates:
            waiting.put_nowait(update)
            self.offset = update["update_id"] + 1

    Polling._once = once  # type: ignore[method-assign]


def credits_without_a_key() -> None:
    """An answer that comes again is credited again, to be on the safe side."""
    numbers = count()
    _answers_again(lambda submission, now: f"again:{submission}:{now}:{next(numbers)}")


def answers_again() -> None:
    """The same, under the key every credit has: nothing comes of it."""
    _answers_again(lambda submission, now: f"answer:{submission}")


def _answers_again(key: Callable[[int, int], str]) -> None:
    whole = work.submit_answer

    def submit(unit: UnitOfWork, worker: Person, number: AssignmentId, *details: Any, **more: Any) -> Submitted:
        try:
            return whole(unit, worker, number, *details, **more)
        except AlreadyAnswered:
            first = unit.transfer_of(number)  # type: ignore[attr-defined]
            unit.ledger.post(first(worker, key))
            return Submitted(Millionths(0), "EUR", held=False, missed=False)

    UnitOfWork.transfer_of = _repeated  # type: ignore[attr-defined]
    work.submit_answer = submit  # type: ignore[assignment]


def _repeated(unit: UnitOfWork, number: AssignmentId) -> Callable[[Person, Callable[[int, int], str]], Transfer]:
    assignment = unit.assignments.find(number)
    assert assignment is not None
    project = unit.projects.get(assignment.project)
    submission = unit.connection.all(SUBMISSION, assignment=number)[0][0]

    def again(worker: Person, key: Callable[[int, int], str]) -> Transfer:
        return Transfer(
            key(submission, unit.now),
            "reward",
            debit=budget_account(project.id),
            credit=available_account(worker),
            amount=project.pay,
            currency=project.currency,
            project=project.id,
            submission=submission,
        )

    return again


def accepts_a_second_answer() -> None:
    """Every press is stored as an answer, whatever the assignment's state."""

    def mine(unit: UnitOfWork, worker: Person, number: AssignmentId) -> Assignment:
        assignment = unit.assignments.find(number)
        if assignment is None or assignment.worker != worker.id:
            raise NotYours
        return assignment

    def close(unit: UnitOfWork, assignment: Assignment, project: Project) -> bool:
        unit.assignments.end(assignment.id, AssignmentState.SUBMITTED)
        return False

    places.get_own_assignment, work._end_assignment = mine, close


def launches_on_credit() -> None:
    """Launches do not check the balance."""

    def hold(unit: UnitOfWork, requester: Person, project: Project, amount: Millionths, launch: int) -> None:
        source, budget = requester_account(requester), budget_account(project.id)
        unit.ledger.open((source, budget, fees_account(project.id)), project.currency)
        key = f"launch:{project.id}:{launch}"
        unit.ledger.post(
            Transfer(key, "launch", source, budget, amount=amount, currency=project.currency, project=project.id)
        )

    transfers.require_funds, transfers.hold_budget = lambda *_, **__: None, hold


def polls_as_the_library_does() -> None:
    """The library's own Updater acknowledges what it has put into memory; each update is handled in its turn."""
    waiting: asyncio.Queue[Any] = asyncio.Queue()

    async def polls(self: Polling) -> None:
        url = self.api.base.rpartition("/bot")
        async with Updater(Bot(url[2], base_url=f"{url[0]}/bot"), waiting) as updater:
            await updater.start_polling(allowed_updates=ALLOWED, bootstrap_retries=-1)
            while True:
                await _handled(self, (await waiting.get()).to_dict())

    Polling.run = polls  # type: ignore[method-assign]


async def _handled(polling: Polling, update: dict[str, Any]) -> None:
    receiving = polling.receive
    assert isinstance(receiving, Receiving)
    await receiving([update])
    waits = True
    while waits:
        waits = await receiving.database.transact(
            lambda unit: unit.inbox.is_waiting(update["update_id"]), receiving.clock()
        )
        await asyncio.sleep(0.01)


def counts_places_first() -> None:
    """Looks how many places are left, then takes one; and writers of several processes do not take turns."""

    def take(self: Openings, task: TaskId) -> bool:
        free = self._db.all(FREE, task=task)
        if not free or free[0][0] < 1:
            return False
        time.sleep(0.3)  # a slow network: the other process hears of its own presses meanwhile
        if free[0][0] > 1:
            self._db.changed(SET_FREE, task=task, left=free[0][0] - 1)
        else:
            self._db.changed(GONE, task=task)
        return True

    Openings.take = take  # type: ignore[method-assign]
    PostgreSQL.take_turn = lambda self, connection: None  # type: ignore[method-assign]
    PostgreSQL.share_turn = lambda self, connection, shards: None  # type: ignore[method-assign]


BROKEN = (
    confirms_before_it_stores,
    polls_as_the_library_does,
    credits_without_a_key,
    answers_again,
    accepts_a_second_answer,
    launches_on_credit,
    counts_places_first,
)
