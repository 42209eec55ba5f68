"""An admin stops a project or a person: with a reason, a notice, an appeal and a human; money stays whose it is."""

from dataclasses import asdict, replace
from typing import cast

import pytest

from domain.fairness.cases import CaseClosed, CaseEnd, CaseKind
from domain.fairness.reports import EndReasonWanted, ProjectEndedByAdmin, ReportKind, ReportsDecided
from domain.fairness.stops import (
    RULING_TIME,
    AppealWordsWanted,
    PersonSuspended,
    ProjectForAdmin,
    RulingWanted,
    StopAppealed,
    StopRuled,
    StopState,
    StopToRule,
    SuspendReasonWanted,
    SuspensionMade,
)
from domain.messages import Message
from domain.moments import HOUR, Moment, later
from domain.money.ledger import available_account, payout_account
from domain.money.payouts import HolderAsked
from domain.money.wallet import Balance
from domain.people.accounts import PersonId
from domain.people.onboarding import CommandMenu, HelpSuspended
from domain.projects.projects import ProjectState
from domain.quality.gold_challenges import Contestable, NotedBefore, OpenStop
from domain.refusals import BadInput, IsAdmin, NotAllowed, NotFound, OwnMatter, Suspended, WrongState
from domain.work.assignments import AssignmentState
from handlers.fairness.reports import ResumeReported
from handlers.fairness.review import RejectAnswer
from handlers.fairness.stops import (
    AppealStop,
    AskToStop,
    DecidePause,
    EndReported,
    LiftStop,
    ShowProject,
    ShowStop,
    SuspendPerson,
    UpholdStop,
)
from handlers.money.payouts import AskForPayout, PayOut
from handlers.money.wallet import ShowBalance
from handlers.people.onboarding import GetMyData, ShowHelp
from handlers.projects.launches import Launch
from handlers.projects.results import GetResults
from handlers.projects.wizard import StartProject
from handlers.quality.gold_challenges import ListContestable
from handlers.routes import TABLE
from handlers.screen import render
from handlers.work.offers import ListTasks
from handlers.work.tasks import AskForWork, SubmitAnswer
from services.act import Act, Reply
from services.fairness import stops
from services.people import dashboard, onboarding
from services.projects import launches, progress
from services.work import inputs, sweeps
from storage.boxes.outbox import Letter
from storage.database import one_transaction
from storage.invariants import find_violations
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.house import FIRST_WORKER, REQUESTER, House, furnish, settle_worker
from tests.invariants.flows import turn
from tests.letters import due_letters

ADA, BOB = 900, 901
BOTH = frozenset({ADA, BOB})
REASON, RULING, WORDS = (
    "Several accounts give one answer.",
    "The log shows one phone for both.",
    "It was my sister.",
)


def told(unit: UnitOfWork, person: PersonId, message: type[Message]) -> list[Letter]:
    return [each for each in due_letters(unit, 1_000) if each.person == person and each.screen == message.stored_as]


def admin(unit: UnitOfWork, telegram_id: int = ADA, admins: frozenset[int] = BOTH) -> Act:
    met = unit.people.upsert(telegram_id, None, str(telegram_id), "en", unit.now)
    return act_of(unit, met.id, admins, message=5)


def busy(url: str, now: Moment, **changes: object) -> House:
    """Both workers have answered one task, and have another in hand."""
    with one_transaction(url, now) as unit:
        house = furnish(unit, 2, 8, overlap=1, max_overlap=1, **changes)
        admin(unit, ADA), admin(unit, BOB)
        for worker in house.workers:
            turn(unit, worker)
            if unit.assignments.active_for(worker) is None:
                turn(unit, worker)
    return house


def suspend(unit: UnitOfWork, person: PersonId, by: Act | None = None) -> int:
    by = by or admin(unit)
    assert isinstance(press(by, SuspendPerson(person=person)), SuspendReasonWanted)
    made = inputs.take_words(by, REASON)
    assert isinstance(made, Reply)
    assert isinstance(made.message, SuspensionMade)
    return made.message.stop


def listed_stops(act: Act) -> tuple[OpenStop, ...]:
    """`/appeal`."""
    listed = press(act, ListContestable())
    assert isinstance(listed, Contestable)
    return listed.stops


def appeal(unit: UnitOfWork, person: PersonId, stop: int, admins: frozenset[int] = BOTH) -> StopAppealed:
    act = act_of(unit, person, admins)
    assert isinstance(press(act, AppealStop(stop=stop)), AppealWordsWanted)
    noted = inputs.take_words(act, WORDS)
    assert isinstance(noted, StopAppealed)
    return noted


