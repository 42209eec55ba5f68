"""Social contributions: SIRETs, rates, what was withheld, declarations."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.moments import Moment
from domain.money.payouts import PayoutId
from domain.people.accounts import PersonId
from extensions.eu_taxes.domain.contributions import Contribution, ContributionRate, DeclaredLine
from storage.drivers.connection import Connection
from storage.drivers.records import columns, single_value
from storage.invariants import Invariant

_CONTRIBUTION = columns(Contribution)

INSERT_ASKED_CONTRIBUTOR = """
INSERT INTO contributors (person, asked_at) VALUES (:person, :now) ON CONFLICT (person) DO NOTHING"""
SELECT_SIRET = "SELECT siret FROM contributors WHERE person = :person"
UPSERT_SIRET = """
INSERT INTO contributors (person, siret, asked_at, given_at) VALUES (:person, :siret, :now, :now)
ON CONFLICT (person) DO UPDATE SET siret = excluded.siret, given_at = excluded.given_at"""
CLEAR_SIRET = "UPDATE contributors SET siret = NULL, given_at = NULL WHERE person = :person"
# The rate of the month, else of the newest month before it; as it was read in last.
SELECT_NEWEST_RATE = """
SELECT siret, month, rate FROM contribution_rates WHERE siret = :siret AND month <= :month
ORDER BY month DESC, read_at DESC LIMIT 1"""
UPSERT_RATE = """
INSERT INTO contribution_rates (siret, month, rate, read_at) VALUES (:siret, :month, :rate, :now)
ON CONFLICT (siret, month, read_at) DO UPDATE SET rate = excluded.rate"""
INSERT_CONTRIBUTION = f"""
INSERT INTO contributions ({_CONTRIBUTION})
VALUES (:payout, :siret, :month, :rate_month, :rate, :gross, :amount)"""
# Paid, and not declared; or declared, and brought back since: each line after the first takes back the one before it.
# Of less than half a cent the pay is declared, too.
SELECT_DUE_CONTRIBUTIONS = """
SELECT c.payout, CASE WHEN p.state = 'paid' THEN c.amount ELSE -c.amount END AS amount
FROM contributions c JOIN payouts p ON p.id = c.payout
LEFT JOIN (SELECT payout, count(*) AS lines FROM contribution_lines GROUP BY payout) l ON l.payout = c.payout
WHERE (p.state = 'paid' AND coalesce(l.lines, 0) % 2 = 0) OR (p.state = 'failed' AND l.lines % 2 = 1)
ORDER BY c.payout"""
INSERT_DECLARATION = """
INSERT INTO contribution_declarations (made_at, total) VALUES (:now, :total) RETURNING id"""
INSERT_DECLARATION_LINE = (
    "INSERT INTO contribution_lines (declaration, payout, amount) VALUES (:declaration, :payout, :amount)"
)
SELECT_DECLARATION = "SELECT id, total, transfer, made_at FROM contribution_declarations WHERE id = :id"
# A payout's second line takes it back, and a third one declares it anew.
SELECT_DECLARED_LINES = """
SELECT siret, month, rate, count(*), sum(sign * gross), sum(amount) FROM (
  SELECT c.siret, c.month, c.rate, c.gross, l.amount, 1 - 2 * ((
    SELECT count(*) FROM contribution_lines e WHERE e.payout = l.payout AND e.declaration < l.declaration) % 2) AS sign
  FROM contribution_lines l JOIN contributions c ON c.payout = l.payout WHERE l.declaration = :id) AS told
