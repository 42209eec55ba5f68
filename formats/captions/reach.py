"""Whether any answers lead to a question of a form: its conditions, and those of the questions that they name, may
exclude each other."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from itertools import pairwise

from domain.answers import Wants
from domain.projects.form_questions import Condition, FormQuestion, is_ordered


def is_never_asked(question: FormQuestion, before: Sequence[FormQuestion]) -> bool:
    """Answers to different questions are free of each other, so it is enough to look at each one by itself."""
    by_name = {each.name: each for each in before}
    wanted: dict[str, list[Condition]] = {}
    for condition in _needed(question, by_name):
        wanted.setdefault(condition.question, []).append(condition)
    return not all(_can_hold(tuple(each), by_name) for each in wanted.values())


def _needed(question: FormQuestion, by_name: Mapping[str, FormQuestion]) -> Iterator[Condition]:
    """Of the question, and of all those that must be asked before it."""
    seen: set[str] = set()
    todo = [question]
    while todo:
        conditions = todo.pop().conditions
        yield from conditions
        new = {each.question for each in conditions} - seen
        seen |= new
        todo.extend(by_name[name] for name in new)


def _can_hold(conditions: tuple[Condition, ...], by_name: Mapping[str, FormQuestion]) -> bool:
    asked = by_name[conditions[0].question]
    probe = FormQuestion(asked.name, asked.kind, asked.text, conditions=conditions)
    possible = tuple(_possible(asked, conditions))
    return not possible or any(probe.is_asked({asked.name: answer}, by_name) for answer in possible)


def _possible(asked: FormQuestion, conditions: Sequence[Condition]) -> Iterator[str]:
    """Answers that stand for all others; none where there are too many to tell."""
    if asked.answered_by.wants is Wants.PRESS:
        yield from (asked.answered_by.read(str(at), asked.options) for at in range(len(asked.options)))
    elif is_ordered(asked):
        yield from _around(conditions)


def _around(conditions: Sequence[Condition]) -> Iterator[str]:
    """The numbers named, one between each two of them, and one beyond either end."""
    try:
        named = sorted({Decimal(value) for each in conditions for value in each.values})
    except InvalidOperation:  # ranges and tolerances
        return
    beyond = [named[0] - 1, *named, named[-1] + 1]
    yield from (f"{each:f}" for each in beyond)
    yield from (f"{(low + high) / 2:f}" for low, high in pairwise(beyond))
