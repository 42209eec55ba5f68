"""The tables of a campaign, and their page in the manual."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from benchmarks.faults.scenario import BOTH, Scenario
from faults.memory import Found


@dataclass(frozen=True, slots=True)
class Line:
    """What one scenario came to on one database."""

    database: str
    scenario: Scenario
    kills: int = 0
    seconds: float = 0.0
    confirmed: int = 0
    told: int = 0
    stored: int = 0
    moved: Counter[str] = field(default_factory=Counter)
    untrue: tuple[str, ...] = ()
    day: date = field(default_factory=lambda: datetime.now(UTC).date())

    def plus(self, kills: int, seconds: float, found: Found) -> "Line":
        return replace(
            self,
            kills=self.kills + kills,
            seconds=self.seconds + seconds,
            confirmed=self.confirmed + found.confirmed,
            told=self.told + found.told,
            stored=self.stored + found.stored,
            moved=self.moved + found.moved,
            untrue=(*self.untrue, *found.untrue),
        )

    @property
    def is_well(self) -> bool:
        """The product keeps its promises; a control is seen through."""
        control = self.scenario.control
        return not self.untrue if control is None else control.is_seen_in(self.untrue)

    @property
    def verdict(self) -> str:
        if self.scenario.control is None:
            return "kept" if self.is_well else f"BROKEN: {_short(self.untrue[0])}"
        if not self.is_well:
            return "NOT SEEN"
        complaint = self.scenario.control.complaint
        if complaint is None:
            return "green: the key alone is enough"
        return f"red: {_short(next(line for line in self.untrue if complaint in line))}"


def _short(text: str) -> str:
    return text.partition("\n")[0][:110].replace("|", "/")


def table(lines: Iterable[Line]) -> str:
    """Each scenario with the line that must hold; then each control with the complaint."""
    kept = [line for line in lines if line.scenario.control is None]
    taken = [line for line in lines if line.scenario.control]
    databases = [database for database in BOTH if any(line.database == database for line in lines)]
    parts = [_rows(["what happens", "the line that must hold"], databases, kept)] if kept else []
    return "\n\n".join((*parts, *([_rows(["what is taken away"], databases, taken)] if taken else ())))


def _rows(heads: list[str], databases: list[str], lines: list[Line]) -> str:
    found = {(line.scenario.name, line.database): line for line in lines}
    rows = [f"| {' | '.join((*heads, *databases))} |", f"|{' --- |' * (len(heads) + len(databases))}"]
    for scenario in {line.scenario.name: line.scenario for line in lines}.values():
        told = (scenario.name, scenario.line) if len(heads) > 1 else (scenario.name,)
        cells = (_cell(found.get((scenario.name, database))) for database in databases)
        rows.append(f"| {' | '.join((*told, *cells))} |")
    return "\n".join(rows)


def _cell(line: Line | None) -> str:
    if line is None:
        return "–"
    if line.scenario.control:
        return line.verdict
    kills = f", {line.kills} kills" if line.kills else ""
    return f"{line.verdict}: {line.told:,} of {line.stored:,} received{kills}, {line.seconds:.0f} s"


def moved(lines: list[Line]) -> str:
    """How often each kind of transfer was made, by database."""
    sums = {line.database: Counter[str]() for line in lines}
    for line in lines:
        if line.scenario.control is None:
            sums[line.database] += line.moved
    kinds = sorted({kind for counts in sums.values() for kind in counts})
    head = f"| database | {' | '.join(kinds)} |\n| --- |{' --: |' * len(kinds)}"
    rows = (f"| {name} | {' | '.join(f'{counts[kind]:,}' for kind in kinds)} |" for name, counts in sums.items())
    return "\n".join([head, *rows])


def page(lines: list[Line], seed: int) -> str:
    days = " and ".join(sorted({str(line.day) for line in lines}))
    took = {name: sum(line.seconds for line in lines if line.database == name) / 60 for name in BOTH}
    minutes = " and ".join(f"{count:.0f} minutes on {name}" for name, count in took.items() if count)
    return f"""# Through faults: what is kept

Measured on {days} with `python -m benchmarks faults --seed {seed} --write`: {minutes}.
One scenario alone: `--only NAME`; one database alone: `--database sqlite`; more kills: `--kills 500`; in parts:
`--record FILE`.

The real process (`pouce run`) works for a crowd of workers who press at once, twice, differently, and old buttons too,
and for a requester with more plans than money who launches, stops, accepts, rejects and gives bonuses; workers have
their earnings paid out, appeal and judge; an admin makes bank files and passes on what the bank says. All of them
guess the numbers and say everything twice. Then something happens. What is pressed while the bot is down is the
backlog of its next life. Afterwards there is peace, and the database is held against the phones' own memory: no answer
that was told received is missing or other than it was pressed, no confirmed update is missing from the inbox or undone,
whatever is in somebody's hands stands on their phone, what each worker has is pay × answers to the millionth, budgets
and fees likewise, and all of `pouce verify` holds. Beside it stands the line of each scenario. “340 of 352 received”:
so many answers were told received, of so many stored (the others were answered while nobody could say so).

A campaign that can't fail says nothing. So one thing at a time is taken away (a guard of the program and the key or
floor of the database behind it), and the same reckoning must then complain. Places counted before they are taken need
two who write: SQLite has one writer, who takes them one after another.

{table(lines)}

Found by it, and mended: a task's message that Telegram had answered with 5xx, or cut off, twice was given up while the
task stayed in hand, unseen; an update handled a moment too early counted as failed, and was given up after three such
moments; a press that overtook a message waited behind itself; a start that drew 429 asked again too soon; a disk too
full for the log ended the bot; letters written before a clock was set back waited for the hour to come again.

Transfers in the scenarios without controls:

{moved(lines)}
"""
