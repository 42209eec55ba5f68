"""Letters in the outbox appear on phones."""

import asyncio
from errno import ENOSPC
from typing import Any

import pytest

from bot.delivery import attempts
from bot.delivery.rate_limit import SendRate
from domain.fairness.board import BoardPost
from domain.moments import HOUR, Moment, later
from domain.refusals import BoardRefused
from domain.work.assignments import AssignmentState
from domain.work.messages import FileWaits
from jobs.figures import MadeFile
from services.people.dashboard import REFUSALS_KEY
from services.work import dispatch
from simulator.running import Telegram
from storage.boxes.outbox import Lane
from storage.database import Database
from storage.unit import UnitOfWork
from tests.bot.conftest import Post, carried, until
from tests.house import furnish
from tests.letters import due_letters, say, waiting_letters


async def started(telegram: Telegram, name: str = "Ann"):
    phone = await telegram.phone(name)
    await phone.say("/start")
    return phone


async def test_a_letter_is_shown_with_its_buttons(post: Post, telegram: Telegram):
    ann = await started(telegram)
    [person] = await post.meet(ann)
    await post.say(person, "<b>Hello</b>", button="Go on")
    message = await ann.wait_for("Hello")
    assert ann.keyboard == ["Go on"]
    assert message["reply_markup"]["inline_keyboard"][0][0]["style"] == "success"
    assert await post.ended() == [("sent", None)]


async def test_letters_of_a_chat_come_in_order(post: Post, telegram: Telegram):
    ann = await started(telegram)
    [person] = await post.meet(ann)
    for number in range(30):
        await post.say(person, f"letter {number}")
    await post.ended()
    assert [m["text"] for m in ann.messages if not m["out"]] == [f"letter {n}" for n in range(30)]


async def test_an_edit_changes_the_message_and_drops_its_keyboard(post: Post, telegram: Telegram):
    ann = await started(telegram)
    [person] = await post.meet(ann)
    await post.say(person, "before", button="Go on")
    shown = await ann.wait_for("before")
    await post.say(person, "after", edits=shown["message_id"])
    await post.say(person, "after", edits=shown["message_id"])
    await post.ended()
    await ann.until(lambda phone: phone.text == "after")
    assert ann.keyboard == []
    assert len([m for m in ann.messages if not m["out"]]) == 1
    assert await post.ended() == [("sent", None)] * 3


async def test_an_edit_does_not_overtake_what_was_said_before(database, telegram: Telegram, api):
    async with carried(database, api, SendRate(per_second=0, rest=0.5)) as post:
        ann = await started(telegram)
        [person] = await post.meet(ann)
        await post.say(person, "first")
        shown = await ann.wait_for("first")

        def both(unit: UnitOfWork) -> None:
            say(unit, person, "plain", text="second")
            say(unit, person, "plain", text="first, changed", edits=shown["message_id"])

        await post.do(both)
        await post.ended()
    made = [call.method for call in telegram.stats.log if call.method in ("sendMessage", "editMessageText")]
    assert made == ["sendMessage", "sendMessage", "editMessageText"]


async def test_an_edit_that_failed_is_never_made_after_a_later_one(post: Post, telegram: Telegram):
    ann = await started(telegram)
    [person] = await post.meet(ann)
    await post.say(person, "first")
    shown = (await ann.wait_for("first"))["message_id"]

    def aside(unit: UnitOfWork) -> int:
        """Telegram has failed twice at it; what is written next does not wait for it."""
        say(unit, person, "plain", text="second", edits=shown)
        letter = due_letters(unit, 1)[-1].id
        unit.outbox_queue.step_aside(letter, later(unit.now, HOUR), 2)
        return letter

    failed = await post.do(aside)
    await post.say(person, "third", edits=shown)
    await until(lambda: post.do(lambda unit: waiting_letters(unit) == 1))
    await post.do(lambda unit: unit.outbox_queue.step_aside(failed, unit.now, 2))
    assert await post.ended() == [("sent", None), ("dropped", "expired: newer"), ("sent", None)]
    assert [m["text"] for m in ann.messages if not m["out"]] == ["third"]


