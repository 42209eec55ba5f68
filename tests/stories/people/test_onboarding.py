"""From the first message to the first cent in three presses."""

import re
from datetime import datetime, timedelta
from html import unescape

from orjson import loads

from domain.people.onboarding import LanguageChosen, Welcome
from handlers.people.onboarding import language_chosen_screen, welcome_screen
from locales import translator
from simulator.crowd.client import buttons_of, text_of
from tests.stories.town import CAPTION, Town, ask, csv, first_button, toast


async def test_three_presses_from_the_start_bring_the_first_cent(anywhere: Town):
    rosa = await anywhere.requester()
    await anywhere.project(rosa, csv("Lovely and quick"))
    ann = await anywhere.phone("Ann")
    await ann.say("/start")
    welcome_shown = await ann.wait_for("Hello Ann")
    await ann.press(first_button(welcome_shown))
    agreed = await ann.wait_for("You are in")
    assert (agreed["message_id"], buttons_of(agreed)) == (welcome_shown["message_id"], [])
    task = await ann.wait_for("Lovely and quick")
    assert [button["text"] for button in buttons_of(task)][:2] == ["positive", "negative"]
    assert "€0.05" in text_of(task)
    await ann.press(first_button(task))
    await ask(ann, "/balance", "€0.05")


async def test_who_comes_before_there_is_a_project_is_pushed_to_when_one_starts(home: Town):
    ann = await home.phone("Ann")
    await ann.say("/start")
    await ann.press(first_button(await ann.wait_for("Hello Ann")))
    await ann.wait_for("No task for you now")
    rosa = await home.requester()
    await home.project(rosa, csv("Lovely and quick"))
    await ann.wait_for("Lovely and quick")


async def test_nobody_gets_a_task_before_they_agree(home: Town):
    rosa = await home.requester()
    await home.project(rosa, csv("Lovely and quick"))
    ann = await home.phone("Ann")
    await ask(ann, "/work", "First.*/terms")
    await ann.press("✅ I agree")
    await ann.wait_for("Lovely and quick")


async def test_buttons_of_the_first_minute_serve_once(home: Town):
    """An old “I agree” sent the welcome again."""
    rosa = await home.requester()
    await home.project(rosa, csv("Lovely", "Awful"), overlap=1)
    ann = await home.phone("Ann")
    await ann.say("/start")
    shown = (await ann.wait_for("Hello Ann"))["message_id"]
    await ann.press("✅ I agree")
    assert (await ann.wait_for("You are in"))["message_id"] == shown
    await ann.wait_for("Lovely")
    first = home.one("SELECT consented_at FROM people WHERE telegram_id = :id", id=ann.id)
    assert "already" in await toast(ann, await ann.press_data("ok", shown))  # as a client that has not seen the edit
    assert home.one("SELECT consented_at FROM people WHERE telegram_id = :id", id=ann.id) == first
    await ann.press("positive")
    await ann.wait_for("Awful")
    count = len(ann.shown)
    assert "already" in await toast(ann, await ann.press_data("ok", shown))
    assert (len(ann.shown), buttons_of(ann.shown[shown])) == (count, [])


async def test_the_terms_can_be_read_first_and_agreed_to_there(home: Town):
    ann = await home.phone("Ann")
    await ann.say("/start")
    await ann.wait_for("Hello Ann")
    await ann.press("📄 The terms")
    terms = await ann.wait_for("What we owe each other")
    assert "€12.88" in text_of(terms)
    assert re.search(r"10\s?%", text_of(terms))
    await ann.press(first_button(terms))
    await ann.wait_for("You are in")
    assert "You agreed on" in await ask(ann, "/terms", "What we owe each other")


async def test_coming_back_offers_a_task_at_once(home: Town):
    ann = await home.worker("Ann")
    await ann.say("/start")
    back = await ann.wait_for("Good to see you again, Ann")
    await ann.press(first_button(back))
    await ann.wait_for("No task for you now")


async def test_answering_is_the_act_of_consent_and_has_its_date(home: Town):
    rosa = await home.requester()
    await home.project(rosa, csv("Lovely", "Awful"), purpose="teaching a program")
    ann = await home.worker("Ann")
    card = await ask(ann, "/work", "Lovely")
    assert "teaching a program" in card
    assert "By answering, you let" in card
    assert home.rows("SELECT consented_at FROM enrolments") == [(None,)]
    await ann.press("positive")
    await ann.wait_for("Awful")
    assert home.one("SELECT consented_at FROM enrolments") is not None


