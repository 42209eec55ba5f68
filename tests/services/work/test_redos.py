"""An answer is asked for once more in place of a rejection: the first stays paid, the second is paid again."""

import pytest

from domain.moments import HOUR, MINUTE, Moment, later
from domain.money.amounts import Millionths
from domain.money.ledger import available_account, extra_account, requester_account
from domain.people.accounts import PersonId
from domain.refusals import (
    AlreadyAnswered,
    AlreadyTheirs,
    BadInput,
    CannotRedo,
    MoreThanThere,
    NotFound,
    TooLateToChange,
)
from domain.work.assignments import CHANGING_TIME, SubmissionId
from domain.work.corrections import REDO_TIME, RedoOffered, RedoPaid, RedoReturned, RedoSent, RedoWanted
from domain.work.messages import AnswerStands, TaskShown
from handlers.work.corrections import AskRedo, BeginRedo, CorrectAnswer, DeclineRedo
from handlers.work.tasks import AskForWork
from services.fairness import review
from services.money import transfers
from services.people import personal_data
from services.quality import gold as gold_service
from services.work import corrections, inputs, submit
from storage.database import one_transaction
from storage.invariants import find_violations
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.house import PAY, House, furnish
from tests.invariants.flows import turn
from tests.letters import due_letters
from tests.services.people.test_qualifications import told_of

WORDS = "Please look at the last sentence too: it is a joke."


def answered(unit: UnitOfWork, **changes: object) -> tuple[House, SubmissionId]:
    house = furnish(unit, 2, 2, accept="review", overlap=1, **changes)
    turn(unit, house.workers[0])
    return house, unit.reviews.list_waiting(house.project, 0, 1)[0].id


def ask(unit: UnitOfWork, house: House, number: SubmissionId, words: str = WORDS) -> RedoSent:
    act = act_of(unit, house.requester)
    assert isinstance(press(act, AskRedo(submission=number)), RedoWanted)
    sent, _ = corrections.take_redo_reason(act, {"submission": number}, words)
    return sent


def owned(unit: UnitOfWork, worker: PersonId) -> int:
    return unit.ledger.balance(available_account(unit.people.get(worker)), "EUR")


