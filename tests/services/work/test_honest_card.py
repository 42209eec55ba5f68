"""Before the first answer: no figure by the hour from few answers, none that forgets the way to an errand; who asks,
what is left, how they treated others, and where the answer goes."""

from domain.fairness.ratings import RequesterRating
from domain.moments import HOUR, SECOND, Moment, later
from domain.people.accounts import PersonId
from domain.work.honest_card import HonestCard, TrackRecord
from handlers.fairness.ratings import Rate
from handlers.fairness.review import AcceptAnswer
from handlers.work.tasks import AskForWork, SubmitAnswer
from services.fairness import rejections
from services.work import honest_card, submit
from storage.database import Database
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.house import PAY, House, furnish

QUICK, STATED = 6 * SECOND, 300
PLACE = "48.85837,2.29448"


def card(unit: UnitOfWork, house: House) -> HonestCard:
    project, enrolment = unit.projects.get(house.project), unit.enrolments.enrol(house.workers[1], house.project)
    return honest_card.get_honest_card(unit, project, unit.tasks.get(house.tasks[-1]), enrolment)


def hand_in(unit: UnitOfWork, worker: PersonId) -> None:
    in_hand = unit.assignments.active_for(worker)
    assert in_hand is not None
    submit.submit_answer(unit, unit.people.get(worker), in_hand.id, PLACE, None)


async def test_an_errand_claims_no_hourly_pay_before_25_answers_and_never_without_the_way(
    database: Database, now: Moment
) -> None:
    """Twenty-five people who stand beside the post box: six seconds each, and five minutes on foot."""
    asked = {"kind": "location", "options": (), "overlap": 1, "max_overlap": 1, "seconds": STATED}
    house = await database.transact(lambda unit: furnish(unit, workers=2, tasks=26, **asked), now)
    first = house.workers[0]
    await database.transact(lambda unit: submit.show_work(unit, unit.people.get(first)), now)
    for done in range(1, 25):
        await database.transact(hand_in, later(now, done * QUICK), first)
    few = await database.transact(card, now, house)
    assert (few.hourly, few.measured, few.stated, few.milliseconds) == (None, False, True, STATED * SECOND)
    await database.transact(hand_in, later(now, 25 * QUICK), first)
    enough = await database.transact(card, now, house)
    assert (enough.measured, enough.milliseconds) == (True, STATED * SECOND)
    assert enough.hourly == PAY * 3600 // STATED


async def test_the_card_says_who_asks_what_is_left_and_where_it_goes(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> HonestCard:
        return card(unit, furnish(unit, tasks=3, kind="text", options=(), models=("a",), content=("violence",)))

    found = await database.transact(play, now)
    assert (found.requester, found.left, found.own, found.models) == ("Anna", 3, True, True)
    assert found.content == ("violence",)
    assert (found.record, found.rating, found.rate) == (None, None, None)


async def test_the_record_counts_rejections_and_the_time_to_pay_from_twenty_decided_answers(
    database: Database, now: Moment
) -> None:
    """Twenty-four reviewed answers: two rejected, two undecided, the others paid after an hour, or after three."""

    def ask(unit: UnitOfWork) -> House:
        house = furnish(unit, workers=2, tasks=24, overlap=1, max_overlap=1, accept="review")
        for _ in range(24):
            press(act_of(unit, house.workers[0]), AskForWork())
            in_hand = unit.assignments.active_for(house.workers[0])
            assert in_hand is not None
            press(act_of(unit, house.workers[0]), SubmitAnswer(assignment=in_hand.id, option=0))
        return house

    def decide(unit: UnitOfWork, house: House, first: int, last: int) -> TrackRecord | None:
        waiting = unit.reviews.list_waiting(house.project, 0, 100)
        for submission in waiting[first:last]:
            press(act_of(unit, house.requester), AcceptAnswer(submission=submission.id))
        return unit.track_records.find_record(house.requester)

    def reject(unit: UnitOfWork, house: House) -> TrackRecord | None:
        for number in (1, 2):
            (submission, *_) = unit.reviews.list_waiting(house.project, 0, 100)
            reason = f"It is about another film, number {number}."
            project, requester = unit.projects.get(house.project), unit.people.get(house.requester)
            rejections.reject_submission(unit, requester, project, submission, 1, reason)
        return unit.track_records.find_record(house.requester)

    house = await database.transact(ask, now)
    assert await database.transact(decide, later(now, HOUR), house, 0, 12) is None
    assert await database.transact(reject, later(now, HOUR), house) is None
    found = await database.transact(decide, later(now, 3 * HOUR), house, 0, 8)
    assert found == TrackRecord(22, 2, HOUR)
    assert (await database.transact(card, now, house)).record == found


async def test_pay_at_once_is_measured_as_no_wait(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> TrackRecord | None:
        house = furnish(unit, workers=1, tasks=20, overlap=1, max_overlap=1)
        for _ in house.tasks:
            press(act_of(unit, house.workers[0]), AskForWork())
            in_hand = unit.assignments.active_for(house.workers[0])
            assert in_hand is not None
            press(act_of(unit, house.workers[0]), SubmitAnswer(assignment=in_hand.id, option=0))
        return unit.track_records.find_record(house.requester)

    assert await database.transact(play, now) == TrackRecord(20, 0, 0)


async def test_the_card_shows_a_rating_and_whom_to_rate(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> HonestCard:
        house = furnish(unit, workers=6, tasks=3, overlap=6, max_overlap=6)
        for worker in house.workers:
            for _ in house.tasks:
                press(act_of(unit, worker), AskForWork())
                in_hand = unit.assignments.active_for(worker)
                assert in_hand is not None
                press(act_of(unit, worker), SubmitAnswer(assignment=in_hand.id, option=0))
            if worker != house.workers[1]:
                press(act_of(unit, worker), Rate(project=house.project, marks=4321))
        return card(unit, house)

    found = await database.transact(play, now)
    assert found.rating == RequesterRating(5, (4.0, 3.0, 2.0, 1.0))
    assert found.rate is not None
    assert (found.rate.name, found.rate.rated) == ("Anna", False)
