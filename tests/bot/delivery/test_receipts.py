"""What became of letters is known before anything that somebody does who has them."""

import asyncio
import threading

from domain.people.accounts import PersonId
from simulator.running import Telegram
from storage.unit import UnitOfWork
from tests.bot.conftest import Post, until
from tests.letters import say


def answer(unit: UnitOfWork, person: PersonId) -> None:
    unit.outbox.answers = person
    say(unit, person, "plain", text="Which project?")


async def test_who_has_an_answer_gets_the_next_one_while_the_writer_is_busy(post: Post, telegram: Telegram):
    """The same words twice: Ann's first answer ends while the outcome of Bob's letter waits to be written."""
    ann, bob = [await telegram.phone(name) for name in ("Ann", "Bob")]
    for phone in (ann, bob):
        await phone.say("/start")
    first, second = await post.meet(ann, bob)
    for phone, seconds in ((ann, 0.4), (bob, 0.2)):
        telegram.faults.add("delay", "sendMessage", chat_id=phone.id, seconds=seconds, count=1)
    await post.say(second, "News")
    await post.do(lambda unit: answer(unit, first))
    await until(lambda: len(post.relay.calls) == 2)
    held, go = threading.Event(), threading.Event()
    busy = asyncio.create_task(post.do(lambda unit: (held.set(), go.wait(30))))
    await until(held.is_set)
    await ann.wait_for("Which project")
    await until(lambda: not post.relay.calls)
    again = asyncio.create_task(post.do(lambda unit: answer(unit, first)))
    await asyncio.sleep(0)
    go.set()
    await asyncio.gather(busy, again)
    await ann.wait_for("Which project", timeout=5)
    assert await post.ended() == [("sent", None)] * 3
