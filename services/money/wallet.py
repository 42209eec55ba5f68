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
from domain.money.wallet import (
    Balance,
    BalanceEntry,
    CurrencyBalance,
    FreeFunds,
    HeldFunds,
    PendingPay,
    PersonBalance,
)
from domain.people.accounts import Person
from domain.projects.projects import Project, ProjectId
from services.act import Act
from services.people import accounts
from storage.unit import UnitOfWork

SHOWN, READ = 8, 500  # lines; movements of an account that are read for them


def balance(act: Act) -> Balance:
    """`/balance`: one's own."""
    found = balance_of(act.unit, act.person, act.house.terms.currency)
    return replace(found, asks="requester" in act.roles)


def balance_of_person(act: Act, who: str) -> PersonBalance:
    """`/balance PERSON`: an admin's question, noted in the audit log."""
    unit, person = act.unit, accounts.get_person(act.unit, who)
    account, currency = requester_account(person), act.house.terms.currency
    there = unit.ledger.currencies(account)
    unit.audit.note(act.person.id, "balance", f"person:{person.id}")
    return PersonBalance(
        who=person.label,
        telegram_id=person.telegram_id,
        worker=person.is_worker,
        asks=bool(there) or person.requester,
        free=tuple(FreeFunds(each, unit.ledger.balance(account, each)) for each in there or [currency]),
        projects=tuple(_held(unit, project) for project in unit.projects.of(person.id)),
        balance=balance_of(unit, person, currency),
        held=tuple(FreeFunds(each, unit.spending.sum_held_budgets(person.id, each)) for each in there or [currency]),
    )


def balance_of(unit: UnitOfWork, person: Person, currency: str) -> Balance:
    """Every currency there is something in, else `currency`; the last movements of all of them."""
    currencies = unit.statements.currencies(person) or [currency]
    entries = [entry for each in currencies for entry in _entries(unit, person, each)]
    latest = sorted(entries, key=lambda entry: (-entry.made_at, -entry.transfer))[:READ]
    pending = unit.submissions.held_by_project(person.id)
    zone = unit.preferences.known(person.id).zone
    today = as_datetime(unit.now).astimezone(zone).date()
    return Balance(
        books=tuple(_book(unit, person, each) for each in currencies),
        answers=unit.submissions.count_of(person.id),
        held=tuple(
            PendingPay(p.project, p.title, p.submissions, p.amount, p.currency, p.until, p.review) for p in pending
        ),
        entries=tuple(_line(unit, run, zone) for run in _runs(latest, zone)[:SHOWN]),
        today=today.isoformat(),
        yesterday=(today - timedelta(days=1)).isoformat(),
        suspended=person.suspended,
    )


def _book(unit: UnitOfWork, person: Person, currency: str) -> CurrencyBalance:
    return CurrencyBalance(
        currency=currency,
        available=unit.ledger.balance(available_account(person), currency),
        pending=unit.ledger.balance(pending_account(person), currency),
        payout=unit.ledger.balance(payout_account(person), currency),
        aside=unit.reviews.disputed_pay_by_currency(person.id).get(currency, 0),
    )


def _entries(unit: UnitOfWork, person: Person, currency: str) -> list[Entry]:
    """The entries to show; a release appears once, where it arrives."""
    pending = unit.ledger.entries(pending_account(person), READ, currency)
    arrived = unit.ledger.entries(available_account(person), READ, currency)
    return [*arrived, *(entry for entry in pending if entry.kind != "release")]


def _runs(entries: list[Entry], zone: tzinfo) -> list[list[Entry]]:
    """Groups the entries of one day, kind and project into one line, in the order of each line's newest."""
    found = defaultdict[tuple[object, ...], list[Entry]](list)
    for each in entries:
        found[day_of(each.made_at, zone), each.movement, each.account, each.project, each.currency].append(each)
    if len(entries) == READ and len({day for day, *_ in found}) > 1:  # the oldest day may be there in part
        last = day_of(entries[-1].made_at, zone)
        found = defaultdict(list, {about: run for about, run in found.items() if about[0] != last})
    return sorted(found.values(), key=lambda run: (day_of(run[0].made_at, zone), run[0].transfer), reverse=True)


def _line(unit: UnitOfWork, run: list[Entry], zone: tzinfo) -> BalanceEntry:
    """Of movements of one day, the newest first."""
    newest, amount = run[0], sum(entry.amount for entry in run)
    pending, first = newest.account.endswith(":pending"), run[-1].transfer
    title = unit.projects.get(ProjectId(newest.project)).title if newest.project is not None else ""
    about = (newest.transfer, newest.movement, amount, newest.currency, newest.made_at, pending)
    return BalanceEntry(*about, len(run), first, title, day_of(newest.made_at, zone))


def _held(unit: UnitOfWork, project: Project) -> HeldFunds:
    held = unit.ledger.balance(budget_account(project.id), project.currency)
    return HeldFunds(project.id, project.title, project.state.value, held, project.currency)
