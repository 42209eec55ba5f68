"""Workers: whom a requester blocks."""

from domain.mturk.ids import Kind
from domain.mturk.pages import Page
from domain.people.api_keys import Scope
from domain.people.qualifications import WorkerBlock
from services.mturk import blocks
from web.mturk.operation import Operation, Writer, Written

READ, DRAFT = Scope.READ, Scope.DRAFT


def page(writer: Writer, found: Page[WorkerBlock]) -> Written:
    rows: list[Written] = [{"WorkerId": writer.worker(each.worker), "Reason": each.reason} for each in found.rows]
    return writer.page(Kind.WORKER, found.last, "WorkerBlocks", rows)


WORKERS = (
    Operation("CreateWorkerBlock", DRAFT, blocks.create),
    Operation("DeleteWorkerBlock", DRAFT, blocks.delete),
    Operation("ListWorkerBlocks", READ, blocks.listed, page, reads=True, stays=True),
)
