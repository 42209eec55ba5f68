"""The pages' own files: plain modules, styles and one page, from memory, under a version that changes with them."""

import hashlib
from collections.abc import Mapping
from functools import cached_property
from html import escape
from importlib.resources import files

from aiohttp import hdrs, web

TYPES = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml", "html": "text/html"}
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
NOTED = "frame-src 'self'"
SENSORS = "camera=(), microphone=(), geolocation=(), payment=(), usb=()"
EDITORS = ("board.js", "dom.js", "geometry.js", "loupe.js", "picture.js", "telegram.js", "text.js")
OPEN = frozenset({"hit.js", "crowd.js", "crowd_draw.js", "external_hit.js", *EDITORS})  # for pages without an origin
ANYBODY = hdrs.ACCESS_CONTROL_ALLOW_ORIGIN
FOR_EVER = "public, max-age=31536000, immutable"


class Files:
    """Read once."""

    def __init__(self) -> None:
        found = [each for each in files("web.miniapp").joinpath("page").iterdir() if each.is_file()]
        self.bodies = {each.name: each.read_bytes() for each in found if each.name.rpartition(".")[2] in TYPES}

    @cached_property
    def version(self) -> str:
        digest = hashlib.sha256()
        for name, body in sorted(self.bodies.items()):
            digest.update(name.encode() + b"\0" + body)
        return digest.hexdigest()[:16]

    def index(self, frames: tuple[str, ...], words: Mapping[str, str]) -> web.Response:
        """The page, which only Telegram's own sites (`frames`) may show in a frame; `words` stand in it."""
        return self._filled(INDEX, words, " ".join(frames))

    def browser(self, about: Mapping[str, object], words: Mapping[str, str]) -> web.Response:
        """The page that shows a requester's page outside Telegram, in no other page's frame."""
        return self._filled(BROWSER, {**{name: str(value) for name, value in about.items()}, **words}, "'none'")

    def _filled(self, page: str, values: Mapping[str, str], frames: str) -> web.Response:
        body = self.bodies[page].decode()
        for name, value in {**values, "version": self.version}.items():
            body = body.replace(f"{{{name}}}", escape(value))
        policy = {
            "Content-Security-Policy": POLICY + frames,
            "Content-Security-Policy-Report-Only": NOTED,
            "Permissions-Policy": SENSORS,
        }
        return web.Response(text=body, content_type=TYPES["html"], charset="utf-8", headers={**HEADERS, **policy})

    def answer(self, version: str, name: str) -> web.Response:
        """A file of another version is that of this one: an old page may still be open."""
        if name not in self.bodies or name in (INDEX, BROWSER):
            raise web.HTTPNotFound
        caching = FOR_EVER if version == self.version else "no-store"
        reach = {"Cross-Origin-Resource-Policy": "cross-origin", ANYBODY: "*"} if name in OPEN else {}
        kind = TYPES[name.rpartition(".")[2]]
        headers = {**HEADERS, hdrs.CACHE_CONTROL: caching, **reach}
        return web.Response(body=self.bodies[name], content_type=kind, charset="utf-8", headers=headers)