def test_a_suspended_worker_gets_no_task_and_keeps_every_cent(database_url: str, now: Moment) -> None:
    house = busy(database_url, now)
    with one_transaction(database_url, now) as unit:
        worker = unit.people.get(house.workers[0])
        in_hand = unit.assignments.active_for(worker.id)
        assert in_hand is not None
        there = unit.ledger.balance(available_account(worker))
        assert there > 0
        suspend(unit, worker.id)
        (notice,) = told(unit, worker.id, PersonSuspended)
        assert (notice.facts["reason"], notice.facts["appeal"]) == (REASON, True)
        returned = unit.assignments.find(in_hand.id)
        assert returned is not None
        assert returned.state is AssignmentState.RETURNED
        act = act_of(unit, worker.id, BOTH)
        for payload in (AskForWork(), ListTasks(), SubmitAnswer(assignment=in_hand.id, option=0)):
            with pytest.raises(Suspended) as refused:
                press(act, payload)
            assert refused.value.reason == REASON
        for service in (
            lambda: inputs.take_words(act, "hello"),
            lambda: inputs.take_attachment(act, "photo", "a b", ""),
        ):
            with pytest.raises(Suspended):
                service()
        sweeps.push_tasks(unit)
        assert unit.assignments.active_for(worker.id) is None
        balance = press(act, ShowBalance())
        assert isinstance(balance, Balance)
        assert balance.suspended
        press(act, GetMyData())
        assert press(act, AskForPayout(amount="all")) == (HolderAsked(account=None),)
        inputs.take_words(act, "Ann Lee")
        inputs.take_words(act, "FR76 3000 6000 0112 3456 7890 189")
        press(act, PayOut(turn=1, amount=there, currency="EUR", net=there))
        assert unit.ledger.balance(payout_account(worker)) == there
        assert find_violations(unit) == []


def test_a_suspended_requester_asks_nobody_and_workers_are_paid(database_url: str, now: Moment) -> None:
    house = busy(database_url, now, accept="review")
    with one_transaction(database_url, now) as unit:
        stop = suspend(unit, house.requester)
        act = act_of(unit, house.requester, BOTH)
        assert unit.projects.get(house.project).paused == ("suspended",)
        waiting = unit.reviews.list_waiting(house.project, 0, 9)
        for payload in (StartProject(), Launch(number=house.project), RejectAnswer(submission=waiting[0].id)):
            with pytest.raises(Suspended) as refused:
                press(act, payload)
            assert (refused.value.worker, refused.value.asks) == (False, True)
        (letter,) = told(unit, house.requester, PersonSuspended)
        for said in (
            render(letter.screen, letter.facts, "en"),
            render("refusals.Suspended", asdict(refused.value), "en"),
        ):
            assert "/funds" in said.text
            assert "/payout" not in said.text
        with pytest.raises(WrongState):
            launches.launch_project(act, house.project)
        for payload in (ShowProject(number=house.project), GetResults(number=house.project)):
            press(act, payload)
        in_hand = unit.assignments.active_for(house.workers[0])
        assert in_hand is not None
        press(act_of(unit, house.workers[0], BOTH), SubmitAnswer(assignment=in_hand.id, option=0))
        assert unit.assignments.active_for(house.workers[0]) is None
    with one_transaction(database_url, later(now, 73 * HOUR)) as unit:
        sweeps.release_due_pay(unit)
        assert [each.state for each in unit.reviews.list_waiting(house.project, 0, 9)] == []
        assert unit.ledger.balance(available_account(unit.people.get(house.workers[0]))) == 2 * 50_000
        assert isinstance(press(admin(unit, BOB), LiftStop(stop=stop)), Reply)
        assert unit.projects.get(house.project).paused == ()
        assert not unit.people.get(house.requester).suspended
        assert find_violations(unit) == []


