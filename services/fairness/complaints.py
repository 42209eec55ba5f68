"""Complaints about automated decisions: one press and one message; a human answers within two weeks.

Words typed for another purpose are never sent: a press opens the complaint, and another one takes it back."""

from typing import Any

from domain.fairness.automated import BY_NAME, OTHER
from domain.fairness.cases import (
    DEADLINE,
    MAX_ANSWER_CHARS,
    MAX_COMPLAINT_CHARS,
    MAX_COMPLAINTS_PER_DAY,
    MAX_OPEN_COMPLAINTS,
    MIN_ANSWER_CHARS,
    MIN_COMPLAINT_CHARS,
    STEPS,
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
    count_due_steps,
    parse_answer,
    parse_complaint,
)
from domain.moments import later
from domain.people.accounts import Person, PersonId
from domain.projects.projects import ProjectId
from domain.quality.restrictions import RestrictionId
from domain.refusals import BadInput, NotAllowed, NotFound, OwnMatter, TooManyComplaints
from domain.work.messages import MatterOver
from services.act import Act, Reply
from services.money import payouts
from services.quality.restrictions import to_known_restriction
from storage.boxes.outbox import Lane
from storage.unit import UnitOfWork

MESSAGE_PREFIX = "complaint:"
MESSAGE_SUFFIXES = ("", ":1", ":2", ":3", ":shown")  # new, at each reminder, when an admin asked for it
SPARABLE_DECISIONS = ("later", "evidence")  # decisions of the register that an admin can end for one worker and project


def send_to_admins(unit: UnitOfWork, complaint: Complaint, admins: frozenset[int], reminded: int = 0) -> None:
    """Send a complaint to every admin except the complainant; `reminded` counts the reminders before, 0 for a new
    complaint."""
    days = (unit.now - complaint.made_at) // 86_400_000 if reminded else 0
    suffix = MESSAGE_SUFFIXES[reminded]
    for admin in unit.people.list_with_telegram_ids(tuple(sorted(admins))):
        if admin != complaint.person:
            unit.outbox.tell(
                admin, to_complaint_card(unit, complaint, reminds=days), live=f"{MESSAGE_PREFIX}{complaint.id}{suffix}"
            )


def to_complaint_card(unit: UnitOfWork, complaint: Complaint, reminds: int = 0, left: int = 0) -> ComplaintToAnswer:
    restriction = unit.restrictions.find(RestrictionId(complaint.subject)) if complaint.about == "restriction" else None
    return ComplaintToAnswer(
        complaint=complaint.id,
        who=get_complainant_label(unit, complaint),
        about=complaint.about,
        title=get_subject_title(unit, complaint.about, complaint.subject),
        words=complaint.words,
        due=complaint.due_at,
        restriction=to_known_restriction(unit, restriction) if restriction else None,
        spares=complaint.about in SPARABLE_DECISIONS and bool(complaint.subject),
        reminds=reminds,
        left=left,
    )


def get_complainant_label(unit: UnitOfWork, complaint: Complaint) -> str:
    """Return the complainant's label; "" if the complainant was erased."""
    return unit.people.get(complaint.person).label if complaint.person else ""


def get_subject_title(unit: UnitOfWork, about: str, subject: int) -> str:
    """Return the title of the project that a complaint is about; "" if it is about none."""
    if not subject:
        return ""
    if about != "restriction":
        return unit.projects.get(ProjectId(subject)).title
    restriction = unit.restrictions.find(RestrictionId(subject))
    return unit.projects.get(restriction.project).title if restriction else ""


def find_complaint_shown(unit: UnitOfWork, person: PersonId, message: int) -> ComplaintId | None:
    """Return the complaint that this message shows to this admin, or None."""
    name = unit.live_messages.find_name(person, message, MESSAGE_PREFIX)
    return ComplaintId(int(name.split(":")[1])) if name else None


def close_complaint_messages(unit: UnitOfWork, complaint: Complaint, answer: str, admins: frozenset[int]) -> None:
    """Replace all admins' messages that show a complaint by its answer; their buttons go."""
    outcome = ComplaintClosed(get_complainant_label(unit, complaint), complaint.words, answer)
    for admin in unit.people.list_with_telegram_ids(tuple(sorted(admins))):
        for suffix in MESSAGE_SUFFIXES:
            name = f"{MESSAGE_PREFIX}{complaint.id}{suffix}"
            if unit.live_messages.is_kept(admin, name):
                unit.outbox.tell(admin, outcome, live=name, lane=Lane.TIDY, klass="nudge")


