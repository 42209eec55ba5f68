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
    Kind,
    RequestError,
    TurkAssignment,
)
from extensions.mturk.domain.qualification_types import (
    KNOWN_ANSWERS,
    PLURALITY,
    BadPolicy,
    Policy,
)
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


def check(members: Mapping[str, Any] | None, level: str) -> None:
    """Raises RequestError for a policy that cannot be followed."""
    if members is None:
        return
    try:
        policy = qualification_types.read(members)
    except BadPolicy as bad:
        raise RequestError(INVALID, str(bad)) from None
    if policy.name != (KNOWN_ANSWERS if level == ASSIGNMENT else PLURALITY):
        raise RequestError(INVALID, f"{policy.name} is no {level}ReviewPolicy.")
    reason = policy.word("RejectReason")
    if reason and parse_reason(reason) is None:
        raise RequestError(
            INVALID, f"RejectReason is what the worker reads: {MIN_REASON_CHARS} to {MAX_REASON_CHARS} characters."
        )


APPROVE, REJECT, EXTEND = "approve", "reject", "extend"
SCORE = "KnownAnswerScore"
MANY = 1_000  # assignments of a HIT that are compared
EXTENDS = ("ExtendIfKnownAnswerScoreIsLessThan", "ExtendIfHITAgreementScoreIsLessThan")  # by level: policy_of
USUAL_REASON = "The answers to questions whose answers are known were not the known ones."


def on_submitted(unit: UnitOfWork, hit: Hit, number: AssignmentId) -> None:
    """Known answers."""
    policy, found = policy_of(unit, hit.id, 0), unit.records(TurkAssignments).of(number)
    if policy is None or found is None:
        return
    correct = qualification_types.known_correct(policy, _read(unit, hit, found))
    score = qualification_types.percent(sum(correct.values()), len(correct))
    for name, right in correct.items():
        unit.records(ReviewResults).found(
            hit.id, level=ASSIGNMENT, assignment=number, question=name, name="KnownAnswerCorrect", value=str(int(right))
        )
    unit.records(ReviewResults).found(
        hit.id, level=ASSIGNMENT, assignment=number, question=None, name=SCORE, value=str(score)
    )
    _decide(
        unit,
        policy,
        hit,
        level=ASSIGNMENT,
        number=number,
        score=score,
        approves=("ApproveIfKnownAnswerScoreIsAtLeast",),
        rejects=("RejectIfKnownAnswerScoreIsLessThan",),
    )
    _extend(unit, policy, hit, level=ASSIGNMENT, score=score, name=EXTENDS[0])


def on_reviewable(unit: UnitOfWork, hit: Hit) -> None:
    """Store the results of the HIT's plurality policy, and what follows from them; do nothing without such a policy."""
    policy = policy_of(unit, hit.id, 1)
    if policy is None:
        return
    tasks, results = unit.records(Hits).tasks_of(hit.id), unit.records(ReviewResults)
    assignments = unit.records(TurkAssignments).page(tasks, (), 0, MANY)
    answers_by_assignment = {
        assignment.assignment: _read(unit, hit, assignment)
        for assignment in assignments
        if _counts(unit, policy, hit, assignment)
    }
    agreed = qualification_types.agreement(policy, list(answers_by_assignment.values()))
    results.forget(hit.id)
    for name, agreement in agreed.items():
        values = {"AgreedAnswerFound": str(agreement.answer is not None).lower()}
        values |= {"AnswerAgreementScore": str(agreement.score)}
        values |= {} if agreement.answer is None else {"AgreedAnswer": agreement.answer}
        for key, value in values.items():
            results.found(hit.id, level=HIT, assignment=None, question=name, name=key, value=value)
    whole = qualification_types.percent(sum(each.answer is not None for each in agreed.values()), len(agreed))
    results.found(hit.id, level=HIT, assignment=None, question=None, name="HitAgreementScore", value=str(whole))
    for number, answers in answers_by_assignment.items():
        _judge_worker(unit, policy, hit, number, qualification_types.worker_score(agreed, answers))
    _extend(unit, policy, hit, level=HIT, score=whole, name=EXTENDS[1])


def _judge_worker(
    unit: UnitOfWork, policy: Policy, hit: Hit, assignment: AssignmentId, counts: tuple[int, int]
) -> None:
    """Store how many of a worker's answers agree with the plurality and how many differ, and what follows from it."""
    right, wrong = counts
    score = qualification_types.percent(right, right + wrong)
    values = {"WorkerAgreementScore": score, "PluralityAnswersCorrect": right, "PluralityAnswersIncorrect": wrong}
    for key, count in values.items():
        unit.records(ReviewResults).found(
            hit.id, level=HIT, assignment=assignment, question=None, name=key, value=str(count)
        )
    if right + wrong:
        _decide(
            unit,
            policy,
            hit,
            level=HIT,
            number=assignment,
            score=score,
            approves=APPROVES,
            rejects=("RejectIfWorkerAgreementScoreIsLessThan",),
        )


