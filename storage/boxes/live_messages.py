"""Live messages, which are edited in place: message id and last shown state."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, cast

from domain.moments import Moment
from domain.people.accounts import PersonId
from domain.people.teams import is_team
from domain.projects.projects import ProjectId
from domain.work.assignments import AssignmentId
from storage.drivers.connection import (
    Connection,
    Foresight,
    Row,
    read,
)
from storage.drivers.records import equals_by_range, single_value, single_values
from storage.drivers.rows import ABSENT, Holding, Table
from storage.projects.lifecycle import ChangedProjects

PROJECT = "project:"  # begins the name of a message that shows a project's progress
LIVE = """
INSERT INTO live_messages (person, name, message_id, told) VALUES (:person, :name, :message_id, :news)
ON CONFLICT (person, name) DO UPDATE SET message_id = excluded.message_id"""
FORGET = "DELETE FROM live_messages WHERE person = :person AND name = :name"
KEPT = "SELECT 1 FROM live_messages WHERE person = :person AND name = :name"
# Of a team's messages each member has their own.
_OF_MEMBERS = "person IN (SELECT member FROM team_members WHERE team = :person) AND name = :name"
FORGET_OF_TEAM = f"DELETE FROM live_messages WHERE {_OF_MEMBERS}"
KEPT_OF_TEAM = f"SELECT 1 FROM live_messages WHERE {_OF_MEMBERS} LIMIT 1"
NAME_OF = """
SELECT name FROM live_messages WHERE person = :person AND message_id = :message AND name LIKE :prefix || '%' LIMIT 1"""
NAMED = "SELECT name, message_id FROM live_messages WHERE person = :person AND name LIKE :prefix || '%' ORDER BY name"
# Messages of a day are edited on that day alone.
FORGET_DAYS = """
DELETE FROM live_messages WHERE name LIKE :prefix || '%' AND name NOT LIKE '%' || :ending"""
# As in the index that holds such names and nothing else.
WATCHERS = """
SELECT person, told FROM live_messages WHERE name LIKE 'project:%' AND name = :name ORDER BY person"""
TELL = "UPDATE live_messages SET told = :news WHERE person = :person AND name = :name"


class LiveMessages:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def keep(self, person: PersonId, name: str, message_id: int, news: int = 0) -> None:
        """Stores a live message's id; `news` is the version of its content."""
        self._db.send(LIVE, person=person, name=name, message_id=message_id, news=news)
        project = name.removeprefix(PROJECT)
        if name != project and project.isdecimal():  # what came while it was on its way is still to be shown
            ChangedProjects(self._db).add(ProjectId(int(project)))

    def forget(self, person: PersonId, name: str) -> None:
        self._db.send(FORGET_OF_TEAM if is_team(person) else FORGET, person=person, name=name)

    def is_kept(self, person: PersonId, name: str) -> bool:
        """Whether there is such a message in this person's chat, or in a member's."""
        return self._db.one(KEPT_OF_TEAM if is_team(person) else KEPT, person=person, name=name) is not None

    def name_of(self, person: PersonId, message: int, prefix: str) -> str | None:
        """Which live message of this kind it is, in this person's chat."""
        found: str | None = single_value(self._db.one(NAME_OF, person=person, message=message, prefix=prefix))
        return found

    def named(self, person: PersonId, prefix: str) -> list[tuple[str, int]]:
        """(name, message) of those of a kind in this person's chat."""
        return [(row[0], row[1]) for row in self._db.all(NAMED, person=person, prefix=prefix)]

    def forget_days(self, prefix: str, ending: str) -> int:
        """Live messages of this kind whose day, at their name's end, is another one."""
        return self._db.changed(FORGET_DAYS, prefix=prefix, ending=ending)

    def watchers(self, name: str) -> list[tuple[PersonId, int]]:
        """(person, version of the content) of the messages that show a project's progress."""
        return cast(list[tuple[PersonId, int]], read(self._db, self.look([name]))[0][0])

    def look(self, names: Sequence[str]) -> Foresight[list[list[tuple[PersonId, int]]]]:
        """The same of each of them."""
        (found,) = yield [(WATCHERS, [{"name": name} for name in names])]
        return [[(PersonId(row[0]), row[1]) for row in rows] for rows in found]

    def note_news(self, person: PersonId, name: str, news: int) -> None:
        self._db.send(TELL, person=person, name=name, news=news)


