"""Workers' bank accounts: the only table with IBANs."""

from domain.moments import Moment
from domain.money.payouts import Channel, Payee, PayeeId
from domain.people.people import PersonId
from storage.drivers.connection import Connection
from storage.drivers.records import columns, each

_PAYEE = columns(Payee)

GET = f"SELECT {_PAYEE} FROM payees WHERE id = :id"
# The newest that may be used by now.
CURRENT = f"""
SELECT {_PAYEE} FROM payees WHERE person = :person AND usable_at <= :now AND replaced_at IS NULL
ORDER BY id DESC LIMIT 1"""
COMING = f"""
SELECT {_PAYEE} FROM payees WHERE person = :person AND usable_at > :now AND replaced_at IS NULL
ORDER BY id DESC LIMIT 1"""
# Changed again before it was ever used: the one in between is never paid to.
REPLACE = """
UPDATE payees SET replaced_at = :now WHERE person = :person AND usable_at > :now AND replaced_at IS NULL"""
ADD = f"""
INSERT INTO payees (person, iban, holder, fingerprint, given_at, usable_at, channel, target)
VALUES (:person, :iban, :holder, :fingerprint, :now, :usable_at, :channel, :target) RETURNING {_PAYEE}"""
OTHERS = "SELECT DISTINCT person FROM payees WHERE fingerprint = :fingerprint AND person <> :person ORDER BY person"
IS_MATE = "SELECT 1 FROM payee_mates WHERE person = :person AND mate = :mate"
MATES = "SELECT mate FROM payee_mates WHERE person = :person AND mate > 0 ORDER BY mate"
# From here on the two are never given the same task.
MEET = """
INSERT INTO payee_mates (person, mate, after_assignment, known_at)
SELECT :person, :mate, coalesce(max(id), 0), :now FROM assignments WHERE true ON CONFLICT (person, mate) DO NOTHING"""


class Payees:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def get(self, payee: PayeeId) -> Payee:
        return Payee(*self._db.all(GET, id=payee)[0])

    def current(self, person: PersonId) -> Payee | None:
        """Where a payout asked for now would go."""
        row = self._db.one(CURRENT, person=person, now=self._now)
        return Payee(*row) if row else None

    def coming(self, person: PersonId) -> Payee | None:
        """A changed account that is not used yet."""
        row = self._db.one(COMING, person=person, now=self._now)
        return Payee(*row) if row else None

    def add(
        self,
        person: PersonId,
        iban: str,
        holder: str,
        fingerprint: str,
        usable_at: Moment,
        target: str = "",
    ) -> Payee:
        """Stores an account, replacing one not used yet. With a `target`, a currency, it is paid through Wise."""
        self._db.changed(REPLACE, person=person, now=self._now)
        values = {"person": person, "iban": iban, "holder": holder, "fingerprint": fingerprint}
        way = {"channel": Channel.WISE if target else Channel.SEPA, "target": target}
        return Payee(*self._db.all(ADD, **values, **way, usable_at=usable_at, now=self._now)[0])

    def others(self, person: PersonId, fingerprint: str) -> list[PersonId]:
        """Other people who gave this account, now or before."""
        return each(self._db.all(OTHERS, person=person, fingerprint=fingerprint))

    def mates(self, person: PersonId) -> list[PersonId]:
        """People who share an account with them."""
        return each(self._db.all(MATES, person=person))

    def are_mates(self, person: PersonId, mate: PersonId) -> bool:
        """Whether they share an account, or one was a member of the team that is the other."""
        return self._db.one(IS_MATE, person=person, mate=mate) is not None

    def meet(self, person: PersonId, mate: PersonId) -> bool:
        """Notes that two share an account; False when that was known."""
        noted = self._db.changed(MEET, person=person, mate=mate, now=self._now)
        return noted + self._db.changed(MEET, person=mate, mate=person, now=self._now) > 0
