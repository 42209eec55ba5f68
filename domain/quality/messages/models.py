"""Messages about models whose answers came with a project's tasks."""

from dataclasses import dataclass

from domain.messages import Message
from domain.money.amounts import Millionths
from domain.projects.projects import ProjectId


@dataclass(frozen=True, slots=True)
class ModelDoubt:
    """What speaks against relying on a model: `doubt` is a value of `Doubt`; `about` an option or a task's name;
    `expected` and `observed` are shares."""

    doubt: str
    about: str
    expected: float
    observed: float


@dataclass(frozen=True, slots=True)
class JudgedModel:
    """A model (its `name` is empty for the column `ai`), as gold tasks (`gold` of them) and people judge it.

    Its accuracy lies between `low` and `high`, 19 times in 20. `repeated`: so many workers give its answers, errors
    included. Of a form it is judged at one `question`.
    """

    name: str
    accuracy: float
    low: float
    high: float
    gold: int
    doubts: tuple[ModelDoubt, ...]
    repeated: int
    question: str = ""


@dataclass(frozen=True, slots=True)
class GoldWouldHelp(Message):
    """To a requester, once: people and models differ on so many tasks (`contested`); check questions would say who is
    right."""

    number: ProjectId
    title: str
    contested: int
    proposed: int


@dataclass(frozen=True, slots=True)
class ModelsReport(Message):
    """To a requester: how good the models are and what they saved. Of `closed` tasks with a model's answer, `once` were
    asked once and `never` not at all; `saved` is what people alone would have cost beyond that. `gold` check questions
    were made (counted up to twenty), so many more (`proposed`) would help.
    """

    number: ProjectId
    title: str
    currency: str
    models: tuple[JudgedModel, ...]
    closed: int
    once: int
    never: int
    saved: Millionths
    gold: int
    proposed: int
