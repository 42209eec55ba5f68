"""Facts of the screens about blocked workers and qualifications."""

from dataclasses import replace

from domain.messages import Message
from domain.mturk.messages import ProgramEvent
from domain.people.qualification_lists import (
    AttemptPay,
    HoldersChanged,
    HoldersWanted,
    QualificationDeletion,
    QualificationLine,
    QualificationList,
    QualificationPage,
    QualificationWanted,
)
from domain.people.qualification_messages import (
    AttemptPaid,
    AttemptsTaken,
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
    TestShown,
    TestWaits,
    UnblockedByRequester,
    WorkerBlocked,
    WorkerUnblocked,
)
from domain.people.qualifications import RequestId, TypeId
from domain.people.screening import ScreeningAsked, ScreeningId, ScreeningList, ScreeningSaid
from domain.projects.form_questions import FormQuestion, packed
from domain.projects.tasks import TaskContent

NAME, WHO, WHY = "Reads <b>Breton", "Anna <3", "Half of your answers had no words in them & <i>no reason"
ONE = RequestId(3)
ASKED = packed((FormQuestion("a", "choice", "Is it <i>one", ("Yes", "No")), FormQuestion("b", "text", "Why")))
LINE = QualificationLine(TypeId(7), NAME, 5, 12)
SAID = ScreeningSaid(ScreeningId(3), "Do you <wear> glasses", "some<times")
MESSAGES: list[Message] = [
    ScreeningAsked(ScreeningId(3), "Do you <wear> glasses", ("yes", "some<times", "no")),
    ScreeningAsked(ScreeningId(3), "é&" * 100, ("é&" * 15,) * 8),
    SAID,
    replace(SAID, answer=None),
    ScreeningList((SAID, replace(SAID, answer=None))),
    ScreeningList(()),
    QualificationList(()),
    QualificationList((LINE, QualificationLine(TypeId(8), "Allowed", 0, 1)), more=True, after=8),
    QualificationWanted("EUR"),
    QualificationWanted("EUR", "Atelier <7>"),
    QualificationList((), team="Atelier <7>", team_number=7),
    AttemptsTaken(NAME, ONE),
    AttemptPaid(NAME, 200_000, "EUR", 12),
    QualificationPage(LINE, "Texts", 10, None, pay=AttemptPay(200_000, "EUR", 50, 1, 9_800_000)),
    *(QualificationDeletion(TypeId(7), NAME, 3, done, 9_800_000, "EUR") for done in (True, False)),
    QualificationOffered(ONE, NAME, "Texts", WHO, 5, 900, pay=200_000, currency="EUR"),
    QualificationPage(LINE, "Texts from <newspapers>.", 10, 24, made=True),
    QualificationPage(QualificationLine(TypeId(8), "Allowed", 0, 1), "é&" * 1_000, 0, None),
    HoldersWanted(NAME),
    HoldersChanged(TypeId(7), NAME, 2, 1),
    HoldersChanged(TypeId(7), NAME, 0, 0),
    HoldersChanged(TypeId(7), NAME, 1, 0, awaited=3, dropped=1),
    QualificationPage(QualificationLine(TypeId(8), "Allowed", 0, 1, 3), "Known", 0, None),
    *(QualificationDeletion(TypeId(7), NAME, 3, done) for done in (True, False)),
    BlockAsked("wabcd2345ef"),
    WorkerBlocked("wabcd2345ef", 12),
    WorkerBlocked("wabcd2345ef", 12, before=True),
    WorkerUnblocked("wabcd2345ef"),
    BlockList((BlockedWorker("wabcd2345ef", 12, WHY), BlockedWorker("wzbcd2345ef", 13, WHY)), more=True, after=13),
    BlockList((), team="Atelier <7>", team_number=7),
    BlockedByRequester(WHO, WHY),
    BlockedByRequester("", WHY),
    UnblockedByRequester(WHO),
    QualificationOffered(ONE, NAME, "Texts from newspapers.", WHO, questions=5, seconds=600),
    QualificationOffered(ONE, NAME, "Texts from newspapers.", ""),
    TestShown(ONE, NAME, "form", TaskContent("Two <b>questions."), ASKED),
    TestShown(ONE, NAME, "form", TaskContent("Two <b>questions.", "https://pouce.example/a.png"), ASKED, ("Yes",)),
    TestWaits(ONE, NAME, limited=True),
    TestWaits(ONE, NAME, limited=False),
    QualificationDeclined(NAME),
    ProgramEvent("AssignmentSubmitted", NAME, "3ABCDEFGHIJKLMNOPQRSTUVWXYZ234", "3BCDEFGHIJKLMNOPQRSTUVWXYZ2345"),
    ProgramEvent("HITReviewable", NAME, "3ABCDEFGHIJKLMNOPQRSTUVWXYZ234", ""),
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
