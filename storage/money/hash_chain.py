"""The hash chain over the ledger: every committed transfer is sealed together with all before it.

Sealing runs after the commit, so that no payment waits for it. On PostgreSQL a transfer may become visible after one
with a higher id: the chain has the order of sealing, not of ids.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from domain.moments import DAY, Moment, day_of, later
from domain.money.ledger import EMPTY_HEAD, SealedHead, Transfer, find_timestamp_fault, seal_next
from storage.drivers.connection import Connection, Row
from storage.invariants import LATEST_MOMENT, SWEEP_GRACE, Invariant, Reader, Walk

# The text a hash covers; docs/reference/ledger-chain.md specifies it for independent checks.
SEALED_CONTENT = """
t.id || '|' || t.debit || '|' || t.credit || '|' || t.amount || '|' || t.currency || '|'
  || coalesce(CAST(t.project AS TEXT), '') || '|' || coalesce(CAST(t.submission AS TEXT), '') || '|'
  || coalesce(CAST(t.reverses AS TEXT), '') || '|' || t.made_at
  || '|' || d.version || '|' || d.amount || '|' || d.balance
  || '|' || c.version || '|' || c.amount || '|' || c.balance || '|' || t.digest || '|' || t.kind || '|' || t.key"""
# By the transfer alone (`+ 0`): as long as PostgreSQL knows of few entries, an index by accounts looks as good, and
# would read all entries of its accounts for each transfer.
JOIN_ENTRIES = """
LEFT JOIN entries d ON d.transfer = t.id AND d.account + 0 = t.debit
LEFT JOIN entries c ON c.transfer = t.id AND c.account + 0 = t.credit"""

SELECT_HEAD = "SELECT position, hash FROM hash_chain WHERE position = (SELECT max(position) FROM hash_chain)"
# Transfers that wait for their seal, from an id on. The chain is asked for each: as long as PostgreSQL knows of a short
# one, a join would read all of it for each.
SELECT_UNSEALED = f"""
SELECT t.id, {SEALED_CONTENT} FROM transfers t {JOIN_ENTRIES}
WHERE t.id > :after AND (SELECT s.position FROM hash_chain s WHERE s.transfer = t.id) IS NULL
ORDER BY t.id LIMIT :limit"""
SELECT_NEWEST_SEALED = "SELECT coalesce(max(transfer), 0) FROM hash_chain"
SELECT_FIRST_UNSEALED = """
SELECT t.id FROM transfers t LEFT JOIN hash_chain s ON s.transfer = t.id WHERE s.transfer IS NULL
ORDER BY t.id LIMIT 1"""
# How many of the recent ones up to the newest sealed are not sealed.
COUNT_MISSED = """
SELECT (SELECT count(*) FROM transfers WHERE id > :after AND id <= :newest)
  - (SELECT count(*) FROM hash_chain WHERE transfer > :after AND transfer <= :newest)"""
INSERT_LINK = "INSERT INTO hash_chain (position, transfer, hash) VALUES (:position, :transfer, :hash)"
# The chain, page by page, with all it covers as it is now.
SELECT_CHAIN_PAGE = f"""
SELECT s.position, s.hash, s.transfer, {SEALED_CONTENT}, t.kind, a.name, b.name, t.amount, t.currency, t.project,
  t.submission, t.reverses, t.memo, t.digest
