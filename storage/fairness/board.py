"""Storage of the boards: posts, readers, the log sealed line after line, contests of hidden posts, wishes for contacts
and their clean-up."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.fairness.board import (
    CHAIN_BEGINNING,
    CONTEST_DAYS,
    HOUSE,
    MAX_VOICES,
    BoardContest,
    BoardEvent,
    BoardId,
    ContestState,
    EventKind,
    Post,
    PostId,
    PostState,
    chain_event,
    day_of,
    digest_of,
)
from domain.moments import DAY, HOUR, SECOND, Moment
from domain.money.ledger import SealedHead
from domain.people.accounts import PersonId
from storage.drivers.connection import Connection, Row
from storage.drivers.records import columns, single_value, single_values
from storage.invariants import LATEST_MOMENT, SWEEP_GRACE, Invariant, Reader, Walk

_EVENT = columns(BoardEvent, "l.")

SELECT_NEXT_POSITION = "SELECT coalesce(max(position), 0) + 1 FROM board_log"
INSERT_LOG_LINE = """
INSERT INTO board_log (position, post, kind, person, rule, day, digest)
VALUES (:position, :post, :kind, :person, :rule, :day, :digest)"""
# Lines are sealed in their order.
SELECT_SEALED_HEAD = """
SELECT position, hash FROM board_log WHERE position = coalesce(
  (SELECT min(position) - 1 FROM board_log WHERE hash IS NULL), (SELECT max(position) FROM board_log))"""
SELECT_UNSEALED = f"SELECT {_EVENT} FROM board_log l WHERE l.hash IS NULL ORDER BY l.position LIMIT :limit"
SEAL_LINE = "UPDATE board_log SET hash = :hash WHERE position = :position AND hash IS NULL"
SELECT_LOG_PAGE = f"""
SELECT {_EVENT}, l.hash, p.board FROM board_log l JOIN board_posts p ON p.id = l.post
WHERE l.position <= (SELECT max(position) FROM board_log) - :offset ORDER BY l.position DESC LIMIT :limit"""
SELECT_HIDER = "SELECT person FROM board_log WHERE post = :post AND kind = 'hidden'"
SELECT_HIDING_RULE = "SELECT rule FROM board_log WHERE post = :post AND kind = 'hidden'"
SELECT_CHAIN = f"SELECT {_EVENT}, l.hash FROM board_log l WHERE l.position > :after ORDER BY l.position LIMIT :limit"
# The log's head is stored beside the ledger's daily head, so that both are published together.
INSERT_DAILY_HEAD = """
INSERT INTO board_heads (day, position, hash)
SELECT h.day, l.position, l.hash FROM chain_heads h JOIN board_log l ON l.hash IS NOT NULL AND l.position = :position
WHERE h.day = (SELECT max(day) FROM chain_heads) AND NOT EXISTS (SELECT 1 FROM board_heads b WHERE b.day >= h.day)"""

_CONTEST = columns(BoardContest)
INSERT_CONTEST = """
INSERT INTO board_contests (post, body, due, state) VALUES (:post, :body, :due, 'waiting')
ON CONFLICT (post) DO NOTHING"""
SELECT_CONTEST = f"SELECT {_CONTEST} FROM board_contests WHERE post = :post"
CLOSE_CONTEST = """
UPDATE board_contests SET state = :state, reason = :reason, again = :again, body = ''
WHERE post = :post AND state = 'waiting'"""
SELECT_OVERDUE_CONTESTS = (
    f"SELECT {_CONTEST} FROM board_contests WHERE state = 'waiting' AND due < :today ORDER BY due LIMIT :limit"
)
SELECT_ORIGINAL = "SELECT post FROM board_contests WHERE again = :post"

CHAIN_ROWS_PER_READ = 10_000


def event_from(row: Row) -> BoardEvent:
    values = list(row[:7])
    values[2] = EventKind(values[2])
    return BoardEvent(*values)


class BoardLogRecords:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def note(self, post: PostId, kind: EventKind, digest: str, person: PersonId | None = None, rule: int = 0) -> None:
        """Append a line to the log."""
        position = int(single_value(self._db.one(SELECT_NEXT_POSITION)))
        values = {"post": post, "kind": str(kind), "person": person, "rule": rule, "digest": digest}
        self._db.changed(INSERT_LOG_LINE, position=position, day=day_of(self._now), **values)

    def head(self) -> SealedHead:
        """Return the last sealed line's position and hash."""
        row = self._db.one(SELECT_SEALED_HEAD)
        return SealedHead(*row) if row else CHAIN_BEGINNING

    def seal_lines(self, limit: int) -> int:
        """Seal unsealed lines in their order. Return how many."""
        head, rows = self.head(), self._db.all(SELECT_UNSEALED, limit=limit)
        for row in rows:
            head = chain_event(head, event_from(row))
            self._db.changed(SEAL_LINE, position=head.position, hash=head.hash)
        return len(rows)

    def join_ledger_head(self) -> None:
        """Store the log's head beside the ledger's newest daily head, once a day."""
        head = self.head()
        if head.position:
            self._db.send(INSERT_DAILY_HEAD, position=head.position)

    def page(self, offset: int, limit: int) -> list[tuple[BoardEvent, str, BoardId]]:
        """Return (event, seal or "", board) of a page, the newest first."""
        rows = self._db.all(SELECT_LOG_PAGE, offset=offset, limit=limit)
        return [(event_from(row), row[7] or "", BoardId(row[8])) for row in rows]

    def get_hiding_rule(self, post: PostId) -> int:
        """Return the rule by which a post was hidden; 0 if it was not."""
        return int(single_value(self._db.one(SELECT_HIDING_RULE, post=post), 0))

    def find_hider(self, post: PostId) -> PersonId | None:
        """Return the admin who hid a post, or None."""
        hider = single_value(self._db.one(SELECT_HIDER, post=post), None)
        return None if hider is None else PersonId(hider)

    def iterate_chain(self) -> Iterator[tuple[BoardEvent, str | None]]:
        position = 0
        while rows := self._db.all(SELECT_CHAIN, after=position, limit=CHAIN_ROWS_PER_READ):
            yield from ((event_from(row), row[7]) for row in rows)
            position = rows[-1][0]


