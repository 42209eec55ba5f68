"""Messages about earnings: the balance, changed pay, a month's statement.

Amounts are whole millionths of the currency; an `operation` is the number of a transfer, explained by `/why`.
"""

from dataclasses import dataclass

from domain.messages import Message
from domain.moments import Moment


@dataclass(frozen=True, slots=True)
class StatementReady(Message):
    """A month (`2026-11`) or a year (`2026`) of a worker's money, as a file of `form` pdf or csv.

    `begins` is its first moment, `before` the month or year before it, `lines` how many movements it lists; days are
    those of `zone`. `issuer` is who runs the house, empty where it is not said.
    """

    person: int
    month: str
    begins: Moment
    before: str
    unfinished: bool
    lines: int
    form: str
    currency: str
    zone: str = "UTC"
    issuer: str = ""
