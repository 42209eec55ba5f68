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

SAVE_LAYOUT = """
INSERT INTO turk_layouts (requester, amazon, question, made_at) VALUES (:requester, :amazon, :question, :now)
ON CONFLICT (requester, amazon) DO UPDATE SET question = excluded.question RETURNING id"""
SELECT_LAYOUT = "SELECT question FROM turk_layouts WHERE id = :id AND requester = :requester"
SELECT_LAYOUT_BY_AMAZON_ID = "SELECT question FROM turk_layouts WHERE requester = :requester AND amazon = :amazon"
SAVE_AMAZON_ID = """
INSERT INTO turk_known_types (requester, amazon, type) VALUES (:requester, :amazon, :type)
ON CONFLICT (requester, amazon) DO UPDATE SET type = excluded.type"""
SELECT_TYPE_BY_AMAZON_ID = "SELECT type FROM turk_known_types WHERE requester = :requester AND amazon = :amazon"
SELECT_AMAZON_ID_OF_TYPE = "SELECT amazon FROM turk_known_types WHERE requester = :requester AND type = :type LIMIT 1"
SAVE_FORMER_VALUE = """
INSERT INTO turk_former_values (type, hash, value) VALUES (:type, :hash, :value)
ON CONFLICT (type, hash) DO UPDATE SET value = excluded.value"""
HAS_FORMER_VALUE = "SELECT 1 FROM turk_former_values WHERE type = :type LIMIT 1"
CLAIM_FORMER_VALUE = """
UPDATE turk_former_values SET claimed_at = :now WHERE type = :type AND hash = :hash AND claimed_at IS NULL
RETURNING value"""


class TurkImports:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def save_layout(self, requester: PersonId, amazon: str, question: str) -> int:
        """Store a layout under its id at Amazon, replacing the former question; return its number here."""
        values = {"requester": requester, "amazon": amazon, "question": question}
        return int(single_value(self._db.one(SAVE_LAYOUT, **values, now=self._now)))

    def find_layout(self, requester: PersonId, number: int | None, amazon: str) -> str | None:
        """Return the question of a layout, by its number here or else by its id at Amazon; None if there is none."""
        by_id = self._db.one(SELECT_LAYOUT, id=number, requester=requester) if number is not None else None
        question: str | None = single_value(
            by_id or self._db.one(SELECT_LAYOUT_BY_AMAZON_ID, requester=requester, amazon=amazon)
        )
        return question

    def save_amazon_id(self, requester: PersonId, amazon: str, type_: TypeId) -> None:
        self._db.changed(SAVE_AMAZON_ID, requester=requester, amazon=amazon, type=type_)

    def find_type_by_amazon_id(self, requester: PersonId, amazon: str) -> int | None:
        type_number: int | None = single_value(
            self._db.one(SELECT_TYPE_BY_AMAZON_ID, requester=requester, amazon=amazon)
        )
        return type_number

    def find_amazon_id(self, requester: PersonId, type_: TypeId) -> str | None:
        """Return the id that the type had at Amazon, or None."""
        amazon_id: str | None = single_value(self._db.one(SELECT_AMAZON_ID_OF_TYPE, requester=requester, type=type_))
        return amazon_id

    def save_value(self, type_: TypeId, hash_: str, value: int) -> None:
        self._db.changed(SAVE_FORMER_VALUE, type=type_, hash=hash_, value=value)

    def has_values(self, type_: TypeId) -> bool:
        return self._db.one(HAS_FORMER_VALUE, type=type_) is not None

    def claim_value(self, type_: TypeId, hash_: str) -> int | None:
        """Return the imported value and mark it as claimed; None for an unknown id and for a value that was claimed
        before."""
        value: int | None = single_value(self._db.one(CLAIM_FORMER_VALUE, type=type_, hash=hash_, now=self._now))
        return value


SELECT_NOTIFICATION = "SELECT transport, version, events, webhook, active FROM turk_notifications WHERE type = :type"
SAVE_NOTIFICATION = """
INSERT INTO turk_notifications (type, transport, version, events, webhook, active)
VALUES (:type, :transport, :version, :events, :webhook, :active)
ON CONFLICT (type) DO UPDATE SET transport = excluded.transport, version = excluded.version,
  events = excluded.events, webhook = excluded.webhook, active = excluded.active"""
