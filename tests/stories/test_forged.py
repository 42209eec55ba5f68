"""Every button there is, forged with the numbers of somebody else's things: nothing is told, nothing moves, nothing
is left turning."""

import json
from collections.abc import Iterator
from itertools import product
from typing import Any

from handlers.payload import Payload
from handlers.people.consents import Forget
from handlers.routes import TABLE
from simulator.crowd.client import Phone, buttons_of, text_of
from tests.stories.town import CAPTION as LINES
from tests.stories.town import Town, answer, ask, csv, draft, toast, with_lines

SECRETS = ("Timbuktu", "Zanzibar", "Xanadu", "Rosa", "Stygian")
WORDS = ("results", "csv", "paid")
NUMBERS = (0, 1, 2, 3)
VALUES: dict[Any, tuple[Any, ...]] = {str: WORDS, bool: (False, True)}
UNTOUCHED = """
SELECT (SELECT count(*) FROM transfers), (SELECT count(*) FROM submissions), (SELECT count(*) FROM assignments),
  (SELECT count(*) FROM enrolments), (SELECT sum(id) FROM tasks WHERE gold IS NOT NULL),
  (SELECT count(*) FROM gold_challenges WHERE state = 'open'), (SELECT count(*) FROM projects)"""


def forged(kind: type[Payload]) -> Iterator[str]:
    """What a client can make of it: each number that is somebody's, and some words."""
    values: list[tuple[Any, ...]] = [
        ("en",) if name == "language" else VALUES.get(field.annotation, NUMBERS)
        for name, field in kind.model_fields.items()
    ]
    for each in product(*values):
        if kind is not Forget or each != (1,):  # who says so twice is forgotten
            yield kind(**dict(zip(kind.model_fields, each, strict=True))).pack()


async def furnished(here: Town) -> None:
    """Project 1 was answered, rejected, contested and stopped; project 2 was never launched."""
    rosa = await here.requester()
    reviews = csv(*(f"Xanadu {n}" for n in range(30)), gold=("Elysian",) * 9)
    number = await here.project(rosa, reviews, title="Zanzibar", options="Elysian, Stygian", accept="review", overlap=2)
    ann = await here.worker("Ann")
    await ask(ann, "/work", "Xanadu|known")
    contest = "⚖️ No, I was right"
    while not any(contest in str(buttons_of(message)) for message in ann.messages):
        await answer(ann, "Stygian")
    assert "Noted" in await toast(ann, await ann.press(contest))
    await ask(rosa, f"/review {number}", "wait for you|waits for you")
    await ask(rosa, f"/stop {number}", "Stop this project")
    await rosa.press("⏹ Yes, stop")
    await rosa.wait_for("stopped")
    await draft(rosa, csv("Xanadu 4"), with_lines(LINES, title="Timbuktu"), "others.csv")


async def told(phone: Phone, since: int) -> str:
    return json.dumps([message for number, message in phone.shown.items() if number > since], ensure_ascii=False)


async def stranger(here: Town) -> tuple[Phone, int]:
    """Worker and requester, with nothing of their own; and the last message before they begin."""
    mallory = await here.requester("Mallory", euros="0")
    await mallory.press("✅ I agree")
    return mallory, max(mallory.shown)


async def test_no_forged_button_tells_or_moves_anything_or_turns_for_ever(home: Town) -> None:
    await furnished(home)
    mallory, since = await stranger(home)
    before = home.rows(UNTOUCHED)
    for kind in (payload for payload in TABLE.by_payload if payload.code):
        for data in forged(kind):
            window = await toast(mallory, await mallory.press_data(data, since))
            assert not [secret for secret in SECRETS if secret in window], data
    await ask(mallory, "/balance", "balance")
    shown = await told(mallory, since)
    assert [secret for secret in SECRETS if secret in shown] == []
    assert home.rows(UNTOUCHED) == before


async def test_no_command_with_anothers_number_tells_or_moves_anything(home: Town) -> None:
    await furnished(home)
    mallory, since = await stranger(home)
    before = home.rows(UNTOUCHED)
    for command, number in product(TABLE.by_command, NUMBERS[1:]):
        takes_more = any(len(route.payload.model_fields) > 1 for route in TABLE.by_command[command])
        for more in ("", " csv", " 0.50 thank you") if takes_more else ("",):
            await mallory.say(f"/{command} {number}{more}")
    await mallory.say("/cancel")
    await mallory.say("/balance")
    await mallory.until(lambda phone: "Your balance" in text_of(phone.last), timeout=60)
    shown = await told(mallory, since)
    assert [secret for secret in SECRETS if secret in shown] == []
    assert home.rows(UNTOUCHED) == before
