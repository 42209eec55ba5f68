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
    format_amount,
)
from extensions.mturk.formats import question
from extensions.mturk.services import assignments, notifications
from extensions.mturk.services.assignments import AssignmentWithHit
from extensions.mturk.services.notifications import NotificationFailure
from extensions.mturk.web.operation import (
    Operation,
    Writer,
    Written,
    seconds,
)
from extensions.mturk.web.operations.hits import write_hit as members_of_hit

READ, SPEND, DRAFT = Scope.READ, Scope.SPEND, Scope.DRAFT


def write_assignment(writer: Writer, assignment: TurkAssignment, question_xml: str) -> Written:
    """Return the members of an assignment; `question_xml` is its HIT's Question."""
    status = assignment.status(writer.now)
    answers = json.loads(assignment.answer) if assignment.answer else {}
    return {
        "AssignmentId": writer.id(Kind.ASSIGNMENT, assignment.assignment),
        "WorkerId": writer.worker(assignment.worker),
        "HITId": writer.id(Kind.HIT, assignment.hit),
        "AssignmentStatus": status,
        "AutoApprovalTime": seconds(assignment.auto_approval),
        "AcceptTime": seconds(assignment.accepted_at),
        "SubmitTime": seconds(assignment.submitted_at),
        "Deadline": seconds(assignment.deadline),
        "Answer": question.write_answer_xml(question.read_question(question_xml), answers),
        **_write_decision(assignment, status),
    }


def _write_decision(assignment: TurkAssignment, status: AssignmentStatus) -> Written:
    """Return when the assignment was decided, and the feedback; nothing while it waits. An undecided answer counts as
    approved at the end of its time."""
    if status is AssignmentStatus.SUBMITTED:
        return {}
    decided_at = assignment.auto_approval if assignment.decided_at is None else assignment.decided_at
    time = "ApprovalTime" if status is AssignmentStatus.APPROVED else "RejectionTime"
    return {time: seconds(decided_at), **({"RequesterFeedback": assignment.feedback} if assignment.feedback else {})}


def write_assignment_with_hit(writer: Writer, pair: AssignmentWithHit) -> Written:
    assignment_members = write_assignment(writer, pair.assignment, pair.hit.question)
    return {"Assignment": assignment_members, "HIT": members_of_hit(writer, pair.hit)}


def write_page(writer: Writer, page: tuple[Hit, Page[TurkAssignment]]) -> Written:
    hit, rows = page
    listed = [write_assignment(writer, assignment, hit.question) for assignment in rows.rows]
    return writer.page(Kind.ASSIGNMENT, rows.last, "Assignments", listed)


def write_bonuses(writer: Writer, page: Page[BonusPayment]) -> Written:
    listed: list[Written] = [
        {
            "WorkerId": writer.worker(bonus.worker),
            "BonusAmount": format_amount(bonus.amount),
            "AssignmentId": writer.id(Kind.ASSIGNMENT, bonus.assignment),
            "Reason": bonus.reason,
            "GrantTime": seconds(bonus.at),
        }
        for bonus in page.rows
    ]
    return writer.page(Kind.BONUS, page.last, "BonusPayments", listed)


def write_failures(writer: Writer, failures: Sequence[NotificationFailure]) -> Written:
    return {
        "NotifyWorkersFailureStatuses": [
            {
                "NotifyWorkersFailureCode": "HardFailure" if failure.hard else "SoftFailure",
                "NotifyWorkersFailureMessage": failure.why,
                "WorkerId": failure.worker,
            }
            for failure in failures
        ]
    }


ASSIGNMENTS = (
    Operation("GetAssignment", READ, assignments.get, write_assignment_with_hit, reads=True, looks=True, stays=True),
    Operation(
        "ListAssignmentsForHIT", READ, assignments.list_assignments, write_page, reads=True, looks=True, stays=True
    ),
    Operation("ApproveAssignment", SPEND, assignments.approve, stays=True),
    Operation("RejectAssignment", SPEND, assignments.reject),
    Operation("SendBonus", SPEND, assignments.send_bonus),
    Operation("ListBonusPayments", READ, assignments.list_bonuses, write_bonuses, reads=True, stays=True),
    Operation("NotifyWorkers", DRAFT, notifications.notify_workers, write_failures),
    Operation("GetFileUploadURL", READ, assignments.refuse_upload_url, reads=True),
)
