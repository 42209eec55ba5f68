"""Learners: the ways in which models of workers and tasks are estimated from a project's answers. One protocol; each
answer kind picks one implementation (`learns` in domain/answers)."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from statistics import fmean

import numpy as np
from scipy.special import logit

from domain.answers import AnswerKind, Learns, consensus_of, find_measured_kind, kind_of
from domain.projects.form_questions import (
    NOT_ASKED,
    FormQuestion,
    accepted_by_question,
    answers_by_question,
    answers_to_question,
    pack_answers,
    questions_of,
)
from domain.quality import live, model
from domain.quality.aggregation import NO_CONSENSUS, Agreement
from domain.quality.agreement import strength_log_prior
from domain.quality.collusion import drop_doubted_gold, find_copyists, find_gold_knowledge, find_rings
from domain.quality.crowd import (
    ENOUGH_GOLD,
    MAX_ACCURACY,
    PERSON_ACCURACY,
    PRIOR_ANSWERS,
    AnswerColumns,
    Crowd,
    Floats,
    Gold,
    Skill,
    WorkerAnswer,
    crowd_from_triples,
    posterior_mean,
)
from domain.quality.live import ProjectModel, TaskState, WorkerModel
from domain.quality.machine import (
    MAX_PEOPLE_TASKS,
    USUAL_MODEL_ACCURACY,
    Doubt,
    MachineAnswer,
    MachineAnswers,
    MachineModel,
    ModelWarning,
    model_from_counts,
    model_votes,
    new_models,
)
from domain.quality.machine_learning import find_drift, model_columns
from domain.quality.model import fit_map_weights, shift_log_odds
from domain.quality.refit import Refit, opening_model, refit
from domain.quality.trust import learn_workers, worker_by_gold


@dataclass(frozen=True, slots=True)
class AnswerSpec:
    """Settings of a project that refits need. `things`: by task the item behind each option, where options are columns
    whose items recur in other tasks; `machines`: answers of models (AI) by task; `closing_confidence` closes a
    task, None if the requester named none."""

    kind: str
    options: tuple[str, ...]
    things: Mapping[int, Sequence[str]] = field(default_factory=dict)
    machines: MachineAnswers = field(default_factory=dict)
    closing_confidence: float | None = None


@dataclass(frozen=True, slots=True)
class LearnedModels:
    """Result of a refit: the project's model, the workers' models, and each answered task's state: without answers if
    no worker counts; None if its consensus is computed from its answers each time. `without_gold`: what is learned
    without any gold, where that was needed."""

    project: ProjectModel
    workers: Mapping[int, WorkerModel]
    tasks: Mapping[int, TaskState | None]
    without_gold: "LearnedModels | None" = None


ModelledAnswers = Sequence[tuple[WorkerModel, str]]
"""Who answered a task, in the order of their numbers, and what."""


class Learner:
    """Estimates models from answers in the order of arrival, and the consensus of a task from its answers and the
    models."""

    def initial_model(self, options: int, models: Sequence[str]) -> ProjectModel:
        """Return the project's model before the first refit; all `models` (AI) are newcomers."""
        return ProjectModel(TaskState(()), worker_by_gold(0, 0), 1.0, machines=new_models(models, 0))

    def learn(self, spec: AnswerSpec, answers: Sequence[WorkerAnswer], gold: Gold) -> LearnedModels:
        """Return the models estimated from at least one answer. A cold start: the order of the answers changes
        nothing."""
        raise NotImplementedError

    def find_consensus(
        self,
        spec: AnswerSpec,
        project: ProjectModel,
        answers: ModelledAnswers,
        model_answers: Sequence[MachineAnswer] = (),
    ) -> Agreement:
        """Return the consensus, with its confidence, of a task with at least one answer; `model_answers`: what models
        (AI) answered."""
        raise NotImplementedError


