"""`/stop` without a number: a worker stops for now."""

from domain.refusals import BadInput, NotAllowed
from services.act import Act
from services.work import submit


def stop_here(act: Act) -> None:
    """Somebody who only asks meant one of their projects."""
    if act.person.is_worker:
        submit.leave(act.unit, act.person)
    elif "requester" in act.roles:
        raise BadInput(what="number", value="", expected=["number"])
    else:
        raise NotAllowed(role="requester")
