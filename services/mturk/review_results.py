"""ListReviewPolicyResultsForHIT."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from domain.mturk.ids import Kind
from domain.mturk.pages import USUAL
from services.act import Act
from services.mturk import names
from services.mturk.policy_checks import LEVELS
from storage.mturk.review_results import ReviewAction, ReviewResult

MANY = 1_000  # actions


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
    hit, unit = names.hit(act, hit_id), act.unit
    after = names.page_begins(act, Kind.REVIEW_ACTION, next_token)
    levels = tuple(policy_levels) or LEVELS
    rows = unit.review_results.results(hit.id, levels, after, max_results) if retrieve_results else []
    done = unit.review_results.actions(hit.id, levels, MANY) if retrieve_actions and not after else []
    kept = dict(zip(LEVELS, unit.hits.policies(hit.id)[:2], strict=True))
    found = {
        level: Report(
            json.loads(policy)["PolicyName"] if (policy := kept[level]) else "",
            [each for each in rows if each.level == level],
            [each for each in done if each.level == level],
        )
        for level in levels
    }
    return Reports(hit.id, found, rows[-1].id if rows else 0)
