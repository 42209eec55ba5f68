"""Ratings of requesters: who may rate, what is shown from five on and that it is about no one person, being asked once,
the reply, and what erasure leaves."""

import pytest

from domain.fairness.ratings import (
    ASKED_AFTER,
    ASKED_AT,
    LEAST_TASKS,
    MarkWanted,
    RateableRequester,
    RatingKept,
    ReplyToSend,
    RequesterRating,
    RequestersToRate,
)
from domain.moments import DECISION_TIME, Moment, later
from domain.people.accounts import PersonId
from domain.projects.progress import ProjectList
from domain.refusals import BadInput, NotAllowed, NotFound
from domain.work.offers import TaskList
from handlers.fairness.ratings import Rate, RateWhom, ReplyToRatings
from handlers.projects.progress import ListProjects, StopProject
from handlers.work.offers import Decline, ListTasks, TakeTask
from handlers.work.tasks import SubmitAnswer
from services.act import Reply
from services.fairness import ratings
from services.people import teams
from services.work import inputs
from storage import invariants
from storage.database import Database
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.house import House, a_project, furnish, launch, settle_tasks

ASKED = "SELECT person FROM outbox WHERE screen LIKE '%RatingAsked' ORDER BY person"
CROWD = 12


def said(found: object) -> object:
    return found.message if isinstance(found, Reply) else found


def answer(unit: UnitOfWork, house: House, worker: PersonId, tasks: int = LEAST_TASKS) -> None:
    for _ in range(tasks):
        press(act_of(unit, worker), TakeTask(project=house.project))
        in_hand = unit.assignments.active_for(worker)
        assert in_hand is not None
        press(act_of(unit, worker), SubmitAnswer(assignment=in_hand.id, option=0))


def rate(unit: UnitOfWork, house: House, worker: PersonId, marks: int) -> object:
    return said(press(act_of(unit, worker), Rate(project=house.project, marks=marks)))


def crowded(unit: UnitOfWork, workers: int = CROWD, **changes: object) -> House:
    """All workers have done enough tasks to rate."""
    house = furnish(unit, workers=workers, tasks=LEAST_TASKS, overlap=CROWD, max_overlap=CROWD, **changes)
    for worker in house.workers:
        answer(unit, house, worker)
    return house


def shown(unit: UnitOfWork, house: House) -> RequesterRating | None:
    return unit.ratings.find_public_figures(house.requester)


def assert_counted(unit: UnitOfWork) -> None:
    assert [each for each in invariants.find_violations(unit) if each.rule in (15, 16)] == []


