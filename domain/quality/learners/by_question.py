"""The learner of forms: each question is learnt, and has its consensus, as its own kind says; a question is asked
where the consensus of those before it says so."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from domain.answers import Learns
from domain.projects.form_answers import NOT_ASKED, given, known_in, packed, told_of
from domain.projects.form_questions import FormQuestion, questions_of
from domain.quality.aggregation import NOTHING, Agreement
from domain.quality.given_answers import GivenAnswers, Gold, Said
from domain.quality.intervals import BELIEVED, PERSON, Skill
from domain.quality.learners.by_agreement import ByAgreement
from domain.quality.learners.by_class import ByClass
from domain.quality.learners.learner import Asked, Learner, Learnt, Own
from domain.quality.live import ProjectModel, TaskState, WorkerModel
from domain.quality.machine import MachineAnswer

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
        return Agreement(packed(answers) if answers else None, least, scores)

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
