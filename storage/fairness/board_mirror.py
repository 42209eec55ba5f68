"""The boards in a Telegram group: which group, its topics, and which message shows which post."""

from domain.fairness.board import (
    HOUSE,
    BoardId,
    Post,
    PostId,
    day_of,
)
from domain.fairness.board_mirror import Mirror, MirrorState
from domain.moments import DAY, Moment
from storage.drivers.connection import Connection
from storage.drivers.records import columns, first
from storage.fairness.board import post_from

_MIRROR = columns(Mirror)
_POST = columns(Post, "p.")

CURRENT = f"SELECT {_MIRROR} FROM board_mirror WHERE only_one = 1"
NAME = """
INSERT INTO board_mirror (only_one, place, language, state) VALUES (1, :place, :language, 'named')
ON CONFLICT (only_one) DO UPDATE SET place = excluded.place, language = excluded.language, state = 'named',
  trouble = '', held_until = 0"""
WANT = """
INSERT INTO board_mirror_wanted (only_one, place, language) VALUES (1, :place, :language)
ON CONFLICT (only_one) DO UPDATE SET place = excluded.place, language = excluded.language"""
WANTED = "SELECT place, language FROM board_mirror_wanted"
UNWANTED = "DELETE FROM board_mirror_wanted WHERE :place IN (place, '')"
# A group that was left because of trouble goes on where it was; any other begins with what is written from now on.
BEGIN = """
UPDATE board_mirror SET state = 'on', title = :title, chat = :chat,
  after = CASE WHEN chat = :chat THEN after ELSE (SELECT coalesce(max(id), 0) FROM board_posts) END,
  since = CASE WHEN chat = :chat THEN since ELSE :today END
WHERE only_one = 1 AND state = 'named' AND place = :place"""
STOP = """
UPDATE board_mirror SET state = 'stopped', trouble = :trouble
WHERE only_one = 1 AND state IN ('named', 'on') AND place = :place"""
OFF = "UPDATE board_mirror SET state = 'off', chat = NULL, trouble = '' WHERE only_one = 1 AND state <> 'off'"
HOLD = "UPDATE board_mirror SET held_until = :until WHERE only_one = 1"

# Once a day: what was written on days that are over. A day more is looked at, for clocks that differ at midnight.
ENDED = f"""
SELECT {_POST} FROM board_posts p
WHERE p.day >= :since AND p.day < :today AND p.id > :after
  AND NOT EXISTS (SELECT 1 FROM board_mirrored m WHERE m.post = p.id AND m.chat = :chat) ORDER BY p.id"""
QUEUE = "INSERT INTO board_mirrored (post, chat, state) VALUES (:post, :chat, 'waiting') ON CONFLICT DO NOTHING"
UP_TO = "UPDATE board_mirror SET since = :today WHERE only_one = 1"
# A day after the other, posts before replies, and each day's in the order of their hashes.
NEXT = """
SELECT p.id FROM board_mirrored m JOIN board_posts p ON p.id = m.post
WHERE m.state = 'waiting' AND m.chat = :chat
ORDER BY p.day, CASE WHEN p.reply_to IS NULL THEN 0 ELSE 1 END, p.digest LIMIT 1"""
EMPTY = "DELETE FROM board_mirrored WHERE state = 'waiting' AND chat <> :but"
STALE = """
SELECT post, chat, message FROM board_mirrored WHERE state = 'stale' ORDER BY post, chat LIMIT 1"""
SHOWN = """
INSERT INTO board_mirrored (post, chat, message, state) VALUES (:post, :chat, :message, :state)
ON CONFLICT (post, chat) DO UPDATE SET message = excluded.message, state = excluded.state"""
LOST = "UPDATE board_mirrored SET state = 'lost' WHERE post = :post AND chat = :chat"
MESSAGE = "SELECT message FROM board_mirrored WHERE post = :post AND chat = :chat"
ANYWHERE = "SELECT 1 FROM board_mirrored WHERE post = :post AND message IS NOT NULL LIMIT 1"
THREAD = "SELECT thread FROM board_topics WHERE chat = :chat AND board = :board"
KEEP_THREAD = """
INSERT INTO board_topics (chat, board, thread) VALUES (:chat, :board, :thread)
ON CONFLICT (chat, board) DO UPDATE SET thread = excluded.thread"""
DROP_THREAD = "DELETE FROM board_topics WHERE chat = :chat AND board = :board AND thread = :thread"

