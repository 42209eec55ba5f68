"""Workers whom a requester offers nothing any more."""

from domain.mturk.errors import INVALID, RequestError
from domain.mturk.ids import Kind
from domain.mturk.pages import USUAL, Page
from domain.people.qualifications import LONGEST_REASON, SHORTEST_REASON, WorkerBlock
from domain.refusals import BadInput
from services.act import Act
from services.mturk import names
from services.people import blocks


def create(act: Act, *, worker_id: str, reason: str) -> None:
    """CreateWorkerBlock: they read the reason."""
    try:
        blocks.block(act, names.worker(act, worker_id).id, reason)
    except BadInput:
        raise RequestError(
            INVALID,
            f"Reason is what the worker reads: {SHORTEST_REASON} to {LONGEST_REASON} characters.",
        ) from None


def delete(act: Act, *, worker_id: str, reason: str = "") -> None:
    """DeleteWorkerBlock: of none succeeds."""
    blocks.end(act, names.worker(act, worker_id).id)


def listed(act: Act, *, next_token: str = "", max_results: int = USUAL) -> Page[WorkerBlock]:
    """ListWorkerBlocks."""
    rows = act.unit.worker_blocks.of(act.person.id, names.page_begins(act, Kind.WORKER, next_token), max_results)
    return Page(rows, rows[-1].worker if rows else 0)
