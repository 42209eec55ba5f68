"""Ratings of requesters: each step, the figures, the reply; and the longest allowed."""

from domain.fairness.ratings import (
    MAX_REPLY_CHARS,
    MarkWanted,
    RateableRequester,
    RatingAsked,
    RatingKept,
    ReplyDropped,
    ReplyShown,
    ReplyToSend,
    ReplyWanted,
    RequestersToRate,
)
from domain.messages import Message
from domain.projects.projects import ProjectId
from formats.captions.caption import MAX_CHARS

SEVEN, HUGE = ProjectId(7), ProjectId(10**12)
TITLE, WORDS = "Is the review <positive> & kind?", "We pay <more> now & answer on the same day."

MESSAGES: list[Message] = [
    *(MarkWanted(SEVEN, "Anna & Co", (4, 2, 5)[:given]) for given in range(4)),
    RatingKept(SEVEN, "Anna & Co", (4, 2, 5, 1)),
    RatingAsked(SEVEN, "Anna & Co", TITLE),
    RequestersToRate(()),
    RequestersToRate((RateableRequester(SEVEN, "Anna & Co", False), RateableRequester(SEVEN, "Ben", True))),
    ReplyWanted(),
    ReplyToSend(WORDS),
    ReplyShown(WORDS),
    ReplyDropped(),
]
LONGEST: list[Message] = [
    RatingAsked(HUGE, "&" * 64, "é&" * (MAX_CHARS["title"] // 2)),
    RequestersToRate((RateableRequester(HUGE, "&" * 64, True),) * 20),
    ReplyToSend("&" * MAX_REPLY_CHARS),
]
