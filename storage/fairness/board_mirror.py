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

SELECT_MIRROR = f"SELECT {_MIRROR} FROM board_mirror WHERE only_one = 1"
UPSERT_NAMED_GROUP = """
INSERT INTO board_mirror (only_one, place, language, state) VALUES (1, :place, :language, 'named')
ON CONFLICT (only_one) DO UPDATE SET place = excluded.place, language = excluded.language, state = 'named',
  trouble = '', held_until = 0"""
UPSERT_REQUESTED_GROUP = """
INSERT INTO board_mirror_wanted (only_one, place, language) VALUES (1, :place, :language)
ON CONFLICT (only_one) DO UPDATE SET place = excluded.place, language = excluded.language"""
SELECT_REQUESTED_GROUP = "SELECT place, language FROM board_mirror_wanted"
DELETE_REQUESTED_GROUP = "DELETE FROM board_mirror_wanted WHERE :place IN (place, '')"
# A group that was left because of trouble goes on where it was; any other begins with what is written from now on.
SWITCH_ON = """
UPDATE board_mirror SET state = 'on', title = :title, chat = :chat,
  after = CASE WHEN chat = :chat THEN after ELSE (SELECT coalesce(max(id), 0) FROM board_posts) END,
  since = CASE WHEN chat = :chat THEN since ELSE :today END
WHERE only_one = 1 AND state = 'named' AND place = :place"""
STOP_MIRROR = """
UPDATE board_mirror SET state = 'stopped', trouble = :trouble
WHERE only_one = 1 AND state IN ('named', 'on') AND place = :place"""
SWITCH_OFF = "UPDATE board_mirror SET state = 'off', chat = NULL, trouble = '' WHERE only_one = 1 AND state <> 'off'"
SET_HELD_UNTIL = "UPDATE board_mirror SET held_until = :until WHERE only_one = 1"

# Posts of days that are over. One more day is read, as clocks may differ at midnight.
SELECT_UNQUEUED_POSTS = f"""
SELECT {_POST} FROM board_posts p
WHERE p.day >= :since AND p.day < :today AND p.id > :after
  AND NOT EXISTS (SELECT 1 FROM board_mirrored m WHERE m.post = p.id AND m.chat = :chat) ORDER BY p.id"""
INSERT_WAITING = (
    "INSERT INTO board_mirrored (post, chat, state) VALUES (:post, :chat, 'waiting') ON CONFLICT DO NOTHING"
)
SET_QUEUED_UP_TO = "UPDATE board_mirror SET since = :today WHERE only_one = 1"
# The order of the hashes within a day hides the order of writing; posts go before their replies.
SELECT_NEXT_POST = """
SELECT p.id FROM board_mirrored m JOIN board_posts p ON p.id = m.post
WHERE m.state = 'waiting' AND m.chat = :chat
ORDER BY p.day, CASE WHEN p.reply_to IS NULL THEN 0 ELSE 1 END, p.digest LIMIT 1"""
DELETE_WAITING_OF_OTHERS = "DELETE FROM board_mirrored WHERE state = 'waiting' AND chat <> :but"
SELECT_STALE_MESSAGE = """
SELECT post, chat, message FROM board_mirrored WHERE state = 'stale' ORDER BY post, chat LIMIT 1"""
UPSERT_MESSAGE = """
INSERT INTO board_mirrored (post, chat, message, state) VALUES (:post, :chat, :message, :state)
ON CONFLICT (post, chat) DO UPDATE SET message = excluded.message, state = excluded.state"""
MARK_LOST = "UPDATE board_mirrored SET state = 'lost' WHERE post = :post AND chat = :chat"
SELECT_MESSAGE = "SELECT message FROM board_mirrored WHERE post = :post AND chat = :chat"
SELECT_SHOWN_ANYWHERE = "SELECT 1 FROM board_mirrored WHERE post = :post AND message IS NOT NULL LIMIT 1"
SELECT_TOPIC = "SELECT thread FROM board_topics WHERE chat = :chat AND board = :board"
UPSERT_TOPIC = """
INSERT INTO board_topics (chat, board, thread) VALUES (:chat, :board, :thread)
ON CONFLICT (chat, board) DO UPDATE SET thread = excluded.thread"""
DELETE_TOPIC = "DELETE FROM board_topics WHERE chat = :chat AND board = :board AND thread = :thread"

NO_CHAT = 0
ANY_PLACE = ""


