"""For which team the person of a transaction acts."""

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from domain.answers import kinds
from domain.moments import Moment
from domain.people.accounts import UNANSWERED_PUSHES, Person, PersonId
from domain.people.personal_data import TERMS
from domain.people.settings import PushWindow, way_of
from domain.people.teams import is_team, number_of
from domain.projects.projects import ProjectId
from domain.projects.tasks import TaskId
from storage.drivers.connection import Connection, Foresight, Row
from storage.drivers.migrate import Secrets
from storage.drivers.records import (
    columns,
    each,
    first,
    pack,
)
from storage.drivers.rows import ABSENT, Held, Table


@dataclass(slots=True)
class Acting:
    """`member` acts for `team` by this `right`; set by services/people/team_spending.py once it is authorised."""

    team: PersonId | None = None
    member: PersonId | None = None
    right: str = ""

    def end(self) -> None:
        """For themselves."""
        self.team, self.member, self.right = None, None, ""

    def chat_of(self, person: PersonId) -> PersonId:
        """The member where it is the team that acts."""
        return self.member if self.member is not None and person == self.team else person


NOTE = "INSERT INTO audit (actor, action, subject, facts, at) VALUES (:actor, :action, :subject, :facts, :now)"


class Audit:
    """What somebody did for a team is noted with the member as its actor, and the team beside it."""

    def __init__(self, connection: Connection, now: Moment, acting: Acting) -> None:
        self._db = connection
        self._now = now
        self._acting = acting

    def note(self, actor: PersonId | None, action: str, subject: str, **facts: Any) -> None:
        if actor is not None and is_team(actor):
            actor, facts = self._acting.chat_of(actor), {**facts, "team": number_of(actor)}
        self._db.changed(NOTE, actor=actor, action=action, subject=subject, facts=pack(facts), now=self._now)


PERSON = columns(Person)
AFTER = f"""
SELECT {PERSON} FROM people
WHERE id > :after AND reachable = 1 AND telegram_id IS NOT NULL AND joined_at < :before ORDER BY id LIMIT :limit"""


def person_from(row: Row) -> Person:
    values = list(row)
    values[6:9] = [bool(value) for value in values[6:9]]
    values[10:13] = [bool(value) for value in values[10:13]]
    return Person(*values)


class ReachedPeople:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def after(self, person: PersonId, limit: int, before: Moment) -> list[Person]:
        """In the order of their numbers, behind one; those who came before a moment."""
        return [person_from(row) for row in self._db.all(AFTER, after=person, limit=limit, before=before)]


PEOPLE = Table(("people",), lasts=True, order=0)
_BY_TELEGRAM_ID = Held(("people",), lasts=True)  # the id of whoever has it

BY_ID = f"SELECT {PERSON} FROM people WHERE id = :id"
BY_TELEGRAM_ID = f"SELECT {PERSON} FROM people WHERE telegram_id = :telegram_id"
BY_USERNAME = f"SELECT {PERSON} FROM people WHERE lower(username) = lower(:username) ORDER BY id DESC LIMIT 1"
# A person with their current names; one who writes is reachable.
MEET = f"""
INSERT INTO people (telegram_id, username, name, language, joined_at)
VALUES (:telegram_id, :username, :name, :language, :now)
ON CONFLICT (telegram_id) DO UPDATE SET username = excluded.username, name = excluded.name
RETURNING {PERSON}"""
# Usernames change hands in Telegram: the latest person seen with one has it.
PART_WITH_NAME = """
UPDATE people SET username = NULL WHERE lower(username) = lower(:username) AND telegram_id <> :telegram_id"""
CONSENT = "UPDATE people SET consented_at = :now, terms = :terms WHERE id = :id AND consented_at IS NULL"
LANGUAGE = "UPDATE people SET language = :language WHERE id = :id"
REQUESTER = "UPDATE people SET requester = :on, barred = 1 - :on WHERE id = :id"
ACT_FOR = "UPDATE people SET acts_for = :team WHERE id = :id"
CALL = "UPDATE people SET called_to = :project WHERE id = :id"
PAUSED = "UPDATE people SET paused = :on, idle = 0, push_changes_at = NULL WHERE id = :id"
REACHABLE = """
UPDATE people SET reachable = :on, idle = CASE WHEN :on = 0 THEN 0 ELSE idle END,
  push_changes_at = CASE WHEN :on = 0 THEN NULL ELSE push_changes_at END WHERE id = :id"""
