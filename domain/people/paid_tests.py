"""Tests of qualifications whose attempt is paid: once a person, whatever the result."""

from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.people.qualifications import TypeId
from domain.records import record

MOST_PLACES = 10_000


@record
class PaidTest:
    """`pay` each for at most `places` people; `taken` of them have begun, `paid` have handed in."""

    type: TypeId
    pay: Millionths
    currency: str
    places: int
    ended_at: Moment | None
    taken: int
    paid: int

    @property
    def cost(self) -> Millionths:
        return Millionths(self.pay * self.places)

    @property
    def left(self) -> Millionths:
        """What is still set aside."""
        return Millionths(0 if self.ended_at is not None else self.pay * (self.places - self.paid))

    @property
    def has_place(self) -> bool:
        return self.ended_at is None and self.taken < self.places
