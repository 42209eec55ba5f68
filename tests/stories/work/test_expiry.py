"""Time runs out, politely."""

from storage.invariants import find_violations
from tests.stories.town import Town, ask, csv, press_late, toast


async def test_the_place_is_offered_to_others_and_who_took_it_is_paid(anywhere: Town):
    rosa = await anywhere.requester()
    await anywhere.project(rosa, csv("Lovely"), minutes=5)
    ann = await anywhere.worker("Ann")
    await ask(ann, "/work", "Lovely")
    task = ann.last
    ben = await anywhere.worker("Ben", pushed=True)
    anywhere.clock.skip(minutes=6)
    await ben.wait_for("Lovely")
    query = await press_late(ann, "positive", task)
    assert "others" in await toast(ann, query)
    await ben.press("positive")
    await ben.wait_for("No task")
    assert anywhere.balance(f"worker:{ann.id}:available") == 0
    assert anywhere.balance(f"worker:{ben.id}:available") == 50_000


async def test_a_late_answer_is_paid_while_a_place_is_left(home: Town):
    rosa = await home.requester()
    await home.project(rosa, csv("Lovely"), minutes=5)
    ann = await home.worker("Ann")
    await ask(ann, "/work", "Lovely")
    task = ann.last
    home.clock.skip(minutes=6)
    await home.until(lambda: home.one("SELECT state FROM assignments") == "expired")
    query = await ann.press("positive", task)
    assert "€0.05" in await toast(ann, query)
    assert home.balance(f"worker:{ann.id}:available") == 50_000
    await rosa.wait_for("complete")


async def test_who_leaves_pushes_unanswered_is_left_alone_until_they_act(home: Town):
    rosa = await home.requester()
    await home.project(rosa, csv(*(f"review {n}" for n in range(6))), minutes=1)
    ann = await home.worker("Ann", pushed=True)
    for number in (1, 2):
        home.clock.skip(minutes=2)
        await ann.wait_for(f"review {number}")
    home.clock.skip(minutes=2)
    await ann.wait_for("leave you in peace")
    ben = await home.worker("Ben")
    await ask(ben, "/work", "review")
    assert home.one("SELECT idle FROM people WHERE telegram_id = :id", id=ann.id) == 0
    await ask(ann, "/work", "review")
    await ann.press("positive", ann.last)
    await ann.wait_for("review")


async def test_two_projects_a_task_of_the_second_in_hand_a_late_answer_to_the_first_is_taken(home: Town):
    rosa = await home.requester()
    await home.project(rosa, csv("Lovely"), minutes=5)
    ann = await home.worker("Ann")
    await ask(ann, "/work", "Lovely")
    first = ann.last
    home.clock.skip(minutes=6)
    await home.project(rosa, csv("Awful"), title="Another one")
    await ann.wait_for("Awful")
    query = await ann.press("positive", first)
    assert "€0.05" in await toast(ann, query)
    await ann.press("negative", ann.last)
    await ann.wait_for("No task")
    assert home.balance(f"worker:{ann.id}:available") == 100_000


async def test_while_we_were_away_nobodys_time_ran_out(home: Town):
    rosa = await home.requester()
    await home.project(rosa, csv("Lovely"), minutes=5)
    ann = await home.worker("Ann")
    await ask(ann, "/work", "Lovely")
    await home.delivered()
    await home.bot.stop()
    home.clock.skip(hours=25)
    home.bot.start()
    await ann.say("/balance")
    await ann.wait_for("balance")
    assert home.rows("SELECT state FROM assignments") == [("active",)]
    query = await ann.press("positive")
    assert "€0.05" in await toast(ann, query)
    await rosa.wait_for("complete")
    await home.until(lambda: home.look(find_violations) == [])  # what was due meanwhile is done
