"""Messages with a worker's statement of a month or a year, and with a requester's costs of a month.

Amounts are whole millionths of the currency; an `operation` is the number of a transfer, explained by `/why`."""

from dataclasses import dataclass

from domain.messages import Message
from domain.moments import Moment
from domain.people.accounts import PersonId


@dataclass(frozen=True, slots=True)
class StatementReady(Message):
    """Message to a worker: a month (`2026-11`) or a year (`2026`) of their money, as a file of `form` pdf or csv.

    `begins` is the period's first moment, `before` the period before it, `unfinished` whether it is not over, `lines`
    how many movements it lists; days are those of `zone`. `issuer` is who runs the platform, empty if that is not set.
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


@dataclass(frozen=True, slots=True)
class InvoiceLinesReady(Message):
    """Message to a requester: the costs of their projects in a month of `zone`, as a file."""

    person: PersonId
    year: int
    month: int
    zone: str = "UTC"
