"""Booked lines of the platform's bank account: each is stored once, and waits until it is explained."""

from domain.moments import Moment
from domain.money.bank_statements import CODE_HEX_DIGITS, MAX_TYPED_NUMBER, BankLine, BankRecord
from domain.people.accounts import PersonId
from storage.drivers.connection import Connection, Row
from storage.drivers.records import columns, single_value, single_values
from storage.invariants import Invariant

_LINE = columns(BankRecord)

SELECT_IS_KNOWN = "SELECT 1 FROM bank_lines WHERE key = :key"
INSERT_LINE = """
INSERT INTO bank_lines (key, view, entry, debit, amount, currency, written, booked_on, reference, payout, file, person,
  party, state, why, twin, suspense, transfer, told_at)
VALUES (:key, :view, :entry, :debit, :amount, :currency, :written, :booked_on, :reference, :payout, :file, :person,
  :party, :state, :why, :twin, :suspense, :transfer, :now)
ON CONFLICT (key) DO NOTHING RETURNING id"""
SELECT_LINE_BY_KEY = f"SELECT {_LINE} FROM bank_lines WHERE key = :key"
SELECT_LINE_BY_CODE = f"SELECT {_LINE} FROM bank_lines WHERE key >= :first AND key < :last ORDER BY key LIMIT 1"
SELECT_LINE = f"SELECT {_LINE} FROM bank_lines WHERE id = :id"
# Lines that are a payout's, or its file's, own: neither what waits nor what it came back as.
COUNT_LINES_OF_PAYOUT = """
SELECT count(*) FROM bank_lines
WHERE payout = :payout AND debit = :debit AND view = :view
  AND (state = 'matched' AND why = '' OR state = 'explained' AND why IN ('payout', 'recorded'))"""
COUNT_LINES_OF_FILE = """
SELECT count(*) FROM bank_lines
WHERE file = :file AND payout IS NULL AND view = :view AND state = 'matched' AND why = ''"""
# The oldest debit of a payout that waits, for what comes back of it.
SELECT_WAITING_DEBITS = f"""
SELECT {_LINE} FROM bank_lines WHERE payout = :payout AND debit = 1 AND state = 'waiting' ORDER BY id"""
# The same movement as another view told of it, not yet paired.
SELECT_TWIN = """
SELECT l.id FROM bank_lines l WHERE l.view <> :view AND l.debit = :debit AND l.amount = :amount
  AND l.currency = :currency AND l.payout IS NOT DISTINCT FROM :payout AND l.file IS NOT DISTINCT FROM :file
  AND (l.state <> 'matched' OR l.why = 'clears') AND coalesce(l.twin, 0) = 0
  AND NOT EXISTS (SELECT 1 FROM bank_lines o WHERE o.twin = l.id) ORDER BY l.id LIMIT 1"""
SUM_OF_ENTRY = "SELECT sum(amount) FROM bank_lines WHERE entry = :entry AND entry <> '' AND view <> :view"
SELECT_WAITING = f"SELECT {_LINE} FROM bank_lines WHERE state = 'waiting' ORDER BY id LIMIT :limit OFFSET :offset"
COUNT_WAITING = "SELECT count(*) FROM bank_lines WHERE state = 'waiting'"
# The guard is the state: two presses explain once.
SET_EXPLAINED = """
UPDATE bank_lines SET state = 'explained', why = :why, party = '', undone = :undone, transfer = :transfer,
  person = coalesce(person, CAST(:person AS BIGINT)), decided_by = :by, decided_at = :now
WHERE id = :id AND state = 'waiting'"""
SET_TRANSFER = "UPDATE bank_lines SET transfer = :transfer WHERE id = :id"
# What somebody recorded by hand of the same sum, and no line was paired with.
SELECT_RECORDED_MOVEMENT = """
SELECT t.id FROM accounts a JOIN entries e ON e.account = a.id JOIN transfers t ON t.id = e.transfer
WHERE a.name = 'external:bank' AND a.currency = :currency AND t.made_at >= :since
  AND e.amount = CAST(:amount AS BIGINT) * CASE WHEN CAST(:debit AS BIGINT) = 1 THEN 1 ELSE -1 END
  AND t.kind IN ('refund', 'handed on', 'handed back', 'charge', 'charge back', 'drawn', 'paid in',
    'card payout', 'card payout back')
  AND NOT EXISTS (SELECT 1 FROM bank_lines l WHERE l.transfer = t.id) ORDER BY t.id LIMIT 1"""
