"""Tasks that take longer than announced."""

import re

from simulator.crowd.client import text_of
from tests.stories.town import Town, ask, csv

ANSWERS = 25


async def test_slow_work_gets_a_topup_that_why_explains(home: Town):
    rosa = await home.requester()
    await home.project(rosa, csv(*(f"review {n}." for n in range(1, ANSWERS + 2))), pay="0.011")
    ann = await home.worker("Ann")
    await ann.say("/work")
    for at in range(1, ANSWERS + 1):
        task = await ann.wait_for(f"review {at}\\.")  # a task may be shown twice: pushed and asked for
        await home.delivered()  # its time counts from then on
        home.clock.skip(minutes=0.1)
        await ann.press("positive", task)
    told = text_of(await ann.wait_for("took longer than announced"))
    number = re.findall(r"#(\d+)", told)[0]
    assert "+€0.1275 for 25 answers" in told  # alone, she is believed 4.5 s: 0.0161, not 0.011
    why = await ask(ann, f"/why {number}", "€0.1275")
    assert "lifts your pay to the minimum" in why
    assert "took about 4.5 s" in why
    assert "that is €0.0161; €0.011 was paid already. This adds €0.0051 for each of 25 answers" in why
    assert "top-ups €0.1275" in await ask(rosa, "/funds", "Your funds")


async def test_a_project_that_never_fills_a_window_pays_within_three_days(anywhere: Town):
    """Ten projects of a few answers each that nobody ends would pay below the floor for ever."""
    rosa = await anywhere.requester()
    await anywhere.project(rosa, csv("review 1.", "review 2.", "review 3."), pay="0.011", overlap="30")
    crowd = [await anywhere.worker(name) for name in ("Ann", "Bob", "Cyd")]
    for worker in crowd:
        await worker.say("/work")
        for at in (1, 2, 3):
            task = await worker.wait_for(f"review {at}\\.")
            await anywhere.delivered()
            anywhere.clock.skip(minutes=0.1)
            await worker.press("positive", task)
        await worker.wait_for("No task")
    assert anywhere.rows("SELECT kind FROM transfers WHERE kind = 'topup'") == []
    anywhere.clock.skip(hours=73)
    for worker in crowd:
        await worker.wait_for("took longer than announced")
    lifted, answers = anywhere.rows("SELECT each_owed, submissions FROM topups")[0]
    assert (answers, anywhere.one("SELECT waiting FROM floors")) == (9, 0)
    assert anywhere.one("SELECT sum(amount) FROM transfers WHERE kind = 'topup'") == 9 * lifted > 0
