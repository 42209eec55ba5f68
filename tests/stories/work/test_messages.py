"""What stands in the chat: one live copy of a task, a line for what is over, a lesson where it belongs."""

from handlers.work.tasks import SubmitAnswer
from simulator.crowd.client import Phone, buttons_of, text_of
from simulator.values import Json
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.stories.town import CAPTION, Town, answer, ask, choose_new_messages, csv, next_task, press_action, toast


def named(message: Json) -> list[str]:
    return [str(button["text"]) for button in buttons_of(message)]


def live(phone: Phone) -> list[str]:
    """Of messages with options to press, their last line."""
    return [text_of(message).splitlines()[-1] for message in phone.messages if "positive" in named(message)]


async def test_work_moves_the_task_down_and_its_old_message_loses_its_buttons(home: Town):
    rosa = await home.requester()
    await home.project(rosa, csv("Lovely", "Awful"))
    ann = await home.worker("Ann")
    await ask(ann, "/work", "Lovely")
    await home.until(lambda: home.rows("SELECT 1 FROM outbox WHERE state = 'waiting'") == [])
    await ask(ann, "/work", "Lovely")
    await ann.until(lambda phone: any("further down" in text_of(message) for message in phone.messages))
    await ann.until(lambda phone: live(phone) == ["Lovely"])
    assert "positive" in named(ann.last)


async def test_what_is_over_keeps_no_buttons_though_the_bot_was_killed_before_it_tidied(home: Town):
    rosa = await home.requester()
    await home.project(rosa, csv(*(f"review {n}" for n in range(6))))
    ann = await home.worker("Ann", pushed=False)
    await choose_new_messages(ann)
    await ask(ann, "/work", "review 0")
    for number in range(1, 5):
        await ann.press("positive", ann.last)
        await ann.wait_for(f"review {number}")
    await home.bot.stop()  # nothing has been tidied: that waits some seconds
    home.clock.skip(minutes=30)
    home.bot.start()
    await ann.until(lambda phone: sum(text_of(m).startswith("✓ positive") for m in phone.messages) == 4)
    await ann.until(lambda phone: len(live(phone)) == 1)


async def test_a_task_whose_time_is_up_says_so_and_a_press_that_comes_too_late_tidies_it(home: Town):
    rosa = await home.requester()
    await home.project(rosa, csv("Lovely"), minutes=5)
    ann = await home.worker("Ann")
    await ask(ann, "/work", "Lovely")
    task = ann.last["message_id"]
    home.clock.skip(minutes=6)
    await home.until(lambda: home.one("SELECT state FROM assignments") == "expired")
    home.clock.skip(minutes=0.1)
    await ann.until(lambda phone: "Time is up" in text_of(phone.shown[task]))
    ben = await home.worker("Ben")
    await ask(ben, "/work", "Lovely")
    await ben.press("positive")
    await ben.wait_for("No task")
    assert "others" in await toast(ann, await ann.press("positive", ann.shown[task]))
    home.clock.skip(minutes=0.1)
    await ann.until(lambda phone: text_of(phone.shown[task]) == "⌛ too late, no answer is needed any more · Lovely")
    assert buttons_of(ann.shown[task]) == []


async def test_what_a_missed_check_question_teaches_stays_in_its_own_message(home: Town):
    rosa = await home.requester()
    await home.project(rosa, csv(*(f"plain {n}" for n in range(12)), gold=("negative",) * 6, reason="it says so"))
    ann = await home.worker("Ann")
    shown = await ask(ann, "/work", "plain|known")
    while "“known" not in shown:
        shown = await answer(ann, "positive")
    missed = ann.last["message_id"]
    query = await ann.press("positive", ann.last)
    assert "see the 💡" in await toast(ann, query)
    lesson = await ann.wait_for("We knew the answer: negative, not positive(?s:.*)it says so", new=True)
    assert named(lesson) == ["⚖️ No, I was right"]
    assert (await next_task(ann))["message_id"] > lesson["message_id"]
    for _ in range(2):
        await answer(ann, "positive")
    await ann.until(lambda phone: text_of(phone.shown[missed]).startswith("✗ positive · €0.05"))
    assert text_of(ann.shown[lesson["message_id"]]) == text_of(lesson)


