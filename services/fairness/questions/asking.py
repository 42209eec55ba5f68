"""A worker's question about a task: asked with one press and one message, under a pseudonym.

Words typed for another purpose are never sent: the press opens the question, and another one takes it back.
"""

from typing import Any

from domain.fairness.messages.questions import QuestionDropped, QuestionSent, QuestionWanted
from domain.fairness.questions import DEADLINE, LONGEST, PER_DAY, SHORTEST, may_ask, question_of
from domain.moments import HOUR
from domain.people.people import Person
from domain.people.webhooks import QUESTION_ASKED
from domain.projects.projects import ProjectId, ProjectState
from domain.projects.tasks import beginning_of
from domain.refusals import BadInput, NotFound, NotYours, TooManyQuestions
from domain.work.assignments import Assignment, AssignmentId
from domain.work.messages import MatterOver
from services.act import Act, Reply
from services.fairness.questions import cards
from services.money import payees
from storage.unit import UnitOfWork

JOURNEY = "question"
LATEST = 2  # entries of the FAQ that are shown before something is asked


def ask(act: Act, assignment: AssignmentId) -> QuestionWanted:
    """The button of a task; `/ask` (0) is about the task in hand, or else the last answer's."""
    unit, about = act.unit, task_of(act.unit, act.person, assignment)
    left = _left(unit, act.person)
    unit.drafts.keep(act.person.id, JOURNEY, {"assignment": about.id}, unit.now)
    project, task = unit.projects.get(about.project), unit.tasks.get(about.task)
    entries = unit.questions.entries(project.id)
    latest = unit.questions.faq(project.id, entries + 1, LATEST) if entries else ()
    return QuestionWanted(project.id, project.title, beginning_of(project, task), left, entries, latest)


def ask_in_words(act: Act, words: str) -> QuestionSent | Reply:
    """`/ask WORDS`: without a second step."""
    return payees.kept_back(words) or _send(act, task_of(act.unit, act.person, AssignmentId(0)), words)


def typed(act: Act, draft: dict[str, Any], text: str) -> QuestionSent:
    """The question came."""
    sent = _send(act, task_of(act.unit, act.person, AssignmentId(draft["assignment"])), text)
    act.unit.drafts.drop(act.person.id)
    return sent


def drop(act: Act) -> Reply:
    """Nothing is asked: the next words belong to the task again. Not so where the question was sent meanwhile."""
    unit, person = act.unit, act.person
    unsaid = unit.drafts.stop(person.id, JOURNEY) or not unit.questions.asked_lately(person.id)
    return Reply(QuestionDropped() if unsaid else MatterOver(), edits=act.message)


def task_of(unit: UnitOfWork, worker: Person, number: AssignmentId) -> Assignment:
    """A task that this worker was given: the row authorises."""
    if number:
        found = unit.assignments.find(number)
        if found is None or found.worker != worker.id:
            raise NotYours()
        return found
    latest = _latest(unit, worker)
    if latest is None:
        raise NotFound(what="offer", name="")
    return latest


def is_about(unit: UnitOfWork, worker: Person, project: ProjectId) -> bool:
    """Whether a question asked now, without naming a task, goes to this project's requester."""
    latest = _latest(unit, worker)
    return latest is not None and latest.project == project


def _latest(unit: UnitOfWork, worker: Person) -> Assignment | None:
    return unit.assignments.active_for(worker.id) or unit.assignments.answered_last(worker.id)


def _left(unit: UnitOfWork, worker: Person) -> int:
    asked = unit.questions.asked_lately(worker.id)
    if not may_ask(asked):
        raise TooManyQuestions(most=PER_DAY)
    return PER_DAY - asked


def _send(act: Act, about: Assignment, text: str) -> QuestionSent:
    unit, words = act.unit, question_of(text)
    if words is None:
        raise BadInput(what="question", value="", expected=[str(SHORTEST), str(LONGEST)])
    _left(unit, act.person)
    question = unit.questions.add(about.project, about.task, act.person.id, words)
    cards.show(unit, question)
    unit.webhooks.note(about.project, QUESTION_ASKED, question.id)
    project, in_hand = unit.projects.get(about.project), unit.assignments.active_for(act.person.id)
    hours = DEADLINE // HOUR if project.state is ProjectState.RUNNING else 0
    return QuestionSent(project.title, words, hours, in_hand is not None)
