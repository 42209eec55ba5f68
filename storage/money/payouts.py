"""Payouts, the accounts they go to, and the files in which they go to the bank."""

from dataclasses import dataclass

from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.money.payouts import (
    FUNDING_CURRENCY,
    BankFile,
    BankFileId,
    Channel,
    Payee,
    PayeeId,
    Payer,
    Payout,
    PayoutId,
    PayoutState,
)
from domain.people.accounts import PersonId
from storage.drivers.connection import Connection, Row
from storage.drivers.records import columns, single_value, single_values
from storage.invariants import Invariant
from storage.money.bank_lines import BankLines

_PAYEE = columns(Payee)

SELECT_PAYEE = f"SELECT {_PAYEE} FROM payees WHERE id = :id"
# The newest that may be used by now.
SELECT_CURRENT_PAYEE = f"""
SELECT {_PAYEE} FROM payees WHERE person = :person AND usable_at <= :now AND replaced_at IS NULL
ORDER BY id DESC LIMIT 1"""
SELECT_COMING_PAYEE = f"""
SELECT {_PAYEE} FROM payees WHERE person = :person AND usable_at > :now AND replaced_at IS NULL
ORDER BY id DESC LIMIT 1"""
# Changed again before it was ever used: the one in between is never paid to.
REPLACE_COMING_PAYEE = """
UPDATE payees SET replaced_at = :now WHERE person = :person AND usable_at > :now AND replaced_at IS NULL"""
INSERT_PAYEE = f"""
INSERT INTO payees (person, iban, holder, fingerprint, given_at, usable_at, channel, target)
VALUES (:person, :iban, :holder, :fingerprint, :now, :usable_at, :channel, :target) RETURNING {_PAYEE}"""
SELECT_PEOPLE_WITH_ACCOUNT = (
    "SELECT DISTINCT person FROM payees WHERE fingerprint = :fingerprint AND person <> :person ORDER BY person"
)
SELECT_IS_MATE = "SELECT 1 FROM payee_mates WHERE person = :person AND mate = :mate"
SELECT_MATES = "SELECT mate FROM payee_mates WHERE person = :person AND mate > 0 ORDER BY mate"
# From here on the two are never given the same task.
INSERT_MATE = """
INSERT INTO payee_mates (person, mate, after_assignment, known_at)
SELECT :person, :mate, coalesce(max(id), 0), :now FROM assignments WHERE true ON CONFLICT (person, mate) DO NOTHING"""


class Payees:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def get(self, payee: PayeeId) -> Payee:
        return Payee(*self._db.all(SELECT_PAYEE, id=payee)[0])

    def find_current(self, person: PersonId) -> Payee | None:
        """Return the account that a payout asked for now would go to, or None."""
        row = self._db.one(SELECT_CURRENT_PAYEE, person=person, now=self._now)
        return Payee(*row) if row else None

    def find_coming(self, person: PersonId) -> Payee | None:
        """Return a changed account that is not used yet, or None."""
        row = self._db.one(SELECT_COMING_PAYEE, person=person, now=self._now)
        return Payee(*row) if row else None

    def add(
        self,
        person: PersonId,
        iban: str,
        holder: str,
        fingerprint: str,
        usable_at: Moment,
        target: str = "",
    ) -> Payee:
        """Store an account, replacing one not used yet. With a `target`, a currency, it is paid through Wise."""
        self._db.changed(REPLACE_COMING_PAYEE, person=person, now=self._now)
        values = {"person": person, "iban": iban, "holder": holder, "fingerprint": fingerprint}
        channel_values = {"channel": Channel.WISE if target else Channel.SEPA, "target": target}
        return Payee(*self._db.all(INSERT_PAYEE, **values, **channel_values, usable_at=usable_at, now=self._now)[0])

    def list_others_with_account(self, person: PersonId, fingerprint: str) -> list[PersonId]:
        """Return other people who gave this account, now or before."""
        return single_values(self._db.all(SELECT_PEOPLE_WITH_ACCOUNT, person=person, fingerprint=fingerprint))

    def list_mates(self, person: PersonId) -> list[PersonId]:
        """Return people who share an account with this person."""
        return single_values(self._db.all(SELECT_MATES, person=person))

    def are_mates(self, person: PersonId, mate: PersonId) -> bool:
        """Return whether two share an account, or one shares it with a member of the team that is the other."""
        return self._db.one(SELECT_IS_MATE, person=person, mate=mate) is not None

    def add_mates(self, person: PersonId, mate: PersonId) -> bool:
        """Note that two share an account; return False if that was known."""
        changed_rows = self._db.changed(INSERT_MATE, person=person, mate=mate, now=self._now)
        return changed_rows + self._db.changed(INSERT_MATE, person=mate, mate=person, now=self._now) > 0


