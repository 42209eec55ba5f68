"""The ledger. A transfer is one row; the schema's trigger writes its two entries and updates the balances.

An account is a name in a currency. Without a currency the only account of a name is meant, or its first.
The accounts of fees are shown as their sum (storage/money/ledger.py).
"""

from collections.abc import (
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from dataclasses import dataclass, replace
from heapq import merge
from itertools import islice
from typing import Any

from domain.moments import Moment
from domain.money.ledger import (
    FEES,
    FEES_ACCOUNTS,
    Account,
    Entry,
    Movement,
    Transfer,
    may_overdraw,
    project_of,
)
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from domain.refusals import KeyReused
from storage.drivers.connection import Connection
from storage.drivers.records import each, first
from storage.drivers.rows import ABSENT, Insert, Table
from storage.projects.launches import StatedCosts
from storage.projects.lifecycle import ChangedProjects

ALL = ", ".join(f"'{name}'" for name in FEES_ACCOUNTS)
SHARDS = ", ".join(f"'{name}'" for name in FEES_ACCOUNTS if name != FEES)


def summed(column: str) -> str:
    """A column of `accounts`, as SQL; of the fees the sum over all their accounts."""
    return f"""CASE WHEN name = '{FEES}' THEN (SELECT CAST(sum(s.{column}) AS BIGINT) FROM accounts s
  WHERE s.name IN ({ALL}) AND s.currency = accounts.currency) ELSE {column} END"""


def named(column: str) -> str:
    """An account's name, as SQL, under which it is shown."""
    return f"CASE WHEN {column} IN ({SHARDS}) THEN '{FEES}' ELSE {column} END"


def newest(accounts: Iterable[Sequence[Entry]], sums: Account, limit: int) -> list[Entry]:
    """The newest entries of all of them, each with what they held together after it. Of each as many must be given."""
    balance, version, found = sums.balance, sums.version, []
    for entry in islice(merge(*accounts, key=lambda entry: -entry.transfer), limit):
        found.append(replace(entry, account=FEES, balance=balance, version=version))
        balance, version = balance - entry.amount, version - 1
    return found


def oldest(accounts: Iterable[Iterable[Entry]]) -> Iterator[Entry]:
    """All entries of all of them, oldest first, each with what they held together after it."""
    balance = 0
    for version, entry in enumerate(merge(*accounts, key=lambda entry: entry.transfer), 1):
        balance += entry.amount
        yield replace(entry, account=FEES, balance=balance, version=version)


OPEN = """
INSERT INTO accounts (name, currency, overdraft)
SELECT CAST(:name AS TEXT), CAST(:currency AS TEXT), :overdraft
WHERE NOT EXISTS (SELECT 1 FROM accounts WHERE name = :name AND currency = :currency)
ON CONFLICT (name, currency) DO NOTHING"""
AMOUNT = "SELECT amount FROM transfers WHERE key = :key"
DIGEST = "SELECT digest FROM transfers WHERE key = :key"
DEPOSITS = """
SELECT t.key FROM accounts a JOIN entries e ON e.account = a.id JOIN transfers t ON t.id = e.transfer
WHERE a.name = :account AND a.currency = :currency AND e.amount = :amount
  AND t.kind = 'deposit' AND t.made_at >= :since ORDER BY t.id"""


def _open(db: Connection, names: Iterable[str], currency: str) -> None:
    found = list(names)
    if not {*FEES_ACCOUNTS}.isdisjoint(found):  # their sum is shown under this name
        found.append(FEES)
    for name in dict.fromkeys(found):
        db.send(OPEN, name=name, currency=currency, overdraft=int(may_overdraw(name)))


def _is_known(db: Connection, key: str, digest: str) -> bool:
    """Whether exactly this was posted before; something else under its key is refused."""
    asked = first(db.one(DIGEST, key=key))
    if asked is not None and asked != digest:
        raise KeyReused(name=key)
    return asked is not None


def _once_open(db: Connection, values: Mapping[str, Any]) -> int | None:
    """One that was not posted: it was before, or an account was missing."""
    if _is_known(db, values["key"], values["digest"]):
        return None
    _open(db, (values["debit"], values["credit"]), values["currency"])
    row = db.one(POST, **values)
    return int(row[0]) if row else None


# Looked up key by key: NOT EXISTS would let PostgreSQL read all that was ever posted, and look in that.
POSTING = Insert(
    "key, kind, debit, credit, amount, currency, project, submission, reverses, memo, digest, made_at",
    """SELECT :key, :kind, d.id, c.id, :amount, :currency, :project, :submission, :reverses, :memo, :digest, :now
FROM accounts d JOIN accounts c ON c.name = :credit AND c.currency = d.currency
WHERE d.name = :debit AND d.currency = :currency
  AND (SELECT t.id FROM transfers t WHERE t.key = :key LIMIT 1) IS NULL""",
    "ON CONFLICT (key) DO NOTHING",
    _once_open,
)
TRANSFERS = Table(("transfers",), order=8, keys=("key",), moves=("accounts", "entries"), insert=POSTING)
POST = POSTING.sql("transfers", " RETURNING id")
# The account of this name, in this currency or in any.
NAMED = """
(SELECT id FROM accounts WHERE name = :name AND currency = coalesce(CAST(:currency AS TEXT), currency)
  ORDER BY currency LIMIT 1)"""
BALANCE = f"SELECT {summed('balance')} FROM accounts WHERE id = {NAMED}"
VERSION = f"SELECT {summed('version')} FROM accounts WHERE id = {NAMED}"
# Locks the account, so that the balance stays true until commit.
LOCK = f"UPDATE accounts SET overdraft = overdraft WHERE id = {NAMED} RETURNING balance"
SHOWN = f"SELECT name, currency, {summed('balance')}, {summed('version')} FROM accounts"
ACCOUNTS = f"{SHOWN} WHERE name NOT IN ({SHARDS}) ORDER BY name, currency"
ENTRIES = f"""
SELECT e.transfer, a.name, e.amount, e.balance, e.version, t.kind, t.key, t.made_at, t.memo, a.currency, t.project
FROM entries e JOIN accounts a ON a.id = e.account JOIN transfers t ON t.id = e.transfer
WHERE a.id = {NAMED} ORDER BY e.version DESC LIMIT :limit"""

ACCOUNT = f"{SHOWN} WHERE id = {NAMED}"
# The currencies in which an account of this name was opened.
CURRENCIES = "SELECT currency FROM accounts WHERE name = :name ORDER BY currency"
# The whole ledger, page by page.
ACCOUNTS_AFTER = f"""{SHOWN}
WHERE (name, currency) > (:name, :currency) AND name NOT IN ({SHARDS}) ORDER BY name, currency LIMIT :limit"""
HISTORY_AFTER = f"""
SELECT e.transfer, a.name, e.amount, e.balance, e.version, t.kind, t.key, t.made_at, t.memo, a.currency
FROM accounts a JOIN entries e ON e.account = a.id JOIN transfers t ON t.id = e.transfer
WHERE a.id = {NAMED} AND e.version > :after ORDER BY e.version LIMIT :limit"""
MOVEMENTS_AFTER = f"""
SELECT t.id, t.key, t.kind, {named("d.name")}, {named("c.name")}, t.amount, t.currency, t.made_at, t.memo
FROM transfers t JOIN accounts d ON d.id = t.debit JOIN accounts c ON c.id = t.credit
WHERE t.id > :after ORDER BY t.id LIMIT :limit"""
LAST = "SELECT coalesce(max(id), 0) FROM transfers"
PAGE = 1_000


class Ledger:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def open(self, names: Iterable[str], currency: str) -> None:
        _open(self._db, names, currency)

    def post(self, transfer: Transfer) -> int | None:
        """The transfer's id; None when its key was posted before. The same key with another content is refused.
        An account that was not there yet in this currency is opened."""
        values = self._values(transfer)
        row = self._db.one(POST, **values)
        self._note(transfer)
        return int(row[0]) if row else _once_open(self._db, values)

    def post_together(self, transfers: Iterable[Transfer]) -> None:
        """The same, with whatever else is written: at the end of the transaction, or before anybody looks."""
        for transfer in transfers:
            if transfer.key in self._db.pending(TRANSFERS).added:
                self._db.flush()
            self._note(transfer)
            self._db.add(TRANSFERS, transfer.key, ABSENT, **self._values(transfer))

    def _note(self, transfer: Transfer) -> None:
        """Money of a project: sweeps look at it."""
        if (project := project_of(transfer.credit)) is not None:
            ChangedProjects(self._db).add(project)

    def balance(self, name: str, currency: str | None = None) -> int:
        return int(first(self._db.one(BALANCE, name=name, currency=currency), 0))

    def locked_balance(self, name: str, currency: str | None = None) -> int:
        """The balance, locked until this transaction ends."""
        return int(first(self._db.one(LOCK, name=name, currency=currency), 0))

    def version(self, name: str, currency: str | None = None) -> int:
        """How many entries the account has: a key part that no second call can share."""
        return int(first(self._db.one(VERSION, name=name, currency=currency), 0))

    def accounts(self) -> list[Account]:
        return [Account(*row) for row in self._db.all(ACCOUNTS)]

    def names(self) -> list[str]:
        return list(dict.fromkeys(each(self._db.all(ACCOUNTS))))

    def entries(self, name: str, limit: int, currency: str | None = None) -> list[Entry]:
        """Newest first."""
        if name == FEES and (sums := self.find(name, currency)) is not None:
            each_account = [self._newest(one, limit, sums.currency) for one in FEES_ACCOUNTS]
            return newest(each_account, sums, limit)
        return self._newest(name, limit, currency)

    def _newest(self, name: str, limit: int, currency: str | None) -> list[Entry]:
        return [Entry(*row) for row in self._db.all(ENTRIES, name=name, currency=currency, limit=limit)]

    def find(self, name: str, currency: str | None = None) -> Account | None:
        row = self._db.one(ACCOUNT, name=name, currency=currency)
        return Account(*row) if row else None

    def currencies(self, name: str) -> list[str]:
        return each(self._db.all(CURRENCIES, name=name))

    def every_account(self) -> Iterator[Account]:
        """By name, a page at a time: there may be many."""
        page = [Account("", "", 0, 0)]
        while page:
            last = page[-1]
            rows = self._db.all(ACCOUNTS_AFTER, name=last.name, currency=last.currency, limit=PAGE)
            page = [Account(*row) for row in rows]
            yield from page

    def history(self, name: str, currency: str | None = None) -> Iterator[Entry]:
        """Oldest first, a page at a time."""
        if name == FEES and (sums := self.find(name, currency)) is not None:
            return oldest([self._oldest(one, sums.currency) for one in FEES_ACCOUNTS])
        return self._oldest(name, currency)

    def _oldest(self, name: str, currency: str | None) -> Iterator[Entry]:
        version = 0
        while page := self._db.all(HISTORY_AFTER, name=name, currency=currency, after=version, limit=PAGE):
            yield from (Entry(*row) for row in page)
            version = page[-1][4]

    def movements(self) -> Iterator[Movement]:
        """All there ever were, oldest first, a page at a time."""
        number = 0
        while page := self._db.all(MOVEMENTS_AFTER, after=number, limit=PAGE):
            yield from (Movement(*row) for row in page)
            number = page[-1][0]

    def last(self) -> int:
        """The newest transfer's number."""
        return int(self._db.all(LAST)[0][0])

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
            "digest": transfer.digest,
            "now": self._now,
        }

    def posted(self, key: str) -> int | None:
        """The amount of the transfer under this key."""
        row = self._db.one(AMOUNT, key=key)
        return int(row[0]) if row else None

    def deposits(self, account: str, amount: int, currency: str, since: Moment) -> list[str]:
        """The keys of all deposits of this amount since then."""
        return each(self._db.all(DEPOSITS, account=account, amount=amount, currency=currency, since=since))

    def is_posted(self, key: str) -> bool:
        return self._db.one(DIGEST, key=key) is not None


