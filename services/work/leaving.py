"""`/stop` without a number: a worker stops for now."""

from domain.refusals import BadInput, NotAllowed
from domain.work.messages import Paused
from services.act import Act
from services.work import submit


def stop_here(act: Act) -> Paused:
    """`/stop` of a person who is no worker asks for a project's number."""
    if act.person.is_worker:
        return submit.leave(act)
    if "requester" in act.roles:
        raise BadInput(what="number", value="", expected=["number"])
    raise NotAllowed(role="requester")
