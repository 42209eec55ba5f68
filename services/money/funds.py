"""`/funds`: a requester's free money, and the use of each project's budget."""

from collections.abc import Iterable

from domain.money.amounts import CENT, as_decimal, parse_typed_amount, round_up_to_cents
from domain.money.card_payments import CardInvoice
from domain.money.funds import CurrencyFunds, FundingAsked, FundingChoice, Funds, Lacking, ProjectFunds, sum_by_currency
from domain.money.ledger import (
    budget_account,
    disputed_account,
    extra_account,
    paid_tests_account,
    requester_account,
    topup_account,
)
from domain.money.payouts import FUNDING_CURRENCY, MAX_FUNDED_AMOUNT
from domain.people.teams import TeamNumber
from domain.projects.projects import Project, ProjectId, ProjectState
from domain.refusals import BadInput, FundingClosed
from formats.bank.iban import requester_reference
from formats.bank.sepa import to_bank_characters
from services import events
from services.act import Act, House
from services.money import card_payments
from services.projects import projects
from services.projects.preflight import price_of
from storage.money.ledger import MovedAmount
from storage.unit import UnitOfWork

USAGE = "/fund 100.00"
MAX_NAME_BYTES = 210  # bytes of a name in the code, of 331 in all
MAX_LACKING_DRAFTS = 4  # projects that lack money


def ask_for_transfer(act: Act, amount: str) -> FundingAsked | CardInvoice:
    """Return the bank details for adding this amount (`/fund AMOUNT`), an invoice if only cards are taken; nothing is
    booked until the money is there. Raise FundingClosed, and BadInput for a bad amount."""
    if act.house.cards and not is_bank_open(act.house):
        return card_payments.make_invoice(act, _parse_funding(amount, act.house.terms.currency))
    return get_transfer(act, amount)


def get_transfer(act: Act, amount: str) -> FundingAsked:
    """Return the bank details for adding this amount. Raise FundingClosed, and BadInput for a bad amount."""
    return _transfer_details(act, _parse_funding(amount, _require_bank_open(act)), amount)


def _parse_funding(amount: str, currency: str) -> int:
    """Raises BadInput."""
    value = parse_typed_amount(amount, currency, "/fund {}")
    if value is None:
        raise BadInput(what="fund", value=amount, expected=[USAGE])
    return value


def ask_for_transfer_by_button(act: Act, amount: int, team: TeamNumber) -> FundingAsked | CardInvoice:
    """Return what `ask_for_transfer` does for the amount of a button, for the account that the button was made for (the
    router acts for `team`). Raise FundingClosed, and BadInput for an amount that no transfer can carry."""
    if act.house.cards and not is_bank_open(act.house):
        return card_payments.make_invoice(act, amount)
    _require_bank_open(act)
    return _transfer_details(act, amount, f"{as_decimal(amount)}")


def choose_amount(act: Act) -> FundingChoice:
    """Ask how much to add, and name the drafts that cost more than there is. Raise FundingClosed."""
    currency = act.house.terms.currency if act.house.cards else _require_bank_open(act)
    free_money, requester = act.unit.ledger.balance(requester_account(act.person), currency), act.person
    return FundingChoice(currency, free_money, _list_lacking_drafts(act), requester.team_name, requester.team_number)


def is_funding_open(house: House) -> bool:
    """Return whether requesters can add money, by bank transfer or by card."""
    return is_bank_open(house) or bool(house.cards)


def is_bank_open(house: House) -> bool:
    """Return whether requesters can send money by bank: the platform runs in euros and has a bank account."""
    return house.terms.currency == FUNDING_CURRENCY and bool(house.payer.name and house.payer.iban)


def _list_lacking_drafts(act: Act) -> tuple[Lacking, ...]:
    """Return the newest drafts that cost more than the requester's free money, each as if it were the only one."""
    currency = act.house.terms.currency
    free_money = act.unit.ledger.balance(requester_account(act.person), currency)
    drafts = [
        draft
        for draft in act.unit.projects.list_of_requester(act.person.id)
        if draft.state is ProjectState.DRAFT and draft.currency == currency
    ]
    lacking = []
    for project in sorted(drafts, key=lambda draft: -draft.id)[:MAX_LACKING_DRAFTS]:
        try:
            total = price_of(act.unit, project, act.house.terms).total
        except BadInput:  # more than any account holds
            continue
        if total > free_money:
            lacking.append(Lacking(project.id, project.title, round_up_to_cents(total - free_money)))
    return tuple(lacking)


def _require_bank_open(act: Act) -> str:
    """Return the currency. Raise FundingClosed if money cannot be added by bank transfer."""
    currency = act.house.terms.currency
    if not is_bank_open(act.house):
        raise FundingClosed(why="account" if currency == FUNDING_CURRENCY else "currency", currency=currency)
    return currency


