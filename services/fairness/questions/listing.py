"""Questions of a project that wait for its requester, as a list, for programs."""

from domain.fairness.questions import Question
from domain.programs import OpenQuestion, Questions
from domain.projects.projects import ProjectId
from services.act import Act
from services.projects import ownership
from storage.unit import UnitOfWork

NEWEST = 50  # answers


def page(act: Act, number: ProjectId, after: int, limit: int) -> Questions:
    unit, project = act.unit, ownership.mine(act.unit, act.person, number)
    found = unit.questions.page(project.id, after, limit + 1)
    more = found[limit - 1].id if len(found) > limit else None
    answered = unit.questions.faq(project.id, unit.questions.entries(project.id) + 1, NEWEST)
    return Questions(tuple(_shown(unit, each) for each in found[:limit]), more, tuple(answered))


def _shown(unit: UnitOfWork, question: Question) -> OpenQuestion:
    task = unit.tasks.get(question.task).key
    return OpenQuestion(question.id, task, question.words, question.asked_at, question.due_at)
