"""Sends the pictures that stand above a message, in turns before it and together where Telegram takes them together;
and several documents as one message."""

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
    NO_VOICE,
    RETRY_SECONDS,
    UNRELATED_ERRORS,
    Attachment,
    Attachments,
    Files,
    Later,
    Partly,
    SentFiles,
    is_address,
    open_files,
)
from bot.transport.requests import BotApi, is_unknown_method
from domain.projects.tasks import AUDIO, BROUGHT, DOCUMENT, PHOTO, VIDEO, VOICE
from handlers.screen import Picture
from jobs.figures import MadeFile
from storage.boxes.outbox import Letter
from storage.database import Database

MAX_LETTERS_REMEMBERED = 10_000  # letters under way
LEADING_TEXT_PLACE = -1  # among the places of an album: the first words above it; the next ones are -2, -3 …
REFUSED_PLACE = re.compile(r"message #(\d+)")  # which one of an album Telegram does not take

SEND_METHODS = {
    PHOTO: "sendPhoto",
    VIDEO: "sendVideo",
    AUDIO: "sendAudio",
    VOICE: "sendVoice",
    DOCUMENT: "sendDocument",
}
ALBUM_GROUPS = {PHOTO: "seen", VIDEO: "seen", AUDIO: AUDIO, DOCUMENT: DOCUMENT}

Charge = Callable[[int, int], float]
"""A call to this chat brings so many messages more than one; seconds to wait before it."""
Values = dict[str, Any]
Source = tuple[str, str]  # a picture's address or id, and its kind

log = logging.getLogger(__name__)


