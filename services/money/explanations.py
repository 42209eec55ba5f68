"""`/why ID`: explains one operation to the people that it concerns; to others it does not exist."""

from dataclasses import replace

from domain.money.explanations import (
    AnswerExplained,
    AppealExplained,
    Explanation,
    KnownAnswer,
    OthersAnswer,
    RejectionExplained,
    Step,
    TopupExplained,
    WhyMenu,
)
from domain.money.ledger import movement_of
from domain.money.payouts import PayoutView
from domain.people.accounts import Person, PersonId
from domain.projects.projects import ENDED, Project
from domain.projects.results import displayed_answer, displayed_answers
from domain.projects.tasks import Task, decision_time_of
from domain.refusals import NotFound
from domain.work.assignments import Submission, SubmissionId
from services.act import Act
from services.fairness.rejections import describe_answer, describe_citation
from services.money.payouts import payout_view
from storage.money.explanations import LedgerOperation
from storage.unit import UnitOfWork

WORKER, REQUESTER, ADMIN = "worker", "requester", "admin"
# The worker whose answer an operation is about may read it.
KINDS_ABOUT_ANSWERS = ("reward", "redo", "release", "reject", "appeal", "forfeit", "fee", "feeback")
KINDS_OF_PAYOUTS = ("payout", "withhold", "paid", "bounced", "unpaid", "unwithhold")


def show_menu(act: Act) -> WhyMenu:
    """`/why` alone: lists the explanations there are."""
    return WhyMenu(act.person.is_worker)


def explain_operation(act: Act, operation: int) -> Explanation:
    """Return the explanation of an operation for the sender, as a worker, requester (or member of a team) or admin.
    Raise NotFound for an unknown operation, and for one that does not concern the sender."""
    unit, found_operation = act.unit, act.unit.operations.find(operation)
    side = _find_side_of_sender(act, found_operation) if found_operation else None
    if found_operation is None or side is None:
        raise NotFound(what="operation", name=str(operation))
    project = unit.projects.get(found_operation.project) if found_operation.project else None
    return Explanation(
        operation=found_operation.id,
        movement=movement_of(found_operation.kind, found_operation.key),
        side=side,
        amount=found_operation.amount,
        currency=found_operation.currency,
        at=found_operation.made_at,
        memo=found_operation.memo,
        accounts=(found_operation.debit, found_operation.credit) if side == ADMIN else None,
        incoming=found_operation.credit.startswith(f"{side}:"),
        project=project.title if project else None,
        about=_explain_answer(unit, project, found_operation, side, act.person.id) if project else None,
        payout=_explain_payout(unit, found_operation),
        topup=_explain_topup(unit, project, found_operation) if project else None,
    )


def explain_to_requester(act: Act, operation: int) -> Explanation:
    """Return the explanation of an operation to a program, whose key is of the requester alone. Raise NotFound for one
    that concerns its owner as a worker or an admin."""
    explanation = explain_operation(act, operation)
    if explanation.side != REQUESTER:
        raise NotFound(what="operation", name=str(operation))
    return explanation


def _find_side_of_sender(act: Act, operation: LedgerOperation) -> str | None:
    """Return the role in which an operation concerns the sender, or the account they act for; `admin` for an admin whom
    it does not concern otherwise; else None."""
    team = None if act.program else act.person.acts_for  # a key is of one account
    accounts = [act.person, *([act.unit.people.get(team)] if team else [])]
    side = next(filter(None, (_find_side(act.unit, account, operation) for account in accounts)), None)
    return side or (ADMIN if ADMIN in act.roles else None)


def _explain_payout(unit: UnitOfWork, operation: LedgerOperation) -> PayoutView | None:
    """Return the payout that an operation belongs to, or None."""
    if operation.kind not in KINDS_OF_PAYOUTS:
        return None
    payout = unit.payouts.find(int(operation.key.split(":")[1]))
    return payout_view(unit, payout) if payout else None


