"""The ledger. A transfer is one row; the schema's trigger writes its two entries and updates the balances.

An account is a name in a currency. Without a currency the only account of a name is meant, or its first.
The accounts of fees are shown as their sum."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import merge
from itertools import islice
from typing import Any

from domain.moments import Moment
from domain.money.ledger import (
    FEES,
    FEES_ACCOUNTS,
    SHARDS,
    Account,
    Entry,
    Movement,
    Transfer,
    may_overdraw,
    project_of_account,
)
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from domain.refusals import KeyReused
from storage.drivers.connection import Connection
from storage.drivers.records import single_value, single_values
from storage.drivers.rows import ABSENT, Insert, Table
from storage.invariants import Invariant
from storage.projects.launches import StatedCosts
from storage.projects.lifecycle import ChangedProjects

ALL_FEES_ACCOUNTS = ", ".join(f"'{name}'" for name in FEES_ACCOUNTS)
FEES_SHARDS = ", ".join(f"'{name}'" for name in FEES_ACCOUNTS if name != FEES)


def summed_column(column: str) -> str:
    """SQL of a column of `accounts`; for the fees, its sum over all their accounts."""
    return f"""CASE WHEN name = '{FEES}' THEN (SELECT CAST(sum(s.{column}) AS BIGINT) FROM accounts s
  WHERE s.name IN ({ALL_FEES_ACCOUNTS}) AND s.currency = accounts.currency) ELSE {column} END"""


def shown_name_column(column: str) -> str:
    """SQL of the name under which an account is shown: shards of the fees are shown as one account."""
    return f"CASE WHEN {column} IN ({FEES_SHARDS}) THEN '{FEES}' ELSE {column} END"


def merge_newest(accounts: Iterable[Sequence[Entry]], sums: Account, limit: int) -> list[Entry]:
    """Return the newest entries of several accounts as if they were one, each with their balance together after it. At
    least `limit` entries of each account must be given, as far as it has them."""
    balance, version, entries = sums.balance, sums.version, []
    for entry in islice(merge(*accounts, key=lambda entry: -entry.transfer), limit):
        entries.append(replace(entry, account=FEES, balance=balance, version=version))
        balance, version = balance - entry.amount, version - 1
    return entries


def merge_oldest(accounts: Iterable[Iterable[Entry]]) -> Iterator[Entry]:
    """Yield all entries of several accounts as if they were one, oldest first, each with their balance together after
    it."""
    balance = 0
    for version, entry in enumerate(merge(*accounts, key=lambda entry: entry.transfer), 1):
        balance += entry.amount
        yield replace(entry, account=FEES, balance=balance, version=version)


INSERT_ACCOUNT = """
INSERT INTO accounts (name, currency, overdraft)
SELECT CAST(:name AS TEXT), CAST(:currency AS TEXT), :overdraft
WHERE NOT EXISTS (SELECT 1 FROM accounts WHERE name = :name AND currency = :currency)
ON CONFLICT (name, currency) DO NOTHING"""
SELECT_TRANSFER_AMOUNT = "SELECT amount FROM transfers WHERE key = :key"
SELECT_TRANSFER_DIGEST = "SELECT digest FROM transfers WHERE key = :key"
SELECT_DEPOSIT_KEYS = """
SELECT t.key FROM accounts a JOIN entries e ON e.account = a.id JOIN transfers t ON t.id = e.transfer
WHERE a.name = :account AND a.currency = :currency AND e.amount = :amount
  AND t.kind = 'deposit' AND t.key NOT LIKE 'deposit:card:%' AND t.made_at >= :since ORDER BY t.id"""


def _open_accounts(db: Connection, names: Iterable[str], currency: str) -> None:
    opened_names = list(names)
    if not {*FEES_ACCOUNTS}.isdisjoint(opened_names):  # their sum is shown under this name
        opened_names.append(FEES)
    for name in dict.fromkeys(opened_names):
        db.send(INSERT_ACCOUNT, name=name, currency=currency, overdraft=int(may_overdraw(name)))


def _is_posted(db: Connection, key: str, digest: str) -> bool:
    """Return whether exactly this transfer was posted before. Raise KeyReused if another one has its key."""
    posted_digest = single_value(db.one(SELECT_TRANSFER_DIGEST, key=key))
    if posted_digest is not None and posted_digest != digest:
        raise KeyReused(name=key)
    return posted_digest is not None


def _post_after_opening(db: Connection, values: Mapping[str, Any]) -> int | None:
    """Post a transfer that the first INSERT did not: return None if it was posted before, else open its missing
    accounts, post it and return its id. Raise KeyReused if another transfer has its key."""
    if _is_posted(db, values["key"], values["digest"]):
        return None
    _open_accounts(db, (values["debit"], values["credit"]), values["currency"])
    row = db.one(INSERT_TRANSFER, **values)
    return int(row[0]) if row else None


# Looked up key by key: NOT EXISTS would let PostgreSQL read all that was ever posted, and look in that.
TRANSFER_INSERT = Insert(
    "key, kind, debit, credit, amount, currency, project, submission, reverses, memo, digest, made_at",
    """SELECT :key, :kind, d.id, c.id, :amount, :currency, :project, :submission, :reverses, :memo, :digest, :now
