"""Letters as the relay sends them: read from the outbox, or handed over once they are committed."""

from typing import Any, cast

from domain.messages import Message
from domain.moments import Moment
from domain.people.people import Person, PersonId
from domain.records import record
from domain.work.assignments import AssignmentId
from storage.boxes.outbox import Lane
from storage.boxes.written import Written
from storage.drivers.connection import Row
from storage.drivers.records import unpack

# A letter with what is known of its reader, its live message and its assignment now.
LETTERS = """
SELECT o.id, o.person, p.telegram_id, p.language, o.lane, o.class, o.screen, o.facts, o.live, o.edits, o.assignment,
  o.tries, o.due_at, o.expires_at, l.message_id,
  CASE WHEN o.assignment IS NULL THEN 'active' ELSE (SELECT a.state FROM assignments a WHERE a.id = o.assignment) END,
  o.quiet, CASE WHEN o.edits IS NULL OR o.tries = 0 THEN 0 ELSE (SELECT count(*) FROM outbox n
    WHERE n.id > o.id AND n.person = o.person AND n.edits = o.edits AND n.message_id = n.edits) END
FROM outbox o JOIN people p ON p.id = o.person
LEFT JOIN live_messages l ON l.person = o.person AND l.name = o.live"""


@record
class Letter:
    """A row to be sent. `klass`: `sure` at least once, `push` while its assignment is active, `nudge` at most once.

    `quiet` comes without a sound: its reader did not ask for it, and it is outside their hours. `outdated`: it stood
    aside, and its message shows what was written later. `packed`: what it says, as JSON; `message`: the same, where it
    was just written.
    """

    id: int
    person: PersonId
    chat: int | None
    language: str
    lane: Lane
    klass: str
    screen: str
    packed: str
    live: str | None
    edits: int | None
    assignment: AssignmentId | None
    tries: int
    due_at: Moment
    expires_at: Moment | None
    live_message: int | None
    assignment_state: str
    quiet: bool = False
    outdated: bool = False
    message: Message | None = None

    @property
    def facts(self) -> dict[str, Any]:
        """What it says, as it was stored."""
        return cast(dict[str, Any], unpack(self.packed))

    @property
    def brings_pictures(self) -> bool:
        """Whether an album comes with it; where a message is only brought up to date, its pictures stay above it."""
        return self.edits is None or self.klass == "push"


def letter_from(row: Row) -> Letter:
    values = list(row)
    values[4], values[16:] = Lane(values[4]), map(bool, values[16:])
    return Letter(*values)


def letter_of(written: Written) -> Letter:
    """What was committed just now, as it would be read."""
    values, message, reader = written.values, written.message, cast(Person, written.reader)
    return Letter(
        cast(int, written.id),
        values["person"],
        reader.telegram_id,
        reader.language,
        Lane(values["lane"]),
        values["class"],
        values["screen"],
        values["facts"],
        None,
        values["edits"],
        values["assignment"],
        0,
        values["due_at"],
        values["expires_at"],
        None,
        "active",
        bool(values["quiet"]),
        message=message if isinstance(message, Message) else None,
    )
