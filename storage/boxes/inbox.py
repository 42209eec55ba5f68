"""The inbox: every update is stored before it is acknowledged, and ends as done, ignored or dead, with a reason.

One person's updates end in order, whichever process handles them: `FINISH` guarantees it.
Each has a holder, the process that handles it: the holder of that person's other updates, else the process that
stored it.
"""

from collections.abc import (
    Callable,
    Collection,
    Container,
    Iterable,
    Mapping,
    Sequence,
)
from itertools import groupby
from typing import Any, NamedTuple

from domain.messages import changed, record
from domain.moments import DAY, Moment
from domain.projects.projects import ProjectId
from storage.drivers.connection import (
    Connection,
    Foresight,
    Row,
    foresee,
)
from storage.drivers.records import (
    Page,
    pack,
    read_page,
    single_value,
    unpack,
)
from storage.drivers.rows import (
    ABSENT,
    Holding,
    Insert,
    Table,
)

LARGEST_ID = 2**63


@record
class Received:
    """A raw update as Telegram sent it; `person` is the Telegram id whose lane it waits in, 0 for none; `begun` is how
    often a process died while it was in progress; `packed` is how the inbox keeps it, "" until it is `storable`."""

    update_id: int
    person: int
    payload: dict[str, Any]
    tries: int = 0
    begun: int = 0
    packed: str = ""


def received(payload: dict[str, Any]) -> Received:
    """A raw update with its person: the sender, else the chat, else 0. Of what people do in a group or channel nothing
    is kept but that there was an update."""
    for event in payload.values():
        if isinstance(event, dict):
            if _is_shared(event):
                return Received(int(payload["update_id"]), 0, {"update_id": payload["update_id"]})
            actor = event.get("from") or event.get("user") or event.get("actor_chat") or event.get("chat")
            return Received(int(payload["update_id"]), _id_of(actor), payload)
    return Received(int(payload["update_id"]), 0, payload)


def _is_shared(event: dict[str, Any]) -> bool:
    """Whether others are in its chat."""
    message = event.get("message")
    chat = event.get("chat") or (message.get("chat") if isinstance(message, dict) else None)
    return isinstance(chat, dict) and chat.get("type") in ("group", "supergroup", "channel")


def _id_of(actor: object) -> int:
    """The id; 0 where there is none that a database can hold."""
    number = actor.get("id") if isinstance(actor, dict) else None
    if not isinstance(number, int) or isinstance(number, bool):
        return 0
    return number if abs(number) < LARGEST_ID else 0


def storable(update: Received) -> Received:
    """The update, packed; of one with a number or text that cannot be stored only the id is kept, so that later ones do
    not wait."""
    if update.packed:
        return update
    try:
        return changed(update, packed=pack(update.payload))
    except TypeError:
        kept = {"update_id": update.payload["update_id"]}
        return changed(update, payload=kept, packed=pack(kept))


RUN = """
SELECT first_update, last_update, started_at FROM received_updates
WHERE last_update = :last ORDER BY started_at DESC LIMIT 1"""
FORGET_RUNS = "DELETE FROM received_updates WHERE started_at < :before"
BEGINS = Insert(
    "first_update, last_update, started_at",
    "SELECT :first_update, :last_update, :started_at\nWHERE 1 = 1",
    "ON CONFLICT (first_update) DO NOTHING",
    optional=True,
)
RUNS = Table(("received_updates",), keys=("first_update",), guard="last_update", insert=BEGINS)
LATEST = Holding(("received_updates",), lasts=True)  # by "run", the one that was noted last


class Run(NamedTuple):
    first: int
    last: int
    started_at: Moment


