"""Assignments: read, approved, rejected, thanked with a bonus."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from domain.fairness.review import MAX_REASON_CHARS, MIN_REASON_CHARS, RejectionState, parse_reason
from domain.money.ledger import requester_account
from domain.people.qualifications import MAX_BLOCK_REASON_CHARS, MIN_BLOCK_REASON_CHARS, WorkerBlock
from domain.projects.projects import Project
from domain.refusals import AlreadyTheirs, BadInput, CantTellIsPaid
from extensions.mturk.domain import hits
from extensions.mturk.domain.hits import (
    ASSIGNMENT_STATE,
    INVALID,
    REPEATED,
    USUAL,
    AssignmentStatus,
    BonusPayment,
    Hit,
    HitPage,
    IdKind,
    RequestError,
    TurkAssignment,
)
from extensions.mturk.domain.notifications import AnswerFeedback
from extensions.mturk.services import hit_types
from extensions.mturk.storage.assignments import TurkAssignments
from extensions.mturk.storage.hits import Hits, Tokens
from services.act import Act
from services.fairness import appeals, rejections, review
from services.money import bonus
from services.people import blocks


@dataclass(frozen=True, slots=True)
class RequesterBalance:
    """A requester's money in millionths: `available`, and `on_hold` for answers that may still come, their top-ups
    among them."""

    available: int
    on_hold: int


def get_balance(act: Act) -> RequesterBalance:
    """GetAccountBalance: return the requester's balance."""
    unit, currency = act.unit, act.house.terms.currency
    free = unit.ledger.balance(requester_account(act.person), currency)
    return RequesterBalance(free, unit.spending.sum_held_budgets(act.person.id, currency))


DECIDABLE = "This operation can be called with a status of: Submitted"
CITATION_PATTERN = re.compile(r"\s*(?:instruction|line)?\s*([0-9]{1,3})\s*[:.)]\s*(.*)", re.IGNORECASE | re.DOTALL)
BONUS = "SendBonus"
LONGEST_BONUS_REASON = 300


@dataclass(frozen=True, slots=True)
class AssignmentWithHit:
    """An assignment and its HIT."""

    assignment: TurkAssignment
    hit: Hit


def get(act: Act, *, assignment_id: str) -> AssignmentWithHit:
    """GetAssignment: return the assignment and mark it as looked at. Raise RequestError unless it was submitted to this
    requester."""
    assignment = hit_types.get_submitted_assignment(act, assignment_id)
    review.mark_as_looked_at(act.unit, assignment.submission, assignment.submitted_at)
    return AssignmentWithHit(assignment, act.unit.records(Hits).get(assignment.hit))


def list_assignments(
    act: Act,
    *,
    hit_id: str,
    next_token: str = "",
    max_results: int = USUAL,
    assignment_statuses: Sequence[str] = (),
) -> tuple[Hit, HitPage[TurkAssignment]]:
    """ListAssignmentsForHIT: return a page of assignments in the order of submission, and mark them as looked at."""
    hit, unit = hit_types.get_own_hit(act, hit_id), act.unit
    after = hit_types.get_page_start(act, IdKind.ASSIGNMENT, next_token)
    statuses = [AssignmentStatus(status) for status in assignment_statuses]
    rows = unit.records(TurkAssignments).list_for_tasks(
        unit.records(Hits).tasks_of(hit.id), statuses, after, max_results
    )
    for assignment in rows:
        review.mark_as_looked_at(unit, assignment.submission, assignment.submitted_at)
    return hit, HitPage(rows, rows[-1].submission if rows else 0)


def approve(act: Act, *, assignment_id: str, requester_feedback: str = "", override_rejection: bool = False) -> None:
    """ApproveAssignment: pay the answer at once, and send the worker the feedback. With `override_rejection`, take a
    rejection back. Raise RequestError in any other state."""
    assignment = hit_types.get_submitted_assignment(act, assignment_id)
    status = assignment.status(act.unit.now)
    if status is AssignmentStatus.REJECTED and override_rejection:
        _take_back(act, assignment)
    elif status is AssignmentStatus.SUBMITTED:
        review.accept_answer(act, assignment.submission)
    else:
        raise _to_state_error(status)
    if requester_feedback.strip():
        act.unit.records(TurkAssignments).store_decision(assignment.submission, requester_feedback)
        title = act.unit.records(Hits).get(assignment.hit).shape.single_line_title
        act.unit.outbox.tell(
            assignment.worker, AnswerFeedback(title, " ".join(requester_feedback.split())[:MAX_REASON_CHARS])
        )


def _take_back(act: Act, assignment: TurkAssignment) -> None:
    """Overturn a rejection, or decide its appeal for the worker. Raise RequestError once the rejection is final."""
    unit, submission = act.unit, act.unit.submissions.get(assignment.submission)
    state = unit.reviews.get(submission.id).state
    if state is RejectionState.FINAL:
        raise RequestError(ASSIGNMENT_STATE, "The time to take this rejection back is over. " + DECIDABLE)
    open_appeal = unit.appeals.find_for_submission(submission.id)
    if state is RejectionState.APPEALED and open_appeal is not None:
        appeals.decide_for_worker(unit, unit.appeals.lock(open_appeal.id), unit.appeals.votes(open_appeal.id))
    else:
        rejections.overturn_rejection(unit, unit.projects.get(submission.project), submission, state)


