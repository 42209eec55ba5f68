"""Screen: text, buttons, perhaps a picture or a file. Pure values, no Telegram names."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from functools import cache, lru_cache
from html import escape, unescape
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter

from domain.messages import Message, Note, record
from domain.money.amounts import Millionths
from domain.normalization import remove_turning_signs
from domain.projects import tasks
from domain.projects.tasks import PHOTO, TaskContent
from domain.refusals import Refusal
from locales import translator
from locales.translator import Html, Translator


def example_part_question(part: str, pictured: bool, t: Translator) -> Html:
    """Return the question for one more picture, or for one more example, whose picture may be there already."""
    if part == "picture":
        return t("Send a photo, or the https address of a picture. Workers see it with the instructions.")
    if pictured:
        return t("The picture is there. Now write the right answer and why:\n<code>what it shows | answer | why</code>")
    return t(
        "Write an example, its right answer and why:\n<code>Lovely shoes! | positive | they are happy</code>\nIs it a picture? Send the photo first."
    )


def day(iso_date: str, t: Translator) -> str:
    return t.day(int(datetime.fromisoformat(f"{iso_date}T12:00:00+00:00").timestamp() * 1000))


def instructions_version_line(version: int, t: Translator) -> Html | None:
    """Return the line that says which version of the instructions held for an answer, None for version 0. A worker, a
    judge and an admin read the same words."""
    return (
        t("(version {version} of the instructions, which held for this answer)", version=version) if version else None
    )


def read_version_line(version: int, t: Translator) -> Html | None:
    """Return the line that says which version of the instructions the worker had read, None if there is only one."""
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
def visible_length(html: str) -> int:
    """Return the length of an HTML text in Telegram's units, without its tags and with its references read."""
    bare = _TAG.sub("", html) if "<" in html else html
    return _units(_unescape_references(bare) if "&" in bare else bare)