def test_another_human_answers_the_appeal_and_says_why(database_url: str, now: Moment) -> None:
    house = busy(database_url, now)
    with one_transaction(database_url, now) as unit:
        worker = house.workers[0]
        stop = suspend(unit, worker)
        suspended = act_of(unit, worker, BOTH)
        (listed,) = listed_stops(suspended)
        assert (listed.stop, listed.title, listed.reason) == (stop, "", REASON)
        assert listed_stops(act_of(unit, house.workers[1], BOTH)) == ()
        assert appeal(unit, worker, stop).another
        after = press(suspended, ListContestable())
        assert isinstance(after, Contestable)
        assert (after.stops, after.judged) == ((), (later(now, RULING_TIME),))
        assert isinstance(press(act_of(unit, worker, BOTH), AppealStop(stop=stop)), NotedBefore)
        ada, bob = admin(unit, ADA), admin(unit, BOB)
        assert told(unit, ada.person.id, StopToRule) == []
        (card,) = told(unit, bob.person.id, StopToRule)
        assert (card.facts["words"], card.facts["alone"]) == (WORDS, False)
        waiting = [[(case.kind, case.number) for case in dashboard.read_dashboard(each).cases] for each in (ada, bob)]
        assert waiting == [[], [(CaseKind.APPEAL, stop)]]  # Ada made the stop
        with pytest.raises(OwnMatter):
            press(ada, UpholdStop(stop=stop))
        assert isinstance(press(bob, UpholdStop(stop=stop)), RulingWanted)
        with pytest.raises(BadInput):
            inputs.take_words(bob, "no")
        inputs.take_words(bob, RULING)
        (ruled,) = told(unit, worker, StopRuled)
        assert (ruled.facts["lifted"], ruled.facts["ruling"], ruled.facts["by"]) == (False, RULING, "admin")
        assert unit.people.get(worker).suspended
        with pytest.raises(NotFound):
            press(bob, ShowStop(stop=stop))
        actions = unit.connection.all("SELECT action FROM audit WHERE subject = :who", who=f"person:{worker}")
        assert [row[0] for row in actions] == ["suspended", "upheld"]
        assert find_violations(unit) == []


def test_a_lone_admin_looks_again_and_says_so(database_url: str, now: Moment) -> None:
    house, alone = busy(database_url, now), frozenset({ADA})
    with one_transaction(database_url, now) as unit:
        worker, ada = house.workers[0], admin(unit, ADA, alone)
        stop = suspend(unit, worker, ada)
        assert not appeal(unit, worker, stop, alone).another
        assert told(unit, ada.person.id, StopToRule)[0].facts["alone"]
        press(ada, UpholdStop(stop=stop))
        inputs.take_words(ada, RULING)
        assert told(unit, worker, StopRuled)[0].facts["by"] == "alone"


def test_help_lists_what_still_works_and_how_to_appeal(database_url: str, now: Moment) -> None:
    """Every command that is listed is tried: none is refused because of the suspension."""
    house = busy(database_url, now)
    with one_transaction(database_url, now) as unit:
        worker = house.workers[0]
        stop = suspend(unit, worker)
        act = with_commands(unit, worker)
        shown = cast(HelpSuspended, press(act, ShowHelp()))
        listed = {command.name for command in shown.commands}
        assert (shown.reason, shown.stop, shown.due) == (REASON, stop, None)
        assert {"balance", "payout", "appeal", "mydata", "forget"} <= listed
        assert not {"work", "tasks", "ask"} & listed
        known = {command.name for command in act.house.commands_of(replace(act.person, suspended=False))}
        refused = {name for name in known if _is_refused(unit, worker, name)}
        assert refused | {"work", "pause"} == known - listed
        with pytest.raises(Suspended):
            press(act, AskForWork())
        appeal(unit, worker, stop)
        after = cast(HelpSuspended, press(with_commands(unit, worker), ShowHelp()))
        assert (after.stop, after.due) == (0, later(now, RULING_TIME))


def test_the_command_menu_follows_a_suspension_and_its_end(database_url: str, now: Moment) -> None:
    house = busy(database_url, now)
    with one_transaction(database_url, now) as unit:
        worker, ada = house.workers[0], with_commands(unit, admin(unit).person.id)
        stop = suspend(unit, worker, ada)
        press(ada, LiftStop(stop=stop))
        menus = [{each["name"] for each in menu.facts["commands"]} for menu in told(unit, worker, CommandMenu)]
        assert [("work" in menu, "tasks" in menu, "payout" in menu) for menu in menus] == [
            (False, False, True),
            (True, True, True),
        ]