def _explain_topup(unit: UnitOfWork, project: Project, operation: LedgerOperation) -> TopupExplained | None:
    """Return the arithmetic of a top-up: time of an answer, pay that the floor requires for it, number of answers. None
    for another kind of operation, or if the window or the worker's answers are not known any more."""
    if operation.kind != "topup":
        return None
    number, worker = map(int, operation.key.split(":")[2:4])
    window = unit.topups.find_window(project.id, number)
    answers = dict(unit.topups.list_earners(project.id, number)).get(PersonId(worker), 0)
    if window is None or not answers:
        return None
    pay = unit.topups.lowest_pay(project.id, number) or project.pay
    return TopupExplained(window.milliseconds, pay + window.each_owed, pay, answers, operation.amount // answers)


def _find_side(unit: UnitOfWork, person: Person, operation: LedgerOperation) -> str | None:
    """Return `worker` or `requester`, the role in which an operation concerns this person, or None."""
    names = (operation.debit, operation.credit)
    for side in (WORKER, REQUESTER):
        if any(name.startswith(f"{side}:{person.telegram_id}:") for name in names):
            return side
    if (
        operation.submission
        and operation.kind in KINDS_ABOUT_ANSWERS
        and _is_answer_of(unit, person, operation.submission)
    ):
        return WORKER
    if operation.project and any(name.startswith(f"project:{operation.project}:") for name in names):
        return REQUESTER if unit.projects.get(operation.project).requester == person.id else None
    return None


def _is_answer_of(unit: UnitOfWork, person: Person, submission: SubmissionId) -> bool:
    return unit.submissions.get(submission).worker == person.id


def _explain_answer(
    unit: UnitOfWork, project: Project, operation: LedgerOperation, side: str, reader: PersonId
) -> AnswerExplained | None:
    """Return the answer that an operation is about, or None: task, answer, rule, other answers, outcome. An answer that
    was taken back is shown to its worker only."""
    if not operation.submission:
        return None
    submission = unit.submissions.get(operation.submission)
    task, is_judges_pay = unit.tasks.get(submission.task), operation.kind == "judge"
    is_taken_back = reader != submission.worker and unit.consents.is_taken_back(submission.id)
    hidden = is_taken_back or (side == REQUESTER and submission.state == "rejected")
    answer_shown = describe_answer(unit, project, submission)
    return AnswerExplained(
        shown=replace(answer_shown, answer=None) if hidden else answer_shown,
        hidden=hidden,
        submitted_at=submission.submitted_at,
        fee=submission.fee,
        until=submission.held_until,
        rule=_get_rule(project, task, submission, operation),
        gold=None if is_judges_pay else _explain_gold(project, task, submission, side),
        others=None
        if is_judges_pay or not _may_see_others(project, task, submission, side)
        else _list_other_answers(unit, project, submission),
        rejection=None if is_judges_pay else _explain_rejection(unit, submission),
        history=() if is_judges_pay else _list_steps(unit, submission, side),
        taken_back=is_taken_back,
    )


def _may_see_others(project: Project, task: Task, submission: Submission, side: str) -> bool:
    """Return whether this side may see what others answered: requesters and admins once the task is closed.

    The worker sees them once the project has ended, or if the answer was rejected. Otherwise the number of answers,
    which differs for check questions, would tell the worker which task is one."""
    if side == WORKER and submission.state != "rejected":
        return project.state in ENDED
    return task.state != "open"


def _list_other_answers(unit: UnitOfWork, project: Project, submission: Submission) -> tuple[OthersAnswer, ...]:
    other_answers = unit.operations.count_other_answers(submission.task, submission.id)
    return tuple(OthersAnswer(displayed_answer(project, answer), count) for answer, count in other_answers)


def _get_rule(project: Project, task: Task, submission: Submission, operation: LedgerOperation) -> str:
    """Return why a reward went where it went, or why pending pay became available."""
    if operation.kind == "release":
        if operation.made_at >= submission.submitted_at + decision_time_of(task):
            return "silence"
        return "accepted" if project.accept == "review" else "qualified"
    pending = operation.credit.endswith(":pending")
    return ("review" if project.accept == "review" else "probation") if pending else "at_once"


def _explain_gold(project: Project, task: Task, submission: Submission, side: str) -> KnownAnswer | None:
    """Return the outcome of a check question, or None for another task. Until the project has ended, a worker learns
    only of check questions that they missed."""
    is_secret = side == WORKER and bool(submission.gold) and project.state not in ENDED
    if submission.gold is None or task.gold is None or is_secret:
        return None
    return KnownAnswer(bool(submission.gold), displayed_answers(project, task.gold))


def _explain_rejection(unit: UnitOfWork, submission: Submission) -> RejectionExplained | None:
    rejection = unit.reviews.find_rejection(submission.id)
    if rejection is None:
        return None
    appeal = _explain_appeal(unit, submission)
    return RejectionExplained(
        describe_citation(unit, rejection), rejection.state.value, rejection.rejected_at, rejection.appeal_until, appeal
    )


def _explain_appeal(unit: UnitOfWork, submission: Submission) -> AppealExplained | None:
    appeal = unit.appeals.find_for_submission(submission.id)
    if appeal is None:
        return None
    votes = unit.appeals.votes(appeal.id) if appeal.state.value != "open" else None
    in_favour, against = (votes.worker, votes.requester) if votes else (None, None)
    ruled = appeal.ruled_by is not None
    return AppealExplained(
        state=appeal.state.value, at=appeal.opened_at, due=appeal.due_at, votes=in_favour, against=against, ruled=ruled
    )


def _list_steps(unit: UnitOfWork, submission: Submission, side: str) -> tuple[Step, ...]:
    """Return every operation about this answer that this side may see."""
    hidden_kinds = (
        ("fee", "feeback", "costs", "extra", "unextra") if side == WORKER else ("release",) if side == REQUESTER else ()
    )
    return tuple(
        Step(operation.id, operation.kind, operation.amount, operation.made_at)
        for operation in unit.operations.list_for_submission(submission.id)
        if operation.kind not in hidden_kinds
    )
