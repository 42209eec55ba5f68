"""The same project, one question at a time."""

from domain.answers import list_offered_kinds
from simulator.crowd.client import text_of
from tests.stories.town import CAPTION, Town, ask, csv, draft

ANSWERS = (
    ("Is the review positive?", "step 2"),
    ("Read the review.\nIs the writer pleased?", "step 3"),
    ("choice", "4 of 7"),
    ("positive, negative", "5 of 7"),
    ("0.05", "6 of 7"),
    ("1", "7 of 7"),
)


async def test_six_answers_and_a_file_make_a_project(anywhere: Town):
    rosa = await anywhere.requester()
    await ask(rosa, "/newproject", "step 1")
    for said, shown in ANSWERS:
        await ask(rosa, said, shown)
    await draft(rosa, csv("Lovely"), "")
    for line in ("Is the review positive?", "1. Read the review.", "2. Is the writer pleased?", "€0.05"):
        assert line in rosa.text
    await ask(rosa, "hello?", "I did not understand")


async def test_a_bad_answer_is_explained_and_asked_again(home: Town):
    rosa = await home.requester()
    await ask(rosa, "/newproject", "step 1")
    for said, shown in ANSWERS[:2]:
        await ask(rosa, said, shown)
    await ask(rosa, "a riddle", "expected")
    await ask(rosa, *ANSWERS[2])
    await ask(rosa, "only one", "expected")
    await ask(rosa, *ANSWERS[3])
    assert "an amount like 0.05" in await ask(rosa, "a lot", "can't be read")
    await ask(rosa, "0", "above zero")
    await ask(rosa, "$1", "an amount in EUR")
    await ask(rosa, *ANSWERS[4])
    await ask(rosa, "many", "whole number")
    await ask(rosa, *ANSWERS[5])
    assert "waiting for the file" in await ask(rosa, "here it comes", "file")
    assert await draft(rosa, csv("Lovely"), "") == 1


async def test_options_may_be_left_to_the_files_gold(home: Town):
    rosa = await home.requester()
    await ask(rosa, "/newproject", "step 1")
    for said, shown in (*ANSWERS[:3], ("-", "5 of 7"), *ANSWERS[4:]):
        await ask(rosa, said, shown)
    await draft(rosa, csv("Lovely", gold=("yes", "no")), "")
    assert "[ yes ] [ no ]" in rosa.text


async def test_an_instruction_that_looks_like_a_key_is_an_instruction(home: Town):
    rosa = await home.requester()
    await ask(rosa, "/newproject", "step 1")
    await ask(rosa, *ANSWERS[0])
    await ask(rosa, "Read it.\npay: attention\ntitle: ignore it\noptions: see the buttons", "step 3")
    for said, shown in ANSWERS[2:]:
        await ask(rosa, said, shown)
    await draft(rosa, csv("Lovely"), "")
    assert "2. pay: attention" in rosa.text
    assert "4. options: see the buttons" in rosa.text


async def test_cancel_by_button_or_command_keeps_nothing(home: Town):
    rosa = await home.requester()
    await ask(rosa, "/newproject", "step 1")
    await rosa.press("✖️ Cancel")
    await rosa.wait_for("Cancelled")
    await ask(rosa, "a title", "I did not understand")
    await ask(rosa, "/newproject", "step 1")
    await ask(rosa, "A title", "step 2")
    await ask(rosa, "/cancel", "Cancelled")
    await ask(rosa, "/newproject", "step 1")


async def test_a_restart_between_two_questions_loses_nothing(home: Town):
    rosa = await home.requester()
    await ask(rosa, "/newproject", "step 1")
    for said, shown in ANSWERS[:3]:
        await ask(rosa, said, shown)
    await home.restart()
    for said, shown in ANSWERS[3:]:
        await ask(rosa, said, shown)
    await home.restart()
    assert await draft(rosa, csv("Lovely"), "") == 1


