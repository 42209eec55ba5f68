"""What was earned, what is paid out, and the book."""

from handlers.payloads.payload import Number, Payload, Words


class ShowBalance(Payload, code="b"):
    pass


class ShowPersonBalance(Payload):
    who: str


class GiveBonus(Payload):
    """`said` is the amount and the reason."""

    who: str = ""
    said: Words = ""


class AskForBonus(Payload, code="bo"):
    submission: Number


class ShowFunds(Payload):
    pass


class Deposit(Payload):
    """`amount` as it was typed, with or without a currency's sign."""

    who: str = ""
    amount: str = ""
    reference: Words = ""


class Refund(Payload):
    who: str = ""
    amount: str = ""
    reference: Words = ""


class OrderJournal(Payload, code="jl"):
    pass


class PayOut(Payload, code="po"):
    """`turn` is which of this worker's payouts it would be: pressed twice it is one."""

    turn: Number
    amount: Number
    currency: str


class ChangePayee(Payload, code="poc"):
    pass


class MakeBankFile(Payload, code="pom"):
    """`after` is the last file there was when the button was shown."""

    after: Number
    currency: str


class ShowBankFile(Payload, code="pob"):
    file: Number
    after: Number


class GetBankFile(Payload, code="pof"):
    file: Number


class BankPaid(Payload, code="pop"):
    file: Number


class ShowPayout(Payload, code="pos"):
    payout: Number


class GetSellers(Payload, code="pod7"):
    year: Number


class GetLines(Payload, code="pol"):
    year: Number
    month: Number


class DecidePayout(Payload, code="pod"):
    """`state` is what the bank says; `reason`, one of a few, why it failed."""

    payout: Number
    state: str
    reason: str


class ToBank(Payload, code="tb"):
    pass


class GetStatement(Payload, code="st"):
    """`month` empty is this one; `form` is pdf or csv."""

    month: str = ""
    form: str = ""
