"""HITs with the counts of their assignments; what of them is due."""

from typing import Any, NamedTuple

from domain.moments import DAY, Moment, later
from domain.money.amounts import Millionths
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from domain.projects.tasks import TaskId
from extensions.mturk.domain.hits import Hit, HitId, HitType, HitTypeId, Shape
from storage.drivers.connection import Connection, Row
from storage.drivers.records import pack, single_value, single_values, unpack
from storage.work.openings import Openings

SHAPE = "title, description, keywords, reward, duration, approval, requirements"
ADD_TYPE = f"""
INSERT INTO turk_hit_types (requester, fingerprint, {SHAPE}, created_at)
VALUES (:requester, :fingerprint, :title, :description, :keywords, :reward, :duration, :approval, :requirements, :now)
ON CONFLICT (requester, fingerprint) DO NOTHING RETURNING id"""
SELECT_TYPE_BY_FINGERPRINT = f"""
SELECT id, requester, project, {SHAPE} FROM turk_hit_types
WHERE requester = :requester AND fingerprint = :fingerprint"""
SELECT_TYPE = f"SELECT id, requester, project, {SHAPE} FROM turk_hit_types WHERE id = :id"
SET_TYPE_PROJECT = "UPDATE turk_hit_types SET project = :project WHERE id = :id"

DETACH_PROJECT = "UPDATE turk_hit_types SET project = NULL WHERE requester = :requester AND project = :project"


class HitTypes:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def get_or_add(self, requester: PersonId, fingerprint: str, shape: Shape) -> HitType:
        """Return the type of these values, created at their first use."""
        row = self._db.one(SELECT_TYPE_BY_FINGERPRINT, requester=requester, fingerprint=fingerprint)
        if row is not None:
            return _to_type(row)
        values = {name: getattr(shape, name) for name in Shape.__slots__}
        values["requirements"] = pack([dict(requirement) for requirement in shape.requirements])
        keys = {"requester": requester, "fingerprint": fingerprint, "now": self._now}
        return HitType(HitTypeId(single_value(self._db.one(ADD_TYPE, **keys, **values))), requester, shape, None)

    def find(self, number: int) -> HitType | None:
        row = self._db.one(SELECT_TYPE, id=number)
        return _to_type(row) if row else None

    def set_project(self, number: HitTypeId, project: ProjectId) -> None:
        """Let new HITs of the type be tasks of this project."""
        self._db.changed(SET_TYPE_PROJECT, id=number, project=project)

    def detach_project(self, requester: PersonId, project: ProjectId) -> None:
        """Let new HITs of the project's types begin another project."""
        self._db.changed(DETACH_PROJECT, requester=requester, project=project)


def _to_type(row: Row) -> HitType:
    project = None if row[2] is None else ProjectId(row[2])
    return HitType(HitTypeId(row[0]), PersonId(row[1]), shape_from(row[3:]), project)


def shape_from(row: Row) -> Shape:
    title, description, keywords, reward, duration, approval, requirements = row
    return Shape(
        title,
        description,
        keywords,
        reward=Millionths(reward),
        duration=duration,
        approval=approval,
        requirements=tuple(unpack(requirements)),
    )


LASTS = 180 * DAY  # since the last change

SELECT_PAGE_STORAGE = "SELECT content FROM turk_page_storage WHERE requester = :requester AND worker = :worker"
SAVE_PAGE_STORAGE = """
INSERT INTO turk_page_storage (requester, worker, content, changed_at) VALUES (:requester, :worker, :content, :now)
ON CONFLICT (requester, worker) DO UPDATE SET content = excluded.content, changed_at = excluded.changed_at"""
DELETE_PAGE_STORAGE = "DELETE FROM turk_page_storage WHERE requester = :requester AND worker = :worker"
DELETE_OLD_PAGE_STORAGE = "DELETE FROM turk_page_storage WHERE changed_at < :before"


class PageStorage:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def find(self, requester: PersonId, worker: PersonId) -> str | None:
        """Return the document, or None where the pages of this requester stored nothing for this worker."""
        content: str | None = single_value(self._db.one(SELECT_PAGE_STORAGE, requester=requester, worker=worker))
        return content

    def save(self, requester: PersonId, worker: PersonId, content: str) -> None:
        self._db.changed(SAVE_PAGE_STORAGE, requester=requester, worker=worker, content=content, now=self._now)

    def delete(self, requester: PersonId, worker: PersonId) -> None:
        self._db.changed(DELETE_PAGE_STORAGE, requester=requester, worker=worker)

    def delete_old(self) -> None:
        """Delete the documents that nothing has changed for `LASTS`."""
        self._db.changed(DELETE_OLD_PAGE_STORAGE, before=later(self._now, -LASTS))


