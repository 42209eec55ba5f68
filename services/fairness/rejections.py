"""Effects of a rejection on money and data: pay is held and the answer hidden until the rejection is decided.

The losing side pays the judges: three judges' pay is held from the requester too; what no judge earned returns.

No pay, no data: from the rejection on the answer is in no consensus and no export; it comes back with its pay.
"""

from dataclasses import replace

from domain.answers import kind_of
from domain.fairness.appeals import AnswerRejected, AnswerShown, Citation, RejectionUpheld, judges_pay
from domain.fairness.review import APPEAL_WINDOW, MAX_CLAUSE_CHARS, Rejection, RejectionState
from domain.moments import later
from domain.money.amounts import Millionths
from domain.money.ledger import FEES, JUDGES, available_account, disputed_account, pending_account, requester_account
from domain.people.accounts import Person
from domain.projects.projects import Project
from domain.projects.results import displayed_answer
from domain.projects.tasks import TaskId, as_asked, content_of
from domain.refusals import AlreadyTheirs, JudgesPayMissing
from domain.work.assignments import Submission
from services import events
from services.money import topups, transfers
from services.projects import edits
from services.quality import consensus
from services.work.answer_messages import get_seen_task
from storage.unit import UnitOfWork


def describe_answer(unit: UnitOfWork, project: Project, submission: Submission) -> AnswerShown:
    """Return a submission with its task, under the instructions and in the order of options that its worker saw."""
    task, current_project = unit.tasks.get(submission.task), project
    project = edits.as_of_version(unit, project, submission.version)
    meanings = get_seen_task(unit, project, task, submission.worker).meant_by_label
    project = as_asked(project, task)
    return AnswerShown(
        submission=submission.id,
        project=project.id,
        title=project.title,
        kind=project.kind,
        answer=displayed_answer(project, submission.answer),
        pay=submission.pay,
        currency=project.currency,
        content=content_of(project, task),
        options=project.options,
        meant=tuple(meanings.items()),
        version=edits.cited(current_project, submission.version),
    )


def describe_answer_to_requester(unit: UnitOfWork, project: Project, submission: Submission) -> AnswerShown:
    """Return a submission as its requester sees it: without the answer if the worker took it back."""
    answer_shown = describe_answer(unit, project, submission)
    return replace(answer_shown, answer=None) if unit.consents.is_taken_back(submission.id) else answer_shown


def describe_citation(unit: UnitOfWork, rejection: Rejection) -> Citation:
    """Return the cited instruction line and the reason of a rejection."""
    project, answer = unit.projects.get(rejection.project), unit.submissions.get(rejection.submission)
    version = edits.cited(project, answer.version)
    return Citation(rejection.line, rejection.clause, rejection.reason, version)


def reject_submission(
    unit: UnitOfWork, requester: Person, project: Project, submission: Submission, line: int, reason: str
) -> None:
    """Reject a submission: hold its pay and the judges' pay, remove the answer from consensus, and tell the worker the
    cited line (0: all of the instructions), the reason and the deadline for an appeal. Raise JudgesPayMissing if the
    requester can't afford judges, AlreadyTheirs if the pay is not pending any more."""
    until, notice = later(unit.now, APPEAL_WINDOW), f"rejected:{submission.id}"
    rules, stake = edits.as_of_version(unit, project, submission.version).instructions, judges_pay(submission.pay)
    clause = rules[line - 1]
    if not line:
        line, clause = 1, " ".join(rules)[:MAX_CLAUSE_CHARS]
    require_judges_pay(unit, requester, project, submission)
    if not unit.reviews.reject(
        submission,
        line,
        clause,
        reason=reason,
        by=requester.id,
        notice=notice,
        until=until,
        staked=stake,
    ):
        raise AlreadyTheirs()
    operation = _hold_pay(unit, requester, project, submission, stake)
    unit.ledger.locked_balance(FEES, project.currency)  # serialises with transactions that sum the fees' liabilities
    recompute_consensus(unit, project, submission.task)
    version = edits.cited(project, submission.version)
    answer_shown, cited = describe_answer(unit, project, submission), Citation(line, clause, reason, version)
    unit.outbox.tell(submission.worker, AnswerRejected(answer_shown, cited, until, operation), key=notice)
    publish_for_program(unit, project, events.AnswerRejected(submission, reason))