NOWHERE = 0
EVERY = ""


class BoardMirrors:
    def __init__(self, connection: Connection, now: Moment, signals: set[str]) -> None:
        self._db = connection
        self._now = now
        self._signals = signals

    def current(self) -> Mirror | None:
        row = self._db.one(CURRENT)
        if row is None:
            return None
        values = list(row)
        values[6] = MirrorState(values[6])
        return Mirror(*values)

    def name_group(self, place: str, language: str) -> None:
        self._signals.add("board mirror")
        self.drop_request(EVERY)
        self._db.changed(NAME, place=place, language=language)

    def request_group(self, place: str, language: str) -> None:
        """The group of now goes on until this one is found."""
        self._signals.add("board mirror")
        self.drop_request(EVERY)
        self._db.changed(WANT, place=place, language=language)
        self.hold_until(Moment(0))

    def find_requested_group(self) -> tuple[str, str] | None:
        """(place, language) of the group to be looked at."""
        row = self._db.one(WANTED)
        return (str(row[0]), str(row[1])) if row else None

    def drop_request(self, place: str) -> bool:
        """Whether this was the group to be looked at."""
        return self._db.changed(UNWANTED, place=place) == 1

    def begin(self, place: str, chat: int, title: str) -> bool:
        """Whether this was the place named last. What waited for another group goes nowhere."""
        wanted = self.find_requested_group()
        if wanted and wanted[0] == place:
            self.name_group(*wanted)
        if not self._db.changed(BEGIN, place=place, chat=chat, title=title, today=day_of(self._now)):
            return False
        self._db.changed(EMPTY, but=chat)
        return True

    def stop(self, place: str, trouble: str) -> bool:
        """Whether it went on until now."""
        return self._db.changed(STOP, place=place, trouble=trouble) == 1

    def switch_off(self) -> bool:
        self.drop_request(EVERY)
        self._db.changed(EMPTY, but=NOWHERE)
        return self._db.changed(OFF) == 1

    def hold_until(self, until: Moment) -> None:
        """Telegram wants the group left alone until then."""
        self._db.changed(HOLD, until=until)

    def unqueued_finished_posts(self, mirror: Mirror) -> list[Post]:
        """Posts of days that are over and are not in the queue."""
        values = {"since": mirror.since - DAY, "today": day_of(self._now), "after": mirror.after, "chat": mirror.chat}
        return [post_from(row) for row in self._db.all(ENDED, **values)]

    def queue(self, chat: int, posts: list[PostId]) -> None:
        """All days before this one are done with."""
        self._signals.add("board mirror")
        self._db.many(QUEUE, [{"post": post, "chat": chat} for post in posts])
        self._db.changed(UP_TO, today=day_of(self._now))

    def find_next_post(self, chat: int) -> PostId | None:
        found = first(self._db.one(NEXT, chat=chat), None)
        return None if found is None else PostId(found)

    def find_stale_message(self) -> tuple[PostId, int, int] | None:
        """(post, chat, message) to be brought up to date."""
        row = self._db.one(STALE)
        return (PostId(row[0]), int(row[1]), int(row[2])) if row else None

    def store_shown(self, post: PostId, chat: int, message: int, current: bool) -> None:
        """`current`: the post has not changed since it was read."""
        state = "shown" if current else "stale"
        self._db.changed(SHOWN, post=post, chat=chat, message=message, state=state)

    def store_lost(self, post: PostId, chat: int) -> None:
        """Its message can't be made, or no longer be changed."""
        self._db.changed(LOST, post=post, chat=chat)

    def find_message(self, post: PostId, chat: int) -> int | None:
        found: int | None = first(self._db.one(MESSAGE, post=post, chat=chat), None)
        return found

    def is_shown_anywhere(self, post: PostId) -> bool:
        """Whether any group shows it."""
        return self._db.one(ANYWHERE, post=post) is not None

    def find_topic(self, chat: int, board: BoardId = HOUSE) -> int | None:
        found: int | None = first(self._db.one(THREAD, chat=chat, board=board), None)
        return found

    def store_topic(self, chat: int, board: BoardId, thread: int) -> None:
        self._db.changed(KEEP_THREAD, chat=chat, board=board, thread=thread)

    def drop_topic(self, chat: int, board: BoardId, thread: int) -> None:
        self._db.changed(DROP_THREAD, chat=chat, board=board, thread=thread)
