"""A worker's day: pushed to, answering, skipping, and what must not be paid twice."""

import asyncio

import pytest

from domain.moments import MINUTE
from simulator.crowd.client import buttons_of, text_of
from tests.stories.town import Town, answer, ask, choose_new_messages, csv, press_action, toast

NOTHING = "No task for you"


async def test_an_answer_is_paid_at_once_and_brings_the_next(anywhere: Town):
    rosa = await anywhere.requester()
    await anywhere.project(rosa, csv("Lovely", "Awful"))
    ann = await anywhere.worker("Ann")
    await ask(ann, "/work", "Lovely")
    query = await ann.press("positive")
    await ann.wait_for("Awful")
    assert "€0.05" in await toast(ann, query)
    assert anywhere.balance(f"worker:{ann.id}:available") == 50_000
    assert anywhere.balance("platform:fees") == 5_000


async def test_the_answered_message_keeps_what_was_said_and_loses_its_buttons(home: Town):
    rosa = await home.requester()
    await home.project(rosa, csv("Lovely", "Awful"))
    ann = await home.worker("Ann", pushed=False)
    await choose_new_messages(ann)
    await ask(ann, "/work", "Lovely")
    answered = ann.last["message_id"]
    await ann.press("positive")
    await ann.wait_for("Awful")
    home.clock.skip(minutes=0.1)
    await ann.until(lambda phone: text_of(phone.shown[answered]) == "✓ positive · €0.05 · Lovely")
    assert buttons_of(ann.shown[answered]) == []


async def test_a_second_press_pays_once(anywhere: Town):
    rosa = await anywhere.requester()
    await anywhere.project(rosa, csv("Lovely", "Awful"))
    ann = await anywhere.worker("Ann")
    await ask(ann, "/work", "Lovely")
    task = ann.last
    data = buttons_of(task)[0]["callback_data"]
    first = await ann.press_data(data, task["message_id"])
    second = await ann.press_data(buttons_of(task)[1]["callback_data"], task["message_id"])
    assert "Received" in await toast(ann, first)
    assert "first answer counts" in await toast(ann, second)
    assert anywhere.rows("SELECT answer FROM submissions") == [("positive",)]
    assert anywhere.balance(f"worker:{ann.id}:available") == 50_000


async def test_a_press_delivered_twice_pays_once(home: Town):
    rosa = await home.requester()
    await home.project(rosa, csv("Lovely", "Awful"))
    ann = await home.worker("Ann")
    await ask(ann, "/work", "Lovely")
    home.telegram.faults.add("duplicate", method="getUpdates", count=1)
    await ann.press("positive")
    await ann.wait_for("Awful")
    await ask(ann, "/balance", "€0.05")
    assert home.one("SELECT count(*) FROM submissions") == 1


async def test_somebody_elses_assignment_is_not_answered_by_pressing_its_data(home: Town):
    rosa = await home.requester()
    await home.project(rosa, csv("Lovely", "Awful"))
    ann, mallory = await home.worker("Ann"), await home.worker("Mallory")
    await ask(ann, "/work", "Lovely")
    await ask(mallory, "/work", "Awful")
    for data in [button["callback_data"] for button in buttons_of(ann.last)]:
        if not data.startswith(("d", "in", "pl")):  # about the project, which is anybody's
            query = await mallory.press_data(data, mallory.last["message_id"])
            answer = await mallory.answer_to(query)
            assert "not yours" in answer["text"]
            assert answer["show_alert"]
    assert home.rows("SELECT 1 FROM submissions") == []
    await ann.press("positive")
    await ann.wait_for(NOTHING)


FORGED = (
    "",
    "a",
    "a:1",
    "a:1:9",
    "a:999999:0",
    "a:-1:0",
    "a:1:-1",
    "a:x:y",
    "a:1:0:0",
    f"a:{2**70}:0",
    f"c:{2**63}",
    "s:0",
    "d:777",
    f"da:{2**62}",
    "l:1",
    "x:1:1",
    "f:1:results:csv",
    "sp:xx",
    "zz:1",
    ":::::",
    "ü" * 32,
    "a:١:٠",
    "a:1.0:0",
    "a: 1 : 0 ",
    "ok",
    "np",
    "\x00",
)


