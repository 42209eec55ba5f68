"""The log of the boards: a line for each event, sealed one after the other by a sweep; contests of what was hidden."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.fairness.board import (
    BEGINNING,
    DECIDED_IN,
    HOUSE,
    MOST,
    BoardId,
    Contest,
    ContestState,
    Event,
    EventKind,
    Post,
    PostId,
    PostState,
    chained,
    day_of,
)
from domain.moments import (
    DAY,
    HOUR,
    SECOND,
    Moment,
)
from domain.money.ledger import Head
from domain.people.accounts import PersonId
from storage.drivers.connection import Connection, Row
from storage.drivers.records import columns, each, first

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
LOG_PAGE = f"""
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

    def get_version(self, post: PostId) -> int:
        """It goes up with everything that is done with a post."""
        return int(first(self._db.one(VERSION, post=post), 0))

    def head(self) -> Head:
        row = self._db.one(LAST)
        return Head(*row) if row else BEGINNING

    def seal_lines(self, limit: int) -> int:
        """Seals lines in their order; returns how many."""
        head, rows = self.head(), self._db.all(UNSEALED, limit=limit)
        for row in rows:
            head = chained(head, event_from(row))
            self._db.changed(SEAL, position=head.position, hash=head.hash)
        return len(rows)

    def join_ledger_head(self) -> None:
        """Notes the head beside the ledger's newest daily head, once."""
        head = self.head()
        if head.position:
            self._db.send(JOIN_HEAD, position=head.position)

    def page(self, offset: int, limit: int) -> list[tuple[Event, str, BoardId]]:
        """(event, its seal or nothing, the board), the newest first."""
        rows = self._db.all(LOG_PAGE, offset=offset, limit=limit)
        return [(event_from(row), row[7] or "", BoardId(row[8])) for row in rows]

    def get_hiding_rule(self, post: PostId) -> int:
        """Why it was hidden; 0 where it was not."""
        return int(first(self._db.one(RULE_OF, post=post), 0))

    def find_hider(self, post: PostId) -> PersonId | None:
        found = first(self._db.one(HIDER_OF, post=post), None)
        return None if found is None else PersonId(found)

    def iterate_chain(self) -> Iterator[tuple[Event, str | None]]:
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

    def find_original(self, post: PostId) -> PostId | None:
        """The tombstone of a post that is shown again."""
        found = first(self._db.one(ORIGINAL, post=post), None)
        return None if found is None else PostId(found)


def contest_from(row: Row) -> Contest:
    values = list(row)
    values[3] = ContestState(values[3])
    return Contest(*values)


# Rewritten together: what was written in one transaction with a person's update is so no longer.
SETTLE = "UPDATE board_posts SET settled = 1 WHERE settled = 0"
# All voices of a petition, in the order of their hashes: that of signing would tell who is which.
UNSETTLED = "SELECT DISTINCT post FROM board_signatures WHERE settled = 0"
TAKE_OUT = "DELETE FROM board_signatures WHERE post = :post RETURNING signer, month"
PUT_BACK = "INSERT INTO board_signatures (post, signer, month, settled) VALUES (:post, :signer, :month, 1)"
SETTLE_CONTESTS = "UPDATE board_contests SET settled = 1 WHERE settled = 0"
SETTLE_REPORTS = "UPDATE board_reports SET settled = 1 WHERE settled = 0"
# Without pen, text and hour: words that come late are not the answer to a task.
LAPSE = """
UPDATE drafts SET journey = 'board lapsed', data = '{}', updated_at = :today
WHERE journey IN ('board', 'board contest') AND updated_at < :before"""
LAPSED = "DELETE FROM drafts WHERE journey = 'board lapsed' AND updated_at < :before"
OPENED = "DELETE FROM drafts WHERE journey = 'board open' AND updated_at < :before"
# Refusals of the board, too: only who is about to write hears that a pen is over, or a text too long.
LETTERS = """
DELETE FROM outbox WHERE state <> 'waiting' AND ended_at < :before AND coalesce(key, '') = ''
  AND ((screen >= 'fairness.Board' AND screen < 'fairness.Boare')
    OR (screen >= 'refusals.Board' AND screen < 'refusals.Boare'))"""

WRITING = HOUR  # a text that is not sent is kept so long
LATE = 2 * DAY  # that somebody began to write and sent nothing
ENDED = 20 * SECOND  # a letter that has ended: with the sweep of 20 seconds it is gone within a minute


class BoardTraces:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def rewrite_unsettled(self) -> None:
        self._db.changed(SETTLE)
        self._db.changed(SETTLE_CONTESTS)
        self._db.changed(SETTLE_REPORTS)
        for post in each(self._db.all(UNSETTLED)):
            taken = sorted(tuple(row) for row in self._db.all(TAKE_OUT, post=post))
            self._db.many(PUT_BACK, [{"post": post, "signer": signer, "month": month} for signer, month in taken])

    def delete_old_drafts_and_letters(self) -> None:
        """Drafts nobody finished, and letters that have ended."""
        self._db.changed(LAPSE, before=self._now - WRITING, today=day_of(self._now))
        self._db.changed(LAPSED, before=self._now - LATE)
        self._db.changed(OPENED, before=self._now - WRITING)
        self._db.changed(LETTERS, before=self._now - ENDED)


