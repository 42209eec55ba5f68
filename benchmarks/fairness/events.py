"""What happens in a town a few times: an admin suspends somebody, workers sign a petition, stewards are elected."""

from functools import partial
from random import Random

from benchmarks.fairness.ran import Ran
from benchmarks.fairness.requesters import Admin
from benchmarks.fairness.town import Doing
from benchmarks.fairness.workers import Worker
from domain.fairness.board import HOUSE
from domain.fairness.elections import BoardBallot
from domain.moments import DAY, later
from handlers.fairness.board import OpenBoard, SendPost, SignPetition, TakePen, WritePost
from handlers.fairness.elections import StandForSteward, TakeBallot, Vote
from handlers.fairness.stops import SuspendPerson
from services.act import Reply
from storage.unit import UnitOfWork

SUSPENDS, WRITES, STANDS = (3, 9, 14), (3, 16), 2  # days
VOTES, ENDS = 8, 15  # days after candidates stood
TRIED, SIGN, RUN, CAST = 40, 150, 6, 60  # people who try
LATEST = "SELECT coalesce(max(post), 0) FROM board_petitions"


def begin(ran: Ran, admins: list[Admin], random: Random) -> None:
    """As many as there is time for."""
    for number, day in enumerate(SUSPENDS):
        _on(ran, day, partial(_suspend, ran, admins[number % len(admins)], random))
    for day in WRITES:
        _on(ran, day, partial(_petition, ran, random))
    _on(ran, STANDS, partial(_stand, ran, random))
    _on(ran, STANDS + VOTES, partial(_vote, ran, random))


def _on(ran: Ran, day: float, do: Doing) -> None:
    ran.town.at(later(ran.town.now, int((day + 0.2) * DAY)), do)


def _some(ran: Ran, random: Random, count: int) -> list[Worker]:
    known = [ran.workers[person] for person in sorted(ran.workers)]
    return random.sample(known, min(count, len(known)))


async def _suspend(ran: Ran, admin: Admin, random: Random) -> None:
    for worker in _some(ran, random, 1):
        await ran.town.press(admin.id, SuspendPerson(person=worker.id))
        await ran.town.types(admin.id, "Several accounts gave the same answers within seconds.")


async def _petition(ran: Ran, random: Random) -> None:
    """The first who may write on the house's board does; the next days others sign."""
    before = await ran.town.database.transact(_latest, ran.town.now)
    for worker in _some(ran, random, TRIED):
        await _pen(ran, worker)
        await ran.town.press(worker.id, WritePost(board=HOUSE, petition=True, pen=worker.pen))
        await ran.town.types(worker.id, "We ask for tasks of ten seconds to be paid as tasks of ten seconds.")
        await ran.town.press(worker.id, SendPost(yes=True))
        post = await ran.town.database.transact(_latest, ran.town.now)
        if post > before:
            for signer in _some(ran, random, SIGN):
                ran.town.at(later(ran.town.now, random.randrange(DAY)), partial(_sign, ran, signer, post))
            return


async def _sign(ran: Ran, worker: Worker, post: int) -> None:
    await _pen(ran, worker)
    await ran.town.press(worker.id, SignPetition(post=post, pen=worker.pen))


async def _pen(ran: Ran, worker: Worker) -> None:
    """Once a month; who has one keeps it."""
    await ran.town.press(worker.id, OpenBoard(board=HOUSE))
    worker.pen = getattr(await ran.town.press(worker.id, TakePen(board=HOUSE)), "pen", worker.pen)


async def _stand(ran: Ran, random: Random) -> None:
    for worker in _some(ran, random, RUN):
        await ran.town.press(worker.id, StandForSteward())


async def _vote(ran: Ran, random: Random) -> None:
    """Some change their mind: the last press counts."""
    for worker in _some(ran, random, CAST):
        paper = await ran.town.press(worker.id, TakeBallot())
        for _ in range(random.choice((1, 1, 2))):
            if isinstance(paper, BoardBallot) and paper.candidates:
                chosen = random.choice(paper.candidates).person
                cast = await ran.town.press(worker.id, Vote(election=paper.number, candidate=chosen, pen=paper.pen))
                if isinstance(cast, Reply):
                    ran.truth.votes[worker.id] = chosen


def _latest(unit: UnitOfWork) -> int:
    return int(unit.connection.all(LATEST)[0][0])
