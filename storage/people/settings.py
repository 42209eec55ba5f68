"""Drafts of conversations, one row a person, so that a restart loses nothing; and preferences of workers."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import tzinfo
from typing import Any, NamedTuple, cast

from domain.moments import Moment
from domain.people.accounts import Person, PersonId
from domain.people.settings import Preferences, find_push_hours, get_zone
from domain.people.teams import is_team
from locales.languages import usual_zone
from storage.drivers.connection import Connection, Foresight, Row
from storage.drivers.records import columns, equals_by_range, pack, unpack, unpack_tuple
from storage.drivers.rows import ABSENT, Holding
from storage.people.accounts import PEOPLE, TeamAct
from storage.projects.projects import ProjectForms

SELECT_DRAFT = "SELECT journey, data, updated_at FROM drafts WHERE person = :person"
UPSERT_DRAFT = """
INSERT INTO drafts (person, journey, data, updated_at) VALUES (:person, :journey, :data, :now)
ON CONFLICT (person) DO UPDATE SET journey = excluded.journey, data = excluded.data, updated_at = excluded.updated_at"""
SELECT_ASKED_AT = "SELECT updated_at FROM drafts WHERE person = :person"
DELETE_DRAFT = "DELETE FROM drafts WHERE person = :person"
ACCOUNT_KEY = "for team"  # in `data`: (team, right)


class Draft(NamedTuple):
    """The state of a journey: its name, its fields, and when its open question was asked.

    The person answers for the team `account` by the `right`; 0 and empty if for themselves."""

    journey: str
    fields: dict[str, Any]
    asked_at: Moment
    account: int = 0
    right: str = ""


class Drafts:
    """Drafts by person. A team's draft is that of the member who acts for it: a conversation is a person's."""

    def __init__(self, connection: Connection, acting: TeamAct) -> None:
        self._db = connection
        self._acting = acting
        self.forms = ProjectForms(connection, acting)

    def find(self, person: PersonId) -> Draft | None:
        """Return the person's draft, or None."""
        row = self._db.one(SELECT_DRAFT, person=self._acting.actor_of(person))
        if row is None:
            return None
        fields = unpack(row[1])
        account, right = fields.pop(ACCOUNT_KEY, (0, ""))
        return Draft(row[0], fields, Moment(row[2]), account, right)

    def keep(self, person: PersonId, journey: str, data: dict[str, Any], now: Moment) -> None:
        """Store the journey's fields as the person's only draft."""
        team = {ACCOUNT_KEY: (person, self._acting.right)} if is_team(person) else {}
        actor = self._acting.actor_of(person)
        self._db.changed(UPSERT_DRAFT, person=actor, journey=journey, data=pack({**data, **team}), now=now)

    def asked_at(self, person: PersonId) -> Moment | None:
        """Return when the person's open question was asked; None without one."""
        row = self._db.one(SELECT_ASKED_AT, person=self._acting.actor_of(person))
        return Moment(row[0]) if row else None

    def stop(self, person: PersonId, journey: str) -> bool:
        """End this journey; another one goes on. Return False if it is over already."""
        draft = self.find(person)
        if draft is None or draft.journey != journey:
            return False
        self.drop(person)
        return True

    def drop(self, person: PersonId) -> None:
        """Delete the person's draft, whatever its journey."""
        self._db.changed(DELETE_DRAFT, person=self._acting.actor_of(person))


_PREFERENCE_COLUMNS = columns(Preferences, "c.")
PREFERENCE_ROWS = Holding(("preferences",), lasts=True)  # by person: those with defaults, too

SELECT_PREFERENCES = f"SELECT {_PREFERENCE_COLUMNS} FROM preferences c WHERE c.person = :person"
# With what else decides when a push may come: the language they speak, and whether there is a row at all.
SELECT_WITH_LANGUAGE = f"""
SELECT p.language, c.person, {_PREFERENCE_COLUMNS} FROM people p LEFT JOIN preferences c ON c.person = p.id
WHERE p.id = :person"""
SELECT_OF_WORKER = f"{SELECT_WITH_LANGUAGE} AND p.consented_at IS NOT NULL"
# Whose hours begin or end: the least recently served first where many do at once.
SELECT_DUE_WINDOWS = f"""
SELECT p.id, p.language, c.person, {_PREFERENCE_COLUMNS} FROM people p LEFT JOIN preferences c ON c.person = p.id
WHERE p.push_changes_at <= :now ORDER BY p.push_changes_at, p.served_at LIMIT :limit"""
UPSERT_PREFERENCES = f"""
INSERT INTO preferences (person, {columns(Preferences)}) VALUES (:person, {columns(Preferences, ":")})
ON CONFLICT (person) DO UPDATE SET
  {", ".join(f"{name} = excluded.{name}" for name in columns(Preferences).split(", "))}"""
