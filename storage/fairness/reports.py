"""Reports by workers: of tasks, and of posts of the boards."""

from domain.fairness.board import PostId, ReportState
from domain.fairness.reports import WINDOW, Report, ReportKind
from domain.moments import Moment, later
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from domain.projects.tasks import TaskId
from storage.drivers.connection import Connection
from storage.drivers.records import single_value

# A worker has one open report per project; a later one replaces it.
UPSERT_REPORT = """
INSERT INTO reports (project, task, reporter, kind, state, made_at)
VALUES (:project, :task, :reporter, :kind, 'open', :now)
ON CONFLICT (project, reporter) WHERE state = 'open' DO UPDATE SET kind = excluded.kind, task = excluded.task"""
COUNT_REPORTS_SINCE = "SELECT count(*) FROM reports WHERE reporter = :reporter AND made_at > :since"
COUNT_DISMISSED = "SELECT count(*) FROM reports WHERE reporter = :reporter AND state = 'dismissed'"
SELECT_OPEN_REPORTS = "SELECT task, reporter, kind FROM reports WHERE project = :project AND state = 'open' ORDER BY id"
CLOSE_REPORTS = """
UPDATE reports SET state = :state, ended_at = :now, ended_by = :by WHERE project = :project AND state = 'open'"""

# One row per post: the reporting person must not be stored.
INSERT_POST_REPORT = "INSERT INTO board_reports (post, state) VALUES (:post, 'waiting') ON CONFLICT (post) DO NOTHING"
SELECT_POST_STATE = "SELECT state FROM board_reports WHERE post = :post"
# A post without a report can be decided, too. Of two admins at once, the second finds it decided.
UPSERT_POST_DECISION = """
INSERT INTO board_reports (post, state) VALUES (:post, :state)
ON CONFLICT (post) DO UPDATE SET state = excluded.state WHERE board_reports.state = 'waiting'"""
WITHDRAW_POST_REPORT = "UPDATE board_reports SET state = 'withdrawn' WHERE post = :post AND state = 'waiting'"


class Reports:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def add(self, project: ProjectId, task: TaskId, reporter: PersonId, kind: ReportKind) -> None:
        parameters = {"project": project, "task": task, "reporter": reporter}
        self._db.changed(UPSERT_REPORT, **parameters, kind=kind.value, now=self._now)

    def count_recent(self, reporter: PersonId) -> int:
        return int(single_value(self._db.one(COUNT_REPORTS_SINCE, reporter=reporter, since=later(self._now, -WINDOW))))

    def count_dismissed(self, reporter: PersonId) -> int:
        return int(single_value(self._db.one(COUNT_DISMISSED, reporter=reporter)))

    def list_open(self, project: ProjectId) -> list[Report]:
        return [
            Report(row[0], row[1], ReportKind(row[2])) for row in self._db.all(SELECT_OPEN_REPORTS, project=project)
        ]

    def close_all(self, project: ProjectId, upheld: bool, by: PersonId) -> bool:
        """Close all open reports of a project with an admin's decision. Return False if none was open."""
        state = "upheld" if upheld else "dismissed"
        return self._db.changed(CLOSE_REPORTS, project=project, state=state, now=self._now, by=by) > 0


class BoardReports:
    """Reports of posts of the boards. They name no person."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(self, post: PostId) -> bool:
        """Store that a post was reported. Return False if it was reported before."""
        return self._db.changed(INSERT_POST_REPORT, post=post) == 1

    def find_state(self, post: PostId) -> ReportState | None:
        state = single_value(self._db.one(SELECT_POST_STATE, post=post), None)
        return None if state is None else ReportState(state)

    def decide(self, post: PostId, state: ReportState) -> bool:
        """Store the decision about a post. Return False if it was decided before."""
        return self._db.changed(UPSERT_POST_DECISION, post=post, state=str(state)) == 1

    def withdraw(self, post: PostId) -> bool:
        """Close the report of a post that its writer took back. Return whether it waited for an admin."""
        return self._db.changed(WITHDRAW_POST_REPORT, post=post) == 1
