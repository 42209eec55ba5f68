"""Projects: form, terms, state."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from domain.moments import Moment
from domain.people.accounts import PersonId
from domain.projects.projects import ENDED, Project, ProjectId, ProjectState
from storage.drivers.connection import Connection, Foresight, Row
from storage.drivers.records import columns, equals_by_range, pack, single_value, unpack, unpack_tuple
from storage.drivers.rows import ABSENT, Holding
from storage.people.accounts import TeamAct
from storage.projects.lifecycle import ChangedProjects
from storage.projects.tasks import columns_of, unpacked
from storage.work.openings import ProjectTurns

OF = "SELECT data FROM project_forms WHERE person = :person"
KEEP = """
INSERT INTO project_forms (person, data, updated_at) VALUES (:person, :data, :now)
ON CONFLICT (person) DO UPDATE SET data = excluded.data, updated_at = excluded.updated_at"""
DROP = "DELETE FROM project_forms WHERE person = :person"
OLD = "SELECT 1 FROM project_forms WHERE updated_at < :before LIMIT 1"
LET_GO = "DELETE FROM project_forms WHERE updated_at < :before"


class ProjectForms:
    """A team's form is that of the member who acts for it."""

    def __init__(self, connection: Connection, acting: TeamAct) -> None:
        self._db = connection
        self._acting = acting

    def get(self, person: PersonId) -> dict[str, Any]:
        """Return the person's unfinished form; empty without one."""
        row = self._db.one(OF, person=self._acting.actor_of(person))
        return dict(unpack(row[0])) if row else {}

    def keep(self, person: PersonId, values: dict[str, Any], now: Moment) -> None:
        self._db.changed(KEEP, person=self._acting.actor_of(person), data=pack(values), now=now)

    def drop(self, person: PersonId) -> None:
        self._db.changed(DROP, person=self._acting.actor_of(person))

    def delete_idle(self, before: Moment) -> None:
        """Delete the forms that were not changed since this moment."""
        if self._db.one(OLD, before=before):
            self._db.changed(LET_GO, before=before)


_PROJECT = columns(Project)
PROJECTS = Holding(("projects",), lasts=True)

BY_ID = f"SELECT {_PROJECT} FROM projects WHERE id = :id"
# Those whose first file is there.
THERE = f"SELECT {_PROJECT} FROM projects WHERE id = :id AND arriving = 0"
OF_REQUESTER = f"""
SELECT {_PROJECT} FROM projects WHERE {equals_by_range("requester", ":requester")} AND arriving = 0 AND id < :before
ORDER BY requester DESC, id DESC LIMIT :limit"""
# Behind a project, oldest first.
OF_REQUESTER_AFTER = f"""
SELECT {_PROJECT} FROM projects WHERE requester = :requester AND arriving = 0 AND id > :after
ORDER BY id LIMIT :limit"""
# Running ones that ask only some people.
SOME = f"""
SELECT {_PROJECT} FROM projects WHERE state = 'running' AND who <> '[]' AND paused = '' ORDER BY launched_at, id
LIMIT :limit"""
RUNNING = (
    f"SELECT {_PROJECT} FROM projects WHERE state = 'running' AND paused = '' ORDER BY launched_at, id LIMIT :limit"
)
# Running ones of whose content workers are warned.
WARNED = f"""
SELECT {_PROJECT} FROM projects WHERE state = 'running' AND content <> '[]' AND paused = '' ORDER BY launched_at, id
LIMIT :limit"""
PAUSED = "UPDATE projects SET paused = paused WHERE id = :id RETURNING paused"
PAUSE = "UPDATE projects SET paused = :reasons WHERE id = :id"
ADD = """
INSERT INTO projects (requester, title, instructions, kind, options, template, columns, currency, pay, fee, overlap,
  max_overlap, confidence, accept, minutes, purpose, languages, seconds, models, ai_decides, content, who, shuffled,
  checks, pictures, examples, usual_confidence, state, created_at)
VALUES (:requester, :title, :instructions, :kind, :options, :template, :columns, :currency, :pay, :fee, :overlap,
  :max_overlap, :confidence, :accept, :minutes, :purpose, :languages, :seconds, :models, :ai_decides, :content, :who,
  :shuffled, :checks, :pictures, :examples, :usual_confidence, 'draft', :created_at)
RETURNING id"""
# The row is the lock: nothing else of the project is launched, raised or given back meanwhile.
LOCK = "UPDATE projects SET paused = paused WHERE id = :id"
REPRICE = "UPDATE projects SET pay = :pay, fee = :fee WHERE id = :id AND state = 'draft'"
REVISE = """
UPDATE projects SET title = :title, instructions = :instructions, kind = :kind, options = :options,
  template = :template, columns = :columns, pay = :pay, fee = :fee, overlap = :overlap, max_overlap = :max_overlap,
  confidence = :confidence, accept = :accept, minutes = :minutes, purpose = :purpose, languages = :languages,
  seconds = :seconds, models = :models, ai_decides = :ai_decides, content = :content, who = :who,
  shuffled = :shuffled, checks = :checks, pictures = :pictures, examples = :examples,
  usual_confidence = :usual_confidence
WHERE id = :id AND state = 'draft'"""
ASK = "UPDATE projects SET who = :who WHERE id = :id AND state = 'draft'"
HEARD = "UPDATE projects SET models = :models WHERE id = :id"
HIDE = "UPDATE projects SET arriving = 1 WHERE id = :id AND state = 'draft'"
LAUNCH = """
UPDATE projects SET state = 'running', ended_at = NULL,
  launched_at = CASE WHEN state = 'running' THEN launched_at ELSE :now END WHERE id = :id"""
