"""Learners of workers and tasks: one protocol, of whose ways each answer kind picks one."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from statistics import fmean

import numpy as np
from scipy.special import logit

from domain.answers import (
    AnswerKind,
    Learns,
    consensus_of,
    kind_of,
    measure_of,
)
from domain.projects.form_questions import (
    NOT_ASKED,
    FormQuestion,
    given,
    known_in,
    pack_answers,
    questions_of,
    told_of,
)
from domain.quality import live, model
from domain.quality.aggregation import NOTHING, Agreement
from domain.quality.agreement import told_by_others
from domain.quality.collusion import (
    copyists,
    find_gold_knowledge,
    rings,
    without_their_gold,
)
from domain.quality.crowd import (
    BELIEVED,
    ENOUGH_GOLD,
    MOST,
    PERSON,
    Crowd,
    Floats,
    GivenAnswers,
    Gold,
    Said,
    Skill,
    believed,
    gather,
)
from domain.quality.live import ProjectModel, TaskState, WorkerModel
from domain.quality.machine import (
    AT_MOST,
    USUAL,
    Doubt,
    MachineAnswer,
    MachineAnswers,
    MachineModel,
    Warned,
    judged_by,
    newcomers,
    votes_of,
)
from domain.quality.machine_learning import columns_of, falls_off
from domain.quality.model import regressed, shifted
from domain.quality.refit import Refit, opened, refit
from domain.quality.trust import by_gold, learnt


@dataclass(frozen=True, slots=True)
class Asked:
    """What a project asks. `things`: of each task what stands behind each option, where those are columns whose things
    meet again in other tasks; `machines`: what models (AI) say of its tasks; `wanted`: the confidence that closes a
    task, None where none was asked for."""

    kind: str
    options: tuple[str, ...]
    things: Mapping[int, Sequence[str]] = field(default_factory=dict)
    machines: MachineAnswers = field(default_factory=dict)
    wanted: float | None = None


@dataclass(frozen=True, slots=True)
class Learnt:
    """The project's model, everybody's, and each answered task's state, with no answers where nobody is heard; None: it
    is drawn from its answers anew. `without_gold`: what would be learnt without any, where that was needed."""

    project: ProjectModel
    workers: Mapping[int, WorkerModel]
    tasks: Mapping[int, TaskState | None]
    without_gold: "Learnt | None" = None


Own = Sequence[tuple[WorkerModel, str]]
"""Who answered a task, in the order of their numbers, and what."""


class Learner:
    """A kind picks one (`learns` in domain/answers). What was said comes in the order of arrival."""

    def unlearnt(self, options: int, models: Sequence[str]) -> ProjectModel:
        """Before the first refit; all `models` (AI) are newcomers."""
        return ProjectModel(TaskState(()), by_gold(0, 0), 1.0, machines=newcomers(models, 0))

    def learn(self, asked: Asked, said: Sequence[Said], gold: Gold) -> Learnt:
        """Of at least one answer; starts cold, so that the order of the answers changes nothing."""
        raise NotImplementedError

    def agreed(self, asked: Asked, project: ProjectModel, own: Own, said: Sequence[MachineAnswer] = ()) -> Agreement:
        """The consensus of a task that somebody answered, with its confidence; `said`: what models say of it."""
        raise NotImplementedError


def drawn(
    learner: Learner, asked: Asked, said: Sequence[Said], learnt: Learnt, tasks: Collection[int]
) -> dict[int, Agreement]:
    """The consensus of people on these tasks, as far as they were answered."""
    own: dict[int, list[tuple[WorkerModel, str]]] = defaultdict(list)
    for each in sorted((each for each in said if each.task in tasks), key=lambda each: (each.task, each.worker)):
        own[each.task].append((learnt.workers[each.worker], each.answer))
    return {task: learner.agreed(asked, learnt.project, answers) for task, answers in own.items()}


class ByClass(Learner):
    def unlearnt(self, options: int, models: Sequence[str]) -> ProjectModel:
        return replace(opened(options), machines=newcomers(models, options))

    def learn(self, asked: Asked, said: Sequence[Said], gold: Gold) -> Learnt:
        crowd, tasks, workers = crowd_of(asked.options, said, gold)
        columns = columns_of(_as_accepted(asked.machines, gold), tasks, asked.options)
        copied = {seat: column.name for column in columns for seat in copyists(crowd, column.label)}
        groups = rings(crowd)
        knowledge = find_gold_knowledge(crowd, groups)
        keyed = [worker for ring in groups if ring.is_key for worker in ring.members]
        unheard = [*keyed, *copied, *knowledge.strong]
        relearnt = partial(refit, without_their_gold(crowd, knowledge), columns, asked.wanted, unheard)
        found = relearnt()
        if asked.things:  # workers are judged by the strengths, too (Chen et al., Crowd-BT, WSDM 2013)
            found = relearnt(beside=_strengths(found, tasks, asked.things))
            told = zip(found.tasks, _strengths(found, tasks, asked.things).tolist(), strict=True)
            moved = [replace(e, scores=tuple(np.add(e.scores, more).tolist())) if e.answers else e for e, more in told]
            found = replace(found, tasks=tuple(moved))
        models = [_worded(model, asked.options, tasks, copied, workers) for model in found.project.machines]
        found = replace(found, project=replace(found.project, machines=tuple(models)))
        states = {tasks[at]: found.tasks[at] for at in np.unique(crowd.task).tolist()}
        return Learnt(found.project, dict(zip(workers, found.workers, strict=True)), states)

    def agreed(self, asked: Asked, project: ProjectModel, own: Own, said: Sequence[MachineAnswer] = ()) -> Agreement:
        state = live.begun(project, asked.options, said)
        for worker, answer in own:
            known = worker if worker.evidence else project.newcomer
            state = live.update(state, known, asked.options.index(answer))
        found = live.consensus(state, project, certain=asked.wanted is not None)
        return Agreement(asked.options[found.choice], found.confidence, state.scores)


def crowd_of(options: Sequence[str], said: Sequence[Said], gold: Gold) -> tuple[Crowd, list[int], list[int]]:
    """The answers as index arrays, and the tasks and the workers in their order; options are classes in theirs. Where
    gold accepts several options of a task, whoever chose any of them counts as having chosen the first."""
    given, label = GivenAnswers.of(said), {option: at for at, option in enumerate(options)}
    tasks, workers = sorted(set(given.task) | gold.keys()), sorted(set(given.worker))
    places = (np.searchsorted(tasks, given.task), np.searchsorted(workers, given.worker))
    meant = np.array([label.get(word, -1) for word in given.words] or [-1])[np.asarray(given.said)]
    place = {task: at for at, task in enumerate(tasks)}
    known = {place[task]: label[accepted[0]] for task, accepted in gold.items() if accepted[0] in label}
    triples = np.stack([*places, meant], 1)[meant >= 0]
    several = sorted(task for task, accepted in gold.items() if len(accepted) > 1)
    counts_as = np.tile(np.arange(len(label)), (len(several), 1))
    for row, task in zip(counts_as, several, strict=True):
        row[[label[option] for option in gold[task] if option in label]] = label[gold[task][0]]
    where = [place[task] for task in several]
    mine = np.flatnonzero(np.isin(triples[:, 0], where))
    triples[mine, 2] = counts_as[np.searchsorted(where, triples[mine, 0]), triples[mine, 2]]
    return gather(triples, len(tasks), len(workers), len(label), known), tasks, workers


def _as_accepted(machines: MachineAnswers, gold: Gold) -> MachineAnswers:
    """What models say of gold tasks, any accepted answer as the first of them."""
    return dict(machines) | {
        task: [replace(each, answer=gold[task][0]) if each.answer in gold[task] else each for each in machines[task]]
        for task in machines.keys() & gold.keys()
    }


def _worded(
    model: MachineModel, options: Sequence[str], tasks: Sequence[int], copied: Mapping[int, str], workers: Sequence[int]
) -> MachineModel:
    """A model's warnings with options, tasks and workers instead of their places."""
    meant = {Doubt.CLASS: options, Doubt.DRIFT: tasks}
    told = [replace(e, about=str(meant[e.doubt][int(e.about)])) if e.doubt in meant else e for e in model.warnings]
    told += [Warned(Doubt.COPIED, str(workers[seat])) for seat, name in copied.items() if name == model.name]
    return replace(model, warnings=tuple(told))