ADD = """
INSERT INTO board_wishes (post, person, day) VALUES (:post, :person, :day) ON CONFLICT (post, person) DO NOTHING"""
COUNT_OF = "SELECT count(*) FROM board_wishes WHERE person = :person"
COUNT = "SELECT count(*) FROM board_wishes WHERE post = :post"
TAKE_WISH = """
DELETE FROM board_wishes WHERE post = :post AND person = (
  SELECT min(person) FROM board_wishes WHERE post = :post) RETURNING person"""
LAPSED_WISHES = "DELETE FROM board_wishes WHERE day < :before"

KEPT = 14  # days


class BoardWishes:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._today = day_of(now)

    def add(self, post: PostId, person: PersonId) -> None:
        self._db.changed(ADD, post=post, person=person, day=self._today)

    def count_by_person(self, person: PersonId) -> int:
        return int(first(self._db.one(COUNT_OF, person=person), 0))

    def count_for_post(self, post: PostId) -> int:
        return int(first(self._db.one(COUNT, post=post), 0))

    def take_next_wisher(self, post: PostId) -> PersonId | None:
        """One who wishes it, no longer kept."""
        found = first(self._db.one(TAKE_WISH, post=post))
        return None if found is None else PersonId(found)

    def delete_old(self) -> None:
        self._db.changed(LAPSED_WISHES, before=self._today - KEPT * DAY)


_POST = columns(Post)

ANSWERED = "SELECT answered FROM enrolments WHERE worker = :person AND project = :board"
ANSWERED_ALL = "SELECT coalesce(sum(answered), 0) FROM enrolments WHERE worker = :person"
HOLDS = "SELECT 1 FROM assignments WHERE worker = :person AND state = 'active' AND project = :board"
# The boards of a worker's projects, the newest projects first, with how many posts are new to them.
BOARDS = """
SELECT p.id, p.title, (SELECT count(*) FROM board_posts b WHERE b.board = p.id AND b.id > coalesce(r.read_to, 0))
FROM enrolments e JOIN projects p ON p.id = e.project
LEFT JOIN board_readers r ON r.person = e.worker AND r.board = p.id
WHERE e.worker = :person AND e.answered > 0 ORDER BY e.project DESC LIMIT :limit"""
UNREAD = """
SELECT count(*) FROM board_posts b WHERE b.board = :board AND b.id > coalesce((
  SELECT read_to FROM board_readers WHERE person = :person AND board = :board), 0)"""
# Boards this reader has opened before, with new posts.
NEWS = """
SELECT r.board, coalesce(p.title, ''), (SELECT count(*) FROM board_posts b WHERE b.board = r.board AND b.id > r.read_to)
FROM board_readers r LEFT JOIN projects p ON p.id = r.board
WHERE r.person = :person AND EXISTS (SELECT 1 FROM board_posts b WHERE b.board = r.board AND b.id > r.read_to)
ORDER BY r.board DESC LIMIT :limit"""
READER = "SELECT read_to, pen_month FROM board_readers WHERE person = :person AND board = :board"
READ = """
INSERT INTO board_readers (person, board, read_to) VALUES (:person, :board, :read_to)
ON CONFLICT (person, board) DO UPDATE SET read_to = excluded.read_to
WHERE board_readers.read_to < excluded.read_to"""
TAKE = """
INSERT INTO board_readers (person, board, pen_month) VALUES (:person, :board, :month)
ON CONFLICT (person, board) DO UPDATE SET pen_month = excluded.pen_month
WHERE board_readers.pen_month < excluded.pen_month"""
COUNT_PEN = """
INSERT INTO board_pens (board, month, taken) VALUES (:board, :month, 1)
ON CONFLICT (board, month) DO UPDATE SET taken = board_pens.taken + 1"""

POST = f"""
INSERT INTO board_posts ({_POST.removeprefix("id, ")}) VALUES (
  :board, :reply_to, :author, :month, :body, :salt, :digest, :day, :state, :threshold) RETURNING id"""
