"""Shapes of answers. Amounts are integers, millionths of the currency; moments are milliseconds since 1970."""

from __future__ import annotations

from typing import Any, TypedDict


class ProjectLine(TypedDict):
    number: int
    title: str
    state: str
    kind: str
    currency: str
    pay: int
    overlap: int
    created_at: int
    launched_at: int | None
    ended_at: int | None
    rests: list[str]


class Price(TypedDict):
    tasks: int
    gold: int
    submissions: int
    reward: int
    fee: int


class Preflight(TypedDict):
    """The pre-flight card of a project, before it is launched."""

    number: int
    title: str
    state: str
    currency: str
    pay: int
    options: list[str]
    price: Price
    available: int
    warnings: list[dict[str, Any]]


class Progress(TypedDict):
    """`tasks` closed so far; `left` is the soonest and the latest end, in milliseconds from now. `ended`: it is
    complete or stopped; `ended_by_admin`: an admin stopped it."""

    number: int
    title: str
    state: str
    currency: str
    tasks: int
    closed: int
    submissions: int
    held: int
    spent: int
    left: list[int] | None
    to_review: int
    questions: int
    ended: bool
    ended_by_admin: bool


class LaunchAsked(TypedDict):
    """`state`: waiting, launched, refused, expired or replaced."""

    number: int
    project: int
    state: str
    price: int
    currency: str
    until: int


class Review(TypedDict):
    """Review of a model's answer. `state`: decided, waiting, stopped; `by`: model or people; `answers`: of people."""

    number: int
    project: int
    id: str
    state: str
    answer: str | None
    confidence: float | None
    by: str
    answers: int


class Balance(TypedDict):
    free: list[dict[str, Any]]
    projects: list[dict[str, Any]]
    at: int
