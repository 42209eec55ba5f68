"""The inbox: every update is stored before it is acknowledged, and ends as done, ignored or dead, with a reason.

One person's updates end in order, whichever process handles them: `FINISH_UPDATE` guarantees it. Each update has a
holder, the process that handles it: the holder of that person's other updates, else the process that stored it."""

from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from domain.messages import changed, record
from domain.moments import DAY, Moment
from domain.people.bots import FIRST_BOT, number_at
from domain.projects.projects import ProjectId
from storage.drivers.connection import Connection, Foresight, Row, foresee
from storage.drivers.records import Page, pack, read_page, single_value, unpack
from storage.drivers.rows import ABSENT, Holding, Insert, Table
from storage.invariants import LATEST_MOMENT, Invariant

ID_LIMIT = 2**63


@record
class ReceivedUpdate:
    """A raw update as Telegram sent it; `update_id` says to which bot, too (domain/people/bots.py).

    `person` is the Telegram id in whose order it waits, 0 for none; a checkout, which waits for nothing, has a number
    below 0 of its own. `begun` is how often a process died while it was in progress; `packed` is its stored form, ""
    until `pack_update` was called."""

    update_id: int
    person: int
    payload: dict[str, Any]
    tries: int = 0
    begun: int = 0
    packed: str = ""

    @property
    def is_urgent(self) -> bool:
        """Return whether Telegram waits for an answer within ten seconds: a checkout of a card payment."""
        return "pre_checkout_query" in self.payload


def read_update(payload: dict[str, Any], bot: int = FIRST_BOT) -> ReceivedUpdate:
    """Return a raw update to a bot with its person: the sender, else the chat, else 0. Of an update from a group or
    channel only its id is kept."""
    number = number_at(bot, int(payload["update_id"]))
    if "pre_checkout_query" in payload:
        return ReceivedUpdate(number, -number, payload)
    for event in payload.values():
        if isinstance(event, dict):
            if _is_shared(event):
                return ReceivedUpdate(number, 0, {"update_id": payload["update_id"]})
            actor = event.get("from") or event.get("user") or event.get("actor_chat") or event.get("chat")
            return ReceivedUpdate(number, _id_of(actor), payload)
    return ReceivedUpdate(number, 0, payload)


def _is_shared(event: dict[str, Any]) -> bool:
    """Return whether the event is from a group or channel."""
    message = event.get("message")
    chat = event.get("chat") or (message.get("chat") if isinstance(message, dict) else None)
    return isinstance(chat, dict) and chat.get("type") in ("group", "supergroup", "channel")


def _id_of(actor: object) -> int:
    """Return the actor's id; 0 if there is none that a database can hold."""
    number = actor.get("id") if isinstance(actor, dict) else None
    if not isinstance(number, int) or isinstance(number, bool):
        return 0
    return number if abs(number) < ID_LIMIT else 0


def pack_update(update: ReceivedUpdate) -> ReceivedUpdate:
    """Return the update with its stored form. If a number or text in it cannot be stored, only the id is kept, so that
    later updates do not wait."""
    if update.packed:
        return update
    try:
        return changed(update, packed=pack(update.payload))
    except TypeError:
        bare = {"update_id": update.payload["update_id"]}
        return changed(update, payload=bare, packed=pack(bare))


SELECT_RUN = """
SELECT first_update, last_update, started_at FROM received_updates
WHERE last_update = :last ORDER BY started_at DESC LIMIT 1"""
DELETE_RUNS = "DELETE FROM received_updates WHERE started_at < :before"
INSERT_RUN = Insert(
    "first_update, last_update, started_at",
    "SELECT :first_update, :last_update, :started_at\nWHERE 1 = 1",
    "ON CONFLICT (first_update) DO NOTHING",
    optional=True,
)
RUN_TABLE = Table(("received_updates",), keys=("first_update",), guard="last_update", insert=INSERT_RUN)
LATEST_RUN = Holding(("received_updates",), lasts=True)  # by "run", the one that was noted last


class UpdateRun(NamedTuple):
    first: int
    last: int
    started_at: Moment


