"""What must hold after every step, and every so many steps."""

import logging
import re
from dataclasses import dataclass, field

from benchmarks.walk.bot import Sent, WalkedBot
from benchmarks.walk.cast import ADMIN, Walker
from bot.delivery.attempts import OutcomeKind
from domain.moments import DAY, MINUTE, Moment
from locales.presets import list_presets
from simulator.values import Json
from storage import invariants
from storage.unit import UnitOfWork

ENGLISH = re.compile(
    r"(?<![\w/“«:@])(the|your|you|and|is|are|this|that|with|was|has|have|not|from|what|who|nobody|yet|tasks?|answers?)(?!\w|[’:_]|\.\w)"
)
FRENCH = re.compile(
    r"(?<![\w/])(vous|votre|vos|est|sont|pour|avec|tâches?|réponses?|projet|les|une|pas|aucune?)(?![\w’])"
)
SAID = {
    line.strip()
    for language in ("en", "fr")
    for each in list_presets(language)
    for value in each.values.values()
    for line in value.splitlines()
    if len(line) > 3
}  # what a requester's preset says is theirs
CUT = 12  # letters of a preset's line that are left where it is shortened
PRESETS = re.compile(
    "|".join(f"{re.escape(line)}|{re.escape(line[:CUT])}[^\n]*…" for line in sorted(SAID, key=len, reverse=True))
)
FOREIGN = {"fr": ENGLISH, "en": FRENCH}
EXPECTED = (  # (method, code, words) of refusals that a bot must live with
    ("", 403, "bot was blocked"),
    ("", 403, "can't initiate"),
    ("deleteMessage", 400, "message to delete not found"),
    ("", 400, "message is not modified"),
    ("answerCallbackQuery", 400, "query is too old"),
    ("getFile", 400, "wrong file_id"),
    ("editMessageText", 400, "there is no text in the message to edit"),  # a picture: its caption is edited then
    ("", 400, "failed to get HTTP URL content"),  # a requester's address that leads nowhere
    ("", 400, "can't use file of type Document as Photo"),  # sent as a file: it goes as one again, or is brought anew
    ("", 400, "message to edit not found"),  # a forged button's
)
ACCEPTED = ("An update has an unknown structure",)  # an odd one
BY_CONSENT = ("🗳", "✉️")  # candidates, and who gives their name to another
UNASKED = 20  # messages that ring within a day, while their reader does nothing
QUOTED = re.compile(r"[«“]([^»”\n]*)[»”]")
OVERDUE = """
SELECT id, deadline FROM assignments WHERE state = 'active' AND deadline < :before"""


@dataclass(frozen=True, slots=True)
class Fault:
    """`kind` groups what is the same fault."""

    kind: str
    told: str