def consensus_by_task(
    learner: Learner,
    spec: AnswerSpec,
    worker_answers: Sequence[WorkerAnswer],
    learned: LearnedModels,
    tasks: Collection[int],
) -> dict[int, Agreement]:
    """Return {task: consensus} of people's answers to these tasks; tasks without an answer are left out."""
    answers_by_task: dict[int, list[tuple[WorkerModel, str]]] = defaultdict(list)
    for answer in sorted(
        (answer for answer in worker_answers if answer.task in tasks), key=lambda answer: (answer.task, answer.worker)
    ):
        answers_by_task[answer.task].append((learned.workers[answer.worker], answer.answer))
    return {task: learner.find_consensus(spec, learned.project, answers) for task, answers in answers_by_task.items()}


class ByClass(Learner):
    def initial_model(self, options: int, models: Sequence[str]) -> ProjectModel:
        return replace(opening_model(options), machines=new_models(models, options))

    def learn(self, spec: AnswerSpec, answers: Sequence[WorkerAnswer], gold: Gold) -> LearnedModels:
        crowd, tasks, workers = crowd_from_answers(spec.options, answers, gold)
        columns = model_columns(_merge_accepted(spec.machines, gold), tasks, spec.options)
        copied = {seat: column.name for column in columns for seat in find_copyists(crowd, column.label)}
        groups = find_rings(crowd)
        knowledge = find_gold_knowledge(crowd, groups)
        keyed = [worker for ring in groups if ring.is_key for worker in ring.members]
        unheard = [*keyed, *copied, *knowledge.strong]
        run_refit = partial(refit, drop_doubted_gold(crowd, knowledge), columns, spec.closing_confidence, unheard)
        result = run_refit()
        if spec.things:  # workers are judged by the strengths, too (Chen et al., Crowd-BT, WSDM 2013)
            result = run_refit(beside=_strength_priors(result, tasks, spec.things))
            result = _add_strength_priors(result, tasks, spec.things)
        models = [_with_names(model, spec.options, tasks, copied, workers) for model in result.project.machines]
        result = replace(result, project=replace(result.project, machines=tuple(models)))
        states = {tasks[index]: result.tasks[index] for index in np.unique(crowd.task).tolist()}
        return LearnedModels(result.project, dict(zip(workers, result.workers, strict=True)), states)

    def find_consensus(
        self,
        spec: AnswerSpec,
        project: ProjectModel,
        answers: ModelledAnswers,
        model_answers: Sequence[MachineAnswer] = (),
    ) -> Agreement:
        state = live.start_task(project, spec.options, model_answers)
        for worker, answer in answers:
            model = worker if worker.evidence else project.newcomer
            state = live.add_answer(state, model, spec.options.index(answer))
        result = live.consensus(state, project, certain=spec.closing_confidence is not None)
        return Agreement(spec.options[result.choice], result.confidence, state.scores)


def crowd_from_answers(
    options: Sequence[str], answers: Sequence[WorkerAnswer], gold: Gold
) -> tuple[Crowd, list[int], list[int]]:
    """Return the answers as a Crowd, and the task and worker numbers by index. Options are classes, by index; answers
    that are no option are left out. Where gold accepts several options of a task, each counts as the first of them."""
    columns, label = AnswerColumns.from_answers(answers), {option: index for index, option in enumerate(options)}
    tasks, workers = sorted(set(columns.task) | gold.keys()), sorted(set(columns.worker))
    places = (np.searchsorted(tasks, columns.task), np.searchsorted(workers, columns.worker))
    labels = np.array([label.get(word, -1) for word in columns.words] or [-1])[np.asarray(columns.word_numbers)]
    index_of_task = {task: index for index, task in enumerate(tasks)}
    gold_labels = {index_of_task[task]: label[accepted[0]] for task, accepted in gold.items() if accepted[0] in label}
    triples = np.stack([*places, labels], 1)[labels >= 0]
    multi_gold = sorted(task for task, accepted in gold.items() if len(accepted) > 1)
    counts_as = np.tile(np.arange(len(label)), (len(multi_gold), 1))
    for row, task in zip(counts_as, multi_gold, strict=True):
        row[[label[option] for option in gold[task] if option in label]] = label[gold[task][0]]
    multi_gold_rows = [index_of_task[task] for task in multi_gold]
    affected = np.flatnonzero(np.isin(triples[:, 0], multi_gold_rows))
    triples[affected, 2] = counts_as[np.searchsorted(multi_gold_rows, triples[affected, 0]), triples[affected, 2]]
    return crowd_from_triples(triples, len(tasks), len(workers), len(label), gold_labels), tasks, workers


