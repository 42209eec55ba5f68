"""A rejection is appealed with one press; three other workers judge it blind, paid by who loses.

Whoever is silent, the worker is paid: judges who cannot be found or do not answer in time, an admin who is asked where
there are too few of them. Only a worker who lets the days for an appeal pass leaves the money to the requester.
"""

from typing import Any

from domain.fairness.appeals import DECISION_TIME, JUDGES, Appeal, AppealState, Verdict, Votes
from domain.fairness.review import RejectionState
from domain.moments import later
from domain.money.amounts import Millionths
from domain.money.ledger import FEES, Transfer, available_account
from domain.money.ledger import JUDGES as JUDGES_PAY
from domain.people.people import Person
from domain.projects.projects import Project
from domain.refusals import AlreadyAnswered, NotFound, NotYours, TooLate
from domain.work.submissions import Submission, SubmissionId
from services.fairness import juries, jury_costs, jury_duty, rulings
from services.fairness.rejections import described, make_final, overturn
from services.people import push_schedule
from services.work import answer_messages, dispatch, submit
from storage.boxes.outbox import Lane
from storage.unit import UnitOfWork

AT_ONCE = 25  # appeals a sweep ends in one transaction


def appeal(unit: UnitOfWork, worker: Person, number: SubmissionId, admins: frozenset[int] = frozenset()) -> bool:
    """One press opens it; words may follow. False where there is nothing (more) to appeal."""
    submission, rejection = unit.submissions.find(number), unit.reviews.rejection(number)
    if submission is None or submission.worker != worker.id or rejection is None:
        raise NotFound(what="rejection", name=str(number))
    if not unit.reviews.appeal(number):
        return False
    opened = unit.appeals.open(number, later(unit.now, DECISION_TIME))
    project = unit.projects.get(submission.project)
    judged = bool(rejection.staked) and juries.draw(unit, opened, project, submission)
    if judged:
        unit.appeals.fund(opened.id, JUDGES)
        unit.juries.call()
    else:
        rulings.ask(unit, opened, project, submission, rejection, admins)
    about: dict[str, Any] = {"appeal": opened.id, "judges": JUDGES if judged else 0}
    unit.outbox.say(worker.id, "appeals.opened", title=project.title, until=opened.due_at, **about)
    return True


def judge(
    unit: UnitOfWork,
    worker: Person,
    number: int,
    verdict: Verdict | None,
    message: int | None,
    admins: frozenset[int] = frozenset(),
) -> tuple[int, str]:
    """A verdict, paid at once; None passes the place on. With the last one the appeal is decided."""
    judgement = unit.appeals.judgement(number, worker.id)
    if judgement is None:
        raise NotYours()
    if judgement.state == "given":
        raise AlreadyAnswered()
    known = unit.appeals.lock(judgement.appeal)
    if unit.appeals.is_party(known, worker.id):
        raise NotYours()
    submission = unit.submissions.get(known.submission)
    project = unit.projects.get(submission.project)
    if verdict is None:
        unit.appeals.leave(judgement, "skipped")
        unit.juries.call()
    elif not unit.appeals.give(judgement, verdict):
        raise TooLate()
    else:
        _pay(unit, worker, known, project)
        _decide_if_all_spoke(unit, known, admins)
    if message:
        facts: dict[str, Any] = {"title": project.title, "verdict": verdict}
        facts |= {"amount": submission.pay, "currency": project.currency}
        unit.outbox.say(worker.id, "appeals.judged", **answer_messages.tidying(message), **facts)
    _go_on(unit, unit.people.get(worker.id))
    return submission.pay, project.currency


