"""Gold challenges: a gold answer contested by a worker or contradicted by proven ones, kept or overturned by its
requester.

Every decision is one guarded update of the challenge's row; its effects are recomputed from the answers, so that
repeating it changes nothing.
"""

from domain.answers import kind_of
from domain.fairness.review import Rejection
from domain.fairness.stops import Stop
from domain.moments import DECISION_TIME, Moment, later
from domain.people.accounts import PersonId
from domain.projects.projects import Project, ProjectId, ProjectState
from domain.projects.results import displayed_answer, displayed_answers
from domain.projects.tasks import (
    Task,
    TaskId,
    content_of,
    fill,
)
from domain.quality.gold import GoldDecided, GoldDoubted, GoldReviewed
from domain.quality.gold_challenges import (
    Challenge,
    ChallengeId,
    ChallengeState,
    Contestable,
    ContestNoted,
    GoldVote,
    MissedGold,
    NotedBefore,
    OpenRestriction,
    OpenStop,
    RejectedAnswer,
    is_doubtful,
    is_worth_asking,
)
from domain.refusals import NotFound, NotYours
from domain.work.assignments import SubmissionId, is_credible
from services.act import Act
from services.projects import projects
from services.quality import consensus, gold
from services.work.answer_messages import get_answered_task, get_seen_task
from storage.unit import UnitOfWork

AT_MOST = 5  # of each
LOOKED_AT = 500  # check questions, and rejections


def listed(act: Act) -> Contestable:
    """`/appeal`: decisions that can be contested with one press, and contests that wait for others."""
    return behind(act, 0)


def behind(act: Act, shown: int) -> Contestable:
    """The same without so many of each that were `shown` before."""
    unit, worker = act.unit, act.person.id
    stopped = unit.stops.list_concerning(worker, AT_MOST)
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
        judged=tuple(sorted(map(Moment, (*unit.appeals.deadlines_of_open(worker), *_due(stopped))))),
        stops=tuple(_stop(unit, each) for each in stopped if each.may_be_appealed),
        worker=act.person.is_worker,
        more=sum(max(0, len(each) - AT_MOST) for each in (misses, rejections)),
        shown=shown + AT_MOST,
    )


def _missed(unit: UnitOfWork, number: SubmissionId) -> MissedGold:
    submission = unit.submissions.get(number)
    seen = get_answered_task(unit, submission)
    project, known = seen.project, seen.to_seen_golds(seen.task.gold or ())
    said, text = (
        displayed_answer(project, seen.to_seen_answer(submission.answer)),
        fill(project.template, seen.task.content),
    )
    return MissedGold(number, text, said, displayed_answers(project, known), project.kind)


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


AT_ONCE = 25  # challenges a sweep ends in one transaction


def contest(act: Act, submission: SubmissionId) -> ContestNoted | NotedBefore:
    """One press: the requester is asked, and until then is held to a deadline."""
    unit, missed = act.unit, act.unit.submissions.find(submission)
    if missed is None or missed.worker != act.person.id:
        raise NotYours()
    if unit.gold_challenges.is_contested(missed.id):
        return NotedBefore()
    task = unit.tasks.lock(missed.task)
    if missed.gold != 0 or task.gold is None:
        return NotedBefore()
    challenge = _opened(unit, task)
    unit.gold_challenges.contest(challenge.id, missed.id)
    _reconsider(unit, challenge)
    return ContestNoted(challenge.due_at)


def doubt(unit: UnitOfWork, project_id: ProjectId) -> None:
    """Challenges gold that workers of proven skill, or most of the qualified, contradict, though none contests it: its
    requester is asked, whose silence overturns it."""
    project = unit.projects.get(project_id)
    for task_id in unit.gold_challenges.missed_often(project_id, AT_ONCE):
        task = unit.tasks.lock(task_id)
        if task.gold is None:
            continue
        voices, classes = _voices(unit, project, task), len(project.options)
        if is_worth_asking(voices, classes) or is_doubtful(voices, 0, classes):
            _reconsider(unit, _opened(unit, task, contested=False))


def decide(act: Act, challenge: ChallengeId, keep: bool) -> GoldDecided:
    """The requester's decision. A second press shows the decision made."""
    unit, known = act.unit, act.unit.gold_challenges.find(challenge)
    if known is None or projects.owned(unit, act.person, known.project) is None:
        raise NotFound(what="challenge", name="")
    (_keep if keep else _overturn)(unit, known, act.person.id)
    decided = unit.gold_challenges.find(challenge) or known
    return _decision(unit, decided, decided.state is ChallengeState.KEPT)


def end_due(unit: UnitOfWork) -> None:
    """Silence past the deadline overturns."""
    for challenge in unit.gold_challenges.due(AT_ONCE):
        if _overturn(unit, challenge, None):
            unit.outbox.tell(unit.projects.get(challenge.project).requester, _decision(unit, challenge, kept=False))


def _decision(unit: UnitOfWork, challenge: Challenge, kept: bool) -> GoldDecided:
    project = unit.projects.get(challenge.project)
    content = content_of(project, unit.tasks.get(challenge.task))
    return GoldDecided(
        challenge.id, project.kind, project.options, content, displayed_answers(project, challenge.gold), kept
    )


def _opened(unit: UnitOfWork, task: Task, contested: bool = True) -> Challenge:
    """The task's open challenge; a new one asks its requester."""
    challenge = unit.gold_challenges.open_of(task.id)
    if challenge is not None:
        return challenge
    fresh = unit.gold_challenges.open(task.project, task.id, task.gold or (), later(unit.now, DECISION_TIME))
    _ask_requester(unit, fresh, aside=False, contested=contested)
    return fresh


