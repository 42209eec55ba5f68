"""Reports by workers: of tasks, and of posts of the boards."""

from domain.fairness.board import PostId, ReportState
from domain.fairness.reports import WINDOW, Kind, Report
from domain.moments import Moment, later
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from domain.projects.tasks import TaskId
from storage.drivers.connection import Connection
from storage.drivers.records import each, first

# One open report a worker and project: a later one says it better.
ADD = """
INSERT INTO reports (project, task, reporter, kind, state, made_at)
VALUES (:project, :task, :reporter, :kind, 'open', :now)
ON CONFLICT (project, reporter) WHERE state = 'open' DO UPDATE SET kind = excluded.kind, task = excluded.task"""
MADE_SINCE = "SELECT count(*) FROM reports WHERE reporter = :reporter AND made_at > :since"
DISMISSED_OF = "SELECT count(*) FROM reports WHERE reporter = :reporter AND state = 'dismissed'"
OPEN_IN = "SELECT task, reporter, kind FROM reports WHERE project = :project AND state = 'open' ORDER BY id"
# Projects that rest for them, those that have waited longest first.
WAITING = """
SELECT r.project FROM reports r JOIN projects p ON p.id = r.project
WHERE r.state = 'open' AND p.paused LIKE '%reports%' GROUP BY r.project ORDER BY min(r.id) LIMIT :limit"""
END = """
UPDATE reports SET state = :state, ended_at = :now, ended_by = :by WHERE project = :project AND state = 'open'"""

# Once a post, whoever reports it: who did is not kept.
ADD_POST = "INSERT INTO board_reports (post, state) VALUES (:post, 'waiting') ON CONFLICT (post) DO NOTHING"
STATE_OF_POST = "SELECT state FROM board_reports WHERE post = :post"
# A post may be decided about without a report. Two admins at once: the second one finds that it is decided.
DECIDE_POST = """
INSERT INTO board_reports (post, state) VALUES (:post, :state)
ON CONFLICT (post) DO UPDATE SET state = excluded.state WHERE board_reports.state = 'waiting'"""
WITHDRAW_POST = "UPDATE board_reports SET state = 'withdrawn' WHERE post = :post AND state = 'waiting'"
WAITING_POSTS = "SELECT post FROM board_reports WHERE state = 'waiting' ORDER BY post LIMIT :limit"


class Reports:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def add(self, project: ProjectId, task: TaskId, reporter: PersonId, kind: Kind) -> None:
        about = {"project": project, "task": task, "reporter": reporter}
        self._db.changed(ADD, **about, kind=kind.value, now=self._now)

    def count_recent(self, reporter: PersonId) -> int:
        return int(first(self._db.one(MADE_SINCE, reporter=reporter, since=later(self._now, -WINDOW))))

    def count_dismissed(self, reporter: PersonId) -> int:
        return int(first(self._db.one(DISMISSED_OF, reporter=reporter)))

    def list_open(self, project: ProjectId) -> list[Report]:
        return [Report(row[0], row[1], Kind(row[2])) for row in self._db.all(OPEN_IN, project=project)]

    def projects_to_decide(self, limit: int) -> list[ProjectId]:
        """Projects that rest until an admin has looked at their reports."""
        return each(self._db.all(WAITING, limit=limit))

    def close_all(self, project: ProjectId, upheld: bool, by: PersonId) -> bool:
        """An admin has looked at all of them; False where none was open."""
        state = "upheld" if upheld else "dismissed"
        return self._db.changed(END, project=project, state=state, now=self._now, by=by) > 0


class BoardReports:
    """Nothing here names a person."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(self, post: PostId) -> bool:
        """False where it was reported before."""
        return self._db.changed(ADD_POST, post=post) == 1

    def find_state(self, post: PostId) -> ReportState | None:
        found = first(self._db.one(STATE_OF_POST, post=post), None)
        return None if found is None else ReportState(found)

    def decide(self, post: PostId, state: ReportState) -> bool:
        """False where it was decided before."""
        return self._db.changed(DECIDE_POST, post=post, state=str(state)) == 1

    def withdraw(self, post: PostId) -> bool:
        """Its writer took it back; whether it waited for an admin."""
        return self._db.changed(WITHDRAW_POST, post=post) == 1

    def posts_to_decide(self, limit: int) -> list[PostId]:
        """The oldest posts first."""
        return each(self._db.all(WAITING_POSTS, limit=limit))
