"""Controls of the campaign: each removes one guard, and the campaign must report the named complaint."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from faults.campaign import Plan
from faults.dropped_constraints import drop_constraints

SMALL = Plan(kills=3, workers=8, tasks=60, gold=6)
POOR = Plan(kills=6, workers=8, tasks=450, gold=40)  # money for one plan more, or none


@dataclass(frozen=True, slots=True)
class Control:
    """`bot` runs (faults/broken_bots.py) on a database whose `table` has lost `constraints`; `complaint` is what
    must be found, None where nothing may be: something else still stands guard."""

    name: str
    bot: str
    complaint: str | None
    table: str = ""
    constraints: tuple[str, ...] = ()
    plan: Plan = SMALL

    @property
    def campaign(self) -> Plan:
        return replace(self.plan, bots=(self.bot,))

    def weaken(self, url: str) -> None:
        if self.table:
            drop_constraints(url, self.table, *self.constraints)

    def is_seen_in(self, untrue: Sequence[str]) -> bool:
        """Whether the campaign reported the complaint."""
        if self.complaint is None:
            return not untrue
        return any(self.complaint in line for line in untrue)


CONTROLS = (
    Control("the library's own polling", "polls_as_the_library_does", "not in the inbox"),
    Control("the offset moves before the inbox is written", "confirms_before_it_stores", "not in the inbox"),
    Control("a credit without its key", "credits_without_a_key", "is paid twice"),
    Control("a credit again, under its key", "answers_again", None),
    Control(
        "a second answer, and no key on answers",
        "accepts_a_second_answer",
        "places",
        "submissions",
        ("UNIQUE (assignment)", "UNIQUE (task, worker)"),
    ),
    Control(
        "nobody looks at the money, and no floor",
        "launches_on_credit",
        "below zero",
        "accounts",
        ("CHECK (balance >= 0 OR overdraft = 1)",),
        plan=POOR,
    ),
)
