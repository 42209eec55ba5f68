"""Examination: all evidence against the workers of a project, from its answers: copied texts and files, typing by
machine, guessing, rings, knowledge of the gold, “can't tell”."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations, pairwise
from math import log

import numpy as np

from domain.answers import AnswerKind, Learns, consensus_of, kind_of
from domain.conduct.evidence import (
    CLOSELY_WATCHED_NATS,
    WATCHED_NATS,
    Evidence,
    JudgedAnswers,
    answer_ages,
    find_guessing,
    find_silences,
    guessing_evidence,
)
from domain.handing_in import Wants
from domain.normalization import fold_case_and_accents
from domain.people.accounts import PersonId
from domain.projects.projects import Project
from domain.quality.aggregation import Vote
from domain.quality.collusion import (
    GoldKnowledge,
    drop_doubted_gold,
    find_gold_knowledge,
    find_rings,
    gold_knowledge_nats,
)
from domain.quality.crowd import PERSON_ACCURACY, AnswerColumns, Crowd, Gold, WorkerAnswer
from domain.quality.learners import AnswerSpec, crowd_from_answers, spec_of_question, split_by_question
from domain.quality.machine import MachineAnswers
from domain.quality.model import fit

MIN_WORDS = 8  # shorter texts are facts, on which honest workers agree
NEAR_SHARE = 0.6  # of the two-word pieces of both texts: one word in ten may differ
MIN_SHARED_TASKS, MIN_OTHER_PAIRS = 3, 8  # tasks; and pairs of other workers, needed to estimate the usual similarity
COPY_RATE = 0.8  # how often a copying worker copies
WITHIN_TASK = 2.0  # the project's share of near-identical pairs counts for so many pairs of the task
HONEST_REUSE_RATE = 0.02  # of honest photos and voice messages were handed in before, by a slip
LATER_SHARE = 0.8  # of the copied answers came later: the other one is the source

MIN_TYPED_CHARS, MIN_TYPED_ANSWERS = 40, 5  # characters of an answer whose typing takes time; and so many of them
MAX_CHARS_PER_SECOND = 20.0  # characters a second: who dictates reaches 15, who types on a phone 5
HONEST_FAST_RATE = 0.1  # of honest answers came that fast; as many of a pasting worker's did not

Timed = tuple[int, int, str, float]
"""Task, worker, answer, seconds from its task's arrival."""

_Pieces = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Meeting:
    """Two long answers to one task, the earlier worker first."""

    task: int
    earlier: int
    later: int
    near: bool


def find_copied_texts(texts: Sequence[WorkerAnswer], of_models: bool = False) -> tuple[Evidence, ...]:
    """Return evidence against workers whose texts repeat an earlier worker's, in task after task, with the strongest
    such source; texts are in the order of arrival. `of_models`: only sources whose worker number is below 0, which
    stand for models.

    The probability that two honest texts are near-identical is estimated from the other pairs, of the same task and of
    the project: in transcription sameness is no evidence."""
    meetings = [meeting for meeting in _find_meetings(texts) if meeting.later > 0]
    pairs = defaultdict[frozenset[int], list[_Meeting]](list)
    for meeting in meetings:
        if of_models == (meeting.earlier < 0):
            pairs[frozenset((meeting.earlier, meeting.later))].append(meeting)
    near_count, pair_count = (
        Counter(meeting.task for meeting in meetings if meeting.near),
        Counter(meeting.task for meeting in meetings),
    )
    tested = [
        pair
        for pair in pairs.values()
        if len(pair) >= MIN_SHARED_TASKS and len(meetings) - len(pair) >= MIN_OTHER_PAIRS
    ]
    evidence = (meeting for pair in tested for meeting in _weigh_pair(pair, near_count, pair_count, len(pairs)))
    return tuple({meeting.worker: meeting for meeting in sorted(evidence, key=lambda meeting: meeting.nats)}.values())


