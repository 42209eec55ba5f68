"""A project's instructions as workers read them, and what they are told, once, of those that were edited since."""

from dataclasses import dataclass

from domain.messages import Message
from domain.projects.authoring.worked_examples import Wording, WorkedExample
from domain.records import record

LINES = 4  # as many are told; the button shows all of them


@record
class InstructionNews:
    """`lines` are new or have changed, with their numbers now; `more` are not told, `gone` lines are no more. Whether
    the title, the pictures and the examples are others."""

    version: int
    lines: tuple[tuple[int, str], ...]
    more: int
    gone: int
    title: bool
    pictures: bool
    examples: bool


def news_of(before: Wording, now: Wording, version: int) -> InstructionNews:
    known, left = set(before.instructions), set(now.instructions)
    fresh = tuple((at, line) for at, line in enumerate(now.instructions, 1) if line not in known)
    removed = sum(line not in left for line in before.instructions)
    return InstructionNews(
        version,
        fresh[:LINES],
        len(fresh[LINES:]),
        max(0, removed - len(fresh)),
        before.title != now.title,
        before.pictures != now.pictures,
        before.examples != now.examples,
    )


@dataclass(frozen=True, slots=True)
class ProjectInstructions(Message):
    """All a project asks of an answer, numbered as a rejection cites it; `edition` is 0 where it was never edited."""

    title: str
    instructions: tuple[str, ...]
    pictures: tuple[str, ...] = ()
    edition: int = 0


@dataclass(frozen=True, slots=True)
class ExamplesShown(Message):
    """Worked examples of a project: an item, its right answer, why."""

    title: str
    examples: tuple[WorkedExample, ...]
