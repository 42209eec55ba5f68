"""Which answers may be changed."""

from domain.people.people import Person
from domain.projects.projects import Project
from domain.refusals import NotYours, TooLateToChange
from domain.work.assignments import AssignmentId
from domain.work.submissions import Submission
from services.work.redos import ending
from storage.unit import UnitOfWork


def get_given(unit: UnitOfWork, worker: Person, assignment_id: AssignmentId) -> Submission:
    """Return the answer to this assignment. Raise NotYours for another worker's, and where there is none."""
    submission = unit.submissions.of_assignment(assignment_id)
    if submission is None or submission.worker != worker.id:
        raise NotYours()
    return submission


def require_changeable(unit: UnitOfWork, project: Project, submission: Submission) -> None:
    """Raise TooLateToChange for an answer that was explained, is under review, is decided, or was taken back."""
    if unit.consents.is_taken_back(submission.id):
        raise TooLateToChange(why="decided")
    if ending.is_asked(unit, submission):
        return  # by its requester, once more
    if submission.gold == 0:
        raise TooLateToChange(why="told")
    if submission.state == "rejected" or (project.accept == "review" and submission.state != "submitted"):
        raise TooLateToChange(why="decided")
    if project.accept == "review" and unit.corrections.is_looked_at(submission.id):
        raise TooLateToChange(why="looked")
