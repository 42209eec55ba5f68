"""Unanswered questions: a reminder after a day; after two the project offers nothing until there is an answer."""

from domain.fairness.messages.questions import ProjectAwaitsAnswer
from domain.fairness.questions import DEADLINE, PAUSE, Question
from domain.moments import HOUR
from domain.projects.projects import ProjectId, ProjectState
from services.fairness.questions import cards
from services.projects import bulk_updates
from storage.unit import UnitOfWork

AT_ONCE = 20


def remind_and_pause(unit: UnitOfWork) -> None:
    """What is due by now."""
    for question in unit.questions.to_remind(AT_ONCE):
        unit.questions.reminded(question.id)
        cards.show(unit, question, ":again")
    for question in unit.questions.overdue(AT_ONCE):
        if unit.questions.is_late(question.id):
            _pause(unit, question)


def _pause(unit: UnitOfWork, question: Question) -> None:
    project = unit.projects.get(question.project)
    if not unit.projects.pause(project.id, PAUSE):
        return
    unit.audit.note(None, "pause", f"project:{project.id}", question=question.id)
    if project.state is ProjectState.RUNNING:
        waiting = unit.questions.late(project.id)
        awaits = ProjectAwaitsAnswer(project.id, project.title, question.words, waiting, DEADLINE // HOUR)
        unit.outbox.tell(project.requester, awaits)


def lift(unit: UnitOfWork, project: ProjectId) -> bool:
    """Offers the project's tasks again where no late question is left; whether that ended its pause."""
    if unit.questions.late(project) or not unit.projects.resume(project, PAUSE):
        return False
    unit.audit.note(None, "resumed", f"project:{project}", why=PAUSE)
    found = unit.projects.get(project)
    if found.state is not ProjectState.RUNNING or found.paused:
        return False
    bulk_updates.wake_workers(unit, project)
    return True
