"""Screens and commands of `/balance`: earnings, pending pay with reasons, the last movements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from domain.money.wallet import (
    Balance,
    BalanceEntry,
    CurrencyBalance,
    HeldFunds,
    PayReleased,
    PendingPay,
    PersonBalance,
)
from domain.people.accounts import ADMIN, EVERYBODY, WORKER
from handlers import screen
from handlers.money import payouts, statements
from handlers.payload import Payload
from handlers.routing import Route
from handlers.screen import Button, Screen, fit_rows, lines, shows
from handlers.work import tasks
from locales.translator import Html, Translator
from services.money import wallet


class ShowBalance(Payload, code="b"):
    pass


class ShowPersonBalance(Payload):
    who: str


MAX_BUDGETS_CHARS = 1500  # characters about the budgets of projects


@shows(Balance)
def balance_screen(m: Balance, t: Translator) -> Screen:
    """Show a worker their money on one screen: what is theirs, what is pending and until when, the last movements."""
    work_button = Button(t.plain("▶️ A task, please"), tasks.AskForWork().pack())
    payout_button = Button(t.plain("🏦 To my bank"), payouts.ToBank().pack())
    statement_button = Button(t.plain("🧾 Statement"), statements.GetStatement(month="", form="pdf").pack())
    rows = ((payout_button, statement_button),) if m.suspended else ((work_button,), (payout_button, statement_button))
    funds_hint = t("Your money for projects: /funds") if m.asks else None
    first_line, *more_lines = balance_lines(m, t)
    head = t("💰 <b>Your balance</b> · {first_line}", first_line=first_line)
    return Screen(lines(head, *more_lines, funds_hint), rows)


@shows(PersonBalance)
def person_balance_screen(m: PersonBalance, t: Translator) -> Screen:
    """A person's balances, for an admin."""
    return Screen(
        lines(
            t("👤 <b>{who}</b> · <code>{id}</code>", who=m.who, id=m.telegram_id),
            " ",
            *([t("<b>As a worker</b>"), *balance_lines(m.balance, t), " "] if m.worker else []),
            *(_requester_lines(m, t) if m.asks else []),
        )
    )


def _requester_lines(m: PersonBalance, t: Translator) -> list[Html]:
    return [
        t("<b>As a requester</b>"),
        *(t("Free: <b>{amount}</b>", amount=t.money(free.amount, free.currency)) for free in m.free),
        *(
            t("All projects together hold {amount}.", amount=t.money(funds.amount, funds.currency))
            for funds in m.held
            if funds.amount
        ),
        *fit_rows([_budget_line(project, t) for project in m.projects if project.held], t, room=MAX_BUDGETS_CHARS),
    ]


def _budget_line(funds: HeldFunds, t: Translator) -> Html:
    held_money = t.money(funds.held, funds.currency)
    return t("  #{number} {title}: {held} held", number=funds.number, title=funds.title, held=held_money)


def balance_lines(m: Balance, t: Translator) -> list[Html | str | None]:
    """Return the lines of each currency, a line for each reason of pending pay, and the last movements."""
    rows: list[Html | str | None] = [line for book in m.books for line in available_and_pending(book, t)]
    rows += pending_lines(m.held, t)
    rows += [line for book in m.books for line in disputed_and_on_the_way(book, t)]
    for day, entries in groupby(m.entries, lambda entry: entry.day):
        rows += _day_lines(m, day, entries, t)
    return rows


def _day_lines(m: Balance, day: str, entries: Iterable[BalanceEntry], t: Translator) -> Iterator[Html]:
    day_names = {m.today: t("<b>Today</b>"), m.yesterday: t("<b>Yesterday</b>")}
    yield day_names.get(day) or t("<b>On {day}</b>", day=screen.day(day, t))
    yield from (entry_line(line, t) for line in entries)


def available_and_pending(book: CurrencyBalance, t: Translator) -> list[Html | None]:
    return [
        t("Available: <b>{amount}</b>", amount=t.money(book.available, book.currency)),
        t("⏳ Pending: <b>{amount}</b>", amount=t.money(book.pending, book.currency)) if book.pending else None,
    ]


def disputed_and_on_the_way(book: CurrencyBalance, t: Translator) -> list[Html]:
    """Lines about disputed pay, and payouts on their way."""
    rows = []
    if book.aside:
        aside = t.money(book.aside, book.currency)
        rows.append(t("⚖️ Rejected, to be decided: <b>{amount}</b> · /appeal", amount=aside))
    if book.payout:
        rows.append(t("🏦 On its way to you: <b>{amount}</b>", amount=t.money(book.payout, book.currency)))
    return rows


