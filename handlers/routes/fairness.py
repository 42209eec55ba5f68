"""Review, rejections and appeals."""

from handlers.payloads.fairness import (
    AcceptAnswer,
    AcceptRest,
    AppealRejection,
    AppealWords,
    CiteLine,
    DecidePause,
    Judge,
    RejectAnswer,
    RuleAppeal,
    ShowFigures,
    ShowReview,
)
from handlers.routing import ADMIN, EVERYBODY, REQUESTER, WORKER, Route
from services.fairness import appeals, pleas, review, stats
from services.projects import rejection_pause

ROUTES = (
    Route(
        ShowReview,
        REQUESTER,
        review.show,
        command="review",
        usage="N",
        means="accept or reject answers, one after another",
    ),
    Route(AcceptAnswer, REQUESTER, review.accept),
    Route(AcceptRest, REQUESTER, review.accept_rest),
    Route(RejectAnswer, REQUESTER, review.choose_line),
    Route(CiteLine, REQUESTER, review.ask_reason),
    Route(DecidePause, ADMIN, rejection_pause.decide),
    Route(AppealRejection, WORKER, appeals.appeal),
    Route(AppealWords, WORKER, pleas.words),
    Route(Judge, WORKER, appeals.judge),
    Route(RuleAppeal, ADMIN, appeals.rule),
    Route(
        ShowFigures,
        EVERYBODY,
        stats.show,
        command="stats",
        means="what is held, who is here, what people earn",
        beside=stats.work_out,
    ),
)
