"""Boards: who belongs to one, how far they have read, and the posts. No statement here joins a person and a post."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.fairness.board import HOUSE, MOST, BoardId, Post, PostId, PostState
from domain.moments import DAY, Moment
from domain.people.people import PersonId
from storage.drivers.connection import Connection, Row
from storage.drivers.records import columns, first

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

    def answered(self, person: PersonId, board: BoardId) -> int:
        """Answers this person gave there; everywhere, for the house."""
        statement = ANSWERED_ALL if board == HOUSE else ANSWERED
        values = {"person": person} if board == HOUSE else {"person": person, "board": board}
        return int(first(self._db.one(statement, **values), 0))

    def holds(self, person: PersonId, board: BoardId) -> bool:
        """Whether a task of this project is in their hands."""
        return self._db.one(HOLDS, person=person, board=board) is not None

    def of(self, person: PersonId, limit: int) -> list[Unread]:
        return [Unread(*row) for row in self._db.all(BOARDS, person=person, limit=limit)]

    def unread(self, person: PersonId, board: BoardId) -> int:
        return int(first(self._db.one(UNREAD, person=person, board=board), 0))

    def news(self, person: PersonId, limit: int) -> list[Unread]:
        return [Unread(*row) for row in self._db.all(NEWS, person=person, limit=limit)]

    def reader(self, person: PersonId, board: BoardId) -> tuple[int, int]:
        """The last post seen, and the month of the last pen taken; 0 for none."""
        row = self._db.one(READER, person=person, board=board)
        return (int(row[0]), int(row[1])) if row else (0, 0)

    def read(self, person: PersonId, board: BoardId) -> None:
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

    def of_day(self, author: str, day: Moment) -> int:
        return int(first(self._db.one(OF_DAY, author=author, day=day), 0))

    def petitions_of(self, author: str) -> int:
        return int(first(self._db.one(PETITIONS_OF, author=author), 0))

    def hide(self, post: PostId) -> bool:
        return self._db.changed(HIDE, post=post) == 1

    def withdraw(self, post: PostId) -> bool:
        return self._db.changed(WITHDRAW, post=post) == 1

    def active(self, board: BoardId, now: Moment) -> int:
        """People who answered in this project; for the house, who were given a task in the last 30 days."""
        if board == HOUSE:
            return int(first(self._db.one(SERVED, since=now - 30 * DAY, limit=10 * MOST)))
        return int(first(self._db.one(WORKED, board=board, limit=10 * MOST)))
