"""Violations of rule 9 to be planted: updates or letters that are lost, doubled or given up."""

from domain.people.bots import NUMBERS_PER_BOT
from storage.boxes.inbox import ReceivedUpdate
from storage.unit import UnitOfWork
from tests.house import House
from tests.invariants.plants import Plant, run

UPDATE = "INSERT INTO inbox (update_id, person, payload, state, tries, received_at, ended_at)"


def lose_an_update(unit: UnitOfWork, house: House) -> None:
    for first in (7, 9):  # the second delivery goes on where the first ended
        unit.inbox.store(ReceivedUpdate(number, 0, {"update_id": number}) for number in (first, first + 1))
    run("DELETE FROM inbox WHERE update_id = 8")(unit, house)


BOXES = (
    Plant(
        "an update is given up without a reason",
        *(9, "every update waits or ends with a reason", "update 5"),
        run(f"{UPDATE} VALUES (5, 0, '', 'dead', 0, 1, 1)"),
    ),
    Plant(
        "an update is stored twice",
        *(9, "every update is known once", "update 5"),
        run(f"{UPDATE} VALUES (5, 0, '', 'waiting', 0, 1, NULL), (5, 0, '', 'waiting', 0, 1, NULL)"),
        stripped=("inbox",),
    ),
    Plant(
        "an update is lost",
        *(9, "every update that was confirmed is in the inbox", "updates 7 to 10"),
        lose_an_update,
    ),
    Plant(
        "a message is said twice",
        *(9, "every keyed message is said once", "letter"),
        run("UPDATE outbox SET key = 'same'"),
        stripped=("outbox",),
    ),
    Plant(
        "a message is another bot's",
        *(9, "every message is sent and edited by the bot whose it is", "letter"),
        run(f"UPDATE outbox SET message_id = {NUMBERS_PER_BOT} + 7"),
    ),
)
