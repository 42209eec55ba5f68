"""A worker says that they used a tool, such as a chatbot, for an answer they typed: it stays paid."""

from domain.answers import Wants, kind_of
from domain.refusals import NotYours
from domain.work.assignments import AssignmentId
from domain.work.messages import ToolNoted
from services.act import Act


def used(act: Act, assignment: AssignmentId) -> ToolNoted:
    """It counts as an answer all the same, is no sign against anybody, and no ground to reject."""
    submission = act.unit.submissions.of_assignment(assignment)
    if submission is None or submission.worker != act.person.id:
        raise NotYours()
    if kind_of(act.unit.projects.get(submission.project).kind).wants is not Wants.TEXT:
        raise NotYours()
    act.unit.tool_uses.note(submission.project, submission.id)
    return ToolNoted()
