"""A worker fills in the tax form in chat; nothing of it is left in the chat, the log or a plain row."""

import io
import logging
import re
from collections.abc import AsyncIterator, Iterator

import pytest

from bot import logs
from simulator.crowd.client import buttons_of, text_of
from tests.stories.money.test_payout import PAYER, earned, gives
from tests.stories.town import Town, ask, town

KEY = "a key of at least 16 signs"
SECRETS = ("3023217600053", "30 23 217 600 053", "20/03/1988", "1988-03-20", "Neuve")


@pytest.fixture
async def office(sqlite_url: str) -> AsyncIterator[Town]:
    async with town(sqlite_url, **PAYER, secrets_key=KEY) as here:
        yield here


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    logs.set_up_logging("DEBUG")
    stream = io.StringIO()
    root.handlers[0].setStream(stream)  # type: ignore[attr-defined]
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)


async def test_a_tax_form_from_the_first_payout_to_the_green_button(office: Town, logged: io.StringIO) -> None:
    ann = await earned(office)
    await gives(ann)
    await ann.press("💶 Send me €0.05")
    await ann.wait_for("a short tax form")
    await ann.press("🧾 Fill in the tax form")
    await ann.wait_for("In which country do you live")
    await ann.press("France")
    await ann.wait_for("Who works here")
    await ann.press("👤 I, for myself")
    await ann.wait_for("Your first names")
    for words, next_ in (
        ("Awa", "Your last name"),
        ("Diallo", "Street and number"),
        ("3 rue Neuve", "The postcode"),
        ("75002", "The town"),
        ("Paris", "13 digits"),
        ("30 23 217 600 054", "no tax number like that"),
        ("30 23 217 600 053", "date of birth"),
        ("20/03/1988", "Is all of this right?"),
    ):
        await ann.say(words)
        review = await ann.wait_for(re.escape(next_))
    assert "•••• 053" in text_of(review)
    assert "3 rue Neuve" in text_of(review)
    await ann.press("✅ All of this is right")
    await ann.wait_for("the tax form is saved")
    await ann.until(lambda phone: not any(said in text_of(each) for each in phone.messages for said in SECRETS))
    await ask(ann, "/payout", "🏦 Available")
    assert "🧾 My tax form" in [each["text"] for each in buttons_of(ann.messages[-1])]
    assert office.one("SELECT count(*) FROM tax_forms WHERE sealed IS NOT NULL AND remind_at IS NULL") == 1
    for table in ("tax_forms", "drafts", "inbox", "outbox", "audit"):
        plain = repr(office.rows(f"SELECT * FROM {table}"))
        assert [said for said in SECRETS if said in plain] == [], table
    assert "A letter" in logged.getvalue()  # it was listened to
    assert [said for said in SECRETS if said in logged.getvalue()] == []


async def test_a_file_of_rates_is_stored_completely_or_refused(sqlite_url: str) -> None:
    async with town(sqlite_url, contributions="FR") as here:
        head = b"siret;month;rate\n73282932000074;2027-01;21,2\n"
        await here.admin.upload(b"a;b\n", "bank.csv", "/deposit")  # the other table that a caption names
        await here.admin.wait_for("Nothing was booked")
        await here.admin.upload(head + b"73282932000074;oops;5\n", "rates.csv", "/withhold")
        assert "Line 3: expected a month" in text_of(await here.admin.wait_for("Nothing was read in"))
        assert here.rows("SELECT * FROM contribution_rates") == []
        await here.admin.upload(head, "rates.csv", "/withhold")
        await here.admin.wait_for("1 rate is read in")
        assert here.rows("SELECT siret, month, rate FROM contribution_rates") == [("73282932000074", "2027-01", 2_120)]
