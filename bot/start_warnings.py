"""What an operator reads in the log at each start: a setting that is old, empty, or does not fit what is stored."""

import logging

from domain.answers import Wants, kind_of
from domain.moments import as_datetime
from domain.money.tax_forms import EU
from domain.money.wage_floors import is_old
from jobs.money.invoices import month_began
from services.act import House
from services.money.billing import issuing
from services.people import kept_secrets
from storage.unit import UnitOfWork

MOST_PROJECTS = 1_000  # running projects that are looked at
MOST_REQUESTERS = 1_000  # whose fees are looked at

log = logging.getLogger(__name__)


async def warn(house: House) -> None:
    if is_old(house.floor_since, as_datetime(house.clock()).date()):
        log.warning("The wage floor may be out of date: set WAGE_FLOOR_PER_HOUR", extra={"since": house.floor_since})
    if not house.encryption:
        log.warning("SECRETS_KEY is not set: no Amazon pairs, no webhooks, no pushes to Hugging Face, no tax forms")
        if house.operator.country in EU:
            log.warning("Tax forms (DAC7) are not offered: SECRETS_KEY is not set")
    closed = await house.database.aside(lambda unit: kept_secrets.closed(unit, house.encryption), house.clock())
    if any(closed.values()):
        log.warning("SECRETS_KEY does not open secrets that are stored: they can't be used", extra=closed)
    waits = bool(house.vat_rule) and await house.database.aside(lambda unit: _uninvoiced(unit, house), house.clock())
    if waits:
        log.warning("Fees of a month that is over are not invoiced yet: they will be, by VAT_RULE as it is now")
    drawn = 0 if house.pages else await house.database.aside(_on_pages, house.clock())
    if drawn:
        log.warning("PUBLIC_URL is not set: running projects can't be answered", extra={"projects": drawn})


def _uninvoiced(unit: UnitOfWork, house: House) -> bool:
    """Whether fees of a month that is over wait for their invoice."""
    until = month_began(house, unit.now)
    return any(issuing.draw(unit, house, each, until) for each in unit.invoices.due(until, MOST_REQUESTERS))


def _on_pages(unit: UnitOfWork) -> int:
    """Running projects that are answered on a page."""
    return sum(kind_of(each.kind).wants is Wants.PAGE for each in unit.projects.running(MOST_PROJECTS))
