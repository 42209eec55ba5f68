"""Counter-offers: what a worker says, what the requester sees, and the raise that reaches them."""

import pytest

from domain.fairness.counter_offers import CounterOfferKept, PayVoices
from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.refusals import BadInput, NotFound
from domain.work.messages import WrongKindSent
from handlers.fairness.counter_offers import AskOwnAmount, AskPay, SayNothing, SayPay
from handlers.projects.pay_raises import RaisePay
from handlers.work.offers import Decline, TakeTask
from services.act import Reply
from services.projects import progress
from services.work import inputs
from storage.database import Database
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.house import House, furnish

ASKED = (60_000, 70_000, 80_000, 90_000, 100_000)
TOLD = "SELECT person FROM outbox WHERE screen LIKE '%AskedPayReached'"


def speak(unit: UnitOfWork, house: House, declines: int) -> None:
    """Each worker sees a task and asks for more; the first few want no more tasks."""
    for number, (worker, asked) in enumerate(zip(house.workers, ASKED, strict=True)):
        press(act_of(unit, worker), TakeTask(project=house.project))
        if number < declines:
            press(act_of(unit, worker), Decline(project=house.project))
        press(act_of(unit, worker), SayPay(project=house.project, asked=asked))


async def test_the_requester_sees_figures_and_one_press_raises_the_pay(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> None:
        house = furnish(unit, workers=5, tasks=6, overlap=5, max_overlap=5)
        speak(unit, house, declines=5)
        assert progress.progress_of(unit, house.project).pay_voices == PayVoices(Millionths(80_000), 5, 1.0)
        press(act_of(unit, house.requester), RaisePay(number=house.project, pay=80_000))
        assert unit.projects.get(house.project).pay == 80_000
        told = [row[0] for row in unit.connection.all(TOLD)]
        assert sorted(told) == sorted(house.workers[:3])  # whose asked pay is reached
        assert progress.progress_of(unit, house.project).pay_voices is None

    await database.transact(play, now)


async def test_who_stays_speaks_too_and_the_latest_amount_counts(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> None:
        house = furnish(unit, workers=5, tasks=6, overlap=5, max_overlap=5)
        speak(unit, house, declines=0)
        for worker in house.workers:
            press(act_of(unit, worker), SayPay(project=house.project, asked=55_000))
        assert progress.progress_of(unit, house.project).pay_voices == PayVoices(Millionths(55_000), 5, None)

    await database.transact(play, now)


async def test_an_own_amount_is_typed_and_other_words_are_none(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> None:
        house = furnish(unit, workers=1)
        (worker,) = house.workers
        press(act_of(unit, worker), TakeTask(project=house.project))
        press(act_of(unit, worker), AskOwnAmount(project=house.project))
        act = act_of(unit, worker)
        press(act, SayNothing())
        assert isinstance(inputs.take_words(act, "0.08"), WrongKindSent)  # the task in hand wants a press
        press(act, AskOwnAmount(project=house.project))
        inputs.take_words(act, "hello")
        assert unit.counter_offers.list_offers(house.project) == []
        found = inputs.take_words(act, "0.08")
        assert (found.message if isinstance(found, Reply) else found) == CounterOfferKept(
            "Is the review positive?", Millionths(80_000), "EUR"
        )
        assert [each.asked for each in unit.counter_offers.list_offers(house.project)] == [80_000]
        assert unit.drafts.find(worker) is None

    await database.transact(play, now)


async def test_an_amount_is_typed_at_once_beside_a_task_with_buttons(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> None:
        house = furnish(unit, workers=1)
        act = act_of(unit, house.workers[0])
        press(act, TakeTask(project=house.project))
        press(act, AskPay(project=house.project))
        assert isinstance(inputs.take_words(act, "hello"), WrongKindSent)  # what the task wants is still said
        assert isinstance(inputs.take_words(act, "0,12"), CounterOfferKept)
        assert [each.asked for each in unit.counter_offers.list_offers(house.project)] == [120_000]
        press(act, AskPay(project=house.project))
        press(act, SayPay(project=house.project, asked=60_000))
        assert isinstance(inputs.take_words(act, "0,12"), WrongKindSent)  # a pressed amount ends the question

    await database.transact(play, now)


async def test_the_answer_to_a_written_task_is_no_amount(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> None:
        house = furnish(unit, workers=1, kind="text", options=())
        act = act_of(unit, house.workers[0])
        press(act, TakeTask(project=house.project))
        press(act, AskPay(project=house.project))
        inputs.take_words(act, "0,12")
        assert unit.counter_offers.list_offers(house.project) == []

    await database.transact(play, now)


@pytest.mark.parametrize("asked", [0, 50_000, 5_000_001])
async def test_no_more_than_the_pay_and_a_typing_error_are_refused(database: Database, now: Moment, asked: int) -> None:
    def play(unit: UnitOfWork) -> None:
        house = furnish(unit, workers=1)
        press(act_of(unit, house.workers[0]), TakeTask(project=house.project))
        press(act_of(unit, house.workers[0]), SayPay(project=house.project, asked=asked))

    with pytest.raises(BadInput):
        await database.transact(play, now)


async def test_a_project_that_was_never_offered_is_not_revealed(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> None:
        house = furnish(unit, workers=1)
        press(act_of(unit, house.workers[0]), AskPay(project=house.project))

    with pytest.raises(NotFound):
        await database.transact(play, now)


async def test_nothing_of_it_outlives_a_person(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> None:
        house = furnish(unit, workers=1)
        (worker,) = house.workers
        press(act_of(unit, worker), TakeTask(project=house.project))
        press(act_of(unit, worker), SayPay(project=house.project, asked=80_000))
        unit.erasure.erase(unit.people.get(worker))
        assert unit.counter_offers.list_offers(house.project) == []

    await database.transact(play, now)