FROM accounts d JOIN accounts c ON c.name = :credit AND c.currency = d.currency
WHERE d.name = :debit AND d.currency = :currency
  AND (SELECT t.id FROM transfers t WHERE t.key = :key LIMIT 1) IS NULL""",
    "ON CONFLICT (key) DO NOTHING",
    _post_after_opening,
)
TRANSFERS_TABLE = Table(("transfers",), order=8, keys=("key",), moves=("accounts", "entries"), insert=TRANSFER_INSERT)
INSERT_TRANSFER = TRANSFER_INSERT.sql("transfers", " RETURNING id")
# The account of this name, in this currency or in any.
ACCOUNT_ID = """
(SELECT id FROM accounts WHERE name = :name AND currency = coalesce(CAST(:currency AS TEXT), currency)
  ORDER BY currency LIMIT 1)"""
SELECT_BALANCE = f"SELECT {summed_column('balance')} FROM accounts WHERE id = {ACCOUNT_ID}"
SELECT_VERSION = f"SELECT {summed_column('version')} FROM accounts WHERE id = {ACCOUNT_ID}"
# Locks the account, so that the balance stays true until commit.
LOCK_ACCOUNT = f"UPDATE accounts SET overdraft = overdraft WHERE id = {ACCOUNT_ID} RETURNING balance"
SELECT_SHOWN_ACCOUNTS = f"SELECT name, currency, {summed_column('balance')}, {summed_column('version')} FROM accounts"
SELECT_ACCOUNTS = f"{SELECT_SHOWN_ACCOUNTS} WHERE name NOT IN ({FEES_SHARDS}) ORDER BY name, currency"
SELECT_NEWEST_ENTRIES = f"""
SELECT e.transfer, a.name, e.amount, e.balance, e.version, t.kind, t.key, t.made_at, t.memo, a.currency, t.project
FROM entries e JOIN accounts a ON a.id = e.account JOIN transfers t ON t.id = e.transfer
WHERE a.id = {ACCOUNT_ID} ORDER BY e.version DESC LIMIT :limit"""

# Of these, the ones of one project: an account has few beside those of its projects' launches and ends.
SELECT_NEWEST_OF_PROJECT = SELECT_NEWEST_ENTRIES.replace(" ORDER BY", " AND t.project = :project ORDER BY")

SELECT_ACCOUNT = f"{SELECT_SHOWN_ACCOUNTS} WHERE id = {ACCOUNT_ID}"
# The currencies in which an account of this name was opened.
SELECT_CURRENCIES = "SELECT currency FROM accounts WHERE name = :name ORDER BY currency"
# The whole ledger, page by page.
SELECT_ACCOUNTS_AFTER = f"""{SELECT_SHOWN_ACCOUNTS}
WHERE (name, currency) > (:name, :currency) AND name NOT IN ({FEES_SHARDS}) ORDER BY name, currency LIMIT :limit"""
SELECT_ENTRIES_AFTER = f"""
SELECT e.transfer, a.name, e.amount, e.balance, e.version, t.kind, t.key, t.made_at, t.memo, a.currency
FROM accounts a JOIN entries e ON e.account = a.id JOIN transfers t ON t.id = e.transfer
WHERE a.id = {ACCOUNT_ID} AND e.version > :after ORDER BY e.version LIMIT :limit"""
SELECT_MOVEMENTS_AFTER = f"""
SELECT t.id, t.key, t.kind, {shown_name_column("d.name")}, {shown_name_column("c.name")}, t.amount, t.currency,
  t.made_at, t.memo
