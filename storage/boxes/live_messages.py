"""Live messages, which are edited in place: message id and last shown state."""

from collections.abc import Sequence
from typing import cast

from domain.people.people import PersonId
from domain.people.teams import is_team
from domain.projects.projects import ProjectId
from storage.drivers.connection import Connection, Foresight, read
from storage.drivers.records import first
from storage.projects.changed_projects import ChangedProjects

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
        found: str | None = first(self._db.one(NAME_OF, person=person, message=message, prefix=prefix))
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
