"""All that answers say against their workers, by the kind of the answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from domain.answers import Learns, kind_of
from domain.conduct.evidence import CLOSELY, WATCHED, Evidence
from domain.conduct.guessing import guessing
from domain.conduct.unmet import unmet
from domain.quality.collusion import rings
from domain.quality.crowd import Crowd
from domain.quality.given_answers import Gold, Said
from domain.quality.leaked_gold import GoldKnowledge, find_gold_knowledge, gold_speaks_for, without_their_gold
from domain.quality.learners import Asked
from domain.quality.learners.by_class import crowd_of
from domain.quality.learners.by_question import apart, asked_of
from domain.quality.model import fit

GUESSED = ("random", "sleeper")
SEVERAL, BAD = 3, -2.0  # suspects; nats of a worker who is bad on gold
SCHOOL = 0.25  # share of all answers from which suspects who are not bad on gold are a school of their own


def suspicions(asked: Asked, said: Sequence[Said], gold: Gold) -> list[Evidence]:
    """But for what times and “can't tell” say; answers are in the order of arrival."""
    kind = kind_of(asked.kind)
    if kind.learns is Learns.QUESTIONS:
        return _of_questions(asked, said, gold)
    if kind.learns is Learns.CLASSES:
        return _of_classes(asked.options, said, gold) if said else []
    return [*(unmet(kind, asked.options, said, gold) if kind.is_aggregated else ()), *kind.copies(said)]


def _of_classes(options: Sequence[str], said: Sequence[Said], gold: Gold) -> list[Evidence]:
    """Members of a ring that answers by a key, and workers who know the gold, are left out where the others are
    judged."""
    crowd, _, workers = crowd_of(options, said, gold)
    groups = rings(crowd)
    knowledge = find_gold_knowledge(crowd, groups)
    found = list(_informed(knowledge))
    answers = np.bincount(crowd.worker, minlength=crowd.workers)
    for ring in groups:
        for worker, nats in zip(ring.members, ring.nats, strict=True) if ring.is_key else ():
            found.append(Evidence(worker, "ring", nats, int(answers[worker]), 0, ring.expected, ring.agreed))
    unheard = [each.worker for each in found if each.suspicion == "ring"] + knowledge.strong
    left = without_their_gold(crowd.only(~np.isin(crowd.worker, unheard)), knowledge)
    found += _undisputed(crowd, guessing(left, fit(left)))
    return [replace(each, worker=workers[each.worker]) for each in found]


def _undisputed(crowd: Crowd, guesses: Sequence[Evidence]) -> list[Evidence]:
    """Weaken evidence of guessing to closer attention where gold contradicts it: several suspects, none of whom is bad
    on gold, are good on it together. Then the others may share a wrong answer, and the suspects be right. Where they
    give SCHOOL of all answers, it is enough that gold does not speak against them."""
    shown = gold_speaks_for(crowd)
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


def _of_questions(asked: Asked, said: Sequence[Said], gold: Gold) -> list[Evidence]:
    """What the questions say together: of one sign the nats add up, as those of several answers do."""
    signs: dict[tuple[int, str], list[Evidence]] = defaultdict(list)
    for question, own, known in apart(asked, said, gold):
        for found in suspicions(asked_of(question, asked), own, known):
            signs[found.worker, found.suspicion].append(found)
    strongest = {key: max(found, key=lambda each: each.nats) for key, found in signs.items()}
    return [replace(each, nats=sum(one.nats for one in signs[key])) for key, each in strongest.items()]
