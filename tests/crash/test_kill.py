"""kill -9, again and again, under load and with a backlog: nothing that was promised is lost, nothing is paid twice.

More of it, and more of what can be taken away: `python -m benchmarks faults`.
"""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from faults.campaign import Plan, campaign
from faults.controls import CONTROLS

MOVED = "SELECT DISTINCT kind FROM transfers"
USUAL = {"deposit", "launch", "reward", "fee"}  # and whatever else they come to


async def test_no_received_answer_is_lost_and_none_is_paid_twice(database_url: str, tmp_path: Path):
    async with campaign(Plan(kills=10), database_url, tmp_path / "log") as under_fire:
        found = await under_fire.run(lambda: {kind for (kind,) in under_fire.look(MOVED)} > USUAL)
    assert found.untrue == []
    assert min(found.told, found.outlived) > 10  # else there was nothing to lose
    assert found.confirmed > 300
    assert found.moved.keys() > USUAL
    assert sum(bool(hand.outlived()) for hand in under_fire.hands) > len(under_fire.hands) / 2


@pytest.mark.parametrize("control", CONTROLS[1:3], ids=lambda control: control.name)
async def test_a_bot_that_breaks_a_promise_is_found_out(control, sqlite_url: str, tmp_path: Path):
    """A kill may miss the moment in one campaign: on a busy machine the bot hardly begins in its short lives."""
    found, empty = [], Path(sqlite_url.removeprefix("sqlite:///"))
    for seed in (1, 2, 3):
        url = f"sqlite:///{shutil.copy(empty, empty.with_stem(f'pouce{seed}'))}"
        async with campaign(replace(control.campaign, seed=seed), url, tmp_path / f"log{seed}") as under_fire:
            found.append(await under_fire.run())
        if control.is_seen_in(found[-1].untrue):
            return
    pytest.fail(str(found))