class BoardContests:
    """Contests of hidden posts. They name no person: the pen's holder sent the text."""

    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._today = day_of(now)

    def add(self, post: PostId, body: str) -> bool:
        """Store a contest with its deadline. Return False if the post was contested before."""
        return self._db.changed(INSERT_CONTEST, post=post, body=body, due=self._today + CONTEST_DAYS * DAY) == 1

    def find(self, post: PostId) -> BoardContest | None:
        row = self._db.one(SELECT_CONTEST, post=post)
        return contest_from(row) if row else None

    def decide(self, post: PostId, state: ContestState, reason: str = "", new_post: PostId | None = None) -> None:
        """Decide a waiting contest and delete its text."""
        self._db.changed(CLOSE_CONTEST, post=post, state=str(state), reason=reason, again=new_post)

    def overdue(self, limit: int) -> list[BoardContest]:
        return [contest_from(row) for row in self._db.all(SELECT_OVERDUE_CONTESTS, today=self._today, limit=limit)]

    def find_original(self, post: PostId) -> PostId | None:
        """Return the tombstone of a post that is shown again, or None."""
        original = single_value(self._db.one(SELECT_ORIGINAL, post=post), None)
        return None if original is None else PostId(original)


def contest_from(row: Row) -> BoardContest:
    values = list(row)
    values[3] = ContestState(values[3])
    return BoardContest(*values)


