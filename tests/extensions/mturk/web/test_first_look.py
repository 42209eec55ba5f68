"""HITs of a requester whose first project an admin has not looked at yet, with boto3 against the real door."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError

from domain.fairness.first_look import LaunchWaits, LookState, ProjectToApprove, QuestionToApprove
from domain.messages import Message
from domain.moments import DAY, HOUR, Moment
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from jobs import bulk_updates as jobs
from jobs.uploads import reading
from services.act import Act, House
from services.fairness import approvals
from services.projects import drafts, lifecycle
from storage.database import Database
from storage.invariants import find_violations
from storage.unit import UnitOfWork
from tests.extensions.mturk.formats.test_looks import PHISHING
from tests.extensions.mturk.web.questions import form
from tests.extensions.mturk.web.test_hits import TYPE, Town, counts
from tests.extensions.mturk.web.test_pages import external, html, opened_house
from tests.extensions.mturk.web.turk import Pair, pair_of, present, turk_house, turking
from tests.house import settle_requester, settle_worker
from tests.services.fairness.test_first_look import told

ADMIN = 900
LATER = 4_000_000_000  # seconds since 1970
A_HIT = 2 * 55_000  # two answers and their fee, in millionths


@dataclass
class Unseen(Town):
    house: House | None = None
    admin: PersonId | None = None

    async def approve(self) -> None:
        """Each project that waits."""

        def act(unit: UnitOfWork) -> None:
            assert self.house is not None
            assert self.admin is not None
            requester = unit.people.find_by_telegram_id(1_000)
            assert requester is not None
            for project in unit.projects.list_of_requester(requester.id):
                look = unit.first_looks.find(project.id)
                assert look is not None
                approvals.approve_project(Act(unit, unit.people.get(self.admin), self.house), project.id, look.version)

        await self.database.transact(act, present())


@pytest.fixture
async def unseen(database: Database) -> AsyncIterator[Unseen]:
    """The program's key may spend what two HITs and one more answer cost."""
    house = turk_house(database, approve_first=True, admins=frozenset({ADMIN}))

    def settle(unit: UnitOfWork) -> tuple[PersonId, Pair, tuple[PersonId, ...]]:
        admin = unit.people.upsert(ADMIN, "ada", "Ada", "en", unit.now)
        pair = pair_of(unit, house, settle_requester(unit).id, budget=2 * A_HIT + 55_000)
        return admin.id, pair, tuple(settle_worker(unit, n).id for n in (1, 2))

    admin, pair, workers = await database.transact(settle, present())
    async with turking(house, pair) as turk:
        yield Unseen(turk, database, workers, house, admin)
    assert await database.transact(find_violations, present()) == []


async def test_a_hit_that_waits_for_a_look_waits_on_when_it_is_expired_and_prolonged(unseen: Unseen):
    """It was offered to workers at once, unseen."""
    hit = await unseen.hit()
    for moment in (0, LATER):
        await unseen.turk.ask("update_expiration_for_hit", HITId=hit["HITId"], ExpireAt=moment)
    assert counts(await unseen.get(hit)) == ("Assignable", 2, 0, 0)
    assert await unseen.take(0) is None
    await unseen.approve()
    await unseen.answer(0)
    assert counts(await unseen.get(hit)) == ("Assignable", 1, 0, 0)


async def test_a_hit_that_waits_for_a_look_waits_on_in_another_type(unseen: Unseen):
    hit = await unseen.hit()
    other = await unseen.turk.ask("create_hit_type", **{**TYPE, "Title": "Which plant?"})
    await unseen.turk.ask("update_hit_type_of_hit", HITId=hit["HITId"], HITTypeId=other["HITTypeId"])
    assert await unseen.take(0) is None
    assert counts(await unseen.get(hit)) == ("Assignable", 2, 0, 0)
    await unseen.approve()
    await unseen.answer(0)
    assert counts(await unseen.get(hit)) == ("Assignable", 1, 0, 0)


async def test_a_hit_that_expired_before_the_look_takes_no_money(unseen: Unseen):
    """Its answers were paid for at the launch, and again when it was prolonged."""
    hit = await unseen.hit()
    await unseen.turk.ask("update_expiration_for_hit", HITId=hit["HITId"], ExpireAt=0)
    await unseen.approve()
    assert (await unseen.turk.ask("get_account_balance"))["OnHoldBalance"] == "0.00"
    assert await unseen.take(0) is None
    await unseen.turk.ask("update_expiration_for_hit", HITId=hit["HITId"], ExpireAt=LATER)
    assert (await unseen.turk.ask("get_account_balance"))["OnHoldBalance"] == "0.11"
    await unseen.answer(0)
    assert counts(await unseen.get(hit)) == ("Assignable", 1, 0, 0)


