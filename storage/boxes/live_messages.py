"""Live messages, which are edited in place: their ids and the version that each shows."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, cast

from domain.moments import Moment
from domain.people.accounts import PersonId
from domain.people.teams import is_team
from domain.projects.projects import ProjectId
from domain.work.assignments import AssignmentId
from storage.drivers.connection import Connection, Foresight, Row, read_current
from storage.drivers.records import equals_by_range, single_value, single_values
from storage.drivers.rows import ABSENT, Holding, Table
from storage.projects.lifecycle import ChangedProjects

PROJECT = "project:"  # begins the name of a message that shows a project's progress
STORE_LIVE_MESSAGE = """
INSERT INTO live_messages (person, name, message_id, told) VALUES (:person, :name, :message_id, :news)
ON CONFLICT (person, name) DO UPDATE SET message_id = excluded.message_id"""
DELETE_LIVE_MESSAGE = "DELETE FROM live_messages WHERE person = :person AND name = :name"
SELECT_LIVE_MESSAGE = "SELECT 1 FROM live_messages WHERE person = :person AND name = :name"
# Of a team's messages each member has their own.
_OF_MEMBERS = "person IN (SELECT member FROM team_members WHERE team = :person) AND name = :name"
DELETE_LIVE_MESSAGES_OF_TEAM = f"DELETE FROM live_messages WHERE {_OF_MEMBERS}"
SELECT_LIVE_MESSAGE_OF_TEAM = f"SELECT 1 FROM live_messages WHERE {_OF_MEMBERS} LIMIT 1"
SELECT_NAME_OF_MESSAGE = """
SELECT name FROM live_messages WHERE person = :person AND message_id = :message AND name LIKE :prefix || '%' LIMIT 1"""
SELECT_MESSAGES_BY_PREFIX = (
    "SELECT name, message_id FROM live_messages WHERE person = :person AND name LIKE :prefix || '%' ORDER BY name"
)
# Messages of a day are edited on that day alone.
DELETE_OTHER_DAYS = """
DELETE FROM live_messages WHERE name LIKE :prefix || '%' AND name NOT LIKE '%' || :ending"""
# As in the index that holds such names and nothing else.
SELECT_WATCHERS = """
SELECT person, told FROM live_messages WHERE name LIKE 'project:%' AND name = :name ORDER BY person"""
STORE_SHOWN_VERSION = "UPDATE live_messages SET told = :news WHERE person = :person AND name = :name"


class LiveMessages:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def keep(self, person: PersonId, name: str, message_id: int, news: int = 0) -> None:
        """Stores a live message's id; `news` is the version of its content."""
        self._db.send(STORE_LIVE_MESSAGE, person=person, name=name, message_id=message_id, news=news)
        project = name.removeprefix(PROJECT)
        if name != project and project.isdecimal():  # what came while it was on its way is still to be shown
            ChangedProjects(self._db).add(ProjectId(int(project)))

    def forget(self, person: PersonId, name: str) -> None:
        self._db.send(
            DELETE_LIVE_MESSAGES_OF_TEAM if is_team(person) else DELETE_LIVE_MESSAGE, person=person, name=name
        )

    def is_kept(self, person: PersonId, name: str) -> bool:
        """Return whether such a message is in this person's chat, or in that of a member of the team."""
        return (
            self._db.one(
                SELECT_LIVE_MESSAGE_OF_TEAM if is_team(person) else SELECT_LIVE_MESSAGE, person=person, name=name
            )
            is not None
        )

    def find_name(self, person: PersonId, message: int, prefix: str) -> str | None:
        """Return the name of the live message of this kind in this person's chat, or None."""
        name: str | None = single_value(
            self._db.one(SELECT_NAME_OF_MESSAGE, person=person, message=message, prefix=prefix)
        )
        return name

    def list_by_prefix(self, person: PersonId, prefix: str) -> list[tuple[str, int]]:
        """Return (name, message id) of the live messages of a kind in this person's chat."""
        return [(row[0], row[1]) for row in self._db.all(SELECT_MESSAGES_BY_PREFIX, person=person, prefix=prefix)]

    def forget_days(self, prefix: str, ending: str) -> int:
        """Delete the live messages of this kind whose name ends with another day; return how many."""
        return self._db.changed(DELETE_OTHER_DAYS, prefix=prefix, ending=ending)

    def list_watchers(self, name: str) -> list[tuple[PersonId, int]]:
        """Return (person, version shown) of the messages that show a project's progress."""
        return cast(list[tuple[PersonId, int]], read_current(self._db, self.foresee_watchers([name]))[0][0])

    def foresee_watchers(self, names: Sequence[str]) -> Foresight[list[list[tuple[PersonId, int]]]]:
        """Return (person, version shown) of the messages with each of the names."""
        (row_lists,) = yield [(SELECT_WATCHERS, [{"name": name} for name in names])]
        return [[(PersonId(row[0]), row[1]) for row in rows] for rows in row_lists]

    def note_news(self, person: PersonId, name: str, news: int) -> None:
        self._db.send(STORE_SHOWN_VERSION, person=person, name=name, news=news)


