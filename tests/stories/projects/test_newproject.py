"""A project in one message: a file with a caption."""

import io

import openpyxl
import pytest

from simulator.crowd.client import buttons_of, text_of
from tests.stories.town import CAPTION, Town, ask, csv, draft, with_lines

TSV = b"text\tgold\nLovely\t\nAwful\t\nknown\tnegative\n"
JSONL = b'{"text": "Lovely"}\n{"text": "Awful"}\n{"text": "known", "gold": "negative"}\n'
TOLOKA = b"INPUT:text\tGOLDEN:answer\tHINT:text\nLovely\t\t\nAwful\t\t\nknown\tnegative\tit says so\n"


def workbook() -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in (("text", "gold"), ("Lovely", None), ("Awful", None), ("known", "negative")):
        book.active.append(row)
    book.save(out)
    return out.getvalue()


FILES = {
    "reviews.csv": csv("Lovely", "Awful", gold=("negative",)),
    "semicolons.csv": "text;gold\r\nLovely – vraiment;\r\nAwful;\r\nknown;negative\r\n".encode("cp1252"),
    "reviews.tsv": TSV,
    "reviews.jsonl": JSONL,
    "reviews.xlsx": workbook(),
    "toloka.tsv": TOLOKA,
}


@pytest.mark.parametrize("name", FILES)
async def test_each_kind_of_file_becomes_the_same_project(home: Town, name: str):
    rosa = await home.requester()
    assert await draft(rosa, FILES[name], name=name) == 1
    card = rosa.text
    assert "2 tasks · 1 gold" in card
    assert "Lovely" in card
    assert home.rows("SELECT count(*), count(gold) FROM tasks") == [(3, 1)]


async def test_the_card_tells_cost_fee_hourly_pay_and_what_a_worker_sees(anywhere: Town):
    rosa = await anywhere.requester(euros="0")
    await draft(rosa, csv("Lovely and quick", "Awful", gold=("negative",)), with_lines(CAPTION, overlap=3))
    card = rosa.text
    assert "Is the review positive?" in card
    assert "2 tasks · 1 gold (check question) · 3 answers each" in card
    assert "€0.495 at most: 9 answers × €0.05 = €0.45" in card
    assert "€60.00 an hour (minimum €12.88 ✓)" in card
    assert "1. Read the review." in card
    assert "2. Is the writer pleased?" in card
    assert "Lovely and quick" in card
    assert "[ positive ] [ negative ]" in card
    assert "You have €0.00 free: €0.495 is missing." in card


async def test_all_errors_are_told_at_once_and_nothing_is_imported(home: Town):
    rosa = await home.requester()
    rows = b"text,gold,overlap\nLovely,,\n,positive,\nAwful,great,\nFine,positive,none\n"
    await rosa.upload(rows, "reviews.csv", CAPTION)
    told = text_of(await rosa.wait_for("Nothing was imported"))
    assert "reviews.csv: 3 problems" in told
    assert "line 3, text is empty – expected something: the template shows this column" in told
    assert "line 4, gold: “great” – expected one of positive, negative" in told
    assert "line 5, overlap: “none” – expected a whole number from 1 to 1000" in told
    assert home.rows("SELECT 1 FROM projects") == []
    assert home.rows("SELECT 1 FROM tasks") == []


async def test_many_errors_fit_one_message_and_the_rest_is_counted(home: Town):
    rosa = await home.requester()
    rows = "text,gold\n" + "".join(f"review {n},nonsense number {n} of them\n" for n in range(200))
    await rosa.upload(rows.encode(), "reviews.csv", CAPTION)
    told = text_of(await rosa.wait_for("Nothing was imported"))
    assert "200 problems" in told
    assert "more" in told.splitlines()[-1]


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02\x03" * 50, b"text\n", b"\x89PNG\r\n\x1a\n0000"])
async def test_what_is_no_table_of_tasks_is_refused_kindly(home: Town, content: bytes):
    rosa = await home.requester()
    if content:
        await rosa.upload(content, "reviews.csv", CAPTION)
        await rosa.wait_for("Nothing was imported")
    assert home.rows("SELECT 1 FROM projects") == []


