"""Bots with one promise broken each: the crash test must find them out. `python -m tests.crash.broken_bots NAME`."""

import asyncio
import sys
from itertools import count
from typing import Any

from bot.__main__ import main
from bot.receiving import ALLOWED, HELD, Receiving, store
from domain.assignments import AssignmentId
from domain.ledger import Transfer, available_account, budget_account
from domain.people import Person
from domain.refusals import AlreadyAnswered
from services import work
from storage.unit import UnitOfWork


def confirms_before_it_stores() -> None:
    """As stock polling does it: the offset moves, and what was fetched waits in memory for its turn."""
    waiting: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def stores_in_turn(self: Receiving) -> None:
        while True:
            await self.database.transact(store, self.clock(), [await waiting.get()])
            await asyncio.sleep(0.02)

    async def once(self: Receiving) -> None:
        if not hasattr(Receiving, "storing"):
            Receiving.storing = asyncio.create_task(stores_in_turn(self))  # type: ignore[attr-defined]
        updates = await self.api(
            "getUpdates", wait=HELD, timeout=HELD, limit=100, offset=self.offset, allowed_updates=ALLOWED
        )
        for update in updates:
            waiting.put_nowait(update)
            self.offset = update["update_id"] + 1

    Receiving._once = once  # type: ignore[method-assign]


def credits_without_a_key() -> None:
    """An answer that comes again is credited again, to be on the safe side."""
    whole, numbers = work.submit, count()

    def submit(unit: UnitOfWork, worker: Person, number: AssignmentId, *details: Any) -> work.Submitted:
        try:
            return whole(unit, worker, number, *details)
        except AlreadyAnswered:
            assignment = unit.assignments.find(number)
            submission = unit.connection.one("SELECT id FROM submissions WHERE assignment = :number", number=number)
            assert assignment is not None and submission is not None  # noqa: PT018 (both or neither)
            project = unit.projects.get(assignment.project)
            accounts = budget_account(project.id), available_account(worker)
            key = f"again:{unit.now}:{next(numbers)}"
            unit.ledger.post(
                Transfer(key, "reward", *accounts, project.pay, project.currency, project.id, submission[0])
            )
            return work.Submitted(project.pay, project.currency, False, None, repeated=True)

    work.submit = submit  # type: ignore[assignment]


if __name__ == "__main__":
    {bot.__name__: bot for bot in (confirms_before_it_stores, credits_without_a_key)}[sys.argv[1]]()
    sys.exit(main(["run"]))
