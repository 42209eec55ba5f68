"""A rejection is appealed with one press; three other workers judge it blind, paid from the platform's fees.

Whoever is silent, the worker is paid: judges who cannot be found or paid, or who do not answer in time. Only a worker
who lets the days for an appeal pass leaves the money to the requester.
"""

from typing import Any

from domain.fairness.appeals import DECISION_TIME, JUDGES, LONGEST, Appeal, AppealId, AppealState, Verdict, Votes
from domain.fairness.review import RejectionState
from domain.moments import later
from domain.money.amounts import Millionths
from domain.money.ledger import FEES, Transfer, available_account
from domain.money.ledger import JUDGES as JUDGES_PAY
from domain.people.people import Person
from domain.projects.projects import Project
from domain.refusals import AlreadyAnswered, NotFound, NotYours, TooLate
from domain.work.submissions import Submission, SubmissionId
from services.fairness import jury_duty
from services.fairness.rejections import described, make_final, overturn
from services.people import push_schedule
from services.work import answer_messages, dispatch, submit
from storage.boxes.outbox import Lane
from storage.unit import UnitOfWork

JOURNEY = "appeal"
AT_ONCE = 25  # appeals a sweep ends in one transaction


def appeal(unit: UnitOfWork, worker: Person, number: SubmissionId) -> bool:
    """One press opens it; words may follow. False where there is nothing (more) to appeal."""
    submission = unit.submissions.find(number)
    if submission is None or submission.worker != worker.id or unit.reviews.rejection(number) is None:
        raise NotFound(what="rejection", name=str(number))
    if not unit.reviews.appeal(number):
        return False
    opened = unit.appeals.open(number, later(unit.now, DECISION_TIME))
    if _set_aside(unit, opened):
        unit.appeals.fund(opened.id, JUDGES)
        unit.appeals.wake(number)
    unit.drafts.keep(worker.id, JOURNEY, {"appeal": opened.id}, unit.now)
    title = unit.projects.get(submission.project).title
    unit.outbox.say(worker.id, "appeals.opened", title=title, until=opened.due_at, judges=JUDGES)
    return True


def explain(unit: UnitOfWork, worker: Person, draft: dict[str, Any], text: str) -> None:
    """What the worker adds; judges who have it in hand are shown it again with these words."""
    unit.drafts.drop(worker.id)
    words = " ".join(text.split())[:LONGEST]
    told = bool(words) and unit.appeals.say(AppealId(draft["appeal"]), words)
    unit.outbox.say(worker.id, "appeals.explained", told=told, words=words)
    for judge in unit.appeals.judging(AppealId(draft["appeal"])) if told else []:
        in_hand = unit.appeals.in_hand(judge)
        if in_hand is not None:
            jury_duty.show(unit, in_hand, Lane.PUSH)


def judge(
    unit: UnitOfWork, worker: Person, number: int, verdict: Verdict | None, message: int | None
) -> tuple[int, str]:
    """A verdict, paid at once; None passes the place on. With the last one the appeal is decided."""
    judgement = unit.appeals.judgement(number, worker.id)
    if judgement is None:
        raise NotYours()
    if judgement.state == "given":
        raise AlreadyAnswered()
    known = unit.appeals.lock(judgement.appeal)
    submission = unit.submissions.get(known.submission)
    project = unit.projects.get(submission.project)
    if verdict is None:
        unit.appeals.leave(judgement, "skipped")
    elif not unit.appeals.give(judgement, verdict):
        raise TooLate()
    else:
        _pay(unit, worker, known, project)
        _decide_if_all_spoke(unit, known)
    if message:
        facts: dict[str, Any] = {
            "title": project.title,
            "verdict": verdict,
            "amount": submission.pay,
            "currency": project.currency,
        }
        unit.outbox.say(worker.id, "appeals.judged", **answer_messages.tidying(message), **facts)
    _go_on(unit, unit.people.get(worker.id))
    return submission.pay, project.currency


