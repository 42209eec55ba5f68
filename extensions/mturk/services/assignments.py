"""Assignments: read, approved, rejected, thanked with a bonus."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from domain.fairness.review import (
    MAX_REASON_CHARS,
    MIN_REASON_CHARS,
    RejectionState,
    parse_reason,
)
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
    Kind,
    Page,
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
class Balance:
    """Millionths: `free`, and `held` for answers that may still come, their top-ups among them."""

    free: int
    held: int


def balance(act: Act) -> Balance:
    unit, currency = act.unit, act.house.terms.currency
    free = unit.ledger.balance(requester_account(act.person), currency)
    return Balance(free, unit.spending.sum_held_budgets(act.person.id, currency))


DECIDABLE = "This operation can be called with a status of: Submitted"
CITED = re.compile(r"\s*(?:instruction|line)?\s*([0-9]{1,3})\s*[:.)]\s*(.*)", re.IGNORECASE | re.DOTALL)
BONUS = "SendBonus"
LONGEST_BONUS_REASON = 300


@dataclass(frozen=True, slots=True)
class Read:
    """An assignment and its HIT."""

    assignment: TurkAssignment
    hit: Hit


def get(act: Act, *, assignment_id: str) -> Read:
    """GetAssignment."""
    found = hit_types.get_submitted_assignment(act, assignment_id)
    review.mark_as_looked_at(act.unit, found.submission, found.submitted_at)
    return Read(found, act.unit.records(Hits).get(found.hit))


def listed(
    act: Act,
    *,
    hit_id: str,
    next_token: str = "",
    max_results: int = USUAL,
    assignment_statuses: Sequence[str] = (),
) -> tuple[Hit, Page[TurkAssignment]]:
    """ListAssignmentsForHIT: in the order in which they came."""
    found, unit = hit_types.get_own_hit(act, hit_id), act.unit
    after = hit_types.get_page_start(act, Kind.ASSIGNMENT, next_token)
    wanted = [AssignmentStatus(status) for status in assignment_statuses]
    rows = unit.records(TurkAssignments).page(unit.records(Hits).tasks_of(found.id), wanted, after, max_results)
    for each in rows:
        review.mark_as_looked_at(unit, each.submission, each.submitted_at)
    return found, Page(rows, rows[-1].submission if rows else 0)


def approve(act: Act, *, assignment_id: str, requester_feedback: str = "", override_rejection: bool = False) -> None:
    """ApproveAssignment: paid at once; a rejection may be taken back."""
    found = hit_types.get_submitted_assignment(act, assignment_id)
    status = found.status(act.unit.now)
    if status is AssignmentStatus.REJECTED and override_rejection:
        _take_back(act, found)
    elif status is AssignmentStatus.SUBMITTED:
        review.accept_answer(act, found.submission)
    else:
        raise _state(status)
    if requester_feedback.strip():
        act.unit.records(TurkAssignments).decided(found.submission, requester_feedback)
        title = act.unit.records(Hits).get(found.hit).shape.called
        act.unit.outbox.tell(
            found.worker, AnswerFeedback(title, " ".join(requester_feedback.split())[:MAX_REASON_CHARS])
        )


def _take_back(act: Act, found: TurkAssignment) -> None:
    """The pay is the worker's, and nobody has to judge any more."""
    unit, submission = act.unit, act.unit.submissions.get(found.submission)
    state = unit.reviews.get(submission.id).state
    if state is RejectionState.FINAL:
        raise RequestError(ASSIGNMENT_STATE, "The time to take this rejection back is over. " + DECIDABLE)
    opened = unit.appeals.find_for_submission(submission.id)
    if state is RejectionState.APPEALED and opened is not None:
        appeals.decide_for_worker(unit, unit.appeals.lock(opened.id), unit.appeals.votes(opened.id))
    else:
        rejections.overturn_rejection(unit, unit.projects.get(submission.project), submission, state)


