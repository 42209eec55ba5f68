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
from domain.projects.tasks import Task, TaskId, content_of, fill
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

SHOWN_PER_KIND = 5  # of each
MAX_LISTED = 500  # check questions, and rejections


def list_contestable(act: Act) -> Contestable:
    """Return, for `/appeal`, the decisions that one press contests, and the contests that wait for others."""
    return list_more_contestable(act, 0)


def list_more_contestable(act: Act, shown: int) -> Contestable:
    """Return the next contestable decisions after the first `shown` missed gold answers and rejections."""
    unit, worker = act.unit, act.person.id
    stopped = unit.stops.list_concerning(worker, SHOWN_PER_KIND)
    misses = unit.gold_challenges.contestable(worker, MAX_LISTED)[shown:]
    rejections = unit.reviews.appealable(worker, MAX_LISTED)[shown:]
    return Contestable(
        misses=tuple(_to_missed_gold(unit, item) for item in misses[:SHOWN_PER_KIND]),
        rejections=tuple(_to_rejected_answer(unit, item) for item in rejections[:SHOWN_PER_KIND]),
        restrictions=tuple(
            OpenRestriction(item.id, unit.projects.get(item.project).title, item.ends_at)
            for item in unit.restrictions.list_of_worker(worker, SHOWN_PER_KIND)
            if item.may_be_appealed(unit.now)
        ),
        waiting=unit.gold_challenges.waiting_for(worker),
        judged=tuple(sorted(map(Moment, (*unit.appeals.deadlines_of_open(worker), *_appeal_deadlines(stopped))))),
        stops=tuple(_to_open_stop(unit, item) for item in stopped if item.may_be_appealed),
        worker=act.person.is_worker,
        more=sum(max(0, len(item) - SHOWN_PER_KIND) for item in (misses, rejections)),
        shown=shown + SHOWN_PER_KIND,
    )


def _to_missed_gold(unit: UnitOfWork, submission_id: SubmissionId) -> MissedGold:
    submission = unit.submissions.get(submission_id)
    seen_task = get_answered_task(unit, submission)
    project, gold_answers = seen_task.project, seen_task.to_seen_golds(seen_task.task.gold or ())
    own_answer, text = (
        displayed_answer(project, seen_task.to_seen_answer(submission.answer)),
        fill(project.template, seen_task.task.content),
    )
    return MissedGold(submission_id, text, own_answer, displayed_answers(project, gold_answers), project.kind)


def _to_open_stop(unit: UnitOfWork, stop: Stop) -> OpenStop:
    title = "" if stop.project is None else unit.projects.get(stop.project).title
    return OpenStop(stop.id, title, stop.reason)


def _appeal_deadlines(stops: list[Stop]) -> list[Moment]:
    """Return the latest dates at which appeals that wait are answered."""
    return [stop.due_at for stop in stops if stop.due_at is not None]


def _to_rejected_answer(unit: UnitOfWork, rejection: Rejection) -> RejectedAnswer:
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


CHALLENGES_PER_SWEEP = 25  # challenges a sweep ends in one transaction


def contest_gold(act: Act, submission: SubmissionId) -> ContestNoted | NotedBefore:
    """Contest the gold answer that judged this submission wrong: its requester is asked, with a deadline. Return
    NotedBefore if it is contested already or not missed any more. Raise NotYours if the submission is not the worker's.
    """
    unit, missed = act.unit, act.unit.submissions.find(submission)
    if missed is None or missed.worker != act.person.id:
        raise NotYours()
    if unit.gold_challenges.is_contested(missed.id):
        return NotedBefore()
    task = unit.tasks.lock(missed.task)
    if missed.gold != 0 or task.gold is None:
        return NotedBefore()
    challenge = _get_or_open_challenge(unit, task)
    unit.gold_challenges.contest(challenge.id, missed.id)
    _suspend_if_doubtful(unit, challenge)
    return ContestNoted(challenge.due_at)


def challenge_doubted_gold(unit: UnitOfWork, project_id: ProjectId) -> None:
    """Open a challenge of every gold answer that workers of proven skill, or most of the qualified workers, contradict,
    though no worker contests it. The requester is asked; a missing answer overturns it."""
    project = unit.projects.get(project_id)
    for task_id in unit.gold_challenges.missed_often(project_id, CHALLENGES_PER_SWEEP):
        task = unit.tasks.lock(task_id)
        if task.gold is None:
            continue
        voices, classes = _list_votes(unit, project, task), len(project.options)
        if is_worth_asking(voices, classes) or is_doubtful(voices, 0, classes):
            _suspend_if_doubtful(unit, _get_or_open_challenge(unit, task, contested=False))


