"""Screens and commands of a requester's funds: free money, and the use of each project's budget."""

from __future__ import annotations

from domain.moments import get_latest_months
from domain.money.amounts import CENT, round_up_to_cents
from domain.money.funds import (
    CurrencyFunds,
    FundingAsked,
    FundingChoice,
    Funds,
    Lacking,
    OtherFunds,
    ProjectFunds,
    sum_by_currency,
)
from domain.money.payouts import FUNDING_CURRENCY, MAX_FUNDED_AMOUNT
from domain.people.accounts import REQUESTER
from domain.people.settings import get_zone
from domain.people.teams import Right
from domain.refusals import AttemptPayMissing, FundsMissing, JudgesPayMissing
from handlers.money import card_payments, statements
from handlers.payload import Number, Payload, Words
from handlers.people import web_sessions
from handlers.routing import Route
from handlers.screen import (
    ROWS,
    Button,
    Keyboard,
    Screen,
    clipped,
    lines,
    paint_notes,
    shows,
    take_fitting_rows,
    team_line,
)
from locales.translator import Html, Translator
from reports.pictures import TransferOrder, draw_transfer_code
from services.money import funds as funds_service


class ShowFunds(Payload):
    pass


class Fund(Payload):
    """`/fund AMOUNT`; `amount` as it was typed."""

    amount: Words


class ChooseFunding(Payload, code="fdc"):
    """`/fund` alone, or its button: asks how much to add."""


class FundAmount(Payload, code="fda"):
    """Button that adds `amount` millionths of the platform's currency to the account of `team`, 0 for one's own."""

    amount: Number
    team: Number


SUGGESTED_AMOUNTS = (20_000_000, 50_000_000, 100_000_000, 500_000_000)  # millionths
MAX_TITLE_CHARS = 60  # characters of a title

Shortfall = FundsMissing | AttemptPayMissing | JudgesPayMissing


@shows(FundingAsked)
def transfer_screen(m: FundingAsked, t: Translator) -> Screen:
    transfer = TransferOrder(m.name, m.iban, m.bic, m.amount, m.reference)
    return Screen(
        lines(
            t("🏦 <b>Add {amount}</b>", amount=t.money(m.amount, m.currency)),
            team_line(m.team, t),
            t("Scan this with your banking app. Or copy it: one tap on a line is enough."),
            " ",
            t("To: <code>{name}</code>", name=m.name),
            t("IBAN: <code>{iban}</code>", iban=m.iban),
            t("Reference: <code>{reference}</code>", reference=m.reference),
            " ",
            t("The reference is yours and stays the same. Please keep it: it says that the money is from you."),
            t("You read here when it has arrived. An ordinary transfer takes one or two working days."),
        ),
        _card_row(m.card, m.currency, m.team_number, t),
        photo=lambda: draw_transfer_code(transfer),
    )


@shows(FundingChoice)
def amount_choice_screen(m: FundingChoice, t: Translator) -> Screen:
    suggestions = [_amount_button(amount, m, t) for amount in SUGGESTED_AMOUNTS]
    return Screen(
        lines(
            t("🏦 <b>How much shall be added?</b>"),
            team_line(m.team, t),
            t("Free: <b>{amount}</b>", amount=t.money(m.available, m.currency)),
            *(
                t(
                    "Project {number}, {title}: {missing} is missing.",
                    number=draft.number,
                    title=clipped(draft.title, MAX_TITLE_CHARS),
                    missing=t.money(draft.missing, m.currency),
                )
                for draft in m.lacking
            ),
            t("Press a sum, or say how much: <code>/fund 100</code>"),
        ),
        (*((_lacking_button(draft, m, t),) for draft in m.lacking), tuple(suggestions[:2]), tuple(suggestions[2:])),
    )


def _lacking_button(draft: Lacking, m: FundingChoice, t: Translator) -> Button:
    text = t.plain("🏦 {amount} for project {number}", amount=t.money(draft.missing, m.currency), number=draft.number)
    return Button(text, FundAmount(amount=draft.missing, team=m.team_number).pack(), style="success")


def _amount_button(amount: int, m: FundingChoice, t: Translator) -> Button:
    return Button(t.money(amount, m.currency), FundAmount(amount=amount, team=m.team_number).pack())


def choose_button(t: Translator) -> Button:
    return Button(t.plain("🏦 Add money"), ChooseFunding().pack())


def missing_money_keyboard(missing: int, currency: str, team: int, t: Translator, card: int = 0) -> Keyboard:
    """Buttons that add what is missing to a team's account (0: the reader's own): by bank, rounded up to a cent, where
    a transfer can carry it; `card` by card, 0 where no card can pay it."""
    amount = round_up_to_cents(missing)
    by_card = _card_row(card, currency, team, t)
    if currency != FUNDING_CURRENCY or not CENT <= amount <= MAX_FUNDED_AMOUNT:
        return by_card
    text = t.plain("🏦 Add {amount}", amount=t.money(amount, currency))
    return ((Button(text, FundAmount(amount=amount, team=team).pack()),), *by_card)


def _card_row(amount: int, currency: str, team: int, t: Translator) -> Keyboard:
    return ((card_payments.pay_button(amount, currency, team, t),),) if amount else ()


def shortfall_texts(r: Shortfall, t: Translator) -> dict[str, str]:
    """Return `missing`, `needed` and `available` as texts for a refusal."""
    amounts = {"missing": r.missing, "needed": r.needed, "available": r.available}
    return {name: t.money(amount, r.currency) for name, amount in amounts.items()}


