"""Check questions and what they are contested by, restrictions, skill."""

from handlers.payloads.quality import (
    AppealRestriction,
    Audit,
    Contest,
    DecideRestriction,
    JudgeGold,
    ListContestable,
    ShowQuality,
    ShowSkill,
)
from handlers.routing import ADMIN, REQUESTER, WORKER, Route
from services.quality import contestable, gold_challenges, restrictions, skill_report

ROUTES = (
    Route(
        ListContestable,
        WORKER,
        contestable.listed,
        command="appeal",
        means="contest a rejection, a check question or a restriction",
    ),
    Route(Contest, WORKER, gold_challenges.contest),
    Route(JudgeGold, REQUESTER, gold_challenges.decide),
    Route(AppealRestriction, WORKER, restrictions.appeal),
    Route(DecideRestriction, ADMIN, restrictions.decide),
    Route(
        Audit,
        ADMIN,
        restrictions.audit,
        command="audit",
        usage="PERSON",
        means="what speaks against somebody, and why",
    ),
    Route(ShowSkill, WORKER, skill_report.skill),
    Route(ShowQuality, REQUESTER, skill_report.show_picture, beside=skill_report.picture),
)
