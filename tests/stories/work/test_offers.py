"""A worker chooses a project, leaves it by its number, and takes it back."""

from simulator.crowd.client import buttons_of, text_of
from tests.stories.town import Town, ask, csv, press_action


async def test_a_task_is_chosen_and_its_project_left_and_taken_back(home: Town):
    rosa = await home.requester()
    project = await home.project(rosa, csv("Lovely", "Awful"))
    ann = await home.worker("Ann")
    await ann.say("/tasks")
    listed = await ann.wait_for("Work to choose from")
    await ann.press(buttons_of(listed)[0]["text"], listed)
    await ann.wait_for("Lovely")
    await ask(ann, f"/leave {project}", "no more tasks from this project")
    assert home.rows("SELECT state FROM assignments") == [("skipped",)]
    await ann.say("/leave")
    known = await ann.wait_for("Your projects")
    await ann.press(buttons_of(known)[0]["text"], known)
    await ann.wait_for("Awful")


async def test_who_stops_for_now_has_no_task_left_to_press(home: Town):
    rosa = await home.requester()
    await home.project(rosa, csv("Lovely"))
    ann = await home.worker("Ann")
    await ann.say("/work")
    task = (await ann.wait_for("Lovely"))["message_id"]
    await ask(ann, "/stop", "Paused")
    await ann.until(lambda phone: text_of(phone.shown[task]).startswith("⏭ skipped"))
    assert buttons_of(ann.shown[task]) == []


async def test_a_worker_says_which_pay_would_be_right_and_goes_on_with_the_task(home: Town):
    rosa = await home.requester()
    await home.project(rosa, csv("Lovely", "Awful"))
    ann = await home.worker("Ann")
    await ann.say("/work")
    task = await ann.wait_for("Lovely")
    await press_action(ann, "💶 Too low", task)
    asked = await ann.wait_for("For which pay would you do it?")
    await ann.press("✏️ Another amount", asked)
    await ann.wait_for("write the pay for one task")
    await ask(ann, "0.08", "you would do it for €0.08")
    assert home.rows("SELECT asked FROM counter_offers") == [(80_000,)]
    await ann.press("positive", task)
    await ann.wait_for("Awful")
