"""`/fund`: sums to choose from; a transfer as a code for banking apps, and as lines to copy."""

from domain.money.amounts import CENT, up_to_cents
from domain.money.messages.funds import FundingAsked, FundingChoice, Lacking
from domain.money.payouts import FUNDING_CURRENCY, MOST_FUNDED
from domain.refusals import AttemptPayMissing, FundsMissing, JudgesPayMissing
from handlers.payloads.money import ChooseFunding, FundAmount
from handlers.screens.layout.fitting import clipped
from handlers.screens.layout.requester_name import team_line
from handlers.screens.screen import Button, Keyboard, Screen, lines, shows
from locales import Html, Translator
from reports.transfer_code import Transfer, transfer_code

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
    amount = up_to_cents(missing)
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
