"""The book against a dictionary: the same transfers accepted, the same refused, the same balances, step by step."""

from collections import Counter
from dataclasses import replace
from itertools import count
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.money.ledger import Transfer
from storage import invariants
from tests.machines.bench import Bench

ACCOUNTS = ("external:bank", "requester:1:available", "project:1:budget", "worker:1:pending", "worker:1:available")
BOOK = (1, 2, 3, 10, 14)  # the rules that know of nothing but transfers
NAMES, CURRENCIES = st.sampled_from(ACCOUNTS), st.sampled_from(("EUR", "EUR", "EUR", "USD"))
AMOUNTS = st.one_of(st.integers(1, 60), st.sampled_from((-1, 0, 10**12)))
MEMOS = st.sampled_from(("", "by the bank"))


def transfers(debit: st.SearchStrategy[str]) -> st.SearchStrategy[Transfer]:
    return st.builds(
        Transfer,
        key=st.just(""),
        kind=st.sampled_from(("deposit", "reward")),
        debit=debit,
        credit=NAMES,
        amount=AMOUNTS.map(Millionths),
        currency=CURRENCIES,
        memo=MEMOS,
    )


class LedgerMachine(RuleBasedStateMachine):
    url: ClassVar[str]
    outcomes: ClassVar[Counter[str]]

    def __init__(self) -> None:
        super().__init__()
        self.bench = Bench(self.url, Moment(1_800_000_000_000))
        self.keys, self.steps = count(1), 0
        self.posted: dict[str, Transfer] = {}
        self.balances: Counter[tuple[str, str]] = Counter()
        self.entries: Counter[tuple[str, str]] = Counter()
        self.deposits(ACCOUNTS[1], 1_000, "EUR")  # from the first step on, money can move and a key come again

    @rule(credit=st.sampled_from(ACCOUNTS[1:]), amount=st.integers(1, 1_000), currency=CURRENCIES)
    def deposits(self, credit: str, amount: int, currency: str) -> None:
        self.posts(Transfer(self.fresh(), "deposit", ACCOUNTS[0], credit, Millionths(amount), currency))

    @rule(data=st.data(), more=st.sampled_from((0, 0, 0, -1, 1)))
    def moves(self, data: st.DataObject, more: int) -> None:
        """Amounts up to what is there, and one more: where a floor is off by one, it shows."""
        funded = sorted(account for account, balance in self.balances.items() if balance > 1)
        if funded:
            debit, currency = data.draw(st.sampled_from(funded))
            credit = data.draw(st.sampled_from([name for name in ACCOUNTS if name != debit]))
            there = self.balances[debit, currency]
            amount = there + more if more else data.draw(st.integers(1, there))
            self.posts(Transfer(self.fresh(), "reward", debit, credit, Millionths(amount), currency))

    @precondition(lambda self: self.steps % 3 == 0)
    @rule(transfer=transfers(NAMES))
    def tries(self, transfer: Transfer) -> None:
        self.posts(replace(transfer, key=self.fresh()))

    @rule(data=st.data(), other=st.one_of(st.none(), st.none(), transfers(NAMES)))
    def comes_again(self, data: st.DataObject, other: Transfer | None) -> None:
        """A key that was used: with what was asked then, or with something else."""
        if self.posted:
            key = data.draw(st.sampled_from(sorted(self.posted)))
            self.posts(self.posted[key] if other is None else replace(other, key=key))

    def fresh(self) -> str:
        return f"key {next(self.keys)}"

    def posts(self, transfer: Transfer) -> None:
        self.steps += 1
        expected = self.expected(transfer)
        done = self.bench.step(lambda unit: unit.ledger.post(transfer))
        outcome = done if isinstance(done, str) else "repeated" if done is None else "posted"
        assert outcome == expected, transfer
        self.outcomes[outcome] += 1
        if outcome == "posted":
            self.books(transfer)
        for name in (transfer.debit, transfer.credit):
            account = name, transfer.currency
            assert self.bench.unit.ledger.balance(*account) == self.balances[account]
            assert self.bench.unit.ledger.version(*account) == self.entries[account]

    def expected(self, transfer: Transfer) -> str:
        if transfer.key in self.posted:
            return "repeated" if self.posted[transfer.key] == transfer else "KeyReused"
        if transfer.amount <= 0 or transfer.debit == transfer.credit:
            return "illegal"
        short = self.balances[transfer.debit, transfer.currency] < transfer.amount
        return "illegal" if short and transfer.debit != "external:bank" else "posted"

    def books(self, transfer: Transfer) -> None:
        self.posted[transfer.key] = transfer
        for name, sign in ((transfer.debit, -1), (transfer.credit, 1)):
            self.balances[name, transfer.currency] += sign * transfer.amount
            self.entries[name, transfer.currency] += 1

    def teardown(self) -> None:
        """The histories tell the same, and `pouce verify` finds nothing in the book."""
        try:
            self.compare()
        finally:
            self.bench.close()

    def compare(self) -> None:
        for (name, currency), balance in self.balances.items():
            history = list(self.bench.unit.ledger.iterate_entries(name, currency))
            assert sum(entry.amount for entry in history) == balance
            assert [entry.version for entry in history] == list(range(1, self.entries[name, currency] + 1))
        assert [str(found) for found in invariants.find_violations(self.bench.unit) if found.rule in BOOK] == []


@pytest.mark.timeout(120)
def test_the_book_agrees_with_a_dictionary_of_balances(database_url: str):
    LedgerMachine.url, LedgerMachine.outcomes = database_url, Counter()
    run_state_machine_as_test(
        LedgerMachine,
        settings=settings(
            max_examples=30,
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    outcomes = LedgerMachine.outcomes
    accepted = outcomes["posted"] + outcomes["repeated"]
    assert accepted > outcomes.total() / 2, outcomes  # else it mostly tried what is refused
    assert {"posted", "repeated", "KeyReused", "illegal"} <= outcomes.keys()