class ReceivedRuns:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def foresee(self, number: int) -> Foresight[None]:
        """Holds the run that goes on with this number."""
        if self._to(number - 1) is None:
            (found,) = yield [(RUN, [{"last": number - 1}])]
            for row in found[0]:
                self._db.keep(LATEST, "run", Run(*row))

    def note(self, new: Iterable[int]) -> None:
        """A run goes on, or begins: a new one every day."""
        for _, numbers in groupby(enumerate(sorted(new)), key=lambda pair: pair[1] - pair[0]):
            these = [number for _, number in numbers]
            run = self._to(these[0] - 1)
            if run is not None and run.started_at > self._now - DAY:
                self._db.change(RUNS, run.first, ABSENT, guard=run.last, last_update=these[-1])
                run = run._replace(last=these[-1])
            else:
                run = Run(these[0], these[-1], self._now)
                self._db.add(
                    RUNS, run.first, ABSENT, first_update=run.first, last_update=run.last, started_at=run.started_at
                )
            self._db.put(LATEST, "run", run)

    def forget(self, before: Moment) -> None:
        self._db.send(FORGET_RUNS, before=before)

    def _to(self, last: int) -> Run | None:
        """The run that ends with this number, if it is held."""
        found = self._db.get(LATEST, "run")
        return found if isinstance(found, Run) and found.last == last else None


# Not to be stored as one of its set: it is here already, or another of its person waits.
KNOWN = """
SELECT 1 WHERE EXISTS (SELECT 1 FROM inbox WHERE update_id = :update_id)
  OR EXISTS (SELECT 1 FROM inbox WHERE person = :person AND state = 'waiting')"""
NEW = Insert(
    "update_id, person, payload, state, reason, received_at, ended_at, holder",
    "SELECT :update_id, :person, :payload, :state, :reason, :received_at, :ended_at, :holder\nWHERE 1 = 1",
    "ON CONFLICT (update_id) DO NOTHING",
)
STORE = """
INSERT INTO inbox (update_id, person, payload, state, received_at, holder)
SELECT :update_id, :person, :payload, 'waiting', :now, coalesce((
  SELECT holder FROM inbox WHERE person = :person AND state = 'waiting' ORDER BY update_id DESC LIMIT 1), :holder)
WHERE 1 = 1
ON CONFLICT (update_id) DO NOTHING RETURNING update_id, holder"""
# Of which project this person has a task in hand.
IN_HAND = """
SELECT a.project FROM people p JOIN assignments a ON a.worker = p.id AND a.state = 'active'
WHERE p.telegram_id = :person"""
WAITING = """
SELECT update_id, person, payload, tries, begun FROM inbox
WHERE state = 'waiting' AND holder = :holder AND update_id > :after ORDER BY update_id LIMIT :limit"""
# The next holder, by name.
HOLDER = "SELECT min(holder) FROM inbox WHERE state = 'waiting' AND holder > :after"
# Some people's updates, all of each, change hands.
ADOPT = """
UPDATE inbox SET holder = :holder WHERE state = 'waiting' AND holder = :gone AND person IN (
  SELECT person FROM (
    SELECT person FROM inbox WHERE state = 'waiting' AND holder = :gone ORDER BY update_id LIMIT :limit) first)"""
# An earlier update of the same person waits.
NOT_YET = """EXISTS (
  SELECT 1 FROM inbox e WHERE e.person = inbox.person AND e.state = 'waiting' AND e.update_id < inbox.update_id)"""
# An ended update keeps its number, so that it is known again; its content is let go, and whose it was: when somebody
# pressed what would tell who wrote on the board.
FINISH = f"""
UPDATE inbox SET state = :state, reason = :reason, ended_at = :now, payload = '',
  person = CASE WHEN :state = 'dead' THEN person ELSE 0 END
WHERE update_id = :update_id AND state = 'waiting' AND NOT {NOT_YET}"""
# Whether it waits, and is the first of its person.
INBOX = Table(("inbox",), lasts=True, order=1, keys=("update_id",), guard="state", insert=NEW)
ARRIVAL = Holding(("inbox",))  # when it was received, while its row may be still to be written
FAILED = "UPDATE inbox SET tries = tries + 1 WHERE update_id = :update_id AND state = 'waiting' RETURNING tries"
# It is under way: whether it outlives this process is not known.
BEGUN = "UPDATE inbox SET begun = begun + 1 WHERE update_id = :update_id AND state = 'waiting'"
OUTLIVED = "UPDATE inbox SET begun = 0 WHERE update_id = :update_id AND state = 'waiting' AND begun > 0"
AFTER = """
SELECT update_id, person, payload, tries, begun FROM inbox
WHERE person = :person AND state = 'waiting' AND update_id > :after ORDER BY update_id DESC LIMIT :limit"""
IS_WAITING = (
    f"SELECT CASE WHEN {NOT_YET} THEN 0 ELSE 1 END FROM inbox WHERE update_id = :update_id AND state = 'waiting'"
)
RECEIVED_AT = "SELECT received_at FROM inbox WHERE update_id = :update_id"
LAG = "SELECT count(*), min(received_at) FROM inbox WHERE state = 'waiting'"
FORGET = """
DELETE FROM inbox WHERE update_id IN (
  SELECT update_id FROM inbox WHERE state <> 'waiting' AND state IN ('done', 'ignored')
  AND ended_at < :before ORDER BY ended_at LIMIT :limit)"""

