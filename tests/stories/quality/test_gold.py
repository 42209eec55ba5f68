"""Known answers teach, are paid, and end the probation."""

from simulator.crowd.client import text_of
from tests.stories.town import Town, answer, ask, csv, next_task, toast

REVIEWS = [f"plain {number}" for number in range(12)]
KNOWN = csv(*REVIEWS, gold=("negative",) * 6, reason="it says so")


async def test_a_miss_is_explained_in_the_next_message_and_paid(anywhere: Town):
    rosa = await anywhere.requester()
    await anywhere.project(rosa, KNOWN)
    ann = await anywhere.worker("Ann")
    shown = await ask(ann, "/work", "plain|known")
    while "“known" not in shown:
        shown = await answer(ann, "positive")
    await ann.press("positive")
    assert "negative, not positive" in text_of(await ann.wait_for("it says so", new=True))
    await next_task(ann)
    answered = anywhere.one("SELECT count(*) FROM submissions")
    assert anywhere.one("SELECT count(*) FROM submissions WHERE gold = 0") == 1
    assert anywhere.balance(f"worker:{ann.id}:pending") == answered * 50_000


async def test_on_probation_pay_is_pending_and_qualifying_makes_all_of_it_available(home: Town):
    rosa = await home.requester()
    await home.project(rosa, KNOWN)
    ann = await home.worker("Ann")
    await ask(ann, "/work", "plain|known")
    query = await ann.press("negative")
    assert "pending" in await toast(ann, query)
    assert "⏳" in await ask(ann, "/balance", "balance")
    said = {"plain": "positive", "known": "negative"}
    shown = await ask(ann, "/work", "plain|known")
    while not home.one("SELECT max(qualified) FROM enrolments"):
        shown = await answer(ann, said["known" if "“known" in shown else "plain"])
    await ann.until(lambda phone: any("qualified" in text_of(message) for message in phone.messages))
    answered = home.one("SELECT count(*) FROM submissions")
    assert home.balance(f"worker:{ann.id}:pending") == 0
    assert home.balance(f"worker:{ann.id}:available") == answered * 50_000
    query = await ann.press(said["known" if "“known" in shown else "plain"])
    assert "pending" not in await toast(ann, query)


async def test_who_misses_gold_stays_pending_and_is_paid_by_silence_after_72_hours(home: Town):
    rosa = await home.requester()
    await home.project(rosa, KNOWN, minutes=10000)
    ann = await home.worker("Ann")
    await ask(ann, "/work", "plain|known")
    for _ in range(4):
        await answer(ann, "positive")
    home.clock.skip(hours=71.9)
    await ask(ann, "/balance", "Pending.*€0.20")
    home.clock.skip(hours=0.2)
    await ann.wait_for("pending is yours now|now yours|yours")
    assert home.balance(f"worker:{ann.id}:available") == 200_000
    assert home.balance(f"worker:{ann.id}:pending") == 0


async def test_review_projects_hold_pay_until_the_requester_or_silence_decides(home: Town):
    rosa = await home.requester()
    await home.project(rosa, csv("Lovely"), accept="review")
    ann = await home.worker("Ann")
    await ask(ann, "/work", "72 hours")
    query = await ann.press("positive")
    assert "pending" in await toast(ann, query)
    home.clock.skip(hours=72.1)
    await ann.wait_for("yours")
    assert home.balance(f"worker:{ann.id}:available") == 50_000


async def test_a_missed_last_task_is_explained_too(home: Town):
    rosa = await home.requester()
    await home.project(rosa, csv("plain", gold=("negative",), reason="it says so"))
    ann = await home.worker("Ann")
    shown = await ask(ann, "/work", "plain|known")
    while "No task" not in shown:
        shown = await answer(ann, "positive")
    await ann.until(lambda phone: "it says so" in str(phone.messages))
    told = "\n".join(text_of(message) for message in ann.messages)
    assert home.one("SELECT count(*) FROM submissions WHERE gold = 0") == told.count("it says so")


async def test_with_too_little_gold_to_qualify_nobody_waits_for_gold_that_never_comes(home: Town):
    """Two known questions, three places each: Ann answers both, others' places stay open, her pay must not hang."""
    rosa = await home.requester()
    await home.project(rosa, csv(*REVIEWS, gold=("negative",) * 2), overlap=3)
    ann = await home.worker("Ann")
    shown = await ask(ann, "/work", "plain|known")
    while "No task" not in shown:
        shown = await answer(ann, "negative" if "“known" in shown else "positive")
    if home.one("SELECT max(gold_seen) FROM enrolments") == 2:
        assert home.balance(f"worker:{ann.id}:pending") == 0
