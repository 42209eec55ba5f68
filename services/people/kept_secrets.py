"""Stored secrets that no key of SECRETS_KEY opens."""

from services.encryption import Encryption, Undecipherable
from storage.unit import UnitOfWork

MOST = 5_000  # of each sort that are looked at


def closed(unit: UnitOfWork, encryption: Encryption) -> dict[str, int]:
    """How many, by sort: pairs of API keys and webhooks in use, tax forms with what was filed of them."""
    forms = (text for table in unit.sealed for _, text in table.older(encryption.key_print, table.start, MOST))
    kept = {"pairs": unit.api_keys.sealed(MOST), "webhooks": unit.webhooks.sealed(MOST), "tax_forms": forms}
    return {sort: sum(not _opens(encryption, each) for each in texts) for sort, texts in kept.items()}


def _opens(encryption: Encryption, text: str) -> bool:
    try:
        return bool(encryption.decrypt(text))
    except Undecipherable:
        return False