# Waiting for a push, or resting until one may come; neither where there may be none, or something is in hand.
_MAY_BE_PUSHED = f"""consented_at IS NOT NULL AND paused = 0 AND suspended = 0 AND reachable = 1
  AND unanswered < {UNANSWERED_PUSHES}
  AND NOT EXISTS (SELECT 1 FROM assignments a WHERE a.worker = people.id AND a.state = 'active')"""
WAIT = f"""
UPDATE people SET idle = CASE WHEN {_MAY_BE_PUSHED} THEN :waits ELSE 0 END,
  push_changes_at = CASE WHEN {_MAY_BE_PUSHED} THEN CAST(:until AS BIGINT) END WHERE id = :id"""
PARK = "UPDATE people SET idle = 2 WHERE id = :id AND idle = 1"
UNANSWERED = "UPDATE people SET unanswered = unanswered + 1 WHERE id = :id"
# Fair turn: the worker served least recently is asked next. Whose hours have ended, but for the sweep, is passed over:
# “+ 0” keeps PostgreSQL from looking for them by push_changes_at and sorting everybody.
WAITING = f"""
SELECT {PERSON} FROM people WHERE idle = 1 AND push_changes_at + 0 > :now ORDER BY served_at, id LIMIT :limit"""
# There may be something for parked workers again.
UNPARK = """
UPDATE people SET idle = 1 WHERE id IN (SELECT id FROM people WHERE idle = 2 ORDER BY served_at, id LIMIT :limit)"""
UNPARK_ONE = "UPDATE people SET idle = 1 WHERE id = :id AND idle = 2"
_WAYS = " ".join(f"WHEN '{kind}' THEN '{way_of(kind)}'" for kind in kinds())
# A place came back: those it can be for, not those who had its task, are asked later there or want no such tasks.
UNPARK_FOR = f"""
UPDATE people SET idle = 1 WHERE id IN (
  SELECT p.id FROM people p JOIN projects j ON j.id = :project WHERE p.idle = 2
  AND (j.languages = '[]' OR p.choosy = 1 OR j.languages LIKE '%"' || p.language || '"%')
  AND NOT EXISTS (
    SELECT 1 FROM preferences c WHERE c.person = p.id AND c.unwanted LIKE '%"' || CASE j.kind {_WAYS} END || '"%')
  AND NOT EXISTS (SELECT 1 FROM assignments a WHERE a.task = :task AND a.worker = p.id)
  AND NOT EXISTS (SELECT 1 FROM enrolments e WHERE e.worker = p.id AND e.project = :project
    AND (e.later > 0 OR e.watch > 1 OR e.declined = 1 OR e.blocked = 1))
  ORDER BY p.served_at, p.id LIMIT :limit)"""
# Who could be given a task of a project that can be given out.
WHO_CAN = """
SELECT p.id FROM people p JOIN projects j ON j.id = :project
WHERE p.consented_at IS NOT NULL AND p.paused = 0 AND p.reachable = 1 AND p.suspended = 0 AND p.leaving_at IS NULL
  AND p.id <> j.requester
  AND (j.languages = '[]' OR p.choosy = 1 OR j.languages LIKE '%"' || p.language || '"%')
  AND NOT EXISTS (SELECT 1 FROM enrolments e WHERE e.worker = p.id AND e.project = :project
    AND (e.declined = 1 OR e.blocked = 1 OR e.barred IS NOT NULL))
  AND EXISTS (SELECT 1 FROM openings o WHERE o.project = :project AND o.gold = 0
    AND NOT EXISTS (SELECT 1 FROM assignments a WHERE a.task = o.task AND a.worker = p.id))
LIMIT :limit"""
# Parked workers who are asked later in a project: no better worker is active there, or they have waited long enough.
UNPARK_LATER = """
UPDATE people SET idle = 1 WHERE idle = 2 AND id IN (
  SELECT e.worker FROM enrolments e JOIN projects p ON p.id = e.project JOIN people w ON w.id = e.worker
  WHERE e.later > 0 AND e.declined = 0 AND w.idle = 2 AND p.state = 'running' AND p.paused = ''
  AND EXISTS (SELECT 1 FROM openings o WHERE o.project = p.id AND o.gold = 0)
  AND (w.served_at <= :before OR NOT EXISTS (
    SELECT 1 FROM assignments a CROSS JOIN enrolments b
    WHERE b.worker = a.worker AND b.project = a.project AND a.project = p.id
    AND a.state = 'active' AND b.later = 0 AND b.watch < 2)))"""
IS_WAITING = "SELECT 1 FROM people WHERE id = :id AND push_changes_at IS NOT NULL"
WORKERS = "SELECT count(*) FROM people WHERE consented_at IS NOT NULL"
IDLE = "SELECT (SELECT count(*) FROM people WHERE idle = 1) + (SELECT count(*) FROM people WHERE idle = 2)"
ADMINS = "SELECT id FROM people WHERE telegram_id = :telegram_id"


