"""Signs that typed answers were written by a machine: near to a model's beyond chance, or faster than anybody types.

They are shown to people who look into it. By themselves they restrict nobody and reject nothing.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from domain.answers import Wants, kind_of
from domain.quality.fraud.evidence import Finding, hasty
from domain.quality.fraud.plagiarism import SubmittedText, repeating
from domain.quality.machine import MachineAnswers

LONG = 40  # characters of an answer whose typing takes time
FASTEST = 20.0  # characters a second: who dictates reaches 15, who types on a phone 5
LEAST = 5  # long answers

Timed = tuple[int, int, str, float]
"""Task, worker, answer, seconds from its task's arrival."""


def signs(kind: str, machines: MachineAnswers, answers: Sequence[Timed]) -> list[Finding]:
    """Of kinds that are typed, in the order of arrival."""
    if kind_of(kind).wants is not Wants.TEXT:
        return []
    names = {name: -at for at, name in enumerate(_names(machines), start=1)}
    told = [SubmittedText(task, names[each.model], each.answer) for task, said in machines.items() for each in said]
    texts = [SubmittedText(task, worker, answer) for task, worker, answer, _ in answers]
    near = [replace(each, suspicion="machine") for each in repeating(told, texts)]
    return [*near, *_pasted(answers)]


def _names(machines: MachineAnswers) -> list[str]:
    return list(dict.fromkeys(each.model for said in machines.values() for each in said))


def _pasted(answers: Sequence[Timed]) -> list[Finding]:
    """Long answers that came in less time than typing them takes."""
    long, fast = Counter[int](), Counter[int]()
    for _, worker, answer, seconds in answers:
        if len(answer) >= LONG:
            long[worker] += 1
            fast[worker] += seconds < len(answer) / FASTEST
    found = [hasty(worker, fast[worker], count) for worker, count in long.items() if count >= LEAST]
    return [replace(each, suspicion="pasted") for each in found]
