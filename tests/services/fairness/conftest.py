"""A database with people who may judge: they work for three days once a module, and each test has a copy."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest

from domain.moments import Moment
from domain.people.accounts import PersonId
from tests.databases import Server
from tests.pool import settle_pool
from tests.sqlite_files import Files


@dataclass(frozen=True, slots=True)
class Pool:
    url: str
    people: Sequence[PersonId]


@pytest.fixture(scope="module")
def settled_pool(copies: tuple[Server | Files, str], now: Moment) -> Iterator[Pool]:
    maker, template = copies
    url = maker.copy(template)
    yield Pool(url, settle_pool(url, now))
    maker.drop(url)


@pytest.fixture
def pool(copies: tuple[Server | Files, str], settled_pool: Pool) -> Iterator[Pool]:
    """A test's own."""
    url = copies[0].copy(settled_pool.url)
    yield Pool(url, settled_pool.people)
    copies[0].drop(url)
