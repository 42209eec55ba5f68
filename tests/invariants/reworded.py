"""Violations to be planted: texts that workers had read are lost, rewritten, or another version is named."""

from collections.abc import Callable

from services.projects import edits
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.house import House
from tests.invariants.plants import Plant, run

KEPT, NAMED = "each version of a project's instructions is kept", "an answer names the version of its task"


def after(*statements: str) -> Callable[[UnitOfWork, House], None]:
    """The instructions were edited once, as the chat does it; then the statements."""

    def breaks(unit: UnitOfWork, house: House) -> None:
        act = act_of(unit, house.requester)
        edits.take_text(act, {"project": house.project, "part": "instructions", "picture": ""}, "Read it twice.")
        run(*(each.format(project=house.project) for each in statements))(unit, house)

    return breaks


REWORDED = (
    Plant(
        "a version is lost",
        *(11, KEPT, "project 1"),
        after("UPDATE projects SET version = 3 WHERE id = {project}"),
    ),
    Plant(
        "what workers read is changed without a version",
        *(11, KEPT, "project 1"),
        after("UPDATE projects SET instructions = '[\"Work for nothing.\"]' WHERE id = {project}"),
    ),
    Plant(
        "an answer is said to be made under another version",
        *(11, NAMED, "submission"),
        after("UPDATE submissions SET version = 2 WHERE id = (SELECT min(id) FROM submissions)"),
    ),
)
