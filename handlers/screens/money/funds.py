"""A requester's funds: free money, and the use of each project's budget."""

from domain.money.messages.funds import CurrencyFunds, Funds, OtherFunds, ProjectFunds, together
from domain.months import latest_months
from domain.people.time_zones import rules_of
from handlers.payloads.money import GetLines
from handlers.screens.layout.fitting import ROWS, filled
from handlers.screens.layout.requester_name import team_line
from handlers.screens.money.funding import choose_button
from handlers.screens.money.invoices import invoices_button
from handlers.screens.screen import Button, Screen, lines, shows
from locales import Html, Translator


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
            *(((invoices_button(t),),) if m.invoices else ()),
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
    return Button(t.plain("🧾 Costs {month}", month=f"{year}-{month:02}"), GetLines(year=year, month=month).pack())
