"""Social contributions of French micro-entrepreneurs: SIRET asked, rates read in, withheld, declared, paid over.

Off unless CONTRIBUTIONS is FR. `contributions` is the house's setting.
"""

from collections.abc import Sequence
from typing import Any

from domain.messages import Message
from domain.money.amounts import Millionths
from domain.money.contributions import FRANCE, Contribution, ContributionRate, month_in_france
from domain.money.ledger import BANK, FEES, WITHHELD, Transfer
from domain.money.messages.contributions import NoSiretNoted, RatesRead, SiretAsked, SiretNoted, SiretUnfit, SiretWanted
from domain.money.payouts import FUNDING_CURRENCY, PayoutId, split
from domain.refusals import ContributionsOff, MoreThanThere, NotFound
from formats.taxes.numbers import TaxNumberProblem, read_siret
from services.act import Act, Reply
from services.money import withholding
from services.money.bank import operator_money
from services.money.withholding import Share
from storage.unit import UnitOfWork

JOURNEY = "siret"


def note(unit: UnitOfWork, payout: PayoutId, gross: int, of: Share) -> None:
    """Of a payout that was just asked for."""
    if of.read is None:
        return
    _, amount = split(Millionths(gross), of.rate)
    month = month_in_france(unit.now)
    unit.contributions.keep(Contribution(payout, of.read.siret, month, of.read.month, of.rate, gross, amount))


def wanted(act: Act) -> tuple[Message, ...]:
    """Asks once for a SIRET, with the first payout to a French account."""
    unit, person = act.unit, act.person
    if act.house.contributions != FRANCE or not _is_paid_in_france(act) or not unit.contributions.ask(person.id):
        return ()
    return (SiretWanted(),)


def _is_paid_in_france(act: Act) -> bool:
    payee = act.unit.payees.current(act.person.id)
    return payee is not None and payee.country == FRANCE


def state(act: Act) -> str:
    """For the card of payouts: `given`; `missing` where their account is French; empty for everybody else."""
    if act.house.contributions != FRANCE:
        return ""
    if act.unit.contributions.siret(act.person.id):
        return "given"
    return "missing" if _is_paid_in_france(act) else ""


def ask(act: Act) -> SiretAsked:
    known = act.unit.contributions.siret(act.person.id)
    act.unit.drafts.keep(act.person.id, JOURNEY, {}, act.unit.now)
    return SiretAsked(known or "")


def none(act: Act) -> NoSiretNoted:
    """Not, or no longer, a micro-entrepreneur in France."""
    unit, person = act.unit, act.person
    unit.contributions.ask(person.id)
    unit.drafts.stop(person.id, JOURNEY)
    if unit.contributions.siret(person.id):
        unit.contributions.take_back(person.id)
        unit.audit.note(person.id, "siret", f"person:{person.id}", given=False)
    return NoSiretNoted()


def typed(act: Act, kept: dict[str, Any], words: str) -> Reply:
    """The SIRET; it leaves the chat, right or wrong."""
    unit, person = act.unit, act.person
    try:
        siret = read_siret(words)
    except TaxNumberProblem:
        return Reply(SiretUnfit(), erases=True)
    unit.contributions.give(person.id, siret)
    unit.drafts.drop(person.id)
    unit.audit.note(person.id, "siret", f"person:{person.id}", given=True)
    rate = unit.contributions.rate(siret, month_in_france(unit.now))
    return Reply(SiretNoted(siret, rate.rate if rate else None), erases=True)


def is_siret(text: str) -> bool:
    """Whether words look like a SIRET: such words are never an answer to a task."""
    return sum(sign.isdigit() for sign in text) >= 9


def check(act: Act) -> None:
    """Raises NotAllowed for who is no admin, and ContributionsOff."""
    act.require("admin")
    if act.house.contributions != FRANCE:
        raise ContributionsOff()


def read_sent(act: Act, rates: Sequence[ContributionRate]) -> RatesRead:
    """A file that an admin sent."""
    check(act)
    read_in(act.unit, rates)
    return RatesRead(len(rates))


def read_in(unit: UnitOfWork, rates: Sequence[ContributionRate]) -> None:
    """All of a file; what was asked for already keeps the rate it was shown with."""
    unit.contributions.read(rates)
    unit.audit.note(None, "contribution rates", WITHHELD, rates=len(rates))


def declare(unit: UnitOfWork) -> int | None:
    """The number of a new declaration of all that was paid since the last; None where nothing is due, or only less
    than was declared too much: that is taken off the next."""
    due = unit.contributions.due()
    if not due or sum(amount for _, amount in due) < 0:
        return None
    number = unit.contributions.declare(due)
    withholding.pay_back_advances(unit)
    unit.audit.note(None, "contributions declared", f"declaration:{number}", payouts=len(due))
    return number


def pay_over(unit: UnitOfWork, number: int, reference: str) -> int | None:
    """Books the payment of a declaration, once; the operation's number, None when it was booked before. Of payouts that
    came back since, the fees lend the share until the next declaration nets it. Raises MoreThanThere where they have
    too little."""
    found = unit.contributions.declaration(number)
    if found is None:
        raise NotFound(what="declaration", name=str(number))
    if found.transfer is not None or found.total == 0:
        return None
    unit.ledger.open((WITHHELD, BANK), FUNDING_CURRENCY)
    unit.ledger.locked_balance(WITHHELD, FUNDING_CURRENCY)
    there = withholding.to_hand_on(unit, FUNDING_CURRENCY, declared=True)
    if (short := found.total - there) > 0:
        unit.ledger.open((FEES,), FUNDING_CURRENCY)
        if short > (free := operator_money.free_fees(unit, FUNDING_CURRENCY)):
            raise MoreThanThere(asked=found.total, available=there + max(0, free), currency=FUNDING_CURRENCY)
        withholding.lend(unit, short)
    amount = Millionths(found.total)
    transfer = Transfer(
        f"handed:declaration:{number}", "handed on", WITHHELD, BANK, amount, FUNDING_CURRENCY, memo=reference
    )
    operation = unit.ledger.post(transfer)
    if operation is not None:
        unit.contributions.paid(number, operation)
        withholding.pay_back_advances(unit)
        unit.audit.note(None, "contributions paid", f"declaration:{number}", transfer=operation, reference=reference)
    return operation