GROUP BY siret, month, rate, sign ORDER BY month, siret, rate, sign"""
SUM_UNPAID_DECLARATIONS = "SELECT coalesce(sum(total), 0) FROM contribution_declarations WHERE transfer IS NULL"
SET_DECLARATION_PAID = """
UPDATE contribution_declarations SET transfer = :transfer, paid_at = :now WHERE id = :id AND transfer IS NULL"""


@dataclass(frozen=True, slots=True)
class Declaration:
    """Declaration of contributions: `total` due, and `transfer`, the number of its payment once there is one."""

    id: int
    total: int
    transfer: int | None
    made_at: Moment


class Contributions:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def mark_asked(self, person: PersonId) -> bool:
        """Note that this person was asked for a SIRET; return False if they were asked before."""
        return self._db.changed(INSERT_ASKED_CONTRIBUTOR, person=person, now=self._now) == 1

    def find_siret(self, person: PersonId) -> str | None:
        siret: str | None = single_value(self._db.one(SELECT_SIRET, person=person))
        return siret

    def set_siret(self, person: PersonId, siret: str) -> None:
        self._db.changed(UPSERT_SIRET, person=person, siret=siret, now=self._now)

    def clear_siret(self, person: PersonId) -> None:
        self._db.changed(CLEAR_SIRET, person=person)

    def find_rate(self, siret: str, month: str) -> ContributionRate | None:
        """Return the rate of this month, else of the newest month before it, or None."""
        row = self._db.one(SELECT_NEWEST_RATE, siret=siret, month=month)
        return ContributionRate(*row) if row else None

    def store_rates(self, rates: Sequence[ContributionRate]) -> None:
        for rate in rates:
            self._db.changed(UPSERT_RATE, siret=rate.siret, month=rate.month, rate=rate.rate, now=self._now)

    def insert(self, contribution: Contribution) -> None:
        self._db.changed(INSERT_CONTRIBUTION, **{name: getattr(contribution, name) for name in Contribution.__slots__})

    def list_due(self) -> list[tuple[int, int]]:
        """Return (payout, amount) of contributions to be declared; a negative amount is to be taken back."""
        return [(int(row[0]), int(row[1])) for row in self._db.all(SELECT_DUE_CONTRIBUTIONS)]

    def insert_declaration(self, due: Sequence[tuple[int, int]]) -> int:
        number = int(self._db.all(INSERT_DECLARATION, now=self._now, total=sum(amount for _, amount in due))[0][0])
        for payout, amount in due:
            self._db.changed(INSERT_DECLARATION_LINE, declaration=number, payout=payout, amount=amount)
        return number

    def find_declaration(self, number: int) -> Declaration | None:
        row = self._db.one(SELECT_DECLARATION, id=number)
        return Declaration(row[0], int(row[1]), row[2], Moment(row[3])) if row else None

    def sum_unpaid(self) -> int:
        """Return the sum of declarations that are not paid yet."""
        return int(single_value(self._db.one(SUM_UNPAID_DECLARATIONS), 0))

    def list_declared_lines(self, number: int) -> list[DeclaredLine]:
        return [
            DeclaredLine(row[0], row[1], *map(int, row[2:])) for row in self._db.all(SELECT_DECLARED_LINES, id=number)
        ]

    def set_declaration_paid(self, number: int, transfer: int) -> bool:
        return self._db.changed(SET_DECLARATION_PAID, id=number, transfer=transfer, now=self._now) == 1


# What was withheld by a rate that was read in is declared, and handed on by its declaration only; the rest by hand.
# Neither pays for the other. `advance`: contributions that the fees lend until a declaration nets them.
IS_SHARE_DECLARED = "EXISTS (SELECT 1 FROM contributions c WHERE c.payout = p.id)"
SUM_WITHHELD_MOVEMENTS = """
SELECT coalesce(sum(e.amount), 0) FROM accounts a
JOIN entries e ON e.account = a.id JOIN transfers t ON t.id = e.transfer
WHERE a.name = 'platform:withheld' AND a.currency = :currency"""
SUM_HANDED_BY_DECLARATIONS = f"""{SUM_WITHHELD_MOVEMENTS}
  AND (t.kind IN ('advance', 'advance back') OR t.kind = 'handed on' AND t.key LIKE 'handed:declaration:%')"""
SUM_HANDED_BY_HAND = f"""{SUM_WITHHELD_MOVEMENTS}
  AND t.kind IN ('handed on', 'handed back') AND t.key NOT LIKE 'handed:declaration:%'"""
SUM_SHARES = f"""
SELECT coalesce(sum(p.withheld), 0) FROM payouts p WHERE p.state <> 'failed' AND p.currency = :currency
  AND p.id <> :without AND {IS_SHARE_DECLARED} = (:declared = 1)"""
# Of payouts that may still come back: not to be handed on yet.
SUM_UNSETTLED_SHARES = f"""
SELECT coalesce(sum(p.withheld), 0) FROM payouts p
WHERE p.state IN ('requested', 'sent', 'unknown') AND p.currency = :currency
  AND {IS_SHARE_DECLARED} = (:declared = 1)"""
SELECT_IS_DECLARED = "SELECT 1 FROM contributions WHERE payout = :payout"
SUM_ADVANCES = f"{SUM_WITHHELD_MOVEMENTS} AND t.kind IN ('advance', 'advance back')"


class WithheldShares:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection

    def get_fund(self, currency: str, declared: bool, without: int = 0) -> int:
        """Return what is left of withheld money: of payouts whose share is `declared`, or of the others. Without the
        share of the payout `without` it may be negative, by what was handed on of that share."""
        handed_on = int(
            single_value(
                self._db.one(SUM_HANDED_BY_DECLARATIONS if declared else SUM_HANDED_BY_HAND, currency=currency), 0
            )
        )
        facts = {"currency": currency, "declared": int(declared), "without": without}
        return int(single_value(self._db.one(SUM_SHARES, **facts), 0)) + handed_on

    def sum_unsettled(self, currency: str, declared: bool) -> int:
        """Return what was withheld from payouts that may still come back, `declared` or not."""
        return int(single_value(self._db.one(SUM_UNSETTLED_SHARES, currency=currency, declared=int(declared)), 0))

    def sum_handed_by_hand(self, currency: str) -> int:
        """Return what was handed on without a declaration, less what came back."""
        return -int(single_value(self._db.one(SUM_HANDED_BY_HAND, currency=currency), 0))

    def is_declared(self, payout: PayoutId) -> bool:
        """Return whether the payout's share was withheld by a SIRET's rate, and so is declared."""
        return self._db.one(SELECT_IS_DECLARED, payout=payout) is not None

    def sum_advances(self, currency: str) -> int:
        """Return what the fees have lent for shares that came back and that no declaration has netted."""
        return int(single_value(self._db.one(SUM_ADVANCES, currency=currency), 0))


# Rule 14, continued: social contributions are withheld by a rate that was read in, declared once, and paid over.
# Half a cent (10,000 millionths) is rounding.
CONTRIBUTION_IS_WITHHELD = Invariant(
    14,
    "a contribution is its payout's withheld share",
    """
