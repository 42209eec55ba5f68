"""An answer, and why it was rejected, as they are shown to its worker, its requester, a judge or an admin."""

from dataclasses import replace

from domain.fairness.messages.appeals import AnswerShown, Citation
from domain.fairness.review import Rejection
from domain.projects.projects import Project
from domain.projects.shown_answers import shown
from domain.projects.tasks import as_asked, content_of
from domain.work.submissions import Submission
from services.projects.authoring import versions
from services.work.cards.seen import seen_by
from storage.unit import UnitOfWork


def exhibit(unit: UnitOfWork, project: Project, submission: Submission) -> AnswerShown:
    task, known = unit.tasks.get(submission.task), project
    project = versions.under(unit, project, submission.version)
    meant = seen_by(unit, project, task, submission.worker).meant
    project = as_asked(project, task)
    return AnswerShown(
        submission=submission.id,
        project=project.id,
        title=project.title,
        kind=project.kind,
        answer=shown(project, submission.answer),
        pay=submission.pay,
        currency=project.currency,
        content=content_of(project, task),
        options=project.options,
        meant=tuple(meant.items()),
        version=versions.cited(known, submission.version),
    )


def requester_exhibit(unit: UnitOfWork, project: Project, submission: Submission) -> AnswerShown:
    """The same as its requester sees it: without an answer that was taken back."""
    shown_answer = exhibit(unit, project, submission)
    return replace(shown_answer, answer=None) if unit.consents.is_taken_back(submission.id) else shown_answer


def citation(unit: UnitOfWork, rejection: Rejection) -> Citation:
    project, answer = unit.projects.get(rejection.project), unit.submissions.get(rejection.submission)
    version = versions.cited(project, answer.version)
    return Citation(rejection.line, rejection.clause, rejection.reason, version)