END = "UPDATE projects SET state = :state, ended_at = :now WHERE id = :id AND state = :before"
# Moves with every submission and with the project's end: whether a progress message has news.
NEWS = f"""
SELECT 2 * coalesce((
  SELECT s.id FROM submissions s
  WHERE {equals_by_range("s.project", "p.id")} ORDER BY s.project DESC, s.id DESC LIMIT 1), 0)
  + CASE WHEN p.ended_at IS NULL THEN 1 ELSE 2 END FROM projects p WHERE p.id = :project"""
# Projects that have ended, or are said to: what may be in their accounts, and what still needs it.
RESTS = """
SELECT p.id, p.state,
  (p.pay + p.fee) * (SELECT count(*) FROM assignments l WHERE l.project = p.id AND l.state = 'active'),
  coalesce(b.balance, 0), coalesce(u.balance, 0), coalesce(f.waiting, 0)
FROM changed_projects c JOIN projects p ON p.id = c.project LEFT JOIN floors f ON f.project = p.id
LEFT JOIN accounts b ON b.name = 'project:' || p.id || ':budget' AND b.currency = p.currency
LEFT JOIN accounts u ON u.name = 'project:' || p.id || ':topup' AND u.currency = p.currency
WHERE c.work = 'rest' AND c.answers >= c.check_at"""


@dataclass(frozen=True, slots=True)
class Rest:
    """Money in an ended project's accounts: what live assignments can cost, and answers that are not measured."""

    project: ProjectId
    state: ProjectState
    needed: int
    budget: int
    reserve: int
    waiting: int

    @property
    def is_nothing(self) -> bool:
        return self.state not in ENDED or not (self.budget or self.reserve or self.waiting)

    @property
    def can_go(self) -> bool:
        return self.budget > self.needed or (not self.needed and bool(self.reserve or self.waiting))


def project_from(row: Row) -> Project:
    v = list(row)
    v[3], v[5], v[7], v[17] = unpack_tuple(v[3]), unpack_tuple(v[5]), unpack_tuple(v[7]), unpack_tuple(v[17])
    v[18], v[22] = ProjectState(v[18]), tuple(v[22].split())
    v[24], v[25], v[26], v[27] = unpack_tuple(v[24]), bool(v[25]), unpack_tuple(v[26]), unpack_tuple(v[27])
    v[28], v[29], v[31], v[32] = bool(v[28]), unpack_tuple(v[29]), unpack_tuple(v[31]), unpacked(v[32])
    v[33] = bool(v[33])
    return Project(*v)


def _form_columns(project: Project) -> dict[str, Any]:
    """Return a project's form as columns."""
    values = {name: getattr(project, name) for name in Project.__slots__}
    for name in ("options", "columns", "languages", "models", "content", "who", "checks"):
        values[name] = pack(values[name])
    values |= {name: int(getattr(project, name)) for name in ("ai_decides", "shuffled", "usual_confidence")}
    values |= columns_of(project)
    for name in ("id", "state", "launched_at", "ended_at", "paused", "version"):
        del values[name]
    return values


