"""Social contributions: SIRETs, rates, what was withheld, declarations."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.moments import Moment
from domain.money.contributions import Contribution, ContributionRate, DeclaredLine
from domain.people.accounts import PersonId
from storage.drivers.connection import Connection
from storage.drivers.records import columns, first

_CONTRIBUTION = columns(Contribution)

ASK = """
INSERT INTO contributors (person, asked_at) VALUES (:person, :now) ON CONFLICT (person) DO NOTHING"""
SIRET = "SELECT siret FROM contributors WHERE person = :person"
GIVE = """
INSERT INTO contributors (person, siret, asked_at, given_at) VALUES (:person, :siret, :now, :now)
ON CONFLICT (person) DO UPDATE SET siret = excluded.siret, given_at = excluded.given_at"""
TAKE_BACK = "UPDATE contributors SET siret = NULL, given_at = NULL WHERE person = :person"
# The rate of the month, else of the newest month before it; as it was read in last.
RATE = """
SELECT siret, month, rate FROM contribution_rates WHERE siret = :siret AND month <= :month
ORDER BY month DESC, read_at DESC LIMIT 1"""
READ = """
INSERT INTO contribution_rates (siret, month, rate, read_at) VALUES (:siret, :month, :rate, :now)
ON CONFLICT (siret, month, read_at) DO UPDATE SET rate = excluded.rate"""
KEEP = f"""
INSERT INTO contributions ({_CONTRIBUTION})
VALUES (:payout, :siret, :month, :rate_month, :rate, :gross, :amount)"""
# Paid, and not declared; or declared, and brought back since: each line after the first takes back the one before it.
# Of less than half a cent the pay is declared, too.
DUE = """
SELECT c.payout, CASE WHEN p.state = 'paid' THEN c.amount ELSE -c.amount END AS amount
FROM contributions c JOIN payouts p ON p.id = c.payout
LEFT JOIN (SELECT payout, count(*) AS lines FROM contribution_lines GROUP BY payout) l ON l.payout = c.payout
WHERE (p.state = 'paid' AND coalesce(l.lines, 0) % 2 = 0) OR (p.state = 'failed' AND l.lines % 2 = 1)
ORDER BY c.payout"""
DECLARE = """
INSERT INTO contribution_declarations (made_at, total) VALUES (:now, :total) RETURNING id"""
LINE = "INSERT INTO contribution_lines (declaration, payout, amount) VALUES (:declaration, :payout, :amount)"
DECLARATION = "SELECT id, total, transfer, made_at FROM contribution_declarations WHERE id = :id"
# A payout's second line takes it back, and a third one declares it anew.
LINES = """
SELECT siret, month, rate, count(*), sum(sign * gross), sum(amount) FROM (
  SELECT c.siret, c.month, c.rate, c.gross, l.amount, 1 - 2 * ((
    SELECT count(*) FROM contribution_lines e WHERE e.payout = l.payout AND e.declaration < l.declaration) % 2) AS sign
  FROM contribution_lines l JOIN contributions c ON c.payout = l.payout WHERE l.declaration = :id) AS told
GROUP BY siret, month, rate, sign ORDER BY month, siret, rate, sign"""
# Of erased people, when the time that accounts are kept is over.
EXPIRE = """
UPDATE contributions SET siret = '' WHERE siret <> '' AND payout IN (
  SELECT p.id FROM payouts p JOIN people w ON w.id = p.worker
  WHERE w.erased_at IS NOT NULL AND p.requested_at < :before)"""
UNPAID = "SELECT coalesce(sum(total), 0) FROM contribution_declarations WHERE transfer IS NULL"
PAID = """
UPDATE contribution_declarations SET transfer = :transfer, paid_at = :now WHERE id = :id AND transfer IS NULL"""


@dataclass(frozen=True, slots=True)
class Declaration:
    """`transfer` is its payment, once there is one."""

    id: int
    total: int
    transfer: int | None
    made_at: Moment


class Contributions:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def ask(self, person: PersonId) -> bool:
        """False when they were asked before."""
        return self._db.changed(ASK, person=person, now=self._now) == 1

    def siret(self, person: PersonId) -> str | None:
        found: str | None = first(self._db.one(SIRET, person=person))
        return found

    def give(self, person: PersonId, siret: str) -> None:
        self._db.changed(GIVE, person=person, siret=siret, now=self._now)

    def take_back(self, person: PersonId) -> None:
        self._db.changed(TAKE_BACK, person=person)

    def rate(self, siret: str, month: str) -> ContributionRate | None:
        """Of this month, else of the newest before it."""
        row = self._db.one(RATE, siret=siret, month=month)
        return ContributionRate(*row) if row else None

    def read(self, rates: Sequence[ContributionRate]) -> None:
        for each in rates:
            self._db.changed(READ, siret=each.siret, month=each.month, rate=each.rate, now=self._now)

    def keep(self, of: Contribution) -> None:
        self._db.changed(KEEP, **{name: getattr(of, name) for name in Contribution.__slots__})

    def due(self) -> list[tuple[int, int]]:
        """(payout, amount) to be declared; below zero: to be taken back."""
        return [(int(row[0]), int(row[1])) for row in self._db.all(DUE)]

    def declare(self, due: Sequence[tuple[int, int]]) -> int:
        number = int(self._db.all(DECLARE, now=self._now, total=sum(amount for _, amount in due))[0][0])
        for payout, amount in due:
            self._db.changed(LINE, declaration=number, payout=payout, amount=amount)
        return number

    def declaration(self, number: int) -> Declaration | None:
        row = self._db.one(DECLARATION, id=number)
        return Declaration(row[0], int(row[1]), row[2], Moment(row[3])) if row else None

    def unpaid(self) -> int:
        """What declarations name that are not paid over yet."""
        return int(first(self._db.one(UNPAID), 0))

    def lines(self, number: int) -> list[DeclaredLine]:
        return [DeclaredLine(row[0], row[1], *map(int, row[2:])) for row in self._db.all(LINES, id=number)]

    def expire(self, before: Moment) -> None:
        """SIRETs of erased people, of payouts asked for before this moment."""
        self._db.changed(EXPIRE, before=before)

    def paid(self, number: int, transfer: int) -> bool:
        return self._db.changed(PAID, id=number, transfer=transfer, now=self._now) == 1
