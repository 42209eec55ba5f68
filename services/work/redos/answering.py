"""The worker's side of a redo: the task is theirs once more when they press for it, and nobody else's."""

from domain.refusals import TooLateToChange
from domain.work.redo_messages import RedoDeclined
from domain.work.redos import DECLINED, Redo
from domain.work.submissions import SubmissionId
from services.act import Act, Reply
from services.work import corrections
from services.work.changes import reopening
from services.work.redos import ending


def begin(act: Act, submission: SubmissionId) -> None:
    """Shows the task in a message of its own, open for a new answer."""
    found = _mine(act, submission)
    enrolment = act.unit.enrolments.enrol(found.worker, found.project)
    if enrolment.consented_at is None:  # they took their answers back
        raise TooLateToChange(why="decided")
    reopening.open_anew(act.unit, act.person, act.unit.submissions.get(found.submission))


def decline(act: Act, submission: SubmissionId) -> Reply:
    """The first answer stays, and stays paid. What they write from now on is for other tasks."""
    found = _mine(act, submission)
    change = act.unit.corrections.open_of(act.person.id)
    if change is not None and change.submission == submission:
        corrections.abandon(act.unit, act.person, act.unit.submissions.get(submission))
    ending.give_back(act.unit, found, DECLINED)
    return Reply(RedoDeclined(act.unit.projects.get(found.project).title), edits=act.message)


def _mine(act: Act, submission: SubmissionId) -> Redo:
    """The row authorises."""
    found = act.unit.redos.of(submission)
    if found is None or found.worker != act.person.id or not found.is_open(act.unit.now):
        raise TooLateToChange(why="again")
    return found
