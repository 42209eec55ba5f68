"""Messages to workers about content that not everybody wants to see."""

from dataclasses import dataclass

from domain.messages import Message
from domain.money.amounts import Millionths
from domain.projects.projects import ProjectId
from domain.work.messages import LastAnswer


@dataclass(frozen=True, slots=True)
class ContentWarning(Message):
    """Before a project's first task: what it shows, and whether the worker wants that; `leaves` is the title of another
    project whose task in hand then goes to somebody else."""

    project: ProjectId
    title: str
    requester: str
    content: tuple[str, ...]
    pay: Millionths
    currency: str
    last: LastAnswer | None = None
    leaves: str = ""


@dataclass(frozen=True, slots=True)
class ContentAgreed(Message):
    """Tasks of this project come, and the worker was warned of what they show."""

    title: str


@dataclass(frozen=True, slots=True)
class TextRead(Message):
    """To a worker: a part of a text that is too long for its task's message, `label` as it is called there."""

    label: str
    text: str
    part: int
    of: int


@dataclass(frozen=True, slots=True)
class AnswerRead(Message):
    """To those whom an answer concerns: a part of one that is too long for the message that shows it, as a message
    carries its `kind`'s."""

    kind: str
    answer: str
    part: int
    of: int