def money_missing(r: Shortfall, t: Translator, *extra_lines: Html | None, next_step: Html | None = None) -> Screen:
    """Screen of a refusal for missing money, with a button that adds it; `next_step` says what can be done then."""
    headline = t("🏦 <b>{missing} is missing.</b>", missing=t.money(r.missing, r.currency))
    button = missing_money_keyboard(r.missing, r.currency, r.team_number, t, r.card)
    return Screen(lines(headline, team_line(r.team, t), *extra_lines, next_step), button)


@shows(Funds)
def funds_screen(m: Funds, t: Translator) -> Screen:
    note_lines, note_buttons = paint_notes(m.notes, t)
    project_lines, _ = take_fitting_rows((project_line(project, t) for project in m.projects), ROWS)
    return Screen(
        lines(
            t("🏦 <b>Your funds</b>"),
            team_line(m.team, t),
            *(line for row in m.free for line in _free_lines(row, t)),
            None if _has_deposit(m) else _first_deposit_hint(m, t),
            *project_lines,
            *(_older_projects_line(row, t) for row in sum_by_currency(m.projects[len(project_lines) :], m.others)),
            *note_lines,
        ),
        (
            *(((choose_button(t),),) if m.fundable else ()),
            *note_buttons,
            *((_costs_button(*month, t),) for month in _months_with_costs(m)),
            (web_sessions.look_button("funds", t),),
        ),
    )


def _has_deposit(m: Funds) -> bool:
    return any(currency_funds.since is not None for currency_funds in m.free)


def _first_deposit_hint(m: Funds, t: Translator) -> Html:
    """Line for a requester without any deposit: how to pay money in."""
    if m.fundable:
        return t("Nothing was paid in yet: a project starts once its cost is covered. The button says how.")
    return t("Nothing was paid in yet: a project starts once its cost is covered. The admins say how to pay in.")


def _months_with_costs(m: Funds) -> list[tuple[int, int]]:
    """Return this month and the one before, as far as money was there then."""
    zone, first_deposits = (
        get_zone(m.zone),
        [currency_funds.since for currency_funds in m.free if currency_funds.since is not None],
    )
    first_month = get_latest_months(min(first_deposits), zone)[0] if first_deposits else None
    return [] if first_month is None else [month for month in get_latest_months(m.at, zone) if month >= first_month]


def _free_lines(currency_funds: CurrencyFunds, t: Translator) -> list[Html]:
    """Lines about free money, with the sums that explain it: deposits, refunds, bonuses, tests, judges."""
    rows = [t("Free: <b>{amount}</b>", amount=t.money(currency_funds.amount, currency_funds.currency))]
    if currency_funds.deposited:
        rows.append(
            t("Paid in so far: {deposited}", deposited=t.money(currency_funds.deposited, currency_funds.currency))
        )
    if currency_funds.refunded:
        rows.append(
            t("Sent back to you: {refunded}", refunded=t.money(currency_funds.refunded, currency_funds.currency))
        )
    if currency_funds.bonuses:
        rows.append(t("Given as bonuses: {bonuses}", bonuses=t.money(currency_funds.bonuses, currency_funds.currency)))
    if currency_funds.tests:
        rows.append(t("Set aside for tests: {tests}", tests=t.money(currency_funds.tests, currency_funds.currency)))
    if currency_funds.judges:
        rows.append(
            t(
                "For judges of what you rejected: {judges}",
                judges=t.money(currency_funds.judges, currency_funds.currency),
            )
        )
    return rows


def project_line(project: ProjectFunds, t: Translator) -> Html:
    """Lines about one project's budget: what is left, and the use of the rest. The parts add up."""

    def money(amount: int) -> str:
        return t.money(amount, project.currency)

    still_held = [
        t("held {held}", held=money(project.held)),
        t("in case tasks take longer {reserve}", reserve=money(project.reserve)) if project.reserve else None,
        t("in dispute {disputed}", disputed=money(project.disputed)) if project.disputed else None,
    ]
    used = [
        t("answers {rewards}", rewards=money(project.rewards)),
        t("top-ups {topups}", topups=money(project.topups)) if project.topups else None,
        t("fees {fees}", fees=money(project.fees)),
        t("back to you {returned}", returned=money(project.returned)) if project.returned else None,
    ]
    return lines(
        " ",
        t("<b>{number}: {title}</b> · {given}", number=project.number, title=project.title, given=money(project.given)),
        Html("  " + " · ".join(part for part in still_held if part)),
        Html("  " + " · ".join(part for part in used if part)),
    )


def _older_projects_line(older_projects: OtherFunds, t: Translator) -> Html:
    """Line that sums up older projects."""
    return t.n(
        "… and {count} more: {given} given to it, {left} of it left",
        "… and {count} more: {given} given to them, {left} of it left",
        older_projects.projects,
        given=t.money(older_projects.given, older_projects.currency),
        left=t.money(older_projects.left, older_projects.currency),
    )


def _costs_button(year: int, month: int, t: Translator) -> Button:
    """Button for the statement of costs of one month, a file."""
    return Button(
        t.plain("🧾 Costs {month}", month=f"{year}-{month:02}"), statements.GetLines(year=year, month=month).pack()
    )


ROUTES = (
    Route(
        ShowFunds,
        REQUESTER,
        funds_service.show_funds,
        command="funds",
        means="your money: free, and held for projects",
        beside=funds_service.read_funds,
        stays=True,
        right=Right.LOOK,
    ),
    Route(ChooseFunding, REQUESTER, funds_service.choose_amount, command="fund"),
    Route(
        Fund,
        REQUESTER,
        funds_service.ask_for_transfer,
        command="fund",
        usage="[AMOUNT]",
        means="add money: bank or card",
    ),
    Route(FundAmount, REQUESTER, funds_service.ask_for_transfer_by_button),
)
