"""The log of the boards: a line for each event, sealed one after the other by a sweep; contests of what was hidden."""

from collections.abc import Iterator

from domain.fairness.board import (
    BEGINNING,
    DECIDED_IN,
    BoardId,
    Contest,
    ContestState,
    Event,
    EventKind,
    PostId,
    chained,
    day_of,
)
from domain.moments import DAY, Moment
from domain.money.ledger import Head
from domain.people.people import PersonId
from storage.drivers.connection import Connection, Row
from storage.drivers.records import columns, first

_EVENT = columns(Event, "l.")

NEXT = "SELECT coalesce(max(position), 0) + 1 FROM board_log"
NOTE = """
INSERT INTO board_log (position, post, kind, person, rule, day, digest)
VALUES (:position, :post, :kind, :person, :rule, :day, :digest)"""
# What shows the post elsewhere is to be brought up to date.
OUTDATE = "UPDATE board_mirrored SET state = 'stale' WHERE post = :post AND state = 'shown'"
VERSION = "SELECT count(*) FROM board_log WHERE post = :post"
# Lines are sealed in their order.
LAST = """
SELECT position, hash FROM board_log WHERE position = coalesce(
  (SELECT min(position) - 1 FROM board_log WHERE hash IS NULL), (SELECT max(position) FROM board_log))"""
UNSEALED = f"SELECT {_EVENT} FROM board_log l WHERE l.hash IS NULL ORDER BY l.position LIMIT :limit"
SEAL = "UPDATE board_log SET hash = :hash WHERE position = :position AND hash IS NULL"
PAGE = f"""
SELECT {_EVENT}, l.hash, p.board FROM board_log l JOIN board_posts p ON p.id = l.post
WHERE l.position <= (SELECT max(position) FROM board_log) - :offset ORDER BY l.position DESC LIMIT :limit"""
HIDER_OF = "SELECT person FROM board_log WHERE post = :post AND kind = 'hidden'"
RULE_OF = "SELECT rule FROM board_log WHERE post = :post AND kind = 'hidden'"
CHAIN = f"SELECT {_EVENT}, l.hash FROM board_log l WHERE l.position > :after ORDER BY l.position LIMIT :limit"
# A day of the ledger's chain has ended: the log's head joins it.
JOIN_HEAD = """
INSERT INTO board_heads (day, position, hash)
SELECT h.day, l.position, l.hash FROM chain_heads h JOIN board_log l ON l.hash IS NOT NULL AND l.position = :position
WHERE h.day = (SELECT max(day) FROM chain_heads) AND NOT EXISTS (SELECT 1 FROM board_heads b WHERE b.day >= h.day)"""

_CONTEST = columns(Contest)
CONTEST = """
INSERT INTO board_contests (post, body, due, state) VALUES (:post, :body, :due, 'waiting')
ON CONFLICT (post) DO NOTHING"""
CONTEST_OF = f"SELECT {_CONTEST} FROM board_contests WHERE post = :post"
DECIDE = """
UPDATE board_contests SET state = :state, reason = :reason, again = :again, body = ''
WHERE post = :post AND state = 'waiting'"""
OVERDUE = f"SELECT {_CONTEST} FROM board_contests WHERE state = 'waiting' AND due < :today ORDER BY due LIMIT :limit"
WAITING = f"SELECT {_CONTEST} FROM board_contests WHERE state = 'waiting' AND due > 0 ORDER BY due, post LIMIT :limit"
ORIGINAL = "SELECT post FROM board_contests WHERE again = :post"

A_TIME = 10_000


def event_from(row: Row) -> Event:
    values = list(row[:7])
    values[2] = EventKind(values[2])
    return Event(*values)


class BoardLog:
    def __init__(self, connection: Connection, now: Moment, signals: set[str]) -> None:
        self._db = connection
        self._now = now
        self._signals = signals

    def note(self, post: PostId, kind: EventKind, digest: str, person: PersonId | None = None, rule: int = 0) -> None:
        position = int(first(self._db.one(NEXT)))
        values = {"post": post, "kind": str(kind), "person": person, "rule": rule, "digest": digest}
        self._db.changed(NOTE, position=position, day=day_of(self._now), **values)
        if self._db.changed(OUTDATE, post=post):
            self._signals.add("board mirror")

    def version(self, post: PostId) -> int:
        """It goes up with everything that is done with a post."""
        return int(first(self._db.one(VERSION, post=post), 0))

    def head(self) -> Head:
        row = self._db.one(LAST)
        return Head(*row) if row else BEGINNING

    def seal(self, limit: int) -> int:
        """Seals lines in their order; returns how many."""
        head, rows = self.head(), self._db.all(UNSEALED, limit=limit)
        for row in rows:
            head = chained(head, event_from(row))
            self._db.changed(SEAL, position=head.position, hash=head.hash)
        return len(rows)

    def join_day(self) -> None:
        """Notes the head beside the ledger's newest daily head, once."""
        head = self.head()
        if head.position:
            self._db.send(JOIN_HEAD, position=head.position)

    def page(self, offset: int, limit: int) -> list[tuple[Event, str, BoardId]]:
        """(event, its seal or nothing, the board), the newest first."""
        rows = self._db.all(PAGE, offset=offset, limit=limit)
        return [(event_from(row), row[7] or "", BoardId(row[8])) for row in rows]

    def rule_of(self, post: PostId) -> int:
        """Why it was hidden; 0 where it was not."""
        return int(first(self._db.one(RULE_OF, post=post), 0))

    def hider_of(self, post: PostId) -> PersonId | None:
        found = first(self._db.one(HIDER_OF, post=post), None)
        return None if found is None else PersonId(found)

    def chain(self) -> Iterator[tuple[Event, str | None]]:
        position = 0
        while rows := self._db.all(CHAIN, after=position, limit=A_TIME):
            yield from ((event_from(row), row[7]) for row in rows)
            position = rows[-1][0]


class BoardContests:
    """Nothing here names a person: whoever sent a text again held its pen."""

    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._today = day_of(now)

    def add(self, post: PostId, body: str) -> bool:
        """Once."""
        return self._db.changed(CONTEST, post=post, body=body, due=self._today + DECIDED_IN * DAY) == 1

    def find(self, post: PostId) -> Contest | None:
        row = self._db.one(CONTEST_OF, post=post)
        return contest_from(row) if row else None

    def decide(self, post: PostId, state: ContestState, reason: str = "", again: PostId | None = None) -> None:
        """The text goes from here."""
        self._db.changed(DECIDE, post=post, state=str(state), reason=reason, again=again)

    def overdue(self, limit: int) -> list[Contest]:
        return [contest_from(row) for row in self._db.all(OVERDUE, today=self._today, limit=limit)]

    def waiting(self, limit: int) -> list[Contest]:
        """For an admin's decision, the most urgent first."""
        return [contest_from(row) for row in self._db.all(WAITING, limit=limit)]

    def original_of(self, post: PostId) -> PostId | None:
        """The tombstone of a post that is shown again."""
        found = first(self._db.one(ORIGINAL, post=post), None)
        return None if found is None else PostId(found)


def contest_from(row: Row) -> Contest:
    values = list(row)
    values[3] = ContestState(values[3])
    return Contest(*values)
