"""The tax form: buttons alone, below messages about payouts."""

from handlers.payloads.taxes import ChooseTaxAnswer, EditTaxAnswer, OpenTaxForm, SaveTaxForm, TaxFormBack
from handlers.routing import WORKER, Route
from services.money.taxes import forms

ROUTES = (
    Route(OpenTaxForm, WORKER, forms.begin, stays=True),
    Route(ChooseTaxAnswer, WORKER, forms.choose, stays=True),
    Route(TaxFormBack, WORKER, forms.back, stays=True),
    Route(EditTaxAnswer, WORKER, forms.edit, stays=True),
    Route(SaveTaxForm, WORKER, forms.save, stays=True),
)
