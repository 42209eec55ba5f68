"""The table of a campaign, and its page in the manual."""

import argparse
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date

from tests.crash.campaign import Found
from tests.crash.controls import Control


@dataclass(frozen=True, slots=True)
class Line:
    """What one campaign, or one negative control, came to."""

    database: str
    name: str
    kills: int = 0
    confirmed: int = 0
    told: int = 0
    stored: int = 0
    moved: Counter[str] = field(default_factory=Counter)
    untrue: tuple[str, ...] = ()
    control: Control | None = None

    def plus(self, kills: int, found: Found) -> "Line":
        return replace(
            self,
            kills=self.kills + kills,
            confirmed=self.confirmed + found.confirmed,
            told=self.told + found.told,
            stored=self.stored + found.stored,
            moved=self.moved + found.moved,
            untrue=(*self.untrue, *found.untrue),
        )

    @property
    def is_well(self) -> bool:
        """The product keeps its promises; a control is seen through."""
        return not self.untrue if self.control is None else self.control.is_seen_in(self.untrue)

    @property
    def verdict(self) -> str:
        if self.control is None:
            return "kept" if self.is_well else f"BROKEN: {self.untrue[0]}"
        if not self.is_well:
            return "NOT SEEN"
        return "green: the key alone is enough" if self.control.complaint is None else f"red: {self._seen()}"

    def _seen(self) -> str:
        complaint = self.control.complaint if self.control and self.control.complaint else ""
        return next(line for line in self.untrue if complaint in line).partition("\n")[0][:110]


HEAD = """| database | what | kills | updates confirmed | answers told received | answers stored | untrue | verdict |
| --- | --- | --: | --: | --: | --: | --: | --- |"""


def table(lines: list[Line]) -> str:
    rows = (
        f"| {line.database} | {line.name} | {line.kills} | {line.confirmed:,} | {line.told:,} | {line.stored:,} "
        f"| {len(line.untrue)} | {line.verdict} |"
        for line in lines
    )
    return "\n".join((HEAD, *rows))


def moved(lines: list[Line]) -> str:
    """How often each kind of transfer was made, by database."""
    rounds = [line for line in lines if line.control is None]
    kinds = sorted({kind for line in rounds for kind in line.moved})
    head = f"| database | {' | '.join(kinds)} |\n| --- |{' --: |' * len(kinds)}"
    return "\n".join([head, *(f"| {line.database} | {_counts(line, kinds)} |" for line in rounds)])


def _counts(line: Line, kinds: list[str]) -> str:
    return " | ".join(f"{line.moved[kind]:,}" for kind in kinds)


def page(lines: list[Line], options: argparse.Namespace, day: date, seconds: float) -> str:
    return f"""# Through kills: what is kept

Measured on {day} with `python -m benchmarks faults --kills {options.kills} --seed {options.seed} --write` in \
{seconds / 60:.0f} minutes.

The real process (`pouce run`) works for 32 people who press at once, twice, differently, and old buttons too, and for
a requester with more plans than money who launches, stops, accepts, rejects and gives bonuses; workers have their
earnings paid out, appeal and judge; an admin makes bank files and passes on what the bank says. All of them guess
the numbers and say everything twice. The process is killed with signal 9
at a random moment, while it starts or while it works; what is pressed while it is down is the backlog of its next
life. After every 25 kills it lives once in peace, and then is held against the phones' own memory: no answer that was
told received is missing or other than it was pressed, no confirmed update is missing from the inbox or undone, what
each worker has is pay × answers to the millionth, budgets and fees likewise, and all of `pouce verify` holds.

A campaign that can't fail says nothing. So one thing at a time is taken away (a guard of the program and the key or
floor of the database behind it), and the same reckoning must then complain.

{table(lines)}

Transfers in the rounds without controls:

{moved(lines)}
"""