def end_due(unit: UnitOfWork) -> None:
    """What time decides: for the worker where judges were silent, for the requester where the worker was."""
    for known in unit.appeals.due(AT_ONCE):
        grant(unit, unit.appeals.lock(known.id), unit.appeals.votes(known.id))
    for rejection in unit.reviews.closing(AT_ONCE):
        if (moved := make_final(unit, rejection, RejectionState.STANDING)) is not None:
            submission = unit.submissions.get(rejection.submission)
            facts: dict[str, Any] = described(unit, unit.projects.get(rejection.project), submission)
            unit.outbox.say(submission.worker, "appeals.closed", operation=moved, **facts)
    for judgement in unit.appeals.overdue(AT_ONCE):
        if unit.appeals.leave(judgement, "expired"):
            push_schedule.left_unanswered(unit, judgement.worker)
    unit.juries.call()


def _pay(unit: UnitOfWork, judge_: Person, known: Appeal, project: Project) -> None:
    key, submission = f"judge:{known.id}:{judge_.id}", unit.submissions.get(known.submission)
    _post(unit, key, "judge", JUDGES_PAY, available_account(judge_), submission.pay, project, submission)


def _decide_if_all_spoke(unit: UnitOfWork, known: Appeal, admins: frozenset[int]) -> None:
    votes = unit.appeals.votes(known.id)
    if votes.decision is AppealState.WON:
        grant(unit, known, votes)
    elif votes.decision is AppealState.LOST:
        refuse(unit, known, votes)
        jury_costs.share(unit, known, votes, admins)


def rule(unit: UnitOfWork, admin: Person, number: int, verdict: Verdict) -> None:
    """A human's word where there were too few judges, unless it is their own matter."""
    known = unit.appeals.find(number)
    if known is None:
        raise NotFound(what="rejection", name=str(number))
    if unit.appeals.is_party(known, admin.id):
        raise NotYours()
    if not unit.appeals.rule(known.id, admin.id):
        raise AlreadyAnswered()
    decide = grant if verdict is Verdict.WORKER else refuse
    decide(unit, unit.appeals.lock(known.id), Votes(0, 0), ruled=True)
    unit.audit.note(admin.id, "appeal", f"appeal:{known.id}", verdict=verdict.value)
    unit.outbox.say(admin.id, "appeals.ruled", number=known.id, verdict=verdict.value)


def grant(unit: UnitOfWork, known: Appeal, votes: Votes, ruled: bool = False) -> None:
    """The worker's, by a majority, an admin or silence."""
    if not unit.appeals.decide(known.id, AppealState.WON):
        return
    unit.juries.dismiss(known)
    submission = unit.submissions.get(known.submission)
    project = unit.projects.get(submission.project)
    rejection = unit.reviews.rejection(known.submission)
    if known.funded and votes.given < JUDGES and rejection is not None and not rejection.staked:  # from before
        rest = Millionths((JUDGES - votes.given) * submission.pay)
        _post(unit, f"unjury:{known.id}", "unjury", JUDGES_PAY, FEES, rest, project, submission)
    moved = overturn(unit, project, submission)
    about: dict[str, Any] = {**described(unit, project, submission), "votes": votes.worker, "against": votes.requester}
    about["ruled"] = ruled
    unit.outbox.say(submission.worker, "appeals.won", key=f"won:{known.id}", operation=moved, **about)
    unit.outbox.say(project.requester, "appeals.overturned", key=f"overturned:{known.id}", operation=moved, **about)


def refuse(unit: UnitOfWork, known: Appeal, votes: Votes, ruled: bool = False) -> None:
    """The requester's, by a majority or an admin: never by silence."""
    rejection = unit.reviews.rejection(known.submission)
    if rejection is None or not unit.appeals.decide(known.id, AppealState.LOST):
        return
    unit.juries.dismiss(known)
    moved = make_final(unit, rejection, RejectionState.APPEALED)
    submission = unit.submissions.get(known.submission)
    about = described(unit, unit.projects.get(submission.project), submission)
    counted: dict[str, Any] = {"votes": votes.worker, "against": votes.requester, "operation": moved, "ruled": ruled}
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
