"""Workers: whom a requester blocks."""

from domain.people.accounts import Scope
from domain.people.qualifications import WorkerBlock
from extensions.mturk.domain.hits import Kind, Page
from extensions.mturk.services import assignments
from extensions.mturk.web.operation import Operation, Writer, Written

READ, DRAFT = Scope.READ, Scope.DRAFT


def write_blocks(writer: Writer, page: Page[WorkerBlock]) -> Written:
    rows: list[Written] = [{"WorkerId": writer.worker(block.worker), "Reason": block.reason} for block in page.rows]
    return writer.page(Kind.WORKER, page.last, "WorkerBlocks", rows)


WORKERS = (
    Operation("CreateWorkerBlock", DRAFT, assignments.create_block),
    Operation("DeleteWorkerBlock", DRAFT, assignments.delete_block),
    Operation("ListWorkerBlocks", READ, assignments.list_blocks, write_blocks, reads=True, stays=True),
)
