"""Redos: a requester asks a worker for an answer once more, in place of a rejection, and pays for it again."""

from domain.moments import HOUR, Moment
from domain.money.amounts import Millionths
from domain.people.people import PersonId
from domain.projects.projects import ProjectId
from domain.records import record
from domain.work.submissions import SubmissionId

TIME = 72 * HOUR  # in which it can be done; then the money goes back
ASKED, DONE, DECLINED, LATE = "asked", "done", "declined", "late"


@record
class Redo:
    """`words` are the requester's, `pay` is held for it until `until_at`."""

    submission: SubmissionId
    project: ProjectId
    worker: PersonId
    words: str
    pay: Millionths
    state: str
    asked_at: Moment
    until_at: Moment

    def is_open(self, now: Moment) -> bool:
        return self.state == ASKED and now < self.until_at
