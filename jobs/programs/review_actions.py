"""Actions of review policies, done by the services that a program would call."""

from domain.moments import SECOND, later
from domain.mturk.errors import HIT_STATE, RANGE, RequestError
from domain.mturk.hits import Hit
from domain.mturk.ids import Kind, id_of
from domain.mturk.review_policies import Policy
from services.act import Act, House
from services.mturk import assignments, hits
from services.mturk.policy_checks import ASSIGNMENT
from services.mturk.review_policies import APPROVE, EXTEND, most_extended, policy_of, reason_in
from services.people.teams import spending
from storage.mturk.review_results import ReviewAction
from storage.unit import UnitOfWork


def do(unit: UnitOfWork, house: House, action: ReviewAction) -> None:
    """One intended action. Raises what the operation would."""
    hit = unit.hits.get(action.hit)
    act = Act(unit, unit.people.get(hit.requester), house, None, f"review:{action.id}")
    policy = policy_of(unit, hit.id, 0 if action.level == ASSIGNMENT else 1) or Policy("")
    secret = unit.settings.secret
    if action.name == EXTEND:
        project = unit.projects.get(hit.project)
        spending.for_asker(unit, project, 0, lambda: _give_more(act, policy, hit))
    elif action.assignment is not None:
        number = id_of(secret, Kind.ASSIGNMENT, action.assignment)
        if action.name == APPROVE:
            assignments.approve(act, assignment_id=number)
        else:
            assignments.reject(act, assignment_id=number, requester_feedback=reason_in(policy))
    unit.review_results.end(action.id, "Succeeded")


def _give_more(act: Act, policy: Policy, hit: Hit) -> None:
    """One more assignment, and time for it. Others may have had their score at the same time."""
    number, most = id_of(act.unit.settings.secret, Kind.HIT, hit.id), most_extended(policy)
    if hit.overlap >= most:
        raise RequestError(RANGE, f"The HIT has its ExtendMaximumAssignments, {most}, already.")
    least = later(act.unit.now, (policy.number("ExtendMinimumTimeInSeconds") or 0) * SECOND)
    if max(hit.expires_at, least) <= act.unit.now:
        raise RequestError(HIT_STATE, "The HIT has expired, and its policy has no ExtendMinimumTimeInSeconds.")
    if hit.expires_at < least:
        hits.expire(act, hit_id=number, expire_at=least)
    hits.extend(act, hit_id=number, number_of_additional_assignments=1)