ANSWER_JOURNEY = "complaint answer"
MAX_COUNTED_COMPLAINTS = 100
MAX_COMPLAINTS_PER_SWEEP = 20


def show_next_complaint(act: Act) -> Reply | NoComplaints:
    """Return the complaint that is due first, without the admin's own, or NoComplaints."""
    waiting = act.unit.complaints.list_waiting(act.person.id, MAX_COUNTED_COMPLAINTS)
    if not waiting:
        return NoComplaints()
    complaint_card = to_complaint_card(act.unit, waiting[0], left=len(waiting))
    return Reply(complaint_card, live=f"{MESSAGE_PREFIX}{waiting[0].id}:shown", anew=True)


def ask_for_answer(act: Act, complaint: ComplaintId) -> ComplaintAnswerWanted:
    """Take the admin's next message as the answer. Raise NotFound if the complaint is closed, OwnMatter if it is the
    admin's own."""
    open_complaint = _get_open_complaint(act.unit, act.person, complaint)
    act.unit.drafts.keep(act.person.id, ANSWER_JOURNEY, {"complaint": open_complaint.id}, act.unit.now)
    return ComplaintAnswerWanted(
        open_complaint.id, get_complainant_label(act.unit, open_complaint), open_complaint.words
    )


def send_typed_answer(act: Act, draft: dict[str, Any], text: str) -> AnswerSent:
    """Send the typed answer of a draft and drop the draft."""
    sent = answer_complaint(act, ComplaintId(draft["complaint"]), text)
    act.unit.drafts.drop(act.person.id)
    return sent


def answer_by_reply(act: Act, message: int, text: str) -> AnswerSent | Reply | None:
    """Answer the complaint shown in the message that the admin replied to. Return None if that message shows none."""
    complaint = find_complaint_shown(act.unit, act.person.id, message)
    return (payouts.keep_iban_private(text) or answer_complaint(act, complaint, text)) if complaint else None


def answer_complaint(act: Act, complaint: ComplaintId, text: str) -> AnswerSent:
    """Answer a complaint with a reason, as an admin; the worker reads it and the admins' messages are closed. Raise
    NotAllowed if the person is no admin, BadInput if the answer is too short or too long, NotFound if it is closed or
    the complainant was erased, OwnMatter if it is the admin's own."""
    if "admin" not in act.roles:
        raise NotAllowed(role="admin")
    unit, open_complaint, words = act.unit, _get_open_complaint(act.unit, act.person, complaint), parse_answer(text)
    if words is None:
        raise BadInput(what="complaint_answer", value="", expected=[str(MIN_ANSWER_CHARS), str(MAX_ANSWER_CHARS)])
    if open_complaint.person is None or not unit.complaints.answer(open_complaint.id, words, act.person.id):
        raise _not_found(complaint)
    notice = ComplaintAnswered(
        open_complaint.about, open_complaint.subject, open_complaint.words, words, open_complaint.made_at
    )
    unit.outbox.tell(open_complaint.person, notice)
    unit.audit.note(act.person.id, "complaint", f"complaint:{open_complaint.id}")
    close_complaint_messages(unit, open_complaint, words, act.house.admins)
    return AnswerSent(
        get_complainant_label(unit, open_complaint),
        len(unit.complaints.list_waiting(act.person.id, MAX_COUNTED_COMPLAINTS)),
    )


def end_measure(act: Act, complaint: ComplaintId) -> MeasureSpared:
    """End, for good, what machines do to this worker in the project of the complaint; the complaint still needs an
    answer. Raise NotFound if the complaint is about no decision that can be ended, OwnMatter if it is the admin's own.
    """
    unit, open_complaint = act.unit, _get_open_complaint(act.unit, act.person, complaint)
    if open_complaint.person is None or open_complaint.about not in SPARABLE_DECISIONS or not open_complaint.subject:
        raise _not_found(complaint)
    project = unit.projects.get(ProjectId(open_complaint.subject))
    if unit.soft_measures.spare(open_complaint.person, project.id):
        unit.outbox.tell(open_complaint.person, MeasureEnded(project.title))
        unit.audit.note(
            act.person.id, "spare", f"person:{open_complaint.person}", project=project.id, complaint=open_complaint.id
        )
    return MeasureSpared(get_complainant_label(unit, open_complaint), project.title)