# What its tasks hold, at the pay as it is by now; of an earlier one (before a change of the type) the answers, and what
# may still come from the hands it is in.
_FREE = """CASE WHEN h.expires_at <= :now THEN 0 ELSE coalesce((SELECT o.free FROM openings o WHERE o.task = h.task),
  CASE WHEN t.state = 'draft' AND h.open = 1 THEN t.overlap - t.received ELSE 0 END) END"""
_ACTIVE = """(SELECT count(*) FROM turk_tasks k JOIN assignments a ON a.task = k.task AND a.state = 'active'
  WHERE k.hit = h.id)"""
_BEFORE = """coalesce((SELECT sum(b.received + (
    SELECT count(*) FROM assignments a WHERE a.task = b.id AND a.state = 'active'))
  FROM turk_tasks k JOIN tasks b ON b.id = k.task WHERE k.hit = h.id AND k.task <> h.task), 0)"""
_OF = "FROM turk_tasks k JOIN submissions s ON s.task = k.task WHERE k.hit = h.id"
_SUBMITTED = f"(SELECT count(*) {_OF} AND s.state = 'submitted' AND s.held_until > :now)"
_DECIDED = f"(SELECT count(*) {_OF} AND (s.state <> 'submitted' OR s.held_until <= :now))"
_HIT = f"""h.id, h.requester, h.type, h.task, t.project, h.question, h.annotation, h.created_at, h.expires_at, h.open,
  h.reviewing, h.disposed_at, t.overlap + {_BEFORE}, {_FREE}, {_ACTIVE}, {_SUBMITTED}, {_DECIDED},
  {", ".join("p.pay" if name == "reward" else "y." + name for name in SHAPE.split(", "))}
FROM turk_hits h JOIN turk_hit_types y ON y.id = h.type JOIN tasks t ON t.id = h.task
JOIN projects p ON p.id = t.project"""
SELECT_HIT = f"SELECT {_HIT} WHERE h.id = :id"
# Newest first, behind one; deleted ones are left out.
SELECT_NEWEST_HITS = f"""SELECT {_HIT} WHERE h.requester = :requester AND h.disposed_at IS NULL AND h.id < :before
ORDER BY h.id DESC LIMIT :limit"""
# That require a qualification.
SELECT_REQUIRING_HITS = f"""SELECT {_HIT} WHERE h.requester = :requester AND h.disposed_at IS NULL AND h.id < :before
AND h.type IN (
  SELECT r.id FROM turk_hit_types r
  WHERE r.requester = :requester AND (r.requirements LIKE :here OR r.requirements LIKE :amazons))
ORDER BY h.id DESC LIMIT :limit"""
_DONE = f"AND {_FREE} = 0 AND {_ACTIVE} = 0"
SELECT_REVIEWABLE_HITS = f"""SELECT {_HIT} WHERE h.requester = :requester AND h.disposed_at IS NULL AND h.id < :before
AND h.reviewing = :reviewing {_DONE} ORDER BY h.id DESC LIMIT :limit"""
SELECT_REVIEWABLE_HITS_OF_TYPE = f"""
SELECT {_HIT} WHERE h.type = :type AND h.requester = :requester AND h.disposed_at IS NULL
AND h.id < :before AND h.reviewing = :reviewing {_DONE} ORDER BY h.id DESC LIMIT :limit"""
ADD_HIT = """
INSERT INTO turk_hits (requester, type, task, question, annotation, layout, assignment_policy, hit_policy, created_at,
  expires_at)
VALUES (:requester, :type, :task, :question, :annotation, :layout, :assignment_policy, :hit_policy, :now, :expires_at)
RETURNING id"""
LINK_TASK = "INSERT INTO turk_tasks (task, hit) VALUES (:task, :hit)"
# One more task of a batch that its project keeps for a type's HITs.
ADD_TASK = """
INSERT INTO tasks (project, batch, position, key, content, overlap, state)
SELECT :project, :batch, coalesce(max(position), 0) + 1, 'hit ' || (coalesce(max(position), 0) + 1), :content, :overlap,
  :state FROM tasks WHERE project = :project
RETURNING id"""
GROW_BATCH = """
UPDATE batches SET tasks = tasks + 1, staged = staged + 1, ordinary = ordinary + 1, asked = asked + :overlap,
  bytes = bytes + :size, imported_at = :now WHERE id = :batch"""
SET_TASK_STATE = "UPDATE tasks SET state = :state WHERE id = :task"
RAISE_TASK_OVERLAP = "UPDATE tasks SET overlap = overlap + :more WHERE id = :task"
ADD_FREE_PLACES = "UPDATE openings SET free = free + :more WHERE task = :task"
# What was stopped before a launch is paid by none.
RAISE_BATCH_ANSWERS = """
UPDATE batches SET asked = asked + :more
WHERE id = (SELECT batch FROM tasks WHERE id = :task) AND (launched = 1
  OR EXISTS (SELECT 1 FROM tasks WHERE id = :task AND state <> 'stopped'))"""
