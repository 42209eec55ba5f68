"""Order in which a requester reviews answers, the most doubtful of the oldest first, and the evidence beside each
answer."""

from domain.answers import kind_of
from domain.fairness.review import AnswerEvidence, support
from domain.moments import Moment
from domain.projects.projects import Project
from domain.projects.results import displayed_answer
from domain.work.assignments import Submission
from storage.fairness.review import ReviewCandidate
from storage.unit import UnitOfWork

MAX_RANKED_ANSWERS = 500  # of the oldest: those that are paid first if nobody says anything
MAX_OTHER_ANSWERS = 4  # different answers of others


def count_waiting_answers(unit: UnitOfWork, project: Project) -> tuple[int, Moment | None]:
    """Return the number of answers that the requester is asked to decide, and when the first of them is paid by
    silence. Return (0, None) if the project pays without review."""
    return unit.reviews.count_and_first_deadline(project.id) if project.accept == "review" else (0, None)


def find_next_answer(unit: UnitOfWork, project: Project, after: int) -> Submission | None:
    """Return the answer behind submission `after` in the order of doubt, or the first after the last; None if none
    waits."""
    ranked = sorted(
        (_doubt_rank(project, candidate), candidate.submission)
        for candidate in unit.reviews.list_candidates(project.id, MAX_RANKED_ANSWERS)
    )
    passed = unit.reviews.find_candidate(after) if after else None
    passed_rank = _doubt_rank(project, passed) if passed is not None else (-1.0, 0)
    following = [submission for rank, submission in ranked if rank > passed_rank]
    next_submissions = following[:1] or [submission for _, submission in ranked[:1]]
    return unit.submissions.get(next_submissions[0]) if next_submissions else None


def get_evidence(unit: UnitOfWork, project: Project, submission: Submission) -> AnswerEvidence:
    """Return the evidence about an answer: other workers' answers, its worker's check questions here, and the usual
    time."""
    kind, enrolment = kind_of(project.kind), unit.enrolments.find(submission.worker, project.id)
    other_answers = (
        unit.operations.count_other_answers(submission.task, submission.id)
        if kind.is_aggregated and not kind.are_files
        else []
    )
    return AnswerEvidence(
        others=tuple((displayed_answer(project, answer), count) for answer, count in other_answers[:MAX_OTHER_ANSWERS]),
        right=enrolment.gold_right if enrolment else 0,
        checked=enrolment.gold_seen if enrolment else 0,
        usual=unit.submissions.median_milliseconds(project.id),
    )


def _doubt_rank(project: Project, candidate: ReviewCandidate) -> tuple[float, int]:
    """Return the sort key (support, submission) of an answer; the least supported is reviewed first."""
    kind = kind_of(project.kind)
    agrees = None
    if (
        candidate.answer is not None
        and candidate.consensus is not None
        and candidate.received > 1
        and kind.is_aggregated
    ):
        agrees = kind.agree(candidate.answer, candidate.consensus)
    return support(
        candidate.answer, candidate.gold, agrees, candidate.confidence, (candidate.right, candidate.checked)
    ), candidate.submission
