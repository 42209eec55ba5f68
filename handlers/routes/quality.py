"""Check questions and their challenges, restrictions, skill."""

from handlers.payloads.quality import (
    AnswerGold,
    AppealRestriction,
    ChooseGold,
    ConfirmGold,
    Contest,
    DecideRestriction,
    DoneGold,
    JudgeGold,
    ListContestable,
    MakeGold,
    ShowAudit,
    ShowQuality,
    ShowSkill,
    SkipGold,
    StopGold,
    SuggestGold,
    UndoGold,
)
from handlers.routing import ADMIN, REQUESTER, WORKER, Route
from services.quality import contestable, gold_challenges, gold_wizard, restrictions, skill_report

ROUTES = (
    Route(
        MakeGold,
        REQUESTER,
        gold_wizard.begin,
        command="gold",
        usage="N",
        means="answer some tasks yourself: they check the work",
    ),
    Route(AnswerGold, REQUESTER, gold_wizard.answer),
    Route(ChooseGold, REQUESTER, gold_wizard.choose),
    Route(UndoGold, REQUESTER, gold_wizard.undo),
    Route(DoneGold, REQUESTER, gold_wizard.done),
    Route(SkipGold, REQUESTER, gold_wizard.skip),
    Route(SuggestGold, REQUESTER, gold_wizard.suggest),
    Route(ConfirmGold, REQUESTER, gold_wizard.confirm),
    Route(StopGold, REQUESTER, gold_wizard.stop),
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
        ShowAudit,
        ADMIN,
        restrictions.audit,
        command="audit",
        usage="PERSON",
        means="what speaks against somebody, and why",
    ),
    Route(ShowSkill, WORKER, skill_report.skill, command="why", word="skill"),
    Route(ShowQuality, REQUESTER, skill_report.show_picture, beside=skill_report.picture),
)