SET_CHOOSY = "UPDATE people SET choosy = 1 WHERE id = :person AND choosy = 0"
SET_PUSHED_AT = "UPDATE preferences SET pushed_at = :now WHERE person = :person"
SELECT_DUE_DIGESTS = f"""
SELECT p.language, c.person, {_PREFERENCE_COLUMNS} FROM preferences c JOIN people p ON p.id = c.person
WHERE c.board_hour >= 0 AND c.digest_at <= :now AND p.leaving_at IS NULL ORDER BY c.digest_at LIMIT :limit"""
SET_DIGEST_AT = "UPDATE preferences SET digest_at = :at WHERE person = :person"
# What was answered since their day began, and what it earned; as few rows as the day has.
SUM_ANSWERS = f"""
SELECT count(DISTINCT s.id), coalesce(sum(t.amount), 0) FROM submissions s
LEFT JOIN transfers t ON t.submission = s.id AND t.kind = 'reward' AND t.currency = :currency
WHERE s.worker = :worker AND s.id > coalesce((
  SELECT o.id FROM submissions o WHERE {equals_by_range("o.worker", ":worker")} AND o.submitted_at < :since
  ORDER BY o.worker DESC, o.id DESC LIMIT 1), 0)"""


@dataclass(frozen=True, slots=True)
class StoredPreferences:
    """One person's preferences and language."""

    person: PersonId
    language: str
    preferences: Preferences

    @property
    def zone_name(self) -> str:
        return self.preferences.zone or usual_zone(self.language)

    @property
    def zone(self) -> tzinfo:
        return get_zone(self.zone_name)


def to_preferences(row: Row) -> Preferences:
    values = list(row)
    values[8], values[9] = unpack_tuple(values[8]), unpack_tuple(values[9])
    values[12], values[15] = bool(values[12]), bool(values[15])
    return Preferences(*values)


def to_stored_preferences(row: Row) -> StoredPreferences:
    person, language, has, *values = row
    return StoredPreferences(person, language, Preferences() if has is None else to_preferences(values))


class PreferenceRecords:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def get(self, person: PersonId) -> Preferences:
        """Return the person's preferences; the defaults if none are stored."""
        preferences = self._db.get(PREFERENCE_ROWS, person)
        if preferences is ABSENT:
            preferences = self._keep(person, self._db.peek(SELECT_PREFERENCES, person=person))
        return cast(Preferences, preferences)

    def foresee(self, people: Iterable[PersonId]) -> Foresight[None]:
        """Read the preferences of several people in one statement."""
        missing = [person for person in dict.fromkeys(people) if self._db.get(PREFERENCE_ROWS, person) is ABSENT]
        (rows_by_person,) = yield [(SELECT_PREFERENCES, [{"person": person} for person in missing])]
        for person, rows in zip(missing, rows_by_person, strict=True):
            self._keep(person, rows)

    def _keep(self, person: PersonId, rows: Sequence[Row]) -> Preferences:
        """Hold a read row for later reads. Every change of preferences is a statement of its own, so no pending change
        is missed."""
        return cast(
            Preferences, self._db.keep(PREFERENCE_ROWS, person, to_preferences(rows[0]) if rows else Preferences())
        )

    def get_stored(self, person: PersonId) -> StoredPreferences:
        """Return preferences with the person's language. Raise LookupError for an unknown id."""
        reader = self._db.get(PEOPLE, person)
        if isinstance(reader, Person):
            return StoredPreferences(person, reader.language, self.get(person))
        rows = self._db.peek(SELECT_WITH_LANGUAGE, person=person)
        if not rows:
            raise LookupError(f"person {person}")
        return to_stored_preferences((person, *rows[0]))

    def is_quiet(self, person: PersonId) -> bool:
        """Return whether an unasked message comes without a sound now, outside the worker's hours; False for people who
        are no workers."""
        rows = self._db.peek(SELECT_OF_WORKER, person=person)
        if not rows:
            return False
        stored = to_stored_preferences((person, *rows[0]))
        return find_push_hours(stored.preferences.hours, stored.zone, self._now)[0] > self._now

    def list_due_windows(self, limit: int) -> list[StoredPreferences]:
        """Return workers whose push window begins or ends now, the least recently served first."""
        return [to_stored_preferences(row) for row in self._db.all(SELECT_DUE_WINDOWS, now=self._now, limit=limit)]

    def store(self, person: PersonId, preferences: Preferences) -> None:
        """Store the preferences and mark the person as one who has some."""
        values = asdict(preferences)
        lists = {"unwanted": pack(preferences.unwanted), "languages": pack(preferences.languages)}
        self._db.changed(
            UPSERT_PREFERENCES,
            person=person,
            **{**values, **lists, "in_place": int(preferences.in_place), "contacts": int(preferences.contacts)},
        )
        self._db.changed(SET_CHOOSY, person=person)

    def set_country(self, person: PersonId, country: str) -> None:
        self.store(person, replace(self.get(person), country=country))

    def note_push(self, person: PersonId) -> None:
        self._db.changed(SET_PUSHED_AT, person=person, now=self._now)

    def list_due_digests(self, limit: int) -> list[StoredPreferences]:
        """Return the people whose digest of the boards is due."""
        rows = self._db.all(SELECT_DUE_DIGESTS, now=self._now, limit=limit)
        return [to_stored_preferences((row[1], *row)) for row in rows]

    def set_next_digest(self, person: PersonId, at: Moment) -> None:
        self._db.changed(SET_DIGEST_AT, person=person, at=at)

    def sum_answers(self, worker: PersonId, since: Moment, currency: str) -> tuple[int, int]:
        """Return (answers, earnings in millionths) of the worker since this moment."""
        row = self._db.all(SUM_ANSWERS, worker=worker, since=since, currency=currency)[0]
        return int(row[0]), int(row[1])
