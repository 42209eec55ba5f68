"""Every screen fits into one message that Telegram takes, whatever its facts are."""

from collections.abc import Iterator
from functools import cache
from itertools import cycle
from typing import Any

import pytest

from handlers.screen import CAPTION, MESSAGE, SCREENS, render, shorten_html, visible_length
from locales.languages import LANGUAGES
from simulator.text.formatting import utf16
from simulator.text.html_text import parse_html
from tests.handlers.screens.samples import SAMPLES

Facts = dict[str, Any]
Path = tuple[str | int, ...]
# Each is longer than a message, as Telegram counts it.
EXTREMES = (
    "x" * 4_200,
    "<b>&amp;\"'" * 450,
    "👩‍👩‍👧‍👦🏳️‍🌈" * 250,
    "a\n" * 2_100,
    "\u202eعربي\u0301" * 700,
    "{text}%s\u2028" * 470,
)
MANY, LONGEST = 300, 2_100  # times as long a list, and its items at most: with two units each they overfill a message
LARGE = 10**14
SHARES = 12  # so many tests take a part of the screens each
# Both tests of a share run in turn, in one process as a rule: what is free in its screens is found out once.
in_shares = pytest.mark.parametrize("share", range(SHARES), scope="module")
# Words of ours, not of people's: another one is another screen, or none.
OURS = {
    "kind",
    "what",
    "format",
    "language",
    "currency",
    "state",
    "screen",
    "wants",
    "accept",
    "zone",
    "month",
    "before",
    "draft",
    "pen",
    "rule",
    "usage",
    "means",
    "wise",
    "channel",
    "signed",
}


def leaves(facts: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Each text, number and list in the facts, and where it is."""
    if isinstance(facts, list | tuple):
        yield path, facts
    if isinstance(facts, dict | list | tuple):
        for key, value in facts.items() if isinstance(facts, dict) else enumerate(facts):
            yield from leaves(value, (*path, key))
    elif isinstance(facts, str) or (isinstance(facts, int) and not isinstance(facts, bool)):
        yield path, facts


def put(facts: Any, path: Path, value: Any) -> Any:
    """The same with another value there."""
    if not path:
        return value
    key, *rest = path
    if isinstance(facts, dict):
        return {**facts, key: put(facts[key], tuple(rest), value)}
    return [put(each, tuple(rest), value) if at == key else each for at, each in enumerate(facts)]


def is_shown(name: str, facts: Facts) -> bool:
    try:
        render(name, facts, "en")
    except Exception:
        return False
    return True


def shape(path: Path) -> Path:
    """The same for each item of a list."""
    return tuple("*" if isinstance(key, int) else key for key in path)


@cache
def free(name: str, sample: int) -> list[tuple[Path, Any]]:
    """What people, time and money decide: a screen is shown with another value as well."""
    found, facts = [], SAMPLES[name][sample]
    shown: dict[Path, bool] = {}
    for path, value in leaves(facts):
        other = [*value, *value] if isinstance(value, list | tuple) else "zz" if isinstance(value, str) else value + 1
        if OURS & set(path):
            continue
        if shape(path) not in shown:
            shown[shape(path)] = is_shown(name, put(facts, path, other))
        if shown[shape(path)]:
            found.append((path, value))
    return found


def single(name: str, sample: int) -> list[tuple[Path, Any]]:
    """Of the items of a list the last alone."""
    return list({shape(path): (path, value) for path, value in free(name, sample)}.values())


def extreme(value: Any, text: str) -> Any:
    return text if isinstance(value, str) else LARGE if isinstance(value, int) else ([*value] * MANY)[:LONGEST]


def check(name: str, facts: Facts, language: str) -> None:
    """As a strict Telegram looks at it."""
    screen = render(name, facts, language)
    read = parse_html(screen.text)
    room = CAPTION if screen.photo or screen.voice or screen.file else MESSAGE
    assert utf16(read.text) <= room
    assert read.text.strip() or screen.menu is not None or screen.keyboard_only
    buttons = [button for row in screen.keyboard for button in row]
    assert len(buttons) <= 100
    for button in buttons:
        assert button.text.strip()
        assert utf16(button.text) <= 256
        assert len((button.data or "").encode()) <= 64


@in_shares
def test_a_screen_fits_however_extreme_one_of_its_facts_is(share: int) -> None:
    for name in sorted(SCREENS)[share::SHARES]:
        for sample, facts in enumerate(SAMPLES[name]):
            for path, value in single(name, sample):
                for text in EXTREMES[1:2] if isinstance(value, str) else EXTREMES[:1]:
                    check(name, put(facts, path, extreme(value, text)), "en")


@in_shares
def test_a_screen_fits_when_all_people_wrote_is_extreme(share: int) -> None:
    for name in sorted(SCREENS)[share::SHARES]:
        overwrite(name)


def overwrite(name: str) -> None:
    """Each extreme text in one language, in turn: what is cut does not depend on what stands around it."""
    for sample, facts in enumerate(SAMPLES[name]):
        for text, language in zip(EXTREMES, cycle(LANGUAGES), strict=False):
            worst = facts
            for path, value in free(name, sample):
                if isinstance(value, str):
                    worst = put(worst, path, text)
            check(name, worst, language)


def test_what_is_cut_keeps_its_tags_whole() -> None:
    html = '<b>Some &amp; <i>such</i></b> <a href="https://e.org/?a=1&amp;b=2">👍👍</a> '
    html += "<blockquote expandable>end</blockquote>"
    for room in range(1, 40):
        cut = shorten_html(html, room)
        read = parse_html(cut).text
        assert visible_length(cut) == utf16(read) <= room
        assert cut == html or read.endswith("…")
        assert "Some & such 👍👍 end".startswith(read.removesuffix("…").rstrip())
        assert len(read.removesuffix("…").rstrip()) >= min(room, 20) - 4  # no more is left out than must be
