"""QuestionForm and AnswerKey as XML, by the documentation of Mechanical Turk's schemas."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser
from xml.parsers import expat

from domain.people.question_forms import (
    AnswerKey,
    Chosen,
    KeyQuestion,
    Option,
    PercentageMapping,
    Question,
    QuestionForm,
    RangeMapping,
    ScaleMapping,
    Selection,
)
from domain.projects.form_questions import JOINT, MOST_QUESTIONS, Bounds, compiled

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


_DECIMAL = re.compile(r"([0-9]{1,6})(?:\.([0-9]{1,6}))?")
_LARGEST = 1_000_000_000


@lru_cache(maxsize=128)
def read(text: str) -> AnswerKey:
    """Raises Flaw."""
    root = parsed(text)
    if root.name != "AnswerKey":
        raise Flaw(f"{root.name} is no AnswerKey", root.line)
    questions = {each.said("QuestionIdentifier"): _key_question(each) for each in root.all("Question")}
    if not questions or "" in questions:
        raise Flaw("An AnswerKey has questions with identifiers", root.line)
    mapping = root.find("QualificationValueMapping")
    return AnswerKey(questions, _mapping(mapping) if mapping else None)


def check(key: AnswerKey, form: QuestionForm) -> None:
    """With a key each question is a selection without words of one's own; the key has no others. Raises Flaw."""
    for question in form.questions:
        if not question.selections or question.has_other:
            raise Flaw(f"With an AnswerKey {question.identifier} has to be a SelectionAnswer without others", 1)
    unknown = key.questions.keys() - {each.identifier for each in form.questions}
    if unknown:
        raise Flaw(f"The AnswerKey has a question that the test does not have: {min(unknown)}", 1)


def chosen_in(form: QuestionForm, answers: Mapping[str, str]) -> Chosen:
    """The identifiers of what was chosen in canonical answers."""
    found: dict[str, frozenset[str]] = {}
    for question in form.questions:
        said = answers.get(question.identifier)
        if said is not None:
            ids = dict(zip(question.options, [each.identifier for each in question.selections], strict=False))
            picked = said.split(JOINT) if question.several else [said]
            found[question.identifier] = frozenset(ids[each] for each in picked if each in ids)
    return found


def _key_question(node: Node) -> KeyQuestion:
    options = tuple(
        Option(frozenset(ids.text.strip() for ids in each.all("SelectionIdentifier")), _score(each, "AnswerScore"))
        for each in node.all("AnswerOption")
    )
    return KeyQuestion(options, _score(node, "DefaultScore", 0))


def _mapping(node: Node) -> PercentageMapping | ScaleMapping | RangeMapping:
    if found := node.find("PercentageMapping"):
        if (most := _score(found, "MaximumSummedScore")) <= 0:
            raise Flaw("MaximumSummedScore is above 0", found.line)
        return PercentageMapping(most)
    if found := node.find("ScaleMapping"):
        return ScaleMapping(_decimal(found))
    found = node.need("RangeMapping")
    ranges = tuple(
        (_score(each, "InclusiveLowerBound"), _score(each, "InclusiveUpperBound"), _score(each, "QualificationValue"))
        for each in found.all("SummedScoreRange")
    )
    return RangeMapping(ranges, _score(found, "OutOfRangeQualificationValue"))


def _decimal(node: Node) -> int:
    said = _DECIMAL.fullmatch(node.need("SummedScoreMultiplier").text.strip())
    if said is None:
        raise Flaw("SummedScoreMultiplier is a decimal number", node.line)
    return int(said[1]) * 1_000_000 + int((said[2] or "").ljust(6, "0"))


def _score(node: Node, name: str, usual: int | None = None) -> int:
    said = node.said(name)
    if not said and usual is not None:
        return usual
    if not said.removeprefix("-").isdecimal() or len(said) > 10 or abs(int(said)) > _LARGEST:
        raise Flaw(f"{node.name} needs a whole {name}", node.line)
    return int(said)


MEDIA = {"image": "image", "audio": "audio", "video": "video"}  # by the type: columns of a task's content
BLOCKS = frozenset({"p", "div", "br", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "tr", "pre", "hr"})
Media = list[tuple[str, str]]


def read_content(nodes: Iterable[Node], media: Media) -> str:
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


LONGEST, LONGEST_QUESTION = 2_500, 1_000  # characters that a chat shows: above the questions, and of one
MOST_SELECTIONS, LONGEST_SELECTION, LONGEST_NAME = 50, 100, 128
SEVERAL = frozenset({"checkbox", "multichooser"})
CONTENT = "QuestionContent"


@lru_cache(maxsize=64)  # of up to 256 KB each
def read_form(text: str) -> QuestionForm:
    """Return the form. Raise Flaw for other documents and for what cannot be asked in a chat."""
    root = parsed(text)
    if root.name != "QuestionForm":
        raise Flaw(f"{root.name} is no QuestionForm", root.line)
    return to_form(root)


