"""Files of tasks sent in the chat, passed to jobs/uploads; and the column of a sent file that a requester chooses."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from tempfile import SpooledTemporaryFile
from typing import (
    Any,
    BinaryIO,
    TypeVar,
    cast,
)

from telegram import (
    Bot,
    ChatMemberUpdated,
    Document,
    Message,
)
from telegram.constants import ChatMemberStatus
from telegram.error import RetryAfter, TelegramError

from domain.handing_in import Wants
from domain.people.accounts import (
    ADMIN,
    EVERYBODY,
    REQUESTER,
    Person,
)
from domain.people.teams import Right
from domain.projects.projects import ProjectId
from domain.refusals import BadInput
from domain.work.file_checks import FileChecks
from formats.media import archive
from handlers.arrival import Arrived
from handlers.context import Context
from handlers.payload import Payload
from handlers.routing import Job, Route, tell
from handlers.work import tasks
from jobs import bank_files, bonus
from jobs.uploads import intake, progress
from jobs.uploads.progress import SentFile
from services.act import Act, House
from services.people import onboarding, team_spending
from services.work import inputs
from storage.boxes.inbox import ReceivedUpdate
from storage.unit import UnitOfWork

PAUSES = (1.0, 3.0, 9.0)  # seconds before Telegram is asked again for a file
TOO_BIG = "file is too big"  # Telegram's words
FOR_ADMINS = (bank_files.DEPOSIT_CAPTION, bank_files.WISE_CAPTION, bank_files.RATES_CAPTION)
FOR_REQUESTERS = ("/newproject", "/add", bonus.BONUS_CAPTION)
LOOKED = 20  # updates behind a file that are looked through for /cancel
T = TypeVar("T")


@dataclass(slots=True)
class ChatDoor:
    """A chat's request, lent to a job. `account` is who it acts for, once that is known; `project`: for its owner;
    `own`: always for the sender."""

    context: Context
    own: bool = False
    account: Person | None = None
    project: ProjectId | None = None
    asks = True

    @property
    def person(self) -> Person:
        return self.account or self.context.person

    @property
    def chat(self) -> Person:
        return self.context.person

    async def stand_for(self, project: ProjectId) -> None:
        self.project = project

    @property
    def house(self) -> House:
        return self.context.house

    def file(self, reference: str, name: str, size: int, message: int, edited: bool = False) -> SentFile:
        return replace(_file(self.context, reference, name, size, message, caption=""), edited=edited)

    async def ask(self, question: Callable[[Act], T]) -> T:
        return await self.context.look(lambda unit, person: question(self._act(unit, person)))

    async def finish(self, service: Callable[[Act], object]) -> None:
        await self.context.transact(lambda unit, person: tell(self._act(unit, person), service))

    def _act(self, unit: UnitOfWork, person: Person) -> Act:
        act = self.context.act(unit, person)
        if not self.own and self.project is not None:
            act = team_spending.act_for_project(act, self.project, Right.SPEND)
        elif not self.own:
            act = team_spending.act_for_chosen(act, Right.SPEND)
        self.account = act.person
        return act


def role_of(message: Message) -> str:
    """Whose files have this caption; of one without a command it is open."""
    command = intake.split_caption(message.caption or "")[0]
    return ADMIN if command in FOR_ADMINS else REQUESTER if command in FOR_REQUESTERS else EVERYBODY


async def sent(message: Message, context: Context) -> None:
    door, file = ChatDoor(context), _sent(message, context)
    if await bank_files.is_bank_document(door, file):
        await bank_files.receive_statement(ChatDoor(context, own=True), file)
    elif file.command == bank_files.RATES_CAPTION:
        await bank_files.receive_rates(ChatDoor(context, own=True), file)
    elif file.command == bonus.BONUS_CAPTION:
        await bonus.receive_bonuses(door, file)
    else:
        await intake.receive_file(door, file)


async def edited(message: Message, context: Context) -> None:
    """The caption of a file was edited."""
    await intake.redraft_from_caption(ChatDoor(context), replace(_sent(message, context), edited=True))


async def follow(route: Route, job: Job, asked: Payload, context: Context) -> None:
    """The service only checks; the job, which takes long, answers and ends the request."""
    door = ChatDoor(context)
    await context.toast()
    await job(door, await context.look(lambda unit, person: route.do(context.act(unit, person), asked)))


def _sent(message: Message, context: Context) -> SentFile:
    document, caption = cast(Document, message.document), message.caption or ""
    name, size = document.file_name or "file", document.file_size or 0
    return _file(context, reference=document.file_id, name=name, size=size, message=message.message_id, caption=caption)


def _file(context: Context, reference: str, name: str, size: int, message: int, caption: str) -> SentFile:
    fetch, dropped = partial(download, context.bot, reference), partial(_is_dropped, context.arrived)
    return SentFile(
        name, size, caption, reference, message, number=context.arrived.update_id, fetch=fetch, is_dropped=dropped
    )


async def download(bot: Bot, reference: str, place: BinaryIO) -> None:
    """Tries a few times; its sender waits. A 429 is the caller's."""
    for pause in (*PAUSES, 0):
        try:
            await (await bot.get_file(reference)).download_to_memory(place)
            return
        except RetryAfter:
            raise
        except TelegramError as error:
            if TOO_BIG in error.message.lower():
                raise BadInput(what="file_size", value="") from None
            await asyncio.sleep(pause)
    raise BadInput(what="file_kept_back", value="")


