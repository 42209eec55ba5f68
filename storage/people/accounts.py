"""People, the audit trail, and what is remembered of erased people."""

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from domain.answers import list_kinds
from domain.moments import Moment
from domain.people.accounts import MAX_UNANSWERED_PUSHES, Person, PersonId
from domain.people.bots import FIRST_BOT
from domain.people.personal_data import TERMS_VERSION
from domain.people.settings import PushWindow, way_of_kind
from domain.people.teams import is_team, team_number_of
from domain.projects.projects import ProjectId
from domain.projects.tasks import TaskId
from storage.drivers.connection import Connection, Foresight, Row
from storage.drivers.records import columns, pack, single_value, single_values
from storage.drivers.rows import ABSENT, Holding, Table
from storage.secrets import Secrets


@dataclass(slots=True)
class TeamAct:
    """The team for which this transaction acts: `member` acts for `team` by the right `right`.

    services/people/team_spending.py sets it once the member is authorised."""

    team: PersonId | None = None
    member: PersonId | None = None
    right: str = ""

    def act_for_self(self) -> None:
        """Forget the team: the person acts for themselves."""
        self.team, self.member, self.right = None, None, ""

    def actor_of(self, person: PersonId) -> PersonId:
        """Return the member who acts if `person` is the team of this transaction, else `person`."""
        return self.member if self.member is not None and person == self.team else person


INSERT_AUDIT_NOTE = (
    "INSERT INTO audit (actor, action, subject, facts, at) VALUES (:actor, :action, :subject, :facts, :now)"
)


class Audit:
    """Audit trail. A note about an act for a team names the member as its actor, and the team in its facts."""

    def __init__(self, connection: Connection, now: Moment, acting: TeamAct) -> None:
        self._db = connection
        self._now = now
        self._acting = acting

    def note(self, actor: PersonId | None, action: str, subject: str, **facts: Any) -> None:
        if actor is not None and is_team(actor):
            actor, facts = self._acting.actor_of(actor), {**facts, "team": team_number_of(actor)}
        self._db.changed(
            INSERT_AUDIT_NOTE, actor=actor, action=action, subject=subject, facts=pack(facts), now=self._now
        )


_PERSON = columns(Person)
SELECT_REACHABLE_AFTER = f"""
SELECT {_PERSON} FROM people
WHERE id > :after AND reachable = 1 AND telegram_id IS NOT NULL AND joined_at < :before ORDER BY id LIMIT :limit"""


def to_person(row: Row) -> Person:
    values = list(row)
    values[6:9] = [bool(value) for value in values[6:9]]
    values[10:13] = [bool(value) for value in values[10:13]]
    return Person(*values)


class ReachablePeople:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def list_after(self, person: PersonId, limit: int, before: Moment) -> list[Person]:
        """Return at most `limit` reachable people with ids above `person` who joined before the moment `before`,
        ordered by id."""
        return [
            to_person(row) for row in self._db.all(SELECT_REACHABLE_AFTER, after=person, limit=limit, before=before)
        ]


PEOPLE = Table(("people",), lasts=True, order=0)
_BY_TELEGRAM_ID = Holding(("people",), lasts=True)  # the id of whoever has it

