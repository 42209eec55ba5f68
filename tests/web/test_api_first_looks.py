"""A first project that a program launches: what it costs when an admin agrees counts against the program's key."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from domain.fairness.first_look import LookApproved, LookState
from domain.moments import Moment
from domain.money.ledger import requester_account
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from domain.refusals import DearerByNow, KeyLimit
from handlers.fairness.first_look import ApproveLook
from handlers.projects.launches import Launch
from services.people import api_keys
from storage import invariants
from storage.database import Database
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.house import FUNDS, settle_requester
from tests.web.asker import Asker, asking, house_of, key_of
from tests.web.test_api_parity import MANY
from tests.web.test_api_projects import PROJECT

ADA = 900
ABOUT = [each.stored_as for each in (LookApproved, KeyLimit, DearerByNow)]
COST = 3 * 55_000
ANNA, FIRST = PersonId(1), ProjectId(1)


@dataclass
class Waiting:
    """Anna's first project, launched by a program whose key may spend 200,000, waits for Ada."""

    database: Database
    now: Moment
    program: Asker

    async def approved(self) -> None:
        def approve(unit: UnitOfWork) -> None:
            ada = unit.people.upsert(ADA, "ada", "Ada", "en", unit.now).id
            act = act_of(unit, ada, frozenset({ADA}), message=5, approve_first=True)
            for _ in range(2):  # what has changed is shown first
                look = unit.first_looks.find(FIRST)
                assert look is not None
                if look.state is LookState.WAITING:
                    press(act, ApproveLook(project=FIRST, version=look.version))

        await self.database.transact(approve, self.now)

    async def asks(self) -> None:
        """Anna herself, in the chat."""
        await self.database.transact(
            lambda unit: press(act_of(unit, ANNA, approve_first=True), Launch(number=FIRST)), self.now
        )

    async def spent(self) -> int:
        """Of the key."""
        return await self.database.transact(
            lambda unit: int(unit.connection.all("SELECT spent FROM api_keys WHERE number = 1")[0][0]), self.now
        )

    async def found(self) -> tuple[str, int, list[str]]:
        """The project's state, what left Anna's account, and what she was told of the approval."""

        def find(unit: UnitOfWork) -> tuple[str, int, list[str]]:
            assert invariants.find_violations(unit) == []
            left = FUNDS - unit.ledger.balance(requester_account(unit.people.get(ANNA)), "EUR")
            told = [row[0] for row in unit.connection.all("SELECT screen FROM outbox WHERE person = 1 ORDER BY id")]
            kept = [each for each in told if each in ABOUT]
            return unit.projects.get(FIRST).state.value, left, kept

        return await self.database.transact(find, self.now)


@pytest.fixture
async def waiting(database: Database, now: Moment) -> AsyncIterator[Waiting]:
    house = house_of(database, now, approve_first=True)
    key = await database.transact(lambda unit: key_of(unit, house, settle_requester(unit).id, "spend", 200_000), now)
    async with asking(house, key) as program:
        await program.post("/projects", PROJECT)
        assert (await program.post("/projects/1/launch")).status == 200
        yield Waiting(database, now, program)


LEFT = [LookApproved.stored_as, KeyLimit.stored_as]


async def test_what_is_approved_as_it_was_launched_starts_and_counts_once(waiting: Waiting):
    await waiting.approved()
    assert await waiting.found() == ("running", COST, [LookApproved.stored_as])
    assert await waiting.spent() == COST


async def test_a_pay_raised_beyond_the_keys_amount_is_left_to_its_owner(waiting: Waiting):
    assert (await waiting.program.post("/projects/1/raise", {"pay": "5"})).status == 200
    await waiting.approved()
    assert await waiting.found() == ("draft", 0, LEFT)
    assert await waiting.spent() == 0
    await waiting.asks()
    assert (await waiting.found())[:2] == ("running", 100 * COST)


async def test_what_became_dearer_within_the_keys_amount_counts_with_the_difference(waiting: Waiting):
    await waiting.program.post("/projects/1/raise", {"pay": "0.06"})
    await waiting.approved()
    assert (await waiting.found())[:2] == ("running", 3 * 66_000)
    assert await waiting.spent() == 3 * 66_000


async def test_a_second_launch_of_a_changed_project_counts_the_difference(waiting: Waiting):
    await waiting.program.post("/projects/1/raise", {"pay": "0.06"})
    assert (await waiting.program.post("/projects/1/launch")).body["again"] is False
    assert await waiting.spent() == 3 * 66_000
    await waiting.approved()
    assert await waiting.spent() == 3 * 66_000


async def test_the_launch_of_a_revoked_key_is_left_to_its_owner(waiting: Waiting):
    await waiting.database.transact(lambda unit: api_keys.revoke_key(act_of(unit, ANNA), 1), waiting.now)
    await waiting.approved()
    assert await waiting.found() == ("draft", 0, LEFT)


async def test_its_owners_own_launch_costs_no_more_than_they_read(waiting: Waiting):
    await waiting.asks()
    assert await waiting.spent() == 0
    assert (await waiting.program.post("/projects/1/raise", {"pay": "0.5"})).status == 200
    await waiting.approved()
    assert await waiting.found() == ("draft", 0, [LookApproved.stored_as, DearerByNow.stored_as])
    await waiting.asks()
    assert (await waiting.found())[:2] == ("running", 10 * COST)


async def test_its_owners_own_launch_of_what_a_program_launched_counts_against_no_key(waiting: Waiting):
    await waiting.asks()
    await waiting.approved()
    assert (await waiting.found())[:2] == ("running", COST)
    assert await waiting.spent() == 0


async def test_a_first_project_that_a_program_pilots_counts_its_pilot_alone(database: Database, now: Moment):
    house = house_of(database, now, approve_first=True)
    key = await database.transact(lambda unit: key_of(unit, house, settle_requester(unit).id, "spend", 600_000), now)
    async with asking(house, key) as program:
        waiting = Waiting(database, now, program)
        await program.post("/projects", MANY)
        dear = await program.post("/projects/1/pilot?most=549999")
        assert (dear.status, dear.body["facts"]["needed"]) == (409, 550_000)
        waits = await program.post("/projects/1/pilot")
        assert (waits.status, waits.body["again"], await waiting.spent()) == (200, False, 550_000)
        assert (await program.post("/projects/1/pilot")).body["again"] is True
        await waiting.approved()
        assert await waiting.found() == ("running", 550_000, [LookApproved.stored_as])
        assert await waiting.spent() == 550_000
        assert (await program.get("/projects/1")).body["waiting"] == 2