def find_machine_typing(kind: str, machines: MachineAnswers, answers: Sequence[Timed]) -> list[Evidence]:
    """Return evidence that typed answers, in the order of arrival, were written by a machine: near to a model's beyond
    chance, or faster than people type. It is shown to people who look into it, and rejects nothing. [] for kinds that
    are not text."""
    if kind_of(kind).wants is not Wants.TEXT:
        return []
    model_answers = [(task, answer) for task, task_answers in machines.items() for answer in task_answers]
    number_of_model = {
        name: -index for index, name in enumerate(dict.fromkeys(answer.model for _, answer in model_answers), start=1)
    }
    texts = [WorkerAnswer(task, number_of_model[answer.model], answer.answer) for task, answer in model_answers]
    near = find_copied_texts([*texts, *(WorkerAnswer(*answer[:3]) for answer in answers)], of_models=True)
    long, fast = Counter[int](), Counter[int]()
    for _, worker, text, seconds in answers:
        if len(text) >= MIN_TYPED_CHARS:
            long[worker] += 1
            fast[worker] += seconds < len(text) / MAX_CHARS_PER_SECOND
    quick = [
        _pasted_evidence(worker, fast[worker], count) for worker, count in long.items() if count >= MIN_TYPED_ANSWERS
    ]
    return [*(replace(answer, suspicion="machine") for answer in near), *quick]


def _pasted_evidence(worker: int, fast: int, answers: int) -> Evidence:
    """Return evidence that `fast` of a worker's long answers came faster than people type."""
    nats = (2 * fast - answers) * log((1 - HONEST_FAST_RATE) / HONEST_FAST_RATE)
    return Evidence(
        worker,
        suspicion="pasted",
        nats=nats,
        answers=answers,
        gold=0,
        expected=HONEST_FAST_RATE,
        observed=fast / answers,
    )


def find_reused_files(files: Sequence[tuple[int, str]]) -> tuple[Evidence, ...]:
    """Return evidence against workers who hand in a file again: one of theirs (`constant`), or another worker's
    (`ring`).

    `files`: (worker, fingerprint of the file) in the order of arrival. An honest file is new but for HONEST_REUSE_RATE;
    half of those of a worker who hands in old ones are not."""
    owner: dict[str, int] = {}
    sent, again = Counter[int](), Counter[tuple[int, str]]()
    for worker, key in files:
        sent[worker] += 1
        if key in owner:
            again[worker, "constant" if owner[key] == worker else "ring"] += 1
        owner.setdefault(key, worker)
    evidence = []
    for (worker, suspicion), old in again.items():
        nats = old * log(0.5 / HONEST_REUSE_RATE) + (sent[worker] - old) * log(0.5 / (1 - HONEST_REUSE_RATE))
        evidence.append(
            Evidence(
                worker,
                suspicion,
                nats,
                answers=sent[worker],
                gold=0,
                expected=HONEST_REUSE_RATE,
                observed=old / sent[worker],
            )
        )
    return tuple(evidence)


def are_near(text: str, other_text: str) -> bool:
    """Return whether two long texts are nearly the same; short ones never are."""
    pieces, other_pieces = _pieces(text), _pieces(other_text)
    return bool(pieces and other_pieces) and _are_near(pieces, other_pieces)


def _are_near(pieces: _Pieces, other_pieces: _Pieces) -> bool:
    return len(pieces & other_pieces) >= NEAR_SHARE * len(pieces | other_pieces)


def _pieces(text: str) -> _Pieces:
    """Return the two-word pieces of a text; none of a short one."""
    words = fold_case_and_accents(text).split()
    return frozenset(pairwise(words)) if len(words) >= MIN_WORDS else frozenset()


def _find_meetings(texts: Sequence[WorkerAnswer]) -> list[_Meeting]:
    """Return every pair of long answers to one task by two workers."""
    tasks: dict[int, list[tuple[int, _Pieces]]] = defaultdict(list)
    for text in texts:
        pieces = _pieces(text.answer)
        if pieces:
            tasks[text.task].append((text.worker, pieces))
    return [
        _Meeting(task, earlier[0], later[0], _are_near(earlier[1], later[1]))
        for task, answers in tasks.items()
        for earlier, later in combinations(answers, 2)
        if earlier[0] != later[0]
    ]


def _weigh_pair(
    shared: Sequence[_Meeting], near_count: Mapping[int, int], pair_count: Mapping[int, int], tried: int
) -> tuple[Evidence, ...]:
    """Return evidence against those of a pair who copy: log P(meetings | one copies) − log P(meetings | as other pairs)
    − log(number of pairs looked at)."""
    same = sum(meeting.near for meeting in shared)
    rate = (sum(near_count.values()) - same + 1) / (sum(pair_count.values()) - len(shared) + 2)
    nats, expected = -log(tried), 0.0
    for meeting in shared:
        other_pairs = near_count.get(meeting.task, 0) - meeting.near, pair_count[meeting.task] - 1
        likelihood = (other_pairs[0] + WITHIN_TASK * rate) / (other_pairs[1] + WITHIN_TASK)
        nats += log(COPY_RATE / likelihood) if meeting.near else log((1 - COPY_RATE) / (1 - likelihood))
        expected += likelihood / len(shared)
    later_count = Counter(meeting.later for meeting in shared if meeting.near)
    copiers = [worker for worker, count in later_count.items() if count >= LATER_SHARE * same] or list(later_count)
    return tuple(
        [
            Evidence(
                worker,
                suspicion="ring",
                nats=nats,
                answers=len(shared),
                gold=0,
                expected=expected,
                observed=same / len(shared),
            )
            for worker in copiers
        ]
    )