# Rewriting all rows together separates a post from the transaction that also updated its writer's row.
SETTLE_POSTS = "UPDATE board_posts SET settled = 1 WHERE settled = 0"
# Signatures are rewritten in the order of their hashes, as the order of signing would tell who is who.
SELECT_UNSETTLED_PETITIONS = "SELECT DISTINCT post FROM board_signatures WHERE settled = 0"
DELETE_SIGNATURES = "DELETE FROM board_signatures WHERE post = :post RETURNING signer, month"
INSERT_SETTLED_SIGNATURE = (
    "INSERT INTO board_signatures (post, signer, month, settled) VALUES (:post, :signer, :month, 1)"
)
SETTLE_CONTESTS = "UPDATE board_contests SET settled = 1 WHERE settled = 0"
SETTLE_REPORTS = "UPDATE board_reports SET settled = 1 WHERE settled = 0"
# Pen, text and hour are deleted, but the draft stays: late words must not be taken as the answer to a task.
LAPSE_OLD_DRAFTS = """
UPDATE drafts SET journey = 'board lapsed', data = '{}', updated_at = :today
WHERE journey IN ('board', 'board contest') AND updated_at < :before"""
DELETE_LAPSED_DRAFTS = "DELETE FROM drafts WHERE journey = 'board lapsed' AND updated_at < :before"
DELETE_READING_NOTES = "DELETE FROM drafts WHERE journey = 'board open' AND updated_at < :before"
# Refusals of the board are deleted, too, as only writers get them (a pen is over, a text too long).
DELETE_ENDED_LETTERS = """
DELETE FROM outbox WHERE state <> 'waiting' AND ended_at < :before AND coalesce(key, '') = ''
  AND ((screen >= 'fairness.Board' AND screen < 'fairness.Boare')
    OR (screen >= 'refusals.Board' AND screen < 'refusals.Boare'))"""

DRAFT_LIFETIME = HOUR  # a text that is not sent is kept so long
LAPSED_LIFETIME = 2 * DAY  # that somebody began to write and sent nothing
LETTER_LIFETIME = 20 * SECOND  # a letter that has ended: with the sweep of 20 seconds it is gone within a minute


class BoardTraces:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def rewrite_unsettled(self) -> None:
        """Rewrite rows in another transaction and order, so that neither tells which person wrote them."""
        self._db.changed(SETTLE_POSTS)
        self._db.changed(SETTLE_CONTESTS)
        self._db.changed(SETTLE_REPORTS)
        for post in single_values(self._db.all(SELECT_UNSETTLED_PETITIONS)):
            signatures = sorted(tuple(row) for row in self._db.all(DELETE_SIGNATURES, post=post))
            self._db.many(
                INSERT_SETTLED_SIGNATURE,
                [{"post": post, "signer": signer, "month": month} for signer, month in signatures],
            )

    def delete_old_drafts_and_letters(self) -> None:
        """Delete the text of drafts that were not finished in time, and outbox messages of the boards
        that have ended."""
        self._db.changed(LAPSE_OLD_DRAFTS, before=self._now - DRAFT_LIFETIME, today=day_of(self._now))
        self._db.changed(DELETE_LAPSED_DRAFTS, before=self._now - LAPSED_LIFETIME)
        self._db.changed(DELETE_READING_NOTES, before=self._now - DRAFT_LIFETIME)
        self._db.changed(DELETE_ENDED_LETTERS, before=self._now - LETTER_LIFETIME)


INSERT_WISH = """
INSERT INTO board_wishes (post, person, day) VALUES (:post, :person, :day) ON CONFLICT (post, person) DO NOTHING"""
COUNT_WISHES_OF_PERSON = "SELECT count(*) FROM board_wishes WHERE person = :person"
COUNT_WISHES_FOR_POST = "SELECT count(*) FROM board_wishes WHERE post = :post"
TAKE_WISH = """
DELETE FROM board_wishes WHERE post = :post AND person = (
  SELECT min(person) FROM board_wishes WHERE post = :post) RETURNING person"""
DELETE_OLD_WISHES = "DELETE FROM board_wishes WHERE day < :before"

