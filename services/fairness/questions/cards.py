"""The message about a question in its requester's chat: a reply to it is the answer, so its name is remembered."""

from domain.fairness.messages.questions import QuestionAsked, QuestionClosed
from domain.fairness.questions import Question, QuestionId
from domain.people.people import PersonId
from domain.projects.projects import ProjectState
from domain.projects.tasks import beginning_of
from services.people.pseudonyms import pseudonym_for
from storage.boxes.outbox import Lane
from storage.unit import UnitOfWork

NAME = "question:"
AGAIN = ("", ":again", ":shown")  # when it was asked, when it had waited for a day, when its requester asked for it


def show(unit: UnitOfWork, question: Question, again: str = "") -> None:
    """Tells the requester."""
    requester = unit.projects.get(question.project).requester
    unit.outbox.tell(requester, card(unit, question, reminds=bool(again)), live=name_of(question.id, again))


def card(unit: UnitOfWork, question: Question, reminds: bool = False) -> QuestionAsked:
    project, task = unit.projects.get(question.project), unit.tasks.get(question.task)
    return QuestionAsked(
        question=question.id,
        project=project.id,
        title=project.title,
        row=task.key,
        about=beginning_of(project, task),
        worker=name_of_asker(unit, question, project.requester),
        words=question.words,
        due=question.due_at,
        standing=unit.questions.entries(project.id),
        reminds=reminds,
        report=question.report,
        ended=project.state is not ProjectState.RUNNING,
    )


def name_of_asker(unit: UnitOfWork, question: Question, requester: PersonId) -> str:
    """The pseudonym this requester knows the worker by."""
    return pseudonym_for(unit, requester, question.asker) if question.asker else ""


def name_of(question: QuestionId, again: str = "") -> str:
    return f"{NAME}{question}{again}"


def shown_in(unit: UnitOfWork, person: PersonId, message: int) -> QuestionId | None:
    """The question that this message shows."""
    name = unit.live_messages.name_of(person, message, NAME)
    return QuestionId(int(name.split(":")[1])) if name else None


def close(unit: UnitOfWork, question: Question, answer: str | None, dismissed: bool = False) -> None:
    """Every message that shows it says what became of it; its buttons go."""
    project = unit.projects.get(question.project)
    closed = QuestionClosed(project.title, question.words, answer, dismissed)
    for again in AGAIN:
        name = name_of(question.id, again)
        if unit.live_messages.is_kept(project.requester, name):
            unit.outbox.tell(project.requester, closed, live=name, lane=Lane.TIDY, klass="nudge")