_PAYOUT = columns(Payout)
_FILE = columns(BankFile)

SELECT_WITHHOLDING = "SELECT withholding FROM people WHERE id = :person"
SET_WITHHOLDING = "UPDATE people SET withholding = :rate WHERE id = :person"
COUNT_PAYOUTS = "SELECT count(*) FROM payouts WHERE worker = :worker"
INSERT_PAYOUT = """
INSERT INTO payouts (worker, number, payee, currency, gross, withheld, net, state, requested_at)
VALUES (:worker, :number, :payee, :currency, :gross, :withheld, :net, 'requested', :now)
ON CONFLICT (worker, number) DO NOTHING RETURNING id"""
SELECT_PAYOUT = f"SELECT {_PAYOUT} FROM payouts WHERE id = :id"
# Payouts on their way first.
SELECT_PAYOUTS_OF_WORKER = f"""
SELECT {_PAYOUT} FROM payouts WHERE worker = :worker
ORDER BY CASE WHEN state IN ('paid', 'failed') THEN 1 ELSE 0 END, id DESC LIMIT :limit"""
SUM_REQUESTED = """
SELECT count(*), coalesce(sum(net), 0) FROM payouts WHERE state = 'requested' AND currency = :currency
  AND EXISTS (SELECT 1 FROM payees e WHERE e.id = payouts.payee AND e.channel = :channel)"""
SELECT_WAITING_WAYS = """
SELECT DISTINCT p.currency, e.channel FROM payouts p JOIN payees e ON e.id = p.payee
WHERE p.state = 'requested' ORDER BY p.currency, e.channel"""
SELECT_NEXT_REQUESTED = f"""
SELECT {_PAYOUT} FROM payouts WHERE state = 'requested' AND currency = :currency
  AND EXISTS (SELECT 1 FROM payees e WHERE e.id = payouts.payee AND e.channel = :channel)
ORDER BY id LIMIT :limit"""
INSERT_BANK_FILE = f"""
INSERT INTO bank_files (currency, payer_name, payer_iban, payer_bic, instant, channel, made_by, made_at)
VALUES (:currency, :name, :iban, :bic, :instant, :channel, :by, :now) RETURNING {_FILE}"""
# Waiting payouts go into exactly one file.
PUT_IN_FILE = """
UPDATE payouts SET file = :file, state = 'sent' WHERE id IN (
  SELECT id FROM payouts WHERE state = 'requested' AND currency = :currency
    AND EXISTS (SELECT 1 FROM payees e WHERE e.id = payouts.payee AND e.channel = :channel)
  ORDER BY id LIMIT :limit) AND state = 'requested'"""
