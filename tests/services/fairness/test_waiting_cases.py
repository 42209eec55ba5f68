"""`/admin` names everything that waits for an admin's decision, and leads to it."""

from dataclasses import replace

import pytest

from domain.fairness import review
from domain.fairness.board import HOUSE, BoardPetitionToAnswer, BoardPostToModerate, PostId
from domain.fairness.cases import MAX_SHOWN_CASES, CaseKind, WaitingCase
from domain.fairness.questions import QuestionToJudge
from domain.fairness.reports import KINDS, ReportKind, ReportsToDecide
from domain.fairness.review import PauseToDecide
from domain.moments import DAY, DECISION_TIME, Moment, later
from domain.people.accounts import PersonId
from domain.people.dashboard import Dashboard
from domain.people.onboarding import WelcomeBack
from domain.projects.wizard import DraftCancelled
from domain.refusals import BoardRefused, OwnMatter
from domain.work.messages import CONTENT_PAUSE
from handlers.fairness.board import ModeratePost, ReportPost, ShowReportedPost, SignPetition
from handlers.fairness.petitions import ShowPetition
from handlers.fairness.questions import JudgeReport, ShowReportedQuestion
from handlers.fairness.reports import ResumeReported, ShowReported
from handlers.fairness.review import ShowPause
from handlers.fairness.stops import DecidePause
from handlers.payload import Payload
from handlers.people.accounts import ShowDashboard
from services.act import Act, Reply
from services.fairness import petitions, questions, reports
from services.work import inputs
from storage.database import one_transaction
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.house import REQUESTER, House, furnish
from tests.invariants.flows import turn
from tests.services.fairness.test_board import NOW as BOARD_NOW
from tests.services.fairness.test_board import Floor

ADA = 900
TITLE = "Is the review positive?"


def at_work(url: str, now: Moment, **changes: object) -> House:
    with one_transaction(url, now) as unit:
        house = furnish(unit, 2, 8, **changes)
        unit.people.upsert(ADA, "ada", "Ada", "en", now)
        for worker in house.workers:
            turn(unit, worker)
            if unit.assignments.active_for(worker) is None:
                turn(unit, worker)
    return house


def admin(unit: UnitOfWork) -> Act:
    return act_of(unit, unit.people.list_with_telegram_ids((ADA,))[0], frozenset({ADA}))


def dashboard(act: Act) -> Dashboard:
    found = press(act, ShowDashboard())
    assert isinstance(found, Dashboard)
    return found


def shown(act: Act, payload: Payload) -> object:
    found = press(act, payload)
    return found.message if isinstance(found, Reply) else found


def in_hand(unit: UnitOfWork, worker: PersonId) -> int:
    found = unit.assignments.active_for(worker)
    assert found is not None
    return found.id


def test_a_project_paused_for_reports_waits_until_it_is_decided(database_url: str, now: Moment) -> None:
    house = at_work(database_url, now)
    with one_transaction(database_url, now) as unit:
        worker = act_of(unit, house.workers[0], frozenset({ADA}), message=5)
        assert dashboard(admin(unit)).waiting_cases == 0
        reports.report_task(worker, in_hand(unit, house.workers[0]), KINDS.index(ReportKind.BROKEN))
        assert dashboard(admin(unit)).cases == ()  # one of this kind stops nothing
        worker = act_of(unit, house.workers[1], frozenset({ADA}), message=5)
        reports.report_task(worker, in_hand(unit, house.workers[1]), KINDS.index(ReportKind.SCAM))
        seen = dashboard(admin(unit))
        assert (seen.cases, seen.waiting_cases) == (
            (WaitingCase(CaseKind.REPORTS, house.project, TITLE, later(now, DECISION_TIME)),),
            1,
        )
        card = shown(admin(unit), ShowReported(project=house.project))
        assert isinstance(card, ReportsToDecide)
        assert [each.kind for each in card.reports] == [ReportKind.BROKEN, ReportKind.SCAM]
        press(admin(unit), ResumeReported(project=house.project))
        assert dashboard(admin(unit)).cases == ()


