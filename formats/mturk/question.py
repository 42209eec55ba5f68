"""A HIT's Question: QuestionForm, HTMLQuestion or ExternalQuestion, by the documentation of their schemas."""

from __future__ import annotations

from functools import lru_cache

from domain.mturk.questions import PageQuestion, Question, QuestionForm, Selection
from domain.projects.form_bounds import Bounds, compiled
from domain.projects.form_questions import MOST_QUESTIONS
from formats.mturk import content
from formats.mturk.content import Media
from formats.mturk.xml import Flaw, Node, parsed

LONGEST, LONGEST_QUESTION = 2_500, 1_000  # characters that a chat shows: above the questions, and of one
MOST_SELECTIONS, LONGEST_SELECTION, LONGEST_NAME = 50, 100, 128
SEVERAL = frozenset({"checkbox", "multichooser"})
CONTENT = "QuestionContent"


@lru_cache(maxsize=64)  # of up to 256 KB each
def read(text: str) -> QuestionForm | PageQuestion:
    """Raises Flaw."""
    root = parsed(text)
    if root.name == "QuestionForm":
        return _form(root)
    if root.name == "HTMLQuestion":
        return PageQuestion(root.need("HTMLContent").text, "", _whole(root, "FrameHeight", 0))
    if root.name == "ExternalQuestion":
        return PageQuestion("", _address(root), _whole(root, "FrameHeight", 0))
    raise Flaw(f"{root.name} is no question: QuestionForm, HTMLQuestion or ExternalQuestion is", root.line)


def _address(root: Node) -> str:
    address = root.need("ExternalURL").text.strip()
    if not address.lower().startswith("https://"):
        raise Flaw("ExternalURL is an https address", root.line)
    return address


def _form(root: Node) -> QuestionForm:
    media: Media = []
    head, waiting, questions = "", [], list[Question]()
    for node in root.children:
        if node.name == "Overview":
            text = content.read(node.children, media)
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
    shown = content.read(node.need(CONTENT).children, media) if node.find(CONTENT) else ""
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
    selections = tuple(_one(each, media) for each in node.need("Selections").all("Selection"))
    names = [each.identifier for each in selections]
    if not selections or len(selections) > MOST_SELECTIONS or len(set(names)) < len(names):
        raise Flaw(f"1 to {MOST_SELECTIONS} selections have identifiers of their own", node.line)
    other = node.need("Selections").find("OtherSelection") is not None
    styled = node.said("StyleSuggestion") in SEVERAL
    most = _whole(node, "MaxSelectionCount", len(selections) if styled else 1)
    fewest = _whole(node, "MinSelectionCount", 0)
    if not 1 <= most <= len(selections) + other or fewest > most:
        raise Flaw("MinSelectionCount and MaxSelectionCount do not fit the selections", node.line)
    several = most > 1
    bounds = Bounds(fewest=fewest, most=most) if several else None
    return Question(name, text, required or fewest > 0, selections, several, other, False, bounds)


def _one(node: Node, media: Media) -> Selection:
    name, pictures = node.need("SelectionIdentifier").text.strip(), Media()
    shown = [each for each in node.children if each.name != "SelectionIdentifier"]
    text = content.read(shown, pictures)
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


def _whole(node: Node, name: str, usual: int) -> int:
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
