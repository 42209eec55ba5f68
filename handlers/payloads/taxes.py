"""The tax form, and the SIRET."""

from handlers.payloads.payload import Payload


class OpenTaxForm(Payload, code="tx"):
    pass


class ChooseTaxAnswer(Payload, code="txc"):
    """`step` is the question below which the button stands."""

    step: str
    value: str


class TaxFormBack(Payload, code="txb"):
    step: str


class EditTaxAnswer(Payload, code="txe"):
    step: str


class SaveTaxForm(Payload, code="txs"):
    pass


class GiveSiret(Payload, code="txg"):
    pass


class NoSiret(Payload, code="txn"):
    pass
