"""Flood control: calls beyond the limit are refused with the time to wait."""

import aiohttp
import pytest

from simulator import Limits, serve
from simulator.errors import RefusedCall
from simulator.limits import FloodControl
from tests.simulator.conftest import Caller, Clock


class ScriptedWorker:
    """A clock that only moves when told."""

    def __init__(self) -> None:
        self.time = 1_000.0

    def __call__(self) -> float:
        return self.time


def refused(control: FloodControl, chat: int, method: str = "sendMessage") -> int | None:
    """retry_after, or None when the call passed."""
    try:
        control.take(method, chat)
    except RefusedCall as refusal:
        return int(refusal.description.removeprefix("Too Many Requests: retry after "))
    return None


def test_one_chat_takes_a_short_burst_then_one_a_second():
    clock = ScriptedWorker()
    control = FloodControl(Limits(), clock)
    assert [refused(control, 1) for _ in range(4)] == [None, None, None, 1]
    clock.time += 1
    assert [refused(control, 1) for _ in range(2)] == [None, 1]


def test_strict_limits_allow_no_burst():
    clock = ScriptedWorker()
    control = FloodControl(Limits.strict(), clock)
    assert [refused(control, 1), refused(control, 1)] == [None, 1]
    clock.time += 1 / 30
    assert refused(control, 2) is None


def test_thirty_a_second_over_all_chats_in_the_long_run():
    clock = ScriptedWorker()
    control = FloodControl(Limits(), clock)
    passed = 0
    for tick in range(1_000):
        passed += refused(control, tick % 500) is None
        clock.time += 0.01
    assert 300 <= passed <= 331


def test_a_group_takes_twenty_a_minute():
    clock = ScriptedWorker()
    control = FloodControl(Limits(per_chat_second=0), clock)
    assert [refused(control, -5) for _ in range(20)] == [None] * 20
    assert refused(control, -5) == 3


def test_a_refused_call_costs_nothing():
    clock = ScriptedWorker()
    control = FloodControl(Limits.strict(), clock)
    for _ in range(50):
        refused(control, 1)
    clock.time += 1
    assert refused(control, 1) is None


@pytest.mark.parametrize(("edits", "expected"), [(False, None), (True, 1)])
def test_edits_count_when_asked(edits, expected):
    control = FloodControl(Limits(chat_burst=1, edits=edits), ScriptedWorker())
    refused(control, 1)
    assert refused(control, 1, "editMessageText") == expected


def test_chat_actions_and_answers_are_free():
    control = FloodControl(Limits.strict(), ScriptedWorker())
    assert [refused(control, 1, "sendChatAction") for _ in range(5)] == [None] * 5


async def test_the_bot_is_told_when_to_come_again():
    async with serve(limits=Limits.strict(), clock=Clock()) as telegram, aiohttp.ClientSession() as session:
        call = Caller(session, telegram)
        phone = await telegram.phone("Alice", username="alice")
        await phone.say("/start")
        await call.result("sendMessage", chat_id=phone.id, text="1")
        refusal = await call("sendMessage", chat_id=phone.id, text="2")
        assert (refusal["error_code"], refusal["parameters"]) == (429, {"retry_after": 1})
        assert telegram.stats.refusals(429) == 1
        words = await call.refusal("sendMessage", chat_id="@alice", text="2")
        assert words == "Too Many Requests: retry after 1"
        assert [message["text"] for message in phone.messages] == ["/start", "1"]