def test_a_project_paused_for_rejections_waits_until_it_is_decided(database_url: str, now: Moment) -> None:
    house = at_work(database_url, now)
    with one_transaction(database_url, now) as unit:
        unit.reviews.pause(house.project)
        unit.projects.pause(house.project, review.PAUSE)
        assert dashboard(admin(unit)).cases == (
            WaitingCase(CaseKind.REJECTIONS, house.project, TITLE, later(now, DECISION_TIME)),
        )
        card = shown(admin(unit), ShowPause(project=house.project))
        assert isinstance(card, PauseToDecide)
        assert (card.who, card.title) == ("@anna", TITLE)
        press(admin(unit), DecidePause(project=house.project, resume=True))
        assert dashboard(admin(unit)).cases == ()


@pytest.mark.parametrize(
    ("word", "result"),
    [("Merci !", WelcomeBack), ("stop", object), ("retour", DraftCancelled), ("undo", DraftCancelled)],
)
def test_a_lone_word_for_a_command_is_not_published_as_a_question(
    word: str, result: type, sqlite_url: str, now: Moment
) -> None:
    house = at_work(sqlite_url, now)
    with one_transaction(sqlite_url, now) as unit:
        worker = act_of(unit, house.workers[0], frozenset({ADA}))
        questions.ask_for_question(worker, in_hand(unit, house.workers[0]))
        assert isinstance(inputs.take_words(worker, word), result)
        assert unit.connection.all("SELECT count(*) FROM questions")[0][0] == 0


def test_a_question_called_abuse_waits_until_it_is_judged(database_url: str, now: Moment) -> None:
    house = at_work(database_url, now)
    with one_transaction(database_url, now) as unit:
        worker = act_of(unit, house.workers[0])
        questions.ask_for_question(worker, in_hand(unit, house.workers[0]))
        inputs.take_words(worker, "You fool, what is this?")
        asked = unit.connection.all("SELECT max(id) FROM questions")[0][0]
        assert dashboard(admin(unit)).cases == ()
        questions.report_question(act_of(unit, house.requester, frozenset({ADA})), asked)
        assert dashboard(admin(unit)).cases == (
            WaitingCase(CaseKind.QUESTION, asked, TITLE, unit.connection.all("SELECT due_at FROM questions")[0][0]),
        )
        card = shown(admin(unit), ShowReportedQuestion(question=asked))
        assert isinstance(card, QuestionToJudge)
        press(admin(unit), JudgeReport(question=asked, abuse=True))
        assert dashboard(admin(unit)).cases == ()


def test_admins_are_not_shown_cases_that_others_should_decide(database_url: str, now: Moment) -> None:
    house = at_work(database_url, now)
    both = frozenset({ADA, REQUESTER})
    with one_transaction(database_url, now) as unit:
        reports.report_task(
            act_of(unit, house.workers[0], both, message=5),
            in_hand(unit, house.workers[0]),
            KINDS.index(ReportKind.SCAM),
        )
        ada = unit.people.list_with_telegram_ids((ADA,))[0]
        assert dashboard(act_of(unit, house.requester, both)).cases == ()
        assert [each.kind for each in dashboard(act_of(unit, ada, both)).cases] == [CaseKind.REPORTS]


def test_a_petition_to_the_house_waits_until_it_is_answered(database_url: str) -> None:
    floor = Floor(database_url, BOARD_NOW)
    pens = {worker: floor.pen(worker, HOUSE) for worker in range(3)}
    post = int(floor.post(0, HOUSE, pens[0], "Pay 10 cents", petition=True).post.id)
    act_as = frozenset({REQUESTER})
    with one_transaction(database_url, floor.now) as unit:
        assert dashboard(act_of(unit, floor.house.requester, act_as)).cases == ()
    for worker in (1, 2):
        floor.press(worker, SignPetition(post=post, pen=pens[worker]))
    with one_transaction(database_url, floor.now) as unit:
        act = act_of(unit, floor.house.requester, act_as)
        assert [(each.kind, each.number) for each in dashboard(act).cases] == [(CaseKind.PETITION, post)]
        card = shown(act, ShowPetition(post=PostId(post)))
        assert isinstance(card, BoardPetitionToAnswer)
        assert (card.body, card.voices) == ("Pay 10 cents", 3)
        petitions.ask_for_answer(act, PostId(post))
        inputs.take_words(act, "From Monday on")
        petitions.send_answer(act, PostId(post), yes=True)
        assert dashboard(act).cases == ()