# A requester's deposit of the same sum, typed or of another file, that no line was paired with.
SELECT_DEPOSIT = """
SELECT t.id FROM accounts a JOIN entries e ON e.account = a.id JOIN transfers t ON t.id = e.transfer
WHERE a.name = :account AND a.currency = :currency AND e.amount = :amount AND t.kind = 'deposit' AND t.made_at >= :since
  AND t.key NOT LIKE 'deposit:card:%'
  AND NOT EXISTS (SELECT 1 FROM bank_lines l WHERE l.transfer = t.id) ORDER BY t.id LIMIT 1"""


class BankLines:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def is_known(self, key: str) -> bool:
        return self._db.one(SELECT_IS_KNOWN, key=key) is not None

    def add(
        self,
        line: BankLine,
        *,
        state: str = "matched",
        why: str = "",
        payout: int | None = None,
        file: int | None = None,
        person: int | None = None,
        party: str = "",
        twin: int | None = None,
        suspense: int | None = None,
        transfer: int | None = None,
    ) -> int | None:
        """Store a line and return its number; None if it was stored before."""
        row = self._db.one(
            INSERT_LINE,
            key=line.key,
            view=line.view,
            entry=line.entry,
            debit=int(line.debit),
            amount=line.amount,
            currency=line.currency,
            written=line.written,
            booked_on=line.booked_on,
            reference=line.reference,
            payout=payout,
            file=file,
            person=person,
            party=party,
            state=state,
            why=why,
            twin=twin,
            suspense=suspense,
            transfer=transfer,
            now=self._now,
        )
        return int(row[0]) if row else None

    def find_by_key(self, key: str) -> BankRecord | None:
        row = self._db.one(SELECT_LINE_BY_KEY, key=key)
        return _record(row) if row else None

    def find_number(self, number: int) -> BankRecord | None:
        """Return a line by its number, or by the code that buttons name it by."""
        if number < MAX_TYPED_NUMBER:
            row = self._db.one(SELECT_LINE, id=number)
        else:
            code = f"{number:0{CODE_HEX_DIGITS}x}"
            row = self._db.one(SELECT_LINE_BY_CODE, first=code, last=f"{code}g")
        return _record(row) if row else None

    def count_of_payout(self, payout: int, debit: bool, view: str) -> int:
        return int(single_value(self._db.one(COUNT_LINES_OF_PAYOUT, payout=payout, debit=int(debit), view=view), 0))

    def count_of_file(self, file: int, view: str) -> int:
        return int(single_value(self._db.one(COUNT_LINES_OF_FILE, file=file, view=view), 0))

    def list_waiting_debits(self, payout: int) -> list[BankRecord]:
        """Return a payout's debits that wait, the oldest first."""
        return [_record(row) for row in self._db.all(SELECT_WAITING_DEBITS, payout=payout)]

    def find_twin(self, line: BankLine, payout: int | None, file: int | None) -> int | None:
        """Return the line of another view that waits, or waited, and is this movement; None without one."""
        facts = {"view": line.view, "debit": int(line.debit), "amount": line.amount, "currency": line.currency}
        twin: int | None = single_value(self._db.one(SELECT_TWIN, **facts, payout=payout, file=file))
        return twin

    def sum_of_entry(self, line: BankLine) -> int:
        """Return the sum of what other views reported of the bank's entry that this line is."""
        return int(single_value(self._db.one(SUM_OF_ENTRY, entry=line.entry, view=line.view), 0)) if line.entry else 0

    def list_waiting(self, limit: int, offset: int) -> list[BankRecord]:
        return [_record(row) for row in self._db.all(SELECT_WAITING, limit=limit, offset=offset)]

    def count_waiting(self) -> int:
        return int(single_value(self._db.one(COUNT_WAITING), 0))

    def set_explained(
        self, line: BankRecord, why: str, by: PersonId, *, undone: int | None, transfer: int | None, person: int | None
    ) -> bool:
        """Store an explanation; return False if the line was explained before."""
        values = {"why": why, "undone": undone, "transfer": transfer, "person": person, "by": by, "now": self._now}
        return self._db.changed(SET_EXPLAINED, id=line.id, **values) == 1

    def set_transfer(self, line: BankRecord, transfer: int) -> None:
        """Note the movement that an explained line has become."""
        self._db.changed(SET_TRANSFER, id=line.id, transfer=transfer)

    def find_recorded(self, line: BankLine, since: Moment) -> int | None:
        """Return the movement that an admin recorded by hand and that this line may be; None without one."""
        facts = {"debit": int(line.debit), "amount": line.amount, "currency": line.currency, "since": since}
        transfers = single_values(self._db.all(SELECT_RECORDED_MOVEMENT, **facts))
        return int(transfers[0]) if transfers else None

    def find_deposit(self, line: BankLine, account: str, since: Moment) -> int | None:
        """Return the deposit of the same sum that this line may be; None without one."""
        facts = {"account": account, "amount": line.amount, "currency": line.currency, "since": since}
        transfer: int | None = single_value(self._db.one(SELECT_DEPOSIT, **facts))
        return transfer


