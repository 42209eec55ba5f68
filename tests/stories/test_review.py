"""Cite or pay: a requester rejects with a line and a reason, the worker objects, three others judge; silence pays."""

from collections.abc import AsyncIterator

import pytest

from simulator.client import Phone, text_of
from tests.stories.town import Town, ask, csv, toast, town

REASON = "The writer is angry, so this is not positive."
PAY = 50_000


@pytest.fixture
async def fair(database_url: str) -> AsyncIterator[Town]:
    """Where the fees of a few answers can pay judges."""
    async with town(database_url, platform_fee_percent=100) as here:
        yield here


async def answered(worker: Phone, times: int = 1) -> None:
    await ask(worker, "/work", "review \\d")
    for _ in range(times):
        await worker.press("positive", worker.last)
        await worker.wait_for("review \\d|No task")


async def crowded(here: Town, **changes: object) -> tuple[int, Phone, Phone, list[Phone]]:
    """(project, requester, a worker with one answer, three others with one each)."""
    rosa = await here.requester()
    number = await here.project(rosa, csv(*(f"review {n}" for n in range(20))), accept="review", **changes)
    crowd = [await here.worker(name) for name in ("Ann", "Bob", "Cid", "Dan")]
    for phone in crowd:
        await answered(phone)
        await phone.say("/pause")
        await phone.wait_for("Paused")
    return number, rosa, crowd[0], crowd[1:]


async def reject_first(rosa: Phone, number: int, reason: str = REASON) -> None:
    await ask(rosa, f"/review {number}", "wait for you|waits for you")
    await rosa.press("❌ Reject")
    await rosa.wait_for("Which line of your instructions")
    await rosa.press("2. Is the writer pleased?")
    await rosa.wait_for("Why\\? Write it")
    await rosa.say(reason)
    await rosa.wait_for("rejected. The worker was told")


async def verdict(judge: Phone, press: str) -> str:
    """What they have in hand first; the judgement comes before another task."""
    await ask(judge, "/work", "review \\d")
    await judge.press("positive", judge.last)
    shown = text_of(await judge.wait_for("Please judge"))
    assert REASON in shown
    assert "positive" in shown
    assert "I see a smile" in shown
    assert "Ann" not in shown
    return await toast(judge, await judge.press(press))


async def appealed(ann: Phone) -> None:
    told = text_of(await ann.wait_for("the requester rejected an answer of yours"))
    assert "Line 2: “Is the writer pleased?”" in told
    assert REASON in told
    await ann.press("⚖️ Appeal")
    await ann.wait_for("your appeal is open")
    await ann.say("I see a smile")
    await ann.wait_for("The judges read")


async def test_a_rejection_is_appealed_judged_by_three_and_paid(fair: Town):
    number, rosa, ann, judges = await crowded(fair)
    await reject_first(rosa, number)
    assert fair.balance(f"project:{number}:disputed") == PAY
    assert fair.one("SELECT consensus FROM tasks WHERE key = '1'") is None
    await appealed(ann)
    assert fair.balance("platform:judges") == 3 * PAY
    before = [fair.balance(f"worker:{judge.id}:available") for judge in judges]
    assert "Received" in await verdict(judges[0], "👍 The answer is fine: pay it")
    await verdict(judges[1], "👎 The rejection is right")
    assert fair.balance(f"worker:{ann.id}:available") == 0
    await verdict(judges[2], "👍 The answer is fine: pay it")
    assert "For the worker: 2, for the requester: 1" in text_of(await ann.wait_for("you won your appeal"))
    await rosa.wait_for("appealed against your rejection and won")
    assert fair.balance(f"worker:{ann.id}:available") == PAY
    assert [fair.balance(f"worker:{judge.id}:available") for judge in judges] == [each + PAY for each in before]
    assert fair.one("SELECT consensus FROM tasks WHERE key = '1'") == "positive"
    assert fair.one("SELECT state FROM submissions ORDER BY id LIMIT 1") == "accepted"
    assert "already" in await toast(judges[0], await judges[0].press_data("ju:1:0", 1))