def test_what_comes_after_a_stop_was_lifted_is_told_that(database_url: str, now: Moment) -> None:
    """The notice loses its button; a late press, a late appeal and a late ruling hear what was decided."""
    house = busy(database_url, now)
    with one_transaction(database_url, now) as unit:
        worker, ada, bob = house.workers[0], admin(unit, ADA), admin(unit, BOB)
        stop = suspend(unit, worker)
        unit.live_messages.keep(worker, f"stop:{stop}", 60)
        appeal(unit, worker, stop)
        assert isinstance(press(bob, UpholdStop(stop=stop)), RulingWanted)
        press(ada, LiftStop(stop=stop))
        edited = [each for each in told(unit, worker, StopRuled) if each.live == f"stop:{stop}"]
        assert [each.facts["lifted"] for each in edited] == [True]
        late = replace(act_of(unit, worker, BOTH), message=60)
        ended = StopRuled(0, "", True, "", "admin")
        assert press(late, AppealStop(stop=stop)) == Reply(ended, edits=60)
        unit.drafts.keep(worker, stops.APPEAL_JOURNEY, {"stop": stop}, now)
        assert inputs.take_words(late, WORDS) == ended
        assert inputs.take_words(bob, RULING) == CaseClosed("@worker0", CaseEnd.LIFTED, "900 (900)")
        assert unit.drafts.find(worker) is None
        assert unit.drafts.find(bob.person.id) is None
        with pytest.raises(NotFound):
            press(act_of(unit, house.workers[1], BOTH), AppealStop(stop=stop))


def with_commands(unit: UnitOfWork, person: PersonId) -> Act:
    act = act_of(unit, person, BOTH)
    return replace(act, house=replace(act.house, commands=TABLE.commands))


def _is_refused(unit: UnitOfWork, worker: PersonId, command: str) -> bool:
    """As the door decides before the service."""
    route = TABLE.find_typed(command, ())
    assert route is not None
    try:
        act_of(unit, worker, BOTH).require(route.role, route.stays)
    except Suspended:
        return True
    return False


def test_silence_grants_an_appeal(database_url: str, now: Moment) -> None:
    house = busy(database_url, now)
    with one_transaction(database_url, now) as unit:
        appeal(unit, house.workers[0], suspend(unit, house.workers[0]))
    with one_transaction(database_url, later(now, RULING_TIME)) as unit:
        unit.live_messages.keep(admin(unit, BOB).person.id, "case:appeal:1:asked", 71)
        stops.grant_overdue_appeals(unit, BOTH)
        assert told(unit, admin(unit, BOB).person.id, CaseClosed)[0].facts["by"] == ""
        assert told(unit, house.workers[0], StopRuled)[0].facts["by"] == "silence"
        press(act_of(unit, house.workers[0], BOTH), AskForWork())
        assert unit.assignments.active_for(house.workers[0]) is not None
        assert find_violations(unit) == []


def test_a_decision_takes_the_buttons_off_every_admins_messages(database_url: str, now: Moment) -> None:
    """The one that decided has its own answer; an outdated press is told what was decided, and by whom."""
    house = busy(database_url, now)
    with one_transaction(database_url, now) as unit:
        worker, ada, bob = house.workers[0], admin(unit, ADA), admin(unit, BOB)
        stop = suspend(unit, worker)
        appeal(unit, worker, stop)
        unit.live_messages.keep(ada.person.id, f"case:stop:{stop}:made", 70)
        unit.live_messages.keep(bob.person.id, f"case:appeal:{stop}:asked", 71)
        unit.live_messages.keep(bob.person.id, f"case:appeal:{stop}:shown", ada.message or 0)
        lifted = press(bob, LiftStop(stop=stop))
        assert isinstance(lifted, Reply)
        assert (lifted.edits, type(lifted.message)) == (5, StopRuled)
        closed = [*told(unit, ada.person.id, CaseClosed), *told(unit, bob.person.id, CaseClosed)]
        names = [f"case:stop:{stop}:made", f"case:appeal:{stop}:asked"]
        assert [(each.live, each.facts) for each in closed] == [
            (name, {"what": "@worker0", "end": "lifted", "by": "901 (901)", "who": ""}) for name in names
        ]
        assert "Lift it" not in str(render(closed[0].screen, closed[0].facts, "en"))
        for late in (LiftStop(stop=stop), UpholdStop(stop=stop)):
            assert press(ada, late) == Reply(CaseClosed("@worker0", CaseEnd.LIFTED, "901 (901)"), edits=5)
        assert len(told(unit, worker, StopRuled)) == 1