SELECT_FILE = f"SELECT {_FILE} FROM bank_files WHERE id = :id"
SELECT_LAST_FILE = "SELECT max(id) FROM bank_files"
SELECT_PAYOUTS_IN_FILE = f"SELECT {_PAYOUT} FROM payouts WHERE file = :file ORDER BY id"
# Whether a person in it was erased since, with the account.
SELECT_ERASED_IN_FILE = (
    "SELECT 1 FROM payouts p JOIN payees e ON e.id = p.payee WHERE p.file = :file AND e.iban = '' LIMIT 1"
)
# Files the bank has not answered for altogether, oldest first: (file, currency, made at, payouts, sum, undecided).
SELECT_OPEN_FILES = """
SELECT b.id, b.currency, b.made_at, count(*), sum(p.net), count(*) FILTER (WHERE p.state IN ('sent', 'unknown')),
  b.channel
FROM bank_files b JOIN payouts p ON p.file = b.id
WHERE b.id IN (SELECT file FROM payouts WHERE state IN ('sent', 'unknown'))
GROUP BY b.id, b.currency, b.made_at, b.channel ORDER BY b.id LIMIT :limit"""
# The guard is the state it had: two presses decide once.
SET_PAYOUT_STATE = """
UPDATE payouts SET state = :state, reason = :reason, decided_at = :decided_at
WHERE id = :id AND state = :before"""
# A payout may fail and be paid after all a few times: each movement's first key has no number behind it.
MOVEMENT_KEY_NAMES = "abcdefghi"
SELECT_MOVEMENTS = (
    f"SELECT count(*), max(id) FROM transfers WHERE key IN ({', '.join(f':{name}' for name in MOVEMENT_KEY_NAMES)})"
)
SELECT_TRANSFER_ID = "SELECT id FROM transfers WHERE key = :key"


@dataclass(frozen=True, slots=True)
class UndecidedFile:
    id: BankFileId
    currency: str
    made_at: Moment
    payouts: int
    net: int
    undecided: int
    channel: str


def payout_from(row: Row) -> Payout:
    values = list(row)
    values[8] = PayoutState(values[8])
    return Payout(*values)


def bank_file_from(row: Row) -> BankFile:
    values = list(row)
    values[5] = bool(values[5])
    return BankFile(*values)


