"""Violations of the ratings' rule to be planted: sums that are not those of the ratings, figures of too few."""

from collections.abc import Callable

from storage.unit import UnitOfWork
from tests.house import House
from tests.invariants.plants import Plant, run

SUMS, EARNED = "the sums of ratings are those of the ratings", "only who did enough tasks rates"


def after(*statements: str, given: int = 5) -> Callable[[UnitOfWork, House], None]:
    """So many ratings, most of them of newcomers who did their tasks, then the statements."""

    def breaks(unit: UnitOfWork, house: House) -> None:
        for at in range(given):
            worker = 900 + at
            run(
                f"INSERT INTO people (id, language, joined_at) VALUES ({worker}, 'en', 1)",
                f"INSERT INTO enrolments (worker, project, answered) VALUES ({worker}, {{project}}, 3)",
            )(unit, house)
            unit.ratings.store_marks(house.requester, unit.people.get(worker).id, (5, 4, 3, 2))  # type: ignore[arg-type]
        run(*statements)(unit, house)

    return breaks


MISRATED = (
    Plant("a mark is counted twice", *(16, SUMS, "requester"), after("UPDATE rating_sums SET clarity = clarity + 3")),
    Plant(
        "a rating is deleted and still counted",
        *(16, SUMS, "requester"),
        after("DELETE FROM ratings WHERE worker = 902"),
    ),
    Plant("the figures shown are polished", *(16, SUMS, "requester"), after("UPDATE rating_sums SET shown_pay = 20")),
    Plant(
        "figures are shown of four",
        *(16, SUMS, "requester"),
        after(
            "UPDATE rating_sums SET shown = 5, shown_pay = 20, shown_fairness = 16, shown_clarity = 12, "
            "shown_speed = 8",
            given=4,
        ),
    ),
    Plant(
        "somebody rates who did no task",
        *(16, EARNED, "worker 903"),
        after("UPDATE enrolments SET answered = 0 WHERE worker = 903"),
    ),
)
