"""The operations of the Mechanical Turk interface by name: what a key must be allowed to, the service, and how its
result is written."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.moments import SECOND, Moment
from domain.people.accounts import Scope
from domain.people.qualifications import Qualification, QualificationType, WorkerBlock
from extensions.mturk.domain.hits import (
    AssignmentStatus,
    BonusPayment,
    Hit,
    HitPage,
    HitType,
    IdKind,
    TurkAssignment,
    encode_id,
    encode_page_token,
    encode_worker_id,
    format_amount,
)
from extensions.mturk.formats import question
from extensions.mturk.services import assignments, hit_types, hits, notifications, qualification_types, review_policies
from extensions.mturk.services.assignments import AssignmentWithHit, RequesterBalance
from extensions.mturk.services.notifications import NotificationFailure
from extensions.mturk.services.qualification_types import WaitingRequest
from extensions.mturk.services.review_policies import ASSIGNMENT, HIT, LevelReport, PolicyReports
from extensions.mturk.storage.assignments import ReviewAction, ReviewResult
from services.act import Act

READ, DRAFT, SPEND = Scope.READ, Scope.DRAFT, Scope.SPEND
Written = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Writer:
    """Writer of results: it knows the secret and the requester that public ids depend on."""

    secret: bytes
    requester: int
    now: Moment

    @classmethod
    def for_act(cls, act: Act) -> "Writer":
        return cls(act.unit.settings.secret, act.person.id, act.unit.now)

    def id(self, kind: IdKind, number: int) -> str:
        return encode_id(self.secret, kind, number)

    def worker(self, number: int) -> str:
        return encode_worker_id(self.secret, self.requester, number)

    def token(self, kind: IdKind, last: int) -> str:
        """Return the NextToken of the page behind `last`."""
        return encode_page_token(self.secret, self.requester, kind, last)

    def page(self, kind: IdKind, last: int, name: str, rows: list[Written]) -> Written:
        """Return a page of rows under `name`. Every page with rows has a NextToken, the last one too."""
        token = {"NextToken": self.token(kind, last)} if rows else {}
        return {"NumResults": len(rows), **token, name: rows}


def seconds(moment: Moment) -> int:
    """Return a moment in seconds since 1970, as answers have times."""
    return moment // SECOND


def write_nothing(writer: Writer, result: object) -> Written:
    return {}


@dataclass(frozen=True, slots=True)
class Operation:
    """`service(act, **members)` gets what the input's shape knows and the program sent, by the names of its
    parameters; `writes(writer, result)` makes Amazon's members of what it returns (moments as `seconds`).

    `reads`: it changes nothing, or, where it `looks`, notes alone what the program has read. `stays`: also for a
    requester whom an admin has suspended.
    """

    name: str
    scope: Scope
    service: Callable[..., Any]
    writes: Callable[[Writer, Any], Written] = write_nothing
    reads: bool = False
    looks: bool = False
    stays: bool = False


def _write_balance(writer: Writer, balance: RequesterBalance) -> Written:
    return {"AvailableBalance": format_amount(balance.available), "OnHoldBalance": format_amount(balance.on_hold)}


ACCOUNT = (Operation("GetAccountBalance", READ, assignments.get_balance, _write_balance, reads=True, stays=True),)


def write_type_id(writer: Writer, type_: HitType) -> Written:
    return {"HITTypeId": writer.id(IdKind.TYPE, type_.id)}


def write_hit(writer: Writer, hit: Hit) -> Written:
    """Return the members of a HIT. Programs index them without a check, so that each is always there."""
    shape = hit.shape
    annotation = {} if hit.annotation is None else {"RequesterAnnotation": hit.annotation}
    return {
        "HITId": writer.id(IdKind.HIT, hit.id),
        "HITTypeId": writer.id(IdKind.TYPE, hit.type),
        "HITGroupId": writer.id(IdKind.GROUP, hit.type),
        "CreationTime": seconds(hit.created_at),
        "Title": shape.title,
        "Description": shape.description,
        "Question": hit.question,
        "Keywords": shape.keywords,
        "HITStatus": hit.status,
        "MaxAssignments": hit.overlap,
        "Reward": format_amount(shape.reward),
        "AutoApprovalDelayInSeconds": shape.approval,
        "Expiration": seconds(hit.expires_at),
        "AssignmentDurationInSeconds": shape.duration,
        **annotation,
        "QualificationRequirements": list(shape.requirements),
        "HITReviewStatus": "NotReviewed",
        "NumberOfAssignmentsPending": hit.active,
        "NumberOfAssignmentsAvailable": hit.free,
        "NumberOfAssignmentsCompleted": hit.decided,
    }


def write_one(writer: Writer, hit: Hit) -> Written:
    return {"HIT": write_hit(writer, hit)}


def write_hits(writer: Writer, page: HitPage[Hit]) -> Written:
    return writer.page(IdKind.HIT, page.last, "HITs", [write_hit(writer, hit) for hit in page.rows])


HITS = (
    Operation("CreateHITType", DRAFT, hit_types.create, write_type_id),
    Operation("CreateHIT", SPEND, hits.create, write_one),
    Operation("CreateHITWithHITType", SPEND, hits.create_with_type, write_one),
    Operation("GetHIT", READ, hits.get, write_one, reads=True, stays=True),
    Operation("ListHITs", READ, hits.list_hits, write_hits, reads=True, stays=True),
    Operation("ListReviewableHITs", READ, hits.list_reviewable, write_hits, reads=True, stays=True),
    Operation("UpdateExpirationForHIT", SPEND, hits.expire, stays=True),
    Operation("CreateAdditionalAssignmentsForHIT", SPEND, hits.extend),
    Operation("UpdateHITReviewStatus", DRAFT, hits.change_review_status, stays=True),
    Operation("UpdateHITTypeOfHIT", SPEND, hits.change_type),
    Operation("DeleteHIT", DRAFT, hits.delete, stays=True),
)


def write_assignment(writer: Writer, assignment: TurkAssignment, question_xml: str) -> Written:
    """Return the members of an assignment; `question_xml` is its HIT's Question."""
    status = assignment.status(writer.now)
    answers = json.loads(assignment.answer) if assignment.answer else {}
    return {
        "AssignmentId": writer.id(IdKind.ASSIGNMENT, assignment.assignment),
        "WorkerId": writer.worker(assignment.worker),
        "HITId": writer.id(IdKind.HIT, assignment.hit),
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
    return {"Assignment": assignment_members, "HIT": write_hit(writer, pair.hit)}


def write_assignments(writer: Writer, page: tuple[Hit, HitPage[TurkAssignment]]) -> Written:
    hit, rows = page
    listed = [write_assignment(writer, assignment, hit.question) for assignment in rows.rows]
    return writer.page(IdKind.ASSIGNMENT, rows.last, "Assignments", listed)


def write_bonuses(writer: Writer, page: HitPage[BonusPayment]) -> Written:
    listed: list[Written] = [
        {
            "WorkerId": writer.worker(bonus.worker),
            "BonusAmount": format_amount(bonus.amount),
            "AssignmentId": writer.id(IdKind.ASSIGNMENT, bonus.assignment),
            "Reason": bonus.reason,
            "GrantTime": seconds(bonus.at),
        }
        for bonus in page.rows
    ]
    return writer.page(IdKind.BONUS, page.last, "BonusPayments", listed)


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
        "ListAssignmentsForHIT",
        READ,
        assignments.list_assignments,
        write_assignments,
        reads=True,
        looks=True,
        stays=True,
    ),
    Operation("ApproveAssignment", SPEND, assignments.approve, stays=True),
    Operation("RejectAssignment", SPEND, assignments.reject),
    Operation("SendBonus", SPEND, assignments.send_bonus),
    Operation("ListBonusPayments", READ, assignments.list_bonuses, write_bonuses, reads=True, stays=True),
    Operation("NotifyWorkers", DRAFT, notifications.notify_workers, write_failures),
    Operation("GetFileUploadURL", READ, assignments.refuse_upload_url, reads=True),
)


