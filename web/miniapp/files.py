"""The pages' own files: plain modules, styles and one page, from memory, under a version that changes with them."""

import gzip
import hashlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from html import escape
from importlib.resources import files

from aiohttp import hdrs, web
from init_data_py import InitData, validate_by_hash
from init_data_py.errors import InvalidInitDataError

from domain.moments import Moment
from domain.refusals import PageOutdated
from domain.work.positions import PageAnswer, PageOutcome, PageTask
from locales import translator
from locales.translator import Translator

MIME_BY_EXTENSION = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml", "html": "text/html"}
MINI_APP = "web.miniapp"
INDEX, BROWSER = "index.html", "browser.html"
HEADERS = {
    hdrs.CACHE_CONTROL: "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src blob:; "
    "connect-src 'self'; frame-src 'self' https:; base-uri 'none'; form-action 'none'; frame-ancestors "
)
# A frame that leaves for another address is noted, not stopped: Amazon's former address is where some pages send forms.
REPORTED_POLICY = "frame-src 'self'"
SENSORS = "camera=(), microphone=(), geolocation=(), payment=(), usb=()"
EDITORS = ("board.js", "dom.js", "geometry.js", "loupe.js", "picture.js", "telegram.js", "text.js")
CROSS_ORIGIN_FILES = frozenset(
    {"hit.js", "crowd.js", "crowd_draw.js", "external_hit.js", *EDITORS}
)  # for pages without an origin
ALLOW_ORIGIN_HEADER = hdrs.ACCESS_CONTROL_ALLOW_ORIGIN
CACHE_FOR_EVER = "public, max-age=31536000, immutable"


class PageFiles:
    """The files of a package's pages, read once into memory; `shared` are those of the Mini App that they use, too."""

    def __init__(self, package: str = MINI_APP, shared: tuple[str, ...] = ()) -> None:
        paths = [path for path in files(package).joinpath("page").iterdir() if path.is_file()]
        paths += [files(MINI_APP).joinpath("page", name) for name in shared]
        self.bodies = {
            path.name: path.read_bytes() for path in paths if path.name.rpartition(".")[2] in MIME_BY_EXTENSION
        }

        self._compressed: dict[str, bytes] = {}

    @cached_property
    def version(self) -> str:
        digest = hashlib.sha256()
        for name, body in sorted(self.bodies.items()):
            digest.update(name.encode() + b"\0" + body)
        return digest.hexdigest()[:16]

    def index(self, frames: tuple[str, ...], words: Mapping[str, str]) -> web.Response:
        """Return the page that only Telegram's own sites (`frames`) may show in a frame; `words` are filled in."""
        return self._render(INDEX, words, " ".join(frames))

    def browser(self, values: Mapping[str, object], words: Mapping[str, str]) -> web.Response:
        """Return the page that shows a requester's page outside Telegram; no other page may frame it."""
        return self._render(BROWSER, {**{name: str(value) for name, value in values.items()}, **words}, "'none'")

    def _render(self, page: str, values: Mapping[str, str], frames: str) -> web.Response:
        body = self.bodies[page].decode()
        for name, value in {**values, "version": self.version}.items():
            body = body.replace(f"{{{name}}}", escape(value))
        policy = {
            "Content-Security-Policy": POLICY + frames,
            "Content-Security-Policy-Report-Only": REPORTED_POLICY,
            "Permissions-Policy": SENSORS,
        }
        return web.Response(
            text=body, content_type=MIME_BY_EXTENSION["html"], charset="utf-8", headers={**HEADERS, **policy}
        )

    def answer(self, version: str, name: str, accepts_gzip: bool = False) -> web.Response:
        """Return a file of the page, compressed once for all who take it so. A request for another version gets this
        one's file, uncached: an old page may still be open. Raise HTTPNotFound."""
        if name not in self.bodies or name in (INDEX, BROWSER):
            raise web.HTTPNotFound
        caching = CACHE_FOR_EVER if version == self.version else "no-store"
        reach = (
            {"Cross-Origin-Resource-Policy": "cross-origin", ALLOW_ORIGIN_HEADER: "*"}
            if name in CROSS_ORIGIN_FILES
            else {}
        )
        kind = MIME_BY_EXTENSION[name.rpartition(".")[2]]
        headers = {**HEADERS, hdrs.CACHE_CONTROL: caching, **reach}
        body = self.bodies[name]
        if accepts_gzip:
            body = self._compress(name)
            headers |= {hdrs.CONTENT_ENCODING: "gzip", hdrs.VARY: hdrs.ACCEPT_ENCODING}
        return web.Response(body=body, content_type=kind, charset="utf-8", headers=headers)

    def _compress(self, name: str) -> bytes:
        if name not in self._compressed:
            self._compressed[name] = gzip.compress(self.bodies[name], mtime=0)
        return self._compressed[name]


ROOT = "/app"


SCHEME = "tma "
MAX_INIT_DATA_CHARS = 4096  # characters of initData
MAX_AGE_SECONDS = 24 * 3600  # seconds that a page may stay open at most; the task's own time ends before


@dataclass(frozen=True, slots=True)
class Visitor:
    """A Telegram user, the language of their Telegram, and when it opened the page for them."""

    telegram_id: int
    language: str | None
    opened: Moment