FROM transfers t JOIN accounts d ON d.id = t.debit JOIN accounts c ON c.id = t.credit
WHERE t.id > :after ORDER BY t.id LIMIT :limit"""
SELECT_LAST_TRANSFER = "SELECT coalesce(max(id), 0) FROM transfers"
ROWS_PER_PAGE = 1_000


class Ledger:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def open(self, names: Iterable[str], currency: str) -> None:
        _open_accounts(self._db, names, currency)

    def post(self, transfer: Transfer) -> int | None:
        """Post a transfer, opening accounts that are missing in this currency. Return its id, or None if its key was
        posted before. Raise KeyReused if the key was posted with other content."""
        values = self._values(transfer)
        row = self._db.one(INSERT_TRANSFER, **values)
        self._note(transfer)
        return int(row[0]) if row else _post_after_opening(self._db, values)

    def post_later(self, transfers: Iterable[Transfer]) -> None:
        """Post transfers later, with other rows: at the end of the transaction, or before anything reads them."""
        for transfer in transfers:
            if transfer.key in self._db.pending(TRANSFERS_TABLE).added:
                self._db.flush()
            self._note(transfer)
            self._db.add(TRANSFERS_TABLE, transfer.key, ABSENT, **self._values(transfer))

    def _note(self, transfer: Transfer) -> None:
        """Note the project whose account gets money, for the sweeps."""
        if (project := project_of_account(transfer.credit)) is not None:
            ChangedProjects(self._db).add(project)

    def balance(self, name: str, currency: str | None = None) -> int:
        return int(single_value(self._db.one(SELECT_BALANCE, name=name, currency=currency), 0))

    def locked_balance(self, name: str, currency: str | None = None) -> int:
        """Return the balance, and lock the account until this transaction ends."""
        return int(single_value(self._db.one(LOCK_ACCOUNT, name=name, currency=currency), 0))

    def version(self, name: str, currency: str | None = None) -> int:
        """Return how many entries the account has: a key part that no second call can share."""
        return int(single_value(self._db.one(SELECT_VERSION, name=name, currency=currency), 0))

    def list_accounts(self) -> list[Account]:
        return [Account(*row) for row in self._db.all(SELECT_ACCOUNTS)]

    def list_account_names(self) -> list[str]:
        return list(dict.fromkeys(single_values(self._db.all(SELECT_ACCOUNTS))))

    def entries(self, name: str, limit: int, currency: str | None = None) -> list[Entry]:
        """Return the newest entries first."""
        if name == FEES and (sums := self.find(name, currency)) is not None:
            entries_by_account = [self._newest(account, limit, sums.currency) for account in FEES_ACCOUNTS]
            return merge_newest(entries_by_account, sums, limit)
        return self._newest(name, limit, currency)

    def _newest(self, name: str, limit: int, currency: str | None) -> list[Entry]:
        return [Entry(*row) for row in self._db.all(SELECT_NEWEST_ENTRIES, name=name, currency=currency, limit=limit)]

    def list_entries_of_project(self, name: str, limit: int, currency: str, project: ProjectId) -> list[Entry]:
        """Return an account's newest entries for a project, the newest first."""
        keys = {"name": name, "currency": currency, "project": project}
        return [Entry(*row) for row in self._db.all(SELECT_NEWEST_OF_PROJECT, **keys, limit=limit)]

    def find(self, name: str, currency: str | None = None) -> Account | None:
        row = self._db.one(SELECT_ACCOUNT, name=name, currency=currency)
        return Account(*row) if row else None

    def currencies(self, name: str) -> list[str]:
        return single_values(self._db.all(SELECT_CURRENCIES, name=name))

    def iterate_accounts(self) -> Iterator[Account]:
        """Yield all accounts by name, read page by page."""
        page = [Account("", "", 0, 0)]
        while page:
            last = page[-1]
            rows = self._db.all(SELECT_ACCOUNTS_AFTER, name=last.name, currency=last.currency, limit=ROWS_PER_PAGE)
            page = [Account(*row) for row in rows]
            yield from page

    def iterate_entries(self, name: str, currency: str | None = None) -> Iterator[Entry]:
        """Yield all entries of an account, oldest first, read page by page."""
        if name == FEES and (sums := self.find(name, currency)) is not None:
            return merge_oldest([self._oldest(account, sums.currency) for account in FEES_ACCOUNTS])
        return self._oldest(name, currency)

    def _oldest(self, name: str, currency: str | None) -> Iterator[Entry]:
        version = 0
        while page := self._db.all(
            SELECT_ENTRIES_AFTER, name=name, currency=currency, after=version, limit=ROWS_PER_PAGE
        ):
            yield from (Entry(*row) for row in page)
            version = page[-1][4]

    def iterate_movements(self) -> Iterator[Movement]:
        """Yield all transfers there ever were, oldest first, read page by page."""
        number = 0
        while page := self._db.all(SELECT_MOVEMENTS_AFTER, after=number, limit=ROWS_PER_PAGE):
            yield from (Movement(*row) for row in page)
            number = page[-1][0]

    def last_transfer(self) -> int:
        """Return the newest transfer's number."""
        return int(self._db.all(SELECT_LAST_TRANSFER)[0][0])

    def _values(self, transfer: Transfer) -> dict[str, Any]:
        return {
            "key": transfer.key,
            "kind": transfer.kind,
            "debit": transfer.debit,
            "credit": transfer.credit,
            "amount": transfer.amount,
            "currency": transfer.currency,
            "project": transfer.project,
            "submission": transfer.submission,
            "reverses": transfer.reverses,
            "memo": transfer.memo,
            "digest": transfer.digest_of_request,
            "now": self._now,
        }

    def find_amount(self, key: str) -> int | None:
        """Return the amount of the transfer under this key, or None."""
        row = self._db.one(SELECT_TRANSFER_AMOUNT, key=key)
        return int(row[0]) if row else None

    def list_deposit_keys(self, account: str, amount: int, currency: str, since: Moment) -> list[str]:
        """Return the keys of all deposits of this amount since then."""
        return single_values(
            self._db.all(SELECT_DEPOSIT_KEYS, account=account, amount=amount, currency=currency, since=since)
        )

    def is_posted(self, key: str) -> bool:
        return self._db.one(SELECT_TRANSFER_DIGEST, key=key) is not None


