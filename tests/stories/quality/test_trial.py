"""Gold challenges: one press contests, the requester decides, silence overturns, and effects are corrected."""

from simulator.crowd.client import Phone, buttons_of, text_of
from tests.stories.town import Town, answer, ask, csv, toast

PLAIN = tuple(f"plain {number}" for number in range(30))
RIGHT = "⚖️ No, I was right"


async def miss(worker: Phone) -> None:
    """Answers positive until a known question is missed."""
    await ask(worker, "/work", "plain|known")
    while not any(RIGHT in str(buttons_of(message)) for message in worker.messages):
        await answer(worker, "positive")


async def contest(worker: Phone) -> str:
    return await toast(worker, await worker.press(RIGHT))


async def project(town: Town, rosa: Phone, gold: int = 1) -> int:
    return await town.project(rosa, csv(*PLAIN, gold=("negative",) * gold), overlap=5)


async def test_a_contest_asks_the_requester_who_keeps_it(anywhere: Town):
    rosa, ann = await anywhere.requester(), await anywhere.worker("Ann")
    await project(anywhere, rosa)
    await miss(ann)
    assert "within 72 hours" in await contest(ann)
    assert "noted already" in await contest(ann)
    await rosa.wait_for("Somebody says the answer to this check question is wrong")
    await rosa.press("✅ It is right, keep it")
    await rosa.wait_for("Kept: negative")
    await ann.wait_for("keeps negative")
    assert anywhere.rows("SELECT gold_seen, gold_right FROM enrolments WHERE answered > 0") == [(1, 0)]
    assert anywhere.rows("SELECT state, quarantined FROM gold_challenges") == [("kept", 0)]


async def test_an_overturned_gold_is_put_right(home: Town):
    rosa, ann = await home.requester(), await home.worker("Ann")
    await project(home, rosa)
    await miss(ann)
    pending = home.balance(f"worker:{ann.id}:pending")
    assert pending > 0
    await contest(ann)
    await rosa.wait_for("Somebody says")
    await rosa.press("↩️ It is wrong, drop it")
    await rosa.wait_for("Dropped: negative")
    await ann.wait_for("no longer counts as a miss")
    assert home.rows("SELECT gold_seen, gold_right, qualified FROM enrolments WHERE answered > 0") == [(0, 0, 1)]
    assert home.balance(f"worker:{ann.id}:pending") == 0
    assert home.balance(f"worker:{ann.id}:available") == pending
    assert home.rows("SELECT gold, consensus, state FROM tasks WHERE key = '31'") == [(None, "positive", "open")]
    await rosa.press("↩️ It is wrong, drop it")
    await rosa.wait_for("Dropped: negative")
    assert home.one("SELECT count(*) FROM transfers WHERE kind = 'release'") == pending // 50_000


async def test_silence_past_the_deadline_overturns(home: Town):
    rosa, ann = await home.requester(), await home.worker("Ann")
    await project(home, rosa)
    await miss(ann)
    await contest(ann)
    await rosa.wait_for("Somebody says")
    home.clock.skip(hours=73)
    await ann.wait_for("no longer counts as a miss")
    assert home.rows("SELECT state, decided_by FROM gold_challenges") == [("overturned", None)]


async def test_three_contests_put_it_aside_until_the_requester_decides(home: Town):
    rosa = await home.requester()
    await project(home, rosa)
    for name in ("Ann", "Bob", "Cid"):
        worker = await home.worker(name)
        await miss(worker)
        await contest(worker)
    await rosa.wait_for("it checks nobody")
    assert home.rows("SELECT gold, state FROM tasks WHERE key = '31'") == [(None, "stopped")]
    assert home.rows("SELECT gold FROM openings WHERE gold = 1") == []
    assert home.one("SELECT sum(gold_seen) FROM enrolments") == 0
    await rosa.press("✅ It is right, keep it")
    await rosa.wait_for("Kept: negative")
    assert home.rows("SELECT gold, state FROM tasks WHERE key = '31'") == [('["negative"]', "open")]
    assert home.rows("SELECT free FROM openings WHERE gold = 1") == [(2,)]
    assert home.one("SELECT sum(gold_seen) FROM enrolments") == 3


async def test_what_can_be_contested_later_is_listed(home: Town):
    rosa, ann = await home.requester(), await home.worker("Ann")
    await project(home, rosa)
    await ask(ann, "/appeal", "nothing you could contest")
    await miss(ann)
    assert "check question: negative" in await ask(ann, "/appeal", "What you can contest")
    await ann.press("⚖️ 1: I was right")
    await rosa.wait_for("Somebody says")
    assert "1 objection is waiting" in await ask(ann, "/appeal", "nothing you could contest")


async def test_nobody_contests_for_another_or_decides_for_another(home: Town):
    rosa, ann, bob = await home.requester(), await home.worker("Ann"), await home.worker("Bob")
    await home.requester("Rob")
    await project(home, rosa)
    await miss(ann)
    number = home.one("SELECT id FROM submissions WHERE gold = 0")
    assert "not yours" in await toast(bob, await bob.press_data(f"ct:{number}", 1))
    await contest(ann)
    await ann.press_data(f"gj:{home.one('SELECT id FROM gold_challenges')}:0", 1)
    assert "Only requesters" in text_of(await ann.wait_for("requesters"))
    assert home.one("SELECT state FROM gold_challenges") == "open"


async def test_a_worker_reads_what_their_skill_is_made_of(home: Town):
    rosa, ann = await home.requester(), await home.worker("Ann")
    await ask(ann, "/why", "What would you like explained")
    await project(home, rosa)
    await miss(ann)
    assert "Check questions missed so far: 1" in await ask(ann, "/why_skill", "What your skill is made of")


async def test_a_requester_gets_a_picture_of_quality(home: Town):
    rosa, ann = await home.requester(), await home.worker("Ann")
    number = await project(home, rosa)
    await miss(ann)
    await ask(rosa, f"/project {number}", "tasks done")
    await rosa.press("📊 Quality")
    shown = await rosa.wait_for("how often an answer is the one")
    assert (await rosa.download(shown)).startswith(b"\x89PNG")