def decide_challenge(act: Act, challenge: ChallengeId, keep: bool) -> GoldDecided:
    """Keep or overturn a contested gold answer, by its requester; a second press returns the decision made. Raise
    NotFound if the project is not the requester's."""
    unit, challenge_row = act.unit, act.unit.gold_challenges.find(challenge)
    if challenge_row is None or projects.owned(unit, act.person, challenge_row.project) is None:
        raise NotFound(what="challenge", name="")
    (_keep_gold if keep else _overturn_gold)(unit, challenge_row, act.person.id)
    decided = unit.gold_challenges.find(challenge) or challenge_row
    return _decision(unit, decided, decided.state is ChallengeState.KEPT)


def overturn_overdue(unit: UnitOfWork) -> None:
    """Overturn the gold answers whose challenge was not decided before its deadline, and tell their requesters."""
    for challenge in unit.gold_challenges.due(CHALLENGES_PER_SWEEP):
        if _overturn_gold(unit, challenge, None):
            unit.outbox.tell(unit.projects.get(challenge.project).requester, _decision(unit, challenge, kept=False))


def _decision(unit: UnitOfWork, challenge: Challenge, kept: bool) -> GoldDecided:
    project = unit.projects.get(challenge.project)
    content = content_of(project, unit.tasks.get(challenge.task))
    return GoldDecided(
        challenge=challenge.id,
        kind=project.kind,
        options=project.options,
        content=content,
        gold=displayed_answers(project, challenge.gold),
        kept=kept,
    )


def _get_or_open_challenge(unit: UnitOfWork, task: Task, contested: bool = True) -> Challenge:
    """Return the task's open challenge; open one and ask the requester if there is none."""
    challenge = unit.gold_challenges.open_of(task.id)
    if challenge is not None:
        return challenge
    fresh = unit.gold_challenges.open(task.project, task.id, task.gold or (), later(unit.now, DECISION_TIME))
    _ask_requester(unit, fresh, aside=False, contested=contested)
    return fresh


def _suspend_if_doubtful(unit: UnitOfWork, challenge: Challenge) -> None:
    """Suspend the gold answer if the votes against it are reason enough; the requester is told."""
    project, task = unit.projects.get(challenge.project), unit.tasks.get(challenge.task)
    voices = _list_votes(unit, project, task)
    if not is_doubtful(voices, unit.gold_challenges.contests(challenge.id), len(project.options)):
        return
    if _suspend(unit, project, challenge):
        _ask_requester(unit, challenge, aside=True)


def _suspend(unit: UnitOfWork, project: Project, challenge: Challenge) -> bool:
    """Take the gold out of service, so that it neither is served nor counts. Return False if it is already."""
    if not unit.gold_challenges.quarantine(challenge.id):
        return False
    unit.gold_tasks.set_aside(challenge.task)
    unit.openings.close(challenge.task)
    gold.judge_answers(unit, project, challenge.task, None)
    _recompute_consensus(unit, project, challenge.task)
    unit.gold_tasks.changed(project.id)
    return True


def _keep_gold(unit: UnitOfWork, challenge: Challenge, by: PersonId) -> bool:
    """Keep the gold answer, put it back into service and tell those who contested it. Return False if it was decided
    before."""
    task = unit.tasks.lock(challenge.task)
    if not unit.gold_challenges.decide(challenge.id, ChallengeState.KEPT, by):
        return False
    project = unit.projects.get(challenge.project)
    if challenge.quarantined:
        open_ = project.state is ProjectState.RUNNING and task.received < task.overlap
        unit.gold_tasks.put_back(task.id, challenge.gold, "open" if open_ else "closed")
        unit.tasks.conclude(
            task.id, kind_of(project.kind).answer_of_gold(challenge.gold), 1.0, "open" if open_ else "closed"
        )
        gold.open_free_places(unit, project, task.id)
        gold.judge_answers(unit, project, task.id, challenge.gold)
        unit.gold_tasks.changed(project.id)
    for worker in unit.gold_challenges.contesters(challenge.id):
        _notify_worker(unit, worker, project, task, challenge, kept=True)
    return True