class ProjectRecords:
    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self._turns = ProjectTurns(connection)
        self._changed = ChangedProjects(connection)

    def find(self, project: int) -> Project | None:
        """A project by number; not before its first file is complete."""
        row = self._db.one(THERE, id=project)
        return project_from(row) if row else None

    def get(self, project: ProjectId) -> Project:
        cached = self._db.get(PROJECTS, project)
        project_row: Project | None = (
            self._keep(project, self._db.peek(BY_ID, id=project)) if cached is ABSENT else cached
        )
        if project_row is None:
            raise LookupError(f"project {project}")
        return project_row

    def foresee(self, projects: Sequence[ProjectId]) -> Foresight[None]:
        """Load these projects into the cache."""
        new = [project for project in projects if self._db.get(PROJECTS, project) is ABSENT]
        (rows_by_project,) = yield [(BY_ID, [{"id": project} for project in new])]
        for project, rows in zip(new, rows_by_project, strict=True):
            self._keep(project, rows)

    def _keep(self, project: ProjectId, rows: list[Row]) -> Project | None:
        return cast(Project | None, self._db.keep(PROJECTS, project, project_from(rows[0]) if rows else None))

    def list_of_requester(self, requester: PersonId, limit: int = 20, before: int = 2**63 - 1) -> list[Project]:
        rows = self._db.all(OF_REQUESTER, requester=requester, limit=limit, before=before)
        return [project_from(row) for row in rows]

    def page(self, requester: PersonId, after: int, limit: int) -> list[Project]:
        rows = self._db.all(OF_REQUESTER_AFTER, requester=requester, after=after, limit=limit)
        return [project_from(row) for row in rows]

    def running(self, limit: int) -> list[Project]:
        """Return the running projects, those launched first at the beginning."""
        return [project_from(row) for row in self._db.all(RUNNING, limit=limit)]

    def for_some(self, limit: int) -> list[Project]:
        """Running ones with conditions of who is asked, those launched first."""
        return [project_from(row) for row in self._db.all(SOME, limit=limit)]

    def warned(self, limit: int) -> list[Project]:
        """Running ones of whose content workers are warned, those launched first."""
        return [project_from(row) for row in self._db.all(WARNED, limit=limit)]

    def add(self, project: Project) -> ProjectId:
        """Stores a draft; its id and state are the database's."""
        return ProjectId(single_value(self._db.one(ADD, **_form_columns(project))))

    def store_models(self, project: ProjectId, models: tuple[str, ...]) -> None:
        """Store the models whose answers came with the project's tasks."""
        self._db.changed(HEARD, id=project, models=pack(models))

    def ask(self, project: ProjectId, who: tuple[str, ...]) -> None:
        """A draft's conditions of who is asked."""
        self._db.changed(ASK, id=project, who=pack(who))

    def revise(self, project: ProjectId, revision: Project) -> None:
        """Store the changed form of a draft."""
        values = _form_columns(revision)
        for name in ("requester", "currency", "created_at"):
            del values[name]
        self._db.changed(REVISE, **values, id=project)

    def hide(self, project: ProjectId) -> None:
        """Hide the project until its first file is imported completely."""
        self._db.changed(HIDE, id=project)

    def lock(self, project: ProjectId) -> None:
        self._db.changed(LOCK, id=project)

    def reprice(self, project: ProjectId, pay: int, fee: int) -> bool:
        """A draft is paid otherwise; False where it is none any more."""
        return self._db.changed(REPRICE, id=project, pay=pay, fee=fee) == 1

    def launch(self, project: ProjectId, now: Moment) -> bool:
        launched = self._db.changed(LAUNCH, id=project, now=now) == 1
        self._turns.add(project)
        self._changed.add(project)
        return launched

    def pause(self, project: ProjectId, reason: str) -> bool:
        """Offers nothing while the reason (one word) stands; False when it stood already."""
        return self._rest(project, reason, True)

    def resume(self, project: ProjectId, reason: str) -> bool:
        """Takes the reason back; other reasons may still stand."""
        resumed = self._rest(project, reason, False)
        self._turns.add(project)
        return resumed

    def _rest(self, project: ProjectId, reason: str, rests: bool) -> bool:
        reasons = set(single_value(self._db.one(PAUSED, id=project), "").split())
        if (reason in reasons) == rests:
            return False
        changed = reasons ^ {reason}
        return self._db.changed(PAUSE, id=project, reasons=" ".join(sorted(changed))) == 1

    def end(
        self, project: ProjectId, state: ProjectState, now: Moment, before: ProjectState = ProjectState.RUNNING
    ) -> bool:
        self._changed.add(project)
        return self._db.changed(END, id=project, state=state.value, now=now, before=before.value) == 1

    def news(self, project: ProjectId) -> int:
        return int(single_value(self._db.one(NEWS, project=project)))

    def rests(self) -> list[Rest]:
        """Return why projects that changed are at rest."""
        return [Rest(ProjectId(row[0]), ProjectState(row[1]), *row[2:]) for row in self._db.all(RESTS)]
