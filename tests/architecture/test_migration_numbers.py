"""Migrations are numbered in turn: two branches that add one each show here, not on somebody's database."""

from storage.drivers.migrate import versions


def test_each_migration_has_the_number_after_the_one_before() -> None:
    numbers = [int(version.partition("_")[0]) for version in versions()]
    assert numbers == list(range(1, len(numbers) + 1))
