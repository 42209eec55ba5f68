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

MAX_BYTES, MAX_DEPTH, MAX_NODES = 256 << 10, 40, 5_000  # twice a layout: room for what is filled in


class XmlFlaw(ValueError):
    """An XML document is invalid; the text says why, and in which line."""

    def __init__(self, what: str, line: int) -> None:
        super().__init__(f"{what} (line {line})")


@dataclass(slots=True)
class Node:
    """An XML element: `name` without its prefix; `text` is all text directly in it."""

    name: str
    attributes: dict[str, str]
    line: int
    text: str = ""
    children: list[Node] = field(default_factory=list)

    def all(self, name: str) -> list[Node]:
        return [child for child in self.children if child.name == name]

    def find(self, name: str) -> Node | None:
        return next(iter(self.all(name)), None)

    def need(self, name: str) -> Node:
        """Return the first child of this name. Raise Flaw if there is none."""
        child = self.find(name)
        if child is None:
            raise XmlFlaw(f"{self.name} needs a {name}", self.line)
        return child

    def get_text(self, name: str) -> str:
        """Return the text of a child, "" without such a child."""
        child = self.find(name)
        return child.text.strip() if child else ""


def parse_xml(text: str) -> Node:
    """Return the root of an XML document. Raise Flaw if it is too large or not well-formed."""
    data = text.strip().encode()
    if len(data) > MAX_BYTES:
        raise XmlFlaw(f"A question has at most {MAX_BYTES} bytes; this has {len(data)}", 1)
    return _Builder().build(data)


class _Builder:
    def __init__(self) -> None:
        self.parser = expat.ParserCreate(encoding="utf-8")
        self.parser.buffer_text = True
        self.parser.StartElementHandler, self.parser.EndElementHandler = self._start, self._end
        self.parser.CharacterDataHandler, self.parser.StartDoctypeDeclHandler = self._data, self._doctype
        self.open: list[Node] = []
        self.root: Node | None = None
        self.nodes = 0

    def build(self, data: bytes) -> Node:
        try:
            self.parser.Parse(data, True)
        except expat.ExpatError as error:
            raise XmlFlaw(f"The XML cannot be read: {expat.ErrorString(error.code)}", error.lineno) from None
        if self.root is None:
            raise XmlFlaw("The XML is empty", 1)
        return self.root

    @property
    def line(self) -> int:
        return self.parser.CurrentLineNumber

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        node = Node(name.rpartition(":")[2], attributes, self.line)
        self.nodes += 1
        if len(self.open) >= MAX_DEPTH or self.nodes > MAX_NODES:
            raise XmlFlaw("The XML is nested too deeply, or has too many elements", self.line)
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
        raise XmlFlaw("A document type is not taken here", self.line)


_DECIMAL = re.compile(r"([0-9]{1,6})(?:\.([0-9]{1,6}))?")
_LARGEST = 1_000_000_000


@lru_cache(maxsize=128)
def parse_answer_key(text: str) -> AnswerKey:
    """Return the AnswerKey in an XML document. Raise Flaw."""
    root = parse_xml(text)
    if root.name != "AnswerKey":
        raise XmlFlaw(f"{root.name} is no AnswerKey", root.line)
    questions = {
        question_node.get_text("QuestionIdentifier"): _to_key_question(question_node)
        for question_node in root.all("Question")
    }
    if not questions or "" in questions:
        raise XmlFlaw("An AnswerKey has questions with identifiers", root.line)
    mapping = root.find("QualificationValueMapping")
    return AnswerKey(questions, _to_mapping(mapping) if mapping else None)


def require_scorable(key: AnswerKey, form: QuestionForm) -> None:
    """Raise Flaw unless the key can score the form: each question is a selection without others, and the key has no
    further questions."""
    for question in form.questions:
        if not question.selections or question.has_other:
            raise XmlFlaw(f"With an AnswerKey {question.identifier} has to be a SelectionAnswer without others", 1)
    unknown = key.questions.keys() - {form_question.identifier for form_question in form.questions}
    if unknown:
        raise XmlFlaw(f"The AnswerKey has a question that the test does not have: {min(unknown)}", 1)


def get_chosen_selections(form: QuestionForm, answers: Mapping[str, str]) -> Chosen:
    """Return the identifiers of the selections in canonical answers, by question."""
    chosen: dict[str, frozenset[str]] = {}
    for question in form.questions:
        answer = answers.get(question.identifier)
        if answer is not None:
            ids = dict(zip(question.options, [selection.identifier for selection in question.selections], strict=False))
            picked = answer.split(JOINT) if question.several else [answer]
            chosen[question.identifier] = frozenset(ids[selection] for selection in picked if selection in ids)
    return chosen


def _to_key_question(node: Node) -> KeyQuestion:
    options = tuple(
        Option(
            frozenset(ids.text.strip() for ids in option_node.all("SelectionIdentifier")),
            _parse_score(option_node, "AnswerScore"),
        )
        for option_node in node.all("AnswerOption")
    )
    return KeyQuestion(options, _parse_score(node, "DefaultScore", 0))