def reject(act: Act, *, assignment_id: str, requester_feedback: str) -> None:
    """RejectAssignment: the feedback is the reason; it may name a line of the description, `2: …`."""
    found = hit_types.get_submitted_assignment(act, assignment_id)
    status = found.status(act.unit.now)
    if status is not AssignmentStatus.SUBMITTED:
        raise _state(status)
    project, submission = review.get_own_answer(act.unit, act.person, found.submission)
    line, words = _cited(requester_feedback, project)
    if parse_reason(words) is None:
        raise RequestError(
            INVALID,
            f"RequesterFeedback is the reason the worker reads: {MIN_REASON_CHARS} to {MAX_REASON_CHARS} characters "
            "that say which instruction was not followed and how.",
        )
    try:
        review.reject_answer(act, submission.id, line, words)
    except (AlreadyTheirs, CantTellIsPaid):
        raise _state(AssignmentStatus.APPROVED) from None


def _cited(feedback: str, project: Project) -> tuple[int, str]:
    """The line of the description, 0 for all of it, and the reason."""
    match = CITED.fullmatch(feedback)
    if match and 1 <= int(match[1]) <= len(project.instructions):
        return int(match[1]), match[2]
    return (1 if len(project.instructions) == 1 else 0), feedback


def _state(status: AssignmentStatus) -> RequestError:
    """The text is matched by programs."""
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
    """SendBonus: as often as it is asked for, with a token once."""
    found, worker = hit_types.get_submitted_assignment(act, assignment_id), hit_types.get_known_worker(act, worker_id)
    amount, words = hits.read(bonus_amount), " ".join(reason.split())[:LONGEST_BONUS_REASON]
    if found.worker != worker.id:
        raise RequestError(INVALID, f"Worker {worker_id} did not do the assignment {assignment_id}.")
    if not amount or not words:
        raise RequestError(INVALID, "BonusAmount is an amount above zero such as 0.25, and Reason has words.")
    if unique_request_token:
        _use(act, unique_request_token, found.submission)
    bonus.pay_worker(act, worker, amount, words)
    act.unit.records(TurkAssignments).add_bonus(
        act.person.id, worker=worker.id, submission=found.submission, hit=found.hit, amount=amount, reason=words
    )


def _use(act: Act, token: str, made: int) -> None:
    if act.unit.records(Tokens).find(act.person.id, BONUS, token) is not None:
        raise RequestError(REPEATED, f"The request with ID {token} was done already.")
    act.unit.records(Tokens).keep(act.person.id, BONUS, token, made)


def bonuses(
    act: Act, *, hit_id: str = "", assignment_id: str = "", next_token: str = "", max_results: int = USUAL
) -> Page[BonusPayment]:
    """ListBonusPayments, of a HIT or of one assignment."""
    after = hit_types.get_page_start(act, Kind.BONUS, next_token)
    if bool(hit_id) is bool(assignment_id):
        raise RequestError(INVALID, "Either HITId or AssignmentId is needed.")
    if hit_id:
        rows = act.unit.records(TurkAssignments).bonuses_of_hit(
            hit_types.get_own_hit(act, hit_id).id, after, max_results
        )
    else:
        found = hit_types.get_submitted_assignment(act, assignment_id)
        rows = act.unit.records(TurkAssignments).bonuses_of(found.submission, after, max_results)
    return Page(rows, rows[-1].number if rows else 0)


def upload_url(act: Act, *, assignment_id: str, question_identifier: str) -> None:
    """GetFileUploadURL: there is none."""
    hit_types.get_submitted_assignment(act, assignment_id)
    raise RequestError(
        INVALID,
        "FileUploadAnswer is not offered: Mechanical Turk ended it in 2017. A project made in the chat can ask for"
        " photos.",
    )


def create(act: Act, *, worker_id: str, reason: str) -> None:
    """CreateWorkerBlock: they read the reason."""
    try:
        blocks.block_worker(act, hit_types.get_known_worker(act, worker_id).id, reason)
    except BadInput:
        raise RequestError(
            INVALID,
            f"Reason is what the worker reads: {MIN_BLOCK_REASON_CHARS} to {MAX_BLOCK_REASON_CHARS} characters.",
        ) from None


def delete(act: Act, *, worker_id: str, reason: str = "") -> None:
    """DeleteWorkerBlock: of none succeeds."""
    blocks.end_block(act, hit_types.get_known_worker(act, worker_id).id)


def list_blocks(act: Act, *, next_token: str = "", max_results: int = USUAL) -> Page[WorkerBlock]:
    """ListWorkerBlocks."""
    rows = act.unit.worker_blocks.list_blocks(
        act.person.id, hit_types.get_page_start(act, Kind.WORKER, next_token), max_results
    )
    return Page(rows, rows[-1].worker if rows else 0)
