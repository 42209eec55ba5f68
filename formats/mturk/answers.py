"""QuestionFormAnswers, as programs read them: by regular expressions and by position.

No prefix and no CDATA; of the signs only & < > are escaped; each question of the form is there, in its order, also one
that was left out, so that a table made of the first answer has every column.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from domain.mturk.questions import AFTER, OTHER, PageQuestion, Question, QuestionForm
from domain.projects.form_bounds import JOINT
from formats.mturk.pages import unanswered

SCHEMA = "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2005-10-01/QuestionFormAnswers.xsd"
_UNWRITABLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


def written(asked: QuestionForm | PageQuestion, answers: Mapping[str, str]) -> str:
    """`answers` are canonical, by question; none at all makes a document of empty answers: of a page, to its fields."""
    if isinstance(asked, PageQuestion):
        parts = [_free(name, value) for name, value in (answers or unanswered(asked.html)).items()]
    else:
        parts = [_answer(question, answers) for question in asked.questions]
    return f'{HEAD}<QuestionFormAnswers xmlns="{SCHEMA}">{"".join(parts)}</QuestionFormAnswers>'


def _answer(question: Question, answers: Mapping[str, str]) -> str:
    given = answers.get(question.identifier)
    if given is None or not question.selections:
        return _free(question.identifier, given or "")
    ids = dict(zip(question.options, [each.identifier for each in question.selections], strict=False))
    chosen = given.split(JOINT) if question.several else [given]
    parts = [f"<SelectionIdentifier>{_text(ids[each])}</SelectionIdentifier>" for each in chosen if each in ids]
    if question.other and OTHER in chosen:
        said = answers.get(question.identifier + AFTER, "")
        parts.append(f"<OtherSelectionText>{_text(said)}</OtherSelectionText>")
    return _wrapped(question.identifier, parts)


def _free(name: str, value: str) -> str:
    return _wrapped(name, [f"<FreeText>{_text(value)}</FreeText>" if value else "<FreeText/>"])


def _wrapped(name: str, parts: Iterable[str]) -> str:
    return f"<Answer><QuestionIdentifier>{_text(name)}</QuestionIdentifier>{''.join(parts)}</Answer>"


def _text(value: str) -> str:
    """Without the characters that XML cannot hold."""
    return _UNWRITABLE.sub("", value).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
