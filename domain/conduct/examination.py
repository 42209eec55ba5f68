"""Everything that speaks against the workers of a project, from its answers."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from domain.answers import Wants, kind_of
from domain.conduct import plagiarism
from domain.conduct.evidence import Evidence
from domain.conduct.guessing import silences
from domain.conduct.suspicions import suspicions
from domain.people.people import PersonId
from domain.projects.projects import Project
from domain.quality.given_answers import GivenAnswers
from domain.quality.learners import Asked
from domain.quality.machine import MachineAnswers

SILENT = "-"  # what stands for “can't tell” among answers that are all the same otherwise
KEPT = 0.7  # nats: below two to one nothing is kept

NOTHING: MachineAnswers = {}
Found = dict[PersonId, list[Evidence]]


def evidence_of(
    project: Project,
    answers: GivenAnswers,
    milliseconds: Sequence[int],
    gold: Mapping[int, Sequence[str]],
    said: GivenAnswers,
    ai: MachineAnswers = NOTHING,
    tools: Collection[tuple[int, int]] = (),
) -> Found:
    """Evidence by worker, empty without suspicion; each answer took so many `milliseconds`, `said` covers all answers,
    “can't tell” (SILENT) included. What its worker says was made with a tool (`tools`) is no sign against anybody."""
    found: Found = {PersonId(worker): [] for worker in sorted({*answers.worker, *said.worker})}
    answers, milliseconds = _without(tools, answers, milliseconds) if tools else (answers, milliseconds)
    told = suspicions(Asked(project.kind, project.options, {}, machines=ai), answers, gold)
    typed = plagiarism.typed(project.kind, ai, _timed(project, answers, milliseconds))
    for each in [*told, *typed, *_silent(said, gold)]:
        if each.nats >= KEPT:
            found[PersonId(each.worker)].append(each)
    return found


def _without(
    tools: Collection[tuple[int, int]], answers: GivenAnswers, milliseconds: Sequence[int]
) -> tuple[GivenAnswers, list[int]]:
    kept, took = GivenAnswers(), list[int]()
    for each, spent in zip(answers, milliseconds, strict=True):
        if (each.task, each.worker) not in tools:
            kept.add(each.task, each.worker, each.answer)
            took.append(spent)
    return kept, took


def _timed(project: Project, answers: GivenAnswers, milliseconds: Sequence[int]) -> list[plagiarism.Timed]:
    """Of kinds that are typed, which alone are looked at so."""
    if kind_of(project.kind).wants is not Wants.TEXT:
        return []
    both = zip(answers, milliseconds, strict=True)
    return [(each.task, each.worker, each.answer, took / 1000) for each, took in both]


def _silent(said: GivenAnswers, gold: Collection[int]) -> list[Evidence]:
    mute = np.array([word == SILENT for word in said.words] or [False])[np.asarray(said.said, np.int64)]
    return silences(np.asarray(said.task, np.int64), np.asarray(said.worker, np.int64), mute, gold)
