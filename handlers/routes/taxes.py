"""The tax form and the SIRET: buttons alone, below messages about payouts."""

from handlers.payloads.taxes import (
    ChooseTaxAnswer,
    EditTaxAnswer,
    GiveSiret,
    NoSiret,
    OpenTaxForm,
    SaveTaxForm,
    TaxFormBack,
)
from handlers.routing import WORKER, Route
from services.money.taxes import contributions, forms

ROUTES = (
    Route(OpenTaxForm, WORKER, forms.begin, stays=True),
    Route(ChooseTaxAnswer, WORKER, forms.choose, stays=True),
    Route(TaxFormBack, WORKER, forms.back, stays=True),
    Route(EditTaxAnswer, WORKER, forms.edit, stays=True),
    Route(SaveTaxForm, WORKER, forms.save, stays=True),
    Route(GiveSiret, WORKER, contributions.ask, stays=True),
    Route(NoSiret, WORKER, contributions.none, stays=True),
)
