"""Members' spending of their teams' money, a month each."""

from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.months import month_of
from domain.people.people import PersonId
from storage.drivers.connection import Connection
from storage.drivers.records import first

ADD = """
INSERT INTO team_spending (team, member, month, amount, currency, cap, after, up_to, at)
VALUES (:team, :member, :month, :amount, :currency, :cap, :after, :up_to, :now)"""
SPENT = """
SELECT sum(amount) FROM team_spending
WHERE team = :team AND member = :member AND month = :month AND currency = :currency"""
SPENT_BY = """
SELECT member, sum(amount) FROM team_spending
WHERE team = :team AND month = :month AND currency = :currency GROUP BY member"""

# What was set aside between two versions of a team's account, whatever came back meanwhile; attempts at a test are paid
# of what was set aside before.
SET_ASIDE = """
SELECT -sum(e.amount) FROM accounts a JOIN entries e ON e.account = a.id JOIN transfers t ON t.id = e.transfer
WHERE a.name = :account AND a.currency = :currency AND e.version > :after AND e.version <= :up_to
  AND e.amount < 0 AND t.key NOT LIKE 'bonus:test:%'"""


class TeamSpending:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def spent(self, team: PersonId, member: PersonId, currency: str) -> Millionths:
        """In this month."""
        about = {"team": team, "member": member, "month": month_of(self._now), "currency": currency}
        return Millionths(int(first(self._db.one(SPENT, **about), 0)))

    def by_member(self, team: PersonId, currency: str) -> dict[PersonId, int]:
        """Of those who set something aside in this month."""
        rows = self._db.all(SPENT_BY, team=team, month=month_of(self._now), currency=currency)
        return {PersonId(row[0]): int(row[1]) for row in rows}

    def set_aside(self, account: str, currency: str, after: int, up_to: int) -> int:
        """Between two versions of the account."""
        about = {"account": account, "currency": currency, "after": after, "up_to": up_to}
        return int(first(self._db.one(SET_ASIDE, **about)) or 0)

    def add(
        self,
        team: PersonId,
        member: PersonId,
        amount: int,
        currency: str,
        cap: Millionths | None,
        versions: tuple[int, int],
    ) -> None:
        """`versions` of the team's account, before and after."""
        about = {"team": team, "member": member, "month": month_of(self._now)}
        after, up_to = versions
        measured = {"amount": amount, "currency": currency, "cap": cap, "after": after, "up_to": up_to}
        self._db.changed(ADD, **about, **measured, now=self._now)