def _merge_accepted(machines: MachineAnswers, gold: Gold) -> MachineAnswers:
    """Return the models' answers; on gold tasks every accepted answer is replaced by the first accepted one."""
    return dict(machines) | {
        task: [
            replace(answer, answer=gold[task][0]) if answer.answer in gold[task] else answer
            for answer in machines[task]
        ]
        for task in machines.keys() & gold.keys()
    }


def _with_names(
    model: MachineModel, options: Sequence[str], tasks: Sequence[int], copied: Mapping[int, str], workers: Sequence[int]
) -> MachineModel:
    """Return the model with options, tasks and workers in its warnings instead of their indices, and a warning for each
    worker who copies it."""
    names_of = {Doubt.CLASS: options, Doubt.DRIFT: tasks}
    warnings = [
        replace(e, about=str(names_of[e.doubt][int(e.about)])) if e.doubt in names_of else e for e in model.warnings
    ]
    warnings += [ModelWarning(Doubt.COPIED, str(workers[seat])) for seat, name in copied.items() if name == model.name]
    return replace(model, warnings=tuple(warnings))


def _add_strength_priors(result: Refit, tasks: Sequence[int], things: Mapping[int, Sequence[str]]) -> Refit:
    """Return the refit with the strength priors added to the scores of each task that has answers."""
    priors = _strength_priors(result, tasks, things).tolist()
    rescored = [
        replace(state, scores=tuple(np.add(state.scores, prior).tolist())) if state.answers else state
        for state, prior in zip(result.tasks, priors, strict=True)
    ]
    return replace(result, tasks=tuple(rescored))


def _strength_priors(result: Refit, tasks: Sequence[int], things: Mapping[int, Sequence[str]]) -> Floats:
    """Return the log prior of each task (tasks, classes) by the Bradley–Terry strengths that its items show in other
    tasks."""
    places = [index for index, task in enumerate(tasks) if result.tasks[index].answers and task in things]
    number: dict[str, int] = {}
    sides = np.array([[number.setdefault(thing, len(number)) for thing in things[tasks[index]]] for index in places])
    scores = np.array([state.scores for state in result.tasks]) - np.array(result.project.fresh.scores)
    added: Floats = np.zeros(scores.shape)
    added[places] = strength_log_prior(scores[places], sides, len(number))
    return added


MAX_COMPARED_TASKS = 4_000  # tasks, evenly spread, each answer to which is compared with a model's
MAX_JUDGED_TASKS = (
    400  # tasks whose consensus is drawn, which takes long; half of them the last, where a model may be worse
)
COPIED_SHARE = 0.85  # of all their answers are the model's, of one who repeats it
INTERVAL_LEVEL = 0.95  # of people's intervals hold the truth
EM_ROUNDS = 10

PeopleAgreement = tuple[bool, float]
"""Whether people's consensus is what a model says, and how sure that is."""


