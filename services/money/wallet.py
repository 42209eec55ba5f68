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
from domain.projects.projects import Project, ProjectId
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
    entries = [entry for code in currencies for entry in _list_entries(unit, person, code)]
    latest = sorted(entries, key=lambda entry: (-entry.made_at, -entry.transfer))[:MAX_READ_ENTRIES]
    zone = unit.preferences.get_stored(person.id).zone
    today = as_datetime(unit.now).astimezone(zone).date()
    return Balance(
        books=tuple(_currency_balance(unit, person, code) for code in currencies),
        answers=unit.submissions.count_of(person.id),
        held=tuple(_pending_pay(held_pay) for held_pay in unit.submissions.held_by_project(person.id)),
        entries=tuple(_balance_entry(unit, run, zone) for run in _group_entries(latest, zone)[:MAX_LINES]),
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


def _list_entries(unit: UnitOfWork, person: Person, currency: str) -> list[Entry]:
    """Return the newest entries to show; a release appears once, where it arrives."""
    pending = unit.ledger.entries(pending_account(person), MAX_READ_ENTRIES, currency)
    arrived = unit.ledger.entries(available_account(person), MAX_READ_ENTRIES, currency)
    return [*arrived, *(entry for entry in pending if entry.kind != "release")]


def _group_entries(entries: list[Entry], zone: tzinfo) -> list[list[Entry]]:
    """Group the entries of one day, kind and project into one line, ordered by each line's newest entry. The oldest day
    is left out if it may have been read in part only."""
    runs = defaultdict[tuple[object, ...], list[Entry]](list)
    for entry in entries:
        runs[day_of(entry.made_at, zone), entry.movement, entry.account, entry.project, entry.currency].append(entry)
    if len(entries) == MAX_READ_ENTRIES and len({day for day, *_ in runs}) > 1:  # the oldest day may be there in part
        oldest_day = day_of(entries[-1].made_at, zone)
        runs = defaultdict(list, {run_key: run for run_key, run in runs.items() if run_key[0] != oldest_day})
    return sorted(runs.values(), key=lambda run: (day_of(run[0].made_at, zone), run[0].transfer), reverse=True)


def _balance_entry(unit: UnitOfWork, run: list[Entry], zone: tzinfo) -> BalanceEntry:
    """One line for a group of entries, the newest first."""
    newest, amount = run[0], sum(entry.amount for entry in run)
    pending, first_operation = newest.account.endswith(":pending"), run[-1].transfer
    title = unit.projects.get(ProjectId(newest.project)).title if newest.project is not None else ""
    return BalanceEntry(
        newest.transfer,
        kind=newest.movement,
        amount=amount,
        currency=newest.currency,
        at=newest.made_at,
        pending=pending,
        count=len(run),
        first=first_operation,
        title=title,
        day=day_of(newest.made_at, zone),
    )


def _held_funds(unit: UnitOfWork, project: Project) -> HeldFunds:
    balance = unit.ledger.balance(budget_account(project.id), project.currency)
    return HeldFunds(project.id, project.title, project.state.value, balance, project.currency)
