"""Every screen, in both languages, from realistic facts and from the longest: Telegram would take it."""

import re
from dataclasses import replace
from typing import Any

import pytest

from domain import refusals
from domain.fairness import appeals, review
from domain.fairness.appeals import AnswerRejected, AppealId, AppealToJudge, AppealToRule, Citation
from domain.messages import Message
from domain.moments import Moment
from domain.projects.preflight import TaskPreviewed
from domain.projects.tasks import TaskContent
from domain.work.honest_card import ProjectInstructions
from domain.work.messages import CARD_DETAILS, KEYS_OF_ACTIONS, TaskShown
from formats.captions.caption import MAX_CHARS
from formats.tables.tasks import MAX_MESSAGE_CHARS
from handlers.context import TOAST
from handlers.money.ledger import rule_in_words
from handlers.screen import CAPTION, MESSAGE, SCREENS, Screen, clipped, lines, render, visible_length
from handlers.work.honest_card import ShowInstructions, format_card
from locales import translator
from locales.languages import LANGUAGES
from simulator.text.formatting import Formatted, utf16
from simulator.text.html_text import parse_html
from storage.invariants import list_invariants
from tests.handlers.screens.fairness_samples import ANSWER
from tests.handlers.screens.form_samples import ALONE
from tests.handlers.screens.samples import LONGEST_FACTS, ROWS, SAMPLES, stored
from tests.handlers.screens.work_samples import CARD, CAT, FIRST_FORM, KNOWN, LONG_RULES, LONG_TASK, TASK
from tests.locales.french import flaws

PREVIEWED_LONGEST = TaskPreviewed(
    "é" * MAX_CHARS["title"],
    ("é" * 150,) * 9,
    "choice",
    ("yes", "no"),
    TaskContent("é" * 700, "https://example.org/1.jpg"),
)
REASON = Citation(2, "é" * 200, "é" * review.MAX_REASON_CHARS)
SEEN = replace(ANSWER, content=TaskContent("é" * 3_000, "https://example.org/1.jpg"))
CASES = (
    AppealToJudge(AppealId(4), SEEN, REASON, "é" * appeals.MAX_WORDS_CHARS, ("é" * 140,) * 20),
    AppealToRule(
        AppealId(4), SEEN, REASON, "é" * appeals.MAX_WORDS_CHARS, ("é" * 140,) * 20, Moment(1_790_000_000_000)
    ),
    AnswerRejected(SEEN, REASON, Moment(1_790_000_000_000), 123),
)
Facts = dict[str, Any]
Rules = tuple[str, ...]
USUAL = [(name, facts) for name, samples in SAMPLES.items() for facts in samples]
THEIRS = re.compile(r"Is the review .*?kind\?|Read the review\.|Is the writer pleased\?|a shop's own statistics")


def check(screen: Screen) -> Formatted:
    """What a strict Telegram looks at; returns what is read."""
    read = parse_html(screen.text)
    assert utf16(read.text) <= (CAPTION if screen.photo or screen.file else MESSAGE)
    assert read.text.strip() or screen.menu is not None or screen.keyboard_only
    assert not re.search(r"\n{3,}|\{(?!text\})", read.text)
    buttons = [button for row in screen.keyboard for button in row]
    assert len(buttons) <= 100
    assert not callable(screen.photo) or screen.photo().startswith(b"\x89PNG")
    for button in buttons:
        assert button.text.strip()
        assert (
            1
            <= len((button.data or button.copy or button.page or button.url or "").encode())
            <= (64 if button.data else 256)
        )
    for command, description in screen.menu or ():
        assert re.fullmatch("[a-z0-9_]{1,32}", command)
        assert 1 <= len(description) <= 256
    return read


