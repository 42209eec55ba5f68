"""What a person is shown: a text, buttons, perhaps a picture or a file. Pure values, no Telegram names."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from locales import Html, Translator, translator

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Button:
    """One of `data`, `url`, `copy`; `style` is danger, success, primary or empty."""

    text: str
    data: str | None = None
    url: str | None = None
    copy: str | None = None
    style: str = ""


@dataclass(frozen=True, slots=True)
class FileOrder:
    """A file to be made when it is sent: `what` names its maker, `facts` say of what."""

    what: str
    facts: dict[str, Any] = field(default_factory=dict)


Drawing = Callable[[], bytes]  # a picture to be drawn when it is sent


@dataclass(frozen=True, slots=True)
class Screen:
    """`text` is HTML of at most 4,096 characters (1,024 with a picture, a voice or a file); `menu` sets the command menu.

    `photo` is an address, a file's id, or what draws it.
    """

    text: str
    keyboard: tuple[tuple[Button, ...], ...] = ()
    photo: Drawing | str | None = None
    voice: str | None = None
    file: FileOrder | None = None
    menu: tuple[tuple[str, str], ...] | None = None
    silent: bool = False


Painter = Callable[[Facts, Translator], Screen]
SCREENS: dict[str, Painter] = {}


def screen(name: str) -> Callable[[Painter], Painter]:
    """Registers a painter under `journey.screen`."""

    def register(painter: Painter) -> Painter:
        SCREENS[name] = painter
        return painter

    return register


def render(name: str, facts: Facts, language: str) -> Screen:
    """The screen of this name in this language; KeyError for a name nobody paints."""
    return SCREENS[name](facts, translator(language))


def lines(*parts: str | None) -> Html:
    """Paragraph lines; what is None or empty is left out, a lone space is an empty line."""
    return Html("\n".join("" if part == " " else part for part in parts if part))