MAX_CHANCE_SAMPLES = 12  # own answers held against so many other tasks, to estimate how often a guess is met
MIN_CHANCE, MAX_CHANCE = 0.01, 0.9
MIN_MET_EXCESS = 0.2  # answers are met that much more often than guesses, or it is the task, not the workers


def find_unmet_answers(
    answer_kind: AnswerKind, options: Sequence[str], answers: Sequence[WorkerAnswer], gold: Gold
) -> list[Evidence]:
    """Return evidence of random, constant and turned workers where answers are no classes; answers are in the order of
    arrival. [] if workers are met hardly more often than guesses: then the task is hard."""
    tasks: dict[int, list[WorkerAnswer]] = defaultdict(list)
    for answer in answers:
        tasks[answer.task].append(answer)
    consensus = partial(_accepted_by_consensus, answer_kind, options)
    accepted_of = {task: gold.get(task) or consensus(task_answers) for task, task_answers in tasks.items()}
    judged = [(e, right) for e in answers if (right := gold.get(e.task) or consensus(_answers_of_others(tasks, e)))]
    if not judged:
        return []
    workers, seat = np.unique([answer.worker for answer, _ in judged], return_inverse=True)
    answers_of_worker: list[list[WorkerAnswer]] = [[] for _ in workers]
    for (answer, _), index in zip(judged, seat.tolist(), strict=True):
        answers_of_worker[index].append(answer)
    is_met = np.array([float(answer_kind.is_right(answer.answer, accepted)) for answer, accepted in judged])
    chance = np.array([_chance_of_meeting(answer_kind, own, accepted_of) for own in answers_of_worker])
    usual = np.median(np.bincount(seat, is_met) / np.bincount(seat))
    if usual < float(np.median(chance)) + MIN_MET_EXCESS:
        return []
    word = np.unique([answer.answer for answer, _ in judged], return_inverse=True)[1]
    habit = np.where(is_met > 0, chance[seat], 1 - chance[seat])
    on_gold = np.array([answer.task in gold for answer, _ in judged])
    judged_answers = JudgedAnswers(seat, word, right=is_met, habit=habit, gold=on_gold, age=answer_ages(seat))
    return [replace(finding, worker=int(workers[finding.worker])) for finding in guessing_evidence(judged_answers)]


def _answers_of_others(tasks: Mapping[int, Sequence[WorkerAnswer]], excluded: WorkerAnswer) -> list[WorkerAnswer]:
    """Return the answers to the same task by other workers."""
    return [answer for answer in tasks[excluded.task] if answer.worker != excluded.worker]


def _accepted_by_consensus(
    answer_kind: AnswerKind, options: Sequence[str], answers: Sequence[WorkerAnswer]
) -> Sequence[str] | None:
    """Return the answers that count as right by the consensus of these answers, None without any."""
    if not answers:
        return None
    votes = [Vote(answer.answer, PERSON_ACCURACY) for answer in sorted(answers, key=lambda answer: answer.worker)]
    consensus = consensus_of(answer_kind.name, votes, options).answer
    return answer_kind.list_accepted(consensus) if consensus is not None else None