def reject(act: Act, *, assignment_id: str, requester_feedback: str) -> None:
    """RejectAssignment: reject with the feedback as the reason, which may name a line of the description as in `2: …`.
    Raise RequestError unless the answer waits for a decision and the reason has a valid length."""
    assignment = hit_types.get_submitted_assignment(act, assignment_id)
    status = assignment.status(act.unit.now)
    if status is not AssignmentStatus.SUBMITTED:
        raise _to_state_error(status)
    project, submission = review.get_own_answer(act.unit, act.person, assignment.submission)
    line, words = _split_citation(requester_feedback, project)
    if parse_reason(words) is None:
        raise RequestError(
            INVALID,
            f"RequesterFeedback is the reason the worker reads: {MIN_REASON_CHARS} to {MAX_REASON_CHARS} characters "
            "that say which instruction was not followed and how.",
        )
    try:
        review.reject_answer(act, submission.id, line, words)
    except (AlreadyTheirs, CantTellIsPaid):
        raise _to_state_error(AssignmentStatus.APPROVED) from None


def _split_citation(feedback: str, project: Project) -> tuple[int, str]:
    """Return the cited line of the description, or 0 for all of it, and the reason without the citation."""
    match = CITATION_PATTERN.fullmatch(feedback)
    if match and 1 <= int(match[1]) <= len(project.instructions):
        return int(match[1]), match[2]
    return (1 if len(project.instructions) == 1 else 0), feedback


def _to_state_error(status: AssignmentStatus) -> RequestError:
    """Return the error for an assignment in this status; programs match its text."""
    return RequestError(ASSIGNMENT_STATE, f"This Assignment is currently in the state '{status}'. {DECIDABLE}")


def send_bonus(
    act: Act,
    *,
    worker_id: str,
    bonus_amount: str,
    assignment_id: str,
    reason: str,
    unique_request_token: str = "",
) -> None:
    """SendBonus: pay a bonus for an assignment. Raise RequestError if the worker did not do it, for no amount or
    reason, and for a token that was used before."""
    assignment, worker = (
        hit_types.get_submitted_assignment(act, assignment_id),
        hit_types.get_known_worker(act, worker_id),
    )
    amount, words = hits.parse_amount(bonus_amount), " ".join(reason.split())[:LONGEST_BONUS_REASON]
    if assignment.worker != worker.id:
        raise RequestError(INVALID, f"Worker {worker_id} did not do the assignment {assignment_id}.")
    if not amount or not words:
        raise RequestError(INVALID, "BonusAmount is an amount above zero such as 0.25, and Reason has words.")
    if unique_request_token:
        _use_token(act, unique_request_token, assignment.submission)
    bonus.pay_worker(act, worker, amount, words)
    act.unit.records(TurkAssignments).add_bonus(
        act.person.id,
        worker=worker.id,
        submission=assignment.submission,
        hit=assignment.hit,
        amount=amount,
        reason=words,
    )


def _use_token(act: Act, token: str, submission: int) -> None:
    """Store the token of a request. Raise RequestError if it was used before."""
    if act.unit.records(Tokens).find(act.person.id, BONUS, token) is not None:
        raise RequestError(REPEATED, f"The request with ID {token} was done already.")
    act.unit.records(Tokens).save(act.person.id, BONUS, token, submission)


def list_bonuses(
    act: Act, *, hit_id: str = "", assignment_id: str = "", next_token: str = "", max_results: int = USUAL
) -> HitPage[BonusPayment]:
    """ListBonusPayments: return a page of the bonuses of a HIT or of one assignment. Raise RequestError unless exactly
    one of the two is named."""
    after = hit_types.get_page_start(act, IdKind.BONUS, next_token)
    if bool(hit_id) is bool(assignment_id):
        raise RequestError(INVALID, "Either HITId or AssignmentId is needed.")
    if hit_id:
        rows = act.unit.records(TurkAssignments).list_bonuses_of_hit(
            hit_types.get_own_hit(act, hit_id).id, after, max_results
        )
    else:
        assignment = hit_types.get_submitted_assignment(act, assignment_id)
        rows = act.unit.records(TurkAssignments).list_bonuses_of_submission(assignment.submission, after, max_results)
    return HitPage(rows, rows[-1].number if rows else 0)


def refuse_upload_url(act: Act, *, assignment_id: str, question_identifier: str) -> None:
    """GetFileUploadURL: always raise RequestError, because no uploads are offered."""
    hit_types.get_submitted_assignment(act, assignment_id)
    raise RequestError(
        INVALID,
        "FileUploadAnswer is not offered: Mechanical Turk ended it in 2017. A project made in the chat can ask for"
        " photos.",
    )


def create_block(act: Act, *, worker_id: str, reason: str) -> None:
    """CreateWorkerBlock: block a worker, who is told the reason. Raise RequestError if the reason is too short or too
    long."""
    try:
        blocks.block_worker(act, hit_types.get_known_worker(act, worker_id).id, reason)
    except BadInput:
        raise RequestError(
            INVALID,
            f"Reason is what the worker reads: {MIN_BLOCK_REASON_CHARS} to {MAX_BLOCK_REASON_CHARS} characters.",
        ) from None


def delete_block(act: Act, *, worker_id: str, reason: str = "") -> None:
    """DeleteWorkerBlock: end a block; do nothing if there is none."""
    blocks.end_block(act, hit_types.get_known_worker(act, worker_id).id)


def list_blocks(act: Act, *, next_token: str = "", max_results: int = USUAL) -> HitPage[WorkerBlock]:
    """ListWorkerBlocks: return a page of blocked workers."""
    rows = act.unit.worker_blocks.list_blocks(
        act.person.id, hit_types.get_page_start(act, IdKind.WORKER, next_token), max_results
    )
    return HitPage(rows, rows[-1].worker if rows else 0)
