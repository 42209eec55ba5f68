"""Addresses for events of HIT types, and the events that wait."""

from collections.abc import Collection

from domain.messages import record
from domain.moments import Moment
from domain.people.accounts import PersonId
from domain.people.qualifications import TypeId
from domain.projects.projects import ProjectId
from domain.projects.tasks import TaskId
from domain.work.assignments import AssignmentId
from extensions.mturk.domain.hits import HitId, HitTypeId
from extensions.mturk.domain.notifications import Notification
from storage.drivers.connection import Connection, Row
from storage.drivers.records import single_value, single_values

LAYOUT = """
INSERT INTO turk_layouts (requester, amazon, question, made_at) VALUES (:requester, :amazon, :question, :now)
ON CONFLICT (requester, amazon) DO UPDATE SET question = excluded.question RETURNING id"""
LAYOUT_BY_ID = "SELECT question FROM turk_layouts WHERE id = :id AND requester = :requester"
LAYOUT_CALLED = "SELECT question FROM turk_layouts WHERE requester = :requester AND amazon = :amazon"
NAME = """
INSERT INTO turk_known_types (requester, amazon, type) VALUES (:requester, :amazon, :type)
ON CONFLICT (requester, amazon) DO UPDATE SET type = excluded.type"""
TYPE = "SELECT type FROM turk_known_types WHERE requester = :requester AND amazon = :amazon"
OF_TYPE = "SELECT amazon FROM turk_known_types WHERE requester = :requester AND type = :type LIMIT 1"
FORMER = """
INSERT INTO turk_former_values (type, hash, value) VALUES (:type, :hash, :value)
ON CONFLICT (type, hash) DO UPDATE SET value = excluded.value"""
HAS_FORMER = "SELECT 1 FROM turk_former_values WHERE type = :type LIMIT 1"
CLAIM = """
UPDATE turk_former_values SET claimed_at = :now WHERE type = :type AND hash = :hash AND claimed_at IS NULL
RETURNING value"""


class TurkImports:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def keep_layout(self, requester: PersonId, amazon: str, question: str) -> int:
        """Its number; the one there is, with this question from now on."""
        about = {"requester": requester, "amazon": amazon, "question": question}
        return int(single_value(self._db.one(LAYOUT, **about, now=self._now)))

    def layout(self, requester: PersonId, number: int | None, amazon: str) -> str | None:
        """By our number, or by the id it had at Amazon."""
        by_id = self._db.one(LAYOUT_BY_ID, id=number, requester=requester) if number is not None else None
        found: str | None = single_value(by_id or self._db.one(LAYOUT_CALLED, requester=requester, amazon=amazon))
        return found

    def name_type(self, requester: PersonId, amazon: str, type_: TypeId) -> None:
        self._db.changed(NAME, requester=requester, amazon=amazon, type=type_)

    def type_called(self, requester: PersonId, amazon: str) -> int | None:
        found: int | None = single_value(self._db.one(TYPE, requester=requester, amazon=amazon))
        return found

    def amazons(self, requester: PersonId, type_: TypeId) -> str | None:
        """The id it had at Amazon."""
        found: str | None = single_value(self._db.one(OF_TYPE, requester=requester, type=type_))
        return found

    def keep_value(self, type_: TypeId, hash_: str, value: int) -> None:
        self._db.changed(FORMER, type=type_, hash=hash_, value=value)

    def has_values(self, type_: TypeId) -> bool:
        return self._db.one(HAS_FORMER, type=type_) is not None

    def claim(self, type_: TypeId, hash_: str) -> int | None:
        """The value, once; None for an unknown id, and for one that was claimed."""
        found: int | None = single_value(self._db.one(CLAIM, type=type_, hash=hash_, now=self._now))
        return found