def find_model_copyists(spec: AnswerSpec, worker_answers: Sequence[WorkerAnswer], gold: Gold) -> dict[int, str]:
    """Return {worker: model name} of the workers who repeat a model's answers where most others disagree with it
    (collusion.find_copyists)."""
    columns, agree = AnswerColumns.from_answers(worker_answers), cache(kind_of(spec.kind).agree)
    compared = sorted((set(columns.task) & spec.machines.keys()) - gold.keys())
    workers, repeated = sorted(set(columns.worker)), dict[int, str]()
    index_of_worker = {worker: index for index, worker in enumerate(workers)}
    for name, model_answers in _answers_by_model(spec, compared[:: len(compared) // MAX_COMPARED_TASKS + 1]).items():
        index_of_task = {task: index for index, task in enumerate(model_answers)}
        rows = [
            (index_of_task[e.task], index_of_worker[e.worker], agree(model_answers[e.task], e.answer))
            for e in columns
            if e.task in model_answers
        ]
        crowd = crowd_from_triples(rows, len(model_answers), len(workers), 2)
        same, answers = (np.bincount(crowd.worker, weights, len(workers)) for weights in (crowd.label, None))
        copying = find_copyists(crowd, np.ones(len(model_answers), np.int64))
        repeated |= {workers[index]: name for index in copying if same[index] >= COPIED_SHARE * answers[index]}
    return repeated


def tasks_to_judge_by(spec: AnswerSpec, answers: Sequence[WorkerAnswer], gold: Gold) -> list[int]:
    """Return the tasks by whose consensus models are judged, in the file's order: ordinary tasks with answers of models
    and people; at most about MAX_JUDGED_TASKS, half of them the last of the file."""
    candidates = sorted({answer.task for answer in answers if answer.task in spec.machines and answer.task not in gold})
    older, newest = candidates[: -MAX_JUDGED_TASKS // 2], candidates[-MAX_JUDGED_TASKS // 2 :]
    return [*older[:: len(older) * 2 // MAX_JUDGED_TASKS + 1], *newest]


def judge_models(
    spec: AnswerSpec, people: Mapping[int, Agreement], gold: Gold, repeated: Mapping[int, str]
) -> tuple[MachineModel, ...]:
    """Return the models with their accuracy, judged by gold and by people's consensus of other tasks, and with their
    warnings."""
    kind, models = kind_of(spec.kind), []
    for name, answers in _answers_by_model(spec, sorted(spec.machines)).items():
        hits = {task: kind.is_right(answer, gold[task]) for task, answer in answers.items() if task in gold}
        words = {
            task: word
            for task, answer in answers.items()
            if (word := _compare_with_people(kind, answer, people.get(task)))
        }
        model = _judge_model(name, hits, words)
        copied = [
            ModelWarning(Doubt.COPIED, str(worker)) for worker, copied_model in repeated.items() if copied_model == name
        ]
        models.append(replace(model, warnings=(*model.warnings, *copied)))
    return tuple(models)


def _compare_with_people(kind: AnswerKind, answer: str, people: Agreement | None) -> PeopleAgreement | None:
    """Return whether people's consensus agrees with the model's answer, and the probability that the consensus is
    right; None without a consensus. A number within people's credible interval agrees."""
    if people is None or people.answer is None:
        return None
    agrees, measure = kind.agree(answer, people.answer), find_measured_kind(kind.name) if kind.agrees_nearly else None
    if measure and people.scores:
        low, high = people.scores
        return agrees or low <= measure.to_numbers([answer], ())[0][0] <= high, INTERVAL_LEVEL
    return agrees, min(MAX_ACCURACY, PERSON_ACCURACY if people.confidence is None else people.confidence)


def _answers_by_model(spec: AnswerSpec, tasks: Collection[int]) -> dict[str, dict[int, str]]:
    """Return {model name: {task: answer}} of these tasks; every model has an entry."""
    answers_by_model: dict[str, dict[int, str]] = {
        answer.model: {} for task_answers in spec.machines.values() for answer in task_answers
    }
    for task in tasks:
        for answer in spec.machines[task]:
            answers_by_model[answer.model][task] = answer.answer
    return answers_by_model


def _judge_model(name: str, hits: Mapping[int, bool], words: Mapping[int, PeopleAgreement]) -> MachineModel:
    """Return the model judged by gold hits and by people's agreement. Of a model that fell off, the later and worse
    part counts. How often it would have been right alone is known from gold; people, who may share its errors, count
    only against it."""
    agreed, drift = np.array([agrees for agrees, _ in words.values()], float), list[ModelWarning]()
    if since := find_drift(agreed):
        first_task = list(words)[since]
        hits = {task: hit for task, hit in hits.items() if task >= first_task}
        words = {task: word for task, word in words.items() if task >= first_task}
        drift = [ModelWarning(Doubt.DRIFT, str(first_task), float(agreed[:since].mean()), float(agreed[since:].mean()))]
    by_people, right = _estimate_accuracy([*words.values()])
    worth = min(float(MAX_PEOPLE_TASKS), sum((2 * sure - 1) ** 2 for _, sure in words.values()))
    model = model_from_counts(name, [*hits.values()], by_people, worth)
    if hits and right and fmean(right) < fmean(hits.values()):
        decided, correct = len(hits) + len(right), sum(hits.values()) + sum(right)
        model = replace(model, would_decide=decided, would_be_right=int(correct))
    return replace(model, warnings=(*model.warnings, *drift))


def _estimate_accuracy(words: Sequence[PeopleAgreement]) -> tuple[float, list[float]]:
    """Return a model's accuracy, and P(right) of each of its answers, by expectation–maximisation. Unbiased where more
    people are asked because people and the model differ."""
    accuracy, posteriors = USUAL_MODEL_ACCURACY, list[float]()
    for _ in range(EM_ROUNDS):
        likelihoods = [
            (accuracy * sure, (1 - accuracy) * (1 - sure)) if agrees else (accuracy * (1 - sure), (1 - accuracy) * sure)
            for agrees, sure in words
        ]
        posteriors = [if_right / (if_right + if_wrong) for if_right, if_wrong in likelihoods]
        accuracy = posterior_mean(sum(posteriors), len(posteriors), USUAL_MODEL_ACCURACY)
    return accuracy, posteriors


class ByAgreement(Learner):
    def learn(self, spec: AnswerSpec, answers: Sequence[WorkerAnswer], gold: Gold) -> LearnedModels:
        """Return the models; answers of workers who repeat a model do not count."""
        repeated = find_model_copyists(spec, answers, gold)
        learned = self._learn_from_people(spec, answers, gold, repeated.keys())
        people = consensus_by_task(self, spec, answers, learned, set(tasks_to_judge_by(spec, answers, gold)))
        machines = judge_models(spec, people, gold, repeated)
        return replace(learned, project=replace(learned.project, machines=machines))

    def _learn_from_people(
        self, spec: AnswerSpec, answers: Sequence[WorkerAnswer], gold: Gold, unheard: Collection[int]
    ) -> LearnedModels:
        """Return the models by people's answers; those of `unheard` workers do not count, and their models carry no
        information."""
        kind, counted = (
            kind_of(spec.kind),
            [answer for answer in answers if answer.worker not in unheard] if unheard else answers,
        )
        newcomer, models, precision = learn_workers(spec.kind, spec.options, counted, gold)
        evidence_by_worker, of_newcomer, usual = model.fit_options(spec.kind, spec.options, counted, gold)
        newcomer = replace(newcomer, told=of_newcomer)
        models = {
            worker: replace(worker_model, told=evidence_by_worker.get(worker))
            for worker, worker_model in models.items()
        }
        models |= {
            worker: _uninformative_model([answer for answer in answers if answer.worker == worker], kind, gold)
            for worker in unheard
        }
        without_gold = self._learn_from_people(spec, answers, {}, unheard) if gold else None
        gold_consensus = consensus_by_task(self, spec, answers, without_gold, gold.keys()) if without_gold else {}
        shift = _fit_shift(kind, gold_consensus, gold)
        shared = ProjectModel(TaskState(()), newcomer, precision, shift, len(answers), usual=usual)
        return LearnedModels(shared, models, dict.fromkeys(answer.task for answer in answers), without_gold)

    def find_consensus(
        self,
        spec: AnswerSpec,
        project: ProjectModel,
        answers: ModelledAnswers,
        model_answers: Sequence[MachineAnswer] = (),
    ) -> Agreement:
        unscaled = [worker.vote(answer) for worker, answer in answers if worker.is_heard] + model_votes(
            project.machines, model_answers
        )
        votes = [replace(vote, weight=vote.weight * project.information) for vote in unscaled]
        agreement = consensus_of(spec.kind, votes, spec.options, project.usual)
        if agreement.confidence is None:
            return agreement
        return replace(agreement, confidence=shift_log_odds(agreement.confidence, project.shift))


def _uninformative_model(answers: Sequence[WorkerAnswer], kind: AnswerKind, gold: Gold) -> WorkerModel:
    """Return a worker's model by gold alone, without information: their answers do not count."""
    right = [kind.is_right(answer.answer, gold[answer.task]) for answer in answers if answer.task in gold]
    return replace(worker_by_gold(sum(right), len(right)), information=0.0, answers=len(answers))


def _fit_shift(kind: AnswerKind, bare: Mapping[int, Agreement], gold: Gold) -> float:
    """Return the shift s that makes the confidences of gold tasks, computed without gold (`bare`), right on the gold:
    MAP of s in P(right) = 1/(1 + exp(−logit confidence − s)), prior N(0, 1). 0 with fewer than ENOUGH_GOLD."""
    pairs = [(b.confidence, kind.is_right(b.answer, gold[t])) for t, b in bare.items() if b.confidence is not None]
    if len(pairs) < ENOUGH_GOLD:
        return 0.0
    sure, right = np.array(pairs).T
    is_right = np.array([0.0, 1.0])  # the two classes of the regression
    design, odds = np.tile(is_right[:, None], (len(pairs), 1, 1)), logit(sure.clip(1e-6, 1 - 1e-6))[:, None] * is_right
    return float(fit_map_weights(design, right.astype(int), np.zeros(1), np.ones(1), odds)[0])


QUESTION_LEARNERS: Mapping[Learns, Learner] = {Learns.CLASSES: ByClass(), Learns.AGREEMENT: ByAgreement()}
UNANSWERED = Agreement(None, 0.0)  # the consensus asks it, and nobody has answered it


class ByQuestion(Learner):
    def learn(self, spec: AnswerSpec, answers: Sequence[WorkerAnswer], gold: Gold) -> LearnedModels:
        """Return the models of a form: each question is learned by itself; a worker's skill is the mean of the
        questions'."""
        results = {
            question.name: QUESTION_LEARNERS[question.answered_by.learns].learn(asked_spec, replies, accepted)
            for question, replies, accepted in split_by_question(spec, answers, gold)
            if (asked_spec := spec_of_question(question, spec)) and (len(replies) or (asked_spec.machines and accepted))
        }
        newcomer = _combine_questions({name: result.project.newcomer for name, result in results.items()}, 0)
        questions = {name: result.project for name, result in results.items()}
        machines = tuple(replace(e, question=name) for name, result in results.items() for e in result.project.machines)
        shared = ProjectModel(
            fresh=TaskState(()),
            newcomer=newcomer,
            information=1.0,
            shift=0.0,
            answers=len(answers),
            machines=machines,
            questions=questions,
        )
        workers = {
            worker: _combine_questions(
                {name: result.workers[worker] for name, result in results.items() if worker in result.workers},
                count,
            )
            for worker, count in Counter(answer.worker for answer in answers).items()
        }
        return LearnedModels(shared, workers, dict.fromkeys(answer.task for answer in answers))

    def find_consensus(
        self,
        spec: AnswerSpec,
        project: ProjectModel,
        worker_answers: ModelledAnswers,
        model_answers: Sequence[MachineAnswer] = (),
    ) -> Agreement:
        """Return the consensus of a form: of each question in turn, as far as the consensus of earlier ones asks it.
        The confidence is that of the least sure required question. A question that all left out has no answer."""
        questions = {item.name: item for item in questions_of(spec.options)}
        rows = [(worker, worker.parts or {}, answers_by_question(answer)) for worker, answer in worker_answers]
        answers: dict[str, str] = {}
        sure: dict[str, float] = {}
        for name, question in questions.items():
            if question.is_asked(answers, questions):
                question_answers = [
                    (parts.get(name, worker), answer[name]) for worker, parts, answer in rows if name in answer
                ]
                question_spec = AnswerSpec(question.kind, question.options, closing_confidence=spec.closing_confidence)
                agreement = self._question_consensus(
                    question, question_spec, project, question_answers, answers_to_question(model_answers, name)
                )
                answers |= {name: agreement.answer} if agreement.answer is not None else {}
                sure |= {name: agreement.confidence} if agreement.confidence is not None else {}
        least = min((sure[name] for name in sure if questions[name].required), default=None)
        scores = tuple(sure.get(name, NOT_ASKED) for name in questions)
        return Agreement(pack_answers(answers) if answers else None, least, scores)

    def _question_consensus(
        self,
        question: FormQuestion,
        spec: AnswerSpec,
        form: ProjectModel,
        answers: ModelledAnswers,
        model_answers: Sequence[MachineAnswer],
    ) -> Agreement:
        """Return the consensus of one question; UNANSWERED (or NO_CONSENSUS if it is not required) where no person
        answered, as models alone do not decide it."""
        if not answers:
            return UNANSWERED if question.required else NO_CONSENSUS
        learner, project = QUESTION_LEARNERS[question.answered_by.learns], (form.questions or {}).get(question.name)
        project = project or learner.initial_model(len(question.options), [answer.model for answer in model_answers])
        return learner.find_consensus(spec, project, answers, model_answers)


def split_by_question(
    spec: AnswerSpec, answers: Sequence[WorkerAnswer], gold: Gold
) -> list[tuple[FormQuestion, AnswerColumns, Gold]]:
    """Return each question of a form with the answers to it, in the order of arrival, and its gold."""
    questions = questions_of(spec.options)
    columns_by_question = {question.name: AnswerColumns() for question in questions}
    for worker_answer in answers:
        for name, answer in answers_by_question(worker_answer.answer).items():
            columns_by_question[name].add(worker_answer.task, worker_answer.worker, answer)
    gold_by_question: dict[str, dict[int, Sequence[str]]] = defaultdict(dict)
    for task, accepted in gold.items():
        for name, gold_answers in accepted_by_question(accepted[0]).items():
            gold_by_question[name][task] = gold_answers
    return [(question, columns_by_question[question.name], gold_by_question[question.name]) for question in questions]


def spec_of_question(question: FormQuestion, form: AnswerSpec) -> AnswerSpec:
    """Return the specification of one question of a form, with the models' answers to it."""
    machines = {
        task: question_answers
        for task, answers in form.machines.items()
        if (question_answers := answers_to_question(answers, question.name))
    }
    return AnswerSpec(question.kind, question.options, {}, machines, form.closing_confidence)


def _combine_questions(parts: Mapping[str, WorkerModel], answers: int) -> WorkerModel:
    """Return a worker's model for a whole form: the mean skill of the questions, weighted by the answers behind
    each."""
    skills = [part.skill for part in parts.values()] or [Skill(PERSON_ACCURACY, PRIOR_ANSWERS)]
    total = sum(skill.answers for skill in skills)
    accuracy = sum(skill.accuracy * skill.answers for skill in skills) / total
    return WorkerModel((), 1.0, answers, Skill(accuracy, total / len(skills)), parts=dict(parts))


__all__ = ["AnswerSpec", "LearnedModels", "Learner", "get_learner"]

_LEARNERS: Mapping[Learns, Learner] = {**QUESTION_LEARNERS, Learns.QUESTIONS: ByQuestion()}


@cache
def get_learner(kind: str) -> Learner:
    """Return the learner of an answer kind."""
    return _LEARNERS[kind_of(kind).learns]