def _to_mapping(node: Node) -> PercentageMapping | ScaleMapping | RangeMapping:
    if mapping_node := node.find("PercentageMapping"):
        if (most := _parse_score(mapping_node, "MaximumSummedScore")) <= 0:
            raise XmlFlaw("MaximumSummedScore is above 0", mapping_node.line)
        return PercentageMapping(most)
    if mapping_node := node.find("ScaleMapping"):
        return ScaleMapping(_parse_decimal(mapping_node))
    mapping_node = node.need("RangeMapping")
    ranges = tuple(
        (
            _parse_score(range_node, "InclusiveLowerBound"),
            _parse_score(range_node, "InclusiveUpperBound"),
            _parse_score(range_node, "QualificationValue"),
        )
        for range_node in mapping_node.all("SummedScoreRange")
    )
    return RangeMapping(ranges, _parse_score(mapping_node, "OutOfRangeQualificationValue"))


def _parse_decimal(node: Node) -> int:
    match = _DECIMAL.fullmatch(node.need("SummedScoreMultiplier").text.strip())
    if match is None:
        raise XmlFlaw("SummedScoreMultiplier is a decimal number", node.line)
    return int(match[1]) * 1_000_000 + int((match[2] or "").ljust(6, "0"))


def _parse_score(node: Node, name: str, usual: int | None = None) -> int:
    text = node.get_text(name)
    if not text and usual is not None:
        return usual
    if not text.removeprefix("-").isdecimal() or len(text) > 10 or abs(int(text)) > _LARGEST:
        raise XmlFlaw(f"{node.name} needs a whole {name}", node.line)
    return int(text)


MEDIA = {"image": "image", "audio": "audio", "video": "video"}  # by the type: columns of a task's content
BLOCKS = frozenset({"p", "div", "br", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "tr", "pre", "hr"})
Media = list[tuple[str, str]]


def read_content(nodes: Iterable[Node], media: Media) -> str:
    """Return the content as lines of text; add what is looked at or listened to to `media`."""
    return "\n".join(filter(None, (_read_node(node, media) for node in nodes))).strip()


def _read_node(node: Node, media: Media) -> str:
    if node.name in ("Title", "Text"):
        return node.text.strip()
    if node.name == "List":
        return "\n".join(f"• {item.text.strip()}" for item in node.all("ListItem"))
    if node.name in ("Binary", "EmbeddedBinary"):
        return _read_binary(node, media)
    if node.name == "FormattedContent":
        return format_xhtml(node.text, media)
    raise XmlFlaw(f"{node.name} cannot be shown here", node.line)


def _read_binary(node: Node, media: Media) -> str:
    kind = node.need("MimeType").get_text("Type") or node.get_text("EmbeddedMimeType").partition("/")[0]
    address = node.get_text("DataURL")
    if not address.lower().startswith(("https://", "http://")):
        raise XmlFlaw("DataURL is an http or https address", node.line)
    if kind not in MEDIA:
        return " ".join(filter(None, (node.get_text("AltText"), address)))
    media.append((MEDIA[kind], address))
    return ""


def format_xhtml(html: str, media: Media) -> str:
    """Return XHTML as lines; a link is followed by its address, a picture is added to `media`."""
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
        attributes = {name: value or "" for name, value in attrs}
        if tag in BLOCKS:
            self.parts.append("\n")
        elif tag == "li":
            self.parts.append("\n• ")
        elif tag == "a":
            self.links.append(attributes.get("href", ""))
        elif tag == "img" and attributes.get("src", "").startswith(("https://", "http://")):
            self.media.append(("image", attributes["src"]))

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS:
            self.parts.append("\n")
        elif tag == "td":
            self.parts.append(" | ")
        elif tag == "a" and self.links and (address := self.links.pop()):
            self.parts.append(f" ({address})")

    def handle_data(self, data: str) -> None:
        self.parts.append(" ".join(data.split("\n")))


MAX_TEXT_CHARS, MAX_QUESTION_CHARS = 2_500, 1_000  # characters that a chat shows: above the questions, and of one
MOST_SELECTIONS, LONGEST_SELECTION, LONGEST_NAME = 50, 100, 128
SEVERAL = frozenset({"checkbox", "multichooser"})
CONTENT = "QuestionContent"


@lru_cache(maxsize=64)  # of up to 256 KB each
def read_form(text: str) -> QuestionForm:
    """Return the form. Raise Flaw for other documents and for what cannot be asked in a chat."""
    root = parse_xml(text)
    if root.name != "QuestionForm":
        raise XmlFlaw(f"{root.name} is no QuestionForm", root.line)
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
            questions.append(_to_question(node, waiting, media))
            waiting = []
        else:
            raise XmlFlaw(f"{node.name} cannot stand in a QuestionForm", node.line)
    names = [question.identifier for question in questions]
    if not questions or len(questions) > MOST_QUESTIONS or len(set(names)) < len(names):
        raise XmlFlaw(f"A QuestionForm has 1 to {MOST_QUESTIONS} questions with identifiers of their own", root.line)
    if len(head) > MAX_TEXT_CHARS:
        raise XmlFlaw(f"What stands above the questions has at most {MAX_TEXT_CHARS} characters in a chat", root.line)
    return QuestionForm(head, tuple(media), tuple(questions))


