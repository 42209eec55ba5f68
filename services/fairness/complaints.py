"""A complaint: one press and one message; a human answers within two weeks.

Words typed for another purpose are never sent: the press opens the complaint, and another one takes it back.
"""

from typing import Any

from domain.fairness.automated import BY_NAME, OTHER
from domain.fairness.cases import (
    DEADLINE,
    LONGEST,
    LONGEST_ANSWER,
    PER_DAY,
    SHORTEST,
    SHORTEST_ANSWER,
    STEPS,
    WAITING,
    AnswerSent,
    Complaint,
    ComplaintAnswered,
    ComplaintAnswerWanted,
    ComplaintClosed,
    ComplaintDropped,
    ComplaintId,
    ComplaintLate,
    ComplaintSent,
    ComplaintToAnswer,
    ComplaintWanted,
    MeasureEnded,
    MeasureSpared,
    NoComplaints,
    answer_of,
    complaint_of,
    steps_due,
)
from domain.moments import later
from domain.people.accounts import Person, PersonId
from domain.projects.projects import ProjectId
from domain.quality.restrictions import RestrictionId
from domain.refusals import (
    BadInput,
    NotAllowed,
    NotFound,
    OwnMatter,
    TooManyComplaints,
)
from domain.work.messages import MatterOver
from services.act import Act, Reply
from services.money import payouts
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


ANSWER_JOURNEY = "complaint answer"
COUNTED = 100
AT_ONCE = 20


def show_next(act: Act) -> Reply | NoComplaints:
    """The one whose time is up first; never the admin's own."""
    waiting = act.unit.complaints.waiting(act.person.id, COUNTED)
    if not waiting:
        return NoComplaints()
    shown = card(act.unit, waiting[0], left=len(waiting))
    return Reply(shown, live=f"{NAME}{waiting[0].id}:shown", anew=True)


def ask_for_answer(act: Act, complaint: ComplaintId) -> ComplaintAnswerWanted:
    """The button: the next words are the answer."""
    known = _open(act.unit, act.person, complaint)
    act.unit.drafts.keep(act.person.id, ANSWER_JOURNEY, {"complaint": known.id}, act.unit.now)
    return ComplaintAnswerWanted(known.id, who(act.unit, known), known.words)


def take_answer(act: Act, draft: dict[str, Any], text: str) -> AnswerSent:
    sent = answer(act, ComplaintId(draft["complaint"]), text)
    act.unit.drafts.drop(act.person.id)
    return sent


def by_reply(act: Act, message: int, text: str) -> AnswerSent | Reply | None:
    """A reply to the message of a complaint; None where that message shows none."""
    complaint = shown_in(act.unit, act.person.id, message)
    return (payouts.kept_back(text) or answer(act, complaint, text)) if complaint else None


def answer(act: Act, complaint: ComplaintId, text: str) -> AnswerSent:
    """A human's word, with its reason: the worker reads it."""
    if "admin" not in act.roles:
        raise NotAllowed(role="admin")
    unit, known, words = act.unit, _open(act.unit, act.person, complaint), answer_of(text)
    if words is None:
        raise BadInput(what="complaint_answer", value="", expected=[str(SHORTEST_ANSWER), str(LONGEST_ANSWER)])
    if known.person is None or not unit.complaints.answer(known.id, words, act.person.id):
        raise _gone(complaint)
    told = ComplaintAnswered(known.about, known.subject, known.words, words, known.made_at)
    unit.outbox.tell(known.person, told)
    unit.audit.note(act.person.id, "complaint", f"complaint:{known.id}")
    close(unit, known, words, act.house.admins)
    return AnswerSent(who(unit, known), len(unit.complaints.waiting(act.person.id, COUNTED)))


def spare(act: Act, complaint: ComplaintId) -> MeasureSpared:
    """An admin ends what machines do to this worker in that project, for good; the complaint still wants its answer."""
    unit, known = act.unit, _open(act.unit, act.person, complaint)
    if known.person is None or known.about not in SPARED or not known.subject:
        raise _gone(complaint)
    project = unit.projects.get(ProjectId(known.subject))
    if unit.soft_measures.spare(known.person, project.id):
        unit.outbox.tell(known.person, MeasureEnded(project.title))
        unit.audit.note(act.person.id, "spare", f"person:{known.person}", project=project.id, complaint=known.id)
    return MeasureSpared(who(unit, known), project.title)


def remind(unit: UnitOfWork, admins: frozenset[int]) -> None:
    """After 7 and 12 days the admins; after 14 days the person, too: it stays open, and `/stats` counts it as late."""
    for known in unit.complaints.to_remind(AT_ONCE):
        count = max(known.reminded + 1, steps_due(known.made_at, unit.now))
        unit.complaints.reminded(known, count)
        show(unit, known, admins, count)
        if count == len(STEPS) and known.person is not None:
            unit.outbox.tell(known.person, ComplaintLate(known.words, known.made_at))


def _open(unit: UnitOfWork, admin: Person, number: ComplaintId) -> Complaint:
    """Nobody answers their own."""
    known = unit.complaints.find(number)
    if known is None or not known.is_open:
        raise _gone(number)
    if known.person == admin.id:
        raise OwnMatter()
    return known


def _gone(number: ComplaintId) -> NotFound:
    return NotFound(what="complaint", name=str(number))


COMPLAIN_JOURNEY = "complaint"


def ask(act: Act, about: str, subject: int) -> ComplaintWanted:
    """The button: the next words are the complaint."""
    unit, person = act.unit, act.person
    left = _left(unit, person)
    about, subject = _checked(unit, person, about, subject)
    unit.drafts.keep(person.id, COMPLAIN_JOURNEY, {"about": about, "subject": subject}, unit.now)
    return ComplaintWanted(about, title_of(unit, about, subject), left)


def drop(act: Act) -> Reply:
    """Nothing is sent: the next words belong to the task again. Not so where the complaint was sent meanwhile."""
    unit, person = act.unit, act.person
    unsaid = unit.drafts.stop(person.id, COMPLAIN_JOURNEY) or not unit.complaints.made_lately(person.id)
    return Reply(ComplaintDropped() if unsaid else MatterOver(), edits=act.message)


def take_complaint(act: Act, draft: dict[str, Any], text: str) -> ComplaintSent:
    """The complaint came."""
    unit, person, words = act.unit, act.person, complaint_of(text)
    if words is None:
        raise BadInput(what="complaint", value="", expected=[str(SHORTEST), str(LONGEST)])
    _left(unit, person)
    unit.drafts.drop(person.id)
    made = unit.complaints.add(person.id, draft["about"], draft["subject"], words)
    show(unit, made, act.house.admins)
    return ComplaintSent(words, later(unit.now, DEADLINE))


def _left(unit: UnitOfWork, person: Person) -> int:
    left = min(PER_DAY - unit.complaints.made_lately(person.id), WAITING - unit.complaints.open_of(person.id))
    if left <= 0:
        raise TooManyComplaints(most=PER_DAY, waiting=WAITING)
    return left


def _checked(unit: UnitOfWork, person: Person, about: str, subject: int) -> tuple[str, int]:
    """The rows authorise: what is not theirs is left out."""
    if about not in BY_NAME:
        return OTHER, 0
    if about == "restriction":
        known = unit.restrictions.find(RestrictionId(subject))
        return about, subject if known is not None and known.worker == person.id else 0
    return about, subject if subject and unit.enrolments.find(person.id, ProjectId(subject)) is not None else 0