SealedKey = int | str


def _select_older_seals(table: str, key: str) -> str:
    return f"""
SELECT {key}, sealed FROM {table} WHERE sealed IS NOT NULL AND (key_print < :key_print OR key_print > :key_print)
  AND {key} > :after ORDER BY {key} LIMIT :limit"""


def _update_seal(table: str, key: str) -> str:
    return f"UPDATE {table} SET sealed = :sealed, key_print = :key_print WHERE {key} = :at AND sealed = :before"


SELECT_FORMS_UNDER_OLDER_KEYS, RESEAL_FORM = (
    _select_older_seals("tax_forms", "person"),
    _update_seal("tax_forms", "person"),
)
SELECT_DOCUMENTS_UNDER_OLDER_KEYS, RESEAL_DOCUMENT = (
    _select_older_seals("tax_documents", "reference"),
    _update_seal("tax_documents", "reference"),
)


class EncryptedTable:
    """A table whose rows are encrypted; `start` is before every key of the table."""

    def __init__(self, connection: Connection, older: str, reseal: str, start: SealedKey) -> None:
        self._db = connection
        self._older, self._reseal = older, reseal
        self.start = start

    def list_under_older_keys(self, key_print: str, after: SealedKey, limit: int) -> list[tuple[SealedKey, str]]:
        """Return (key, ciphertext) of rows that are encrypted under another key than `key_print`."""
        return [(row[0], row[1]) for row in self._db.all(self._older, key_print=key_print, after=after, limit=limit)]

    def replace_seal(self, row_key: SealedKey, before: str, sealed: str, key_print: str) -> bool:
        """Replace a ciphertext; return False if it was changed meanwhile."""
        return self._db.changed(self._reseal, at=row_key, before=before, sealed=sealed, key_print=key_print) == 1


def list_encrypted_tables(connection: Connection) -> tuple[EncryptedTable, ...]:
    """Return the encrypted tables: tax forms, and documents filed from them."""
    return (
        EncryptedTable(connection, SELECT_FORMS_UNDER_OLDER_KEYS, RESEAL_FORM, 0),
        EncryptedTable(connection, SELECT_DOCUMENTS_UNDER_OLDER_KEYS, RESEAL_DOCUMENT, ""),
    )


