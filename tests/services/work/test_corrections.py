"""Corrections of answers to gold, to closed tasks, after decisions, and of sent answers."""

import pytest

from domain import handing_in
from domain.moments import SECOND, Moment
from domain.people.accounts import Person
from domain.refusals import AlreadyAnswered, NotYours, TooLateToChange
from domain.work.assignments import CHANGE_TIME, CHANGING_TIME, MIN_GOLD_TO_QUALIFY, Assignment, SubmissionId
from jobs import refits
from services.fairness import review
from services.quality import gold
from services.work import corrections, inputs, submit
from storage import invariants
from storage.database import Database, one_transaction
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.house import House, furnish


def answers(unit: UnitOfWork, house: House, worker: int, handed_in: str | None) -> int:
    person = unit.people.get(house.workers[worker])
    submit.show_work(unit, person)
    in_hand = unit.assignments.active_for(person.id)
    assert in_hand is not None
    submit.submit_answer(unit, person, in_hand.id, handed_in, None)
    return in_hand.id


def changes(unit: UnitOfWork, house: House, worker: int, assignment: int, handed_in: str | None) -> bool:
    person = unit.people.get(house.workers[worker])
    corrections.reopen_answer(act_of(unit, person.id), assignment, 0)
    return corrections.replace_answer(unit, person, assignment, handed_in, None).changed


def test_a_task_that_closed_on_a_slip_opens_again_and_its_places_are_funded(database_url: str, now: Moment):
    with one_transaction(database_url, now) as unit:
        house = furnish(unit, workers=4, tasks=2, confidence=0.7, overlap=2, max_overlap=4)
        numbers = {worker: answers(unit, house, worker, "0") for worker in (0, 1)}
        (first,) = (task for task in house.tasks if unit.tasks.get(task).received == 2)
        assert unit.tasks.get(first).state == "closed"
    with one_transaction(database_url, now) as unit:
        assert changes(unit, house, 0, numbers[0], "1")
        task = unit.tasks.get(first)
        assert task.state == "open"
        assert unit.openings.has(first)
        assert task.confidence is not None
        assert task.confidence < 0.7
    with one_transaction(database_url, now) as unit:
        assert changes(unit, house, 0, numbers[0], "0")
        assert unit.tasks.get(first).state == "closed"
        assert not unit.openings.has(first)
        assert invariants.find_violations(unit) == []
    with pytest.raises(Exception, match="append-only"), one_transaction(database_url, now) as unit:
        unit.connection.changed("UPDATE corrections SET answer = 'positive'")
    with pytest.raises(Exception, match="append-only"), one_transaction(database_url, now) as unit:
        unit.connection.changed("DELETE FROM corrections")


def test_what_was_decided_is_not_mine_or_took_too_long_stays(sqlite_url: str, now: Moment):
    with one_transaction(sqlite_url, now) as unit:
        house = furnish(unit, workers=2, tasks=3, accept="review")
        number = answers(unit, house, 0, "0")
        ann, ben = (unit.people.get(worker) for worker in house.workers)
        with pytest.raises(NotYours):
            corrections.reopen_answer(act_of(unit, ben.id), number, 0)
        corrections.reopen_answer(act_of(unit, ann.id), number, 0)
    slow = Moment(now + CHANGING_TIME + SECOND)
    with one_transaction(sqlite_url, slow) as unit, pytest.raises(AlreadyAnswered):
        corrections.replace_answer(unit, ann, number, "1", None)
    with one_transaction(sqlite_url, Moment(now + CHANGE_TIME)) as unit:
        corrections.reopen_answer(act_of(unit, ann.id), number, 0)
        submission = unit.submissions.of_assignment(number)
        assert submission is not None
        review.show_next_answer(act_of(unit, house.requester), house.project, SubmissionId(0))
        with pytest.raises(TooLateToChange, match="looked"):
            corrections.replace_answer(unit, ann, number, "1", None)
        review.accept_and_show_next(act_of(unit, house.requester), submission.id)
        with pytest.raises(TooLateToChange, match="decided"):
            corrections.reopen_answer(act_of(unit, ann.id), number, 0)
        assert unit.submissions.get(submission.id).answer == "positive"


def test_a_photo_takes_the_place_of_a_photo_and_leaves_its_own_free(sqlite_url: str, now: Moment):
    with one_transaction(sqlite_url, now) as unit:
        house = furnish(unit, workers=2, tasks=3, kind="photo", options=())
        ann, ben = (unit.people.get(worker) for worker in house.workers)
        for person in (ann, ben):
            submit.show_work(unit, person)
        number = unit.assignments.active_for(ann.id)
        assert number is not None
        send(unit, ann, "cat")
        corrections.reopen_answer(act_of(unit, ann.id), number.id, 0)
        send(unit, ann, "dog")
        submission = unit.submissions.of_assignment(number.id)
        assert submission is not None
        assert submission.answer == "dog dog"
        send(unit, ben, "cat")
        assert unit.submissions.count_of(ben.id) == 1
        assert invariants.find_violations(unit) == []


