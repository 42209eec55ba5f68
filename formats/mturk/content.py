"""The content of an Overview, a question or a selection as plain text and addresses of media."""

from __future__ import annotations

from collections.abc import Iterable
from html.parser import HTMLParser

from formats.mturk.xml import Flaw, Node

MEDIA = {"image": "image", "audio": "audio", "video": "video"}  # by the type: columns of a task's content
BLOCKS = frozenset({"p", "div", "br", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "tr", "pre", "hr"})
Media = list[tuple[str, str]]


def read(nodes: Iterable[Node], media: Media) -> str:
    """Lines of text; what is looked at or listened to is added to `media`."""
    return "\n".join(filter(None, (_one(node, media) for node in nodes))).strip()


def _one(node: Node, media: Media) -> str:
    if node.name in ("Title", "Text"):
        return node.text.strip()
    if node.name == "List":
        return "\n".join(f"• {item.text.strip()}" for item in node.all("ListItem"))
    if node.name in ("Binary", "EmbeddedBinary"):
        return _binary(node, media)
    if node.name == "FormattedContent":
        return formatted(node.text, media)
    raise Flaw(f"{node.name} cannot be shown here", node.line)


def _binary(node: Node, media: Media) -> str:
    kind = node.need("MimeType").said("Type") or node.said("EmbeddedMimeType").partition("/")[0]
    address = node.said("DataURL")
    if not address.lower().startswith(("https://", "http://")):
        raise Flaw("DataURL is an http or https address", node.line)
    if kind not in MEDIA:
        return " ".join(filter(None, (node.said("AltText"), address)))
    media.append((MEDIA[kind], address))
    return ""


def formatted(html: str, media: Media) -> str:
    """XHTML as lines; a link is followed by its address, a picture goes to `media`."""
    reader = _Reader(media)
    reader.feed(html)
    reader.close()
    lines = ("".join(reader.parts)).splitlines()
    return "\n".join(line for line in (" ".join(line.split()) for line in lines) if line)


class _Reader(HTMLParser):
    def __init__(self, media: Media) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.media = media
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag in BLOCKS:
            self.parts.append("\n")
        elif tag == "li":
            self.parts.append("\n• ")
        elif tag == "a":
            self.links.append(told.get("href", ""))
        elif tag == "img" and told.get("src", "").startswith(("https://", "http://")):
            self.media.append(("image", told["src"]))

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS:
            self.parts.append("\n")
        elif tag == "td":
            self.parts.append(" | ")
        elif tag == "a" and self.links and (address := self.links.pop()):
            self.parts.append(f" ({address})")

    def handle_data(self, data: str) -> None:
        self.parts.append(" ".join(data.split("\n")))
