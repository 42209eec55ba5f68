"""🚩: what stops a project, what an admin can do, and that nobody loses pay by a report."""

import pytest

from domain.fairness.cases import CaseClosed
from domain.fairness.reports import (
    KINDS,
    MAX_REPORTS_PER_DAY,
    WINDOW,
    ProjectEndedByAdmin,
    ProjectReported,
    ReportKind,
    ReportsDecided,
    ReportsToDecide,
    ReportWanted,
)
from domain.messages import Message
from domain.moments import Moment, later
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectState
from domain.refusals import NotFound, NotYours, TooManyReports, WrongState
from domain.work.assignments import AssignmentState
from handlers.fairness.reports import DropReport, ReportAs, ReportTask
from services.fairness import reports, review, stops
from services.projects import launches
from services.work import inputs, submit
from storage.boxes.outbox import Letter
from storage.database import one_transaction
from storage.invariants import find_violations
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.house import House, furnish
from tests.invariants.flows import turn
from tests.letters import due_letters

ADMIN = frozenset({900})
REASON = "It asks people to open accounts elsewhere."


def told(unit: UnitOfWork, person: PersonId, message: type[Message]) -> list[Letter]:
    return [each for each in due_letters(unit, 1_000) if each.person == person and each.screen == message.stored_as]


def busy(url: str, now: Moment, workers: int = 4) -> House:
    """Everybody has answered one task and has another in hand."""
    with one_transaction(url, now) as unit:
        house = furnish(unit, workers, 4 * workers, accept="review", overlap=1, max_overlap=1)
        unit.people.upsert(900, "ada", "Ada", "en", now)
        for worker in house.workers:
            turn(unit, worker)
            if unit.assignments.active_for(worker) is None:
                turn(unit, worker)
    return house


def reports_it(unit: UnitOfWork, worker: PersonId, kind: ReportKind) -> None:
    in_hand = unit.assignments.active_for(worker)
    assert in_hand is not None
    act = act_of(unit, worker, ADMIN, message=5)
    assert isinstance(reports.ask_for_report(act, in_hand.id).message, ReportWanted)
    reports.report_task(act, in_hand.id, KINDS.index(kind))
    ended = unit.assignments.find(in_hand.id)
    assert ended is not None
    assert ended.state is AssignmentState.SKIPPED


def test_a_task_is_asked_about_in_one_message_until_that_is_answered(database_url: str, now: Moment) -> None:
    house = busy(database_url, now)
    with one_transaction(database_url, now) as unit:
        worker = house.workers[0]
        in_hand = unit.assignments.active_for(worker)
        assert in_hand is not None
        act, name = act_of(unit, worker, message=7), f"report:{in_hand.id}"
        for _ in range(2):
            press(act, ReportTask(assignment=in_hand.id))
        (letter,) = told(unit, worker, ReportWanted)
        assert letter.live == name
        unit.live_messages.keep(worker, name, 7)
        press(act, DropReport())
        assert not unit.live_messages.is_kept(worker, name)  # asked again, it comes below
        unit.live_messages.keep(worker, name, 7)
        press(act, ReportAs(assignment=in_hand.id, kind=0))
        assert not unit.live_messages.is_kept(worker, name)


def rests(unit: UnitOfWork, house: House) -> bool:
    return "reports" in unit.projects.get(house.project).paused


def test_one_scam_stops_a_project_until_an_admin_has_looked(database_url: str, now: Moment) -> None:
    house = busy(database_url, now)
    with one_transaction(database_url, now) as unit:
        admin, worker = act_of(unit, unit.people.list_with_telegram_ids((900,))[0], ADMIN), house.workers[0]
        reports_it(unit, worker, ReportKind.SCAM)
        assert rests(unit, house)
        assert unit.assignments.active_for(worker) is None
        (card,) = told(unit, admin.person.id, ReportsToDecide)
        assert [(each["kind"], each["dismissed"]) for each in card.facts["reports"]] == [("scam", 0)]
        (notice,) = told(unit, house.requester, ProjectReported)
        assert "Worker" not in str(notice.facts)
        waiting = unit.reviews.list_waiting(house.project, 0, 9)[0]
        with pytest.raises(WrongState):
            review.ask_for_line(act_of(unit, house.requester), waiting.id)
        unit.live_messages.keep(admin.person.id, f"case:reports:{house.project}:asked", 70)
        assert reports.resume_project(admin, house.project) == ReportsDecided("Is the review positive?", ended=False)
        (closed,) = told(unit, admin.person.id, CaseClosed)
        assert (closed.live, closed.facts["end"]) == (card.live, "goes on")
        assert not rests(unit, house)
        assert len(told(unit, worker, ReportsDecided)) == len(told(unit, house.requester, ReportsDecided)) == 1
        with pytest.raises(NotFound):
            reports.resume_project(admin, house.project)
        assert unit.reports.count_dismissed(worker) == 1
        assert find_violations(unit) == []