SELECT_BY_ID = f"SELECT {_PERSON} FROM people WHERE id = :id"
SELECT_BY_TELEGRAM_ID = f"SELECT {_PERSON} FROM people WHERE telegram_id = :telegram_id"
SELECT_BY_USERNAME = f"SELECT {_PERSON} FROM people WHERE lower(username) = lower(:username) ORDER BY id DESC LIMIT 1"
# A person with their current names; one who writes is reachable.
UPSERT_PERSON = f"""
INSERT INTO people (telegram_id, username, name, language, joined_at, bot)
VALUES (:telegram_id, :username, :name, :language, :now, :bot)
ON CONFLICT (telegram_id) DO UPDATE SET username = excluded.username, name = excluded.name
RETURNING {_PERSON}"""
# Usernames change hands in Telegram: the latest person seen with one has it.
RELEASE_USERNAME = """
UPDATE people SET username = NULL WHERE lower(username) = lower(:username) AND telegram_id <> :telegram_id"""
SET_CONSENT = "UPDATE people SET consented_at = :now, terms = :terms WHERE id = :id AND consented_at IS NULL"
SET_LANGUAGE = "UPDATE people SET language = :language WHERE id = :id"
SET_REQUESTER = "UPDATE people SET requester = :on, barred = 1 - :on WHERE id = :id"
SET_ACTS_FOR = "UPDATE people SET acts_for = :team WHERE id = :id"
SET_CALLED_TO = "UPDATE people SET called_to = :project WHERE id = :id"
SET_PAUSED = "UPDATE people SET paused = :on, idle = 0, push_changes_at = NULL WHERE id = :id"
SET_REACHABLE = """
UPDATE people SET reachable = :on, idle = CASE WHEN :on = 0 THEN 0 ELSE idle END,
  push_changes_at = CASE WHEN :on = 0 THEN NULL ELSE push_changes_at END WHERE id = :id"""
# Waiting for a push, or resting until one may come; neither where there may be none, or something is in hand.
_MAY_BE_PUSHED = f"""consented_at IS NOT NULL AND paused = 0 AND suspended = 0 AND reachable = 1
  AND unanswered < {MAX_UNANSWERED_PUSHES}
  AND NOT EXISTS (SELECT 1 FROM assignments a WHERE a.worker = people.id AND a.state = 'active')"""
SET_PUSH_TURN = f"""
UPDATE people SET idle = CASE WHEN {_MAY_BE_PUSHED} THEN :waits ELSE 0 END,
  push_changes_at = CASE WHEN {_MAY_BE_PUSHED} THEN CAST(:until AS BIGINT) END WHERE id = :id"""
