"""A requester's funds: free money, and the use of each project's budget."""

from __future__ import annotations

from domain.moments import latest_months
from domain.money.amounts import CENT, round_up_to_cents
from domain.money.funds import (
    CurrencyFunds,
    FundingAsked,
    FundingChoice,
    Funds,
    Lacking,
    OtherFunds,
    ProjectFunds,
    together,
)
from domain.money.payouts import FUNDING_CURRENCY, MOST_FUNDED
from domain.people.accounts import REQUESTER
from domain.people.settings import rules_of
from domain.people.teams import Right
from domain.refusals import AttemptPayMissing, FundsMissing, JudgesPayMissing
from handlers.money import contributions, invoices
from handlers.payload import Number, Payload, Words
from handlers.routing import Route
from handlers.screen import (
    ROWS,
    Button,
    Keyboard,
    Screen,
    clipped,
    filled,
    lines,
    shows,
    team_line,
)
from locales.translator import Html, Translator
from reports.pictures import Transfer, transfer_code
from services.money import funds as funds_service


class ShowFunds(Payload):
    pass


class Fund(Payload):
    """`amount` as it was typed."""

    amount: Words


class ChooseFunding(Payload, code="fdc"):
    """Asks how much shall be added."""


class FundAmount(Payload, code="fda"):
    """In millionths of the platform's currency. `team`: whose account lacks it, 0 for one's own."""

    amount: Number
    team: Number


USUAL = (20_000_000, 50_000_000, 100_000_000, 500_000_000)  # millionths
NAMED = 60  # characters of a title

Shortfall = FundsMissing | AttemptPayMissing | JudgesPayMissing


@shows(FundingAsked)
def funding(m: FundingAsked, t: Translator) -> Screen:
    transfer = Transfer(m.name, m.iban, m.bic, m.amount, m.reference)
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
        photo=lambda: transfer_code(transfer),
    )


@shows(FundingChoice)
def choice(m: FundingChoice, t: Translator) -> Screen:
    usual = [_add(amount, m, t) for amount in USUAL]
    return Screen(
        lines(
            t("🏦 <b>How much shall be added?</b>"),
            team_line(m.team, t),
            t("Free: <b>{amount}</b>", amount=t.money(m.available, m.currency)),
            *(
                t(
                    "Project {number}, {title}: {missing} is missing.",
                    number=each.number,
                    title=clipped(each.title, NAMED),
                    missing=t.money(each.missing, m.currency),
                )
                for each in m.lacking
            ),
            t("Press a sum, or say how much: <code>/fund 100</code>"),
        ),
        (*((_for(each, m, t),) for each in m.lacking), tuple(usual[:2]), tuple(usual[2:])),
    )


def _for(of: Lacking, m: FundingChoice, t: Translator) -> Button:
    text = t.plain("🏦 {amount} for project {number}", amount=t.money(of.missing, m.currency), number=of.number)
    return Button(text, FundAmount(amount=of.missing, team=m.team_number).pack(), style="success")


def _add(amount: int, m: FundingChoice, t: Translator) -> Button:
    return Button(t.money(amount, m.currency), FundAmount(amount=amount, team=m.team_number).pack())


def choose_button(t: Translator) -> Button:
    return Button(t.plain("🏦 Add money"), ChooseFunding().pack())


def add_missing(missing: int, currency: str, team: int, t: Translator) -> Keyboard:
    """A button for what lacks to a team, or with 0 to the reader, rounded up to a cent; none where no transfer can
    carry it."""
    amount = round_up_to_cents(missing)
    if currency != FUNDING_CURRENCY or not CENT <= amount <= MOST_FUNDED:
        return ()
    text = t.plain("🏦 Add {amount}", amount=t.money(amount, currency))
    return ((Button(text, FundAmount(amount=amount, team=team).pack()),),)


def sums(r: Shortfall, t: Translator) -> dict[str, str]:
    """`missing`, `needed` and `available`, as they are written."""
    amounts = {"missing": r.missing, "needed": r.needed, "available": r.available}
    return {name: t.money(amount, r.currency) for name, amount in amounts.items()}


def money_missing(r: Shortfall, t: Translator, *said: Html | None, then: Html | None = None) -> Screen:
    """A refusal for missing money, with the way to add it; `then` is what can be done once it is there."""
    missing = t("🏦 <b>{missing} is missing.</b>", missing=t.money(r.missing, r.currency))
    button = add_missing(r.missing, r.currency, r.team_number, t)
    return Screen(lines(missing, team_line(r.team, t), *said, then), button)