class People:
    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self.reached = ReachedPeople(connection)

    def get(self, person: PersonId) -> Person:
        known = self._db.get(PEOPLE, person)
        found: Person | None = self._keep(person, self._db.peek(BY_ID, id=person)) if known is ABSENT else known
        if found is None:
            raise LookupError(f"person {person}")
        return found

    def find(self, person: int) -> Person | None:
        """None where there is nobody of this number."""
        try:
            return self.get(PersonId(person))
        except LookupError:
            return None

    def by_telegram_id(self, telegram_id: int) -> Person | None:
        known = self._db.get(_BY_TELEGRAM_ID, telegram_id)
        if known is ABSENT:
            rows = self._db.peek(BY_TELEGRAM_ID, telegram_id=telegram_id)
            known = self._db.keep(_BY_TELEGRAM_ID, telegram_id, rows[0][0] if rows else None)
            self._keep(known, rows)
        return None if known is None else self.get(known)

    def foresee(self, telegram_ids: Sequence[int]) -> Foresight[None]:
        """Holds all of them."""
        (found,) = yield [(BY_TELEGRAM_ID, [{"telegram_id": number} for number in telegram_ids])]
        for number, rows in zip(telegram_ids, found, strict=True):
            self._keep(self._db.keep(_BY_TELEGRAM_ID, number, rows[0][0] if rows else None), rows)

    def foresee_by_id(self, people: Iterable[PersonId]) -> Foresight[None]:
        """Holds those that are not held yet."""
        new = [person for person in dict.fromkeys(people) if self._db.get(PEOPLE, person) is ABSENT]
        (found,) = yield [(BY_ID, [{"id": person} for person in new])]
        for person, rows in zip(new, found, strict=True):
            self._keep(person, rows)

    def _keep(self, person: PersonId | None, rows: list[Row]) -> Person | None:
        """What was read, unless it is held already: it may have been changed."""
        if person is None or self._db.get(PEOPLE, person) is not ABSENT:
            return None
        return cast(Person | None, self._db.keep(PEOPLE, person, person_from(rows[0]) if rows else None))

    def by_username(self, username: str) -> Person | None:
        row = self._db.one(BY_USERNAME, username=username)
        return person_from(row) if row else None

    def meet(self, telegram_id: int, username: str | None, name: str, language: str, now: Moment) -> Person:
        if username is not None:
            self._db.send(PART_WITH_NAME, username=username, telegram_id=telegram_id)
        met = {"telegram_id": telegram_id, "username": username, "name": name, "language": language}
        return person_from(self._db.all(MEET, **met, now=now)[0])

    def consent(self, person: PersonId, now: Moment) -> bool:
        return self._db.changed(CONSENT, id=person, now=now, terms=TERMS) == 1

    def speak(self, person: PersonId, language: str) -> None:
        self._db.send(LANGUAGE, id=person, language=language)

    def make_requester(self, person: PersonId, on: bool) -> None:
        self._db.send(REQUESTER, id=person, on=int(on))

    def act_for(self, person: PersonId, team: PersonId | None) -> None:
        """None: for themselves."""
        self._db.send(ACT_FOR, id=person, team=team)

    def call(self, person: PersonId, project: ProjectId) -> None:
        """Their next task is looked for there."""
        self._db.send(CALL, id=person, project=project)

    def heed(self, person: PersonId) -> None:
        """It was."""
        found = self.get(person)
        if found.called_to is not None:
            self._db.change(PEOPLE, person, replace(found, called_to=None), called_to=None)

    def pause(self, person: PersonId, on: bool) -> None:
        self._db.send(PAUSED, id=person, on=int(on))

    def reach(self, person: PersonId, on: bool) -> None:
        self._db.send(REACHABLE, id=person, on=int(on))

    def wait(self, turns: Iterable[tuple[PersonId, PushWindow]]) -> None:
        """From now on each waits for a push, or rests until the moment at which one may come."""
        rows = [{"id": who, "waits": int(turn.waits), "until": turn.until} for who, turn in turns]
        if rows:  # a sweep asks every second, and whatever writes here lets go of all people held
            self._db.many(WAIT, rows)

    def is_waiting(self, person: PersonId) -> bool:
        """For a push, now or when their hours begin."""
        return self._db.one(IS_WAITING, id=person) is not None

    def park(self, person: PersonId) -> None:
        self._db.send(PARK, id=person)

    def busy(self, person: PersonId, now: Moment) -> None:
        self._db.change(PEOPLE, person, ABSENT, idle=0, push_changes_at=None, served_at=now)

    def acted(self, person: PersonId) -> None:
        found = self.get(person)
        if found.unanswered:
            self._db.change(PEOPLE, person, replace(found, unanswered=0), unanswered=0)

    def left_unanswered(self, person: PersonId) -> None:
        self._db.send(UNANSWERED, id=person)

    def waiting(self, now: Moment, limit: int) -> list[Person]:
        """They are held, too."""
        found = [person_from(row) for row in self._db.all(WAITING, now=now, limit=limit)]
        for person in found:
            if self._db.get(PEOPLE, person.id) is ABSENT:
                self._db.keep(PEOPLE, person.id, person)
        return found

    def unpark(self, limit: int) -> None:
        self._db.send(UNPARK, limit=limit)

    def unpark_one(self, person: PersonId) -> None:
        """They may be asked more than before."""
        self._db.send(UNPARK_ONE, id=person)

    def who_can(self, project: ProjectId, limit: int) -> list[PersonId]:
        """Workers who were not given every task of it that is left; conditions of who is asked aside."""
        return each(self._db.all(WHO_CAN, project=project, limit=limit))

    def unpark_for(self, project: ProjectId, task: TaskId, limit: int) -> None:
        self._db.send(UNPARK_FOR, project=project, task=task, limit=limit)

    def unpark_later(self, before: Moment) -> None:
        self._db.send(UNPARK_LATER, before=before)

    def workers(self) -> int:
        """Who has consented."""
        return int(first(self._db.one(WORKERS)))

    def idle(self) -> int:
        """Workers a push could reach now, by indexes of nobody else."""
        return int(first(self._db.one(IDLE)))

    def with_telegram_ids(self, telegram_ids: tuple[int, ...]) -> list[PersonId]:
        return [person for known in telegram_ids for person in each(self._db.all(ADMINS, telegram_id=known))]


