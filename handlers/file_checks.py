"""A look at a photo or a voice message before it is an answer, while its sender can mend it."""

import asyncio
from contextlib import suppress
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast

from telegram import Message
from telegram.error import TelegramError

from domain.answers import Wants
from domain.work.file_checks import FileChecks
from formats.media import picture_checks, voice_checks
from handlers.context import Context
from handlers.payloads.work import SendAnswer
from jobs.uploads import places
from services.work import inputs

LARGEST = 20 << 20  # bytes that Telegram gives a bot
IN_MEMORY = 1 << 20
PATIENCE = 20.0  # seconds, with those before its turn: what takes longer counts as it is
ENOUGH = 1_000  # pixels of the longer side of the size that is looked at
AT_ONCE = asyncio.Semaphore(2)


async def looked_at(message: Message, asked: SendAnswer, context: Context) -> SendAnswer:
    """With what was found. A file that cannot be had, or not be read, counts as it is."""
    file = _file(message)
    if file is None or (file.file_size or 0) > LARGEST:
        return asked
    checks = await context.look(lambda unit, person: inputs.checks_for(unit, person, Wants(asked.what)))
    return asked if checks is None else await _looked(file, asked, checks, context)


async def _looked(file: Any, asked: SendAnswer, checks: FileChecks, context: Context) -> SendAnswer:
    places.is_left()  # or not: it is not long then
    with suppress(TelegramError, TimeoutError), SpooledTemporaryFile(IN_MEMORY) as place:
        async with asyncio.timeout(PATIENCE), AT_ONCE:
            known = await context.bot.get_file(file.file_id)
            await known.download_to_memory(cast(BinaryIO, place))
            place.seek(0)
            return await asyncio.to_thread(_judged, asked, cast(BinaryIO, place), checks)
    return asked


def _judged(asked: SendAnswer, file: BinaryIO, checks: FileChecks) -> SendAnswer:
    about = {"what": asked.what, "handed_in": asked.handed_in, "album": asked.album}
    if asked.what == Wants.VOICE:
        return SendAnswer(**about, flaws=" ".join(voice_checks.look(file, checks)))
    seen = picture_checks.look(file, checks)
    return SendAnswer(**about, flaws=" ".join(seen.flaws), mark=seen.print) if seen else asked


def _file(message: Message) -> Any:
    """Of a photo the smallest size that shows enough."""
    if message.photo:
        return next((each for each in message.photo if max(each.width, each.height) >= ENOUGH), message.photo[-1])
    return message.document or message.voice