RAISE_AWAITED_ANSWERS = """
UPDATE batches SET asked = asked + :more WHERE id = (SELECT batch FROM tasks WHERE id = :task) AND launched = 0"""
EXPIRE_AT = "UPDATE turk_hits SET expires_at = :at WHERE id = :id"
OPEN = "UPDATE turk_hits SET open = :open WHERE id = :id"
REVIEWING = "UPDATE turk_hits SET reviewing = :reviewing WHERE id = :id"
DISPOSE = "UPDATE turk_hits SET disposed_at = :now, open = 0 WHERE id = :id AND disposed_at IS NULL"
DISPOSE_IN = """
UPDATE turk_hits SET disposed_at = :now, open = 0
WHERE disposed_at IS NULL AND task IN (SELECT id FROM tasks WHERE project = :project)"""
RETYPE = "UPDATE turk_hits SET type = :type WHERE id = :id"
MOVE = "UPDATE turk_hits SET type = :type, task = :task WHERE id = :id"
DUE = "SELECT id FROM turk_hits WHERE open = 1 AND expires_at <= :now ORDER BY expires_at LIMIT :limit"
# Answers are decided and hands are empty long before.
OLD = """
SELECT id FROM turk_hits WHERE disposed_at IS NULL AND open = 0 AND expires_at <= :before ORDER BY expires_at
LIMIT :limit"""
TASKS_OF = "SELECT task FROM turk_tasks WHERE hit = :hit ORDER BY task"
OF_TASK = "SELECT hit FROM turk_tasks WHERE task = :task"
POLICIES = "SELECT assignment_policy, hit_policy, layout FROM turk_hits WHERE id = :id"
# Whom a HIT was ever given is not given it again in its new place.
KEEP_OUT = """
INSERT INTO assignments (project, task, worker, state, offered_at, deadline)
SELECT :project, :task, a.worker, 'returned', a.offered_at, a.deadline FROM assignments a WHERE a.task = :before"""


class HitFacts(NamedTuple):
    """Facts that a HIT was created with; policies are JSON."""

    question: str
    annotation: str | None
    layout: int | None
    assignment_policy: str | None
    hit_policy: str | None