class ReceivedRuns:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def foresee(self, number: int) -> Foresight[None]:
        """Hold the run of ids that this number continues."""
        if self._find_run_to(number - 1) is None:
            (row_lists,) = yield [(SELECT_RUN, [{"last": number - 1}])]
            for row in row_lists[0]:
                self._db.keep(LATEST_RUN, "run", UpdateRun(*row))

    def add(self, update_ids: Iterable[int]) -> None:
        """Extend the run of received ids, or begin a new one: after a gap, and once a day."""
        for _, numbers in groupby(enumerate(sorted(update_ids)), key=lambda pair: pair[1] - pair[0]):
            consecutive = [number for _, number in numbers]
            run = self._find_run_to(consecutive[0] - 1)
            if run is not None and run.started_at > self._now - DAY:
                self._db.change(RUN_TABLE, run.first, ABSENT, guard=run.last, last_update=consecutive[-1])
                run = run._replace(last=consecutive[-1])
            else:
                run = UpdateRun(consecutive[0], consecutive[-1], self._now)
                self._db.add(
                    RUN_TABLE,
                    run.first,
                    ABSENT,
                    first_update=run.first,
                    last_update=run.last,
                    started_at=run.started_at,
                )
            self._db.hold_changed(LATEST_RUN, "run", run)

    def delete_before(self, before: Moment) -> None:
        self._db.send(DELETE_RUNS, before=before)

    def _find_run_to(self, last: int) -> UpdateRun | None:
        """Return the held run that ends with this number, or None."""
        run = self._db.get(LATEST_RUN, "run")
        return run if isinstance(run, UpdateRun) and run.last == last else None


# Not to be stored as one of its set: it is here already, or another of its person waits.
SELECT_IF_NOT_NEW = """
SELECT 1 WHERE EXISTS (SELECT 1 FROM inbox WHERE update_id = :update_id)
  OR EXISTS (SELECT 1 FROM inbox WHERE person = :person AND state = 'waiting')"""
INSERT_UPDATE = Insert(
    "update_id, person, payload, state, reason, received_at, ended_at, holder",
    "SELECT :update_id, :person, :payload, :state, :reason, :received_at, :ended_at, :holder\nWHERE 1 = 1",
    "ON CONFLICT (update_id) DO NOTHING",
)
STORE_UPDATE = """
INSERT INTO inbox (update_id, person, payload, state, received_at, holder)
SELECT :update_id, :person, :payload, 'waiting', :now, coalesce((
  SELECT holder FROM inbox WHERE person = :person AND state = 'waiting' ORDER BY update_id DESC LIMIT 1), :holder)
WHERE 1 = 1
ON CONFLICT (update_id) DO NOTHING RETURNING update_id, holder"""
# Of which project this person has a task in hand.
SELECT_PROJECT_IN_HAND = """
SELECT a.project FROM people p JOIN assignments a ON a.worker = p.id AND a.state = 'active'
WHERE p.telegram_id = :person"""
SELECT_WAITING_UPDATES = """
SELECT update_id, person, payload, tries, begun FROM inbox
WHERE state = 'waiting' AND holder = :holder AND update_id > :after AND update_id <= :last
ORDER BY update_id LIMIT :limit"""
# The next holder, by name.
SELECT_NEXT_HOLDER = "SELECT min(holder) FROM inbox WHERE state = 'waiting' AND holder > :after"
# Some people's updates, all of each, change hands.
TAKE_OVER_UPDATES = """
UPDATE inbox SET holder = :holder WHERE state = 'waiting' AND holder = :gone AND person IN (
  SELECT person FROM (
    SELECT person FROM inbox WHERE state = 'waiting' AND holder = :gone ORDER BY update_id LIMIT :limit) first)"""
# An earlier update of the same person waits.
EARLIER_UPDATE_WAITS = """EXISTS (
  SELECT 1 FROM inbox e WHERE e.person = inbox.person AND e.state = 'waiting' AND e.update_id < inbox.update_id)"""
