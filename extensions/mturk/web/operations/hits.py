"""HIT types and HITs."""

from domain.people.accounts import Scope
from extensions.mturk.domain.hits import (
    Hit,
    HitType,
    Kind,
    Page,
    format_amount,
)
from extensions.mturk.services import hit_types, hits
from extensions.mturk.web.operation import (
    Operation,
    Writer,
    Written,
    seconds,
)

READ, DRAFT, SPEND = Scope.READ, Scope.DRAFT, Scope.SPEND


def write_type_id(writer: Writer, type_: HitType) -> Written:
    return {"HITTypeId": writer.id(Kind.TYPE, type_.id)}


def write_hit(writer: Writer, hit: Hit) -> Written:
    """Return the members of a HIT. Programs index them without a check, so that each is always there."""
    shape = hit.shape
    annotation = {} if hit.annotation is None else {"RequesterAnnotation": hit.annotation}
    return {
        "HITId": writer.id(Kind.HIT, hit.id),
        "HITTypeId": writer.id(Kind.TYPE, hit.type),
        "HITGroupId": writer.id(Kind.GROUP, hit.type),
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


def write_page(writer: Writer, page: Page[Hit]) -> Written:
    return writer.page(Kind.HIT, page.last, "HITs", [write_hit(writer, hit) for hit in page.rows])


HITS = (
    Operation("CreateHITType", DRAFT, hit_types.create, write_type_id),
    Operation("CreateHIT", SPEND, hits.create, write_one),
    Operation("CreateHITWithHITType", SPEND, hits.create_with_type, write_one),
    Operation("GetHIT", READ, hits.get, write_one, reads=True, stays=True),
    Operation("ListHITs", READ, hits.list_hits, write_page, reads=True, stays=True),
    Operation("ListReviewableHITs", READ, hits.list_reviewable, write_page, reads=True, stays=True),
    Operation("UpdateExpirationForHIT", SPEND, hits.expire, stays=True),
    Operation("CreateAdditionalAssignmentsForHIT", SPEND, hits.extend),
    Operation("UpdateHITReviewStatus", DRAFT, hits.change_review_status, stays=True),
    Operation("UpdateHITTypeOfHIT", SPEND, hits.change_type),
    Operation("DeleteHIT", DRAFT, hits.delete, stays=True),
)
