"""Results of review policies, as Amazon writes them."""

from domain.people.accounts import Scope
from extensions.mturk.domain.hits import Kind
from extensions.mturk.services import review_policies
from extensions.mturk.services.review_policies import (
    ASSIGNMENT,
    HIT,
    Report,
    Reports,
)
from extensions.mturk.storage.assignments import ReviewAction, ReviewResult
from extensions.mturk.web.operation import (
    Operation,
    Writer,
    Written,
    seconds,
)


def reports(writer: Writer, found: Reports) -> Written:
    token = {"NextToken": writer.token(Kind.REVIEW_ACTION, found.last)} if found.last else {}
    policies = {f"{level}ReviewPolicy": {"PolicyName": one.policy} for level, one in found.of.items() if one.policy}
    written = {f"{level}ReviewReport": _report(writer, found.hit, one) for level, one in found.of.items()}
    return {"HITId": writer.id(Kind.HIT, found.hit), **policies, **written, **token}


def _report(writer: Writer, hit: int, report: Report) -> Written:
    return {
        "ReviewResults": [_result(writer, hit, each) for each in report.results],
        "ReviewActions": [_action(writer, hit, each) for each in report.actions],
    }


def _subject(writer: Writer, hit: int, assignment: int | None) -> tuple[str, str]:
    if assignment is None:
        return writer.id(Kind.HIT, hit), HIT
    return writer.id(Kind.ASSIGNMENT, assignment), ASSIGNMENT


def _result(writer: Writer, hit: int, found: ReviewResult) -> Written:
    subject, kind = _subject(writer, hit, found.assignment)
    question = {} if found.question is None else {"QuestionId": found.question}
    about = {"ActionId": writer.id(Kind.REVIEW_ACTION, found.id), "SubjectId": subject, "SubjectType": kind}
    return {**about, **question, "Key": found.name, "Value": found.value}


def _action(writer: Writer, hit: int, done: ReviewAction) -> Written:
    target, kind = _subject(writer, hit, done.assignment)
    return {
        "ActionId": writer.id(Kind.REVIEW_ACTION, done.id),
        "ActionName": done.name,
        "TargetId": target,
        "TargetType": kind,
        "Status": done.status,
        "CompleteTime": seconds(done.at),
        **({"Result": done.result} if done.result else {}),
    }


REVIEW_POLICIES = (
    Operation("ListReviewPolicyResultsForHIT", Scope.READ, review_policies.listed, reports, reads=True, stays=True),
)
