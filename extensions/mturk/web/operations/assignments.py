"""Assignments, bonuses and notes to workers."""

import json
from collections.abc import Sequence

from domain.people.accounts import Scope
from extensions.mturk.domain.hits import (
    AssignmentStatus,
    BonusPayment,
    Hit,
    Kind,
    Page,
    TurkAssignment,
    written,
)
from extensions.mturk.formats import question
from extensions.mturk.services import assignments, notifications
from extensions.mturk.services.assignments import Read
from extensions.mturk.services.notifications import Failure
from extensions.mturk.web.operation import (
    Operation,
    Writer,
    Written,
    seconds,
)
from extensions.mturk.web.operations.hits import members as members_of_hit

READ, SPEND, DRAFT = Scope.READ, Scope.SPEND, Scope.DRAFT


def members(writer: Writer, found: TurkAssignment, asked: str) -> Written:
    """`asked` is the Question's XML."""
    status = found.status(writer.now)
    given = json.loads(found.answer) if found.answer else {}
    return {
        "AssignmentId": writer.id(Kind.ASSIGNMENT, found.assignment),
        "WorkerId": writer.worker(found.worker),
        "HITId": writer.id(Kind.HIT, found.hit),
        "AssignmentStatus": status,
        "AutoApprovalTime": seconds(found.auto_approval),
        "AcceptTime": seconds(found.accepted_at),
        "SubmitTime": seconds(found.submitted_at),
        "Deadline": seconds(found.deadline),
        "Answer": question.written(question.read_question(asked), given),
        **_decided(found, status),
    }


def _decided(found: TurkAssignment, status: AssignmentStatus) -> Written:
    """When, and in which words; silence approves at the end of its time."""
    if status is AssignmentStatus.SUBMITTED:
        return {}
    at = found.auto_approval if found.decided_at is None else found.decided_at
    time = "ApprovalTime" if status is AssignmentStatus.APPROVED else "RejectionTime"
    return {time: seconds(at), **({"RequesterFeedback": found.feedback} if found.feedback else {})}


def one(writer: Writer, found: Read) -> Written:
    assignment = members(writer, found.assignment, found.hit.question)
    return {"Assignment": assignment, "HIT": members_of_hit(writer, found.hit)}


def page(writer: Writer, found: tuple[Hit, Page[TurkAssignment]]) -> Written:
    hit, rows = found
    listed = [members(writer, each, hit.question) for each in rows.rows]
    return writer.page(Kind.ASSIGNMENT, rows.last, "Assignments", listed)


def bonuses(writer: Writer, found: Page[BonusPayment]) -> Written:
    listed: list[Written] = [
        {
            "WorkerId": writer.worker(each.worker),
            "BonusAmount": written(each.amount),
            "AssignmentId": writer.id(Kind.ASSIGNMENT, each.assignment),
            "Reason": each.reason,
            "GrantTime": seconds(each.at),
        }
        for each in found.rows
    ]
    return writer.page(Kind.BONUS, found.last, "BonusPayments", listed)


def failures(writer: Writer, found: Sequence[Failure]) -> Written:
    return {
        "NotifyWorkersFailureStatuses": [
            {
                "NotifyWorkersFailureCode": "HardFailure" if each.hard else "SoftFailure",
                "NotifyWorkersFailureMessage": each.why,
                "WorkerId": each.worker,
            }
            for each in found
        ]
    }


ASSIGNMENTS = (
    Operation("GetAssignment", READ, assignments.get, one, reads=True, looks=True, stays=True),
    Operation("ListAssignmentsForHIT", READ, assignments.listed, page, reads=True, looks=True, stays=True),
    Operation("ApproveAssignment", SPEND, assignments.approve, stays=True),
    Operation("RejectAssignment", SPEND, assignments.reject),
    Operation("SendBonus", SPEND, assignments.send_bonus),
    Operation("ListBonusPayments", READ, assignments.bonuses, bonuses, reads=True, stays=True),
    Operation("NotifyWorkers", DRAFT, notifications.notify, failures),
    Operation("GetFileUploadURL", READ, assignments.upload_url, reads=True),
)