NOTIFICATIONS = (
    Operation("UpdateNotificationSettings", DRAFT, notifications.update_settings),
    Operation("SendTestEventNotification", DRAFT, notifications.send_test_event),
)


def write_reports(writer: Writer, reports: PolicyReports) -> Written:
    token = {"NextToken": writer.token(IdKind.REVIEW_ACTION, reports.last)} if reports.last else {}
    policies = {
        f"{level}ReviewPolicy": {"PolicyName": report.policy}
        for level, report in reports.by_level.items()
        if report.policy
    }
    level_reports = {
        f"{level}ReviewReport": _write_report(writer, reports.hit, report) for level, report in reports.by_level.items()
    }
    return {"HITId": writer.id(IdKind.HIT, reports.hit), **policies, **level_reports, **token}


def _write_report(writer: Writer, hit: int, report: LevelReport) -> Written:
    return {
        "ReviewResults": [_write_result(writer, hit, entry) for entry in report.results],
        "ReviewActions": [_write_action(writer, hit, entry) for entry in report.actions],
    }


def _write_subject(writer: Writer, hit: int, assignment: int | None) -> tuple[str, str]:
    if assignment is None:
        return writer.id(IdKind.HIT, hit), HIT
    return writer.id(IdKind.ASSIGNMENT, assignment), ASSIGNMENT


