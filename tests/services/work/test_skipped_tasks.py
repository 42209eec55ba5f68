"""What is left of a project and was skipped by everybody who could be asked: its requester is told, and can act."""

from collections.abc import Callable, Sequence

from domain.fairness.reports import ReportKind
from domain.messages import Message
from domain.moments import DAY, Moment, later
from domain.people.accounts import PersonId
from domain.projects.preflight import EverybodySkipped
from domain.work.assignments import SKIPS_A_DAY, AssignmentId
from domain.work.messages import NothingNow
from handlers.fairness.reports import ReportAs
from handlers.payload import Payload
from handlers.screen import render
from handlers.work.offers import AcceptAgain, Decline, StopHere
from handlers.work.tasks import AskForWork, Skip
from services.work import submit
from storage.boxes.outbox import Letter
from storage.database import one_transaction
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.house import a_project, furnish, launch, settle_tasks, settle_worker
from tests.invariants.flows import turn
from tests.letters import due_letters


def told(unit: UnitOfWork, person: PersonId, message: type[Message] = EverybodySkipped) -> list[Letter]:
    return [each for each in due_letters(unit, 1_000) if each.person == person and each.screen == message.stored_as]


def test_the_requester_hears_that_everybody_skipped_what_is_left(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        house = furnish(unit, workers=2, tasks=3)
        ann, ben = house.workers
        turn(unit, ann)
        for _ in range(2):
            turn(unit, ann, skips=True)
        assert told(unit, house.requester) == []  # Ben was not asked yet
        for _ in range(2):
            turn(unit, ben, skips=True)
        assert told(unit, house.requester) == []  # one is left that he has not had
        turn(unit, ben, skips=True)
        (letter,) = told(unit, house.requester)
        facts = letter.facts
        assert (facts["number"], facts["tasks"], facts["skips"], facts["people"]) == (house.project, 3, 5, 2)
        text = str(render(letter.screen, facts, "en").text)
        assert "3 tasks are left" in text
        assert "5 times by 2 people" in text
        press(act_of(unit, ann), AskForWork())
        assert len(told(unit, house.requester)) == 1


def test_they_hear_it_once_a_day_and_not_while_somebody_can_be_asked(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        house = furnish(unit, workers=1, tasks=1)
        turn(unit, house.workers[0], skips=True)
        assert len(told(unit, house.requester)) == 1
        second, third = (settle_worker(unit, number).id for number in (7, 8))
        turn(unit, second, skips=True)
        assert len(told(unit, house.requester)) == 1  # the third can be asked
        turn(unit, third, skips=True)
        assert len(told(unit, house.requester)) == 1  # they were told today
    with one_transaction(database_url, later(now, DAY)) as unit:
        turn(unit, settle_worker(unit, 9).id, skips=True)
        assert [each.facts["people"] for each in told(unit, house.requester)] == [1, 4]


def test_to_stop_is_no_skip_of_what_nobody_was_asked(sqlite_url: str, now: Moment) -> None:
    with one_transaction(sqlite_url, now) as unit:
        house = furnish(unit, workers=1, tasks=3)
        (ann,) = house.workers
        submit.show_work(unit, unit.people.get(ann))
        press(act_of(unit, ann), StopHere())
        assert told(unit, house.requester) == []


def test_who_paused_or_left_the_project_cannot_be_asked(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        house = furnish(unit, workers=3, tasks=1)
        ann, ben, zoe = house.workers
        unit.people.set_paused(ben, True)
        unit.enrolments.enrol(zoe, house.project)
        unit.enrolments.decline(zoe, house.project, True)
        turn(unit, ann, skips=True)
        assert len(told(unit, house.requester)) == 1


def test_a_worker_reads_what_is_left_that_they_skipped(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        house = furnish(unit, workers=2, tasks=3, overlap=1)
        ann, ben = house.workers
        turn(unit, ann)
        for _ in range(2):
            turn(unit, ann, skips=True)
        left = [letter.facts["skipped"] for letter in told(unit, ann, NothingNow)]
        assert [each and (each["project"], each["tasks"]) for each in left] == [(house.project, 2)]
        turn(unit, ben)
        turn(unit, ben)
        turn(unit, ben)
        press(act_of(unit, ann), AskForWork())
        assert told(unit, ann, NothingNow)[-1].facts["skipped"] is None
        assert told(unit, ben, NothingNow)[-1].facts["skipped"] is None


def test_a_project_that_rests_or_was_left_is_not_named(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        house = furnish(unit, workers=1, tasks=1)
        (ann,) = house.workers
        turn(unit, ann, skips=True)
        assert told(unit, ann, NothingNow)[-1].facts["skipped"] is not None
        unit.projects.pause(house.project, "held")
        press(act_of(unit, ann), AskForWork())
        assert told(unit, ann, NothingNow)[-1].facts["skipped"] is None


def test_what_is_left_is_not_called_skipped_where_most_of_it_is_in_a_language_they_no_longer_read(
    database_url: str, now: Moment
) -> None:
    """Who skipped one task of ten and then chose English read: 1 task is left, and you skipped it."""
    with one_transaction(database_url, now) as unit:
        house = furnish(unit, workers=1, tasks=10, languages=("fr",))
        (ann,) = house.workers
        unit.people.set_language(ann, "fr")
        press(act_of(unit, ann), AskForWork())
        turn(unit, ann, skips=True)
        unit.people.set_language(ann, "en")
        turn(unit, ann, skips=True)
        assert told(unit, ann, NothingNow)[-1].facts["skipped"] is None


def test_who_reported_a_task_is_not_told_that_they_skipped_it(database_url: str, now: Moment) -> None:
    """They were asked whether the pay was too low."""
    with one_transaction(database_url, now) as unit:
        house = furnish(unit, workers=1, tasks=1)
        (ann,) = house.workers
        press(act_of(unit, ann), AskForWork())
        in_hand = unit.assignments.active_for(ann)
        assert in_hand is not None
        unit.reports.add(house.project, in_hand.task, ann, ReportKind.BROKEN)
        turn(unit, ann, skips=True)
        assert told(unit, ann, NothingNow)[-1].facts["skipped"] is None


def test_a_day_has_so_many_free_skips_however_a_task_is_given_back(database_url: str, now: Moment) -> None:
    """Whoever could skip without end could answer nothing but what they know to be a check question."""
    with one_transaction(database_url, now) as unit:
        house = furnish(unit, workers=1, tasks=40, gold=10)
        (ann,) = house.workers
        ways: Sequence[Callable[[AssignmentId], Sequence[Payload]]] = (
            lambda in_hand: (Skip(assignment=in_hand),),
            lambda _: (StopHere(),),
            lambda _: (Decline(project=house.project), AcceptAgain(project=house.project)),
            lambda in_hand: (ReportAs(assignment=in_hand, kind=0),),
        )
        given_back = 0
        press(act_of(unit, ann), AskForWork())
        while (in_hand := unit.assignments.active_for(ann)) is not None and given_back < 2 * SKIPS_A_DAY:
            for payload in ways[given_back % len(ways)](in_hand.id):
                press(act_of(unit, ann), payload)
            press(act_of(unit, ann), AskForWork())
            given_back += 1
        assert given_back == SKIPS_A_DAY
        assert told(unit, ann, NothingNow)[-1].facts["skipped_out"] == "Is the review positive?"
        number = unit.projects.add(a_project(house.requester, unit.now, title="Another"))
        settle_tasks(unit, number, house.requester, 2, 0)
        launch(unit, house.requester, number)
        assert turn(unit, ann)  # other projects go on
    with one_transaction(database_url, later(now, DAY)) as unit:
        assert turn(unit, ann, skips=True)


def test_each_offer_is_drawn_anew_whether_the_last_one_was_answered_or_skipped(sqlite_url: str, now: Moment) -> None:
    """All tasks that were offered in one turn were of one sort: a missed check question told what the skipped ones
    were."""
    with one_transaction(sqlite_url, now) as unit:
        house = furnish(unit, workers=12, tasks=60, gold=30)
        for worker in house.workers:
            for _ in range(8):
                assert turn(unit, worker, skips=True)
        rows = unit.connection.all(
            "SELECT a.worker, t.gold IS NOT NULL FROM assignments a JOIN tasks t ON t.id = a.task ORDER BY a.id"
        )
    sorts = [[gold for worker, gold in rows if worker == each] for each in house.workers]
    assert all(len(offers) == 9 for offers in sorts)  # the last one is in hand
    assert sum(len(set(offers)) == 2 for offers in sorts) > 8