class Hits:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now
        self.page_storage = PageStorage(connection, now)

    def find(self, number: int) -> Hit | None:
        row = self._db.one(SELECT_HIT, id=number, now=self._now)
        return _to_hit(row) if row else None

    def get(self, number: HitId) -> Hit:
        return _to_hit(self._db.all(SELECT_HIT, id=number, now=self._now)[0])

    def of_task(self, task: TaskId) -> HitId | None:
        row = self._db.one(OF_TASK, task=task)
        return HitId(row[0]) if row else None

    def tasks_of(self, number: HitId) -> list[TaskId]:
        return [TaskId(task) for task in single_values(self._db.all(TASKS_OF, hit=number))]

    def page(self, requester: PersonId, before: int, limit: int) -> list[Hit]:
        values = {"requester": requester, "before": before, "limit": limit, "now": self._now}
        return [_to_hit(row) for row in self._db.all(SELECT_NEWEST_HITS, **values)]

    def list_reviewable(
        self, requester: PersonId, type_: HitTypeId | None, reviewing: bool, before: int, limit: int
    ) -> list[Hit]:
        values: dict[str, Any] = {"requester": requester, "before": before, "limit": limit, "now": self._now}
        values["reviewing"] = int(reviewing)
        if type_ is None:
            return [_to_hit(row) for row in self._db.all(SELECT_REVIEWABLE_HITS, **values)]
        return [_to_hit(row) for row in self._db.all(SELECT_REVIEWABLE_HITS_OF_TYPE, **values, type=type_)]

    def list_requiring(self, requester: PersonId, ids: tuple[str, str], before: int, limit: int) -> list[Hit]:
        """Return a page of HITs that require a qualification type, by its two ids."""
        values = {"requester": requester, "before": before, "limit": limit, "now": self._now}
        patterns = {name: f'%"{type_id}"%' for name, type_id in zip(("here", "amazons"), ids, strict=True)}
        return [_to_hit(row) for row in self._db.all(SELECT_REQUIRING_HITS, **values, **patterns)]

    def add(self, requester: PersonId, type_: HitTypeId, task: TaskId, expires_at: Moment, facts: HitFacts) -> HitId:
        values = {"requester": requester, "type": type_, "task": task, "expires_at": expires_at, "now": self._now}
        number = HitId(single_value(self._db.one(ADD_HIT, **values, **facts._asdict())))
        self.link_task(number, task)
        return number

    def link_task(self, number: HitId, task: TaskId) -> None:
        self._db.changed(LINK_TASK, task=task, hit=number)

    def add_task(self, project: ProjectId, batch: int, content: str, overlap: int, state: str) -> TaskId:
        """Create a task, and its places if it is open; return its id."""
        values = {"project": project, "batch": batch, "content": content, "overlap": overlap, "state": state}
        task = TaskId(single_value(self._db.one(ADD_TASK, **values)))
        self._db.changed(GROW_BATCH, batch=batch, overlap=overlap, size=len(content), now=self._now)
        if state == "open":
            Openings(self._db).give_back(project, False, task, overlap)
        return task

    def raise_overlap(self, task: TaskId, additional: int) -> bool:
        """Ask for more answers. Return False if none of the task's places can be given out: they are to be given back
        anew."""
        self._db.changed(RAISE_TASK_OVERLAP, task=task, more=additional)
        self._db.changed(RAISE_BATCH_ANSWERS, task=task, more=additional)
        return self._db.changed(ADD_FREE_PLACES, task=task, more=additional) == 1

    def change_awaited_places(self, task: TaskId, places: int) -> None:
        """Change for how many answers a launch that is still to come pays."""
        self._db.changed(RAISE_AWAITED_ANSWERS, task=task, more=places)

    def set_task_state(self, task: TaskId, state: str) -> None:
        self._db.changed(SET_TASK_STATE, task=task, state=state)

    def keep_out(self, project: ProjectId, task: TaskId, before: TaskId) -> None:
        """Do not give this task to workers who were given the task `before`."""
        self._db.changed(KEEP_OUT, project=project, task=task, before=before)

    def set_type(self, number: HitId, type_: HitTypeId) -> None:
        self._db.changed(RETYPE, id=number, type=type_)

    def move(self, number: HitId, type_: HitTypeId, task: TaskId) -> None:
        self._db.changed(MOVE, id=number, type=type_, task=task)
        self.link_task(number, task)

    def expire_at(self, number: HitId, moment: Moment) -> None:
        self._db.changed(EXPIRE_AT, id=number, at=moment)

    def set_open(self, number: HitId, is_open: bool) -> None:
        self._db.changed(OPEN, id=number, open=int(is_open))

    def set_reviewing(self, number: HitId, is_reviewing: bool) -> None:
        self._db.changed(REVIEWING, id=number, reviewing=int(is_reviewing))

    def dispose(self, number: HitId) -> None:
        self._db.changed(DISPOSE, id=number, now=self._now)

    def dispose_in(self, project: ProjectId) -> None:
        """Delete all HITs that are tasks of this project now."""
        self._db.changed(DISPOSE_IN, project=project, now=self._now)

    def list_due(self, limit: int) -> list[HitId]:
        """Return HITs whose time is up."""
        return [HitId(number) for number in single_values(self._db.all(DUE, now=self._now, limit=limit))]

    def list_ended(self, before: Moment, limit: int) -> list[HitId]:
        """Return HITs that ended by then and were not deleted."""
        return [HitId(number) for number in single_values(self._db.all(OLD, before=before, limit=limit))]

    def get_policies(self, number: HitId) -> tuple[str | None, str | None, int | None]:
        """Return the review policies of a HIT's assignments and of the HIT itself, as JSON, and its layout."""
        row = self._db.all(POLICIES, id=number)[0]
        return row[0], row[1], row[2]


def _to_hit(row: Row) -> Hit:
    number, requester, type_, task, project, question, annotation, *state = row[:12]
    created, expires, is_open, reviewing, disposed = state
    overlap, free, active, submitted, decided = (int(count) for count in row[12:17])
    return Hit(
        HitId(number),
        PersonId(requester),
        type=HitTypeId(type_),
        task=TaskId(task),
        project=ProjectId(project),
        question=question,
        annotation=annotation,
        created_at=Moment(created),
        expires_at=Moment(expires),
        open=bool(is_open),
        reviewing=bool(reviewing),
        disposed_at=None if disposed is None else Moment(disposed),
        overlap=overlap,
        free=free,
        active=active,
        submitted=submitted,
        decided=decided,
        shape=shape_from(row[17:]),
    )


SELECT_REQUEST = (
    "SELECT made FROM turk_tokens WHERE requester = :requester AND operation = :operation AND token = :token"
)
ADD_REQUEST = """
INSERT INTO turk_tokens (requester, operation, token, made, at) VALUES (:requester, :operation, :token, :made, :now)"""


class Tokens:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def find(self, requester: PersonId, operation: str, token: str) -> int | None:
        row = self._db.one(SELECT_REQUEST, requester=requester, operation=operation, token=token)
        return None if row is None else int(row[0])

    def save(self, requester: PersonId, operation: str, token: str, result_id: int) -> None:
        values = {"requester": requester, "operation": operation, "token": token, "made": result_id}
        self._db.changed(ADD_REQUEST, **values, now=self._now)
