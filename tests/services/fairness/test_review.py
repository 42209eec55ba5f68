"""Review: replies to the requester, and notices to others."""

import pytest

from domain.fairness.appeals import AnswerRejected
from domain.fairness.review import (
    MIN_DECIDED_ANSWERS,
    AnswerToReview,
    LinesToCite,
    NothingToReview,
    PauseDecided,
    PauseToDecide,
    ReasonWanted,
    RestAccepted,
)
from domain.messages import Message
from domain.moments import Moment
from domain.people.accounts import PersonId
from domain.refusals import BadInput, NotFound
from domain.work.assignments import SubmissionId
from services.act import Reply
from services.fairness import rejections, review
from services.work import submit
from storage.database import one_transaction
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.house import PAY, House, furnish
from tests.invariants.flows import turn
from tests.letters import due_letters

BEGIN = SubmissionId(0)
REASON = "The writer is angry, so this is not positive."
ADMIN = 900


def answered(url: str, now: Moment, workers: int = 3, **changes: object) -> House:
    with one_transaction(url, now) as unit:
        house = furnish(unit, workers, 2 * workers + 2, accept="review", overlap=1, **changes)
        for worker in house.workers:
            turn(unit, worker)
    return house


def heard(unit: UnitOfWork, person: PersonId, message: type[Message]) -> int:
    return sum(letter.person == person and letter.screen == message.stored_as for letter in due_letters(unit, 1_000))


def test_answers_are_shown_one_after_another_until_the_rest_is_accepted(database_url: str, now: Moment) -> None:
    house = answered(database_url, now)
    with one_transaction(database_url, now) as unit:
        act = act_of(unit, house.requester)
        first = review.show_next_answer(act, house.project, BEGIN)
        assert isinstance(first, AnswerToReview)
        assert (first.left, first.about.pay, first.about.answer) == (3, PAY, "positive")
        reply = review.accept_and_show_next(act, first.about.submission)
        assert isinstance(reply, Reply)
        assert reply.done == review.AnswerAccepted(first.about.submission)
        assert isinstance(reply.message, AnswerToReview)
        assert reply.message.left == 2
        rest = review.accept_remaining(act, house.project, first.last)
        assert isinstance(rest, RestAccepted)
        assert (rest.count, rest.amount, rest.left) == (2, 2 * PAY, 0)
        assert review.show_next_answer(act, house.project, BEGIN) == NothingToReview(
            house.project, "Is the review positive?", True
        )


def test_a_rejection_takes_two_steps_and_only_ones_own_answers(database_url: str, now: Moment) -> None:
    house = answered(database_url, now)
    with one_transaction(database_url, now) as unit:
        act, number = act_of(unit, house.requester), unit.reviews.list_waiting(house.project, 0, 1)[0].id
        assert review.ask_for_line(act, number) == LinesToCite(
            number, house.project, ("Read the review.", "Is the writer pleased?")
        )
        assert review.ask_for_reason(act, number, 2) == ReasonWanted(number, house.project, 2, "Is the writer pleased?")
        for line in (0, 3):
            with pytest.raises(BadInput):
                review.ask_for_reason(act, number, line)
        for step in (review.accept_and_show_next, review.ask_for_line):
            with pytest.raises(NotFound):
                step(act_of(unit, house.workers[0]), number)


def test_a_project_that_rejects_too_much_waits_for_an_admin(database_url: str, now: Moment) -> None:
    house = answered(database_url, now, workers=MIN_DECIDED_ANSWERS)
    with one_transaction(database_url, now) as unit:
        admin = unit.people.upsert(ADMIN, "ada", "Ada", "en", now).id
        act = act_of(unit, house.requester, frozenset({ADMIN}))
        first, second, *others = unit.reviews.list_waiting(house.project, 0, MIN_DECIDED_ANSWERS)
        for wrong in (first, second):
            rejections.reject_submission(unit, act.person, unit.projects.get(house.project), wrong, 2, REASON)
            assert heard(unit, wrong.worker, AnswerRejected) == 1
        review.accept_remaining(act, house.project, others[-1].id)
        assert heard(unit, admin, PauseToDecide) == 1
        assert review.resume_project(act_of(unit, admin), house.project) == PauseDecided(
            house.project, "Is the review positive?", True
        )
        assert heard(unit, house.requester, PauseDecided) == 1
        assert review.resume_project(act_of(unit, admin), house.project) is None
        assert unit.projects.get(house.project).paused == ()


def test_the_most_doubtful_comes_first_with_its_evidence(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        house = furnish(unit, 4, 1, accept="review", overlap=4, max_overlap=4)
        for worker, answer in zip(house.workers, ("0", "0", "1", "0"), strict=True):
            submit.show_work(unit, unit.people.get(worker))
            in_hand = unit.assignments.active_for(worker)
            assert in_hand is not None
            submit.submit_answer(unit, unit.people.get(worker), in_hand.id, answer, None)
        act = act_of(unit, house.requester)
        task = in_hand.task
        unit.connection.changed("UPDATE tasks SET consensus = 'positive', confidence = 0.9 WHERE id = :task", task=task)
        first = review.show_next_answer(act, house.project, BEGIN)
        assert isinstance(first, AnswerToReview)
        assert (first.about.answer, first.beside.others) == ("negative", (("positive", 3),))
        second = review.show_next_answer(act, house.project, first.about.submission)
        assert isinstance(second, AnswerToReview)
        assert second.about.answer == "positive"
        assert review.show_answer_again(act, first.about.submission) == first
        with pytest.raises(NotFound):
            review.show_answer_again(act_of(unit, house.workers[0]), first.about.submission)
        seen = {second.about.submission}
        for _ in range(2):
            second = review.show_next_answer(act, house.project, second.about.submission)
            assert isinstance(second, AnswerToReview)
            seen.add(second.about.submission)
        assert len(seen) == 3
        again = review.show_next_answer(act, house.project, second.about.submission)
        assert isinstance(again, AnswerToReview)
        assert again.about == first.about