# An ended update keeps its number, so that it is known again; its content is let go, and whose it was: when somebody
# pressed what would tell who wrote on the board.
FINISH_UPDATE = f"""
UPDATE inbox SET state = :state, reason = :reason, ended_at = :now, payload = '',
  person = CASE WHEN :state = 'dead' THEN person ELSE 0 END
WHERE update_id = :update_id AND state = 'waiting' AND NOT {EARLIER_UPDATE_WAITS}"""
# Whether it waits, and is the first of its person.
INBOX = Table(("inbox",), lasts=True, order=1, keys=("update_id",), guard="state", insert=INSERT_UPDATE)
ARRIVAL_TIMES = Holding(("inbox",))  # when it was received, while its row may be still to be written
COUNT_FAILURE = "UPDATE inbox SET tries = tries + 1 WHERE update_id = :update_id AND state = 'waiting' RETURNING tries"
# It is under way: whether it outlives this process is not known.
COUNT_BEGIN = "UPDATE inbox SET begun = begun + 1 WHERE update_id = :update_id AND state = 'waiting'"
RESET_BEGUN = "UPDATE inbox SET begun = 0 WHERE update_id = :update_id AND state = 'waiting' AND begun > 0"
SELECT_LATER_UPDATES = """
SELECT update_id, person, payload, tries, begun FROM inbox
WHERE person = :person AND state = 'waiting' AND update_id > :after ORDER BY update_id DESC LIMIT :limit"""
SELECT_IS_FIRST = f"""
SELECT CASE WHEN {EARLIER_UPDATE_WAITS} THEN 0 ELSE 1 END FROM inbox
WHERE update_id = :update_id AND state = 'waiting'"""
SELECT_RECEIVED_AT = "SELECT received_at FROM inbox WHERE update_id = :update_id"
SELECT_INBOX_LAG = "SELECT count(*), min(received_at) FROM inbox WHERE state = 'waiting'"
DELETE_ENDED_UPDATES = """
DELETE FROM inbox WHERE update_id IN (
  SELECT update_id FROM inbox WHERE state <> 'waiting' AND state IN ('done', 'ignored')
  AND ended_at < :before ORDER BY ended_at LIMIT :limit)"""

Holder = Callable[[int], str]
Home = Callable[[ProjectId], str]

NO_HOLDER = "nobody"  # holds updates that any process may take


class EarlierUpdateWaits(Exception):
    """An earlier update of the same person has not ended; nothing was stored."""


def _update_from(row: Row) -> ReceivedUpdate:
    update, person, payload, tries, begun = row
    return ReceivedUpdate(update, person, unpack(payload), tries, begun)