async def test_a_file_with_errors_leaves_the_answers_for_the_next_try(home: Town):
    rosa = await home.requester()
    await ask(rosa, "/newproject", "step 1")
    for said, shown in ANSWERS:
        await ask(rosa, said, shown)
    await rosa.upload(b"text,gold\nLovely,maybe\n", "reviews.csv")
    await rosa.wait_for("Nothing was imported")
    assert await draft(rosa, csv("Lovely"), "") == 1


async def test_a_file_sent_too_early_does_not_lose_the_answers(home: Town):
    rosa = await home.requester()
    await ask(rosa, "/newproject", "step 1")
    await ask(rosa, *ANSWERS[0])
    await rosa.upload(csv("Lovely"), "reviews.csv")
    await rosa.wait_for(r"reviews\.csv is kept")
    for said, shown in ANSWERS[1:]:
        await ask(rosa, said, shown)
    await rosa.press("📎 Take reviews.csv")
    await rosa.wait_for(r"Project 1:")


async def test_commands_work_between_two_questions(home: Town):
    rosa = await home.requester()
    await ask(rosa, "/newproject", "step 1")
    await ask(rosa, "/funds", "Your funds")
    await ask(rosa, *ANSWERS[0])


async def test_the_button_on_the_grant_begins_the_wizard(home: Town):
    rosa = await home.phone("Rosa")
    await ask(rosa, "/start", "Hello")
    await home.admin.say(f"/role {rosa.id} requester on")
    await rosa.wait_for("You may open projects now")
    await rosa.press("➕ New project")
    await rosa.wait_for("step 1")


async def test_a_wizard_under_way_does_not_stand_in_the_way_of_one_message(home: Town):
    rosa = await home.requester()
    await ask(rosa, "/newproject", "step 1")
    assert await draft(rosa, csv("Lovely"), CAPTION) == 1
    await ask(rosa, "hm", "I did not understand")


async def test_the_kind_is_pressed_and_options_are_asked_only_where_it_has_some(home: Town):
    rosa = await home.requester()
    await ask(rosa, "/newproject", "step 1")
    await ask(rosa, "How many people?", "step 2")
    await ask(rosa, "Count them.", "How do workers answer")
    assert len(rosa.keyboard) == len(list_offered_kinds()) + 2  # back, cancel
    await rosa.press("⚖️ The better one")
    await rosa.wait_for("What is compared")  # in the same message: the chat gets no longer
    await rosa.press("⬅️ Back")
    await rosa.wait_for("How do workers answer")
    await rosa.press("🔢 A number")
    assert "4 of 6" in text_of(await rosa.wait_for("What do you pay"))
    await ask(rosa, "0.05", "5 of 6")
    await ask(rosa, "2", "6 of 6")
    await draft(rosa, b"text\nthe square at noon\n", "")
    assert home.rows("SELECT kind, options, overlap FROM projects") == [("number", "[]", 2)]


async def test_where_no_column_is_plainly_the_shown_one_it_is_pressed(home: Town):
    rosa = await home.requester()
    await ask(rosa, "/newproject", "step 1")
    for said, shown in ANSWERS:
        await ask(rosa, said, shown)
    await rosa.upload(b"review,shop\nLovely,Lille\nAwful,Lyon\n", "reviews.csv")
    await rosa.wait_for("Which column do workers see")
    assert list(rosa.keyboard)[:2] == ["review", "shop"]
    await rosa.press("review")
    assert "Lovely" in text_of(await rosa.wait_for(r"Project 1:"))
    assert home.rows("SELECT template, columns FROM projects") == [("{review}", '["review","shop"]')]


async def test_a_form_in_the_caption_keeps_its_answers_while_a_column_is_chosen(home: Town):
    rosa = await home.requester()
    await rosa.upload(b"review,shop\nLovely,Lille\n", "reviews.csv", CAPTION)
    chosen = await rosa.wait_for("Which column do workers see")
    await rosa.press("shop")
    assert "Lille" in text_of(await rosa.wait_for(r"Project 1:"))
    await rosa.press("review", chosen)  # the draft is a project already
    await home.until(lambda: not home.rows("SELECT 1 FROM inbox WHERE state = 'waiting'"))
    assert home.one("SELECT count(*) FROM projects") == 1
