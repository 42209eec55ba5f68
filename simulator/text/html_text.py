"""Telegram's HTML: a short list of tags, four named references, exact complaints with byte offsets."""

import re
from collections.abc import Callable
from functools import lru_cache
from html import unescape

from simulator.errors import RefusedCall, bad_request
from simulator.text.formatting import EntityWriter, Formatted
from simulator.values import Json

SIMPLE = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
}
REFERENCE = re.compile(r"&(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);?")
NAME_END = re.compile(r"[\s>]")
ATTRIBUTE = re.compile(r"\s*([^\s=>\"']+)")
VALUE = re.compile(r"\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([A-Za-z0-9.\-]+))")

Attributes = dict[str, str]


def parse_html(source: str) -> Formatted:
    return _HtmlReader(source).parse()


@lru_cache(256)
def _unescape_cached(reference: str) -> str:
    return unescape(reference)


def _replace_reference(reference: re.Match[str]) -> str:
    return _unescape_cached(reference.group())


class _HtmlReader:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.writer = EntityWriter()

    def parse(self) -> Formatted:
        while self.at < len(self.source):
            if self.source[self.at] == "<":
                self._tag()
                continue
            end = self.source.find("<", self.at)
            text = self.source[self.at : end if end >= 0 else None]
            self.at += len(text)
            self.writer.write(REFERENCE.sub(_replace_reference, text) if "&" in text else text)
        if self.writer.stack:
            raise self._broken(f'Can\'t find end tag corresponding to start tag "{self.writer.stack[-1].name}"')
        return self.writer.finish()

    def _broken(self, reason: str, position: int | None = None) -> RefusedCall:
        """Return a 400 with the place as a byte offset, where Telegram gives one."""
        where = "" if position is None else f" at byte offset {len(self.source[:position].encode())}"
        return bad_request(f"can't parse entities: {reason.replace(' AT', where)}")

    def _tag(self) -> None:
        if self.source.startswith("</", self.at):
            self._end_tag()
        else:
            self._start_tag()

    def _start_tag(self) -> None:
        begin = self.at
        end = NAME_END.search(self.source, begin + 1)
        if end is None:
            raise self._broken("Unclosed start tag AT", begin)
        tag = self.source[begin + 1 : end.start()].lower()
        if tag not in SIMPLE and tag not in SPECIAL:
            raise self._broken(f'Unsupported start tag "{tag}" AT', begin)
        self.at = end.start()
        attributes = self._attributes(tag, begin)
        if tag in SIMPLE:
            self.writer.open(tag, SIMPLE[tag])
            return
        kind, extra = SPECIAL[tag](self, attributes, begin)
        self.writer.open(tag, kind, extra)

    def _attributes(self, tag: str, begin: int) -> Attributes:
        attributes: Attributes = {}
        while True:
            while self.at < len(self.source) and self.source[self.at].isspace():
                self.at += 1
            if self.at == len(self.source):
                raise self._broken("Unclosed start tag AT", begin)
            if self.source[self.at] == ">":
                self.at += 1
                return attributes
            name = ATTRIBUTE.match(self.source, self.at)
            if name is None:
                raise self._broken(f'Empty attribute name in the tag "{tag}" AT', begin)
            self.at = name.end()
            attributes[name.group(1).lower()] = self._value(tag, begin)

    def _value(self, tag: str, begin: int) -> str:
        value = VALUE.match(self.source, self.at)
        if value is None:
            if tag == "blockquote":
                return ""
            raise self._broken(f'Expected equal sign in declaration of an attribute of the tag "{tag}" AT', begin)
        self.at = value.end()
        return unescape(next(group for group in value.groups() if group is not None))

    def _end_tag(self) -> None:
        begin, end = self.at, self.source.find(">", self.at)
        if end < 0:
            raise self._broken("Unclosed end tag AT", begin)
        name = self.source[begin + 2 : end].strip().lower()
        stack = self.writer.stack
        if not stack:
            raise self._broken("Unexpected end tag AT", begin)
        if name and name != stack[-1].name:
            reason = f'Unmatched end tag AT, expected "</{stack[-1].name}>", found "</{name}>"'
            raise self._broken(reason, begin)
        if stack[-1].name == "a" and stack[-1].kind is None and self.writer.text_since_open().startswith("http"):
            stack[-1].kind, stack[-1].extra = "text_link", {"url": self.writer.text_since_open()}
        self.at = end + 1
        self.writer.close()

    def _link(self, attributes: Attributes, begin: int) -> tuple[str | None, Json]:
        return link_entity(attributes.get("href", ""))

    def _span(self, attributes: Attributes, begin: int) -> tuple[str | None, Json]:
        if attributes.get("class") != "tg-spoiler":
            raise self._broken('Tag "span" must have class "tg-spoiler" AT', begin)
        return "spoiler", {}

    def _emoji(self, attributes: Attributes, begin: int) -> tuple[str | None, Json]:
        if not attributes.get("emoji-id", "").isdigit():
            raise self._broken("Invalid custom emoji identifier specified")
        return "custom_emoji", {"custom_emoji_id": attributes["emoji-id"]}

    def _time(self, attributes: Attributes, begin: int) -> tuple[str | None, Json]:
        return time_entity(attributes.get("unix", ""), attributes.get("format", ""))

    def _code(self, attributes: Attributes, begin: int) -> tuple[str | None, Json]:
        stack = self.writer.stack
        language = attributes.get("class", "").removeprefix("language-")
        if stack and stack[-1].kind == "pre":
            stack[-1].extra = {"language": language} if language else {}
            return None, {}
        return "code", {}

    def _pre(self, attributes: Attributes, begin: int) -> tuple[str | None, Json]:
        return "pre", {}

    def _quote(self, attributes: Attributes, begin: int) -> tuple[str | None, Json]:
        return ("expandable_blockquote" if "expandable" in attributes else "blockquote"), {}


def link_entity(url: str) -> tuple[str | None, Json]:
    """Return a link, or a mention of a person without a username; an unusable address makes plain text."""
    mention = re.fullmatch(r"tg://user\?id=(\d+)", url)
    if mention:
        return "text_mention", {"user": {"id": int(mention.group(1))}}
    usable = re.match(r"(https?|tg|tonsite|mailto|tel):|[\w-]+(\.[\w-]+)+", url)
    return ("text_link", {"url": url}) if usable else (None, {})


def time_entity(unix: str, shape: str) -> tuple[str | None, Json]:
    """Return a moment that each reader sees in their own time zone; raise 400 if it is no number."""
    if not unix.isdigit():
        raise bad_request("can't parse entities: Invalid Unix time specified")
    return "date_time", {"unix_time": int(unix), **({"date_time_format": shape} if shape else {})}


SPECIAL: dict[str, Callable[[_HtmlReader, Attributes, int], tuple[str | None, Json]]] = {
    "a": _HtmlReader._link,
    "span": _HtmlReader._span,
    "tg-emoji": _HtmlReader._emoji,
    "tg-time": _HtmlReader._time,
    "code": _HtmlReader._code,
    "pre": _HtmlReader._pre,
    "blockquote": _HtmlReader._quote,
}
