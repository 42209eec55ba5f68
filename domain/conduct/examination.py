"""Everything that speaks against the workers of a project, from its answers."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from domain.answers import Learns, kind_of
from domain.conduct import plagiarism
from domain.conduct.evidence import Evidence
from domain.conduct.guessing import silences
from domain.conduct.suspicions import suspicions
from domain.people.people import PersonId
from domain.projects.projects import Project
from domain.quality.given_answers import GivenAnswers
from domain.quality.learners import Asked
from domain.quality.learners.by_question import apart, asked_of
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
    for each in [*told, *_typed(project, ai, answers, milliseconds), *_silent(said, gold)]:
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


def _typed(
    project: Project, ai: MachineAnswers, answers: GivenAnswers, milliseconds: Sequence[int]
) -> Collection[Evidence]:
    """Of what is typed, at each question of a form. The time of a form is that of all its questions, so that fewer are
    too fast; of each sign the strongest counts, as they come from the same answers."""
    if not kind_of(project.kind).is_typed(project.options):
        return []
    asked, parts = Asked(project.kind, project.options, {}, ai), [(project.kind, ai, answers)]
    if kind_of(project.kind).learns is Learns.QUESTIONS:
        parts = [(of.kind, asked_of(of, asked).machines, own) for of, own, _ in apart(asked, answers, {})]
    took = {(each.task, each.worker): spent / 1000 for each, spent in zip(answers, milliseconds, strict=True)}
    found = [
        each
        for kind, machines, own in parts
        for each in plagiarism.typed(
            kind, machines, [(e.task, e.worker, e.answer, took[e.task, e.worker]) for e in own]
        )
    ]
    return {(each.worker, each.suspicion): each for each in sorted(found, key=lambda each: each.nats)}.values()


def _silent(said: GivenAnswers, gold: Collection[int]) -> list[Evidence]:
    mute = np.array([word == SILENT for word in said.words] or [False])[np.asarray(said.said, np.int64)]
    return silences(np.asarray(said.task, np.int64), np.asarray(said.worker, np.int64), mute, gold)
