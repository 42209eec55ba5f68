"""`/stop` without a number: a worker stops for now."""

from domain.refusals import BadInput, NotAllowed
from domain.work.messages import Paused
from services.act import Act
from services.work import submit


def stop_here(act: Act) -> Paused:
    """Somebody who only asks meant one of their projects."""
    if act.person.is_worker:
        return submit.leave(act)
    if "requester" in act.roles:
        raise BadInput(what="number", value="", expected=["number"])
    raise NotAllowed(role="requester")
