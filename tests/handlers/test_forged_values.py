"""Every payload with values that no button has: a result or a refusal, never an error of our own."""

from collections.abc import Iterator
from contextlib import suppress
from itertools import islice, product
from typing import Any

from domain.moments import Moment
from domain.refusals import Refusal
from handlers.payload import Payload
from handlers.routes import TABLE
from storage.database import Database
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.house import FIRST_WORKER, furnish

VALUES: dict[Any, tuple[Any, ...]] = {str: ("results", "é:-1"), bool: (True, False)}
NUMBERS = (2**63 - 1, 1, 0)
MOST = 9  # combinations of one payload
ADMIN = frozenset({FIRST_WORKER})  # has every role, so that every service is reached


def forged(kind: type[Payload]) -> Iterator[Payload]:
    values = [VALUES.get(field.annotation, NUMBERS) for field in kind.model_fields.values()]
    for each in islice(product(*values), MOST):
        yield kind.model_construct(**dict(zip(kind.model_fields, each, strict=True)))


async def test_no_value_of_a_client_is_an_error_of_ours(database: Database, now: Moment) -> None:
    house = await database.transact(furnish, now)

    def one(unit: UnitOfWork, payload: Payload) -> None:
        press(act_of(unit, house.workers[0], ADMIN), payload)

    for payload in (each for kind in TABLE.by_payload for each in forged(kind)):
        with suppress(Refusal):
            await database.transact(one, now, payload)
