"""Money that leaves: a worker's payout; for admins the bank files and what the bank said."""

from telegram import Update

from domain.money.amount_input import typed_amount
from domain.money.amounts import parse_amount
from domain.money.payouts import PayoutState
from domain.refusals import BadInput
from handlers.context import Context
from handlers.payloads.money import (
    BankPaid,
    DecidePayout,
    GetBankFile,
    GetLines,
    GetSellers,
    MakeBankFile,
    PayOut,
    ShowBankFile,
    ShowPayout,
)
from services.money import payees, payouts, settlement, tax_reports

ALL = ("all", "tout")
WORDS = {"paid": PayoutState.PAID, "failed": PayoutState.FAILED, "unknown": PayoutState.UNKNOWN}


async def payout(update: Update, context: Context) -> None:
    """`/payout` shows; `/payout 12.50` and `/payout all` ask at once."""
    word, currency = (context.args or [""])[0].lower().strip("€"), context.house.terms.currency
    if not word:
        await context.transact(payouts.show, currency)
        return
    amount = None if word in ALL else typed_amount(word, currency)
    if amount is None and word not in ALL:
        await context.erase()  # it may be an account's number, said too early
        raise BadInput(what="payout", value="", expected=["/payout 12.50"])
    await context.transact(payouts.request, currency, amount)


async def pay_out(update: Update, context: Context) -> None:
    pressed = context.button
    assert isinstance(pressed, PayOut)  # noqa: S101 (the route says so)
    await context.transact(payouts.request, pressed.currency, pressed.amount, pressed.turn)
    await context.toast()


async def change_payee(update: Update, context: Context) -> None:
    await context.transact(payees.begin)
    await context.toast()


async def overview(update: Update, context: Context) -> None:
    """`/payouts`, `/payouts 12`, `/payouts 12 failed account closed`."""
    number, state, *reason = [*(context.args or []), "", ""][: max(2, len(context.args or []))]
    if not number:
        await context.transact(settlement.overview, context.house.terms.currency)
    elif not number.isdecimal() or len(number) > 15 or (state and state.lower() not in WORDS):
        raise BadInput(what="payout_reason", value="", expected=["/payouts 12 failed account closed"])
    elif state:
        await context.transact(settlement.decide, int(number), WORDS[state.lower()], " ".join(reason)[:140])
    else:
        await context.transact(settlement.show_one, int(number))


async def make_file(update: Update, context: Context) -> None:
    pressed = context.button
    assert isinstance(pressed, MakeBankFile)  # noqa: S101 (the route says so)
    await context.transact(settlement.gather, pressed.currency, context.house.payer, pressed.after)
    await context.toast()


async def get_file(update: Update, context: Context) -> None:
    assert isinstance(context.button, GetBankFile)  # noqa: S101 (the route says so)
    await context.transact(settlement.send_file, context.button.file)
    await context.toast()


async def bank_file(update: Update, context: Context) -> None:
    assert isinstance(context.button, ShowBankFile)  # noqa: S101 (the route says so)
    await context.transact(settlement.show, context.button.file, context.button.after)
    await context.toast()


async def bank_paid(update: Update, context: Context) -> None:
    assert isinstance(context.button, BankPaid)  # noqa: S101 (the route says so)
    await context.transact(settlement.confirm, context.button.file)
    await context.toast()


async def show(update: Update, context: Context) -> None:
    assert isinstance(context.button, ShowPayout)  # noqa: S101 (the route says so)
    await context.transact(settlement.show_one, context.button.payout)
    await context.toast()


async def decide(update: Update, context: Context) -> None:
    """A failure is pressed twice: that it failed, then why."""
    pressed = context.button
    assert isinstance(pressed, DecidePayout)  # noqa: S101 (the route says so)
    state = WORDS.get(pressed.state, PayoutState.UNKNOWN)
    if state is PayoutState.FAILED and not pressed.reason:
        await context.transact(settlement.ask_why, pressed.payout)
    else:
        await context.transact(settlement.decide, pressed.payout, state, pressed.reason)
    await context.toast()


async def sellers(update: Update, context: Context) -> None:
    assert isinstance(context.button, GetSellers)  # noqa: S101 (the route says so)
    await context.transact(tax_reports.order_sellers, _known(context.button.year))
    await context.toast()


async def lines(update: Update, context: Context) -> None:
    pressed = context.button
    assert isinstance(pressed, GetLines)  # noqa: S101 (the route says so)
    month = pressed.month if 1 <= pressed.month <= 12 else 1
    await context.transact(tax_reports.order_lines, _known(pressed.year), month)
    await context.toast()


def _known(year: int) -> int:
    """A button can carry any number; a calendar can't."""
    return min(max(year, tax_reports.FIRST_YEAR), tax_reports.LAST_YEAR)


async def withhold(update: Update, context: Context) -> None:
    """`/withhold PERSON PERCENT reason`."""
    who, percent, *reason = [*(context.args or []), "", ""][: max(2, len(context.args or []))]
    rate = parse_amount(percent.strip("%"))
    basis_points = -1 if rate is None or rate % 10_000 else rate // 10_000  # hundredths of a percent, none cut off
    await context.transact(settlement.withhold, who, basis_points, " ".join(reason)[:300])


async def hand_on(update: Update, context: Context) -> None:
    """`/withheld AMOUNT reference`: what was paid to the authority."""
    amount, *reference = context.args or [""]
    value = typed_amount(amount, context.house.terms.currency)
    if not value or not reference:
        raise BadInput(what="withheld", value="", expected=["/withheld AMOUNT reference"])
    key, currency = str(update.update_id), context.house.terms.currency
    await context.transact(settlement.hand_on, value, " ".join(reference)[:140], key, currency)
