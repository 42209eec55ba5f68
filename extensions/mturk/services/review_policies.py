"""Review policies: scored when an assignment is submitted and when a HIT is Reviewable.

What a policy finds is written with the actions it intends; each action is done in a transaction of its own, by the
services that a program would call.
"""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from domain.fairness.review import MAX_REASON_CHARS, MIN_REASON_CHARS, parse_reason
from domain.people.question_forms import QuestionForm
from domain.work.assignments import AssignmentId
from extensions.mturk.domain import qualification_types
from extensions.mturk.domain.hits import (
    INVALID,
    TEN,
    USUAL,
    AssignmentStatus,
    Hit,
    HitId,
    IdKind,
    RequestError,
    TurkAssignment,
)
from extensions.mturk.domain.qualification_types import KNOWN_ANSWERS, PLURALITY, BadPolicy, Policy
from extensions.mturk.formats import question
from extensions.mturk.services import hit_types
from extensions.mturk.storage.assignments import ReviewAction, ReviewResult, ReviewResults, TurkAssignments
from extensions.mturk.storage.hits import Hits
from formats import question_forms
from services.act import Act
from services.fairness import review
from storage.unit import UnitOfWork

ASSIGNMENT, HIT = "Assignment", "HIT"
LEVELS = (ASSIGNMENT, HIT)


def require_valid_policy(members: Mapping[str, Any] | None, level: str) -> None:
    """Raise RequestError for a review policy that cannot be followed, or is of the other level; accept none."""
    if members is None:
        return
    try:
        policy = qualification_types.parse_policy(members)
    except BadPolicy as bad:
        raise RequestError(INVALID, str(bad)) from None
    if policy.name != (KNOWN_ANSWERS if level == ASSIGNMENT else PLURALITY):
        raise RequestError(INVALID, f"{policy.name} is no {level}ReviewPolicy.")
    reason = policy.get_text("RejectReason")
    if reason and parse_reason(reason) is None:
        raise RequestError(
            INVALID, f"RejectReason is what the worker reads: {MIN_REASON_CHARS} to {MAX_REASON_CHARS} characters."
        )


APPROVE, REJECT, EXTEND = "approve", "reject", "extend"
KNOWN_ANSWER_SCORE = "KnownAnswerScore"
MAX_COMPARED_ASSIGNMENTS = 1_000  # assignments of a HIT that are compared
EXTENSION_PARAMETERS = (
    "ExtendIfKnownAnswerScoreIsLessThan",
    "ExtendIfHITAgreementScoreIsLessThan",
)  # by level: policy_of
USUAL_REASON = "The answers to questions whose answers are known were not the known ones."


def score_submitted_assignment(unit: UnitOfWork, hit: Hit, number: AssignmentId) -> None:
    """Score an assignment against the known answers of its HIT's policy; store the results and the actions that follow.
    Do nothing without such a policy."""
    policy, assignment = find_policy(unit, hit.id, 0), unit.records(TurkAssignments).find_by_assignment(number)
    if policy is None or assignment is None:
        return
    correct = qualification_types.grade_known_answers(policy, _read_answers(unit, hit, assignment))
    score = qualification_types.percent(sum(correct.values()), len(correct))
    for name, right in correct.items():
        unit.records(ReviewResults).add_result(
            hit.id, level=ASSIGNMENT, assignment=number, question=name, name="KnownAnswerCorrect", value=str(int(right))
        )
    unit.records(ReviewResults).add_result(
        hit.id, level=ASSIGNMENT, assignment=number, question=None, name=KNOWN_ANSWER_SCORE, value=str(score)
    )
    _intend_decision(
        unit,
        policy,
        hit,
        level=ASSIGNMENT,
        number=number,
        score=score,
        approves=("ApproveIfKnownAnswerScoreIsAtLeast",),
        rejects=("RejectIfKnownAnswerScoreIsLessThan",),
    )
    _intend_extension(unit, policy, hit, level=ASSIGNMENT, score=score, name=EXTENSION_PARAMETERS[0])


