"""The state of a requester who makes check questions in chat, kept as a draft; and the tasks they may use."""

from collections.abc import Sequence
from dataclasses import (
    asdict,
    dataclass,
    fields,
    replace,
)
from typing import Any

from domain import draws
from domain.answers import gold_of, kind_of, measure_of
from domain.handing_in import SEVERAL, Draft, Wants
from domain.messages import Message
from domain.people.accounts import Person
from domain.programs import Contested, ContestedGold, GoldMade
from domain.projects.form_questions import parts_of
from domain.projects.projects import Project, ProjectId, ProjectState
from domain.projects.results import displayed_answer, displayed_answers
from domain.projects.tasks import Task, TaskId, content_of
from domain.quality import live
from domain.quality.crowd import WorkerAnswer
from domain.quality.figures import GoldWouldHelp
from domain.quality.gold import (
    GoldAsked,
    GoldExplained,
    GoldSoFar,
    GoldStopped,
    GoldSuggested,
    NoTaskForGold,
    choose_task_to_check,
)
from domain.quality.gold_challenges import Challenge
from domain.quality.machine import MachineAnswers
from domain.refusals import (
    AnswerUnknown,
    BadInput,
    NotFound,
    WrongState,
)
from domain.work.assignments import AnswerPad
from services.act import Act, Reply
from services.projects import preflight, projects
from services.projects.lifecycle import end_if_done
from services.quality import consensus
from services.quality.consensus import NOBODY
from services.work import places
from storage.boxes.outbox import Lane
from storage.secrets import CHOICES
from storage.unit import UnitOfWork

JOURNEY = "gold"
COMPARED = 60  # tasks of which one is asked


@dataclass(frozen=True, slots=True)
class GoldPlace:
    """The task `asked`, the presses of its answer (`draft`), the gold made `last`, whose reason is the next typed
    line, and its answers (`known`); `skipped`: tasks that were passed over."""

    project: int
    turn: int = 0
    made: int = 0
    asked: int | None = None
    draft: Draft = ()
    last: int | None = None
    known: tuple[str, ...] = ()
    skipped: tuple[int, ...] = ()

    def passed_over(self) -> "GoldPlace":
        before = tuple(each for each in self.skipped if each != self.asked)
        return replace(self, skipped=(*before, self.asked)[-COMPARED:]) if self.asked else self


def current(unit: UnitOfWork, requester: Person) -> GoldPlace | None:
    """None where no gold is being made."""
    draft = unit.drafts.of(requester.id)
    return read(draft.kept) if draft and draft.journey == JOURNEY else None


def within(unit: UnitOfWork, requester: Person, project: Project) -> GoldPlace:
    """The place in this project; a new one where the requester is elsewhere."""
    here = current(unit, requester)
    return here if here and here.project == project.id else GoldPlace(project.id)


def keep(unit: UnitOfWork, requester: Person, place: GoldPlace) -> None:
    unit.drafts.keep(requester.id, JOURNEY, asdict(place), unit.now)


def project_of(unit: UnitOfWork, requester: Person, number: int) -> Project:
    """The requester's own project that has not ended, of a kind that can have gold."""
    project = projects.mine(unit, requester, number)
    projects.check_by_hand(project)
    if not kind_of(project.kind).has_gold:
        raise BadInput(what="gold_kind", value=project.kind, expected=[])
    if project.state in (ProjectState.STOPPED, ProjectState.COMPLETE):
        raise WrongState(number=number, state=project.state.value)
    return project


def task_of(unit: UnitOfWork, requester: Person, task_id: TaskId) -> tuple[Project, Task]:
    """A task of such a project; other requesters' tasks are not found."""
    task = unit.tasks.find(task_id)
    if task is None or projects.owned(unit, requester, task.project) is None:
        raise NotFound(what="task", name="")
    return project_of(unit, requester, task.project), task