SUM_PROJECT_MOVEMENTS = """
SELECT t.kind, CASE WHEN d.name LIKE 'project:%' THEN 'project' WHEN d.name LIKE 'worker:%' THEN 'worker'
    WHEN d.name LIKE 'requester:%' THEN 'requester' ELSE 'platform' END AS source,
  CASE WHEN c.name LIKE 'project:%' THEN 'project' WHEN c.name LIKE 'worker:%' THEN 'worker'
    WHEN c.name LIKE 'requester:%' THEN 'requester' ELSE 'platform' END AS target, sum(t.amount)
FROM transfers t JOIN accounts d ON d.id = t.debit JOIN accounts c ON c.id = t.credit
WHERE t.project = :project GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"""

# Deposits and bonuses, which belong to no project, and when the account's first money moved. A bonus that its worker
# gave up to leave came back.
SUM_OTHER_MOVEMENTS = """
SELECT coalesce(sum(e.amount) FILTER (WHERE t.kind = 'deposit'), 0),
  coalesce(-sum(e.amount) FILTER (WHERE t.kind = 'bonus' OR (t.kind = 'waived' AND t.project IS NULL)), 0),
  coalesce(-sum(e.amount) FILTER (WHERE t.kind = 'refund'), 0),
  coalesce(-sum(e.amount) FILTER (WHERE t.kind IN ('stake', 'unstake', 'costs')), 0),
  min(t.made_at)
FROM entries e JOIN transfers t ON t.id = e.transfer JOIN accounts a ON a.id = e.account
WHERE a.name = :account AND a.currency = :currency"""

SUM_HELD_BUDGETS = """
SELECT sum(a.balance) FROM projects p JOIN accounts a ON a.currency = :currency AND a.name IN (
  'project:' || p.id || ':budget', 'project:' || p.id || ':topup', 'project:' || p.id || ':extra')
WHERE p.requester = :requester"""


@dataclass(frozen=True, slots=True)
class MovedAmount:
    """Sum of all movements of one kind between two sorts of accounts: project, worker, requester, platform."""

    kind: str
    source: str
    target: str
    amount: int


class Spending:
    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self.stated = StatedCosts(connection)

    def sum_other_movements(self, account: str, currency: str) -> dict[str, Any]:
        """Return a requester's `deposited`, `bonuses`, `refunded` and `judges` sums outside project budgets, and
        `since`, the moment of the account's first movement (or None)."""
        *sums, since = self._db.all(SUM_OTHER_MOVEMENTS, account=account, currency=currency)[0]
        sums_by_name = zip(("deposited", "bonuses", "refunded", "judges"), map(int, sums), strict=True)
        return {**dict(sums_by_name), "since": since}

    def sum_project_movements(self, project: ProjectId) -> list[MovedAmount]:
        return [
            MovedAmount(row[0], row[1], row[2], int(row[3]))
            for row in self._db.all(SUM_PROJECT_MOVEMENTS, project=project)
        ]

    def sum_held_budgets(self, requester: PersonId, currency: str) -> int:
        """Return the sum of budgets and reserves of all projects of this requester."""
        return int(single_value(self._db.one(SUM_HELD_BUDGETS, requester=requester, currency=currency), 0))


