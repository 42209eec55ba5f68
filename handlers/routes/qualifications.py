"""Block lists and qualifications."""

from handlers.payloads.qualifications import (
    AnswerTest,
    AskQualification,
    AskToBlock,
    DeclineQualification,
    ShowBlocked,
    Unblock,
)
from handlers.routing import REQUESTER, WORKER, Route
from services.people import blocks
from services.people.qualifications import offers, testing

ROUTES = (
    Route(AskToBlock, REQUESTER, blocks.ask),
    Route(ShowBlocked, REQUESTER, blocks.listed),
    Route(Unblock, REQUESTER, blocks.unblock),
    Route(AskQualification, WORKER, offers.accept),
    Route(AnswerTest, WORKER, testing.press),
    Route(DeclineQualification, WORKER, offers.decline),
)
