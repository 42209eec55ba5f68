"""What people wrote is quiet in the group that shows the boards: a post, an answer, an admin's reason, a title."""

import re
from dataclasses import replace

import pytest

from domain.fairness.board import (
    ContestShown,
    ContestState,
    PetitionShown,
    PostId,
    PostShown,
    PostState,
)
from domain.fairness.board_mirror import BoardMirrored, BoardTopic
from domain.messages import Message
from domain.moments import Moment
from handlers.screen import render
from storage.drivers.records import pack, unpack
from tests.handlers.screens.board_samples import PETITIONS, POST

LOUD = "Ask @somebody, ask/@other é@third: /start #tag https://evil.example t.me/evil me@mail.example"
# As Telegram finds them: @name, /command, #tag, scheme://, domain.tld
LIVE = re.compile(r"@\w|(?<!\w)[/#][^\W\d]|://|\w\.[^\W\d]")
DAY = Moment(1_800_000_000_000)


def hidden(reason: str) -> PostShown:
    contest = ContestShown(ContestState.UPHELD, DAY, reason, None)
    return replace(POST, body="", state=PostState.HIDDEN, rule=2, contest=contest)


def answered(answer: str) -> PetitionShown:
    return replace(PETITIONS[0], answer=answer, answered_on=DAY)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(
    "message",
    [
        BoardTopic("@somebody t.me/evil /start"),
        BoardMirrored(replace(POST, id=PostId(12), body=LOUD), 0, "a" * 64),
        BoardMirrored(replace(POST, petition=answered(LOUD)), 0, "a" * 64),
        BoardMirrored(hidden(LOUD), 3, "a" * 64),
    ],
)
def test_nobody_is_called_from_the_group(message: Message, language: str) -> None:
    text = str(render(message.stored_as, unpack(pack(message)), language).text)
    assert "evil" in text
    own = re.sub(r"</?\w[^>]*>|/board\b|#\d+ ·", "", text)  # tags, our command, and the number of the post
    assert LIVE.findall(own) == []