WISH_LIFETIME_DAYS = 14  # days


class BoardWishes:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._today = day_of(now)

    def add(self, post: PostId, person: PersonId) -> None:
        self._db.changed(INSERT_WISH, post=post, person=person, day=self._today)

    def count_by_person(self, person: PersonId) -> int:
        return int(single_value(self._db.one(COUNT_WISHES_OF_PERSON, person=person), 0))

    def count_for_post(self, post: PostId) -> int:
        return int(single_value(self._db.one(COUNT_WISHES_FOR_POST, post=post), 0))

    def take_next_wisher(self, post: PostId) -> PersonId | None:
        """Delete and return one person who wishes to exchange contacts about a post, or None."""
        wisher = single_value(self._db.one(TAKE_WISH, post=post))
        return None if wisher is None else PersonId(wisher)

    def delete_old(self) -> None:
        self._db.changed(DELETE_OLD_WISHES, before=self._today - WISH_LIFETIME_DAYS * DAY)


_POST = columns(Post)

SELECT_ANSWERS_IN_PROJECT = "SELECT answered FROM enrolments WHERE worker = :person AND project = :board"
SUM_ALL_ANSWERS = "SELECT coalesce(sum(answered), 0) FROM enrolments WHERE worker = :person"
SELECT_ACTIVE_ASSIGNMENT = "SELECT 1 FROM assignments WHERE worker = :person AND state = 'active' AND project = :board"
# The boards of a worker's projects, the newest projects first, with how many posts are new to them.
SELECT_BOARDS_OF_WORKER = """
SELECT p.id, p.title, (SELECT count(*) FROM board_posts b WHERE b.board = p.id AND b.id > coalesce(r.read_to, 0))
FROM enrolments e JOIN projects p ON p.id = e.project
LEFT JOIN board_readers r ON r.person = e.worker AND r.board = p.id
WHERE e.worker = :person AND e.answered > 0 ORDER BY e.project DESC LIMIT :limit"""
COUNT_UNREAD_POSTS = """
SELECT count(*) FROM board_posts b WHERE b.board = :board AND b.id > coalesce((
  SELECT read_to FROM board_readers WHERE person = :person AND board = :board), 0)"""
# Boards this reader has opened before, with new posts.
SELECT_BOARDS_WITH_NEWS = """
SELECT r.board, coalesce(p.title, ''), (SELECT count(*) FROM board_posts b WHERE b.board = r.board AND b.id > r.read_to)
FROM board_readers r LEFT JOIN projects p ON p.id = r.board
WHERE r.person = :person AND EXISTS (SELECT 1 FROM board_posts b WHERE b.board = r.board AND b.id > r.read_to)
ORDER BY r.board DESC LIMIT :limit"""
SELECT_READER = "SELECT read_to, pen_month FROM board_readers WHERE person = :person AND board = :board"
UPDATE_READ_TO = """
INSERT INTO board_readers (person, board, read_to) VALUES (:person, :board, :read_to)
ON CONFLICT (person, board) DO UPDATE SET read_to = excluded.read_to
WHERE board_readers.read_to < excluded.read_to"""
STORE_PEN_MONTH = """
INSERT INTO board_readers (person, board, pen_month) VALUES (:person, :board, :month)
ON CONFLICT (person, board) DO UPDATE SET pen_month = excluded.pen_month
WHERE board_readers.pen_month < excluded.pen_month"""
COUNT_PEN = """
INSERT INTO board_pens (board, month, taken) VALUES (:board, :month, 1)
ON CONFLICT (board, month) DO UPDATE SET taken = board_pens.taken + 1"""

INSERT_POST = f"""
INSERT INTO board_posts ({_POST.removeprefix("id, ")}) VALUES (
  :board, :reply_to, :author, :month, :body, :salt, :digest, :day, :state, :threshold) RETURNING id"""
