"""Results of review policies, as Amazon writes them."""

from domain.people.accounts import Scope
from extensions.mturk.domain.hits import Kind
from extensions.mturk.services import review_policies
from extensions.mturk.services.review_policies import (
    ASSIGNMENT,
    HIT,
    LevelReport,
    PolicyReports,
)
from extensions.mturk.storage.assignments import ReviewAction, ReviewResult
from extensions.mturk.web.operation import (
    Operation,
    Writer,
    Written,
    seconds,
)


def write_reports(writer: Writer, reports: PolicyReports) -> Written:
    token = {"NextToken": writer.token(Kind.REVIEW_ACTION, reports.last)} if reports.last else {}
    policies = {
        f"{level}ReviewPolicy": {"PolicyName": report.policy}
        for level, report in reports.by_level.items()
        if report.policy
    }
    level_reports = {
        f"{level}ReviewReport": _write_report(writer, reports.hit, report) for level, report in reports.by_level.items()
    }
    return {"HITId": writer.id(Kind.HIT, reports.hit), **policies, **level_reports, **token}


def _write_report(writer: Writer, hit: int, report: LevelReport) -> Written:
    return {
        "ReviewResults": [_write_result(writer, hit, entry) for entry in report.results],
        "ReviewActions": [_write_action(writer, hit, entry) for entry in report.actions],
    }


def _write_subject(writer: Writer, hit: int, assignment: int | None) -> tuple[str, str]:
    if assignment is None:
        return writer.id(Kind.HIT, hit), HIT
    return writer.id(Kind.ASSIGNMENT, assignment), ASSIGNMENT


def _write_result(writer: Writer, hit: int, result: ReviewResult) -> Written:
    subject, kind = _write_subject(writer, hit, result.assignment)
    question = {} if result.question is None else {"QuestionId": result.question}
    subject_members = {"ActionId": writer.id(Kind.REVIEW_ACTION, result.id), "SubjectId": subject, "SubjectType": kind}
    return {**subject_members, **question, "Key": result.name, "Value": result.value}


def _write_action(writer: Writer, hit: int, action: ReviewAction) -> Written:
    target, kind = _write_subject(writer, hit, action.assignment)
    return {
        "ActionId": writer.id(Kind.REVIEW_ACTION, action.id),
        "ActionName": action.name,
        "TargetId": target,
        "TargetType": kind,
        "Status": action.status,
        "CompleteTime": seconds(action.at),
        **({"Result": action.result} if action.result else {}),
    }


REVIEW_POLICIES = (
    Operation(
        "ListReviewPolicyResultsForHIT", Scope.READ, review_policies.list_results, write_reports, reads=True, stays=True
    ),
)
