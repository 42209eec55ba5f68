"""The message about a complaint in admins' chats: a reply to it is the answer, so its name is remembered."""

from domain.conduct.restrictions import RestrictionId
from domain.fairness.complaints import Complaint, ComplaintId
from domain.fairness.messages.complaints import ComplaintClosed, ComplaintToAnswer
from domain.people.people import PersonId
from domain.projects.projects import ProjectId
from services.quality.restrictions import described
from storage.boxes.outbox import Lane
from storage.unit import UnitOfWork

NAME = "complaint:"
TIMES = ("", ":1", ":2", ":3", ":shown")  # new, at each reminder, when an admin asked for it
SPARED = ("later", "evidence")  # decisions of the register that an admin can end for one worker and project


def show(unit: UnitOfWork, complaint: Complaint, admins: frozenset[int], reminded: int = 0) -> None:
    """Tells every admin but the one who complains."""
    days = (unit.now - complaint.made_at) // 86_400_000 if reminded else 0
    again = TIMES[reminded]
    for admin in unit.people.with_telegram_ids(tuple(sorted(admins))):
        if admin != complaint.person:
            unit.outbox.tell(admin, card(unit, complaint, reminds=days), live=f"{NAME}{complaint.id}{again}")


def card(unit: UnitOfWork, complaint: Complaint, reminds: int = 0, left: int = 0) -> ComplaintToAnswer:
    known = unit.restrictions.find(RestrictionId(complaint.subject)) if complaint.about == "restriction" else None
    return ComplaintToAnswer(
        complaint=complaint.id,
        who=who(unit, complaint),
        about=complaint.about,
        title=title_of(unit, complaint.about, complaint.subject),
        words=complaint.words,
        due=complaint.due_at,
        restriction=described(unit, known) if known else None,
        spares=complaint.about in SPARED and bool(complaint.subject),
        reminds=reminds,
        left=left,
    )


def who(unit: UnitOfWork, complaint: Complaint) -> str:
    return unit.people.get(complaint.person).label if complaint.person else ""


def title_of(unit: UnitOfWork, about: str, subject: int) -> str:
    """The project it is about."""
    if not subject:
        return ""
    if about != "restriction":
        return unit.projects.get(ProjectId(subject)).title
    known = unit.restrictions.find(RestrictionId(subject))
    return unit.projects.get(known.project).title if known else ""


def shown_in(unit: UnitOfWork, person: PersonId, message: int) -> ComplaintId | None:
    """The complaint that this message shows."""
    name = unit.live_messages.name_of(person, message, NAME)
    return ComplaintId(int(name.split(":")[1])) if name else None


def close(unit: UnitOfWork, complaint: Complaint, answer: str, admins: frozenset[int]) -> None:
    """Every message that shows it says that it was answered; its buttons go."""
    closed = ComplaintClosed(who(unit, complaint), complaint.words, answer)
    for admin in unit.people.with_telegram_ids(tuple(sorted(admins))):
        for again in TIMES:
            name = f"{NAME}{complaint.id}{again}"
            if unit.live_messages.is_kept(admin, name):
                unit.outbox.tell(admin, closed, live=name, lane=Lane.TIDY, klass="nudge")