def _overturn_gold(unit: UnitOfWork, challenge: Challenge, by: PersonId | None) -> bool:
    """Make the task ordinary and undo its gold's effects on counts, held pay and consensus; tell the workers who had
    missed it. Return False if it was decided before."""
    unit.tasks.lock(challenge.task)
    project = unit.projects.get(challenge.project)
    _suspend(unit, project, challenge)
    if not unit.gold_challenges.decide(challenge.id, ChallengeState.OVERTURNED, by):
        return False
    fits = project.confidence is None or unit.gold_tasks.was_ordinary(challenge.task)
    asked_again = project.state is ProjectState.RUNNING and fits
    unit.gold_tasks.make_ordinary(challenge.task, "open" if asked_again else "stopped")
    gold.open_free_places(unit, project, challenge.task)
    _recompute_consensus(unit, project, challenge.task)
    task, kind = unit.tasks.get(challenge.task), kind_of(project.kind)
    for _, worker, answer in unit.gold_tasks.answers(challenge.task):
        if kind.judge(answer, challenge.gold) is False:
            _notify_worker(unit, worker, project, task, challenge, kept=False)
    return True


def _recompute_consensus(unit: UnitOfWork, project: Project, task_id: TaskId) -> None:
    task = unit.tasks.lock(task_id)
    consensus.store_consensus(unit, project, task, consensus.recompute_consensus(unit, project, task))


def _list_votes(unit: UnitOfWork, project: Project, task: Task) -> list[GoldVote]:
    """Return the votes of all who answered the task, with their skill elsewhere; near agreement counts as the same
    answer."""
    votes: list[GoldVote] = []
    kind = kind_of(project.kind)
    for worker, answer in unit.gold_tasks.list_kept_answers(task.id):
        if answer is not None:
            right = kind.is_right(answer, task.gold or ())
            same_answers = (vote.answer for vote in votes if kind.is_right(answer, kind.list_accepted(vote.answer)))
            skill, answers, is_qualified = _get_standing(unit, project, worker, right)
            votes.append(GoldVote(next(same_answers, answer), right, skill, answers, is_qualified))
    return votes


def _get_standing(unit: UnitOfWork, project: Project, worker: PersonId, right: bool) -> tuple[float, float, bool]:
    """Return (lower end of the worker's skill interval, number of answers behind it, whether the rest of their work in
    the project qualifies them)."""
    models, enrolment = unit.models.for_answer(project.id, worker), unit.enrolments.find(worker, project.id)
    compared = unit.skills.agreeing(worker, project.id)
    qualified = enrolment is not None and is_credible(enrolment, right, *compared)
    return (models[1].skill.interval[0], models[1].answers, qualified) if models else (0.0, 0.0, qualified)


def _ask_requester(unit: UnitOfWork, challenge: Challenge, aside: bool, contested: bool = True) -> None:
    project, task = unit.projects.get(challenge.project), unit.tasks.get(challenge.task)
    answers = [answer for _, answer in unit.gold_tasks.list_kept_answers(task.id) if answer is not None]
    message = GoldDoubted(
        challenge=challenge.id,
        number=project.id,
        title=project.title,
        kind=project.kind,
        options=project.options,
        content=content_of(project, task),
        gold=displayed_answers(project, challenge.gold),
        agreeing=sum(kind_of(project.kind).is_right(answer, challenge.gold) for answer in answers),
        answers=len(answers),
        until=challenge.due_at,
        aside=aside,
        contested=contested,
    )
    unit.outbox.tell(project.requester, message, key=f"{'quarantined' if aside else 'challenge'}:{challenge.id}")


def _notify_worker(
    unit: UnitOfWork, worker: PersonId, project: Project, task: Task, challenge: Challenge, kept: bool
) -> None:
    """Tell the worker the decision, with the options in the order in which they saw the task."""
    seen_task = get_seen_task(unit, project, task, worker)
    project, content, gold_answers = (
        seen_task.project,
        content_of(seen_task.project, seen_task.task),
        seen_task.to_seen_golds(challenge.gold),
    )
    message = GoldReviewed(
        title=project.title,
        kind=project.kind,
        options=project.options,
        content=content,
        gold=displayed_answers(project, gold_answers),
        kept=kept,
    )
    unit.outbox.tell(worker, message, key=f"reviewed:{challenge.id}:{worker}")