def read(kept: dict[str, Any]) -> GoldPlace:
    known = {field.name: kept[field.name] for field in fields(GoldPlace) if field.name in kept}
    return GoldPlace(**{**known, **{name: tuple(known.get(name, ())) for name in ("draft", "known", "skipped")}})


def chosen(unit: UnitOfWork, project: Project, place: GoldPlace) -> Task | None:
    """Every second one is any task, without which gold would say nothing of those that seem easy; of some around the
    others it is the one that tells most. What was skipped comes again once nothing else is left, in that order."""
    around = _around(unit, project, place.turn)
    tasks = [task for task in around if task.id not in place.skipped]
    if not tasks:
        return min(around, key=lambda task: place.skipped.index(task.id), default=None)
    if place.turn % 2:
        return tasks[0]
    wanted = choose_task_to_check(_posteriors(unit, project, tasks), place.turn // 2)
    return next(task for task in tasks if task.id == wanted)


def _around(unit: UnitOfWork, project: Project, turn: int) -> list[Task]:
    """The next few from anywhere in the file, so that gold is like the rest; its end is followed by its beginning."""
    share = draws.drawn(unit.secrets.recent(CHOICES), "asked", project.id, turn)
    behind = unit.gold_tasks.next_unknown(project.id, share, COMPARED)
    if len(behind) == COMPARED:
        return behind
    first = unit.gold_tasks.next_unknown(project.id, 0.0, COMPARED - len(behind))
    return [*behind, *(task for task in first if task not in behind)]


def _posteriors(unit: UnitOfWork, project: Project, tasks: Sequence[Task]) -> dict[int, Sequence[float]]:
    """Of the options, by people and models so far; for kinds without classes of being right or not."""
    if not kind_of(project.kind).keeps_scores:
        return {task.id: _rightness(task.confidence) for task in tasks}
    shared, _ = consensus.models_of(unit, project, NOBODY)
    states = {task.id: live.start_task(shared, project.options, task.ai, task.scores, task.scored) for task in tasks}
    return {task: live.combined_posterior(state, shared) for task, state in states.items()}


def _rightness(confidence: float | None) -> tuple[float, float]:
    sure = 0.5 if confidence is None else confidence
    return sure, 1 - sure


MANY = 10  # tasks


def contested(project: Project, machines: MachineAnswers, said: Sequence[WorkerAnswer]) -> int:
    """Tasks on which somebody differs from a model."""
    found = {
        each.task
        for each in said
        if each.task in machines
        and any(part.differs for part in parts_of(project.kind, project.options, machines[each.task], (each.answer,)))
    }
    return len(found)


def propose(unit: UnitOfWork, number: ProjectId, tasks: int) -> None:
    """`tasks` are contested."""
    project = unit.projects.get(number)
    proposed = preflight.count_proposed_gold(unit, project, unit.tasks.last_position(number)) if tasks >= MANY else 0
    if proposed:
        told = GoldWouldHelp(project.id, project.title, tasks, proposed)
        unit.outbox.tell(project.requester, told, lane=Lane.BROADCAST, key=f"gold would help:{project.id}")


def make(unit: UnitOfWork, project: Project, task_id: TaskId, gold: tuple[str, ...]) -> bool:
    """Moves the task to the openings of gold with its remaining places. Workers who answered it keep their pay and
    are judged by it. False when it is gold already."""
    task = unit.tasks.lock(task_id)
    running = project.state is ProjectState.RUNNING
    if not unit.gold_tasks.make(task_id, gold, project.largest(task.overlap), running):
        return False
    if task.state == "draft":
        unit.batches.gold_made(task_id)
    task = unit.tasks.get(task_id)
    unit.openings.close(task_id)
    unit.tasks.conclude(task_id, kind_of(project.kind).known(gold), 1.0, task.state)
    offer(unit, project, task_id)
    judge(unit, project, task_id, gold)
    unit.gold_tasks.changed(project.id)
    if running and task.state != "draft":
        end_if_done(unit, project)
    return True


def offer(unit: UnitOfWork, project: Project, task_id: TaskId) -> None:
    """Opens the places of a task that answers and live assignments have not taken."""
    task = unit.tasks.get(task_id)
    free = task.overlap - task.received - unit.assignments.live_on(task_id)
    if project.state is ProjectState.RUNNING and task.state == "open" and free > 0:
        unit.openings.give_back(project.id, task.gold is not None, task.id, free)


def judge(unit: UnitOfWork, project: Project, task_id: TaskId, gold: tuple[str, ...] | None) -> None:
    """Mark every answer to the task right or wrong, “can't tell” neither, and recompute the counts; `gold` None: the
    task is no check question any more."""
    kind = kind_of(project.kind)
    for submission, worker, said in unit.gold_tasks.answers(task_id):
        right = kind.judge(said, gold)
        unit.progress_counts.judged(submission, right)
        unit.gold_tasks.judge(submission, right)
        unit.gold_tasks.recount(worker, project.id)
        enrolment = unit.enrolments.enrol(worker, project.id)
        places.qualify(unit, unit.people.get(worker), project, enrolment)


def make_by_name(act: Act, number: ProjectId, task: str, answers: list[str], reason: str) -> GoldMade:
    """Those who answered it keep their pay and are judged by it."""
    unit, project = act.unit, project_of(act.unit, act.person, number)
    position = unit.tasks.key_at(project.id, task)
    found = unit.tasks.at(project.id, (position,)) if position is not None else []
    if not found:
        raise NotFound(what="task", name=task)
    known = gold_of(project.kind, SEVERAL.join(answers), project.options)
    if not known:
        raise BadInput(what="gold_answer", value=SEVERAL.join(answers), expected=list(project.options))
    made = make(unit, project, found[0].id, known)
    if made and reason:
        unit.gold_tasks.explain(found[0].id, " ".join(reason.split()))
    return GoldMade(task, known if made else tuple(found[0].gold or known), made)


def list_contested(act: Act, number: ProjectId, after: int, limit: int) -> Contested:
    unit, project = act.unit, projects.mine(act.unit, act.person, number)
    found = unit.gold_challenges.page(project.id, after, limit + 1)
    more = found[limit - 1].id if len(found) > limit else None
    return Contested(tuple(_shown(unit, each) for each in found[:limit]), more)


def _shown(unit: UnitOfWork, challenge: Challenge) -> ContestedGold:
    task, contests = unit.tasks.get(challenge.task).key, unit.gold_challenges.contests(challenge.id)
    return ContestedGold(challenge.id, task, challenge.gold, contests, challenge.due_at)


WRITTEN = (Wants.TEXT, Wants.LOCATION)  # a line is the answer, a second one its reason
SUGGESTIONS = 20  # counted at most
LONGEST = 500  # characters of a reason
Asked = GoldAsked | NoTaskForGold


def begin(act: Act, project: ProjectId) -> Asked:
    """`/gold N`: the first task to be answered."""
    mine = project_of(act.unit, act.person, project)
    return _ask(act.unit, act.person, mine, GoldPlace(mine.id))


def answer(act: Act, task: TaskId, option: int) -> Asked:
    """One press is the answer; the next task follows."""
    project, _ = _pressed(act, task, Wants.PRESS)
    known = kind_of(project.kind).read(str(option), project.options)
    return _make(act.unit, act.person, project, task, (known,))


def choose(act: Act, task: TaskId, option: int) -> Reply | Asked:
    """One press of several: kept, and shown; the last one of a form is the answer."""
    project, asked = _pressed(act, task, Wants.PRESSES)
    return _moved(act, project, asked, _pad(act, project, asked).choose(option))


def undo(act: Act, task: TaskId) -> Reply:
    """Takes the last press back."""
    project, asked = _pressed(act, task, Wants.PRESSES)
    return _draw(act, project, asked, _pad(act, project, asked).undo().draft)


def done(act: Act, task: TaskId) -> Asked:
    """The presses so far are the answer."""
    project, asked = _pressed(act, task, Wants.PRESSES)
    return _taken(act, project, asked, _pad(act, project, asked))


def drawn(act: Act, task: TaskId, known: tuple[str, ...]) -> Asked:
    """What was drawn on a page is the answer."""
    return _make(act.unit, act.person, _pressed(act, task, Wants.PAGE)[0], task, known)


def skip(act: Act, project: ProjectId) -> Asked:
    return _next(act.unit, act.person, project_of(act.unit, act.person, project))


def suggest(act: Act, project: ProjectId, after: int) -> Asked | GoldSuggested:
    """The next task with a (nearly) unanimous answer; otherwise continues with answering."""
    mine = project_of(act.unit, act.person, project)
    found = act.unit.gold_tasks.suggested(mine.id, after, 1)
    return _suggested(mine, found[0]) if found else _next(act.unit, act.person, mine)


def confirm(act: Act, task: TaskId, yes: bool) -> Asked | GoldSuggested:
    """Makes the unanimous answer gold, or does not suggest it again."""
    unit, requester = act.unit, act.person
    project, answered = task_of(unit, requester, task)
    if not yes:
        unit.gold_tasks.refuse(task)
    elif answered.gold is None and answered.consensus is not None:
        known = kind_of(project.kind).as_gold(answered.consensus, project.options)
        if make(unit, project, task, known):
            place = within(unit, requester, project)
            made = replace(place, made=place.made + 1, asked=None, draft=(), last=task, known=known)
            keep(unit, requester, made)
    return suggest(act, project.id, answered.position)


def stop(act: Act, project: ProjectId) -> GoldStopped:
    mine = projects.mine(act.unit, act.person, project)
    place = current(act.unit, act.person)
    if place is not None:
        act.unit.drafts.drop(act.person.id)
    return GoldStopped(mine.id, mine.title, place.made if place else 0)


def is_asking(kept: dict[str, Any]) -> bool:
    """Whether words would be an answer, or the reason of the last one."""
    place = read(kept)
    return bool(place.asked or place.last)


def wants_place(unit: UnitOfWork, kept: dict[str, Any]) -> bool:
    place = read(kept)
    project = unit.projects.find(place.project) if place.asked else None
    return project is not None and kind_of(project.kind).wants_now(place.draft, project.options) is Wants.LOCATION


def typed(act: Act, kept: dict[str, Any], text: str) -> Message | Reply | None:
    """The answers to the task that is asked, or the reason of the gold made last; None when neither is waited for."""
    unit, place = act.unit, read(kept)
    project = unit.projects.find(place.project)
    if project is None or not is_asking(kept):
        return None
    if place.asked and _takes_words(project, place):
        mine, asked = task_of(unit, act.person, TaskId(place.asked))
        return _moved(act, mine, asked, AnswerPad.for_project(mine, place.draft).write(text))
    written = kind_of(project.kind).wants in WRITTEN
    line, _, reason = text.strip().partition("\n") if written else (text, "", "")
    known = gold_of(project.kind, line, project.options) if place.asked else None
    if known:
        mine = project_of(unit, act.person, project.id)
        return _make(unit, act.person, mine, TaskId(place.asked or 0), known, _reason(reason))
    if place.last and not (written and place.asked):
        return _explain(unit, act.person, project, place, _reason(text))
    raise BadInput(what="gold_answer", value=line, expected=list(project.options))


def _takes_words(project: Project, place: GoldPlace) -> bool:
    """Whether words are the next step of a form."""
    kind = kind_of(project.kind)
    return kind.asks_questions and kind.wants_now(place.draft, project.options) in WRITTEN


def _make(
    unit: UnitOfWork, requester: Person, project: Project, task_id: TaskId, known: tuple[str, ...], reason: str = ""
) -> Asked:
    """The requester's answer becomes the task's gold, unless it is gold already; the next task follows."""
    made = make(unit, project, task_id, known)
    if made and reason:
        unit.gold_tasks.explain(task_id, reason)
    place = within(unit, requester, project)
    place = replace(place, turn=place.turn + 1, made=place.made + int(made))
    return _ask(unit, requester, project, replace(place, last=task_id if made else None, known=known if made else ()))


def _explain(unit: UnitOfWork, requester: Person, project: Project, place: GoldPlace, reason: str) -> Message:
    """Takes the reason of a check question; one that is no gold any more is skipped."""
    if unit.gold_tasks.explain(TaskId(place.last or 0), reason):
        return GoldExplained(project.kind, displayed_answers(project, place.known), reason)
    return _next(unit, requester, project_of(unit, requester, project.id))


def _reason(text: str) -> str:
    return " ".join(text.split())[:LONGEST]


def _pressed(act: Act, task: TaskId, wants: Wants) -> tuple[Project, Task]:
    """Checks the row: whose task it is and how it is answered."""
    project, asked = task_of(act.unit, act.person, task)
    if kind_of(project.kind).wants is not wants:
        raise AnswerUnknown(expected=list(project.options))
    return project, asked


def _pad(act: Act, project: Project, task: Task) -> AnswerPad:
    place = within(act.unit, act.person, project)
    return AnswerPad.for_project(project, place.draft if place.asked == task.id else ())


def _moved(act: Act, project: Project, task: Task, pad: AnswerPad) -> Reply | Asked:
    return _taken(act, project, task, pad) if pad.is_complete else _draw(act, project, task, pad.draft)


def _taken(act: Act, project: Project, task: Task, pad: AnswerPad) -> Asked:
    """The finished answer becomes gold."""
    kind = kind_of(project.kind)
    known = kind.as_gold(kind.read(pad.to_answer(), project.options), project.options)
    return _make(act.unit, act.person, project, task.id, known)


def _draw(act: Act, project: Project, task: Task, draft: Draft) -> Reply:
    """Shows the asked task in its message with the presses so far; a task that is gold already is skipped."""
    unit, requester = act.unit, act.person
    if task.gold is not None:
        return Reply(_next(unit, requester, project))
    place = replace(within(unit, requester, project), asked=task.id, draft=draft)
    keep(unit, requester, place)
    return Reply(_asked(unit, project, task, place), edits=act.message)


def _next(unit: UnitOfWork, requester: Person, project: Project) -> Asked:
    place = within(unit, requester, project)
    return _ask(unit, requester, project, replace(place.passed_over(), turn=place.turn + 1, last=None, known=()))


def _ask(unit: UnitOfWork, requester: Person, project: Project, place: GoldPlace) -> Asked:
    task = chosen(unit, project, place)
    place = replace(place, asked=task.id if task else None, draft=())
    keep(unit, requester, place)
    return _asked(unit, project, task, place)


def _asked(unit: UnitOfWork, project: Project, task: Task | None, place: GoldPlace) -> Asked:
    waiting = len(unit.gold_tasks.suggested(project.id, 0, SUGGESTIONS))
    so_far = GoldSoFar(place.made, displayed_answers(project, place.known), waiting)
    if task is None:
        return NoTaskForGold(project.id, project.kind, so_far)
    return GoldAsked(
        task=task.id,
        number=project.id,
        title=project.title,
        kind=project.kind,
        options=project.options,
        content=content_of(project, task),
        draft=place.draft,
        so_far=so_far,
    )


def _suggested(project: Project, task: Task) -> GoldSuggested:
    measured = task.scores is not None and measure_of(project.kind) is not None
    return GoldSuggested(
        task=task.id,
        number=project.id,
        title=project.title,
        kind=project.kind,
        options=project.options,
        content=content_of(project, task),
        position=task.position,
        answer=displayed_answer(project, task.consensus) or "",
        answers=task.received,
        interval=(task.scores[0], task.scores[1]) if measured and task.scores else None,
    )