def test_an_admin_ends_any_running_project_with_a_reason_and_it_can_be_appealed(database_url: str, now: Moment) -> None:
    house = busy(database_url, now, accept="review")
    with one_transaction(database_url, now) as unit:
        ada = admin(unit)
        card = press(ada, ShowProject(number=house.project))
        assert isinstance(card, ProjectForAdmin)
        assert card.ends
        assert isinstance(press(ada, AskToStop(number=house.project)), EndReasonWanted)
        assert inputs.take_words(ada, REASON) == ReportsDecided("Is the review positive?", True, REASON)
        assert unit.projects.get(house.project).state is ProjectState.STOPPED
        assert progress.progress_of(unit, house.project).ended_by_admin
        (notice,) = told(unit, house.requester, ProjectEndedByAdmin)
        requester = act_of(unit, house.requester, BOTH)
        with pytest.raises(WrongState):
            press(requester, Launch(number=house.project))
        with pytest.raises(WrongState):
            press(requester, RejectAnswer(submission=unit.reviews.list_waiting(house.project, 0, 1)[0].id))
        with pytest.raises(WrongState) as ended:
            press(requester, Launch(number=house.project))
        assert ended.value.stop == notice.facts["stop"]
        (listed,) = listed_stops(requester)
        assert (listed.stop, listed.title, listed.reason) == (notice.facts["stop"], "Is the review positive?", REASON)
        appeal(unit, house.requester, notice.facts["stop"])
        assert listed_stops(requester) == ()
        with pytest.raises(WrongState) as ended:
            press(requester, Launch(number=house.project))
        assert ended.value.stop == 0
        press(admin(unit, BOB), LiftStop(stop=notice.facts["stop"]))
        assert not progress.progress_of(unit, house.project).ended_by_admin
        press(requester, Launch(number=house.project))
        assert unit.projects.get(house.project).state is ProjectState.RUNNING
        assert find_violations(unit) == []


def test_nobody_decides_about_their_own_project_or_report(database_url: str, now: Moment) -> None:
    house = busy(database_url, now)
    with one_transaction(database_url, now) as unit:
        own, reporting = frozenset({REQUESTER, ADA}), frozenset({FIRST_WORKER, ADA})
        unit.reports.add(house.project, house.tasks[0], house.workers[0], ReportKind.SCAM)
        unit.projects.pause(house.project, "reports")
        for person, admins in ((house.requester, own), (house.workers[0], reporting)):
            for payload in (ResumeReported(project=house.project), EndReported(project=house.project)):
                with pytest.raises(OwnMatter):
                    press(act_of(unit, person, admins), payload)
        with pytest.raises(OwnMatter):
            press(act_of(unit, house.requester, own), DecidePause(project=house.project, resume=True))
        lone = act_of(unit, house.requester, frozenset({REQUESTER}))
        press(lone, ResumeReported(project=house.project))
        (facts,) = unit.connection.all("SELECT facts FROM audit WHERE action = 'resumed'")
        assert '"alone":true' in facts[0]


def test_only_an_admin_stops_and_no_admin_is_stopped(database_url: str, now: Moment) -> None:
    house = busy(database_url, now)
    with one_transaction(database_url, now) as unit:
        for payload in (SuspendPerson(person=house.workers[1]), EndReported(project=house.project), LiftStop(stop=1)):
            with pytest.raises(NotAllowed):
                press(act_of(unit, house.workers[0], BOTH), payload)
        with pytest.raises(IsAdmin):
            press(admin(unit), SuspendPerson(person=admin(unit, BOB).person.id))
        for number in (0, 99, 2**63 - 1):
            with pytest.raises(NotFound):
                press(admin(unit), SuspendPerson(person=number))
        stop = suspend(unit, house.workers[0])
        with pytest.raises(NotFound):
            press(admin(unit), SuspendPerson(person=house.workers[0]))
        with pytest.raises(NotFound):
            press(act_of(unit, house.workers[1], BOTH), AppealStop(stop=stop))
        with pytest.raises(NotFound):
            press(admin(unit), UpholdStop(stop=stop))  # nobody appealed


def test_a_suspension_goes_on_after_forget(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        worker = settle_worker(unit, 1)
        admin(unit)
        appeal(unit, worker.id, suspend(unit, worker.id))
        unit.remembered.add_trace(worker.id, FIRST_WORKER + 1)
        unit.erasure.erase(worker)
        assert [tuple(row) for row in unit.connection.all("SELECT words FROM stops")] == [("",)]
        again = onboarding.store_sender(unit, FIRST_WORKER + 1, None, "Ann again", "en")
        assert again.id != worker.id
        assert unit.people.get(again.id).suspended
        stop = unit.stops.find_suspension(again.id)
        assert stop is not None
        assert (stop.reason, stop.state) == (REASON, StopState.STANDING)
        assert len(told(unit, again.id, PersonSuspended)) == 1
        assert find_violations(unit) == []