# Letters of a task, the newest first.
SELECT_TASK_LETTERS = """
SELECT id, state, message_id, edits, written_at, ended_at FROM outbox WHERE assignment = :assignment ORDER BY id DESC"""
SELECT_MESSAGES_TO_TIDY = (
    "SELECT edits FROM outbox WHERE state = 'waiting' AND lane = 3 AND person = :person AND edits IS NOT NULL"
)
SELECT_IF_EDITED = """
SELECT 1 FROM outbox
WHERE state = 'waiting' AND person = :person AND edits = :message AND (:screen = '' OR screen = :screen)
UNION ALL SELECT 1 FROM outbox
WHERE state <> 'waiting' AND ended_at > :since AND person = :person AND edits = :message
  AND (:screen = '' OR screen = :screen) LIMIT 1"""
# The newest edit of a message to this screen, except one that only tidies.
SELECT_LAST_EDIT = """
SELECT written_at, ended_at FROM outbox
WHERE state = 'waiting' AND lane <> 3 AND person = :person AND edits = :message AND screen = :screen
UNION ALL SELECT written_at, ended_at FROM outbox
WHERE state <> 'waiting' AND ended_at > :since AND person = :person AND edits = :message AND screen = :screen
ORDER BY written_at DESC LIMIT 1"""
# Whether a message showed one of the tasks that this worker answered last.
SELECT_IF_ANSWERED_IN = f"""
SELECT 1 FROM (SELECT assignment FROM submissions WHERE {equals_by_range("worker", ":worker")}
  ORDER BY worker DESC, id DESC LIMIT 20) AS few
JOIN outbox o ON o.assignment = few.assignment WHERE o.message_id = :message OR o.edits = :message LIMIT 1"""
# However a letter ends, what it said ends with it: every statement that ends one is made of this.
END_LETTERS = "UPDATE outbox SET facts = '{}', ended_at = :now"
# A message that is to show something else now is not tidied any more.
DROP_TIDYING = f"""
{END_LETTERS}, state = 'dropped', reason = 'expired'
WHERE state = 'waiting' AND lane = 3 AND person = :person AND edits = :message"""

TASK_LETTERS = Holding(("outbox",))  # by assignment: its letters; None while one of them is still to be written
# By person: the messages that such an edit may wait for, or more; None where one was written that nobody has read. Only
# `note` adds to it, whatever else writes to the outbox, so that it is held on.
TIDYING = Holding((), lasts=True)
MAX_MESSAGES_TO_TIDY = 64  # messages of one person


class TaskLetter(NamedTuple):
    """A letter that shows a task, in `message_id` once it is sent, or in the message that it `edits`."""

    id: int
    state: str
    message_id: int | None
    edits: int | None
    written_at: Moment
    ended_at: Moment | None


