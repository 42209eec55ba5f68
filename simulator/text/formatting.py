"""Formatted text: entities with UTF-16 offsets, trimming, and what Telegram finds by itself (links, commands)."""

import re
from dataclasses import dataclass, field

from simulator.errors import bad_request
from simulator.values import Json

MAX_TEXT_UNITS = 4096
MAX_CAPTION_UNITS = 1024
DETECTED = re.compile(
    r"(?P<url>https?://[^\s<>\"]+[^\s<>\".,;:!?)])"
    r"|(?P<email>(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.-]*\w)"
    r"|(?P<mention>(?<![\w@/])@[A-Za-z]\w{3,31}\b)"
    r"|(?P<bot_command>(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z]\w{3,31})?(?![\w/]))"
    r"|(?P<hashtag>(?<!\w)#\w*[^\W\d]\w*)"
)
OPAQUE = frozenset({"code", "pre", "text_link", "text_mention", "custom_emoji"})
KINDS = OPAQUE | {
    *("mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "date_time"),
    *("bold", "italic", "underline", "strikethrough", "spoiler", "blockquote", "expandable_blockquote"),
}


def utf16(text: str) -> int:
    """Return the length in UTF-16 code units, the measure of every offset in the Bot API."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(frozen=True, slots=True)
class Formatted:
    """A text without markup and the entities that were in it."""

    text: str
    entities: tuple[Json, ...] = ()

    def trimmed(self) -> "Formatted":
        """Return the text without white space at both ends, as Telegram stores it."""
        lead = utf16(self.text[: len(self.text) - len(self.text.lstrip())])
        text = self.text.strip()
        if text == self.text:
            return self
        moved = (_clipped(entity, lead, utf16(text)) for entity in self.entities)
        return Formatted(text, tuple(entity for entity in moved if entity["length"] > 0))

    def with_detected(self) -> "Formatted":
        """Return the text with links, e-mails, mentions, commands and hashtags found outside code and links."""
        opaque_ranges = [
            (entity["offset"], entity["offset"] + entity["length"])
            for entity in self.entities
            if entity["type"] in OPAQUE
        ]
        detected = []
        for match in DETECTED.finditer(self.text):
            start = utf16(self.text[: match.start()])
            end = start + utf16(match.group())
            if not any(start < stop and begin < end for begin, stop in opaque_ranges):
                detected.append({"type": str(match.lastgroup), "offset": start, "length": end - start})
        return Formatted(self.text, ordered([*self.entities, *detected]))


def _clipped(entity: Json, lead: int, length: int) -> Json:
    start = max(0, entity["offset"] - lead)
    end = min(length, entity["offset"] - lead + entity["length"])
    return {**entity, "offset": start, "length": end - start}


def ordered(entities: list[Json]) -> tuple[Json, ...]:
    """Return entities by offset, the longer first: the order in which Telegram sends them."""
    return tuple(sorted(entities, key=lambda entity: (entity["offset"], -entity["length"])))


def with_entities(text: str, entities: list[Json]) -> Formatted:
    """Return a text with its entities; raise 400 for unknown kinds and those outside the text."""
    length = utf16(text)
    for entity in entities:
        if entity["type"] not in KINDS:
            raise bad_request("can't parse MessageEntity: Unsupported type specified")
        inside = entity["offset"] >= 0 and entity["offset"] + entity["length"] <= length
        if not inside or entity["length"] <= 0:
            raise bad_request("can't parse MessageEntity: entity is out of the text's bounds")
    return Formatted(text, ordered(entities))


@dataclass(slots=True)
class OpenEntity:
    """An entity whose end has not been reached."""

    name: str
    kind: str | None
    extra: Json
    start: int
    mark: int = 0


@dataclass(slots=True)
class EntityWriter:
    """Collects plain text and the entities around it, counting in UTF-16 code units."""

    parts: list[str] = field(default_factory=list)
    position: int = 0
    entities: list[Json] = field(default_factory=list)
    stack: list[OpenEntity] = field(default_factory=list)

    def write(self, text: str) -> None:
        self.parts.append(text)
        self.position += utf16(text)

    def open(self, name: str, kind: str | None, extra: Json | None = None, mark: int = 0) -> None:
        """`name` is what must close it, `mark` where it stood in the source; no kind, no entity."""
        self.stack.append(OpenEntity(name, kind, extra or {}, self.position, mark))

    def close(self) -> None:
        entity = self.stack.pop()
        length = self.position - entity.start
        if entity.kind is not None and length > 0:
            self.entities.append({"type": entity.kind, "offset": entity.start, "length": length, **entity.extra})

    def text_since_open(self) -> str:
        """Return the text written since the innermost open entity began."""
        encoded = "".join(self.parts).encode("utf-16-le")
        return encoded[2 * self.stack[-1].start :].decode("utf-16-le")

    def finish(self) -> Formatted:
        return Formatted("".join(self.parts), ordered(self.entities))
