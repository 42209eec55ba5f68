"""People leave, or take back what they gave to one project."""

import logging
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest

from bot.logs import LogFormatter
from simulator.crowd.client import Phone, text_of
from storage.backups import back_up
from tests.canaries import found, kept
from tests.stories.money.test_payout import GOOD, bank, filed, gives
from tests.stories.projects.test_results import rows_of
from tests.stories.town import Town, ask, csv

ANN = 7_391_052_846  # as long as Telegram's: four digits stand by chance in a time or a number of a log

__all__ = ["bank"]

WHERE = "SELECT count(*) FROM people WHERE telegram_id = :id"


@pytest.fixture
def logged() -> Iterator[StringIO]:
    """All that is logged from now on, as the bot writes it."""
    handler = logging.StreamHandler(written := StringIO())
    handler.setFormatter(LogFormatter())
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


async def wrote(home: Town) -> tuple[Phone, int, Phone]:
    """Ann has written something about herself, and has five cents."""
    rosa = await home.requester()
    number = await home.project(rosa, csv("Lovely", "Awful"), kind="text")
    ann = await home.worker("Ann", id=ANN)
    await ask(ann, "/work", "Lovely")
    await ask(ann, "I am Ann of Lyon", "Awful")
    return rosa, number, ann


async def test_whoever_is_forgotten_leaves_a_book_without_a_name(bank: Town, logged: StringIO, tmp_path: Path):
    rosa, number, ann = await wrote(bank)
    assert "€0.05 is yours" in await ask(ann, "/forget", "still open")
    await gives(ann)
    await ann.press("💶 Send me €0.05")
    await ann.wait_for("is on its way to")
    assert "€0.05 is on its way" in await ask(ann, "/forget", "still open")
    await filed(bank)
    await bank.admin.press("✅ The bank has paid them")
    await ann.wait_for("The bank has paid")
    await ask(ann, "/forget", "can't be undone")
    await ann.press("🗑 Forget me")
    sure = await ann.wait_for("Are you sure")
    await ann.press("No, keep everything", sure)
    await ann.wait_for("Nothing was erased")
    await ann.press("Yes, erase it all", sure)
    await ann.wait_for("Goodbye")
    await bank.until(lambda: bank.one(WHERE, id=ann.id) == 0)
    assert bank.rows("SELECT iban, holder FROM payees") == [("", "")]
    assert bank.rows("SELECT answer FROM submissions") == [(None,)]
    assert bank.rows("SELECT name FROM accounts WHERE name LIKE :hers", hers=f"%:{ann.id}:%") == []
    assert len(await rows_of(rosa, f"/submissions {number}")) == 1
    assert bank.rows("SELECT task FROM openings ORDER BY task") == [(2,)]  # what was in her hands is free again
    await bank.until(lambda: bank.rows("SELECT value FROM settings WHERE name = 'scrub'") == [("0",)])
    url = bank.bot.settings.database_url
    back_up(url, tmp_path / "copy")
    left = (kept(url), (tmp_path / "copy").read_bytes(), logged.getvalue().encode())
    assert found(("I am Ann of Lyon", "Ann Doe", GOOD.replace(" ", ""), str(ann.id)), *left) == set()
    await ask(ann, "/start", "Pouce")
    assert bank.one(WHERE, id=ann.id) == 1


async def test_who_has_no_account_gives_up_what_is_left_and_is_forgotten(home: Town):
    """In French for the worker; her requester gets it back, and each can ask why."""
    rosa = await home.requester()
    await home.project(rosa, csv("Lovely"))
    ann = await home.worker("Ann", id=ANN, language_code="fr")
    await ann.say("/work")
    await ann.wait_for("Lovely")
    await ann.press("positive")
    await ann.wait_for("Rien en ce moment")
    matters = await ask(ann, "/forget", "0,05\u00a0€ est à vous")
    assert "vous pouvez y renoncer" in matters
    await ann.press("🕊 Renoncer à 0,05\u00a0€ …")
    asked = await ann.wait_for("🕊 Renoncer à 0,05\u00a0€\u00a0\\?")
    assert "retourne aux clients qui l’ont payé" in text_of(asked)
    await ann.press("Oui, renoncer à 0,05\u00a0€", asked)
    done = text_of(await ann.wait_for("Vous avez renoncé à 0,05\u00a0€"))
    operation = re.findall(r"/why_\d+", done)[0]
    assert "retournée au client" in await ask(ann, operation, "🧾")
    assert "abandonné, rendu à qui l’avait payé" in await ask(ann, "/balance", "Solde")
    back = text_of(await rosa.wait_for("€0.05 came back to you"))
    assert operation in back
    assert "A worker who left gave up pay that had come from you, or could not be paid it" in await ask(
        rosa, operation, "🧾"
    )
    await ask(ann, "/forget", "C’est définitif")
    await ann.press("🗑 M’oublier")
    await ann.press("Oui, tout effacer", await ann.wait_for("Rien ne pourra"))
    await home.until(lambda: home.one(WHERE, id=ann.id) == 0)


async def test_consent_to_one_project_can_be_taken_back(home: Town):
    rosa, number, ann = await wrote(home)
    assert "I am Ann of Lyon" in str(await rows_of(rosa, f"/submissions {number}"))
    await ask(ann, f"/leave {number}", "no more tasks from this project")
    await ann.press("📤 Take my answers back too")
    await ann.wait_for("Take your answers to")
    await ann.press("No, keep everything")
    await ann.wait_for("all is as it was")
    assert len(await rows_of(rosa, f"/submissions {number}")) == 2
    await ask(ann, "/mydata", "The same to read")
    await ann.press("📤 What may use my answers")
    await ann.wait_for("These projects may use your answers")
    await ann.press("📤 Is the review positive?")
    sure = await ann.wait_for("Take your answers to")
    await ann.press("Yes, take them back", sure)
    ended = text_of(await ann.wait_for("Your consent to"))
    assert "1 answer left" in ended
    assert "submissions (csv)" in ended
    asked = text_of(await rosa.wait_for("has taken 1 answer back"))
    assert "delete this worker" in asked
    assert "Ann" not in asked
    assert len(await rows_of(rosa, f"/submissions {number}")) == 1
    await ask(ann, f"/forget {number}", "nothing to take back")
    await ask(ann, "/forget 99", "nothing to take back")
