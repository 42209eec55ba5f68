"""To which of several bots a person belongs, and which bot new people are led to."""

from domain.people.accounts import Person
from storage.unit import UnitOfWork

NEWEST_PEOPLE = 1_000  # among whom it is counted to which bot newcomers went
LETTERS_PER_SECOND = 30  # that Telegram takes of one bot


def note_accepted(unit: UnitOfWork, bot: int, username: str) -> None:
    """Store a bot's username, as Telegram says it, for links."""
    unit.bots.note_accepted(bot, username)


def note_refused(unit: UnitOfWork, bot: int) -> None:
    """Store that Telegram refuses the bot's token: nobody is led to it, and its people may move."""
    unit.bots.note_refused(bot)


def link_to_bot(unit: UnitOfWork, token: str) -> str | None:
    """Return the address that starts a bot with this token; None before Telegram has named one. Of several bots it is
    the one with the fewest letters that wait to be sent, in seconds, then with the fewest of the newest people."""
    bots = [bot for bot in unit.bots.list() if bot.is_at_work]
    if len(bots) > 1:
        letters, newest = unit.outbox_queue.lags_by_bot(), unit.bots.count_newest_people(NEWEST_PEOPLE)
        waiting = {number: count // LETTERS_PER_SECOND for number, (count, _) in letters.items()}
        bots.sort(key=lambda bot: (waiting.get(bot.id, 0), newest.get(bot.id, 0), bot.id))
    return f"https://t.me/{bots[0].username}?start={token}" if bots else None


def move_to_answering_bot(unit: UnitOfWork, person: Person) -> bool:
    """Let the person belong to the bot that they write to; return False if they do already.

    What a bot whose token is refused was to send them, the new one sends; what another is about to send still comes
    from there."""
    bot = unit.outbox.answering_bot
    if bot is None or bot == person.bot:
        return False
    unit.bots.move(person.id, bot)
    if _is_refused(unit, person.bot):
        unit.outbox_queue.pass_on(person.id, person.bot, bot)
    return True


def leave_silent_bot(unit: UnitOfWork, person: Person) -> bool:
    """Let the person belong to the bot that they write to if theirs cannot write to them: they blocked it, or its token
    is refused. Return whether they moved."""
    bot = unit.outbox.answering_bot
    if bot is None or bot == person.bot or (person.reachable and not _is_refused(unit, person.bot)):
        return False
    return move_to_answering_bot(unit, person)


def _is_refused(unit: UnitOfWork, bot: int) -> bool:
    """Return whether Telegram refuses the bot's token, or nobody runs the bot any more."""
    stored_bot = unit.bots.find(bot)
    return stored_bot is None or not stored_bot.is_at_work
