"""The honest card: what a worker knows before their first answer in a project."""

from dataclasses import dataclass

from domain.money.amounts import Millionths


@dataclass(frozen=True, slots=True)
class HonestCard:
    """The facts of a project before a worker's first answer.

    `hourly` is pay an hour where it is `measured`, lifted to `floor`; `milliseconds` a task takes, `stated` by the
    requester or estimated; `hours` until silence pays; `gold`: known answers decide whether pay is at once; `faq`
    entries have its questions and answers.
    """

    hourly: Millionths | None
    floor: Millionths
    milliseconds: int
    measured: bool
    stated: bool
    purpose: str
    accept: str
    hours: int
    gold: bool
    faq: int = 0