class ShownTasks:
    def __init__(self, connection: Connection, table: Table, now: Moment) -> None:
        self._db, self._table, self._now = connection, table, now

    def clear_message(self, assignment: AssignmentId, message: int) -> None:
        """Note that this message shows the task no more. A second message, which a call brought whose answer was lost,
        goes on showing it."""
        letters, remaining = self._letters_of(assignment), list[TaskLetter]()
        for letter in letters:
            if letter.state == "waiting" or message not in (letter.message_id, letter.edits):
                remaining.append(letter)
                continue
            self._db.change(self._table, letter.id, ABSENT, message_id=None, edits=None)
            remaining.append(letter._replace(message_id=None, edits=None))
        self._db.hold_changed(TASK_LETTERS, assignment, tuple(remaining))

    def find_times_in_place(self, assignment: AssignmentId, message: int) -> tuple[Moment, Moment | None] | None:
        """Return when this task was written to be shown in that message, and when it was shown (None: not noted yet);
        None if it was not."""
        task_letter = next((letter for letter in self._letters_of(assignment) if letter.edits == message), None)
        return task_letter and (task_letter.written_at, task_letter.ended_at)

    def find_times_below(self, assignment: AssignmentId, written_at: Moment) -> tuple[Moment, Moment | None] | None:
        """Return this moment, and when the message of its own that was written then for this task was shown (None: not
        noted yet); None if no message of its own was."""
        own = (each for each in self._letters_of(assignment) if each.edits is None and each.written_at == written_at)
        task_letter = next(own, None)
        return task_letter and (task_letter.written_at, task_letter.ended_at)

    def find_newest_message(self, assignment: AssignmentId, message: int | None) -> int | None:
        """Return the newest message that shows this task if `message` is an older one of it, else `message`."""
        messages = [letter.message_id or letter.edits or 0 for letter in self._letters_of(assignment)]
        return message if message not in messages else max(message, messages[0])

    def is_edited(self, person: PersonId, message: int, since: Moment, screen: str = "") -> bool:
        """Return whether this message was edited since then to show something else, or this screen, or is to be."""
        return self._db.one(SELECT_IF_EDITED, person=person, message=message, since=since, screen=screen) is not None

    def find_last_edit(
        self, person: PersonId, message: int, since: Moment, screen: str
    ) -> tuple[Moment, Moment | None] | None:
        """Return when the newest edit of this message to this screen since then was written, and when it was made (None
        if it waits); None without one."""
        row = self._db.one(SELECT_LAST_EDIT, person=person, message=message, since=since, screen=screen)
        return None if row is None else (row[0], row[1])

    def find_first_written(self, assignment: AssignmentId) -> Moment | None:
        """Return when this task was first written to be shown, or None."""
        return min((letter.written_at for letter in self._letters_of(assignment)), default=None)

    def find_last_shown(self, assignment: AssignmentId) -> Moment | None:
        """Return when this task was last shown, None if that is not noted."""
        moments = (letter.ended_at for letter in self._letters_of(assignment) if letter.state == "sent")
        return max((moment for moment in moments if moment is not None), default=None)

    def find_last_own_message(self, assignment: AssignmentId) -> Moment | None:
        """Return when this task was last written to a message of its own, as when its worker asks for it again; or
        None."""
        own = (letter.written_at for letter in self._letters_of(assignment) if letter.edits is None)
        return max(own, default=None)

    def is_of_answered_task(self, worker: PersonId, message: int) -> bool:
        """Return whether this message showed one of the tasks that this worker answered last."""
        return self._db.one(SELECT_IF_ANSWERED_IN, worker=worker, message=message) is not None

    def forget_tidying(self, person: PersonId, message: int) -> None:
        """Drop the edit that would tidy this message, which is edited otherwise."""
        waiting = self._db.get(TIDYING, person)
        if waiting is ABSENT:
            waiting = self._keep_tidied(person, self._db.peek(SELECT_MESSAGES_TO_TIDY, person=person))
        elif waiting is None:
            waiting = self._keep_tidied(person, self._db.all(SELECT_MESSAGES_TO_TIDY, person=person))
        if message in waiting:
            self._db.send(DROP_TIDYING, person=person, message=message, now=self._now)
            self._db.hold_changed(TIDYING, person, waiting - {message})

    def note(self, person: PersonId, assignment: AssignmentId | None, tidied: int | None) -> None:
        """Note that a letter is to be written, and the message that it tidies, if any."""
        if assignment is not None:
            self._db.hold_changed(TASK_LETTERS, assignment, None)
        if tidied is not None:
            waiting = self._db.get(TIDYING, person)
            is_complete = waiting is not ABSENT and waiting is not None and len(waiting) < MAX_MESSAGES_TO_TIDY
            self._db.hold_changed(TIDYING, person, waiting | {tidied} if is_complete else None)

    def foresee(self, assignments: Sequence[AssignmentId], people: Iterable[PersonId]) -> Foresight[None]:
        """Hold the letters of these assignments, and the messages to be tidied of these people."""
        unread_assignments = [
            number for number in dict.fromkeys(assignments) if self._db.get(TASK_LETTERS, number) is ABSENT
        ]
        unread_people = [person for person in dict.fromkeys(people) if self._db.get(TIDYING, person) is ABSENT]
        letters, tidied = yield [
            (SELECT_TASK_LETTERS, [{"assignment": number} for number in unread_assignments]),
            (SELECT_MESSAGES_TO_TIDY, [{"person": person} for person in unread_people]),
        ]
        for number, rows in zip(unread_assignments, letters, strict=True):
            self._keep_letters(number, rows)
        for person, rows in zip(unread_people, tidied, strict=True):
            self._keep_tidied(person, rows)

    def _letters_of(self, assignment: AssignmentId) -> tuple[TaskLetter, ...]:
        letters = self._db.get(TASK_LETTERS, assignment)
        if letters is ABSENT:
            return self._keep_letters(assignment, self._db.peek(SELECT_TASK_LETTERS, assignment=assignment))
        if letters is None:
            return self._keep_letters(assignment, self._db.all(SELECT_TASK_LETTERS, assignment=assignment))
        return tuple(letters)

    def _keep_letters(self, assignment: AssignmentId, rows: Sequence[Row]) -> tuple[TaskLetter, ...]:
        letters = tuple(TaskLetter(*row) for row in rows)
        self._db.keep(TASK_LETTERS, assignment, letters)
        return letters

    def _keep_tidied(self, person: PersonId, rows: Sequence[Row]) -> frozenset[int]:
        messages = frozenset[int](single_values(rows))
        self._db.keep(TIDYING, person, messages)
        return messages