async def test_a_form_with_mistakes_names_each_of_them(home: Town):
    rosa = await home.requester()
    caption = "/newproject\ntitle: Is it?\nkind: guess\npay: much\noverlap: 0\ncolour: red"
    await rosa.upload(csv("Lovely"), "reviews.csv", caption)
    told = text_of(await rosa.wait_for("can't be read yet"))
    for problem in ("instructions", "kind", "pay: “much” – expected an amount like 0.05", "overlap", "colour"):
        assert problem in told
    assert home.rows("SELECT 1 FROM projects") == []


async def test_another_currencys_sign_is_no_pay(home: Town):
    rosa = await home.requester()
    await rosa.upload(csv("Lovely"), "reviews.csv", with_lines(CAPTION, pay="$0.05"))
    await rosa.wait_for("an amount in EUR")


async def test_the_same_file_is_recognised(home: Town):
    rosa = await home.requester()
    assert await draft(rosa, csv("Lovely")) == 1
    assert await draft(rosa, csv("Lovely")) == 1
    assert "sent this file before" in rosa.text
    assert home.one("SELECT count(*) FROM tasks") == 1


async def test_the_same_file_with_another_price_or_requester_is_another_project(home: Town):
    rosa, rob = await home.requester("Rosa"), await home.requester("Rob")
    assert await draft(rosa, csv("Lovely")) == 1
    assert "very file" not in rosa.text
    assert await draft(rosa, csv("Lovely"), with_lines(CAPTION, pay="0.06")) == 2
    assert "This very file is in project 1, too: “Is the review positive?”. /stop 1 ends that one." in rosa.text
    assert await draft(rob, csv("Lovely")) == 3


async def test_the_same_file_added_to_a_project_is_told(home: Town):
    rosa = await home.requester()
    assert await draft(rosa, csv("Lovely")) == 1
    assert await draft(rosa, csv("Awful")) == 2
    await rosa.upload(csv("Fine"), "more.csv", "/add 1")
    await rosa.wait_for("2 tasks")
    assert "very file" not in rosa.text
    await rosa.upload(csv("Lovely"), "reviews.csv", "/add 1")
    await rosa.wait_for("This very file is in this project already")
    await rosa.upload(csv("Awful"), "reviews.csv", "/add 1")
    await rosa.wait_for("This very file is in project 2, too")
    await rosa.upload(csv("Awful"), "reviews.csv", "/add 1")
    await rosa.wait_for("sent this file before")
    assert home.one("SELECT count(*) FROM tasks WHERE project = 1") == 4


async def test_a_file_delivered_twice_is_one_project(home: Town):
    rosa = await home.requester()
    home.telegram.faults.add("duplicate", method="getUpdates", count=1)
    await draft(rosa, csv("Lovely"))
    await ask(rosa, "/projects", "Your projects")
    assert home.one("SELECT count(*) FROM projects") == 1


async def test_the_form_may_come_before_its_file(home: Town):
    rosa = await home.requester()
    await ask(rosa, CAPTION, "Now send the file")
    assert await draft(rosa, csv("Lovely"), "") == 1
    await rosa.upload(csv("Other"), "other.csv")
    await rosa.wait_for("What is it for")


async def test_a_file_without_a_word_opens_the_wizard(home: Town):
    rosa = await home.requester()
    await rosa.upload(csv("Lovely"), "reviews.csv", "here you are")
    await rosa.press("➕ New project", await rosa.wait_for("What is it for"))
    await rosa.wait_for("step 1")


async def test_options_may_come_from_gold(home: Town):
    rosa = await home.requester()
    caption = "\n".join(line for line in CAPTION.splitlines() if not line.startswith("options"))
    await draft(rosa, csv("Lovely", gold=("yes", "no")), caption)
    assert "[ yes ] [ no ]" in rosa.text


async def test_a_file_of_gold_alone_has_nothing_to_launch(home: Town):
    rosa = await home.requester()
    number = await draft(rosa, csv(gold=("positive",)))
    assert "1 check question, and no task without a known answer" in rosa.text
    assert f"/add {number}" in rosa.text
    await ask(rosa, f"/launch {number}", "no new tasks")