def _to_question(node: Node, above: list[str], media: Media) -> Question:
    name = node.need("QuestionIdentifier").text.strip()
    if not 1 <= len(name) <= LONGEST_NAME:
        raise XmlFlaw(f"A QuestionIdentifier has 1 to {LONGEST_NAME} characters", node.line)
    content = read_content(node.need(CONTENT).children, media) if node.find(CONTENT) else ""
    text = "\n".join(filter(None, (*above, content or node.get_text("DisplayName") or name)))
    if len(text) > MAX_QUESTION_CHARS:
        raise XmlFlaw(f"A question has at most {MAX_QUESTION_CHARS} characters in a chat", node.line)
    required = node.get_text("IsRequired").lower() in ("true", "1")
    answer = node.need("AnswerSpecification")
    if choice := answer.find("SelectionAnswer"):
        return _to_selection_question(name, text, required, choice, media)
    if typed := answer.find("FreeTextAnswer"):
        return _to_typed_question(name, text, required, typed)
    raise XmlFlaw("A question is answered by a SelectionAnswer or a FreeTextAnswer", answer.line)


def _to_selection_question(name: str, text: str, required: bool, node: Node, media: Media) -> Question:
    selections = tuple(_to_selection(selection, media) for selection in node.need("Selections").all("Selection"))
    names = [selection.identifier for selection in selections]
    if not selections or len(selections) > MOST_SELECTIONS or len(set(names)) < len(names):
        raise XmlFlaw(f"1 to {MOST_SELECTIONS} selections have identifiers of their own", node.line)
    has_other = node.need("Selections").find("OtherSelection") is not None
    styled = node.get_text("StyleSuggestion") in SEVERAL
    most = parse_whole_number(node, "MaxSelectionCount", len(selections) if styled else 1)
    fewest = parse_whole_number(node, "MinSelectionCount", 0)
    if not 1 <= most <= len(selections) + has_other or fewest > most:
        raise XmlFlaw("MinSelectionCount and MaxSelectionCount do not fit the selections", node.line)
    several = most > 1
    bounds = Bounds(fewest=fewest, most=most) if several else None
    return Question(
        name,
        text,
        required or fewest > 0,
        selections=selections,
        several=several,
        has_other=has_other,
        bounds=bounds,
    )


def _to_selection(node: Node, media: Media) -> Selection:
    name, pictures = node.need("SelectionIdentifier").text.strip(), Media()
    children = [child for child in node.children if child.name != "SelectionIdentifier"]
    text = read_content(children, pictures)
    if pictures:
        media += pictures
        text = text or f"{len(media)}"
    if not name or not 1 <= len(text) <= LONGEST_SELECTION:
        raise XmlFlaw(f"A Selection has an identifier and 1 to {LONGEST_SELECTION} characters", node.line)
    return Selection(name, " ".join(text.split()))


def _to_typed_question(name: str, text: str, required: bool, node: Node) -> Question:
    limits = node.find("Constraints")
    numeric = limits.find("IsNumeric") if limits else None
    length = limits.find("Length") if limits else None
    form = limits.find("AnswerFormatRegex") if limits else None
    shortest = _parse_attribute(length, "minLength", 0) or 0
    bounds = Bounds(
        shortest=shortest,
        longest=_parse_attribute(length, "maxLength", 0) or 0,
        least=_parse_attribute(numeric, "minValue", None),
        greatest=_parse_attribute(numeric, "maxValue", None),
        pattern=_parse_pattern(form) if form else "",
        expected=form.attributes.get("errorText", "")[:300] if form else "",
    )
    return Question(name, text, required or shortest > 0, is_number=numeric is not None, bounds=bounds)


def _parse_pattern(node: Node) -> str:
    flags = node.attributes.get("flags", "")
    pattern = ("(?i)" if "i" in flags else "") + node.attributes.get("regex", "")
    try:
        compiled(pattern)
    except ValueError as error:
        raise XmlFlaw(f"AnswerFormatRegex cannot be used: {error}", node.line) from None
    return pattern


def parse_whole_number(node: Node, name: str, usual: int) -> int:
    """Return the whole number in a child, or `usual` without one. Raise Flaw for other text."""
    text = node.get_text(name)
    if not text:
        return usual
    if not text.isdecimal() or len(text) > 6:
        raise XmlFlaw(f"{name} is a whole number", node.line)
    return int(text)


def _parse_attribute(node: Node | None, name: str, usual: int | None) -> int | None:
    text = node.attributes.get(name, "").strip() if node else ""
    if node is None or not text:
        return usual
    if not text.removeprefix("-").isdecimal() or len(text) > 12:
        raise XmlFlaw(f"{name} is a whole number", node.line)
    return int(text)
