"""Everything that speaks against the workers of a project, from its answers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import (
    Collection,
    Iterator,
    Mapping,
    Sequence,
)
from dataclasses import dataclass, replace
from itertools import combinations, pairwise
from math import log

import numpy as np

from domain.answers import (
    AnswerKind,
    Learns,
    consensus_of,
    kind_of,
)
from domain.conduct.evidence import (
    CLOSELY,
    WATCHED,
    Evidence,
    Judged,
    ages,
    findings,
    guessing,
    silences,
)
from domain.handing_in import Wants
from domain.normalization import folded
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
from domain.quality.crowd import (
    PERSON_ACCURACY,
    AnswerColumns,
    Crowd,
    Gold,
    WorkerAnswer,
)
from domain.quality.learners import (
    AnswerSpec,
    crowd_from_answers,
    spec_of_question,
    split_by_question,
)
from domain.quality.machine import MachineAnswers
from domain.quality.model import fit

LEAST_WORDS = 8  # shorter texts are facts, on which honest workers agree
NEAR = 0.6  # of the two-word pieces of both texts: one word in ten may differ
LEAST_SHARED, LEAST_OTHERS = 3, 8  # tasks; and pairs of other workers, needed to estimate the usual similarity
COPIED = 0.8  # how often a copying worker copies
WITHIN_TASK = 2.0  # the project's share of near-identical pairs counts for so many pairs of the task
AGAIN = 0.02  # of honest photos and voice messages were handed in before, by a slip
MOSTLY = 0.8  # of the copied answers came later: the other one is the source

LONG, LEAST_LONG = 40, 5  # characters of an answer whose typing takes time; and so many of them
FASTEST = 20.0  # characters a second: who dictates reaches 15, who types on a phone 5
BY_CHANCE = 0.1  # of honest answers came that fast; as many of a pasting worker's did not

Timed = tuple[int, int, str, float]
"""Task, worker, answer, seconds from its task's arrival."""

_Pieces = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Meeting:
    """Two long answers to one task, the earlier worker first."""

    task: int
    first: int
    second: int
    near: bool


def copied(texts: Sequence[WorkerAnswer], of_models: bool = False) -> tuple[Evidence, ...]:
    """Workers whose texts repeat an earlier worker's (`of_models`: those of a worker below 0), in task after task, with
    the strongest such source; texts are in the order of arrival.

    The probability that two honest texts are near-identical is estimated from the other pairs, of the same task and
    of the project: in transcription sameness is no evidence.
    """
    met = [each for each in _meetings(texts) if each.second > 0]
    pairs = defaultdict[frozenset[int], list[_Meeting]](list)
    for each in met:
        if of_models == (each.first < 0):
            pairs[frozenset((each.first, each.second))].append(each)
    near, seen = Counter(each.task for each in met if each.near), Counter(each.task for each in met)
    often = [pair for pair in pairs.values() if len(pair) >= LEAST_SHARED and len(met) - len(pair) >= LEAST_OTHERS]
    found = (each for pair in often for each in _weighed(pair, near, seen, len(pairs)))
    return tuple({each.worker: each for each in sorted(found, key=lambda each: each.nats)}.values())


def typed(kind: str, machines: MachineAnswers, answers: Sequence[Timed]) -> list[Evidence]:
    """Signs that typed answers, in the order of arrival, were written by a machine: near to a model's beyond chance, or
    faster than anybody types. They are shown to people who look into it, and reject nothing."""
    if kind_of(kind).wants is not Wants.TEXT:
        return []
    told = [(task, each) for task, said in machines.items() for each in said]
    seat = {name: -at for at, name in enumerate(dict.fromkeys(each.model for _, each in told), start=1)}
    texts = [WorkerAnswer(task, seat[each.model], each.answer) for task, each in told]
    near = copied([*texts, *(WorkerAnswer(*each[:3]) for each in answers)], of_models=True)
    long, fast = Counter[int](), Counter[int]()
    for _, worker, answer, seconds in answers:
        if len(answer) >= LONG:
            long[worker] += 1
            fast[worker] += seconds < len(answer) / FASTEST
    quick = [_pasted(worker, fast[worker], count) for worker, count in long.items() if count >= LEAST_LONG]
    return [*(replace(each, suspicion="machine") for each in near), *quick]


def _pasted(worker: int, fast: int, answers: int) -> Evidence:
    nats = (2 * fast - answers) * log((1 - BY_CHANCE) / BY_CHANCE)
    return Evidence(worker, "pasted", nats, answers, 0, BY_CHANCE, fast / answers)


