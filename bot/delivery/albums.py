"""Pictures that stand above a message: they go out in turns before it, together where Telegram takes them."""

import asyncio
import logging
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from telegram.error import BadRequest

from bot.clock import Clock
from bot.delivery.attachments import AFTERWARDS, ELSEWHERE, Later, Parcel, Parcels, Partly, is_address
from bot.transport import BotApi
from handlers.screens.screen import Picture
from storage.boxes.outbox import Letter
from storage.database import Database

REMEMBERED = 10_000  # letters under way
NUMBERED = re.compile(r"message #(\d+)")  # which one of an album Telegram does not take

Charge = Callable[[int, int], float]
"""A call to this chat brings so many messages more than one; seconds to wait before it."""
Values = dict[str, Any]

log = logging.getLogger(__name__)


class Albums:
    """`sent`: of each letter under way the pictures that are there. After a restart they may come once more."""

    def __init__(self, api: BotApi, database: Database, parcels: Parcels, clock: Clock, charge: Charge) -> None:
        self.api, self.database, self.parcels, self.clock, self.charge = api, database, parcels, clock, charge
        self.sent: dict[int, set[int]] = {}

    async def bring(self, letter: Letter, album: Sequence[Picture], values: Values) -> None:
        """Returns when nothing is left to bring; raises Partly after each turn: the chat rests before the next."""
        there = self.sent.setdefault(letter.id, set())
        left = [at for at in range(len(album)) if at not in there]
        together = [at for at in left if not self.parcels.is_unfetched(album[at].photo)]
        alone = [at for at in left if at not in together and not is_address(album[at].photo)]
        if together:
            await self._together(letter, [album[at] for at in together], values)
        elif alone:
            await self._alone(album[alone[0]], values)
        else:
            return
        there.update(together or alone[:1])
        raise Partly

    def forget(self, letter: Letter) -> None:
        """Its message is there."""
        self.sent.pop(letter.id, None)
        while len(self.sent) > REMEMBERED:
            del self.sent[next(iter(self.sent))]

    def missing(self, album: Sequence[Picture]) -> list[Picture]:
        """Those whose address Telegram can't fetch: they are links in the message."""
        return [each for each in album if is_address(each.photo) and self.parcels.is_unfetched(each.photo)]

    async def _together(self, letter: Letter, pictures: list[Picture], values: Values) -> None:
        parcels: list[Parcel] = []
        try:
            for picture in pictures:
                parcels.append(await self.parcels.picture(picture.photo))
            messages = await self._call(letter, pictures, parcels, values)
        except BadRequest as error:
            await self._refused(parcels, error)
            raise
        finally:
            for parcel in parcels:
                self.parcels.landed(parcel)
        for parcel, message in zip(parcels, messages, strict=False):
            if upload := self.parcels.learn(parcel, message):
                await self.parcels.keep(upload)

    async def _call(
        self, letter: Letter, pictures: list[Picture], parcels: list[Parcel], values: Values
    ) -> list[dict[str, Any]]:
        if len(pictures) == 1:
            named = {"photo": parcels[0].named, **captioned(pictures[0])}
            return [await self.api("sendPhoto", **values, **named)]
        await asyncio.sleep(self.charge(letter.chat or 0, len(pictures) - 1))
        media = [
            {"type": "photo", "media": parcel.named, **captioned(picture)}
            for parcel, picture in zip(parcels, pictures, strict=True)
        ]
        return list(await self.api("sendMediaGroup", **values, media=media))

    async def _refused(self, parcels: list[Parcel], error: BadRequest) -> None:
        """The one it is about goes another way, or all where Telegram does not say which."""
        words = error.message.lower()
        if any(sign in words for sign in ELSEWHERE):
            return
        found = NUMBERED.search(words)
        blamed = [parcels[int(found[1]) - 1]] if found and 0 < int(found[1]) <= len(parcels) else parcels
        for parcel in blamed:
            with suppress(Later):
                await self.parcels.refused(parcel, words)
                self.parcels.set_aside(parcel.named)
        raise Later(AFTERWARDS, asked=True) from None

    async def _alone(self, picture: Picture, values: Values) -> None:
        """What somebody had sent as a file is no photo; what Telegram does not know any more is left out."""
        try:
            await self.api("sendDocument", document=picture.photo, **values, **captioned(picture))
        except BadRequest as error:
            log.warning("A picture is left out", extra={"reason": error.message[:60]})


def captioned(picture: Picture) -> Values:
    return {"caption": picture.caption, "parse_mode": "HTML"} if picture.caption else {}