Key = int | str


def _older(table: str, key: str) -> str:
    return f"""
SELECT {key}, sealed FROM {table} WHERE sealed IS NOT NULL AND (key_print < :key_print OR key_print > :key_print)
  AND {key} > :after ORDER BY {key} LIMIT :limit"""


def _reseal(table: str, key: str) -> str:
    return f"UPDATE {table} SET sealed = :sealed, key_print = :key_print WHERE {key} = :at AND sealed = :before"


OLDER_FORMS, RESEAL_FORM = _older("tax_forms", "person"), _reseal("tax_forms", "person")
OLDER_DOCUMENTS, RESEAL_DOCUMENT = _older("tax_documents", "reference"), _reseal("tax_documents", "reference")


class Sealed:
    """`start` is before every key of the table."""

    def __init__(self, connection: Connection, older: str, reseal: str, start: Key) -> None:
        self._db = connection
        self._older, self._reseal = older, reseal
        self.start = start

    def older(self, key_print: str, after: Key, limit: int) -> list[tuple[Key, str]]:
        """Answers encrypted under another key."""
        return [(row[0], row[1]) for row in self._db.all(self._older, key_print=key_print, after=after, limit=limit)]

    def reseal(self, at: Key, before: str, sealed: str, key_print: str) -> bool:
        """False when they were changed meanwhile."""
        return self._db.changed(self._reseal, at=at, before=before, sealed=sealed, key_print=key_print) == 1