def _is_dropped(arrived: Arrived, unit: UnitOfWork) -> bool:
    """Whether its sender has sent `/cancel` since."""
    return any(map(_cancels, unit.inbox.find_later(arrived.sender.id, arrived.update_id, LOOKED)))


def _cancels(received: ReceivedUpdate) -> bool:
    message = received.payload.get("message")
    text = message.get("text") if isinstance(message, dict) else None
    return isinstance(text, str) and text.split("@")[0].strip().lower() == "/cancel"


LARGEST = 20 << 20  # bytes that Telegram gives a bot
IN_MEMORY = 1 << 20
PATIENCE = 20.0  # seconds, with those before its turn: what takes longer counts as it is
ENOUGH = 1_000  # pixels of the longer side of the size that is looked at
AT_ONCE = asyncio.Semaphore(2)


async def looked_at(message: Message, asked: tasks.SendAnswer, context: Context) -> tasks.SendAnswer:
    """With what was found. A file that cannot be had, or not be read, counts as it is."""
    file = _checked_file(message)
    if file is None or (file.file_size or 0) > LARGEST:
        return asked
    checks = await context.look(lambda unit, person: inputs.find_file_checks(unit, person, Wants(asked.what)))
    return asked if checks is None else await _looked(file, asked, checks, context)


async def _looked(file: Any, asked: tasks.SendAnswer, checks: FileChecks, context: Context) -> tasks.SendAnswer:
    progress.leave_place_if_free()  # or not: it is not long then
    with suppress(TelegramError, TimeoutError), SpooledTemporaryFile(IN_MEMORY) as place:
        async with asyncio.timeout(PATIENCE), AT_ONCE:
            known = await context.bot.get_file(file.file_id)
            await known.download_to_memory(cast(BinaryIO, place))
            place.seek(0)
            return await asyncio.to_thread(_judged, asked, cast(BinaryIO, place), checks)
    return asked


def _judged(asked: tasks.SendAnswer, file: BinaryIO, checks: FileChecks) -> tasks.SendAnswer:
    about = {"what": asked.what, "handed_in": asked.handed_in, "album": asked.album}
    if asked.what == Wants.VOICE:
        return tasks.SendAnswer(**about, flaws=" ".join(archive.check_voice(file, checks)))
    seen = archive.check_picture(file, checks)
    return tasks.SendAnswer(**about, flaws=" ".join(seen.flaws), mark=seen.print) if seen else asked


def _checked_file(message: Message) -> Any:
    """Of a photo the smallest size that shows enough."""
    if message.photo:
        return next((size for size in message.photo if max(size.width, size.height) >= ENOUGH), message.photo[-1])
    return message.document or message.voice


async def changed(change: ChatMemberUpdated, context: Context) -> None:
    """Of whom nothing is kept, such as a person who was forgotten, nothing is kept now either."""
    here = change.new_chat_member.status not in (ChatMemberStatus.BANNED, ChatMemberStatus.LEFT)
    heard = onboarding.note_bot_unblocked if here else onboarding.note_bot_blocked
    await context.end(lambda unit, sender: heard(unit, sender.id))
