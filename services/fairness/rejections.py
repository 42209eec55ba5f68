"""Effects of a rejection on money and data: pay is held and the answer hidden until the rejection is decided.

The losing side pays the judges: three judges' pay is held from the requester too; what no judge earned returns.

No pay, no data: from the rejection on the answer is in no consensus and no export; it comes back with its pay.
"""

from dataclasses import replace

from domain.answers import kind_of
from domain.fairness.appeals import (
    AnswerRejected,
    AnswerShown,
    Citation,
    RejectionUpheld,
    judges_pay,
)
from domain.fairness.review import (
    APPEAL_WINDOW,
    LONGEST_CLAUSE,
    Rejection,
    RejectionState,
)
from domain.moments import later
from domain.money.amounts import Millionths
from domain.money.ledger import (
    FEES,
    JUDGES,
    Transfer,
    available_account,
    disputed_account,
    pending_account,
    requester_account,
)
from domain.mturk.notifications import Event
from domain.people.accounts import Person
from domain.projects.projects import Project
from domain.projects.results import shown
from domain.projects.tasks import TaskId, as_asked, content_of
from domain.refusals import AlreadyTheirs, JudgesPayMissing
from domain.work.assignments import Submission
from services.money import topups, transfers
from services.projects import edits
from services.quality import consensus
from services.work.answer_messages import seen_by
from storage.unit import UnitOfWork


def exhibit(unit: UnitOfWork, project: Project, submission: Submission) -> AnswerShown:
    task, known = unit.tasks.get(submission.task), project
    project = edits.under(unit, project, submission.version)
    meant = seen_by(unit, project, task, submission.worker).meant
    project = as_asked(project, task)
    return AnswerShown(
        submission=submission.id,
        project=project.id,
        title=project.title,
        kind=project.kind,
        answer=shown(project, submission.answer),
        pay=submission.pay,
        currency=project.currency,
        content=content_of(project, task),
        options=project.options,
        meant=tuple(meant.items()),
        version=edits.cited(known, submission.version),
    )


def requester_exhibit(unit: UnitOfWork, project: Project, submission: Submission) -> AnswerShown:
    """The same as its requester sees it: without an answer that was taken back."""
    shown_answer = exhibit(unit, project, submission)
    return replace(shown_answer, answer=None) if unit.consents.is_taken_back(submission.id) else shown_answer


def citation(unit: UnitOfWork, rejection: Rejection) -> Citation:
    project, answer = unit.projects.get(rejection.project), unit.submissions.get(rejection.submission)
    version = edits.cited(project, answer.version)
    return Citation(rejection.line, rejection.clause, rejection.reason, version)


def reject(
    unit: UnitOfWork, requester: Person, project: Project, submission: Submission, line: int, reason: str
) -> None:
    """Pending pay is held apart; the worker reads the line (0: all of the instructions), the reason and until when they
    may object."""
    until, notice = later(unit.now, APPEAL_WINDOW), f"rejected:{submission.id}"
    rules, stake = edits.under(unit, project, submission.version).instructions, judges_pay(submission.pay)
    clause = rules[line - 1]
    if not line:
        line, clause = 1, " ".join(rules)[:LONGEST_CLAUSE]
    afford_judges(unit, requester, project, submission)
    if not unit.reviews.reject(submission, line, clause, reason, requester.id, notice, until, stake):
        raise AlreadyTheirs()
    unit.spending.stated.add(project.id, stake)
    move(unit, "stake", requester_account(requester), JUDGES, project, submission, stake)
    worker = unit.people.get(submission.worker)
    moved = move(unit, "reject", pending_account(worker), disputed_account(project.id), project, submission)
    unit.ledger.locked_balance(FEES, project.currency)  # serialises with transactions that sum the fees' liabilities
    redraw(unit, project, submission.task)
    version = edits.cited(project, submission.version)
    about, cited = exhibit(unit, project, submission), Citation(line, clause, reason, version)
    unit.outbox.tell(worker.id, AnswerRejected(about, cited, until, moved), key=notice)
    tell_program(unit, project, submission, Event.REJECTED, reason)


def tell_program(unit: UnitOfWork, project: Project, submission: Submission, event: Event, words: str = "") -> None:
    """Wherever it was decided, a program reads when and in which words, and is told."""
    if kind_of(project.kind).is_of_programs:
        unit.turk_assignments.decided(submission.id, words or None)
        unit.turk_notifications.note_task(submission.task, event, submission.assignment)


def afford_judges(unit: UnitOfWork, requester: Person, project: Project, submission: Submission) -> None:
    """Raises JudgesPayMissing with the missing sum: a rejection needs the judges' pay."""
    source, needed = requester_account(requester), judges_pay(submission.pay)
    unit.ledger.open((source, JUDGES), project.currency)
    if lacking := transfers.what_is_missing(unit, requester, needed, project.currency):
        raise JudgesPayMissing(**lacking)


def overturn(
    unit: UnitOfWork, project: Project, submission: Submission, was: RejectionState = RejectionState.APPEALED
) -> int | None:
    """The worker was right: the pay is available, the answer counts again. The operation's number."""
    if not unit.reviews.overturn(submission.id, was):
        return None
    worker = unit.people.get(submission.worker)
    moved = move(unit, "appeal", disputed_account(project.id), available_account(worker), project, submission)
    _return_stake(unit, project, submission)
    topups.after_appeal(unit, project, submission.id)
    redraw(unit, project, submission.task)
    tell_program(unit, project, submission, Event.APPROVED)
    return moved


def make_final(unit: UnitOfWork, rejection: Rejection, was: RejectionState) -> int | None:
    """Pay and fee go back to the requester. The operation's number; None where it was decided already."""
    if not unit.reviews.make_final(rejection.submission, was):
        return None
    project, submission = unit.projects.get(rejection.project), unit.submissions.get(rejection.submission)
    target = requester_account(unit.people.get(project.requester))
    moved = move(unit, "forfeit", disputed_account(project.id), target, project, submission)
    if submission.fee:
        fees = transfers.gather_fees(unit, project, submission.fee)
        move(unit, "feeback", fees, target, project, submission, submission.fee)
    _return_stake(unit, project, submission)
    about = requester_exhibit(unit, project, submission)
    unit.outbox.tell(project.requester, RejectionUpheld(about, submission.fee, moved))
    return moved


def _return_stake(unit: UnitOfWork, project: Project, submission: Submission) -> None:
    """Returns the pay that no judge earned to the requester."""
    appeal = unit.appeals.of(submission.id)
    earned = unit.appeals.votes(appeal.id).given * submission.pay if appeal else 0
    rest = Millionths(unit.reviews.get(submission.id).staked - earned)
    if rest > 0:
        target = requester_account(unit.people.get(project.requester))
        move(unit, "unstake", JUDGES, target, project, submission, rest)


def move(
    unit: UnitOfWork,
    kind: str,
    source: str,
    target: str,
    project: Project,
    submission: Submission,
    amount: Millionths | None = None,
) -> int | None:
    """A submission's money, once for each kind of movement."""
    about = (project.currency, project.id, submission.id)
    return unit.ledger.post(Transfer(f"{kind}:{submission.id}", kind, source, target, amount or submission.pay, *about))


def redraw(unit: UnitOfWork, project: Project, task_id: TaskId) -> None:
    """The task's consensus from the answers that count now; the next refit learns of them too."""
    task = unit.tasks.lock(task_id)
    if task.gold is None:
        consensus.settle(unit, project, task, consensus.redraw(unit, project, task))
        unit.reviews.redrawn(task.id)
    unit.gold_tasks.changed(project.id)
