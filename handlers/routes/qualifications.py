"""Block lists and qualifications."""

from handlers.payloads.qualifications import (
    AnswerTest,
    AskHolders,
    AskQualification,
    AskToBlock,
    DeclineQualification,
    DeleteQualification,
    MakeQualification,
    ShowBlocked,
    ShowQualification,
    ShowQualifications,
    Unblock,
)
from handlers.routing import REQUESTER, WORKER, Route
from services.people import blocks
from services.people.qualifications import authoring, offers, testing

ROUTES = (
    Route(AskToBlock, REQUESTER, blocks.ask),
    Route(ShowBlocked, REQUESTER, blocks.listed),
    Route(Unblock, REQUESTER, blocks.unblock),
    Route(ShowQualifications, REQUESTER, authoring.listed),
    Route(MakeQualification, REQUESTER, authoring.ask),
    Route(ShowQualification, REQUESTER, authoring.show),
    Route(AskHolders, REQUESTER, authoring.ask_holders),
    Route(DeleteQualification, REQUESTER, authoring.delete),
    Route(AskQualification, WORKER, offers.accept),
    Route(AnswerTest, WORKER, testing.press),
    Route(DeclineQualification, WORKER, offers.decline),
)
