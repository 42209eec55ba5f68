"""Projects, their batches and their counts."""

from domain.moments import Moment
from domain.money import Millionths
from domain.people import PersonId
from domain.projects import Progress, Project, ProjectId, ProjectState
from storage.connection import Connection, Row
from storage.records import columns, each, first, pack, words

_PROJECT = columns(Project)

BY_ID = f"SELECT {_PROJECT} FROM projects WHERE id = :id"
OF_REQUESTER = f"SELECT {_PROJECT} FROM projects WHERE requester = :requester ORDER BY id DESC LIMIT :limit"
RUNNING = f"SELECT {_PROJECT} FROM projects WHERE state = 'running' AND paused = '' ORDER BY launched_at, id"
PAUSED = "UPDATE projects SET paused = paused WHERE id = :id RETURNING paused"
PAUSE = "UPDATE projects SET paused = :reasons WHERE id = :id"
ADD = """
INSERT INTO projects (requester, title, instructions, kind, options, template, columns, currency, pay, fee, overlap,
  max_overlap, confidence, accept, minutes, purpose, languages, state, created_at)
VALUES (:requester, :title, :instructions, :kind, :options, :template, :columns, :currency, :pay, :fee, :overlap,
  :max_overlap, :confidence, :accept, :minutes, :purpose, :languages, 'draft', :created_at)
RETURNING id"""
LAUNCH = """
UPDATE projects SET state = 'running', launched_at = coalesce(launched_at, :now)
WHERE id = :id AND state IN ('draft', 'running')"""
END = "UPDATE projects SET state = :state, ended_at = :now WHERE id = :id AND state = 'running'"
BATCH = """
INSERT INTO batches (project, requester, fingerprint, file_name, tasks, imported_at)
VALUES (:project, :requester, :fingerprint, :file_name, :tasks, :now)
ON CONFLICT (requester, fingerprint) DO NOTHING RETURNING id"""
BATCH_OF_FILE = "SELECT project FROM batches WHERE requester = :requester AND fingerprint = :fingerprint"
COUNT_TASKS = """
SELECT count(*) FILTER (WHERE gold IS NULL), count(*) FILTER (WHERE gold IS NULL AND state = 'closed'),
  count(*) FILTER (WHERE gold IS NOT NULL), coalesce(sum(received), 0),
  count(*) FILTER (WHERE gold IS NULL AND state <> 'closed' AND received > 0)
FROM tasks WHERE project = :project"""
COUNT_WORKERS = """
SELECT count(*) FILTER (WHERE answered > 0), coalesce(sum(gold_right), 0), coalesce(sum(gold_seen), 0)
FROM enrolments WHERE project = :project"""
COUNT_LIVE = "SELECT count(*) FROM assignments WHERE project = :project AND state = 'active'"
HELD = """
SELECT a.balance FROM projects p JOIN accounts a ON a.name = 'project:' || p.id || ':budget' AND a.currency = p.currency
WHERE p.id = :project"""
SPENT = """
SELECT coalesce(sum(amount), 0) FROM transfers WHERE project = :project AND kind IN ('reward', 'fee', 'topup')"""
# Moves with every submission and with the project's end: whether a progress message has news.
NEWS = """
SELECT 2 * coalesce((SELECT max(s.id) FROM submissions s WHERE s.project = p.id), 0)
  + CASE WHEN p.ended_at IS NULL THEN 1 ELSE 2 END FROM projects p WHERE p.id = :project"""
ENDED_WITH_MONEY = """
SELECT DISTINCT p.id FROM projects p
JOIN accounts a ON a.name IN ('project:' || p.id || ':budget', 'project:' || p.id || ':topup')
  AND a.currency = p.currency
WHERE p.state IN ('stopped', 'complete') AND a.balance > 0 LIMIT 100"""


def project_from(row: Row) -> Project:
    v = list(row)
    v[3], v[5], v[7], v[17] = words(v[3]), words(v[5]), words(v[7]), words(v[17])
    v[18], v[22] = ProjectState(v[18]), tuple(v[22].split())
    return Project(*v)


class Projects:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def find(self, project: int) -> Project | None:
        row = self._db.one(BY_ID, id=project)
        return project_from(row) if row else None

    def get(self, project: ProjectId) -> Project:
        found = self.find(project)
        if found is None:
            raise LookupError(f"project {project}")
        return found

    def of(self, requester: PersonId, limit: int = 20) -> list[Project]:
        return [project_from(row) for row in self._db.all(OF_REQUESTER, requester=requester, limit=limit)]

    def running(self) -> list[Project]:
        return [project_from(row) for row in self._db.all(RUNNING)]

    def add(self, project: Project) -> ProjectId:
        """Stores a draft; its id and state are the database's."""
        values = {name: getattr(project, name) for name in Project.__slots__}
        for name in ("instructions", "options", "columns", "languages"):
            values[name] = pack(values[name])
        for name in ("id", "state", "launched_at", "ended_at", "paused"):
            del values[name]
        return ProjectId(first(self._db.one(ADD, **values)))

    def launch(self, project: ProjectId, now: Moment) -> bool:
        return self._db.changed(LAUNCH, id=project, now=now) == 1

    def pause(self, project: ProjectId, reason: str) -> bool:
        """Offers nothing while the reason (one word) stands; False when it stood already."""
        return self._rest(project, reason, True)

    def resume(self, project: ProjectId, reason: str) -> bool:
        """Takes the reason back; other reasons may still stand."""
        return self._rest(project, reason, False)

    def _rest(self, project: ProjectId, reason: str, rests: bool) -> bool:
        reasons = set(first(self._db.one(PAUSED, id=project), "").split())
        if (reason in reasons) == rests:
            return False
        changed = reasons ^ {reason}
        return self._db.changed(PAUSE, id=project, reasons=" ".join(sorted(changed))) == 1

    def end(self, project: ProjectId, state: ProjectState, now: Moment) -> bool:
        return self._db.changed(END, id=project, state=state.value, now=now) == 1

    def batch(
        self,
        project: ProjectId,
        requester: PersonId,
        fingerprint: str,
        file_name: str,
        tasks: int,
        now: Moment,
    ) -> int | None:
        """The batch's id; None when this very file is already there."""
        row = self._db.one(
            BATCH,
            project=project,
            requester=requester,
            fingerprint=fingerprint,
            file_name=file_name,
            tasks=tasks,
            now=now,
        )
        return int(row[0]) if row else None

    def with_file(self, requester: PersonId, fingerprint: str) -> ProjectId | None:
        found = first(self._db.one(BATCH_OF_FILE, requester=requester, fingerprint=fingerprint))
        return None if found is None else ProjectId(found)

    def progress(self, project: ProjectId) -> Progress:
        tasks = self._db.all(COUNT_TASKS, project=project)[0]
        crowd = self._db.all(COUNT_WORKERS, project=project)[0]
        held = first(self._db.one(HELD, project=project), 0)
        spent = int(first(self._db.one(SPENT, project=project), 0))
        live = first(self._db.one(COUNT_LIVE, project=project), 0)
        return Progress(
            tasks=tasks[0],
            closed=tasks[1],
            gold=tasks[2],
            submissions=int(tasks[3]),
            begun=tasks[4],
            workers=crowd[0],
            gold_right=int(crowd[1]),
            gold_seen=int(crowd[2]),
            held=Millionths(held),
            spent=Millionths(spent),
            in_hand=live,
        )

    def news(self, project: ProjectId) -> int:
        return int(first(self._db.one(NEWS, project=project)))

    def ended_with_money(self) -> list[ProjectId]:
        return each(self._db.all(ENDED_WITH_MONEY))
