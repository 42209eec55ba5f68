"""`/balance`: a worker's balances in each currency, why some are pending, the last movements by day and project."""

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta, tzinfo

from domain.moments import as_datetime, day_of
from domain.money.ledger import (
    Entry,
    available_account,
    budget_account,
    payout_account,
    pending_account,
    requester_account,
)
from domain.money.wallet import Balance, BalanceEntry, CurrencyBalance, FreeFunds, HeldFunds, PendingPay, PersonBalance
from domain.people.accounts import Person
from domain.projects.projects import Project
from services.act import Act
from services.people import accounts
from storage.unit import UnitOfWork
from storage.work.submissions import HeldPay

MAX_LINES, MAX_READ_ENTRIES = 5, 500  # lines; movements of an account that are read for them


def show_balance(act: Act) -> Balance:
    """Return one's own balance (`/balance`)."""
    own_balance = read_balance(act.unit, act.person, act.house.terms.currency)
    return replace(own_balance, asks="requester" in act.roles)


def show_balance_of_person(act: Act, who: str) -> PersonBalance:
    """Return a person's balances for an admin (`/balance PERSON`), noted in the audit log. Raise NotFound."""
    unit, person = act.unit, accounts.get_person(act.unit, who)
    account, currency = requester_account(person), act.house.terms.currency
    currencies = unit.ledger.currencies(account)
    unit.audit.note(act.person.id, "balance", f"person:{person.id}")
    return PersonBalance(
        who=person.label,
        telegram_id=person.telegram_id,
        worker=person.is_worker,
        asks=bool(currencies) or person.requester,
        free=tuple(FreeFunds(code, unit.ledger.balance(account, code)) for code in currencies or [currency]),
        projects=tuple(_held_funds(unit, project) for project in unit.projects.list_of_requester(person.id)),
        balance=read_balance(unit, person, currency),
        held=tuple(
            FreeFunds(code, unit.spending.sum_held_budgets(person.id, code)) for code in currencies or [currency]
        ),
    )


def read_balance(unit: UnitOfWork, person: Person, currency: str) -> Balance:
    """Return the balance of every currency that the worker ever had, else of `currency`, and the last movements of all
    of them."""
    currencies = unit.statements.list_currencies(person) or [currency]
    zone = unit.preferences.get_stored(person.id).zone
    today = as_datetime(unit.now).astimezone(zone).date()
    return Balance(
        books=tuple(_currency_balance(unit, person, code) for code in currencies),
        answers=unit.submissions.count_of(person.id),
        held=tuple(_pending_pay(held_pay) for held_pay in unit.submissions.held_by_project(person.id)),
        entries=tuple(_balance_entry(run, zone) for run in _list_runs(unit, person, currencies, zone)[:MAX_LINES]),
        today=today.isoformat(),
        yesterday=(today - timedelta(days=1)).isoformat(),
        suspended=person.suspended,
    )


def _pending_pay(pay: HeldPay) -> PendingPay:
    return PendingPay(
        project=pay.project,
        title=pay.title,
        count=pay.submissions,
        amount=pay.amount,
        currency=pay.currency,
        until=pay.until,
        review=pay.review,
    )


def _currency_balance(unit: UnitOfWork, person: Person, currency: str) -> CurrencyBalance:
    return CurrencyBalance(
        currency=currency,
        available=unit.ledger.balance(available_account(person), currency),
        pending=unit.ledger.balance(pending_account(person), currency),
        payout=unit.ledger.balance(payout_account(person), currency),
        aside=unit.reviews.disputed_pay_by_currency(person.id).get(currency, 0),
    )


def _list_runs(unit: UnitOfWork, person: Person, currencies: list[str], zone: tzinfo) -> list[list[Entry]]:
    """Group the entries of one day, kind and project, the newest group and entry first. Pending and available pay are
    one account here: a release from one to the other is left out, so that each cent appears once, when it was earned.
    Days that may have been read in part are left out, unless there is no other."""
    pages = [
        unit.ledger.entries(account, MAX_READ_ENTRIES, currency)
        for currency in currencies
        for account in (pending_account(person), available_account(person))
    ]
    entries = [entry for page in pages for entry in page if entry.kind != "release"]
    runs = defaultdict[tuple[object, ...], list[Entry]](list)
    for entry in sorted(entries, key=lambda entry: (entry.made_at, entry.transfer), reverse=True):
        runs[day_of(entry.made_at, zone), entry.movement, entry.project, entry.currency].append(entry)
    read_in_part = [day_of(page[-1].made_at, zone) for page in pages if len(page) == MAX_READ_ENTRIES]
    whole_runs = [run for (day, *_), run in runs.items() if str(day) > max(read_in_part, default="")]
    return whole_runs or list(runs.values())


def _balance_entry(run: list[Entry], zone: tzinfo) -> BalanceEntry:
    """Return one line for a group of entries, the newest first."""
    newest = run[0]
    return BalanceEntry(
        newest.transfer,
        kind=newest.movement,
        amount=sum(entry.amount for entry in run),
        currency=newest.currency,
        count=len(run),
        day=day_of(newest.made_at, zone),
    )


def _held_funds(unit: UnitOfWork, project: Project) -> HeldFunds:
    balance = unit.ledger.balance(budget_account(project.id), project.currency)
    return HeldFunds(project.id, project.title, project.state.value, balance, project.currency)