# Rules 1 to 3: the ledger balances, histories are complete, no account is negative that must not be.
# Each transfer is written twice: out of one account, into the other.
TRANSFERS_HAVE_TWO_ENTRIES = Invariant(
    1,
    "every transfer has its two entries",
    """
SELECT 'transfer ' || t.id AS subject, 'its entries are not -' || t.amount || ' and +' || t.amount AS detail
FROM transfers t
LEFT JOIN entries d ON d.transfer = t.id AND d.account = t.debit AND d.amount = -t.amount
LEFT JOIN entries c ON c.transfer = t.id AND c.account = t.credit AND c.amount = t.amount
WHERE d.transfer IS NULL OR c.transfer IS NULL""",
)
# Every entry has its transfer.
ENTRIES_HAVE_TRANSFERS = Invariant(
    1,
    "every entry belongs to a transfer",
    """
SELECT 'entry ' || e.account || '/' || e.version AS subject, 'transfer ' || e.transfer || ' did not make it' AS detail
FROM entries e LEFT JOIN transfers t ON t.id = e.transfer AND e.account IN (t.debit, t.credit)
WHERE t.id IS NULL
UNION ALL
SELECT 'the book', counted.entries || ' entries of ' || counted.transfers || ' transfers'
FROM (SELECT (SELECT count(*) FROM entries) AS entries, (SELECT count(*) FROM transfers) AS transfers) AS counted
WHERE counted.entries <> 2 * counted.transfers""",
)
# The entries of a transfer sum to zero.
CURRENCIES_SUM_TO_ZERO = Invariant(
    1,
    "every currency sums to zero",
    """
SELECT 'currency ' || a.currency AS subject, 'the sum is ' || sum(e.total) AS detail
FROM (SELECT account, sum(amount) AS total FROM entries GROUP BY account) AS e JOIN accounts a ON a.id = e.account
GROUP BY a.currency HAVING sum(e.total) <> 0""",
)
# An account's balance and version are the sum and the number of its entries.
BALANCES_ARE_SUMS = Invariant(
    2,
    "every balance equals its history",
    """
SELECT 'account ' || a.name AS subject, 'balance ' || a.balance || ' at version ' || a.version || ', its entries say '
  || coalesce(e.total, 0) || ' at ' || coalesce(e.lines, 0) AS detail
FROM accounts a
LEFT JOIN (SELECT account, sum(amount) AS total, count(*) AS lines FROM entries GROUP BY account) AS e
  ON e.account = a.id
WHERE a.balance <> coalesce(e.total, 0) OR a.version <> coalesce(e.lines, 0)""",
)
# Versions count from 1 without a gap, and the balance after each entry is the sum up to it.
ENTRIES_CARRY_RUNNING_SUM = Invariant(
    2,
    "every entry carries the running sum",
    """
SELECT 'entry ' || h.account || '/' || h.version AS subject, 'balance ' || h.balance || ', the entries up to it say '
  || h.running || '; it is number ' || h.nth AS detail
FROM (
  SELECT account, version, balance, sum(amount) OVER past AS running, row_number() OVER past AS nth FROM entries
  WINDOW past AS (PARTITION BY account ORDER BY version ROWS UNBOUNDED PRECEDING)
) AS h
WHERE h.running <> h.balance OR h.nth <> h.version""",
)
# Only external accounts may be negative, now or at any time.
NO_NEGATIVE_ACCOUNTS = Invariant(
    3,
    "no account is below zero",
    """
SELECT 'account ' || a.name AS subject, 'balance ' || a.balance AS detail
FROM accounts a WHERE a.name NOT LIKE 'external:%' AND (a.balance < 0 OR a.overdraft <> 0)
UNION ALL
SELECT 'entry ' || e.account || '/' || e.version, 'balance after it ' || e.balance
FROM entries e JOIN accounts a ON a.id = e.account WHERE e.balance < 0 AND a.name NOT LIKE 'external:%'""",
)
# Money moves between accounts of its own currency.
TRANSFERS_HAVE_ONE_CURRENCY = Invariant(
    3,
    "no transfer mixes currencies",
    """
SELECT 'transfer ' || t.id AS subject, t.currency || ' from ' || coalesce(d.currency, 'nowhere') || ' to '
  || coalesce(c.currency, 'nowhere') AS detail
FROM transfers t LEFT JOIN accounts d ON d.id = t.debit LEFT JOIN accounts c ON c.id = t.credit
WHERE coalesce(d.currency, '') <> t.currency OR coalesce(c.currency, '') <> t.currency""",
)
# Fees go to the account of their project's shard; before there were shards, they went to a single account.
FEES_ARE_IN_THEIR_SHARD = Invariant(
    3,
    "every fee is on the account of its project's shard",
    f"""
SELECT 'transfer ' || t.id AS subject, 'a fee of project ' || coalesce(CAST(t.project AS TEXT), 'none') || ' on '
  || c.name AS detail
FROM transfers t JOIN accounts c ON c.id = t.credit
WHERE t.kind = 'fee' AND c.name <> '{FEES}' AND c.name <> '{FEES}:'
  || CASE WHEN t.project % {SHARDS} < 10 THEN '0' ELSE '' END || CAST(t.project % {SHARDS} AS TEXT)
UNION ALL
SELECT 'account ' || a.name, 'there are {SHARDS} accounts of fees beside the first'
FROM accounts a WHERE a.name LIKE '{FEES}:%' AND a.name NOT IN ({FEES_SHARDS})""",
)