def sealed_tables(connection: Connection) -> tuple[Sealed, ...]:
    """Forms, and what was filed of them."""
    return (
        Sealed(connection, OLDER_FORMS, RESEAL_FORM, 0),
        Sealed(connection, OLDER_DOCUMENTS, RESEAL_DOCUMENT, ""),
    )


MOVED = """
SELECT t.kind, CASE WHEN d.name LIKE 'project:%' THEN 'project' WHEN d.name LIKE 'worker:%' THEN 'worker'
    WHEN d.name LIKE 'requester:%' THEN 'requester' ELSE 'platform' END AS source,
  CASE WHEN c.name LIKE 'project:%' THEN 'project' WHEN c.name LIKE 'worker:%' THEN 'worker'
    WHEN c.name LIKE 'requester:%' THEN 'requester' ELSE 'platform' END AS target, sum(t.amount)
FROM transfers t JOIN accounts d ON d.id = t.debit JOIN accounts c ON c.id = t.credit
WHERE t.project = :project GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"""

# Deposits and bonuses, which belong to no project, and when the account's first money moved. A bonus that its worker
# gave up to leave came back.
BESIDES = """
SELECT coalesce(sum(e.amount) FILTER (WHERE t.kind = 'deposit'), 0),
  coalesce(-sum(e.amount) FILTER (WHERE t.kind = 'bonus' OR (t.kind = 'waived' AND t.project IS NULL)), 0),
  coalesce(-sum(e.amount) FILTER (WHERE t.kind = 'refund'), 0),
  coalesce(-sum(e.amount) FILTER (WHERE t.kind IN ('stake', 'unstake', 'costs')), 0),
  min(t.made_at)
FROM entries e JOIN transfers t ON t.id = e.transfer JOIN accounts a ON a.id = e.account
WHERE a.name = :account AND a.currency = :currency"""

