"""What is withheld from payouts: shares that are declared, and those that are handed on by hand."""

from domain.money.payouts import PayoutId
from storage.drivers.connection import Connection
from storage.drivers.records import first

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