PARK_WORKER = "UPDATE people SET idle = 2 WHERE id = :id AND idle = 1"
ADD_UNANSWERED_PUSH = "UPDATE people SET unanswered = unanswered + 1 WHERE id = :id"
# Fair turn: the worker served least recently is asked next. Whose hours have ended, but for the sweep, is passed over:
# “+ 0” keeps PostgreSQL from looking for them by push_changes_at and sorting everybody.
SELECT_WAITING = f"""
SELECT {_PERSON} FROM people WHERE idle = 1 AND bot = :bot AND push_changes_at + 0 > :now
ORDER BY served_at, id LIMIT :limit"""
# There may be something for parked workers again.
UNPARK_SOME = """
UPDATE people SET idle = 1 WHERE id IN (SELECT id FROM people WHERE idle = 2 ORDER BY served_at, id LIMIT :limit)"""
UNPARK_ONE = "UPDATE people SET idle = 1 WHERE id = :id AND idle = 2"
_WAYS = " ".join(f"WHEN '{kind}' THEN '{way_of_kind(kind)}'" for kind in list_kinds())
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
SELECT_POSSIBLE_WORKERS = """
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
UNPARK_POSTPONED = """
UPDATE people SET idle = 1 WHERE idle = 2 AND id IN (
  SELECT e.worker FROM enrolments e JOIN projects p ON p.id = e.project JOIN people w ON w.id = e.worker
  WHERE e.later > 0 AND e.declined = 0 AND w.idle = 2 AND p.state = 'running' AND p.paused = ''
  AND EXISTS (SELECT 1 FROM openings o WHERE o.project = p.id AND o.gold = 0)
  AND (w.served_at <= :before OR NOT EXISTS (
    SELECT 1 FROM assignments a CROSS JOIN enrolments b
    WHERE b.worker = a.worker AND b.project = a.project AND a.project = p.id
    AND a.state = 'active' AND b.later = 0 AND b.watch < 2)))"""
SELECT_IS_WAITING = "SELECT 1 FROM people WHERE id = :id AND push_changes_at IS NOT NULL"
COUNT_WORKERS = "SELECT count(*) FROM people WHERE consented_at IS NOT NULL"
COUNT_IDLE = "SELECT (SELECT count(*) FROM people WHERE idle = 1) + (SELECT count(*) FROM people WHERE idle = 2)"
SELECT_ID_BY_TELEGRAM_ID = "SELECT id FROM people WHERE telegram_id = :telegram_id"


class People:
    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self.reached = ReachablePeople(connection)

    def get(self, person: PersonId) -> Person:
        """Return a person, from the rows held if possible. Raise LookupError if nobody has this id."""
        held_person = self._db.get(PEOPLE, person)
        person_found: Person | None = (
            self._keep(person, self._db.peek(SELECT_BY_ID, id=person)) if held_person is ABSENT else held_person
        )
        if person_found is None:
            raise LookupError(f"person {person}")
        return person_found

    def find(self, person: int) -> Person | None:
        """Return a person, or None if nobody has this id."""
        try:
            return self.get(PersonId(person))
        except LookupError:
            return None

    def find_by_telegram_id(self, telegram_id: int) -> Person | None:
        """Return the person with this Telegram id, or None."""
        person_id = self._db.get(_BY_TELEGRAM_ID, telegram_id)
        if person_id is ABSENT:
            rows = self._db.peek(SELECT_BY_TELEGRAM_ID, telegram_id=telegram_id)
            person_id = self._db.keep(_BY_TELEGRAM_ID, telegram_id, rows[0][0] if rows else None)
            self._keep(person_id, rows)
        return None if person_id is None else self.get(person_id)

    def foresee(self, telegram_ids: Sequence[int]) -> Foresight[None]:
        """Read and hold all people with these Telegram ids at once."""
        (rows_by_id,) = yield [(SELECT_BY_TELEGRAM_ID, [{"telegram_id": number} for number in telegram_ids])]
        for number, rows in zip(telegram_ids, rows_by_id, strict=True):
            self._keep(self._db.keep(_BY_TELEGRAM_ID, number, rows[0][0] if rows else None), rows)

    def foresee_by_id(self, people: Iterable[PersonId]) -> Foresight[None]:
        """Read and hold at once those of these people that are not held yet."""
        missing = [person for person in dict.fromkeys(people) if self._db.get(PEOPLE, person) is ABSENT]
        (rows_by_id,) = yield [(SELECT_BY_ID, [{"id": person} for person in missing])]
        for person, rows in zip(missing, rows_by_id, strict=True):
            self._keep(person, rows)

    def _keep(self, person: PersonId | None, rows: list[Row]) -> Person | None:
        """Hold the person that was read, and return them. Return None if a person is held already, whose row may have
        been changed since."""
        if person is None or self._db.get(PEOPLE, person) is not ABSENT:
            return None
        return cast(Person | None, self._db.keep(PEOPLE, person, to_person(rows[0]) if rows else None))

    def find_by_username(self, username: str) -> Person | None:
        """Return the person last seen with this username, or None."""
        row = self._db.one(SELECT_BY_USERNAME, username=username)
        return to_person(row) if row else None

    def upsert(
        self,
        telegram_id: int,
        username: str | None,
        name: str,
        language: str,
        now: Moment,
        *,
        bot: int = FIRST_BOT,
    ) -> Person:
        """Store a person who writes for the first time, to a bot, or update their name and username. Return the person.

        The username is taken from anybody else who had it: in Telegram usernames change hands."""
        if username is not None:
            self._db.send(RELEASE_USERNAME, username=username, telegram_id=telegram_id)
        values = {"telegram_id": telegram_id, "username": username, "name": name, "language": language, "bot": bot}
        return to_person(self._db.all(UPSERT_PERSON, **values, now=now)[0])

    def give_consent(self, person: PersonId, now: Moment) -> bool:
        """Store the consent to the present terms. Return False if the person has consented before."""
        return self._db.changed(SET_CONSENT, id=person, now=now, terms=TERMS_VERSION) == 1

    def set_language(self, person: PersonId, language: str) -> None:
        self._db.send(SET_LANGUAGE, id=person, language=language)

    def make_requester(self, person: PersonId, on: bool) -> None:
        self._db.send(SET_REQUESTER, id=person, on=int(on))

    def set_acts_for(self, person: PersonId, team: PersonId | None) -> None:
        """Store the team for which a person acts; None is for themselves."""
        self._db.send(SET_ACTS_FOR, id=person, team=team)

    def set_called_to(self, person: PersonId, project: ProjectId) -> None:
        """Store that the person's next task is looked for in this project first."""
        self._db.send(SET_CALLED_TO, id=person, project=project)

    def clear_called_to(self, person: PersonId) -> None:
        """Forget the project to which the person was called."""
        person_row = self.get(person)
        if person_row.called_to is not None:
            self._db.change(PEOPLE, person, replace(person_row, called_to=None), called_to=None)

    def set_paused(self, person: PersonId, on: bool) -> None:
        """Pause or resume pushes. Either takes the person out of those who wait for one."""
        self._db.send(SET_PAUSED, id=person, on=int(on))

    def set_reachable(self, person: PersonId, on: bool) -> None:
        """Store whether Telegram delivers to the person; one who cannot be reached waits for no push."""
        self._db.send(SET_REACHABLE, id=person, on=int(on))

    def set_push_turns(self, turns: Iterable[tuple[PersonId, PushWindow]]) -> None:
        """Let each worker wait for a push, or rest until the moment at which one may come.

        A worker who may not be pushed to, or has an active assignment, does neither."""
        rows = [{"id": who, "waits": int(turn.waits), "until": turn.until} for who, turn in turns]
        if rows:  # a sweep asks every second, and whatever writes here lets go of all people held
            self._db.many(SET_PUSH_TURN, rows)

    def is_waiting(self, person: PersonId) -> bool:
        """Return whether the worker waits for a push, now or when their hours begin."""
        return self._db.one(SELECT_IS_WAITING, id=person) is not None

    def park(self, person: PersonId) -> None:
        """Set aside a waiting worker for whom there is no task, until one may have come."""
        self._db.send(PARK_WORKER, id=person)

    def mark_busy(self, person: PersonId, now: Moment) -> None:
        """Store that the worker was served now, and waits for no push."""
        self._db.change(PEOPLE, person, ABSENT, idle=0, push_changes_at=None, served_at=now)

    def clear_unanswered(self, person: PersonId) -> None:
        """Set the number of unanswered pushes to 0."""
        active = self.get(person)
        if active.unanswered:
            self._db.change(PEOPLE, person, replace(active, unanswered=0), unanswered=0)

    def count_unanswered_push(self, person: PersonId) -> None:
        """Count one more push as unanswered."""
        self._db.send(ADD_UNANSWERED_PUSH, id=person)

    def list_waiting(self, now: Moment, limit: int, bot: int = FIRST_BOT) -> list[Person]:
        """Return and hold at most `limit` workers of a bot who wait for a push, the one served least recently first."""
        waiting_people = [to_person(row) for row in self._db.all(SELECT_WAITING, now=now, limit=limit, bot=bot)]
        for person in waiting_people:
            if self._db.get(PEOPLE, person.id) is ABSENT:
                self._db.keep(PEOPLE, person.id, person)
        return waiting_people

    def unpark_some(self, limit: int) -> None:
        """Let at most `limit` parked workers wait again, the one served least recently first."""
        self._db.send(UNPARK_SOME, limit=limit)

    def unpark_one(self, person: PersonId) -> None:
        """Let a parked worker wait again: more tasks may be open to them than before."""
        self._db.send(UNPARK_ONE, id=person)

    def list_possible_workers(self, project: ProjectId, limit: int) -> list[PersonId]:
        """Return at most `limit` workers for whom the project has a task that they were not given yet.

        The project's conditions on who is asked are not applied."""
        return single_values(self._db.all(SELECT_POSSIBLE_WORKERS, project=project, limit=limit))

    def unpark_for(self, project: ProjectId, task: TaskId, limit: int) -> None:
        """Let at most `limit` parked workers wait again for whom a place in this task is possible."""
        self._db.send(UNPARK_FOR, project=project, task=task, limit=limit)

    def unpark_postponed(self, before: Moment) -> None:
        """Let parked workers wait again who are asked later in some project: no better worker is active there, or they
        were served before the moment `before`."""
        self._db.send(UNPARK_POSTPONED, before=before)

    def count_workers(self) -> int:
        """Return how many people have consented."""
        return int(single_value(self._db.one(COUNT_WORKERS)))

    def count_idle(self) -> int:
        """Return how many workers wait or are parked, from indexes that hold nobody else."""
        return int(single_value(self._db.one(COUNT_IDLE)))

    def list_with_telegram_ids(self, telegram_ids: tuple[int, ...]) -> list[PersonId]:
        """Return the ids of people who have one of these Telegram ids, in that order."""
        return [
            person
            for telegram_id in telegram_ids
            for person in single_values(self._db.all(SELECT_ID_BY_TELEGRAM_ID, telegram_id=telegram_id))
        ]


