"""At its start the bot says which settings are empty or do not fit what is stored."""

from dataclasses import replace

import pytest

from bot import settings
from domain.moments import Moment
from domain.people.accounts import Scope
from services.act import Encryption, House
from storage.database import Database
from storage.unit import UnitOfWork
from tests.house import furnish
from tests.web.asker import house_of

OLD, NEW = "the key of this house", "another key of this house"
KEEP_TAX_FORM = (
    "INSERT INTO tax_forms (person, asked_at, sealed, key_print, given_at) VALUES (:person, 1, :sealed, :print, 1)"
)
EMPTY, CLOSED, NO_PAGES = "SECRETS_KEY is not set", "SECRETS_KEY does not open", "PUBLIC_URL is not set"


async def said(house: House, caplog: pytest.LogCaptureFixture) -> list[str]:
    caplog.clear()
    await settings.warn_of_missing(house)
    return [each.getMessage() for each in caplog.records]


async def test_without_a_key_one_line_tells_what_is_missing(
    database: Database, now: Moment, caplog: pytest.LogCaptureFixture
):
    (line,) = await said(house_of(database, now), caplog)
    assert line.startswith(EMPTY)


@pytest.mark.parametrize("keys", [(), (NEW,)])
async def test_secrets_that_the_key_does_not_open_are_counted(
    database: Database, now: Moment, caplog: pytest.LogCaptureFixture, keys: tuple[str, ...]
):
    old = Encryption((OLD,))

    def keep(unit: UnitOfWork) -> None:
        person = furnish(unit).requester
        for number in range(3):
            unit.api_keys.add(person, f"h{number}", "hint", Scope.READ, None, (f"A{number}", old.encrypt("secret")))
        unit.api_keys.revoke(person, 3)
        unit.webhooks.add(person, "https://example.org", (), old.encrypt("secret"))
        unit.webhooks.remove(person, unit.webhooks.add(person, "https://example.org/2", (), old.encrypt("secret")))
        facts = {"person": person, "sealed": old.encrypt("{}"), "print": old.key_print}
        unit.connection.changed(KEEP_TAX_FORM, **facts)

    await database.transact(keep, now)
    house = replace(house_of(database, now), encryption=Encryption(keys))
    assert [line.startswith(CLOSED) for line in await said(house, caplog)] == ([True] if keys else [False, True])
    told = vars(caplog.records[-1])
    assert [told[sort] for sort in ("pairs", "webhooks", "tax_forms")] == [2, 1, 1]
    assert await said(replace(house, encryption=Encryption((NEW, OLD))), caplog) == []


async def test_running_projects_on_pages_are_counted_where_pages_have_no_address(
    database: Database, now: Moment, caplog: pytest.LogCaptureFixture
):
    await database.transact(lambda unit: furnish(unit, kind="boxes", options=("cat",)), now)
    house = replace(house_of(database, now), encryption=Encryption((OLD,)))
    (line,) = await said(house, caplog)
    assert line.startswith(NO_PAGES)
    assert vars(caplog.records[0])["projects"] == 1
    assert await said(replace(house, page_origin="https://pouce.example"), caplog) == []