async def test_an_expired_hit_in_another_type_takes_no_money_at_its_launch(unseen: Unseen):
    """Nobody could answer it, and what it would cost was held until the project ended."""
    hit = await unseen.hit()
    await unseen.turk.ask("update_expiration_for_hit", HITId=hit["HITId"], ExpireAt=0)
    other = await unseen.turk.ask("create_hit_type", **{**TYPE, "Title": "Which plant?"})
    await unseen.turk.ask("update_hit_type_of_hit", HITId=hit["HITId"], HITTypeId=other["HITTypeId"])
    await unseen.hit(Title="Which plant?", Question=form("it barks"), MaxAssignments=1)
    await unseen.approve()
    assert (await unseen.turk.ask("get_account_balance"))["OnHoldBalance"] == "0.05"  # 0.055
    await unseen.turk.ask("update_expiration_for_hit", HITId=hit["HITId"], ExpireAt=LATER)
    assert (await unseen.turk.ask("get_account_balance"))["OnHoldBalance"] == "0.16"  # 0.165


async def test_what_waits_for_a_look_counts_against_the_keys_amount_when_it_is_asked_for(unseen: Unseen):
    """The key's amount was passed once the admin agreed."""
    hit = await unseen.hit()
    await unseen.hit(Question=form("it barks"))
    more = {"HITId": hit["HITId"], "NumberOfAdditionalAssignments": 1}
    await unseen.turk.ask("create_additional_assignments_for_hit", **more)
    for operation, about in (("create_additional_assignments_for_hit", more), ("create_hit", None)):
        with pytest.raises(ClientError, match=r"This key may spend 0\.00 more in all"):
            await (unseen.turk.ask(operation, **about) if about else unseen.hit(Question=form("it mews")))
    await unseen.approve()
    assert counts(await unseen.get(hit)) == ("Assignable", 3, 0, 0)
    held: Any = await unseen.turk.ask("get_account_balance")
    assert float(held["OnHoldBalance"]) == pytest.approx(0.27)


async def delete_draft(unseen: Unseen) -> None:
    """The requester's newest, as `/stop N` does."""

    def delete(unit: UnitOfWork) -> None:
        assert unseen.house is not None
        requester = unit.people.find_by_telegram_id(1_000)
        assert requester is not None
        lifecycle.delete_draft(Act(unit, requester, unseen.house), unit.projects.list_of_requester(requester.id)[0].id)

    await unseen.database.transact(delete, present())


async def let_go_draft(unseen: Unseen) -> None:
    await unseen.database.transact(drafts.discard_oldest, Moment(present() + 31 * DAY))


@pytest.mark.parametrize("gone", [delete_draft, let_go_draft])
async def test_a_deleted_draft_of_programs_disposes_of_its_hits_and_holds_up_no_other(unseen: Unseen, gone: Any):
    """Its tasks could not be deleted, as HITs hung on them: no upload of anybody was taken out any more. The next HIT
    of its type waited in the hidden draft, and ran hidden once another project was approved."""
    hit = await unseen.hit()
    await gone(unseen)
    assert (await unseen.get(hit))["HITStatus"] == "Disposed"
    more = {"HITId": hit["HITId"], "NumberOfAdditionalAssignments": 1}
    assert (await unseen.refused("create_additional_assignments_for_hit", **more))[0] == "InvalidHITState"
    await reading.drop_stale_batches(unseen.database, lambda: Moment(present() + 32 * DAY + HOUR))

    def there(unit: UnitOfWork) -> list[Any]:
        requester = unit.people.find_by_telegram_id(1_000)
        assert requester is not None
        return [each.state.value for each in unit.projects.list_of_requester(requester.id)]

    assert await unseen.database.transact(there, present()) == []
    again = await unseen.hit(MaxAssignments=1)
    assert again["HITTypeId"] == hit["HITTypeId"]
    assert await unseen.database.transact(there, present()) == ["draft"]
    await unseen.approve()
    await unseen.answer(0)
    (given,) = await unseen.assignments(again)
    await unseen.turk.ask("approve_assignment", AssignmentId=given["AssignmentId"])
    await unseen.database.transact(drafts.discard_oldest, Moment(present() + 62 * DAY))
    assert await unseen.database.transact(there, present()) == ["complete"]


@pytest.fixture
async def half_open(unseen: Unseen, monkeypatch: pytest.MonkeyPatch) -> tuple[Any, Any]:
    """Two HITs, of which the launch has opened the first alone; the other opens in its next step."""
    monkeypatch.setattr(lifecycle, "FIRST", 1)
    first, second = await unseen.hit(), await unseen.hit(Question=form("it barks"))
    await unseen.approve()
    return first, second


async def held(unseen: Unseen) -> str:
    return str((await unseen.turk.ask("get_account_balance"))["OnHoldBalance"])


async def test_more_answers_to_a_hit_that_a_launch_has_still_to_open_are_held(unseen: Unseen, half_open: Any):
    """They were given out without money."""
    more = {"HITId": half_open[1]["HITId"], "NumberOfAdditionalAssignments": 1}
    assert await held(unseen) == "0.22"
    await unseen.turk.ask("create_additional_assignments_for_hit", **more)
    assert await held(unseen) == "0.27"  # 0.275
    await jobs.run_bulk_updates(unseen.database, present)
    assert counts(await unseen.get(half_open[1])) == ("Assignable", 3, 0, 0)


