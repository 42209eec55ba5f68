"""HIT types: the same values, the same type."""

from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.mturk.hits import HitType, HitTypeId, Shape
from domain.people.people import PersonId
from domain.projects.projects import ProjectId
from storage.drivers.connection import Connection, Row
from storage.drivers.records import first, pack, unpack

SHAPE = "title, description, keywords, reward, duration, approval, requirements"
ADD = f"""
INSERT INTO turk_hit_types (requester, fingerprint, {SHAPE}, created_at)
VALUES (:requester, :fingerprint, :title, :description, :keywords, :reward, :duration, :approval, :requirements, :now)
ON CONFLICT (requester, fingerprint) DO NOTHING RETURNING id"""
OF = f"""
SELECT id, requester, project, {SHAPE} FROM turk_hit_types
WHERE requester = :requester AND fingerprint = :fingerprint"""
BY_ID = f"SELECT id, requester, project, {SHAPE} FROM turk_hit_types WHERE id = :id"
KEPT_IN = "UPDATE turk_hit_types SET project = :project WHERE id = :id"

LEAVE = "UPDATE turk_hit_types SET project = NULL WHERE requester = :requester AND project = :project"


class HitTypes:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def settle(self, requester: PersonId, fingerprint: str, shape: Shape) -> HitType:
        """The type of these values; made at their first use."""
        found = self._db.one(OF, requester=requester, fingerprint=fingerprint)
        if found is not None:
            return _type(found)
        values = {name: getattr(shape, name) for name in Shape.__slots__}
        values["requirements"] = pack([dict(each) for each in shape.requirements])
        about = {"requester": requester, "fingerprint": fingerprint, "now": self._now}
        return HitType(HitTypeId(first(self._db.one(ADD, **about, **values))), requester, shape, None)

    def find(self, number: int) -> HitType | None:
        row = self._db.one(BY_ID, id=number)
        return _type(row) if row else None

    def keep_in(self, number: HitTypeId, project: ProjectId) -> None:
        """New HITs of the type are tasks of this project."""
        self._db.changed(KEPT_IN, id=number, project=project)

    def leave(self, requester: PersonId, project: ProjectId) -> None:
        """New HITs of its type begin another one."""
        self._db.changed(LEAVE, requester=requester, project=project)


def _type(row: Row) -> HitType:
    project = None if row[2] is None else ProjectId(row[2])
    return HitType(HitTypeId(row[0]), PersonId(row[1]), shape_from(row[3:]), project)


def shape_from(row: Row) -> Shape:
    title, description, keywords, reward, duration, approval, requirements = row
    return Shape(title, description, keywords, Millionths(reward), duration, approval, tuple(unpack(requirements)))
