"""The learner of forms: each question is learnt, and has its consensus, as its own kind says; a question is asked
where the consensus of those before it says so."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

from domain.answers import Learns, consensus_of
from domain.projects.form_answers import given, known_in, packed
from domain.projects.form_questions import FormQuestion, questions_of
from domain.quality import live
from domain.quality.aggregation import Agreement, Prior, QuestionModels, Vote
from domain.quality.calibration import Calibration
from domain.quality.fraud.evidence import Finding
from domain.quality.given_answers import GivenAnswers, Gold, Said
from domain.quality.learners.learner import Asked, Learner, Learnt
from domain.quality.live import ProjectModel, TaskState, WorkerModel
from domain.quality.machine import MachineAnswer, newcomers, votes_of
from domain.quality.machine.by_question import told_in, told_of
from domain.quality.skill import Skill

UNKNOWN = Agreement(None, 0.0)  # the consensus asks it, and nobody has answered it
unlearnt = cache(live.opened)

Own = Sequence[tuple[Vote, str]]
"""Who answered a question, and what."""


class ByQuestion:
    """`learners` are those of the kinds that a form may hold."""

    keeps_scores = False
    doubts_gold = True

    def __init__(self, learners: Mapping[Learns, Learner]) -> None:
        self._learners = learners

    def learn(self, asked: Asked, said: Sequence[Said], gold: Gold) -> Learnt:
        learnt = {
            question.name: self._learner(question).learn(of_one, own, known)
            for question, own, known in apart(asked, said, gold)
            if (of_one := _asked(question, asked)) and (len(own) or (of_one.machines and known))
        }
        models: dict[int, dict[str, WorkerModel]] = defaultdict(dict)
        for name, found in learnt.items():
            for worker, model in found.workers.items():
                models[worker][name] = model
        newcomer = _whole({name: found.project.newcomer for name, found in learnt.items()}, 0)
        usual = QuestionModels({name: found.project for name, found in learnt.items()})
        machines = tuple(replace(e, question=name) for name, of in learnt.items() for e in of.project.machines)
        shared = ProjectModel(TaskState(()), newcomer, 1.0, Calibration(), len(said), machines, usual=usual)
        answers = Counter(each.worker for each in said)
        workers = {worker: _whole(models[worker], count) for worker, count in answers.items()}
        return Learnt(shared, workers, dict.fromkeys(each.task for each in said), _checked(learnt, gold))

    def suspicions(self, asked: Asked, said: Sequence[Said], gold: Gold) -> list[Finding]:
        """What the questions say together: of one sign the nats add up, as those of several answers do."""
        signs: dict[tuple[int, str], list[Finding]] = defaultdict(list)
        for question, own, known in apart(asked, said, gold):
            for found in self._learner(question).suspicions(_asked(question, asked), own, known):
                signs[found.worker, found.suspicion].append(found)
        strongest = {key: max(found, key=lambda each: each.nats) for key, found in signs.items()}
        return [replace(each, nats=sum(one.nats for one in signs[key])) for key, each in strongest.items()]

    def _learner(self, question: FormQuestion) -> Learner:
        return self._learners[question.answered_by.learns]


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


def agreed(
    questions: Sequence[FormQuestion], votes: Sequence[Vote], usual: Prior | None
) -> list[tuple[FormQuestion, Agreement | None]]:
    """The consensus of each question, None where it is not asked. One that all left out has no answer and no
    confidence; models are heard where somebody has answered."""
    prior = usual if isinstance(usual, QuestionModels) else QuestionModels({})
    said = [(vote, given(vote.answer)) for vote in votes if vote.machine is None]
    told = [vote.machine for vote in votes if vote.machine is not None]
    by_name = {question.name: question for question in questions}
    answers: dict[str, str] = {}
    found: list[tuple[FormQuestion, Agreement | None]] = []
    for question in questions:
        agreement = None
        if question.is_asked(answers, by_name):
            own = [(vote, own[question.name]) for vote, own in said if question.name in own]
            agreement = _agreed(question, own, prior, told_of(told, question.name))
            if agreement.answer is not None:
                answers[question.name] = agreement.answer
        found.append((question, agreement))
    return found


def _agreed(question: FormQuestion, own: Own, prior: QuestionModels, told: Sequence[MachineAnswer]) -> Agreement:
    model, names = prior.of.get(question.name), [each.model for each in told]
    if not own:
        return UNKNOWN if question.required else Agreement(None, None)
    if question.answered_by.learns is Learns.CLASSES:
        heard = model or unlearnt(len(question.options))
        if not heard.answers and not heard.machines:  # before the first refit models are of usual skill
            heard = replace(heard, machines=newcomers(names, len(question.options)))
        return _of_classes(question, own, heard, told, prior.certain)
    votes = [_vote(question.name, vote, answer) for vote, answer in own]
    votes += votes_of(model.machines if model else newcomers(names, 0), told)
    found = consensus_of(question.kind, votes, question.options, model.usual if model else None)
    if model is None or found.confidence is None:
        return found
    return replace(found, confidence=model.calibration.confidence_of(found.confidence, len(votes)))


def _of_classes(
    question: FormQuestion, own: Own, model: ProjectModel, told: Sequence[MachineAnswer], certain: bool
) -> Agreement:
    state = live.begun(model, question.options, told)
    for vote, answer in own:
        worker = (vote.parts or {}).get(question.name, model.newcomer)
        state = live.update(state, worker, question.options.index(answer))
    found = live.consensus(state, model)
    return Agreement(question.options[found.choice], live.sure(found, model, certain))


def _vote(name: str, vote: Vote, answer: str) -> Vote:
    model = (vote.parts or {}).get(name)
    return replace(vote, answer=answer, parts=None) if model is None else model.vote(answer)


def _asked(question: FormQuestion, form: Asked) -> Asked:
    return Asked(question.kind, question.options, {}, told_in(form.machines, question.name), form.wanted)


def _whole(parts: Mapping[str, WorkerModel], answers: int) -> WorkerModel:
    """One skill for all questions: the mean, each for as much as was seen of it."""
    skills = [each.skill for each in parts.values()] or [Skill(0.75, 4.0, 0.0)]
    seen = sum(each.answers for each in skills)
    accuracy = sum(each.accuracy * each.answers for each in skills) / seen
    chance = sum(each.chance * each.answers for each in skills) / seen
    return WorkerModel((), 1.0, answers, Skill(accuracy, seen / len(skills), chance), parts=dict(parts))


def _checked(learnt: Mapping[str, Learnt], gold: Gold) -> dict[int, str]:
    """What the answered gold tasks would have, of what gold knows."""
    found = {}
    for task, accepted in gold.items():
        known = known_in(accepted[0])
        answers = {name: each.checked[task] for name, each in learnt.items() if name in known and task in each.checked}
        if len(answers) == len(known):
            found[task] = packed(answers)
    return found