async def test_an_edit_of_a_message_that_is_gone_is_let_go(post: Post, telegram: Telegram):
    [person] = await post.meet(await started(telegram))
    await post.say(person, "too late", edits=4711)
    assert await post.ended() == [("dropped", "message gone")]


async def test_a_live_message_is_sent_once_and_then_edited(post: Post, telegram: Telegram):
    ann = await started(telegram)
    [person] = await post.meet(ann)
    for step in range(5):
        await post.say(person, f"{step} of 4", live="project:1")
        await asyncio.sleep(0.03)
    await ann.until(lambda phone: any("4 of 4" in m.get("text", "") for m in phone.messages))
    assert len([m for m in ann.messages if not m["out"]]) == 1


async def test_a_live_message_keeps_news_that_came_while_it_was_on_its_way(post: Post, telegram: Telegram):
    ann = await started(telegram)
    [person] = await post.meet(ann)
    telegram.faults.add("delay", "sendMessage", seconds=0.2, count=1)
    await post.say(person, "old", live="x")
    await asyncio.sleep(0.1)
    await post.say(person, "new", live="x")
    await ann.until(lambda phone: any(m.get("text") == "new" for m in phone.messages))
    assert len([m for m in ann.messages if not m["out"]]) == 1


async def test_a_live_message_that_is_gone_is_sent_anew(post: Post, telegram: Telegram):
    ann = await started(telegram)
    [person] = await post.meet(ann)
    await post.do(lambda unit: unit.live_messages.keep(person, "x", 4711))
    await post.say(person, "again", live="x")
    shown = await ann.wait_for("again")
    await post.ended()
    rows = [row async for row in post.database.rows("SELECT message_id FROM live_messages")]
    assert [row[0] for row in rows] == [shown["message_id"]]


async def test_a_document_is_made_sent_and_deleted(post: Post, telegram: Telegram, tmp_path):
    ann = await started(telegram)
    [person] = await post.meet(ann)
    await post.say(person, "Your report", screen="report", button="Again")
    message = await ann.wait_for("Your report")
    assert await ann.download(message) == b"row\n" * 3
    assert message["document"]["file_name"] == "report.csv"
    assert await post.ended() == [("sent", None)]
    assert not (tmp_path / "report.csv").exists()


@pytest.mark.parametrize("code", [400, 404])
async def test_a_menu_that_is_refused_leaves_its_text(post: Post, telegram: Telegram, code: int):
    telegram.faults.add("refuse", "setMyCommands", code=code, description="Not Found")
    ann = await started(telegram)
    [person] = await post.meet(ann)
    await post.say(person, "welcome", menu=["work"])
    await ann.wait_for("welcome")


async def test_a_menu_is_set_for_the_chat_alone(post: Post, telegram: Telegram):
    ann, bob = await started(telegram), await started(telegram, "Bob")
    [person] = await post.meet(ann)
    await post.say(person, "", menu=["work", "balance"])
    assert await post.ended() == [("sent", None)]
    assert await ann.commands() == ["work", "balance"]
    assert await bob.commands() == []


async def test_a_blocked_chat_loses_contact_and_its_letters(post: Post, telegram: Telegram):
    ann = await started(telegram)
    [person] = await post.meet(ann)
    await ann.block()

    def three(unit: UnitOfWork) -> None:
        for text in "abc":
            say(unit, person, "plain", text=text)

    await post.do(three)
    assert await post.ended() == [("dropped", "unreachable")] * 3
    assert not (await post.do(lambda unit: unit.people.get(person))).reachable
    assert telegram.stats.refusals(403) == 1