SELECT_FILE_ID = "SELECT file_id FROM uploaded_files WHERE content = :content"
# The newest id replaces the former one.
STORE_FILE_ID = """
INSERT INTO uploaded_files (content, file_id, uploaded_at) VALUES (:content, :file_id, :now)
ON CONFLICT (content) DO UPDATE SET file_id = excluded.file_id, uploaded_at = excluded.uploaded_at"""
# Only while it is this id that is kept: another may have come in its place.
DELETE_FILE_ID = "DELETE FROM uploaded_files WHERE content = :content AND file_id = :file_id"
DELETE_OLD_FILE_IDS = """
DELETE FROM uploaded_files
WHERE content IN (SELECT content FROM uploaded_files WHERE uploaded_at < :before LIMIT :limit)"""


class UploadedFiles:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def find_id(self, content: str) -> str | None:
        file_id: str | None = single_value(self._db.one(SELECT_FILE_ID, content=content))
        return file_id

    def keep(self, content: str, file_id: str) -> None:
        self._db.changed(STORE_FILE_ID, content=content, file_id=file_id, now=self._now)

    def forget_refused(self, content: str, file_id: str) -> None:
        self._db.changed(DELETE_FILE_ID, content=content, file_id=file_id)

    def prune(self, before: Moment, limit: int) -> int:
        return self._db.changed(DELETE_OLD_FILE_IDS, before=before, limit=limit)
