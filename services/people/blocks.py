"""A requester's block list: whom they offer nothing any more. What a worker has earned, and what they have in hand,
stays theirs; other requesters do not hear of it."""

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
from domain.refusals import BadInput, NotFound
from domain.work.assignments import SubmissionId
from services.act import Act, Reply
from services.fairness.review import get_own_answer
from services.people.accounts import pseudonym_for
from storage.unit import UnitOfWork

JOURNEY = "block"
PAGE = 8


def ask(act: Act, submission: SubmissionId) -> BlockAsked:
    """The button beside an answer: the reason is typed."""
    _, found = get_own_answer(act.unit, act.person, submission)
    act.unit.drafts.keep(act.person.id, JOURNEY, {"submission": found.id}, act.unit.now)
    return BlockAsked(_name(act.unit, act.person, found.worker))


def typed(act: Act, draft: dict[str, Any], text: str) -> WorkerBlocked:
    _, found = get_own_answer(act.unit, act.person, SubmissionId(draft["submission"]))
    blocked = block(act, found.worker, text)
    act.unit.drafts.drop(act.person.id)
    name = _name(act.unit, act.person, found.worker)
    return WorkerBlocked(name, found.worker, not blocked, act.person.team_number)


def block(act: Act, worker: PersonId, words: str) -> bool:
    """False: they were blocked before. Raises BadInput for a reason that the worker could not understand."""
    reason = " ".join(words.split())
    if not MIN_BLOCK_REASON_CHARS <= len(reason) <= MAX_BLOCK_REASON_CHARS:
        raise BadInput(what="reason", value=reason, expected=[str(MIN_BLOCK_REASON_CHARS), str(MAX_BLOCK_REASON_CHARS)])
    if not act.unit.worker_blocks.add(act.person.id, worker, reason):
        return False
    act.unit.audit.note(act.person.id, "worker blocked", f"person:{worker}")
    act.unit.outbox.tell(worker, BlockedByRequester(act.person.name, reason))
    return True


def unblock(act: Act, number: int, team: TeamNumber) -> WorkerUnblocked:
    """Of the list."""
    worker = PersonId(number)
    if not end(act, worker):
        raise NotFound(what="worker", name=str(number))
    return WorkerUnblocked(_name(act.unit, act.person, worker))


def end(act: Act, worker: PersonId) -> bool:
    """False: they were not blocked."""
    if not act.unit.worker_blocks.remove(act.person.id, worker):
        return False
    act.unit.audit.note(act.person.id, "worker unblocked", f"person:{worker}")
    act.unit.outbox.tell(worker, UnblockedByRequester(act.person.name))
    act.unit.people.unpark_one(worker)
    return True


def listed(act: Act, team: TeamNumber, after: int = 0) -> Reply:
    found = act.unit.worker_blocks.list_blocks(act.person.id, after, PAGE + 1)
    shown = tuple(
        BlockedWorker(_name(act.unit, act.person, each.worker), each.worker, each.reason) for each in found[:PAGE]
    )
    more, last = len(found) > PAGE, shown[-1].number if shown else 0
    return Reply(BlockList(shown, more, last, act.person.team_name, team), edits=act.message)


def _name(unit: UnitOfWork, requester: Person, worker: PersonId) -> str:
    return pseudonym_for(unit, requester.id, worker)


def are_apart(unit: UnitOfWork, worker: PersonId, requester: PersonId) -> bool:
    return unit.worker_blocks.is_blocked(requester, worker) or unit.payees.are_mates(worker, requester)


def check(unit: UnitOfWork, worker: PersonId, type_: QualificationType) -> None:
    """For a button that was sent before. Raises NotFound, and so it does for a type that is not in use."""
    if not type_.active or are_apart(unit, worker, type_.requester):
        raise NotFound(what="qualification", name="")
