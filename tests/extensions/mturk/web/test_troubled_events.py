"""What one requester's events, addresses and policies cannot do to another's, with boto3 against the real door."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from domain.people.accounts import PersonId
from domain.people.teams import Right
from extensions.mturk.domain.hits import encode_worker_id
from extensions.mturk.jobs.hit_events import TurkEvents
from extensions.mturk.services import notifications
from services.act import Act, House
from services.people import api_keys, team_spending
from services.people import webhooks as hooks
from storage.database import Database
from storage.unit import UnitOfWork
from tests.extensions.mturk.web.questions import form
from tests.extensions.mturk.web.test_events import ALL, follow, known, listening, spec
from tests.extensions.mturk.web.test_hits import Town, town  # noqa: F401
from tests.extensions.mturk.web.turk import Pair, present, turk_house, turking
from tests.services.people.test_teams import office


@pytest.fixture
def house(database: Database) -> House:
    return replace(turk_house(database), private_destinations=True)


@asynccontextmanager
async def team_town(database: Database, house: House) -> AsyncIterator[tuple[Town, PersonId]]:
    """The program of a team's spender; Fred works for it."""

    def settle(unit: UnitOfWork) -> tuple[Pair, PersonId, PersonId]:
        found = office(unit)
        act = team_spending.act_for_team(Act(unit, unit.people.get(found.ben), house), found.team, Right.SPEND)
        made = api_keys.create_key(act, "spend", 0)
        return Pair(made.access_id, made.secret), found.team, found.fred

    pair, team, fred = await database.transact(settle, present())
    async with turking(house, pair) as turk:
        yield Town(turk, database, (fred,)), team


async def test_a_teams_program_is_told_of_events(database: Database, house: House):
    """A team's number is negative, which no id took; all that came later waited behind its first event."""
    async with team_town(database, house) as (office, team), listening() as listener:
        hit = await office.hit(MaxAssignments=1)
        about = spec(listener.url, *ALL)
        await office.turk.ask("update_notification_settings", HITTypeId=hit["HITTypeId"], Notification=about)
        await office.turk.ask("send_test_event_notification", Notification=about, TestEventType="Ping")
        await office.answer(0)
        await follow(office, house)
        told = [each["EventType"] for each in listener.events]
        assert told == ["Ping", "AssignmentAccepted", "AssignmentSubmitted", "HITReviewable"]
        secret = await database.transact(lambda unit: unit.settings.secret, present())
        (customer,) = {json.loads(body)["CustomerId"] for _, body in listener.heard}
        assert customer != encode_worker_id(secret, team, -team)


async def test_an_event_that_fails_holds_up_no_other(town: Town, house: House):  # noqa: F811
    """What fails here is a question that cannot be read any more."""
    async with listening() as listener:
        bad = await town.hit(MaxAssignments=1, AssignmentReviewPolicy=known(), Title="Broken")
        await town.answer(0)
        good = await town.hit(MaxAssignments=1, AssignmentReviewPolicy=known(), Question=form("it purrs loudly"))
        about = spec(listener.url, *ALL)
        await town.turk.ask("update_notification_settings", HITTypeId=good["HITTypeId"], Notification=about)
        await town.answer(0)
        broken = "UPDATE turk_hits SET question = '<no' WHERE id = (SELECT min(id) FROM turk_hits)"
        await town.database.transact(lambda unit: unit.connection.changed(broken), present())
        await follow(town, house)
        assert [each["EventType"] for each in listener.events] == [
            *("AssignmentAccepted", "AssignmentSubmitted", "HITReviewable")
        ]
        assert {each["HITId"] for each in listener.events} == {good["HITId"]} != {bad["HITId"]}
        found = await town.turk.ask("list_review_policy_results_for_hit", HITId=good["HITId"])
        assert len(found["AssignmentReviewReport"]["ReviewResults"]) == 2
        await follow(town, house)
        assert len(listener.heard) == 3


async def test_a_policys_action_that_fails_is_failed_and_holds_up_no_other(town: Town, house: House):  # noqa: F811
    policy = known(ApproveIfKnownAnswerScoreIsAtLeast="100")
    bad = await town.hit(MaxAssignments=1, AssignmentReviewPolicy=policy, Title="Broken")
    await town.answer(0)
    good = await town.hit(MaxAssignments=1, AssignmentReviewPolicy=policy)
    await town.answer(0)

    while await town.database.transact(notifications.process_waiting_events, present()):
        pass
    broken = "UPDATE turk_hits SET assignment_policy = 'no' WHERE id = (SELECT min(id) FROM turk_hits)"
    await town.database.transact(lambda unit: unit.connection.changed(broken), present())
    await TurkEvents(house).process_events(town.database, present)
    given = [(await town.assignments(hit))[0]["AssignmentStatus"] for hit in (bad, good)]
    assert given == ["Submitted", "Approved"]

    def statuses(unit: UnitOfWork) -> list[Any]:
        return [row[0] for row in unit.connection.all("SELECT status FROM turk_review_actions ORDER BY id")]

    assert await town.database.transact(statuses, present()) == ["Failed", "Succeeded"]


async def test_a_policy_kept_without_bounds_is_not_followed_and_the_event_is_told(town: Town, house: House):  # noqa: F811
    async with listening() as listener:
        hit = await town.hit(MaxAssignments=1, AssignmentReviewPolicy=known(RejectIfKnownAnswerScoreIsLessThan="50"))
        about = spec(listener.url, "AssignmentSubmitted")
        await town.turk.ask("update_notification_settings", HITTypeId=hit["HITTypeId"], Notification=about)
        kept = json.dumps(known(RejectIfKnownAnswerScoreIsLessThan="9" * 5_000))
        put = "UPDATE turk_hits SET assignment_policy = :kept"
        await town.database.transact(lambda unit: unit.connection.changed(put, kept=kept), present())
        await town.answer(0)
        await follow(town, house)
        assert [each["EventType"] for each in listener.events] == ["AssignmentSubmitted"]


async def test_nothing_is_kept_for_an_address_that_was_removed(town: Town, house: House):  # noqa: F811
    async with listening() as listener:
        hit = await town.hit(MaxAssignments=1)
        about = spec(listener.url, *ALL)
        await town.turk.ask("update_notification_settings", HITTypeId=hit["HITTypeId"], Notification=about)

        def remove(unit: UnitOfWork) -> None:
            requester = unit.people.find_by_telegram_id(1_000)
            assert requester is not None
            hooks.change_webhook(Act(unit, requester, house), "remove", 1)

        await town.database.transact(remove, present())
        await town.answer(0)
        await follow(town, house)
        assert listener.heard == []
        count = "SELECT count(*) FROM webhook_calls"
        assert await town.database.transact(lambda unit: unit.connection.all(count)[0][0], present()) == 0
