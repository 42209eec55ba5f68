"""Messages about a project's figures: agreement, results against gold, what gold changed."""

from dataclasses import dataclass

from domain.messages import Message
from domain.projects.projects import ProjectId


@dataclass(frozen=True, slots=True)
class MeasuredAgreement:
    """`same`: share of pairs of answers to one task that say the same. Krippendorff's `alpha` lies between `low` and
    `high`, 19 times in 20; all are None where all answers are the same. `kappa` (Fleiss) is None there, too, and where
    answers are no classes. `tasks` have several answers."""

    same: float
    alpha: float | None
    low: float | None
    high: float | None
    kappa: float | None
    tasks: int


@dataclass(frozen=True, slots=True)
class JudgedOption:
    """On gold `given` results say `option`, `right` of them rightly (a share between `low` and `high`, 19 times in 20);
    most of the wrong ones, `mistaken`, should have said `instead`."""

    option: str
    given: int
    right: int
    low: float
    high: float
    instead: str
    mistaken: int


@dataclass(frozen=True, slots=True)
class GoldBought:
    """Of `tasks` without gold, `changed` have another result than they would have without any gold; the mean confidence
    `before` and `after`, None where the kind claims none."""

    tasks: int
    changed: int
    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True)
class ProjectFigures(Message):
    """To a requester, by the last refit of `answers`. `right` of `checked` results of gold tasks, drawn without
    their own gold, are right (a share between `low` and `high`, 19 times in 20). `tools`: answers whose workers say
    that they used one. `questions`: of a form, each question's text and how far people agree on it."""

    number: ProjectId
    title: str
    answers: int
    agreement: MeasuredAgreement | None
    checked: int
    right: int
    low: float
    high: float
    options: tuple[JudgedOption, ...]
    bought: GoldBought | None
    tools: int = 0
    questions: tuple[tuple[str, MeasuredAgreement], ...] = ()