def _reconsider(unit: UnitOfWork, challenge: Challenge) -> None:
    """Suspends the gold when there is reason enough: it is not served and does not count."""
    project, task = unit.projects.get(challenge.project), unit.tasks.get(challenge.task)
    voices = _voices(unit, project, task)
    if not is_doubtful(voices, unit.gold_challenges.contests(challenge.id), len(project.options)):
        return
    if _put_aside(unit, project, challenge):
        _ask_requester(unit, challenge, aside=True)


def _put_aside(unit: UnitOfWork, project: Project, challenge: Challenge) -> bool:
    if not unit.gold_challenges.quarantine(challenge.id):
        return False
    unit.gold_tasks.set_aside(challenge.task)
    unit.openings.close(challenge.task)
    gold.judge(unit, project, challenge.task, None)
    _redraw(unit, project, challenge.task)
    unit.gold_tasks.changed(project.id)
    return True


def _keep(unit: UnitOfWork, challenge: Challenge, by: PersonId) -> bool:
    task = unit.tasks.lock(challenge.task)
    if not unit.gold_challenges.decide(challenge.id, ChallengeState.KEPT, by):
        return False
    project = unit.projects.get(challenge.project)
    if challenge.quarantined:
        open_ = project.state is ProjectState.RUNNING and task.received < task.overlap
        unit.gold_tasks.put_back(task.id, challenge.gold, "open" if open_ else "closed")
        unit.tasks.conclude(task.id, kind_of(project.kind).known(challenge.gold), 1.0, "open" if open_ else "closed")
        gold.offer(unit, project, task.id)
        gold.judge(unit, project, task.id, challenge.gold)
        unit.gold_tasks.changed(project.id)
    for worker in unit.gold_challenges.contesters(challenge.id):
        _tell(unit, worker, project, task, challenge, kept=True)
    return True


def _overturn(unit: UnitOfWork, challenge: Challenge, by: PersonId | None) -> bool:
    """Undoes the gold's effects: counts, held pay, consensus; the task becomes ordinary."""
    unit.tasks.lock(challenge.task)
    project = unit.projects.get(challenge.project)
    _put_aside(unit, project, challenge)
    if not unit.gold_challenges.decide(challenge.id, ChallengeState.OVERTURNED, by):
        return False
    fits = project.confidence is None or unit.gold_tasks.was_ordinary(challenge.task)
    asked_again = project.state is ProjectState.RUNNING and fits
    unit.gold_tasks.make_ordinary(challenge.task, "open" if asked_again else "stopped")
    gold.offer(unit, project, challenge.task)
    _redraw(unit, project, challenge.task)
    task, kind = unit.tasks.get(challenge.task), kind_of(project.kind)
    for _, worker, said in unit.gold_tasks.answers(challenge.task):
        if kind.judge(said, challenge.gold) is False:
            _tell(unit, worker, project, task, challenge, kept=False)
    return True


def _redraw(unit: UnitOfWork, project: Project, task_id: TaskId) -> None:
    task = unit.tasks.lock(task_id)
    consensus.settle(unit, project, task, consensus.redraw(unit, project, task))


def _voices(unit: UnitOfWork, project: Project, task: Task) -> list[GoldVote]:
    """The votes of all who answered the task, with their skill elsewhere; near agreement counts as one answer."""
    found: list[GoldVote] = []
    kind = kind_of(project.kind)
    for worker, said in unit.gold_tasks.heard(task.id):
        if said is not None:
            right = kind.is_right(said, task.gold or ())
            alike = (each.answer for each in found if kind.is_right(said, kind.accepted(each.answer)))
            found.append(GoldVote(next(alike, said), right, *_standing(unit, project, worker, right)))
    return found


def _standing(unit: UnitOfWork, project: Project, worker: PersonId, right: bool) -> tuple[float, float, bool]:
    """The lower end of their skill's interval, the answers behind it, and whether the rest of their work here
    qualifies them."""
    known, enrolment = unit.models.for_answer(project.id, worker), unit.enrolments.find(worker, project.id)
    compared = unit.skills.agreeing(worker, project.id)
    qualified = enrolment is not None and is_credible(enrolment, right, *compared)
    return (known[1].skill.interval[0], known[1].answers, qualified) if known else (0.0, 0.0, qualified)


def _ask_requester(unit: UnitOfWork, challenge: Challenge, aside: bool, contested: bool = True) -> None:
    project, task = unit.projects.get(challenge.project), unit.tasks.get(challenge.task)
    said = [answer for _, answer in unit.gold_tasks.heard(task.id) if answer is not None]
    asked = GoldDoubted(
        challenge=challenge.id,
        number=project.id,
        title=project.title,
        kind=project.kind,
        options=project.options,
        content=content_of(project, task),
        gold=displayed_answers(project, challenge.gold),
        agreeing=sum(kind_of(project.kind).is_right(answer, challenge.gold) for answer in said),
        answers=len(said),
        until=challenge.due_at,
        aside=aside,
        contested=contested,
    )
    unit.outbox.tell(project.requester, asked, key=f"{'quarantined' if aside else 'challenge'}:{challenge.id}")


def _tell(unit: UnitOfWork, worker: PersonId, project: Project, task: Task, challenge: Challenge, kept: bool) -> None:
    """As they saw the task: what is compared stood in an order of their own."""
    seen = get_seen_task(unit, project, task, worker)
    project, content, known = seen.project, content_of(seen.project, seen.task), seen.to_seen_golds(challenge.gold)
    told = GoldReviewed(project.title, project.kind, project.options, content, displayed_answers(project, known), kept)
    unit.outbox.tell(worker, told, key=f"reviewed:{challenge.id}:{worker}")
