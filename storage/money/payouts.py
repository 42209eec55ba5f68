"""Payouts and the files they go to the bank in."""

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
from storage.drivers.records import columns, each, first
from storage.money.bank_lines import BankLines

_PAYEE = columns(Payee)

GET_PAYEE = f"SELECT {_PAYEE} FROM payees WHERE id = :id"
# The newest that may be used by now.
CURRENT = f"""
SELECT {_PAYEE} FROM payees WHERE person = :person AND usable_at <= :now AND replaced_at IS NULL
ORDER BY id DESC LIMIT 1"""
COMING = f"""
SELECT {_PAYEE} FROM payees WHERE person = :person AND usable_at > :now AND replaced_at IS NULL
ORDER BY id DESC LIMIT 1"""
# Changed again before it was ever used: the one in between is never paid to.
REPLACE = """
UPDATE payees SET replaced_at = :now WHERE person = :person AND usable_at > :now AND replaced_at IS NULL"""
ADD = f"""
INSERT INTO payees (person, iban, holder, fingerprint, given_at, usable_at, channel, target)
VALUES (:person, :iban, :holder, :fingerprint, :now, :usable_at, :channel, :target) RETURNING {_PAYEE}"""
OTHERS = "SELECT DISTINCT person FROM payees WHERE fingerprint = :fingerprint AND person <> :person ORDER BY person"
IS_MATE = "SELECT 1 FROM payee_mates WHERE person = :person AND mate = :mate"
MATES = "SELECT mate FROM payee_mates WHERE person = :person AND mate > 0 ORDER BY mate"
# From here on the two are never given the same task.
MEET = """
INSERT INTO payee_mates (person, mate, after_assignment, known_at)
SELECT :person, :mate, coalesce(max(id), 0), :now FROM assignments WHERE true ON CONFLICT (person, mate) DO NOTHING"""


class Payees:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def get(self, payee: PayeeId) -> Payee:
        return Payee(*self._db.all(GET_PAYEE, id=payee)[0])

    def current(self, person: PersonId) -> Payee | None:
        """Where a payout asked for now would go."""
        row = self._db.one(CURRENT, person=person, now=self._now)
        return Payee(*row) if row else None

    def coming(self, person: PersonId) -> Payee | None:
        """A changed account that is not used yet."""
        row = self._db.one(COMING, person=person, now=self._now)
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
        """Stores an account, replacing one not used yet. With a `target`, a currency, it is paid through Wise."""
        self._db.changed(REPLACE, person=person, now=self._now)
        values = {"person": person, "iban": iban, "holder": holder, "fingerprint": fingerprint}
        way = {"channel": Channel.WISE if target else Channel.SEPA, "target": target}
        return Payee(*self._db.all(ADD, **values, **way, usable_at=usable_at, now=self._now)[0])

    def others(self, person: PersonId, fingerprint: str) -> list[PersonId]:
        """Other people who gave this account, now or before."""
        return each(self._db.all(OTHERS, person=person, fingerprint=fingerprint))

    def mates(self, person: PersonId) -> list[PersonId]:
        """People who share an account with them."""
        return each(self._db.all(MATES, person=person))

    def are_mates(self, person: PersonId, mate: PersonId) -> bool:
        """Whether they share an account, or one was a member of the team that is the other."""
        return self._db.one(IS_MATE, person=person, mate=mate) is not None

    def meet(self, person: PersonId, mate: PersonId) -> bool:
        """Notes that two share an account; False when that was known."""
        noted = self._db.changed(MEET, person=person, mate=mate, now=self._now)
        return noted + self._db.changed(MEET, person=mate, mate=person, now=self._now) > 0


# What was withheld by a rate that was read in is declared, and handed on by its declaration only; the rest by hand.
# Neither pays for the other. `advance`: contributions that the fees lend until a declaration nets them.
DECLARED = "EXISTS (SELECT 1 FROM contributions c WHERE c.payout = p.id)"
MOVED = """
SELECT coalesce(sum(e.amount), 0) FROM accounts a
JOIN entries e ON e.account = a.id JOIN transfers t ON t.id = e.transfer
WHERE a.name = 'platform:withheld' AND a.currency = :currency"""
BY_DECLARATIONS = f"""{MOVED}
  AND (t.kind IN ('advance', 'advance back') OR t.kind = 'handed on' AND t.key LIKE 'handed:declaration:%')"""
BY_HAND = f"""{MOVED}
  AND t.kind IN ('handed on', 'handed back') AND t.key NOT LIKE 'handed:declaration:%'"""
SHARES = f"""
SELECT coalesce(sum(p.withheld), 0) FROM payouts p WHERE p.state <> 'failed' AND p.currency = :currency
  AND p.id <> :without AND {DECLARED} = (:declared = 1)"""
# Of payouts that may still come back: not to be handed on yet.
UNSETTLED = f"""
SELECT coalesce(sum(p.withheld), 0) FROM payouts p
WHERE p.state IN ('requested', 'sent', 'unknown') AND p.currency = :currency AND {DECLARED} = (:declared = 1)"""
IS_DECLARED = "SELECT 1 FROM contributions WHERE payout = :payout"
ADVANCED = f"{MOVED} AND t.kind IN ('advance', 'advance back')"


class Withheld:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def fund(self, currency: str, declared: bool, without: int = 0) -> int:
        """What is there of what was withheld: of payouts whose share is `declared`, or of the others. `without` a
        payout's share it may be below zero: by what was handed on of it."""
        moved = int(first(self._db.one(BY_DECLARATIONS if declared else BY_HAND, currency=currency), 0))
        about = {"currency": currency, "declared": int(declared), "without": without}
        return int(first(self._db.one(SHARES, **about), 0)) + moved

    def unsettled(self, currency: str, declared: bool) -> int:
        """What was withheld from payouts that may still come back; of those that are `declared`, or of the others."""
        return int(first(self._db.one(UNSETTLED, currency=currency, declared=int(declared)), 0))

    def handed_by_hand(self, currency: str) -> int:
        """What was handed on without a declaration, less what came back."""
        return -int(first(self._db.one(BY_HAND, currency=currency), 0))

    def is_declared(self, payout: PayoutId) -> bool:
        """Whether the payout's share was withheld by a rate that was read in, and so is declared."""
        return self._db.one(IS_DECLARED, payout=payout) is not None

    def advanced(self, currency: str) -> int:
        """What the fees have lent for shares that came back and no declaration has netted."""
        return int(first(self._db.one(ADVANCED, currency=currency), 0))


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