class Albums:
    """Albums of letters. `sent` holds, for each letter under way, the places of its pictures that were sent; after a
    restart these may be sent once more. `apart`: the server knows no albums, each picture is sent by itself."""

    def __init__(
        self, api: BotApi, database: Database, attachments: Attachments, files: SentFiles, clock: Clock, charge: Charge
    ) -> None:
        self.api, self.database, self.attachments, self.clock, self.charge = api, database, attachments, clock, charge
        self.files = files
        self.sent: dict[int, set[int]] = {}
        self.apart = False  # each by itself: the server knows no albums

    async def send_pictures(self, letter: Letter, album: Sequence[Picture], values: Values) -> None:
        """Send the next pictures of a letter. Return when none is left; raise Partly after each turn, since the chat
        rests before the next."""
        sent_places, album = (
            self.sent.setdefault(letter.id, set()),
            [self._as_accepted(letter, picture) for picture in album],
        )
        open_places = [place for place in range(len(album)) if place not in sent_places]
        sendable = [place for place in open_places if not self.attachments.is_unfetched(album[place].photo)]
        groupable = [place for place in sendable if not _is_sent_file(album[place])]
        single = [place for place in open_places if place not in groupable and not is_address(album[place].photo)]
        turn = _next_turn(album, groupable)[: 1 if self.apart else len(groupable)]
        if turn:
            await self._send_together(letter, [album[place] for place in turn], values)
        elif single:
            await self._send_alone(album[single[0]], values)
        else:
            return
        sent_places.update(turn or single[:1])
        raise Partly

    async def send_leading_texts(self, letter: Letter, messages: Sequence[Values], values: Values) -> None:
        """Send the next text that stands above the letter's own, in a turn of its own: raise Partly after it. Return
        when all of them were sent."""
        sent_places = self.sent.setdefault(letter.id, set())
        for place, text_values in enumerate(messages):
            if LEADING_TEXT_PLACE - place not in sent_places:
                await self.api("sendMessage", **values, **text_values)
                sent_places.add(LEADING_TEXT_PLACE - place)
                raise Partly

    async def send_documents(
        self, letter: Letter, made_files: Sequence[MadeFile], words: Values, values: Values
    ) -> list[dict[str, Any]]:
        """Send two files or more as one message, with `words` below the last, and return its messages. Raise Partly
        where they go one a turn."""
        if self.apart:
            return [await self._send_next_document(letter, made_files, words, values)]
        await asyncio.sleep(self.charge(letter.chat or 0, len(made_files) - 1))
        media = [{"type": "document", "media": f"attach://file{place}"} for place in range(len(made_files))]
        files = {
            f"file{place}": (made_file.name, made_file.path, made_file.mime)
            for place, made_file in enumerate(made_files)
        }
        with ExitStack() as stack:
            media_values = [*media[:-1], {**media[-1], **words}]
            return await self._send_media_group(open_files(files, stack), {**values, "media": media_values})

    async def _send_next_document(
        self, letter: Letter, made_files: Sequence[MadeFile], words: Values, values: Values
    ) -> dict[str, Any]:
        """Send the letter's next document. Raise Partly unless it was the last, which is returned."""
        sent_places = self.sent.setdefault(letter.id, set())
        place = min(len(sent_places), len(made_files) - 1)
        message = await self._send_document(made_files[place], words if place + 1 == len(made_files) else {}, values)
        sent_places.add(place)
        if place + 1 < len(made_files):
            raise Partly
        self.forget(letter)
        return message

    async def _send_document(self, made_file: MadeFile, words: Values, values: Values) -> dict[str, Any]:
        with ExitStack() as stack:
            files = open_files({"file": (made_file.name, made_file.path, made_file.mime)}, stack)
            return dict(await self.api("sendDocument", files, **values, document="attach://file", **words))

    async def _send_media_group(self, files: Files, values: Values) -> list[dict[str, Any]]:
        """Send a media group. Raise Later if the server has no such method: from then on each picture is sent by
        itself."""
        try:
            return list(await self.api("sendMediaGroup", files, **values))
        except InvalidToken as error:
            if not is_unknown_method(error):
                raise
        self.apart = True
        log.warning("The server knows no albums")
        raise Later(RETRY_SECONDS, was_called=True)

    def forget(self, letter: Letter) -> None:
        """Forget the letter's sent places, because its message was sent."""
        self.sent.pop(letter.id, None)
        while len(self.sent) > MAX_LETTERS_REMEMBERED:
            del self.sent[next(iter(self.sent))]

    def unfetchable_pictures(self, album: Sequence[Picture]) -> list[Picture]:
        """Return the pictures whose address Telegram can't fetch: the message shows them as links."""
        return [
            picture for picture in album if is_address(picture.photo) and self.attachments.is_unfetched(picture.photo)
        ]

    async def _send_together(self, letter: Letter, pictures: list[Picture], values: Values) -> None:
        """Send pictures in one call; a picture that is there twice is uploaded once. Raise BadRequest or Later if
        Telegram refuses."""
        attachments: dict[Source, Attachment] = {}
        try:
            for source in map(_source_of, pictures):
                if source not in attachments:
                    attachments[source] = await self.attachments.attach_picture(*source)
            messages = await self._send_media(
                letter, pictures, [attachments[_source_of(picture)] for picture in pictures], values
            )
        except BadRequest as error:
            await self._handle_refusal(letter, pictures, attachments, error)
            raise
        finally:
            for attachment in attachments.values():
                self.attachments.end_upload(attachment)
        for source, message in dict(zip(map(_source_of, pictures), messages, strict=False)).items():
            if upload := self.attachments.note_upload(attachments[source], message):
                await self.attachments.store_upload(upload)

    async def _send_media(
        self, letter: Letter, pictures: list[Picture], attachments: list[Attachment], values: Values
    ) -> list[dict[str, Any]]:
        files = {name: file for attachment in attachments for name, file in attachment.files.items()}
        if len(pictures) == 1:
            kind = pictures[0].kind
            media_values = {kind: attachments[0].reference, **caption_values(pictures[0])}
            return [await self.api(SEND_METHODS[kind], files, **values, **media_values)]
        await asyncio.sleep(self.charge(letter.chat or 0, len(pictures) - 1))
        media = [
            {"type": picture.kind, "media": attachment.reference, **caption_values(picture)}
            for attachment, picture in zip(attachments, pictures, strict=True)
        ]
        return await self._send_media_group(files, {**values, "media": media})

    def _as_accepted(self, letter: Letter, picture: Picture) -> Picture:
        """The picture as its reader's chat accepts it: a voice message becomes a document where the chat takes none."""
        is_refused = picture.kind == VOICE and letter.chat in self.files.without_voice
        return replace(picture, kind=DOCUMENT) if is_refused else picture

    async def _handle_refusal(
        self, letter: Letter, pictures: list[Picture], attachments: dict[Source, Attachment], error: BadRequest
    ) -> None:
        """Raise Later if the picture that Telegram refuses can go another way, or all of them where it does not say
        which; return if the error is not about a picture."""
        words = error.message.lower()
        if NO_VOICE in words:
            self.files.refuse_voice(letter)
        if any(sign in words for sign in UNRELATED_ERRORS):
            return
        place_match = REFUSED_PLACE.search(words)
        blamed = (
            [_source_of(pictures[int(place_match[1]) - 1])]
            if place_match and 0 < int(place_match[1]) <= len(pictures)
            else attachments
        )
        for source in blamed:
            with suppress(Later):
                await self.attachments.handle_refusal(attachments[source], words)
                self.attachments.set_aside(source[0])
        raise Later(RETRY_SECONDS, was_called=True) from None

    async def _send_alone(self, picture: Picture, values: Values) -> None:
        """Send a picture that people sent as a file, as a document. One whose id Telegram no longer knows is left
        out."""
        try:
            await self.files.send_document(picture.photo, {**values, **caption_values(picture)})
        except BadRequest as error:
            log.warning("A picture is left out", extra={"reason": error.message[:60]})


def _next_turn(album: Sequence[Picture], groupable: Sequence[int]) -> list[int]:
    """The places that Telegram takes in one message next: pictures and videos, or documents, or sounds; a voice
    message alone."""
    if not groupable:
        return []
    group = ALBUM_GROUPS.get(album[groupable[0]].kind)
    return [place for place in groupable if ALBUM_GROUPS.get(album[place].kind) == group] if group else [groupable[0]]


def _is_sent_file(picture: Picture) -> bool:
    """Return whether the picture is a document given by its id: such come from people, not from a ZIP or an address."""
    return picture.kind == DOCUMENT and not is_address(picture.photo) and not picture.photo.startswith(BROUGHT)


def _source_of(picture: Picture) -> Source:
    return picture.photo, picture.kind


def caption_values(picture: Picture) -> Values:
    return {"caption": picture.caption, "parse_mode": "HTML"} if picture.caption else {}
