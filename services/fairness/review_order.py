"""Which answer is reviewed next: the most doubtful first, of the oldest that wait; and the evidence beside it."""

from domain.answers import kind_of
from domain.fairness.review import Evidence, support
from domain.moments import Moment
from domain.projects.projects import Project
from domain.projects.results import shown
from domain.work.assignments import Submission
from storage.fairness.review import Candidate
from storage.unit import UnitOfWork

LOOKED_AT = 500  # of the oldest: those that are paid first if nobody says anything
LISTED = 4  # different answers of others


def waits(unit: UnitOfWork, project: Project) -> tuple[int, Moment | None]:
    """How many answers its requester is asked to decide, and when silence pays the first of them."""
    return unit.reviews.waits(project.id) if project.accept == "review" else (0, None)


def next_of(unit: UnitOfWork, project: Project, after: int) -> Submission | None:
    """Behind a submission in the order of doubt; from the first one again when the last was passed."""
    ranked = sorted((_rank(project, each), each.submission) for each in unit.reviews.candidates(project.id, LOOKED_AT))
    passed = unit.reviews.candidate(after) if after else None
    here = _rank(project, passed) if passed is not None else (-1.0, 0)
    behind = [submission for rank, submission in ranked if rank > here]
    found = behind[:1] or [submission for _, submission in ranked[:1]]
    return unit.submissions.get(found[0]) if found else None


def evidence(unit: UnitOfWork, project: Project, submission: Submission) -> Evidence:
    """What speaks for an answer and against it: others' answers, its worker's check questions here, the usual time."""
    kind, known = kind_of(project.kind), unit.enrolments.find(submission.worker, project.id)
    others = unit.operations.others(submission.task, submission.id) if kind.is_aggregated and not kind.are_files else []
    return Evidence(
        others=tuple((shown(project, answer), count) for answer, count in others[:LISTED]),
        right=known.gold_right if known else 0,
        checked=known.gold_seen if known else 0,
        usual=unit.submissions.median_milliseconds(project.id),
    )


def _rank(project: Project, of: Candidate) -> tuple[float, int]:
    kind = kind_of(project.kind)
    agrees = None
    if of.answer is not None and of.consensus is not None and of.received > 1 and kind.is_aggregated:
        agrees = kind.agree(of.answer, of.consensus)
    return support(of.answer, of.gold, agrees, of.confidence, (of.right, of.checked)), of.submission
