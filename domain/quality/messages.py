"""What people are told about check questions, restrictions, and the quality of answers."""

from dataclasses import dataclass

from domain.messages import Message
from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.projects.projects import ProjectId
from domain.projects.tasks import TaskContent
from domain.quality.gold_challenges import TrialId
from domain.quality.restrictions import Evidence, RestrictionId
from domain.work.submissions import SubmissionId


@dataclass(frozen=True, slots=True)
class NotedBefore:
    """An objection that was made before, or decided meanwhile: nothing has changed."""


@dataclass(frozen=True, slots=True)
class ContestNoted:
    """The requester looks at a check question again, or loses it `until` then."""

    until: Moment


@dataclass(frozen=True, slots=True)
class GoldDoubted(Message):
    """To the requester: a check question to decide until then. `agreeing` of `answers` are among its `gold` answers;
    `aside` while it checks nobody."""

    trial: TrialId
    number: ProjectId
    title: str
    content: TaskContent
    gold: tuple[str, ...]
    agreeing: int
    answers: int
    until: Moment
    aside: bool


@dataclass(frozen=True, slots=True)
class GoldDecided(Message):
    """To the requester: what was decided, by a word or by silence."""

    trial: TrialId
    content: TaskContent
    gold: tuple[str, ...]
    kept: bool


@dataclass(frozen=True, slots=True)
class GoldReviewed(Message):
    """To a worker: a check question they contested is `kept`, or one they missed is dropped."""

    title: str
    content: TaskContent
    gold: tuple[str, ...]
    kept: bool


@dataclass(frozen=True, slots=True)
class MissedGold:
    """A check question whose `gold` answers this worker did not give; `answer` None is “can't tell”."""

    submission: SubmissionId
    text: str
    answer: str | None
    gold: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RejectedAnswer:
    """An answer of `amount` that was rejected by a line of the instructions; an appeal is possible `until` then."""

    submission: SubmissionId
    text: str
    amount: Millionths
    currency: str
    line: int
    reason: str
    until: Moment


@dataclass(frozen=True, slots=True)
class OpenRestriction:
    """A restriction that ends `until` then and may be appealed."""

    restriction: RestrictionId
    title: str
    until: Moment


@dataclass(frozen=True, slots=True)
class Contestable(Message):
    """To a worker: what can be contested with one press.

    `waiting` contests are undecided; appeals are being judged until the moments in `judged`, the last one the latest.
    """

    misses: tuple[MissedGold, ...]
    rejections: tuple[RejectedAnswer, ...]
    restrictions: tuple[OpenRestriction, ...]
    waiting: int
    judged: tuple[Moment, ...]


@dataclass(frozen=True, slots=True)
class Restricted(Message):
    """To the worker: no tasks of a project until a date, and the finding that led to it."""

    restriction: RestrictionId
    title: str
    until: Moment
    cause: Evidence


@dataclass(frozen=True, slots=True)
class RestrictionAppealed(Message):
    """To the worker: their objection is with the admins, who have time `until` then."""

    title: str
    until: Moment


@dataclass(frozen=True, slots=True)
class RestrictionLifted(Message):
    title: str


@dataclass(frozen=True, slots=True)
class RestrictionOver(Message):
    title: str


@dataclass(frozen=True, slots=True)
class RestrictionConfirmed(Message):
    """To the worker: an admin let it stand; it ends `until` then."""

    title: str
    until: Moment


@dataclass(frozen=True, slots=True)
class KnownRestriction:
    """`state` is standing, lifted or ended; `appeal` open, granted or refused; `decided` once an admin decided it."""

    restriction: RestrictionId
    title: str
    state: str
    appeal: str | None
    imposed_at: Moment
    ends_at: Moment
    decided: bool


@dataclass(frozen=True, slots=True)
class RestrictionToDecide(Message):
    """To an admin: `who` objects; past `until` silence lifts the restriction."""

    who: str
    of: KnownRestriction
    evidence: tuple[Evidence, ...]
    until: Moment


@dataclass(frozen=True, slots=True)
class RestrictionDecided(Message):
    """To the admin who decided: what stands now."""

    of: KnownRestriction


@dataclass(frozen=True, slots=True)
class Mate:
    """Another worker: `same` of the `shared` tasks that both answered have the same answer."""

    who: str
    shared: int
    same: int


@dataclass(frozen=True, slots=True)
class Finding:
    """Evidence in a project, and what it leads to by itself.

    `watch` is 1 for more check questions, 2 for no pushes either; `later` is asked after others. `pairs` are those
    whose answers are the same.
    """

    title: str
    evidence: Evidence
    watch: int
    later: bool
    pairs: tuple[Mate, ...]


@dataclass(frozen=True, slots=True)
class PersonAudit(Message):
    """To an admin: what speaks against a person. `mates` are paid to the same account."""

    who: str
    answers: int
    findings: tuple[Finding, ...]
    mates: tuple[Mate, ...]
    restrictions: tuple[KnownRestriction, ...]


@dataclass(frozen=True, slots=True)
class Suspect:
    """The strongest suspicion against somebody, in nats."""

    who: str
    title: str
    suspicion: str
    nats: float


@dataclass(frozen=True, slots=True)
class Suspects(Message):
    """To an admin: people worth looking at, the strongest evidence first."""

    found: tuple[Suspect, ...]


@dataclass(frozen=True, slots=True)
class ProjectSkill:
    """A worker's skill in one project.

    `review` where the requester accepts each answer; `agreeing` of `compared` answers are their task's consensus;
    `interval` is where the share of right answers lies, 19 times in 20; `watch` and `later` as in `Finding`; `silent`
    says “can't tell” where others can; `gold_comes` while probation can still end by check questions; `until` while
    restricted. Pay is at once after `proof` check questions with `needed` right ones.
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
    """To a worker: what their skill is made of, project by project."""

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