async def test_rows_with_an_empty_cell_can_be_left_out(home: Town):
    rosa = await home.requester()
    await rosa.upload(b"text,shop\nLovely,Lille\n,Lyon\nAwful,Metz\n  ,Nice\n", "reviews.csv", CAPTION)
    offered = await rosa.wait_for("2 cells that workers would see are empty")
    assert all(line in text_of(offered) for line in ("line 3, text", "line 5, text"))
    assert home.one("SELECT count(*) FROM projects") == 0
    await rosa.press("🧹 Leave these rows out")
    card = text_of(await rosa.wait_for(r"Project 1:"))
    assert "2 tasks" in card
    assert "is empty: 2." in card
    await rosa.upload(b"text,shop\nFine,Lille\n,Lyon\n", "more.csv", "/add 1")
    await rosa.wait_for("1 cell that workers would see is empty")
    await rosa.press("🧹 Leave these rows out")
    await rosa.wait_for("3 tasks")
    await ask(rosa, "hello?", "I did not understand")
    await rosa.press("🧹 Leave these rows out", offered)  # it is a project already
    await home.until(lambda: not home.rows("SELECT 1 FROM inbox WHERE state = 'waiting'"))
    assert home.one("SELECT count(*) FROM tasks") == 3


async def test_an_edited_caption_offers_to_leave_rows_out(home: Town):
    rosa = await home.requester()
    reviews = b"text,shop\nLovely,Lille\n,Lyon\nAwful,Metz\n"
    sent = await rosa.upload(reviews, "reviews.csv", CAPTION + "\ntemplate: {shop}")
    await rosa.wait_for(r"Project 1:")
    await rosa.recaption(sent["message_id"], CAPTION)
    await rosa.wait_for("1 cell that workers would see is empty")
    await rosa.press("🧹 Leave these rows out")
    assert "2 tasks" in text_of(await rosa.wait_for("is empty: 1."))
    assert home.rows("SELECT id, template FROM projects") == [(1, "{text}")]
    assert home.one("SELECT count(*) FROM drafts") == 0


async def test_an_empty_cell_beside_another_problem_is_refused(home: Town):
    rosa = await home.requester()
    await rosa.upload(b"text,gold\n,positive\nLovely,maybe\n", "reviews.csv", CAPTION)
    await rosa.wait_for("2 problems")


async def test_a_file_sent_before_its_form_need_not_be_sent_again(home: Town):
    rosa = await home.requester()
    await rosa.upload(csv("Lovely", "Awful"), "reviews.csv")
    await rosa.wait_for("What is it for")
    await ask(rosa, CAPTION, "Or take the one you have sent: reviews.csv")
    await rosa.press("📎 Take reviews.csv")
    assert "2 tasks" in text_of(await rosa.wait_for(r"Project 1:"))


async def test_a_max_overlap_without_a_confidence_is_told_to_do_nothing(home: Town):
    rosa = await home.requester()
    await draft(rosa, csv("Lovely"), with_lines(CAPTION, max_overlap="5"))
    assert "max_overlap does nothing without confidence: each task takes its 1 answers" in rosa.text


async def test_markup_in_a_file_is_text(home: Town):
    rosa = await home.requester()
    evil = 'text\n"<b>bold</b> & <a href=""tg://user?id=1"">{title}</a>"\n'
    await home.project(
        rosa, evil.encode(), with_lines(CAPTION, title="<i>Is it?</i> & {text}", options="a<b, a>b", seconds="5")
    )
    ann = await home.worker("Ann")
    await ann.say("/work")
    task = await ann.wait_for("bold")
    assert '<b>bold</b> & <a href="tg://user?id=1">{title}</a>' in text_of(task)
    assert "<i>Is it?</i> & {text}" in text_of(task)
    assert [button["text"] for button in buttons_of(task)][:2] == ["a<b", "a>b"]
    await ann.press("a<b")
    await ann.wait_for("No task")


async def test_projects_are_listed_and_a_press_shows_one(home: Town):
    rosa = await home.requester()
    await ask(rosa, "/projects", "no project yet")
    await draft(rosa, csv("Lovely"))
    await ask(rosa, "/projects", "Your projects")
    await rosa.press(rosa.keyboard[0])
    await rosa.wait_for("not launched")
    assert rosa.keyboard == ["👀 Preview", "✏️ Instructions", "📑 Clone", "🗑 Delete"]  # more answers are asked later
    await rosa.press("👀 Preview")
    await rosa.wait_for_button("🚀 Launch")