def end_due(unit: UnitOfWork) -> None:
    """What time decides: for the worker where judges were silent, for the requester where the worker was."""
    for known in unit.appeals.due(AT_ONCE):
        _grant(unit, unit.appeals.lock(known.id), unit.appeals.votes(known.id))
    for rejection in unit.reviews.closing(AT_ONCE):
        if (moved := make_final(unit, rejection, RejectionState.STANDING)) is not None:
            submission = unit.submissions.get(rejection.submission)
            facts: dict[str, Any] = described(unit, unit.projects.get(rejection.project), submission)
            unit.outbox.say(submission.worker, "appeals.closed", operation=moved, **facts)
    for judgement in unit.appeals.overdue(AT_ONCE):
        if unit.appeals.leave(judgement, "expired"):
            push_schedule.left_unanswered(unit, judgement.worker)
            unit.appeals.wake(unit.appeals.lock(judgement.appeal).submission)


def _set_aside(unit: UnitOfWork, known: Appeal) -> bool:
    """The judges' pay, if the fees have it beside what they may have to give back."""
    submission = unit.submissions.get(known.submission)
    project = unit.projects.get(submission.project)
    needed = Millionths(JUDGES * submission.pay)
    free = unit.ledger.locked_balance(FEES, project.currency) - unit.reviews.owed_fees(project.currency)
    if free < needed:
        return False
    _post(unit, f"jury:{known.id}", "jury", FEES, JUDGES_PAY, needed, project, submission)
    return True


def _pay(unit: UnitOfWork, judge_: Person, known: Appeal, project: Project) -> None:
    key, submission = f"judge:{known.id}:{judge_.id}", unit.submissions.get(known.submission)
    _post(unit, key, "judge", JUDGES_PAY, available_account(judge_), submission.pay, project, submission)


def _decide_if_all_spoke(unit: UnitOfWork, known: Appeal) -> None:
    votes = unit.appeals.votes(known.id)
    if votes.decision is AppealState.WON:
        _grant(unit, known, votes)
    elif votes.decision is AppealState.LOST:
        _refuse(unit, known, votes)


def _grant(unit: UnitOfWork, known: Appeal, votes: Votes) -> None:
    if not unit.appeals.decide(known.id, AppealState.WON):
        return
    submission = unit.submissions.get(known.submission)
    project = unit.projects.get(submission.project)
    if known.funded and votes.given < JUDGES:
        rest = Millionths((JUDGES - votes.given) * submission.pay)
        _post(unit, f"unjury:{known.id}", "unjury", JUDGES_PAY, FEES, rest, project, submission)
    moved = overturn(unit, project, submission)
    about: dict[str, Any] = {**described(unit, project, submission), "votes": votes.worker, "against": votes.requester}
    unit.outbox.say(submission.worker, "appeals.won", key=f"won:{known.id}", operation=moved, **about)
    unit.outbox.say(project.requester, "appeals.overturned", key=f"overturned:{known.id}", operation=moved, **about)


def _refuse(unit: UnitOfWork, known: Appeal, votes: Votes) -> None:
    rejection = unit.reviews.rejection(known.submission)
    if rejection is None or not unit.appeals.decide(known.id, AppealState.LOST):
        return
    moved = make_final(unit, rejection, RejectionState.APPEALED)
    submission = unit.submissions.get(known.submission)
    about = described(unit, unit.projects.get(submission.project), submission)
    counted: dict[str, Any] = {"votes": votes.worker, "against": votes.requester, "operation": moved}
    unit.outbox.say(submission.worker, "appeals.lost", key=f"lost:{known.id}", **counted, **about)


def _go_on(unit: UnitOfWork, worker: Person) -> None:
    """What comes after a judgement: another one, the task in hand, the next task, or word that there is none."""
    if worker.paused:
        unit.outbox.say(worker.id, "work.paused")
        return
    if unit.assignments.active_for(worker.id) is not None or jury_duty.offer(unit, worker, Lane.REPLY):
        return
    if dispatch.next_task(unit, worker, Lane.REPLY) is None:
        submit.nothing_now(unit, worker)


def _post(
    unit: UnitOfWork,
    key: str,
    kind: str,
    source: str,
    target: str,
    amount: Millionths,
    project: Project,
    submission: Submission,
) -> None:
    unit.ledger.post(Transfer(key, kind, source, target, amount, project.currency, project.id, submission.id))