@shows(Funds)
def funds(m: Funds, t: Translator) -> Screen:
    listed, _ = filled((spent(project, t) for project in m.projects), ROWS)
    return Screen(
        lines(
            t("🏦 <b>Your funds</b>"),
            team_line(m.team, t),
            *(line for each in m.free for line in _free(each, t)),
            None if _has_come(m) else _none_yet(m, t),
            *listed,
            *(_together(each, t) for each in together(m.projects[len(listed) :], m.others)),
        ),
        (
            *(((choose_button(t),),) if m.fundable else ()),
            *(((invoices.invoices_button(t),),) if m.invoices else ()),
            *((_costs(*month, t),) for month in _months(m)),
        ),
    )


def _has_come(m: Funds) -> bool:
    return any(each.since is not None for each in m.free)


def _none_yet(m: Funds, t: Translator) -> Html:
    """The way to the first project, for somebody new."""
    if m.fundable:
        return t("Nothing was paid in yet: a project starts once its cost is covered. The button says how.")
    return t("Nothing was paid in yet: a project starts once its cost is covered. The admins say how to pay in.")


def _months(m: Funds) -> list[tuple[int, int]]:
    """This month and the one before, from the month of the first deposit on."""
    zone, came = rules_of(m.zone), [each.since for each in m.free if each.since is not None]
    first = latest_months(min(came), zone)[0] if came else None
    return [] if first is None else [month for month in latest_months(m.at, zone) if month >= first]


def _free(of: CurrencyFunds, t: Translator) -> list[Html]:
    """Free money, with the sums that explain it: deposits, budgets, bonuses."""
    found = [t("Free: <b>{amount}</b>", amount=t.money(of.amount, of.currency))]
    if of.deposited:
        found.append(t("Paid in so far: {deposited}", deposited=t.money(of.deposited, of.currency)))
    if of.refunded:
        found.append(t("Sent back to you: {refunded}", refunded=t.money(of.refunded, of.currency)))
    if of.bonuses:
        found.append(t("Given as bonuses: {bonuses}", bonuses=t.money(of.bonuses, of.currency)))
    if of.tests:
        found.append(t("Set aside for tests: {tests}", tests=t.money(of.tests, of.currency)))
    if of.judges:
        found.append(t("For judges of what you rejected: {judges}", judges=t.money(of.judges, of.currency)))
    return found


def spent(of: ProjectFunds, t: Translator) -> Html:
    """One project's budget: the money left, and the use of the rest. The parts add up."""

    def money(amount: int) -> str:
        return t.money(amount, of.currency)

    there = [
        t("held {held}", held=money(of.held)),
        t("in case tasks take longer {reserve}", reserve=money(of.reserve)) if of.reserve else None,
        t("in dispute {disputed}", disputed=money(of.disputed)) if of.disputed else None,
    ]
    gone = [
        t("answers {rewards}", rewards=money(of.rewards)),
        t("top-ups {topups}", topups=money(of.topups)) if of.topups else None,
        t("fees {fees}", fees=money(of.fees)),
        t("back to you {returned}", returned=money(of.returned)) if of.returned else None,
    ]
    return lines(
        " ",
        t("<b>{number}: {title}</b> · {given}", number=of.number, title=of.title, given=money(of.given)),
        Html("  " + " · ".join(part for part in there if part)),
        Html("  " + " · ".join(part for part in gone if part)),
    )


def _together(of: OtherFunds, t: Translator) -> Html:
    """Older projects in one line."""
    return t.n(
        "… and {count} more: {given} given to it, {left} of it left",
        "… and {count} more: {given} given to them, {left} of it left",
        of.projects,
        given=t.money(of.given, of.currency),
        left=t.money(of.left, of.currency),
    )


def _costs(year: int, month: int, t: Translator) -> Button:
    """The invoice lines of one month, as a file."""
    return Button(
        t.plain("🧾 Costs {month}", month=f"{year}-{month:02}"), contributions.GetLines(year=year, month=month).pack()
    )


ROUTES = (
    Route(
        ShowFunds,
        REQUESTER,
        funds_service.show,
        command="funds",
        means="your money: free, and held for projects",
        beside=funds_service.read,
        stays=True,
        right=Right.LOOK,
    ),
    Route(ChooseFunding, REQUESTER, funds_service.choose, command="fund"),
    Route(
        Fund,
        REQUESTER,
        funds_service.fund,
        command="fund",
        usage="[AMOUNT]",
        means="add money: a code for your banking app",
    ),
    Route(FundAmount, REQUESTER, funds_service.press),
)
