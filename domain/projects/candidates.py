"""What is compared or ranked: columns of a row, called by names that may come from its file; their pictures."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from domain.projects.form_questions import FormQuestion, packed
from domain.projects.media import BROUGHT

PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".gif")
MOST = 10  # pictures that are shown together

Candidate = tuple[str, str]
"""An option and its picture's address."""


def pictured(text: str, options: Sequence[str]) -> tuple[str, tuple[Candidate, ...]]:
    """The text without the lines that say `A: address`, and the pictures; the text as it is and none where one of the
    options has no picture."""
    named = {f"{option}: ": option for option in options}
    lines, found = list[str](), list[Candidate]()
    for line in text.split("\n"):
        mark = next((mark for mark in named if line.startswith(mark)), None)
        if mark is not None and is_picture(address := line[len(mark) :].strip()):
            found.append((named.pop(mark), address))
        else:
            lines.append(line)
    if named or not 2 <= len(found) <= MOST:
        return text, ()
    return "\n".join(lines).strip(), tuple(found)


def is_picture(address: str) -> bool:
    return address.startswith(("http://", "https://", BROUGHT)) and urlsplit(address).path.lower().endswith(PICTURES)


def compared_in(questions: Sequence[FormQuestion]) -> tuple[str, ...]:
    """The names in a form, where all questions that compare have the same."""
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