FIND = "SELECT transport, version, events, webhook, active FROM turk_notifications WHERE type = :type"
PUT = """
INSERT INTO turk_notifications (type, transport, version, events, webhook, active)
VALUES (:type, :transport, :version, :events, :webhook, :active)
ON CONFLICT (type) DO UPDATE SET transport = excluded.transport, version = excluded.version,
  events = excluded.events, webhook = excluded.webhook, active = excluded.active"""
_WANTED = """(h.assignment_policy IS NOT NULL OR h.hit_policy IS NOT NULL
  OR EXISTS (SELECT 1 FROM turk_notifications n WHERE n.type = h.type AND n.active = 1))"""
NOTE = f"""
INSERT INTO turk_events (hit, assignment, kind, at)
SELECT h.id, CAST(:assignment AS BIGINT), CAST(:kind AS TEXT), CAST(:now AS BIGINT)
FROM turk_hits h WHERE h.id = :hit AND {_WANTED}"""
NOTE_PROJECT = f"""
INSERT INTO turk_events (hit, kind, at)
SELECT h.id, CAST(:kind AS TEXT), CAST(:now AS BIGINT)
FROM tasks t JOIN turk_hits h ON h.task = t.id WHERE t.project = :project AND h.disposed_at IS NULL AND {_WANTED}"""
OF_TASK = "SELECT hit FROM turk_tasks WHERE task = :task"
NEXT = "SELECT id, hit, assignment, kind, at FROM turk_events ORDER BY id LIMIT :limit"
LATER = "SELECT kind FROM turk_events WHERE id > :number AND hit = :hit ORDER BY id"
DONE = "DELETE FROM turk_events WHERE id = :id"
REVIEWABLE = """
INSERT INTO turk_reviewable (hit, assignments) VALUES (:hit, :assignments)
ON CONFLICT (hit, assignments) DO NOTHING"""


@record
class TurkEvent:
    """Something that happened to a HIT, and waits to be told."""

    id: int
    hit: HitId
    assignment: AssignmentId | None
    kind: str
    at: Moment


class TurkNotifications:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def find(self, type_: HitTypeId) -> Notification | None:
        row = self._db.one(FIND, type=type_)
        return _notification(row) if row else None

    def put(self, type_: HitTypeId, notification: Notification) -> None:
        values = {"transport": notification.transport, "version": notification.version, "type": type_}
        events, active = " ".join(notification.events), int(notification.active)
        self._db.changed(PUT, **values, events=events, webhook=notification.webhook, active=active)

    def note(self, hit: HitId, kind: str, assignment: AssignmentId | None = None) -> None:
        """Where the HIT has a policy or its type a notification."""
        self._db.changed(NOTE, hit=hit, kind=kind, assignment=assignment, now=self._now)

    def note_task(self, task: TaskId, kind: str, assignment: AssignmentId) -> None:
        row = self._db.one(OF_TASK, task=task)
        if row is not None:
            self.note(HitId(row[0]), kind, assignment)

    def note_project(self, project: ProjectId, kind: str) -> None:
        """Of all HITs that are its tasks."""
        self._db.changed(NOTE_PROJECT, project=project, kind=kind, now=self._now)

    def next(self, limit: int) -> list[TurkEvent]:
        """Oldest first."""
        return [TurkEvent(*row) for row in self._db.all(NEXT, limit=limit)]

    def ends_later(self, hit: HitId, number: int, kinds: Collection[str]) -> bool:
        """Whether an event of these kinds follows it."""
        return any(kind in kinds for kind in single_values(self._db.all(LATER, hit=hit, number=number)))

    def done(self, number: int) -> None:
        self._db.changed(DONE, id=number)

    def is_reviewable(self, hit: HitId, assignments: int) -> bool:
        """Whether that is news."""
        return self._db.changed(REVIEWABLE, hit=hit, assignments=assignments) == 1


def _notification(row: Row) -> Notification:
    transport, version, events, webhook, active = row
    return Notification(transport, version, tuple(events.split()), webhook, bool(active))
