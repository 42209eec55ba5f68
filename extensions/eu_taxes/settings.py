"""What the settings must hold, and what is said at the start of those that do not fit what is stored."""

import logging

from stdnum.fr import siren, tva

from bot.settings import OperatorSettings
from domain.money.operator import EU, FRANCE, FRENCH_VAT
from extensions.eu_taxes.domain.invoices import VAT_RATES, territory
from extensions.eu_taxes.jobs.invoices import get_month_start
from extensions.eu_taxes.services import invoices
from extensions.eu_taxes.storage.invoices import Invoices
from services.act import House
from storage.unit import UnitOfWork

MAX_REQUESTERS = 1_000  # whose fees are looked at

log = logging.getLogger(__name__)


def find_bad_variable(settings: OperatorSettings) -> str:
    """Return `vat_rule` if invoices are switched on without the operator's data that they must name; else nothing."""
    place = territory(settings.operator_country, settings.operator_postcode)
    lacks = bool(settings.operator.missing_settings) or settings.operator_country != FRANCE or place not in VAT_RATES
    return "vat_rule" if settings.vat_rule and (lacks or not _has_true_numbers(settings)) else ""


def _has_true_numbers(settings: OperatorSettings) -> bool:
    """Return whether SIREN and VAT number have correct check digits: an invoice that was issued cannot be changed."""
    operator = settings.operator
    has_true_vat = tva.is_valid(operator.vat) if operator.vat else settings.vat_rule != FRENCH_VAT
    return siren.is_valid(operator.tax_number) and has_true_vat


async def warn_of_missing(house: House) -> None:
    """Log a warning if tax forms should be offered and are not, or fees of a month that is over are not invoiced."""
    if not house.encryption and house.operator.country in EU:
        log.warning("Tax forms (DAC7) are not offered: SECRETS_KEY is not set")
    has_uninvoiced = bool(house.vat_rule) and await house.database.aside(
        lambda unit: _has_uninvoiced_fees(unit, house), house.clock()
    )
    if has_uninvoiced:
        log.warning("Fees of a month that is over are not invoiced yet: they will be, by VAT_RULE as it is now")


def _has_uninvoiced_fees(unit: UnitOfWork, house: House) -> bool:
    """Return whether fees of a month that is over wait for their invoice."""
    until = get_month_start(house, unit.now)
    return any(
        invoices.draft_invoices(unit, house, requester, until)
        for requester in unit.records(Invoices).list_due(until, MAX_REQUESTERS)
    )