def reused(files: Sequence[tuple[int, str]]) -> tuple[Evidence, ...]:
    """Those who hand in a file again: one of theirs (`constant`), or another's (`ring`).

    `files`: (worker, fingerprint of the file) in the order of arrival. An honest file is new but for
    AGAIN; half of those of somebody who hands in old ones are not.
    """
    owner: dict[str, int] = {}
    sent, again = Counter[int](), Counter[tuple[int, str]]()
    for worker, key in files:
        sent[worker] += 1
        if key in owner:
            again[worker, "constant" if owner[key] == worker else "ring"] += 1
        owner.setdefault(key, worker)
    found = []
    for (worker, suspicion), old in again.items():
        nats = old * log(0.5 / AGAIN) + (sent[worker] - old) * log(0.5 / (1 - AGAIN))
        found.append(Evidence(worker, suspicion, nats, sent[worker], 0, AGAIN, old / sent[worker]))
    return tuple(found)


def are_near(one: str, other: str) -> bool:
    """Two long texts that are nearly the same; short ones never are."""
    pieces, others = _pieces(one), _pieces(other)
    return bool(pieces and others) and _are_near(pieces, others)


def _are_near(one: _Pieces, other: _Pieces) -> bool:
    return len(one & other) >= NEAR * len(one | other)


def _pieces(text: str) -> _Pieces:
    """None of a short text."""
    words = folded(text).split()
    return frozenset(pairwise(words)) if len(words) >= LEAST_WORDS else frozenset()


def _meetings(texts: Sequence[WorkerAnswer]) -> list[_Meeting]:
    tasks: dict[int, list[tuple[int, _Pieces]]] = defaultdict(list)
    for text in texts:
        pieces = _pieces(text.answer)
        if pieces:
            tasks[text.task].append((text.worker, pieces))
    return [
        _Meeting(task, one[0], other[0], _are_near(one[1], other[1]))
        for task, answers in tasks.items()
        for one, other in combinations(answers, 2)
        if one[0] != other[0]
    ]


def _weighed(
    shared: Sequence[_Meeting], near: Mapping[int, int], seen: Mapping[int, int], tried: int
) -> tuple[Evidence, ...]:
    """log P(meetings | one copies) − log P(meetings | as other pairs) − log of how many pairs were looked at."""
    same = sum(each.near for each in shared)
    rate = (sum(near.values()) - same + 1) / (sum(seen.values()) - len(shared) + 2)
    nats, expected = -log(tried), 0.0
    for each in shared:
        others = near.get(each.task, 0) - each.near, seen[each.task] - 1
        likely = (others[0] + WITHIN_TASK * rate) / (others[1] + WITHIN_TASK)
        nats += log(COPIED / likely) if each.near else log((1 - COPIED) / (1 - likely))
        expected += likely / len(shared)
    late = Counter(each.second for each in shared if each.near)
    who = [worker for worker, count in late.items() if count >= MOSTLY * same] or list(late)
    return tuple([Evidence(worker, "ring", nats, len(shared), 0, expected, same / len(shared)) for worker in who])


TRIED = 12  # own answers held against so many other tasks, to estimate how often a guess is met
LEAST_CHANCE, MOST_CHANCE = 0.01, 0.9
TELLING = 0.2  # answers are met that much more often than guesses, or it is the task, not the workers


def unmet(known: AnswerKind, options: Sequence[str], given: Sequence[WorkerAnswer], gold: Gold) -> list[Evidence]:
    """Random, constant and turned workers, of answers in the order of arrival."""
    tasks: dict[int, list[WorkerAnswer]] = defaultdict(list)
    for each in given:
        tasks[each.task].append(each)
    meant = {task: gold.get(task) or _meant(known, options, answers) for task, answers in tasks.items()}
    judged = [(e, right) for e in given if (right := gold.get(e.task) or _meant(known, options, _others(tasks, e)))]
    if not judged:
        return []
    workers, seat = np.unique([each.worker for each, _ in judged], return_inverse=True)
    own: list[list[WorkerAnswer]] = [[] for _ in workers]
    for (each, _), at in zip(judged, seat.tolist(), strict=True):
        own[at].append(each)
    met = np.array([float(known.is_right(each.answer, accepted)) for each, accepted in judged])
    chance = np.array([_chance(known, answers, meant) for answers in own])
    if np.median(np.bincount(seat, met) / np.bincount(seat)) < float(np.median(chance)) + TELLING:
        return []
    word = np.unique([each.answer for each, _ in judged], return_inverse=True)[1]
    habit = np.where(met > 0, chance[seat], 1 - chance[seat])
    told = Judged(seat, word, met, habit, np.array([each.task in gold for each, _ in judged]), ages(seat))
    return [replace(found, worker=int(workers[found.worker])) for found in findings(told)]


