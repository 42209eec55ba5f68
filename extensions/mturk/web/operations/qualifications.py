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
from extensions.mturk.web.operations.hits import page as page_of_hits

READ, DRAFT = Scope.READ, Scope.DRAFT


def type_members(writer: Writer, found: QualificationType) -> Written:
    optional = {
        "Keywords": found.keywords or None,
        "Test": found.test,
        "TestDurationInSeconds": found.test_seconds,
        "AnswerKey": found.answer_key,
        "RetryDelayInSeconds": found.retry_seconds,
        "AutoGrantedValue": found.granted_by_itself,
    }
    return {
        "QualificationTypeId": writer.id(Kind.QUALIFICATION_TYPE, found.id),
        "CreationTime": seconds(found.made_at),
        "Name": found.name,
        "Description": found.description,
        "QualificationTypeStatus": qualification_types.ACTIVE if found.active else qualification_types.INACTIVE,
        "IsRequestable": True,
        "AutoGranted": found.granted_by_itself is not None,
        **{name: value for name, value in optional.items() if value is not None},
    }


def one_type(writer: Writer, found: QualificationType) -> Written:
    return {"QualificationType": type_members(writer, found)}


def types(writer: Writer, found: Page[QualificationType]) -> Written:
    rows = [type_members(writer, each) for each in found.rows]
    return writer.page(Kind.QUALIFICATION_TYPE, found.last, "QualificationTypes", rows)


def members(writer: Writer, found: Qualification) -> Written:
    return {
        "QualificationTypeId": writer.id(Kind.QUALIFICATION_TYPE, found.type),
        "WorkerId": writer.worker(found.worker),
        "GrantTime": seconds(found.changed_at),
        "IntegerValue": found.value,
        "Status": "Granted" if found.granted else "Revoked",
    }


def score(writer: Writer, found: Qualification) -> Written:
    return {"Qualification": members(writer, found)}


def workers(writer: Writer, found: Page[Qualification]) -> Written:
    rows = [members(writer, each) for each in found.rows]
    return writer.page(Kind.WORKER, found.last, "Qualifications", rows)


def _request(writer: Writer, found: WaitingRequest) -> Written:
    request = found.request
    tested: dict[str, str] = {}
    if request.test:
        given = json.loads(request.answers) if request.answers else {}
        tested = {"Test": request.test, "Answer": question.written(question.read_question(request.test), given)}
    return {
        "QualificationRequestId": writer.id(Kind.QUALIFICATION_REQUEST, request.id),
        "QualificationTypeId": writer.id(Kind.QUALIFICATION_TYPE, request.type),
        "WorkerId": writer.worker(request.worker),
        **tested,
        "SubmitTime": seconds(request.made_at),
    }


def requests(writer: Writer, found: Page[WaitingRequest]) -> Written:
    rows = [_request(writer, each) for each in found.rows]
    return writer.page(Kind.QUALIFICATION_REQUEST, found.last, "QualificationRequests", rows)


QUALIFICATIONS = (
    Operation("CreateQualificationType", DRAFT, qualification_types.create, one_type),
    Operation("UpdateQualificationType", DRAFT, qualification_types.update, one_type),
    Operation("GetQualificationType", READ, qualification_types.get, one_type, reads=True, stays=True),
    Operation("DeleteQualificationType", DRAFT, qualification_types.delete),
    Operation("ListQualificationTypes", READ, qualification_types.listed, types, reads=True, stays=True),
    Operation("ListHITsForQualificationType", READ, qualification_types.hits, page_of_hits, reads=True, stays=True),
    Operation("AssociateQualificationWithWorker", DRAFT, qualification_types.associate),
    Operation("DisassociateQualificationFromWorker", DRAFT, qualification_types.disassociate),
    Operation("GetQualificationScore", READ, qualification_types.score, score, reads=True, stays=True),
    Operation("ListWorkersWithQualificationType", READ, qualification_types.workers, workers, reads=True, stays=True),
    Operation("ListQualificationRequests", READ, qualification_types.requests, requests, reads=True, stays=True),
    Operation("AcceptQualificationRequest", DRAFT, qualification_types.accept),
    Operation("RejectQualificationRequest", DRAFT, qualification_types.reject),
)
