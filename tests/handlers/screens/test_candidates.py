"""What is compared or ranked is seen as pictures, wherever its task is shown."""

import re
from dataclasses import replace
from typing import Any

import pytest

from domain.fairness.messages.appeals import AnswerShown, RejectionUpheld
from domain.messages import Message
from domain.projects.tasks import TaskContent
from domain.quality.messages.gold import GoldReviewed
from handlers.screens import Screen, render
from tests.handlers.screens import explanation_samples, fairness_samples
from tests.handlers.screens.project_samples import PREFLIGHT, PREVIEWED
from tests.handlers.screens.quality_samples import ASKED, DOUBTED, SUGGESTED
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


REVIEWED = GoldReviewed("Nice?", "choice", (), TaskContent("?"), ("A",), kept=True)


def spoken_of(shown: AnswerShown) -> list[Message]:
    """All that shows a task once more."""
    task: dict[str, Any] = {"kind": shown.kind, "options": shown.options, "content": shown.content}
    doubts = [replace(DOUBTED, **task), replace(REVIEWED, **task)]
    judged = [each for each in fairness_samples.longest_about(shown) if not isinstance(each, RejectionUpheld)]
    return [*judged, explanation_samples.about(shown=shown), *doubts]


def test_a_task_that_is_reviewed_judged_or_explained_is_seen_with_its_pictures() -> None:
    shown = replace(fairness_samples.ANSWER, kind="rank", answer="B>A>C", options=LETTERS, content=TaskContent(PHOTOS))
    for message in spoken_of(shown):
        screen = paint(message)
        assert [picture.photo for picture in screen.album] == re.findall(r"https\S+", PHOTOS)
        assert "x.org" not in screen.text
        assert "Which is nicer?" in " ".join([*screen.before, screen.text])
    for message in spoken_of(replace(fairness_samples.ANSWER, content=TaskContent("", "https://x.org/1.jpg"))):
        screen = paint(message)
        assert "https://x.org/1.jpg" in (screen.photo, *(each.photo for each in screen.album))
        assert "x.org" not in screen.text
