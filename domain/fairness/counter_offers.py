"""Counter-offers: the pay at which workers would accept a project's tasks, and what its requester may know of them.

Figures are shown from VOICES workers on, and move only when as many more have spoken: no figure is about one person.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from domain.messages import Message
from domain.money.amounts import Millionths
from domain.projects.projects import ProjectId

MIN_VOICES = 5  # voices from which figures are shown, and by which they move
MAX_PAY_FACTOR = 100  # times the present pay: more is a typing error
CENT, LEAST_STEP = 10_000, 1_000  # millionths: what is offered is rounded up to cents; where pay is below, as medians


@dataclass(frozen=True, slots=True)
class CounterOffer:
    """The pay that a worker asks for one task; `declined`: they want no more tasks of the project until then."""

    asked: Millionths
    declined: bool


@dataclass(frozen=True, slots=True)
class PayVoices:
    """`voices` workers ask for more than the pay; `asked` is their median. `share` of those who declined say that it
    is too low, None where fewer than VOICES declined."""

    asked: Millionths
    voices: int
    share: float | None


@dataclass(frozen=True, slots=True)
class PayAsked(Message):
    """Question to a worker, which pay would be right; `steps` are offered."""

    project: ProjectId
    title: str
    pay: Millionths
    currency: str
    steps: tuple[Millionths, ...]


@dataclass(frozen=True, slots=True)
class PayUnsaid(Message):
    """A worker closed the question for a counter-offer without an answer."""


@dataclass(frozen=True, slots=True)
class AmountAwaited(Message):
    """The worker types their own amount for one task."""

    title: str
    pay: Millionths
    currency: str


@dataclass(frozen=True, slots=True)
class CounterOfferKept(Message):
    """Reply to the worker: the amount is stored; no other person sees it with their name."""

    title: str
    asked: Millionths
    currency: str


@dataclass(frozen=True, slots=True)
class AskedPayReached(Message):
    """Notice to a worker who declined: the project now pays what they asked."""

    project: ProjectId
    title: str
    pay: Millionths
    currency: str


def offered_amounts(pay: int) -> tuple[Millionths, ...]:
    """Return three offered amounts: about a quarter more, a half more and twice the pay, in whole cents, each more than
    the one before; in thousandths of the unit where the pay is below a cent."""
    steps, last = list[Millionths](), pay
    for part in (125, 150, 200):
        last = max(_rounded_up(-(-pay * part // 100), pay), _rounded_up(last + 1, pay))
        steps.append(Millionths(last))
    return tuple(steps)


def _rounded_up(amount: int, pay: int) -> int:
    step = CENT if pay >= CENT else LEAST_STEP
    return -(-amount // step) * step


def is_counter_offer(asked: int, pay: int) -> bool:
    """Return whether the amount is a counter-offer: more than the pay and no typing error. Offered
    amounts always are."""
    return pay < asked <= max(MAX_PAY_FACTOR * pay, *offered_amounts(pay))


def summarize_offers(offers: Sequence[CounterOffer], declined: int, pay: int) -> PayVoices | None:
    """Return what the requester sees of the offers (oldest first), where `declined` workers want no more tasks; None
    for too few. Offers that the pay has reached are not counted."""
    above = [offer for offer in offers if offer.asked > pay]
    counted = above[: len(above) // MIN_VOICES * MIN_VOICES]
    if not counted:
        return None
    median_asked = Millionths(-(-int(median(offer.asked for offer in counted)) // LEAST_STEP) * LEAST_STEP)
    declining_offers = sum(offer.declined for offer in counted)
    return PayVoices(
        median_asked, len(counted), min(1.0, declining_offers / declined) if declined >= MIN_VOICES else None
    )
