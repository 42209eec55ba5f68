"""What the messages that asked admins for a decision say once it is made."""

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


@dataclass(frozen=True, slots=True)
class CaseClosed(Message):
    """To an admin: `what` is the project or the person, `by` the admin who decided; empty: nobody did in time."""

    what: str
    end: CaseEnd
    by: str = ""
