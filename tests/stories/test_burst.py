"""A burst of one person is folded: thousands of texts or presses are not thousands of letters."""

import asyncio
import os

import pytest

from simulator.crowd.client import buttons_of
from tests.stories.town import Town, ask, csv

BURST = int(os.environ.get("BURST", "200"))
ONE_A_SECOND = 1.0  # how fast Telegram takes what goes to one chat


def letters(here: Town, person: int) -> int:
    of_person = "SELECT count(*) FROM outbox o JOIN people p ON p.id = o.person WHERE p.telegram_id = :id"
    return int(here.one(of_person, id=person))


async def is_read(here: Town, before: int) -> None:
    """All of the burst was handled."""
    count = "SELECT count(*) FROM inbox WHERE state <> 'waiting'"
    await here.until(lambda: int(here.one(count)) >= before + BURST, 120)


@pytest.mark.parametrize("said", ["hello?", "/balance", "/launch {}", "/work", "press", "choices"])
async def test_a_burst_of_one_person_is_folded_into_few_letters(home: Town, said: str):
    rosa = await home.requester()
    kind = {"kind": "choices"} if said == "choices" else {}
    await home.project(rosa, csv("Lovely", "Awful"), **kind)
    ann = await home.worker("Ann")
    await ask(ann, "/work", "Lovely")
    task = ann.last
    home.telegram.faults.add("delay", "*Message*", seconds=ONE_A_SECOND, chat_id=ann.id)
    before, handled = letters(home, ann.id), int(home.one("SELECT count(*) FROM inbox WHERE state <> 'waiting'"))
    began = asyncio.get_running_loop().time()
    for number in range(BURST):
        if said in ("press", "choices"):
            data = buttons_of(task)[number % 2]["callback_data"] if said == "choices" else "w"
            await ann.press_data(data, task["message_id"])
        else:
            await ann.say(said.format(number))
    await is_read(home, handled)
    lasted = asyncio.get_running_loop().time() - began
    home.telegram.faults.clear()
    waiting = "SELECT count(*) FROM outbox WHERE state = 'waiting'"
    went = (
        "SELECT count(*) FROM outbox o JOIN people p ON p.id = o.person WHERE p.telegram_id = :id AND o.state = 'sent'"
    )
    assert int(home.one(waiting)) <= 4
    assert letters(home, ann.id) - before <= (BURST if said == "choices" else 3 * (lasted + 2))
    assert int(home.one(went, id=ann.id)) - before <= 3 * (lasted / ONE_A_SECOND + 2)