FROM hash_chain s LEFT JOIN transfers t ON t.id = s.transfer {JOIN_ENTRIES}
LEFT JOIN accounts a ON a.id = t.debit LEFT JOIN accounts b ON b.id = t.credit
WHERE s.position > :after ORDER BY s.position LIMIT :limit"""
# Whether the chain had begun before a moment, and no head of that day or a later one is noted.
SELECT_IS_HEAD_DUE = """
SELECT 1 FROM hash_chain s JOIN transfers t ON t.id = s.transfer
WHERE s.position = 1 AND t.made_at < :before AND NOT EXISTS (SELECT 1 FROM chain_heads WHERE day >= :day)"""
SELECT_DAY_HEADS = "SELECT day, position, hash FROM chain_heads ORDER BY day DESC LIMIT :limit"
INSERT_DAY_HEAD = "INSERT INTO chain_heads (day, position, hash) VALUES (:day, :position, :hash)"

MAX_LATE_IDS = 5_000  # ids by which a transfer may come to light after its neighbours and be sealed at once
LINKS_PER_PAGE = 10_000


class HashChain:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def head(self) -> SealedHead:
        row = self._db.one(SELECT_HEAD)
        return SealedHead(*row) if row else EMPTY_HEAD

    def seal(self, limit: int, after: int | None = None) -> int:
        """Seal committed transfers after this id, else the recent ones, oldest first; return how many were sealed."""
        head, links = self.head(), []
        rows = self._db.all(SELECT_UNSEALED, after=self._sealed_up_to() if after is None else after, limit=limit)
        for transfer, content in rows:
            head = seal_next(head, content)
            links.append({"position": head.position, "transfer": transfer, "hash": head.hash})
        if links:
            self._db.many(INSERT_LINK, links)
        return len(links)

    def _sealed_up_to(self) -> int:
        """Return an id after which all recent unsealed transfers lie: the newest sealed, or MAX_LATE_IDS before it if
        some came late."""
        newest = self.newest_sealed()
        missed = self._db.all(COUNT_MISSED, after=newest - MAX_LATE_IDS, newest=newest)[0][0]
        return newest - MAX_LATE_IDS if missed else newest

    def newest_sealed(self) -> int:
        """Return the highest id of a sealed transfer, or 0."""
        return int(self._db.all(SELECT_NEWEST_SEALED)[0][0])

    def first_unsealed(self) -> int | None:
        """Return the id of the first unsealed transfer, or None. Reads the whole ledger."""
        row = self._db.one(SELECT_FIRST_UNSEALED)
        return None if row is None else int(row[0])

    def is_new_day(self) -> bool:
        """Return whether yesterday (UTC) is over and its head is not noted yet."""
        midnight = self._now - self._now % DAY
        return self._db.one(SELECT_IS_HEAD_DUE, day=day_of(later(self._now, -DAY)), before=midnight) is not None

    def note_day_head(self) -> None:
        """Note the head of the chain now that yesterday (UTC) is over; nothing if it was noted before."""
        if self.is_new_day():
            head = self.head()
            self._db.changed(
                INSERT_DAY_HEAD, day=day_of(later(self._now, -DAY)), position=head.position, hash=head.hash
            )

    def list_day_heads(self, limit: int) -> list[tuple[str, SealedHead]]:
        """Return (day, head), the newest first."""
        return [
            (day, SealedHead(position, hash_)) for day, position, hash_ in self._db.all(SELECT_DAY_HEADS, limit=limit)
        ]

    def iterate_links(self) -> Iterator[Row]:
        position = 0
        while page := self._db.all(SELECT_CHAIN_PAGE, after=position, limit=LINKS_PER_PAGE):
            yield from page
            position = page[-1][0]


# The newest head alone: it covers all before it.
SELECT_WAITING_HEAD = """
SELECT h.day, h.position, h.hash, coalesce(s.tries, 0) FROM chain_heads h LEFT JOIN head_timestamps s ON s.day = h.day
WHERE h.day = (SELECT max(day) FROM chain_heads) AND s.answer IS NULL AND coalesce(s.try_at, 0) <= :now"""
UPSERT_FAILED_TIMESTAMP = """
INSERT INTO head_timestamps (day, tries, try_at, reason) VALUES (:day, 1, :try_at, :reason)
ON CONFLICT (day) DO UPDATE SET tries = head_timestamps.tries + 1, try_at = excluded.try_at, reason = excluded.reason
WHERE head_timestamps.answer IS NULL"""
UPSERT_TIMESTAMP = """
INSERT INTO head_timestamps (day, answer, root, stamped_at) VALUES (:day, :answer, :root, :stamped_at)
ON CONFLICT (day) DO UPDATE SET answer = excluded.answer, root = excluded.root, stamped_at = excluded.stamped_at,
  reason = '' WHERE head_timestamps.answer IS NULL"""
SELECT_STAMPED_HEADS = """
SELECT h.day, h.position, h.hash, s.answer, s.root, s.stamped_at
FROM head_timestamps s JOIN chain_heads h ON h.day = s.day WHERE s.answer IS NOT NULL ORDER BY h.day"""


@dataclass(frozen=True, slots=True)
class StampedHead:
    """A day's head with its time-stamp: `answer` and `root` in base64."""

    day: str
    head: SealedHead
    answer: str
    root: str
    at: Moment


