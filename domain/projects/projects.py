"""A requester's project: form, audience, price."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NewType

from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.people.people import PersonId
from domain.projects.authoring.worked_examples import Wording, WorkedExample

ProjectId = NewType("ProjectId", int)


class ProjectState(StrEnum):
    DRAFT = "draft"
    RUNNING = "running"
    STOPPED = "stopped"
    COMPLETE = "complete"


HELD = "held"  # its requester's own pause, in `Project.paused`
ENDED = (ProjectState.STOPPED, ProjectState.COMPLETE)


@dataclass(frozen=True, slots=True)
class Project:
    """`pay` and `fee` are per submission; `confidence` None means a fixed overlap.

    While there is a reason in `paused`, a running project offers nothing; what is in a hand may be answered. `seconds`
    is the time of one answer as stated by the requester, None where not stated. `models` are those whose answers came
    with the tasks (`MachineAnswer.model`); `ai_decides`: they may decide tasks alone where gold has shown it safe;
    `usual_confidence`: the form named none, and `confidence` is the one that is usual beside models.
    `content`: what workers are warned of (`domain/projects/content.py`). `who`: further
    conditions of who is asked (`domain/projects/audience.py`). `shuffled`: what is compared stands in another order
    for each worker (`domain/work/positions.py`). `checks`: what files are looked at for (`domain/work/file_checks.py`).
    `version` of what workers read: title, instructions, `pictures` and `examples` beside them.
    """

    id: ProjectId
    requester: PersonId
    title: str
    instructions: tuple[str, ...]
    kind: str
    options: tuple[str, ...]
    template: str
    columns: tuple[str, ...]
    currency: str
    pay: Millionths
    fee: Millionths
    overlap: int
    max_overlap: int
    confidence: float | None
    accept: str
    minutes: int
    purpose: str
    languages: tuple[str, ...]
    state: ProjectState
    created_at: Moment
    launched_at: Moment | None
    ended_at: Moment | None
    paused: tuple[str, ...] = ()
    seconds: int | None = None
    models: tuple[str, ...] = ()
    ai_decides: bool = False
    content: tuple[str, ...] = ()
    who: tuple[str, ...] = ()
    shuffled: bool = False
    checks: tuple[str, ...] = ()
    version: int = 1
    pictures: tuple[str, ...] = ()
    examples: tuple[WorkedExample, ...] = ()
    usual_confidence: bool = False

    @property
    def cost_each(self) -> Millionths:
        """The cost of one submission to the budget: reward and fee."""
        return Millionths(self.pay + self.fee)

    @property
    def wording(self) -> Wording:
        return Wording(self.title, self.instructions, self.pictures, self.examples)

    def worded(self, wording: Wording, version: int) -> "Project":
        """As it read in this version."""
        return replace(
            self,
            title=wording.title,
            instructions=wording.instructions,
            pictures=wording.pictures,
            examples=wording.examples,
            version=version,
        )

    def largest(self, overlap: int) -> int:
        """How many answers an ordinary task of this overlap can be asked for."""
        return overlap if self.confidence is None else max(self.max_overlap, overlap)

    def speaks(self, language: str) -> bool:
        return not self.languages or language in self.languages


@dataclass(frozen=True, slots=True)
class Pilot:
    """What the first few tasks brought: `agreement` is the share of answers that are the consensus of their task, None
    where nobody answered the same task, or answers of the kind cannot be compared so."""

    answers: int
    workers: int
    agreement: float | None


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts of one project, gold apart: `closed` of `tasks` are done, `begun` have some answers; `submissions`
    includes gold."""

    tasks: int
    closed: int
    gold: int
    submissions: int
    begun: int
    workers: int
    gold_right: int
    gold_seen: int
    held: Millionths
    reserve: Millionths
    spent: Millionths
    in_hand: int