# Letters of a task, the newest first.
LETTERS_OF = """
SELECT id, state, message_id, edits, written_at, ended_at FROM outbox WHERE assignment = :assignment ORDER BY id DESC"""
TIDIED = "SELECT edits FROM outbox WHERE state = 'waiting' AND lane = 3 AND person = :person AND edits IS NOT NULL"
EDITED = """
SELECT 1 FROM outbox
WHERE state = 'waiting' AND person = :person AND edits = :message AND (:screen = '' OR screen = :screen)
UNION ALL SELECT 1 FROM outbox
WHERE state <> 'waiting' AND ended_at > :since AND person = :person AND edits = :message
  AND (:screen = '' OR screen = :screen) LIMIT 1"""
# Whether a message showed one of the tasks that this worker answered last.
ANSWERED_IN = f"""
SELECT 1 FROM (SELECT assignment FROM submissions WHERE {equals_by_range("worker", ":worker")}
  ORDER BY worker DESC, id DESC LIMIT 20) AS few
JOIN outbox o ON o.assignment = few.assignment WHERE o.message_id = :message OR o.edits = :message LIMIT 1"""
# However a letter ends, what it said ends with it: every statement that ends one is made of this.
ENDS = "UPDATE outbox SET facts = '{}', ended_at = :now"
# A message that is to show something else now is not tidied any more.
FORGET_TIDYING = f"""
{ENDS}, state = 'dropped', reason = 'expired'
WHERE state = 'waiting' AND lane = 3 AND person = :person AND edits = :message"""

