"""Rule 10: the hash chain over the ledger recomputes, covers every transfer, and passes through every recorded head."""

from collections.abc import Iterator

from domain.moments import HOUR
from domain.money.ledger import (
    EMPTY_HEAD,
    SealedHead,
    Transfer,
    find_timestamp_fault,
    seal_next,
)
from storage.drivers.connection import Row
from storage.invariants.invariant import LATEST_MOMENT, Invariant, Walk
from storage.unit import UnitOfWork

SEAL_GRACE = HOUR


def iter_chain_faults(unit: UnitOfWork) -> Iterator[tuple[str, str]]:
    """Yield the first transfer whose recomputed hash differs, or nothing; no later one could match."""
    head = EMPTY_HEAD
    for row in unit.hash_chain.iterate_links():
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
WHERE s.transfer IS NULL AND t.made_at < {LATEST_MOMENT} - {SEAL_GRACE} AND EXISTS (SELECT 1 FROM hash_chain)""",
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


def iter_timestamp_faults(unit: UnitOfWork) -> Iterator[tuple[str, str]]:
    """Yield each time-stamp whose signature, root or content does not verify."""
    for stamp in unit.head_timestamps.list_stamped():
        if stamp_fault := find_timestamp_fault(stamp.day, stamp.head, stamp.answer, stamp.root, stamp.at):
            yield f"head of {stamp.day}", stamp_fault


TIMESTAMPS_FIT_HEADS = Walk(10, "every time-stamp is of its head", iter_timestamp_faults)

INVARIANTS = (CHAIN_RECOMPUTES, TRANSFERS_ARE_SEALED, HEADS_ARE_IN_CHAIN, TIMESTAMPS_FIT_HEADS)
