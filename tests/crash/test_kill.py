"""kill -9, twenty times, under load and with a backlog: nothing that was promised is lost, nothing is paid twice."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.crash.campaign import Plan, campaign

SMALL = Plan(kills=3, workers=8, tasks=60, gold=6)


async def test_no_received_answer_is_lost_and_none_is_paid_twice(database_url: str, tmp_path: Path):
    async with campaign(Plan(), database_url, tmp_path / "log") as under_fire:
        found = await under_fire.run()
    assert found.untrue == []
    assert min(found.told, found.outlived) > 50  # else there was nothing to lose
    assert found.confirmed > 500
    assert all(hand.outlived() for hand in under_fire.hands)


@pytest.mark.parametrize(
    ("bot", "complaint"),
    [
        ("confirms_before_it_stores", "was confirmed and is not in the inbox"),
        ("credits_without_a_key", "is paid twice"),
    ],
)
async def test_a_bot_that_breaks_a_promise_is_found_out(bot: str, complaint: str, sqlite_url: str, tmp_path: Path):
    plan = replace(SMALL, command=("-m", "tests.crash.broken_bots", bot))
    async with campaign(plan, sqlite_url, tmp_path / "log") as under_fire:
        found = await under_fire.run()
    assert any(complaint in untrue for untrue in found.untrue), found
