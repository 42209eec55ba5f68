"""The boards' mirror against the local Telegram: what each refusal leads to, and that nothing is left out."""

from typing import Any

import pytest
from telegram.error import TelegramError

from bot.delivery.board_mirror import BoardMirror
from bot.delivery.rate_limit import SendRate
from bot.transport.requests import BotApi
from domain.fairness.board import HOUSE
from domain.moments import DAY, later
from handlers.fairness.board import TakePostBack
from handlers.fairness.board_mirror import MirrorAgain, OpenMirror
from services.fairness import board_mirror
from simulator.running import Telegram
from storage.database import Database
from tests.acts import press
from tests.services.fairness.test_board import ADMINS, NOW, Floor


class Scene:
    """A group, the board of a day that is over, and the part of the bot between them."""

    def __init__(self, floor: Floor, database: Database, api: BotApi, telegram: Telegram, group: int) -> None:
        self.floor, self.telegram, self.database, self.group = floor, telegram, database, group
        self.mirror = BoardMirror(api, database, lambda: floor.now, SendRate(per_second=0, rest=0), ADMINS)

    async def rule(self, **change: object) -> None:
        await self.telegram.switchboard.post(f"/sim/groups/{self.group}", change)

    async def work(self) -> None:
        while await self.mirror._take_step():
            pass

    def again(self) -> None:
        self.floor.on(self.floor.house.requester, lambda act: press(act, MirrorAgain()))

    def texts(self) -> list[str]:
        """Posts in the group, a line each, in their order."""
        shown = [str(each.content) for each in self.telegram.world.chats[self.group].messages.values() if each.content]
        return [text.splitlines()[1] for text in shown if text.startswith("#")]

    async def state(self) -> str:
        told = await self.database.look(board_mirror.get_status, self.floor.now)
        return told.trouble or told.state.value


@pytest.fixture
async def scene(sqlite_url: str, database: Database, api: BotApi, telegram: Telegram) -> Scene:
    stan = await telegram.phone("Stan")
    told = {"title": "Team", "members": [stan.id], "forum": True, "username": "our_team"}
    group = await telegram.switchboard.post("/sim/groups", told)
    floor = Floor(sqlite_url, NOW)
    floor.on(floor.house.requester, lambda act: press(act, OpenMirror(word="mirror", place="@our_team")))
    return Scene(floor, database, api, telegram, int(group["id"]))


async def written(scene: Scene) -> tuple[int, str]:
    """A post, and its day is over."""
    await scene.work()
    pen = scene.floor.pen(0, HOUSE)
    post = scene.floor.post(0, HOUSE, pen, "Too low").post.id
    scene.floor.now = later(scene.floor.now, DAY)
    scene.floor.sweep()
    return post, pen


@pytest.mark.parametrize(
    ("change", "trouble"),
    [
        ({"gone": "bot was kicked from the supergroup chat"}, "kicked"),
        ({"gone": "bot is not a member of the supergroup chat"}, "kicked"),
        ({"may_write": False}, "rights"),
        ({"may_manage_topics": False, "close": "topic"}, "rights"),
    ],
)
async def test_what_is_refused_waits_until_an_admin_has_named_the_group_again(
    scene: Scene, change: dict[str, Any], trouble: str
):
    await written(scene)
    topic = next(iter(scene.telegram.world.chats[scene.group].topics))
    await scene.rule(**{name: topic if value == "topic" else value for name, value in change.items()})
    await scene.work()
    assert (await scene.state(), scene.texts()) == (trouble, [])
    await scene.rule(gone="", may_write=True, may_manage_topics=True)
    await scene.work()
    assert scene.texts() == []  # nothing is tried by itself
    scene.again()
    await scene.work()
    assert (await scene.state(), scene.texts()) == ("on", ["Too low"])


async def test_missing_rights_show_when_the_group_is_named(scene: Scene):
    await scene.rule(may_manage_topics=False)
    await scene.work()
    assert await scene.state() == "rights"
    for place, trouble in (("@nobody_here", "missing"), ("-1009999999999", "missing")):
        scene.floor.on(
            scene.floor.house.requester,
            lambda act, place=place: press(act, OpenMirror(word="mirror", place=place)),  # type: ignore[misc]
        )
        await scene.work()
        assert await scene.state() == trouble
    scene.telegram.world.chats[scene.group].forum = False
    scene.floor.on(
        scene.floor.house.requester, lambda act: press(act, OpenMirror(word="mirror", place="t.me/our_team"))
    )
    await scene.work()
    assert await scene.state() == "forum"


async def test_a_topic_that_was_deleted_is_made_anew(scene: Scene):
    await written(scene)
    (topic,) = scene.telegram.world.chats[scene.group].topics
    await scene.rule(delete=topic)
    await scene.work()
    assert scene.texts() == ["Too low"]
    assert list(scene.telegram.world.chats[scene.group].topics) != [topic]


async def test_a_call_without_an_answer_is_made_again(scene: Scene):
    await written(scene)
    scene.telegram.faults.add("cut_after", method="sendMessage", count=1)
    with pytest.raises(TelegramError):
        await scene.work()
    await scene.work()
    assert scene.texts() == ["Too low", "Too low"]


async def test_telegram_gets_the_pause_it_asks_for_over_a_restart(scene: Scene):
    await written(scene)
    scene.telegram.faults.add("refuse", method="sendMessage", code=429, retry_after=40, count=1)
    await scene.work()
    assert scene.texts() == []
    scene.mirror.pace = SendRate(per_second=0, rest=0)  # another process
    await scene.work()
    assert scene.texts() == []
    scene.floor.now = later(scene.floor.now, 41_000)
    await scene.work()
    assert scene.texts() == ["Too low"]


async def test_a_group_is_written_to_at_the_pace_of_groups(scene: Scene):
    await written(scene)
    scene.mirror.pace = SendRate(rest=0.1)
    await scene.work()
    assert scene.mirror.pace.free_at[scene.group] > scene.mirror.pace.clock() + 0.2  # three times a chat's rest


async def test_a_message_that_is_gone_or_refused_holds_nothing_up(scene: Scene):
    post, pen = await written(scene)
    await scene.work()
    there = scene.telegram.world.chats[scene.group].messages
    del there[max(there)]
    scene.floor.press(0, TakePostBack(post=post, sure=True, pen=pen))
    await scene.work()
    assert scene.floor.rows("SELECT state FROM board_mirrored") == [("lost",)]
    assert await scene.state() == "on"