def _transfer_details(act: Act, value: int, typed_text: str) -> FundingAsked:
    """Return the bank details for this amount. Raise BadInput for less than a cent, fractions of one, or too much."""
    if value % CENT or not CENT <= value <= MAX_FUNDED_AMOUNT:
        raise BadInput(what="fund", value=typed_text, expected=[USAGE])
    currency, payer = act.house.terms.currency, act.house.payer
    reference, team = requester_reference(act.person.id), act.person.team_name
    return FundingAsked(
        amount=value,
        currency=currency,
        name=_name_for_code(payer.name),
        iban=payer.iban,
        bic=payer.bic,
        reference=reference,
        team=team,
        team_number=act.person.team_number,
        card=value if act.house.cards.takes(value) else 0,
    )


def _name_for_code(name: str) -> str:
    """Return the name as it is set, or in plain letters if it has too many bytes for the payment code."""
    return name if len(name.encode()) <= MAX_NAME_BYTES else to_bank_characters(name)


MAX_LISTED_PROJECTS, MAX_SUMMED_PROJECTS = 10, 2_000  # projects one by one; those that are summed
PAY_KINDS = ("reward", "redo", "reject", "appeal", "waived")  # of answers
JUDGING_KINDS = ("stake", "unstake", "costs", "judge", "jury", "unjury")  # beside the budget


def show_funds(act: Act, reading: Funds) -> Funds:
    """Return what `read_funds` read before on a connection of its own."""
    return reading


def read_funds(act: Act) -> Funds:
    """Return the requester's funds by currency and by project. Reads much, so it runs on a reading connection."""
    unit, account = act.unit, requester_account(act.person)
    currencies = unit.ledger.currencies(account) or [act.house.terms.currency]
    all_projects = [
        _project_funds(unit, project) for project in unit.projects.list_of_requester(act.person.id, MAX_SUMMED_PROJECTS)
    ]
    funded_projects = [project_funds for project_funds in all_projects if project_funds.given]
    return Funds(
        free=tuple(_currency_funds(unit, account, paid_tests_account(act.person), currency) for currency in currencies),
        projects=tuple(funded_projects[:MAX_LISTED_PROJECTS]),
        at=unit.now,
        notes=events.find_notes(act, Funds),
        fundable=is_funding_open(act.house),
        zone=unit.preferences.get_stored(act.chat.id).zone_name,
        team=act.person.team_name,
        others=sum_by_currency(funded_projects[MAX_LISTED_PROJECTS:]),
    )


def read_project_funds(act: Act, number: ProjectId) -> ProjectFunds:
    """Return what a project was given, and where it is. Raise NotFound if it is not the requester's."""
    return _project_funds(act.unit, projects.mine(act.unit, act.person, number))


def _currency_funds(unit: UnitOfWork, account: str, for_tests: str, currency: str) -> CurrencyFunds:
    amount, tests = (unit.ledger.balance(name, currency) for name in (account, for_tests))
    return CurrencyFunds(currency, amount, **unit.spending.sum_other_movements(account, currency), tests=tests)


def _project_funds(unit: UnitOfWork, project: Project) -> ProjectFunds:
    movements, currency = unit.spending.sum_project_movements(project.id), project.currency
    return ProjectFunds(
        number=project.id,
        title=project.title,
        currency=currency,
        given=sum(
            movement.amount for movement in movements if (movement.source, movement.target) == ("requester", "project")
        ),
        held=sum(unit.ledger.balance(name(project.id), currency) for name in (budget_account, extra_account)),
        reserve=unit.ledger.balance(topup_account(project.id), currency),
        disputed=unit.ledger.balance(disputed_account(project.id), currency),
        rewards=_net_amount(movements, "worker", PAY_KINDS),
        topups=_net_amount(movements, "worker", ("topup",)),
        fees=_net_amount([movement for movement in movements if movement.kind not in JUDGING_KINDS], "platform"),
        returned=sum(
            movement.amount
            for movement in movements
            if movement.target == "requester" and movement.kind not in JUDGING_KINDS
        ),
    )


def _net_amount(movements: Iterable[MovedAmount], party: str, kinds: tuple[str, ...] = ()) -> int:
    """Return the sum of movements of these kinds (all if empty) to `party`, less those from it."""
    counted_movements = [movement for movement in movements if not kinds or movement.kind in kinds]
    credits = sum(
        movement.amount for movement in counted_movements if movement.target == party and movement.source != party
    )
    return credits - sum(
        movement.amount for movement in counted_movements if movement.source == party and movement.target != party
    )
