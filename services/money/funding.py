"""`/fund`: where a requester sends money, under a reference of their own. Without an amount there are buttons: what
each project lacks, and usual sums."""

from domain.money.amount_input import typed_amount
from domain.money.amounts import CENT, as_decimal, up_to_cents
from domain.money.ledger import requester_account
from domain.money.messages.funds import FundingAsked, FundingChoice, Lacking
from domain.money.payouts import FUNDING_CURRENCY, MOST_FUNDED
from domain.people.teams import TeamNumber
from domain.projects.projects import ProjectState
from domain.refusals import BadInput, FundingClosed
from formats.bank.creditor_reference import of_person
from formats.bank.sepa import carried
from services.act import Act, House
from services.projects.preflight import price_of

EXAMPLE = "/fund 100.00"
ROOM = 210  # bytes of a name in the code, of 331 in all
SHOWN = 4  # projects that lack money


def fund(act: Act, amount: str) -> FundingAsked:
    """Moves nothing: the money counts once the bank shows it."""
    currency = _open(act)
    value = typed_amount(amount, currency, "/fund {}")
    if value is None:
        raise BadInput(what="fund", value=amount, expected=[EXAMPLE])
    return _asked(act, value, amount)


def press(act: Act, amount: int, team: TeamNumber) -> FundingAsked:
    """The same by a button, which can carry any number, for the account that it was made for."""
    _open(act)
    return _asked(act, amount, f"{as_decimal(amount)}")


def choose(act: Act) -> FundingChoice:
    currency = _open(act)
    free, whose = act.unit.ledger.balance(requester_account(act.person), currency), act.person
    return FundingChoice(currency, free, _lacking(act), whose.team_name, whose.team_number)


def is_open(house: House) -> bool:
    return house.terms.currency == FUNDING_CURRENCY and bool(house.payer.name and house.payer.iban)


def _lacking(act: Act) -> tuple[Lacking, ...]:
    """Drafts that cost more than there is, the newest first; each as if it were the only one."""
    currency = act.house.terms.currency
    there = act.unit.ledger.balance(requester_account(act.person), currency)
    drafts = [
        each
        for each in act.unit.projects.of(act.person.id)
        if each.state is ProjectState.DRAFT and each.currency == currency
    ]
    found = []
    for project in sorted(drafts, key=lambda each: -each.id)[:SHOWN]:
        try:
            total = price_of(act.unit, project, act.house.terms).total
        except BadInput:  # more than any account holds
            continue
        if total > there:
            found.append(Lacking(project.id, project.title, up_to_cents(total - there)))
    return tuple(found)


def _open(act: Act) -> str:
    """The currency. Raises FundingClosed."""
    currency = act.house.terms.currency
    if not is_open(act.house):
        raise FundingClosed(why="account" if currency == FUNDING_CURRENCY else "currency", currency=currency)
    return currency


def _asked(act: Act, value: int, said: str) -> FundingAsked:
    if value % CENT or not CENT <= value <= MOST_FUNDED:
        raise BadInput(what="fund", value=said, expected=[EXAMPLE])
    currency, payer = act.house.terms.currency, act.house.payer
    reference, team = of_person(act.person.id), act.person.team_name
    return FundingAsked(value, currency, _fitting(payer.name), payer.iban, payer.bic, reference, team)


def _fitting(name: str) -> str:
    """As it is set; in plain letters where its own take too many bytes for the code."""
    return name if len(name.encode()) <= ROOM else carried(name)
