"""The bots over this database: their names, whether Telegram refuses a token, and to which one a person belongs."""

from collections.abc import Sequence

from domain.moments import Moment
from domain.people.accounts import PersonId
from domain.people.bots import NUMBERS_PER_BOT, Bot
from storage.drivers.connection import Connection, Row
from storage.drivers.records import columns
from storage.invariants import Invariant

_BOT = columns(Bot)
SELECT_BOTS = f"SELECT {_BOT} FROM bots ORDER BY id"
SELECT_BOT = f"SELECT {_BOT} FROM bots WHERE id = :id"
INSERT_BOT = """
INSERT INTO bots (id, name) SELECT coalesce(max(id), 0) + 1, :name FROM bots WHERE 1 = 1
ON CONFLICT (name) DO NOTHING"""
SET_USERNAME = "UPDATE bots SET username = :username, refused_at = NULL WHERE id = :id"
SET_REFUSED = "UPDATE bots SET refused_at = :now WHERE id = :id AND refused_at IS NULL"
COUNT_NEWEST_PEOPLE = """
SELECT bot, count(*) FROM (
  SELECT bot FROM people WHERE telegram_id IS NOT NULL ORDER BY id DESC LIMIT :limit) AS newest GROUP BY bot"""
SET_BOT = "UPDATE people SET bot = :bot WHERE id = :person"


class Bots:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def list(self) -> list[Bot]:
        """Return all bots there ever were, by number."""
        return [_to_bot(row) for row in self._db.all(SELECT_BOTS)]

    def find(self, bot: int) -> Bot | None:
        row = self._db.one(SELECT_BOT, id=bot)
        return _to_bot(row) if row else None

    def number(self, names: Sequence[str]) -> dict[str, int]:
        """Return the number of each of these bots, by name; new names get the next numbers. A bot that is named no
        longer gets no new people."""
        for name in names:
            self._db.changed(INSERT_BOT, name=name)
        for bot in self.list():
            if bot.name not in names:
                self._db.changed(SET_USERNAME, id=bot.id, username="")
        return {bot.name: bot.id for bot in self.list() if bot.name in names}

    def find_numbers(self, names: Sequence[str]) -> dict[str, int] | None:
        """Return what `number` would without writing; None where it would have to write."""
        bots = self.list()
        numbers = {bot.name: bot.id for bot in bots if bot.name in names}
        is_stored = len(numbers) == len(names) and not any(bot.username for bot in bots if bot.name not in names)
        return numbers if is_stored else None

    def note_accepted(self, bot: int, username: str) -> None:
        """Store the username that Telegram gives for a bot's token."""
        stored_bot = self.find(bot)
        if stored_bot is None or (stored_bot.username, stored_bot.refused_at) != (username, None):
            self._db.changed(SET_USERNAME, id=bot, username=username)

    def note_refused(self, bot: int) -> None:
        """Store that Telegram refuses the bot's token from now on."""
        self._db.changed(SET_REFUSED, id=bot, now=self._now)

    def count_newest_people(self, limit: int) -> dict[int, int]:
        """Return by bot how many of the newest `limit` people belong to it; a bot without any is left out."""
        return {row[0]: int(row[1]) for row in self._db.all(COUNT_NEWEST_PEOPLE, limit=limit)}

    def move(self, person: PersonId, bot: int) -> None:
        """Let a person belong to another bot."""
        self._db.send(SET_BOT, person=person, bot=bot)


def _to_bot(row: Row) -> Bot:
    return Bot(*row)


# Rule 9: a letter is sent by the bot whose message it edits, and the message that it became is that bot's own.
LETTERS_ARE_OF_THEIR_BOT = Invariant(
    9,
    "every message is sent and edited by the bot whose it is",
    f"""
SELECT 'letter ' || id AS subject, 'bot ' || bot || ', edits ' || coalesce('' || edits, 'nothing')
  || ', is message ' || coalesce('' || message_id, 'none') AS detail
FROM outbox WHERE (edits > 0 AND edits / {NUMBERS_PER_BOT} + 1 <> bot)
  OR (message_id > 0 AND message_id / {NUMBERS_PER_BOT} + 1 <> bot)""",
)
