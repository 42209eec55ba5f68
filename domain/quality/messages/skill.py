"""Messages about the skill of a worker and the quality of a project."""

from dataclasses import dataclass

from domain.messages import Message
from domain.moments import Moment
from domain.projects.projects import ProjectId


@dataclass(frozen=True, slots=True)
class ProjectSkill:
    """A worker's skill in one project.

    `review` where the requester accepts each answer; `agreeing` of `compared` answers are their task's consensus;
    `interval` is where the share of right answers lies, 19 times in 20; `watch` and `later` as in `Finding`; `silent`
    says “can't tell” where others can; `gold_comes` while check questions can still come; `until` while restricted. Pay
    is at once after `proof` check questions with `needed` right ones.
    """

    number: ProjectId
    title: str
    review: bool
    answered: int
    gold_seen: int
    gold_right: int
    compared: int
    agreeing: int
    interval: tuple[float, float] | None
    qualified: bool
    watch: int
    later: bool
    silent: bool
    gold_comes: bool
    proof: int
    needed: int
    until: Moment | None


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