def _others(tasks: Mapping[int, Sequence[WorkerAnswer]], one: WorkerAnswer) -> list[WorkerAnswer]:
    return [each for each in tasks[one.task] if each.worker != one.worker]


def _meant(known: AnswerKind, options: Sequence[str], answers: Sequence[WorkerAnswer]) -> Sequence[str] | None:
    """What counts as right by the consensus of some answers, if any."""
    if not answers:
        return None
    votes = [Vote(each.answer, PERSON_ACCURACY) for each in sorted(answers, key=lambda each: each.worker)]
    said = consensus_of(known.name, votes, options).answer
    return known.accepted(said) if said is not None else None


def _chance(known: AnswerKind, own: Sequence[WorkerAnswer], meant: Mapping[int, Sequence[str] | None]) -> float:
    """How often these answers would be met by chance: held against other tasks' than their own."""
    tasks = [task for task, right in meant.items() if right]
    step = -(-len(tasks) // TRIED)
    hits = [
        known.is_right(each.answer, meant[task] or ())
        for at, each in enumerate(own[:: -(-len(own) // TRIED)])
        for task in tasks[at % step :: step]  # others for every answer: one of a constant worker's says it all
        if task != each.task
    ]
    return float(np.clip((sum(hits) + 0.5) / (len(hits) + 1), LEAST_CHANCE, MOST_CHANCE))


GUESSED = ("random", "sleeper")
SEVERAL, BAD = 3, -2.0  # suspects; nats of a worker who is bad on gold
SCHOOL = 0.25  # share of all answers from which suspects who are not bad on gold are a school of their own


def suspicions(asked: AnswerSpec, said: Sequence[WorkerAnswer], gold: Gold) -> list[Evidence]:
    """But for what times and “can't tell” say; answers are in the order of arrival."""
    kind = kind_of(asked.kind)
    if kind.learns is Learns.QUESTIONS:
        return _of_questions(asked, said, gold)
    if kind.learns is Learns.CLASSES:
        return _of_classes(asked.options, said, gold) if said else []
    return [*(unmet(kind, asked.options, said, gold) if kind.is_aggregated else ()), *kind.copies(said)]


def _of_classes(options: Sequence[str], said: Sequence[WorkerAnswer], gold: Gold) -> list[Evidence]:
    """Members of a ring that answers by a key, and workers who know the gold, are left out where the others are
    judged."""
    crowd, _, workers = crowd_from_answers(options, said, gold)
    groups = find_rings(crowd)
    knowledge = find_gold_knowledge(crowd, groups)
    found = list(_informed(knowledge))
    answers = np.bincount(crowd.worker, minlength=crowd.workers)
    for ring in groups:
        for worker, nats in zip(ring.members, ring.nats, strict=True) if ring.is_key else ():
            found.append(Evidence(worker, "ring", nats, int(answers[worker]), 0, ring.expected, ring.agreed))
    unheard = [each.worker for each in found if each.suspicion == "ring"] + knowledge.strong
    left = drop_doubted_gold(crowd.only(~np.isin(crowd.worker, unheard)), knowledge)
    found += _undisputed(crowd, guessing(left, fit(left)))
    return [replace(each, worker=workers[each.worker]) for each in found]


def _undisputed(crowd: Crowd, guesses: Sequence[Evidence]) -> list[Evidence]:
    """Weaken evidence of guessing to closer attention where gold contradicts it: several suspects, none of whom is bad
    on gold, are good on it together. Then the others may share a wrong answer, and the suspects be right. Where they
    give SCHOOL of all answers, it is enough that gold does not speak against them."""
    shown = gold_knowledge_nats(crowd)
    suspects = {e.worker for e in guesses if e.suspicion in GUESSED and e.nats >= WATCHED and shown[e.worker] > BAD}
    needed = CLOSELY if np.isin(crowd.worker, list(suspects)).mean() < SCHOOL else 0.0
    if len(suspects) < SEVERAL or shown[list(suspects)].sum() <= needed:
        return list(guesses)
    weak = [each.worker in suspects and each.suspicion in GUESSED for each in guesses]
    return [replace(e, nats=min(e.nats, WATCHED)) if is_weak else e for e, is_weak in zip(guesses, weak, strict=True)]


def _informed(knowledge: GoldKnowledge) -> Iterator[Evidence]:
    """Evidence against workers who are right on check questions and like chance elsewhere."""
    each = zip(knowledge.members, knowledge.nats, knowledge.answers, knowledge.gold, knowledge.observed, strict=True)
    for worker, nats, answers, gold, observed in each:
        if nats < CLOSELY:
            continue
        yield Evidence(worker, "informed", nats, answers, gold, knowledge.expected, observed)


def _of_questions(asked: AnswerSpec, said: Sequence[WorkerAnswer], gold: Gold) -> list[Evidence]:
    """What the questions say together: of one sign the nats add up, as those of several answers do."""
    signs: dict[tuple[int, str], list[Evidence]] = defaultdict(list)
    for question, own, known in split_by_question(asked, said, gold):
        for found in suspicions(spec_of_question(question, asked), own, known):
            signs[found.worker, found.suspicion].append(found)
    strongest = {key: max(found, key=lambda each: each.nats) for key, found in signs.items()}
    return [replace(each, nats=sum(one.nats for one in signs[key])) for key, each in strongest.items()]


SILENT = "-"  # what stands for “can't tell” among answers that are all the same otherwise
KEPT = 0.7  # nats: below two to one nothing is kept

NOTHING: MachineAnswers = {}
Found = dict[PersonId, list[Evidence]]


def evidence_of(
    project: Project,
    answers: AnswerColumns,
    milliseconds: Sequence[int],
    gold: Mapping[int, Sequence[str]],
    said: AnswerColumns,
    ai: MachineAnswers = NOTHING,
    tools: Collection[tuple[int, int]] = (),
) -> Found:
    """Evidence by worker, empty without suspicion; each answer took so many `milliseconds`, `said` covers all answers,
    “can't tell” (SILENT) included. What its worker says was made with a tool (`tools`) is no sign against anybody."""
    found: Found = {PersonId(worker): [] for worker in sorted({*answers.worker, *said.worker})}
    answers, milliseconds = _without(tools, answers, milliseconds) if tools else (answers, milliseconds)
    told = suspicions(AnswerSpec(project.kind, project.options, {}, machines=ai), answers, gold)
    for each in [*told, *_typed(project, ai, answers, milliseconds), *_silent(said, gold)]:
        if each.nats >= KEPT:
            found[PersonId(each.worker)].append(each)
    return found


def _without(
    tools: Collection[tuple[int, int]], answers: AnswerColumns, milliseconds: Sequence[int]
) -> tuple[AnswerColumns, list[int]]:
    kept, took = AnswerColumns(), list[int]()
    for each, spent in zip(answers, milliseconds, strict=True):
        if (each.task, each.worker) not in tools:
            kept.add(each.task, each.worker, each.answer)
            took.append(spent)
    return kept, took


def _typed(
    project: Project, ai: MachineAnswers, answers: AnswerColumns, milliseconds: Sequence[int]
) -> Collection[Evidence]:
    """Of what is typed, at each question of a form. The time of a form is that of all its questions, so that fewer are
    too fast; of each sign the strongest counts, as they come from the same answers."""
    if not kind_of(project.kind).is_typed(project.options):
        return []
    asked, parts = AnswerSpec(project.kind, project.options, {}, ai), [(project.kind, ai, answers)]
    if kind_of(project.kind).learns is Learns.QUESTIONS:
        parts = [
            (of.kind, spec_of_question(of, asked).machines, own) for of, own, _ in split_by_question(asked, answers, {})
        ]
    took = {(each.task, each.worker): spent / 1000 for each, spent in zip(answers, milliseconds, strict=True)}
    found = [
        each
        for kind, machines, own in parts
        for each in typed(kind, machines, [(e.task, e.worker, e.answer, took[e.task, e.worker]) for e in own])
    ]
    return {(each.worker, each.suspicion): each for each in sorted(found, key=lambda each: each.nats)}.values()


def _silent(said: AnswerColumns, gold: Collection[int]) -> list[Evidence]:
    mute = np.array([word == SILENT for word in said.words] or [False])[np.asarray(said.word_numbers, np.int64)]
    return silences(np.asarray(said.task, np.int64), np.asarray(said.worker, np.int64), mute, gold)
