"""Answers whose form never reached this house: a page of a requester's server sent it to Amazon's address."""

from domain.mturk.messages import FormsLost
from domain.refusals import NotYours
from domain.work.assignments import AssignmentId
from domain.work.page_task import HandedIn, PageAnswer
from services.act import Act
from services.mturk import pages
from services.work.pages import page_answers


def hand_in_without_fields(act: Act, number: AssignmentId) -> PageAnswer:
    """Hand in an answer without fields, and tell the requester about it, once a project. An answer that is there stays
    as it is. Raise NotYours for a task that no page of a requester's own server asks."""
    unit = act.unit
    assignment = unit.assignments.find(number)
    frame = pages.frame_of(unit, assignment) if assignment is not None else None
    if assignment is None or frame is None or not frame.url:
        raise NotYours()
    project = unit.projects.get(assignment.project)
    submission = unit.submissions.of_assignment(number)
    if submission is not None:
        return PageAnswer(HandedIn.AGAIN, submission.pay, project.currency)
    answer = page_answers.hand_in(act, number, None, "{}")
    unit.outbox.tell(project.requester, FormsLost(project.id, project.title), key=f"forms lost:{project.id}")
    return answer