class HeadTimestamps:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def find_waiting(self) -> tuple[str, SealedHead, int] | None:
        """Return day, head, and number of failed tries of the newest head if it has no time-stamp and a try is due,
        else None."""
        row = self._db.one(SELECT_WAITING_HEAD, now=self._now)
        return (row[0], SealedHead(row[1], row[2]), int(row[3])) if row else None

    def note_failure(self, day: str, try_at: Moment, reason: str) -> None:
        self._db.changed(UPSERT_FAILED_TIMESTAMP, day=day, try_at=try_at, reason=reason)

    def store(self, day: str, answer: str, root: str, stamped_at: Moment) -> None:
        self._db.changed(UPSERT_TIMESTAMP, day=day, answer=answer, root=root, stamped_at=stamped_at)

    def list_stamped(self) -> list[StampedHead]:
        return [StampedHead(row[0], SealedHead(row[1], row[2]), *row[3:]) for row in self._db.all(SELECT_STAMPED_HEADS)]


# Rule 10: the hash chain over the ledger recomputes, covers every transfer, and passes through every recorded
# head.
def iter_chain_faults(reader: Reader) -> Iterator[tuple[str, str]]:
    """Yield the first transfer whose recomputed hash differs, or nothing; no later one could match."""
    head = EMPTY_HEAD
    for row in HashChain(reader.connection, reader.now).iterate_links():
        fault = _find_fault(head, row)
        if fault:
            yield f"transfer {row[2]}", f"sealed as number {row[0]}: {fault}"
            return
        head = SealedHead(row[0], row[1])


def _find_fault(head: SealedHead, row: Row) -> str:
    """Return what is wrong with the sealed transfer that follows `head`, or ""."""
    position, hash_, _, content, *requested, digest = row
    if content is None:
        return "it or one of its entries is not there"
    if (position, hash_) != ((expected := seal_next(head, content)).position, expected.hash):
        return "it, its entries or a seal before it is not what was sealed"
    is_nameless = any(":erased-" in name for name in requested[1:3])  # erased people's names are gone
    if not is_nameless and Transfer("", *requested[:5], *requested[5:]).digest_of_request != digest:
        return "its accounts' names or its memo are not what was asked for"
    return ""


CHAIN_RECOMPUTES = Walk(10, "the chain over the book recomputes", iter_chain_faults)
# Once sealing has begun, no transfer stays unsealed for long.
TRANSFERS_ARE_SEALED = Invariant(
    10,
    "every transfer is sealed within the hour",
    f"""
SELECT 'transfer ' || t.id AS subject, 'made at ' || t.made_at || ', not sealed' AS detail
FROM transfers t LEFT JOIN hash_chain s ON s.transfer = t.id
WHERE s.transfer IS NULL AND t.made_at < {LATEST_MOMENT} - {SWEEP_GRACE} AND EXISTS (SELECT 1 FROM hash_chain)""",
)
# A recorded head, of which others may have a copy, is still in the chain.
HEADS_ARE_IN_CHAIN = Invariant(
    10,
    "every day's head is in the chain",
    """
SELECT 'head of ' || h.day AS subject, 'number ' || h.position || ' has another hash' AS detail
FROM chain_heads h LEFT JOIN hash_chain s ON s.position = h.position AND s.hash = h.hash WHERE s.position IS NULL
UNION ALL
SELECT 'seal ' || found.last, found.number || ' seals'
FROM (SELECT coalesce(max(position), 0) AS last, count(*) AS number FROM hash_chain) AS found
WHERE found.last <> found.number""",
)


def iter_timestamp_faults(reader: Reader) -> Iterator[tuple[str, str]]:
    """Yield each time-stamp whose signature, root or content does not verify."""
    for stamp in HeadTimestamps(reader.connection, reader.now).list_stamped():
        if stamp_fault := find_timestamp_fault(stamp.day, stamp.head, stamp.answer, stamp.root, stamp.at):
            yield f"head of {stamp.day}", stamp_fault


TIMESTAMPS_FIT_HEADS = Walk(10, "every time-stamp is of its head", iter_timestamp_faults)
