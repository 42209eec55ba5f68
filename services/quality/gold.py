"""The state of a requester who makes check questions in chat, kept as a draft; and the tasks they may use."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from domain import draws
from domain.answers import find_measured_kind, gold_of, kind_of
from domain.handing_in import SEVERAL, Draft, Wants
from domain.messages import Message
from domain.people.accounts import Person
from domain.programs import Contested, ContestedGold, GoldMade, GoldSuggestion, SuggestedGold, SuggestionRefused
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
from domain.refusals import AnswerUnknown, BadInput, NotFound, WrongState
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
CANDIDATE_TASKS = 60  # tasks of which one is asked


@dataclass(frozen=True, slots=True)
class GoldPlace:
    """A requester's place while making check questions: the task `asked`, the presses of its answer (`draft`), the gold
    made `last`, whose reason is the next typed line, and its answers (`known`); `skipped`: tasks that were passed over.
    """

    project: int
    turn: int = 0
    made: int = 0
    asked: int | None = None
    draft: Draft = ()
    last: int | None = None
    known: tuple[str, ...] = ()
    skipped: tuple[int, ...] = ()

    def passed_over(self) -> "GoldPlace":
        """Return the place with its task appended to the skipped ones; unchanged if no task is asked."""
        skipped = tuple(task for task in self.skipped if task != self.asked)
        return replace(self, skipped=(*skipped, self.asked)[-CANDIDATE_TASKS:]) if self.asked else self


def find_place(unit: UnitOfWork, requester: Person) -> GoldPlace | None:
    """Return the requester's place, or None if they are not making gold."""
    draft = unit.drafts.find(requester.id)
    return read_place(draft.fields) if draft and draft.journey == JOURNEY else None


def get_place(unit: UnitOfWork, requester: Person, project: Project) -> GoldPlace:
    """Return the requester's place in this project; a new one if they are making gold elsewhere or not at all."""
    place = find_place(unit, requester)
    return place if place and place.project == project.id else GoldPlace(project.id)


def store_place(unit: UnitOfWork, requester: Person, place: GoldPlace) -> None:
    unit.drafts.keep(requester.id, JOURNEY, asdict(place), unit.now)


def get_gold_project(unit: UnitOfWork, requester: Person, number: int) -> Project:
    """Return the requester's own project. Raise NotFound if it is not theirs, BadInput if its kind has no gold,
    WrongState if it has ended."""
    project = projects.mine(unit, requester, number)
    projects.check_by_hand(project)
    if not kind_of(project.kind).has_gold:
        raise BadInput(what="gold_kind", value=project.kind, expected=[])
    if project.state in (ProjectState.STOPPED, ProjectState.COMPLETE):
        raise WrongState(number=number, state=project.state.value)
    return project


def get_gold_task(unit: UnitOfWork, requester: Person, task_id: TaskId) -> tuple[Project, Task]:
    """Return a task and its project, under the conditions of `get_gold_project`. Raise NotFound for other requesters'
    tasks."""
    task = unit.tasks.find(task_id)
    if task is None or projects.owned(unit, requester, task.project) is None:
        raise NotFound(what="task", name="")
    return get_gold_project(unit, requester, task.project), task


def read_place(stored: dict[str, Any]) -> GoldPlace:
    fields_by_name = {field.name: stored[field.name] for field in fields(GoldPlace) if field.name in stored}
    return GoldPlace(
        **{**fields_by_name, **{name: tuple(fields_by_name.get(name, ())) for name in ("draft", "known", "skipped")}}
    )


