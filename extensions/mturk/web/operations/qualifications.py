"""Qualification types, what workers have of them, and requests."""

import json

from domain.people.accounts import Scope
from domain.people.qualifications import Qualification, QualificationType
from extensions.mturk.domain.hits import Kind, Page
from extensions.mturk.formats import question
from extensions.mturk.services import qualification_types
from extensions.mturk.services.qualification_types import WaitingRequest
from extensions.mturk.web.operation import (
    Operation,
    Writer,
    Written,
    seconds,
)
from extensions.mturk.web.operations.hits import write_page as page_of_hits

READ, DRAFT = Scope.READ, Scope.DRAFT


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
        "QualificationTypeId": writer.id(Kind.QUALIFICATION_TYPE, type_.id),
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


def write_types(writer: Writer, page: Page[QualificationType]) -> Written:
    rows = [write_type_members(writer, type_) for type_ in page.rows]
    return writer.page(Kind.QUALIFICATION_TYPE, page.last, "QualificationTypes", rows)


def write_qualification_members(writer: Writer, qualification: Qualification) -> Written:
    return {
        "QualificationTypeId": writer.id(Kind.QUALIFICATION_TYPE, qualification.type),
        "WorkerId": writer.worker(qualification.worker),
        "GrantTime": seconds(qualification.changed_at),
        "IntegerValue": qualification.value,
        "Status": "Granted" if qualification.granted else "Revoked",
    }


def write_qualification(writer: Writer, qualification: Qualification) -> Written:
    return {"Qualification": write_qualification_members(writer, qualification)}


def write_qualifications(writer: Writer, page: Page[Qualification]) -> Written:
    rows = [write_qualification_members(writer, qualification) for qualification in page.rows]
    return writer.page(Kind.WORKER, page.last, "Qualifications", rows)


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
        "QualificationRequestId": writer.id(Kind.QUALIFICATION_REQUEST, request.id),
        "QualificationTypeId": writer.id(Kind.QUALIFICATION_TYPE, request.type),
        "WorkerId": writer.worker(request.worker),
        **test_members,
        "SubmitTime": seconds(request.made_at),
    }


def write_requests(writer: Writer, page: Page[WaitingRequest]) -> Written:
    rows = [_write_request(writer, waiting) for waiting in page.rows]
    return writer.page(Kind.QUALIFICATION_REQUEST, page.last, "QualificationRequests", rows)


QUALIFICATIONS = (
    Operation("CreateQualificationType", DRAFT, qualification_types.create, write_type),
    Operation("UpdateQualificationType", DRAFT, qualification_types.update, write_type),
    Operation("GetQualificationType", READ, qualification_types.get, write_type, reads=True, stays=True),
    Operation("DeleteQualificationType", DRAFT, qualification_types.delete),
    Operation("ListQualificationTypes", READ, qualification_types.list_types, write_types, reads=True, stays=True),
    Operation(
        "ListHITsForQualificationType", READ, qualification_types.list_hits, page_of_hits, reads=True, stays=True
    ),
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
