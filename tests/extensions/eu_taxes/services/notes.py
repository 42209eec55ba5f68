"""What cards say of papers, and a house that has nothing but its keys."""

from types import SimpleNamespace
from typing import cast

from domain.money.payouts import PayoutCard
from extensions.eu_taxes.domain.contributions import SiretState
from extensions.eu_taxes.domain.tax_forms import TaxFormState
from services.act import Encryption, House


def keyed(encryption: Encryption) -> House:
    return cast(House, SimpleNamespace(encryption=encryption))


def form_state(card: PayoutCard) -> str:
    return next((note.facts["state"] for note in card.notes if note.name == TaxFormState.stored_as), "")


def siret_state(card: PayoutCard) -> bool | None:
    return next((note.facts["given"] for note in card.notes if note.name == SiretState.stored_as), None)
