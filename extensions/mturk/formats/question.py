"""A HIT's Question: QuestionForm, HTMLQuestion or ExternalQuestion, by the documentation of their schemas."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from domain.people.question_forms import AFTER, OTHER, Question, QuestionForm
from domain.projects.form_questions import JOINT
from extensions.mturk.domain.questions import PageQuestion
from extensions.mturk.formats.pages import list_unanswered_fields
from formats.question_forms import Flaw, Node, parsed, read_whole, to_form

SCHEMA = "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2005-10-01/QuestionFormAnswers.xsd"
_UNWRITABLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


def written(asked: QuestionForm | PageQuestion, answers: Mapping[str, str]) -> str:
    """`answers` are canonical, by question; none at all makes a document of empty answers: of a page, to its fields."""
    if isinstance(asked, PageQuestion):
        parts = [_free_text(name, value) for name, value in (answers or list_unanswered_fields(asked.html)).items()]
    else:
        parts = [_answer(question, answers) for question in asked.questions]
    return f'{HEAD}<QuestionFormAnswers xmlns="{SCHEMA}">{"".join(parts)}</QuestionFormAnswers>'


def _answer(question: Question, answers: Mapping[str, str]) -> str:
    given = answers.get(question.identifier)
    if given is None or not question.selections:
        return _free_text(question.identifier, given or "")
    ids = dict(zip(question.options, [each.identifier for each in question.selections], strict=False))
    chosen = given.split(JOINT) if question.several else [given]
    parts = [f"<SelectionIdentifier>{_text(ids[each])}</SelectionIdentifier>" for each in chosen if each in ids]
    if question.other and OTHER in chosen:
        said = answers.get(question.identifier + AFTER, "")
        parts.append(f"<OtherSelectionText>{_text(said)}</OtherSelectionText>")
    return _wrapped(question.identifier, parts)


def _free_text(name: str, value: str) -> str:
    return _wrapped(name, [f"<FreeText>{_text(value)}</FreeText>" if value else "<FreeText/>"])


def _wrapped(name: str, parts: Iterable[str]) -> str:
    return f"<Answer><QuestionIdentifier>{_text(name)}</QuestionIdentifier>{''.join(parts)}</Answer>"


def _text(value: str) -> str:
    """Without the characters that XML cannot hold."""
    return _UNWRITABLE.sub("", value).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@lru_cache(maxsize=64)  # of up to 256 KB each
def read_question(text: str) -> QuestionForm | PageQuestion:
    """Raises Flaw."""
    root = parsed(text)
    if root.name == "QuestionForm":
        return to_form(root)
    if root.name == "HTMLQuestion":
        return PageQuestion(root.need("HTMLContent").text, "", read_whole(root, "FrameHeight", 0))
    if root.name == "ExternalQuestion":
        return PageQuestion("", _address(root), read_whole(root, "FrameHeight", 0))
    raise Flaw(f"{root.name} is no question: QuestionForm, HTMLQuestion or ExternalQuestion is", root.line)


def _address(root: Node) -> str:
    address = root.need("ExternalURL").text.strip()
    if not address.lower().startswith("https://"):
        raise Flaw("ExternalURL is an https address", root.line)
    return address
