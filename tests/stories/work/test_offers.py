"""A worker chooses a project, leaves it by its number, and takes it back."""

from simulator.crowd.client import buttons_of
from tests.stories.town import Town, ask, csv


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
