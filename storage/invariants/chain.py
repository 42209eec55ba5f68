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
from storage.invariants.invariant import LATEST, Invariant, Walk
from storage.unit import UnitOfWork

GRACE = HOUR


def misfits(unit: UnitOfWork) -> Iterator[tuple[str, str]]:
    """Recomputes every hash from the ledger. Stops at the first that differs: no later one could match."""
    head = EMPTY_HEAD
    for row in unit.hash_chain.iterate_links():
        wrong = _wrong(head, row)
        if wrong:
            yield f"transfer {row[2]}", f"sealed as number {row[0]}: {wrong}"
            return
        head = SealedHead(row[0], row[1])


def _wrong(before: SealedHead, row: Row) -> str:
    position, hash_, _, content, *asked, digest = row
    if content is None:
        return "it or one of its entries is not there"
    if (position, hash_) != ((after := seal_next(before, content)).position, after.hash):
        return "it, its entries or a seal before it is not what was sealed"
    is_nameless = any(":erased-" in name for name in asked[1:3])  # erased people's names are gone
    if not is_nameless and Transfer("", *asked[:5], *asked[5:]).digest_of_request != digest:
        return "its accounts' names or its memo are not what was asked for"
    return ""


CHAIN = Walk(10, "the chain over the book recomputes", misfits)
# Where sealing goes on, nothing stays behind it for long.
SEALED = Invariant(
    10,
    "every transfer is sealed within the hour",
    f"""
SELECT 'transfer ' || t.id AS subject, 'made at ' || t.made_at || ', not sealed' AS detail
FROM transfers t LEFT JOIN hash_chain s ON s.transfer = t.id
WHERE s.transfer IS NULL AND t.made_at < {LATEST} - {GRACE} AND EXISTS (SELECT 1 FROM hash_chain)""",
)
# A head that was noted, and may have been kept by others, is still a link.
HEADS = Invariant(
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


def misstamped(unit: UnitOfWork) -> Iterator[tuple[str, str]]:
    """Checks signature, root and content of every time-stamp again."""
    for each in unit.head_timestamps.list_stamped():
        if wrong := find_timestamp_fault(each.day, each.head, each.answer, each.root, each.at):
            yield f"head of {each.day}", wrong


STAMPED = Walk(10, "every time-stamp is of its head", misstamped)

INVARIANTS = (CHAIN, SEALED, HEADS, STAMPED)