_IS_WANTED = """(h.assignment_policy IS NOT NULL OR h.hit_policy IS NOT NULL
  OR EXISTS (SELECT 1 FROM turk_notifications n WHERE n.type = h.type AND n.active = 1))"""
ADD_EVENT = f"""
INSERT INTO turk_events (hit, assignment, kind, at)
SELECT h.id, CAST(:assignment AS BIGINT), CAST(:kind AS TEXT), CAST(:now AS BIGINT)
FROM turk_hits h WHERE h.id = :hit AND {_IS_WANTED}"""
ADD_EVENT_OF_PROJECT = f"""
INSERT INTO turk_events (hit, kind, at)
SELECT h.id, CAST(:kind AS TEXT), CAST(:now AS BIGINT)
FROM tasks t JOIN turk_hits h ON h.task = t.id WHERE t.project = :project AND h.disposed_at IS NULL AND {_IS_WANTED}"""
SELECT_HIT_OF_TASK = "SELECT hit FROM turk_tasks WHERE task = :task"
SELECT_OLDEST_EVENTS = "SELECT id, hit, assignment, kind, at FROM turk_events ORDER BY id LIMIT :limit"
SELECT_LATER_KINDS = "SELECT kind FROM turk_events WHERE id > :number AND hit = :hit ORDER BY id"
DELETE_EVENT = "DELETE FROM turk_events WHERE id = :id"
MARK_REVIEWABLE = """
INSERT INTO turk_reviewable (hit, assignments) VALUES (:hit, :assignments)
ON CONFLICT (hit, assignments) DO NOTHING"""


@record
class TurkEvent:
    """An event of a HIT that waits to be processed."""

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
        row = self._db.one(SELECT_NOTIFICATION, type=type_)
        return _to_notification(row) if row else None

    def save(self, type_: HitTypeId, notification: Notification) -> None:
        values = {"transport": notification.transport, "version": notification.version, "type": type_}
        events, active = " ".join(notification.events), int(notification.active)
        self._db.changed(SAVE_NOTIFICATION, **values, events=events, webhook=notification.webhook, active=active)

    def add_event(self, hit: HitId, kind: str, assignment: AssignmentId | None = None) -> None:
        """Add an event if the HIT has a review policy or its type an active notification."""
        self._db.changed(ADD_EVENT, hit=hit, kind=kind, assignment=assignment, now=self._now)

    def add_event_of_task(self, task: TaskId, kind: str, assignment: AssignmentId) -> None:
        """Add an event of the task's HIT, if the task is of one and the HIT's events are wanted."""
        row = self._db.one(SELECT_HIT_OF_TASK, task=task)
        if row is not None:
            self.add_event(HitId(row[0]), kind, assignment)

    def add_event_of_project(self, project: ProjectId, kind: str) -> None:
        """Add an event of each HIT that is a task of this project and whose events are wanted."""
        self._db.changed(ADD_EVENT_OF_PROJECT, project=project, kind=kind, now=self._now)

    def list_oldest(self, limit: int) -> list[TurkEvent]:
        """Return waiting events, oldest first."""
        return [TurkEvent(*row) for row in self._db.all(SELECT_OLDEST_EVENTS, limit=limit)]

    def has_later_event(self, hit: HitId, number: int, kinds: Collection[str]) -> bool:
        """Return whether an event of one of these kinds waits behind this one."""
        return any(kind in kinds for kind in single_values(self._db.all(SELECT_LATER_KINDS, hit=hit, number=number)))

    def delete_event(self, number: int) -> None:
        self._db.changed(DELETE_EVENT, id=number)

    def mark_reviewable(self, hit: HitId, assignments: int) -> bool:
        """Store that the HIT is reviewable with so many assignments. Return False if that was stored before."""
        return self._db.changed(MARK_REVIEWABLE, hit=hit, assignments=assignments) == 1


def _to_notification(row: Row) -> Notification:
    transport, version, events, webhook, active = row
    return Notification(transport, version, tuple(events.split()), webhook, bool(active))
