"""What the questions of a form compare: two columns of a row, called by names that may come from its file."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from domain.projects.form_questions import FormQuestion, packed


def compared_in(questions: Sequence[FormQuestion]) -> tuple[str, ...]:
    """The names, where all questions that compare have the same."""
    found = {each.answered_by.compared(each.options) for each in questions if each.answered_by.options_are_columns}
    return found.pop() if len(found) == 1 else ()


def is_unnamed(question: FormQuestion) -> bool:
    return question.answered_by.options_are_columns and question.answered_by.lacks_names(question.options)


def with_names(questions: Sequence[FormQuestion], labels: Sequence[str]) -> tuple[str, ...]:
    """The questions, packed, each that lacks names with these."""
    return packed(
        replace(each, options=each.answered_by.named(each.options, labels)) if is_unnamed(each) else each
        for each in questions
    )


def relabelled(question: FormQuestion, said: str | list[str], labels: Mapping[str, str]) -> str | list[str]:
    """The answer, or its kind and the answers that gold accepts, in which what is compared is called otherwise."""
    kind = question.answered_by
    if isinstance(said, str):
        return kind.relabelled(said, question.options, labels)
    return [said[0], *(kind.relabelled(each, question.options, labels) for each in said[1:])]


def is_decided_by(questions: Sequence[FormQuestion]) -> bool:
    """Whether what is asked depends on which of them is better."""
    compare = {each.name for each in questions if each.answered_by.options_are_columns}
    return any(condition.question in compare for each in questions for condition in each.conditions)
