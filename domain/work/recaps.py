"""A run of tasks: answers without a long break between them, summed up for their worker."""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.moments import MINUTE, Moment
from domain.money.amounts import Millionths
from domain.records import record

BREAK = 15 * MINUTE  # from one answer to the beginning of the next task: after that a new run begins
SHORT = 2  # answers from which on there is something to sum up


@dataclass(frozen=True, slots=True)
class Recap:
    """A run of `tasks` without a long break: `milliseconds` from the first task to the last answer, and its pay."""

    tasks: int
    milliseconds: int
    earned: Millionths
    currency: str


@record
class GivenAnswer:
    """An answer `at` a moment, after so many `milliseconds`, and its pay."""

    at: Moment
    milliseconds: int
    pay: Millionths
    currency: str


def run_of(answers: Iterable[GivenAnswer], now: Moment) -> Recap | None:
    """The run that the newest of these, newest first, ends; None where it is too short, or over since long."""
    tasks, earned, ended, currency = 0, 0, now, ""
    since = began = int(now)
    for answer in answers:
        if since - answer.at > BREAK or (tasks and answer.currency != currency):
            break
        since = answer.at - answer.milliseconds
        if not tasks:
            ended, began, currency = answer.at, since, answer.currency
        tasks, earned, began = tasks + 1, earned + answer.pay, min(since, began)
    return Recap(tasks, ended - began, Millionths(earned), currency) if tasks >= SHORT else None
