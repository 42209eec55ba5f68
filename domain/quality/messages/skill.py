"""Messages about the skill of a worker and the quality of a project."""

from dataclasses import dataclass

from domain.messages import Message
from domain.moments import Moment
from domain.projects.projects import ProjectId


@dataclass(frozen=True, slots=True)
class SkillFigures:
    """Figures of a worker in a project that has ended: earlier, each answer that changes them would tell what it was.

    `gold_right` of `gold_seen` check questions were answered right; `agreeing` of `compared` answers are their task's
    consensus; `interval` is where the share of right answers lies, 19 times in 20.
    """

    gold_seen: int
    gold_right: int
    compared: int
    agreeing: int
    interval: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class ProjectSkill:
    """A worker's skill in one project.

    `review` where the requester accepts each answer; `missed` check questions were explained at once; `figures` is None
    until the project has ended; `watch` and `later` as in `Finding`; `silent` says “can't tell” where others can;
    `has_gold` where the project has check questions; `until` while restricted. Pay is at once after `proof` check
    questions with `needed` right ones.
    """

    number: ProjectId
    title: str
    review: bool
    answered: int
    qualified: bool
    watch: int
    later: bool
    silent: bool
    proof: int
    needed: int
    until: Moment | None
    has_gold: bool = False
    missed: int = 0
    figures: SkillFigures | None = None


@dataclass(frozen=True, slots=True)
class SkillReport(Message):
    """To a worker: the parts of their skill, by project."""

    projects: tuple[ProjectSkill, ...]


@dataclass(frozen=True, slots=True)
class ProjectQuality(Message):
    """To a requester: agreement and gold as parts of a whole, and how many tasks have a confidence in each band."""

    number: ProjectId
    title: str
    compared: int
    agreeing: int
    gold_seen: int
    gold_right: int
    confidences: tuple[int, ...]
