"""The ways money goes out, behind one small interface: a way writes a file of payments."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from domain.money.payouts import Channel
from formats.bank.sepa import Heading, Payment, bank_file
from formats.bank.wise import wise_batch


@dataclass(frozen=True, slots=True)
class PaymentFormat:
    """`write` returns the same bytes for the same payments."""

    suffix: str
    media_type: str
    write: Callable[[Heading, Sequence[Payment]], bytes]


FORMATS: Mapping[str, PaymentFormat] = {
    Channel.SEPA: PaymentFormat("xml", "application/xml", bank_file),
    Channel.WISE: PaymentFormat("csv", "text/csv", wise_batch),
}