def test_a_reported_post_waits_for_who_may_decide_until_it_is_decided(database_url: str) -> None:
    floor = Floor(database_url, BOARD_NOW)
    both, pens = frozenset({ADA, REQUESTER}), {board: floor.pen(0, board) for board in (HOUSE, floor.project)}
    house, theirs = (int(floor.post(0, board, pens[board], "Call Ann at 555").post.id) for board in pens)
    for post in (house, theirs):
        floor.press(1, ReportPost(post=post))
    with one_transaction(database_url, floor.now) as unit:
        ada = act_of(unit, unit.people.upsert(ADA, "ada", "Ada", "en", floor.now).id, both)
        rosa = act_of(unit, floor.house.requester, both)
        posts = lambda act: [(case.kind, case.number) for case in dashboard(act).cases]  # noqa: E731
        assert posts(rosa) == [(CaseKind.POST, house)]
        assert posts(ada) == [(CaseKind.POST, house), (CaseKind.POST, theirs)]
        card = shown(ada, ShowReportedPost(post=house))
        assert isinstance(card, BoardPostToModerate)
        assert (card.post, card.body) == (house, "Call Ann at 555")
        with pytest.raises(OwnMatter):
            press(rosa, ShowReportedPost(post=theirs))
        press(ada, ModeratePost(post=house, rule=0))
        press(ada, ModeratePost(post=theirs, rule=3))
        assert dashboard(ada).cases == dashboard(rosa).cases == ()
        for post, why in ((house, "decided"), (theirs, "gone")):
            with pytest.raises(BoardRefused) as refused:
                press(ada, ShowReportedPost(post=post))
            assert refused.value.why == why


def test_the_most_urgent_cases_have_buttons_and_all_are_counted(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        house = furnish(unit, 1, 1)
        unit.people.upsert(ADA, "ada", "Ada", "en", now)
        found = unit.projects.get(house.project)
        more = [unit.projects.add(replace(found, title=f"No. {number}")) for number in range(MAX_SHOWN_CASES)]
        for project in (house.project, *more):
            unit.projects.launch(project, now)
            unit.reviews.pause(project)
            unit.projects.pause(project, review.PAUSE)
        seen = dashboard(admin(unit))
        assert (len(seen.cases), seen.waiting_cases) == (MAX_SHOWN_CASES, MAX_SHOWN_CASES + 1)
        assert seen.cases[0].number == house.project


def test_cases_of_all_kinds_are_sorted_by_deadline(database_url: str, now: Moment) -> None:
    house = at_work(database_url, now)
    with one_transaction(database_url, now) as unit:
        reports.report_task(
            act_of(unit, house.workers[0], message=5), in_hand(unit, house.workers[0]), KINDS.index(ReportKind.SCAM)
        )
        soon, late = later(now, DECISION_TIME - 1), later(now, DECISION_TIME + 1)
        complaint = unit.complaints.add(house.workers[0], "other", 0, "Nobody answers me")
        unit.connection.changed("UPDATE complaints SET due_at = :due", due=late)
        stop = unit.stops.add(None, house.requester, "Asked for passwords", house.workers[1])
        assert stop is not None
        unit.stops.store_appeal(stop.id, "No", soon)
        cases = dashboard(admin(unit)).cases
        assert [(case.kind, case.number, case.due) for case in cases] == [
            (CaseKind.APPEAL, stop.id, soon),
            (CaseKind.REPORTS, house.project, later(now, DECISION_TIME)),
            (CaseKind.COMPLAINT, complaint.id, late),
        ]


def test_an_admin_sees_the_tasks_that_telegram_refused_within_a_day(database_url: str, now: Moment) -> None:
    house = at_work(database_url, now)
    with one_transaction(database_url, now) as unit:
        unit.undelivered.note(house.project, house.tasks[0], linked=False)
        unit.undelivered.note(house.project, house.tasks[1], linked=True)
        (refused,) = dashboard(admin(unit)).refused_tasks
        unit.projects.pause(house.project, CONTENT_PAUSE)
        (paused,) = dashboard(admin(unit)).refused_tasks
    assert (refused.number, refused.title, refused.tasks, refused.rests) == (house.project, TITLE, 1, False)
    assert paused.rests
    with one_transaction(database_url, later(now, DAY)) as unit:
        assert dashboard(admin(unit)).refused_tasks == ()
