"""One letter → the calls that show it, and what to make of each failure, by its class."""

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from telegram.error import BadRequest, Forbidden, InvalidToken, RetryAfter, TelegramError, TimedOut

from bot.clock import Clock
from bot.delivery.attachments import Later, Upload
from bot.delivery.telegram_calls import Gone, Showing, shows
from bot.transport import NotSent, OutcomeUnknown, pause_of
from handlers.screens.screen import Screen
from storage.boxes.outbox import Letter
from storage.drivers.dialects import Unavailable

QUOTED = re.compile(r'"[^"]*"?')  # what Telegram cites of a text
LONGEST = 10.0  # seconds between two tries
OFTEN = 5  # tries of a push that nobody answered

Render = Callable[[str, Mapping[str, Any], str], Screen]

log = logging.getLogger(__name__)


class Decision(Enum):
    SENT = "sent"
    DROPPED = "dropped"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"  # 429: the chat is held for `pause` seconds
    AGAIN = "again"  # after `pause` seconds, in memory
    LATER = "later"  # the same, and nothing has failed: what it brings along is on its way, or goes another way
    STOP = "stop"  # the token is not accepted


@dataclass(frozen=True, slots=True)
class Outcome:
    """`counted`: a message may have been sent or edited, so the chat must rest. `everybody`: all chats are held.

    `upload`: what Telegram keeps from now on.
    """

    letter: Letter
    verdict: Decision
    message_id: int | None = None
    reason: str = ""
    pause: float = 0.0
    counted: bool = True
    everybody: bool = False
    upload: Upload | None = None


class Sending:
    """Sends one letter at a time of its caller's choosing; keeps nothing but how often each was tried in vain."""

    def __init__(self, showing: Showing, render: Render, clock: Clock) -> None:
        self.showing, self.render, self.clock = showing, render, clock
        self.tries: dict[int, int] = {}

    async def __call__(self, letter: Letter) -> Outcome:
        """Never raises: whatever happens to a letter is its outcome."""
        if reason := self._moot(letter):
            return Outcome(letter, Decision.DROPPED, reason=reason, counted=False)
        try:
            screen = self.render(letter.screen, letter.facts, letter.language)
        except Exception as error:
            log.error("A screen can't be painted", extra=_about(letter), exc_info=error)
            return Outcome(letter, Decision.DROPPED, reason=f"bug: {type(error).__name__}", counted=False)
        outcome = await self._show(letter, screen)
        if outcome.verdict not in (Decision.AGAIN, Decision.LATER):
            self.tries.pop(letter.id, None)
        return outcome

    def _moot(self, letter: Letter) -> str:
        if letter.chat is None:
            return "nobody to send it to"
        if letter.klass == "push" and letter.assignment_state != "active":
            return f"assignment {letter.assignment_state}"
        if letter.expires_at is not None and letter.expires_at <= self.clock():
            return "expired"
        return ""

    async def _show(self, letter: Letter, screen: Screen) -> Outcome:
        try:
            shown = await self.showing(letter, screen)
            return Outcome(letter, Decision.SENT, shown.message_id, counted=shows(screen), upload=shown.upload)
        except Later as error:
            return Outcome(letter, Decision.LATER, pause=error.pause, counted=error.asked)
        except Gone:
            return Outcome(letter, Decision.DROPPED, reason="message gone")
        except RetryAfter as error:
            return Outcome(letter, Decision.REFUSED, pause=pause_of(error))
        except Forbidden:
            return Outcome(letter, Decision.UNREACHABLE, reason="unreachable")
        except BadRequest as error:
            return self._refused(letter, error)
        except InvalidToken as error:
            return self._unauthorised(letter, error)
        except TelegramError as error:
            return self._failed(letter, error)
        except Unavailable as error:  # the database is away: the letter waits for it
            return Outcome(letter, Decision.AGAIN, reason=type(error).__name__, pause=1.0, counted=False)
        except Exception as error:
            log.error("A letter can't be sent", extra=_about(letter), exc_info=error)
            return Outcome(letter, Decision.DROPPED, reason=f"bug: {type(error).__name__}")

    def _refused(self, letter: Letter, error: BadRequest) -> Outcome:
        if "chat not found" in error.message.lower() or "user is deactivated" in error.message.lower():
            return Outcome(letter, Decision.UNREACHABLE, reason="unreachable")
        reason = QUOTED.sub('"…"', error.message)[:60]
        log.error("Telegram refused a letter", extra={**_about(letter), "reason": reason})
        return Outcome(letter, Decision.DROPPED, reason=f"refused: {reason}")

    def _unauthorised(self, letter: Letter, error: InvalidToken) -> Outcome:
        """The library says the same of a method the server does not know: that is about this letter alone."""
        if "unauthorized" in error.message.lower():
            return Outcome(letter, Decision.STOP)
        return Outcome(letter, Decision.DROPPED, reason="refused: unknown method", counted=False)

    def _failed(self, letter: Letter, error: TelegramError) -> Outcome:
        """No answer, or 5xx. What surely was not sent is sent again; what may have been, as its class says: a task may
        stand twice, but whoever has it in hand must see it."""
        sent_perhaps, unanswered = not isinstance(error, NotSent), isinstance(error, OutcomeUnknown | TimedOut)
        tried = self.tries.get(letter.id, 0)
        often = letter.klass == "push" and unanswered and tried >= OFTEN
        given_up = sent_perhaps and (letter.klass == "nudge" or often)
        if given_up:
            return Outcome(letter, Decision.DROPPED, reason="outcome unknown")
        if sent_perhaps or letter.klass == "sure":
            self.tries[letter.id] = tried + 1
        pause = min(LONGEST, 1.0 * 2 ** min(tried, 5))
        return Outcome(letter, Decision.AGAIN, reason=type(error).__name__, pause=pause, counted=sent_perhaps)


def _about(letter: Letter) -> dict[str, Any]:
    return {"letter": letter.id, "screen": letter.screen, "lane": letter.lane.name.lower(), "class": letter.klass}
