"""No text of a stranger turns what stands beside it: not in a chat, on a page, or in what is stored of a project."""

import pytest

from domain.moments import Moment
from domain.normalization import remove_direction_signs
from handlers.screen import SCREENS, Button, Screen, render
from locales import translator
from locales.translator import ISOLATE, POP_ISOLATE
from storage.database import one_transaction
from tests.house import a_project, settle_requester

SIGNS = [*map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A)), "\u061c"]
TURNING = [sign for sign in SIGNS if sign not in (ISOLATE, POP_ISOLATE)]  # those two are our screens' own, in pairs


def test_a_strangers_text_has_none_of_the_signs_that_turn_text() -> None:
    assert [remove_direction_signs(f"Pay 0{sign}5.0") for sign in SIGNS] == ["Pay 05.0"] * len(SIGNS)
    for text in ("سعر 50 USD", "\u200fשלום", "plain"):
        assert remove_direction_signs(text) == text


def test_a_title_and_its_instructions_are_stored_without_them(database_url: str, now: Moment) -> None:
    """Such a title was kept as it came."""
    with one_transaction(database_url, now) as unit:
        requester = settle_requester(unit)
        turned = "".join(SIGNS)
        drafted = a_project(requester.id, now, title=f"Pay{turned} 05.0", instructions=(f"Read{turned}.", "Write."))
        project = unit.projects.get(unit.projects.add(drafted))
        assert (project.title, project.instructions) == ("Pay 05.0", ("Read.", "Write."))


@pytest.mark.parametrize("sign", TURNING)
def test_no_message_turns_its_text_or_a_button(monkeypatch: pytest.MonkeyPatch, sign: str) -> None:
    """Quotations and labels of buttons kept what the words around them were cleared of."""
    words = f"5{sign}0.0"
    shown = Screen(f"<blockquote>{words}</blockquote>", ((Button(words, "a"), Button("b", "b")),))
    monkeypatch.setitem(SCREENS, "turned", lambda facts, t: shown)
    screen = render("turned", {}, "en")
    assert (screen.text, screen.keyboard[0][0].text) == ("<blockquote>50.0</blockquote>", "50.0")
    assert translator("en")("{words}", words=words) == "50.0"