class Inbox:
    def __init__(self, connection: Connection, now: Moment, signals: set[str]) -> None:
        self._db = connection
        self._now = now
        self._signals = signals
        self._runs = ReceivedRuns(connection, now)

    def store(
        self,
        updates: Iterable[ReceivedUpdate],
        holder: Holder = lambda person: NO_HOLDER,
        home: Home | None = None,
        taken: Container[int] = (),
    ) -> dict[int, str]:
        """Store each update once; return the holders of those that were new, by their ids.

        A person's first waiting update goes to `home(project)` of the task that the person has in hand, else to
        `holder(person)`. Nothing is signalled for updates in `taken`, which are in progress already."""
        by_id = {update.update_id: pack_update(update) for update in updates}
        at_home = self._at_home([update.person for update in by_id.values()], home) if home else {}
        values_by_id = {
            number: self._values(u, at_home.get(u.person) or holder(u.person)) for number, u in by_id.items()
        }
        not_new = self._find_not_new(values_by_id)
        holder_by_id: dict[int, str] = (
            {row[0]: row[1] for row in self._db.returned(STORE_UPDATE, not_new.values())} if not_new else {}
        )
        if home is not None or any(
            actual_holder != not_new[number]["holder"] for number, actual_holder in holder_by_id.items()
        ):
            self._signals.add("elsewhere")
        self._add_new(values_by_id.keys() - not_new.keys(), values_by_id)
        new = {
            number: holder_by_id.get(number, str(values["holder"]))
            for number, values in values_by_id.items()
            if number in holder_by_id or number not in not_new
        }
        if any(number not in taken for number in new):
            self._signals.add("inbox")
        self._runs.add(new)
        return new

    def _at_home(self, people: Sequence[int], home: Home) -> dict[int, str]:
        distinct = list(dict.fromkeys(people))
        (row_lists,) = self._db.foresee([(SELECT_PROJECT_IN_HAND, [{"person": person} for person in distinct])])
        return {person: home(ProjectId(rows[0][0])) for person, rows in zip(distinct, row_lists, strict=True) if rows}

    def _values(self, update: ReceivedUpdate, holder: str) -> dict[str, Any]:
        values = {"update_id": update.update_id, "person": update.person, "payload": update.packed}
        return {**values, "now": self._now, "holder": holder}

    def _find_not_new(self, values_by_id: Mapping[int, dict[str, Any]]) -> dict[int, dict[str, Any]]:
        """Return the values of updates that are stored already, or that follow waiting ones of their person."""
        if not values_by_id:
            return {}
        if self._db.pending(INBOX):
            self._db.flush()
        row_lists, _ = foresee(
            self._db, self._foresee_not_new(list(values_by_id.values())), self._runs.foresee(min(values_by_id))
        )
        return {number: values for (number, values), rows in zip(values_by_id.items(), row_lists, strict=True) if rows}

    def _foresee_not_new(self, values: Sequence[Mapping[str, Any]]) -> Foresight[list[list[Row]]]:
        (row_lists,) = yield [(SELECT_IF_NOT_NEW, values)]
        return row_lists

    def _add_new(self, update_ids: Collection[int], values_by_id: Mapping[int, dict[str, Any]]) -> None:
        """Add updates to the rows written at the commit: they have ended by then, as a rule. Only the first of each
        person is known to be first."""
        people = set[int]()
        for number in sorted(update_ids):
            values = dict(values_by_id[number])
            received_at, person = values.pop("now"), values["person"]
            is_first = ABSENT if person in people else True
            people.add(person)
            self._db.add(
                INBOX, number, is_first, **values, state="waiting", reason=None, received_at=received_at, ended_at=None
            )
            self._db.hold_changed(ARRIVAL_TIMES, number, received_at)

    def list_waiting(
        self,
        ranges: Sequence[tuple[int, int]],
        limit: int,
        known_ids: Container[int] = (),
        holder: str = NO_HOLDER,
    ) -> list[Page[ReceivedUpdate]]:
        """Return a page for each range of numbers, (after, last): the holder's first `limit` waiting updates in it, in
        order, without those known."""
        values = [{"after": after, "last": last, "limit": limit, "holder": holder} for after, last in ranges]
        (row_lists,) = self._db.read_current([(SELECT_WAITING_UPDATES, values)])
        return [
            read_page(rows, after, limit, known_ids, _update_from)
            for (after, _), rows in zip(ranges, row_lists, strict=True)
        ]

    def find_later(self, person: int, update_id: int, limit: int) -> list[ReceivedUpdate]:
        """Return the newest waiting updates behind one of the same person."""
        return [
            _update_from(row) for row in self._db.all(SELECT_LATER_UPDATES, person=person, after=update_id, limit=limit)
        ]

    def count_begin(self, update_id: int) -> bool:
        """Count the update as in progress, in case this process dies during it; return False if it does not wait."""
        return self._db.changed(COUNT_BEGIN, update_id=update_id) > 0

    def reset_begun(self, update_id: int) -> None:
        """Reset the count of begins: the process survived the update."""
        self._db.changed(RESET_BEGUN, update_id=update_id)

    def adopt(self, holder: str, alive: Collection[str], people: int) -> int:
        """Take over the updates of dead holders, of `people` persons at most for each; return how many updates."""
        count, next_holder = 0, ""
        while next_holder := single_value(self._db.one(SELECT_NEXT_HOLDER, after=next_holder)) or "":
            if next_holder != holder and next_holder not in alive:
                count += self._db.changed(TAKE_OVER_UPDATES, holder=holder, gone=next_holder, limit=people)
        return count

    def finish(self, update_id: int, state: str = "done", reason: str | None = None) -> bool:
        """End an update; return False if it was ended before. Raise EarlierUpdateWaits while an earlier one of its
        person waits."""
        if self._is_first_known(update_id):
            columns: dict[str, Any] = {"state": state, "reason": reason, "ended_at": self._now, "payload": ""}
            if state != "dead":
                columns["person"] = 0
            self._db.change(INBOX, update_id, False, guard="waiting", **columns)
            return True
        if self._db.changed(FINISH_UPDATE, update_id=update_id, state=state, reason=reason, now=self._now):
            return True
        if self.is_waiting(update_id):
            raise EarlierUpdateWaits(update_id)
        return False

    def foresee(self, update_ids: Sequence[int]) -> Foresight[None]:
        """Hold which of the updates wait and are the first of their person."""
        unknown_ids = [number for number in update_ids if self._db.get(INBOX, number) is ABSENT]
        (row_lists,) = yield [(SELECT_IS_FIRST, [{"update_id": number} for number in unknown_ids])]
        for number, rows in zip(unknown_ids, row_lists, strict=True):
            self._db.keep(INBOX, number, bool(single_value(rows[0] if rows else None, 0)))

    def _is_first_known(self, update_id: int) -> bool:
        """Return whether the update waits and is the first of its person, by the held rows."""
        is_first = self._db.get(INBOX, update_id)
        if is_first is ABSENT:
            rows = self._db.peek(SELECT_IS_FIRST, update_id=update_id)
            is_first = self._db.keep(INBOX, update_id, bool(single_value(rows[0] if rows else None, 0)))
        return bool(is_first)

    def count_failure(self, update_id: int) -> int:
        """Count a failure of this update; return how often it has failed by now."""
        return int(single_value(self._db.one(COUNT_FAILURE, update_id=update_id), 0))

    def received_at(self, update_id: int) -> Moment | None:
        if (moment := self._db.get(ARRIVAL_TIMES, update_id)) is not ABSENT:
            return Moment(moment)
        row = self._db.one(SELECT_RECEIVED_AT, update_id=update_id)
        return Moment(row[0]) if row else None

    def is_waiting(self, update_id: int) -> bool:
        return self._db.one(SELECT_IS_FIRST, update_id=update_id) is not None

    def is_first(self, update_id: int) -> bool:
        """Return whether the update waits, and no earlier one of its person does."""
        return bool(single_value(self._db.one(SELECT_IS_FIRST, update_id=update_id), 0))

    def lag(self) -> tuple[int, Moment | None]:
        """Return how many updates wait, and since when the oldest does."""
        row = self._db.all(SELECT_INBOX_LAG)[0]
        return int(row[0]), row[1]

    def forget(self, before: Moment, limit: int) -> int:
        self._runs.delete_before(before)
        return self._db.changed(DELETE_ENDED_UPDATES, before=before, limit=limit)