def pending_lines(pending_pays: Sequence[PendingPay], t: Translator) -> list[Html]:
    """Return from when pending pay is the worker's at the latest, the first of it, and what makes it theirs sooner."""
    if not pending_pays:
        return []
    day = t.date(min(pay.until for pay in pending_pays))
    return [
        {
            frozenset({True, False}): t("Yours from {day} on at the latest.", day=day),
            frozenset({True}): t("Yours from {day} on, or once the requester accepts.", day=day),
            frozenset({False}): t("Yours from {day} on, or once a few checks are right.", day=day),
        }[frozenset(pay.review for pay in pending_pays)]
    ]


def entry_line(line: BalanceEntry, t: Translator) -> Html:
    """Return the line of one movement, with the command that explains it."""
    amount = ("+" if line.amount > 0 else "") + t.money(line.amount, line.currency)
    movement: str
    if line.kind == "reward":
        movement = t.n("{count} answer", "{count} answers", line.count)
    else:
        movement = (f"{t.number(line.count)} × " if line.count > 1 else "") + movement_name(line.kind, t)
    return t("<b>{amount}</b> {movement} /why_{number}", number=line.operation, amount=amount, movement=movement)


def movement_name(name: str, t: Translator) -> str:
    """Return the name of a kind of movement, or the kind itself if it has none."""
    return movement_names(t).get(name, name)


def movement_names(t: Translator) -> dict[str, str]:
    return {
        "reward": t.plain("for an answer"),
        "release": t.plain("no longer pending"),
        "deposit": t.plain("deposit"),
        "refund": t.plain("sent back"),
        "card fee": t.plain("kept by the provider of cards"),
        "card fee back": t.plain("given back by the provider of cards"),
        "card payout": t.plain("card payments, paid out to the bank"),
        "card payout back": t.plain("card payments, taken back"),
        "launch": t.plain("held for a project"),
        "fee": t.plain("fee"),
        "return": t.plain("returned from a project"),
        "waived": t.plain("given up, back to who paid it"),
        "payout": t.plain("payout asked for"),
        "withhold": t.plain("kept for social contributions"),
        "paid": t.plain("paid out"),
        "bounced": t.plain("payout, sent back"),
        "unpaid": t.plain("payout, yours again"),
        "unwithhold": t.plain("social contributions given back"),
        "handed on": t.plain("paid to the authority"),
        "handed back": t.plain("given back by the authority"),
        "reserve": t.plain("held in case tasks take longer"),
        "unreserve": t.plain("returned from a project"),
        "topup": t.plain("it took longer than announced"),
        "bonus": t.plain("bonus"),
        "test": t.plain("for taking a test"),
        "raise": t.plain("held for a higher pay"),
        "training": t.plain("held for a test"),
        "untraining": t.plain("was held for a test"),
        "redo": t.plain("for an answer given once more"),
        "extra": t.plain("held for an answer once more"),
        "unextra": t.plain("returned from a project"),
        "reject": t.plain("rejected, to be decided"),
        "appeal": t.plain("appeal won"),
        "judge": t.plain("for judging an appeal"),
        "forfeit": t.plain("rejected for good"),
        "feeback": t.plain("fee given back"),
        "stake": t.plain("held for judges"),
        "unstake": t.plain("was held for judges"),
        "costs": t.plain("judges’ pay given back"),
        "gather": t.plain("fees, between accounts"),
        "jury": t.plain("held for judges"),
        "unjury": t.plain("was held for judges"),
        "unexplained": t.plain("moved at the bank, not explained yet"),
        "explained": t.plain("explained"),
        "charge": t.plain("the bank’s charge"),
        "charge back": t.plain("the bank’s charge, given back"),
        "drawn": t.plain("fees taken out"),
        "paid in": t.plain("paid in by whoever runs this bot"),
        "advance": t.plain("social contributions, advanced from the fees"),
        "advance back": t.plain("advanced social contributions, back to the fees"),
    }


@shows(PayReleased)
def pay_released_notice(m: PayReleased, t: Translator) -> Screen:
    money = {"available": t.money(m.available, m.currency), "pending": t.money(m.pending, m.currency)}
    return Screen(
        lines(
            t("✅ Pay from <b>{title}</b> that was pending is yours now.", title=m.title),
            t("Available: <b>{available}</b> · still pending: {pending} · /balance", **money),
        )
    )


ROUTES = (
    Route(
        ShowBalance,
        EVERYBODY,
        wallet.show_balance,
        command="balance",
        means="what you earned, and what is pending",
        listed=WORKER,
    ),
    Route(
        ShowPersonBalance,
        ADMIN,
        wallet.show_balance_of_person,
        command="balance",
        usage="PERSON",
        means="somebody's balances",
    ),
)