GET = f"SELECT {_POST} FROM board_posts WHERE id = :post"
PAGE = f"""
SELECT {_POST} FROM board_posts WHERE board = :board ORDER BY id DESC LIMIT :limit OFFSET :offset"""
REPLIES = f"""
SELECT {_POST} FROM board_posts WHERE reply_to = :post ORDER BY id LIMIT :limit OFFSET :offset"""
COUNT_REPLIES = "SELECT count(*) FROM board_posts WHERE reply_to = :post"
NEWEST = "SELECT max(id) FROM board_posts WHERE board = :board"
OF_DAY = "SELECT count(*) FROM board_posts WHERE author = :author AND day = :day"
PETITIONS_OF = "SELECT count(*) FROM board_posts WHERE author = :author AND threshold > 0"
HIDE = "UPDATE board_posts SET state = 'hidden', body = '' WHERE id = :post AND state = 'shown'"
WITHDRAW = "UPDATE board_posts SET state = 'withdrawn', body = '', salt = '' WHERE id = :post AND state = 'shown'"
# Of how many a tenth makes a petition: who answered in a project, who was given a task lately.
WORKED = """
SELECT count(*) FROM (SELECT 1 FROM enrolments WHERE project = :board AND answered > 0 LIMIT :limit) AS few"""
SERVED = "SELECT count(*) FROM (SELECT 1 FROM people WHERE served_at > :since LIMIT :limit) AS few"


@dataclass(frozen=True, slots=True)
class Unread:
    """A board with how many posts are new; the title is empty for the house."""

    board: BoardId
    title: str
    count: int


def post_from(row: Row) -> Post:
    values = list(row)
    values[9] = PostState(values[9])
    return Post(*values)


class Boards:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def count_answers(self, person: PersonId, board: BoardId) -> int:
        """Answers this person gave there; everywhere, for the house."""
        statement = ANSWERED_ALL if board == HOUSE else ANSWERED
        values = {"person": person} if board == HOUSE else {"person": person, "board": board}
        return int(first(self._db.one(statement, **values), 0))

    def has_task_in_hand(self, person: PersonId, board: BoardId) -> bool:
        """Whether a task of this project is in their hands."""
        return self._db.one(HOLDS, person=person, board=board) is not None

    def list_for_worker(self, person: PersonId, limit: int) -> list[Unread]:
        return [Unread(*row) for row in self._db.all(BOARDS, person=person, limit=limit)]

    def count_unread(self, person: PersonId, board: BoardId) -> int:
        return int(first(self._db.one(UNREAD, person=person, board=board), 0))

    def list_unread(self, person: PersonId, limit: int) -> list[Unread]:
        return [Unread(*row) for row in self._db.all(NEWS, person=person, limit=limit)]

    def get_reader_state(self, person: PersonId, board: BoardId) -> tuple[int, int]:
        """The last post seen, and the month of the last pen taken; 0 for none."""
        row = self._db.one(READER, person=person, board=board)
        return (int(row[0]), int(row[1])) if row else (0, 0)

    def mark_as_read(self, person: PersonId, board: BoardId) -> None:
        """All posts there are now count as seen."""
        newest = int(first(self._db.one(NEWEST, board=board), 0))
        self._db.changed(READ, person=person, board=board, read_to=newest)

    def take_pen(self, person: PersonId, board: BoardId, month: int) -> bool:
        """Notes that a pen of this month is handed over, once; which one is not noted."""
        if not self._db.changed(TAKE, person=person, board=board, month=month):
            return False
        self._db.changed(COUNT_PEN, board=board, month=month)
        return True

    def add(self, post: Post) -> PostId:
        values = {name: getattr(post, name) for name in _POST.split(", ") if name != "id"}
        return PostId(first(self._db.one(POST, **{**values, "state": str(post.state)})))

    def find(self, post: PostId) -> Post | None:
        row = self._db.one(GET, post=post)
        return post_from(row) if row else None

    def get(self, post: PostId) -> Post:
        found = self.find(post)
        if found is None:
            raise LookupError(f"post {post}")
        return found

    def page(self, board: BoardId, offset: int, limit: int) -> list[Post]:
        """The newest first."""
        return [post_from(row) for row in self._db.all(PAGE, board=board, offset=offset, limit=limit)]

    def replies(self, post: PostId, offset: int, limit: int) -> list[Post]:
        return [post_from(row) for row in self._db.all(REPLIES, post=post, offset=offset, limit=limit)]

    def count_replies(self, posts: Sequence[PostId]) -> dict[PostId, int]:
        return {post: int(first(self._db.one(COUNT_REPLIES, post=post), 0)) for post in posts}

    def count_posts_of_day(self, author: str, day: Moment) -> int:
        return int(first(self._db.one(OF_DAY, author=author, day=day), 0))

    def count_petitions(self, author: str) -> int:
        return int(first(self._db.one(PETITIONS_OF, author=author), 0))

    def hide(self, post: PostId) -> bool:
        return self._db.changed(HIDE, post=post) == 1

    def withdraw(self, post: PostId) -> bool:
        return self._db.changed(WITHDRAW, post=post) == 1

    def count_active_people(self, board: BoardId, now: Moment) -> int:
        """People who answered in this project; for the house, who were given a task in the last 30 days."""
        if board == HOUSE:
            return int(first(self._db.one(SERVED, since=now - 30 * DAY, limit=10 * MOST)))
        return int(first(self._db.one(WORKED, board=board, limit=10 * MOST)))
