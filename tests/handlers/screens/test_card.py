"""The honest card asks for a person's own words where words are typed, and nowhere else."""

from dataclasses import replace

import pytest

from domain.projects.form_questions import ON_PAGE, FormQuestion, pack_questions
from domain.work.messages import CARD_DETAILS, KEYS_OF_ACTIONS, TaskShown
from formats.captions.questions import read_lines
from handlers.screen import render
from handlers.work.honest_card import format_card, format_details
from locales import translator
from tests.handlers.screens import work_samples
from tests.handlers.screens.samples import stored

SHOWN = next(each for each in work_samples.MESSAGES if isinstance(each, TaskShown) and each.card)


@pytest.mark.parametrize(
    ("kind", "asks"), [("text", True), *((kind, False) for kind in ("number", "choice", "photo", "voice", "location"))]
)
def test_words_are_asked_for_as_a_persons_own(kind: str, asks: bool) -> None:
    assert SHOWN.card is not None
    shown = format_card(replace(SHOWN, kind=kind), SHOWN.card, translator("en"))
    assert ("own words" in shown) == asks


@pytest.mark.parametrize(
    ("kind", "options", "asks"),
    [
        ("form", ("choice | A car? | yes, no", "text | What else?", "text | Why?"), 1),
        ("form", ("choice | A car? | yes, no", "number | How many?"), 0),
        ("questionnaire", ("text | Why?",), 1),
    ],
)
def test_a_form_asks_so_once_where_a_question_is_answered_in_words(
    kind: str, options: tuple[str, ...], asks: int
) -> None:
    assert SHOWN.card is not None
    task = replace(SHOWN, kind=kind, options=read_lines("\n".join(options)))
    assert format_card(task, SHOWN.card, translator("en")).count("own words") == asks


def test_a_page_of_a_requesters_asks_for_itself() -> None:
    assert SHOWN.card is not None
    task = replace(SHOWN, kind="questionnaire", options=pack_questions([FormQuestion(ON_PAGE, "text", "")]))
    assert "own words" not in format_card(task, SHOWN.card, translator("en"))


def test_the_last_task_of_a_project_is_not_called_none_left() -> None:
    assert SHOWN.card is not None
    shown = format_details(SHOWN, replace(SHOWN.card, left=0), translator("en"))
    assert "0 left" not in shown
    assert "the last one" in shown


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("kind", ["choice", "number", "photo", "text"])
def test_the_first_task_shows_how_to_ask_to_report_and_where_to_talk(kind: str, language: str) -> None:
    """Without a command: two buttons of a few words behind ⋯, and the board's link among the card's details."""
    task = replace(SHOWN, kind=kind)
    details, actions = (
        render(task.stored_as, stored(replace(task, exchange=keys)), language)
        for keys in (CARD_DETAILS, KEYS_OF_ACTIONS)
    )
    buttons = [button.text for row in actions.keyboard for button in row]
    assert sum(text.startswith("❓") for text in buttons) == 1
    assert sum(text.startswith("🚩") for text in buttons) == 1
    assert f"/board_{task.project}" in str(details.text)