def test_the_second_answer_takes_the_place_of_the_first_and_both_are_paid(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        house, number = answered(unit)
        worker = house.workers[0]
        free = unit.ledger.balance(requester_account(unit.people.get(house.requester)), "EUR")
        assert ask(unit, house, number).pay == PAY
        assert (owned(unit, worker), unit.ledger.balance(extra_account(house.project), "EUR")) == (PAY, PAY)
        assert find_violations(unit) == []
        (offer,) = told_of(unit, worker, RedoOffered)
        assert (offer["words"], offer["about"]["answer"]) == (WORDS, "positive")
    with one_transaction(database_url, later(now, REDO_TIME - 1_000)) as unit:  # long after the minute of a correction
        assignment = unit.submissions.get(number).assignment
        act = act_of(unit, worker)
        with pytest.raises(TooLateToChange):
            press(act_of(unit, house.workers[1]), BeginRedo(submission=number))
        press(act, BeginRedo(submission=number))
        assert told_of(unit, worker, TaskShown)[-1]["paid_again"] is True
        opened = [each for each in due_letters(unit, 50) if each.screen == TaskShown.stored_as][-1]
        assert (opened.edits, opened.klass) == (None, "sure")  # it is worth a second message
        press(act, CorrectAnswer(assignment=assignment, option=1))
        assert unit.submissions.get(number).answer == "negative"
        assert (owned(unit, worker), len(told_of(unit, worker, RedoPaid))) == (2 * PAY, 1)
        with pytest.raises(TooLateToChange):
            press(act, BeginRedo(submission=number))
        assert unit.ledger.balance(requester_account(unit.people.get(house.requester)), "EUR") == free - PAY
        assert find_violations(unit) == []


def test_one_that_was_begun_waits_as_long_as_it_may_be_done(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        house, number = answered(unit)
        worker, asked = house.workers[0], ask(unit, house, number)
        assignment = unit.submissions.get(number).assignment
        press(act_of(unit, worker), BeginRedo(submission=number))
    with one_transaction(database_url, later(now, REDO_TIME - 1_000)) as unit:
        act = act_of(unit, worker, message=77)
        corrections.lapse_change(act, assignment)  # another button of it was refused
        press(act, CorrectAnswer(assignment=assignment, option=1))
        assert unit.submissions.get(number).answer == "negative"
        assert owned(unit, worker) == PAY + asked.pay
        assert find_violations(unit) == []


def test_the_words_of_a_second_answer_are_never_another_task_s(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        house = furnish(unit, 1, 2, accept="review", overlap=1, kind="text", options=())
        worker = house.workers[0]
        submit.show_work(unit, unit.people.get(worker))
        inputs.take_words(act_of(unit, worker), "a first answer")
        number = unit.reviews.list_waiting(house.project, 0, 1)[0].id
        in_hand = unit.assignments.active_for(worker)
        assert in_hand is not None
        ask(unit, house, number)
    with one_transaction(database_url, later(now, 1_000)) as unit:
        press(act_of(unit, worker), BeginRedo(submission=number))
    with one_transaction(database_url, later(now, 2 * CHANGING_TIME)) as unit:
        inputs.take_words(act_of(unit, worker), "a second answer")
        assert unit.submissions.get(number).answer == "a second answer"
        assert unit.assignments.active_for(worker) == in_hand


@pytest.mark.parametrize("swept", [True, False])
@pytest.mark.parametrize("begun", [REDO_TIME - 2 * MINUTE, HOUR])
def test_a_second_answer_that_comes_late_is_refused_and_not_taken_unpaid(
    begun: int, swept: bool, database_url: str, now: Moment
) -> None:
    with one_transaction(database_url, now) as unit:
        house = furnish(unit, 2, 3, 2, overlap=1)  # on probation, pay is pending: the requester may still ask
        worker = house.workers[0]
        assert turn(unit, worker)
        assert turn(unit, worker)
        number = next(each.id for each in unit.submissions.held_of(worker, house.project) if each.gold is None)
        assignment = unit.submissions.get(number).assignment
        ask(unit, house, number)
    with one_transaction(database_url, later(now, begun)) as unit:
        press(act_of(unit, worker), BeginRedo(submission=number))
    with one_transaction(database_url, later(now, REDO_TIME + MINUTE)) as unit:
        if swept:
            corrections.end_due_redos(unit)
        act = act_of(unit, worker, message=77)
        with pytest.raises(TooLateToChange, match="again"):
            press(act, CorrectAnswer(assignment=assignment, option=1))
        assert unit.submissions.get(number).answer == "positive"
        assert find_violations(unit) == []


@pytest.mark.parametrize("gold", ["positive", "negative"])
def test_a_task_that_became_a_check_question_meanwhile_takes_the_second_answer_and_pays_it(
    gold: str, database_url: str, now: Moment
) -> None:
    with one_transaction(database_url, now) as unit:
        house, number = answered(unit)
        ask(unit, house, number)
        worker, first = house.workers[0], unit.submissions.get(number)
        assert gold_service.make_gold(unit, unit.projects.get(house.project), first.task, (gold,))
        assert unit.submissions.get(number).gold == (first.answer == gold)
        act = act_of(unit, worker)
        press(act, BeginRedo(submission=number))
        press(act, CorrectAnswer(assignment=first.assignment, option=1))
        second = unit.submissions.get(number)
        assert (second.answer, second.gold) == ("negative", gold == "negative")
        assert (owned(unit, worker), len(told_of(unit, worker, RedoPaid))) == (2 * PAY, 1)
        with pytest.raises(TooLateToChange):
            press(act, BeginRedo(submission=number))
        assert find_violations(unit) == []


@pytest.mark.parametrize("declines", [True, False])
def test_what_nobody_does_goes_back_and_the_first_answer_stays_paid(
    declines: bool, database_url: str, now: Moment
) -> None:
    with one_transaction(database_url, now) as unit:
        house, number = answered(unit)
        ask(unit, house, number)
        if declines:
            act = act_of(unit, house.workers[0])
            press(act, BeginRedo(submission=number))
            press(act, DeclineRedo(submission=number))
            assert unit.corrections.open_of(house.workers[0]) is None  # words are for other tasks
    with one_transaction(database_url, later(now, REDO_TIME)) as unit:
        corrections.end_due_redos(unit)
        with pytest.raises(TooLateToChange):
            press(act_of(unit, house.workers[0]), BeginRedo(submission=number))
        (back,) = told_of(unit, house.requester, RedoReturned)
        assert (back["late"], back["pay"]) == (not declines, PAY)
        assert (owned(unit, house.workers[0]), unit.ledger.balance(extra_account(house.project), "EUR")) == (PAY, 0)
        assert unit.submissions.get(number).answer == "positive"
        assert find_violations(unit) == []


def test_once_for_an_answer_that_waits_with_a_sentence_and_its_money(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        house, number = answered(unit)
        act = act_of(unit, house.requester)
        with pytest.raises(NotFound):
            corrections.ask_redo_reason(act_of(unit, house.workers[0]), number)
        with pytest.raises(BadInput):
            ask(unit, house, number, "no")
        unit.connection.changed("UPDATE submissions SET gold = 0 WHERE id = :id", id=number)
        with pytest.raises(CannotRedo):
            press(act, AskRedo(submission=number))
        unit.connection.changed("UPDATE submissions SET gold = NULL WHERE id = :id", id=number)
        review.accept_and_show_next(act, number)
        with pytest.raises(AlreadyTheirs):
            press(act, AskRedo(submission=number))
        assert find_violations(unit) == []


def test_it_needs_money_that_is_there(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        house, number = answered(unit)
        requester = unit.people.get(house.requester)
        there = Millionths(unit.ledger.balance(requester_account(requester), "EUR"))
        transfers.post_refund(unit, requester, there, "EUR", "all", "")
        with pytest.raises(MoreThanThere):
            press(act_of(unit, house.requester), AskRedo(submission=number))


def test_one_that_was_left_for_another_task_says_so_where_it_is_pressed_and_can_be_begun_again(
    sqlite_url: str, now: Moment
) -> None:
    with one_transaction(sqlite_url, now) as unit:
        house, number = answered(unit)
        worker, asked = house.workers[0], ask(unit, house, number)
        assignment = unit.submissions.get(number).assignment
        act = act_of(unit, worker, message=77)
        press(act, BeginRedo(submission=number))
        press(act_of(unit, worker), AskForWork())
        with pytest.raises(AlreadyAnswered):
            press(act, CorrectAnswer(assignment=assignment, option=1))
        corrections.lapse_change(act, assignment)
        (stands,) = [each for each in due_letters(unit, 50) if each.edits == 77]
        assert stands.screen == AnswerStands.stored_as
        press(act, BeginRedo(submission=number))
        press(act, CorrectAnswer(assignment=assignment, option=1))
        assert owned(unit, worker) == PAY + asked.pay
        corrections.lapse_change(act, assignment)  # the second half of a double tap
        assert len([each for each in due_letters(unit, 50) if each.screen == AnswerStands.stored_as]) == 2


@pytest.mark.parametrize("begun", [True, False])
def test_who_takes_their_answers_back_is_not_paid_for_a_second_one(begun: bool, database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        house, number = answered(unit)
        worker, assignment = house.workers[0], unit.submissions.get(number).assignment
        free = unit.ledger.balance(requester_account(unit.people.get(house.requester)), "EUR")
        ask(unit, house, number)
        act = act_of(unit, worker)
        if begun:
            press(act, BeginRedo(submission=number))
        personal_data.withdraw_consent(act, house.project, sure=True)
        with pytest.raises(AlreadyAnswered if begun else TooLateToChange):
            press(act, CorrectAnswer(assignment=assignment, option=1) if begun else BeginRedo(submission=number))
        assert owned(unit, worker) == PAY
        assert unit.ledger.balance(requester_account(unit.people.get(house.requester)), "EUR") == free
        assert len(told_of(unit, house.requester, RedoReturned)) == 1
        assert find_violations(unit) == []


def test_an_answer_that_was_taken_back_is_not_changed_any_more(sqlite_url: str, now: Moment) -> None:
    with one_transaction(sqlite_url, now) as unit:
        house, number = answered(unit)
        assignment = unit.submissions.get(number).assignment
        act = act_of(unit, house.workers[0], message=77)
        corrections.reopen_answer(act, assignment, 77)
        personal_data.withdraw_consent(act, house.project, sure=True)
        with pytest.raises(AlreadyAnswered):
            press(act, CorrectAnswer(assignment=assignment, option=1))
        with pytest.raises(TooLateToChange):
            corrections.reopen_answer(act, assignment, 77)
        assert unit.submissions.get(number).answer == "positive"