async def refusals(post: Post) -> int:
    """Of the last day, whatever the hour."""
    kept = await post.do(lambda unit: unit.stats.find_cached(REFUSALS_KEY))
    return sum(kept[0].values()) if kept else 0


async def test_a_letter_telegram_refuses_is_dropped_with_the_reason(post: Post, telegram: Telegram):
    ann = await started(telegram)
    [person] = await post.meet(ann)
    await post.say(person, "<b>open")
    await post.say(person, "fine")
    await ann.wait_for("fine")
    [(state, reason), last, notice] = await post.ended()
    assert (state, last, notice) == ("dropped", ("sent", None), ("sent", None))
    assert "parse" in reason
    assert "open" not in reason
    assert await refusals(post) == 1  # as an admin reads in /admin


async def test_a_file_for_which_the_disk_has_no_room_comes_once_there_is_some(
    post: Post, telegram: Telegram, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    """As often as it takes; its reader is told why, once, and other letters do not wait for it."""
    monkeypatch.setattr(attempts, "NO_ROOM_SECONDS", 0.05)
    ann, tried = await started(telegram), list[int]()
    calls, made = post.relay.attempts.calls, post.relay.attempts.calls.makers["report"]

    async def make(database: Database, facts: dict[str, Any], now: Moment) -> MadeFile:
        tried.append(now)
        if len(tried) < 8:
            raise OSError(ENOSPC, "No space left on device")
        return await made(database, facts, now)

    monkeypatch.setitem(calls.makers, "report", make)  # type: ignore[arg-type]
    [person] = await post.meet(ann)
    await post.say(person, "the report", screen="report")
    await post.say(person, "fine")
    await ann.wait_for("fine")
    await ann.wait_for("the report")
    assert len(tried) == 8
    letters = [tuple(row) async for row in post.database.rows("SELECT screen, state FROM outbox ORDER BY screen")]
    assert letters == [("plain", "sent"), ("report", "sent"), (FileWaits.stored_as, "sent")]
    assert "No room on the disk for a file that is to be sent" in caplog.messages


async def test_no_line_of_the_log_tells_when_a_letter_of_a_board_was_sent(
    post: Post, telegram: Telegram, caplog: pytest.LogCaptureFixture
):
    """Who knows the hour of a post may guess its writer. Lines are alike: one that is left out would tell it, too."""
    caplog.set_level("DEBUG", "bot")
    ann = await started(telegram)
    [person] = await post.meet(ann)
    for number, screen in enumerate((BoardPost.stored_as, BoardRefused.stored_as, "plain")):
        await post.say(person, f"letter {number}", screen=screen)
    await post.say(person, "<b>refused", screen=BoardPost.stored_as)
    await ann.wait_for("letter 2")
    await until(post.is_empty)
    sent = [record for record in caplog.records if record.message == "A letter" and record.outcome == "sent"]
    assert len(sent) == 4  # one of them says that a message was lost
    assert not any(hasattr(record, field) for record in sent for field in ("letter", "screen", "lane"))
    assert not any("Board" in getattr(record, "screen", "") for record in caplog.records)
    assert [record.levelname for record in caplog.records if getattr(record, "screen", "") == "a board"] == ["ERROR"]


async def test_a_screen_that_cannot_be_painted_blocks_nobody(post: Post, telegram: Telegram):
    ann = await started(telegram)
    [person] = await post.meet(ann)
    await post.say(person, "x", screen="bug")
    await post.say(person, "fine")
    await ann.wait_for("fine")
    assert await post.ended() == [("dropped", "bug: ZeroDivisionError"), ("sent", None), ("sent", None)]
    assert await refusals(post) == 0


@pytest.mark.parametrize(
    ("klass", "times", "state"), [("sure", 2, "sent"), ("push", 2, "sent"), ("nudge", 1, "dropped")]
)
async def test_an_unknown_outcome_is_handled_by_class(post: Post, telegram: Telegram, klass, times, state):
    ann = await started(telegram)
    [person] = await post.meet(ann)
    telegram.faults.add("cut_after", "sendMessage", count=1)
    await post.say(person, "perhaps twice", klass=klass)
    assert [letter[0] for letter in await post.ended()] == [state]
    assert len([m for m in ann.messages if not m["out"]]) == times


@pytest.mark.parametrize(("failures", "state", "shows"), [(1, "sent", "after"), (2, "dropped", "before")])
async def test_an_edit_is_tried_again_while_the_chat_waits_for_it(
    post: Post, telegram: Telegram, failures: int, state: str, shows: str
):
    """Made twice it changes nothing; later it might undo what the message shows by then."""
    ann = await started(telegram)
    [person] = await post.meet(ann)
    await post.say(person, "before")
    place = (await ann.wait_for("before"))["message_id"]
    telegram.faults.add("refuse", "editMessageText", code=502, count=failures)
    await post.say(person, "after", klass="nudge", edits=place)
    await post.say(person, "below")
    assert [letter[0] for letter in await post.ended()] == ["sent", state, "sent"]
    assert [message["text"] for message in ann.messages if not message["out"]] == [shows, "below"]


async def test_a_push_nobody_answers_is_given_up_after_some_tries_only(post: Post, telegram: Telegram, monkeypatch):
    monkeypatch.setattr("bot.delivery.attempts.MAX_TRIES", 1)
    [person] = await post.meet(await started(telegram))
    telegram.faults.add("refuse", "sendMessage", code=502, count=2)
    telegram.faults.add("cut_before", "sendMessage")
    await post.say(person, "x", klass="push")
    assert await post.ended() == [("dropped", "outcome unknown")]
    assert len(telegram.stats.calls("sendMessage")) == 3


async def test_a_push_whose_assignment_ended_while_it_waited_is_not_sent(post: Post, telegram: Telegram):
    worker = await post.do(lambda unit: unit.people.get(furnish(unit, workers=1).workers[0]))
    post.relay.pace.hold_all(0.8)
    number = await post.do(lambda unit: dispatch.dispatch_next_task(unit, worker, Lane.PUSH))
    await asyncio.sleep(0.1)
    assert await post.do(lambda unit: unit.assignments.end(number, AssignmentState.EXPIRED))
    assert await post.ended() == [("dropped", "assignment expired")]
    assert telegram.stats.calls("sendMessage") == []


async def test_what_has_expired_is_not_sent(post: Post, telegram: Telegram):
    [person] = await post.meet(await started(telegram))
    await post.say(person, "x", klass="nudge", expires_in=-1)
    assert await post.ended() == [("dropped", "expired")]


async def test_tidying_waits_until_nothing_else_does(post: Post, telegram: Telegram):
    ann = await started(telegram)
    [person] = await post.meet(ann)

    def both(unit: UnitOfWork) -> None:
        say(unit, person, "plain", text="tidying", lane=Lane.TIDY)
        for number in range(3):
            say(unit, person, "plain", text=f"answer {number}")

    await post.do(both)
    await post.ended()
    assert [m["text"] for m in ann.messages if not m["out"]][-1] == "tidying"


async def test_tidying_waits_until_its_chats_person_is_answered(post: Post, telegram: Telegram):
    ann, bob = await started(telegram), await started(telegram, "Bob")
    both, answered = await post.meet(ann, bob), {bob.id}
    post.relay.backlog.busy = lambda chat: chat not in answered
    await post.do(lambda unit: [say(unit, person, "plain", text="tidying", lane=Lane.TIDY) for person in both])
    await bob.wait_for("tidying")
    await post.say(both[0], "answer")
    await ann.wait_for("answer")
    assert [m["text"] for m in ann.messages if not m["out"]] == ["answer"]
    answered.add(ann.id)
    await post.ended()
    assert [m["text"] for m in ann.messages if not m["out"]] == ["answer", "tidying"]
