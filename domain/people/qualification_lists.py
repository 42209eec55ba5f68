"""Messages of a requester's qualifications made in the chat."""

from dataclasses import dataclass

from domain.messages import Message
from domain.people.qualifications import TypeId


@dataclass(frozen=True, slots=True)
class QualificationLine:
    """`questions` of its test, 0 without one; `holders` have it now; `awaited` will, once they come and want it."""

    type: TypeId
    name: str
    questions: int
    holders: int
    awaited: int = 0


@dataclass(frozen=True, slots=True)
class AttemptPay:
    """What an attempt pays, for how many people at most; how many were `paid`, and what is set aside (`held`)."""

    pay: int
    currency: str
    places: int
    paid: int
    held: int


@dataclass(frozen=True, slots=True)
class QualificationList(Message):
    """`more`: there are others behind the last one, `after` which the next page begins."""

    types: tuple[QualificationLine, ...]
    more: bool = False
    after: int = 0
    team: str = ""
    team_number: int = 0


@dataclass(frozen=True, slots=True)
class QualificationWanted(Message):
    """Its lines are to be typed. `currency` in which an attempt would be paid."""

    currency: str
    team: str = ""


@dataclass(frozen=True, slots=True)
class QualificationPage(Message):
    """One of them; `again_hours` None: the test is taken once. `made`: it is new."""

    line: QualificationLine
    description: str
    minutes: int
    again_hours: int | None
    made: bool = False
    pay: AttemptPay | None = None
    team: str = ""
    team_number: int = 0


@dataclass(frozen=True, slots=True)
class HoldersWanted(Message):
    """Who is to have it is to be typed, a line each."""

    name: str


@dataclass(frozen=True, slots=True)
class HoldersChanged(Message):
    """How many were granted it, from how many it was taken, and how many are awaited by name, or no more."""

    type: TypeId
    name: str
    granted: int
    revoked: int
    awaited: int = 0
    dropped: int = 0


@dataclass(frozen=True, slots=True)
class QualificationDeletion(Message):
    """`done`, or to be pressed once more; `holders` have it. `returned`: of what is set aside for its test, this comes
    back, or came."""

    type: TypeId
    name: str
    holders: int
    done: bool
    returned: int = 0
    currency: str = ""
    team_number: int = 0