def _hold_pay(
    unit: UnitOfWork, requester: Person, project: Project, submission: Submission, stake: Millionths
) -> int | None:
    """Hold the judges' pay (`stake`) of the requester and the rejected answer's pay. Return the number of the latter's
    transfer."""
    unit.spending.stated.add(project.id, stake)
    source = requester_account(requester)
    move_pay(unit, "stake", source, target=JUDGES, project=project, submission=submission, amount=stake)
    pending, disputed = pending_account(unit.people.get(submission.worker)), disputed_account(project.id)
    return move_pay(unit, "reject", pending, target=disputed, project=project, submission=submission)


def publish_for_program(
    unit: UnitOfWork, project: Project, event: events.AnswerApproved | events.AnswerRejected
) -> None:
    """Publish a decision about an answer of a project that a program keeps; nothing for other projects."""
    if kind_of(project.kind).is_of_programs:
        events.publish(unit, event)


def require_judges_pay(unit: UnitOfWork, requester: Person, project: Project, submission: Submission) -> None:
    """Require that the requester has the judges' pay. Raise JudgesPayMissing with the missing sum otherwise."""
    source, needed = requester_account(requester), judges_pay(submission.pay)
    unit.ledger.open((source, JUDGES), project.currency)
    if missing_sum := transfers.get_shortfall(unit, requester, needed, project.currency):
        raise JudgesPayMissing(**missing_sum)


def overturn_rejection(
    unit: UnitOfWork, project: Project, submission: Submission, was: RejectionState = RejectionState.APPEALED
) -> int | None:
    """Overturn a rejection: pay the worker, return the judges' unearned pay to the requester, count the answer again.
    Return the number of the transfer, None if the rejection's state is not `was`."""
    if not unit.reviews.mark_overturned(submission.id, was):
        return None
    worker = unit.people.get(submission.worker)
    operation = move_pay(
        unit,
        "appeal",
        disputed_account(project.id),
        target=available_account(worker),
        project=project,
        submission=submission,
    )
    _return_stake(unit, project, submission)
    topups.count_appealed_answer(unit, project, submission.id)
    recompute_consensus(unit, project, submission.task)
    publish_for_program(unit, project, events.AnswerApproved(submission))
    return operation


def finalize_rejection(unit: UnitOfWork, rejection: Rejection, was: RejectionState) -> int | None:
    """Make a rejection final: return pay, fee and the judges' unearned pay to the requester, who is told.
    Return the number of the transfer, None if the rejection's state is not `was`."""
    if not unit.reviews.mark_final(rejection.submission, was):
        return None
    project, submission = unit.projects.get(rejection.project), unit.submissions.get(rejection.submission)
    target = requester_account(unit.people.get(project.requester))
    operation = move_pay(
        unit, "forfeit", disputed_account(project.id), target=target, project=project, submission=submission
    )
    if submission.fee:
        fees = transfers.gather_project_fees(unit, project, submission.fee)
        move_pay(unit, "feeback", fees, target=target, project=project, submission=submission, amount=submission.fee)
    _return_stake(unit, project, submission)
    upheld_answer = describe_answer_to_requester(unit, project, submission)
    unit.outbox.tell(project.requester, RejectionUpheld(upheld_answer, submission.fee, operation))
    return operation


def _return_stake(unit: UnitOfWork, project: Project, submission: Submission) -> None:
    """Returns the pay that no judge earned to the requester."""
    appeal = unit.appeals.find_for_submission(submission.id)
    judges_earned = unit.appeals.votes(appeal.id).total * submission.pay if appeal else 0
    unearned = Millionths(unit.reviews.get(submission.id).staked - judges_earned)
    if unearned > 0:
        target = requester_account(unit.people.get(project.requester))
        move_pay(unit, "unstake", JUDGES, target=target, project=project, submission=submission, amount=unearned)


def move_pay(
    unit: UnitOfWork,
    kind: str,
    source: str,
    target: str,
    project: Project,
    submission: Submission,
    amount: Millionths | None = None,
) -> int | None:
    """Transfer a submission's pay (or `amount`) once for each `kind`. Return the number of the transfer, None if it was
    made before."""
    return transfers.post_for_project(
        unit,
        project,
        key=f"{kind}:{submission.id}",
        kind=kind,
        debit=source,
        credit=target,
        amount=amount or submission.pay,
        submission=submission.id,
    )


def recompute_consensus(unit: UnitOfWork, project: Project, task_id: TaskId) -> None:
    """Recompute a task's consensus from the answers that count now, unless it is gold; the project's model is refitted
    later."""
    task = unit.tasks.lock(task_id)
    if task.gold is None:
        consensus.store_consensus(unit, project, task, consensus.recompute_consensus(unit, project, task))
        unit.reviews.publish_consensus(task.id)
    unit.gold_tasks.changed(project.id)
