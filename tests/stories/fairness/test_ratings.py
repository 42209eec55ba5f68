"""A worker is warned, works, leaves and rates who asks; the next one reads it on the card, the requester replies."""

from simulator.crowd.client import buttons_of, text_of
from storage.unit import UnitOfWork
from tests.stories.town import Town, answer, ask, csv, next_task

STRANGERS = range(901, 905)
WORKED = "INSERT INTO enrolments (worker, project, answered) VALUES (:worker, :project, 3)"
PERSON = "INSERT INTO people (id, language, joined_at) VALUES (:worker, 'en', 1)"


def rated_by_four(unit: UnitOfWork, project: int) -> None:
    """What four others would have pressed."""
    requester = next(each.requester for each in unit.projects.running(1))
    for number in STRANGERS:
        unit.connection.changed(PERSON, worker=number)
        unit.connection.changed(WORKED, worker=number, project=project)
        unit.ratings.store_marks(requester, unit.people.get(number).id, (5, 4, 3, 2))  # type: ignore[arg-type]


async def test_marks_given_with_one_thumb_stand_on_the_next_workers_card(home: Town):
    rosa = await home.requester()
    rows = csv("The wound healed", "It hurts", "A clean cut", "The stitches hold")
    number = await home.project(rosa, rows, content="medical", overlap=2)
    await home.alter(lambda unit: rated_by_four(unit, number))
    ann = await home.worker("Ann")
    await ann.say("/work")
    await ann.wait_for("Rosa says these tasks show: wounds, illness, operations")
    await ann.press("▶️ Show me these tasks")
    card = text_of(await next_task(ann))
    assert "👤 For Rosa" in card
    assert "⭐" not in card  # four ratings are none
    for _ in range(3):
        await answer(ann, "positive")
    await ann.say(f"/leave {number}")
    await ann.press("⭐ Rate Rosa", await ann.wait_for("you get no more tasks from this project"))
    for step, mark in enumerate((4, 2, 5, 1), 1):
        await ann.press(str(mark), await ann.wait_for(f"{step} of 4"))
    thanks = await ann.wait_for("Thank you")
    assert "pay 4 · fairness 2 · clarity 5 · replies 1" in text_of(thanks)
    ben = await home.worker("Ben")
    await ben.say("/work")
    await ben.press("▶️ Show me these tasks", await ben.wait_for("these tasks show"))
    card = text_of(await next_task(ben))
    assert "👤 For Rosa ⭐ 3.4 (5)" in card
    await ben.press("🔎 Details")
    card = text_of(await ben.wait_for("Tasks: 3 left"))
    assert "⭐ pay 4.8 · fairness 3.6 · clarity 3.4 · replies 1.8 (5 ratings)" in card
    await rosa.say("/projects")
    listed = await rosa.wait_for("Workers rate you")
    await rosa.press("💬 Reply to your ratings", listed)
    await rosa.wait_for("Your reply to your ratings")
    await ask(rosa, "We answer on the same day now.", "Workers will read")
    await rosa.press("✓ Show it")
    await rosa.wait_for("stands beside your ratings")
    await rosa.say("/projects")
    again = await rosa.wait_for("Workers rate you", new=True)
    assert "The requester replies: We answer on the same day now." in text_of(again)
    assert "💬 Reply to your ratings" not in str(buttons_of(again))
