"""One message in which task follows task."""

from collections.abc import Callable

import pytest

from domain.work import assignments
from simulator.crowd.client import Phone, buttons_of, text_of
from simulator.values import Json
from tests.stories.town import Town, csv, press_action, press_late, toast

CHANGE = "↩️ Change my last"
WAITING = "SELECT 1 FROM outbox WHERE state = 'waiting' AND class = 'push'"


async def begun(home: Town) -> tuple[int, Phone]:
    """The first task comes unasked: no /work may cross it."""
    ann, rosa = await home.worker("Ann"), await home.requester()
    await home.project(rosa, csv("Lovely", "Awful", "Fine"))
    return int((await ann.wait_for("Lovely"))["message_id"]), ann


def shows(message: int, review: str) -> Callable[[Phone], bool]:
    """Whether this message asks about that review."""
    return lambda phone: text_of(phone.shown[message]).endswith(review) and "positive" in named(phone.shown[message])


def named(message: Json) -> list[str]:
    return [str(button["text"]) for button in buttons_of(message)]


def edits(home: Town, phone: Phone, message: int) -> int:
    """How often a message was edited."""
    made = [call.params for call in home.telegram.stats.calls() if call.method.startswith("editMessage")]
    wanted = (str(phone.id), str(message))
    return sum((str(each.get("chat_id")), str(each.get("message_id"))) == wanted for each in made)


def rate_limited_calls(home: Town, phone: Phone) -> int:
    """Messages to this chat and edits in it; answers to presses are not limited."""
    made = home.telegram.stats.calls()
    return sum(
        each.method.startswith(("send", "edit")) and str(each.params.get("chat_id")) == str(phone.id) for each in made
    )


async def gone_on(home: Town) -> None:
    """A moment after the last task was delivered, as a hand that reads it takes."""
    await home.until(lambda: home.rows(WAITING) == [])
    home.clock.skip(minutes=0.02)


async def test_a_run_of_tasks_is_one_message_and_a_double_tap_answers_one(
    anywhere: Town, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(assignments, "DOUBLE_TAP_MILLISECONDS", 700)
    task, ann = await begun(anywhere)
    await gone_on(anywhere)
    await ann.press("positive", ann.shown[task])
    await ann.until(shows(task, "Awful"))
    assert text_of(ann.shown[task]).startswith("✓ positive · €0.05\n")
    await anywhere.until(lambda: anywhere.rows(WAITING) == [])
    anywhere.clock.skip(minutes=-0.05)  # however slow this machine is, the second tap comes at once
    assert "has just changed" in await toast(ann, await ann.press("positive", ann.shown[task]))
    assert anywhere.one("SELECT count(*) FROM submissions") == 1
    anywhere.clock.skip(minutes=0.1)
    await press_action(ann, CHANGE, ann.shown[task])
    await ann.until(lambda phone: "Change your answer" in text_of(phone.shown[task]))
    await ann.press("negative", ann.shown[task])
    await ann.until(shows(task, "Awful"))
    assert text_of(ann.shown[task]).startswith("✓ changed: negative · €0.05\n")
    await gone_on(anywhere)
    await ann.press("negative", ann.shown[task])
    await ann.until(shows(task, "Fine"))
    await gone_on(anywhere)
    await ann.press("🤷 Can't tell", ann.shown[task])
    await ann.until(lambda phone: "No task for you" in text_of(phone.shown[task]))
    assert "🏁 3 tasks" in text_of(ann.shown[task])
    assert ann.last["message_id"] == task
    assert edits(anywhere, ann, task) == 6  # three answers, and the change of one: ⋯, there and back
    assert anywhere.rows("SELECT answer FROM submissions ORDER BY id") == [("negative",), ("negative",), (None,)]


async def test_forty_answers_leave_one_message_and_cost_forty_one_calls(home: Town):
    rosa, ann = await home.requester(), await home.worker("Ann", pushed=False)
    await home.project(rosa, csv(*(f"review {number}." for number in range(40))))
    before = {message["message_id"] for message in ann.messages}
    asked, calls = await ann.say("/work"), rate_limited_calls(home, ann)
    task = await ann.wait_for("review 0.")
    for number in range(1, 41):
        await ann.press(("positive", "negative")[number % 2], ann.shown[task["message_id"]])
        await ann.wait_for(f"review {number}\\." if number < 40 else "No task for you")
    assert {message["message_id"] for message in ann.messages} - before == {asked["message_id"], task["message_id"]}
    assert home.one("SELECT count(*) FROM submissions") == 40
    assert rate_limited_calls(home, ann) - calls == 41


async def test_a_bot_that_ends_before_it_could_show_the_next_task_shows_it_when_it_is_back(home: Town):
    task, ann = await begun(home)
    await gone_on(home)
    away = home.telegram.faults.add("refuse", "editMessageText", code=502, chat_id=ann.id)
    await ann.press("positive", ann.shown[task])
    await home.until(lambda: home.one("SELECT count(*) FROM submissions") == 1)
    await home.bot.stop()
    home.telegram.faults.switches.pop(away.id)
    home.bot.start()
    await ann.until(shows(task, "Awful"))
    assert [message["message_id"] for message in ann.messages if "positive" in named(message)] == [task]


async def test_an_edit_that_telegram_only_said_it_made_is_made_good_where_the_old_task_is_pressed(home: Town):
    task, ann = await begun(home)
    await gone_on(home)
    home.telegram.faults.add(
        "refuse",
        "editMessageText",
        code=400,
        description="Bad Request: message is not modified",
        chat_id=ann.id,
        count=1,
    )
    seen = ann.shown[task]
    await press_late(ann, "positive", seen)
    await home.until(lambda: home.one("SELECT count(*) FROM submissions") == 1)
    await home.until(lambda: home.rows(WAITING) == [])
    assert "Lovely" in text_of(ann.shown[task])
    home.clock.skip(minutes=0.1)
    assert "already" in await toast(ann, await press_late(ann, "negative", seen))
    below = await ann.wait_for("(?s)✓ positive.*Awful", new=True)
    assert below["message_id"] > task
    await ann.until(lambda phone: buttons_of(phone.shown[task]) == [])
    await ann.press("negative", below)
    await ann.until(shows(below["message_id"], "Fine"))
    assert home.rows("SELECT answer FROM submissions ORDER BY id") == [("positive",), ("negative",)]


async def test_two_taps_on_skip_in_one_breath_skip_one_task(home: Town):
    task, ann = await begun(home)
    await gone_on(home)
    await ann.press("⋯", ann.shown[task])
    await ann.until(lambda phone: "⏭ Skip" in named(phone.shown[task]))
    seen = ann.shown[task]
    taps = [await press_late(ann, "⏭ Skip", seen) for _ in range(2)]
    assert [(await toast(ann, each))[:8] for each in taps] == ["Skipped.", "You have"]
    await ann.until(shows(task, "Awful"))
    await home.until(lambda: home.rows(WAITING) == [])
    assert home.rows("SELECT state FROM assignments ORDER BY id") == [("skipped",), ("active",)]
