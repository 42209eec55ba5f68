"""Stored answers in any number: copies of one project have all that its answers left, and the ledger verifies."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast

import pytest

from benchmarks import growth, stored_answers
from benchmarks.growth import Size
from benchmarks.stored_answers import store_answers
from bot.clock import wall_clock
from storage.database import one_transaction
from storage.invariants import find_violations

OF_PROJECT, PROJECTS = 160, 3
COUNT_BY_PROJECT = """
SELECT count(*), count(DISTINCT s.assignment), count(DISTINCT s.task), count(t.id), sum(t.amount), count(c.hash)
FROM submissions s JOIN transfers t ON t.submission = s.id JOIN hash_chain c ON c.transfer = t.id
GROUP BY s.project ORDER BY s.project"""
COUNT_ENTRIES = "SELECT (SELECT count(*) FROM entries), (SELECT 2 * count(*) FROM transfers)"


def test_copies_have_all_rows_of_the_first_project(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored_answers, "OPEN_TASKS", 40)
    monkeypatch.setattr(stored_answers, "OPEN_GOLD", 4)
    stored = store_answers(database_url, OF_PROJECT * PROJECTS, OF_PROJECT)
    with one_transaction(database_url, wall_clock(), read_only=True) as unit:
        first, *copies = unit.connection.all(COUNT_BY_PROJECT)
        entries, expected = unit.connection.all(COUNT_ENTRIES)[0]
        assert find_violations(unit) == []
    assert copies == [first] * (PROJECTS - 1)
    assert stored.answers == OF_PROJECT * PROJECTS
    assert entries == expected


def sizes(figures: dict[int, dict[str, float]]) -> Iterator[Size]:
    for answers, by_name in figures.items():
        size = Size(cast(Any, None), cast(Any, SimpleNamespace(answers=answers)))
        size.add({**dict.fromkeys([*growth.FLAT, *growth.LINEAR], answers / 1_000), **by_name})
        yield size


def test_a_figure_is_flat_or_has_a_slope() -> None:
    answer, verify = "an answer, CPU", "verify"
    measured = list(
        sizes({1_000: {answer: 500, verify: 1}, 10_000: {answer: 640, verify: 5}, 20_000: {answer: 600, verify: 15}})
    )
    goals = {goal.name.rpartition("answers: ")[2]: goal for goal in growth.goals_of("sqlite", measured)}
    assert goals[answer].found == 1.28
    assert goals[answer].is_reached
    assert (goals["the next task"].found, goals["the next task"].is_reached) == (20, False)
    assert (goals["verify, time an answer"].found, goals["verify, time an answer"].is_reached) == (1.5, False)
    lines = growth.table_of("sqlite", measured).splitlines()
    assert lines[0] == "| SQLite, stored answers | 1,000 | 10,000 | 20,000 | |"
    assert "| an answer, CPU, µs | 500 | 640 | 600 | flat: 1.28 × |" in lines
    assert "| verify, s | 1.00 | 5.00 | 15.00 | linear: 1000.0 s a million |" in lines