async def test_four_presses_make_a_rating_and_each_asks_for_the_next(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> None:
        house = crowded(unit, 1)
        (worker,) = house.workers
        assert rate(unit, house, worker, 0) == MarkWanted(house.project, "Anna", ())
        assert rate(unit, house, worker, 4) == MarkWanted(house.project, "Anna", (4,))
        assert rate(unit, house, worker, 425) == MarkWanted(house.project, "Anna", (4, 2, 5))
        assert unit.ratings.find_marks(house.requester, worker) is None
        assert rate(unit, house, worker, 4251) == RatingKept(house.project, "Anna", (4, 2, 5, 1))
        rate(unit, house, worker, 4251)  # a double press
        rate(unit, house, worker, 5555)  # another opinion
        assert unit.ratings.find_marks(house.requester, worker) == (5, 5, 5, 5)
        assert unit.connection.one("SELECT ratings, pay, speed FROM rating_sums") == (1, 5, 5)
        assert_counted(unit)

    await database.transact(play, now)


async def test_figures_are_shown_from_five_and_move_by_five(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> None:
        house = crowded(unit)
        for worker in house.workers[:4]:
            rate(unit, house, worker, 5555)
        assert shown(unit, house) is None
        rate(unit, house, house.workers[4], 1345)
        five = RequesterRating(5, (21 / 5, 23 / 5, 24 / 5, 5.0))
        assert shown(unit, house) == five
        for worker in house.workers[:4]:  # four change their minds: who watches learns nothing of one of them
            rate(unit, house, worker, 1111)
            assert shown(unit, house) == five
        rate(unit, house, house.workers[5], 1111)
        assert shown(unit, house) == RequesterRating(6, (1.0, 8 / 6, 9 / 6, 10 / 6))
        assert_counted(unit)

    await database.transact(play, now)


async def test_workers_and_the_requester_see_the_same_means_without_names(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> None:
        house = furnish(unit, workers=6, tasks=LEAST_TASKS + 1, overlap=CROWD, max_overlap=CROWD)
        for worker in house.workers[:5]:
            answer(unit, house, worker)
            rate(unit, house, worker, 5432)
        five = RequesterRating(5, (5.0, 4.0, 3.0, 2.0))
        offered = said(press(act_of(unit, house.workers[5]), ListTasks()))
        assert isinstance(offered, TaskList)
        assert [each.rating for each in offered.offered] == [five]
        listed = said(press(act_of(unit, house.requester), ListProjects()))
        assert isinstance(listed, ProjectList)
        assert listed.rating == five

    await database.transact(play, now)


async def test_a_worker_has_one_rating_of_a_requester_whatever_the_project(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> None:
        house = crowded(unit, 1)
        (worker,) = house.workers
        other = unit.projects.add(a_project(house.requester, unit.now))
        settle_tasks(unit, other, house.requester, 2, gold=0)
        launch(unit, house.requester, other)
        press(act_of(unit, worker), TakeTask(project=other))
        rate(unit, house, worker, 5555)
        press(act_of(unit, worker), Rate(project=other, marks=1111))
        assert unit.connection.all("SELECT requester, pay FROM ratings") == [(house.requester, 1)]
        assert_counted(unit)

    await database.transact(play, now)


@pytest.mark.parametrize("marks", [6, 9, 10, 105, 1206, 55555, 2**62])
async def test_marks_out_of_range_are_refused(database: Database, now: Moment, marks: int) -> None:
    def play(unit: UnitOfWork) -> None:
        house = crowded(unit, 1)
        with pytest.raises(BadInput, match="mark"):
            rate(unit, house, house.workers[0], marks)
        assert unit.connection.all("SELECT * FROM ratings") == []

    await database.transact(play, now)


async def test_who_did_fewer_than_three_tasks_or_none_cannot_rate(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> None:
        house = furnish(unit, workers=2, tasks=4, overlap=3)
        few, none = house.workers
        answer(unit, house, few, LEAST_TASKS - 1)
        with pytest.raises(BadInput, match="rate_early"):
            rate(unit, house, few, 1111)
        with pytest.raises(NotFound):  # a project that was never offered is not revealed
            rate(unit, house, none, 1111)
        with pytest.raises(NotAllowed):
            rate(unit, house, house.requester, 5555)
        assert said(press(act_of(unit, few), RateWhom())) == RequestersToRate(())
        assert unit.connection.all("SELECT * FROM ratings") == []

    await database.transact(play, now)


async def test_answers_that_wait_for_a_word_do_not_count_yet(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> House:
        house = crowded(unit, 1, accept="review")
        with pytest.raises(BadInput, match="rate_early"):
            rate(unit, house, house.workers[0], 1111)
        unit.connection.changed("UPDATE submissions SET state = 'accepted', held_until = NULL")
        rate(unit, house, house.workers[0], 1111)
        return house

    await database.transact(play, now)


async def test_who_shares_the_requesters_bank_account_does_not_count(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> None:
        house = crowded(unit)
        for worker in house.workers[:5]:
            rate(unit, house, worker, 5555)
        teams.separate_people(unit, house.workers[0], house.requester)
        assert unit.ratings.find_marks(house.requester, house.workers[0]) is None
        assert shown(unit, house) is None  # four are left
        with pytest.raises(NotFound):
            rate(unit, house, house.workers[0], 5555)
        assert_counted(unit)

    await database.transact(play, now)


async def test_each_worker_is_asked_once_when_a_project_ends(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> None:
        house = furnish(unit, workers=4, tasks=LEAST_TASKS, overlap=4, max_overlap=4)
        asked, rated, paused, few = house.workers
        for worker in (asked, rated, paused):
            answer(unit, house, worker)
        answer(unit, house, few, 1)
        rate(unit, house, rated, 5555)
        unit.people.set_paused(paused, True)
        press(act_of(unit, house.requester), StopProject(number=house.project, sure=True))
        for _ in range(3):
            ratings.ask_due_workers(unit)
        assert unit.connection.all(ASKED) == [(asked,)]
        unit.ratings.open_round(house.project, unit.now)  # it was continued, and ends again
        unit.people.set_paused(paused, False)
        for _ in range(3):
            ratings.ask_due_workers(unit)
        assert unit.connection.all(ASKED) == [(asked,), (paused,)]  # another end asks whom the first did not

    await database.transact(play, now)


async def test_a_reviewed_projects_workers_are_asked_once_all_is_decided(database: Database, now: Moment) -> None:
    def end(unit: UnitOfWork) -> House:
        house = crowded(unit, 1, accept="review")
        press(act_of(unit, house.requester), StopProject(number=house.project, sure=True))
        ratings.ask_due_workers(unit)
        assert unit.connection.all(ASKED) == []
        return house

    def decided(unit: UnitOfWork) -> list[tuple[object, ...]]:
        unit.connection.changed("UPDATE submissions SET state = 'accepted', held_until = NULL")
        ratings.ask_due_workers(unit)
        return unit.connection.all(ASKED)

    house = await database.transact(end, now)
    assert await database.transact(decided, later(now, DECISION_TIME)) == [(house.workers[0],)]


async def test_who_stays_with_a_project_is_asked_a_while_after_fifty_answers(database: Database, now: Moment) -> None:
    def work(unit: UnitOfWork) -> House:
        house = furnish(unit, workers=1, tasks=ASKED_AT + 1, overlap=1, max_overlap=1)
        answer(unit, house, house.workers[0], ASKED_AT)
        ratings.ask_due_workers(unit)
        assert unit.connection.all(ASKED) == []  # not between two tasks
        return house

    def ask(unit: UnitOfWork) -> list[tuple[object, ...]]:
        ratings.ask_due_workers(unit)
        ratings.ask_due_workers(unit)
        return unit.connection.all(ASKED)

    house = await database.transact(work, now)
    assert await database.transact(ask, later(now, ASKED_AFTER)) == [(house.workers[0],)]


async def test_leaving_a_project_offers_to_rate_and_the_list_names_whom(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> None:
        house = crowded(unit, 1)
        (worker,) = house.workers
        press(act_of(unit, worker), Decline(project=house.project))
        (facts,) = unit.connection.one("SELECT facts FROM outbox WHERE screen LIKE '%ProjectDeclined'") or ("",)
        assert '"rate":{' in facts
        press(act_of(unit, house.requester), StopProject(number=house.project, sure=True))
        for _ in range(2):
            ratings.ask_due_workers(unit)
        assert unit.connection.all(ASKED) == []  # leaving was the one time
        assert "Anna" in facts
        rate(unit, house, worker, 3333)
        listed = said(press(act_of(unit, worker), RateWhom()))
        assert listed == RequestersToRate((RateableRequester(house.project, "Anna", True),))

    await database.transact(play, now)


async def test_the_requester_replies_once_after_reading_their_own_words(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> None:
        house = crowded(unit)
        with pytest.raises(NotFound):  # nothing is shown yet
            press(act_of(unit, house.requester), ReplyToRatings(step=0))
        for worker in house.workers[:5]:
            rate(unit, house, worker, 2222)
        with pytest.raises(NotFound):  # nothing was written
            press(act_of(unit, house.requester), ReplyToRatings(step=1))
        press(act_of(unit, house.requester), ReplyToRatings(step=0))
        found = inputs.take_words(act_of(unit, house.requester), "We pay\n more  now.")
        assert said(found) == ReplyToSend("We pay more now.")
        press(act_of(unit, house.requester), ReplyToRatings(step=1))
        assert shown(unit, house) == RequesterRating(5, (2.0,) * 4, "We pay more now.")
        with pytest.raises(NotFound):
            press(act_of(unit, house.requester), ReplyToRatings(step=0))
        assert not unit.ratings.store_reply(house.requester, "Again")

    await database.transact(play, now)


async def test_the_button_on_a_tasks_card_leaves_the_task_where_it_is(database: Database, now: Moment) -> None:
    """The questions are asked further down."""

    def play(unit: UnitOfWork) -> None:
        house = crowded(unit)
        (worker, *_), second = house.workers, unit.projects.add(a_project(house.requester, now))
        settle_tasks(unit, second, house.requester, 1, 0)
        launch(unit, house.requester, second)
        press(act_of(unit, worker), TakeTask(project=second))
        in_hand = unit.assignments.active_for(worker)
        assert in_hand is not None
        task, below = 71, 72
        unit.connection.changed("UPDATE outbox SET message_id = 71 WHERE assignment = :id", id=in_hand.id)
        for message, marks, edits in ((task, 0, None), (below, 5, below), (below, 0, below)):
            asked = press(act_of(unit, worker, message=message), Rate(project=second, marks=marks))
            assert isinstance(asked, Reply)
            assert (type(asked.message), asked.edits) == (MarkWanted, edits)

    await database.transact(play, now)


async def test_erasure_takes_a_workers_ratings_and_all_that_a_requester_was_given(
    database: Database, now: Moment
) -> None:
    def play(unit: UnitOfWork) -> None:
        house = crowded(unit)
        for worker in house.workers[:6]:
            rate(unit, house, worker, 5111)
        unit.erasure.erase(unit.people.get(house.workers[0]))
        assert unit.connection.one("SELECT ratings, pay, gone, shown FROM rating_sums") == (5, 25, 1, 5)
        assert shown(unit, house) == RequesterRating(5, (5.0, 1.0, 1.0, 1.0))
        assert_counted(unit)
        unit.erasure.erase(unit.people.get(house.requester))
        for table in ("ratings", "rating_sums", "rating_asks"):
            assert unit.connection.all(f"SELECT * FROM {table}") == []
        assert_counted(unit)

    await database.transact(play, now)
