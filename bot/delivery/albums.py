"""Pictures that stand above a message: they go out in turns before it, together where Telegram takes them. Documents
that make one message."""

import asyncio
import logging
import re
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import replace
from typing import Any

from telegram.error import BadRequest, InvalidToken

from bot.clock import Clock
from bot.delivery.attachments import (
    AFTERWARDS,
    ELSEWHERE,
    NO_VOICE,
    Attachment,
    Attachments,
    Files,
    Later,
    Partly,
    is_address,
    opened,
)
from bot.delivery.sent_files import SentFiles
from bot.transport import BotApi, is_unknown_method
from domain.projects.media import AUDIO, BROUGHT, DOCUMENT, PHOTO, VIDEO, VOICE
from handlers.screens.screen import Picture
from jobs.made_files import MadeFile
from storage.boxes.letters import Letter
from storage.database import Database

REMEMBERED = 10_000  # letters under way
BEFORE = -1  # among the places of an album: the first words above it; the next ones are -2, -3 …
NUMBERED = re.compile(r"message #(\d+)")  # which one of an album Telegram does not take

METHODS = {PHOTO: "sendPhoto", VIDEO: "sendVideo", AUDIO: "sendAudio", VOICE: "sendVoice", DOCUMENT: "sendDocument"}
GROUPS = {PHOTO: "seen", VIDEO: "seen", AUDIO: AUDIO, DOCUMENT: DOCUMENT}

Charge = Callable[[int, int], float]
"""A call to this chat brings so many messages more than one; seconds to wait before it."""
Values = dict[str, Any]
Source = tuple[str, str]  # a picture's address or id, and its kind

log = logging.getLogger(__name__)


