"""HIT types and HITs."""

from domain.people.accounts import Scope
from extensions.mturk.domain.hits import (
    Hit,
    HitType,
    Kind,
    Page,
    written,
)
from extensions.mturk.services import hit_types, hits
from extensions.mturk.web.operation import (
    Operation,
    Writer,
    Written,
    seconds,
)

READ, DRAFT, SPEND = Scope.READ, Scope.DRAFT, Scope.SPEND


def type_made(writer: Writer, found: HitType) -> Written:
    return {"HITTypeId": writer.id(Kind.TYPE, found.id)}


def members(writer: Writer, hit: Hit) -> Written:
    """Programs index these without looking: each is always there."""
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
        "Reward": written(shape.reward),
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


def one(writer: Writer, hit: Hit) -> Written:
    return {"HIT": members(writer, hit)}


def page(writer: Writer, found: Page[Hit]) -> Written:
    return writer.page(Kind.HIT, found.last, "HITs", [members(writer, hit) for hit in found.rows])


HITS = (
    Operation("CreateHITType", DRAFT, hit_types.create, type_made),
    Operation("CreateHIT", SPEND, hits.create, one),
    Operation("CreateHITWithHITType", SPEND, hits.create_with_type, one),
    Operation("GetHIT", READ, hits.get, one, reads=True, stays=True),
    Operation("ListHITs", READ, hits.listed, page, reads=True, stays=True),
    Operation("ListReviewableHITs", READ, hits.reviewable, page, reads=True, stays=True),
    Operation("UpdateExpirationForHIT", SPEND, hits.expire, stays=True),
    Operation("CreateAdditionalAssignmentsForHIT", SPEND, hits.extend),
    Operation("UpdateHITReviewStatus", DRAFT, hits.review, stays=True),
    Operation("UpdateHITTypeOfHIT", SPEND, hits.change_type),
    Operation("DeleteHIT", DRAFT, hits.delete, stays=True),
)
