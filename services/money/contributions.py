"""Social contributions of French micro-entrepreneurs: SIRET asked, rates read in, withheld, declared, paid over.

Off unless CONTRIBUTIONS is FR. `contributions` is the house's setting.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from domain.messages import Message
from domain.money.amounts import (
    Millionths,
    check_cents,
    leading_money,
    parse_amount,
)
from domain.money.bank_statements import WithheldCameBack, WithheldHandedOn, WithholdingSet
from domain.money.contributions import (
    FRANCE,
    Contribution,
    ContributionRate,
    NoSiretNoted,
    RatesRead,
    SiretAsked,
    SiretNoted,
    SiretUnfit,
    SiretWanted,
    month_in_france,
)
from domain.money.ledger import (
    BANK,
    FEES,
    WITHHELD,
    Transfer,
)
from domain.money.payouts import (
    FUNDING_CURRENCY,
    MOST_WITHHELD,
    Payout,
    PayoutId,
    WithholdingChanged,
    split,
)
from domain.people.accounts import Person
from domain.refusals import (
    BadInput,
    ContributionsOff,
    MoreThanThere,
    NotFound,
)
from formats.taxes.buyers import TaxNumberProblem, read_siret
from services.act import Act, Reply
from services.money import operator_money
from services.people import accounts
from storage.unit import UnitOfWork

REASON, REFERENCE = 300, 140  # characters
MINUS = "-−–"  # signs of it, as keyboards write them


@dataclass(frozen=True, slots=True)
class Share:
    """What a payout would withhold: hundredths of a percent, and where a rate was read in, whose and of when."""

    rate: int
    read: ContributionRate | None = None


def share(unit: UnitOfWork, worker: Person, currency: str, contributions: str) -> Share:
    """The rate read in for their SIRET comes before what an admin set by hand."""
    by_hand = unit.payouts.rate(worker.id)
    if contributions != FRANCE or currency != FUNDING_CURRENCY:
        return Share(by_hand)
    siret = unit.contributions.siret(worker.id)
    read = unit.contributions.rate(siret, month_in_france(unit.now)) if siret else None
    return Share(by_hand if read is None else read.rate, read)


def withhold(act: Act, who: str, percent: str, reason: str) -> WithholdingSet:
    """`/withhold PERSON PERCENT reason`: sets the share withheld of a worker's payouts from now on, and notifies
    them."""
    unit, rate, said = act.unit, _basis_points(percent), reason[:REASON]
    if not 0 <= rate <= MOST_WITHHELD or not said:
        raise BadInput(what="withhold", value="", expected=["/withhold PERSON PERCENT reason"])
    worker = accounts.get_person(unit, who)
    unit.payouts.set_rate(worker.id, rate)
    unit.audit.note(act.person.id, "withhold", f"person:{worker.id}", basis_points=rate, reason=said)
    read = share(unit, worker, FUNDING_CURRENCY, act.house.contributions).read
    first = None if read is None else read.rate
    if worker.id != act.person.id and worker.name:
        unit.outbox.tell(worker.id, WithholdingChanged(rate, said, first))
    return WithholdingSet(worker.label, rate, said, first)


def hand_on(act: Act, amount: str, reference: str) -> WithheldHandedOn | WithheldCameBack:
    """`/withheld AMOUNT reference`: withheld money that an admin paid to the authority; with a minus what came back.

    Money that a failing payout may need back is not included, nor what a declaration hands on and the next one nets:
    that is no business of this command. The currency is the house's, or one that was withheld.
    """
    unit, bare = act.unit, amount.lstrip(MINUS)
    value, currency, memo = _amount(act, bare, reference, amount.removesuffix(bare))
    unit.ledger.open((WITHHELD, BANK), currency)
    unit.ledger.locked_balance(WITHHELD, currency)
    if bare != amount:
        return _take_back(act, value, currency, memo)
    there = to_hand_on(unit, currency)
    if value > there:
        raise MoreThanThere(asked=value, available=there, currency=currency)
    transfer = Transfer(f"handed:{act.key}", "handed on", WITHHELD, BANK, value, currency, memo=memo)
    number = unit.ledger.post(transfer)
    unit.audit.note(act.person.id, "handed on", WITHHELD, amount=value, reference=memo, transfer=number)
    return WithheldHandedOn(value, there - value, currency, memo, number)


def _amount(act: Act, amount: str, reference: str, sign: str) -> tuple[Millionths, str, str]:
    """With its currency and the reference. Raises BadInput and NotWholeCents."""
    words, house, there = f"{amount} {reference}", act.house.terms.currency, act.unit.ledger.currencies(WITHHELD)
    value, memo, currency = leading_money(words, house, there, f"/withheld {sign}{{}}")
    if not value or not memo:
        raise BadInput(what="withheld", value="", expected=["/withheld AMOUNT reference"])
    check_cents(value, currency, words.removesuffix(memo).strip())
    return value, currency, memo[:REFERENCE]


def _take_back(act: Act, value: Millionths, currency: str, memo: str) -> WithheldCameBack:
    """At most what was paid to the authority by hand: what was declared comes back with the next declaration."""
    unit = act.unit
    gone = unit.payouts.withheld.handed_by_hand(currency)
    if value > gone:
        raise MoreThanThere(asked=value, available=max(0, gone), currency=currency)
    transfer = Transfer(f"handedback:{act.key}", "handed back", BANK, WITHHELD, value, currency, memo=memo)
    number = unit.ledger.post(transfer)
    unit.audit.note(act.person.id, "handed back", WITHHELD, amount=value, reference=memo, transfer=number)
    return WithheldCameBack(value, unit.ledger.balance(WITHHELD, currency), currency, memo, number)


def to_hand_on(unit: UnitOfWork, currency: str, declared: bool = False) -> int:
    """Withheld money, less what unsettled payouts may need back: of shares that are declared, or of the others."""
    fund = unit.payouts.withheld.fund(currency, declared=True)
    there = fund if declared else unit.ledger.balance(WITHHELD, currency) - fund
    return there - unit.payouts.withheld.unsettled(currency, declared)


def lacking(unit: UnitOfWork, payout: Payout) -> int:
    """Return how much of a payout's withheld share is not there any more, for it was handed on."""
    if not payout.withheld:
        return 0
    unit.ledger.locked_balance(WITHHELD, payout.currency)
    declared = unit.payouts.withheld.is_declared(payout.id)
    return max(0, -unit.payouts.withheld.fund(payout.currency, declared, without=payout.id))


