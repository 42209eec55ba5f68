"""Payouts and the files they go to the bank in."""

from dataclasses import dataclass

from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.money.payouts import (
    FUNDING_CURRENCY,
    BankFile,
    BankFileId,
    Channel,
    PayeeId,
    Payer,
    Payout,
    PayoutId,
    PayoutState,
)
from domain.people.people import PersonId
from storage.drivers.connection import Connection, Row
from storage.drivers.records import columns, first
from storage.money.bank_lines import BankLines
from storage.money.withheld import Withheld

_PAYOUT = columns(Payout)
_FILE = columns(BankFile)

RATE = "SELECT withholding FROM people WHERE id = :person"
SET_RATE = "UPDATE people SET withholding = :rate WHERE id = :person"
TURN = "SELECT count(*) FROM payouts WHERE worker = :worker"
ASK = """
INSERT INTO payouts (worker, number, payee, currency, gross, withheld, net, state, requested_at)
VALUES (:worker, :number, :payee, :currency, :gross, :withheld, :net, 'requested', :now)
ON CONFLICT (worker, number) DO NOTHING RETURNING id"""
GET = f"SELECT {_PAYOUT} FROM payouts WHERE id = :id"
# Payouts on their way first.
OF = f"""
SELECT {_PAYOUT} FROM payouts WHERE worker = :worker
ORDER BY CASE WHEN state IN ('paid', 'failed') THEN 1 ELSE 0 END, id DESC LIMIT :limit"""
REQUESTED = """
SELECT count(*), coalesce(sum(net), 0) FROM payouts WHERE state = 'requested' AND currency = :currency
  AND EXISTS (SELECT 1 FROM payees e WHERE e.id = payouts.payee AND e.channel = :channel)"""
WAITING_IN = """
SELECT DISTINCT p.currency, e.channel FROM payouts p JOIN payees e ON e.id = p.payee
WHERE p.state = 'requested' ORDER BY p.currency, e.channel"""
NEXT = f"""
SELECT {_PAYOUT} FROM payouts WHERE state = 'requested' AND currency = :currency
  AND EXISTS (SELECT 1 FROM payees e WHERE e.id = payouts.payee AND e.channel = :channel)
ORDER BY id LIMIT :limit"""
NEW_FILE = f"""
INSERT INTO bank_files (currency, payer_name, payer_iban, payer_bic, instant, channel, made_by, made_at)
VALUES (:currency, :name, :iban, :bic, :instant, :channel, :by, :now) RETURNING {_FILE}"""
# Waiting payouts go into exactly one file.
GATHER = """
UPDATE payouts SET file = :file, state = 'sent' WHERE id IN (
  SELECT id FROM payouts WHERE state = 'requested' AND currency = :currency
    AND EXISTS (SELECT 1 FROM payees e WHERE e.id = payouts.payee AND e.channel = :channel)
  ORDER BY id LIMIT :limit) AND state = 'requested'"""
FILE = f"SELECT {_FILE} FROM bank_files WHERE id = :id"
LAST_FILE = "SELECT max(id) FROM bank_files"
IN_FILE = f"SELECT {_PAYOUT} FROM payouts WHERE file = :file ORDER BY id"
# Whether a person in it was erased since, with the account.
LEFT = "SELECT 1 FROM payouts p JOIN payees e ON e.id = p.payee WHERE p.file = :file AND e.iban = '' LIMIT 1"
# Files the bank has not answered for altogether, oldest first: (file, currency, made at, payouts, sum, undecided).
OPEN_FILES = """
SELECT b.id, b.currency, b.made_at, count(*), sum(p.net), count(*) FILTER (WHERE p.state IN ('sent', 'unknown')),
  b.channel
FROM bank_files b JOIN payouts p ON p.file = b.id
WHERE b.id IN (SELECT file FROM payouts WHERE state IN ('sent', 'unknown'))
GROUP BY b.id, b.currency, b.made_at, b.channel ORDER BY b.id LIMIT :limit"""
# The guard is the state it had: two presses decide once.
DECIDE = """
UPDATE payouts SET state = :state, reason = :reason, decided_at = :decided_at
WHERE id = :id AND state = :before"""
# A payout may fail and be paid after all a few times: each movement's first key has no number behind it.
ROUNDS = "abcdefghi"
MOVEMENTS = f"SELECT count(*), max(id) FROM transfers WHERE key IN ({', '.join(f':{name}' for name in ROUNDS)})"
FIRST = "SELECT id FROM transfers WHERE key = :key"


