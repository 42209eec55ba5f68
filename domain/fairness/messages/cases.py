"""Messages to admins, once the decision they asked for is made."""

from dataclasses import dataclass
from enum import StrEnum

from domain.messages import Message


class CaseEnd(StrEnum):
    STARTED = "started"
    REFUSED = "refused"
    LIFTED = "lifted"
    STAYS = "stays"
    GOES_ON = "goes on"
    ENDED = "ended"
    FOR_WORKER = "for the worker"
    FOR_REQUESTER = "for the requester"
    HIDDEN = "hidden"
    LEFT = "left"
    FADED = "faded"  # the evidence of a restriction: nobody had to decide
    TAKEN_BACK = "taken back"  # by the writer of a post: nobody had to decide


@dataclass(frozen=True, slots=True)
class CaseClosed(Message):
    """To an admin: `what` is the project, the person or the post, `by` the admin who decided; empty: nobody in time.
    `who`: of whom, where `what` is a project they work in."""

    what: str
    end: CaseEnd
    by: str = ""
    who: str = ""
