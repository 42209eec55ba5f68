"""Drafts of conversations: one row a person, so that a restart loses nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import tzinfo
from typing import Any, NamedTuple, cast

from domain.moments import Moment
from domain.people.accounts import Person, PersonId
from domain.people.settings import Preferences, rules_of, stretch
from domain.people.teams import is_team
from locales.languages import usual_zone
from storage.drivers.connection import Connection, Foresight, Row
from storage.drivers.records import (
    columns,
    equals_by_range,
    pack,
    unpack,
    unpack_tuple,
)
from storage.drivers.rows import ABSENT, Holding
from storage.people.accounts import PEOPLE, TeamAct
from storage.projects.projects import ProjectForms

DRAFT_OF = "SELECT journey, data, updated_at FROM drafts WHERE person = :person"
KEEP_DRAFT = """
INSERT INTO drafts (person, journey, data, updated_at) VALUES (:person, :journey, :data, :now)
ON CONFLICT (person) DO UPDATE SET journey = excluded.journey, data = excluded.data, updated_at = excluded.updated_at"""
ASKED_AT = "SELECT updated_at FROM drafts WHERE person = :person"
DROP = "DELETE FROM drafts WHERE person = :person"
ACCOUNT = "for team"  # in `data`: (team, right)


class Draft(NamedTuple):
    """The state of a journey; its open question was asked at `asked_at`, of somebody who acts for the team `account`
    by the `right`; 0 and empty where for themselves."""

    journey: str
    kept: dict[str, Any]
    asked_at: Moment
    account: int = 0
    right: str = ""


class Drafts:
    """A team's draft is that of the member who acts for it: a conversation is a person's."""

    def __init__(self, connection: Connection, acting: TeamAct) -> None:
        self._db = connection
        self._acting = acting
        self.forms = ProjectForms(connection, acting)

    def of(self, person: PersonId) -> Draft | None:
        row = self._db.one(DRAFT_OF, person=self._acting.actor_of(person))
        if row is None:
            return None
        kept = unpack(row[1])
        account, right = kept.pop(ACCOUNT, (0, ""))
        return Draft(row[0], kept, Moment(row[2]), account, right)

    def keep(self, person: PersonId, journey: str, data: dict[str, Any], now: Moment) -> None:
        team = {ACCOUNT: (person, self._acting.right)} if is_team(person) else {}
        whose = self._acting.actor_of(person)
        self._db.changed(KEEP_DRAFT, person=whose, journey=journey, data=pack({**data, **team}), now=now)

    def asked_at(self, person: PersonId) -> Moment | None:
        """When the open question was asked."""
        row = self._db.one(ASKED_AT, person=self._acting.actor_of(person))
        return Moment(row[0]) if row else None

    def stop(self, person: PersonId, journey: str) -> bool:
        """Ends this journey; another one goes on. False where it is over already."""
        draft = self.of(person)
        if draft is None or draft.journey != journey:
            return False
        self.drop(person)
        return True

    def drop(self, person: PersonId) -> None:
        self._db.changed(DROP, person=self._acting.actor_of(person))


_CHOSEN = columns(Preferences, "c.")
CHOSEN = Holding(("preferences",), lasts=True)  # by person: those with defaults, too

OF = f"SELECT {_CHOSEN} FROM preferences c WHERE c.person = :person"
# With what else decides when a push may come: the language they speak, and whether there is a row at all.
KNOWN = f"""
SELECT p.language, c.person, {_CHOSEN} FROM people p LEFT JOIN preferences c ON c.person = p.id WHERE p.id = :person"""
OF_WORKER = f"{KNOWN} AND p.consented_at IS NOT NULL"
# Whose hours begin or end: the least recently served first where many do at once.
TURNING = f"""
SELECT p.id, p.language, c.person, {_CHOSEN} FROM people p LEFT JOIN preferences c ON c.person = p.id
WHERE p.push_changes_at <= :now ORDER BY p.push_changes_at, p.served_at LIMIT :limit"""
KEEP = f"""
INSERT INTO preferences (person, {columns(Preferences)}) VALUES (:person, {columns(Preferences, ":")})
ON CONFLICT (person) DO UPDATE SET
  {", ".join(f"{name} = excluded.{name}" for name in columns(Preferences).split(", "))}"""
CHOOSY = "UPDATE people SET choosy = 1 WHERE id = :person AND choosy = 0"
PUSHED = "UPDATE preferences SET pushed_at = :now WHERE person = :person"
DIGESTS = f"""
SELECT p.language, c.person, {_CHOSEN} FROM preferences c JOIN people p ON p.id = c.person
WHERE c.board_hour >= 0 AND c.digest_at <= :now AND p.leaving_at IS NULL ORDER BY c.digest_at LIMIT :limit"""
DIGEST_AT = "UPDATE preferences SET digest_at = :at WHERE person = :person"
# What was answered since their day began, and what it earned; as few rows as the day has.
TODAY = f"""
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
        return rules_of(self.zone_name)


