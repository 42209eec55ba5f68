"""A file without a row of names: the card says what was taken for one, and a press makes it a task."""

import pytest

from simulator.crowd.client import buttons_of, text_of
from tests.stories.town import CAPTION, Town, draft, with_lines

ROWS = b"I loved it.\nAwful.\nNot bad.\n"
TASKS = "SELECT content FROM tasks ORDER BY position"


def shown(*texts: str, name: str = "text") -> list[tuple[str]]:
    return [(f'{{"{name}":"{text}"}}',) for text in texts]


async def test_the_first_row_is_told_and_a_press_makes_it_a_task_and_back(anywhere: Town):
    rosa = await anywhere.requester()
    number = await draft(rosa, ROWS)
    assert "column’s name, so it is no task: “I loved it.”. Is it one?" in rosa.text
    assert "🗂 2 tasks" in rosa.text
    await rosa.press("➕ The first row is a task")
    card = await rosa.wait_for("The first row of your file is a task: “I loved it.”", new=True)
    assert "🗂 3 tasks" in text_of(card)
    assert anywhere.rows(TASKS) == shown("I loved it.", "Awful.", "Not bad.")
    await rosa.press("↩️ The first row is no task")
    await rosa.wait_for("Is it one?", new=True)
    assert anywhere.rows(TASKS) == shown("Awful.", "Not bad.", name="I loved it.")
    await rosa.press("➕ The first row is a task")
    await rosa.wait_for("is a task: “I loved it.”", new=True)
    await rosa.upload(ROWS, "reviews.csv", CAPTION)
    again = text_of(await rosa.wait_for("You have sent this file before", new=True))
    assert "🗂 3 tasks" in again
    await rosa.say(f"/launch {number}")
    await rosa.wait_for("set aside")
    ann = await anywhere.worker("Ann", pushed=False)
    await ann.say("/work")
    await ann.wait_for("I loved it.")
    await rosa.say(f"/preview {number}")
    assert not any("first row" in each["text"] for each in buttons_of(await rosa.wait_for("Project 1:", new=True)))
    anywhere.is_in_order()


async def test_a_word_above_words_is_told_and_a_press_makes_it_a_task(home: Town):
    """`message` names many a column; in a list of words it is one of them."""
    rosa = await home.requester()
    await draft(rosa, b"message\nlettre\ncolis\n")
    assert "column’s name, so it is no task: “message”. Is it one?" in rosa.text
    await rosa.press("➕ The first row is a task")
    await rosa.wait_for("The first row of your file is a task: “message”", new=True)
    assert home.rows(TASKS) == shown("message", "lettre", "colis")


async def test_a_line_of_the_caption_says_it_and_an_edit_takes_it_back(home: Town):
    rosa = await home.requester()
    sent = await rosa.upload(ROWS, "reviews.csv", with_lines(CAPTION, header="no"))
    await rosa.wait_for("The first row of your file is a task: “I loved it.”")
    assert home.rows(TASKS) == shown("I loved it.", "Awful.", "Not bad.")
    await rosa.recaption(sent["message_id"], CAPTION)
    await rosa.wait_for("so it is no task: “I loved it.”", new=True)
    assert home.rows("SELECT id, columns FROM projects") == [(1, '["I loved it."]')]


async def test_in_french_the_card_and_the_line_are_french(home: Town):
    rosa = await home.requester()
    await rosa.say("/language")
    await rosa.wait_for("Which language")
    await rosa.press("Français")
    await rosa.wait_for("français")
    await rosa.upload(ROWS, "avis.csv", CAPTION)
    card = text_of(await rosa.wait_for("La première ligne de votre fichier est le nom de la colonne"))
    assert "« I loved it. ». Est-ce une tâche ?" in card.replace("\xa0", " ")
    await rosa.press("➕ La 1re ligne est une tâche")
    await rosa.wait_for("La première ligne de votre fichier est une tâche")
    await rosa.upload(b"Rien \xc3\xa0 dire.\n", "avis.csv", with_lines(CAPTION, **{"en-tête": "non"}))
    await rosa.wait_for("Rien à dire.", new=True)
    assert "est une tâche : « Rien à dire. »" in rosa.text.replace("\xa0", " ")


async def test_a_draft_whose_check_questions_would_go_is_not_read_anew(home: Town):
    rosa = await home.requester()
    number = await draft(rosa, ROWS)

    def checked(unit):
        unit.connection.changed("UPDATE batches SET gold = 1, ordinary = ordinary - 1 WHERE project = :n", n=number)

    await home.alter(checked)
    await rosa.press("➕ The first row is a task")
    told = text_of(await rosa.wait_for("it is not read anew"))
    assert f"/stop_{number}" in told
    assert "header: no" in told
    assert home.one("SELECT count(*) FROM tasks") == 2


@pytest.mark.parametrize("first", ["It was a long evening, and nobody came to see us in the end.  " * 2, "a,a"])
async def test_a_first_row_that_can_name_nothing_leads_to_the_line(home: Town, first: str):
    rosa = await home.requester()
    await rosa.upload(f'"{first}"\nBad.\n'.encode() if "," not in first[:3] else b"a,a\nb,c\n", "reviews.csv", CAPTION)
    assert "add this line to the caption: header: no" in text_of(await rosa.wait_for("Nothing was imported"))