Holder = Callable[[int], str]
Home = Callable[[ProjectId], str]

NOBODY = "nobody"  # holds updates that any process may take


class NotYet(Exception):
    """An earlier update of the same person has not ended; nothing was kept."""


def _received(row: Row) -> Received:
    update, person, payload, tries, begun = row
    return Received(update, person, unpack(payload), tries, begun)


class Inbox:
    def __init__(self, connection: Connection, now: Moment, signals: set[str]) -> None:
        self._db = connection
        self._now = now
        self._signals = signals
        self._runs = ReceivedRuns(connection, now)

    def store(
        self,
        updates: Iterable[Received],
        holder: Holder = lambda person: NOBODY,
        home: Home | None = None,
        taken: Container[int] = (),
    ) -> list[int]:
        """Keeps each update once; returns the ids that were new. A first one of its person is taken up by
        `home(project)` of the task they have in hand, else by `holder(person)`. Of those `taken` up already nothing is
        signalled."""
        kept = {update.update_id: storable(update) for update in updates}
        at_home = self._at_home([update.person for update in kept.values()], home) if home else {}
        asked = {number: self._values(u, at_home.get(u.person) or holder(u.person)) for number, u in kept.items()}
        known = self._known(asked)
        held: dict[int, str] = {row[0]: row[1] for row in self._db.returned(STORE, known.values())} if known else {}
        if home is not None or any(other != known[number]["holder"] for number, other in held.items()):
            self._signals.add("elsewhere")
        self._add(asked.keys() - known.keys(), asked)
        new = [number for number in asked if number in held or number not in known]
        if any(number not in taken for number in new):
            self._signals.add("inbox")
        self._runs.note(new)
        return new

    def _at_home(self, people: Sequence[int], home: Home) -> dict[int, str]:
        known = list(dict.fromkeys(people))
        (found,) = self._db.foresee([(IN_HAND, [{"person": person} for person in known])])
        return {person: home(ProjectId(rows[0][0])) for person, rows in zip(known, found, strict=True) if rows}

    def _values(self, update: Received, holder: str) -> dict[str, Any]:
        values = {"update_id": update.update_id, "person": update.person, "payload": update.packed}
        return {**values, "now": self._now, "holder": holder}

    def _known(self, asked: Mapping[int, dict[str, Any]]) -> dict[int, dict[str, Any]]:
        """Those that are here already, and those behind others of their person."""
        if not asked:
            return {}
        if self._db.pending(INBOX):
            self._db.flush()
        found, _ = foresee(self._db, self._rows(list(asked.values())), self._runs.foresee(min(asked)))
        return {number: values for (number, values), rows in zip(asked.items(), found, strict=True) if rows}

    def _rows(self, asked: Sequence[Mapping[str, Any]]) -> Foresight[list[list[Row]]]:
        (found,) = yield [(KNOWN, asked)]
        return found

    def _add(self, new: Collection[int], asked: Mapping[int, dict[str, Any]]) -> None:
        """Written at the end, as it has ended by then. The first of each person need not be asked for."""
        people = set[int]()
        for number in sorted(new):
            values = dict(asked[number])
            at, person = values.pop("now"), values["person"]
            first = ABSENT if person in people else True
            people.add(person)
            self._db.add(INBOX, number, first, **values, state="waiting", reason=None, received_at=at, ended_at=None)
            self._db.put(ARRIVAL, number, at)

    def page(self, after: int, limit: int, known: Container[int] = (), holder: str = NOBODY) -> Page[Received]:
        """The holder's next `limit` behind `after`, in order, without those known."""
        rows = self._db.all(WAITING, after=after, limit=limit, holder=holder)
        return read_page(rows, after, limit, known, _received)

    def after(self, person: int, update_id: int, limit: int) -> list[Received]:
        """The newest that wait behind one of the same person."""
        return [_received(row) for row in self._db.all(AFTER, person=person, after=update_id, limit=limit)]

    def begun(self, update_id: int) -> bool:
        """Counts the update as in progress, in case this process dies during it; False where it does not wait."""
        return self._db.changed(BEGUN, update_id=update_id) > 0

    def outlived(self, update_id: int) -> None:
        """Resets the count: the process survived the update."""
        self._db.changed(OUTLIVED, update_id=update_id)

    def adopt(self, holder: str, alive: Collection[str], people: int) -> int:
        """Takes over updates of dead holders, of so many people at most; returns how many updates."""
        found, other = 0, ""
        while other := single_value(self._db.one(HOLDER, after=other)) or "":
            if other != holder and other not in alive:
                found += self._db.changed(ADOPT, holder=holder, gone=other, limit=people)
        return found

    def finish(self, update_id: int, state: str = "done", reason: str | None = None) -> bool:
        """True for the caller who ends it; False when it was ended before. Raises NotYet while an earlier one waits."""
        if self._is_first_known(update_id):
            ended: dict[str, Any] = {"state": state, "reason": reason, "ended_at": self._now, "payload": ""}
            if state != "dead":
                ended["person"] = 0
            self._db.change(INBOX, update_id, False, guard="waiting", **ended)
            return True
        if self._db.changed(FINISH, update_id=update_id, state=state, reason=reason, now=self._now):
            return True
        if self.is_waiting(update_id):
            raise NotYet(update_id)
        return False

    def foresee(self, update_ids: Sequence[int]) -> Foresight[None]:
        """Holds which of them wait and are the first of their person."""
        asked = [number for number in update_ids if self._db.get(INBOX, number) is ABSENT]
        (found,) = yield [(IS_WAITING, [{"update_id": number} for number in asked])]
        for number, rows in zip(asked, found, strict=True):
            self._db.keep(INBOX, number, bool(single_value(rows[0] if rows else None, 0)))

    def _is_first_known(self, update_id: int) -> bool:
        """Whether it waits, and no earlier one does, for all that is held."""
        found = self._db.get(INBOX, update_id)
        if found is ABSENT:
            rows = self._db.peek(IS_WAITING, update_id=update_id)
            found = self._db.keep(INBOX, update_id, bool(single_value(rows[0] if rows else None, 0)))
        return bool(found)

    def failed(self, update_id: int) -> int:
        """How often this update has failed by now."""
        return int(single_value(self._db.one(FAILED, update_id=update_id), 0))

    def received_at(self, update_id: int) -> Moment | None:
        if (at := self._db.get(ARRIVAL, update_id)) is not ABSENT:
            return Moment(at)
        row = self._db.one(RECEIVED_AT, update_id=update_id)
        return Moment(row[0]) if row else None

    def is_waiting(self, update_id: int) -> bool:
        return self._db.one(IS_WAITING, update_id=update_id) is not None

    def is_first(self, update_id: int) -> bool:
        """Whether it waits, and no earlier one of its person does."""
        return bool(single_value(self._db.one(IS_WAITING, update_id=update_id), 0))

    def lag(self) -> tuple[int, Moment | None]:
        """How many wait, and since when the oldest does."""
        row = self._db.all(LAG)[0]
        return int(row[0]), row[1]

    def forget(self, before: Moment, limit: int) -> int:
        self._runs.forget(before)
        return self._db.changed(FORGET, before=before, limit=limit)