APPROVES = ("ApproveIfWorkerAgreementScoreIsAtLeast", "ApproveIfWorkerAgreementScoreIsNotLessThan")


def _read(unit: UnitOfWork, hit: Hit, found: TurkAssignment) -> dict[str, str]:
    """From now on it stays as it is."""
    review.mark_as_looked_at(unit, found.submission, found.submitted_at)
    return answers_of(hit, found)


def answers_of(hit: Hit, found: TurkAssignment) -> dict[str, str]:
    """As they are compared: words, or identifiers of selections."""
    given: dict[str, str] = json.loads(found.answer) if found.answer else {}
    asked = question.read_question(hit.question)
    chosen = question_forms.chosen_in(asked, given) if isinstance(asked, QuestionForm) else {}
    picked = {name: "|".join(sorted(each)) for name, each in chosen.items() if each}
    return {name: qualification_types.compared(picked.get(name, words)) for name, words in given.items()}


def policy_of(unit: UnitOfWork, hit: HitId, level: int) -> Policy | None:
    """0 of its assignments, 1 of itself. One that was kept before its numbers had bounds may be none."""
    of_assignments, own, _ = unit.records(Hits).policies(hit)
    kept = own if level else of_assignments
    with suppress(BadPolicy):
        return qualification_types.read(json.loads(kept)) if kept else None
    return None


def _counts(unit: UnitOfWork, policy: Policy, hit: Hit, found: TurkAssignment) -> bool:
    rejected = found.status(unit.now) is AssignmentStatus.REJECTED
    if found.answer is None or (rejected and policy.word("DisregardAssignmentIfRejected").lower() == "true"):
        return False
    least = policy.number("DisregardAssignmentIfKnownAnswerScoreIsLessThan")
    score = unit.records(ReviewResults).score(hit.id, found.assignment, SCORE)
    return least is None or score is None or score >= least


def _decide(
    unit: UnitOfWork,
    policy: Policy,
    hit: Hit,
    level: str,
    number: AssignmentId,
    score: int,
    approves: tuple[str, ...],
    rejects: tuple[str, ...],
) -> None:
    least, below = policy.number(*approves), policy.number(*rejects)
    if least is not None and score >= least:
        unit.records(ReviewResults).act(hit.id, level, APPROVE, number, "Intended")
    elif below is not None and score < below:
        unit.records(ReviewResults).act(hit.id, level, REJECT, number, "Intended")


def _extend(unit: UnitOfWork, policy: Policy, hit: Hit, level: str, score: int, name: str) -> None:
    below = policy.number(name)
    if below is not None and score < below and hit.overlap < most_extended(policy):
        unit.records(ReviewResults).act(hit.id, level, EXTEND, None, "Intended")


def most_extended(policy: Policy) -> int:
    """Assignments that a HIT is extended to."""
    return policy.number("ExtendMaximumAssignments") or qualification_types.USUAL_EXTENDED


def may_extend(unit: UnitOfWork, hit: HitId, assignments: int) -> int:
    """How many more a HIT of so many may come to have by its policies."""
    policies = [(policy_of(unit, hit, level), name) for level, name in enumerate(EXTENDS)]
    most = max((most_extended(each) for each, name in policies if each and each.number(name)), default=0)
    return max(0, min(most, TEN - 1 if assignments < TEN else most) - assignments)


def reason_in(policy: Policy) -> str:
    """Of a rejection."""
    return policy.word("RejectReason") or USUAL_REASON


MANY_RESULTS = 1_000  # actions


@dataclass(frozen=True, slots=True)
class Report:
    """Of one level: the policy's name, empty without one."""

    policy: str
    results: Sequence[ReviewResult] = ()
    actions: Sequence[ReviewAction] = ()


@dataclass(frozen=True, slots=True)
class Reports:
    """By level; `last` is the number behind which the next page begins, 0 on an empty one."""

    hit: int
    of: dict[str, Report]
    last: int


def listed(
    act: Act,
    *,
    hit_id: str,
    policy_levels: Sequence[str] = (),
    retrieve_actions: bool = True,
    retrieve_results: bool = True,
    next_token: str = "",
    max_results: int = USUAL,
) -> Reports:
    """All that was done stands on the first page; what was found is paged."""
    hit, unit = hit_types.get_own_hit(act, hit_id), act.unit
    after = hit_types.get_page_start(act, Kind.REVIEW_ACTION, next_token)
    levels = tuple(policy_levels) or LEVELS
    rows = unit.records(ReviewResults).results(hit.id, levels, after, max_results) if retrieve_results else []
    done = unit.records(ReviewResults).actions(hit.id, levels, MANY_RESULTS) if retrieve_actions and not after else []
    kept = dict(zip(LEVELS, unit.records(Hits).policies(hit.id)[:2], strict=True))
    found = {
        level: Report(
            json.loads(policy)["PolicyName"] if (policy := kept[level]) else "",
            [each for each in rows if each.level == level],
            [each for each in done if each.level == level],
        )
        for level in levels
    }
    return Reports(hit.id, found, rows[-1].id if rows else 0)
