"""The admins' side of complaints: one message answers, by reply or after a press; reminders while nobody has."""

from typing import Any

from domain.fairness.complaints import (
    LONGEST_ANSWER,
    SHORTEST_ANSWER,
    STEPS,
    Complaint,
    ComplaintId,
    answer_of,
    steps_due,
)
from domain.fairness.messages.complaints import (
    AnswerSent,
    ComplaintAnswered,
    ComplaintAnswerWanted,
    ComplaintLate,
    MeasureEnded,
    MeasureSpared,
    NoComplaints,
)
from domain.people.people import Person
from domain.projects.projects import ProjectId
from domain.refusals import BadInput, NotAllowed, NotFound, OwnMatter
from services.act import Act, Reply
from services.fairness.oversight import complaint_cards
from services.money import payees
from storage.unit import UnitOfWork

JOURNEY = "complaint answer"
COUNTED = 100
AT_ONCE = 20


def show_next(act: Act) -> Reply | NoComplaints:
    """The one whose time is up first; never the admin's own."""
    waiting = act.unit.complaints.waiting(act.person.id, COUNTED)
    if not waiting:
        return NoComplaints()
    shown = complaint_cards.card(act.unit, waiting[0], left=len(waiting))
    return Reply(shown, live=f"{complaint_cards.NAME}{waiting[0].id}:shown", anew=True)


def ask_for_answer(act: Act, complaint: ComplaintId) -> ComplaintAnswerWanted:
    """The button: the next words are the answer."""
    known = _open(act.unit, act.person, complaint)
    act.unit.drafts.keep(act.person.id, JOURNEY, {"complaint": known.id}, act.unit.now)
    return ComplaintAnswerWanted(known.id, complaint_cards.who(act.unit, known), known.words)


def typed(act: Act, draft: dict[str, Any], text: str) -> AnswerSent:
    sent = answer(act, ComplaintId(draft["complaint"]), text)
    act.unit.drafts.drop(act.person.id)
    return sent


def by_reply(act: Act, message: int, text: str) -> AnswerSent | Reply | None:
    """A reply to the message of a complaint; None where that message shows none."""
    complaint = complaint_cards.shown_in(act.unit, act.person.id, message)
    return (payees.kept_back(text) or answer(act, complaint, text)) if complaint else None


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
    complaint_cards.close(unit, known, words, act.house.admins)
    return AnswerSent(complaint_cards.who(unit, known), len(unit.complaints.waiting(act.person.id, COUNTED)))


def spare(act: Act, complaint: ComplaintId) -> MeasureSpared:
    """An admin ends what machines do to this worker in that project, for good; the complaint still wants its answer."""
    unit, known = act.unit, _open(act.unit, act.person, complaint)
    if known.person is None or known.about not in complaint_cards.SPARED or not known.subject:
        raise _gone(complaint)
    project = unit.projects.get(ProjectId(known.subject))
    if unit.soft_measures.spare(known.person, project.id):
        unit.outbox.tell(known.person, MeasureEnded(project.title))
        unit.audit.note(act.person.id, "spare", f"person:{known.person}", project=project.id, complaint=known.id)
    return MeasureSpared(complaint_cards.who(unit, known), project.title)


def remind(unit: UnitOfWork, admins: frozenset[int]) -> None:
    """After 7 and 12 days the admins; after 14 days the person, too: it stays open, and `/stats` counts it as late."""
    for known in unit.complaints.to_remind(AT_ONCE):
        count = max(known.reminded + 1, steps_due(known.made_at, unit.now))
        unit.complaints.reminded(known, count)
        complaint_cards.show(unit, known, admins, count)
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
