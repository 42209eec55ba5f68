"""Rules 1 to 3: the ledger balances, histories are complete, no account is negative that must not be."""

from domain.money.ledger import FEES, SHARDS
from storage.invariants.invariant import Invariant
from storage.money import ledger

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
FROM accounts a WHERE a.name LIKE '{FEES}:%' AND a.name NOT IN ({ledger.FEES_SHARDS})""",
)

INVARIANTS = (
    TRANSFERS_HAVE_TWO_ENTRIES,
    ENTRIES_HAVE_TRANSFERS,
    CURRENCIES_SUM_TO_ZERO,
    BALANCES_ARE_SUMS,
    ENTRIES_CARRY_RUNNING_SUM,
    NO_NEGATIVE_ACCOUNTS,
    TRANSFERS_HAVE_ONE_CURRENCY,
    FEES_ARE_IN_THEIR_SHARD,
)