class BoardMirrors:
    def __init__(self, connection: Connection, now: Moment, signals: set[str]) -> None:
        self._db = connection
        self._now = now
        self._signals = signals

    def current(self) -> Mirror | None:
        row = self._db.one(SELECT_MIRROR)
        if row is None:
            return None
        values = list(row)
        values[6] = MirrorState(values[6])
        return Mirror(*values)

    def name_group(self, place: str, language: str) -> None:
        """Store the group named by an admin, in place of any other."""
        self._signals.add("board mirror")
        self.drop_request(ANY_PLACE)
        self._db.changed(UPSERT_NAMED_GROUP, place=place, language=language)

    def request_group(self, place: str, language: str) -> None:
        """Store another group to be examined; the present group goes on until that one is found."""
        self._signals.add("board mirror")
        self.drop_request(ANY_PLACE)
        self._db.changed(UPSERT_REQUESTED_GROUP, place=place, language=language)
        self.hold_until(Moment(0))

    def find_requested_group(self) -> tuple[str, str] | None:
        """Return (place, language) of the group to be examined, or None."""
        row = self._db.one(SELECT_REQUESTED_GROUP)
        return (str(row[0]), str(row[1])) if row else None

    def drop_request(self, place: str) -> bool:
        """Delete the request for this group. Return whether it was the requested one."""
        return self._db.changed(DELETE_REQUESTED_GROUP, place=place) == 1

    def begin(self, place: str, chat: int, title: str) -> bool:
        """Switch the mirror on for the group named last, and delete posts that waited for other groups.
        Return False if another group was named since."""
        requested = self.find_requested_group()
        if requested and requested[0] == place:
            self.name_group(*requested)
        if not self._db.changed(SWITCH_ON, place=place, chat=chat, title=title, today=day_of(self._now)):
            return False
        self._db.changed(DELETE_WAITING_OF_OTHERS, but=chat)
        return True

    def stop(self, place: str, trouble: str) -> bool:
        """Stop the mirror for a trouble. Return False if it was not running."""
        return self._db.changed(STOP_MIRROR, place=place, trouble=trouble) == 1

    def switch_off(self) -> bool:
        """Switch the mirror off and empty its queue. Return False if it was off."""
        self.drop_request(ANY_PLACE)
        self._db.changed(DELETE_WAITING_OF_OTHERS, but=NO_CHAT)
        return self._db.changed(SWITCH_OFF) == 1

    def hold_until(self, until: Moment) -> None:
        """Send nothing to the group until this moment, as Telegram demands."""
        self._db.changed(SET_HELD_UNTIL, until=until)

    def unqueued_finished_posts(self, mirror: Mirror) -> list[Post]:
        """Return posts of days that are over which are not in the queue."""
        values = {"since": mirror.since - DAY, "today": day_of(self._now), "after": mirror.after, "chat": mirror.chat}
        return [post_from(row) for row in self._db.all(SELECT_UNQUEUED_POSTS, **values)]

    def queue(self, chat: int, posts: list[PostId]) -> None:
        """Queue posts; all days before today count as queued."""
        self._signals.add("board mirror")
        self._db.many(INSERT_WAITING, [{"post": post, "chat": chat} for post in posts])
        self._db.changed(SET_QUEUED_UP_TO, today=day_of(self._now))

    def find_next_post(self, chat: int) -> PostId | None:
        """Return the next queued post: by days, posts before replies, by hash; None if the queue is empty."""
        post_id = first(self._db.one(SELECT_NEXT_POST, chat=chat), None)
        return None if post_id is None else PostId(post_id)

    def find_stale_message(self) -> tuple[PostId, int, int] | None:
        """Return (post, chat, message) of a message whose post has changed, or None."""
        row = self._db.one(SELECT_STALE_MESSAGE)
        return (PostId(row[0]), int(row[1]), int(row[2])) if row else None

    def store_shown(self, post: PostId, chat: int, message: int, current: bool) -> None:
        """Store the message that shows a post; it is stale if the post has changed since it was read
        (not `current`)."""
        state = "shown" if current else "stale"
        self._db.changed(UPSERT_MESSAGE, post=post, chat=chat, message=message, state=state)

    def store_lost(self, post: PostId, chat: int) -> None:
        """Give up a post's message, which can't be made or changed any more."""
        self._db.changed(MARK_LOST, post=post, chat=chat)

    def find_message(self, post: PostId, chat: int) -> int | None:
        message: int | None = first(self._db.one(SELECT_MESSAGE, post=post, chat=chat), None)
        return message

    def is_shown_anywhere(self, post: PostId) -> bool:
        """Return whether any group shows the post."""
        return self._db.one(SELECT_SHOWN_ANYWHERE, post=post) is not None

    def find_topic(self, chat: int, board: BoardId = HOUSE) -> int | None:
        topic: int | None = first(self._db.one(SELECT_TOPIC, chat=chat, board=board), None)
        return topic

    def store_topic(self, chat: int, board: BoardId, thread: int) -> None:
        self._db.changed(UPSERT_TOPIC, chat=chat, board=board, thread=thread)

    def drop_topic(self, chat: int, board: BoardId, thread: int) -> None:
        self._db.changed(DELETE_TOPIC, chat=chat, board=board, thread=thread)