class Errors(logging.Handler):
    """What the bot logs as an error."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.found: list[Fault] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.getMessage() in ACCEPTED:
            return
        error = record.exc_info[1] if record.exc_info else None
        more = {
            name: value for name, value in record.__dict__.items() if name in ("reason", "screen", "outcome", "sweep")
        }
        where = _place(error)
        kind = f"{record.levelname.lower()}: {record.getMessage()} {type(error).__name__ if error else ''} {where}"
        trace = logging.Formatter().formatException(record.exc_info) if error and record.exc_info else ""
        self.found.append(Fault(kind.strip(), f"{more} {trace}"))


def _place(error: BaseException | None) -> str:
    trace, last = error.__traceback__ if error else None, ""
    while trace is not None:
        last = f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_frame.f_code.co_name}"
        trace = trace.tb_next
    return last


@dataclass
class Checks:
    bot: WalkedBot
    walkers: dict[int, Walker]
    errors: Errors
    unasked: dict[int, list[Moment]] = field(default_factory=dict)
    asked: dict[int, Moment] = field(default_factory=dict)
    languages: dict[int, str] = field(default_factory=dict)
    reads: dict[int, set[str]] = field(default_factory=dict)

    def after_step(self, events: list[Json], languages: dict[int, str]) -> list[Fault]:
        """`languages`: by Telegram id, as people have chosen. What was on its way may be in either."""
        self.reads = {each: {languages.get(each, ""), self.languages.get(each, "")} for each in self.walkers}
        self.languages = languages
        found = [*self.errors.found]
        self.errors.found.clear()
        for event in events:
            found += self._event(event)
        for sent in self.bot.sent:
            found += self._letter(sent)
        self.bot.sent.clear()
        found += self._refusals()
        return found

    def acted(self, person: int) -> None:
        self.asked[person] = self.bot.now
        self.unasked.pop(person, None)

    def unanswered(self) -> list[Fault]:
        """Presses that Telegram still shows as under way."""
        world = self.bot.world
        left = [press for press in world.queries.open.values() if not world.people[press.person].gone]
        world.queries.open.clear()
        return [Fault("a press without an answer", str(press)) for press in left]

    def _event(self, event: Json) -> list[Fault]:
        walker = self.walkers.get(event.get("person") or 0)
        if walker is None:
            return []
        if event["type"] == "callback_answer":
            self.acted(walker.id)  # a press
            return self._words(walker, event["text"], "toast")
        message = event.get("message") or {}
        if event["type"] not in ("message", "edit") or message.get("out"):
            return []
        for button in buttons_of(message):
            if (
                "callback_data" in button
                and (message["message_id"], button["callback_data"]) not in walker.shown[-300:]
            ):
                walker.shown.append((message["message_id"], button["callback_data"]))
        return self._words(walker, words_of(message), "message")

    def _words(self, walker: Walker, text: str, what: str) -> list[Fault]:
        found = []
        language = next(iter(self.reads[walker.id])) if len(self.reads[walker.id]) == 1 else ""
        text = QUOTED.sub(lambda found: "" if found[1].strip() in walker.typed else found[0], PRESETS.sub("", text))
        match = FOREIGN[language].search(text) if language in FOREIGN else None
        if match:
            around = text[max(0, match.start() - 40) : match.end() + 40]
            told = f"{around!r} in {text!r}"
            found.append(Fault(f"{language}: foreign words in a {what}: {_line(text, match.start())}", told))
        for other in self.walkers.values():
            if other is not walker and walker.role != ADMIN and not text.startswith(BY_CONSENT):
                found += [
                    Fault(f"a {what} names somebody else", f"{secret!r} of {other.id} shown to {walker.id}: {text!r}")
                    for secret in other.secrets
                    if secret in text and not self._typed_by_others(secret, other)
                ]
        return found

    def _typed_by_others(self, secret: str, owner: Walker) -> bool:
        """Words that people type go to whom they write."""
        return any(secret in each.typed for each in self.walkers.values() if each is not owner)

    def _letter(self, sent: Sent) -> list[Fault]:
        name = sent.letter.screen.partition("@")[0]
        found = []
        if sent.verdict in (OutcomeKind.FAILED, OutcomeKind.AGAIN, OutcomeKind.STOP):
            found.append(Fault(f"letter {sent.verdict.value}: {name}", f"{sent.reason} {sent.letter}"))
        if "ErrorNoticed" in name and sent.verdict is OutcomeKind.SENT:
            found.append(Fault("an error was shown", str(sent.letter)))
        if sent.verdict is OutcomeKind.SENT:
            found += self._unasked(sent)
        return found

    def _unasked(self, sent: Sent) -> list[Fault]:
        letter, now = sent.letter, self.bot.now
        walker = self.walkers.get(letter.chat or 0)
        is_new = letter.edits is None and letter.live_message is None and not letter.quiet
        if walker is None or not is_new or now - self.asked.get(walker.id, now) < MINUTE:
            return []
        lately = [now, *(each for each in self.unasked.get(walker.id, ()) if now - each < DAY)]
        self.unasked[walker.id] = lately
        if len(lately) != UNASKED:
            return []
        kind = f"{UNASKED} unasked messages in a day: {walker.role}"
        return [Fault(kind, f"{walker.id}: the last is {letter.screen}")]

    def _refusals(self) -> list[Fault]:
        refused = [each for each in self.bot.transport.refused if not _is_expected(*each[:3])]
        self.bot.transport.refused.clear()
        return [Fault(f"Telegram refuses {name}: {words}", f"{code} {params}") for name, code, words, params in refused]

    async def now_and_then(self) -> list[Fault]:
        return await self.bot.database.transact(self._rows, self.bot.now)

    def _rows(self, unit: UnitOfWork) -> list[Fault]:
        found = [Fault(f"verify: {each.name}", str(each)) for each in invariants.find_violations(unit)]
        late = unit.connection.all(OVERDUE, before=self.bot.now - 5 * MINUTE)
        return [*found, *(Fault("a task in hand beyond its time", str(row)) for row in late)]


def words_of(message: Json) -> str:
    keys = [each["text"] for each in buttons_of(message)]
    return "\n".join([message.get("text") or message.get("caption") or "", *keys])


def buttons_of(message: Json) -> list[Json]:
    return [each for row in message.get("reply_markup", {}).get("inline_keyboard", []) for each in row]


def _line(text: str, at: int) -> str:
    """With its numbers left out."""
    start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
    return re.sub(r"[\d.,]+", "#", text[start : end if end > 0 else None])[:70]


def _is_expected(method: str, code: int, words: str) -> bool:
    return any(code == c and (not m or m == method) and w in words for m, c, w in EXPECTED)