def _record(row: Row) -> BankRecord:
    values = list(row)
    values[3] = bool(values[3])
    return BankRecord(*values)


# Rule 14: payouts; and rule 7's payees: people who share a bank account do not share a task.
# A deposit from a bank's file goes to the requester in its reference. (An erased person's account has another name.)
DEPOSITS_FIT_REFERENCES = Invariant(
    14,
    "a deposit from a statement is its reference's",
    """
SELECT 'transfer ' || t.id AS subject, t.kind || ' “' || t.memo || '” from ' || d.name || ' to ' || c.name AS detail
FROM transfers t JOIN accounts d ON d.id = t.debit JOIN accounts c ON c.id = t.credit
LEFT JOIN people p ON c.name = 'requester:' || p.telegram_id || ':available'
WHERE (t.key LIKE 'deposit:bank:%' OR t.key LIKE 'deposit:row:%') AND (t.kind <> 'deposit' OR d.name <> 'external:bank'
  OR p.id IS NOT NULL
    AND t.memo NOT LIKE 'RF__POUCE' || CASE WHEN p.id < 0 THEN 'T' ELSE '' END || abs(p.id) || ' %')""",
)
# The balance of unexplained money is the sum of the waiting bank lines, to the millionth.
UNEXPLAINED_IS_WAITING_LINES = Invariant(
    14,
    "what is unexplained is the bank's lines that wait",
    """
SELECT 'account ' || a.name AS subject, a.currency || ', balance ' || a.balance || ', lines ' || coalesce(l.total, 0)
  AS detail
FROM accounts a
LEFT JOIN (
  SELECT currency, CAST(sum(CASE debit WHEN 1 THEN -amount ELSE amount END) AS BIGINT) AS total FROM bank_lines
  WHERE state = 'waiting' AND suspense IS NOT NULL GROUP BY currency
) AS l ON l.currency = a.currency
WHERE a.name = 'external:unexplained' AND a.balance <> coalesce(l.total, 0)""",
)
# Each line's movements are of its own amount; an explained line's unexplained transfer is reversed.
BANK_LINES_MOVE_ONCE = Invariant(
    14,
    "a bank's line moves its own amount once",
    """
SELECT 'bank line ' || l.id AS subject, l.state || ' ' || l.why || ' of ' || l.amount || ', unexplained '
  || coalesce(u.amount, 0) || ', explained ' || coalesce(e.amount, 0) || ', moved ' || coalesce(t.amount, 0) AS detail
FROM bank_lines l LEFT JOIN transfers u ON u.id = l.suspense LEFT JOIN transfers e ON e.id = l.undone
LEFT JOIN transfers t ON t.id = l.transfer
WHERE coalesce(u.amount, l.amount) <> l.amount OR coalesce(e.amount, l.amount) <> l.amount
  OR coalesce(t.amount, l.amount) <> l.amount OR coalesce(e.reverses, 0) <> CASE WHEN e.id IS NULL THEN 0 ELSE u.id END
  OR l.state = 'explained' AND u.id IS NOT NULL AND e.id IS NULL OR l.state = 'waiting' AND e.id IS NOT NULL""",
)