async def test_a_hit_that_a_launch_has_still_to_open_gives_its_money_back_when_it_expires(
    unseen: Unseen, half_open: Any
):
    await unseen.turk.ask("update_expiration_for_hit", HITId=half_open[1]["HITId"], ExpireAt=0)
    assert await held(unseen) == "0.11"
    await jobs.run_bulk_updates(unseen.database, present)
    assert counts(await unseen.get(half_open[1])) == ("Reviewable", 0, 0, 0)
    assert counts(await unseen.get(half_open[0])) == ("Assignable", 2, 0, 0)


async def seen_by_admin(unseen: Unseen, message: type[Message]) -> list[Any]:
    def read(unit: UnitOfWork) -> list[Any]:
        assert unseen.admin is not None
        return [letter.facts for letter in told(unit, unseen.admin, message)]

    return await unseen.database.transact(read, present())


async def test_an_admin_is_shown_what_workers_get_of_a_page_with_the_words_worth_a_second_look(unseen: Unseen):
    """It reached them as a row of empty fields: “No word of the list stands out”."""
    assert unseen.house is not None
    object.__setattr__(unseen.house, "page_origin", "https://house.example")
    hit = await unseen.hit(Question=html(PHISHING), MaxAssignments=1)
    await unseen.hit(Question=html(PHISHING), MaxAssignments=1)  # once is enough
    await unseen.hit(Question=external("https://collect.example/page"), MaxAssignments=1)
    (shown,) = await seen_by_admin(unseen, QuestionToApprove)
    assert shown["text"].startswith("Log in to your Telegram Type the code that Telegram sent you")
    assert "secret (password)" in shown["fields"]
    assert shown["hosts"] == ["collect.example", "pictures.example"]
    (card,) = await seen_by_admin(unseen, ProjectToApprove)
    assert {found["flag"] for found in card["flags"]} >= {"accounts", "money", "contacts"}
    assert card["samples"] == []

    def waits(unit: UnitOfWork) -> list[Any]:
        requester = unit.people.find_by_telegram_id(1_000)
        assert requester is not None
        return told(unit, requester.id, LaunchWaits)

    assert len(await unseen.database.transact(waits, present())) == 1
    assert counts(await unseen.get(hit)) == ("Assignable", 1, 0, 0)

    def again(unit: UnitOfWork) -> list[Any]:
        assert unseen.house is not None
        assert unseen.admin is not None
        return list(approvals.show_first_look(Act(unit, unit.people.get(unseen.admin), unseen.house), ProjectId(1)))

    messages = await unseen.database.transact(again, present())
    asked = [message for message in messages if isinstance(message, QuestionToApprove)]
    assert [message.address for message in asked] == ["", "https://collect.example/page"]


async def test_an_admin_sees_a_page_as_workers_do_and_nobody_else_does(database: Database):
    async with opened_house(database, "https://house.example", approve_first=True, admins=frozenset({ADMIN})) as here:
        await database.transact(lambda unit: unit.people.upsert(ADMIN, "ada", "Ada", "en", unit.now), present())
        about = {**TYPE, "LifetimeInSeconds": 3600, "MaxAssignments": 1}
        for question in (html(PHISHING), form("it purrs")):
            await here.turk.ask("create_hit", **about, Question=question)

        def numbers(unit: UnitOfWork) -> list[int]:
            return [int(task.id) for task in unit.tasks.sample(ProjectId(1), 9)]

        page, asked = sorted(await database.transact(numbers, present()))
        status, body = await here.task(page, "look", ADMIN)
        assert (status, body["frame"]["preview"], body["frame"]["left"]) == (200, True, "")
        assert "assignmentId=ASSIGNMENT_ID_NOT_AVAILABLE" in body["frame"]["src"]
        status, shown, headers = await here.get(body["frame"]["src"])
        assert (status, "Log in to your Telegram" in shown) == (200, True)
        assert "form-action 'none'" in headers["Content-Security-Policy"]
        address = urlsplit(body["frame"]["src"])._replace(query="").geturl()
        for rest in ("/mturk/externalSubmit", "/left", "/storage"):
            assert (await here.post(address + rest, code="1"))[0] == 404
        assert (await here.get(body["frame"]["browser"]))[0] == 200
        status, body = await here.task(asked, "look", ADMIN)
        assert (status, body["frame"]) == (200, None)
        assert "• A dog & more" in body["task"]["text"]
        assert (await here.task(page, "look"))[0] == 403
        assert (await here.task(page + 99, "look", ADMIN))[0] == 404

        def refuse(unit: UnitOfWork) -> None:
            unit.first_looks.end(ProjectId(1), LookState.REFUSED, unit.people.find_by_telegram_id(ADMIN).id, "No.")

        await database.transact(refuse, present())
        assert (await here.task(page, "look", ADMIN))[0] == 404
