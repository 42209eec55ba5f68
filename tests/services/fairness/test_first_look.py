"""A requester's first project waits for an admin: who sees what, who may decide, and what an approval is for."""

from typing import Any

import pytest

from domain.fairness.cases import CaseClosed, CaseEnd
from domain.fairness.first_look import (
    Flag,
    LaunchWaits,
    LookApproved,
    LookDecided,
    LookReasonWanted,
    LookRefused,
    ProjectReworded,
    ProjectToApprove,
)
from domain.fairness.reports import EndReasonWanted
from domain.messages import Message
from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.people.accounts import PersonId
from domain.projects.launches import PilotDone, ProjectLaunched
from domain.projects.progress import ProjectProgress
from domain.projects.projects import ProjectId, ProjectState
from domain.refusals import BadInput, FundsMissing, NotAllowed, NotFound, OwnMatter
from handlers.fairness.first_look import ApproveLook, RefuseLook, ShowLook
from handlers.fairness.stops import EndReported
from handlers.projects.edits import EditPart
from handlers.projects.launches import BeginPilot, Launch
from handlers.projects.progress import DeleteDraft
from handlers.screen import render
from services.act import Act, Reply
from services.fairness import cases
from services.people import dashboard
from services.projects import launches
from services.work import inputs
from storage.boxes.outbox import Letter
from storage.database import Database, one_transaction
from storage.invariants import find_violations
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.house import REQUESTER, a_project, settle_requester, settle_tasks, settle_worker
from tests.letters import due_letters

ADA, BOB = 900, 901
ADMINS = frozenset({ADA, BOB})
REASON = "Workers must not be asked for passwords."


def told(unit: UnitOfWork, person: PersonId, message: type[Message]) -> list[Letter]:
    return [each for each in due_letters(unit, 1_000) if each.person == person and each.screen == message.stored_as]


def by(unit: UnitOfWork, person: PersonId, admins: frozenset[int] = ADMINS) -> Act:
    return act_of(unit, person, admins, message=5, approve_first=True)


def admin(unit: UnitOfWork, telegram_id: int = ADA) -> Act:
    return by(unit, unit.people.upsert(telegram_id, None, str(telegram_id), "en", unit.now).id)


def drafted(unit: UnitOfWork, **changes: Any) -> tuple[PersonId, ProjectId]:
    requester = settle_requester(unit)
    admin(unit, ADA), admin(unit, BOB)
    return requester.id, another(unit, requester.id, **changes)


def another(unit: UnitOfWork, requester: PersonId, **changes: Any) -> ProjectId:
    project = unit.projects.add(a_project(requester, unit.now, **changes))
    settle_tasks(unit, project, requester, 40, gold=2)
    return project


def asked(unit: UnitOfWork, requester: PersonId, project: ProjectId) -> LaunchWaits:
    reply = press(by(unit, requester), Launch(number=project))
    assert isinstance(reply, Reply)
    assert isinstance(reply.message, LaunchWaits)
    return reply.message


def state(unit: UnitOfWork, project: ProjectId) -> ProjectState:
    return unit.projects.get(project).state


