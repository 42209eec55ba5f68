"""Every screen in a language made up for it: a folder is all that a language is."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from handlers.screen import CAPTION, MESSAGE, SCREENS, Screen, render, visible_length
from locales import translator
from locales.languages import LANGUAGES, language_for
from locales.presets import list_presets
from locales.translator import ISOLATE, POP_ISOLATE
from simulator.text.html_text import parse_html
from tests.handlers.screens.samples import SAMPLES
from tests.locales import pseudo

USUAL = [(name, facts) for name, samples in SAMPLES.items() for facts in samples]
NAMES = {"Telegram", "Pouce", "IBAN", "BIC", "SEPA", "PDF", "CSV", "UTC", "EUR", "USD", "huggingface", "co"}
NAMES |= {word for each in LANGUAGES.values() for word in re.findall(r"[A-Za-z]{2,}", each.name)}
NAMES |= {
    word for each in list_presets("en") for word in re.findall(r"[A-Za-z]{2,}", each.label)
}  # in a folder of its own
LISTS = {"refusals.FileRefused"}  # fifty errors share one message: their values are shortened to its room


@pytest.fixture(scope="module")
def language(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with pseudo.spoken(Path(tmp_path_factory.mktemp("locales"))) as code:
        yield code


def leaves(facts: Any) -> Iterator[str]:
    """Every word that people or the program put into a screen."""
    if isinstance(facts, dict):
        facts = [*facts.values()]
    if isinstance(facts, list | tuple):
        for each in facts:
            yield from leaves(each)
    elif isinstance(facts, str):
        yield from re.findall(r"[A-Za-z]{2,}", facts)


def shown(screen: Screen) -> list[str]:
    """What is read, without what is to be typed or copied."""
    text = re.sub(r"<(code|pre|a)\b.*?</\1>", " ", screen.text, flags=re.DOTALL)
    buttons = [button.text for row in screen.keyboard for button in row]
    return [parse_html(text).text, *buttons, *(meaning for _, meaning in screen.menu or ())]


def test_no_text_stays_english(language: str) -> None:
    for name, facts in USUAL:
        theirs = {*leaves(facts), *NAMES}
        for text in shown(render(name, facts, language)):
            words = re.findall(r"[A-Za-z]{2,}", re.sub(r"/\w+(?: skill)?|#\w+", " ", text))
            english = [word for word in words if not any(each.startswith(word) for each in theirs)]
            assert english == [], f"{name}: {text}"


def cuts(screen: Screen) -> int:
    """Words that were shortened; a list that ends with how many more there are is not."""
    return sum(line.count("…") for line in screen.text.splitlines() if not line.startswith("…"))


def test_nothing_is_cut(language: str) -> None:
    for name, facts in USUAL:
        is_whole(language, name, facts)


def is_whole(language: str, name: str, facts: dict[str, Any]) -> None:
    painted, sent = SCREENS[name](facts, translator(language)), render(name, facts, language)
    room = CAPTION if painted.photo or painted.voice or painted.file else MESSAGE
    assert visible_length(painted.text) <= room
    assert sent.text == painted.text
    assert name in LISTS or cuts(sent) == cuts(render(name, facts, "en"))
    assert [b.text for row in sent.keyboard for b in row] == [b.text for row in painted.keyboard for b in row]
    for row in sent.keyboard:
        assert len(row) == 1 or all(len(button.text) <= LANGUAGES[language].half_row for button in row)


def test_what_runs_the_other_way_is_isolated(language: str) -> None:
    title, theirs = "Is the review positive?", "שלום"
    apart = translator(language)("<b>{title}</b>", title=title)
    assert apart == f"<b>{ISOLATE}{title}{POP_ISOLATE}</b>"
    assert translator(language)("<b>{title}</b>", title=theirs) == f"<b>{theirs}</b>"
    assert translator("en")("{title}: {pay}", title=theirs, pay="1") == f"{ISOLATE}{theirs}{POP_ISOLATE}: 1"
    assert translator("fr")("<b>{title}</b>", title=title) == f"<b>{title}</b>"
    assert translator("en").plain("📄 {title}", title=theirs) == f"📄 {ISOLATE}{theirs}{POP_ISOLATE}"


def test_what_is_copied_holds_nothing_invisible(language: str) -> None:
    assert translator(language)("<code>{iban}</code> {name}", iban="FR76", name="Ann") == (
        f"<code>FR76</code> {ISOLATE}Ann{POP_ISOLATE}"
    )


def test_titles_keep_their_direction_on_the_screens(language: str) -> None:
    seen = 0
    for name, facts in USUAL:
        text = parse_html(render(name, facts, language).text).text
        title = str(facts.get("title", ""))[:9]
        for found in re.finditer(re.escape(title), text) if len(title) == 9 else ():
            assert text[found.start() - 1] == ISOLATE, f"{name}: {text}"
            seen += 1
    assert seen > 20


def test_it_is_offered_beside_the_others_and_found_by_its_code(language: str) -> None:
    assert language_for("he-IL", "en") == "he"
    names = [button.text for row in render("people.LanguageQuestion", {}, "en").keyboard for button in row]
    assert names == [each.name for each in LANGUAGES.values()]
    assert LANGUAGES[language].name in names


def test_each_language_needs_no_more_than_its_folder() -> None:
    assert {"en", "fr"} <= LANGUAGES.keys()
    for code, each in LANGUAGES.items():
        assert each.direction in ("ltr", "rtl")
        assert (each.folder / "LC_MESSAGES" / "pouce.po").is_file() is (code != "en")