def _strengths(found: Refit, tasks: Sequence[int], things: Mapping[int, Sequence[str]]) -> Floats:
    """What the strengths that its things show elsewhere add to each task: (tasks, classes)."""
    places = [at for at, task in enumerate(tasks) if found.tasks[at].answers and task in things]
    number: dict[str, int] = {}
    sides = np.array([[number.setdefault(thing, len(number)) for thing in things[tasks[at]]] for at in places])
    scores = np.array([each.scores for each in found.tasks]) - np.array(found.project.fresh.scores)
    added: Floats = np.zeros(scores.shape)
    added[places] = told_by_others(scores[places], sides, len(number))
    return added


COMPARED = 4_000  # tasks, evenly spread, each answer to which is compared with a model's
LOOKED_AT = 400  # tasks whose consensus is drawn, which takes long; half of them the last, where a model may be worse
NEARLY = 0.85  # of all their answers are the model's, of one who repeats it
WITHIN = 0.95  # of people's intervals hold the truth
ROUNDS = 10

Word = tuple[bool, float]
"""Whether people's consensus is what a model says, and how sure that is."""


def repeating(asked: Asked, said: Sequence[Said], gold: Gold) -> dict[int, str]:
    """Workers who repeat a model where most others say something else (collusion.copyists), and which."""
    given, agree = GivenAnswers.of(said), cache(kind_of(asked.kind).agree)
    met = sorted((set(given.task) & asked.machines.keys()) - gold.keys())
    workers, found = sorted(set(given.worker)), dict[int, str]()
    seat = {worker: at for at, worker in enumerate(workers)}
    for name, own in _by_model(asked, met[:: len(met) // COMPARED + 1]).items():
        place = {task: at for at, task in enumerate(own)}
        rows = [(place[e.task], seat[e.worker], agree(own[e.task], e.answer)) for e in given if e.task in own]
        crowd = gather(rows, len(own), len(workers), 2)
        same, answers = (np.bincount(crowd.worker, each, len(workers)) for each in (crowd.label, None))
        copying = copyists(crowd, np.ones(len(own), np.int64))
        found |= {workers[at]: name for at in copying if same[at] >= NEARLY * answers[at]}
    return found


def looked_at(asked: Asked, said: Sequence[Said], gold: Gold) -> list[int]:
    """The tasks of which people's consensus judges models, in the file's order."""
    met = sorted({each.task for each in said if each.task in asked.machines and each.task not in gold})
    older, last = met[: -LOOKED_AT // 2], met[-LOOKED_AT // 2 :]
    return [*older[:: len(older) * 2 // LOOKED_AT + 1], *last]


def judged(
    asked: Asked, people: Mapping[int, Agreement], gold: Gold, repeated: Mapping[int, str]
) -> tuple[MachineModel, ...]:
    """Models, by gold and by people's consensus of other tasks."""
    kind, found = kind_of(asked.kind), []
    for name, own in _by_model(asked, sorted(asked.machines)).items():
        hits = {task: kind.is_right(answer, gold[task]) for task, answer in own.items() if task in gold}
        words = {task: word for task, answer in own.items() if (word := _word(kind, answer, people.get(task)))}
        model = _judged(name, hits, words)
        copied = [Warned(Doubt.COPIED, str(worker)) for worker, which in repeated.items() if which == name]
        found.append(replace(model, warnings=(*model.warnings, *copied)))
    return tuple(found)


def _word(kind: AnswerKind, answer: str, people: Agreement | None) -> Word | None:
    """A number within people's interval is what they say: how far apart they are nobody knows beforehand."""
    if people is None or people.answer is None:
        return None
    agrees, measure = kind.agree(answer, people.answer), measure_of(kind.name) if kind.agrees_nearly else None
    if measure and people.scores:
        low, high = people.scores
        return agrees or low <= measure.measured([answer], ())[0][0] <= high, WITHIN
    return agrees, min(MOST, PERSON if people.confidence is None else people.confidence)


def _by_model(asked: Asked, tasks: Collection[int]) -> dict[str, dict[int, str]]:
    """What each of them says of these tasks."""
    found: dict[str, dict[int, str]] = {each.model: {} for said in asked.machines.values() for each in said}
    for task in tasks:
        for each in asked.machines[task]:
            found[each.model][task] = each.answer
    return found


def _judged(name: str, hits: Mapping[int, bool], words: Mapping[int, Word]) -> MachineModel:
    """Of one that fell off, by its worse part. How often it would have been right gold says; people, who may share
    errors, only against it."""
    agreed, drift = np.array([agrees for agrees, _ in words.values()], float), list[Warned]()
    if since := falls_off(agreed):
        first = list(words)[since]
        hits = {task: hit for task, hit in hits.items() if task >= first}
        words = {task: word for task, word in words.items() if task >= first}
        drift = [Warned(Doubt.DRIFT, str(first), float(agreed[:since].mean()), float(agreed[since:].mean()))]
    own, right = _rightness([*words.values()])
    worth = min(float(AT_MOST), sum((2 * sure - 1) ** 2 for _, sure in words.values()))
    model = judged_by(name, [*hits.values()], own, worth)
    if hits and right and fmean(right) < fmean(hits.values()):
        decided, kept = len(hits) + len(right), sum(hits.values()) + sum(right)
        model = replace(model, would_decide=decided, would_be_right=int(kept))
    return replace(model, warnings=(*model.warnings, *drift))


def _rightness(words: Sequence[Word]) -> tuple[float, list[float]]:
    """How often a model is right, and with what probability at each task, by expectation–maximisation: also where more
    people are asked because they and the model differ."""
    own, right = USUAL, list[float]()
    for _ in range(ROUNDS):
        likely = [
            (own * sure, (1 - own) * (1 - sure)) if agrees else (own * (1 - sure), (1 - own) * sure)
            for agrees, sure in words
        ]
        right = [so / (so + other) for so, other in likely]
        own = believed(sum(right), len(right), USUAL)
    return own, right


class ByAgreement(Learner):
    def learn(self, asked: Asked, said: Sequence[Said], gold: Gold) -> Learnt:
        """Who repeats a model tells nothing that it does not say itself."""
        repeated = repeating(asked, said, gold)
        found = self._of_people(asked, said, gold, repeated.keys())
        people = drawn(self, asked, said, found, set(looked_at(asked, said, gold)))
        machines = judged(asked, people, gold, repeated)
        return replace(found, project=replace(found.project, machines=machines))

    def _of_people(self, asked: Asked, said: Sequence[Said], gold: Gold, unheard: Collection[int]) -> Learnt:
        kind, heard = kind_of(asked.kind), [each for each in said if each.worker not in unheard] if unheard else said
        newcomer, models, precision = learnt(asked.kind, asked.options, heard, gold)
        told, of_newcomer, usual = model.apart(asked.kind, asked.options, heard, gold)
        newcomer = replace(newcomer, told=of_newcomer)
        models = {worker: replace(each, told=told.get(worker)) for worker, each in models.items()}
        models |= {worker: _unheard([each for each in said if each.worker == worker], kind, gold) for worker in unheard}
        bare = self._of_people(asked, said, {}, unheard) if gold else None
        found = drawn(self, asked, said, bare, gold.keys()) if bare else {}
        shift = _shift(kind, found, gold)
        shared = ProjectModel(TaskState(()), newcomer, precision, shift, len(said), usual=usual)
        return Learnt(shared, models, dict.fromkeys(each.task for each in said), bare)

    def agreed(self, asked: Asked, project: ProjectModel, own: Own, said: Sequence[MachineAnswer] = ()) -> Agreement:
        told = [worker.vote(answer) for worker, answer in own if worker.is_heard] + votes_of(project.machines, said)
        votes = [replace(vote, weight=vote.weight * project.information) for vote in told]
        found = consensus_of(asked.kind, votes, asked.options, project.usual)
        if found.confidence is None:
            return found
        return replace(found, confidence=shifted(found.confidence, project.shift))


def _unheard(own: Sequence[Said], kind: AnswerKind, gold: Gold) -> WorkerModel:
    right = [kind.is_right(each.answer, gold[each.task]) for each in own if each.task in gold]
    return replace(by_gold(sum(right), len(right)), information=0.0, answers=len(own))


def _shift(kind: AnswerKind, bare: Mapping[int, Agreement], gold: Gold) -> float:
    """What makes the confidence of gold tasks, drawn without gold (`bare`), right on the gold: MAP of the shift s in
    P(right) = 1/(1 + exp(−logit confidence − s)), prior N(0, 1); 0 from few."""
    pairs = [(b.confidence, kind.is_right(b.answer, gold[t])) for t, b in bare.items() if b.confidence is not None]
    if len(pairs) < ENOUGH_GOLD:
        return 0.0
    sure, right = np.array(pairs).T
    is_right = np.array([0.0, 1.0])  # the two classes of the regression
    design, odds = np.tile(is_right[:, None], (len(pairs), 1, 1)), logit(sure.clip(1e-6, 1 - 1e-6))[:, None] * is_right
    return float(regressed(design, right.astype(int), np.zeros(1), np.ones(1), odds)[0])


OF_A_QUESTION: Mapping[Learns, Learner] = {Learns.CLASSES: ByClass(), Learns.AGREEMENT: ByAgreement()}
UNKNOWN = Agreement(None, 0.0)  # the consensus asks it, and nobody has answered it


class ByQuestion(Learner):
    def learn(self, asked: Asked, said: Sequence[Said], gold: Gold) -> Learnt:
        learnt = {
            question.name: OF_A_QUESTION[question.answered_by.learns].learn(of_one, own, known)
            for question, own, known in apart(asked, said, gold)
            if (of_one := asked_of(question, asked)) and (len(own) or (of_one.machines and known))
        }
        newcomer = _whole({name: found.project.newcomer for name, found in learnt.items()}, 0)
        questions = {name: found.project for name, found in learnt.items()}
        machines = tuple(replace(e, question=name) for name, of in learnt.items() for e in of.project.machines)
        shared = ProjectModel(TaskState(()), newcomer, 1.0, 0.0, len(said), machines, questions=questions)
        workers = {
            worker: _whole({name: of.workers[worker] for name, of in learnt.items() if worker in of.workers}, count)
            for worker, count in Counter(each.worker for each in said).items()
        }
        return Learnt(shared, workers, dict.fromkeys(each.task for each in said))

    def agreed(self, asked: Asked, project: ProjectModel, own: Own, said: Sequence[MachineAnswer] = ()) -> Agreement:
        """As sure as the least sure of the questions that have to be answered; one that all left out has no answer."""
        questions = {each.name: each for each in questions_of(asked.options)}
        told = [(worker, worker.parts or {}, given(answer)) for worker, answer in own]
        answers: dict[str, str] = {}
        sure: dict[str, float] = {}
        for name, question in questions.items():
            if question.is_asked(answers, questions):
                mine = [(parts.get(name, worker), answer[name]) for worker, parts, answer in told if name in answer]
                of_one = Asked(question.kind, question.options, wanted=asked.wanted)
                found = self._agreed(question, of_one, project, mine, told_of(said, name))
                answers |= {name: found.answer} if found.answer is not None else {}
                sure |= {name: found.confidence} if found.confidence is not None else {}
        least = min((sure[name] for name in sure if questions[name].required), default=None)
        scores = tuple(sure.get(name, NOT_ASKED) for name in questions)
        return Agreement(pack_answers(answers) if answers else None, least, scores)

    def _agreed(
        self, question: FormQuestion, asked: Asked, form: ProjectModel, own: Own, said: Sequence[MachineAnswer]
    ) -> Agreement:
        """Models are heard where somebody has answered."""
        if not own:
            return UNKNOWN if question.required else NOTHING
        learner, known = OF_A_QUESTION[question.answered_by.learns], (form.questions or {}).get(question.name)
        known = known or learner.unlearnt(len(question.options), [each.model for each in said])
        return learner.agreed(asked, known, own, said)


def apart(asked: Asked, said: Sequence[Said], gold: Gold) -> list[tuple[FormQuestion, GivenAnswers, Gold]]:
    """The answers to each question, in the order of arrival, and what is known of it."""
    questions = questions_of(asked.options)
    own = {question.name: GivenAnswers() for question in questions}
    for each in said:
        for name, answer in given(each.answer).items():
            own[name].add(each.task, each.worker, answer)
    known: dict[str, dict[int, Sequence[str]]] = defaultdict(dict)
    for task, accepted in gold.items():
        for name, answers in known_in(accepted[0]).items():
            known[name][task] = answers
    return [(question, own[question.name], known[question.name]) for question in questions]


def asked_of(question: FormQuestion, form: Asked) -> Asked:
    machines = {task: told for task, said in form.machines.items() if (told := told_of(said, question.name))}
    return Asked(question.kind, question.options, {}, machines, form.wanted)


def _whole(parts: Mapping[str, WorkerModel], answers: int) -> WorkerModel:
    """One skill for all questions: the mean, each for as much as was seen of it."""
    skills = [each.skill for each in parts.values()] or [Skill(PERSON, BELIEVED)]
    seen = sum(each.answers for each in skills)
    accuracy = sum(each.accuracy * each.answers for each in skills) / seen
    return WorkerModel((), 1.0, answers, Skill(accuracy, seen / len(skills)), parts=dict(parts))


__all__ = ["Asked", "Learner", "Learnt", "learner_of"]

_LEARNERS: Mapping[Learns, Learner] = {**OF_A_QUESTION, Learns.QUESTIONS: ByQuestion()}


@cache
def learner_of(kind: str) -> Learner:
    return _LEARNERS[kind_of(kind).learns]