class Payouts:
    """Payouts and bank files; `lines` are entries of bank statements about them."""

    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now
        self.lines = BankLines(connection, now)

    def get_rate(self, person: PersonId) -> int:
        """Return the basis points withheld from this worker's payouts."""
        return int(single_value(self._db.one(SELECT_WITHHOLDING, person=person), 0))

    def set_rate(self, person: PersonId, rate: int) -> None:
        self._db.changed(SET_WITHHOLDING, person=person, rate=rate)

    def count(self, worker: PersonId) -> int:
        return int(single_value(self._db.one(COUNT_PAYOUTS, worker=worker), 0))

    def insert_payout(
        self, worker: PersonId, number: int, payee: PayeeId, currency: str, net: Millionths, withheld: Millionths
    ) -> PayoutId | None:
        """Store a payout and return its id; None if there is one of this number, because the button was
        pressed before."""
        facts = {"worker": worker, "number": number, "payee": payee, "currency": currency, "now": self._now}
        row = self._db.one(INSERT_PAYOUT, **facts, gross=net + withheld, withheld=withheld, net=net)
        return PayoutId(row[0]) if row else None

    def find(self, payout: int) -> Payout | None:
        row = self._db.one(SELECT_PAYOUT, id=payout)
        return payout_from(row) if row else None

    def get(self, payout: PayoutId) -> Payout:
        return payout_from(self._db.all(SELECT_PAYOUT, id=payout)[0])

    def list_for_worker(self, worker: PersonId, limit: int) -> list[Payout]:
        """Return payouts on their way, then the rest; newest first."""
        return [payout_from(row) for row in self._db.all(SELECT_PAYOUTS_OF_WORKER, worker=worker, limit=limit)]

    def sum_requested(self, currency: str, channel: str) -> tuple[int, int]:
        """Return (number, sum) of payouts that wait for a bank file."""
        row = self._db.all(SUM_REQUESTED, currency=currency, channel=channel)[0]
        return int(row[0]), int(row[1])

    def list_waiting_ways(self) -> list[tuple[str, str]]:
        """Return each (currency, channel) in which payouts wait for a bank file."""
        return [(row[0], row[1]) for row in self._db.all(SELECT_WAITING_WAYS)]

    def list_next(self, currency: str, limit: int, channel: str = Channel.SEPA) -> list[Payout]:
        """Return the oldest payouts that wait for a bank file."""
        return [
            payout_from(row)
            for row in self._db.all(SELECT_NEXT_REQUESTED, currency=currency, limit=limit, channel=channel)
        ]

    def create_file(
        self, currency: str, payer: Payer, by: PersonId, limit: int, channel: str = Channel.SEPA
    ) -> BankFile:
        """Create a file with all payouts that wait in this currency and channel, at most `limit`, and mark them as
        sent."""
        euros = currency == FUNDING_CURRENCY and channel == Channel.SEPA
        payer_values = {
            "name": payer.name,
            "iban": payer.iban,
            "bic": payer.bic,
            "instant": int(payer.instant and euros),
        }
        file = bank_file_from(
            self._db.all(INSERT_BANK_FILE, currency=currency, channel=channel, **payer_values, by=by, now=self._now)[0]
        )
        self._db.changed(PUT_IN_FILE, file=file.id, currency=currency, limit=limit, channel=channel)
        return file

    def find_file(self, file: int) -> BankFile | None:
        row = self._db.one(SELECT_FILE, id=file)
        return bank_file_from(row) if row else None

    def get_file(self, file: BankFileId) -> BankFile:
        return bank_file_from(self._db.all(SELECT_FILE, id=file)[0])

    def last_file(self) -> int:
        return int(single_value(self._db.one(SELECT_LAST_FILE), 0))

    def list_in_file(self, file: BankFileId) -> list[Payout]:
        return [payout_from(row) for row in self._db.all(SELECT_PAYOUTS_IN_FILE, file=file)]

    def is_whole(self, file: BankFileId) -> bool:
        return self._db.one(SELECT_ERASED_IN_FILE, file=file) is None

    def list_undecided_files(self, limit: int) -> list[UndecidedFile]:
        return [
            UndecidedFile(
                id=BankFileId(row[0]),
                currency=row[1],
                made_at=Moment(row[2]),
                payouts=row[3],
                net=int(row[4]),
                undecided=row[5],
                channel=row[6],
            )
            for row in self._db.all(SELECT_OPEN_FILES, limit=limit)
        ]

    def set_state(self, payout: Payout, state: PayoutState, reason: str) -> bool:
        """Store a state and its reason; return False if the payout was decided otherwise in the meantime."""
        is_final = state in (PayoutState.PAID, PayoutState.FAILED)
        values = {"state": state, "reason": reason, "decided_at": self._now if is_final else None}
        return self._db.changed(SET_PAYOUT_STATE, id=payout.id, before=payout.state, **values) == 1

    def find_reserving_operation(self, payout: PayoutId) -> int | None:
        """Return the operation that reserved the payout first, or None."""
        operation: int | None = single_value(self._db.one(SELECT_TRANSFER_ID, key=f"payout:{payout}"))
        return operation

    def find_newest_movement(self, kind: str, payout: PayoutId) -> int | None:
        """Return the newest operation of this kind of this payout's money, or None."""
        return self._movements(kind, payout)[1]

    def count_movements(self, kind: str, payout: PayoutId) -> int:
        """Return how often this payout's money moved in this kind."""
        return self._movements(kind, payout)[0]

    def find_next_key(self, kind: str, payout: PayoutId) -> str | None:
        """Return the key of the payout's next movement of this kind; None if there were too many."""
        count, _ = self._movements(kind, payout)
        return _key(kind, payout, count + 1) if count < len(MOVEMENT_KEY_NAMES) else None

    def _movements(self, kind: str, payout: PayoutId) -> tuple[int, int | None]:
        keys = {name: _key(kind, payout, number) for number, name in enumerate(MOVEMENT_KEY_NAMES, start=1)}
        count, newest = self._db.all(SELECT_MOVEMENTS, **keys)[0]
        return int(count), newest


def _key(kind: str, payout: PayoutId, number: int) -> str:
    """Return the key of a movement: `paid:12`, then `paid:12:2`."""
    return f"{kind}:{payout}" if number == 1 else f"{kind}:{payout}:{number}"