def preferences_from(row: Row) -> Preferences:
    values = list(row)
    values[8], values[9] = unpack_tuple(values[8]), unpack_tuple(values[9])
    values[12], values[15] = bool(values[12]), bool(values[15])
    return Preferences(*values)


def chosen_from(row: Row) -> StoredPreferences:
    person, language, has, *values = row
    return StoredPreferences(person, language, Preferences() if has is None else preferences_from(values))


class PreferenceRecords:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def of(self, person: PersonId) -> Preferences:
        found = self._db.get(CHOSEN, person)
        if found is ABSENT:
            found = self._keep(person, self._db.peek(OF, person=person))
        return cast(Preferences, found)

    def foresee(self, people: Iterable[PersonId]) -> Foresight[None]:
        asked = [person for person in dict.fromkeys(people) if self._db.get(CHOSEN, person) is ABSENT]
        (found,) = yield [(OF, [{"person": person} for person in asked])]
        for person, rows in zip(asked, found, strict=True):
            self._keep(person, rows)

    def _keep(self, person: PersonId, rows: Sequence[Row]) -> Preferences:
        """Every change of them is a statement of its own, so that nothing of them is pending."""
        return cast(Preferences, self._db.keep(CHOSEN, person, preferences_from(rows[0]) if rows else Preferences()))

    def known(self, person: PersonId) -> StoredPreferences:
        reader = self._db.get(PEOPLE, person)
        if isinstance(reader, Person):
            return StoredPreferences(person, reader.language, self.of(person))
        rows = self._db.peek(KNOWN, person=person)
        if not rows:
            raise LookupError(f"person {person}")
        return chosen_from((person, *rows[0]))

    def is_quiet(self, person: PersonId) -> bool:
        """Whether an unasked message comes without a sound now: outside the worker's hours. Nothing that is pending
        changes them."""
        rows = self._db.peek(OF_WORKER, person=person)
        if not rows:
            return False
        known = chosen_from((person, *rows[0]))
        return stretch(known.preferences.hours, known.zone, self._now)[0] > self._now

    def turning(self, limit: int) -> list[StoredPreferences]:
        """Workers whose waiting or resting ends now."""
        return [chosen_from(row) for row in self._db.all(TURNING, now=self._now, limit=limit)]

    def keep(self, person: PersonId, chosen: Preferences) -> None:
        values = asdict(chosen)
        lists = {"unwanted": pack(chosen.unwanted), "languages": pack(chosen.languages)}
        self._db.changed(
            KEEP,
            person=person,
            **{**values, **lists, "in_place": int(chosen.in_place), "contacts": int(chosen.contacts)},
        )
        self._db.changed(CHOOSY, person=person)

    def tell_country(self, person: PersonId, country: str) -> None:
        self.keep(person, replace(self.of(person), country=country))

    def pushed(self, person: PersonId) -> None:
        self._db.changed(PUSHED, person=person, now=self._now)

    def digests_due(self, limit: int) -> list[StoredPreferences]:
        """Those whose digest of the boards is due."""
        rows = self._db.all(DIGESTS, now=self._now, limit=limit)
        return [chosen_from((row[1], *row)) for row in rows]

    def digest_at(self, person: PersonId, at: Moment) -> None:
        self._db.changed(DIGEST_AT, person=person, at=at)

    def today(self, worker: PersonId, since: Moment, currency: str) -> tuple[int, int]:
        """(answers, earnings in millionths) since then."""
        row = self._db.all(TODAY, worker=worker, since=since, currency=currency)[0]
        return int(row[0]), int(row[1])
