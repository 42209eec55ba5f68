"""Requests of workers for qualifications: whose they are."""

from domain.people.qualifications import QualificationRequest, QualificationType, RequestId
from domain.refusals import NotFound
from services.act import Act


def mine(act: Act, number: RequestId, states: tuple[str, ...]) -> tuple[QualificationRequest, QualificationType]:
    """The row authorises. Raises NotFound for another's, and for one that has moved on."""
    request = act.unit.qualifications.request(number)
    type_ = act.unit.qualifications.find(request.type) if request is not None else None
    if request is None or type_ is None or request.worker != act.person.id or request.state not in states:
        raise NotFound(what="qualification", name="")
    return request, type_