def _write_result(writer: Writer, hit: int, result: ReviewResult) -> Written:
    subject, kind = _write_subject(writer, hit, result.assignment)
    question = {} if result.question is None else {"QuestionId": result.question}
    subject_members = {
        "ActionId": writer.id(IdKind.REVIEW_ACTION, result.id),
        "SubjectId": subject,
        "SubjectType": kind,
    }
    return {**subject_members, **question, "Key": result.name, "Value": result.value}


def _write_action(writer: Writer, hit: int, action: ReviewAction) -> Written:
    target, kind = _write_subject(writer, hit, action.assignment)
    return {
        "ActionId": writer.id(IdKind.REVIEW_ACTION, action.id),
        "ActionName": action.name,
        "TargetId": target,
        "TargetType": kind,
        "Status": action.status,
        "CompleteTime": seconds(action.at),
        **({"Result": action.result} if action.result else {}),
    }


REVIEW_POLICIES = (
    Operation(
        "ListReviewPolicyResultsForHIT", READ, review_policies.list_results, write_reports, reads=True, stays=True
    ),
)


def write_type_members(writer: Writer, type_: QualificationType) -> Written:
    optional = {
        "Keywords": type_.keywords or None,
        "Test": type_.test,
        "TestDurationInSeconds": type_.test_seconds,
        "AnswerKey": type_.answer_key,
        "RetryDelayInSeconds": type_.retry_seconds,
        "AutoGrantedValue": type_.granted_by_itself,
    }
    return {
        "QualificationTypeId": writer.id(IdKind.QUALIFICATION_TYPE, type_.id),
        "CreationTime": seconds(type_.made_at),
        "Name": type_.name,
        "Description": type_.description,
        "QualificationTypeStatus": qualification_types.ACTIVE if type_.active else qualification_types.INACTIVE,
        "IsRequestable": True,
        "AutoGranted": type_.granted_by_itself is not None,
        **{name: value for name, value in optional.items() if value is not None},
    }


def write_type(writer: Writer, type_: QualificationType) -> Written:
    return {"QualificationType": write_type_members(writer, type_)}


def write_types(writer: Writer, page: HitPage[QualificationType]) -> Written:
    rows = [write_type_members(writer, type_) for type_ in page.rows]
    return writer.page(IdKind.QUALIFICATION_TYPE, page.last, "QualificationTypes", rows)