async def test_a_project_is_declined_from_any_of_its_tasks_and_taken_back(home: Town):
    rosa = await home.requester()
    await home.project(rosa, csv("Lovely", "Awful", "Fine"))
    ann = await home.worker("Ann")
    await ask(ann, "/work", "Lovely")
    await ann.press("positive")
    second = await ann.wait_for("Awful")
    await press_action(ann, "🚫 Leave this project", second)
    declined = second["message_id"]
    await ann.until(lambda phone: "no more tasks from this project" in text_of(phone.shown[declined]))
    await ann.press("↩️ Undo", ann.shown[declined])
    await ann.until(lambda phone: "you get tasks from this project again" in text_of(phone.shown[declined]))
    await ann.until(lambda phone: "Fine" in phone.text)
    home.clock.skip(minutes=0.1)
    await ann.until(lambda phone: live(phone) == ["Fine"])


async def test_the_instructions_are_read_whole_beside_a_long_text(home: Town):
    rosa = await home.requester()
    rules = "\n".join(f"Rule {number}: look {'closely ' * 11}." for number in range(1, 9))
    caption = CAPTION.replace("Read the review.\nIs the writer pleased?", rules)
    await home.project(rosa, csv("word " * 700, "Lovely"), caption, pay="2")
    ann = await home.worker("Ann")
    await ask(ann, "/work", "word word")
    assert "Rule 8" not in ann.text
    task = ann.last
    await press_action(ann, "📋 Instructions", task)
    assert "8. Rule 8" in text_of(await ann.wait_for("Rule 8"))
    assert "positive" in named(ann.shown[task["message_id"]])
    await ann.press("positive", task)
    await ann.wait_for("Lovely")
    assert "8. Rule 8" in await ask(ann, "/instructions", "Rule 8")
    mallory = await home.phone("Mallory", role="worker")
    await mallory.say("/start")
    await mallory.press("✅ I agree", await mallory.wait_for("Pouce"))
    await mallory.wait_for("You are in")
    assert "task you were given, and there is none" in await ask(mallory, "/instructions 1", "there is none")


async def test_ten_answers_and_the_end_of_a_run_are_summed_up(home: Town):
    rosa = await home.requester()
    await home.project(rosa, csv(*(f"review {n}" for n in range(11))))
    ann = await home.worker("Ann")
    await ask(ann, "/work", "review 0")
    for number in range(1, 11):
        await home.delivered()  # time counts from when a task was sent
        home.clock.skip(minutes=0.5)  # a minute would be a pause
        tenth = ann.last["message_id"]
        await ann.press("positive", ann.last)
        await ann.wait_for(f"review {number}")
    home.clock.skip(minutes=0.1)
    await ann.until(lambda phone: "🏁 10 tasks · 5 min · €0.50 · €" in text_of(phone.shown[tenth]))
    await ann.press("positive", ann.last)
    assert "🏁 11 tasks · 5 min · €0.55 · €" in text_of(await ann.wait_for("No task"))


async def test_an_answer_committed_by_a_process_that_died_before_it_sent_anything_is_told(anywhere: Town):
    """What a kill -9 between commit and delivery leaves: the database, and a chat that knows nothing of it."""
    rosa = await anywhere.requester()
    await anywhere.project(rosa, csv("Lovely", "Awful"))
    ann = await anywhere.worker("Ann")
    await ask(ann, "/work", "Lovely")
    task = ann.last
    await anywhere.until(lambda: anywhere.rows("SELECT 1 FROM outbox WHERE state = 'waiting'") == [])
    await anywhere.bot.stop()

    def answers(unit: UnitOfWork) -> None:
        worker = unit.people.find_by_telegram_id(ann.id)
        assert worker is not None
        held = unit.assignments.active_for(worker.id)
        assert held is not None
        press(act_of(unit, worker.id, message=task["message_id"]), SubmitAnswer(assignment=held.id, option=0))

    await anywhere.alter(answers)
    assert "positive" in named(ann.shown[task["message_id"]])
    anywhere.bot.start()
    await ann.wait_for("Awful")
    await ann.until(lambda phone: live(phone) == ["Awful"])
    assert anywhere.one("SELECT count(*) FROM submissions") == 1
