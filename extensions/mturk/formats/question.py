"""A HIT's Question: QuestionForm, HTMLQuestion or ExternalQuestion, by the documentation of their schemas."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from domain.people.question_forms import AFTER, OTHER, Question, QuestionForm
from domain.projects.form_questions import JOINT
from extensions.mturk.domain.questions import PageQuestion
from extensions.mturk.formats.pages import list_unanswered_fields
from formats.question_forms import Node, XmlFlaw, parse_whole_number, parse_xml, to_form

SCHEMA = "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2005-10-01/QuestionFormAnswers.xsd"
_UNWRITABLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


def write_answer_xml(form: QuestionForm | PageQuestion, answers: Mapping[str, str]) -> str:
    """Return the QuestionFormAnswers document of canonical answers by question. Without any answers it holds an empty
    one for each question, or for each field of a page."""
    if isinstance(form, PageQuestion):
        parts = [_free_text(name, value) for name, value in (answers or list_unanswered_fields(form.html)).items()]
    else:
        parts = [_answer(question, answers) for question in form.questions]
    return f'{HEAD}<QuestionFormAnswers xmlns="{SCHEMA}">{"".join(parts)}</QuestionFormAnswers>'


def _answer(question: Question, answers: Mapping[str, str]) -> str:
    answer = answers.get(question.identifier)
    if answer is None or not question.selections:
        return _free_text(question.identifier, answer or "")
    ids = dict(zip(question.options, [selection.identifier for selection in question.selections], strict=False))
    chosen = answer.split(JOINT) if question.several else [answer]
    parts = [
        f"<SelectionIdentifier>{_text(ids[selection])}</SelectionIdentifier>"
        for selection in chosen
        if selection in ids
    ]
    if question.has_other and OTHER in chosen:
        other_text = answers.get(question.identifier + AFTER, "")
        parts.append(f"<OtherSelectionText>{_text(other_text)}</OtherSelectionText>")
    return _wrapped(question.identifier, parts)


def _free_text(name: str, value: str) -> str:
    return _wrapped(name, [f"<FreeText>{_text(value)}</FreeText>" if value else "<FreeText/>"])


def _wrapped(name: str, parts: Iterable[str]) -> str:
    return f"<Answer><QuestionIdentifier>{_text(name)}</QuestionIdentifier>{''.join(parts)}</Answer>"


def _text(value: str) -> str:
    """Return the text escaped for XML, without the characters that XML cannot hold."""
    return _UNWRITABLE.sub("", value).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@lru_cache(maxsize=64)  # of up to 256 KB each
def read_question(text: str) -> QuestionForm | PageQuestion:
    """Return the parsed question. Raise Flaw, with a line, if the XML is no question of the three kinds."""
    root = parse_xml(text)
    if root.name == "QuestionForm":
        return to_form(root)
    if root.name == "HTMLQuestion":
        return PageQuestion(root.need("HTMLContent").text, "", parse_whole_number(root, "FrameHeight", 0))
    if root.name == "ExternalQuestion":
        return PageQuestion("", _address(root), parse_whole_number(root, "FrameHeight", 0))
    raise XmlFlaw(f"{root.name} is no question: QuestionForm, HTMLQuestion or ExternalQuestion is", root.line)


def _address(root: Node) -> str:
    address = root.need("ExternalURL").text.strip()
    if not address.lower().startswith("https://"):
        raise XmlFlaw("ExternalURL is an https address", root.line)
    return address
