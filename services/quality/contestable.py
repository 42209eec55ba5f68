"""Decisions a person can contest: missed check questions, rejections, restrictions, an admin's stops."""

from domain.fairness.review import Rejection
from domain.fairness.stops import Stop
from domain.moments import Moment
from domain.projects.shown_answers import all_shown, shown
from domain.projects.tasks import fill
from domain.quality.messages.contests import Contestable, MissedGold, OpenRestriction, OpenStop, RejectedAnswer
from domain.work.submissions import SubmissionId
from services.act import Act
from services.work.cards.seen import seen_of
from storage.unit import UnitOfWork

AT_MOST = 5  # of each
LOOKED_AT = 500  # check questions, and rejections


def listed(act: Act) -> Contestable:
    """`/appeal`: decisions that can be contested with one press, and contests that wait for others."""
    return behind(act, 0)


def behind(act: Act, shown: int) -> Contestable:
    """The same without so many of each that were `shown` before."""
    unit, worker = act.unit, act.person.id
    stopped = unit.stops.concerning(worker, AT_MOST)
    misses = unit.gold_challenges.contestable(worker, LOOKED_AT)[shown:]
    rejections = unit.reviews.appealable(worker, LOOKED_AT)[shown:]
    return Contestable(
        misses=tuple(_missed(unit, each) for each in misses[:AT_MOST]),
        rejections=tuple(_rejected(unit, each) for each in rejections[:AT_MOST]),
        restrictions=tuple(
            OpenRestriction(each.id, unit.projects.get(each.project).title, each.ends_at)
            for each in unit.restrictions.of(worker, AT_MOST)
            if each.may_be_appealed(unit.now)
        ),
        waiting=unit.gold_challenges.waiting_for(worker),
        judged=tuple(sorted(map(Moment, (*unit.appeals.waiting_of(worker), *_due(stopped))))),
        stops=tuple(_stop(unit, each) for each in stopped if each.may_be_appealed),
        worker=act.person.is_worker,
        more=sum(max(0, len(each) - AT_MOST) for each in (misses, rejections)),
        shown=shown + AT_MOST,
    )


def _missed(unit: UnitOfWork, number: SubmissionId) -> MissedGold:
    submission = unit.submissions.get(number)
    seen = seen_of(unit, submission)
    project, known = seen.project, seen.golds_seen(seen.task.gold or ())
    said, text = shown(project, seen.answer_seen(submission.answer)), fill(project.template, seen.task.content)
    return MissedGold(number, text, said, all_shown(project, known), project.kind)


def _stop(unit: UnitOfWork, stop: Stop) -> OpenStop:
    title = "" if stop.project is None else unit.projects.get(stop.project).title
    return OpenStop(stop.id, title, stop.reason)


def _due(stops: list[Stop]) -> list[Moment]:
    """When appeals that wait are answered at the latest."""
    return [each.due_at for each in stops if each.due_at is not None]


def _rejected(unit: UnitOfWork, rejection: Rejection) -> RejectedAnswer:
    project, submission = unit.projects.get(rejection.project), unit.submissions.get(rejection.submission)
    return RejectedAnswer(
        submission=submission.id,
        text=fill(project.template, unit.tasks.get(submission.task).content).strip() or project.title,
        amount=submission.pay,
        currency=project.currency,
        line=rejection.line,
        reason=rejection.reason,
        until=rejection.appeal_until,
    )