TRACE_SECRET = "remembering"  # noqa: S105 (a name)
INSERT_TRACE = "INSERT INTO remembered (person, trace) VALUES (:person, :trace)"
# Erased people with this Telegram id, and people paid to the same account as they were.
SELECT_FORMER_AND_PAYEES = """
SELECT r.person FROM remembered r WHERE r.trace = :trace AND r.person <> :person
UNION SELECT m.mate FROM remembered r JOIN payee_mates m ON m.person = r.person
WHERE r.trace = :trace AND m.mate <> :person ORDER BY 1"""
SELECT_FORMER_SELVES = "SELECT person FROM remembered WHERE trace = :trace AND person <> :person ORDER BY person"
# What was found of them in each project: they are asked later there until their new answers say otherwise.
COPY_DOUBTS = """
INSERT INTO enrolments (worker, project, later, worth, watch)
SELECT CAST(:person AS BIGINT), e.project, 2, e.worth, e.watch FROM enrolments e
WHERE e.worker = :former AND (e.later > 0 OR e.watch > 0) ON CONFLICT (worker, project) DO NOTHING"""

# Whom an admin had taken the requester's role from when they left last; not who was granted it since.
BAR_AGAIN = """
UPDATE people SET barred = 1 WHERE id = :person AND requester = 0 AND barred = 0 AND 1 = (
  SELECT p.barred FROM remembered r JOIN people p ON p.id = r.person
  WHERE r.trace = :trace AND r.person <> :person ORDER BY r.person DESC LIMIT 1)"""


