"""Telegram's limits: used to the full, never overstepped, obeyed when Telegram says stop."""

import asyncio
import heapq
import random
from dataclasses import dataclass, field

import pytest

from bot.delivery import relay
from bot.delivery.rate_limit import PER_SECOND, SendRate
from bot.transport.http1 import Http1Request
from bot.transport.requests import BotApi
from simulator.limits import Limits
from simulator.running import Telegram, serve
from storage.boxes.outbox import Lane
from storage.database import Database
from storage.unit import UnitOfWork
from tests.bot.conftest import Post, carried, until
from tests.letters import say


async def crowd(telegram: Telegram, post: Post, size: int):
    phones = [await telegram.phone(f"P{number}") for number in range(size)]
    await asyncio.gather(*(phone.say("/start") for phone in phones))
    return phones, await post.meet(*phones)


def sends(telegram: Telegram) -> list[float]:
    return [call.at for call in telegram.stats.calls("sendMessage") if call.code == 200]


@dataclass
class Hurry:
    """A push of many through a pace, without waiting: timers wake late, calls are read late, answers come late."""

    timer: float
    late: float
    stall: float
    now: float = 100.0
    dice: random.Random = field(default_factory=lambda: random.Random(0))

    def arrivals(self, size: int) -> list[float]:
        pace, flying, read = SendRate(clock=lambda: self.now), list[tuple[float, int]](), list[float]()
        while len(read) < size:
            wait = pace.seconds_to_wait()
            if wait <= 0:
                pace.start_call(len(read))
                stalled = self.stall * self.dice.random() if self.dice.random() < 0.02 else 0.0
                read.append(self.now + 0.001 + self.late * self.dice.random() + stalled)
                heapq.heappush(flying, (read[-1] + 0.002, len(read) - 1))
                continue
            woken = self.now + wait + self.timer * self.dice.random()
            self.now = min([woken, *(end for end, _ in flying[:1])])
            while flying and flying[0][0] <= self.now:
                pace.end_call(heapq.heappop(flying)[1], counted=True)
        return sorted(read)


@pytest.mark.parametrize(
    ("timer", "late", "stall", "share"), [(0.001, 0.002, 0, 0.985), (0.004, 0.006, 0.1, 0.98), (0.02, 0.04, 0.3, 0.85)]
)
def test_the_limit_is_used_to_the_full_and_no_second_holds_more(timer, late, stall, share):
    times = Hurry(timer, late, stall).arrivals(3_000)
    assert all(after - start > 1 for start, after in zip(times, times[PER_SECOND:], strict=False))
    assert (len(times) - 1) / (times[-1] - times[0]) >= share * PER_SECOND


def test_a_chat_rests_and_a_group_rests_long():
    pace = SendRate(clock=lambda: 100.0)
    for chat in (1, -3):
        pace.start_call(chat)
        pace.end_call(chat, counted=True)
    assert pace.free_at == {1: 101.0, -3: 103.05}


async def test_sends_and_edits_of_a_chat_share_its_pace_and_a_restart_keeps_it(database: Database):
    """Edits count here, bursts are not allowed, and the relay is stopped in the middle of it, marks and all."""
    strict = Limits(chat_burst=1, edits=True)
    async with serve(limits=strict) as telegram, Http1Request() as request:
        api = BotApi(request, f"{telegram.url}/bot{telegram.token}")
        async with carried(database, api, SendRate()) as post:
            phones, people = await crowd(telegram, post, 3)
            for person in people:
                await post.say(person, "first")
            await post.ended()
        shown = [(await phone.wait_for("first"))["message_id"] for phone in phones]
        for turn in range(3):
            async with carried(database, api, SendRate()) as post:
                for person, message in zip(people, shown, strict=True):
                    await post.say(person, f"first, changed {turn}", edits=message)
                    await post.say(person, f"letter {turn}")
                await until(lambda turn=turn: len(sends(telegram)) >= 3 * (turn + 2) - 2)  # type: ignore[misc]
        async with carried(database, api, SendRate()) as post:
            await post.ended()
        assert telegram.stats.refusals() == 0
        assert len(telegram.stats.calls("editMessageText")) >= 9


