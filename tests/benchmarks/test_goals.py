"""The table of all goals is gathered from the pages of results."""

from pathlib import Path

import pytest

from benchmarks import goals
from benchmarks.tables import EARLIER, Goal, goals_of, goals_table, keep


def test_a_goal_says_whether_it_was_reached() -> None:
    assert str(Goal("rate", 2.3, 1.806)) == "| rate | ≥ 2.3 × | 1.81 × | **missed** |"
    assert str(Goal("rate", 2.3, 2.3)) == "| rate | ≥ 2.3 × | 2.30 × | reached |"
    assert str(Goal("wait", 20, 19.5, " ms", most=True)) == "| wait | ≤ 20 ms | 19.50 ms | reached |"
    assert str(Goal("wait", 20, 20.1, " ms", most=True)) == "| wait | ≤ 20 ms | 20.10 ms | **missed** |"


def test_goals_are_gathered_from_the_pages_that_are_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("benchmarks").mkdir()
    assert not list(goals_of("homes"))
    two = [Goal("2 processes", 1.5, 1.98), Goal("4 processes", 1.9, 1.8)]
    keep("homes", "Processes", "homes", f"| a | table |\n| --- | --- |\n| of | it |\n\n{goals_table(two)}\n\nA note.")
    keep("memory", "Memory", "memory", goals_table([Goal("refit", 400, 347, " MiB", most=True)]))
    page = Path("benchmarks/results/memory.md")
    page.write_text(f"{page.read_text()}\n{EARLIER}\n\n{goals_table([Goal('refit', 400, 500, ' MiB', most=True)])}\n")
    assert list(goals_of("homes")) == [str(goal) for goal in two]
    monkeypatch.setattr(goals, "_run", lambda goal, write: 0)
    assert goals.main(["--only", "soak", "--write"]) == 0
    written = Path("benchmarks/results/goals.md").read_text()
    day = page.read_text().splitlines()[2].partition(",")[0]
    assert f"| 4 processes | ≥ 1.9 × | 1.80 × | **missed** | [homes](homes.md), {day} |" in written
    assert "347.00 MiB | reached | [memory](memory.md)" in written
    assert "500.00" not in written
