"""`/fund AMOUNT`: where a requester sends money, under a reference of their own."""

from domain.money.amount_input import typed_amount
from domain.money.amounts import CENT
from domain.money.messages.funds import FundingAsked
from domain.money.payouts import FUNDING_CURRENCY, MOST_FUNDED
from domain.refusals import BadInput, FundingClosed
from formats.bank.creditor_reference import of_person
from formats.bank.sepa import carried
from services.act import Act

EXAMPLE = "/fund 100.00"
ROOM = 210  # bytes of a name in the code, of 331 in all


def fund(act: Act, amount: str) -> FundingAsked:
    """Moves nothing: the money counts once the bank shows it."""
    currency, payer = act.house.terms.currency, act.house.payer
    if currency != FUNDING_CURRENCY:
        raise FundingClosed(why="currency", currency=currency)
    if not (payer.name and payer.iban):
        raise FundingClosed(why="account", currency=currency)
    if not amount:
        raise BadInput(what="word", value="", expected=[EXAMPLE])
    value = typed_amount(amount, currency, "/fund {}", EXAMPLE)
    if value is None or value % CENT or not CENT <= value <= MOST_FUNDED:
        raise BadInput(what="fund", value=amount, expected=[EXAMPLE])
    return FundingAsked(value, currency, _fitting(payer.name), payer.iban, payer.bic, of_person(act.person.id))


def _fitting(name: str) -> str:
    """As it is set; in plain letters where its own take too many bytes for the code."""
    return name if len(name.encode()) <= ROOM else carried(name)
