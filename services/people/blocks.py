"""A requester's block list: workers who are offered none of their tasks. Earned pay and tasks in hand stay with the
worker; other requesters do not learn of it."""

from typing import Any

from domain.people.accounts import Person, PersonId
from domain.people.qualifications import (
    MAX_BLOCK_REASON_CHARS,
    MIN_BLOCK_REASON_CHARS,
    BlockAsked,
    BlockedByRequester,
    BlockedWorker,
    BlockList,
    QualificationType,
    UnblockedByRequester,
    WorkerBlocked,
    WorkerUnblocked,
)
from domain.people.teams import TeamNumber
from domain.programs import ProgramsBlock, ProgramsBlocks, ProgramsUnblocked
from domain.refusals import BadInput, NotFound
from domain.work.assignments import SubmissionId
from services.act import Act, Reply
from services.fairness.review import get_own_answer
from services.money import bonus
from services.people.accounts import pseudonym_for
from storage.unit import UnitOfWork

JOURNEY = "block"
BLOCKS_PER_PAGE, MAX_BLOCKS_LISTED = 8, 10_000


def ask_block_reason(act: Act, submission: SubmissionId) -> BlockAsked:
    """Ask for the reason for blocking this answer's worker; the next text is taken for it. Raise NotFound if the answer
    is no own one."""
    _, answer = get_own_answer(act.unit, act.person, submission)
    act.unit.drafts.keep(act.person.id, JOURNEY, {"submission": answer.id}, act.unit.now)
    return BlockAsked(_name(act.unit, act.person, answer.worker))


def block_typed(act: Act, draft: dict[str, Any], text: str) -> WorkerBlocked:
    """Block the worker of the answer in the draft for the typed reason. Raise BadInput if it is too short or too
    long."""
    _, answer = get_own_answer(act.unit, act.person, SubmissionId(draft["submission"]))
    blocked = block_worker(act, answer.worker, text)
    act.unit.drafts.drop(act.person.id)
    name = _name(act.unit, act.person, answer.worker)
    return WorkerBlocked(name, answer.worker, not blocked, act.person.team_number)


def block_worker(act: Act, worker: PersonId, text: str) -> bool:
    """Block a worker and tell them the reason. Return False if they were blocked before. Raise BadInput if the reason
    is too short or too long."""
    reason = " ".join(text.split())
    if not MIN_BLOCK_REASON_CHARS <= len(reason) <= MAX_BLOCK_REASON_CHARS:
        raise BadInput(what="reason", value=reason, expected=[str(MIN_BLOCK_REASON_CHARS), str(MAX_BLOCK_REASON_CHARS)])
    if not act.unit.worker_blocks.add(act.person.id, worker, reason):
        return False
    act.unit.audit.note(act.person.id, "worker blocked", f"person:{worker}")
    act.unit.outbox.tell(worker, BlockedByRequester(act.person.name, reason))
    return True


def block_by_name(act: Act, worker: str, reason: str) -> ProgramsBlock:
    """Block the worker with this pseudonym, for programs. Raise NotFound for somebody who never worked for this
    requester, BadInput if the reason is too short or too long."""
    number, _ = bonus.find_worker_and_project(act.unit, act.person, worker)
    block_worker(act, number, reason)
    return ProgramsBlock(_name(act.unit, act.person, number), " ".join(reason.split()))


def unblock_by_name(act: Act, worker: str) -> ProgramsUnblocked:
    """Take the worker with this pseudonym from the block list, for programs. Raise NotFound if they are not on it."""
    number, _ = bonus.find_worker_and_project(act.unit, act.person, worker)
    unblock_worker(act, number, TeamNumber(act.person.team_number))
    return ProgramsUnblocked(_name(act.unit, act.person, number))


def list_by_name(act: Act) -> ProgramsBlocks:
    """Return the whole block list by pseudonyms, for programs; it never shows the numbers of people."""
    blocks = act.unit.worker_blocks.list_blocks(act.person.id, 0, MAX_BLOCKS_LISTED)
    return ProgramsBlocks(
        tuple(ProgramsBlock(_name(act.unit, act.person, block.worker), block.reason) for block in blocks)
    )


def unblock_worker(act: Act, number: int, team: TeamNumber) -> WorkerUnblocked:
    """Take a worker from the block list of the account whose button was pressed, and tell them. Raise NotFound if they
    are not on it."""
    worker = PersonId(number)
    if not end_block(act, worker):
        raise NotFound(what="worker", name=str(number))
    return WorkerUnblocked(_name(act.unit, act.person, worker))


def end_block(act: Act, worker: PersonId) -> bool:
    """Take a worker from the block list, tell them, and offer them work again. Return False if they were not on it."""
    if not act.unit.worker_blocks.remove(act.person.id, worker):
        return False
    act.unit.audit.note(act.person.id, "worker unblocked", f"person:{worker}")
    act.unit.outbox.tell(worker, UnblockedByRequester(act.person.name))
    act.unit.people.unpark_one(worker)
    return True


def list_blocks(act: Act, team: TeamNumber, after: int = 0) -> Reply:
    """Show a page of the block list, beginning after the worker with the number `after`."""
    blocks = act.unit.worker_blocks.list_blocks(act.person.id, after, BLOCKS_PER_PAGE + 1)
    lines = tuple(
        BlockedWorker(_name(act.unit, act.person, block.worker), block.worker, block.reason)
        for block in blocks[:BLOCKS_PER_PAGE]
    )
    has_more, last = len(blocks) > BLOCKS_PER_PAGE, lines[-1].number if lines else 0
    return Reply(BlockList(lines, has_more, last, act.person.team_name, team), edits=act.message)


def _name(unit: UnitOfWork, requester: Person, worker: PersonId) -> str:
    return pseudonym_for(unit, requester.id, worker)


def are_apart(unit: UnitOfWork, worker: PersonId, requester: PersonId) -> bool:
    """Return whether the requester blocks the worker, or the two share a bank account or a team."""
    return unit.worker_blocks.is_blocked(requester, worker) or unit.payees.are_mates(worker, requester)


def require_obtainable(unit: UnitOfWork, worker: PersonId, type_: QualificationType) -> None:
    """Raise NotFound if the worker cannot get this qualification any more: it is not active, or its requester blocks
    them or is linked to them. Needed because buttons stay in the chat."""
    if not type_.active or are_apart(unit, worker, type_.requester):
        raise NotFound(what="qualification", name="")