def to_form(root: Node) -> QuestionForm:
    media: Media = []
    head, waiting, questions = "", [], list[Question]()
    for node in root.children:
        if node.name == "Overview":
            text = read_content(node.children, media)
            if questions:
                waiting.append(text)
            else:
                head = "\n".join(filter(None, (head, text)))
        elif node.name == "Question":
            questions.append(_question(node, waiting, media))
            waiting = []
        else:
            raise Flaw(f"{node.name} cannot stand in a QuestionForm", node.line)
    names = [each.identifier for each in questions]
    if not questions or len(questions) > MOST_QUESTIONS or len(set(names)) < len(names):
        raise Flaw(f"A QuestionForm has 1 to {MOST_QUESTIONS} questions with identifiers of their own", root.line)
    if len(head) > LONGEST:
        raise Flaw(f"What stands above the questions has at most {LONGEST} characters in a chat", root.line)
    return QuestionForm(head, tuple(media), tuple(questions))


def _question(node: Node, above: list[str], media: Media) -> Question:
    name = node.need("QuestionIdentifier").text.strip()
    if not 1 <= len(name) <= LONGEST_NAME:
        raise Flaw(f"A QuestionIdentifier has 1 to {LONGEST_NAME} characters", node.line)
    shown = read_content(node.need(CONTENT).children, media) if node.find(CONTENT) else ""
    text = "\n".join(filter(None, (*above, shown or node.said("DisplayName") or name)))
    if len(text) > LONGEST_QUESTION:
        raise Flaw(f"A question has at most {LONGEST_QUESTION} characters in a chat", node.line)
    required = node.said("IsRequired").lower() in ("true", "1")
    answer = node.need("AnswerSpecification")
    if choice := answer.find("SelectionAnswer"):
        return _selection(name, text, required, choice, media)
    if typed := answer.find("FreeTextAnswer"):
        return _free(name, text, required, typed)
    raise Flaw("A question is answered by a SelectionAnswer or a FreeTextAnswer", answer.line)


def _selection(name: str, text: str, required: bool, node: Node, media: Media) -> Question:
    selections = tuple(_read_one(each, media) for each in node.need("Selections").all("Selection"))
    names = [each.identifier for each in selections]
    if not selections or len(selections) > MOST_SELECTIONS or len(set(names)) < len(names):
        raise Flaw(f"1 to {MOST_SELECTIONS} selections have identifiers of their own", node.line)
    other = node.need("Selections").find("OtherSelection") is not None
    styled = node.said("StyleSuggestion") in SEVERAL
    most = read_whole(node, "MaxSelectionCount", len(selections) if styled else 1)
    fewest = read_whole(node, "MinSelectionCount", 0)
    if not 1 <= most <= len(selections) + other or fewest > most:
        raise Flaw("MinSelectionCount and MaxSelectionCount do not fit the selections", node.line)
    several = most > 1
    bounds = Bounds(fewest=fewest, most=most) if several else None
    return Question(name, text, required or fewest > 0, selections, several, other, False, bounds)


def _read_one(node: Node, media: Media) -> Selection:
    name, pictures = node.need("SelectionIdentifier").text.strip(), Media()
    shown = [each for each in node.children if each.name != "SelectionIdentifier"]
    text = read_content(shown, pictures)
    if pictures:
        media += pictures
        text = text or f"{len(media)}"
    if not name or not 1 <= len(text) <= LONGEST_SELECTION:
        raise Flaw(f"A Selection has an identifier and 1 to {LONGEST_SELECTION} characters", node.line)
    return Selection(name, " ".join(text.split()))


def _free(name: str, text: str, required: bool, node: Node) -> Question:
    limits = node.find("Constraints")
    numeric = limits.find("IsNumeric") if limits else None
    length = limits.find("Length") if limits else None
    form = limits.find("AnswerFormatRegex") if limits else None
    shortest = _number(length, "minLength", 0) or 0
    bounds = Bounds(
        shortest=shortest,
        longest=_number(length, "maxLength", 0) or 0,
        least=_number(numeric, "minValue", None),
        greatest=_number(numeric, "maxValue", None),
        pattern=_pattern(form) if form else "",
        expected=form.attributes.get("errorText", "")[:300] if form else "",
    )
    return Question(name, text, required or shortest > 0, is_number=numeric is not None, bounds=bounds)


def _pattern(node: Node) -> str:
    flags = node.attributes.get("flags", "")
    pattern = ("(?i)" if "i" in flags else "") + node.attributes.get("regex", "")
    try:
        compiled(pattern)
    except ValueError as error:
        raise Flaw(f"AnswerFormatRegex cannot be used: {error}", node.line) from None
    return pattern


def read_whole(node: Node, name: str, usual: int) -> int:
    said = node.said(name)
    if not said:
        return usual
    if not said.isdecimal() or len(said) > 6:
        raise Flaw(f"{name} is a whole number", node.line)
    return int(said)


def _number(node: Node | None, name: str, usual: int | None) -> int | None:
    said = node.attributes.get(name, "").strip() if node else ""
    if node is None or not said:
        return usual
    if not said.removeprefix("-").isdecimal() or len(said) > 12:
        raise Flaw(f"{name} is a whole number", node.line)
    return int(said)
