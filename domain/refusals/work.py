"""Refusals of tasks and answers."""

from dataclasses import dataclass

from domain.refusals.refusal import Refusal


class WorkRefusal(Refusal):
    pass


class NotYours(WorkRefusal):
    pass


class AlreadyAnswered(WorkRefusal):
    pass


class TooLate(WorkRefusal):
    pass


class AlreadySkipped(TooLate):
    """They gave the task back themselves."""


class NothingLeft(WorkRefusal):
    """Of a project that was chosen: by now there is no task of it for this worker."""


class Leaving(WorkRefusal):
    """They pressed for being erased: no work is begun that could not be paid."""


class TooQuick(WorkRefusal):
    pass


class SentBefore(WorkRefusal):
    """A message that came before the task in hand was there: nobody answers what they have not seen."""


class ChangeFirst(WorkRefusal):
    """An answer is open to be changed: another task is answered once that is done, or left."""


class PageOutdated(WorkRefusal):
    """A page that was not opened by this worker's Telegram, or before the task was given to them."""


@dataclass(eq=False)
class TooLateToChange(WorkRefusal):
    why: str


@dataclass(eq=False)
class AnswerUnknown(WorkRefusal):
    expected: list[str]


class LastChoice(WorkRefusal):
    pass


class UnknownChoice(WorkRefusal):
    pass


@dataclass(eq=False)
class AnswerUnfit(WorkRefusal):
    """`words` are the requester's own about what is expected."""

    what: str
    limit: int = 0
    words: str = ""


@dataclass(eq=False)
class TooManyQuestions(WorkRefusal):
    most: int


@dataclass(eq=False)
class TooManyReports(WorkRefusal):
    most: int
