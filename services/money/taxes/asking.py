"""When the tax form is asked for: at the first payout, twice again; then payouts wait until it is there.

Without SECRETS_KEY nothing is asked, and nothing waits.
"""

from domain.messages import Message
from domain.moments import DAY, later
from domain.money.messages.tax_forms import TaxFormReminder, TaxFormWanted
from domain.money.tax_forms import BETWEEN, KEPT_YEARS, REMINDERS, WAITS_AFTER, TaxForm
from domain.refusals import PayoutWaits
from services.act import Act
from services.encryption import Encryption
from storage.boxes.outbox import Lane
from storage.money.tax_forms import TaxFormCounts
from storage.unit import UnitOfWork

AT_ONCE = 50  # reminders in one transaction


def gate(act: Act) -> None:
    """Raises PayoutWaits. Money stays available, and what was asked for before goes its way."""
    form = act.unit.tax_forms.of(act.person.id) if act.house.encryption else None
    if form is not None and form.holds_payouts(act.unit.now):
        raise PayoutWaits(asked_at=form.asked_at)


def beside(act: Act, result: Message) -> tuple[Message, ...]:
    """The result of a payout; the first one asks for the form as well."""
    unit, now = act.unit, act.unit.now
    if not act.house.encryption or not unit.tax_forms.ask(act.person.id, later(now, BETWEEN)):
        return (result,)
    return (result, TaxFormWanted(later(now, WAITS_AFTER)))


def state(act: Act) -> str:
    """For the card of payouts: empty where there is no form, `missing`, `waits` or `given`."""
    form = act.unit.tax_forms.of(act.person.id) if act.house.encryption else None
    if form is None:
        return ""
    return "given" if form.sealed else "waits" if form.holds_payouts(act.unit.now) else "missing"


def remind(encryption: Encryption, unit: UnitOfWork) -> None:
    """What is due: reminders, and the end of forms whose time is over."""
    unit.tax_forms.expire()
    unit.tax_returns.expire()
    unit.contributions.expire(later(unit.now, -KEPT_YEARS * 366 * DAY))
    for form in unit.tax_forms.due(AT_ONCE) if encryption else ():
        _remind(unit, form)


def _remind(unit: UnitOfWork, form: TaxForm) -> None:
    last = form.reminders + 1 >= REMINDERS
    if unit.tax_forms.reminded(form, None if last else later(unit.now, BETWEEN)):
        unit.outbox.tell(form.person, TaxFormReminder(form.waits_from, last), lane=Lane.BROADCAST)


def counts(unit: UnitOfWork) -> TaxFormCounts:
    return unit.tax_forms.count(REMINDERS, later(unit.now, -WAITS_AFTER))