def test_two_refusals_at_once_make_the_pace_wary():
    pace = SendRate(clock=lambda: 100.0)
    assert not pace.note_refusal(1, 3)
    assert pace.note_refusal(2, 3)
    assert pace.seconds_to_wait() == 3
    assert pace.wary_until > 300


async def test_many_chats_are_served_never_faster_than_the_limit(database: Database, telegram: Telegram, api: BotApi):
    async with carried(database, api, SendRate()) as post:
        _, people = await crowd(telegram, post, 50)

        def all_at_once(unit: UnitOfWork) -> None:
            for person in people:
                say(unit, person, "plain", text="push", lane=Lane.PUSH)

        await post.do(all_at_once)
        await post.ended()
    times = sends(telegram)
    assert len(times) == 50
    assert max(sum(start <= at < start + 1 for at in times) for start in times) <= 30


async def test_an_answer_overtakes_the_pushes_that_wait(database: Database, telegram: Telegram, api: BotApi):
    async with carried(database, api, SendRate()) as post:
        phones, people = await crowd(telegram, post, 60)

        def pushes(unit: UnitOfWork) -> None:
            for person in people[:-1]:
                say(unit, person, "plain", text="push", lane=Lane.PUSH)

        await post.do(pushes)
        await until(lambda: len(sends(telegram)) >= 5)
        await post.say(people[-1], "answer")
        before = len(sends(telegram))
        await phones[-1].wait_for("answer")
        assert len(sends(telegram)) - before < 7  # a fifth of a second, on any machine
        assert len(sends(telegram)) < 40


async def test_a_strict_chat_is_never_written_to_twice_a_second(database: Database):
    async with (
        serve(limits=Limits(chat_burst=1)) as telegram,
        Http1Request() as request,
        carried(database, BotApi(request, f"{telegram.url}/bot{telegram.token}"), SendRate()) as post,
    ):
        (ann, _), people = await crowd(telegram, post, 2)
        for number in range(3):
            for person in people:
                await post.say(person, f"letter {number}")
        await post.ended()
        assert telegram.stats.refusals() == 0
        assert [m["text"] for m in ann.messages if not m["out"]] == ["letter 0", "letter 1", "letter 2"]


async def test_what_is_written_after_a_refusal_was_recorded_late_overtakes_nothing(post: Post, telegram: Telegram):
    """The refused letter is due a second after it was recorded, not after Telegram spoke."""
    (ann,), (first,) = await crowd(telegram, post, 1)
    receipts, flush = post.relay.receipts, post.relay.receipts.flush

    async def late() -> None:
        await asyncio.sleep(0.8)
        await flush()

    receipts.flush = late  # type: ignore[method-assign]
    telegram.faults.add("refuse", "sendMessage", code=429, retry_after=1, count=1, chat_id=ann.id)
    await post.say(first, "one")
    await until(lambda: telegram.stats.refusals(429) == 1 and not receipts.outcomes)
    await post.say(first, "two")
    await post.ended()
    assert [m["text"] for m in ann.messages if not m["out"]] == ["one", "two"]


async def test_a_chat_that_must_wait_holds_nobody_else_up(post: Post, telegram: Telegram):
    (ann, bob), (first, second) = await crowd(telegram, post, 2)
    telegram.faults.add("refuse", "sendMessage", code=429, retry_after=2, count=1, chat_id=ann.id)
    for number in range(3):
        await post.say(first, f"for Ann {number}")
    await until(lambda: telegram.stats.refusals(429) == 1)
    await post.say(second, "for Bob")
    await bob.wait_for("for Bob")
    assert all(m["out"] for m in ann.messages)
    await post.ended()
    refused, bobs, *others = [call.at for call in telegram.stats.calls("sendMessage")]
    assert min(others) - refused >= 2
    assert bobs < min(others)
    assert [m["text"] for m in ann.messages if not m["out"]] == [f"for Ann {number}" for number in range(3)]
    assert telegram.stats.refusals(429) == 1


