"""Workers say when they are written to, how often, how much in a day, and which tasks."""

import orjson

from simulator.crowd.client import Phone
from tests.stories.town import Town, ask, csv, press_action, toast

IDLE = "SELECT idle FROM people WHERE telegram_id = :id"


async def choose(phone: Phone, *presses: str) -> None:
    """Opens the settings and presses one button after another, each on what the one before has shown."""
    await ask(phone, "/settings", "When and how we write to you")
    page = phone.last["message_id"]
    for button in presses:
        await phone.until(lambda phone, button=button: button in labels(phone, page))
        await phone.press(button, phone.shown[page])


def labels(phone: Phone, message: int) -> list[str]:
    rows = phone.shown[message]["reply_markup"]["inline_keyboard"]
    return [button["text"] for row in rows for button in row]


async def test_no_task_comes_unasked_outside_the_hours_somebody_chose(home: Town):
    """It is nine o'clock in London, eight in the evening in Nouméa. News of money comes, without a sound."""
    ann = await home.worker("Ann")
    await choose(ann, "🌍 Local time", "Pacific", "20:00 Noumea", "🗓 Days and hours", "09:00–18:00")
    await ann.wait_for("Every day, 09:00–18:00")
    rosa = await home.requester()
    await home.project(rosa, csv("one", "two", "three"), accept="review")
    ben = await home.worker("Ben")
    assert "one" in ben.text
    assert home.one(IDLE, id=ann.id) == 0
    await ask(ann, "/work", "two")
    await ann.press("positive")
    assert not (await ann.wait_for("three"))["silent"]
    await press_action(ann, "⏭ Skip")
    assert "09:00 on" in str(await ann.wait_for("No task"))
    await ask(rosa, "/review 1", "two")
    await rosa.press("✅ Accept")
    assert (await ann.wait_for("is yours"))["silent"]
    home.clock.skip(hours=13.1)
    assert not (await ann.wait_for("one|three"))["silent"]


async def test_a_goal_reached_ends_the_day_unless_they_go_on(home: Town):
    ann = await home.worker("Ann")
    await choose(ann, "🎯 Daily goal", "€1.00")
    await ann.wait_for("€1.00 a day\nToday: 0 answers")
    rosa = await home.requester()
    await home.project(rosa, csv(*(f"review {n}" for n in range(5))), pay=0.5)
    await ann.wait_for("review 0")
    await ann.press("positive")
    await ann.wait_for("review 1")
    await ann.press("positive")
    assert "2 answers, €1.00" in str(await ann.wait_for("reached your goal"))
    assert home.one(IDLE, id=ann.id) == 0
    await ann.press("▶️ Go on today")
    await ann.wait_for("review 2")
    await ann.press("positive")
    await ann.wait_for("review 3")
    await press_action(ann, "⏭ Skip")
    await ann.wait_for("review 4")
    await press_action(ann, "⏭ Skip")
    await ann.wait_for("from .* 08:00 on")


async def test_a_slow_pace_sends_one_at_a_time(home: Town):
    ann = await home.worker("Ann")
    await choose(ann, "🔔 How often", "At most 1 task an hour")
    await ann.wait_for("🔔 At most 1 task an hour")
    rosa = await home.requester()
    await home.project(rosa, csv("one", "two", "three"))
    await ann.wait_for("one")
    await ann.press("positive")
    await ann.wait_for("Your pace")
    home.clock.skip(minutes=59)
    await ask(ann, "/balance", "€0.05")
    assert home.one(IDLE, id=ann.id) == 0
    home.clock.skip(minutes=2)
    await ann.wait_for("two")
    await ann.press("positive")
    await ann.wait_for("Your pace")
    await ann.press("▶️ Go on")
    await ann.wait_for("three")


async def test_nobody_gets_tasks_they_do_not_want_or_read(home: Town):
    ann = await home.worker("Ann")
    await choose(
        ann,
        "🧩 Which tasks",
        "✅ 👆 Press buttons",
        "✅ 🎤 Speak",
        "✅ 📷 Take photos",
        "✅ ✏️ Draw and mark",
        "✅ 📍 Be at a place",
    )
    page = ann.last
    await ann.until(lambda phone: "◻️ 📍 Be at a place" in labels(phone, page["message_id"]))
    assert "keep at least one" in await toast(ann, await ann.press("✅ ⌨️ Write", page))
    rosa = await home.requester()
    await home.project(rosa, csv("Lovely"))
    await home.project(rosa, csv("Affreux"), kind="text", languages="fr", title="En français")
    await ask(ann, "/work", "No task")
    assert {"◻️ English", "◻️ Français"} <= set(labels(ann, page["message_id"]))  # none is ticked that is not in effect
    await ann.press("◻️ Français", page)
    await ask(ann, "/work", "Affreux")
    assert "✅ Français" in labels(ann, page["message_id"])


async def test_settings_are_among_ones_data_and_go_with_them(home: Town):
    ann = await home.worker("Ann")
    await ask(ann, "/settings Nowhere", "do not know the clock of")
    await ask(ann, "/settings Côte d’Ivoire", "Abidjan: it is")
    await ask(ann, "/settings Canada", "What time is it")
    assert "Halifax" in str(ann.keyboard)
    await ask(ann, "/mydata", "all that is kept")
    assert orjson.loads(await ann.download(ann.last))["settings"][0]["zone"] == "Africa/Abidjan"
    assert "older message" in await toast(ann, await ann.press_data("ss:gap:7", 1))
    await choose(ann, "⏸ Pause", "▶️ Go on")
    await ann.wait_for("No task")
    await ask(ann, "/forget", "can't be undone")
    await ann.press("🗑 Forget me")
    await ann.wait_for("Are you sure")
    await ann.press("Yes, erase it all")
    await home.until(lambda: home.rows("SELECT person FROM preferences") == [])