def _unescape_references(text: str) -> str:
    """Return a text with its HTML references read; those that escaping writes are read ten times faster."""
    if _OTHER.search(text):
        return unescape(text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def clipped(text: str, room: int) -> str:
    """Plain text of at most `room` units, ended with … where something is left out."""
    if 2 * len(text) <= room or _units(text) <= room:  # a character has at most two units
        return text
    return _cut_to_units(text, max(0, room - 1)).rstrip() + "…"


def _cut_to_units(text: str, units: int) -> str:
    return text.encode("utf-16-le", "replace")[: 2 * units].decode("utf-16-le", "ignore")


def _is_tag(piece: str) -> bool:
    return len(piece) > 1 and piece[0] == "<"


def shorten_html(html: str, room: int) -> str:
    """Return the HTML text in at most `room` visible units, its tags closed, ended with … if something was left out."""
    if 2 * len(html) <= room or visible_length(html) <= room:
        return html
    pieces, room_left = list[str](), room - 1
    for match in _RUNS.finditer(html):
        run = match.group()
        size = 0 if _is_tag(run) else _units(_unescape_references(run))
        if size > room_left:
            pieces.append(_cut_run(run, room_left))
            break
        pieces.append(run)
        room_left -= size
    return "".join(pieces).rstrip() + "…" + "".join(f"</{name}>" for name in _still_open(pieces))


def _cut_run(run: str, room_left: int) -> str:
    """Return as much of a text as there is room for; a reference is not cut."""
    pieces = list[str]()
    for match in _PIECES.finditer(run):
        piece = match.group()
        size = _units(_unescape_references(piece))
        if size > room_left:
            pieces.append("" if piece[0] in "<&" else _cut_to_units(piece, room_left))
            break
        pieces.append(piece)
        room_left -= size
    return "".join(pieces)


def _still_open(pieces: list[str]) -> list[str]:
    """The names of the tags to be closed, innermost first."""
    names = list[str]()
    for piece in pieces:
        if piece.startswith("</"):
            names.pop()
        elif piece.startswith("<"):
            names.append(re.split(r"[\s>]", piece[1:], maxsplit=1)[0])
    return names[::-1]


def take_fitting_rows(rows: Iterable[Html], room: int) -> tuple[list[Html], bool]:
    """Return as many rows as there is room for, and whether these are all; no further row is painted."""
    fitting_rows: list[Html] = []
    for row in rows:
        room -= visible_length(row) + 1
        if room < 0:
            return fitting_rows, False
        fitting_rows.append(row)
    return fitting_rows, True


def fit_rows(rows: Iterable[Html], t: Translator, total: int | None = None, room: int = ROWS) -> list[Html]:
    """Return as many rows as there is room for, and a line that counts the others. `total`: rows there are, if `rows`
    is a part."""
    if total is None:
        rows = list(rows)
        total = len(rows)
    fitting_rows, _ = take_fitting_rows(rows, room)
    return with_remaining_count(fitting_rows, t, total)


def with_remaining_count(rows: list[Html], t: Translator, total: int) -> list[Html]:
    """Return the rows, with a line that says how many of `total` are not among them."""
    remaining = total - len(rows)
    return [*rows, t.n("… and {count} more", "… and {count} more", remaining)] if remaining > 0 else rows


def _units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def held_money_line(amount: int, currency: str, projects: int, until: int, t: Translator) -> Html:
    """Return the sentence about money that ended projects still hold; `until` is 0 if nothing has to be waited for."""
    what = t.n(
        "{count} ended project still holds {amount}, for tasks in hand, rejected answers or top-ups.",
        "{count} ended projects still hold {amount}, for tasks in hand, rejected answers or top-ups.",
        projects,
        amount=t.money(Millionths(amount), currency),
    )
    when = t("What nobody earns comes back to the funds by {day}, or once an appeal is decided.", day=t.time(until))
    return Html(" ".join((what, when if until else t("It comes back to the funds in a minute."))))


def operation_line(number: int | None, t: Translator) -> Html | None:
    """Return a line with an operation's number and the command that explains it, which one tap sends, or None."""
    return t("Operation #{number} · /why_{number}", number=number) if number else None


LONGEST = 60


def requester_name(name: str, t: Translator) -> str | Html:
    """Return a requester's name for the beginning of a sentence; one who was erased has no name."""
    return clipped(name, LONGEST) if name else t("A requester")


def team_line(name: str, t: Translator) -> Html | None:
    """Return a line with the team's name, or None if the account is a person's own."""
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


@record
class InvoiceOrder:
    """An invoice with a button that pays it by card: plain words, and the `total` in the currency's smallest unit."""

    title: str
    description: str
    payload: str
    currency: str
    label: str
    total: int


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

    `invoice` is sent in place of the text, which says the same where no card can be paid with.
    `before` stands above the message, each in one of its own without buttons: what the message has no room for.
    `photo` is an address, a file's id, or what draws it. `album` stands above the text, at most ten pictures in messages
    of their own. `files` are two to ten documents in one message, with the text below the last and no keyboard. `anew`: where the message it should take the place of is gone or shows a picture, it is sent as a new one.
    `place_button`: a message above brings this button in place of the letters, which shares where its reader is.
    `keyboard_only`: of a message that stands there only the buttons are exchanged; without one nothing is sent.
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
    place_button: str = ""
    keyboard_only: bool = False
    before: tuple[str, ...] = ()
    invoice: InvoiceOrder | None = None


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
        field_names = {field_.name for field_ in fields(refusal)}

        def paint(facts: Facts, t: Translator) -> Screen:
            return painter(refusal(**{name: fact for name, fact in facts.items() if name in field_names}), t)

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
    """Return the toast of a result, an empty one if the result has no words of its own: only the spinner stops."""
    painter = TOASTS.get(type(result))
    return painter(result, t) if painter else Toast()


def render(name: str, facts: Facts | Message, language: str) -> Screen:
    """The screen of this name in this language, of a message or what was stored of it; KeyError for an unknown name.

    Painters choose their omissions; the result is cut to Telegram's limits in any case.
    """
    t = translator(language)
    painted = SCREENS[name](cast(Facts, facts), t)
    room = CAPTION if painted.photo or painted.voice or painted.file or painted.files else MESSAGE
    album = tuple(
        replace(picture, caption=_to_safe_text(picture.caption, CAPTION)) for picture in painted.album[:ALBUM]
    )
    text, keyboard = _to_safe_text(painted.text, room), _fit_keyboard(painted.keyboard, t.half_row)
    before = tuple(_to_safe_text(words, MESSAGE) for words in painted.before)
    if text is painted.text and keyboard == painted.keyboard and not album and not before:
        return painted
    return replace(painted, text=text, keyboard=keyboard, album=album, before=before)


def paint_notes(notes: Iterable[Note], t: Translator) -> tuple[list[Html], Keyboard]:
    """Return the lines and the rows of buttons that extensions add to a card; nothing of those that are gone."""
    screens = [SCREENS[note.name](note.facts, t) for note in notes if note.name in SCREENS]
    return [Html(part.text) for part in screens], tuple(row for part in screens for row in part.keyboard)


def _to_safe_text(text: str, room: int) -> str:
    """The text without signs that turn its direction, whoever wrote them, cut to the room there is."""
    return shorten_html(remove_turning_signs(text), room)


def _fit_keyboard(keyboard: Keyboard, half_row: int) -> Keyboard:
    """Return as many rows as a keyboard may have buttons for, each label cut; buttons share a row only if each has
    room."""
    rows, buttons_left = list[tuple[Button, ...]](), BUTTONS
    for row in keyboard:
        buttons_left -= len(row)
        if buttons_left < 0:
            break
        row = tuple(map(_drop_direction_signs, row))
        for button in row:
            if len(button.text) > half_row:
                rows += [(_clip_button(button),) for button in row]
                break
        else:
            rows.append(row)
    return tuple(rows)


def _drop_direction_signs(button: Button) -> Button:
    text = remove_turning_signs(button.text)
    return button if text is button.text else replace(button, text=text)


def _clip_button(button: Button) -> Button:
    text = clipped(button.text, LABEL)
    return button if text is button.text else replace(button, text=text)


def to_button_rows(buttons: Sequence[Button], width: int = 2) -> Keyboard:
    """Return the buttons in rows of `width`."""
    return tuple(tuple(buttons[start : start + width]) for start in range(0, len(buttons), width))


def join_into_messages(*parts: str | None) -> tuple[Html, ...]:
    """Join parts of at most 4,096 characters each into as few messages as have room for them."""
    messages = list[Html]()
    for part in filter(None, parts):
        joined = lines(*messages[-1:], part)
        if messages and visible_length(joined) <= MESSAGE:
            messages[-1] = joined
        else:
            messages.append(Html(part))
    return tuple(messages)


def lines(*parts: str | None) -> Html:
    """Joins lines; None and empty ones are left out, a single space is an empty line."""
    return Html("\n".join(["" if part == " " else part for part in parts if part]))


def split_option_pictures(text: str, options: Sequence[str]) -> tuple[str, tuple[Picture, ...]]:
    """Return the text without its options' pictures, and these pictures with their option as caption."""
    rest, candidates = tasks.split_candidates(text, options)
    return rest, tuple(Picture(address, f"<b>{escape(option, quote=False)}</b>") for option, address in candidates)


NAMED, BESIDE = 20, 2  # characters of a column's name; buttons in a row


def reading_buttons(
    content: TaskContent, to_button_data: Callable[[int], str], t: Translator
) -> Iterator[tuple[Button, ...]]:
    """Yield rows of buttons that open the long texts of a task; `to_button_data` makes a button's data from a column's
    number."""
    for start in range(0, len(content.cut), BESIDE):
        yield tuple(
            Button(t.plain("📖 Read {label}", label=clipped(long_text.label, NAMED)), to_button_data(long_text.column))
            for long_text in content.cut[start : start + BESIDE]
        )


def reason_question(heading: Html, readers: Html, t: Translator) -> Screen:
    """Return a screen that asks for a reason in words; `readers` says who will read it."""
    return Screen(lines(heading, t("✏️ <b>Why? Write it to me in one message.</b>"), readers))


def to_plain_text(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html))


def refusal_text(refusal: Refusal, language: str) -> str:
    return to_plain_text(render(refusal.stored_as, refusal.facts, language).text)


def english_refusal_text(refusal: Refusal) -> str:
    return refusal_text(refusal, "en")