def is_gone(unit: UnitOfWork, payout: Payout) -> bool:
    """Whether a payout's share can't come back: it was handed on, and is not advanced from the fees. What was declared
    is: the next declaration nets it."""
    amount = lacking(unit, payout)
    if not amount:
        return False
    return not unit.payouts.withheld.is_declared(payout.id) or amount > operator_money.free_fees(unit, payout.currency)


def advance(unit: UnitOfWork, payout: Payout) -> None:
    """Lend what a declared share lacks from the fees, until the next declaration nets it."""
    if amount := lacking(unit, payout):
        lend(unit, amount)


def lend(unit: UnitOfWork, amount: int) -> None:
    """Move so much from the fees to the declared shares."""
    operator_money.gather(unit, FUNDING_CURRENCY, amount)
    key = f"advance:{unit.ledger.version(WITHHELD, FUNDING_CURRENCY)}"
    unit.ledger.post(Transfer(key, "advance", FEES, WITHHELD, Millionths(amount), FUNDING_CURRENCY))


def pay_back_advances(unit: UnitOfWork) -> None:
    """Give back to the fees what they have lent and the declared shares do not need any more: all that was declared, or
    will be, can be paid without it."""
    unit.ledger.open((WITHHELD, FEES), FUNDING_CURRENCY)
    unit.ledger.locked_balance(WITHHELD, FUNDING_CURRENCY)
    due = sum(amount for _, amount in unit.contributions.due() if amount > 0)
    spare = to_hand_on(unit, FUNDING_CURRENCY, declared=True) - due - unit.contributions.unpaid()
    if (amount := min(spare, unit.payouts.withheld.advanced(FUNDING_CURRENCY))) > 0:
        key = f"advance back:{unit.ledger.version(WITHHELD, FUNDING_CURRENCY)}"
        unit.ledger.post(Transfer(key, "advance back", WITHHELD, FEES, Millionths(amount), FUNDING_CURRENCY))


def _basis_points(percent: str) -> int:
    """A percentage in basis points, exact; -1 for words that are none."""
    rate = parse_amount(percent.strip("%"))
    return -1 if rate is None or rate % 10_000 else rate // 10_000


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
    pay_back_advances(unit)
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
    there = to_hand_on(unit, FUNDING_CURRENCY, declared=True)
    if (short := found.total - there) > 0:
        unit.ledger.open((FEES,), FUNDING_CURRENCY)
        if short > (free := operator_money.free_fees(unit, FUNDING_CURRENCY)):
            raise MoreThanThere(asked=found.total, available=there + max(0, free), currency=FUNDING_CURRENCY)
        lend(unit, short)
    amount = Millionths(found.total)
    transfer = Transfer(
        f"handed:declaration:{number}", "handed on", WITHHELD, BANK, amount, FUNDING_CURRENCY, memo=reference
    )
    operation = unit.ledger.post(transfer)
    if operation is not None:
        unit.contributions.paid(number, operation)
        pay_back_advances(unit)
        unit.audit.note(None, "contributions paid", f"declaration:{number}", transfer=operation, reference=reference)
    return operation