async def test_forged_data_of_every_kind_is_answered_and_moves_nothing(home: Town):
    rosa = await home.requester()
    await home.project(rosa, csv("Lovely", "Awful"))
    ann, mallory = await home.worker("Ann"), await home.worker("Mallory")
    await ask(ann, "/work", "Lovely")
    await ask(mallory, "/balance", "balance")
    before = home.one("SELECT count(*) FROM transfers")
    for data in FORGED:
        query = await mallory.press_data(data, mallory.last["message_id"])
        await mallory.answer_to(query)
    assert home.one("SELECT count(*) FROM transfers") == before
    assert home.rows("SELECT 1 FROM submissions") == []
    assert home.one("SELECT state FROM projects") == "running"


async def test_an_option_that_is_none_leaves_the_task_in_hand(home: Town):
    rosa = await home.requester()
    await home.project(rosa, csv("Lovely"))
    ann = await home.worker("Ann")
    await ask(ann, "/work", "Lovely")
    data = buttons_of(ann.last)[0]["callback_data"].rpartition(":")[0]
    for option in ("2", "77", str(2**62)):
        query = await ann.press_data(f"{data}:{option}", ann.last["message_id"])
        assert "positive, negative" in await toast(ann, query)
    await ann.press("negative")
    await ann.wait_for(NOTHING)


async def test_idle_workers_are_pushed_to_the_longest_unserved_first(home: Town):
    workers = [await home.worker(name) for name in ("Ann", "Ben", "Cem")]
    rosa = await home.requester()
    await home.project(rosa, csv("one", "two", "three"))
    async with asyncio.TaskGroup() as group:
        for phone, review in zip(workers, ("one", "two", "three"), strict=True):
            group.create_task(phone.wait_for(review))


async def test_work_shows_the_task_in_hand_again(home: Town):
    rosa = await home.requester()
    await home.project(rosa, csv("Lovely", "Awful"))
    ann = await home.worker("Ann")
    await ask(ann, "/work", "Lovely")
    first = ann.last
    await home.delivered()
    await ann.say("/work")
    below = await ann.wait_for("Lovely", new=True)
    await home.delivered()
    await ann.press_data(buttons_of(first)[0]["callback_data"], first["message_id"])  # it may be closed
    assert (await ann.wait_for("Awful"))["message_id"] == below["message_id"]
    assert home.one("SELECT count(*) FROM assignments") == 2


async def test_a_task_shown_again_takes_the_time_since_it_first_came(home: Town):
    rosa = await home.requester()
    await home.project(rosa, csv("Lovely"))
    ann = await home.worker("Ann")
    await ask(ann, "/work", "Lovely")
    await home.delivered()
    due = home.one("SELECT deadline FROM assignments")
    home.clock.skip(minutes=5)
    await ask(ann, "/work", "Lovely")
    await home.delivered()
    await ann.press("positive")
    await ann.wait_for(NOTHING)
    assert home.one("SELECT deadline FROM assignments") == due
    assert home.one("SELECT milliseconds FROM submissions") >= 5 * MINUTE


async def test_skipping_costs_nothing_and_the_task_goes_to_somebody_else(home: Town):
    rosa = await home.requester()
    await home.project(rosa, csv("Lovely", "Awful"))
    ann = await home.worker("Ann")
    await ask(ann, "/work", "Lovely")
    await press_action(ann, "⏭ Skip")
    await ann.wait_for("Awful")
    ben = await home.worker("Ben")  # who would have been asked “Awful” before, had he been here
    await ask(ben, "/work", "Lovely")
    await ann.press("positive")
    await ann.wait_for(NOTHING)


