"""Tasks that take longer than announced."""

import re

from simulator.crowd.client import text_of
from tests.stories.town import Town, ask, csv

ANSWERS = 25


async def test_work_that_took_longer_pays_more_and_can_be_asked_about(home: Town):
    rosa = await home.requester()
    await home.project(rosa, csv(*(f"review {n}." for n in range(1, ANSWERS + 2))), pay="0.011")
    ann = await home.worker("Ann")
    await ann.say("/work")
    for at in range(1, ANSWERS + 1):
        task = await ann.wait_for(f"review {at}\\.")  # a task may be shown twice: pushed and asked for
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