def score_reviewable_hit(unit: UnitOfWork, hit: Hit) -> None:
    """Store the results of the HIT's plurality policy, and what follows from them; do nothing without such a policy."""
    policy = find_policy(unit, hit.id, 1)
    if policy is None:
        return
    tasks, results = unit.records(Hits).tasks_of(hit.id), unit.records(ReviewResults)
    assignments = unit.records(TurkAssignments).list_for_tasks(tasks, (), 0, MAX_COMPARED_ASSIGNMENTS)
    answers_by_assignment = {
        assignment.assignment: _read_answers(unit, hit, assignment)
        for assignment in assignments
        if _is_counted(unit, policy, hit, assignment)
    }
    agreed = qualification_types.find_agreements(policy, list(answers_by_assignment.values()))
    results.delete_hit_results(hit.id)
    for name, agreement in agreed.items():
        values = {"AgreedAnswerFound": str(agreement.answer is not None).lower()}
        values |= {"AnswerAgreementScore": str(agreement.score)}
        values |= {} if agreement.answer is None else {"AgreedAnswer": agreement.answer}
        for key, value in values.items():
            results.add_result(hit.id, level=HIT, assignment=None, question=name, name=key, value=value)
    whole = qualification_types.percent(
        sum(agreement_found.answer is not None for agreement_found in agreed.values()), len(agreed)
    )
    results.add_result(hit.id, level=HIT, assignment=None, question=None, name="HitAgreementScore", value=str(whole))
    for number, answers in answers_by_assignment.items():
        _judge_worker(unit, policy, hit, number, qualification_types.count_agreeing_answers(agreed, answers))
    _intend_extension(unit, policy, hit, level=HIT, score=whole, name=EXTENSION_PARAMETERS[1])


def _judge_worker(
    unit: UnitOfWork, policy: Policy, hit: Hit, assignment: AssignmentId, counts: tuple[int, int]
) -> None:
    """Store how many of a worker's answers agree with the plurality and how many differ, and what follows from it."""
    right, wrong = counts
    score = qualification_types.percent(right, right + wrong)
    values = {"WorkerAgreementScore": score, "PluralityAnswersCorrect": right, "PluralityAnswersIncorrect": wrong}
    for key, count in values.items():
        unit.records(ReviewResults).add_result(
            hit.id, level=HIT, assignment=assignment, question=None, name=key, value=str(count)
        )
    if right + wrong:
        _intend_decision(
            unit,
            policy,
            hit,
            level=HIT,
            number=assignment,
            score=score,
            approves=APPROVAL_PARAMETERS,
            rejects=("RejectIfWorkerAgreementScoreIsLessThan",),
        )


APPROVAL_PARAMETERS = ("ApproveIfWorkerAgreementScoreIsAtLeast", "ApproveIfWorkerAgreementScoreIsNotLessThan")


def _read_answers(unit: UnitOfWork, hit: Hit, assignment: TurkAssignment) -> dict[str, str]:
    """Return the answers as they are compared, and mark the assignment as looked at: from then on the worker cannot
    correct it."""
    review.mark_as_looked_at(unit, assignment.submission, assignment.submitted_at)
    return get_compared_answers(hit, assignment)


def get_compared_answers(hit: Hit, assignment: TurkAssignment) -> dict[str, str]:
    """Return the answers by question as they are compared: words, or identifiers of selections joined by `|`."""
    answers: dict[str, str] = json.loads(assignment.answer) if assignment.answer else {}
    form = question.read_question(hit.question)
    chosen = question_forms.get_chosen_selections(form, answers) if isinstance(form, QuestionForm) else {}
    picked = {name: "|".join(sorted(selections)) for name, selections in chosen.items() if selections}
    return {name: qualification_types.normalize_answer(picked.get(name, words)) for name, words in answers.items()}


def find_policy(unit: UnitOfWork, hit: HitId, level: int) -> Policy | None:
    """Return the review policy of a HIT's assignments (level 0) or of the HIT itself (1); None without one, and for a
    stored one that is no longer valid."""
    of_assignments, own, _ = unit.records(Hits).get_policies(hit)
    stored_policy = own if level else of_assignments
    with suppress(BadPolicy):
        return qualification_types.parse_policy(json.loads(stored_policy)) if stored_policy else None
    return None


