"""Answers for programs where the chat shows cards one after another: lists, and results without a screen."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from domain.fairness.appeals import AnswerShown
from domain.fairness.questions import FaqEntry
from domain.moments import Moment
from domain.money.amounts import Millionths


@dataclass(frozen=True, slots=True)
class ProjectLine:
    """`rests`: why a running project offers nothing. `closed` of `tasks` are done, check questions apart."""

    number: int
    title: str
    state: str
    kind: str
    currency: str
    pay: Millionths
    overlap: int
    created_at: Moment
    launched_at: Moment | None
    ended_at: Moment | None
    rests: tuple[str, ...]
    tasks: int
    closed: int


@dataclass(frozen=True, slots=True)
class Projects:
    """Oldest first; `next_after` is the cursor of the next page, None behind the last one."""

    projects: tuple[ProjectLine, ...]
    next_after: int | None


@dataclass(frozen=True, slots=True)
class WaitingAnswer:
    """It is accepted at `until`, if nobody decides before; `worker` is a pseudonym. `instructions` are those it was
    made under, where they are others now."""

    answer: AnswerShown
    task: str
    worker: str
    seconds: float
    until: Moment
    instructions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WaitingAnswers:
    """Answers that can be accepted or rejected. `instructions` are the lines that a rejection cites, from 1."""

    answers: tuple[WaitingAnswer, ...]
    instructions: tuple[str, ...]
    left: int
    next_after: int | None


@dataclass(frozen=True, slots=True)
class Accepted:
    """The answer is paid."""

    submission: int


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """The project rests from `due_at` on, until there is an answer."""

    number: int
    task: str
    words: str
    asked_at: Moment
    due_at: Moment


@dataclass(frozen=True, slots=True)
class Questions:
    """Those that wait, and the newest answers."""

    questions: tuple[OpenQuestion, ...]
    next_after: int | None
    answered: tuple[FaqEntry, ...]


@dataclass(frozen=True, slots=True)
class GoldMade:
    """`made` is False where the task was gold before: then nothing changed."""

    task: str
    answers: tuple[str, ...]
    made: bool


@dataclass(frozen=True, slots=True)
class ProgramsBlock:
    """`worker` is a pseudonym."""

    worker: str
    reason: str


@dataclass(frozen=True, slots=True)
class ProgramsBlocks:
    """Workers who are offered none of the requester's tasks."""

    blocks: tuple[ProgramsBlock, ...]


@dataclass(frozen=True, slots=True)
class ProgramsUnblocked:
    """The worker is offered tasks again."""

    worker: str


@dataclass(frozen=True, slots=True)
class ProgramsTeamMember:
    """`cap` of a month in millionths, None without a limit; `spent` of it in this month."""

    name: str
    role: str
    cap: int | None
    spent: int


@dataclass(frozen=True, slots=True)
class ProgramsTeam:
    """A team as the owner of the key sees it; `invitations` are open ones."""

    team: int
    name: str
    role: str
    members: tuple[ProgramsTeamMember, ...]
    free: int
    currency: str
    invitations: int


@dataclass(frozen=True, slots=True)
class ProgramsTeams:
    teams: tuple[ProgramsTeam, ...]


@dataclass(frozen=True, slots=True)
class CostTable:
    """The costs of a month in the currency, as texts, as the file of `/funds` has them."""

    columns: tuple[str, ...]
    rows: Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class OwnRating:
    """What everybody may see of the requester's ratings: the `means` in the order of `marks`, None for too few."""

    count: int | None
    marks: tuple[str, ...]
    means: tuple[float, ...]
    reply: str


@dataclass(frozen=True, slots=True)
class GoldSuggestion:
    """All or nearly all of its `answers` to the task are this one."""

    task: str
    answer: str
    answers: int


@dataclass(frozen=True, slots=True)
class SuggestedGold:
    """Tasks that could be check questions."""

    suggestions: tuple[GoldSuggestion, ...]
    next_after: int | None


@dataclass(frozen=True, slots=True)
class SuggestionRefused:
    """The task is not suggested any more."""

    task: str


@dataclass(frozen=True, slots=True)
class ContestedGold:
    """Workers say that this known answer is wrong; it does not count from `due_at` on, if nobody decides before."""

    number: int
    task: str
    answers: tuple[str, ...]
    contests: int
    due_at: Moment


@dataclass(frozen=True, slots=True)
class Contested:
    challenges: tuple[ContestedGold, ...]
    next_after: int | None
