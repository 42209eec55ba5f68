"""What one requester's program reads of a worker says nothing to another's."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from domain.money.ledger import BANK, Transfer, requester_account
from domain.people.accounts import PersonId
from services.act import House
from storage.database import Database
from storage.unit import UnitOfWork
from tests.extensions.mturk.web.questions import form
from tests.extensions.mturk.web.test_hits import TYPE
from tests.extensions.mturk.web.turk import Turk, pair_of, present, turk_house, turking
from tests.extensions.mturk.web.workers import answer
from tests.house import FUNDS, settle_requester, settle_worker

TYPE_NAMED = {"Name": "Knows animals", "Description": "Cats and dogs.", "QualificationTypeStatus": "Active"}


async def read_of(turk: Turk, database: Database, worker: PersonId) -> tuple[str, dict[str, Any]]:
    """The worker's id, and the tokens of lists in which they stand, by the operation."""
    hit = (await turk.ask("create_hit", **TYPE, LifetimeInSeconds=3600, MaxAssignments=1, Question=form()))["HIT"]
    await database.transact(lambda unit: answer(unit, unit.people.get(worker)), present())
    (done,) = (await turk.ask("list_assignments_for_hit", HITId=hit["HITId"]))["Assignments"]
    made = (await turk.ask("create_qualification_type", **TYPE_NAMED))["QualificationType"]
    who, of = done["WorkerId"], {"QualificationTypeId": made["QualificationTypeId"]}
    await turk.ask("associate_qualification_with_worker", **of, WorkerId=who)
    await turk.ask("create_worker_block", WorkerId=who, Reason="Nothing of it was true.")
    asked = {"list_workers_with_qualification_type": of, "list_worker_blocks": {}}
    tokens = {each: (await turk.ask(each, **about, MaxResults=1))["NextToken"] for each, about in asked.items()}
    for each, about in asked.items():
        assert (await turk.ask(each, **about, MaxResults=1, NextToken=tokens[each]))["NumResults"] == 0
    return who, tokens


async def test_two_requesters_see_two_workers_also_in_tokens(database: Database):
    """NextTokens of lists of workers were the same for both, and so linked their ids."""
    house: House = turk_house(database)

    def settle(unit: UnitOfWork) -> Any:
        anna, worker = settle_requester(unit), settle_worker(unit, 1)
        ben = unit.people.upsert(1_001, "ben", "Ben", "en", unit.now)
        unit.people.make_requester(ben.id, True)
        unit.ledger.open((requester_account(ben),), "EUR")
        unit.ledger.post(Transfer("deposit:2", "deposit", BANK, requester_account(ben), FUNDS, "EUR"))
        return [pair_of(unit, house, each.id) for each in (anna, ben)], worker.id

    (pairs, worker), seen = await database.transact(settle, present()), []
    for pair in pairs:
        async with turking(house, pair) as turk:
            seen.append(await read_of(turk, database, worker))
            strange = {"NextToken": seen[0][1]["list_worker_blocks"]}
            if len(seen) == 2:
                with pytest.raises(ClientError, match="NextToken"):
                    await turk.ask("list_worker_blocks", **strange)
    (first, of_first), (second, of_second) = seen
    assert first != second
    assert set(of_first.values()).isdisjoint(of_second.values())
