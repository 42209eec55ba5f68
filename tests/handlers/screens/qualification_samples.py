"""Facts of the screens about blocked workers and qualifications."""

from domain.messages import Message
from domain.people.qualification_messages import (
    BlockAsked,
    BlockedByRequester,
    BlockedWorker,
    BlockList,
    QualificationAsked,
    QualificationDeclined,
    QualificationGranted,
    QualificationOffered,
    QualificationRefused,
    QualificationRevoked,
    UnblockedByRequester,
    WorkerBlocked,
    WorkerUnblocked,
)
from domain.people.qualifications import RequestId

NAME, WHO, WHY = "Reads <b>Breton", "Anna <3", "Half of your answers had no words in them & <i>no reason"
ONE = RequestId(3)
MESSAGES: list[Message] = [
    BlockAsked("wabcd2345ef"),
    WorkerBlocked("wabcd2345ef", 12),
    WorkerBlocked("wabcd2345ef", 12, before=True),
    WorkerUnblocked("wabcd2345ef"),
    BlockList((BlockedWorker("wabcd2345ef", 12, WHY), BlockedWorker("wzbcd2345ef", 13, WHY)), more=True, after=13),
    BlockList(()),
    BlockedByRequester(WHO, WHY),
    BlockedByRequester("", WHY),
    UnblockedByRequester(WHO),
    QualificationOffered(ONE, NAME, "Texts from newspapers.", WHO, questions=5, seconds=600),
    QualificationOffered(ONE, NAME, "Texts from newspapers.", ""),
    QualificationDeclined(NAME),
    QualificationAsked(NAME, WHO),
    QualificationAsked(NAME, WHO, tested=True),
    QualificationGranted(NAME, WHO, 80, tested=True),
    QualificationGranted(NAME, WHO, -3, tested=True),
    QualificationGranted(NAME, WHO, 1),
    QualificationRefused(NAME, WHO, WHY),
    QualificationRefused(NAME, WHO, ""),
    QualificationRevoked(NAME, WHO, WHY),
    QualificationRevoked(NAME, WHO, ""),
]