def test_every_screen_has_a_sample() -> None:
    assert SAMPLES.keys() == SCREENS.keys()
    assert all(SAMPLES.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_screen_is_shown(language: str) -> None:
    for name, facts in USUAL:
        check(render(name, facts, language))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rules", LONG_RULES, ids=["one line", "many lines"])
@pytest.mark.parametrize("kind", ALONE)
def test_every_line_a_rejection_may_cite_is_two_presses_from_its_task(kind: str, rules: Rules, language: str) -> None:
    given = replace(LONG_TASK, kind=kind, instructions=rules, exchange=KEYS_OF_ACTIONS)
    told = ProjectInstructions(LONG_TASK.title, rules)
    task = render(given.stored_as, stored(given), language)
    door = ShowInstructions(project=LONG_TASK.project).pack()
    assert door in [button.data for row in task.keyboard for button in row]
    shown = check(render(told.stored_as, stored(told), language)).text
    assert [at for at, line in enumerate(rules, 1) if f"{at}. {line}" not in shown] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_longest_facts_fit(language: str) -> None:
    for name, facts in LONGEST_FACTS:
        check(render(name, facts, language))


def test_a_french_screen_is_set_in_french() -> None:
    for name, facts in USUAL:
        screen = render(name, facts, "fr")
        shown = [re.sub(r"<blockquote.*?</blockquote>", "", screen.text, flags=re.DOTALL)]
        shown += [button.text for row in screen.keyboard for button in row]
        shown += [description for _, description in screen.menu or ()]
        assert [text for text in shown if list(flaws(THEIRS.sub("", text)))] == [], name


@pytest.mark.parametrize("language", LANGUAGES)
def test_buttons_are_short_enough_for_a_small_phone(language: str) -> None:
    for name, facts in USUAL:
        for row in render(name, facts, language).keyboard:
            for button in row:
                room = 20 if len(row) > 1 else 32
                ours = not button.text.startswith(("0 ·", "1 ·"))
                assert not ours or len(button.text) <= room, f"{name}: {button.text}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_of_work_fits_into_the_window_over_a_button(language: str) -> None:
    for kind in refusals.WorkRefusal.__subclasses__():
        for facts in SAMPLES[f"refusals.{kind.__name__}"]:
            assert visible_length(render(f"refusals.{kind.__name__}", facts, language).text) <= TOAST


@pytest.mark.parametrize("language", LANGUAGES)
def test_options_are_the_first_buttons_word_for_word(language: str) -> None:
    facts = SAMPLES[TaskShown.stored_as][0]
    buttons = [button.text for row in render(TaskShown.stored_as, facts, language).keyboard for button in row]
    assert buttons[: len(facts["options"])] == facts["options"]
    assert len(buttons) == len(facts["options"]) + 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_last_two_buttons_of_every_task_stand_in_the_same_places(language: str) -> None:
    """What ⋯ brings differs by nothing but whether an answer can be changed, and has its way back where ⋯ stood."""
    screens = [(facts, render(TaskShown.stored_as, facts, language)) for facts in SAMPLES[TaskShown.stored_as]]
    for facts, screen in screens:
        last_row = [button.text for button in screen.keyboard[-1]]
        if facts["exchange"] in (KEYS_OF_ACTIONS, CARD_DETAILS):
            assert last_row[1].startswith("⬅️")
        elif not facts["changing"]:
            assert (last_row[0][0], last_row[1]) == ("🤷", "⋯")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_task_is_whole_and_consent_is_asked_however_long_it_is(language: str) -> None:
    for name, facts in LONGEST_FACTS:
        if name == TaskShown.stored_as:
            screen = render(name, facts, language)
            said = parse_html(lines(*screen.before, screen.text)).text
            assert facts["content"]["text"] in said
            assert facts["title"] in said
            assert not facts["card"] or "/leave" in said


def test_what_a_caption_has_no_room_for_stands_above_its_picture() -> None:
    """The first card of a picture form ended in the middle of a sentence, and its instructions were cut."""
    content, rules = TaskContent("word " * 60, "https://example.org/?a=1&b=2"), ("Look at it. " * 20, "Then say. " * 30)
    for language in LANGUAGES:
        for shown in (replace(TASK, content=content, instructions=rules, card=CARD), FIRST_FORM):
            screen = render(shown.stored_as, stored(shown), language)
            assert screen.photo == content.picture
            assert visible_length(screen.text) <= CAPTION
            plain = render(
                shown.stored_as, stored(replace(shown, content=replace(shown.content, picture=None))), language
            )
            above, whole = (parse_html(lines(*parts)).text for parts in (screen.before, (*plain.before, plain.text)))
            assert "…" not in above + screen.text
            assert all(line.strip() in above for line in shown.instructions)
            assert above.splitlines() == [line for line in whole.splitlines() if line in above.splitlines()]
    later = render(TASK.stored_as, stored(replace(TASK, content=content, instructions=rules)), "en")
    assert ("…" in later.text, later.before) == (False, ())  # 📋 shows all of them
    long = render(TASK.stored_as, stored(replace(TASK, content=replace(content, text="word " * 300))), "en")
    assert (long.photo, "word " * 299 in long.before[0]) == (content.picture, True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_terms_of_a_first_task_are_whole_however_long_its_content_and_rules(language: str) -> None:
    """They ended in the middle of a sentence, and so did a picture's instructions."""
    rules = ("Look at it. " * 12,) * 20
    for content in (
        TaskContent("é" * MAX_MESSAGE_CHARS),
        TaskContent("é" * MAX_MESSAGE_CHARS, "https://example.org/1.jpg"),
    ):
        longest = replace(TASK, content=content, instructions=rules, card=KNOWN)
        short = replace(longest, content=TaskContent("."), instructions=("Look.",))
        terms = parse_html(format_card(short, KNOWN, translator(language))).text
        screen = render(TASK.stored_as, stored(longest), language)
        shown = parse_html(lines(*screen.before, screen.text)).text
        assert all(visible_length(words) <= MESSAGE for words in screen.before)
        assert terms in shown
        assert (shown.count(rules[0].strip()), content.text in shown, "…" in shown) == (20, True, False)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", [*CASES, PREVIEWED_LONGEST], ids=lambda case: type(case).__name__)
def test_what_people_decide_on_is_whole_above_a_picture(case: Message, language: str) -> None:
    """A judge read the beginning of a reason; a requester the beginning of what workers see."""
    screen = render(case.stored_as, stored(case), language)
    assert "…" not in lines(*screen.before, screen.text)
    assert all(visible_length(words) <= MESSAGE for words in screen.before)


def test_words_above_a_picture_have_no_signs_that_turn_their_direction() -> None:
    turned = replace(LONG_TASK, content=CAT, card=CARD, instructions=("Yes\u202eoN. " * 90,))
    screen = render(turned.stored_as, stored(turned), "en")
    assert screen.before
    assert "\u202e" not in lines(*screen.before, screen.text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_screen_leaves_the_cutting_of_its_caption_to_the_last_resort(language: str) -> None:
    for name, facts in (*USUAL, *LONGEST_FACTS):
        painted = SCREENS[name](facts, translator(language))
        captioned = painted.photo or painted.voice or painted.file or painted.files
        if captioned or painted.before or name == TaskShown.stored_as:
            assert visible_length(painted.text) <= (CAPTION if captioned else MESSAGE), name


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("column", "expected", "facts"),
    [("gold", "one_of", {"options": ["x" * 100] * 9}), (None, "cells", {"wanted": 5, "found": 17})],
)
def test_fifty_problems_of_a_file_stand_in_one_message(
    language: str, column: str | None, expected: str, facts: dict[str, Any]
) -> None:
    error = {"line": 12_345, "column": column, "value": "v" * 80, "expected": expected, "facts": facts}
    screen = render("refusals.FileRefused", {"name": "a" * 255, "errors": [error] * 50, "total": 9_999}, language)
    assert parse_html(screen.text).text.count("12345") == 50
    assert visible_length(screen.text) <= MESSAGE


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["expected"])
def test_fifty_problems_of_any_sort_stand_in_one_message(language: str, row: Facts) -> None:
    lines = range(100_001, 100_051)
    own = [{name: line for name in ("found", "first") if name in row["facts"]} for line in lines]
    errors = [
        {**row, "line": line, "value": f"{line}{'v' * 74}", "facts": {**row["facts"], **facts}}
        for line, facts in zip(lines, own, strict=True)
    ]
    screen = render("refusals.FileRefused", {"name": "a" * 255, "errors": errors, "total": 50}, language)
    text = parse_html(screen.text).text
    assert re.findall(r"(?:line|ligne) (1000\d\d)", text) == [str(line) for line in lines]
    assert "…" not in text.splitlines()[-1][:2]
    assert visible_length(screen.text) <= MESSAGE


def test_what_was_expected_is_told_once_where_the_rows_need_the_room() -> None:
    address = {"column": "image", "value": "cat number one, on the roof", "expected": "address", "facts": {}}
    length = {"column": "text", "value": "w" * 80, "expected": "length"}
    errors = [{**address, "line": 2}, {**length, "line": 3, "facts": {"limit": 300, "found": 301}}] * 25
    errors[2] = {**errors[2], "value": ""}
    errors[3] = {**length, "line": 3, "facts": {"limit": 300, "found": 499}}
    shown = render("refusals.FileRefused", {"name": "a.csv", "errors": errors, "total": 50}, "en").text
    rows = shown.splitlines()
    assert [row for row in rows if row.startswith("Expected")] == [
        "Expected the address of a file, like https://example.org/1.jpg, or the id of one that you sent to this bot:",
        "Expected at most 300 characters (found …):",
    ]
    assert "<b>line 2, image</b>: “cat number one, on the roof”" in rows
    assert "<b>line 2, image</b> is empty" in rows
    assert f"<b>line 3, text</b>: “{'w' * 80}” (499)" in rows


def test_a_column_without_a_name_is_called_by_its_place() -> None:
    nameless = {"line": 1, "column": "2", "value": "", "expected": "column_name", "facts": {}}
    named = {**nameless, "column": "gold"}
    shown = render("refusals.FileRefused", {"name": "a.csv", "errors": [nameless, named], "total": 2}, "en").text
    assert "line 1, column 2</b> is empty" in shown
    assert "line 1, gold</b> is empty" in shown


def test_clipping_counts_as_telegram_does() -> None:
    assert clipped("👍👍👍", 6) == "👍👍👍"
    assert clipped("👍👍👍", 5) == "👍👍…"
    assert clipped("👍👍👍", 4) == "👍…"
    assert visible_length("<b>👍 &amp;</b>") == 4


def test_every_rule_that_is_checked_has_words():
    """`/verify` is worded for whatever rule is found there."""
    t = translator("en")
    assert all(rule_in_words(invariant.rule, t) for invariant in list_invariants())


@pytest.mark.parametrize(("expected", "hinted"), [("cells", True), ("sheet_cells", False)])
def test_quotation_marks_are_advised_where_a_sign_parts_the_columns(expected: str, hinted: bool) -> None:
    facts = {"wanted": 1, "first": 1, "found": 2}
    error = {"line": 3, "column": "", "value": "text · gold", "expected": expected, "facts": facts}
    shown = render("refusals.FileRefused", {"name": "a.xlsx", "errors": [error], "total": 1}, "en").text
    assert ("quotation marks" in shown) is hinted
