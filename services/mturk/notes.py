"""NotifyWorkers: words to people who have worked for this requester."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.moments import DAY
from domain.mturk.errors import RANGE, RequestError
from domain.mturk.messages import ProgramNote
from services.act import Act
from services.mturk import names
from services.mturk.hit_types import text
from storage.boxes.outbox import Lane

MOST, SUBJECT, MESSAGE = 100, 200, 4_096
A_DAY = 5  # notes of one requester to one worker


@dataclass(frozen=True, slots=True)
class Failure:
    """`hard`: it will not be better another time."""

    worker: str
    hard: bool
    why: str


def notify(act: Act, *, subject: str, message_text: str, worker_ids: Sequence[str]) -> tuple[Failure, ...]:
    """NotifyWorkers. Who cannot be reached is named; nobody is named who never worked for this requester."""
    if not 1 <= len(worker_ids) <= MOST:
        raise RequestError(RANGE, f"1 to {MOST} WorkerIds.")
    note = ProgramNote(text(subject, 1, SUBJECT, "Subject"), text(message_text, 1, MESSAGE, "MessageText"))
    found = (_send(act, note, each) for each in dict.fromkeys(worker_ids))
    return tuple(each for each in found if each is not None)


def _send(act: Act, note: ProgramNote, worker_id: str) -> Failure | None:
    try:
        worker = names.worker(act, worker_id)
    except RequestError as error:
        return Failure(worker_id, True, error.message)
    if not worker.reachable:
        return Failure(worker_id, False, "This worker cannot be reached now.")
    about = f"note:{act.person.id}:{worker.id}:{act.unit.now // DAY}"
    keys = (f"{about}:{number}" for number in range(A_DAY))
    if any(act.unit.outbox.tell(worker.id, note, lane=Lane.BROADCAST, key=key) for key in keys):
        return None
    return Failure(worker_id, False, f"This worker had {A_DAY} notes of yours today. Try again tomorrow.")
