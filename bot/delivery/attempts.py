"""One attempt at a letter: its calls to Telegram, and the decision on each class of failure."""

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import Enum
from typing import Any

from telegram.error import BadRequest, Forbidden, InvalidToken, RetryAfter, TelegramError, TimedOut

from bot.clock import Clock
from bot.delivery.attachments import Later, Partly, UploadedFile
from bot.delivery.telegram_calls import Gone, TelegramCalls, shows
from bot.transport import NotSent, OutcomeUnknown, is_unknown_method, pause_of
from domain.fairness.board import is_of_board
from domain.messages import Message
from domain.records import record
from formats.errors import is_full
from handlers.screens.screen import Screen
from storage.boxes.letters import Letter
from storage.drivers.dialects import Unavailable
from storage.drivers.errors import named

QUOTED = re.compile(r'"[^"]*"?' + r"|'\w+:[^']*'?")  # Telegram's quotation of a text, or of a button's address
REASON_CHARS = 100
NO_ROOM_SECONDS = 60.0  # until a file is made again for which the disk had no room
LONGEST = 10.0  # seconds between two tries that hold its chat's other letters back
IN_TURN = 2  # so many tries; then it steps aside, and the others go on
FARTHEST = 300.0  # seconds between two tries of a letter that stands aside
EXPIRED = "expired"  # why one was given up that came too late
NEWER = "expired: newer"  # why an edit was given up whose message shows what was written later
REFUSED = "refused: "  # begins why one was given up that Telegram does not take
UNKNOWN = "outcome unknown"  # why a letter was given up that may have been sent
OFTEN = 5  # tries of a push without an answer, and of a file Telegram refuses

Render = Callable[[str, Mapping[str, Any] | Message, str], Screen]

log = logging.getLogger(__name__)


class OutcomeKind(Enum):
    SENT = "sent"
    DROPPED = "dropped"
    UNREACHABLE = "unreachable"
    FAILED = "failed"  # refused for good, or a bug of ours: an alarm
    REFUSED = "refused"  # 429: the chat is held for `pause` seconds
    NO_ROOM = "no room"  # its file could not be made: the disk is full; it stands aside
    AGAIN = "again"  # after `pause` seconds, in memory
    LATER = "later"  # the same without a failure: its attachment is being uploaded, or goes another way
    PARTLY = "partly"  # a part is there, what is left goes in its next turn
    STOP = "stop"  # the token is not accepted


@record
class Outcome:
    """`counted`: a message may have been sent or edited, so the chat must rest. `everybody`: all chats are held.

    `upload`: the file Telegram holds from now on. `tries`: how often it was tried in vain. `linked`: its picture
    could not be loaded.
    """

    letter: Letter
    verdict: OutcomeKind
    message_id: int | None = None
    reason: str = ""
    pause: float = 0.0
    counted: bool = True
    everybody: bool = False
    upload: UploadedFile | None = None
    tries: int = 0
    linked: bool = False

    @property
    def by_telegram(self) -> bool:
        """Whether Telegram refused it for good; the others that failed are bugs of ours."""
        return self.verdict is OutcomeKind.FAILED and self.reason.startswith(REFUSED)

    @property
    def stuck(self) -> bool:
        """Whether it has had its turns: its chat's other letters need not wait for it any longer."""
        return self.tries >= IN_TURN

    @property
    def aside(self) -> float:
        """Seconds until a letter that stands aside is tried again."""
        return min(FARTHEST, self.pause + float(2 ** min(self.tries, 9)))


