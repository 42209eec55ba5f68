"""Candidates that are compared or ranked: columns of a row, called by names that may come from its file; their
pictures, and how long texts are shown."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from string import ascii_uppercase
from urllib.parse import urlsplit

from domain.answers import kind_of
from domain.projects.form_questions import FormQuestion, asked_in, packed
from domain.projects.media import BROUGHT

ROOM, FORM_ROOM = 3_500, 2_900  # of a message, as Telegram counts, for a task's text; a form's questions take some
OPENING = 1_600  # of it once texts are cut: each is read whole by its button, the terms and the rules only above them
SHORTEST = 60  # of a cell that is cut
PART = 3_600  # of a text that is read by itself
PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".gif")
MOST = 10  # pictures that are shown together

Candidate = tuple[str, str]
"""An option and its picture's address."""


def pictured(text: str, options: Sequence[str]) -> tuple[str, tuple[Candidate, ...]]:
    """The text without the lines that say `A: address`, and the pictures; the text as it is and none where one of the
    options has no picture."""
    if not options:
        return text, ()
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


def is_lettered(kind: str, asked: Sequence[str] | None, options: Sequence[str]) -> bool:
    """Whether what is compared is called A, B, … by us: names that the requester gave, in the caption or in gold, stay
    with what they name."""
    given = [each for each in asked_in(kind, asked) if each.answered_by.options_are_columns]
    unnamed = all(map(is_unnamed, given)) if given else kind_of(kind).lacks_names(asked)
    return unnamed and {*kind_of(kind).compared(options)} <= {*ascii_uppercase}


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


def has_candidates(kind: str, options: Sequence[str]) -> bool:
    """Whether things are compared or ranked: texts that are too long for one message can be read one by one."""
    questions = asked_in(kind, options)
    return any(each.answered_by.options_are_columns for each in questions) or kind_of(kind).options_are_columns


def room_of(kind: str) -> int:
    return FORM_ROOM if kind_of(kind).asks_questions else ROOM


def shortened(names: Sequence[str], content: Mapping[str, str], room: int) -> dict[str, str]:
    """The cells that have to be cut so that all that are shown have room, as they are shown; the longest first."""
    sizes = [units(content.get(name, "")) for name in names]
    most = max(SHORTEST, _share(sorted(sizes), room))
    return {name: _cut(content[name], most) for name, size in zip(names, sizes, strict=True) if size > most}


def _share(sizes: Sequence[int], room: int) -> int:
    """How long each may be, where those that are shorter leave their rest to the others; `sizes` grow."""
    for at, size in enumerate(sizes):
        share = room // (len(sizes) - at)
        if size > share:
            return share
        room -= size
    return max(sizes, default=0)


def units(text: str) -> int:
    """As Telegram counts: in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _cut(text: str, most: int) -> str:
    return text.encode("utf-16-le", "surrogatepass")[: 2 * (most - 1)].decode("utf-16-le", "ignore").rstrip() + "…"


def parts_of(text: str) -> list[str]:
    """A text in pieces of a message each, parted at the end of a paragraph, a line or a word where there is one."""
    found = []
    while units(text) > PART:
        piece = text.encode("utf-16-le", "surrogatepass")[: 2 * PART].decode("utf-16-le", "ignore")
        ends = (piece.rfind(sign, len(piece) // 2) for sign in ("\n\n", "\n", " "))
        end = next((each for each in ends if each > 0), len(piece))
        found.append(text[:end].strip())
        text = text[end:].lstrip()
    return [*found, text] if text or not found else found