LETTERS = Holding(("outbox",))  # by assignment: its letters; None while one of them is still to be written
# By person: the messages that such an edit may wait for, or more; None where one was written that nobody has read. Only
# `note` adds to it, whatever else writes to the outbox, so that it is held on.
TIDYING = Holding((), lasts=True)
MANY = 64  # messages of one person


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

    def moves_on(self, assignment: AssignmentId, message: int) -> None:
        """Where this message showed its task stands something else. A second one, which a call brought whose answer was
        lost, goes on showing it."""
        letters, left = self._letters_of(assignment), list[TaskLetter]()
        for letter in letters:
            if letter.state == "waiting" or message not in (letter.message_id, letter.edits):
                left.append(letter)
                continue
            self._db.change(self._table, letter.id, ABSENT, message_id=None, edits=None)
            left.append(letter._replace(message_id=None, edits=None))
        self._db.put(LETTERS, assignment, tuple(left))

    def came_in_place(self, assignment: AssignmentId, message: int) -> tuple[Moment, Moment | None] | None:
        """When this task was written to be shown in that message, and when it was (None: not noted yet)."""
        found = next((letter for letter in self._letters_of(assignment) if letter.edits == message), None)
        return found and (found.written_at, found.ended_at)

    def is_edited(self, person: PersonId, message: int, since: Moment, screen: str = "") -> bool:
        """Whether this message was made to show something else, or this screen, since then, or is to."""
        return self._db.one(EDITED, person=person, message=message, since=since, screen=screen) is not None

    def came_at(self, assignment: AssignmentId) -> Moment | None:
        """When this task was first written to be shown."""
        return min((letter.written_at for letter in self._letters_of(assignment)), default=None)

    def brought_at(self, assignment: AssignmentId) -> Moment | None:
        """When this task was last written to a message of its own, as when its worker asks for it again."""
        own = (letter.written_at for letter in self._letters_of(assignment) if letter.edits is None)
        return max(own, default=None)

    def answered_in(self, worker: PersonId, message: int) -> bool:
        """Whether this message showed a task that they have answered, one of their last."""
        return self._db.one(ANSWERED_IN, worker=worker, message=message) is not None

    def forget_tidying(self, person: PersonId, message: int) -> None:
        """What was to tidy this message, which is edited otherwise."""
        waiting = self._db.get(TIDYING, person)
        if waiting is ABSENT:
            waiting = self._keep_tidied(person, self._db.peek(TIDIED, person=person))
        elif waiting is None:
            waiting = self._keep_tidied(person, self._db.all(TIDIED, person=person))
        if message in waiting:
            self._db.send(FORGET_TIDYING, person=person, message=message, now=self._now)
            self._db.put(TIDYING, person, waiting - {message})

    def note(self, person: PersonId, assignment: AssignmentId | None, tidied: int | None) -> None:
        """A letter is to be written; it tidies this message, if any."""
        if assignment is not None:
            self._db.put(LETTERS, assignment, None)
        if tidied is not None:
            waiting = self._db.get(TIDYING, person)
            known = waiting is not ABSENT and waiting is not None and len(waiting) < MANY
            self._db.put(TIDYING, person, waiting | {tidied} if known else None)

    def foresee(self, assignments: Sequence[AssignmentId], people: Iterable[PersonId]) -> Foresight[None]:
        asked = [number for number in dict.fromkeys(assignments) if self._db.get(LETTERS, number) is ABSENT]
        whose = [person for person in dict.fromkeys(people) if self._db.get(TIDYING, person) is ABSENT]
        letters, tidied = yield [
            (LETTERS_OF, [{"assignment": number} for number in asked]),
            (TIDIED, [{"person": person} for person in whose]),
        ]
        for number, rows in zip(asked, letters, strict=True):
            self._keep_letters(number, rows)
        for person, rows in zip(whose, tidied, strict=True):
            self._keep_tidied(person, rows)

    def _letters_of(self, assignment: AssignmentId) -> tuple[TaskLetter, ...]:
        found = self._db.get(LETTERS, assignment)
        if found is ABSENT:
            return self._keep_letters(assignment, self._db.peek(LETTERS_OF, assignment=assignment))
        if found is None:
            return self._keep_letters(assignment, self._db.all(LETTERS_OF, assignment=assignment))
        return tuple(found)

    def _keep_letters(self, assignment: AssignmentId, rows: Sequence[Row]) -> tuple[TaskLetter, ...]:
        found = tuple(TaskLetter(*row) for row in rows)
        self._db.keep(LETTERS, assignment, found)
        return found

    def _keep_tidied(self, person: PersonId, rows: Sequence[Row]) -> frozenset[int]:
        found = frozenset[int](single_values(rows))
        self._db.keep(TIDYING, person, found)
        return found


KNOWN = "SELECT file_id FROM uploaded_files WHERE content = :content"
# The newest id replaces the former one.
KEEP = """
INSERT INTO uploaded_files (content, file_id, uploaded_at) VALUES (:content, :file_id, :now)
ON CONFLICT (content) DO UPDATE SET file_id = excluded.file_id, uploaded_at = excluded.uploaded_at"""
# Only while it is this id that is kept: another may have come in its place.
REFUSED = "DELETE FROM uploaded_files WHERE content = :content AND file_id = :file_id"
PRUNE = """
DELETE FROM uploaded_files
WHERE content IN (SELECT content FROM uploaded_files WHERE uploaded_at < :before LIMIT :limit)"""


class UploadedFiles:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def known(self, content: str) -> str | None:
        found: str | None = single_value(self._db.one(KNOWN, content=content))
        return found

    def keep(self, content: str, file_id: str) -> None:
        self._db.changed(KEEP, content=content, file_id=file_id, now=self._now)

    def refused(self, content: str, file_id: str) -> None:
        self._db.changed(REFUSED, content=content, file_id=file_id)

    def prune(self, before: Moment, limit: int) -> int:
        return self._db.changed(PRUNE, before=before, limit=limit)