def write_qualification_members(writer: Writer, qualification: Qualification) -> Written:
    return {
        "QualificationTypeId": writer.id(IdKind.QUALIFICATION_TYPE, qualification.type),
        "WorkerId": writer.worker(qualification.worker),
        "GrantTime": seconds(qualification.changed_at),
        "IntegerValue": qualification.value,
        "Status": "Granted" if qualification.granted else "Revoked",
    }


def write_qualification(writer: Writer, qualification: Qualification) -> Written:
    return {"Qualification": write_qualification_members(writer, qualification)}


def write_qualifications(writer: Writer, page: HitPage[Qualification]) -> Written:
    rows = [write_qualification_members(writer, qualification) for qualification in page.rows]
    return writer.page(IdKind.WORKER, page.last, "Qualifications", rows)


def _write_request(writer: Writer, waiting: WaitingRequest) -> Written:
    request = waiting.request
    test_members: dict[str, str] = {}
    if request.test:
        answers = json.loads(request.answers) if request.answers else {}
        test_members = {
            "Test": request.test,
            "Answer": question.write_answer_xml(question.read_question(request.test), answers),
        }
    return {
        "QualificationRequestId": writer.id(IdKind.QUALIFICATION_REQUEST, request.id),
        "QualificationTypeId": writer.id(IdKind.QUALIFICATION_TYPE, request.type),
        "WorkerId": writer.worker(request.worker),
        **test_members,
        "SubmitTime": seconds(request.made_at),
    }


def write_requests(writer: Writer, page: HitPage[WaitingRequest]) -> Written:
    rows = [_write_request(writer, waiting) for waiting in page.rows]
    return writer.page(IdKind.QUALIFICATION_REQUEST, page.last, "QualificationRequests", rows)


QUALIFICATIONS = (
    Operation("CreateQualificationType", DRAFT, qualification_types.create, write_type),
    Operation("UpdateQualificationType", DRAFT, qualification_types.update, write_type),
    Operation("GetQualificationType", READ, qualification_types.get, write_type, reads=True, stays=True),
    Operation("DeleteQualificationType", DRAFT, qualification_types.delete),
    Operation("ListQualificationTypes", READ, qualification_types.list_types, write_types, reads=True, stays=True),
    Operation("ListHITsForQualificationType", READ, qualification_types.list_hits, write_hits, reads=True, stays=True),
    Operation("AssociateQualificationWithWorker", DRAFT, qualification_types.associate),
    Operation("DisassociateQualificationFromWorker", DRAFT, qualification_types.disassociate),
    Operation(
        "GetQualificationScore", READ, qualification_types.get_score, write_qualification, reads=True, stays=True
    ),
    Operation(
        "ListWorkersWithQualificationType",
        READ,
        qualification_types.list_workers,
        write_qualifications,
        reads=True,
        stays=True,
    ),
    Operation(
        "ListQualificationRequests", READ, qualification_types.list_requests, write_requests, reads=True, stays=True
    ),
    Operation("AcceptQualificationRequest", DRAFT, qualification_types.accept),
    Operation("RejectQualificationRequest", DRAFT, qualification_types.reject),
)


def write_blocks(writer: Writer, page: HitPage[WorkerBlock]) -> Written:
    rows: list[Written] = [{"WorkerId": writer.worker(block.worker), "Reason": block.reason} for block in page.rows]
    return writer.page(IdKind.WORKER, page.last, "WorkerBlocks", rows)


WORKERS = (
    Operation("CreateWorkerBlock", DRAFT, assignments.create_block),
    Operation("DeleteWorkerBlock", DRAFT, assignments.delete_block),
    Operation("ListWorkerBlocks", READ, assignments.list_blocks, write_blocks, reads=True, stays=True),
)


_OF_HITS = (*ACCOUNT, *HITS, *ASSIGNMENTS, *NOTIFICATIONS, *REVIEW_POLICIES)
OPERATIONS: dict[str, Operation] = {operation.name: operation for operation in (*_OF_HITS, *QUALIFICATIONS, *WORKERS)}