HELD = """
SELECT sum(a.balance) FROM projects p JOIN accounts a ON a.currency = :currency AND a.name IN (
  'project:' || p.id || ':budget', 'project:' || p.id || ':topup', 'project:' || p.id || ':extra')
WHERE p.requester = :requester"""


@dataclass(frozen=True, slots=True)
class MovedAmount:
    """All movements of one kind between two sorts of accounts: project, worker, requester, platform."""

    kind: str
    source: str
    target: str
    amount: int


class Spending:
    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self.stated = StatedCosts(connection)

    def besides(self, account: str, currency: str) -> dict[str, Any]:
        """A requester's deposits, bonuses, refunds, judges' pay held for rejections, and since when any of it moved."""
        *sums, since = self._db.all(BESIDES, account=account, currency=currency)[0]
        named = zip(("deposited", "bonuses", "refunded", "judges"), map(int, sums), strict=True)
        return {**dict(named), "since": since}

    def of(self, project: ProjectId) -> list[MovedAmount]:
        return [MovedAmount(row[0], row[1], row[2], int(row[3])) for row in self._db.all(MOVED, project=project)]

    def held(self, requester: PersonId, currency: str) -> int:
        """Budgets and reserves of all their projects."""
        return int(first(self._db.one(HELD, requester=requester, currency=currency), 0))
