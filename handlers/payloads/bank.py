"""The bank's statements and lines, and the operator's own money."""

from handlers.payloads.payload import Number, Payload, Words


class BookStatement(Payload, code="bst"):
    """`statement` is the list that was shown."""

    statement: Number


class TurnStatement(Payload, code="bsp"):
    """Another page of the list that was shown."""

    statement: Number
    page: Number


class ListBankLines(Payload, code="bll"):
    """The bank's lines that wait for a person."""

    page: Number = 0


class ShowBankLine(Payload, code="bln"):
    """`line` is its code, on a button, or its number, as it is typed."""

    line: Number


class ExplainBankLine(Payload, code="ble"):
    """`choice` is what it is said to be; `who` is whose deposit."""

    line: Number
    choice: str
    who: str = ""


class Charge(Payload):
    """`amount` as it was typed; a minus before it is a charge that was given back."""

    amount: str = ""
    reason: Words = ""


class Draw(Payload):
    """Fees that the operator took out; a minus before the amount is what they paid in."""

    amount: str = ""
    reason: Words = ""