@dataclass(frozen=True, slots=True)
class OpenFile:
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
    """Payouts, bank files, the `lines` in which the bank tells of them, and what is `withheld`."""

    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now
        self.lines = BankLines(connection, now)
        self.withheld = Withheld(connection)

    def rate(self, person: PersonId) -> int:
        """Basis points withheld from this worker's payouts."""
        return int(first(self._db.one(RATE, person=person), 0))

    def set_rate(self, person: PersonId, rate: int) -> None:
        self._db.changed(SET_RATE, person=person, rate=rate)

    def count(self, worker: PersonId) -> int:
        return int(first(self._db.one(TURN, worker=worker), 0))

    def ask(
        self, worker: PersonId, number: int, payee: PayeeId, currency: str, net: Millionths, withheld: Millionths
    ) -> PayoutId | None:
        """None when there is one of this number: the button was pressed before."""
        about = {"worker": worker, "number": number, "payee": payee, "currency": currency, "now": self._now}
        row = self._db.one(ASK, **about, gross=net + withheld, withheld=withheld, net=net)
        return PayoutId(row[0]) if row else None

    def find(self, payout: int) -> Payout | None:
        row = self._db.one(GET, id=payout)
        return payout_from(row) if row else None

    def get(self, payout: PayoutId) -> Payout:
        return payout_from(self._db.all(GET, id=payout)[0])

    def of(self, worker: PersonId, limit: int) -> list[Payout]:
        """Payouts on their way, then the rest; newest first."""
        return [payout_from(row) for row in self._db.all(OF, worker=worker, limit=limit)]

    def requested(self, currency: str, channel: str) -> tuple[int, int]:
        """(how many, their sum) that wait for a bank file."""
        row = self._db.all(REQUESTED, currency=currency, channel=channel)[0]
        return int(row[0]), int(row[1])

    def waiting(self) -> list[tuple[str, str]]:
        """Each currency and way in which something waits for a bank file."""
        return [(row[0], row[1]) for row in self._db.all(WAITING_IN)]

    def next(self, currency: str, limit: int, channel: str = Channel.SEPA) -> list[Payout]:
        """The oldest of those that wait for a bank file."""
        return [payout_from(row) for row in self._db.all(NEXT, currency=currency, limit=limit, channel=channel)]

    def gather(self, currency: str, payer: Payer, by: PersonId, limit: int, channel: str = Channel.SEPA) -> BankFile:
        """A new file with all waiting payouts of one way."""
        euros = currency == FUNDING_CURRENCY and channel == Channel.SEPA
        who = {"name": payer.name, "iban": payer.iban, "bic": payer.bic, "instant": int(payer.instant and euros)}
        file = bank_file_from(
            self._db.all(NEW_FILE, currency=currency, channel=channel, **who, by=by, now=self._now)[0]
        )
        self._db.changed(GATHER, file=file.id, currency=currency, limit=limit, channel=channel)
        return file

    def find_file(self, file: int) -> BankFile | None:
        row = self._db.one(FILE, id=file)
        return bank_file_from(row) if row else None

    def get_file(self, file: BankFileId) -> BankFile:
        return bank_file_from(self._db.all(FILE, id=file)[0])

    def last_file(self) -> int:
        return int(first(self._db.one(LAST_FILE), 0))

    def in_file(self, file: BankFileId) -> list[Payout]:
        return [payout_from(row) for row in self._db.all(IN_FILE, file=file)]

    def is_whole(self, file: BankFileId) -> bool:
        return self._db.one(LEFT, file=file) is None

    def open_files(self, limit: int) -> list[OpenFile]:
        return [
            OpenFile(BankFileId(row[0]), row[1], Moment(row[2]), row[3], int(row[4]), row[5], row[6])
            for row in self._db.all(OPEN_FILES, limit=limit)
        ]

    def decide(self, payout: Payout, state: PayoutState, reason: str) -> bool:
        """False when it was decided otherwise in the meantime."""
        ended = state in (PayoutState.PAID, PayoutState.FAILED)
        values = {"state": state, "reason": reason, "decided_at": self._now if ended else None}
        return self._db.changed(DECIDE, id=payout.id, before=payout.state, **values) == 1

    def reserved(self, payout: PayoutId) -> int | None:
        """The operation that reserved it first."""
        found: int | None = first(self._db.one(FIRST, key=f"payout:{payout}"))
        return found

    def movement(self, kind: str, payout: PayoutId) -> int | None:
        """The newest operation of this kind of this payout's money."""
        return self._movements(kind, payout)[1]

    def count_movements(self, kind: str, payout: PayoutId) -> int:
        """How often this payout's money moved so."""
        return self._movements(kind, payout)[0]

    def next_key(self, kind: str, payout: PayoutId) -> str | None:
        """Of its next movement of this kind; None when there were too many."""
        count, _ = self._movements(kind, payout)
        return _key(kind, payout, count + 1) if count < len(ROUNDS) else None

    def _movements(self, kind: str, payout: PayoutId) -> tuple[int, int | None]:
        keys = {name: _key(kind, payout, number) for number, name in enumerate(ROUNDS, start=1)}
        count, newest = self._db.all(MOVEMENTS, **keys)[0]
        return int(count), newest


def _key(kind: str, payout: PayoutId, number: int) -> str:
    """`paid:12`, then `paid:12:2`."""
    return f"{kind}:{payout}" if number == 1 else f"{kind}:{payout}:{number}"
