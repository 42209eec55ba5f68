"""Telegram's MarkdownV2, and its older Markdown as far as bots still use it."""

import re

from simulator.errors import RefusedCall, bad_request
from simulator.text.formatting import EntityWriter, Formatted
from simulator.text.html_text import link_entity, time_entity
from simulator.values import Json

MARKS = {"__": "underline", "||": "spoiler", "*": "bold", "_": "italic", "~": "strikethrough"}
NAMES = {"underline": "Underline", "spoiler": "Spoiler", "bold": "Bold", "italic": "Italic"}
RESERVED = frozenset("_*[]()~`>#+-=|{}.!")
LINK_END = re.compile(r"\]\(((?:\\.|[^)\\])*)\)")
LEGACY = re.compile(r"(?P<mark>[*_])(?P<inner>[^*_]*)(?P=mark)|```(?P<pre>.*?)```|`(?P<code>[^`]*)`", re.S)
LEGACY_LINK = re.compile(r"\[(?P<label>[^\]]*)\]\((?P<url>[^)]*)\)")


def parse_markdown_v2(source: str) -> Formatted:
    return _MarkdownReader(source).parse()


def _unescaped(text: str) -> str:
    return re.sub(r"\\([\x01-\x7e])", r"\1", text)


class _MarkdownReader:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.writer = EntityWriter()

    def parse(self) -> Formatted:
        while self.at < len(self.source):
            if not (self._quote() or self._escape() or self._code() or self._mark() or self._link()):
                self._plain()
        if self.writer.stack and self.writer.stack[-1].name == ">":
            self._close_quote()
        if self.writer.stack:
            unclosed = self.writer.stack[-1]
            kind = NAMES.get(unclosed.kind or "", (unclosed.kind or "TextUrl").capitalize())
            raise self._broken(f"Can't find end of {kind} entity", unclosed.mark)
        return self.writer.finish()

    def _broken(self, reason: str, position: int) -> RefusedCall:
        return bad_request(f"can't parse entities: {reason} at byte offset {len(self.source[:position].encode())}")

    def _innermost(self) -> str:
        return self.writer.stack[-1].name if self.writer.stack else ""

    def _escape(self) -> bool:
        if self.source[self.at] != "\\" or self.at + 1 == len(self.source):
            return False
        self.writer.write(self.source[self.at + 1])
        self.at += 2
        return True

    def _quote(self) -> bool:
        if self.at and self.source[self.at - 1] != "\n":
            return False
        expandable = self.source.startswith("**>", self.at)
        if self.source.startswith(">", self.at) or expandable:
            if expandable and self._innermost() == ">":
                self._close_quote()
            if self._innermost() != ">":
                self.writer.open(">", "expandable_blockquote" if expandable else "blockquote", mark=self.at)
            self.at += 3 if expandable else 1
            return True
        if self._innermost() == ">":
            self._close_quote()
        return False

    def _close_quote(self) -> None:
        self.writer.close()

    def _code(self) -> bool:
        fence = next((mark for mark in ("```", "`") if self.source.startswith(mark, self.at)), None)
        if fence is None:
            return False
        end = self.source.find(fence, self.at + len(fence))
        if end < 0:
            raise self._broken(f"Can't find end of {'Pre' if fence == '```' else 'Code'} entity", self.at)
        inner = self.source[self.at + len(fence) : end]
        kind, extra = "code", Json()
        if fence == "```":
            kind = "pre"
            language = re.match(r"([^\s`]+)\n", inner)
            if language:
                extra, inner = {"language": language.group(1)}, inner[language.end() :]
            inner = inner.removeprefix("\n")
        self.writer.open(fence, kind, extra)
        self.writer.write(_unescaped(inner))
        self.writer.close()
        self.at = end + len(fence)
        return True

    def _mark(self) -> bool:
        mark = next((mark for mark in MARKS if self.source.startswith(mark, self.at)), None)
        if mark is None:
            return False
        rest = self.source[self.at + len(mark) :]
        if mark == "||" and self._innermost() == ">" and (not rest or rest.startswith("\n")):
            self.writer.stack[-1].kind = "expandable_blockquote"
        elif self._innermost() == mark:
            self.writer.close()
        else:
            self.writer.open(mark, MARKS[mark], mark=self.at)
        self.at += len(mark)
        return True

    def _link(self) -> bool:
        opening = next((mark for mark in ("![", "[") if self.source.startswith(mark, self.at)), None)
        if opening is not None:
            self.writer.open(opening, None, mark=self.at)
            self.at += len(opening)
            return True
        if self.source[self.at] != "]" or self._innermost() not in ("[", "!["):
            return False
        end = LINK_END.match(self.source, self.at)
        if end is None:
            raise self._broken("Can't find end of a URL", self.at)
        entity = self.writer.stack[-1]
        target = _unescaped(end.group(1))
        entity.kind, entity.extra = _embedded(target) if entity.name == "![" else link_entity(target)
        self.writer.close()
        self.at = end.end()
        return True

    def _plain(self) -> None:
        character = self.source[self.at]
        if character in RESERVED:
            reason = f"Character '{character}' is reserved and must be escaped with the preceding '\\'"
            raise bad_request(f"can't parse entities: {reason}")
        self.writer.write(character)
        self.at += 1


def _embedded(target: str) -> tuple[str | None, Json]:
    emoji = re.fullmatch(r"tg://emoji\?id=(\d+)", target)
    if emoji:
        return "custom_emoji", {"custom_emoji_id": emoji.group(1)}
    moment = re.fullmatch(r"tg://time\?unix=(\d+)(?:&format=(\w*))?", target)
    if moment:
        return time_entity(moment.group(1), moment.group(2) or "")
    raise bad_request("can't parse entities: Invalid custom emoji identifier specified")


def parse_markdown(source: str) -> Formatted:
    """Return the text of the older Markdown: bold, italic, code, pre and links, never nested."""
    writer, position = EntityWriter(), 0
    while position < len(source):
        match = LEGACY.match(source, position) or LEGACY_LINK.match(source, position)
        if match is not None:
            _legacy_entity(writer, match.groupdict())
            position = match.end()
            continue
        if source[position] in "*_`":
            raise bad_request(
                "can't parse entities: Can't find end of the entity starting at byte offset "
                f"{len(source[:position].encode())}"
            )
        position += source[position] == "\\" and position + 1 < len(source)
        writer.write(source[position])
        position += 1
    return writer.finish()


def _legacy_entity(writer: EntityWriter, groups: dict[str, str | None]) -> None:
    if groups.get("url") is not None:
        kind, extra = link_entity(str(groups["url"]))
        inner = groups["label"]
    else:
        kinds = {"pre": "pre", "code": "code", "inner": MARKS[groups.get("mark") or "*"]}
        name = next(name for name in kinds if groups.get(name) is not None)
        kind, extra, inner = kinds[name], Json(), groups[name]
    writer.open("", kind, extra)
    writer.write(inner or "")
    writer.close()