async def test_stuck_chats_leave_room_for_answers(post: Post, telegram: Telegram, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(relay, "MAX_CALLS", 4)
    monkeypatch.setattr(relay, "CALLS_RESERVED_FOR_REPLIES", 1)
    phones, people = await crowd(telegram, post, 6)
    for phone in phones[:4]:
        telegram.faults.add("delay", "sendMessage", seconds=0.5, chat_id=phone.id)
    for person in people[:5]:
        await post.say(person, "push", lane=Lane.PUSH)
    await until(lambda: len(post.relay.calls) == 3)
    await post.say(people[5], "answer")
    await phones[5].wait_for("answer")
    await until(lambda: len(post.relay.calls) == 3)
    assert await post.ended() == [("sent", None)] * 6


async def test_one_chat_that_fails_keeps_no_other_waiting(post: Post, telegram: Telegram):
    (ann, bob), (first, second) = await crowd(telegram, post, 2)
    telegram.faults.add("refuse", "sendMessage", code=502, count=3, chat_id=ann.id)
    post.relay.failures = 2
    await post.say(first, "fails")
    await until(lambda: post.relay.failures == 3)
    await post.say(second, "answer")
    await bob.wait_for("answer")
    assert all(m["out"] for m in ann.messages)  # hers waits for its next try


async def test_what_ends_together_is_marked_together(post: Post, telegram: Telegram):
    _, people = await crowd(telegram, post, 40)
    telegram.faults.add("delay", "sendMessage", seconds=0.3)

    def letters(unit: UnitOfWork) -> None:
        for person in people:
            say(unit, person, "plain", text="at once")

    await post.do(letters)
    before = post.database.commits
    assert await post.ended() == [("sent", None)] * 40
    assert len(telegram.stats.calls("sendMessage")) == 40
    marks = [row[0] async for row in post.database.rows("SELECT count(DISTINCT ended_at) FROM outbox")]
    assert marks[0] < 20
    assert post.database.commits - before < 200


async def test_a_pause_is_remembered_across_a_restart(database: Database, telegram: Telegram, api: BotApi):
    pace = SendRate(per_second=0, rest=0)
    async with carried(database, api, pace) as post:
        _, (person,) = await crowd(telegram, post, 1)
        telegram.faults.add("refuse", "sendMessage", code=429, retry_after=3600, count=1)
        await post.say(person, "one")
        await until(lambda: telegram.stats.refusals(429) == 1)
    async with carried(database, api, SendRate(per_second=0, rest=0)) as post:
        await post.say(person, "two")
        await asyncio.sleep(0.8)
        assert len(telegram.stats.calls("sendMessage")) == 1


async def test_two_chats_refused_at_once_pause_everybody(post: Post, telegram: Telegram):
    phones, people = await crowd(telegram, post, 3)
    telegram.faults.add("refuse", "sendMessage", code=429, retry_after=1, count=2)
    for person in people[:2]:
        await post.say(person, "refused at first")
    await until(lambda: telegram.stats.refusals(429) == 2)
    await post.say(people[2], "waits too")
    await phones[2].wait_for("waits too")
    await post.ended()
    calls = telegram.stats.calls("sendMessage")
    assert (
        min(call.at for call in calls if call.code == 200) - max(call.at for call in calls if call.code == 429) > 0.95
    )
    assert telegram.stats.refusals(429) == 2


async def test_thousands_of_letters_wait_in_bounded_memory(database: Database, telegram: Telegram, api: BotApi):
    async with carried(database, api, SendRate()) as post:
        _, people = await crowd(telegram, post, 3)

        def flood(unit: UnitOfWork) -> None:
            for number in range(3_000):
                say(unit, people[0], "plain", text=str(number), lane=Lane.PUSH)
            for person in people[1:]:
                say(unit, person, "plain", text="after the flood", lane=Lane.PUSH)

        await post.do(flood)
        await until(lambda: len(sends(telegram)) >= 3)
        assert len(post.relay.backlog.known) < 100


async def test_when_telegram_is_away_it_is_asked_now_and_then(post: Post, telegram: Telegram):
    _, people = await crowd(telegram, post, 40)
    telegram.faults.add("refuse", "sendMessage", code=502)

    def letters(unit: UnitOfWork) -> None:
        for person in people:
            say(unit, person, "plain", text="late")

    await post.do(letters)
    await asyncio.sleep(1.5)
    tried = len(telegram.stats.calls("sendMessage"))
    await asyncio.sleep(1)
    assert len(telegram.stats.calls("sendMessage")) - tried <= 3
    telegram.faults.clear()
    assert await post.ended() == [("sent", None)] * 40
