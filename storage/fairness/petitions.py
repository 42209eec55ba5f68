"""Petitions and their voices, one a pen."""

from domain.fairness.board import ANSWER_IN, COLLECTS, HOUSE, BoardId, Petition, PetitionState, PostId, day_of
from domain.moments import DAY, Moment
from storage.drivers.connection import Connection, Row
from storage.drivers.records import columns, each, first

_PETITION = columns(Petition)

BEGIN = """
INSERT INTO board_petitions (post, board, closes, state) VALUES (:post, :board, :closes, 'open')"""
GET = f"SELECT {_PETITION} FROM board_petitions WHERE post = :post"
SIGN = """
INSERT INTO board_signatures (post, signer, month) VALUES (:post, :signer, :month)
ON CONFLICT (post, signer) DO NOTHING"""
SIGNED = "SELECT 1 FROM board_signatures WHERE post = :post AND signer = :signer"
# Pens of one month are of different people: the best month counts.
VOICES = """
SELECT count(*) FROM board_signatures WHERE post = :post GROUP BY month ORDER BY count(*) DESC LIMIT 1"""
CARRY = """
INSERT INTO board_signatures (post, signer, month) SELECT :again, signer, month FROM board_signatures
WHERE post = :post"""
COUNT = "UPDATE board_petitions SET voices = :voices WHERE post = :post"
ASK = "UPDATE board_petitions SET state = 'asked', due = :due WHERE post = :post AND state = 'open'"
ANSWER = """
UPDATE board_petitions SET answer = :answer, answered_on = :today,
  state = CASE state WHEN 'asked' THEN 'answered' ELSE state END
WHERE post = :post AND state IN ('asked', 'unanswered') AND answer IS NULL"""
# The first condition is that of an index.
ASKED = """
SELECT post FROM board_petitions WHERE state IN ('open', 'asked') AND state = 'asked' AND board = :board
ORDER BY due, post LIMIT :limit"""
OVERDUE = f"""
SELECT {_PETITION} FROM board_petitions
WHERE state IN ('open', 'asked') AND (CASE state WHEN 'open' THEN closes ELSE due END) < :today
ORDER BY post LIMIT :limit"""
END = """
UPDATE board_petitions SET state = CASE state WHEN 'open' THEN 'lapsed' ELSE 'unanswered' END
WHERE post = :post AND state IN ('open', 'asked')"""

# Of an asked one, too: no answer is due any more.
WITHDRAW = """
UPDATE board_petitions SET state = 'lapsed', due = NULL WHERE post = :post AND state IN ('open', 'asked')"""


def petition_from(row: Row) -> Petition:
    values = list(row)
    values[7] = PetitionState(values[7])
    return Petition(*values)


class Petitions:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._today = day_of(now)

    def begin(self, post: PostId, board: BoardId) -> None:
        self._db.changed(BEGIN, post=post, board=board, closes=self._today + COLLECTS * DAY)

    def find(self, post: PostId) -> Petition | None:
        row = self._db.one(GET, post=post)
        return petition_from(row) if row else None

    def carry(self, post: PostId, again: PostId, board: BoardId) -> int:
        """The petition goes on as another post, with the voices it has."""
        self.begin(again, board)
        self._db.changed(CARRY, post=post, again=again)
        voices = int(first(self._db.one(VOICES, post=again), 0))
        self._db.changed(COUNT, post=again, voices=voices)
        return voices

    def sign(self, post: PostId, signer: str, month: int) -> int | None:
        """How many signed by now; None for who had signed before."""
        if not self._db.changed(SIGN, post=post, signer=signer, month=month):
            return None
        voices = int(first(self._db.one(VOICES, post=post)))
        self._db.changed(COUNT, post=post, voices=voices)
        return voices

    def signed(self, post: PostId, signer: str) -> bool:
        return self._db.one(SIGNED, post=post, signer=signer) is not None

    def ask(self, post: PostId) -> Moment | None:
        """Enough have signed: the last day for an answer; None where it was asked before."""
        due = Moment(self._today + ANSWER_IN * DAY)
        return due if self._db.changed(ASK, post=post, due=due) else None

    def asked_of_house(self, limit: int) -> list[PostId]:
        """Those that wait for the admins' answer, the most urgent first."""
        return each(self._db.all(ASKED, board=HOUSE, limit=limit))

    def answer(self, post: PostId, answer: str) -> bool:
        """Once, in time or late."""
        return self._db.changed(ANSWER, post=post, answer=answer, today=self._today) == 1

    def overdue(self, limit: int) -> list[Petition]:
        return [petition_from(row) for row in self._db.all(OVERDUE, today=self._today, limit=limit)]

    def withdraw(self, post: PostId) -> None:
        """It was taken back, or hidden: it collects no voices and waits for no answer."""
        self._db.changed(WITHDRAW, post=post)

    def end(self, post: PostId) -> None:
        """Lapsed, or met by silence."""
        self._db.changed(END, post=post)
