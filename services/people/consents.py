"""Consents: what a person lets projects use, and how they take it back."""

from domain.people.consents import Delivery
from domain.people.rights_messages import (
    AnswersTakenBack,
    ConsentEnded,
    ConsentList,
    NothingErased,
    WithdrawQuestion,
)
from domain.projects.projects import Project, ProjectId
from domain.refusals import NotFound
from domain.work.redos import DECLINED
from services.act import Act
from services.people import push_schedule
from services.people.pseudonyms import pseudonym_for
from services.work import submit
from services.work.redos import ending

LISTED = 20  # consents in one message
NAMED = 5  # deliveries in one message; /mydata has all


def listed(act: Act, since: int, before: int) -> ConsentList:
    """The newest consents behind that one, each with its way back."""
    found = act.unit.consents.of(act.person.id, LISTED + 1, since, before)
    return ConsentList(tuple(found[:LISTED]), len(found) > LISTED)


def ask_withdraw(act: Act, project: ProjectId) -> WithdrawQuestion:
    """Asks for confirmation to withdraw from one project; changes nothing."""
    found = act.unit.projects.find(project)
    enrolment = act.unit.enrolments.find(act.person.id, found.id) if found else None
    if found is None or enrolment is None or enrolment.consented_at is None:
        raise NotFound(what="consent", name=str(project))
    return WithdrawQuestion(found.id, found.title, enrolment.answered)


def withdraw(act: Act, project: ProjectId, sure: bool) -> ConsentEnded | NothingErased:
    """Consent to one project ends: no task of it any more, its files and results lose these answers, and its requester
    is told which. What was paid stays."""
    if not sure:
        return NothingErased()
    unit, found = act.unit, act.unit.projects.find(project)
    _hand_back(act, project)
    _end_changes(act, project)
    answers = unit.consents.withdraw(act.person.id, found.id) if found else None
    if found is None or answers is None:
        raise NotFound(what="consent", name=str(project))
    unit.models.forget_taken_back(found.id)
    delivered = tuple(unit.consents.delivered(act.person.id, found.id))
    unit.audit.note(act.person.id, "withdraw", f"project:{found.id}", answers=answers)
    _tell_requester(act, found, answers, delivered)
    return ConsentEnded(found.title, answers, delivered[:NAMED], len(delivered))


def _hand_back(act: Act, project: ProjectId) -> None:
    """A task of it in hand goes to somebody else; tasks of other projects may come."""
    in_hand = act.unit.assignments.active_for(act.person.id)
    if in_hand is not None and in_hand.project == project:
        submit.put_back(act.unit, act.person, in_hand)
        push_schedule.wait(act.unit, act.person.id)


def _end_changes(act: Act, project: ProjectId) -> None:
    """No answer is given anew: what was set aside to pay one again goes back."""
    unit, worker = act.unit, act.person.id
    change = unit.corrections.open_of(worker)
    if change is not None and unit.submissions.get(change.submission).project == project:
        unit.corrections.close(worker)
    for redo in unit.redos.open_of(worker, project):
        ending.give_back(unit, redo, DECLINED)


def _tell_requester(act: Act, project: Project, answers: int, delivered: tuple[Delivery, ...]) -> None:
    """By the pseudonym that stands in their files, so that they can delete these rows."""
    worker = pseudonym_for(act.unit, project.requester, act.person.id)
    told = AnswersTakenBack(project.id, project.title, worker, answers, delivered[:NAMED], len(delivered))
    act.unit.outbox.tell(project.requester, told)
