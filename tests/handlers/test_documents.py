"""Files that Telegram keeps back."""

from collections.abc import AsyncIterator
from io import BytesIO

import pytest
from telegram import Bot
from telegram.error import RetryAfter

from bot.profile import build_bot
from domain.refusals import BadInput
from handlers import documents
from simulator.limits import Limits
from simulator.running import Telegram, serve


@pytest.fixture
async def telegram() -> AsyncIterator[Telegram]:
    async with serve(limits=Limits.off()) as running:
        yield running


@pytest.fixture
async def bot(telegram: Telegram, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bot]:
    monkeypatch.setattr(documents, "PAUSES", (0.0, 0.0, 0.0))
    async with build_bot(telegram.token, telegram.url) as bot:
        yield bot


async def fetched(telegram: Telegram, bot: Bot) -> bytes:
    ann = await telegram.phone("Ann")
    sent = await ann.upload(b"text\na\n", "a.csv")
    place = BytesIO()
    await documents.download(bot, sent["document"]["file_id"], place)
    return place.getvalue()


async def test_a_file_that_fails_three_times_is_there_at_the_fourth(telegram: Telegram, bot: Bot):
    telegram.faults.add("refuse", "getFile", code=502, count=3)
    assert await fetched(telegram, bot) == b"text\na\n"


@pytest.mark.parametrize(
    ("code", "words", "told"),
    [
        (400, "Bad Request: file is too big", "file_size"),
        (400, "Bad Request: wrong file_id or the file is temporarily unavailable", "file_kept_back"),
        (404, "Not Found", "file_kept_back"),
        (502, "Bad Gateway", "file_kept_back"),
    ],
)
async def test_the_sender_of_a_file_that_cannot_be_had_is_told(
    telegram: Telegram, bot: Bot, code: int, words: str, told: str
):
    telegram.faults.add("refuse", "getFile", code=code, description=words)
    with pytest.raises(BadInput) as refused:
        await fetched(telegram, bot)
    assert refused.value.what == told


async def test_a_pause_that_telegram_asks_for_is_its_callers(telegram: Telegram, bot: Bot):
    telegram.faults.add("refuse", "getFile", code=429, retry_after=7)
    with pytest.raises(RetryAfter):
        await fetched(telegram, bot)