def remind_of_complaints(unit: UnitOfWork, admins: frozenset[int]) -> None:
    """Remind the admins of unanswered complaints after 7, 12 and 14 days, and tell the complainant after 14 days. The
    complaint stays open, and /stats counts it as late."""
    for due_complaint in unit.complaints.due_for_reminder(MAX_COMPLAINTS_PER_SWEEP):
        count = max(due_complaint.reminded + 1, count_due_steps(due_complaint.made_at, unit.now))
        unit.complaints.store_reminder(due_complaint, count)
        send_to_admins(unit, due_complaint, admins, count)
        if count == len(STEPS) and due_complaint.person is not None:
            unit.outbox.tell(due_complaint.person, ComplaintLate(due_complaint.words, due_complaint.made_at))


def _get_open_complaint(unit: UnitOfWork, admin: Person, number: ComplaintId) -> Complaint:
    """Return an open complaint. Raise NotFound if it is closed, OwnMatter if it is the admin's own."""
    open_complaint = unit.complaints.find(number)
    if open_complaint is None or not open_complaint.is_open:
        raise _not_found(number)
    if open_complaint.person == admin.id:
        raise OwnMatter()
    return open_complaint


def _not_found(number: ComplaintId) -> NotFound:
    return NotFound(what="complaint", name=str(number))


COMPLAIN_JOURNEY = "complaint"


def ask_for_complaint(act: Act, about: str, subject: int) -> ComplaintWanted:
    """Take the worker's next message as a complaint. Raise TooManyComplaints at the limits per day and of open
    complaints."""
    unit, person = act.unit, act.person
    complaints_left = _require_complaints_left(unit, person)
    topic, subject = _own_subject(unit, person, about, subject)
    unit.drafts.keep(person.id, COMPLAIN_JOURNEY, {"about": topic, "subject": subject}, unit.now)
    return ComplaintWanted(topic, get_subject_title(unit, topic, subject), complaints_left)


def drop_complaint(act: Act) -> Reply:
    """Drop the draft of a complaint, so that the next message belongs to the task again. Return MatterOver if it was
    sent meanwhile."""
    unit, person = act.unit, act.person
    was_unsent = unit.drafts.stop(person.id, COMPLAIN_JOURNEY) or not unit.complaints.count_recent(person.id)
    return Reply(ComplaintDropped() if was_unsent else MatterOver(), edits=act.message)


def send_typed_complaint(act: Act, draft: dict[str, Any], text: str) -> ComplaintSent:
    """Store the typed complaint and send it to the admins.
    Raise BadInput if it is too short or too long, TooManyComplaints at the limits."""
    unit, person, words = act.unit, act.person, parse_complaint(text)
    if words is None:
        raise BadInput(what="complaint", value="", expected=[str(MIN_COMPLAINT_CHARS), str(MAX_COMPLAINT_CHARS)])
    _require_complaints_left(unit, person)
    unit.drafts.drop(person.id)
    new_complaint = unit.complaints.add(person.id, draft["about"], draft["subject"], words)
    send_to_admins(unit, new_complaint, act.house.admins)
    return ComplaintSent(words, later(unit.now, DEADLINE))


def _require_complaints_left(unit: UnitOfWork, person: Person) -> int:
    """Return how many complaints the person may still send. Raise TooManyComplaints if none."""
    complaints_left = min(
        MAX_COMPLAINTS_PER_DAY - unit.complaints.count_recent(person.id),
        MAX_OPEN_COMPLAINTS - unit.complaints.count_open(person.id),
    )
    if complaints_left <= 0:
        raise TooManyComplaints(most=MAX_COMPLAINTS_PER_DAY, waiting=MAX_OPEN_COMPLAINTS)
    return complaints_left


def _own_subject(unit: UnitOfWork, person: Person, about: str, subject: int) -> tuple[str, int]:
    """Return (decision, subject) of a complaint; the subject is 0 if it is not the person's own, the decision OTHER if
    unknown."""
    if about not in BY_NAME:
        return OTHER, 0
    if about == "restriction":
        restriction = unit.restrictions.find(RestrictionId(subject))
        return about, subject if restriction is not None and restriction.worker == person.id else 0
    return about, subject if subject and unit.enrolments.find(person.id, ProjectId(subject)) is not None else 0