def send(unit: UnitOfWork, person, photo: str) -> None:
    inputs.take_attachment(act_of(unit, person.id), handing_in.Wants.PHOTO, f"{photo} {photo}", "")


def test_presses_are_undone_and_done_without_touching_the_task_in_hand(sqlite_url: str, now: Moment):
    with one_transaction(sqlite_url, now) as unit:
        house = furnish(unit, workers=1, tasks=2, kind="rank", options=("a", "b"))
        ann = unit.people.get(house.workers[0])
        number = answers(unit, house, 0, "0,1")
        in_hand = unit.assignments.active_for(ann.id)
        ann_acts = act_of(unit, ann.id, message=12)
        assert corrections.reopen_answer(act_of(unit, ann.id, message=13), number, 12).below
        assert not corrections.reopen_answer(ann_acts, number, 12).below
        for option in (0, 1):
            corrections.choose_option(ann_acts, number, option)
        for _ in (0, 1):
            corrections.undo_press(ann_acts, number)
        for option in (1, 0):
            corrections.choose_option(ann_acts, number, option)
        assert corrections.finish(ann_acts, number).changed
        submission = unit.submissions.of_assignment(number)
        assert submission is not None
        assert submission.answer == "b>a"
        assert unit.assignments.active_for(ann.id) == in_hand


async def test_a_refit_that_read_the_old_answer_does_not_bring_it_back(sqlite_url: str, now: Moment):
    with one_transaction(sqlite_url, now) as unit:
        house = furnish(unit, workers=3, tasks=1, overlap=4, max_overlap=4)
        number, *_ = (answers(unit, house, worker, said) for worker, said in enumerate(("0", "0", "1")))
        assert unit.tasks.get(house.tasks[0]).consensus == "positive"
        project = unit.projects.get(house.project)
    asked = 0

    def clock() -> Moment:
        """It is asked for once the refit has read the answers: then one is changed."""
        nonlocal asked
        asked += 1
        if asked == 2:
            with one_transaction(sqlite_url, Moment(now + asked)) as unit:
                changes(unit, house, 0, number, "1")
        return Moment(now + asked)

    database = Database(sqlite_url)
    await refits.refit(database, project, clock)
    await database.close()
    with one_transaction(sqlite_url, now) as unit:
        assert unit.tasks.get(house.tasks[0]).consensus == "negative"


def test_cant_tell_on_a_check_question_is_neither_right_nor_wrong(database_url: str, now: Moment):
    """The welcome promises it; it counted as wrong, kept pay pending and led to fewer tasks."""
    with one_transaction(database_url, now) as unit:
        house = furnish(unit, workers=1, tasks=20, gold=6)
        ann = unit.people.get(house.workers[0])
        unsure = 0
        while True:
            task = hand_of(unit, ann)
            known = unit.tasks.get(task.task).gold
            number = answers(unit, house, 0, None if known and unsure < 2 else "0")
            unsure += known is not None and unsure < 2
            enrolment = unit.enrolments.enrol(ann.id, house.project)
            submission = unit.submissions.of_assignment(number)
            assert submission is not None
            assert enrolment.gold_seen == enrolment.gold_right
            assert submission.gold is (None if submission.answer is None or not known else 1)
            if enrolment.gold_seen == MIN_GOLD_TO_QUALIFY:
                break
        assert unsure == 2
        assert unit.tasks.get(submission.task).gold
        assert changes(unit, house, 0, number, None)
        assert unit.enrolments.enrol(ann.id, house.project).gold_seen == 2
        assert unit.tasks.get(submission.task).consensus == "positive"  # it stays a check question
        assert changes(unit, house, 0, number, "1")
        enrolment = unit.enrolments.enrol(ann.id, house.project)
        assert (enrolment.gold_right, enrolment.gold_seen) == (2, 3)
        counted = unit.progress_counts.progress(house.project)
        assert (counted.gold_right, counted.gold_seen) == (2, 3)
        assert invariants.find_violations(unit) == []


def hand_of(unit: UnitOfWork, worker: Person) -> Assignment:
    submit.show_work(unit, worker)
    in_hand = unit.assignments.active_for(worker.id)
    assert in_hand is not None
    return in_hand


def test_an_answer_that_became_a_check_question_is_not_judged_where_it_was_cant_tell(sqlite_url: str, now: Moment):
    with one_transaction(sqlite_url, now) as unit:
        house = furnish(unit, workers=3, tasks=1)
        for worker, said in enumerate(("0", None, "1")):
            answers(unit, house, worker, said)
        gold.make_gold(unit, unit.projects.get(house.project), house.tasks[0], ("positive",))
        counts = [unit.enrolments.enrol(worker, house.project) for worker in house.workers]
        assert [(each.gold_right, each.gold_seen) for each in counts] == [(1, 1), (0, 0), (0, 1)]