SELECT_POST = f"SELECT {_POST} FROM board_posts WHERE id = :post"
SELECT_PAGE = f"""
SELECT {_POST} FROM board_posts WHERE board = :board ORDER BY id DESC LIMIT :limit OFFSET :offset"""
SELECT_REPLIES = f"""
SELECT {_POST} FROM board_posts WHERE reply_to = :post ORDER BY id LIMIT :limit OFFSET :offset"""
COUNT_REPLIES = "SELECT count(*) FROM board_posts WHERE reply_to = :post"
SELECT_NEWEST_POST = "SELECT max(id) FROM board_posts WHERE board = :board"
COUNT_POSTS_OF_DAY = "SELECT count(*) FROM board_posts WHERE author = :author AND day = :day"
COUNT_PETITIONS_OF_AUTHOR = "SELECT count(*) FROM board_posts WHERE author = :author AND threshold > 0"
HIDE_POST = "UPDATE board_posts SET state = 'hidden', body = '' WHERE id = :post AND state = 'shown'"
WITHDRAW_POST = "UPDATE board_posts SET state = 'withdrawn', body = '', salt = '' WHERE id = :post AND state = 'shown'"
# People of whom a tenth must sign a petition: those who answered in the project, or were given a task lately.
COUNT_PEOPLE_OF_PROJECT = """
SELECT count(*) FROM (SELECT 1 FROM enrolments WHERE project = :board AND answered > 0 LIMIT :limit) AS few"""
COUNT_RECENTLY_SERVED = "SELECT count(*) FROM (SELECT 1 FROM people WHERE served_at > :since LIMIT :limit) AS few"


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
        """Return the number of answers that this person gave in the board's project; everywhere for the
        house's board."""
        statement = SUM_ALL_ANSWERS if board == HOUSE else SELECT_ANSWERS_IN_PROJECT
        values = {"person": person} if board == HOUSE else {"person": person, "board": board}
        return int(single_value(self._db.one(statement, **values), 0))

    def has_task_in_hand(self, person: PersonId, board: BoardId) -> bool:
        """Return whether the person holds an active assignment of this project."""
        return self._db.one(SELECT_ACTIVE_ASSIGNMENT, person=person, board=board) is not None

    def list_for_worker(self, person: PersonId, limit: int) -> list[Unread]:
        """Return the boards of the worker's projects with their unread posts, the newest projects first."""
        return [Unread(*row) for row in self._db.all(SELECT_BOARDS_OF_WORKER, person=person, limit=limit)]

    def count_unread(self, person: PersonId, board: BoardId) -> int:
        return int(single_value(self._db.one(COUNT_UNREAD_POSTS, person=person, board=board), 0))

    def list_unread(self, person: PersonId, limit: int) -> list[Unread]:
        """Return boards that the person has opened before and that have new posts."""
        return [Unread(*row) for row in self._db.all(SELECT_BOARDS_WITH_NEWS, person=person, limit=limit)]

    def get_reader_state(self, person: PersonId, board: BoardId) -> tuple[int, int]:
        """Return (last post seen, month of the last pen taken); 0 for none."""
        row = self._db.one(SELECT_READER, person=person, board=board)
        return (int(row[0]), int(row[1])) if row else (0, 0)

    def mark_as_read(self, person: PersonId, board: BoardId) -> None:
        """Mark all present posts of a board as seen by this person."""
        newest = int(single_value(self._db.one(SELECT_NEWEST_POST, board=board), 0))
        self._db.changed(UPDATE_READ_TO, person=person, board=board, read_to=newest)

    def take_pen(self, person: PersonId, board: BoardId, month: int) -> bool:
        """Store that a pen of this month was handed over, but not which one. Return False if one was before."""
        if not self._db.changed(STORE_PEN_MONTH, person=person, board=board, month=month):
            return False
        self._db.changed(COUNT_PEN, board=board, month=month)
        return True

    def add(self, post: Post) -> PostId:
        values = {name: getattr(post, name) for name in _POST.split(", ") if name != "id"}
        return PostId(single_value(self._db.one(INSERT_POST, **{**values, "state": str(post.state)})))

    def find(self, post: PostId) -> Post | None:
        row = self._db.one(SELECT_POST, post=post)
        return post_from(row) if row else None

    def get(self, post: PostId) -> Post:
        """Return a post. Raise LookupError if it does not exist."""
        board_post = self.find(post)
        if board_post is None:
            raise LookupError(f"post {post}")
        return board_post

    def page(self, board: BoardId, offset: int, limit: int) -> list[Post]:
        """Return a page of a board's posts, the newest first."""
        return [post_from(row) for row in self._db.all(SELECT_PAGE, board=board, offset=offset, limit=limit)]

    def replies(self, post: PostId, offset: int, limit: int) -> list[Post]:
        return [post_from(row) for row in self._db.all(SELECT_REPLIES, post=post, offset=offset, limit=limit)]

    def count_replies(self, posts: Sequence[PostId]) -> dict[PostId, int]:
        return {post: int(single_value(self._db.one(COUNT_REPLIES, post=post), 0)) for post in posts}

    def count_posts_of_day(self, author: str, day: Moment) -> int:
        return int(single_value(self._db.one(COUNT_POSTS_OF_DAY, author=author, day=day), 0))

    def count_petitions(self, author: str) -> int:
        return int(single_value(self._db.one(COUNT_PETITIONS_OF_AUTHOR, author=author), 0))

    def hide(self, post: PostId) -> bool:
        """Hide a shown post and delete its text. Return False if it is not shown."""
        return self._db.changed(HIDE_POST, post=post) == 1

    def withdraw(self, post: PostId) -> bool:
        """Withdraw a shown post and delete its text and salt. Return False if it is not shown."""
        return self._db.changed(WITHDRAW_POST, post=post) == 1

    def count_active_people(self, board: BoardId, now: Moment) -> int:
        """Return the number of people who answered in this project; for the house, who were given a task in the last 30
        days. Counting stops at a limit."""
        if board == HOUSE:
            return int(single_value(self._db.one(COUNT_RECENTLY_SERVED, since=now - 30 * DAY, limit=10 * MAX_VOICES)))
        return int(single_value(self._db.one(COUNT_PEOPLE_OF_PROJECT, board=board, limit=10 * MAX_VOICES)))