async def test_who_skipped_all_that_is_left_reads_so_and_can_say_that_the_pay_is_too_low(home: Town):
    rosa = await home.requester()
    await home.project(rosa, csv("Lovely", "Awful", "Fine"))
    ann = await home.worker("Ann")
    await ask(ann, "/work", "Lovely")
    await ann.press("positive")
    for text in ("Awful", "Fine"):
        await press_action(ann, "⏭ Skip", await ann.wait_for(text))
    told = text_of(await ann.wait_for(NOTHING))
    assert "Is the review positive?: 2 tasks are left, and you skipped them." in told
    assert "They go to others and do not come to you again." in told
    await ann.press("💶 The pay is too low")
    await ann.wait_for("For which pay would you do it")
    ben = await home.worker("Ben")
    assert "Fine" in await answer(ben, "positive")
    assert "you skipped" not in await answer(ben, "positive")
    assert "you skipped" not in await ask(ann, "/work", NOTHING)


async def test_cant_tell_is_an_answer_and_paid(home: Town):
    rosa = await home.requester()
    await home.project(rosa, csv("Lovely"))
    ann = await home.worker("Ann")
    await ask(ann, "/work", "Lovely")
    await ann.press("🤷 Can't tell")
    await ann.wait_for(NOTHING)
    assert home.balance(f"worker:{ann.id}:available") == 50_000
    assert home.rows("SELECT answer FROM submissions") == [(None,)]
    await rosa.wait_for("complete")  # the card named money for nobody else


async def test_a_project_declined_comes_no_more_until_it_is_taken_back(home: Town):
    rosa = await home.requester()
    await home.project(rosa, csv("Lovely", "Awful"))
    ann = await home.worker("Ann")
    await ask(ann, "/work", "Lovely")
    await press_action(ann, "🚫 Leave this project")
    await ann.wait_for("no more tasks")
    await ask(ann, "/work", NOTHING)
    await ann.press("↩️ Undo")
    await ann.wait_for("Awful")
    ben = await home.worker("Ben")
    await ask(ben, "/work", "Lovely")


async def test_paused_nothing_is_pushed_and_work_goes_on(home: Town):
    ann, ben = await home.worker("Ann"), await home.worker("Ben")
    await ask(ann, "/pause", "Paused")
    rosa = await home.requester()
    await home.project(rosa, csv("Lovely", "Awful"))
    await ben.wait_for("Lovely")
    assert "Paused" in ann.text
    await ann.press("▶️ Go on")
    await ann.wait_for("Awful")


async def test_paused_with_a_task_in_hand_it_is_still_paid(home: Town):
    rosa = await home.requester()
    await home.project(rosa, csv("Lovely", "Awful"))
    ann = await home.worker("Ann")
    await ask(ann, "/work", "Lovely")
    task = ann.last
    await ask(ann, "/pause", "Paused")
    await ann.press("positive", task)
    await ann.wait_for("Paused")
    assert home.balance(f"worker:{ann.id}:available") == 50_000


async def test_a_long_task_with_long_instructions_is_shown_whole(home: Town):
    rosa = await home.requester()
    review = "word " * 600
    rules = "\n".join("A rule. " * 20 for _ in range(4))
    caption = f"/newproject\ntitle: Is it?\npay: 5\noverlap: 1\noptions: positive, negative\ninstructions: {rules}"
    await home.project(rosa, csv(review), caption)
    ann = await home.worker("Ann")
    shown = await ask(ann, "/work", "word")
    assert shown.count("word") >= 600


async def test_options_are_buttons_in_their_order_before_all_else(home: Town):
    rosa = await home.requester()
    options = ["very good indeed", "good", "neither good nor bad", "bad", "very bad", "😀", "so, so"]
    await home.project(rosa, csv("Lovely"), options="|".join(options))
    ann = await home.worker("Ann")
    await ask(ann, "/work", "Lovely")
    assert ann.keyboard[: len(options)] == options
    await ann.press("so, so")
    await ann.wait_for(NOTHING)


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_a_restart_around_an_answer_loses_and_doubles_nothing(home: Town, moment: str):
    rosa = await home.requester()
    await home.project(rosa, csv("Lovely", "Awful"))
    ann = await home.worker("Ann")
    await ask(ann, "/work", "Lovely")
    if moment == "before":
        await home.bot.stop()
        await ann.press("positive")
        home.bot.start()
    else:
        await ann.press("positive")
        await home.restart()
    await ann.until(lambda phone: "Awful" in phone.text)
    assert home.balance(f"worker:{ann.id}:available") == 50_000