# Rule 9: every update ends, and every keyed message is written once.
MIN_UPDATE_RETENTION = 29 * DAY  # after which some may have been forgotten
# An update waits, or has ended at a moment; one that was given up has a reason.
UPDATES_END_WITH_REASON = Invariant(
    9,
    "every update waits or ends with a reason",
    """
SELECT 'update ' || update_id AS subject, state || coalesce(', ended at ' || ended_at, ', not ended')
  || coalesce(', ' || reason, ', no reason') AS detail
FROM inbox WHERE (state = 'waiting') <> (ended_at IS NULL) OR (state = 'dead' AND coalesce(reason, '') = '')""",
)
# Telegram may send an update several times.
UPDATES_ARE_STORED_ONCE = Invariant(
    9,
    "every update is known once",
    """
SELECT 'update ' || update_id AS subject, 'stored ' || count(*) || ' times' AS detail
FROM inbox GROUP BY update_id HAVING count(*) > 1""",
)
# Telegram forgets updates below the confirmed offset, so that a missing one is lost for good.
CONFIRMED_UPDATES_ARE_STORED = Invariant(
    9,
    "every update that was confirmed is in the inbox",
    f"""
SELECT 'updates ' || r.first_update || ' to ' || r.last_update AS subject, r.wanted || ' received, ' || r.found
  || ' in the inbox' AS detail
FROM (
  SELECT first_update, last_update, last_update - first_update + 1 AS wanted,
    (SELECT count(*) FROM inbox WHERE update_id BETWEEN first_update AND last_update) AS found
  FROM received_updates WHERE started_at > {LATEST_MOMENT} - {MIN_UPDATE_RETENTION}
) AS r WHERE r.wanted <> r.found""",
)
