"""Several processes over one PostgreSQL keep the promises of one under faults (at length: `benchmarks faults`)."""

from pathlib import Path

from faults.campaign import Plan, campaign
from faults.cluster import two_processes


async def test_one_is_frozen_and_comes_back_the_other_is_killed(postgresql_url: str, tmp_path: Path):
    async with campaign(
        Plan(workers=8, tasks=120, gold=10, plans=2, running=3), postgresql_url, tmp_path / "log"
    ) as fire:
        assert await two_processes(fire) == []
        found = fire.reckon()
    assert found.untrue == []
    assert min(found.told, found.outlived) > 10
