"""Screen: text, buttons, perhaps a picture or a file. Pure values, no Telegram names."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter

from domain.directions import without_turns
from domain.messages import Message
from domain.projects.media import PHOTO
from domain.records import record
from domain.refusals import Refusal
from handlers.screens.layout.fitting import CAPTION, MESSAGE, clipped, shortened, visible
from locales import Html, Translator, translator

Facts = Mapping[str, Any]
ALBUM = 10
BUTTONS, LABEL = 100, 256  # of a message; units of a button's words


@record
class Button:
    """One of `data`, `url`, `copy`, `page` (of the Mini App: what follows /app/); `style` is danger, success, primary or
    empty."""

    text: str
    data: str | None = None
    url: str | None = None
    copy: str | None = None
    page: str | None = None
    style: str = ""


@dataclass(frozen=True, slots=True)
class FileOrder:
    """A file to be made when it is sent: `what` names its maker, `facts` are its arguments. `nothing` is sent instead of
    a file without a byte, which Telegram refuses."""

    what: str
    facts: dict[str, Any] = field(default_factory=dict)
    nothing: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """One of an album: an address or a file's id, and HTML below it. `kind` is photo, video, audio, document, or voice,
    which comes alone."""

    photo: str
    caption: str = ""
    kind: str = PHOTO


Keyboard = tuple[tuple[Button, ...], ...]
Drawing = Callable[[], bytes]  # a picture to be drawn when it is sent


@record
class Screen:
    """`text` is HTML of at most 4,096 characters (1,024 with a picture, a voice or a file); `menu` sets the command menu.

    `before` stands above the message, each in one of its own without buttons: what the message has no room for.
    `photo` is an address, a file's id, or what draws it. `album` stands above the text, at most ten pictures in messages
    of their own. `files` are two to ten documents in one message, with the text below the last and no keyboard. `anew`: where the message it should take the place of is gone or shows a picture, it is sent as a new one.
    """

    text: str
    keyboard: Keyboard = ()
    photo: Drawing | str | None = None
    voice: str | None = None
    album: tuple[Picture, ...] = ()
    file: FileOrder | None = None
    files: tuple[FileOrder, ...] = ()
    menu: tuple[tuple[str, str], ...] | None = None
    silent: bool = False
    anew: bool = False
    before: tuple[str, ...] = ()


Painter = Callable[[Facts, Translator], Screen]
SCREENS: dict[str, Painter] = {}
M = TypeVar("M", bound=Message)
R = TypeVar("R")
F = TypeVar("F", bound=Refusal)


@record
class Toast:
    """A few words over the chat that stop a pressed button's spinner; with `alert` a window that is closed by hand."""

    text: str = ""
    alert: bool = False


TOASTS: dict[type, Callable[[Any, Translator], Toast]] = {}


def screen(name: str) -> Callable[[Painter], Painter]:
    """Registers a painter under `journey.screen`."""

    def register(painter: Painter) -> Painter:
        SCREENS[name] = painter
        return painter

    return register


def shows(message: type[M]) -> Callable[[Callable[[M, Translator], Screen]], Callable[[M, Translator], Screen]]:
    """Registers the painter of a message; what reads it is made with the first one: all take a seventh of the start."""

    def register(painter: Callable[[M, Translator], Screen]) -> Callable[[M, Translator], Screen]:
        stored = cache(lambda: TypeAdapter(message))  # passes over fields that are not known any more
        SCREENS[message.stored_as] = lambda facts, t: painter(stored().validate_python(facts), t)
        return painter

    return register


def refuses(refusal: type[F]) -> Callable[[Callable[[F, Translator], Screen]], Callable[[F, Translator], Screen]]:
    """Registers the words of a refusal."""

    def register(painter: Callable[[F, Translator], Screen]) -> Callable[[F, Translator], Screen]:
        known = {each.name for each in fields(refusal)}

        def paint(facts: Facts, t: Translator) -> Screen:
            return painter(refusal(**{name: fact for name, fact in facts.items() if name in known}), t)

        SCREENS[refusal.stored_as] = paint
        return painter

    return register


def toasts(result: type[R]) -> Callable[[Callable[[R, Translator], Toast]], Callable[[R, Translator], Toast]]:
    """Registers the toast of a result."""

    def register(painter: Callable[[R, Translator], Toast]) -> Callable[[R, Translator], Toast]:
        TOASTS[result] = painter
        return painter

    return register


def toast_of(result: object, t: Translator) -> Toast:
    """Empty where the result has no words of its own: only the spinner stops."""
    painter = TOASTS.get(type(result))
    return painter(result, t) if painter else Toast()


def render(name: str, facts: Facts | Message, language: str) -> Screen:
    """The screen of this name in this language, of a message or what was stored of it; KeyError for an unknown name.

    Painters choose their omissions; the result is cut to Telegram's limits in any case.
    """
    t = translator(language)
    painted = SCREENS[name](cast(Facts, facts), t)
    room = CAPTION if painted.photo or painted.voice or painted.file or painted.files else MESSAGE
    album = tuple(replace(each, caption=_shown(each.caption, CAPTION)) for each in painted.album[:ALBUM])
    text, keyboard = _shown(painted.text, room), _fitting(painted.keyboard, t.half_row)
    before = tuple(_shown(words, MESSAGE) for words in painted.before)
    if text is painted.text and keyboard == painted.keyboard and not album and not before:
        return painted
    return replace(painted, text=text, keyboard=keyboard, album=album, before=before)


def _shown(text: str, room: int) -> str:
    """The text without signs that turn its direction, whoever wrote them, cut to the room there is."""
    return shortened(without_turns(text), room)


def _fitting(keyboard: Keyboard, half_row: int) -> Keyboard:
    """Whole rows, as many as there may be buttons, none of them longer than it can be read; beside each other only
    where each has room."""
    kept, left = list[tuple[Button, ...]](), BUTTONS
    for row in keyboard:
        left -= len(row)
        if left < 0:
            break
        row = tuple(map(_plainly_directed, row))
        for button in row:
            if len(button.text) > half_row:
                kept += [(_clipped(button),) for button in row]
                break
        else:
            kept.append(row)
    return tuple(kept)


def _plainly_directed(button: Button) -> Button:
    text = without_turns(button.text)
    return button if text is button.text else replace(button, text=text)


def _clipped(button: Button) -> Button:
    text = clipped(button.text, LABEL)
    return button if text is button.text else replace(button, text=text)


def in_rows(buttons: Sequence[Button], width: int = 2) -> Keyboard:
    """So many beside each other."""
    return tuple(tuple(buttons[at : at + width]) for at in range(0, len(buttons), width))


def in_messages(*parts: str | None) -> tuple[Html, ...]:
    """Join parts of at most 4,096 characters each into as few messages as have room for them."""
    messages = list[Html]()
    for part in filter(None, parts):
        joined = lines(*messages[-1:], part)
        if messages and visible(joined) <= MESSAGE:
            messages[-1] = joined
        else:
            messages.append(Html(part))
    return tuple(messages)


def lines(*parts: str | None) -> Html:
    """Joins lines; None and empty ones are left out, a single space is an empty line."""
    return Html("\n".join(["" if part == " " else part for part in parts if part]))