def test_of_other_kinds_three_different_workers_stop_it(database_url: str, now: Moment) -> None:
    house = busy(database_url, now)
    with one_transaction(database_url, now) as unit:
        for kind in (ReportKind.BROKEN, ReportKind.DISTURBING, ReportKind.BROKEN):
            reports_it(unit, house.workers[0], kind)
        assert not rests(unit, house)
        reports_it(unit, house.workers[1], ReportKind.PRIVATE)
        assert not rests(unit, house)
        reports_it(unit, house.workers[2], ReportKind.BROKEN)
        assert rests(unit, house)


def test_an_ended_project_pays_what_was_answered_and_is_not_launched_again(database_url: str, now: Moment) -> None:
    house = busy(database_url, now)
    with one_transaction(database_url, now) as unit:
        admin = act_of(unit, unit.people.list_with_telegram_ids((900,))[0], ADMIN)
        reports_it(unit, house.workers[0], ReportKind.ILLEGAL)
        stops.ask_end_reason(admin, house.project)
        unit.live_messages.keep(admin.person.id, f"case:reports:{house.project}:asked", 70)
        assert inputs.take_words(admin, REASON) == ReportsDecided("Is the review positive?", ended=True, reason=REASON)
        assert [each.facts["end"] for each in told(unit, admin.person.id, CaseClosed)] == ["ended"]
        assert unit.projects.get(house.project).state is ProjectState.STOPPED
        (notice,) = told(unit, house.requester, ProjectEndedByAdmin)
        assert notice.facts["reason"] == REASON
        waiting = unit.reviews.list_waiting(house.project, 0, 9)
        assert len(waiting) >= len(house.workers)
        requester = act_of(unit, house.requester)
        with pytest.raises(WrongState):
            review.ask_for_line(requester, waiting[0].id)
        with pytest.raises(WrongState):
            launches.launch_project(requester, house.project)
        assert find_violations(unit) == []


def test_reports_are_bounded_and_of_ones_own_tasks(database_url: str, now: Moment) -> None:
    house = busy(database_url, now)
    with one_transaction(database_url, now) as unit:
        first, second = house.workers[:2]
        others = unit.assignments.active_for(second)
        assert others is not None
        with pytest.raises(NotYours):
            reports.report_task(act_of(unit, first, ADMIN), others.id, 0)
        for number in range(MAX_REPORTS_PER_DAY):
            unit.reports.add(house.project, house.tasks[number], first, ReportKind.BROKEN)
            unit.reports.close_all(house.project, False, second)
        mine = unit.assignments.active_for(first)
        assert mine is not None
        with pytest.raises(TooManyReports):
            reports.report_task(act_of(unit, first, ADMIN), mine.id, 0)
    with one_transaction(database_url, later(now, WINDOW)) as unit:
        reports.report_task(act_of(unit, first, ADMIN), mine.id, 0)


def test_an_erased_worker_leaves_a_report_without_a_name(database_url: str, now: Moment) -> None:
    house = busy(database_url, now)
    with one_transaction(database_url, now) as unit:
        reports_it(unit, house.workers[0], ReportKind.SCAM)
        unit.erasure.erase(unit.people.get(house.workers[0]))
        assert [each.reporter for each in unit.reports.list_open(house.project)] == [None]
        assert rests(unit, house)


def test_a_report_is_a_sign_of_life(database_url: str, now: Moment) -> None:
    """Pushes stop after three tasks left in a row: who reports one has not left it."""
    with one_transaction(database_url, now) as unit:
        house = furnish(unit, 1, 3)
        (worker,) = house.workers
        submit.show_work(unit, unit.people.get(worker))
        unit.people.count_unanswered_push(worker)
        in_hand = unit.assignments.active_for(worker)
        assert in_hand is not None
        reports.report_task(act_of(unit, worker), in_hand.id, 0)
        assert unit.people.get(worker).unanswered == 0
