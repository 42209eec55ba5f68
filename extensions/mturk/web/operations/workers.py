"""Workers: whom a requester blocks."""

from domain.people.accounts import Scope
from domain.people.qualifications import WorkerBlock
from extensions.mturk.domain.hits import Kind, Page
from extensions.mturk.services import assignments
from extensions.mturk.web.operation import Operation, Writer, Written

READ, DRAFT = Scope.READ, Scope.DRAFT


def page(writer: Writer, found: Page[WorkerBlock]) -> Written:
    rows: list[Written] = [{"WorkerId": writer.worker(each.worker), "Reason": each.reason} for each in found.rows]
    return writer.page(Kind.WORKER, found.last, "WorkerBlocks", rows)


WORKERS = (
    Operation("CreateWorkerBlock", DRAFT, assignments.create),
    Operation("DeleteWorkerBlock", DRAFT, assignments.delete),
    Operation("ListWorkerBlocks", READ, assignments.list_blocks, page, reads=True, stays=True),
)
