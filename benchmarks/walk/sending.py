"""What phones send: words, presses, files, places, and updates that nobody expects."""

import io
from contextlib import suppress
from random import Random

from PIL import Image, ImageDraw

from benchmarks.walk import projects, words
from benchmarks.walk.bot import WalkedBot
from benchmarks.walk.cast import Walker
from simulator.errors import RefusedCall
from simulator.media.files import UploadedFile
from simulator.phones import ImpossibleAct
from simulator.values import Json
from tests.statements import Came, statement

PAYER_IBAN = "FR7630006000011234567890189"

ODD: tuple[Json, ...] = (
    *({"sticker": {"file_id": "x"}}, {"dice": {"value": 3}}, {"poll": {}}, {"text": "/start"}, {"text": "\0zor"}),
    *({"photo": []}, {"voice": {}}, {"document": {}}, {"location": {"latitude": "x"}}, {"pinned_message": {}}, {}),
    *({"venue": {}}, {"text": ""}, {"caption": "/newproject", "video": {"file_id": "x", "duration": 1}}),
)


class Sending:
    """Acts of one person's phone; what a phone does not allow is told, too."""

    def __init__(self, bot: WalkedBot, dice: Random) -> None:
        self.bot, self.dice, self.phones = bot, dice, bot.phones

    async def say(self, walker: Walker, text: str, reply_to: int | None = None) -> str:
        text = text.strip() or "."
        walker.typed = f"{walker.typed[-20_000:]}\n{text}"
        try:
            self.phones.say(walker.id, text, reply_to)
        except ImpossibleAct as error:
            return f"cannot: {error.reason}"
        return text if len(text) < 200 else f"{text[:200]}… ({len(text)})"

    async def press(self, walker: Walker, message: int, data: str) -> None:
        with suppress(ImpossibleAct):
            self.phones.press(walker.id, message, data, raw=True)

    async def document(self, walker: Walker, content: bytes, name: str, caption: str = "") -> str:
        return self._upload(walker, UploadedFile(content, name), "document", caption)

    def _upload(self, walker: Walker, upload: UploadedFile, kind: str, caption: str = "") -> str:
        walker.typed = f"{walker.typed[-20_000:]}\n{caption}"
        try:
            self.phones.upload(walker.id, upload, kind, caption)
        except (ImpossibleAct, RefusedCall) as error:
            return f"cannot: {error}"
        return f"{kind} {upload.name} {caption!r}"

    async def thing(self, walker: Walker, chance: int | None = None) -> str:
        """A photo (0), a voice message (4), a place (6), or any of these, a picture as a file, a contact."""
        chance = self.dice.randrange(9) if chance is None else chance
        if chance < 3:
            caption = words.sentence(self.dice) if self.dice.random() < 0.3 else ""
            return self._upload(walker, UploadedFile(picture(self.dice), "zor.png", "image/png"), "photo", caption)
        if chance == 3:
            return self._upload(walker, UploadedFile(picture(self.dice), "zor.png", "image/png"), "document")
        if chance < 6:
            return self._upload(walker, UploadedFile(self.dice.randbytes(300), "zor.ogg", "audio/ogg"), "voice")
        with suppress(ImpossibleAct):
            if chance < 8:
                place = self.dice.choice(((48.85, 2.29), (0.0, 0.0), (-90.0, 180.0), (12.5, -70.1)))
                self.phones.locate(walker.id, *place)
                return f"place {place}"
            self.phones.contact(walker.id, {})
            return "contact"
        return "nothing"

    async def file(self, walker: Walker, number: str, codes: list[str]) -> str:
        chance = self.dice.randrange(6)
        if chance == 0:
            return await self.document(walker, *projects.tasks(self.dice), f"/add {number}")
        if chance == 1:
            return await self.document(walker, projects.bonuses(self.dice, ["1", "2", "W-zor", "3"]), "b.csv", "/bonus")
        if chance == 2:
            return await self.document(walker, self._statement(codes), "statement.xml")
        if chance == 3:
            return await self.document(walker, *projects.tasks(self.dice))
        made = projects.project(self.dice)
        return await self.document(
            walker, *(made if chance == 4 else (made[0], made[1], words.text(self.dice, walker)[:1000]))
        )

    def _statement(self, codes: list[str]) -> bytes:
        known = [each for each in codes if each.startswith("RF")] or ["RF00POUCE1"]
        came = [Came(f"Z-{self.dice.randrange(10**6)}", "25.00", self.dice.choice(known)) for _ in range(2)]
        return statement(came, iban=PAYER_IBAN)

    async def edit(self, walker: Walker) -> str:
        """The caption of a file they sent, or the words of any message."""
        own = [each for each in self.bot.world.chats[walker.id].messages.values() if each.out]
        if not own:
            return "nothing"
        shown = self.dice.choice(own[-10:])
        if {"document", "photo"} & shown.body.keys():
            caption = projects.project(self.dice)[2]
            with suppress(ImpossibleAct):
                self.phones.recaption(walker.id, shown.id, caption)
            return f"caption of {shown.id}: {caption!r}"
        body = {**shown.body, "text": words.sentence(self.dice), "edit_date": self.bot.world.now()}
        self.bot.world.updates.store("edited_message", walker.id, body)
        return f"words of {shown.id}"

    async def presence(self, walker: Walker) -> str:
        """Blocks the bot, or comes back."""
        person = self.phones.person(walker.id)
        self.phones.block(walker.id, not person.blocked)
        return "is back" if person.blocked else "blocks the bot"

    async def odd(self, walker: Walker) -> str:
        """Updates of other kinds, in other chats, with fields that are missing."""
        person, world = self.phones.person(walker.id), self.bot.world
        chat = world.chat_info(world.chats[walker.id])
        head = {
            "message_id": 10**6 + self.dice.randrange(10**6),
            "date": world.now(),
            "from": person.user(),
            "chat": chat,
        }
        content = self.dice.choice(ODD)
        if self.dice.random() < 0.2:
            head["chat"] = {"id": -7, "type": "group", "title": "zor"}
        world.updates.store("message", walker.id, {**head, **content})
        return str(content)


def picture(dice: Random) -> bytes:
    """A picture of many colours, or one that seems blank."""
    image = Image.new("RGB", (96, 96), tuple(dice.randrange(256) for _ in range(3)))
    if dice.random() < 0.8:
        draw = ImageDraw.Draw(image)
        for _ in range(60):
            x, y = dice.randrange(96), dice.randrange(96)
            draw.rectangle((x, y, x + 9, y + 9), tuple(dice.randrange(256) for _ in range(3)))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