def require_visitor(request: web.Request, tokens: Sequence[str], now: Moment) -> Visitor:
    """Return who opened the page in the chat with one of the bots, from `Authorization: tma …`. Raise PageOutdated for
    initData that is forged, too old, or of no user."""
    authorization = request.headers.get(hdrs.AUTHORIZATION, "")
    if not authorization.startswith(SCHEME) or len(authorization) > MAX_INIT_DATA_CHARS:
        raise PageOutdated()
    for token in filter(None, tokens):
        with suppress(InvalidInitDataError, ValueError):
            init_data = validate_by_hash(
                authorization.removeprefix(SCHEME),
                token,
                expires_in=MAX_AGE_SECONDS,
                now=datetime.fromtimestamp(now / 1000, UTC),
            )
            return _to_visitor(init_data)
    raise PageOutdated()


def _to_visitor(init_data: InitData) -> Visitor:
    if init_data.user is None or init_data.user.is_bot:
        raise PageOutdated()
    return Visitor(init_data.user.id, init_data.user.language_code, Moment(int(init_data.issued_at.timestamp() * 1000)))


def page_texts(task: PageTask, language: str) -> dict[str, str]:
    """Return every text of the task's page; the page picks those of its kind."""
    t = translator(language)
    pay = t.plain("{pay} for this answer", pay=t.money(task.pay, task.currency)) if task.pay else ""
    return {
        "pay": pay,
        "language": language,
        **_hint_texts(t),
        **_button_texts(t),
        **_own_page_texts(t),
        **_trouble_texts(t),
    }


def start_texts(language: str) -> dict[str, str]:
    """Return the texts of a page that has not reached its task."""
    t = translator(language)
    return {
        "language": language,
        "alone": t.plain("Open this page from the chat in Telegram."),
        "unreached": t.plain("No connection. Nothing is lost: what you marked is kept."),
        "again": t.plain("Try again"),
    }


def browser_texts(t: Translator) -> dict[str, str]:
    """Return the texts of a requester's page that is opened outside Telegram."""
    return {
        "title": t.plain("The requester's own page. It sends your answer itself."),
        "offline": t.plain("No connection. Your answer has not been sent yet."),
        "again": t.plain("Try again"),
    }


def result_text(result: PageAnswer, language: str) -> str:
    """Return the text that says what came of an answer."""
    t = translator(language)
    pay = t.money(result.pay, result.currency)
    if result.missed:
        return t.plain("✗ We knew this one: see the chat. You are paid all the same.")
    if result.state is PageOutcome.CHANGED:
        return t.plain("Your answer is changed.")
    if result.state is PageOutcome.KNOWN:
        return t.plain("A check question is made. The next one is in the chat.")
    if result.state is PageOutcome.TRIED:
        return t.plain("This is what a worker sends. Nothing was kept.")
    if result.state is PageOutcome.AGAIN:
        return t.plain("We have your answer already.")
    return t.plain("Received. {pay} pending", pay=pay) if result.held else t.plain("Received. + {pay}", pay=pay)


def _hint_texts(t: Translator) -> dict[str, str]:
    """Return hints on how an answer is given."""
    return {
        "draw": t.plain("Draw a box with one finger. Two fingers zoom."),
        "place": t.plain("Tap to set a point. Two fingers zoom."),
        "outline": t.plain("Tap each corner, then the first one again."),
        "mark": t.plain("Tap a word, or drag sideways over several."),
        "cut": t.plain("Drag over the sound to mark a part."),
        "chosen": t.plain("Drag to move, pull a corner to resize."),
        "keys_box": t.plain("Enter: new box. Space: next one. Arrows move it, Shift and arrows resize it."),
        "keys_point": t.plain("Enter: new point. Space: next one. Arrows move it."),
        "keys_span": t.plain("Arrows: next word, Shift and arrows: several. Enter marks them. Space: next mark."),
        "chosen_part": t.plain("Pull an end to make it longer or shorter."),
    }


def _button_texts(t: Translator) -> dict[str, str]:
    """Return the texts of buttons."""
    return {
        "send": t.plain("Send"),
        "send_nothing": t.plain("Nothing is there: send"),
        "instructions": t.plain("Instructions"),
        "undo": t.plain("Undo"),
        "delete": t.plain("Delete"),
        "whole": t.plain("Show all"),
        "close": t.plain("Close"),
        "play": t.plain("Play"),
        "pause": t.plain("Stop"),
        "label": t.plain("Label"),
    }


def _own_page_texts(t: Translator) -> dict[str, str]:
    """Return the texts of a task that is asked on a page of its requester's own."""
    return {
        "theirs": t.plain("The requester's own page. It sends your answer itself."),
        "preview": t.plain("What workers will get. Nothing is sent from here."),
        "in_browser": t.plain("Open the page"),
        "in_browser_hint": t.plain("This page is the requester's. It opens in your browser, outside Telegram."),
        "finished": t.plain("I have finished"),
        "finished_hint": t.plain("The page says that you are done, and nothing happens here? Hand in what you did:"),
        "form_offline": t.plain("No connection. Your answer has not been sent yet."),
    }


def _trouble_texts(t: Translator) -> dict[str, str]:
    return {
        "empty": t.plain("Nothing is marked. If nothing of this is there, press again."),
        "offline": t.plain("No connection. What you marked is kept: send it again."),
        "received": t.plain("Received."),
        "missing": t.plain("The file of this task could not be loaded."),
        "open": t.plain("Finish the outline first: tap its first corner."),
    }
