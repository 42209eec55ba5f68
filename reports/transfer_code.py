"""The code a banking app scans to fill in a transfer: an EPC QR code (EPC069-12, version 002)."""

from dataclasses import dataclass
from io import BytesIO

from segno.helpers import make_epc_qr

from domain.money.amounts import as_decimal


@dataclass(frozen=True, slots=True)
class Transfer:
    """Euros to an account; `amount` is whole cents in millionths, `reference` a structured creditor reference."""

    name: str
    iban: str
    bic: str
    amount: int
    reference: str


def transfer_code(transfer: Transfer) -> bytes:
    """A picture, PNG. UTF-8, which every app reads; the standard asks for correction level M."""
    code = make_epc_qr(
        transfer.name,
        transfer.iban,
        as_decimal(transfer.amount),
        reference=transfer.reference,
        bic=transfer.bic or None,
        encoding="utf-8",
    )
    drawn = BytesIO()
    code.save(drawn, kind="png", scale=10, border=4)
    return drawn.getvalue()
