"""Block lists and qualifications."""

from domain.people.teams import Right
from handlers.payloads.qualifications import (
    AnswerScreening,
    AnswerTest,
    AskHolders,
    AskQualification,
    AskScreening,
    AskToBlock,
    DeclineQualification,
    DeleteQualification,
    MakeQualification,
    ShowBlocked,
    ShowQualification,
    ShowQualifications,
    ShowScreening,
    Unblock,
)
from handlers.routing import REQUESTER, WORKER, Route
from services.people import blocks
from services.people.qualifications import authoring, offers, screening, testing

ROUTES = (
    Route(AskToBlock, REQUESTER, blocks.ask),
    Route(ShowBlocked, REQUESTER, blocks.listed, right=Right.LOOK),
    Route(Unblock, REQUESTER, blocks.unblock),
    Route(ShowQualifications, REQUESTER, authoring.listed, right=Right.LOOK),
    Route(MakeQualification, REQUESTER, authoring.ask),
    Route(ShowQualification, REQUESTER, authoring.show, right=Right.LOOK),
    Route(AskHolders, REQUESTER, authoring.ask_holders),
    Route(DeleteQualification, REQUESTER, authoring.delete),
    Route(AskQualification, WORKER, offers.accept),
    Route(AnswerTest, WORKER, testing.press),
    Route(AnswerScreening, WORKER, screening.answer, stays=True),
    Route(AskScreening, WORKER, screening.ask_again, stays=True),
    Route(ShowScreening, WORKER, screening.listed, stays=True),
    Route(DeclineQualification, WORKER, offers.decline),
)
