"""A short random walk finds nothing, and a seed repeats it."""

from benchmarks.walk.walk import walk

SEED, STEPS = 7, 40


async def test_a_short_walk_finds_nothing(database_url: str) -> None:
    walked = await walk(database_url, SEED, STEPS)
    assert [(step, fault.kind, fault.told) for step, fault, _ in walked.faults] == []
    assert walked.steps == STEPS


async def test_a_seed_repeats_its_walk(sqlite_url: str, postgresql_url: str) -> None:
    here, there = [(await walk(url, SEED, 10)).told for url in (sqlite_url, postgresql_url)]
    assert here == there
