"""The tables of a run, and their places in docs/explanation/fairness-measured.md."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from benchmarks.fairness.controls import Control
from benchmarks.fairness.promises import Line
from benchmarks.fairness.ran import Ran
from benchmarks.tables import here

PAGE = Path("docs/explanation/fairness-measured.md")
BEGINS, ENDS = "<!-- {} begins -->", "<!-- {} ends -->"


def head(ran: Ran) -> str:
    sorts = Counter(worker.sort.name for worker in ran.workers.values())
    crowd = ", ".join(f"{count} {name}" for name, count in sorts.items())
    acts, letters = sum(map(len, ran.town.acts.values())), len(ran.town.diary)
    where = f"{here()}, {ran.town.database.dialect.name}, seed {ran.size.seed}"
    return (
        f"{where}: {ran.size.days} days, {len(ran.workers)} workers ({crowd}), {len(ran.requesters)} requesters; "
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
    again = f"Again: `python -m benchmarks fairness --seed {ran.size.seed} --write`."
    _put("simulation", f"{head(ran)} {again}\n\n{table(lines)}")


def write_controls(found: Sequence[tuple[Control, Line]]) -> None:
    rows = [control(*each) for each in found]
    head_ = ["| promise | switched off | found | its line |", "| --- | --- | --- | --- |"]
    again = "Again: `python -m benchmarks fairness --only-controls --write`."
    _put("controls", f"{here()}. {again}\n\n" + "\n".join([*head_, *rows]))


def _put(name: str, text: str) -> None:
    """Between its markers."""
    page, begins, ends = PAGE.read_text("utf-8"), BEGINS.format(name), ENDS.format(name)
    before, _, rest = page.partition(begins)
    _, _, after = rest.partition(ends)
    PAGE.write_text(f"{before}{begins}\n{text}\n{ends}{after}", "utf-8")
