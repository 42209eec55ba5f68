"""What is compared or ranked is seen as pictures, wherever its task is shown."""

import re
from dataclasses import replace
from typing import Any

import pytest

from domain.messages import Message
from domain.projects.tasks import TaskContent
from handlers.screens import Screen, render
from tests.handlers.screens.project_samples import PREFLIGHT, PREVIEWED
from tests.handlers.screens.quality_samples import ASKED, SUGGESTED
from tests.handlers.screens.samples import stored
from tests.handlers.screens.work_samples import TASK

PHOTOS = "Which is nicer?\n\nA: https://x.org/1.jpg\n\nB: https://x.org/2.png?size=9\n\nC: https://x.org/3.JPG"
LETTERS = ("A", "B", "C")


def paint(message: Message) -> Screen:
    return render(message.stored_as, stored(message), "en")


@pytest.mark.parametrize("kind", ["compare", "rank", "best_worst"])
@pytest.mark.parametrize("of", [TASK, PREVIEWED, ASKED, SUGGESTED], ids=lambda message: type(message).__name__)
def test_candidates_that_are_pictures_are_an_album(of: Any, kind: str) -> None:
    place = "sample" if of is PREVIEWED else "content"
    screen = paint(replace(of, kind=kind, options=LETTERS, **{place: TaskContent(PHOTOS)}))
    assert [picture.caption for picture in screen.album] == ["<b>A</b>", "<b>B</b>", "<b>C</b>"]
    assert [picture.photo for picture in screen.album] == re.findall(r"https\S+", PHOTOS)
    assert "x.org" not in screen.text
    assert "Which is nicer?" in screen.text


@pytest.mark.parametrize("text", [PHOTOS.replace(".png", ".html"), PHOTOS.replace("C: ", "")])
def test_where_one_of_them_is_no_picture_the_text_is_as_it_was(text: str) -> None:
    screen = paint(replace(TASK, kind="rank", options=LETTERS, content=TaskContent(text)))
    assert screen.album == ()
    assert text.splitlines()[-1] in screen.text


def test_the_card_leaves_the_task_to_the_message_with_its_pictures() -> None:
    card = replace(PREFLIGHT, kind="rank", options=LETTERS, sample=TaskContent(PHOTOS))
    assert "x.org" not in paint(card).text
    assert "one of them" in paint(replace(card, sample=TaskContent("A: one of them"))).text