def _chance_of_meeting(
    answer_kind: AnswerKind, answers: Sequence[WorkerAnswer], accepted_of: Mapping[int, Sequence[str] | None]
) -> float:
    """Return how often these answers would be right by chance: compared with the accepted answers of other tasks."""
    tasks = [task for task, right in accepted_of.items() if right]
    step = -(-len(tasks) // MAX_CHANCE_SAMPLES)
    hits = [
        answer_kind.is_right(answer.answer, accepted_of[task] or ())
        for index, answer in enumerate(answers[:: -(-len(answers) // MAX_CHANCE_SAMPLES)])
        for task in tasks[index % step :: step]  # others for every answer: one of a constant worker's says it all
        if task != answer.task
    ]
    return float(np.clip((sum(hits) + 0.5) / (len(hits) + 1), MIN_CHANCE, MAX_CHANCE))


GUESSING_SUSPICIONS = ("random", "sleeper")
MIN_SUSPECTS, BAD_GOLD_NATS = 3, -2.0  # suspects; nats of a worker who is bad on gold
MIN_SCHOOL_SHARE = 0.25  # share of all answers from which suspects who are not bad on gold are a school of their own


def find_suspicions(spec: AnswerSpec, answers: Sequence[WorkerAnswer], gold: Gold) -> list[Evidence]:
    """Return all evidence except that of times and “can't tell”; answers are in the order of arrival."""
    kind = kind_of(spec.kind)
    if kind.learns is Learns.QUESTIONS:
        return _question_suspicions(spec, answers, gold)
    if kind.learns is Learns.CLASSES:
        return _class_suspicions(spec.options, answers, gold) if answers else []
    return [
        *(find_unmet_answers(kind, spec.options, answers, gold) if kind.is_aggregated else ()),
        *kind.find_copies(answers),
    ]


def _class_suspicions(options: Sequence[str], answers: Sequence[WorkerAnswer], gold: Gold) -> list[Evidence]:
    """Return the evidence where answers are classes. Members of a ring that answers by a key, and workers who know the
    gold, are left out when the others are judged."""
    crowd, _, workers = crowd_from_answers(options, answers, gold)
    groups = find_rings(crowd)
    knowledge = find_gold_knowledge(crowd, groups)
    evidence = list(_informed_evidence(knowledge))
    answer_counts = np.bincount(crowd.worker, minlength=crowd.workers)
    for ring in groups:
        for worker, nats in zip(ring.members, ring.nats, strict=True) if ring.is_key else ():
            evidence.append(
                Evidence(
                    worker,
                    suspicion="ring",
                    nats=nats,
                    answers=int(answer_counts[worker]),
                    gold=0,
                    expected=ring.expected,
                    observed=ring.agreed,
                )
            )
    unheard = [finding.worker for finding in evidence if finding.suspicion == "ring"] + knowledge.strong
    ordinary = drop_doubted_gold(crowd.only(~np.isin(crowd.worker, unheard)), knowledge)
    evidence += _weaken_disputed(crowd, find_guessing(ordinary, fit(ordinary)))
    return [replace(finding, worker=workers[finding.worker]) for finding in evidence]


def _weaken_disputed(crowd: Crowd, guesses: Sequence[Evidence]) -> list[Evidence]:
    """Return the evidence, that of guessing weakened to closer attention where gold contradicts it: several suspects,
    none of whom is bad on gold, are good on it together. Then the others may share a wrong answer, and the suspects be
    right. Where they give MIN_SCHOOL_SHARE of all answers, it is enough that gold does not speak against them."""
    gold_nats = gold_knowledge_nats(crowd)
    suspects = {
        e.worker
        for e in guesses
        if e.suspicion in GUESSING_SUSPICIONS and e.nats >= WATCHED_NATS and gold_nats[e.worker] > BAD_GOLD_NATS
    }
    needed = CLOSELY_WATCHED_NATS if np.isin(crowd.worker, list(suspects)).mean() < MIN_SCHOOL_SHARE else 0.0
    if len(suspects) < MIN_SUSPECTS or gold_nats[list(suspects)].sum() <= needed:
        return list(guesses)
    weak = [finding.worker in suspects and finding.suspicion in GUESSING_SUSPICIONS for finding in guesses]
    return [
        replace(e, nats=min(e.nats, WATCHED_NATS)) if is_weak else e for e, is_weak in zip(guesses, weak, strict=True)
    ]


def _informed_evidence(knowledge: GoldKnowledge) -> Iterator[Evidence]:
    """Yield evidence against workers who are right on check questions and like chance elsewhere."""
    rows = zip(knowledge.members, knowledge.nats, knowledge.answers, knowledge.gold, knowledge.observed, strict=True)
    for worker, nats, answers, gold, observed in rows:
        if nats < CLOSELY_WATCHED_NATS:
            continue
        yield Evidence(
            worker,
            suspicion="informed",
            nats=nats,
            answers=answers,
            gold=gold,
            expected=knowledge.expected,
            observed=observed,
        )


def _question_suspicions(spec: AnswerSpec, answers: Sequence[WorkerAnswer], gold: Gold) -> list[Evidence]:
    """Return the evidence of a form's questions together: nats of one sign add up, as those of several answers do."""
    signs: dict[tuple[int, str], list[Evidence]] = defaultdict(list)
    for question, question_answers, question_gold in split_by_question(spec, answers, gold):
        for finding in find_suspicions(spec_of_question(question, spec), question_answers, question_gold):
            signs[finding.worker, finding.suspicion].append(finding)
    strongest = {key: max(finding, key=lambda finding_of_sign: finding_of_sign.nats) for key, finding in signs.items()}
    return [
        replace(finding_of_sign, nats=sum(part.nats for part in signs[key]))
        for key, finding_of_sign in strongest.items()
    ]


SILENT_ANSWER = "-"  # what stands for “can't tell” among answers that are all the same otherwise
MIN_STORED_NATS = 0.7  # nats: below two to one nothing is kept

NO_MACHINE_ANSWERS: MachineAnswers = {}
EvidenceByPerson = dict[PersonId, list[Evidence]]


def gather_evidence(
    project: Project,
    answers: AnswerColumns,
    milliseconds: Sequence[int],
    gold: Mapping[int, Sequence[str]],
    all_answers: AnswerColumns,
    ai: MachineAnswers = NO_MACHINE_ANSWERS,
    tools: Collection[tuple[int, int]] = (),
) -> EvidenceByPerson:
    """Return {person: evidence}, with an empty list for workers without suspicion. Each of `answers` took so many
    `milliseconds`; `all_answers` includes “can't tell” (SILENT_ANSWER). An answer that its worker declares was made
    with a tool (`tools`: task, worker) is no evidence."""
    evidence: EvidenceByPerson = {PersonId(worker): [] for worker in sorted({*answers.worker, *all_answers.worker})}
    answers, milliseconds = _drop_tool_answers(tools, answers, milliseconds) if tools else (answers, milliseconds)
    findings = find_suspicions(AnswerSpec(project.kind, project.options, {}, machines=ai), answers, gold)
    for finding in [
        *findings,
        *_typing_evidence(project, ai, answers, milliseconds),
        *_silence_evidence(all_answers, gold),
    ]:
        if finding.nats >= MIN_STORED_NATS:
            evidence[PersonId(finding.worker)].append(finding)
    return evidence


def _drop_tool_answers(
    tools: Collection[tuple[int, int]], answers: AnswerColumns, milliseconds: Sequence[int]
) -> tuple[AnswerColumns, list[int]]:
    """Return the answers that were not made with a tool, and their times."""
    remaining, remaining_milliseconds = AnswerColumns(), list[int]()
    for answer, spent in zip(answers, milliseconds, strict=True):
        if (answer.task, answer.worker) not in tools:
            remaining.add(answer.task, answer.worker, answer.answer)
            remaining_milliseconds.append(spent)
    return remaining, remaining_milliseconds


def _typing_evidence(
    project: Project, ai: MachineAnswers, answers: AnswerColumns, milliseconds: Sequence[int]
) -> Collection[Evidence]:
    """Return evidence of machine typing, at each question of a form. The time of a form is that of all its questions,
    so that fewer answers are too fast; of each sign the strongest finding counts, as they come from the same answers.
    """
    if not kind_of(project.kind).is_typed(project.options):
        return []
    spec, parts = AnswerSpec(project.kind, project.options, {}, ai), [(project.kind, ai, answers)]
    if kind_of(project.kind).learns is Learns.QUESTIONS:
        questions = split_by_question(spec, answers, {})
        parts = [(question.kind, spec_of_question(question, spec).machines, own) for question, own, _ in questions]
    seconds = {(a.task, a.worker): spent / 1000 for a, spent in zip(answers, milliseconds, strict=True)}
    findings: list[Evidence] = []
    for kind, machines, own in parts:
        timed = [(a.task, a.worker, a.answer, seconds[a.task, a.worker]) for a in own]
        findings += find_machine_typing(kind, machines, timed)
    weakest_first = sorted(findings, key=lambda finding: finding.nats)
    return {(finding.worker, finding.suspicion): finding for finding in weakest_first}.values()


def _silence_evidence(answers: AnswerColumns, gold: Collection[int]) -> list[Evidence]:
    """Return evidence of too many “can't tell”."""
    mute = np.array([word == SILENT_ANSWER for word in answers.words] or [False])[
        np.asarray(answers.word_numbers, np.int64)
    ]
    return find_silences(np.asarray(answers.task, np.int64), np.asarray(answers.worker, np.int64), mute, gold)
