"""Imports from Amazon: layouts, ids of qualification types, and values of workers."""

from domain.moments import Moment
from domain.people.people import PersonId
from domain.people.qualifications import TypeId
from storage.drivers.connection import Connection
from storage.drivers.records import first

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
        return int(first(self._db.one(LAYOUT, **about, now=self._now)))

    def layout(self, requester: PersonId, number: int | None, amazon: str) -> str | None:
        """By our number, or by the id it had at Amazon."""
        by_id = self._db.one(LAYOUT_BY_ID, id=number, requester=requester) if number is not None else None
        found: str | None = first(by_id or self._db.one(LAYOUT_CALLED, requester=requester, amazon=amazon))
        return found

    def name_type(self, requester: PersonId, amazon: str, type_: TypeId) -> None:
        self._db.changed(NAME, requester=requester, amazon=amazon, type=type_)

    def type_called(self, requester: PersonId, amazon: str) -> int | None:
        found: int | None = first(self._db.one(TYPE, requester=requester, amazon=amazon))
        return found

    def amazons(self, requester: PersonId, type_: TypeId) -> str | None:
        """The id it had at Amazon."""
        found: str | None = first(self._db.one(OF_TYPE, requester=requester, type=type_))
        return found

    def keep_value(self, type_: TypeId, hash_: str, value: int) -> None:
        self._db.changed(FORMER, type=type_, hash=hash_, value=value)

    def has_values(self, type_: TypeId) -> bool:
        return self._db.one(HAS_FORMER, type=type_) is not None

    def claim(self, type_: TypeId, hash_: str) -> int | None:
        """The value, once; None for an unknown id, and for one that was claimed."""
        found: int | None = first(self._db.one(CLAIM, type=type_, hash=hash_, now=self._now))
        return found
