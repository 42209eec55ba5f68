"""A complaint: one press and one message; a human answers within two weeks.

Words typed for another purpose are never sent: the press opens the complaint, and another one takes it back.
"""

from typing import Any

from domain.conduct.restrictions import RestrictionId
from domain.fairness.automated import BY_NAME, OTHER
from domain.fairness.complaints import DEADLINE, LONGEST, PER_DAY, SHORTEST, WAITING, complaint_of
from domain.fairness.messages.complaints import ComplaintDropped, ComplaintSent, ComplaintWanted
from domain.moments import later
from domain.people.people import Person
from domain.projects.projects import ProjectId
from domain.refusals import BadInput, TooManyComplaints
from domain.work.messages import MatterOver
from services.act import Act, Reply
from services.fairness.oversight import complaint_cards
from storage.unit import UnitOfWork

JOURNEY = "complaint"


def ask(act: Act, about: str, subject: int) -> ComplaintWanted:
    """The button: the next words are the complaint."""
    unit, person = act.unit, act.person
    left = _left(unit, person)
    about, subject = _checked(unit, person, about, subject)
    unit.drafts.keep(person.id, JOURNEY, {"about": about, "subject": subject}, unit.now)
    return ComplaintWanted(about, complaint_cards.title_of(unit, about, subject), left)


def drop(act: Act) -> Reply:
    """Nothing is sent: the next words belong to the task again. Not so where the complaint was sent meanwhile."""
    unit, person = act.unit, act.person
    unsaid = unit.drafts.stop(person.id, JOURNEY) or not unit.complaints.made_lately(person.id)
    return Reply(ComplaintDropped() if unsaid else MatterOver(), edits=act.message)


def typed(act: Act, draft: dict[str, Any], text: str) -> ComplaintSent:
    """The complaint came."""
    unit, person, words = act.unit, act.person, complaint_of(text)
    if words is None:
        raise BadInput(what="complaint", value="", expected=[str(SHORTEST), str(LONGEST)])
    _left(unit, person)
    unit.drafts.drop(person.id)
    made = unit.complaints.add(person.id, draft["about"], draft["subject"], words)
    complaint_cards.show(unit, made, act.house.admins)
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