class ErasedPeople:
    """Traces of erased people by a keyed hash of their Telegram id, so that a return under the same id is
    recognised."""

    def __init__(self, connection: Connection, secrets: Secrets) -> None:
        self._db = connection
        self._secrets = secrets

    def add_trace(self, person: PersonId, telegram_id: int) -> None:
        """Store the trace of a person who is erased."""
        self._db.changed(INSERT_TRACE, person=person, trace=self._trace(telegram_id))

    def list_former_selves(self, person: PersonId, telegram_id: int) -> list[PersonId]:
        """Return erased people who had this Telegram id, oldest first."""
        return single_values(self._db.all(SELECT_FORMER_SELVES, person=person, trace=self._trace(telegram_id)))

    def list_former_and_payees(self, person: PersonId, telegram_id: int) -> list[PersonId]:
        """Return erased people who had this Telegram id, and people paid to the same bank account as one of them."""
        return single_values(self._db.all(SELECT_FORMER_AND_PAYEES, person=person, trace=self._trace(telegram_id)))

    def copy_doubts(self, former: PersonId, person: PersonId) -> None:
        """Copy doubts about the former person to the new one: they are asked later in those projects until their
        answers say otherwise."""
        self._db.changed(COPY_DOUBTS, former=former, person=person)

    def bar_again(self, person: PersonId, telegram_id: int) -> bool:
        """Bar the person from opening projects if they were barred when they left last. Return whether it did."""
        return self._db.changed(BAR_AGAIN, person=person, trace=self._trace(telegram_id)) == 1

    def _trace(self, telegram_id: int) -> str:
        return hmac.digest(self._secrets.get(TRACE_SECRET), f"telegram:{telegram_id}".encode(), hashlib.sha256).hex()
