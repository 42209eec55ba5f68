"""What moved at the bank and nobody has said as what, as `pouce verify` shows it."""

from typing import NamedTuple

from bot.cli.counting import counted
from domain.money.amounts import as_decimal
from domain.money.bank_lines import UNEXPLAINED
from domain.money.messages.bank_lines import Unexplained
from services.money.bank.lines import unexplained
from storage.unit import UnitOfWork


class OpenLines(NamedTuple):
    sums: tuple[Unexplained, ...]
    waiting: int


def read(unit: UnitOfWork) -> OpenLines:
    return OpenLines(unexplained(unit), unit.payouts.lines.count_waiting())


def show(lines: OpenLines) -> None:
    """Prints the sums and how many lines wait: no rule is broken by them, and a person has to look."""
    for each in lines.sums:
        amount = f"{as_decimal(abs(each.balance)):.2f} {each.currency}"
        print(f"{UNEXPLAINED}: {amount} {'left' if each.balance < 0 else 'came in'} and nobody has explained it")
    if lines.waiting:
        print(f"{counted(lines.waiting, 'line')} of the bank: unexplained, see /bank in the chat")