class Attempts:
    """Sends one letter at a time of its caller's choosing; keeps only the number of failed attempts of each."""

    def __init__(self, calls: TelegramCalls, render: Render, clock: Clock) -> None:
        self.calls, self.render, self.clock = calls, render, clock
        self.tries: dict[int, int] = {}

    async def __call__(self, letter: Letter) -> Outcome:
        """Never raises: every failure becomes an outcome."""
        if reason := self._moot(letter):
            return Outcome(letter, OutcomeKind.DROPPED, reason=reason, counted=False)
        try:
            screen = self.render(letter.screen, letter.message or letter.facts, letter.language)
        except Exception as error:
            log.error("A screen cannot be rendered", extra=_about(letter), exc_info=error)
            return Outcome(letter, OutcomeKind.FAILED, reason=f"bug: {type(error).__name__}", counted=False)
        return self._remembered(letter, await self._show(letter, screen))

    def _remembered(self, letter: Letter, outcome: Outcome) -> Outcome:
        """How often in all, where it was in vain once more; a row knows of the tries before a restart."""
        if outcome.verdict not in (OutcomeKind.AGAIN, OutcomeKind.LATER, OutcomeKind.REFUSED):
            self.tries.pop(letter.id, None)
            return outcome
        if not outcome.counted:
            return outcome
        self.tries[letter.id] = self._tried(letter) + 1
        return replace(outcome, tries=self.tries[letter.id])

    def _tried(self, letter: Letter) -> int:
        return max(letter.tries, self.tries.get(letter.id, 0))

    def _moot(self, letter: Letter) -> str:
        if letter.chat is None:
            return "nobody to send it to"
        if letter.klass == "push" and letter.assignment_state != "active":
            return f"assignment {letter.assignment_state}"
        if letter.expires_at is not None and letter.expires_at <= self.clock():
            return EXPIRED
        return NEWER if letter.outdated else ""

    async def _show(self, letter: Letter, screen: Screen) -> Outcome:
        try:
            shown = await self.calls(letter, screen)
            sent = OutcomeKind.SENT
            return Outcome(
                letter, sent, shown.message_id, counted=shows(screen), upload=shown.upload, linked=shown.linked
            )
        except Later as error:
            return self._later(letter, error)
        except Gone:
            return Outcome(letter, OutcomeKind.DROPPED, reason="message gone")
        except RetryAfter as error:
            return Outcome(letter, OutcomeKind.REFUSED, pause=pause_of(error))
        except Forbidden:
            return Outcome(letter, OutcomeKind.UNREACHABLE, reason="unreachable")
        except BadRequest as error:
            return self._refused(letter, error)
        except InvalidToken as error:
            return self._unauthorised(letter, error)
        except TelegramError as error:
            return self._failed(letter, error)
        except Unavailable as error:  # the database is away: the letter waits for it
            return Outcome(letter, OutcomeKind.AGAIN, reason=named(error), pause=1.0, counted=False)
        except Exception as error:
            return self._unsent(letter, error)

    def _unsent(self, letter: Letter, error: Exception) -> Outcome:
        """A bug, or a file for which the disk has no room: that is made again later."""
        if is_full(error):
            log.error("No room on the disk for a file that is to be sent", extra=_about(letter))
            return Outcome(letter, OutcomeKind.NO_ROOM, pause=NO_ROOM_SECONDS, counted=False)
        log.error("A letter cannot be sent", extra=_about(letter), exc_info=error)
        return Outcome(letter, OutcomeKind.FAILED, reason=f"bug: {type(error).__name__}")

    def _later(self, letter: Letter, error: Later) -> Outcome:
        if isinstance(error, Partly):
            return Outcome(letter, OutcomeKind.PARTLY)
        if error.asked and self._tried(letter) >= OFTEN:
            return Outcome(letter, OutcomeKind.FAILED, reason=f"{REFUSED}its file")
        return Outcome(letter, OutcomeKind.LATER, pause=error.pause, counted=error.asked)

    def _refused(self, letter: Letter, error: BadRequest) -> Outcome:
        if "chat not found" in error.message.lower() or "user is deactivated" in error.message.lower():
            return Outcome(letter, OutcomeKind.UNREACHABLE, reason="unreachable")
        reason = QUOTED.sub('"…"', error.message)[:REASON_CHARS]
        log.error("Telegram refused a letter", extra={**_about(letter), "reason": reason})
        return Outcome(letter, OutcomeKind.FAILED, reason=f"{REFUSED}{reason}")

    def _unauthorised(self, letter: Letter, error: InvalidToken) -> Outcome:
        """A method the server does not know concerns this letter alone."""
        if is_unknown_method(error):
            return Outcome(letter, OutcomeKind.FAILED, reason=f"{REFUSED}unknown method")
        return Outcome(letter, OutcomeKind.STOP)

    def _failed(self, letter: Letter, error: TelegramError) -> Outcome:
        """No answer, or 5xx. A letter that was certainly not sent is sent again; one that may have been sent, as its
        class says: a task may appear twice, but its worker must see it. An edit may be made twice, as long as its chat
        waits for it: later it might undo what its message shows by then."""
        sent_perhaps, unanswered = not isinstance(error, NotSent), isinstance(error, OutcomeUnknown | TimedOut)
        tried = self._tried(letter)
        often = letter.klass == "push" and unanswered and tried >= OFTEN
        is_new = letter.edits is None and letter.live_message is None
        once = letter.klass == "nudge" and (is_new or tried + 1 >= IN_TURN)
        if sent_perhaps and (once or often):
            return Outcome(letter, OutcomeKind.DROPPED, reason=UNKNOWN)
        pause = min(LONGEST, 1.0 * 2 ** min(tried, 5))
        return Outcome(letter, OutcomeKind.AGAIN, reason=type(error).__name__, pause=pause, counted=sent_perhaps)


def _about(letter: Letter) -> dict[str, Any]:
    screen = "a board" if is_of_board(letter.screen) else letter.screen
    return {"letter": letter.id, "screen": screen, "lane": letter.lane.name.lower(), "class": letter.klass}