def _is_counted(unit: UnitOfWork, policy: Policy, hit: Hit, assignment: TurkAssignment) -> bool:
    """Return whether the policy compares this assignment: it is readable, and its policy does not disregard it."""
    rejected = assignment.status(unit.now) is AssignmentStatus.REJECTED
    if assignment.answer is None or (rejected and policy.get_text("DisregardAssignmentIfRejected").lower() == "true"):
        return False
    least = policy.find_number("DisregardAssignmentIfKnownAnswerScoreIsLessThan")
    score = unit.records(ReviewResults).find_score(hit.id, assignment.assignment, KNOWN_ANSWER_SCORE)
    return least is None or score is None or score >= least


def _intend_decision(
    unit: UnitOfWork,
    policy: Policy,
    hit: Hit,
    level: str,
    number: AssignmentId,
    score: int,
    approves: tuple[str, ...],
    rejects: tuple[str, ...],
) -> None:
    """Store the intention to approve or reject an assignment if its score reaches the policy's bounds."""
    least, below = policy.find_number(*approves), policy.find_number(*rejects)
    if least is not None and score >= least:
        unit.records(ReviewResults).add_action(hit.id, level, APPROVE, number, "Intended")
    elif below is not None and score < below:
        unit.records(ReviewResults).add_action(hit.id, level, REJECT, number, "Intended")


def _intend_extension(unit: UnitOfWork, policy: Policy, hit: Hit, level: str, score: int, name: str) -> None:
    """Store the intention to extend the HIT if a score is below the policy's bound and the HIT has not its most
    assignments."""
    below = policy.find_number(name)
    if below is not None and score < below and hit.overlap < get_extension_limit(policy):
        unit.records(ReviewResults).add_action(hit.id, level, EXTEND, None, "Intended")


def get_extension_limit(policy: Policy) -> int:
    """Return the number of assignments up to which a policy extends a HIT."""
    return policy.find_number("ExtendMaximumAssignments") or qualification_types.USUAL_EXTENDED


def count_possible_extensions(unit: UnitOfWork, hit: HitId, assignments: int) -> int:
    """Return how many assignments the policies of a HIT with `assignments` may add; they never lead from below 10 to
    10."""
    policies = [(find_policy(unit, hit, level), name) for level, name in enumerate(EXTENSION_PARAMETERS)]
    most = max(
        (get_extension_limit(policy) for policy, name in policies if policy and policy.find_number(name)), default=0
    )
    return max(0, min(most, TEN - 1 if assignments < TEN else most) - assignments)


def get_rejection_reason(policy: Policy) -> str:
    """Return the policy's reason for rejections, or the usual one."""
    return policy.get_text("RejectReason") or USUAL_REASON


MAX_LISTED_ACTIONS = 1_000  # actions


@dataclass(frozen=True, slots=True)
class LevelReport:
    """Results and actions of one level's policy; `policy` is its name, empty without one."""

    policy: str
    results: Sequence[ReviewResult] = ()
    actions: Sequence[ReviewAction] = ()


@dataclass(frozen=True, slots=True)
class PolicyReports:
    """Reports of a HIT's policies by level; `last` is the number before the next page's first, 0 on an empty page."""

    hit: int
    by_level: dict[str, LevelReport]
    last: int


def list_results(
    act: Act,
    *,
    hit_id: str,
    policy_levels: Sequence[str] = (),
    retrieve_actions: bool = True,
    retrieve_results: bool = True,
    next_token: str = "",
    max_results: int = USUAL,
) -> PolicyReports:
    """ListReviewPolicyResultsForHIT: return a page of results. All actions are on the first page."""
    hit, unit = hit_types.get_own_hit(act, hit_id), act.unit
    after = hit_types.get_page_start(act, IdKind.REVIEW_ACTION, next_token)
    levels = tuple(policy_levels) or LEVELS
    rows = unit.records(ReviewResults).list_results(hit.id, levels, after, max_results) if retrieve_results else []
    actions = (
        unit.records(ReviewResults).list_actions(hit.id, levels, MAX_LISTED_ACTIONS)
        if retrieve_actions and not after
        else []
    )
    policies = dict(zip(LEVELS, unit.records(Hits).get_policies(hit.id)[:2], strict=True))
    reports = {
        level: LevelReport(
            json.loads(policy)["PolicyName"] if (policy := policies[level]) else "",
            [row for row in rows if row.level == level],
            [row for row in actions if row.level == level],
        )
        for level in levels
    }
    return PolicyReports(hit.id, reports, rows[-1].id if rows else 0)
