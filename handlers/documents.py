"""Files of tasks sent in the chat, passed to jobs/uploads; and the column of a sent file that a requester chooses."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, TypeVar, cast

from telegram import Bot, ChatMemberUpdated, Document, Message
from telegram.constants import ChatMemberStatus
from telegram.error import RetryAfter, TelegramError

from domain.extensions import load_parts
from domain.handing_in import Wants
from domain.people.accounts import ADMIN, EVERYBODY, REQUESTER, Person
from domain.people.bots import split_file_id
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
EXTENSION_CAPTIONS = dict(chain(*(part.CAPTIONS.items() for part in load_parts("files"))))  # their receivers
FOR_ADMINS = (
    *(bank_files.DEPOSIT_CAPTION, bank_files.WISE_CAPTION, bank_files.REPORT_CAPTION),
    *EXTENSION_CAPTIONS,
)
FOR_REQUESTERS = ("/newproject", "/add", bonus.BONUS_CAPTION)
MAX_UPDATES_LOOKED_AT = 20  # updates behind a file that are looked through for /cancel
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
        return replace(_to_sent_file(self.context, reference, name, size, message, caption=""), edited=edited)

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


def get_role_for(message: Message) -> str:
    """Return the role that the command in a file's caption needs; everybody's without a command."""
    command = intake.split_caption(message.caption or "")[0]
    return ADMIN if command in FOR_ADMINS else REQUESTER if command in FOR_REQUESTERS else EVERYBODY


async def receive_document(message: Message, context: Context) -> None:
    """Pass a document to the job that its caption or content is for."""
    door, file = ChatDoor(context), _to_sent_file_of(message, context)
    if await bank_files.is_bank_document(door, file):
        await bank_files.receive_statement(ChatDoor(context, own=True), file)
    elif file.command in EXTENSION_CAPTIONS:
        await EXTENSION_CAPTIONS[file.command](ChatDoor(context, own=True), file)
    elif file.command == bonus.BONUS_CAPTION:
        await bonus.receive_bonuses(door, file)
    else:
        await intake.receive_file(door, file)


async def receive_edited_caption(message: Message, context: Context) -> None:
    """Read a draft anew after the caption of its file was edited."""
    await intake.redraft_from_caption(ChatDoor(context), replace(_to_sent_file_of(message, context), edited=True))


async def follow(route: Route, job: Job, payload: Payload, context: Context) -> None:
    """Check a request by its route's service, then run the route's job, which takes long, answers, and ends the
    request."""
    door = ChatDoor(context)
    await context.toast()
    await job(door, await context.look(lambda unit, person: route.run(context.act(unit, person), payload)))


def _to_sent_file_of(message: Message, context: Context) -> SentFile:
    document, caption = cast(Document, message.document), message.caption or ""
    name, size = document.file_name or "file", document.file_size or 0
    return _to_sent_file(
        context, reference=document.file_id, name=name, size=size, message=message.message_id, caption=caption
    )


def _to_sent_file(context: Context, reference: str, name: str, size: int, message: int, caption: str) -> SentFile:
    fetch, dropped = partial(download, context.bot, reference), partial(_is_dropped, context.arrived)
    return SentFile(
        name, size, caption, reference, message, number=context.arrived.update_id, fetch=fetch, is_dropped=dropped
    )


async def download(bot: Bot, reference: str, place: BinaryIO) -> None:
    """Download a file, with a few tries. Raise BadInput if it is too large or cannot be had, and RetryAfter, which the
    caller handles."""
    for pause in (*PAUSES, 0):
        try:
            await (await bot.get_file(split_file_id(reference)[1])).download_to_memory(place)
            return
        except RetryAfter:
            raise
        except TelegramError as error:
            if TOO_BIG in error.message.lower():
                raise BadInput(what="file_size", value="") from None
            await asyncio.sleep(pause)
    raise BadInput(what="file_kept_back", value="")


def _is_dropped(arrived: Arrived, unit: UnitOfWork) -> bool:
    """Return whether the file's sender has sent `/cancel` since."""
    return any(map(_cancels, unit.inbox.find_later(arrived.sender.id, arrived.update_id, MAX_UPDATES_LOOKED_AT)))


def _cancels(received: ReceivedUpdate) -> bool:
    message = received.payload.get("message")
    text = message.get("text") if isinstance(message, dict) else None
    return isinstance(text, str) and text.split("@")[0].strip().lower() == "/cancel"


MAX_FILE_BYTES = 20 << 20  # bytes that Telegram gives a bot
IN_MEMORY = 1 << 20
MAX_CHECK_SECONDS = 20.0  # seconds, with those before its turn: what takes longer counts as it is
MIN_CHECKED_PIXELS = 1_000  # pixels of the longer side of the size that is looked at
AT_ONCE = asyncio.Semaphore(2)


async def check_file(message: Message, answer: tasks.SendAnswer, context: Context) -> tasks.SendAnswer:
    """Return the answer with the flaws found in its file. A file that is too large, cannot be had or takes too long
    stays unchecked."""
    file = _get_file_to_check(message)
    if file is None or (file.file_size or 0) > MAX_FILE_BYTES:
        return answer
    checks = await context.look(lambda unit, person: inputs.find_file_checks(unit, person, Wants(answer.what)))
    return answer if checks is None else await _check_downloaded(file, answer, checks, context)


async def _check_downloaded(
    file: Any, answer: tasks.SendAnswer, checks: FileChecks, context: Context
) -> tasks.SendAnswer:
    progress.leave_place_if_free()  # or not: it is not long then
    with suppress(TelegramError, TimeoutError), SpooledTemporaryFile(IN_MEMORY) as place:
        async with asyncio.timeout(MAX_CHECK_SECONDS), AT_ONCE:
            telegram_file = await context.bot.get_file(split_file_id(file.file_id)[1])
            await telegram_file.download_to_memory(cast(BinaryIO, place))
            place.seek(0)
            return await asyncio.to_thread(_add_findings, answer, cast(BinaryIO, place), checks)
    return answer


def _add_findings(answer: tasks.SendAnswer, file: BinaryIO, checks: FileChecks) -> tasks.SendAnswer:
    fields = {"what": answer.what, "handed_in": answer.handed_in, "album": answer.album}
    if answer.what == Wants.VOICE:
        return tasks.SendAnswer(**fields, flaws=" ".join(archive.check_voice(file, checks)))
    findings = archive.check_picture(file, checks)
    return tasks.SendAnswer(**fields, flaws=" ".join(findings.flaws), mark=findings.print) if findings else answer


def _get_file_to_check(message: Message) -> Any:
    """Return the smallest size of a photo that shows enough, or the document or voice message; None for others."""
    if message.photo:
        return next(
            (size for size in message.photo if max(size.width, size.height) >= MIN_CHECKED_PIXELS), message.photo[-1]
        )
    return message.document or message.voice


async def note_membership(change: ChatMemberUpdated, context: Context) -> None:
    """Note that a person has blocked the bot, or lets it write again; do nothing for a person of whom no row exists."""
    is_member = change.new_chat_member.status not in (ChatMemberStatus.BANNED, ChatMemberStatus.LEFT)
    service = onboarding.note_bot_unblocked if is_member else onboarding.note_bot_blocked
    await context.end(lambda unit, sender: service(unit, sender.id))
