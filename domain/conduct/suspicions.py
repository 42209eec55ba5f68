"""All that answers say against their workers, by the kind of the answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from domain.answers import Learns, kind_of
from domain.conduct.evidence import Evidence
from domain.conduct.guessing import guessing
from domain.conduct.unmet import unmet
from domain.quality.collusion import rings
from domain.quality.given_answers import Gold, Said
from domain.quality.learners import Asked
from domain.quality.learners.by_class import crowd_of
from domain.quality.learners.by_question import apart, asked_of
from domain.quality.model import fit


def suspicions(asked: Asked, said: Sequence[Said], gold: Gold) -> list[Evidence]:
    """But for what times and “can't tell” say; answers are in the order of arrival."""
    kind = kind_of(asked.kind)
    if kind.learns is Learns.QUESTIONS:
        return _of_questions(asked, said, gold)
    if kind.learns is Learns.CLASSES:
        return _of_classes(asked.options, said, gold) if said else []
    return [*(unmet(kind, asked.options, said, gold) if kind.is_aggregated else ()), *kind.copies(said)]


def _of_classes(options: Sequence[str], said: Sequence[Said], gold: Gold) -> list[Evidence]:
    """Members of a ring that answers by a key are left out where the others are judged."""
    crowd, _, workers = crowd_of(options, said, gold)
    answers, found = np.bincount(crowd.worker, minlength=crowd.workers), []
    for ring in rings(crowd):
        for worker, nats in zip(ring.members, ring.nats, strict=True) if ring.is_key else ():
            found.append(Evidence(worker, "ring", nats, int(answers[worker]), 0, ring.expected, ring.agreed))
    left = crowd.only(~np.isin(crowd.worker, [each.worker for each in found]))
    return [replace(each, worker=workers[each.worker]) for each in [*found, *guessing(left, fit(left))]]


def _of_questions(asked: Asked, said: Sequence[Said], gold: Gold) -> list[Evidence]:
    """What the questions say together: of one sign the nats add up, as those of several answers do."""
    signs: dict[tuple[int, str], list[Evidence]] = defaultdict(list)
    for question, own, known in apart(asked, said, gold):
        for found in suspicions(asked_of(question, asked), own, known):
            signs[found.worker, found.suspicion].append(found)
    strongest = {key: max(found, key=lambda each: each.nats) for key, found in signs.items()}
    return [replace(each, nats=sum(one.nats for one in signs[key])) for key, each in strongest.items()]
