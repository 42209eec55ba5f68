"""XML of strangers as a small tree with line numbers: no document type, no entities of one's own, bounded depth."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.parsers import expat

MOST_BYTES, DEEPEST, MOST_NODES = 256 << 10, 40, 5_000  # twice a layout: room for what is filled in


class Flaw(ValueError):
    """What is wrong, and in which line."""

    def __init__(self, what: str, line: int) -> None:
        super().__init__(f"{what} (line {line})")


@dataclass(slots=True)
class Node:
    """`name` without its prefix; `text` is all that stands directly in it."""

    name: str
    attributes: dict[str, str]
    line: int
    text: str = ""
    children: list[Node] = field(default_factory=list)

    def all(self, name: str) -> list[Node]:
        return [each for each in self.children if each.name == name]

    def find(self, name: str) -> Node | None:
        return next(iter(self.all(name)), None)

    def need(self, name: str) -> Node:
        found = self.find(name)
        if found is None:
            raise Flaw(f"{self.name} needs a {name}", self.line)
        return found

    def said(self, name: str) -> str:
        """The text of a child; empty where there is none."""
        found = self.find(name)
        return found.text.strip() if found else ""


def parsed(text: str) -> Node:
    """Raises Flaw."""
    data = text.strip().encode()
    if len(data) > MOST_BYTES:
        raise Flaw(f"A question has at most {MOST_BYTES} bytes; this has {len(data)}", 1)
    return _Builder().built(data)


class _Builder:
    def __init__(self) -> None:
        self.parser = expat.ParserCreate(encoding="utf-8")
        self.parser.buffer_text = True
        self.parser.StartElementHandler, self.parser.EndElementHandler = self._start, self._end
        self.parser.CharacterDataHandler, self.parser.StartDoctypeDeclHandler = self._data, self._doctype
        self.open: list[Node] = []
        self.root: Node | None = None
        self.nodes = 0

    def built(self, data: bytes) -> Node:
        try:
            self.parser.Parse(data, True)
        except expat.ExpatError as error:
            raise Flaw(f"The XML cannot be read: {expat.ErrorString(error.code)}", error.lineno) from None
        if self.root is None:
            raise Flaw("The XML is empty", 1)
        return self.root

    @property
    def line(self) -> int:
        return self.parser.CurrentLineNumber

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        node = Node(name.rpartition(":")[2], attributes, self.line)
        self.nodes += 1
        if len(self.open) >= DEEPEST or self.nodes > MOST_NODES:
            raise Flaw("The XML is nested too deeply, or has too many elements", self.line)
        if self.open:
            self.open[-1].children.append(node)
        else:
            self.root = node
        self.open.append(node)

    def _end(self, name: str) -> None:
        self.open.pop()

    def _data(self, data: str) -> None:
        if self.open:
            self.open[-1].text += data

    def _doctype(self, *_: object) -> None:
        raise Flaw("A document type is not taken here", self.line)