SECRET = "remembering"  # noqa: S105 (a name)
KEEP = "INSERT INTO remembered (person, trace) VALUES (:person, :trace)"
# Erased people with this Telegram id, and people paid to the same account as they were.
FORMER = """
SELECT r.person FROM remembered r WHERE r.trace = :trace AND r.person <> :person
UNION SELECT m.mate FROM remembered r JOIN payee_mates m ON m.person = r.person
WHERE r.trace = :trace AND m.mate <> :person ORDER BY 1"""
SELVES = "SELECT person FROM remembered WHERE trace = :trace AND person <> :person ORDER BY person"
# What was found of them in each project: they are asked later there until their new answers say otherwise.
SKILL = """
INSERT INTO enrolments (worker, project, later, worth, watch)
SELECT CAST(:person AS BIGINT), e.project, 2, e.worth, e.watch FROM enrolments e
WHERE e.worker = :former AND (e.later > 0 OR e.watch > 0) ON CONFLICT (worker, project) DO NOTHING"""

# Whom an admin had taken the requester's role from when they left last; not who was granted it since.
BAR = """
UPDATE people SET barred = 1 WHERE id = :person AND requester = 0 AND barred = 0 AND 1 = (
  SELECT p.barred FROM remembered r JOIN people p ON p.id = r.person
  WHERE r.trace = :trace AND r.person <> :person ORDER BY r.person DESC LIMIT 1)"""


class Remembered:
    def __init__(self, connection: Connection, secrets: Secrets) -> None:
        self._db = connection
        self._secrets = secrets

    def keep(self, person: PersonId, telegram_id: int) -> None:
        self._db.changed(KEEP, person=person, trace=self._trace(telegram_id))

    def selves(self, person: PersonId, telegram_id: int) -> list[PersonId]:
        """Erased people who had this Telegram id."""
        return each(self._db.all(SELVES, person=person, trace=self._trace(telegram_id)))

    def kin(self, person: PersonId, telegram_id: int) -> list[PersonId]:
        """The same, and people paid to an account of theirs."""
        return each(self._db.all(FORMER, person=person, trace=self._trace(telegram_id)))

    def carry_skill(self, former: PersonId, person: PersonId) -> None:
        self._db.changed(SKILL, former=former, person=person)

    def bar(self, person: PersonId, telegram_id: int) -> bool:
        """Whether they were barred from opening projects when they left, and are again."""
        return self._db.changed(BAR, person=person, trace=self._trace(telegram_id)) == 1

    def _trace(self, telegram_id: int) -> str:
        return hmac.digest(self._secrets.get(SECRET), f"telegram:{telegram_id}".encode(), hashlib.sha256).hex()
