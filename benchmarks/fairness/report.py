"""The tables of a run, written to `benchmarks/results/`; docs/explanation/fairness-measured.md explains them."""

from collections import Counter
from collections.abc import Sequence

from benchmarks.fairness.controls import Control
from benchmarks.fairness.promises import Line
from benchmarks.fairness.ran import Ran
from benchmarks.tables import keep

SIMULATION, CONTROLS = "fairness", "fairness-controls"  # names of pages


def head(ran: Ran) -> str:
    sorts = Counter(worker.sort.name for worker in ran.workers.values())
    crowd = ", ".join(f"{count} {name}" for name, count in sorts.items())
    acts, letters = sum(map(len, ran.town.acts.values())), len(ran.town.diary)
    return (
        f"{ran.town.database.dialect.name}, seed {ran.size.seed}: {ran.size.days} days, "
        f"{len(ran.workers)} workers ({crowd}), {len(ran.requesters)} requesters; "
        f"{acts:,} acts, {letters:,} messages, {len(ran.town.bugs)} errors, in {ran.seconds / 60:.0f} minutes."
    )


def table(lines: Sequence[Line]) -> str:
    rows = [
        f"| {each.promise.name} | {each.promise.measured} | {each.verdict.found} | {each.verdict.word} "
        f"| {each.promise.held_by} | {each.promise.test} |"
        for each in lines
    ]
    return "\n".join(
        ["| promise | measured | found | | held by | test |", "| --- | --- | --- | --- | --- | --- |", *rows]
    )


def control(off: Control, line: Line) -> str:
    red = "red" if line.verdict.broken else "**not red**"
    return f"| {off.promise} | {off.off} | {line.verdict.found} | {red} |"


def write(ran: Ran, lines: Sequence[Line]) -> None:
    keep(
        SIMULATION, "The promises of thirty days", f"fairness --seed {ran.size.seed}", f"{head(ran)}\n\n{table(lines)}"
    )


def write_controls(pairs: Sequence[tuple[Control, Line]]) -> None:
    rows = [control(off, line) for off, line in pairs]
    head_rows = ["| promise | switched off | found | its line |", "| --- | --- | --- | --- |"]
    keep(CONTROLS, "Promises switched off", "fairness --only-controls", "\n".join([*head_rows, *rows]))
