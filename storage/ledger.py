"""The book. A transfer is one row; the schema's trigger writes its two entries and moves the balances."""

from collections.abc import Iterable, Iterator

from domain.ledger import Account, Entry, Transfer, may_overdraw
from domain.moments import Moment
from domain.refusals import KeyReused
from storage.connection import Connection
from storage.records import each, first

OPEN = """
INSERT INTO accounts (name, currency, overdraft) VALUES (:name, :currency, :overdraft) ON CONFLICT (name) DO NOTHING"""
POST = """
INSERT INTO transfers (key, kind, debit, credit, amount, currency, project, submission, reverses, memo, made_at)
SELECT :key, :kind, (SELECT id FROM accounts WHERE name = :debit), (SELECT id FROM accounts WHERE name = :credit),
  :amount, :currency, :project, :submission, :reverses, :memo, :now
WHERE true ON CONFLICT (key) DO NOTHING RETURNING id"""
SAME = """
SELECT 1 FROM transfers t JOIN accounts d ON d.id = t.debit JOIN accounts c ON c.id = t.credit
WHERE t.key = :key AND d.name = :debit AND c.name = :credit AND t.amount = :amount AND t.currency = :currency"""
BALANCE = "SELECT balance FROM accounts WHERE name = :name"
VERSION = "SELECT version FROM accounts WHERE name = :name"
# Waits for whoever is moving money here, so that what is read stays true until commit.
LOCK = "UPDATE accounts SET overdraft = overdraft WHERE name = :name RETURNING balance"
ACCOUNTS = "SELECT name, currency, balance, version FROM accounts ORDER BY name"
ENTRIES = """
SELECT e.transfer, a.name, e.amount, e.balance, e.version, t.kind, t.key, t.made_at, t.memo
FROM entries e JOIN accounts a ON a.id = e.account JOIN transfers t ON t.id = e.transfer
WHERE a.name = :name ORDER BY e.version DESC LIMIT :limit"""

ACCOUNT = "SELECT name, currency, balance, version FROM accounts WHERE name = :name"
# The whole book, page by page.
ACCOUNTS_AFTER = """
SELECT name, currency, balance, version FROM accounts WHERE name > :after ORDER BY name LIMIT :limit"""
HISTORY_AFTER = """
SELECT e.transfer, a.name, e.amount, e.balance, e.version, t.kind, t.key, t.made_at, t.memo
FROM accounts a JOIN entries e ON e.account = a.id JOIN transfers t ON t.id = e.transfer
WHERE a.name = :name AND e.version > :after ORDER BY e.version LIMIT :limit"""
PAGE = 1_000


class Ledger:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def open(self, names: Iterable[str], currency: str) -> None:
        for name in names:
            self._db.changed(OPEN, name=name, currency=currency, overdraft=int(may_overdraw(name)))

    def post(self, transfer: Transfer) -> int | None:
        """The transfer's id; None when its key was posted before. The same key with another content is refused."""
        row = self._db.one(
            POST,
            key=transfer.key,
            kind=transfer.kind,
            debit=transfer.debit,
            credit=transfer.credit,
            amount=transfer.amount,
            currency=transfer.currency,
            project=transfer.project,
            submission=transfer.submission,
            reverses=transfer.reverses,
            memo=transfer.memo,
            now=self._now,
        )
        if row is not None:
            return int(row[0])
        self._same(transfer)
        return None

    def balance(self, name: str) -> int:
        return int(first(self._db.one(BALANCE, name=name), 0))

    def locked_balance(self, name: str) -> int:
        """The balance, which nobody else can move before this transaction ends."""
        return int(first(self._db.one(LOCK, name=name), 0))

    def version(self, name: str) -> int:
        """How many entries the account has: a key part that no second call can share."""
        return int(first(self._db.one(VERSION, name=name), 0))

    def accounts(self) -> list[Account]:
        return [Account(*row) for row in self._db.all(ACCOUNTS)]

    def names(self) -> list[str]:
        return each(self._db.all(ACCOUNTS))

    def entries(self, name: str, limit: int) -> list[Entry]:
        """Newest first."""
        return [Entry(*row) for row in self._db.all(ENTRIES, name=name, limit=limit)]

    def find(self, name: str) -> Account | None:
        row = self._db.one(ACCOUNT, name=name)
        return Account(*row) if row else None

    def every_account(self) -> Iterator[Account]:
        """By name, a page at a time: there may be many."""
        page = [Account("", "", 0, 0)]
        while page:
            page = [Account(*row) for row in self._db.all(ACCOUNTS_AFTER, after=page[-1].name, limit=PAGE)]
            yield from page

    def history(self, name: str) -> Iterator[Entry]:
        """Oldest first, a page at a time."""
        version = 0
        while page := self._db.all(HISTORY_AFTER, name=name, after=version, limit=PAGE):
            yield from (Entry(*row) for row in page)
            version = page[-1][4]

    def _same(self, transfer: Transfer) -> None:
        known = self._db.one(
            SAME,
            key=transfer.key,
            debit=transfer.debit,
            credit=transfer.credit,
            amount=transfer.amount,
            currency=transfer.currency,
        )
        if known is None:
            raise KeyReused(name=transfer.key)