def test_an_admin_sees_everything_once_and_lets_it_start(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        requester, project = drafted(unit, instructions=("Sign up there.", "Send the password."), purpose="profit")
        assert not asked(unit, requester, project).again
        assert asked(unit, requester, project).again
        assert state(unit, project) is ProjectState.DRAFT
        ada, bob = admin(unit), admin(unit, BOB)
        (card,) = told(unit, ada.person.id, ProjectToApprove)
        unit.live_messages.keep(bob.person.id, f"case:look:{project}:1", 71)
        assert card.facts["purpose"] == "profit"
        assert card.facts["samples"][::5] == ["review 1", "review 42"]
        assert card.facts["flags"] == [{"flag": Flag.ACCOUNTS, "words": ["sign up", "password"]}]
        assert len(told(unit, admin(unit, BOB).person.id, ProjectToApprove)) == 1
        assert [each.number for each in dashboard.read_dashboard(ada).cases] == [project]
        reply = press(ada, ApproveLook(project=project, version=card.facts["edition"]))
        assert reply == Reply(LookDecided(project, "Is the review positive?", True, True), edits=5)
        assert state(unit, project) is ProjectState.RUNNING
        (closed,) = told(unit, bob.person.id, CaseClosed)
        assert closed.live == f"case:look:{project}:1"
        for late in (ApproveLook(project=project, version=1), RefuseLook(project=project, version=1)):
            started = CaseClosed("Is the review positive?", CaseEnd.STARTED, "900 (900)")
            assert press(bob, late) == Reply(started, edits=5)
        for message in (LookApproved, ProjectLaunched, ProjectProgress):
            assert len(told(unit, requester, message)) == 1
        assert dashboard.read_dashboard(ada).cases == ()
        assert find_violations(unit) == []


def test_another_text_than_the_one_let_start_is_shown_to_the_admins(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        requester, project = drafted(unit)
        asked(unit, requester, project)
        ada, theirs = admin(unit), by(unit, requester)
        press(ada, ApproveLook(project=project, version=1))
        for words in ("Read the review twice.", "Leave a review on our site."):
            press(theirs, EditPart(number=project, part="instructions"))
            inputs.take_words(theirs, words)
        quiet, loud = told(unit, ada.person.id, ProjectReworded)
        assert (quiet.facts["edition"], quiet.facts["flags"]) == (2, [])
        assert loud.facts["edition"] == 3
        assert loud.facts["flags"] == [{"flag": Flag.REVIEWS, "words": ["leave a review"]}]
        assert "Leave a review" in str(render(loud.screen, loud.facts, "en").text)
        assert isinstance(press(ada, EndReported(project=project)), EndReasonWanted)


@pytest.mark.parametrize("languages", [(), ("fr", "en")])
def test_the_card_says_who_is_asked(database_url: str, now: Moment, languages: tuple[str, ...]) -> None:
    with one_transaction(database_url, now) as unit:
        requester, project = drafted(unit, languages=languages)
        unit.people.set_language(requester, "fr")
        asked(unit, requester, project)
        (card,) = told(unit, admin(unit).person.id, ProjectToApprove)
        shown = str(render(card.screen, card.facts, "en").text)
        assert ("🌍 Asked: who reads Français, English" in shown) is bool(languages)
        assert ("🌍 Asked: everybody. Who ticked languages: only with Français" in shown) is (not languages)


def test_who_had_one_approved_starts_the_next_at_once_and_an_admin_every_one(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        requester, project = drafted(unit)
        asked(unit, requester, project)
        press(admin(unit), ApproveLook(project=project, version=1))
        launches.launch_project(by(unit, requester), second := another(unit, requester))
        assert state(unit, second) is ProjectState.RUNNING
        unit.connection.changed("DELETE FROM first_looks")
        third, own = another(unit, requester), frozenset({REQUESTER})
        launches.launch_project(by(unit, requester, own), third)
        assert state(unit, third) is ProjectState.RUNNING
        asked(unit, requester, fourth := another(unit, requester))
        unit.projects.end(second, ProjectState.COMPLETE, now)
        launches.launch_project(by(unit, requester), fourth)
        assert state(unit, fourth) is ProjectState.RUNNING


def test_a_refusal_has_a_reason_and_another_admin_looks_at_the_second_try(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        requester, project = drafted(unit)
        asked(unit, requester, project)
        ada, bob = admin(unit), admin(unit, BOB)
        assert isinstance(press(ada, RefuseLook(project=project, version=1)), LookReasonWanted)
        with pytest.raises(BadInput):
            inputs.take_words(ada, "no")
        assert inputs.take_words(ada, REASON) == LookDecided(project, "Is the review positive?", False, reason=REASON)
        (notice,) = told(unit, requester, LookRefused)
        assert (notice.facts["reason"], notice.facts["another"]) == (REASON, True)
        refused = CaseClosed("Is the review positive?", CaseEnd.REFUSED, "900 (900)")
        assert press(bob, ApproveLook(project=project, version=1)) == Reply(refused, edits=5)
        assert asked(unit, requester, project).refused == REASON
        assert len(told(unit, ada.person.id, ProjectToApprove)) == 1
        assert len(told(unit, bob.person.id, ProjectToApprove)) == 2
        waiting = [[case.number for case in cases.list_waiting_cases(each, 9)] for each in (ada, bob)]
        assert waiting == [[], [project]]  # as /admin lists them
        with pytest.raises(OwnMatter):
            press(ada, RefuseLook(project=project, version=2))
        press(bob, ApproveLook(project=project, version=2))
        assert state(unit, project) is ProjectState.RUNNING


def test_a_lone_admin_looks_again(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        requester, project = drafted(unit)
        asked(unit, requester, project)
        ada = by(unit, admin(unit).person.id, frozenset({ADA}))
        press(ada, RefuseLook(project=project, version=1))
        inputs.take_words(ada, REASON)
        assert not told(unit, requester, LookRefused)[0].facts["another"]
        launches.launch_project(by(unit, requester, frozenset({ADA})), project)
        press(ada, ApproveLook(project=project, version=2))
        assert state(unit, project) is ProjectState.RUNNING


@pytest.mark.parametrize("change", ["instructions = '[\"Send your passport.\"]'", "content = '[]'"])
def test_what_changed_after_the_admin_saw_it_is_shown_again(database_url: str, now: Moment, change: str) -> None:
    with one_transaction(database_url, now) as unit:
        requester, project = drafted(unit, content=("violence",))
        asked(unit, requester, project)
        unit.connection.changed(f"UPDATE projects SET {change}")
        unit = UnitOfWork(unit.connection, now)
        shown = press(admin(unit), ApproveLook(project=project, version=1))
        assert state(unit, project) is ProjectState.DRAFT
        assert isinstance(shown, tuple)
        cards = [each.message for each in shown if isinstance(each, Reply)]
        assert [each.edition for each in cards if isinstance(each, ProjectToApprove)] == [2]
        press(admin(unit), ApproveLook(project=project, version=2))
        assert state(unit, project) is ProjectState.RUNNING


def test_an_approval_stands_where_money_went_meanwhile(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        requester, project = drafted(unit)
        asked(unit, requester, project)
        other = another(unit, requester, pay=Millionths(750_000))
        launches.launch_project(act_of(unit, requester), other)
        decided = press(admin(unit), ApproveLook(project=project, version=1))
        assert decided == Reply(LookDecided(project, "Is the review positive?", True, False), edits=5)
        assert not told(unit, requester, LookApproved)[0].facts["started"]
        with pytest.raises(FundsMissing):
            launches.launch_project(by(unit, requester), project)
        assert find_violations(unit) == []


def test_nobody_but_an_admin_decides_and_a_deleted_draft_is_gone(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        requester, project = drafted(unit)
        worker = settle_worker(unit, 1).id
        for number in (project, ProjectId(99)):
            for payload in (ShowLook(project=number), ApproveLook(project=number, version=1)):
                for person in (requester, worker):
                    with pytest.raises(NotAllowed):
                        press(by(unit, person), payload)
        with pytest.raises(NotFound):  # nobody asked for it yet
            press(admin(unit), ApproveLook(project=project, version=1))
        asked(unit, requester, project)
        press(by(unit, requester), DeleteDraft(number=project))
        assert dashboard.read_dashboard(admin(unit)).cases == ()
        with pytest.raises(NotFound):
            press(admin(unit), ShowLook(project=project))


async def test_without_the_setting_nothing_waits(database: Database, now: Moment) -> None:
    def launched(unit: UnitOfWork) -> ProjectState:
        requester, project = drafted(unit)
        launches.launch_project(act_of(unit, requester), project)
        return state(unit, project)

    assert await database.transact(launched, now) is ProjectState.RUNNING


def test_a_suspended_requesters_project_is_not_started_by_an_admin(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        requester, project = drafted(unit)
        asked(unit, requester, project)
        ada = admin(unit)
        (card,) = told(unit, ada.person.id, ProjectToApprove)
        unit.stops.set_suspended(requester, True)
    with one_transaction(database_url, now) as unit:
        reply = press(admin(unit), ApproveLook(project=project, version=card.facts["edition"]))
        assert reply == Reply(LookDecided(project, "Is the review positive?", True, False), edits=5)
        assert state(unit, project) is ProjectState.DRAFT


def test_a_first_project_begins_with_its_pilot_after_one_look_at_all_of_it(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        requester, project = drafted(unit)
        waits = press(by(unit, requester), BeginPilot(number=project))
        assert isinstance(waits, Reply)
        assert waits.message == LaunchWaits(project, "Is the review positive?", False)
        launches.report_finished_pilots(unit)
        assert told(unit, requester, PilotDone) == []  # it has not begun
        ada = admin(unit)
        (card,) = told(unit, ada.person.id, ProjectToApprove)
        assert (card.facts["tasks"], card.facts["pilot"], card.facts["samples"][-1]) == (40, True, "review 42")
        press(ada, ApproveLook(project=project, version=card.facts["edition"]))
        assert state(unit, project) is ProjectState.RUNNING
        assert unit.batches.waiting(project).tasks == 30
        launched = press(by(unit, requester), Launch(number=project))
        assert isinstance(launched, Reply)
        assert isinstance(launched.done, ProjectLaunched)
        assert len(told(unit, ada.person.id, ProjectToApprove)) == 1  # she looked once
        assert find_violations(unit) == []


@pytest.mark.parametrize("last", [Launch, BeginPilot])
def test_what_was_asked_for_last_starts_and_the_admin_has_one_card(
    database_url: str, now: Moment, last: type[Launch | BeginPilot]
) -> None:
    with one_transaction(database_url, now) as unit:
        requester, project = drafted(unit)
        first = BeginPilot if last is Launch else Launch
        for payload in (first, last, first, last):
            press(by(unit, requester), payload(number=project))
        ada = admin(unit)
        (card,) = told(unit, ada.person.id, ProjectToApprove)
        press(ada, ApproveLook(project=project, version=card.facts["edition"]))
        assert state(unit, project) is ProjectState.RUNNING
        assert unit.batches.waiting(project).tasks == (0 if last is Launch else 30)
        launches.report_finished_pilots(unit)
        assert told(unit, requester, PilotDone) == []
        assert find_violations(unit) == []
