"""Screen: text, buttons, perhaps a picture or a file. Pure values, no Telegram names."""

import re
from collections.abc import (
    Callable,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from dataclasses import (
    dataclass,
    field,
    fields,
    replace,
)
from datetime import datetime
from functools import cache, lru_cache
from html import escape, unescape
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter

from domain.messages import Message, record
from domain.money.amounts import Millionths
from domain.normalization import without_turns
from domain.projects import tasks
from domain.projects.tasks import PHOTO, TaskContent
from domain.refusals import Refusal
from locales import translator
from locales.translator import Html, Translator


def asked_for(part: str, pictured: bool, t: Translator) -> Html:
    """One more picture, or one more example, whose picture may be there already."""
    if part == "picture":
        return t("Send a photo, or the https address of a picture. Workers see it with the instructions.")
    if pictured:
        return t("The picture is there. Now write the right answer and why:\n<code>what it shows | answer | why</code>")
    return t(
        "Write an example, its right answer and why:\n<code>Lovely shoes! | positive | they are happy</code>\nIs it a picture? Send the photo first."
    )


def day(written: str, t: Translator) -> str:
    return t.day(int(datetime.fromisoformat(f"{written}T12:00:00+00:00").timestamp() * 1000))


def read_then(version: int, t: Translator) -> Html | None:
    """The same to a worker, a judge or an admin."""
    return (
        t("(version {version} of the instructions, which held for this answer)", version=version) if version else None
    )


def read_under(version: int, t: Translator) -> Html | None:
    """Nothing where there is only one."""
    return (
        t("📋 Version {version} of the instructions, which the worker had read.", version=version) if version else None
    )


MESSAGE, CAPTION = 4096, 1024
_TAG = re.compile(r"<[^>]+>")
_RUNS = re.compile(r"<[^>]+>|[^<]+|<")  # tags, and the text between them
_PIECES = re.compile(r"&#?\w+;|[^<&]+|[<&]")  # of such a text
_OTHER = re.compile(r"&(?!(?:lt|gt|amp);)")
ROWS = 3000  # of a list; what stands around it has the rest


@lru_cache(256)
def visible(html: str) -> int:
    """How long Telegram finds it, once its tags are read."""
    bare = _TAG.sub("", html) if "<" in html else html
    return _units(_read(bare) if "&" in bare else bare)


def _read(text: str) -> str:
    """Text with its references read; those that escaping writes are read ten times faster."""
    if _OTHER.search(text):
        return unescape(text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def clipped(text: str, room: int) -> str:
    """Plain text of at most `room` units, ended with … where something is left out."""
    if 2 * len(text) <= room or _units(text) <= room:  # a character has at most two units
        return text
    return _first(text, max(0, room - 1)).rstrip() + "…"


def _first(text: str, units: int) -> str:
    return text.encode("utf-16-le", "replace")[: 2 * units].decode("utf-16-le", "ignore")


def _is_tag(piece: str) -> bool:
    return len(piece) > 1 and piece[0] == "<"


def shortened(html: str, room: int) -> str:
    """The same in at most `room` units as they are read, its tags closed, ended with … where something is left out."""
    if 2 * len(html) <= room or visible(html) <= room:
        return html
    kept, left = list[str](), room - 1
    for found in _RUNS.finditer(html):
        run = found.group()
        size = 0 if _is_tag(run) else _units(_read(run))
        if size > left:
            kept.append(_head(run, left))
            break
        kept.append(run)
        left -= size
    return "".join(kept).rstrip() + "…" + "".join(f"</{name}>" for name in _still_open(kept))


def _head(run: str, left: int) -> str:
    """As much of a text as there is room for; a reference is not cut."""
    kept = list[str]()
    for found in _PIECES.finditer(run):
        piece = found.group()
        size = _units(_read(piece))
        if size > left:
            kept.append("" if piece[0] in "<&" else _first(piece, left))
            break
        kept.append(piece)
        left -= size
    return "".join(kept)


def _still_open(pieces: list[str]) -> list[str]:
    """The names of the tags to be closed, innermost first."""
    names = list[str]()
    for piece in pieces:
        if piece.startswith("</"):
            names.pop()
        elif piece.startswith("<"):
            names.append(re.split(r"[\s>]", piece[1:], maxsplit=1)[0])
    return names[::-1]


def filled(rows: Iterable[Html], room: int) -> tuple[list[Html], bool]:
    """As many rows as there is room for, painted no further than that; whether these are all."""
    kept: list[Html] = []
    for row in rows:
        room -= visible(row) + 1
        if room < 0:
            return kept, False
        kept.append(row)
    return kept, True


def fitted(rows: Iterable[Html], t: Translator, total: int | None = None, room: int = ROWS) -> list[Html]:
    """As many rows as there is room for, and how many more there are."""
    if total is None:
        rows = list(rows)
        total = len(rows)
    kept, _ = filled(rows, room)
    return told(kept, t, total)


def told(kept: list[Html], t: Translator, total: int) -> list[Html]:
    """What was kept, and how many more there are."""
    more = total - len(kept)
    return [*kept, t.n("… and {count} more", "… and {count} more", more)] if more > 0 else kept


def _units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def held_money(amount: int, currency: str, projects: int, until: int, t: Translator) -> Html:
    """`until` is 0 where nothing has to be waited for."""
    what = t.n(
        "{count} ended project still holds {amount}, for tasks in hand, rejected answers or top-ups.",
        "{count} ended projects still hold {amount}, for tasks in hand, rejected answers or top-ups.",
        projects,
        amount=t.money(Millionths(amount), currency),
    )
    when = t("What nobody earns comes back to the funds by {day}, or once an appeal is decided.", day=t.time(until))
    return Html(" ".join((what, when if until else t("It comes back to the funds in a minute."))))


def numbered(number: int | None, t: Translator) -> Html | None:
    """With the command that explains it, in one word: a tap sends all of it."""
    return t("Operation #{number} · /why_{number}", number=number) if number else None


LONGEST = 60


def requester_name(name: str, t: Translator) -> str | Html:
    """At the beginning of a sentence; one who was erased has no name."""
    return clipped(name, LONGEST) if name else t("A requester")


def team_line(name: str, t: Translator) -> Html | None:
    """The account that something is of, where it is a team's."""
    return t("🏢 <b>{team}</b>", team=clipped(name, LONGEST)) if name else None


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
        known = {field_.name for field_ in fields(refusal)}

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
    album = tuple(replace(picture, caption=_shown(picture.caption, CAPTION)) for picture in painted.album[:ALBUM])
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


def pictured(text: str, options: Sequence[str]) -> tuple[str, tuple[Picture, ...]]:
    """The rest of the text, and each picture under its option."""
    rest, found = tasks.split_candidates(text, options)
    return rest, tuple(Picture(address, f"<b>{escape(option, quote=False)}</b>") for option, address in found)


NAMED, BESIDE = 20, 2  # characters of a column's name; buttons in a row


def to_read(content: TaskContent, read: Callable[[int], str], t: Translator) -> Iterator[tuple[Button, ...]]:
    """`read` is the button's data for a column."""
    for at in range(0, len(content.cut), BESIDE):
        yield tuple(
            Button(t.plain("📖 Read {label}", label=clipped(long_text.label, NAMED)), read(long_text.column))
            for long_text in content.cut[at : at + BESIDE]
        )


def reason_asked(about: Html, readers: Html, t: Translator) -> Screen:
    return Screen(lines(about, t("✏️ <b>Why? Write it to me in one message.</b>"), readers))


def bare(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html))


def in_language(refusal: Refusal, language: str) -> str:
    return bare(render(refusal.stored_as, refusal.facts, language).text)


def in_english(refusal: Refusal) -> str:
    return in_language(refusal, "en")