# Rule 10 for the board: its log recomputes, agrees with the posts, and passes through every recorded head. Rule
# 16: no more pens wrote or signed than were handed over, traces of writers are deleted, and votes are ballots.
def iter_log_faults(reader: Reader) -> Iterator[tuple[str, str]]:
    """Yield where the boards' log differs: the digest of each shown text, and the first wrong seal, at which this
    stops."""
    head, boards = CHAIN_BEGINNING, Boards(reader.connection)
    for event, hash_ in BoardLogRecords(reader.connection, reader.now).iterate_chain():
        head = chain_event(head, event)
        if hash_ is not None and (event.position, hash_) != (head.position, head.hash):
            yield f"line {event.position}", "it, or one before it, is not what was sealed"
            return
        post = boards.find(event.post)
        if post is None or (post.state is PostState.SHOWN and digest_of(post) != post.digest):
            yield f"post {event.post}", "its text is not what was written"


LOG_RECOMPUTES = Walk(10, "the log of the boards recomputes", iter_log_faults)
POSTS_ARE_LOGGED = Invariant(
    10,
    "every post has its lines in the log",
    f"""
SELECT 'post ' || p.id AS subject, p.state || ', without its line' AS detail FROM board_posts p
WHERE NOT EXISTS (SELECT 1 FROM board_log l WHERE l.post = p.id AND l.kind = 'posted' AND l.digest = p.digest)
  OR (p.state <> 'shown' AND NOT EXISTS (SELECT 1 FROM board_log l WHERE l.post = p.id AND l.kind = p.state))
  OR (p.state = 'shown' AND (p.body = '' OR EXISTS (
    SELECT 1 FROM board_log l WHERE l.post = p.id AND l.kind IN ('hidden', 'withdrawn'))))
UNION ALL
SELECT 'head of ' || h.day, 'line ' || h.position || ' has another seal'
FROM board_heads h LEFT JOIN board_log l ON l.position = h.position AND l.hash = h.hash WHERE l.position IS NULL
UNION ALL
SELECT 'line ' || l.position, 'of ' || l.day || ', not sealed' FROM board_log l
WHERE l.hash IS NULL AND l.day < {LATEST_MOMENT} - 25 * {SWEEP_GRACE} AND EXISTS (
  SELECT 1 FROM board_log WHERE hash IS NOT NULL)""",
)
PENS_WERE_HANDED_OVER = Invariant(
    16,
    "no more pens write than were handed over",
    """
SELECT 'board ' || used.board AS subject, used.pens || ' pens of month ' || used.month || ' wrote or signed' AS detail
FROM (
  SELECT found.board, found.month, count(DISTINCT found.author) AS pens FROM (
    SELECT board, month, author FROM board_posts
    UNION SELECT p.board, s.month, s.signer FROM board_signatures s JOIN board_petitions p ON p.post = s.post) AS found
  GROUP BY found.board, found.month) AS used
LEFT JOIN board_pens b ON b.board = used.board AND b.month = used.month
WHERE used.pens > coalesce(b.taken, 0)""",
)
VOICES_ARE_SIGNATURES = Invariant(
    16,
    "a petition has the voices it counts",
    """
SELECT 'petition ' || p.post AS subject, 'counts ' || p.voices || ' voices' AS detail
FROM board_petitions p JOIN board_posts t ON t.id = p.post
WHERE p.voices > (SELECT count(*) FROM board_signatures s WHERE s.post = p.post)
  OR (p.state IN ('asked', 'answered', 'unanswered') AND p.voices < t.threshold)""",
)
# A draft holds the pen while its writer types, and letters carry it until they have ended: both are deleted soon after.
# The day of a draft that was not sent stays for two days. Only writers get letters with the board's refusals.
NO_TRACES_OF_WRITERS = Invariant(
    16,
    "nothing says for long who was on the board",
    f"""
SELECT 'person ' || d.person AS subject, 'a draft of a post is kept' AS detail FROM drafts d
WHERE d.journey IN ('board', 'board contest') AND d.updated_at < {LATEST_MOMENT} - 2 * {HOUR}
UNION ALL
SELECT 'person ' || d.person, 'more than the day of a draft is kept' FROM drafts d
WHERE d.journey = 'board lapsed'
  AND (d.data <> '{{}}' OR d.updated_at % {DAY} <> 0 OR d.updated_at < {LATEST_MOMENT} - 3 * {DAY})
UNION ALL
SELECT 'letter ' || o.id, o.screen || ' is kept' FROM outbox o
WHERE o.state <> 'waiting' AND o.key IS NULL
  AND ((o.screen >= 'fairness.Board' AND o.screen < 'fairness.Boare')
    OR (o.screen >= 'refusals.Board' AND o.screen < 'refusals.Boare'))
  AND o.ended_at < {LATEST_MOMENT} - {HOUR}""",
)
VOTES_ARE_BALLOTS = Invariant(
    16,
    "no more ballots than papers, and the votes are the ballots",
    """
SELECT 'election ' || e.id AS subject, e.papers || ' papers, more ballots' AS detail FROM elections e
WHERE (SELECT count(*) FROM election_ballots b WHERE b.election = e.id) > e.papers
UNION ALL
SELECT 'candidate ' || c.person || ' of ' || c.election, c.votes || ' votes are counted'
FROM election_candidates c JOIN elections e ON e.id = c.election
WHERE e.state = 'closed' AND c.votes <> (
  SELECT count(*) FROM election_ballots b WHERE b.election = c.election AND b.candidate = c.person)""",
)
