"""Earnings, payouts and the ledger."""

from typing import Annotated

from pydantic import Field

from handlers.payloads.payload import NUMBER, FromWord, Number, Payload, Words

PayoutNumber = Annotated[int, Field(ge=0, lt=2**63), FromWord(NUMBER.read, "payout_reason")]
Short = Annotated[int, Field(ge=0, lt=2**50), NUMBER]  # a billion in millionths: a button has 64 bytes
OperationNumber = Annotated[int, Field(ge=0, lt=2**63), FromWord(NUMBER.read, "why")]


class ShowBalance(Payload, code="b"):
    pass


class ShowPersonBalance(Payload):
    who: str


class AskWhy(Payload):
    """Asks for the explanations there are."""


class Explain(Payload):
    operation: OperationNumber


class GiveBonus(Payload):
    """`said` holds the amount and the reason."""

    who: str = ""
    said: Words = ""


class AskForBonus(Payload, code="bo"):
    submission: Number


class ShowFunds(Payload):
    pass


class ShowInvoices(Payload, code="inv"):
    pass


class GetInvoice(Payload, code="ivf"):
    invoice: Number


class AskForBuyer(Payload, code="ivb"):
    """Asks whom invoices shall name."""


class Fund(Payload):
    """`amount` as it was typed."""

    amount: Words


class ChooseFunding(Payload, code="fdc"):
    """Asks how much shall be added."""


class FundAmount(Payload, code="fda"):
    """In millionths of the platform's currency. `team`: whose account lacks it, 0 for one's own."""

    amount: Number
    team: Number


class Deposit(Payload):
    """`amount` as it was typed, with or without a currency's sign."""

    who: str = ""
    amount: str = ""
    reference: Words = ""


class Refund(Payload):
    who: str = ""
    amount: str = ""
    reference: Words = ""


class ShowAccount(Payload):
    """Without an account: all of them."""

    account: str = ""
    currency: str = ""


class OrderJournal(Payload, code="jl"):
    pass


class Verify(Payload):
    pass


class BookBonuses(Payload, code="bk"):
    """Of the file that was listed under this number."""

    file: Number


class ToBank(Payload, code="tb"):
    """Asks for the payouts that wait for a bank file."""


class AskForPayout(Payload):
    """An amount as it was typed, or `all`."""

    amount: Words


class PayOut(Payload, code="po"):
    """`turn` is which of this worker's payouts it would be: pressed twice it is one. `net` is what the button says; 0
    of buttons of before, which are shown again."""

    turn: Short
    amount: Short
    currency: str
    net: Short = 0


class PayRest(Payload, code="por"):
    """Of somebody who leaves: all of a currency, also less than goes through Wise otherwise."""

    turn: Number
    currency: str


class ChangePayee(Payload, code="poc"):
    pass


class ListPayouts(Payload, code="pox"):
    pass


class PayByWise(Payload, code="pow"):
    country: str


class MakeBankFile(Payload, code="pom"):
    """`after` is the last file there was when the button was shown; `channel` is the way the money goes."""

    after: Number
    currency: str
    channel: str = "sepa"


class ShowBankFile(Payload, code="pob"):
    file: Number
    after: Number


class GetBankFile(Payload, code="pof"):
    file: Number


class BankPaid(Payload, code="pop"):
    """`left` is how many of its payouts had no answer when the button was shown; 0 of buttons of before."""

    file: Number
    left: Number = 0


class ShowPayout(Payload, code="pos"):
    payout: PayoutNumber


class TypeDecision(Payload):
    """`state` is the bank's answer: paid, failed or unknown."""

    payout: PayoutNumber
    state: str
    reason: Words = ""


class DecidePayout(Payload, code="pod"):
    """The same by a button; `reason` is one of a few, or empty: it is asked for. `seen` is the payout's state when the
    button was shown; empty of buttons of before."""

    payout: PayoutNumber
    state: str
    reason: str
    seen: str = ""


class Withhold(Payload):
    who: str = ""
    percent: str = ""
    reason: Words = ""


class HandOn(Payload):
    """Records withheld contributions as paid to the authority."""

    amount: str = ""
    reference: Words = ""


class GetSellers(Payload, code="pod7"):
    year: Number


class GetLines(Payload, code="pol"):
    year: Number
    month: Number


class GetStatement(Payload, code="st"):
    """`month` empty is this one; `form` is pdf or csv."""

    month: str = ""
    form: str = ""