def choose_task(unit: UnitOfWork, project: Project, place: GoldPlace) -> Task | None:
    """Return the next task to be answered, or None if there is none.

    Every second one is any task, without which gold would measure nothing on tasks that seem easy; the others are the
    most informative of some candidates. Skipped tasks return once nothing else is left, in the order in which they were
    skipped."""
    candidates = _list_candidates(unit, project, place.turn)
    tasks = [task for task in candidates if task.id not in place.skipped]
    if not tasks:
        return min(candidates, key=lambda task: place.skipped.index(task.id), default=None)
    if place.turn % 2:
        return tasks[0]
    best_task_id = choose_task_to_check(_get_posteriors(unit, project, tasks), place.turn // 2)
    return next(task for task in tasks if task.id == best_task_id)


def _list_candidates(unit: UnitOfWork, project: Project, turn: int) -> list[Task]:
    """Return the next few tasks from a random position of the file, so that gold is like the rest; from the beginning
    again behind its end."""
    share = draws.draw_fraction(unit.secrets.recent(CHOICES), "asked", project.id, turn)
    behind = unit.gold_tasks.next_unknown(project.id, share, CANDIDATE_TASKS)
    if len(behind) == CANDIDATE_TASKS:
        return behind
    from_beginning = unit.gold_tasks.next_unknown(project.id, 0.0, CANDIDATE_TASKS - len(behind))
    return [*behind, *(task for task in from_beginning if task not in behind)]


def _get_posteriors(unit: UnitOfWork, project: Project, tasks: Sequence[Task]) -> dict[int, Sequence[float]]:
    """Return the probabilities of the options by people and models so far, by task; for kinds without classes those of
    being right or wrong."""
    if not kind_of(project.kind).keeps_scores:
        return {task.id: _right_or_wrong(task.confidence) for task in tasks}
    shared, _ = consensus.get_models(unit, project, NOBODY)
    states = {task.id: live.start_task(shared, project.options, task.ai, task.scores, task.scored) for task in tasks}
    return {task: live.combined_posterior(state, shared) for task, state in states.items()}


def _right_or_wrong(confidence: float | None) -> tuple[float, float]:
    sure = 0.5 if confidence is None else confidence
    return sure, 1 - sure


MIN_CONTESTED_TASKS = 10  # tasks


def count_contested(project: Project, machines: MachineAnswers, votes: Sequence[WorkerAnswer]) -> int:
    """Return the number of tasks on which a worker's answer differs from a model's."""
    task_ids = {
        vote.task
        for vote in votes
        if vote.task in machines
        and any(part.differs for part in parts_of(project.kind, project.options, machines[vote.task], (vote.answer,)))
    }
    return len(task_ids)


def propose_gold(unit: UnitOfWork, project_id: ProjectId, tasks: int) -> None:
    """Send the requester a proposal to make gold if enough of the project's tasks are contested (`tasks`) and more gold
    is useful; sent once per project."""
    project = unit.projects.get(project_id)
    proposed = (
        preflight.count_proposed_gold(unit, project, unit.tasks.last_position(project_id))
        if tasks >= MIN_CONTESTED_TASKS
        else 0
    )
    if proposed:
        message = GoldWouldHelp(project.id, project.title, tasks, proposed)
        unit.outbox.tell(project.requester, message, lane=Lane.BROADCAST, key=f"gold would help:{project.id}")


def make_gold(unit: UnitOfWork, project: Project, task_id: TaskId, gold: tuple[str, ...]) -> bool:
    """Make the task a check question with this answer and move its remaining places to those of gold. Return False if
    it is gold already. Workers who answered the task keep their pay and are judged by its gold answer. May end the
    project."""
    task = unit.tasks.lock(task_id)
    running = project.state is ProjectState.RUNNING
    if not unit.gold_tasks.make(task_id, gold, project.largest(task.overlap), running):
        return False
    if task.state == "draft":
        unit.batches.gold_made(task_id)
    task = unit.tasks.get(task_id)
    unit.openings.close(task_id)
    unit.tasks.conclude(task_id, kind_of(project.kind).answer_of_gold(gold), 1.0, task.state)
    open_free_places(unit, project, task_id)
    judge_answers(unit, project, task_id, gold)
    unit.gold_tasks.changed(project.id)
    if running and task.state != "draft":
        end_if_done(unit, project)
    return True


def open_free_places(unit: UnitOfWork, project: Project, task_id: TaskId) -> None:
    """Open the places of an open task that answers and live assignments have not taken, if the project is running."""
    task = unit.tasks.get(task_id)
    free = task.overlap - task.received - unit.assignments.live_on(task_id)
    if project.state is ProjectState.RUNNING and task.state == "open" and free > 0:
        unit.openings.give_back(project.id, task.gold is not None, task.id, free)


def judge_answers(unit: UnitOfWork, project: Project, task_id: TaskId, gold: tuple[str, ...] | None) -> None:
    """Mark every answer to the task right or wrong, "can't tell" neither, and recompute the counts; `gold` None: the
    task is no check question any more."""
    kind = kind_of(project.kind)
    for submission, worker, answer in unit.gold_tasks.answers(task_id):
        right = kind.judge(answer, gold)
        unit.progress_counts.rejudge(submission, right)
        unit.gold_tasks.judge(submission, right)
        unit.gold_tasks.recount(worker, project.id)
        enrolment = unit.enrolments.enrol(worker, project.id)
        places.qualify(unit, unit.people.get(worker), project, enrolment)


def make_by_name(act: Act, number: ProjectId, task: str, answers: list[str], reason: str) -> GoldMade:
    """Make the task with this name gold, for programs. Raise NotFound if there is no such task, BadInput if the answers
    are none of its kind. Workers who answered the task keep their pay and are judged by its gold answer."""
    unit, project = act.unit, get_gold_project(act.unit, act.person, number)
    named_task = projects.get_task_by_name(unit, project, task)
    gold_answers = gold_of(project.kind, SEVERAL.join(answers), project.options)
    if not gold_answers:
        raise BadInput(what="gold_answer", value=SEVERAL.join(answers), expected=list(project.options))
    is_new = make_gold(unit, project, named_task.id, gold_answers)
    if is_new and reason:
        unit.gold_tasks.explain(named_task.id, " ".join(reason.split()))
    return GoldMade(task, gold_answers if is_new else tuple(named_task.gold or gold_answers), is_new)


def list_suggested(act: Act, number: ProjectId, after: int, limit: int) -> SuggestedGold:
    """Return a page of tasks with a (nearly) unanimous answer, which could be check questions, for programs; `after` is
    a task's place. Raise as `get_gold_project` does."""
    project = get_gold_project(act.unit, act.person, number)
    tasks = act.unit.gold_tasks.suggested(project.id, after, limit + 1)
    suggestions = tuple(
        GoldSuggestion(task.key, displayed_answer(project, task.consensus) or "", task.received)
        for task in tasks[:limit]
    )
    return SuggestedGold(suggestions, tasks[limit - 1].position if len(tasks) > limit else None)


def refuse_suggested(act: Act, number: ProjectId, task: str) -> SuggestionRefused:
    """Suggest the task with this name no longer as a check question, for programs. Raise NotFound if there is no such
    task."""
    project = get_gold_project(act.unit, act.person, number)
    act.unit.gold_tasks.refuse(projects.get_task_by_name(act.unit, project, task).id)
    return SuggestionRefused(task)


def list_contested(act: Act, number: ProjectId, after: int, limit: int) -> Contested:
    unit, project = act.unit, projects.mine(act.unit, act.person, number)
    challenges = unit.gold_challenges.page(project.id, after, limit + 1)
    next_after = challenges[limit - 1].id if len(challenges) > limit else None
    return Contested(tuple(_to_contested_gold(unit, challenge) for challenge in challenges[:limit]), next_after)


def _to_contested_gold(unit: UnitOfWork, challenge: Challenge) -> ContestedGold:
    task, contests = unit.tasks.get(challenge.task).key, unit.gold_challenges.contests(challenge.id)
    return ContestedGold(challenge.id, task, challenge.gold, contests, challenge.due_at)


WRITTEN_ANSWERS = (Wants.TEXT, Wants.LOCATION)  # a line is the answer, a second one its reason
SUGGESTIONS = 20  # counted at most
MAX_REASON_CHARS = 500  # characters of a reason
NextGoldTask = GoldAsked | NoTaskForGold


def begin_gold(act: Act, project: ProjectId) -> NextGoldTask:
    """Return, for `/gold N`, the first task to be answered."""
    own_project = get_gold_project(act.unit, act.person, project)
    return _ask_next_task(act.unit, act.person, own_project, GoldPlace(own_project.id))


def answer_with_press(act: Act, task: TaskId, option: int) -> NextGoldTask:
    """Make the pressed option the task's gold answer; return the next task. Raise AnswerUnknown if the kind takes no
    single press."""
    project, _ = _require_task_answered_by(act, task, Wants.PRESS)
    gold_answer = kind_of(project.kind).parse_answer(str(option), project.options)
    return _make_gold_and_go_on(act.unit, act.person, project, task, (gold_answer,))


def press_option(act: Act, task: TaskId, option: int) -> Reply | NextGoldTask:
    """Store and show one press of an answer of several; the last press of a form makes the answer gold."""
    project, asked_task = _require_task_answered_by(act, task, Wants.PRESSES)
    return _show_or_take_answer(act, project, asked_task, _answer_pad(act, project, asked_task).choose(option))


def undo_press(act: Act, task: TaskId) -> Reply:
    """Take back the last press and show the remaining ones."""
    project, asked_task = _require_task_answered_by(act, task, Wants.PRESSES)
    return _show_presses(act, project, asked_task, _answer_pad(act, project, asked_task).undo().draft)


def finish_answer(act: Act, task: TaskId) -> NextGoldTask:
    """Make the presses so far the task's gold answer; return the next task."""
    project, asked_task = _require_task_answered_by(act, task, Wants.PRESSES)
    return _take_finished_answer(act, project, asked_task, _answer_pad(act, project, asked_task))


def answer_with_drawing(act: Act, task: TaskId, gold_answers: tuple[str, ...]) -> NextGoldTask:
    """Make what was drawn on a page the task's gold answer; return the next task."""
    return _make_gold_and_go_on(
        act.unit, act.person, _require_task_answered_by(act, task, Wants.PAGE)[0], task, gold_answers
    )


def skip_task(act: Act, project: ProjectId) -> NextGoldTask:
    return _pass_over(act.unit, act.person, get_gold_project(act.unit, act.person, project))


def suggest_gold(act: Act, project: ProjectId, after: int) -> NextGoldTask | GoldSuggested:
    """Return the next task with a (nearly) unanimous answer; if there is none, the next task to be answered."""
    own_project = get_gold_project(act.unit, act.person, project)
    suggestions = act.unit.gold_tasks.suggested(own_project.id, after, 1)
    return _to_suggestion(own_project, suggestions[0]) if suggestions else _pass_over(act.unit, act.person, own_project)


def decide_suggestion(act: Act, task: TaskId, yes: bool) -> NextGoldTask | GoldSuggested:
    """Make the unanimous answer gold (`yes`), or do not suggest it again; return the next suggestion."""
    unit, requester = act.unit, act.person
    project, answered = get_gold_task(unit, requester, task)
    if not yes:
        unit.gold_tasks.refuse(task)
    elif answered.gold is None and answered.consensus is not None:
        gold_answers = kind_of(project.kind).to_gold(answered.consensus, project.options)
        if make_gold(unit, project, task, gold_answers):
            place = get_place(unit, requester, project)
            next_place = replace(place, made=place.made + 1, asked=None, draft=(), last=task, known=gold_answers)
            store_place(unit, requester, next_place)
    return suggest_gold(act, project.id, answered.position)


def stop_gold(act: Act, project: ProjectId) -> GoldStopped:
    """End the making of gold, if the requester is making any; return how many check questions were made."""
    own_project = projects.mine(act.unit, act.person, project)
    place = find_place(act.unit, act.person)
    if place is not None:
        act.unit.drafts.drop(act.person.id)
    return GoldStopped(own_project.id, own_project.title, place.made if place else 0)


def waits_for_text(stored: dict[str, Any]) -> bool:
    """Return whether typed words would be an answer, or the reason of the gold made last."""
    place = read_place(stored)
    return bool(place.asked or place.last)


def waits_for_location(unit: UnitOfWork, stored: dict[str, Any]) -> bool:
    """Return whether the task that is asked is answered by a location now."""
    place = read_place(stored)
    project = unit.projects.find(place.project) if place.asked else None
    return project is not None and kind_of(project.kind).get_next_input(place.draft, project.options) is Wants.LOCATION


def take_text(act: Act, stored: dict[str, Any], text: str) -> Message | Reply | None:
    """Take typed words as the answer to the task that is asked, or as the reason of the gold made last. Return None if
    neither is waited for. Raise BadInput if the words are no answer of the project's kind."""
    unit, place = act.unit, read_place(stored)
    project = unit.projects.find(place.project)
    if project is None or not waits_for_text(stored):
        return None
    if place.asked and _takes_words(project, place):
        own_project, asked_task = get_gold_task(unit, act.person, TaskId(place.asked))
        return _show_or_take_answer(
            act, own_project, asked_task, AnswerPad.for_project(own_project, place.draft).write(text)
        )
    is_written = kind_of(project.kind).wants in WRITTEN_ANSWERS
    line, _, reason = text.strip().partition("\n") if is_written else (text, "", "")
    gold_answers = gold_of(project.kind, line, project.options) if place.asked else None
    if gold_answers:
        own_project = get_gold_project(unit, act.person, project.id)
        return _make_gold_and_go_on(
            unit=unit,
            requester=act.person,
            project=own_project,
            task_id=TaskId(place.asked or 0),
            gold_answers=gold_answers,
            reason=_clean_reason(reason),
        )
    if place.last and not (is_written and place.asked):
        return _store_reason(unit, act.person, project, place, _clean_reason(text))
    raise BadInput(what="gold_answer", value=line, expected=list(project.options))


def _takes_words(project: Project, place: GoldPlace) -> bool:
    """Return whether typed words are the next step of a form."""
    kind = kind_of(project.kind)
    return kind.asks_questions and kind.get_next_input(place.draft, project.options) in WRITTEN_ANSWERS


def _make_gold_and_go_on(
    unit: UnitOfWork,
    requester: Person,
    project: Project,
    task_id: TaskId,
    gold_answers: tuple[str, ...],
    reason: str = "",
) -> NextGoldTask:
    """Make the requester's answer the task's gold, unless it is gold already; return the next task."""
    is_new = make_gold(unit, project, task_id, gold_answers)
    if is_new and reason:
        unit.gold_tasks.explain(task_id, reason)
    place = get_place(unit, requester, project)
    place = replace(place, turn=place.turn + 1, made=place.made + int(is_new))
    return _ask_next_task(
        unit, requester, project, replace(place, last=task_id if is_new else None, known=gold_answers if is_new else ())
    )


def _store_reason(unit: UnitOfWork, requester: Person, project: Project, place: GoldPlace, reason: str) -> Message:
    """Store the reason of the gold made last; go on to the next task if that task is no gold any more."""
    if unit.gold_tasks.explain(TaskId(place.last or 0), reason):
        return GoldExplained(project.kind, displayed_answers(project, place.known), reason)
    return _pass_over(unit, requester, get_gold_project(unit, requester, project.id))


def _clean_reason(text: str) -> str:
    return " ".join(text.split())[:MAX_REASON_CHARS]


def _require_task_answered_by(act: Act, task: TaskId, wants: Wants) -> tuple[Project, Task]:
    """Return a task of the requester's and its project. Raise AnswerUnknown if it is answered in another way."""
    project, asked_task = get_gold_task(act.unit, act.person, task)
    if kind_of(project.kind).wants is not wants:
        raise AnswerUnknown(expected=list(project.options))
    return project, asked_task


def _answer_pad(act: Act, project: Project, task: Task) -> AnswerPad:
    place = get_place(act.unit, act.person, project)
    return AnswerPad.for_project(project, place.draft if place.asked == task.id else ())


def _show_or_take_answer(act: Act, project: Project, task: Task, pad: AnswerPad) -> Reply | NextGoldTask:
    return (
        _take_finished_answer(act, project, task, pad)
        if pad.is_complete
        else _show_presses(act, project, task, pad.draft)
    )


def _take_finished_answer(act: Act, project: Project, task: Task, pad: AnswerPad) -> NextGoldTask:
    """Make the finished answer gold; return the next task."""
    kind = kind_of(project.kind)
    gold_answers = kind.to_gold(kind.parse_answer(pad.to_answer(), project.options), project.options)
    return _make_gold_and_go_on(act.unit, act.person, project, task.id, gold_answers)


def _show_presses(act: Act, project: Project, task: Task, draft: Draft) -> Reply:
    """Show the task in its message with the presses so far; a task that is gold already is passed over."""
    unit, requester = act.unit, act.person
    if task.gold is not None:
        return Reply(_pass_over(unit, requester, project))
    place = replace(get_place(unit, requester, project), asked=task.id, draft=draft)
    store_place(unit, requester, place)
    return Reply(_to_message(unit, project, task, place), edits=act.message)


def _pass_over(unit: UnitOfWork, requester: Person, project: Project) -> NextGoldTask:
    place = get_place(unit, requester, project)
    return _ask_next_task(
        unit, requester, project, replace(place.passed_over(), turn=place.turn + 1, last=None, known=())
    )


def _ask_next_task(unit: UnitOfWork, requester: Person, project: Project, place: GoldPlace) -> NextGoldTask:
    task = choose_task(unit, project, place)
    place = replace(place, asked=task.id if task else None, draft=())
    store_place(unit, requester, place)
    return _to_message(unit, project, task, place)


def _to_message(unit: UnitOfWork, project: Project, task: Task | None, place: GoldPlace) -> NextGoldTask:
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


def _to_suggestion(project: Project, task: Task) -> GoldSuggested:
    has_interval = task.scores is not None and find_measured_kind(project.kind) is not None
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
        interval=(task.scores[0], task.scores[1]) if has_interval and task.scores else None,
    )
