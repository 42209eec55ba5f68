"""The command: runs it, prints the table and keeps it."""

import argparse
import asyncio
from collections.abc import Iterator

from benchmarks.databases import NAMES
from benchmarks.relay.round import AnswerRate, Measured, measure, measure_answers
from benchmarks.relay.strict import PER_SECOND
from benchmarks.tables import WRITE, Goal, goals_table, keep

BOTH = ("sqlite", "postgresql")
PACE, WAIT = 98.0, 150.0  # per cent of the limit at least, milliseconds that an answer waits at most
ANSWERS = 28.0  # answers a second of one bot at least


def main(arguments: list[str]) -> int:
    """1 when a 429 was drawn."""
    options = _parsed(arguments)
    if options.answers:
        return _measure_answers(options)
    measured = [
        asyncio.run(measure(database, options.workers, options.jitter / 1000, options.sweep, options.projects, bots))
        for database in ([options.database] if options.database else BOTH)
        for bots in dict.fromkeys((1, options.bots))
    ]
    goals = [goal for each in measured for goal in _goals(each, options.projects)]
    goals += list(_goals_of_several(measured))
    table = "\n".join([*HEAD, *map(_row, measured), "", goals_table(goals)])
    print(table)
    if options.write:
        _write(table, options)
    return int(any(each.refused for each in measured))


def _parsed(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks relay", description=__doc__)
    parser.add_argument("--workers", type=int, default=10_000, help="who are pushed a task each")
    parser.add_argument("--jitter", type=float, default=0.0, help="milliseconds calls may arrive late, at random")
    parser.add_argument("--sweep", action="store_true", help="the pushes are made while they go out, as in real life")
    parser.add_argument("--projects", type=int, default=0, help="so many more projects are open")
    parser.add_argument("--bots", type=int, default=1, help="the same again with so many bots over one database")
    parser.add_argument("--answers", type=int, default=0, metavar="PEOPLE", help="instead: so many answer at one bot")
    parser.add_argument("--seconds", type=float, default=30.0, help="of answers that are counted")
    parser.add_argument("--database", choices=BOTH, help="only this one")
    parser.add_argument("--write", action="store_true", help=WRITE)
    return parser.parse_args(arguments)


ANSWER_COLUMNS = {
    "database": "---",
    "updates come by": "---",
    "answers/s": "--:",
    "busiest second": "--:",
    "429": "--:",
    "an answer: messages sent": "--:",
    "edits": "--:",
    "toasts by a call · in a response": "---",
}


def _measure_answers(options: argparse.Namespace) -> int:
    """1 when a 429 was drawn."""
    measured = [
        asyncio.run(measure_answers(database, options.answers, options.seconds, webhook))
        for database in ([options.database] if options.database else BOTH)
        for webhook in (False, True)
    ]
    head = [f"| {' | '.join(cells)} |" for cells in (ANSWER_COLUMNS.keys(), ANSWER_COLUMNS.values())]
    goals = [
        Goal(f"{NAMES[of.database]}, {_way(of)}: answers a second of one bot", ANSWERS, of.rate, "") for of in measured
    ]
    table = "\n".join([*head, *map(_answer_row, measured), "", goals_table(goals)])
    print(table)
    if options.write:
        command = f"relay --answers {options.answers} --seconds {options.seconds:g}"
        keep("relay_answers", f"{options.answers} people answer at one bot at Telegram's own pace", command, table)
    return int(any(of.refused for of in measured))


def _way(of: AnswerRate) -> str:
    return "webhook" if of.webhook else "polling"


def _answer_row(of: AnswerRate) -> str:
    toasts = " · ".join(f"{of.calls.get(f'answerCallbackQuery{how}', 0):.2f}" for how in ("", " in a response"))
    edits = sum(count for name, count in of.calls.items() if name.startswith("editMessage"))
    calls = f"{of.calls.get('sendMessage', 0):.2f} | {edits:.2f} | {toasts}"
    return f"| {NAMES[of.database]} | {_way(of)} | {of.rate:.2f} | {of.busiest} | {of.refused} | {calls} |"


COLUMNS = {
    "database": "---",
    "bots": "--:",
    "pushes": "--:",
    "messages/s": "--:",
    "of the limit": "--:",
    "busiest second": "--:",
    "429": "--:",
    "an answer waits, ms: alone p50": "--:",
    "among pushes p50 · p99 · worst": "---",
    "CPU s (of a core)": "--:",
    "MB at first · at last": "--:",
}
HEAD = tuple(f"| {' | '.join(cells)} |" for cells in (COLUMNS.keys(), COLUMNS.values()))


def _row(of: Measured) -> str:
    waits = f"{_at(of.alone, 0.5)} | {_at(of.among, 0.5)} · {_at(of.among, 0.99)} · {_at(of.among, 1)}"
    share = f"{of.rate:.2f} | {of.rate / PER_SECOND / of.bots:.1%} | {of.busiest} | {of.refused}"
    cost = f"{of.cpu:.1f} ({of.cpu / of.seconds:.1%}) | {of.memory[0]:.0f} · {of.memory[1]:.0f}"
    return f"| {NAMES[of.database]} | {of.bots} | {of.workers:,} | {share} | {waits} | {cost} |"


def _goals(of: Measured, projects: int) -> Iterator[Goal]:
    several = f" by {of.bots} bots" if of.bots > 1 else ""
    beside = (
        f"{NAMES[of.database]}, {of.workers:,} pushed{several}{f' beside {projects:,} projects' if projects else ''}"
    )
    yield Goal(f"{beside}: share of Telegram's limit", PACE, 100 * of.rate / PER_SECOND / of.bots, " %")
    if of.among:
        yield Goal(f"{beside}: an answer waits, p99", WAIT, _milliseconds(of.among, 0.99), " ms", most=True)


def _goals_of_several(measured: list[Measured]) -> Iterator[Goal]:
    """The time of several bots against that of one."""
    for of in measured:
        one = next(each for each in measured if each.database == of.database and each.bots == 1)
        if of.bots > 1:
            name = f"{NAMES[of.database]}, {of.workers:,} pushed by {of.bots} bots: time of one bot's"
            yield Goal(name, 108 / of.bots, 100 * of.seconds / one.seconds, " %", most=True)


def _at(times: list[float], share: float) -> str:
    return f"{_milliseconds(times, share):.0f}" if times else "–"


def _milliseconds(times: list[float], share: float) -> float:
    return 1000 * sorted(times)[min(len(times) - 1, int(share * len(times)))]


def _write(table: str, options: argparse.Namespace) -> None:
    name, beside = "relay", ""
    if options.bots > 1:
        name, beside = "relay_bots", f", by one bot and by {options.bots}"
    elif options.projects:
        name, beside = "relay_projects", f", {options.projects:,} projects being open"
    again = f"relay --workers {options.workers}{' --sweep' if options.sweep else ''}"
    again += f" --projects {options.projects}" if options.projects else ""
    again += f" --bots {options.bots}" if options.bots > 1 else ""
    keep(name, f"At Telegram's own pace{beside}", again, table)
