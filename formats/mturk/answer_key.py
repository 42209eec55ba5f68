"""The AnswerKey of a test, by the documentation of its schema; and what was chosen, in its words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from domain.mturk.answer_keys import (
    AnswerKey,
    Chosen,
    KeyQuestion,
    Option,
    PercentageMapping,
    RangeMapping,
    ScaleMapping,
)
from domain.mturk.questions import QuestionForm
from domain.projects.form_bounds import JOINT
from formats.mturk.xml import Flaw, Node, parsed

_DECIMAL = re.compile(r"([0-9]{1,6})(?:\.([0-9]{1,6}))?")
_LARGEST = 1_000_000_000


@lru_cache(maxsize=128)
def read(text: str) -> AnswerKey:
    """Raises Flaw."""
    root = parsed(text)
    if root.name != "AnswerKey":
        raise Flaw(f"{root.name} is no AnswerKey", root.line)
    questions = {each.said("QuestionIdentifier"): _question(each) for each in root.all("Question")}
    if not questions or "" in questions:
        raise Flaw("An AnswerKey has questions with identifiers", root.line)
    mapping = root.find("QualificationValueMapping")
    return AnswerKey(questions, _mapping(mapping) if mapping else None)


def check(key: AnswerKey, form: QuestionForm) -> None:
    """With a key each question is a selection without words of one's own; the key has no others. Raises Flaw."""
    for question in form.questions:
        if not question.selections or question.other:
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


def _question(node: Node) -> KeyQuestion:
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
