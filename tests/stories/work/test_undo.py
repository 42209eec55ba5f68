"""An answer can be changed for a minute; no pay is doubled or taken back."""

from simulator.crowd.client import buttons_of, text_of
from tests.stories.town import Town, answer, ask, csv, next_task, press_action, press_late, toast

CHANGE = "↩️ Change my last"


def options(message: dict) -> list[str]:
    return [button["text"] for button in buttons_of(message)]


async def test_a_slip_is_put_right_in_place_and_only_then_the_next_task_can_be_answered(anywhere: Town):
    rosa = await anywhere.requester()
    number = await anywhere.project(rosa, csv("Lovely", "Awful"), overlap=1)
    ann = await anywhere.worker("Ann")
    await ask(ann, "/work", "Lovely")
    await ann.press("negative")
    awful = await ann.wait_for("Awful")
    assert options(awful) == ["positive", "negative", "🤷 Can't tell", "⋯"]
    await press_action(ann, CHANGE, awful)
    again = await ann.wait_for("Change your answer")
    assert again["message_id"] == awful["message_id"] == ann.last["message_id"]
    assert options(again) == ["positive", "negative", "🤷 Can't tell", "✖️ Keep my answer"]
    assert "first" in await toast(ann, await press_late(ann, "negative", awful))
    slow = await ann.press("positive", again)
    second = await ann.press_data(str(buttons_of(again)[0]["callback_data"]), again["message_id"])
    assert "Changed" in await toast(ann, slow)
    assert "already" in await toast(ann, second)
    await ann.press("negative", await ann.wait_for("(?s)✓ changed: positive.*Awful"))
    await ann.wait_for("No task")
    assert anywhere.balance(f"worker:{ann.id}:available") == 100_000
    assert anywhere.rows("SELECT answer FROM submissions ORDER BY id") == [("positive",), ("negative",)]
    assert anywhere.rows("SELECT answer FROM corrections") == [("negative",)]
    assert anywhere.rows("SELECT consensus, live FROM tasks ORDER BY id") == [("positive",) * 2, ("negative",) * 2]
    assert number == 1


async def test_another_answer_that_is_changed_ends_the_change_before_it(home: Town):
    rosa = await home.requester()
    await home.project(rosa, csv("Lovely", "Awful", "Fine"), overlap=1)
    ann = await home.worker("Ann")
    await ask(ann, "/work", "Lovely")
    lovely = ann.last["message_id"]
    await answer(ann, "negative")
    awful = ann.last
    await ann.press("negative", awful)
    fine = await next_task(ann)
    await press_action(ann, CHANGE, fine)
    change = await ann.wait_for("Change your answer")
    assert "Awful" in text_of(change)
    older = home.one("SELECT min(id) FROM assignments")
    await ann.press_data(f"cg:{older}:{lovely}", ann.last["message_id"])  # as a client that has not seen the edits
    await ann.wait_for("^✓ negative")
    assert "Lovely" in text_of(await ann.wait_for("Change your answer"))
    assert [message["message_id"] for message in ann.messages if "negative" in options(message)] == [lovely]
    assert change["message_id"] == lovely


async def test_a_project_that_is_over_learns_of_it_and_after_a_minute_the_answer_stays(home: Town):
    rosa = await home.requester()
    await home.project(rosa, csv("Lovely"), overlap=1)
    ann = await home.worker("Ann")
    await ask(ann, "/work", "Lovely")
    await ann.press("negative")
    over = await ann.wait_for("No task")
    await rosa.wait_for("complete")
    await press_action(ann, CHANGE, over)
    await ann.press("positive", await ann.wait_for("Change your answer"))
    await ann.wait_for("changed: positive")
    assert home.rows("SELECT consensus, state FROM tasks") == [("positive", "closed")]
    home.clock.skip(minutes=1.1)
    assert "a minute" in await toast(ann, await press_late(ann, CHANGE, over))
    assert home.balance(f"worker:{ann.id}:available") == 50_000


async def test_known_gold_that_was_missed_was_explained_and_stays_while_right_gold_looks_like_any_task(home: Town):
    rosa = await home.requester()
    await home.project(rosa, csv(*(f"plain {n}" for n in range(12)), gold=("negative",) * 6, reason="it says so"))
    ann = await home.worker("Ann")
    shown = await ask(ann, "/work", "plain|known")
    while "“known" not in shown:
        shown = await answer(ann, "positive")
    number = home.one("SELECT id FROM assignments WHERE state = 'active'")
    await ann.press("negative")
    after_right = await next_task(ann)
    await press_action(ann, CHANGE, after_right)
    await ann.press("positive", await ann.wait_for("Change your answer"))
    assert "it says so" in text_of(await ann.wait_for("We knew the answer"))
    assert home.one("SELECT max(gold_seen) || ' ' || max(gold_right) FROM enrolments") == "1 0"
    assert home.rows("SELECT answer, gold FROM corrections") == [("negative", 1)]
    assert "right answer" in await toast(ann, await ann.press_data(f"cg:{number}:0", after_right["message_id"]))


async def test_words_sent_while_an_answer_is_being_changed_take_its_place(home: Town):
    rosa = await home.requester()
    await home.project(rosa, b"text\nLovely\nAwful\n", kind="text", options="", overlap=1)
    ann = await home.worker("Ann")
    await ask(ann, "/work", "Lovely")
    await ask(ann, "abd", "Awful")
    awful = ann.last
    await press_action(ann, CHANGE, awful)
    await ann.wait_for("Change your answer")
    await ask(ann, "a bed", "changed: a bed")
    await ask(ann, "a bad one", "No task")
    await press_action(ann, CHANGE, ann.last)
    await ann.press("✖️ Keep my answer", await ann.wait_for("Change your answer"))
    await ann.wait_for("✓ a bad one")
    assert home.rows("SELECT answer FROM submissions ORDER BY id") == [("a bed",), ("a bad one",)]
    assert home.balance(f"worker:{ann.id}:available") == 100_000


async def test_words_after_work_go_to_the_task_it_shows_and_the_answer_that_was_open_stays(home: Town):
    rosa = await home.requester()
    await home.project(rosa, b"text\nLovely\nAwful\n", kind="text", options="", overlap=1)
    ann = await home.worker("Ann")
    await ask(ann, "/work", "Lovely")
    lovely = ann.last["message_id"]
    await ask(ann, "a bed", "Awful")
    await press_action(ann, CHANGE, ann.last)
    opened = await ann.wait_for("Change your answer")
    await ann.say("/work")
    shown = await ann.wait_for("(?s)✓ a bed.*Awful", new=True)
    assert "Lovely" in text_of(ann.shown[lovely])
    assert not buttons_of(ann.shown[lovely])
    assert "already" in await toast(ann, await press_late(ann, "✖️ Keep my answer", opened))
    await ask(ann, "a bad one", "No task")
    assert home.rows("SELECT answer FROM submissions ORDER BY id") == [("a bed",), ("a bad one",)]
    assert options(shown) == ["🤷 Can't tell", "⋯"]
