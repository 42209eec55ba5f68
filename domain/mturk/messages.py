"""Messages to workers about a requester's program."""

from dataclasses import dataclass

from domain.messages import Message
from domain.projects.projects import ProjectId


@dataclass(frozen=True, slots=True)
class AnswerFeedback(Message):
    """The words that came with an approval."""

    title: str
    words: str


@dataclass(frozen=True, slots=True)
class ProgramNote(Message):
    """NotifyWorkers: a requester's words to somebody who has worked for them."""

    subject: str
    words: str


@dataclass(frozen=True, slots=True)
class ProgramEvent(Message):
    """To a requester whose program asked for it: an event of a HIT by Amazon's name, with ids of theirs."""

    kind: str
    title: str
    hit: str
    assignment: str


@dataclass(frozen=True, slots=True)
class FormsLost(Message):
    """To a requester, once a project: an answer came without its form's fields, which went to Amazon's address."""

    project: ProjectId
    title: str
