"""A team's money through the Mechanical Turk door: all of it is noted for a member, and within their cap."""

from typing import Any

import pytest

from domain.moments import later
from domain.people.accounts import PersonId
from services.act import House
from services.work import sweeps
from storage.database import Database
from storage.invariants import find_violations
from storage.unit import UnitOfWork
from tests.extensions.mturk.web.questions import form
from tests.extensions.mturk.web.test_events import follow, known
from tests.extensions.mturk.web.test_hits import TYPE, Town
from tests.extensions.mturk.web.test_troubled_events import team_town
from tests.extensions.mturk.web.turk import pair_of, present, turk_house, turking
from tests.house import settle_requester, settle_worker

EACH = 55_000  # 0.05 and the fee
CAP = 2_000_000  # Ben's, who has the key


@pytest.fixture
def house(database: Database) -> House:
    return turk_house(database)


async def spent(town: Town, team: PersonId) -> int:
    """By all members; and the book is right."""

    def look(unit: UnitOfWork) -> tuple[list[Any], int]:
        return find_violations(unit), sum(unit.team_spending.sums_by_member(team, "EUR").values())

    wrong, found = await town.database.transact(look, present())
    assert wrong == []
    return found


async def move(town: Town, hit: Any, **changes: str) -> None:
    other = (await town.turk.ask("create_hit_type", **{**TYPE, **changes}))["HITTypeId"]
    await town.turk.ask("update_hit_type_of_hit", HITId=hit["HITId"], HITTypeId=other)


@pytest.mark.parametrize("reward", ["0.05", "0.02"])
async def test_a_hit_that_moves_at_the_same_or_less_pay_is_set_aside_anew(
    database: Database, house: House, reward: str
) -> None:
    async with team_town(database, house) as (town, team):
        hit = await town.hit(MaxAssignments=2)
        await move(town, hit, Title="Another title", Reward=reward)
        assert await spent(town, team) == 2 * EACH + 2 * EACH * (2 if reward == "0.02" else 5) // 5


async def test_a_hit_is_not_moved_again_and_again_beyond_the_cap(database: Database, house: House) -> None:
    async with team_town(database, house) as (town, team):
        hit = await town.hit(MaxAssignments=1, Reward="1.00")
        other = (await town.turk.ask("create_hit_type", **{**TYPE, "Title": "Another", "Reward": "1.00"}))["HITTypeId"]
        with pytest.raises(Exception, match="RequestError"):
            await town.turk.ask("update_hit_type_of_hit", HITId=hit["HITId"], HITTypeId=other)
        assert await spent(town, team) == 1_100_000


@pytest.mark.parametrize(("reward", "comes"), [("0.50", True), ("0.90", False)])
async def test_a_place_that_comes_along_later_counts_for_the_member_or_does_not_come(
    database: Database, house: House, reward: str, comes: bool
) -> None:
    """A worker held it while the HIT moved, and did not answer."""
    async with team_town(database, house) as (town, team):
        hit = await town.hit(MaxAssignments=2, AssignmentDurationInSeconds=60)
        await town.take(0)
        await move(town, hit, Reward=reward)
        before = await spent(town, team)
        await town.database.transact(sweeps.expire_assignments, later(present(), 120_000))
        cost = round(float(reward) * 1_100_000)
        assert await spent(town, team) == before + (cost if comes else 0) <= CAP
        assert (await town.get(hit))["MaxAssignments"] == 1 + comes


@pytest.mark.parametrize(("reward", "assignments"), [("0.05", 2), ("1.00", 1)])
async def test_what_a_review_policy_asks_for_more_counts_for_the_member_and_fails_beyond_their_cap(
    database: Database, house: House, reward: str, assignments: int
) -> None:
    async with team_town(database, house) as (town, team):
        policy = known(ExtendIfKnownAnswerScoreIsLessThan="50", ExtendMaximumAssignments="3")
        hit = await town.hit(MaxAssignments=1, AssignmentReviewPolicy=policy, Reward=reward)
        await town.answer(0, "A dog & more", "It barks")
        await follow(town, house)
        assert (await town.get(hit))["MaxAssignments"] == assignments
        assert await spent(town, team) == assignments * round(float(reward) * 1_100_000)
        told = await town.turk.ask("list_review_policy_results_for_hit", HITId=hit["HITId"])
        (action,) = told["AssignmentReviewReport"]["ReviewActions"]
        assert action["Status"] == ("Succeeded" if assignments == 2 else "Failed")


async def key_spent(town: Town) -> list[int]:
    def look(unit: UnitOfWork) -> list[int]:
        return [row[0] for row in unit.connection.all("SELECT spent FROM api_keys ORDER BY number")]

    return await town.database.transact(look, present())


BUDGET = 10 * EACH


@pytest.mark.parametrize(("most", "more"), [(4, 3), (25, 8), (2, 1)])
async def test_what_a_review_policy_may_ask_for_more_counts_for_the_key(
    database: Database, house: House, most: int, more: int
) -> None:
    """Extensions were held afterwards, and a key could spend any number of times its amount. A HIT of fewer than ten
    assignments is never extended to ten."""

    def settle(unit: UnitOfWork) -> Any:
        requester = settle_requester(unit)
        return pair_of(unit, house, requester.id, budget=BUDGET), (settle_worker(unit, 1).id,)

    pair, workers = await database.transact(settle, present())
    policy = known(ExtendIfKnownAnswerScoreIsLessThan="50", ExtendMaximumAssignments=str(most))
    async with turking(house, pair) as turk:
        town = Town(turk, database, workers)
        hit = await town.hit(MaxAssignments=1, AssignmentReviewPolicy=policy)
        assert await key_spent(town) == [(1 + more) * EACH]
        await town.answer(0, "A dog & more", "It barks")
        await follow(town, house)
        assert (await town.get(hit))["MaxAssignments"] == 2
        assert await key_spent(town) == [(1 + more) * EACH]
        over, said = await town.refused(
            "create_hit", **TYPE, LifetimeInSeconds=3600, Question=form(), MaxAssignments=10 - more
        )
        assert (over, "This key may spend" in said) == ("InsufficientFunds", True)


async def test_a_hit_that_moves_to_better_pay_counts_its_extensions_anew(database: Database, house: House) -> None:
    def settle(unit: UnitOfWork) -> Any:
        return pair_of(unit, house, settle_requester(unit).id, budget=BUDGET)

    policy = known(ExtendIfKnownAnswerScoreIsLessThan="50", ExtendMaximumAssignments="3")
    async with turking(house, await database.transact(settle, present())) as turk:
        town = Town(turk, database)
        hit = await town.hit(MaxAssignments=1, AssignmentReviewPolicy=policy)
        await move(town, hit, Reward="0.10")
        assert await key_spent(town) == [3 * EACH + EACH + 2 * EACH]
