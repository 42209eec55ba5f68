"""The people of the benchmark read the task they answer."""

import json
from dataclasses import dataclass, field
from urllib.parse import urlencode

from benchmarks.pipeline.standin import StandIn

OPTIONS = [{"text": "positive", "callback_data": "a:31:0"}, {"text": "negative", "callback_data": "a:31:1"}]
BUTTONS = {"inline_keyboard": [OPTIONS]}
BELOW = "✓ positive · €0.05 · <i>review 12</i>\n<b>Is the review positive?</b>\n<blockquote>review 13</blockquote>"


@dataclass
class Reader:
    tasks: list[tuple[int, ...]] = field(default_factory=list)

    def task(self, *shown: int) -> None:
        self.tasks.append(shown)

    def spinner(self, query: int) -> None:
        raise AssertionError


def test_an_edited_message_shows_the_task_below_what_it_says_of_the_answer_before() -> None:
    standin, reader, replies = StandIn(), Reader(), list[bytes]()
    standin.watcher = reader
    sent = {"chat_id": 2_000, "text": BELOW, "reply_markup": json.dumps(BUTTONS)}
    standin.answer("sendMessage", urlencode(sent).encode(), replies.append)
    standin.answer("editMessageText", urlencode({**sent, "message_id": 7}).encode(), replies.append)
    assert reader.tasks == [(2_000, 1, 31, 13), (2_000, 7, 31, 13)]
    assert [json.loads(reply)["result"]["message_id"] for reply in replies] == [1, 7]
    standin.answer("editMessageText", urlencode({**sent, "message_id": 7, "reply_markup": ""}).encode(), replies.append)
    assert len(reader.tasks) == 2  # an edit that tidies shows no task


def test_an_album_is_answered_by_its_messages() -> None:
    standin, replies = StandIn(), list[bytes]()
    standin.answer("sendMediaGroup", b"chat_id=2000", replies.append)
    assert [each["message_id"] for each in json.loads(replies[0])["result"]] == [1]
