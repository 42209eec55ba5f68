"""Gold cannot be told from other tasks by what a worker sees, by comparing, or by skipping."""

from collections.abc import Callable

import pytest

from benchmarks.attacks.gold import before_answering, comparing_two, measure_attack, measure_skipping
from benchmarks.attacks.gold.crowd import Offer, Plan, play

SMALL = Plan(ordinary=160, gold=40, workers=8, overlap=2)


@pytest.fixture(scope="module")
def offers() -> list[Offer]:
    return play(SMALL, seed=3)


def test_one_account_tells_no_gold_by_order_times_sizes_and_counts(offers: list[Offer]) -> None:
    attack = measure_attack("one", before_answering(offers), 3, "")
    assert attack.is_repelled, attack


def test_two_accounts_that_compare_tell_no_gold(offers: list[Offer]) -> None:
    attack = measure_attack("two", comparing_two(offers, 3), 3, "")
    assert attack.is_repelled, attack


def test_skipping_tells_no_gold() -> None:
    attack = measure_skipping(3, Plan(ordinary=160, gold=40, workers=10))
    assert attack.is_repelled, attack


def test_the_attack_works_where_tasks_come_in_the_order_of_their_file(monkeypatch: pytest.MonkeyPatch) -> None:
    by_number: Callable[[str, int], int] = lambda _, task: task  # noqa: E731
    monkeypatch.setattr("storage.drivers.sqlite.shuffle_key", by_number)
    monkeypatch.setattr("domain.work.dispatch.SPREAD_TASKS", 0)
    attack = measure_attack("one", before_answering(play(SMALL, seed=3)), 3, "")
    assert attack.gain > 0.75, attack