class Albums:
    """`sent`: of each letter under way the pictures that are there. After a restart they may come once more."""

    def __init__(
        self, api: BotApi, database: Database, attachments: Attachments, files: SentFiles, clock: Clock, charge: Charge
    ) -> None:
        self.api, self.database, self.attachments, self.clock, self.charge = api, database, attachments, clock, charge
        self.files = files
        self.sent: dict[int, set[int]] = {}
        self.apart = False  # each by itself: the server knows no albums

    async def bring(self, letter: Letter, album: Sequence[Picture], values: Values) -> None:
        """Returns when nothing is left to bring; raises Partly after each turn: the chat rests before the next."""
        there, album = self.sent.setdefault(letter.id, set()), [self._taken(letter, each) for each in album]
        left = [at for at in range(len(album)) if at not in there]
        goes = [at for at in left if not self.attachments.is_unfetched(album[at].photo)]
        whole = [at for at in goes if not _is_sent_file(album[at])]
        alone = [at for at in left if at not in whole and not is_address(album[at].photo)]
        turn = _turn(album, whole)[: 1 if self.apart else len(whole)]
        if turn:
            await self._together(letter, [album[at] for at in turn], values)
        elif alone:
            await self._alone(album[alone[0]], values)
        else:
            return
        there.update(turn or alone[:1])
        raise Partly

    async def say_before(self, letter: Letter, messages: Sequence[Values], values: Values) -> None:
        """Send the next message of words that stand above the letter's own, in a turn of its own: raise Partly after
        it. Return where all of them are there."""
        there = self.sent.setdefault(letter.id, set())
        for at, words in enumerate(messages):
            if BEFORE - at not in there:
                await self.api("sendMessage", **values, **words)
                there.add(BEFORE - at)
                raise Partly

    async def documents(
        self, letter: Letter, made: Sequence[MadeFile], words: Values, values: Values
    ) -> list[dict[str, Any]]:
        """Two files or more, `words` below the last. Raises Partly where they go in turns."""
        if self.apart:
            return [await self._next_document(letter, made, words, values)]
        await asyncio.sleep(self.charge(letter.chat or 0, len(made) - 1))
        media = [{"type": "document", "media": f"attach://file{at}"} for at in range(len(made))]
        files = {f"file{at}": (each.name, each.path, each.mime) for at, each in enumerate(made)}
        with ExitStack() as stack:
            last = [*media[:-1], {**media[-1], **words}]
            return await self._album(opened(files, stack), {**values, "media": last})

    async def _next_document(
        self, letter: Letter, made: Sequence[MadeFile], words: Values, values: Values
    ) -> dict[str, Any]:
        there = self.sent.setdefault(letter.id, set())
        at = min(len(there), len(made) - 1)
        message = await self._document(made[at], words if at + 1 == len(made) else {}, values)
        there.add(at)
        if at + 1 < len(made):
            raise Partly
        self.forget(letter)
        return message

    async def _document(self, made: MadeFile, words: Values, values: Values) -> dict[str, Any]:
        with ExitStack() as stack:
            files = opened({"file": (made.name, made.path, made.mime)}, stack)
            return dict(await self.api("sendDocument", files, **values, document="attach://file", **words))

    async def _album(self, files: Files, values: Values) -> list[dict[str, Any]]:
        """Raises Later where the server has no such method: from then on each comes by itself."""
        try:
            return list(await self.api("sendMediaGroup", files, **values))
        except InvalidToken as error:
            if not is_unknown_method(error):
                raise
        self.apart = True
        log.warning("The server knows no albums")
        raise Later(AFTERWARDS, asked=True)

    def forget(self, letter: Letter) -> None:
        """Its message is there."""
        self.sent.pop(letter.id, None)
        while len(self.sent) > REMEMBERED:
            del self.sent[next(iter(self.sent))]

    def missing(self, album: Sequence[Picture]) -> list[Picture]:
        """Those whose address Telegram can't fetch: they are links in the message."""
        return [each for each in album if is_address(each.photo) and self.attachments.is_unfetched(each.photo)]

    async def _together(self, letter: Letter, pictures: list[Picture], values: Values) -> None:
        """One picture may stand there twice: it is brought once."""
        brought: dict[Source, Attachment] = {}
        try:
            for source in map(_source, pictures):
                if source not in brought:
                    brought[source] = await self.attachments.picture(*source)
            messages = await self._call(letter, pictures, [brought[_source(each)] for each in pictures], values)
        except BadRequest as error:
            await self._refused(letter, pictures, brought, error)
            raise
        finally:
            for attachment in brought.values():
                self.attachments.landed(attachment)
        for source, message in dict(zip(map(_source, pictures), messages, strict=False)).items():
            if upload := self.attachments.learn(brought[source], message):
                await self.attachments.keep(upload)

    async def _call(
        self, letter: Letter, pictures: list[Picture], attachments: list[Attachment], values: Values
    ) -> list[dict[str, Any]]:
        files = {name: file for attachment in attachments for name, file in attachment.files.items()}
        if len(pictures) == 1:
            kind = pictures[0].kind
            named = {kind: attachments[0].named, **captioned(pictures[0])}
            return [await self.api(METHODS[kind], files, **values, **named)]
        await asyncio.sleep(self.charge(letter.chat or 0, len(pictures) - 1))
        media = [
            {"type": picture.kind, "media": attachment.named, **captioned(picture)}
            for attachment, picture in zip(attachments, pictures, strict=True)
        ]
        return await self._album(files, {**values, "media": media})

    def _taken(self, letter: Letter, picture: Picture) -> Picture:
        """As its reader takes it."""
        is_refused = picture.kind == VOICE and letter.chat in self.files.without_voice
        return replace(picture, kind=DOCUMENT) if is_refused else picture

    async def _refused(
        self, letter: Letter, pictures: list[Picture], brought: dict[Source, Attachment], error: BadRequest
    ) -> None:
        """The one it is about goes another way, or all where Telegram does not say which."""
        words = error.message.lower()
        if NO_VOICE in words:
            self.files.refuse_voice(letter)
        if any(sign in words for sign in ELSEWHERE):
            return
        found = NUMBERED.search(words)
        blamed = [_source(pictures[int(found[1]) - 1])] if found and 0 < int(found[1]) <= len(pictures) else brought
        for source in blamed:
            with suppress(Later):
                await self.attachments.refused(brought[source], words)
                self.attachments.set_aside(source[0])
        raise Later(AFTERWARDS, asked=True) from None

    async def _alone(self, picture: Picture, values: Values) -> None:
        """A picture that was sent as a file is no photo; one whose id Telegram no longer knows is left out."""
        try:
            await self.files.send(picture.photo, {**values, **captioned(picture)})
        except BadRequest as error:
            log.warning("A picture is left out", extra={"reason": error.message[:60]})


def _turn(album: Sequence[Picture], whole: Sequence[int]) -> list[int]:
    """The next ones that Telegram takes in one message: pictures and videos, or documents, or sounds; a voice message
    comes alone."""
    if not whole:
        return []
    group = GROUPS.get(album[whole[0]].kind)
    return [at for at in whole if GROUPS.get(album[at].kind) == group] if group else [whole[0]]


def _is_sent_file(picture: Picture) -> bool:
    """Whether it is a document by its id: such come from people, not from a ZIP or an address."""
    return picture.kind == DOCUMENT and not is_address(picture.photo) and not picture.photo.startswith(BROUGHT)


def _source(picture: Picture) -> Source:
    return picture.photo, picture.kind


def captioned(picture: Picture) -> Values:
    return {"caption": picture.caption, "parse_mode": "HTML"} if picture.caption else {}
