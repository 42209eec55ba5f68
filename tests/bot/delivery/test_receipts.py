"""Outcomes of letters that the house has changed its mind about while they were on their way."""

from bot.delivery.attempts import Outcome, OutcomeKind
from bot.delivery.receipts import FailureServices, mark
from domain.moments import Moment
from handlers.payloads.projects import ShowProject
from services.projects.progress import live_name, show_progress
from storage.boxes.outbox import Letter
from storage.database import Database
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.house import House, furnish
from tests.letters import due_letters

AFTER = FailureServices(lambda unit, person: None, lambda unit, letter, reason: None)


def of(unit: UnitOfWork, house: House) -> list[Letter]:
    return [letter for letter in due_letters(unit, 100) if letter.live == live_name(house.project)]


def arrives(unit: UnitOfWork, letter: Letter, message: int) -> None:
    mark(unit, [Outcome(letter, OutcomeKind.SENT, message_id=message)], AFTER)


async def test_a_card_asked_for_while_the_one_before_is_edited_comes_as_a_new_message(
    database: Database, now: Moment
) -> None:
    def story(unit: UnitOfWork) -> None:
        house = furnish(unit)
        press(act_of(unit, house.requester), ShowProject(number=house.project))
        arrives(unit, of(unit, house)[0], 10)
        show_progress(unit, house.requester, house.project)
        [under_way] = of(unit, house)
        assert under_way.live_message == 10
        press(act_of(unit, house.requester), ShowProject(number=house.project))
        arrives(unit, under_way, 10)
        [new] = of(unit, house)
        assert (new.id > under_way.id, new.live_message) == (True, None)
        arrives(unit, new, 12)
        show_progress(unit, house.requester, house.project)
        assert [letter.live_message for letter in of(unit, house)] == [12]

    await database.transact(story, now)