async def test_a_french_reader_gets_french_from_the_first_line(home: Town):
    zoe = await home.phone("Zoé", language_code="fr-CA")
    await zoe.say("/start")
    shown = await zoe.wait_for("Pouce")
    expected = welcome_screen(Welcome("Zoé", "fr"), translator("fr"))
    assert bare(text_of(shown)) == bare(expected.text)
    assert first_button(shown) == expected.keyboard[0][0].text


async def test_money_and_toasts_follow_the_language(home: Town):
    rosa = await home.requester()
    await home.project(rosa, csv("Lovely", "Awful"))
    zoe = await home.phone("Zoé", language_code="fr")
    await zoe.say("/start")
    await zoe.press(first_button(await zoe.wait_for("Pouce")))
    assert re.search(r"0,05\s€", text_of(await zoe.wait_for("Lovely")))
    query = await zoe.press("positive")
    assert await toast(zoe, query) == translator("fr").plain("Received. + {pay}", pay="0,05\xa0€")


async def test_the_language_can_be_changed_and_the_menu_follows(home: Town):
    ann = await home.worker("Ann")
    await ask(ann, "/language", "Which language")
    await ann.press("Français")
    await ann.wait_for(re.escape(bare(language_chosen_screen(LanguageChosen(reads=True), translator("fr")).text)))
    await ann.say("/balance")
    await ann.wait_for(r"0,00\s€")
    assert home.telegram.world.menus.seen_by(ann.id, "en")[0]["description"] == translator("fr").plain("one task now")


async def test_before_agreeing_the_other_language_is_one_press_away(home: Town):
    ann = await home.phone("Ann")
    await ann.say("/start")
    english = await ann.wait_for("Hello Ann")
    await ann.press("🌐 Français")
    french = await ann.wait_for("Bonjour Ann")
    assert french["message_id"] == english["message_id"]  # two welcomes would show two “I agree”
    assert "🌐 English" in ann.keyboard


async def test_a_language_without_a_catalogue_gets_the_default(home: Town):
    jan = await home.phone("Jan", language_code="nl")
    await jan.say("/start")
    await jan.wait_for("Hello Jan")


async def test_a_project_for_other_languages_is_not_offered(home: Town):
    rosa = await home.requester()
    await home.project(rosa, csv("Charmant"), CAPTION, languages="fr")
    ann = await home.worker("Ann")
    await ask(ann, "/work", "No task for you")


async def test_mydata_is_a_file_with_all_of_it(home: Town):
    home = home
    rosa = await home.requester()
    await home.project(rosa, csv("Lovely"))
    ann = await home.worker("Ann")
    await ask(ann, "/work", "Lovely")
    await ann.press("positive")
    await ann.wait_for("No task")
    await ann.say("/mydata")
    content = (await ann.download(await ann.wait_for("kept about you"))).decode()
    assert "Lovely" in content
    assert "positive" in content
    assert f"worker:{ann.id}:available" in content
    assert str(rosa.id) not in content


async def test_mydata_names_its_fields_and_dates_by_ones_own_clock(home: Town):
    await home.project(await home.requester(), csv("Lovely"))
    ann = await home.worker("Ann")
    await ask(ann, "/settings +3", "it is")
    await ask(ann, "/work", "Lovely")
    await ann.press("positive")
    await ann.wait_for("No task")
    await ann.say("/mydata")
    told = loads(await ann.download(await ann.wait_for("kept about you")))
    (answer,) = told["answers"]
    assert (answer["project"], answer["task"]["text"], answer["answer"]) == (
        "Is the review positive?",
        "Lovely",
        "positive",
    )
    assert datetime.fromisoformat(answer["submitted_at"]).utcoffset() == timedelta(hours=3)
    paid = next(each for each in told["money"] if each["kind"] == "reward")
    assert (paid["amount"], paid["currency"], paid["account"]) == ("0.05", "EUR", f"worker:{ann.id}:available")
    assert datetime.fromisoformat(told["person"][0]["joined_at"]).year >= 2026
    assert all(isinstance(row, dict) for rows in told.values() for row in rows)


def bare(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html))