# Rule 14: payouts; and rule 7's payees: people who share a bank account do not share a task.
# The amounts of each payout add up, to whole cents for the bank; exactly the payouts that were sent have a bank file.
PAYOUTS_ADD_UP = Invariant(
    14,
    "a payout's gross is net, withheld and fee",
    """
SELECT 'payout ' || id AS subject, 'gross ' || gross || ', net ' || net || ', withheld ' || withheld || ', fee ' || fee
  || ', ' || state || coalesce(', file ' || file, ', no file') AS detail
FROM payouts WHERE gross <> net + withheld + fee OR net <= 0 OR withheld < 0 OR fee < 0 OR net % 10000 <> 0
  OR state <> 'failed' AND (state = 'requested') <> (file IS NULL)""",
)
# Transfers of payouts, by the payout that their key names: `paid:12`, and `paid:12:2` the second time.
PAYOUT_KINDS = "('payout', 'withhold', 'paid', 'bounced', 'unpaid', 'unwithhold')"
MOVEMENTS_OF_PAYOUTS = f"""
SELECT id, key, kind, amount, CASE WHEN key LIKE kind || ':%:_' THEN substr(key, length(kind) + 2,
  length(key) - length(kind) - 3) ELSE substr(key, length(kind) + 2) END AS payout
FROM transfers WHERE kind IN {PAYOUT_KINDS}"""
# A payout is reserved, paid or returned exactly if its state says so. MOVEMENTS_HAVE_PAYOUTS checks the amounts.
MONEY_IS_WHERE_STATE_SAYS = Invariant(
    14,
    "a payout's money is where its state says",
    f"""
SELECT 'payout ' || p.id AS subject, p.state || ', reserved ' || coalesce(m.reserved, 0) || ', withheld '
  || coalesce(m.withheld, 0) || ', paid ' || coalesce(m.paid, 0) AS detail
FROM payouts p JOIN people worker ON worker.id = p.worker
LEFT JOIN transfers o ON o.key = 'payout:' || p.id LEFT JOIN accounts a ON a.id = o.credit
LEFT JOIN (
  SELECT payout, sum(CASE kind WHEN 'payout' THEN amount WHEN 'unpaid' THEN -amount ELSE 0 END) AS reserved,
    sum(CASE kind WHEN 'withhold' THEN amount WHEN 'unwithhold' THEN -amount ELSE 0 END) AS withheld,
    sum(CASE kind WHEN 'paid' THEN amount WHEN 'bounced' THEN -amount ELSE 0 END) AS paid
  FROM ({MOVEMENTS_OF_PAYOUTS}) AS t GROUP BY payout
) AS m ON m.payout = CAST(p.id AS TEXT)
WHERE coalesce(o.amount, 0) <> p.net
  OR coalesce(a.name, '') <> 'worker:' || coalesce(CAST(worker.telegram_id AS TEXT), '') || ':payout'
    AND worker.telegram_id IS NOT NULL
  OR coalesce(m.reserved, 0) <> CASE WHEN p.state = 'failed' THEN 0 ELSE p.net END
  OR coalesce(m.withheld, 0) <> CASE WHEN p.state = 'failed' THEN 0 ELSE p.withheld END
  OR coalesce(m.paid, 0) <> CASE WHEN p.state = 'paid' THEN p.net ELSE 0 END""",
)
# A worker's payout account equals the payouts on their way, to the cent: never more than was available at the
# request.
RESERVED_IS_ON_ITS_WAY = Invariant(
    14,
    "what is reserved is on its way",
    """
SELECT 'account ' || a.name AS subject, 'balance ' || a.balance || ', on its way ' || coalesce(o.net, 0) AS detail
FROM people w JOIN accounts a ON a.name = 'worker:' || w.telegram_id || ':payout'
LEFT JOIN (
  SELECT worker, currency, sum(net) AS net FROM payouts WHERE state IN ('requested', 'sent', 'unknown')
  GROUP BY worker, currency
) AS o ON o.worker = w.id AND o.currency = a.currency
WHERE a.balance <> coalesce(o.net, 0)""",
)
# A second payment under another key would have no payout.
MOVEMENTS_HAVE_PAYOUTS = Invariant(
    14,
    "every movement of a payout has its payout",
    f"""
SELECT 'transfer ' || t.id AS subject, t.kind || ' of ' || t.amount || ' under ' || t.key AS detail
FROM ({MOVEMENTS_OF_PAYOUTS}) AS t LEFT JOIN payouts p ON CAST(p.id AS TEXT) = t.payout
WHERE t.key NOT LIKE t.kind || ':%' OR p.id IS NULL
  OR t.amount <> CASE WHEN t.kind IN ('withhold', 'unwithhold') THEN p.withheld ELSE p.net END""",
)
# Money withheld for the authorities is on its account, or was handed on.
WITHHELD_WAITS_OR_WAS_HANDED_ON = Invariant(
    14,
    "what is withheld waits or was handed on",
    """
SELECT 'account ' || a.name AS subject, 'balance ' || a.balance || ', withheld ' || coalesce(p.kept, 0)
  || ', handed on ' || coalesce(h.gone, 0) AS detail
FROM accounts a
LEFT JOIN (SELECT currency, sum(withheld) AS kept FROM payouts WHERE state <> 'failed' GROUP BY currency) AS p
  ON p.currency = a.currency
LEFT JOIN (
  SELECT currency, sum(CASE WHEN kind IN ('handed on', 'advance back') THEN amount ELSE -amount END) AS gone
  FROM transfers WHERE kind IN ('handed on', 'handed back', 'advance', 'advance back') GROUP BY currency
) AS h ON h.currency = a.currency
WHERE a.name = 'platform:withheld' AND a.balance <> coalesce(p.kept, 0) - coalesce(h.gone, 0)""",
)
# A payout goes to an account of the worker's own that was usable already when the payout was requested.
PAYEES_HAD_RESTED = Invariant(
    14,
    "a payout goes to its worker's rested account",
    """
SELECT 'payout ' || p.id AS subject, 'asked for at ' || p.requested_at || ' by ' || p.worker || ', account ' || e.id
  || ' of ' || e.person || ' is used from ' || e.usable_at AS detail
FROM payouts p JOIN payees e ON e.id = p.payee
WHERE e.person <> p.worker OR e.usable_at > p.requested_at OR e.replaced_at < p.requested_at""",
)
# Two workers may have answered a task before it was known that they share an account; afterwards only one of them may.
MATES_SHARE_NO_TASK = Invariant(
    7,
    "no task is answered twice to one bank account",
    """
SELECT 'task ' || later.task AS subject, 'given to ' || earlier.worker || ', then to ' || later.worker
  || ', whose account is the same' AS detail
FROM submissions later CROSS JOIN payee_mates m CROSS JOIN submissions earlier
WHERE m.person = later.worker AND later.assignment > m.after_assignment
  AND earlier.task = later.task AND earlier.worker = m.mate AND earlier.assignment < later.assignment""",
)
# Once it is known that a worker shares a requester's bank account, the worker answers none of their tasks.
REQUESTERS_MATES_DO_NOT_WORK = Invariant(
    7,
    "nobody works for who is paid to the same bank account",
    """
SELECT 'submission ' || s.id AS subject, 'worker ' || s.worker || ' shares an account with the requester of project '
  || s.project AS detail
FROM submissions s JOIN enrolments e ON e.worker = s.worker AND e.project = s.project
WHERE e.barred IS NOT NULL AND s.assignment > e.barred
UNION ALL
SELECT 'worker ' || e.worker, CASE WHEN e.barred IS NULL THEN 'is not kept out of project '
  ELSE 'qualified in project ' END || e.project || ', whose requester shares their account'
FROM enrolments e JOIN projects p ON p.id = e.project
JOIN payee_mates m ON m.person = e.worker AND m.mate = p.requester WHERE e.barred IS NULL OR e.qualified = 1""",
)