SELECT 'payout ' || p.id AS subject, 'withheld ' || p.withheld || ' of ' || p.gross || ', contribution ' || c.amount
  || ' of ' || c.gross || ' at ' || c.rate AS detail
FROM contributions c JOIN payouts p ON p.id = c.payout
WHERE c.amount <> p.withheld OR c.gross <> p.gross OR p.currency <> 'EUR'
  OR abs(c.amount * 10000 - c.gross * c.rate) > 5000 * 10000""",
)
RATE_WAS_KNOWN = Invariant(
    14,
    "a contribution's rate was read in before it was used",
    """
SELECT 'payout ' || p.id AS subject, 'rate ' || c.rate || ' of ' || c.rate_month || ', used in ' || c.month AS detail
FROM contributions c JOIN payouts p ON p.id = c.payout
WHERE c.siret <> '' AND (c.rate_month > c.month OR NOT EXISTS (
  SELECT 1 FROM contribution_rates r WHERE r.siret = c.siret AND r.month = c.rate_month AND r.rate = c.rate
    AND r.read_at <= p.requested_at))""",
)
DECLARED_ONCE = Invariant(
    14,
    "a contribution is declared once, of a payout that was paid",
    """
SELECT 'payout ' || c.payout AS subject, p.state || ', contribution ' || c.amount || ', declared ' || l.declared
  AS detail
FROM contributions c JOIN payouts p ON p.id = c.payout
JOIN (SELECT payout, sum(amount) AS declared FROM contribution_lines GROUP BY payout) l ON l.payout = c.payout
WHERE l.declared NOT IN (0, c.amount) OR l.declared <> 0 AND p.state NOT IN ('paid', 'failed')""",
)
DECLARATION_IS_SUM_OF_LINES = Invariant(
    14,
    "a declaration is the sum of its lines, and paid as such",
    """
SELECT 'declaration ' || d.id AS subject, 'total ' || d.total || ', lines ' || coalesce(l.amount, 0) || ', paid '
  || coalesce(t.amount, 0) AS detail
FROM contribution_declarations d
LEFT JOIN (SELECT declaration, sum(amount) AS amount FROM contribution_lines GROUP BY declaration) l
  ON l.declaration = d.id
LEFT JOIN transfers t ON t.key = 'handed:declaration:' || d.id
WHERE d.total <> coalesce(l.amount, 0) OR coalesce(t.amount, d.total) <> d.total
  OR coalesce(t.id, 0) <> coalesce(d.transfer, 0)""",
)
# A share that is declared is handed on, and comes back, with declarations; every other one by hand. Where one paid for
# the other, an amount would come back from the authority twice: in money, and taken off the next declaration.
WITHHELD_COMES_BACK_ONCE = Invariant(
    14,
    "nothing withheld comes back from the authority twice",
    """
SELECT 'currency ' || f.currency || ', ' || f.fund AS subject, 'withheld ' || f.kept || ', handed on ' || f.gone
  || ', advanced ' || f.lent AS detail
FROM (
  SELECT s.currency, s.fund, s.kept, coalesce(sum(CASE WHEN t.kind = 'handed on' THEN t.amount
      WHEN t.kind = 'handed back' THEN -t.amount END), 0) AS gone,
    coalesce(sum(CASE t.kind WHEN 'advance' THEN t.amount WHEN 'advance back' THEN -t.amount END), 0) AS lent
  FROM (
    SELECT a.currency, k.fund, coalesce(sum(p.withheld), 0) AS kept
    FROM accounts a CROSS JOIN (SELECT 'declared' AS fund UNION ALL SELECT 'by hand') AS k
    LEFT JOIN payouts p ON p.currency = a.currency AND p.state <> 'failed'
      AND (k.fund = 'declared') = EXISTS (SELECT 1 FROM contributions c WHERE c.payout = p.id)
    WHERE a.name = 'platform:withheld' GROUP BY a.currency, k.fund
  ) AS s
  LEFT JOIN transfers t ON t.currency = s.currency AND t.kind IN ('handed on', 'handed back', 'advance', 'advance back')
    AND (s.fund = 'declared') = (t.key LIKE 'handed:declaration:%' OR t.kind IN ('advance', 'advance back'))
  GROUP BY s.currency, s.fund, s.kept
) AS f
WHERE f.kept - f.gone + f.lent < 0 OR f.gone < 0 OR f.lent < 0""",
)
